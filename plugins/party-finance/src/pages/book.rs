//! Sổ S01/ĐP, part II, as far as the unit's own collection goes: the months of a year, with quarters and the year.

use dinh_sdk::prelude::*;

use super::{Scope, money};
use crate::account::{self, Totals};
use crate::month::Month;
use crate::permission;

struct Line {
    title: String,
    month: Option<Month>,
    totals: Totals,
    kind: Option<RowKind>,
}

/// Draws the page.
pub(crate) fn draw(request: &Request) -> Result<Page> {
    let say = |vi, en| request.say(vi, en);
    let scope = Scope::read(request, permission::READ)?;
    let year = scope.month.year();
    let months = Month::of_year(year);
    let accounts = account::of_unit(scope.unit, months.last().copied())?;
    let lines = lines(request, &months, &accounts);
    let table = Table::of("s01-2", &lines)
        .column(Head::new("month", say("Tháng", "Month")), |line| {
            let title = Cell::new(line.title.clone());
            match line.month {
                Some(month) => title.to(Address::new("/").with("unit", scope.unit).with("month", month)),
                None => title,
            }
        })
        .column(Head::new("members", say("Số đảng viên cuối tháng", "Members")).format(Format::Integer), |line| {
            line.totals.members
        })
        .column(Head::new("exempt", say("Số được miễn", "Exempt")).format(Format::Integer), |line| line.totals.exempt)
        .column(money("due", say("Phải đóng", "Due")), |line| line.totals.row.due())
        .column(money("collected", say("Đã thu", "Collected")), |line| line.totals.row.collected)
        .column(money("unpaid", say("Chưa đóng", "Unpaid")), |line| line.totals.row.unpaid())
        .row_kind(|line| line.kind)
        .build()
        .caption(format!("{} {year}", say("Sổ S01/ĐP, phần II, năm", "Ledger S01/ĐP, part II,")))
        .empty(say("Năm này chưa có bút toán nào.", "No entries in this year."))
        .note(say(
            "Số phải đóng của tháng gồm cả số còn thiếu từ trước. Phần trích giữ lại và nộp cấp trên chưa có trong phiên bản này.",
            "What is due in a month holds what was unpaid before. Retention and remittance are not in this version.",
        ));
    Ok(Page::new(say("Sổ tổng hợp đảng phí", "Book of dues"))
        .subtitle(super::unit_name(scope.unit))
        .block(scope.filters(request))
        .block(table))
}

/// The months that have entries, a line after each quarter, and the year. Quarters and the year show how many there
/// were at their end, what was owed before and in them, and what was collected in them.
fn lines(request: &Request, months: &[Month], accounts: &[account::Account]) -> Vec<Line> {
    let say = |vi, en| request.say(vi, en);
    let each: Vec<(Month, Totals)> =
        months.iter().map(|month| (*month, Totals::of(accounts, *month))).collect();
    let used: Vec<(Month, Totals)> = each
        .into_iter()
        .filter(|(_, totals)| totals.members > 0 || totals.row.this_month != 0 || totals.row.collected != 0)
        .collect();
    let mut lines = Vec::new();
    for (at, (month, totals)) in used.iter().enumerate() {
        lines.push(Line { title: month.to_string(), month: Some(*month), totals: *totals, kind: None });
        let ends = used.get(at + 1).is_none_or(|(next, _)| next.quarter() != month.quarter());
        if ends {
            let quarter = used.iter().filter(|(other, _)| other.quarter() == month.quarter());
            let title = format!("{} {}", say("Quý", "Quarter"), month.quarter());
            lines.push(sum(title, quarter.map(|(_, totals)| totals), RowKind::Subtotal));
        }
    }
    if !used.is_empty() {
        lines.push(sum(
            say("Cả năm", "The year").to_owned(),
            used.iter().map(|(_, totals)| totals),
            RowKind::Total,
        ));
    }
    lines
}

/// Months that follow each other as one: what was owed before the first, what was assessed and collected in all, and
/// therefore what the last leaves unpaid.
fn sum<'a>(title: String, months: impl Iterator<Item = &'a Totals>, kind: RowKind) -> Line {
    let totals = months.copied().reduce(|mut sum, next| {
        // What the next month carries over is what this one left; the rest of it was assessed late.
        let late = next.row.earlier.saturating_sub(sum.row.unpaid());
        sum.row.this_month = sum.row.this_month.saturating_add(next.row.this_month);
        sum.row.earlier = sum.row.earlier.saturating_add(late);
        sum.row.collected = sum.row.collected.saturating_add(next.row.collected);
        Totals { members: next.members, exempt: next.exempt, row: sum.row }
    });
    Line { title, month: None, totals: totals.unwrap_or_default(), kind: Some(kind) }
}
