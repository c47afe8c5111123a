//! One plugin, as its operator sees it: how it stands and why, what it keeps beside what it may, how its calls ended; and
//! taking it out, or letting it back.

use dinh_model::{PluginId, time};
use dinh_runtime::bindings::pages::Outcome;
use dinh_runtime::bindings::views::{Block, Fact, Format, Page, Prominence, Section, Tone};
use dinh_runtime::limits::KEYS;
use dinh_runtime::{Ended, Plugin, Runtime, Standing, release, suspend};
use dinh_services::permissions::AUDIT_READ;
use dinh_services::records::Volume;
use dinh_services::sharing::feed::following;
use dinh_services::sharing::{Consumer, Contract, ContractFilter, contracts};

use super::blocks::{
    badge, deed, fact, facts, folded, link, moment, note, open, page as blank, section, text, untitled,
};
use super::desk::{Desk, Given, Inputs};
use super::fields::{form, reason};
use super::plugins::{Found, ended, find};
use super::table::Rows;
use super::{evidence, links};
use crate::limit_words;

/// Contracts whose changes are shown.
const CONTRACTS: usize = 50;

/// `/plugins/ID`
pub fn page(desk: &mut Desk<'_>, id: &str) -> Given<Page> {
    let id: PluginId = id.parse().map_err(|_| desk.missing())?;
    let found = find(desk, &id)?;
    let Some(runtime) = desk.runtime() else { return Err(desk.missing()) };
    let language = desk.language();
    let title = match &found {
        Found::Loaded(plugin) => plugin.manifest.name.get(language).to_owned(),
        Found::Not(failed) => failed.id.clone(),
    };
    let mut page = blank(title);
    page.breadcrumbs = desk.way(vec![link(desk.say("Ứng dụng", "Applications"), "/plugins")]);
    if desk.call.require_somewhere(&AUDIT_READ, None).is_ok() {
        page.actions =
            vec![open(desk.say("Nhật ký của ứng dụng", "Its evidence"), format!("/evidence?plugin={id}"))];
    }
    page.sections = vec![untitled("standing", vec![facts(standing(desk, &found))])];
    if let Found::Loaded(plugin) = &found {
        page.subtitle = Some(plugin.manifest.summary.get(language).to_owned());
        page.sections.push(keeps(desk, &runtime, plugin)?);
        page.sections.push(endings(desk, &runtime, &id));
        page.sections.extend(last(desk, &runtime.last_endings(&id)));
        page.sections.extend(changes(desk, &id)?);
        page.sections.push(limits(desk, plugin));
    }
    page.sections.push(decide(desk, &found));
    Ok(page)
}

/// What comes back from it.
pub fn submit(desk: &mut Desk<'_>, inputs: &Inputs<'_>, id: &str) -> Given<Outcome> {
    let id: PluginId = id.parse().map_err(|_| desk.missing())?;
    let found = find(desk, &id)?;
    let Some(home) = found.home() else { return Err(desk.missing()) };
    let path = format!("/plugins/{id}");
    match inputs.0.form.as_str() {
        "suspend" => {
            suspend(desk.call, &id, home, inputs.text("reason"))?;
            desk.done(path, "Ứng dụng đã tạm ngừng", "The application is suspended")
        }
        "release" => {
            release(desk.call, &id, home)?;
            desk.done(path, "Ứng dụng hoạt động trở lại", "The application is let back")
        }
        _ => Err(desk.missing()),
    }
}

