//! What was kept and what is due, taken apart: of each month what came in, the share of it that is kept, and the rest.

use dinh_sdk::prelude::*;

use super::book::undivided;
use super::{Scope, entries, leads, money, remittances, total_name, unit_name};
use crate::book::{self, Tables};
use crate::month::Month;
use crate::permission;
use crate::rules::book::Line;
use crate::rules::retention::{Basis, Divided, Share, divide};

/// How a unit's dues of these months were divided.
pub(crate) fn address(unit: UnitId, from: Month, until: Month) -> Address {
    up_to(unit, until).with("from", from)
}

/// How all of them were, up to a month.
pub(crate) fn up_to(unit: UnitId, until: Month) -> Address {
    Address::new("/division").with("unit", unit).with("until", until)
}

/// A month, or all of them as one.
struct Shown {
    month: Option<Month>,
    line: Line,
    /// By which it was divided, where that is still how it would be.
    share: Option<Share>,
}

/// Draws the page.
pub(crate) fn draw(request: &Request) -> Result<Page> {
    let say = |vi, en| request.say(vi, en);
    let scope = Scope::read(request, permission::READ)?;
    let until: Month = request.optional("until")?.unwrap_or(scope.month);
    let from: Option<Month> = request.optional("from")?;
    let tables = Tables::load()?;
    let book = book::of_unit(request, scope.unit, until, &tables)?;
    let first = from.or_else(|| book.lines.keys().next().copied()).unwrap_or(until).min(until);
    let mut shown: Vec<Shown> = book
        .lines
        .range(first..=until)
        .map(|(month, line)| Shown {
            month: Some(*month),
            line: *line,
            share: share(&tables, &scope, *month, line),
        })
        .collect();
    let unknown = shown.iter().any(|shown| shown.line.divided.is_none());
    if !shown.is_empty() {
        shown.push(Shown { month: None, line: book.sum(first, until), share: None });
    }
    let months = if first == until { until.to_string() } else { format!("{first} – {until}") };
    let mut page = Page::new(say("Trích giữ lại và nộp cấp trên", "Dues kept and handed up"))
        .letterhead(scope.unit)
        .subtitle(format!("{} – {months}", unit_name(scope.unit)))
        .breadcrumb(
            say("Sổ tổng hợp", "Book"),
            Address::new("/book").with("unit", scope.unit).with("month", until),
        );
    if unknown {
        page = page.block(undivided(request));
    }
    Ok(page.block(table(request, scope.unit, (first, until), &shown)))
}

/// The share that a month was divided by; none where it was closed with another one than is recorded now.
fn share(tables: &Tables, scope: &Scope, month: Month, line: &Line) -> Option<Share> {
    let share = tables.share(scope.unit, month)?;
    (line.divided == Some(divide(&share, &line.activity.turnover))).then_some(share)
}

fn table(request: &Request, unit: UnitId, (first, last): (Month, Month), shown: &[Shown]) -> Table {
    let say = |vi, en| request.say(vi, en);
    let span = |shown: &Shown| shown.month.map_or((first, last), |month| (month, month));
    let divided = |shown: &Shown, part: fn(Divided) -> i64| shown.line.divided.map(part);
    let by_total = |shown: &Shown| shown.share.as_ref().is_some_and(|share| share.basis == Basis::Total);
    let mut table = Table::of("division", shown)
        .column(Head::new("month", say("Tháng", "Month")), |shown| {
            shown.month.map_or_else(|| total_name(request), |month| month.to_string())
        })
        .column(money("collected", say("Đã thu", "Collected")), |shown| {
            let (from, until) = span(shown);
            leads(shown.line.activity.turnover.collected, Some(entries::address(unit, from, until)))
        })
        .column(money("received", say("Cấp dưới nộp", "Received from below")), |shown| {
            let (from, until) = span(shown);
            leads(shown.line.activity.turnover.received, Some(remittances::booked(unit, from, until)))
        });
    if shown.iter().any(by_total) {
        let head = say("Tổng thu của cả cấp dưới", "All dues collected, also below");
        table = table.column(money("total", head), |shown| shown.line.activity.turnover.total());
    }
    table
        .column(Head::new("percent", say("Tỷ lệ giữ lại (%)", "Share kept (%)")).decimal(2).narrow(), |shown| {
            shown.share.as_ref().map(|share| share.percent)
        })
        .column(Head::new("basis", say("Tính trên", "Share of")), |shown| {
            shown.share.as_ref().map(|share| share.basis.name().in_language(request.language()))
        })
        .column(money("retained", say("Được trích giữ lại", "Retained")), |shown| {
            divided(shown, |divided| divided.retained)
        })
        .column(money("due", say("Phải nộp cấp trên", "Due to the level above")), |shown| {
            divided(shown, |divided| divided.due)
        })
        .column(money("remitted", say("Đã nộp", "Remitted")), |shown| {
            let (from, until) = span(shown);
            leads(shown.line.activity.turnover.remitted, Some(remittances::booked(unit, from, until)))
        })
        .column(money("outstanding", say("Chưa nộp", "Outstanding")), |shown| shown.line.outstanding)
        .row_kind(|shown| shown.month.is_none().then_some(RowKind::Total))
        .build()
        .caption(say("Chia số thu từng tháng", "Income of each month divided"))
        .empty(say("Chưa có gì để chia trong các tháng này.", "There is nothing to divide in these months."))
        .note(say(
            "Phần giữ lại làm tròn đến đồng, phần còn lại nộp cấp trên. Chưa nộp là số dư đến cuối tháng, kể cả của các tháng trước. Kỳ đã khoá giữ nguyên số đã chia; tỷ lệ bỏ trống là tỷ lệ đã đổi sau khi khoá.",
            "What is kept is rounded to the đồng, the rest is handed up. What is outstanding is as of the month's end, of earlier months as well. A closed period stays as it was divided; without a share, that was changed since.",
        ))
}
