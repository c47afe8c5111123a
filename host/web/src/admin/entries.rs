//! Entries of catalogs in the words of whoever reads them: as a table, as facts, and what a proposal would change.

use dinh_model::{Date, Language, Localized, Value};
use dinh_runtime::bindings::views::{Block, Fact, Format, Section, Tone};
use dinh_services::accounts::{Asked, Request, Signature};
use dinh_services::catalog::{self, AskedEntries, Attribute, Changed, Entry, Proposed, Version};

use super::blocks::{badge, fact, note, section, text};
use super::desk::{Desk, Given};
use super::fields;
use super::table::Rows;
use crate::format::Formats;

/// Entries of a proposal shown at once: the decision stands below them.
const SHOWN: usize = 50;

/// The page of an entry. A code may hold a slash, so it stands in the query.
pub fn path(catalog: &str, code: &str) -> String {
    format!("/catalogs/{catalog}/entry?code={code}")
}

/// The key of an attribute's column and input, which is no other's.
pub fn key(attribute: &Attribute) -> String {
    format!("attribute-{}", attribute.name)
}

/// The last day of an entry's term.
pub fn last_day(entry: &Entry) -> Option<Date> {
    entry.valid_until.and_then(|until| until.yesterday().ok())
}

/// Whether an entry is in its term on a day, and what that means.
pub fn validity(entry: &Entry, day: Date, language: Language) -> (String, Tone) {
    let (vi, en, tone) = match () {
        () if day < entry.valid_from => ("Chưa có hiệu lực", "Not begun", Tone::Info),
        () if entry.is_valid_on(day) => ("Có hiệu lực", "In force", Tone::Good),
        () => ("Hết hiệu lực", "Ended", Tone::Neutral),
    };
    (Localized::new(vi, en).get(language).to_owned(), tone)
}

/// The value of an attribute as a reader of the language reads it; none where it says nothing.
pub fn value(language: Language, value: &Value) -> Option<String> {
    match value {
        Value::Integer(number) => Some(Formats::of(language).integer(*number)),
        Value::Decimal(number) => {
            Some(Formats::of(language).decimal(*number, u8::try_from(number.scale()).unwrap_or(0)))
        }
        Value::Text(text) => Some(text.clone()),
        _ => None,
    }
}

/// An entry and how deep it stands below the topmost of the list.
pub struct Listed<'a> {
    /// The entry.
    pub entry: &'a Entry,
    /// How deep.
    pub depth: usize,
}

/// Entries as a table, each leading to its page.
pub fn table<'r>(
    desk: &Desk<'_>,
    id: &str,
    (catalog, attributes): (&str, &[Attribute]),
    rows: &'r [Listed<'r>],
    day: Date,
) -> Rows<'r, Listed<'r>> {
    let language = desk.language();
    // Texts of an export are read by programs; there the code above says where an entry stands.
    let indented = !desk.exporting();
    let name = |row: &Listed<'_>| {
        let depth = if indented { row.depth } else { 0 };
        format!("{}{}", "\u{2003}".repeat(depth), row.entry.name.get(language))
    };
    let mut table = Rows::new(id, rows, desk.say("Không có mã nào.", "No entries."))
        .code("code", desk.say("Mã", "Code"), |row| row.entry.code.clone())
        .target(|row| Some(path(catalog, &row.entry.code)))
        .text("name", desk.say("Tên", "Name"), name);
    for (place, attribute) in attributes.iter().enumerate() {
        let title = attribute.title.get(language).to_owned();
        table = table.maybe(&key(attribute), title, |row| value(language, row.entry.attribute(place)));
    }
    if rows.iter().any(|row| row.entry.parent.is_some()) {
        table =
            table.maybe("parent", desk.say("Mã cấp trên", "Code above"), |row| row.entry.parent.clone());
    }
    table
        .day("from", desk.say("Hiệu lực từ", "From"), |row| Some(row.entry.valid_from))
        .day("until", desk.say("Đến hết ngày", "Through"), |row| last_day(row.entry))
        .badge("state", desk.say("Tình trạng", "State"), |row| validity(row.entry, day, language))
        .cancelled(|row| row.entry.valid_until.is_some_and(|until| until <= day))
}

/// Entries side by side, none below another.
pub fn flat<'a>(entries: impl IntoIterator<Item = &'a Entry>) -> Vec<Listed<'a>> {
    entries.into_iter().map(|entry| Listed { entry, depth: 0 }).collect()
}

