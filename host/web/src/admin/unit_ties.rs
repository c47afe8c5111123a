//! What ties a unit to others and to the world: where its work came from and went, its domain names.

use dinh_model::UnitId;
use dinh_runtime::bindings::pages::Outcome;
use dinh_runtime::bindings::views::{Action, Block, Effect, FieldKind, Prominence, Section, SubmitEffect};
use dinh_services::accounts::{
    Unit, add_domain, add_successor, domains_of, predecessors, remove_domain, successors,
};
use dinh_services::permissions::UNIT_MANAGE;

use super::blocks::section;
use super::desk::{Desk, Given, Inputs};
use super::fields::{Described, field, form, line};
use super::table::Rows;
use super::words;

/// Predecessors, successors and domain names of a unit.
pub fn of_unit(desk: &Desk<'_>, unit: &Unit) -> Given<Vec<Section>> {
    Ok(vec![lineage(desk, unit)?, domains(desk, unit.id)?])
}

fn lineage(desk: &Desk<'_>, unit: &Unit) -> Given<Section> {
    let before = predecessors(desk.call, unit.id)?;
    let after = successors(desk.call, unit.id)?;
    let mut blocks = vec![
        units(desk, "predecessors", &before, desk.say("Tiếp nhận công việc của", "Took over from")),
        units(desk, "successors", &after, desk.say("Đơn vị kế thừa", "Successors")),
    ];
    if unit.valid_until.is_some() && desk.may(&UNIT_MANAGE, unit.id) {
        let to = field("successor", desk.say("Đơn vị kế thừa", "Successor"), FieldKind::Unit).required();
        let mut add = form("add-successor", desk.say("Ghi đơn vị kế thừa", "Record it"), vec![to]);
        add.title = Some(desk.say("Thêm đơn vị kế thừa", "Add a successor"));
        blocks.push(Block::Form(add));
    }
    let title = desk.say("Kế thừa khi sáp nhập, chia tách", "Merged from, split into");
    Ok(section("lineage", title, blocks))
}

fn units(desk: &Desk<'_>, id: &str, units: &[Unit], caption: String) -> Block {
    let (today, language) = (desk.call.today(), desk.language());
    Rows::new(id, units, desk.say("Không có.", "None."))
        .text("name", desk.say("Tên đơn vị", "Name"), |unit| unit.name.clone())
        .target(|unit| Some(format!("/units/{}", unit.id)))
        .code("code", desk.say("Mã", "Code"), |unit| unit.code.clone())
        .badge("state", desk.say("Tình trạng", "State"), |unit| words::validity(unit, today, language))
        .caption(caption)
        .within()
        .block()
}

fn domains(desk: &Desk<'_>, id: UnitId) -> Given<Section> {
    let listed = domains_of(desk.call, id)?;
    let rows = Rows::new("domains", &listed, desk.say("Chưa có tên miền.", "No domain names."))
        .code("domain", desk.say("Tên miền", "Domain name"), String::clone)
        .within();
    let mut blocks = Vec::new();
    if desk.may(&UNIT_MANAGE, id) {
        let confirm = desk.say("Gỡ các tên miền đã chọn?", "Remove the selected domain names?");
        let effect =
            SubmitEffect { form: "remove-domains".into(), inputs: Vec::new(), confirm: Some(confirm) };
        let remove = Action {
            text: desk.say("Gỡ tên miền", "Remove"),
            prominence: Prominence::Danger,
            effect: Effect::Submit(effect),
            disabled: None,
        };
        blocks.push(rows.bulk(String::clone, vec![remove]).block());
        let name = line("domain", desk.say("Tên miền mới", "New domain name"), 253).required();
        let name = name.help(desk.say("Ví dụ: skhdt.laocai.gov.vn", "For example: skhdt.laocai.gov.vn"));
        blocks.push(Block::Form(form("add-domain", desk.say("Thêm tên miền", "Add"), vec![name])));
    } else {
        blocks.push(rows.block());
    }
    Ok(section("domain-names", desk.say("Tên miền", "Domain names"), blocks))
}

/// What comes back from those forms.
pub fn submit(desk: &mut Desk<'_>, inputs: &Inputs<'_>, id: UnitId) -> Given<Outcome> {
    let here = format!("/units/{id}");
    match inputs.0.form.as_str() {
        "add-successor" => {
            let successor = inputs.unit("successor").ok_or_else(|| desk.missing())?;
            add_successor(desk.call, id, successor)?;
            desk.done(here, "Đã ghi đơn vị kế thừa", "The successor was recorded")
        }
        "add-domain" => {
            add_domain(desk.call, id, inputs.text("domain"))?;
            desk.done(here, "Đã thêm tên miền", "The domain name was added")
        }
        "remove-domains" => {
            for domain in &inputs.0.selected {
                remove_domain(desk.call, id, domain)?;
            }
            desk.done(here, "Đã gỡ tên miền", "The domain names were removed")
        }
        _ => Err(desk.missing()),
    }
}
