//! Who has seen a record (ai đã xem bản ghi này): every read, export and change of it, as the evidence has it.

use std::sync::Arc;

use dinh_model::{Language, PluginId, RecordId};
use dinh_runtime::Plugin;
use dinh_runtime::bindings::views::{Block, Format, Link, Page, Tone};
use dinh_services::accounts::{How, Seen, SeenBy, seen_by, seen_lines};
use dinh_services::permissions::AUDIT_READ;
use dinh_store::Entry;

use super::blocks::{link, note, open, page as blank, untitled};
use super::desk::{Desk, Given};
use super::evidence::{actor, contract};
use super::fields::{Described, filters, line};
use super::table::Rows;
use super::{deeds, words};

/// A record as the evidence names it.
struct Asked {
    plugin: Option<Arc<Plugin>>,
    name: String,
    collection: String,
    record: RecordId,
}

/// `/evidence/seen?record=PLUGIN/COLLECTION/RECORD`
///
/// Open to whoever directs the record, by what its collection names; the way on to other evidence, only to whoever may
/// read that.
pub fn page(desk: &mut Desk<'_>) -> Given<Page> {
    let mut page = blank(desk.say("Ai đã xem bản ghi này?", "Who has seen this record?"));
    let Some(asked) = asked(desk)? else {
        desk.call.require_somewhere(&AUDIT_READ, None)?;
        page.breadcrumbs = way(desk);
        page.sections = vec![untitled("list", vec![search(desk)])];
        return Ok(page);
    };
    let data = asked.plugin.as_ref().map(|plugin| &*plugin.data);
    let (before, rows) = (desk.parsed("after")?, desk.rows());
    let found = seen_lines(desk.call, data, &asked.collection, asked.record, before, rows)?;
    page.subtitle = Some(title(desk, &asked));
    let mut blocks = Vec::new();
    if found.whole {
        page.breadcrumbs = way(desk);
        page.actions = vec![open(
            desk.say("Xuất kèm chứng cứ", "Take out with proofs"),
            format!("/evidence/seen/proofs{}", desk.query_again()),
        )];
        blocks.push(search(desk));
    }
    blocks.push(table(desk, &found));
    blocks.push(note(desk.say(
        "Đầy đủ theo nhật ký: mọi lần xem qua thoả thuận chia sẻ, xem nội dung có độ mật, sửa đổi, và xuất ra \
         tệp từ bảng mà mỗi dòng cho biết bản ghi của nó. Xem nội dung Thường trong chính ứng dụng thì không để lại dấu vết.",
        "Complete by the evidence: every read under a contract, every read of what is labelled, every change, and \
         every export of a table whose rows say which records they are. Reading what is ordinary in its own plugin leaves no trace.",
    )));
    page.sections = vec![untitled("list", blocks)];
    Ok(page)
}

fn way(desk: &Desk<'_>) -> Vec<Link> {
    desk.way(vec![link(desk.say("Nhật ký", "Evidence"), "/evidence")])
}

fn search(desk: &Desk<'_>) -> Block {
    let field = line("record", desk.say("Bản ghi", "Record"), 200).help(desk.say(
        "Như cột “Đối tượng” của nhật ký: ứng dụng/sổ/mã bản ghi.",
        "As the column “Subject” of the evidence has it: plugin/collection/record.",
    ));
    filters(desk.say("Tìm", "Search"), vec![field])
}

/// Who has seen the record that the query names, the newest `most`.
pub fn found(desk: &mut Desk<'_>, most: usize) -> Given<SeenBy> {
    let Some(asked) = asked(desk)? else { return Err(desk.unclear("record")) };
    let mut found = SeenBy { next: desk.parsed("after")?, ..SeenBy::default() };
    loop {
        let page = find(desk, &asked, found.next, most - found.entries.len())?;
        found.entries.extend(page.entries);
        found.next = page.next;
        if found.next.is_none() || found.entries.len() >= most {
            return Ok(found);
        }
    }
}

fn asked(desk: &Desk<'_>) -> Given<Option<Asked>> {
    let Some(text) = desk.query("record") else { return Ok(None) };
    let parts = || {
        let (plugin, rest) = text.split_once('/')?;
        let (collection, record) = rest.split_once('/')?;
        Some((plugin.parse::<PluginId>().ok()?, collection.to_owned(), record.parse().ok()?))
    };
    let (id, collection, record) = parts().ok_or_else(|| desk.unclear("record"))?;
    let plugin = desk.plugins().into_iter().find(|plugin| plugin.manifest.id == id);
    Ok(Some(Asked { plugin, name: id.to_string(), collection, record }))
}

fn find(desk: &mut Desk<'_>, asked: &Asked, before: Option<u64>, limit: usize) -> Given<SeenBy> {
    let data = asked.plugin.as_ref().map(|plugin| &*plugin.data);
    Ok(seen_by(desk.call, data, &asked.collection, asked.record, before, limit)?)
}

fn title(desk: &Desk<'_>, asked: &Asked) -> String {
    let language = desk.language();
    let plugin = asked.plugin.as_ref();
    let collection = plugin.and_then(|plugin| plugin.data.collection(&asked.collection));
    let collection = collection.map_or(&*asked.collection, |found| found.title.get(language));
    let name = plugin.map_or(&*asked.name, |plugin| plugin.manifest.name.get(language));
    format!("{name} – {collection} – {}", asked.record)
}

fn table(desk: &Desk<'_>, found: &SeenBy) -> Block {
    let language = desk.language();
    Rows::new("seen", &found.entries, desk.say("Chưa ai xem.", "Nobody has seen it."))
        .moment("at", desk.say("Lúc", "When"), |row: &Seen| row.recorded.entry.at)
        .text("by", desk.say("Ai", "Who"), |row| actor(desk, &row.recorded.entry.actor))
        .badge("how", desk.say("Bằng cách nào", "How"), |row| how(row.how, language))
        .text("deed", desk.say("Việc", "Deed"), |row| {
            deeds::title(&row.recorded.entry.action, language).to_owned()
        })
        .maybe("purpose", desk.say("Mục đích", "Purpose"), |row| {
            row.recorded.entry.detail.get(Entry::PURPOSE).cloned()
        })
        .noted(|row| row.recorded.entry.detail.get(Entry::CONTRACT).map(|number| contract(desk, number)))
        .maybe("plugin", desk.say("Qua ứng dụng", "Through"), |row| {
            row.recorded.entry.plugin.as_ref().map(ToString::to_string)
        })
        .badge("outcome", desk.say("Kết quả", "Outcome"), |row| {
            words::outcome(row.recorded.entry.outcome, language)
        })
        .number("index", desk.say("Số", "Number"), Format::Code, |row| row.recorded.index)
        .paged(desk.started(), found.next.map(|next| next.to_string()))
        .block()
}

fn how(how: How, language: Language) -> (String, Tone) {
    let (vi, en, tone) = match how {
        How::Shared => ("Qua chia sẻ", "Shared", Tone::Info),
        How::Read => ("Xem", "Read", Tone::Neutral),
        How::Exported => ("Xuất ra tệp", "Exported", Tone::Warning),
        How::Wrote => ("Ghi", "Wrote", Tone::Neutral),
        How::Otherwise => ("Khác", "Otherwise", Tone::Neutral),
    };
    (if language == Language::Vi { vi } else { en }.to_owned(), tone)
}
