//! What is due without a rule: decisions whose day has come, records that lack something.

use dinh_sdk::prelude::*;
use dinh_sdk::time;

use super::List;
use crate::model::common::{Grades, parameters};
use crate::model::decision::state;
use crate::model::{Decision, Person, paper, status};
use crate::pages::{decision_of, papers, sheet_of};
use crate::sheet::{check, fields};
use crate::units::Units;

/// Decisions that were signed ahead.
pub(super) fn taking_effect(request: &Request) -> Result<Table> {
    let say = |vi, en| request.say(vi, en);
    let today = time::today();
    let mut pending = Decision::all().filter(Decision::STATE.is(state::PENDING.to_owned())).list()?;
    pending.sort_by_key(|decision| decision.effective_on);
    Ok(Table::of("due", &pending)
        .column(Head::new("title", say("Trích yếu", "Subject")).wide(), |row| row.title.as_str())
        .column(Head::new("unit", say("Đơn vị", "Unit")), |row| row.unit)
        .column(Head::new("day", say("Hiệu lực từ", "In effect from")).format(Format::Date), |row| {
            let tone = if row.effective_on <= today { Tone::Warning } else { Tone::Neutral };
            Cell::new(row.effective_on).tone(tone)
        })
        .row_target(|row| Some(decision_of(row.id)))
        .build()
        .caption(List::Effect.name(request))
        .empty(say("Không có quyết định nào chờ hiệu lực.", "No decision waits for its day.")))
}

/// Officers whose records lack what a complete one has.
pub(super) fn incomplete(request: &Request, unit: Option<UnitId>) -> Result<Table> {
    let say = |vi, en| request.say(vi, en);
    let labels = fields::all(request, &Grades::default());
    let label = |name: &str| labels.iter().find(|field| field.name == name).map_or("", |field| &field.label);
    let mut people = Person::all()
        .filter(Person::STATUS.is(status::WORKING.to_owned()))
        .order_by(Person::SORT_NAME.ascending())
        .list()?;
    if let Some(unit) = unit {
        let within = Units::load().within(unit);
        people.retain(|person| within.contains(&person.unit));
    }
    let (parameters, there, today) = (parameters()?, paper::kinds()?, time::today());
    let none = Vec::new();
    let mut rows = Vec::new();
    for person in people {
        let fields: Vec<&str> = check::missing(&person).iter().map(|name| label(name)).collect();
        let there = there.get(&(person.id.high, person.id.low)).unwrap_or(&none);
        let papers = papers::missing(&parameters, &person, there, today);
        let papers: Vec<&str> = papers.into_iter().map(|(_, vi, en)| say(vi, en)).collect();
        if !fields.is_empty() || !papers.is_empty() {
            rows.push((person, fields.join(", "), papers.join(", ")));
        }
    }
    Ok(Table::of("due", &rows)
        .column(Head::new("name", say("Họ và tên", "Name")).frozen(), |row| row.0.full_name.clone())
        .column(Head::new("code", say("Số hiệu", "Number")).format(Format::Code), |row| {
            row.0.code.clone()
        })
        .column(Head::new("unit", say("Đơn vị", "Unit")), |row| row.0.unit)
        .column(Head::new("missing", say("Thông tin còn thiếu", "Missing fields")).wide(), |row| {
            row.1.clone()
        })
        .column(Head::new("papers", say("Giấy tờ còn thiếu", "Missing papers")).wide(), |row| {
            row.2.clone()
        })
        .row_target(|row| Some(sheet_of(row.0.id)))
        .build()
        .caption(List::Papers.name(request))
        .empty(say("Không có hồ sơ nào thiếu.", "No record is incomplete.")))
}
