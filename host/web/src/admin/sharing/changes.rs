//! What a plugin is told of changes under a contract: how far it is, and what it could not digest.

use dinh_model::{ContractId, RecordId};
use dinh_runtime::bindings::pages::Outcome;
use dinh_runtime::bindings::types::Value;
use dinh_runtime::bindings::views::{Block, ChoiceStyle, Choices, FieldKind, Format, Section, Tone};
use dinh_services::sharing::Contract;
use dinh_services::sharing::feed::{
    Following, ParkedRecord, Waits, drop_parked, following, parked, parked_contracts, retry_parked,
};

use super::contracts;
use crate::admin::blocks::{badge, deed, fact, facts, folded_form, section, text};
use crate::admin::desk::{Desk, Given, Inputs};
use crate::admin::fields::{Described, field, form, option, reason};
use crate::admin::table::Rows;

/// Parked records that the page shows; the command line shows all.
const SHOWN: usize = 100;

/// The sections; none when nobody is told of changes under it. `decides`: whether the reader may retry and drop.
pub fn sections(desk: &mut Desk<'_>, contract: &Contract, decides: bool) -> Given<Vec<Section>> {
    let Some(standing) = following(desk.call, contract.id)? else { return Ok(Vec::new()) };
    let found = parked(desk.call, contract.id, None, SHOWN)?;
    let mut blocks = vec![how_far(desk, &standing)];
    if !found.is_empty() {
        blocks.push(table(desk, &found, &standing, decides));
    }
    let title = desk.say("Báo thay đổi cho ứng dụng", "Changes that the plugin is told of");
    let mut sections = vec![section("changes", title, blocks)];
    if decides && !found.is_empty() {
        sections.push(dropping(desk, &found));
    }
    Ok(sections)
}

/// The contracts with records that the reader may retry or drop; none when there are none.
pub fn waiting(desk: &mut Desk<'_>) -> Given<Option<Section>> {
    let found = parked_contracts(desk.call)?;
    if found.is_empty() {
        return Ok(None);
    }
    let table = contracts::table(desk, "parked-contracts", &found, String::new()).within().block();
    let title = desk.say(
        "Thay đổi mà ứng dụng của đơn vị bạn không xử lý được",
        "Changes that a plugin of your unit could not digest",
    );
    Ok(Some(section("parked-waiting", title, vec![table])))
}

fn how_far(desk: &Desk<'_>, standing: &Following) -> Block {
    let (word, tone) = match (standing.stage, standing.waits) {
        (_, Some(why)) => (waits(desk, why), Tone::Warning),
        _ if standing.failures > 0 => {
            (desk.say("Đang thử lại sau lỗi", "Trying again after a failure"), Tone::Warning)
        }
        ("begin", None) => (desk.say("Sắp báo lần đầu", "About to begin"), Tone::Neutral),
        ("fill", None) => (desk.say("Đang báo dữ liệu hiện có", "Telling of what is there"), Tone::Neutral),
        ("end", None) => (desk.say("Sắp báo chấm dứt", "About to tell of the end"), Tone::Neutral),
        _ if standing.behind > 0 => (desk.say("Đang báo", "Telling"), Tone::Neutral),
        _ => (desk.say("Đã báo đủ", "Up to date"), Tone::Good),
    };
    let behind = i64::try_from(standing.behind).unwrap_or(i64::MAX);
    let mut shown = vec![
        badge(desk.say("Tình trạng", "Standing"), word, tone),
        fact(desk.say("Lần ghi chưa báo", "Changes not told yet"), Value::Integer(behind)),
    ];
    if let Some(why) = &standing.failure {
        let words = format!("{} ({})", failure(desk, why), standing.failures);
        shown.push(fact(desk.say("Lỗi gần nhất (số lần)", "Last failure (times)"), text(words)));
    }
    facts(shown)
}

