//! One unit: what it is, who heads it, what is in it, who has rights there; renamed, moved, ended.

use dinh_model::{Localized, UnitId};
use dinh_runtime::bindings::pages::Outcome;
use dinh_runtime::bindings::views::{Block, FieldKind, Page, Section};
use dinh_services::accounts::{
    GrantFilter, NewPosition, PeopleFilter, Unit, create_position, end_unit, find_grants, get_unit, holders,
    list_all_units, list_people, move_unit, positions_in, rename_unit,
};
use dinh_services::permissions::{ACCOUNT_MANAGE, AUDIT_READ, GRANT_MANAGE, UNIT_MANAGE};
use dinh_services::space;

use super::blocks::{
    badge, fact, facts, folded, folded_form, leading, link, note, open, page as blank, section, text,
};
use super::desk::{Desk, Given, Inputs};
use super::fields::{self, Described, date, form, line, showing};
use super::table::Rows;
use super::{grants, head, people, unit_ties, words};

/// People and grants of a unit that its page shows; the lists show all.
const SHOWN: usize = 10;

/// `/units/ID`
pub fn page(desk: &mut Desk<'_>, id: UnitId) -> Given<Page> {
    let unit = get_unit(desk.call, id).map_err(|_| desk.missing())?;
    desk.require_one(&[&UNIT_MANAGE, &ACCOUNT_MANAGE, &GRANT_MANAGE, &AUDIT_READ], id)?;
    let mut page = blank(unit.name.clone());
    page.subtitle = Some(unit.code.clone());
    page.breadcrumbs = desk.way(vec![link(desk.say("Đơn vị", "Units"), "/units")]);
    page.sections.push(section("facts", desk.say("Thông tin", "Details"), vec![about(desk, &unit)]));
    page.sections.extend(head::of_unit(desk, &unit)?);
    page.sections.push(units_below(desk, id)?);
    page.sections.extend(positions(desk, id)?);
    if desk.may(&ACCOUNT_MANAGE, id) || desk.may(&GRANT_MANAGE, id) {
        page.sections.push(staff(desk, id)?);
    }
    if desk.may(&GRANT_MANAGE, id) {
        page.actions.push(open(desk.say("Ai được làm?", "Who may?"), format!("/who-can?unit={id}")));
        page.sections.push(rights(desk, id)?);
    }
    page.sections.extend(unit_ties::of_unit(desk, &unit)?);
    if desk.may(&UNIT_MANAGE, id) {
        let path = format!("/units/new?parent={id}");
        page.actions.push(open(desk.say("Thêm đơn vị trực thuộc", "New unit below"), path));
        page.sections.extend(changes(desk, &unit)?);
    }
    Ok(page)
}

fn about(desk: &Desk<'_>, unit: &Unit) -> Block {
    let (state, tone) = words::validity(unit, desk.call.today(), desk.language());
    let mut list = vec![
        badge(desk.say("Tình trạng", "State"), state, tone),
        fact(desk.say("Mã", "Code"), text(&unit.code)),
        fact(desk.say("Loại", "Kind"), text(words::unit_kind(&unit.kind, desk.language()))),
        fact(desk.say("Từ ngày", "From"), fields::day(unit.valid_from)),
    ];
    if let Some(last) = words::last_of(unit) {
        list.push(fact(desk.say("Đến hết ngày", "Through"), fields::day(last)));
    }
    if let Some(parent) = unit.parent {
        let label = desk.say("Đơn vị cấp trên", "Unit above");
        list.push(leading(label, text(desk.unit_name(parent)), format!("/units/{parent}")));
    }
    facts(list)
}

fn units_below(desk: &Desk<'_>, id: UnitId) -> Given<Section> {
    let (today, language) = (desk.call.today(), desk.language());
    let units = list_all_units(desk.call, Some(id))?;
    let rows = Rows::new("below", &units, desk.say("Không có đơn vị trực thuộc.", "No units below."))
        .text("name", desk.say("Tên đơn vị", "Name"), |unit| unit.name.clone())
        .target(|unit| Some(format!("/units/{}", unit.id)))
        .code("code", desk.say("Mã", "Code"), |unit| unit.code.clone())
        .badge("state", desk.say("Tình trạng", "State"), |unit| words::validity(unit, today, language));
    Ok(section("units", desk.say("Đơn vị trực thuộc", "Units below"), vec![rows.within().block()]))
}

fn positions(desk: &Desk<'_>, id: UnitId) -> Given<Vec<Section>> {
    let now = desk.call.now();
    let mut listed = Vec::new();
    for position in positions_in(desk.call, id)? {
        let held = holders(desk.call, position.id)?;
        let names = held.iter().filter(|held| held.term.contains(now));
        let names: Vec<_> = names.map(|held| desk.person_name(held.account)).collect();
        listed.push((position, names.join(", ")));
    }
    let language = desk.language();
    let rows = Rows::new("positions-of", &listed, desk.say("Chưa có chức vụ nào.", "No positions."))
        .text("title", desk.say("Chức vụ", "Position"), |(position, _)| {
            position.title.get(language).to_owned()
        })
        .target(|(position, _)| Some(format!("/positions/{}", position.id)))
        .maybe("holders", desk.say("Người giữ chức vụ", "Held by"), |(_, names)| {
            Some(names.clone()).filter(|names| !names.is_empty())
        });
    let title = desk.say("Chức vụ", "Positions");
    let mut sections = vec![section("positions", title, vec![rows.within().block()])];
    if desk.may(&ACCOUNT_MANAGE, id) {
        let fields = vec![
            line("vi", desk.say("Tên chức vụ (tiếng Việt)", "Title (Vietnamese)"), 200).required(),
            line("en", desk.say("Tên tiếng Anh", "Title (English)"), 200).required(),
        ];
        let new = form("new-position", desk.say("Thêm chức vụ", "Add the position"), fields);
        let title = desk.say("Thêm chức vụ", "New position");
        sections.push(folded_form("another-position", title, new));
    }
    Ok(sections)
}

