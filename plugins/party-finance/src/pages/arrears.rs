//! Who has not paid, and who is to be reported: three unpaid months of a year by the rule of 2026.

use dinh_sdk::prelude::*;

use super::entries::{Figure, behind};
use super::{Scope, money, under_contract};
use crate::account;
use crate::model::Rate;
use crate::month::Month;
use crate::permission;
use crate::roll::Names;
use crate::rules::rates::key;
use crate::rules::standing::most_in_a_year;

struct Line {
    member: RecordId,
    name: Option<String>,
    months: Vec<Month>,
    unpaid: i64,
}

/// Draws the page.
pub(crate) fn draw(request: &Request) -> Result<Page> {
    let title = request.say("Đảng viên chưa đóng đảng phí", "Unpaid dues");
    let scope = Scope::read(request, permission::READ)?;
    under_contract(request, title, || page(request, title, &scope))
}

fn page(request: &Request, title: &str, scope: &Scope) -> Result<Page> {
    let say = |vi, en| request.say(vi, en);
    let mut lines = Vec::new();
    for account in account::of_unit(scope.unit, Some(scope.month))? {
        let months = account.unpaid_months(scope.month);
        if !months.is_empty() {
            lines.push(Line {
                member: account.member,
                name: None,
                months,
                unpaid: account.row(scope.month).unpaid(),
            });
        }
    }
    let names = Names::of(&lines.iter().map(|line| line.member).collect::<Vec<_>>())?;
    for line in &mut lines {
        line.name = names.get(line.member).map(str::to_owned);
    }
    lines.sort_by_cached_key(|line| (std::cmp::Reverse(line.months.len()), names.place(line.member)));
    let most = Rate::load()?.whole(key::REPORT_MONTHS, scope.month.first_day()).ok();
    let most = most.and_then(|most| usize::try_from(most).ok());
    let reported = |line: &Line| most.is_some_and(|most| most_in_a_year(&line.months) >= most);
    let count = lines.iter().filter(|line| reported(line)).count();
    let mut page = Page::new(title)
        .letterhead(scope.unit)
        .subtitle(format!(
            "{} – {} {}",
            super::unit_name(scope.unit),
            say("đến hết tháng", "as of the end of"),
            scope.month
        ))
        .block(scope.filters(request)?);
    match most {
        None => {
            let head = super::rates::missing(request, key::REPORT_MONTHS, scope.month.first_day());
            page = page.block(
                Notice::warning(head).text(say("Người quản trị mức đóng cần ghi ở trang Mức đóng; nếu đã có, bạn cần vai trò “Cán bộ dùng mức đóng chung”.",
                "The steward has to record it; if there is one, you need the role “Staff (common rates)”.")),
            );
        }
        Some(most) if count > 0 => {
            let head = request
                .say(
                    &format!("{count} đảng viên chưa đóng từ {most} tháng trong năm"),
                    &format!("{count} members with {most} or more unpaid months of a year"),
                )
                .to_owned();
            let text = say(
                "Chi bộ xác minh lý do và báo cáo cấp uỷ: không có lý do chính đáng thì xem xét xoá tên.",
                "The cell finds out why and reports: without good reason, removal from the roll is considered.",
            );
            page = page.block(Notice::new(Tone::Bad, head, text));
        }
        Some(_) => {}
    }
    Ok(page.block(
        Table::of("arrears", &lines)
            .column(Head::new("name", say("Họ và tên", "Name")).wide(), |line| {
                Cell::new(line.name.clone())
                    .or(say("(không còn trong danh sách)", "(no longer listed)"))
                    .to(Address::new("/members").segment(line.member))
            })
            .column(Head::new("count", say("Số tháng", "Months")).format(Format::Integer), |line| {
                let tone = if reported(line) { Tone::Bad } else { Tone::Warning };
                Cell::new(i64::try_from(line.months.len()).unwrap_or(i64::MAX)).tone(tone)
            })
            .column(Head::new("months", say("Tháng chưa đóng", "Which")), |line| {
                line.months.iter().map(Month::to_string).collect::<Vec<_>>().join(", ")
            })
            .column(money("unpaid", say("Số tiền chưa đóng", "Unpaid")), |line| {
                let to = behind(Figure::Unpaid, scope.unit, scope.month, Some(line.member));
                Cell::new(line.unpaid).to(to)
            })
            .row_kind(|line| reported(line).then_some(RowKind::Highlight))
            .build()
            .empty(say("Mọi đảng viên đã đóng đủ.", "Everybody has paid."))
            .note(say(
                "Số thu trừ vào tháng chưa đóng sớm nhất trước.",
                "What is paid pays the earliest month first.",
            )),
    ))
}
