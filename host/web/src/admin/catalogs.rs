//! Shared catalogs (danh mục dùng chung): all of them, one as of a day or as it was at a version, and a new one.

use dinh_model::{Date, Localized, UnitId, text as words_of};
use dinh_runtime::bindings::pages::Outcome;
use dinh_runtime::bindings::types::Value;
use dinh_runtime::bindings::views::{Block, FieldKind, Form, Format, Page, Section};
use dinh_services::ServiceError;
use dinh_services::catalog::{
    self, Catalog, Compiled, Definition, Entry, Translation, catalogs, define, open, versions,
};
use dinh_services::permissions::CATALOG_MANAGE;

use super::blocks::{fact, facts, folded, folded_form, leading, link, note, open as go, open_first};
use super::blocks::{page as blank, section, text, untitled};
use super::desk::{Desk, Given, Inputs};
use super::entries::{self, Listed};
use super::fields::{self, Described, choice, date, field, filters, form, line, option, reason};
use super::table::Rows;

/// Versions that the page of a catalog shows.
const VERSIONS: usize = 10;
/// Deepest level that is indented.
const DEPTH: usize = 12;

/// `/catalogs`
pub fn page(desk: &mut Desk<'_>) -> Given<Page> {
    let language = desk.language();
    let all = catalogs(desk.call)?;
    let owner = |catalog: &Catalog| owner_name(desk, catalog.definition.owner);
    let list = Rows::new("catalogs", &all, desk.say("Chưa có danh mục nào.", "No catalogs."))
        .text("title", desk.say("Danh mục", "Catalog"), |it| it.definition.title.get(language).to_owned())
        .target(|it| Some(format!("/catalogs/{}", it.definition.name)))
        .code("name", desk.say("Tên mã", "Name"), |it| it.definition.name.clone())
        .text("owner", desk.say("Đơn vị quản lý", "Owner"), owner)
        .number("version", desk.say("Phiên bản", "Version"), Format::Code, |it| u64::from(it.version))
        .text("source", desk.say("Nguồn, căn cứ", "Source"), |it| it.definition.source.clone());
    let mut page = blank(desk.say("Danh mục dùng chung", "Shared catalogs"));
    page.subtitle = Some(desk.say(
        "Các bảng mã mà mọi ứng dụng dùng chung, có thời hạn hiệu lực và mã tiền thân, kế thừa.",
        "Code lists that all applications share, with terms, predecessors and successors.",
    ));
    page.breadcrumbs = desk.way(vec![]);
    page.sections = vec![untitled("list", vec![list.block()])];
    if desk.call.require_somewhere(&CATALOG_MANAGE, None).is_ok() {
        let name = line("name", desk.say("Tên mã", "Name"), 40).required().help(desk.say(
            "Chữ thường không dấu, số, gạch nối; không đổi được về sau. Ví dụ: danh-hieu.",
            "a–z, 0–9 and hyphens; it cannot be changed later. For example: titles.",
        ));
        let new = definition(desk, "define", name, None);
        let title = desk.say("Lập danh mục mới", "Define a new catalog");
        page.sections.push(folded_form("new", title, new));
    }
    Ok(page)
}

/// The name of the unit that decides; the words for the house where none does.
fn owner_name(desk: &Desk<'_>, owner: Option<UnitId>) -> String {
    owner.map_or_else(|| desk.say("Toàn hệ thống", "The whole house"), |owner| desk.unit_name(owner))
}