fn staff(desk: &mut Desk<'_>, id: UnitId) -> Given<Section> {
    let filter = PeopleFilter { unit: Some(id), ..PeopleFilter::default() };
    let found = list_people(desk.call, &filter, None, SHOWN)?;
    let mut blocks = vec![people::table(desk, "staff", &found.accounts).within().block()];
    let path = format!("/people?unit={id}");
    if found.next.is_some() {
        let all =
            desk.say("Tất cả tài khoản, kể cả của đơn vị trực thuộc", "All accounts, of units below too");
        blocks.push(super::blocks::bullets(vec![link(all, path)]));
    }
    Ok(section(
        "people",
        desk.say("Tài khoản trong đơn vị và đơn vị trực thuộc", "Accounts here and below"),
        blocks,
    ))
}

fn rights(desk: &mut Desk<'_>, id: UnitId) -> Given<Section> {
    let filter = GrantFilter { reaching: Some(id), in_force: Some(true), ..GrantFilter::default() };
    let found = find_grants(desk.call, &filter, None, SHOWN)?;
    let mut blocks =
        vec![grants::table(desk, "reaching", &grants::named(desk, &found.grants)?).within().block()];
    if found.next.is_some() {
        let path = format!("/grants?reaching={id}&standing=in-force");
        blocks.push(super::blocks::bullets(vec![link(
            desk.say("Tất cả phân quyền đến đơn vị này", "All of them"),
            path,
        )]));
    }
    let title = desk.say("Phân quyền có hiệu lực tại đơn vị này", "Grants in force here");
    Ok(section("rights", title, blocks))
}

fn changes(desk: &Desk<'_>, unit: &Unit) -> Given<Vec<Section>> {
    let shown = |form| showing(desk.call, form, "units", unit.id.0, &space::unit(unit.id));
    let name = line("name", desk.say("Tên đầy đủ", "Full name"), 200).required().value(text(&unit.name));
    let rename = shown(form("rename", desk.say("Đổi tên", "Rename"), vec![name]))?;
    let above = fields::field("parent", desk.say("Đơn vị cấp trên mới", "New unit above"), FieldKind::Unit);
    let above = match unit.parent {
        Some(parent) => above.value(fields::unit(parent)),
        None => above,
    };
    let why = fields::reason(desk.say("Lý do, căn cứ", "Reason and basis"));
    let moved = vec![above.required(), why];
    let moved = shown(form("move", desk.say("Đề nghị chuyển đơn vị", "Ask for the move"), moved))?;
    let until = date("until", desk.say("Hoạt động đến hết ngày", "Its last day"));
    let end = shown(form("end", desk.say("Kết thúc đơn vị", "End the unit"), vec![until.required()]))?;
    Ok(vec![
        folded_form("rename-unit", desk.say("Đổi tên đơn vị", "Rename the unit"), rename),
        folded(
            "move-unit",
            desk.say("Chuyển sang đơn vị cấp trên khác", "Move under another unit"),
            vec![
                note(desk.say(
                    "Quyền đi theo vị trí mới: ai có quyền nhờ đơn vị cấp trên cũ sẽ mất quyền ở đây, ai có quyền tại đơn vị cấp trên mới sẽ có thêm. Vì vậy cần người thứ hai phê duyệt.",
                    "Rights follow the new place: whoever had them through the old one loses them here, whoever has them over the new one gains them. So a second person has to approve.",
                )),
                Block::Form(moved),
            ],
        ),
        folded_form("end-unit", desk.say("Kết thúc hoạt động của đơn vị", "End the unit"), end),
    ])
}

/// What comes back from the page of a unit.
pub fn submit(desk: &mut Desk<'_>, inputs: &Inputs<'_>, id: UnitId) -> Given<Outcome> {
    let here = format!("/units/{id}");
    match inputs.0.form.as_str() {
        "rename" => {
            rename_unit(desk.call, id, inputs.text("name"))?;
            desk.done(here, "Đã đổi tên đơn vị", "The unit was renamed")
        }
        "move" => {
            let parent = inputs.unit("parent").ok_or_else(|| desk.missing())?;
            let made = move_unit(desk.call, id, parent, inputs.text("reason"))?;
            desk.done_or_asked(here, made.request, "Đã chuyển đơn vị", "The unit was moved")
        }
        "end" => {
            let last = inputs.day("until").ok_or_else(|| desk.missing())?;
            end_unit(desk.call, id, last.tomorrow().unwrap_or(last))?;
            desk.done(here, "Đã đặt ngày kết thúc", "The end of its term was set")
        }
        "new-position" => {
            let title = Localized::new(inputs.text("vi"), inputs.text("en"));
            let position = create_position(desk.call, NewPosition { unit: id, title })?;
            desk.done(format!("/positions/{position}"), "Đã thêm chức vụ", "The position was added")
        }
        "name-head" | "hand-over" => head::submit(desk, inputs, id),
        _ => unit_ties::submit(desk, inputs, id),
    }
}