fn waits(desk: &Desk<'_>, why: Waits) -> String {
    match why {
        Waits::NoConsumer => desk.say("Chờ: ứng dụng không nạp được", "Waits: the plugin cannot be loaded"),
        Waits::Coming => {
            desk.say("Chờ đến ngày thoả thuận có hiệu lực", "Waits for the contract's first day")
        }
        Waits::Earlier => {
            desk.say("Chờ ứng dụng nhận báo chấm dứt thoả thuận trước", "Waits for the end of the earlier contract")
        }
        Waits::Quota => {
            desk.say("Đã hết hạn mức bản ghi của hôm nay", "The rows of today are used up")
        }
        Waits::Failing => desk.say(
            "Dừng: nhiều bản ghi liên tiếp không xử lý được; hãy báo lại một bản ghi, hoặc cài bản ứng dụng mới",
            "Stopped: record after record failed; retry one, or install another version",
        ),
        Waits::Host => desk.say("Chờ: lỗi của máy chủ, xem nhật ký máy chủ", "Waits: the host failed, see its log"),
        Waits::NoProvider => {
            desk.say("Chờ: ứng dụng cung cấp không nạp được", "Waits: the provider cannot be loaded")
        }
        Waits::Out => desk.say("Chờ: ứng dụng đang tạm ngừng", "Waits: the plugin is out of service"),
        Waits::NoRight => desk.say(
            "Chờ: ứng dụng chưa có quyền mà thoả thuận đòi hỏi",
            "Waits: the plugin itself lacks the contract's permission",
        ),
    }
}

/// Why a record could not be digested, in words.
fn failure(desk: &Desk<'_>, why: &str) -> String {
    match why {
        "trapped" => desk.say("Ứng dụng dừng đột ngột", "The plugin broke off"),
        "failed" => desk.say("Ứng dụng báo lỗi", "The plugin failed"),
        "refused" => desk.say("Ứng dụng làm điều bị từ chối", "The plugin did what is refused"),
        "hops" => desk.say("Chuỗi ứng dụng báo qua lại quá dài", "Plugins answer each other without end"),
        limit => format!("{}: {limit}", desk.say("Vượt giới hạn", "Reached a limit")),
    }
}

fn table(desk: &Desk<'_>, found: &[ParkedRecord], standing: &Following, decides: bool) -> Block {
    let mut rows = Rows::new("parked", found, String::new())
        .caption(desk.say("Bản ghi tạm gác", "Parked records"))
        .code("record", desk.say("Bản ghi", "Record"), |it| it.record.to_string())
        .text("why", desk.say("Lý do", "Why"), |it| failure(desk, &it.parked.failure))
        .moment("since", desk.say("Từ lúc", "Since"), |it| {
            dinh_model::time::from_microseconds(it.parked.at).unwrap_or_default()
        })
        .number("writes", desk.say("Lần ghi đang chờ", "Writes that wait"), Format::Integer, |it| {
            u64::from(it.parked.writes)
        })
        .within();
    if standing.parked > found.len() {
        rows = rows.note(desk.say(
            "Đây là 100 bản ghi đầu; lệnh `dinh share parked` liệt kê tất cả.",
            "These are the first 100; `dinh share parked` lists all.",
        ));
    }
    if decides {
        let confirm = desk.say("Báo lại các bản ghi đã chọn?", "Tell of the selected records again?");
        let retry = deed(desk.say("Báo lại", "Tell again"), "retry-parked", confirm);
        rows = rows.bulk(|it| it.record.to_string(), vec![retry]);
    }
    rows.block()
}

fn dropping(desk: &Desk<'_>, found: &[ParkedRecord]) -> Section {
    let choices = found.iter().map(|it| option(it.record.to_string(), it.record.to_string())).collect();
    let kind = FieldKind::Choice(Choices { choices, style: ChoiceStyle::Select });
    let fields = vec![
        field("record", desk.say("Bản ghi", "Record"), kind).required(),
        reason(desk.say("Lý do", "Reason")),
    ];
    let give_up = form("drop-parked", desk.say("Bỏ qua", "Give it up"), fields);
    folded_form("drop", desk.say("Bỏ qua bản ghi tạm gác", "Give a parked record up"), give_up)
}

/// What comes back from them; none when it is no form of theirs.
pub fn submit(desk: &mut Desk<'_>, inputs: &Inputs<'_>, contract: ContractId) -> Given<Option<Outcome>> {
    let path = format!("/contracts/{contract}");
    match inputs.0.form.as_str() {
        "retry-parked" => {
            for one in &inputs.0.selected {
                let record: RecordId = one.parse().map_err(|_| desk.missing())?;
                retry_parked(desk.call, contract, record)?;
            }
            desk.done(path, "Ứng dụng sẽ được báo lại", "The plugin will be told again").map(Some)
        }
        "drop-parked" => {
            drop_parked(desk.call, contract, inputs.parsed("record")?, inputs.text("reason"))?;
            desk.done(path, "Đã bỏ qua bản ghi", "The record was given up").map(Some)
        }
        _ => Ok(None),
    }
}