/// All that an entry says, as facts.
pub fn facts(desk: &Desk<'_>, attributes: &[Attribute], entry: &Entry) -> Vec<Fact> {
    let language = desk.language();
    let (state, tone) = validity(entry, desk.call.today(), language);
    let mut list = vec![
        badge(desk.say("Tình trạng", "State"), state, tone),
        fact(desk.say("Mã", "Code"), text(&entry.code)),
        fact(desk.say("Tên tiếng Việt", "Name in Vietnamese"), text(&entry.name.vi)),
        fact(desk.say("Tên tiếng Anh", "Name in English"), text(&entry.name.en)),
        fact(desk.say("Hiệu lực từ", "From"), fields::day(entry.valid_from)),
    ];
    if let Some(last) = last_day(entry) {
        list.push(fact(desk.say("Đến hết ngày", "Through"), fields::day(last)));
    }
    for (place, attribute) in attributes.iter().enumerate() {
        if let Some(said) = value(language, entry.attribute(place)) {
            list.push(fact(attribute.title.get(language).to_owned(), text(said)));
        }
    }
    if !entry.aliases.is_empty() {
        list.push(fact(desk.say("Tên gọi khác", "Other names"), text(entry.aliases.join("; "))));
    }
    list
}

/// Who signed a version; the words for the owner of the folder where nobody did.
fn signed(desk: &Desk<'_>, by: Option<Signature>) -> Option<String> {
    by.map(|by| desk.person_name(by.account))
}

/// Versions as a table, each leading to the catalog as it was.
pub fn versions<'r>(desk: &Desk<'_>, catalog: &str, versions: &'r [Version]) -> Rows<'r, Version> {
    let none = desk.say("Chưa có phiên bản nào.", "No versions.");
    let what = |version: &Version| match version.what {
        Changed::Definition => desk.say("Thông tin danh mục", "Definition"),
        Changed::Entries { added, changed, shipped } => {
            let mut said = match desk.language() {
                Language::Vi => format!("Thêm {added}, sửa {changed}"),
                Language::En => format!("{added} added, {changed} changed"),
            };
            if shipped {
                said.push_str(&desk.say(" (kèm hệ thống)", " (shipped)"));
            }
            said
        }
    };
    let by = |version: &Version| {
        signed(desk, version.by).unwrap_or_else(|| desk.say("Người vận hành hệ thống", "The operator"))
    };
    let reason = |version: &Version| Some(version.reason.clone()).filter(|reason| !reason.is_empty());
    Rows::new("versions", versions, none)
        .number("version", desk.say("Phiên bản", "Version"), Format::Code, |it| u64::from(it.number))
        .target(|version| Some(format!("/catalogs/{catalog}?version={}", version.number)))
        .moment("at", desk.say("Lúc", "At"), |version| version.at)
        .text("what", desk.say("Nội dung", "What"), what)
        .text("by", desk.say("Người đề nghị", "Asked by"), by)
        .maybe("approved", desk.say("Người phê duyệt", "Approved by"), |it| signed(desk, it.approved))
        .maybe("reason", desk.say("Lý do, căn cứ", "Reason and basis"), reason)
}