/// What a catalog is, to be filled in.
fn definition(
    desk: &Desk<'_>,
    id: &str,
    name: dinh_runtime::bindings::views::Field,
    known: Option<&Definition>,
) -> Form {
    let value = |of: fn(&Definition) -> &str| known.map_or(Value::Empty, |known| text(of(known)));
    let owner = known.and_then(|known| known.owner);
    let owner = field("owner", desk.say("Đơn vị quản lý", "Owner"), FieldKind::Unit)
        .value(owner.map_or(Value::Empty, fields::unit))
        .help(desk.say(
            "Người quản lý danh mục của đơn vị này duyệt các đề nghị. Để trống: danh mục của toàn hệ thống.",
            "The catalog stewards of this unit decide about proposals. Empty: a catalog of the whole house.",
        ));
    let mut list = vec![
        line("vi", desk.say("Tên danh mục (tiếng Việt)", "Title (Vietnamese)"), 500)
            .required()
            .value(value(|known| &known.title.vi)),
        line("en", desk.say("Tên danh mục (tiếng Anh)", "Title (English)"), 500)
            .required()
            .value(value(|known| &known.title.en)),
        line("source", desk.say("Nguồn, căn cứ", "Source"), 500)
            .required()
            .value(value(|known| &known.source)),
        owner,
        reason(desk.say("Lý do", "Reason")),
    ];
    if known.is_none() {
        list.insert(0, name);
    }
    let mut form = form(id, desk.say("Lưu danh mục", "Save the catalog"), list);
    form.help = Some(desk.say(
        "Thuộc tính riêng của các mã (ví dụ hệ số) được khai bằng lệnh dinh catalog define.",
        "Attributes of the entries, such as a coefficient, are declared by the command dinh catalog define.",
    ));
    form
}

/// What comes back from the list.
pub fn create(desk: &mut Desk<'_>, inputs: &Inputs<'_>) -> Given<Outcome> {
    let name = inputs.text("name").to_owned();
    if catalogs(desk.call)?.iter().any(|known| known.definition.name == name) {
        return Err(ServiceError::exists(dinh_services::Thing::Catalog, name).into());
    }
    save(desk, inputs, name, Vec::new())
}

fn save(
    desk: &mut Desk<'_>,
    inputs: &Inputs<'_>,
    name: String,
    attributes: Vec<catalog::Attribute>,
) -> Given<Outcome> {
    let definition = Definition {
        name,
        title: Localized::new(inputs.text("vi"), inputs.text("en")),
        source: inputs.text("source").to_owned(),
        owner: inputs.unit("owner"),
        attributes,
    };
    define(desk.call, &definition, inputs.text("reason"))?;
    desk.done(format!("/catalogs/{}", definition.name), "Đã lưu danh mục", "The catalog was saved")
}

/// `/catalogs/NAME`
pub fn one(desk: &mut Desk<'_>, name: &str) -> Given<Page> {
    let now = open(desk.call, name).map_err(|_| desk.missing())?;
    let then = match desk.parsed::<u32>("version")? {
        None => None,
        Some(version) => Some(catalog::at_version(desk.call, name, version)?.ok_or_else(|| desk.missing())?),
    };
    let shown = then.as_ref().unwrap_or(&now);
    let about = &now.catalog().definition;
    let day = desk.day("day")?.unwrap_or_else(|| desk.call.today());
    let mut page = blank(about.title.get(desk.language()).to_owned());
    page.subtitle = Some(about.name.clone());
    page.breadcrumbs = way(desk, None);
    if catalog::require_proposer(desk.call).is_ok() {
        page.actions.push(open_first(
            desk.say("Đề nghị thêm mã", "Propose an entry"),
            format!("/catalogs/{name}/propose"),
        ));
        page.actions
            .push(go(desk.say("Đề nghị từ tệp", "Propose from a file"), format!("/catalogs/{name}/import")));
    }
    page.sections.push(untitled("facts", vec![described(desk, &now)]));
    let mut blocks = Vec::new();
    if let Some(then) = &then {
        let version = then.catalog().version;
        blocks.push(note(match desk.language() {
            dinh_model::Language::Vi => format!("Danh mục như tại phiên bản {version}."),
            dinh_model::Language::En => format!("The catalog as it was at version {version}."),
        }));
    }
    blocks.push(narrowing(desk, day));
    blocks.push(list(desk, shown, day)?);
    page.sections.push(section("list", desk.say("Các mã", "Entries"), blocks));
    if desk.exporting() {
        return Ok(page);
    }
    page.sections.push(translation(desk, &now)?);
    page.sections.push(usage(desk, name));
    let all = versions(desk.call, name, None, VERSIONS)?;
    let list = entries::versions(desk, name, &all).within().block();
    page.sections.push(section("history", desk.say("Các phiên bản", "Versions"), vec![list]));
    if manages(desk, about.owner)? {
        let change = definition(desk, "change", line("name", String::new(), 40), Some(about));
        let title = desk.say("Sửa thông tin danh mục", "Change what the catalog is");
        page.sections.push(folded_form("definition", title, change));
    }
    Ok(page)
}