fn standing(desk: &Desk<'_>, found: &Found) -> Vec<Fact> {
    let (word, tone) = found.standing(desk);
    let mut shown = vec![badge(desk.say("Tình trạng", "Standing"), word, tone)];
    if let Some(since) = found.out_since() {
        shown.push(fact(desk.say("Từ lúc", "Since"), moment(since)));
    }
    if let Some(why) = found.why(desk) {
        shown.push(fact(desk.say("Lý do", "Why"), text(why)));
    }
    if let Found::Loaded(plugin) = found {
        let standing = plugin.standing();
        if let Standing::Quarantined(out) = &standing {
            let until = time::from_microseconds(out.until).unwrap_or_default();
            shown.push(fact(desk.say("Tự thử lại lúc", "Tried again at"), moment(until)));
        }
        if let Some(by) = standing.by() {
            shown.push(fact(desk.say("Người tạm ngừng", "Suspended by"), text(evidence::actor(desk, by))));
        }
    }
    if let Some(home) = found.home() {
        shown.push(links::unit(desk, desk.say("Đơn vị", "Unit"), home));
    }
    let code = |label: String, value: String| Fact { format: Format::Code, ..fact(label, text(value)) };
    shown.push(code(desk.say("Mã", "Id"), found.id().to_owned()));
    if let Found::Loaded(plugin) = found {
        shown.push(fact(desk.say("Phiên bản", "Version"), text(plugin.manifest.version.to_string())));
        if let Some(installed) = plugin.installed() {
            shown.push(fact(desk.say("Cài lúc", "Installed"), moment(installed)));
        }
        shown.push(fact(desk.say("Nhà cung cấp", "Publisher"), text(plugin.manifest.publisher.clone())));
        let hash = plugin.package().map(|hash| data_encoding::HEXLOWER.encode(hash));
        shown.push(code("SHA-256".to_owned(), hash.unwrap_or_default()));
    }
    shown
}

/// A figure beside what is allowed, with how much of it that is.
struct Of {
    what: String,
    used: u64,
    allowed: u64,
}

fn keeps(desk: &Desk<'_>, runtime: &Runtime, plugin: &Plugin) -> Given<Section> {
    let volume: Volume = runtime.volume(plugin)?;
    let limits = plugin.manifest.limits.call;
    let mebibytes = |bytes: u64| bytes.div_ceil(1 << 20);
    let rows = [
        Of { what: desk.say("Số bản ghi", "Records"), used: volume.records, allowed: limits.records },
        Of {
            what: desk.say("Dung lượng bản ghi và tệp (MiB)", "Storage of records and files (MiB)"),
            used: mebibytes(volume.bytes()),
            allowed: mebibytes(limits.storage_bytes),
        },
        Of {
            what: desk.say("trong đó tệp (MiB)", "of it files (MiB)"),
            used: mebibytes(volume.file_bytes),
            allowed: mebibytes(limits.storage_bytes),
        },
    ];
    let table = Rows::new("kept", &rows, String::new())
        .text("what", desk.say("Nội dung", "What"), |it| it.what.clone())
        .number("used", desk.say("Đã dùng", "Used"), Format::Integer, |it| it.used)
        .number("allowed", desk.say("Cho phép", "Allowed"), Format::Integer, |it| it.allowed)
        .badge("share", desk.say("Mức dùng", "Share"), |it| {
            let share = it.used.saturating_mul(100) / it.allowed.max(1);
            let tone = if share >= 90 {
                Tone::Bad
            } else if share >= 75 {
                Tone::Warning
            } else {
                Tone::Good
            };
            (format!("{share} %"), tone)
        });
    Ok(section("keeps", desk.say("Dữ liệu đang lưu", "What it keeps"), vec![table.within().block()]))
}

fn endings(desk: &Desk<'_>, runtime: &Runtime, id: &PluginId) -> Section {
    let all = runtime.endings().into_iter().filter(|(ending, _)| ending.plugin == *id);
    let rows: Vec<(String, u64)> = all
        .map(|(it, count)| (ended(desk, if it.limit.is_empty() { it.action } else { it.limit }), count))
        .collect();
    let empty = desk.say("Chưa có lượt gọi nào bị lỗi.", "No call has failed.");
    let table = Rows::new("ended", &rows, empty)
        .text("how", desk.say("Kết thúc", "How it ended"), |(how, _)| how.clone())
        .number("count", desk.say("Số lượt", "Calls"), Format::Integer, |(_, count)| *count);
    let title = desk.say(
        "Lượt gọi không hoàn thành, từ khi máy chủ khởi động",
        "Calls that gave nothing, since the start",
    );
    section("endings", title, vec![table.within().block()])
}

fn last(desk: &Desk<'_>, last: &[Ended]) -> Option<Section> {
    if last.is_empty() {
        return None;
    }
    let table = Rows::new("lately", last, String::new())
        .moment("at", desk.say("Lúc", "At"), |it| it.at)
        .text("how", desk.say("Kết thúc", "How it ended"), |it| {
            ended(desk, it.trip.map_or(it.action, |trip| trip.what))
        })
        .maybe("used", desk.say("Dùng / cho phép", "Used of allowed"), |it| {
            it.trip.map(|trip| format!("{} / {}", trip.used, trip.allowed))
        })
        .code("route", desk.say("Đường dẫn", "Route"), |it| it.route.clone());
    Some(section("last", desk.say("Các lượt gần nhất", "The last of them"), vec![table.within().block()]))
}

