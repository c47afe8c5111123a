//! The evidence (nhật ký): what was done, refused or failed, by whom and when, narrowed and paged.

use dinh_access::Grantee;
use dinh_model::{AccountId, Actor, Language, PluginId, RecordId, UnitId};
use dinh_runtime::bindings::views::{Block, Choice, Field, FieldKind, Format, Page};
use dinh_services::accounts::{EvidenceFilter, Part, count_evidence, search_evidence};
use dinh_store::{Entry, Outcome, Recorded};

use super::blocks::{metric, note, open, page as blank, untitled};
use super::desk::{Desk, Given};
use super::fields::{self, Described, date, filters, line, option, select};
use super::table::Rows;
use super::{deeds, evidence_words, words};
use crate::place::query;

/// Characters of a detail that a row shows.
const DETAIL: usize = 120;

/// `/evidence`
pub fn page(desk: &mut Desk<'_>) -> Given<Page> {
    let filter = filter(desk)?;
    let before: Option<u64> = desk.parsed("after")?;
    let found = search_evidence(desk.call, &filter, before, desk.rows())?;
    let next = found.next.map(|next| next.to_string());
    let goes_on = found.entries.is_empty() && next.is_some();
    let list = table(desk, "evidence", &found.entries).paged(desk.started(), next).block();
    let mut page = blank(desk.say("Nhật ký", "Evidence"));
    page.subtitle = Some(desk.say(
        "Mới nhất trước. Nhật ký chỉ ghi thêm, không sửa được; không chứa nội dung cá nhân.",
        "Newest first. The log is only ever added to; it holds no personal values.",
    ));
    page.breadcrumbs = desk.way(vec![]);
    let proofs = format!("/evidence/proofs{}", desk.query_again());
    page.actions = vec![
        open(desk.say("Xuất kèm chứng cứ", "Take out with proofs"), proofs),
        open(desk.say("Ai đã xem một bản ghi?", "Who has seen a record?"), "/evidence/seen"),
        open(desk.say("Trang chứng kiến để in", "Witness page to print"), "/evidence/witness"),
    ];
    let mut blocks = vec![filters(desk.say("Tìm", "Search"), narrowing(desk))];
    if filter != EvidenceFilter::default() && !desk.started() && !desk.exporting() {
        blocks.push(totals(desk, &filter)?);
    }
    blocks.push(list);
    if goes_on {
        blocks.push(note(desk.say(
            "Chưa thấy mục nào trong phần nhật ký vừa xem; hãy xem tiếp phần trước đó.",
            "Nothing in the part of the log looked at; go on to the part before it.",
        )));
    }
    page.sections = vec![untitled("list", blocks)];
    Ok(page)
}

/// What the query narrows the evidence to; the same words as the command's.
pub fn filter(desk: &mut Desk<'_>) -> Given<EvidenceFilter> {
    let outcome = match desk.query("outcome") {
        None => None,
        Some(word) => {
            let known = OUTCOMES.iter().find(|(known, _)| *known == word);
            Some(known.ok_or_else(|| desk.unclear("outcome"))?.1)
        }
    };
    // A record as the table shows it, with its plugin and collection, or its identifier alone.
    let record = desk.query("record").map(|text| text.rsplit('/').next().unwrap_or(text).parse());
    Ok(EvidenceFilter {
        account: desk.person("person")?,
        part: desk.parsed::<Part>("part")?.unwrap_or_default(),
        unit: desk.parsed("unit")?,
        plugin: desk.parsed::<PluginId>("plugin")?,
        action: desk.query("action").unwrap_or_default().to_owned(),
        outcome,
        purpose: desk.query("purpose").unwrap_or_default().to_owned(),
        contract: desk.parsed("contract")?,
        record: record.transpose().map_err(|_| desk.unclear("record"))?,
        from: desk.day("from")?,
        until: desk.day("until")?,
    })
}

/// How a deed may have ended, as the query spells it.
const OUTCOMES: [(&str, Outcome); 3] =
    [("done", Outcome::Done), ("refused", Outcome::Refused), ("failed", Outcome::Failed)];

fn narrowing(desk: &Desk<'_>) -> Vec<Field> {
    let language = desk.language();
    let parts = vec![
        option("acted", desk.say("là người thực hiện", "acted")),
        option("lent", desk.say("là người uỷ quyền", "lent the right")),
        option("about", desk.say("là người được nói đến", "is whom it is about")),
    ];
    let outcomes =
        OUTCOMES.iter().map(|(word, outcome)| option(*word, words::outcome(*outcome, language).0)).collect();
    vec![
        fields::field("person", desk.say("Người", "Person"), FieldKind::Account),
        select("part", desk.say("Vai của người đó", "Their part"), parts),
        fields::field("unit", desk.say("Đơn vị", "Unit"), FieldKind::Unit).help(desk.say(
            "Gồm các đơn vị trực thuộc; theo đơn vị hiện nay của người thực hiện.",
            "With the units below it; by the unit people are in now.",
        )),
        select("action", desk.say("Việc", "Deed"), choices(desk)),
        select("outcome", desk.say("Kết quả", "Outcome"), outcomes),
        date("from", desk.say("Từ ngày", "From")),
        date("until", desk.say("Đến hết ngày", "Through")),
        line("purpose", desk.say("Mục đích (các từ)", "Purpose (words)"), 200),
        line("contract", desk.say("Thoả thuận số", "Contract"), 10),
        line("record", desk.say("Bản ghi", "Record"), 200),
        select("plugin", desk.say("Ứng dụng", "Plugin"), plugins(desk)),
    ]
}

