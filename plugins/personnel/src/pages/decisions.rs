//! The register of decisions.

use dinh_sdk::prelude::*;

use super::decision_of;
use crate::model::Decision;
use crate::model::decision::{Kind, state, state_name};
use crate::units;

/// Decisions on one page, and in one part of an export.
const PAGE: u32 = 50;
const EXPORTED: u32 = 1000;

/// What the page may be asked for.
#[derive(Query)]
struct Asked {
    state: Option<String>,
    kind: Option<String>,
}

/// Draws the register.
pub(crate) fn draw(request: &Request) -> Result<Page> {
    let asked: Asked = request.query()?;
    let say = |vi, en| request.say(vi, en);
    let language = request.language();
    let limit = if request.export().is_some() { EXPORTED } else { PAGE };
    let found = Decision::all()
        .filter_some(asked.state.clone().map(|state| Decision::STATE.is(state)))
        .filter_some(asked.kind.clone().map(|kind| Decision::KIND.is(kind)))
        .order_by(Decision::DRAFTED_AT.descending())
        .page(request.after(), limit)?;
    let table = Table::of("decisions", &found.rows)
        .column(Head::new("title", say("Trích yếu", "Subject")).wide(), |row| row.title.as_str())
        .column(Head::new("number", say("Số, ký hiệu", "Number")), |row| {
            row.sign(&row.issuer.map(units::code).unwrap_or_default())
        })
        .column(Head::new("signed-on", say("Ngày ký", "Signed on")).format(Format::Date), |row| {
            row.signed_on
        })
        .column(
            Head::new("effective-on", say("Hiệu lực từ", "In effect from")).format(Format::Date),
            |row| row.effective_on,
        )
        .column(Head::new("unit", say("Đơn vị", "Unit")), |row| row.unit)
        .column(Head::new("drafted-by", say("Dự thảo", "Drafted by")), |row| row.drafted_by)
        .column(Head::new("signed-by", say("Người ký", "Signed by")), |row| row.signed_by)
        .column(Head::new("state", say("Trạng thái", "State")).format(Format::Badge), |row| {
            let (name, tone) = state_name(&row.state, language);
            Cell::new(name).tone(tone)
        })
        .row_target(|row| Some(decision_of(row.id)))
        .build()
        .empty(say("Chưa có quyết định nào.", "No decisions yet."))
        .paged(request, found.next);
    let states = [state::DRAFT, state::SUBMITTED, state::RETURNED, state::PENDING, state::SIGNED];
    let states = states.map(|state| Choice::new(state, state_name(state, language).0)).to_vec();
    let kinds = Kind::ALL.map(|kind| Choice::new(kind.key(), kind.name(language))).to_vec();
    let filters = Filters::new(vec![
        Field::choice("state", say("Trạng thái", "State"), states).value(asked.state).width(4),
        Field::choice("kind", say("Loại", "Kind"), kinds).value(asked.kind).width(4),
    ]);
    Ok(Page::new(say("Quyết định nhân sự", "Decisions")).block(filters).block(table))
}