/// What it is told of changes under its contracts; none when it follows nothing.
fn changes(desk: &mut Desk<'_>, id: &PluginId) -> Given<Option<Section>> {
    let filter = ContractFilter { plugin: Some(id.clone()), ..ContractFilter::default() };
    let found = contracts(desk.call, &filter, None, CONTRACTS)?.contracts;
    let mut rows: Vec<(Contract, u64, u64)> = Vec::new();
    for contract in found {
        if !matches!(&contract.consumer, Consumer::Plugin { plugin: consumer, .. } if consumer == id) {
            continue;
        }
        if let Some(standing) = following(desk.call, contract.id)? {
            rows.push((contract, standing.behind, standing.parked as u64));
        }
    }
    if rows.is_empty() {
        return Ok(None);
    }
    let table = Rows::new("followed", &rows, String::new())
        .text("dataset", desk.say("Bộ dữ liệu", "Dataset"), |(contract, ..)| {
            super::sharing::words::dataset(desk, contract)
        })
        .target(|(contract, ..)| Some(format!("/contracts/{}", contract.id)))
        .number(
            "behind",
            desk.say("Lần ghi chưa báo", "Changes not told yet"),
            Format::Integer,
            |(_, behind, _)| *behind,
        )
        .number(
            "parked",
            desk.say("Bản ghi tạm gác", "Parked records"),
            Format::Integer,
            |(.., parked)| *parked,
        );
    let title = desk.say("Thay đổi được báo cho ứng dụng", "Changes that it is told of");
    Ok(Some(section("changes", title, vec![table.within().block()])))
}

fn limits(desk: &Desk<'_>, plugin: &Plugin) -> Section {
    let amounts = plugin.manifest.limits.amounts();
    let rows: Vec<_> = KEYS.iter().zip(amounts).collect();
    let table = Rows::new("allowed", &rows, String::new())
        .text("limit", desk.say("Giới hạn", "Limit"), |(key, _)| {
            limit_words::limit(key.name, desk.language())
        })
        .number("amount", desk.say("Cho phép", "Allowed"), Format::Integer, |(_, amount)| *amount)
        .number("default", desk.say("Mặc định", "Default"), Format::Integer, |(key, _)| key.default)
        .code("name", desk.say("Mã khi khai báo", "Name in a manifest"), |(key, _)| key.name.to_owned());
    folded("limits", desk.say("Giới hạn", "Limits"), vec![table.within().block()])
}

/// Taking it out, or letting it back.
fn decide(desk: &Desk<'_>, found: &Found) -> Section {
    if found.serves() {
        let why = reason(desk.say("Lý do", "Reason"));
        let said = note(desk.say(
            "Các trang của ứng dụng báo tạm ngừng cho đến khi có người cho hoạt động lại; dữ liệu được giữ nguyên, thay đổi chờ báo sau.",
            "Its pages say that it is suspended until somebody lets it back; its data is kept, and changes wait to be told.",
        ));
        let stop = form("suspend", desk.say("Tạm ngừng", "Suspend"), vec![why]);
        let title = desk.say("Tạm ngừng ứng dụng", "Suspend the application");
        return folded("suspend-plugin", title, vec![said, Block::Form(stop)]);
    }
    let again = deed(
        desk.say("Cho hoạt động lại", "Let it back"),
        "release",
        desk.say("Cho ứng dụng này phục vụ trở lại ngay?", "Let this application serve again at once?"),
    );
    let again = dinh_runtime::bindings::views::Action { prominence: Prominence::Primary, ..again };
    let mut blocks = vec![Block::Actions(vec![again])];
    if matches!(found, Found::Not(_)) {
        blocks.push(note(
            desk.say("Ứng dụng được nạp ở lần khởi động máy chủ sau.", "It is loaded at the next start."),
        ));
    }
    section("release-plugin", desk.say("Cho hoạt động lại", "Let it back"), blocks)
}
