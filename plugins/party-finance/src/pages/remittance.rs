//! One remittance: what was handed up, who confirmed it, and how it is undone.

use dinh_sdk::prelude::*;
use dinh_sdk::{access, accounts, time};

use super::{reason_form, remittances::state_name};
use crate::model::division::{Remittance, stage};
use crate::permission;

/// Draws the page.
pub(crate) fn draw(request: &Request) -> Result<Page> {
    let say = |vi, en| request.say(vi, en);
    let remittance = Remittance::get(request.parameter("id")?)?;
    let (name, tone) = state_name(request, &remittance.state);
    let list = Address::new("/remittances").with("unit", remittance.unit).with("month", remittance.until);
    let mut facts = vec![
        Fact::new(say("Trạng thái", "State"), name).format(Format::Badge).tone(tone).width(3),
        Fact::new(say("Số tiền", "Amount"), remittance.amount).format(Format::Money).width(3),
        Fact::new(say("Của tháng", "For"), remittance.months()).width(3),
        Fact::new(say("Tổng thu tương ứng", "Dues behind it"), remittance.behind)
            .format(Format::Money)
            .help(say(
                "Số đảng phí thu của đảng viên mà khoản nộp này được trích ra.",
                "The dues collected from members that this is a part of.",
            ))
            .to(super::division::up_to(remittance.unit, remittance.until))
            .width(3),
        Fact::new(say("Tổ chức nộp", "From"), remittance.unit).width(6),
        Fact::new(say("Tổ chức nhận", "To"), remittance.upper).width(6),
        Fact::new(say("Ngày nộp", "Sent on"), remittance.sent_on).width(3),
        Fact::new(say("Người nộp", "Sent by"), remittance.sent_by).width(3),
    ];
    if let Some(by) = remittance.decided_by {
        facts.push(Fact::new(say("Ngày nhận", "Received on"), remittance.received_on).width(3));
        facts.push(Fact::new(say("Người xác nhận", "Decided by"), by).width(3));
        facts.push(
            Fact::new(say("Kỳ ghi sổ", "Period"), remittance.period.map(|period| period.to_string()))
                .width(3),
        );
    }
    if let Some(wrong) = remittance.corrects {
        let to = Address::new("/remittances").segment(wrong);
        facts.push(
            Fact::new(say("Đảo khoản nộp", "Undoes"), say("Xem khoản nộp gốc", "See it")).to(to).width(3),
        );
    }
    if let Some(note) = &remittance.note {
        facts.push(Fact::new(say("Lý do, ghi chú", "Reason, note"), note.clone()).width(6));
    }
    let page = Page::new(remittance.subject.clone())
        .letterhead(remittance.unit)
        .breadcrumb(say("Nộp cấp trên", "Remittances"), list)
        .block(Facts::new(facts));
    if remittance.state == stage::SENT {
        return Ok(decide(request, page, &remittance));
    }
    let undone = Remittance::all().filter(Remittance::CORRECTS.is(remittance.id)).list()?;
    let undone = undone.into_iter().find(|other| other.state != stage::RETURNED);
    if let Some(counter) = undone {
        let to = Address::new("/remittances").segment(counter.id);
        return Ok(page.block(Action::open(say("Xem khoản đảo", "See what undoes it"), to)));
    }
    let reversible = remittance.state == stage::CONFIRMED && remittance.corrects.is_none();
    if reversible && access::may(permission::REMIT, remittance.unit) {
        let form = reason_form("reverse", say("Lập khoản đảo", "Undo"), say("Lý do", "Reason"), "reason");
        let form = form.help(say(
            "Khoản nộp giữ nguyên; một khoản ngược dấu được lập và cấp trên xác nhận.",
            "It stays as it is; one of the opposite amount is recorded, which the organisation above confirms.",
        ));
        let title = say("Đảo khoản nộp ghi sai", "Undo it");
        return Ok(page.section(Section::new("undo", title).collapsed().block(form)));
    }
    Ok(page)
}

fn decide(request: &Request, page: Page, remittance: &Remittance) -> Page {
    let say = |vi, en| request.say(vi, en);
    let person = accounts::person();
    let is_own = person.is_some_and(|person| {
        AccountId(person.account) == remittance.sent_by || UnitId(person.unit) == remittance.unit
    });
    if is_own || !access::may(permission::CONFIRM, remittance.upper) {
        let head = say("Chờ người nhận của cấp trên xác nhận", "Waits for the organisation above");
        return page.block(Notice::info(head));
    }
    let received = Field::date("received-on", say("Ngày nhận", "Received on")).value(time::today());
    page.section(Section::new("confirm-it", say("Xác nhận", "Confirm")).block(
        Form::new("confirm", say("Xác nhận đã nhận đủ", "Confirm")).field(received.required().width(3)),
    ))
    .section(Section::new("return-it", say("Trả lại", "Give back")).collapsed().block(reason_form(
        "return",
        say("Trả lại", "Give back"),
        say("Lý do trả lại", "Reason"),
        "note",
    )))
}
