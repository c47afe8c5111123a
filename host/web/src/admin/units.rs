//! Units (đơn vị): the tree as a table, and a new one.

use dinh_model::{UnitId, text};
use dinh_runtime::bindings::pages::Outcome;
use dinh_runtime::bindings::views::{Block, Page};
use dinh_services::accounts::{NewUnit, Unit, create_root, create_unit, list_all_units};
use dinh_services::permissions::{ACCOUNT_MANAGE, AUDIT_READ, GRANT_MANAGE, UNIT_MANAGE};
use dinh_services::{Call, Reach, ServiceError};

use super::blocks::{folded, link, open_first, page as blank, untitled};
use super::desk::{Desk, Given, Inputs};
use super::fields::{self, Described, choice, date, filters, form, line, option};
use super::table::Rows;
use super::words;

/// Deepest level that is listed.
const DEPTH: usize = 12;

/// A unit of the tree.
pub struct Seen {
    /// The unit.
    pub unit: Unit,
    /// How deep it is below the topmost unit that the reader sees.
    pub depth: usize,
}

/// The units in which the reader administers anything, whatever their terms, in the order of the tree.
pub fn seen(desk: &mut Desk<'_>) -> Given<Vec<Seen>> {
    let mut reaches = Vec::new();
    for permission in [&UNIT_MANAGE, &ACCOUNT_MANAGE, &GRANT_MANAGE, &AUDIT_READ] {
        reaches.extend(desk.call.require_somewhere(permission, None));
    }
    let mut list = Vec::new();
    below(desk.call, &reaches, None, (0, 0), &mut list)?;
    Ok(list)
}

fn below(
    call: &Call,
    reaches: &[Reach],
    parent: Option<UnitId>,
    (level, depth): (usize, usize),
    list: &mut Vec<Seen>,
) -> Result<(), ServiceError> {
    if level > DEPTH {
        return Ok(());
    }
    for unit in list_all_units(call, parent)? {
        let id = unit.id;
        let sees = reaches.iter().any(|reach| reach.has(id));
        if sees {
            list.push(Seen { unit, depth });
        }
        below(call, reaches, Some(id), (level + 1, depth + usize::from(sees)), list)?;
    }
    Ok(())
}

/// `/units`
pub fn page(desk: &mut Desk<'_>) -> Given<Page> {
    let today = desk.call.today();
    let mut units = seen(desk)?;
    let named = desk.query("name").map(text::fold);
    if let Some(words) = &named {
        let has = |unit: &Unit| text::fold(&format!("{} {}", unit.name, unit.code)).contains(words);
        units.retain(|seen| has(&seen.unit));
    }
    match desk.query("term") {
        Some("all") => {}
        Some("ended") => units.retain(|seen| seen.unit.valid_until.is_some_and(|until| until <= today)),
        _ => units.retain(|seen| seen.unit.is_valid_on(today)),
    }
    // Texts of an export are read by programs; there the unit above says where a unit is.
    let indented = named.is_none() && !desk.exporting();
    let language = desk.language();
    let name = |seen: &Seen| {
        let depth = if indented { seen.depth } else { 0 };
        format!("{}{}", "\u{2003}".repeat(depth), seen.unit.name)
    };
    let above = |seen: &Seen| seen.unit.parent.map(|parent| desk.unit_name(parent));
    let rows = Rows::new("units", &units, desk.say("Không có đơn vị nào.", "No units."))
        .text("name", desk.say("Tên đơn vị", "Name"), name)
        .target(|seen| Some(format!("/units/{}", seen.unit.id)))
        .code("code", desk.say("Mã", "Code"), |seen| seen.unit.code.clone())
        .text("kind", desk.say("Loại", "Kind"), |seen| match desk.exporting() {
            true => seen.unit.kind.clone(),
            false => words::unit_kind(&seen.unit.kind, language),
        })
        .maybe("above", desk.say("Đơn vị cấp trên", "Unit above"), above)
        .day("from", desk.say("Từ ngày", "From"), |seen| Some(seen.unit.valid_from))
        .day("until", desk.say("Đến hết ngày", "Through"), |seen| words::last_of(&seen.unit))
        .badge("state", desk.say("Tình trạng", "State"), |seen| {
            words::validity(&seen.unit, today, language)
        })
        .cancelled(|seen| seen.unit.valid_until.is_some_and(|until| until <= today));
    let terms = vec![
        option("all", desk.say("Tất cả, kể cả đã kết thúc", "All, ended ones too")),
        option("ended", desk.say("Đã kết thúc", "Ended")),
        option("today", desk.say("Đang hoạt động hôm nay", "In their terms today")),
    ];
    let narrowing = vec![
        line("name", desk.say("Tên hoặc mã", "Name or code"), 100),
        choice("term", desk.say("Tình trạng", "State"), terms)
            .value(dinh_runtime::bindings::types::Value::Text("today".into()))
            .required(),
    ];
    let list = rows.block();
    let mut page = blank(desk.say("Đơn vị", "Units"));
    page.breadcrumbs = desk.way(vec![]);
    if desk.call.require_somewhere(&UNIT_MANAGE, None).is_ok() {
        page.actions = vec![open_first(desk.say("Thêm đơn vị", "New unit"), "/units/new")];
    }
    page.sections = vec![untitled("list", vec![filters(desk.say("Lọc", "Filter"), narrowing), list])];
    Ok(page)
}

