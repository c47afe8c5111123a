//! The periods that were submitted, and the one that may be.

use dinh_sdk::access;
use dinh_sdk::prelude::*;

use super::{Scope, money, state_name};
use crate::model::Period;
use crate::permission;

/// Draws the page.
pub(crate) fn draw(request: &Request) -> Result<Page> {
    let say = |vi, en| request.say(vi, en);
    let scope = Scope::read(request, permission::READ)?;
    let periods = Period::all()
        .filter(Period::UNIT.is(scope.unit))
        .order_by(Period::MONTH.descending())
        .page(request.after(), 50)?;
    let mut page = Page::new(say("Khoá kỳ đảng phí", "Closing of periods"))
        .letterhead(scope.unit)
        .subtitle(super::unit_name(scope.unit))
        .block(scope.filters(request)?);
    if access::may(permission::PREPARE, scope.unit) {
        let submit = request
            .say(&format!("Trình khoá kỳ {}", scope.month), &format!("Submit {} for closing", scope.month))
            .to_owned();
        let submit = scope.button(&submit, "prepare").primary();
        let submit = match Period::locking(scope.unit, scope.month)? {
            None => submit,
            Some(_) => submit.disabled(say(
                "Kỳ này, hoặc kỳ sau, đã khoá hoặc chờ khoá.",
                "It, or a later one, is closed or waits to be.",
            )),
        };
        page = page.block(submit);
    }
    Ok(page.block(
        Table::of("periods", &periods.rows)
            .column(Head::new("month", say("Kỳ", "Period")).format(Format::Month), |row| row.month)
            .column(Head::new("state", say("Trạng thái", "State")).format(Format::Badge), |row| {
                let (name, tone) = state_name(request, Some(&row.state));
                Cell::new(name).tone(tone)
            })
            .column(Head::new("members", say("Đảng viên", "Members")).format(Format::Integer), |row| {
                row.members
            })
            .column(Head::new("exempt", say("Được miễn", "Exempt")).format(Format::Integer), |row| {
                row.exempt
            })
            .column(money("due", say("Phải đóng", "Due")), |row| row.due)
            .column(money("collected", say("Đã thu", "Collected")), |row| row.collected)
            .column(money("unpaid", say("Chưa đóng", "Unpaid")), |row| row.unpaid)
            .column(Head::new("prepared-by", say("Người trình", "Submitted by")), |row| row.prepared_by)
            .column(Head::new("decided-by", say("Người duyệt", "Decided by")), |row| row.decided_by)
            .row_target(|row| Some(Address::new("/periods").segment(row.id)))
            .build()
            .paged(request, periods.next)
            .empty(say("Chưa trình khoá kỳ nào.", "No period was submitted yet.")),
    ))
}