/// The way to the pages of a catalog.
pub fn way(desk: &Desk<'_>, catalog: Option<&Catalog>) -> Vec<dinh_runtime::bindings::views::Link> {
    let mut links = vec![link(desk.say("Danh mục dùng chung", "Shared catalogs"), "/catalogs")];
    links.extend(catalog.map(|catalog| {
        let title = catalog.definition.title.get(desk.language());
        link(title, format!("/catalogs/{}", catalog.definition.name))
    }));
    desk.way(links)
}

/// Whether the reader is a steward of the owner.
fn manages(desk: &mut Desk<'_>, owner: Option<UnitId>) -> Given<bool> {
    Ok(match owner {
        Some(owner) => desk.may(&CATALOG_MANAGE, owner),
        None => desk.call.require_everywhere(&CATALOG_MANAGE).is_ok(),
    })
}

fn described(desk: &Desk<'_>, compiled: &Compiled) -> Block {
    let about = &compiled.catalog().definition;
    let owner = desk.say("Đơn vị quản lý", "Owner");
    let owner = match about.owner {
        Some(unit) => leading(owner, fields::unit(unit), format!("/units/{unit}")),
        None => fact(owner, text(owner_name(desk, None))),
    };
    facts(vec![
        fact(desk.say("Nguồn, căn cứ", "Source"), text(&about.source)),
        owner,
        fact(desk.say("Phiên bản", "Version"), super::blocks::count(compiled.catalog().version as usize)),
        fact(desk.say("Tổng số mã", "Entries"), super::blocks::count(compiled.entries().len())),
    ])
}

fn narrowing(desk: &Desk<'_>, day: Date) -> Block {
    let terms = vec![
        option("on", desk.say("Có hiệu lực vào ngày", "In force on the day")),
        option("all", desk.say("Tất cả, kể cả hết hiệu lực", "All, ended ones too")),
    ];
    let wanted = if desk.query("term") == Some("all") { "all" } else { "on" };
    filters(
        desk.say("Lọc", "Filter"),
        vec![
            line("name", desk.say("Tên hoặc mã", "Name or code"), 100),
            date("day", desk.say("Vào ngày", "On the day")).value(fields::day(day)),
            choice("term", desk.say("Hiệu lực", "Term"), terms).value(text(wanted)).required(),
        ],
    )
}

/// The entries that are asked for, in the order of the tree, or flat when they are searched.
fn list(desk: &Desk<'_>, compiled: &Compiled, day: Date) -> Given<Block> {
    let all = desk.query("term") == Some("all") || desk.query("version").is_some();
    let meant = |entry: &&Entry| all || entry.is_valid_on(day);
    let rows = match desk.query("name").map(words_of::fold) {
        Some(words) => {
            let has = |entry: &&Entry| {
                let said = [&entry.code, &entry.name.vi, &entry.name.en].map(String::as_str).join(" ");
                words_of::fold(&format!("{said} {}", entry.aliases.join(" "))).contains(&words)
            };
            entries::flat(compiled.entries().iter().filter(meant).filter(has))
        }
        None => tree(compiled, &meant),
    };
    let start = match desk.query("after") {
        None => 0,
        Some(after) => {
            let place = rows.iter().position(|row| row.entry.code == after);
            place.ok_or_else(|| desk.unclear("after"))? + 1
        }
    };
    let end = rows.len().min(start + desk.rows());
    let part = rows.get(start..end).unwrap_or_default();
    let next = part.last().filter(|_| end < rows.len()).map(|last| last.entry.code.clone());
    let about = &compiled.catalog().definition;
    let table = entries::table(desk, "entries", (&about.name, &about.attributes), part, day);
    Ok(table.paged(desk.started(), next).block())
}

