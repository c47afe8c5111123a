//! What was collected in a span of months: the entries that a figure is the sum of.

use dinh_sdk::prelude::*;
use dinh_sdk::rust_decimal::prelude::ToPrimitive;

use super::{Scope, money, under_contract, unit_name};
use crate::model::{Entry, MemberName, kind};
use crate::month::Month;
use crate::permission;

/// The entries collected by a unit in these months.
pub(crate) fn address(unit: UnitId, from: Month, until: Month) -> Address {
    Address::new("/entries").with("unit", unit).with("from", from).with("until", until)
}

/// Draws the page.
pub(crate) fn draw(request: &Request) -> Result<Page> {
    let title = request.say("Bút toán đã thu", "Entries collected");
    let scope = Scope::read(request, permission::READ)?;
    under_contract(request, title, || page(request, title, &scope))
}

fn page(request: &Request, title: &str, scope: &Scope) -> Result<Page> {
    let say = |vi, en| request.say(vi, en);
    let from: Month = request.optional("from")?.unwrap_or(scope.month);
    let until: Month = request.optional("until")?.unwrap_or(from);
    let selection = Entry::all()
        .filter(Entry::UNIT.is(scope.unit))
        .filter(Entry::PERIOD.at_least(from))
        .filter(Entry::PERIOD.at_most(until))
        .filter(Entry::KIND.is(kind::COLLECTED.to_owned()));
    let sum = selection.sum(Entry::AMOUNT)?.to_i64().or_failed("a sum out of range")?;
    let count = selection.count()?;
    let entries = selection.order_by(Entry::PERIOD.ascending()).page(request.after(), 200)?;
    let months = if from == until { from.to_string() } else { format!("{from} – {until}") };
    let name = say("Đảng viên", "Member");
    let table = Table::of("entries", &entries.rows)
        .column(Head::new("period", say("Kỳ ghi sổ", "Period")).format(Format::Month), |entry| {
            entry.period
        })
        .column(Head::new("member", name).wide().showing(MemberName::FULL_NAME), |entry| {
            Cell::new(entry.member).to(Address::new("/members").segment(entry.member))
        })
        .column(money("amount", say("Số tiền", "Amount")), |entry| entry.amount)
        .column(Head::new("reason", say("Lý do, ghi chú", "Reason, note")).wide(), |entry| {
            entry.reason.clone()
        })
        .column(Head::new("at", say("Ghi lúc", "Recorded at")).format(Format::Instant), |entry| {
            entry.recorded_at
        })
        .column(Head::new("by", say("Người ghi", "Recorded by")), |entry| entry.recorded_by)
        .row_kind(|entry| (entry.corrects.is_some() && entry.amount < 0).then_some(RowKind::Cancelled))
        .build()
        .paged(request, entries.next)
        .total(count)
        .empty(say("Không có bút toán nào.", "No entries."));
    Ok(Page::new(title)
        .letterhead(scope.unit)
        .subtitle(format!("{} – {months}", unit_name(scope.unit)))
        .breadcrumb(say("Sổ tổng hợp", "Book"), scope.address("/book"))
        .block(vec![
            Metric::new(say("Cộng đã thu", "Collected"), sum).format(Format::Money),
            Metric::new(say("Số bút toán", "Entries"), i64::try_from(count).unwrap_or(i64::MAX))
                .format(Format::Integer),
        ])
        .block(table))
}
