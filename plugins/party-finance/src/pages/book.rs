//! Sổ S01/ĐP, part II: the months of a year, with quarters and the year; what was kept, handed up, and is left to be.

use dinh_sdk::prelude::*;

use super::{Scope, leads, leads_some, money, unit_name};
use crate::book::{self, Book, Tables};
use crate::month::Month;
use crate::permission;
use crate::rules::book::Line;

/// One month, or several as one.
struct Shown {
    title: String,
    months: Vec<(Month, Line)>,
    paid_on: String,
    line: Line,
    kind: Option<RowKind>,
}

impl Shown {
    /// The first month and the last that something happened in.
    fn span(&self) -> Option<(Month, Month)> {
        Some((self.months.first()?.0, self.last()?))
    }

    /// The month whose end the balances are as of.
    fn last(&self) -> Option<Month> {
        self.months.last().map(|(month, _)| *month)
    }

    /// The month that members were last assessed in.
    fn counted(&self) -> Option<Month> {
        let assessed = self.months.iter().rfind(|(_, line)| line.activity.members > 0);
        assessed.map(|(month, _)| *month).or(self.last())
    }
}

/// Draws the page.
pub(crate) fn draw(request: &Request) -> Result<Page> {
    let say = |vi, en| request.say(vi, en);
    let scope = Scope::read(request, permission::READ)?;
    let months = Month::of_year(scope.month.year());
    let last = months.last().copied().unwrap_or(scope.month);
    let tables = Tables::load()?;
    let book = book::of_unit(request, scope.unit, last, &tables)?;
    let lines = shown(request, &months, &book);
    let mut page = Page::new(say("Sổ tổng hợp đảng phí", "Book of dues"))
        .letterhead(scope.unit)
        .subtitle(unit_name(scope.unit))
        .block(scope.filters(request)?);
    if lines.iter().any(|shown| shown.line.divided.is_none()) {
        page = page.block(undivided(request));
    }
    Ok(page.block(table(request, &scope, &lines)))
}

/// Said where a share is not known.
pub(crate) fn undivided(request: &Request) -> Notice {
    let head =
        request.say("Chưa chia được số trích giữ lại và nộp cấp trên", "What is retained is not known");
    Notice::warning(head).text(request.say(
        "Loại hình, cấp của tổ chức hoặc tỷ lệ trích giữ lại chưa được khai báo ở trang Tổ chức, tỷ lệ trích nộp; nếu đã có, bạn cần vai trò “Cán bộ dùng mức đóng chung”.",
        "The organisation's kind and level, or its share, is not recorded on the page of organisations; if it is, you need the role “Staff (common rates)”.",
    ))
}

/// The months that something happened in, a line after each quarter, and the year.
fn shown(request: &Request, months: &[Month], book: &Book) -> Vec<Shown> {
    let say = |vi, en| request.say(vi, en);
    let (Some(first), Some(last)) = (months.first().copied(), months.last().copied()) else {
        return Vec::new();
    };
    let used: Vec<(Month, Line)> =
        book.lines.range(first..=last).map(|(month, line)| (*month, *line)).collect();
    let several = |title: String, months: Vec<(Month, Line)>, line: Line, kind: RowKind| Shown {
        title,
        months,
        paid_on: String::new(),
        line,
        kind: Some(kind),
    };
    let mut lines = Vec::new();
    for (at, (month, line)) in used.iter().enumerate() {
        let days = book.remitted_on.get(month).map(Vec::as_slice).unwrap_or_default();
        let days: Vec<String> = days.iter().map(|day| day.strftime("%d/%m").to_string()).collect();
        let (title, paid_on) = (month.to_string(), days.join(", "));
        lines.push(Shown { title, months: vec![(*month, *line)], paid_on, line: *line, kind: None });
        if used.get(at + 1).is_none_or(|(next, _)| next.quarter() != month.quarter()) {
            let title = format!("{} {}", say("Quý", "Quarter"), month.quarter());
            let (begins, ends) = crate::report::quarter(*month);
            let of_it = used.iter().filter(|(month, _)| (begins..=ends).contains(month)).copied().collect();
            lines.push(several(title, of_it, book.sum(begins, ends), RowKind::Subtotal));
        }
    }
    if !used.is_empty() {
        let title = say("Cả năm", "The year").to_owned();
        lines.push(several(title, used, book.sum(first, last), RowKind::Total));
    }
    lines
}

