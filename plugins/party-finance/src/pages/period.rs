//! One period: its totals as they were submitted, and the second person's decision.

use dinh_sdk::prelude::*;
use dinh_sdk::{access, accounts};

use super::state_name;
use crate::model::{Period, state};
use crate::permission;

/// Draws the page.
pub(crate) fn draw(request: &Request) -> Result<Page> {
    let say = |vi, en| request.say(vi, en);
    let period = Period::get(request.parameter("id")?)?;
    let (name, tone) = state_name(request, Some(&period.state));
    let money = |label: &str, value: i64| Fact::new(label, value).format(Format::Money).width(3);
    let mut facts = vec![
        Fact::new(say("Trạng thái", "State"), name).format(Format::Badge).tone(tone).width(3),
        Fact::new(say("Số đảng viên", "Members"), period.members).width(3),
        Fact::new(say("Được miễn", "Exempt"), period.exempt).width(3),
        money(say("Phải đóng", "Due"), period.due),
        money(say("Đã thu", "Collected"), period.collected),
        money(say("Chưa đóng", "Unpaid"), period.unpaid),
        money(say("Cấp dưới nộp", "Received from below"), period.received.unwrap_or_default()),
        money(say("Được trích giữ lại", "Retained"), period.retained.unwrap_or_default()),
        money(say("Phải nộp cấp trên", "Due to the level above"), period.due_above.unwrap_or_default()),
        money(say("Đã nộp cấp trên", "Remitted"), period.remitted.unwrap_or_default()),
        Fact::new(say("Người trình", "Submitted by"), period.prepared_by).width(3),
        Fact::new(say("Trình lúc", "Submitted at"), period.prepared_at).width(3),
    ];
    if let Some(by) = period.decided_by {
        facts.push(Fact::new(say("Người duyệt", "Decided by"), by).width(3));
        facts.push(Fact::new(say("Duyệt lúc", "Decided at"), period.decided_at).width(3));
    }
    if let Some(note) = &period.note {
        facts.push(
            Fact::new(say("Lý do trả lại", "Reason of return"), note.clone()).tone(Tone::Warning).width(6),
        );
    }
    let ledger = Address::new("/").with("unit", period.unit).with("month", period.month);
    let mut page = Page::new(period.subject.clone())
        .breadcrumb(say("Khoá kỳ đảng phí", "Closing of periods"), "/periods")
        .block(Facts::new(facts))
        .block(Action::open(say("Xem sổ của kỳ này", "See the ledger"), ledger));
    if period.state == state::SUBMITTED && access::may(permission::CLOSE, period.unit) {
        let own = accounts::person().is_some_and(|person| AccountId(person.account) == period.prepared_by);
        let close = Action::submit(say("Khoá kỳ", "Close"), "close").primary().confirm(say(
            "Khoá kỳ này? Sau khi khoá, không ai sửa được.",
            "Close it? Nobody can change it afterwards.",
        ));
        if own {
            let reason =
                say("Người trình không tự khoá kỳ; người thứ hai cần duyệt.", "It takes a second person.");
            return Ok(page.block(close.disabled(reason)));
        }
        page =
            page.block(close).block(Form::new("return", say("Trả lại", "Give back")).field(
                Field::text("note", say("Lý do trả lại", "Reason of return")).required().at_most(300),
            ));
    }
    Ok(page)
}
