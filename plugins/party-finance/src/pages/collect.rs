//! Collection: a whole cell on one page, filled in like a sheet.

use dinh_sdk::prelude::*;

use super::{Scope, ledger, money, under_contract};
use crate::account;
use crate::dong::Dong;
use crate::model::Period;
use crate::permission;

/// Draws the page.
pub(crate) fn draw(request: &Request) -> Result<Page> {
    let title = request.say("Thu đảng phí", "Collection of dues");
    let scope = Scope::read(request, permission::RECORD)?;
    under_contract(request, title, || page(request, title, &scope))
}

fn page(request: &Request, title: &str, scope: &Scope) -> Result<Page> {
    let say = |vi, en| request.say(vi, en);
    let accounts = account::of_unit(scope.unit, Some(scope.month))?;
    let mut lines = ledger::lines(scope.unit, scope.month, &accounts)?;
    lines.retain(|line| line.assessed.is_some() || line.row != crate::rules::standing::Row::default());
    let page = Page::new(title)
        .letterhead(scope.unit)
        .subtitle(format!("{} – {} {}", super::unit_name(scope.unit), say("tháng", "month"), scope.month))
        .breadcrumb(say("Sổ thu đảng phí", "Ledger of dues"), scope.address("/"))
        .block(scope.filters(request)?);
    if let Some(lock) = Period::locking(scope.unit, scope.month)? {
        let head = format!(
            "{} {}",
            say("Không ghi thu được: kỳ đã khoá hoặc chờ khoá là", "Closed, or waiting to be:"),
            lock.month
        );
        let text = say("Chọn tháng sau kỳ đó.", "Choose a later month.");
        return Ok(page.block(Notice::new(Tone::Info, head, text)));
    }
    if lines.is_empty() {
        let head = say("Chưa tính phải thu cho tháng này", "Nobody has been assessed for this month");
        let text = say("Hãy tính phải thu ở Sổ thu đảng phí trước.", "Do so in the ledger first.");
        return Ok(page.block(Notice::new(Tone::Info, head, text)));
    }
    let unpaid: i64 = lines.iter().map(|line| line.row.unpaid().max(0)).sum();
    let table = Table::of("collect", &lines)
        .column(Head::new("name", say("Họ và tên", "Name")).frozen().wide(), |line| {
            Cell::new(line.name.clone()).or(say("(không còn trong danh sách)", "(no longer listed)"))
        })
        .column(money("due", say("Phải đóng", "Due")), |line| line.row.due())
        .column(money("collected", say("Đã thu", "Collected")), |line| line.row.collected)
        .column(money("unpaid", say("Còn phải đóng", "Unpaid")), |line| line.row.unpaid())
        .column(money("received", say("Thu lần này", "Received now")), |_| None::<i64>)
        .column(Head::new("note", say("Ghi chú", "Note")).wide(), |_| None::<String>)
        .row_key(|line| line.member.to_string())
        .build()
        .caption(say(
            "Nhập số thu từng người, để trống người chưa nộp",
            "Enter what each paid; leave the others empty",
        ));
    let dong = FieldKind::Money(IntegerRange { minimum: Some(1), maximum: None });
    let note = FieldKind::Text(TextRange { minimum: 0, maximum: 200 });
    let mut grid =
        EntryGrid::new(table, say("Ghi thu", "Record")).editable("received", dong).editable("note", note);
    for (row, line) in lines.iter().enumerate() {
        if line.row.unpaid() <= 0 {
            grid = grid.lock(u32::try_from(row).unwrap_or(u32::MAX));
        }
    }
    let everything =
        scope.button(say("Thu đủ tất cả", "Everybody has paid"), "collect-all").confirm(request.say(
            &format!("Ghi đã thu đủ số còn phải đóng của mọi người, cộng {}?", Dong(unpaid)),
            &format!("Record all that is unpaid, {:#}, as received?", Dong(unpaid)),
        ));
    let everything =
        if unpaid > 0 { everything } else { everything.disabled(say("Đã thu đủ.", "All is paid.")) };
    Ok(page.block(grid).block(everything))
}