/// What a request for entries would change, before beside after; nothing for other requests.
pub fn proposed(desk: &Desk<'_>, request: &Request) -> Given<Vec<Section>> {
    let Asked::Entries(asked) = &request.asked else { return Ok(Vec::new()) };
    let compiled = catalog::open(desk.call, &asked.catalog)?;
    let attributes = &compiled.catalog().definition.attributes;
    let language = desk.language();
    let all = catalog::proposed(desk.call, asked)?;
    let most = if desk.exporting() { all.len() } else { SHOWN };
    let shown = all.get(..most.min(all.len())).unwrap_or_default();
    let open = request.standing(desk.call.now()) == "open";
    // What was decided is compared with nothing: the catalog has gone on since.
    let before = |row: &Proposed| compiled.get(&row.entry.code).filter(|_| open && row.was.is_some());
    let kind = |row: &Proposed| match row.was {
        None => (desk.say("Thêm mới", "New"), Tone::Good),
        Some(_)
            if before(row).is_some_and(|it| it.valid_until.is_none() && row.entry.valid_until.is_some()) =>
        {
            (desk.say("Kết thúc", "Ends"), Tone::Warning)
        }
        Some(_) => (desk.say("Sửa", "Changed"), Tone::Info),
    };
    let differences = |row: &Proposed| {
        let before = before(row)?;
        let mut said = Vec::new();
        let mut tell = |label: &str, was: String, is: String| {
            if was != is {
                let or_none = |text: String| if text.is_empty() { "–".to_owned() } else { text };
                said.push(format!("{label}: {} → {}", or_none(was), or_none(is)));
            }
        };
        for (label, was, is) in in_columns(desk, attributes, before)
            .into_iter()
            .zip(in_columns(desk, attributes, &row.entry))
            .map(|((label, was), (_, is))| (label, was, is))
        {
            tell(&label, was, is);
        }
        Some(said.join("; ")).filter(|said| !said.is_empty())
    };
    let mut rows = Rows::new("proposed", shown, String::new())
        .badge("kind", desk.say("Loại", "Kind"), kind)
        .code("code", desk.say("Mã", "Code"), |row| row.entry.code.clone())
        .text("name", desk.say("Tên", "Name"), |row| row.entry.name.get(language).to_owned())
        .day("from", desk.say("Hiệu lực từ", "From"), |row| Some(row.entry.valid_from))
        .day("until", desk.say("Đến hết ngày", "Through"), |row| last_day(&row.entry));
    for (place, attribute) in attributes.iter().enumerate() {
        let title = attribute.title.get(language).to_owned();
        rows = rows.maybe(&key(attribute), title, |row| value(language, row.entry.attribute(place)));
    }
    rows = rows
        .maybe("parent", desk.say("Mã cấp trên", "Code above"), |row| row.entry.parent.clone())
        .maybe("before", desk.say("Tiền thân", "Came from"), |row| {
            Some(row.entry.predecessors.join(", ")).filter(|codes| !codes.is_empty())
        })
        .maybe("differences", desk.say("Thay đổi", "What changes"), differences);
    let mut blocks = vec![rows.block()];
    let more = all.len() - shown.len();
    if more > 0 {
        blocks.push(note(format!("… {} {more}", desk.say("và số mã khác:", "and others:"))));
    }
    blocks.extend(used(desk, asked, shown, &before));
    Ok(vec![section("entries", desk.say("Các mã được đề nghị", "The entries asked for"), blocks)])
}

/// That codes which end are held by fields of applications: whoever approves should know.
fn used<'a>(
    desk: &Desk<'_>,
    asked: &AskedEntries,
    shown: &[Proposed],
    before: &dyn Fn(&Proposed) -> Option<&'a Entry>,
) -> Option<Block> {
    let ends = |row: &&Proposed| {
        row.entry.valid_until.is_some() && before(row).is_some_and(|it| it.valid_until.is_none())
    };
    let ending: Vec<_> = shown.iter().filter(ends).map(|row| row.entry.code.as_str()).collect();
    let fields = desk.bound_fields(&asked.catalog);
    if ending.is_empty() || fields.is_empty() {
        return None;
    }
    let language = desk.language();
    let named = fields.iter().map(|field| {
        let [plugin, collection, title] = field.titles().map(|title| title.get(language));
        format!("{plugin} – {collection} – {title}")
    });
    let (vi, en) = (
        "Mã kết thúc hiệu lực vẫn ở trong các bản ghi đã có; từ ngày đó không ghi mới được. Các trường dùng danh mục này:",
        "Codes that end stay in the records that have them and are not written anew from that day on. Fields that use this catalog:",
    );
    let words = format!("{} {}.", desk.say(vi, en), named.collect::<Vec<_>>().join("; "));
    Some(note(format!("{}: {}. {words}", desk.say("Kết thúc", "Ending"), ending.join(", "))))
}

/// What an entry says, label by label, to be compared.
fn in_columns(desk: &Desk<'_>, attributes: &[Attribute], entry: &Entry) -> Vec<(String, String)> {
    let language = desk.language();
    let day = |day: Option<Date>| day.map(crate::format::date).unwrap_or_default();
    let mut all = vec![
        (desk.say("Tên tiếng Việt", "Name in Vietnamese"), entry.name.vi.clone()),
        (desk.say("Tên tiếng Anh", "Name in English"), entry.name.en.clone()),
        (desk.say("Hiệu lực từ", "From"), day(Some(entry.valid_from))),
        (desk.say("Đến hết ngày", "Through"), day(last_day(entry))),
        (desk.say("Mã cấp trên", "Code above"), entry.parent.clone().unwrap_or_default()),
        (desk.say("Thứ tự", "Order"), entry.order.to_string()),
        (desk.say("Tên gọi khác", "Other names"), entry.aliases.join(", ")),
        (desk.say("Tiền thân", "Came from"), entry.predecessors.join(", ")),
    ];
    all.extend(attributes.iter().enumerate().map(|(place, attribute)| {
        let said = value(language, entry.attribute(place)).unwrap_or_default();
        (attribute.title.get(language).to_owned(), said)
    }));
    all
}
