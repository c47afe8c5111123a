//! An item of a year, or all of them: the approved estimates that give to it, and the vouchers that take from it.

use dinh_sdk::prelude::*;

use super::{Scope, money, unit_name, vouchers};
use crate::model::spending::{Estimate, EstimateLine, Item, Voucher, budget};
use crate::model::state;
use crate::permission;
use crate::rules::budget::{Fact, total};

/// The figures of an item of a unit's year; of all items without one.
pub(crate) fn address(unit: UnitId, year: i64, item: Option<&str>) -> Address {
    Address::new("/budget").with("unit", unit).with("year", year).with_some("item", item)
}

/// Draws the page.
pub(crate) fn draw(request: &Request) -> Result<Page> {
    let say = |vi, en| request.say(vi, en);
    let scope = Scope::read(request, permission::READ)?;
    let (unit, year) = (scope.unit, scope.year());
    let wanted: Option<String> = request.optional("item")?;
    let of_item = |item: &str| wanted.as_deref().is_none_or(|wanted| wanted == item);
    let items = Item::load()?;
    let mut lines = budget(unit, year)?;
    lines.retain(|item, _| of_item(item));
    let line = total(lines.values());
    let mut given =
        EstimateLine::all().filter(EstimateLine::UNIT.is(unit)).filter(EstimateLine::YEAR.is(year)).list()?;
    let estimates = Estimate::all().filter(Estimate::UNIT.is(unit)).filter(Estimate::YEAR.is(year)).list()?;
    let of = |line: &EstimateLine| estimates.iter().find(|one| one.id == line.estimate);
    given.retain(|line| {
        of_item(&line.item) && line.amount != 0 && of(line).is_some_and(|one| one.state == state::CLOSED)
    });
    given.sort_by_key(|line| of(line).map(|one| one.ordinal));
    let mut asked = Voucher::of_year(unit, year)?;
    asked.retain(|voucher| voucher.fact().is_some_and(|(item, _)| of_item(item)));
    let title = wanted
        .as_deref()
        .map_or_else(|| say("Tất cả mục chi", "All items").to_owned(), |item| Item::title(&items, item));
    let figure = |label: &str, value: i64| Metric::new(label, value).format(Format::Money);
    let free = if line.free() < 0 { Tone::Bad } else { Tone::Neutral };
    Ok(Page::new(title)
        .letterhead(unit)
        .subtitle(format!("{} – {} {year}", unit_name(unit), say("năm", "year")))
        .breadcrumb(say("Dự toán, quyết toán", "Estimates"), scope.year_address("/estimates"))
        .block(vec![
            figure(say("Dự toán được duyệt", "Approved estimate"), line.estimate),
            figure(say("Đã chi", "Spent"), line.spent),
            figure(say("Chênh lệch", "Difference"), line.difference()),
            figure(say("Phiếu chi đang chờ", "Vouchers waiting"), line.committed),
            figure(say("Còn được chi", "Left"), line.free()).tone(free),
        ])
        .section(
            Section::new("given-by", say("Dự toán đã duyệt", "Approved estimates"))
                .block(self::given(request, &items, &given, &estimates)),
        )
        .section(
            Section::new("taken-by", say("Phiếu chi", "Vouchers")).block(taken(request, &items, &asked)),
        ))
}

fn given(
    request: &Request,
    items: &[Item],
    lines: &[Stored<EstimateLine>],
    estimates: &[Stored<Estimate>],
) -> Table {
    let say = |vi, en| request.say(vi, en);
    let subject = |line: &EstimateLine| {
        estimates.iter().find(|one| one.id == line.estimate).map(|one| one.subject.clone())
    };
    Table::of("given", lines)
        .column(Head::new("estimate", say("Dự toán", "Estimate")).wide(), |line| subject(line))
        .column(Head::new("item", say("Mục chi", "Item")).wide(), |line| Item::title(items, &line.item))
        .column(money("amount", say("Số tiền", "Amount")), |line| line.amount)
        .row_target(|line| Some(Address::new("/estimates").segment(line.estimate)))
        .build()
        .empty(say("Chưa có dự toán được duyệt.", "No estimate is approved."))
}

fn taken(request: &Request, items: &[Item], asked: &[Stored<Voucher>]) -> Table {
    let say = |vi, en| request.say(vi, en);
    let amount = |voucher: &Voucher, spent: bool| match voucher.fact()?.1 {
        Fact::Spent(amount) if spent => Some(amount),
        Fact::Committed(amount) if !spent => Some(amount),
        _ => None,
    };
    Table::of("taken", asked)
        .column(Head::new("number", say("Số", "No.")).format(Format::Code), |voucher| voucher.number())
        .column(Head::new("purpose", say("Nội dung chi", "Purpose")).wide(), |voucher| {
            voucher.purpose.clone()
        })
        .column(Head::new("item", say("Mục chi", "Item")), |voucher| Item::title(items, &voucher.item))
        .column(Head::new("state", say("Trạng thái", "State")).format(Format::Badge), |voucher| {
            let (name, tone) = vouchers::stage_name(request, voucher.stage());
            Cell::new(name).tone(tone)
        })
        .column(money("spent", say("Đã chi", "Spent")), |voucher| amount(voucher, true))
        .column(money("committed", say("Đang chờ", "Waiting")), |voucher| amount(voucher, false))
        .row_target(|voucher| Some(Address::new("/vouchers").segment(voucher.id)))
        .build()
        .empty(say("Chưa có phiếu chi nào.", "No vouchers."))
}
