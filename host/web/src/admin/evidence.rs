//! The evidence (nhật ký): what was done, refused or failed, by whom and when, narrowed and paged.

use dinh_access::Grantee;
use dinh_model::{AccountId, Actor, PluginId, UnitId};
use dinh_runtime::bindings::views::{Choice, FieldKind, Format, Page};
use dinh_services::accounts::{EvidenceFilter, search_evidence};
use dinh_store::Recorded;

use super::blocks::{note, page as blank, untitled};
use super::desk::{Desk, Given};
use super::fields::{self, date, filters, line, option, select};
use super::table::Rows;
use super::{deeds, words};

/// Characters of a detail that a row shows.
const DETAIL: usize = 120;

/// `/evidence`
pub fn page(desk: &mut Desk<'_>) -> Given<Page> {
    let filter = EvidenceFilter {
        account: desk.person("person")?,
        plugin: desk.parsed::<PluginId>("plugin")?,
        action: desk.query("action").unwrap_or_default().to_owned(),
        from: desk.day("from")?,
        until: desk.day("until")?,
        ..EvidenceFilter::default()
    };
    let before: Option<u64> = desk.parsed("after")?;
    let found = search_evidence(desk.call, &filter, before, desk.rows())?;
    let next = found.next.map(|next| next.to_string());
    let goes_on = found.entries.is_empty() && next.is_some();
    let list = table(desk, "evidence", &found.entries).paged(desk.started(), next).block();
    let narrowing = vec![
        fields::field("person", desk.say("Người", "Person"), FieldKind::Account),
        select("action", desk.say("Việc", "Deed"), choices(desk)),
        line("plugin", desk.say("Mã ứng dụng", "Plugin"), 40),
        date("from", desk.say("Từ ngày", "From")),
        date("until", desk.say("Đến hết ngày", "Through")),
    ];
    let mut page = blank(desk.say("Nhật ký", "Evidence"));
    page.subtitle = Some(desk.say(
        "Mới nhất trước. Nhật ký chỉ ghi thêm, không sửa được; không chứa nội dung cá nhân.",
        "Newest first. The log is only ever added to; it holds no personal values.",
    ));
    page.breadcrumbs = desk.way(vec![]);
    let mut blocks = vec![filters(desk.say("Lọc", "Filter"), narrowing), list];
    if goes_on {
        blocks.push(note(desk.say(
            "Chưa thấy mục nào trong phần nhật ký vừa xem; hãy xem tiếp phần trước đó.",
            "Nothing in the part of the log looked at; go on to the part before it.",
        )));
    }
    page.sections = vec![untitled("list", blocks)];
    Ok(page)
}

fn choices(desk: &Desk<'_>) -> Vec<Choice> {
    deeds::DEEDS.iter().map(|(action, vi, en)| option(*action, desk.say(vi, en))).collect()
}

/// Entries as a table.
pub fn table<'r>(desk: &Desk<'_>, id: &str, entries: &'r [Recorded]) -> Rows<'r, Recorded> {
    let language = desk.language();
    Rows::new(id, entries, desk.say("Không có mục nào.", "No entries."))
        .moment("at", desk.say("Lúc", "When"), |row| row.entry.at)
        .text("deed", desk.say("Việc", "Deed"), |row| deed(desk, &row.entry.action))
        .text("by", desk.say("Người thực hiện", "By"), |row| actor(desk, &row.entry.actor))
        .maybe("about", desk.say("Về", "About"), |row| about(desk, &row.entry.subject))
        .badge("outcome", desk.say("Kết quả", "Outcome"), |row| {
            words::outcome(row.entry.outcome, language)
        })
        .maybe("plugin", desk.say("Qua ứng dụng", "Through"), |row| {
            row.entry.plugin.as_ref().map(ToString::to_string)
        })
        .maybe("detail", desk.say("Chi tiết", "Detail"), |row| {
            let pairs: Vec<_> =
                row.entry.detail.iter().map(|(name, value)| format!("{name}={value}")).collect();
            (!pairs.is_empty()).then(|| shortened(pairs.join("; "), desk.exporting()))
        })
        .code("action", desk.say("Mã việc", "Code"), |row| row.entry.action.clone())
        .code("subject", desk.say("Đối tượng", "Subject"), |row| row.entry.subject.clone())
        .number("index", desk.say("Số", "Number"), Format::Code, |row| row.index)
        .note(desk.say(
            "Chi tiết dài được rút gọn bằng “…”; tệp xuất có đầy đủ.",
            "Long details end with “…” here; a file that is exported has all of them.",
        ))
}

/// A detail as far as it is read in a row: some name hundreds of records.
fn shortened(detail: String, whole: bool) -> String {
    if whole || detail.chars().count() <= DETAIL {
        return detail;
    }
    detail.chars().take(DETAIL).chain(['…']).collect()
}

fn deed(desk: &Desk<'_>, action: &str) -> String {
    deeds::title(action, desk.language()).to_owned()
}

/// Who acted, and for whom if the rights were lent.
pub fn actor(desk: &Desk<'_>, actor: &Actor) -> String {
    match actor {
        Actor::Person { account, on_behalf_of: None } => desk.person_name(*account),
        Actor::Person { account, on_behalf_of: Some(lender) } => {
            let word = desk.say("thay", "for");
            format!("{} ({word} {})", desk.person_name(*account), desk.person_name(*lender))
        }
        Actor::Service(plugin) => plugin.to_string(),
        Actor::Public => desk.say("Không đăng nhập", "Not signed in"),
    }
}

/// The name of what an entry is about, where it has one.
fn about(desk: &Desk<'_>, subject: &str) -> Option<String> {
    let (kind, number) = subject.split_once(':')?;
    match kind {
        "account" => Some(desk.person_name(AccountId(number.parse().ok()?))),
        "unit" => Some(desk.unit_name(UnitId(number.parse().ok()?))),
        "position" => {
            let position = dinh_model::PositionId(number.parse().ok()?);
            Some(super::grants::grantee(desk, Grantee::Position(position)).0)
        }
        _ => None,
    }
}
