//! Quyết toán: a year by item, and the fund from its first day to its last.

use dinh_sdk::access;
use dinh_sdk::prelude::*;

use super::estimates::by_item;
use super::{approval_name, estimate};
use crate::model::spending::{Item, Settlement, budget};
use crate::model::state;
use crate::permission;

/// Settlements are listed with the years they settle.
pub(crate) fn all(request: &Request) -> Result<Page> {
    super::estimates::draw(request)
}

/// Draws one.
pub(crate) fn draw(request: &Request) -> Result<Page> {
    let say = |vi, en| request.say(vi, en);
    let settlement = Settlement::get(request.parameter("id")?)?;
    let (unit, year) = (settlement.unit, settlement.year);
    let (name, tone) = approval_name(request, &settlement.state);
    let of = |path: &str| Address::new(path).with("unit", unit).with("year", year);
    let money =
        |label: &str, value: i64| Fact::new(label, value).format(Format::Money).to(of("/fund")).width(3);
    let mut facts = vec![
        Fact::new(say("Trạng thái", "State"), name).format(Format::Badge).tone(tone).width(3),
        Fact::new(say("Người trình", "Submitted by"), settlement.prepared_by).width(3),
        Fact::new(say("Người duyệt", "Decided by"), settlement.decided_by).width(3),
        Fact::new(say("Duyệt lúc", "Decided at"), settlement.decided_at).width(3),
        money(say("Số dư đầu năm", "Opening balance"), settlement.opening),
        money(say("Thu vào quỹ", "Added"), settlement.added),
        money(say("Đã chi", "Spent"), settlement.spent),
        money(say("Số dư cuối năm", "Closing balance"), settlement.closing),
    ];
    if let Some(note) = &settlement.note {
        facts.push(Fact::new(say("Lý do trả lại", "Reason"), note.clone()).tone(Tone::Warning).width(6));
    }
    let items = Item::load()?;
    let by_item = by_item(request, (unit, year), &items, &budget(unit, year)?, true);
    let page = Page::new(settlement.subject.clone())
        .letterhead(settlement.unit)
        .breadcrumb(say("Dự toán, quyết toán", "Estimates"), of("/estimates"))
        .block(Facts::new(facts))
        .block(by_item.caption(say("Quyết toán theo mục chi", "Settlement by item")))
        .block(vec![
            Action::open(say("Xem sổ quỹ của năm", "See the fund"), of("/fund")),
            Action::open(say("Xem phiếu chi của năm", "See the vouchers"), of("/vouchers")),
        ]);
    if settlement.state == state::SUBMITTED && access::may(permission::SETTLE_CLOSE, unit) {
        let text = say("Duyệt quyết toán", "Settle");
        return Ok(estimate::decide(request, page, settlement.prepared_by, "close", text));
    }
    Ok(page)
}