/// `/units/new`
pub fn new_page(desk: &mut Desk<'_>) -> Given<Page> {
    desk.call.require_somewhere(&UNIT_MANAGE, None)?;
    let parent: Option<UnitId> = desk.parsed("parent")?;
    let above = fields::field(
        "parent",
        desk.say("Đơn vị cấp trên", "Unit above"),
        dinh_runtime::bindings::views::FieldKind::Unit,
    )
    .required()
    .value(parent.map_or(dinh_runtime::bindings::types::Value::Empty, fields::unit));
    let fields = vec![
        line("code", desk.say("Mã đơn vị", "Code"), 40).required().help(desk.say(
            "Chữ thường không dấu, số, gạch nối; không đổi được về sau. Ví dụ: skhdt-thqh.",
            "a–z, 0–9 and hyphens; it cannot be changed later. For example: skhdt-thqh.",
        )),
        line("name", desk.say("Tên đầy đủ", "Full name"), 200).required(),
        line("kind", desk.say("Loại đơn vị", "Kind"), 40)
            .required()
            .help(desk.say(
                "Một trong: tinh (tỉnh), dang (cơ quan Đảng), so (sở, ban, ngành), phong (phòng), phuong (phường), xa (xã), dac-khu (đặc khu), chi-bo (chi bộ); hoặc mã khác, không dấu.",
                "One of: tinh (province), dang (Party body), so (department), phong (division), phuong (ward), xa (commune), dac-khu (special zone), chi-bo (Party cell); or another word.",
            )),
        above,
        date("from", desk.say("Hoạt động từ ngày", "From")).required().value(fields::day(desk.call.today())),
    ];
    let mut create = form("create", desk.say("Tạo đơn vị", "Create"), fields);
    create.cancel = Some(super::blocks::to("/units"));
    let root = root_form(desk);
    let mut page = blank(desk.say("Thêm đơn vị", "New unit"));
    page.breadcrumbs = desk.way(vec![link(desk.say("Đơn vị", "Units"), "/units")]);
    page.sections = vec![untitled("new", vec![Block::Form(create)])];
    if desk.call.require_everywhere(&UNIT_MANAGE).is_ok() {
        let title = desk.say("Lập thêm một đơn vị gốc", "Another root of the tree");
        page.sections.push(folded("root", title, vec![Block::Form(root)]));
    }
    Ok(page)
}

/// What asks for a root beside those there are: rare enough to be said on purpose.
fn root_form(desk: &Desk<'_>) -> dinh_runtime::bindings::views::Form {
    let fields = vec![
        line("code", desk.say("Mã đơn vị", "Code"), 40).required(),
        line("name", desk.say("Tên đầy đủ", "Full name"), 200).required(),
        line("kind", desk.say("Loại đơn vị", "Kind"), 40).required(),
        date("from", desk.say("Hoạt động từ ngày", "From")).required().value(fields::day(desk.call.today())),
        fields::reason(desk.say("Lý do, căn cứ", "Reason and basis")),
    ];
    let mut root = form("create-root", desk.say("Đề nghị lập đơn vị gốc", "Ask for the root"), fields);
    root.help = Some(desk.say(
        "Đơn vị gốc không có đơn vị cấp trên. Ai có vai trò của hệ thống tại mọi đơn vị gốc hiện có sẽ có vai trò đó tại đơn vị gốc mới. Cần người thứ hai phê duyệt.",
        "A root has no unit above it. Whoever has a role of the platform at all roots there are has it at the new one. A second person has to approve.",
    ));
    root
}

/// What comes back from it.
pub fn create(desk: &mut Desk<'_>, inputs: &Inputs<'_>) -> Given<Outcome> {
    let new = NewUnit {
        code: inputs.text("code").to_owned(),
        name: inputs.text("name").to_owned(),
        kind: inputs.text("kind").to_owned(),
        parent: inputs.unit("parent"),
        valid_from: inputs.day("from").unwrap_or(desk.call.today()),
    };
    if inputs.0.form == "create-root" {
        let request = create_root(desk.call, NewUnit { parent: None, ..new }, inputs.text("reason"))?;
        return desk.done_or_asked("/units".to_owned(), request, "Đã lập đơn vị gốc", "The root was created");
    }
    let id = create_unit(desk.call, new)?;
    desk.done(format!("/units/{id}"), "Đã tạo đơn vị", "The unit was created")
}