/// The entries in the order of the tree: each after the one above it, where that is shown.
fn tree<'a>(compiled: &'a Compiled, meant: &dyn Fn(&&Entry) -> bool) -> Vec<Listed<'a>> {
    let shown_above = |entry: &&Entry| {
        let above = entry.parent.as_deref().and_then(|above| compiled.get(above));
        above.is_some_and(|above| meant(&above))
    };
    let tops = compiled.entries().iter().filter(meant).filter(|entry| !shown_above(entry));
    let mut ahead: Vec<Listed<'_>> = entries::flat(tops);
    ahead.reverse();
    let mut rows = Vec::new();
    while let Some(row) = ahead.pop() {
        let depth = DEPTH.min(row.depth + 1);
        let below = compiled.below(&row.entry.code).into_iter().filter(meant).rev();
        ahead.extend(below.map(|entry| Listed { entry, depth }));
        rows.push(row);
    }
    rows
}

/// What a code is on another day.
fn translation(desk: &Desk<'_>, compiled: &Compiled) -> Given<Section> {
    let about = &compiled.catalog().definition;
    let day = desk.day("to")?.unwrap_or_else(|| desk.call.today());
    let code = desk.query("code");
    let asked = filters(
        desk.say("Quy đổi", "Translate"),
        vec![
            line("code", desk.say("Mã cũ hoặc mới", "Old or new code"), 40)
                .value(code.map_or(Value::Empty, text)),
            date("to", desk.say("Sang mã của ngày", "To the codes of")).value(fields::day(day)),
        ],
    );
    let mut blocks = vec![asked];
    if let Some(code) = code {
        blocks.extend(translated(desk, compiled, code, day));
    }
    let title = desk.say("Quy đổi mã theo ngày", "Translate a code");
    Ok(match code {
        Some(_) => section("translation", title, blocks),
        None => folded("translation", title, blocks),
    })
    .map(|section| Section { id: format!("{}-{}", section.id, about.name), ..section })
}

/// The answer, with everything that it can be.
pub fn translated(desk: &Desk<'_>, compiled: &Compiled, code: &str, day: Date) -> Vec<Block> {
    let about = &compiled.catalog().definition;
    let on = crate::format::date(day);
    let Some(found) = compiled.translate(code, day) else {
        return vec![note(format!("{} “{code}”.", desk.say("Danh mục không có mã", "There is no code")))];
    };
    let (vi, en) = match &found {
        Translation::Exact(_) => ("đúng một mã", "exactly one"),
        Translation::Ambiguous(_) => (
            "nhiều khả năng, riêng mã không cho biết là mã nào; cần xem bản ghi",
            "several possibilities; the code alone does not say which",
        ),
        Translation::None => ("không có mã tương ứng", "nothing"),
    };
    let said = format!("{code} {} {on}: {}.", desk.say("vào ngày", "on"), desk.say(vi, en));
    let rows = entries::flat(found.candidates());
    let mut blocks = vec![note(said)];
    if !rows.is_empty() {
        let table = entries::table(desk, "translated", (&about.name, &about.attributes), &rows, day);
        blocks.push(table.within().block());
    }
    blocks
}

/// The fields of applications that hold codes of the catalog.
fn usage(desk: &Desk<'_>, name: &str) -> Section {
    let language = desk.language();
    let fields = desk.bound_fields(name);
    let none = desk.say("Chưa ứng dụng nào dùng danh mục này.", "No application uses this catalog.");
    let title = |place: usize| {
        move |field: &dinh_runtime::usage::BoundField| {
            field.titles().get(place).map(|title| title.get(language).to_owned()).unwrap_or_default()
        }
    };
    let list = Rows::new("usage", &fields, none)
        .text("plugin", desk.say("Ứng dụng", "Application"), title(0))
        .text("collection", desk.say("Sổ, bảng", "Collection"), title(1))
        .text("field", desk.say("Trường", "Field"), title(2))
        .code("path", desk.say("Tên mã", "Name"), |field| field.path());
    section("usage-of", desk.say("Nơi sử dụng", "Used by"), vec![list.within().block()])
}

/// What comes back from the page of a catalog.
pub fn change(desk: &mut Desk<'_>, inputs: &Inputs<'_>, name: &str) -> Given<Outcome> {
    let known = open(desk.call, name).map_err(|_| desk.missing())?;
    save(desk, inputs, name.to_owned(), known.catalog().definition.attributes.clone())
}

/// Why entries are proposed.
pub fn why(desk: &Desk<'_>) -> dinh_runtime::bindings::views::Field {
    reason(desk.say("Lý do, căn cứ", "Reason and basis"))
}