fn table(request: &Request, scope: &Scope, lines: &[Shown]) -> Table {
    let say = |vi, en| request.say(vi, en);
    let unit = scope.unit;
    let of_month = |path: &str, month: Month| Address::new(path).with("unit", unit).with("month", month);
    let count = |key: &str, head: &str| Head::new(key, head).format(Format::Integer).narrow();
    let money = |key: &str, head: &str| money(key, head).narrow();
    let entered = |(from, until)| super::entries::address(unit, from, until);
    let handed = |(from, until)| super::remittances::booked(unit, from, until);
    let part = |shown: &Shown, figure: Option<i64>| {
        let to = shown.span().map(|(from, until)| super::division::address(unit, from, until));
        leads_some(figure, to)
    };
    let receives = lines.iter().any(|shown| shown.line.activity.turnover.received != 0);
    let mut table = Table::of("s01-2", lines)
        .column(Head::new("paid-on", say("Ngày nộp", "Paid on")).narrow(), |shown| shown.paid_on.as_str())
        .column(Head::new("month", say("Tháng", "Month")), |shown| {
            let title = Cell::new(shown.title.clone());
            match (shown.kind, shown.last()) {
                (None, Some(month)) => title.to(of_month("/", month)),
                _ => title,
            }
        })
        .column(count("members", say("Số đảng viên cuối tháng", "Members")), |shown| {
            leads(shown.line.activity.members, shown.counted().map(|month| of_month("/", month)))
        })
        .column(count("exempt", say("Số được miễn", "Exempt")), |shown| {
            leads(shown.line.activity.exempt, shown.counted().map(|month| of_month("/", month)))
        })
        .column(money("unpaid", say("Chưa đóng", "Unpaid")), |shown| {
            leads(shown.line.activity.unpaid, shown.last().map(|month| of_month("/arrears", month)))
        })
        .column(money("collected", say("Đã thu", "Collected")), |shown| {
            leads(shown.line.activity.turnover.collected, shown.span().map(entered))
        });
    if receives {
        table = table.column(money("received", say("Cấp dưới nộp", "Received from below")), |shown| {
            leads(shown.line.activity.turnover.received, shown.span().map(handed))
        });
    }
    table
        .column(money("retained", say("Được trích giữ lại", "Retained")), |shown| {
            part(shown, shown.line.divided.map(|divided| divided.retained))
        })
        .column(money("due", say("Phải nộp cấp trên", "Due to the level above")), |shown| {
            part(shown, shown.line.divided.map(|divided| divided.due))
        })
        .column(money("remitted", say("Đã nộp", "Remitted")), |shown| {
            leads(shown.line.activity.turnover.remitted, shown.span().map(handed))
        })
        .column(money("outstanding", say("Chưa nộp", "Outstanding")), |shown| {
            let left = shown.line.outstanding;
            let tone = if left.is_some_and(|left| left > 0) { Tone::Warning } else { Tone::Neutral };
            leads_some(left, shown.last().map(|month| super::division::up_to(unit, month))).tone(tone)
        })
        .row_kind(|shown| shown.kind)
        .build()
        .caption(format!("{} {}", say("Sổ S01/ĐP, phần II, năm", "Ledger S01/ĐP, part II,"), scope.month.year()))
        .empty(say("Năm này chưa có bút toán nào.", "No entries in this year."))
        .note(say(
            "Chưa đóng, chưa nộp là số dư đến cuối tháng. Khoản nộp ghi vào tháng cấp trên nhận. Kỳ đã khoá giữ nguyên số đã chia.",
            "What is unpaid and outstanding is as of the month's end. A remittance is booked in the month it was received above. A closed period stays as it was divided.",
        ))
}
