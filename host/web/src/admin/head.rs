//! The head administrator (quản trị tối cao) of a unit: who it is, named, handed over.

use dinh_model::{Label, UnitId};
use dinh_runtime::bindings::pages::Outcome;
use dinh_runtime::bindings::views::{Field, FieldKind, Form, Section};
use dinh_services::accounts::{Unit, hand_over, head_of, name_head};
use dinh_services::permissions::GRANT_MANAGE;

use super::blocks::{fact, facts, folded_form, leading, moment, note, section, text};
use super::desk::{Desk, Given, Inputs};
use super::fields::{Described, choice, field, form, reason};
use super::words;

/// Who is responsible for a unit, and, folded, the form that asks for somebody else.
pub fn of_unit(desk: &Desk<'_>, unit: &Unit) -> Given<Vec<Section>> {
    let title = desk.say("Quản trị tối cao", "Head administrator");
    let head = head_of(desk.call, unit.id)?;
    let own = head.as_ref().is_some_and(|head| head.unit == unit.id);
    let mut blocks = Vec::new();
    match &head {
        None => blocks.push(note(desk.say(
            "Chưa có ai: đơn vị gốc chưa được chỉ định quản trị tối cao.",
            "Nobody yet: no unit above has one either.",
        ))),
        Some(head) => {
            let name = text(desk.person_name(head.account));
            let mut list = vec![
                leading(title.clone(), name, format!("/people/{}", head.account)),
                fact(desk.say("Độ mật đến", "Up to the label"), text(head.label.name(desk.language()))),
                fact(desk.say("Từ lúc", "Since"), moment(head.since)),
            ];
            if !own {
                let above = desk.say("Là quản trị tối cao của đơn vị cấp trên", "Head of the unit above");
                list.push(leading(above, text(desk.unit_name(head.unit)), format!("/units/{}", head.unit)));
            }
            blocks.push(facts(list));
        }
    }
    let mut sections = vec![section("head", title, blocks)];
    if desk.may(&GRANT_MANAGE, unit.id) {
        let (title, form) = if own { handing_over(desk) } else { naming(desk) };
        sections.push(folded_form("another-head", title, form));
    }
    Ok(sections)
}

fn taker(desk: &Desk<'_>) -> Field {
    field("head", desk.say("Quản trị tối cao mới", "New head administrator"), FieldKind::Account).required()
}

fn naming(desk: &Desk<'_>) -> (String, Form) {
    let label = choice("label", desk.say("Độ mật đến", "Up to the label"), words::labels(desk.language()));
    let form = form(
        "name-head",
        desk.say("Đề nghị chỉ định", "Ask for it"),
        vec![
            taker(desk),
            label.required().value(text(Label::Ordinary.as_str())),
            reason(desk.say("Lý do, căn cứ", "Reason and basis")),
        ],
    );
    (desk.say("Chỉ định quản trị tối cao riêng của đơn vị", "Name a head of the unit's own"), form)
}

fn handing_over(desk: &Desk<'_>) -> (String, Form) {
    let why = reason(desk.say("Lý do, căn cứ", "Reason and basis"));
    let mut form = form("hand-over", desk.say("Đề nghị bàn giao", "Ask for it"), vec![taker(desk), why]);
    form.help = Some(desk.say(
        "Người đang giữ vẫn là quản trị tối cao cho đến khi người thứ hai phê duyệt.",
        "Whoever is the head stays it until a second person approves.",
    ));
    (desk.say("Bàn giao quản trị tối cao cho người khác", "Hand the head over to somebody else"), form)
}

/// What comes back from those forms.
pub fn submit(desk: &mut Desk<'_>, inputs: &Inputs<'_>, id: UnitId) -> Given<Outcome> {
    let here = format!("/units/{id}");
    let head = inputs.account("head").ok_or_else(|| desk.missing())?;
    let why = inputs.text("reason");
    let made = match inputs.0.form.as_str() {
        "name-head" => name_head(desk.call, id, head, inputs.parsed("label")?, why)?,
        "hand-over" => hand_over(desk.call, id, head, why)?,
        _ => return Err(desk.missing()),
    };
    desk.done_or_asked(here, made.request, "Đã chỉ định quản trị tối cao", "The head administrator was named")
}