fn plugins(desk: &Desk<'_>) -> Vec<Choice> {
    let language = desk.language();
    let known = desk.plugins();
    known
        .iter()
        .map(|plugin| option(plugin.manifest.id.as_str(), plugin.manifest.name.get(language).to_owned()))
        .collect()
}

/// How many entries there are altogether.
fn totals(desk: &mut Desk<'_>, filter: &EvidenceFilter) -> Given<Block> {
    let found = count_evidence(desk.call, filter)?;
    let all = found.done + found.refused + found.failed;
    let mut figures = vec![
        metric(desk.say("Tìm thấy", "Found"), all, None),
        metric(desk.say("Bị từ chối", "Refused"), found.refused, None),
        metric(desk.say("Không thành", "Failed"), found.failed, None),
    ];
    if found.more {
        for figure in &mut figures {
            figure.note = Some(desk.say("ít nhất; phần cũ hơn chưa đếm", "at least; older ones not counted"));
        }
    }
    Ok(Block::Metrics(figures))
}

fn choices(desk: &Desk<'_>) -> Vec<Choice> {
    deeds::DEEDS.iter().map(|(action, vi, en)| option(*action, desk.say(vi, en))).collect()
}

/// Entries as a table.
pub fn table<'r>(desk: &Desk<'_>, id: &str, entries: &'r [Recorded]) -> Rows<'r, Recorded> {
    let language = desk.language();
    let named = desk.plugins();
    Rows::new(id, entries, desk.say("Không có mục nào.", "No entries."))
        .moment("at", desk.say("Lúc", "When"), |row| row.entry.at)
        .text("deed", desk.say("Việc", "Deed"), |row| deed(desk, &row.entry.action))
        .text("by", desk.say("Người thực hiện", "By"), |row| actor(desk, &row.entry.actor))
        .maybe("about", desk.say("Về", "About"), |row| about(desk, &row.entry.subject))
        .badge("outcome", desk.say("Kết quả", "Outcome"), |row| {
            words::outcome(row.entry.outcome, language)
        })
        .maybe("plugin", desk.say("Qua ứng dụng", "Through"), |row| {
            row.entry.plugin.as_ref().map(|id| {
                let known = named.iter().find(|plugin| plugin.manifest.id == *id && !desk.exporting());
                known.map_or_else(|| id.to_string(), |plugin| plugin.manifest.name.get(language).to_owned())
            })
        })
        .maybe("purpose", desk.say("Mục đích", "Purpose"), |row| {
            row.entry.detail.get(Entry::PURPOSE).cloned()
        })
        .noted(|row| row.entry.detail.get(Entry::CONTRACT).map(|number| contract(desk, number)))
        .maybe("detail", desk.say("Chi tiết", "Detail"), |row| {
            let apart = [Entry::PURPOSE, Entry::CONTRACT];
            let rest = row.entry.detail.iter().filter(|(name, _)| !apart.contains(&name.as_str()));
            let pair = |(name, value): (&String, &String)| match desk.exporting() {
                true => format!("{name}={value}"),
                false => evidence_words::detail(desk, name, value),
            };
            let mut pairs: Vec<_> = rest.map(pair).collect();
            let records = row.entry.records.len();
            let counted = ["count", "rows"].iter().any(|name| row.entry.detail.contains_key(*name));
            if records > 1 && !counted {
                pairs.push(pair((&"records".to_owned(), &records.to_string())));
            }
            (!pairs.is_empty()).then(|| shortened(pairs.join("; "), desk.exporting()))
        })
        .code("action", desk.say("Mã việc", "Code"), |row| row.entry.action.clone())
        .code("subject", desk.say("Đối tượng", "Subject"), |row| row.entry.subject.clone())
        .number("index", desk.say("Số", "Number"), Format::Code, |row| row.index)
        .target(|row| seen(&row.entry.subject))
        .note(desk.say(
            "Chi tiết dài được rút gọn bằng “…”; tệp xuất có đầy đủ. Dòng về một bản ghi dẫn đến trang “Ai đã xem bản ghi này?”.",
            "Long details end with “…” here; a file that is exported has all of them. A row about a record leads to who has seen it.",
        ))
}

/// Under which contract.
pub fn contract(desk: &Desk<'_>, number: &str) -> String {
    match desk.language() {
        Language::Vi => format!("thoả thuận số {number}"),
        Language::En => format!("contract {number}"),
    }
}

/// The page that tells who has seen the record of a subject; none when the subject is no record.
fn seen(subject: &str) -> Option<String> {
    subject.rsplit_once('/')?.1.parse::<RecordId>().ok()?;
    Some(format!("/evidence/seen{}", query([("record", subject)])))
}

/// A detail as far as it is read in a row.
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
