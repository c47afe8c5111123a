//! Dự toán of a year by item: given, spent, asked for, left; the estimates it is the sum of; the settlement.

use std::collections::BTreeMap;

use dinh_sdk::access;
use dinh_sdk::prelude::*;

use super::{Scope, approval_name, leads, money, total_name, unit_name};
use crate::model::spending::{Estimate, Item, Settlement, budget};
use crate::model::state;
use crate::permission;
use crate::rules::budget::{Line, total};

/// Draws the page.
pub(crate) fn draw(request: &Request) -> Result<Page> {
    let say = |vi, en| request.say(vi, en);
    let scope = Scope::read(request, permission::READ)?;
    let (unit, year) = (scope.unit, scope.year());
    let lines = budget(unit, year)?;
    let items = Item::load()?;
    let estimates = Estimate::all().filter(Estimate::UNIT.is(unit)).filter(Estimate::YEAR.is(year)).list()?;
    let settlement = Settlement::find(unit, year)?;
    let locked = Settlement::locking(unit, year)?.is_some();
    let mut page = Page::new(say("Dự toán, quyết toán chi đảng phí", "Estimate and settlement"))
        .letterhead(unit)
        .subtitle(format!("{} – {} {year}", unit_name(unit), say("năm", "year")))
        .block(scope.year_filters(request)?);
    let mut actions = Vec::new();
    if access::may(permission::ESTIMATE, unit) && !locked {
        let open = estimates.iter().find(|one| one.state != state::CLOSED);
        let text = match open {
            Some(one) if one.state == state::SUBMITTED => {
                say("Xem dự toán chờ duyệt", "See the estimate to be approved")
            }
            Some(_) => say("Tiếp tục dự toán đang lập", "Go on with the estimate"),
            None if estimates.is_empty() => say("Lập dự toán năm", "Prepare the estimate"),
            None => say("Lập dự toán bổ sung", "Prepare a supplement"),
        };
        actions.push(scope.year_button(text, "begin").primary());
    }
    if access::may(permission::SETTLE, unit) && !locked {
        let question = say(
            "Trình quyết toán năm này? Trong khi chờ duyệt, không ghi thêm được vào năm.",
            "Submit the settlement? While it waits, nothing is written to the year.",
        );
        actions.push(
            scope.year_button(say("Trình quyết toán", "Submit the settlement"), "settle").confirm(question),
        );
    }
    if let Some(settlement) = settlement {
        let to = Address::new("/settlements").segment(settlement.id);
        actions.push(Action::open(say("Xem quyết toán", "See the settlement"), to));
    }
    if !actions.is_empty() {
        page = page.block(actions);
    }
    Ok(page
        .block(by_item(request, (unit, year), &items, &lines, false))
        .section(Section::new("each", say("Các lần dự toán", "Estimates")).block(list(request, &estimates))))
}

/// A year by item, in the order of the items, with its sum; what waits as well while the year is not settled.
pub(crate) fn by_item(
    request: &Request,
    (unit, year): (UnitId, i64),
    items: &[Item],
    lines: &BTreeMap<String, Line>,
    is_settled: bool,
) -> Table {
    let say = |vi, en| request.say(vi, en);
    let mut shown: Vec<(String, Option<&str>, Line)> =
        lines.iter().map(|(key, line)| (Item::title(items, key), Some(key.as_str()), *line)).collect();
    shown.sort_by_key(|(_, key, _)| items.iter().position(|item| Some(item.key.as_str()) == *key));
    if !shown.is_empty() {
        shown.push((total_name(request), None, total(lines.values())));
    }
    let figure = |value: i64, key: Option<&str>| leads(value, Some(super::budget::address(unit, year, key)));
    let mut table = Table::of("budget", &shown)
        .column(Head::new("item", say("Mục chi", "Item")).wide(), |(title, ..)| title.clone())
        .column(
            money("estimate", say("Dự toán được duyệt", "Approved estimate")),
            |(_, key, line)| figure(line.estimate, *key),
        )
        .column(money("spent", say("Đã chi", "Spent")), |(_, key, line)| figure(line.spent, *key))
        .column(money("difference", say("Chênh lệch", "Difference")), |(_, key, line)| {
            figure(line.difference(), *key)
        });
    if !is_settled {
        table = table
            .column(
                money("committed", say("Phiếu chi đang chờ", "Vouchers waiting")),
                |(_, key, line)| figure(line.committed, *key),
            )
            .column(money("free", say("Còn được chi", "Left")), |(_, key, line)| {
                figure(line.free(), *key).tone(if line.free() < 0 { Tone::Bad } else { Tone::Neutral })
            });
    }
    table.row_kind(|(_, key, _)| key.is_none().then_some(RowKind::Total)).build().empty(if is_settled {
        say("Năm này không có dự toán, không chi theo mục nào.", "Nothing was estimated or spent.")
    } else {
        say("Năm này chưa có dự toán.", "There is no estimate of this year.")
    })
}

fn list(request: &Request, estimates: &[Stored<Estimate>]) -> Table {
    let say = |vi, en| request.say(vi, en);
    Table::of("estimates", estimates)
        .column(Head::new("subject", say("Dự toán", "Estimate")).wide(), |one| one.subject.as_str())
        .column(Head::new("state", say("Trạng thái", "State")).format(Format::Badge), |one| {
            let (name, tone) = approval_name(request, &one.state);
            Cell::new(name).tone(tone)
        })
        .column(money("total", say("Cộng", "Total")), |one| one.total)
        .column(Head::new("prepared-by", say("Người trình", "Submitted by")), |one| one.prepared_by)
        .column(Head::new("decided-by", say("Người duyệt", "Decided by")), |one| one.decided_by)
        .row_target(|one| Some(Address::new("/estimates").segment(one.id)))
        .build()
        .empty(say("Chưa lập dự toán nào.", "None yet."))
}
