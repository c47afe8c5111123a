//! One period: its totals as they were submitted, and the second person's decision.

use dinh_sdk::prelude::*;
use dinh_sdk::{access, accounts};

use super::{reason_form, state_name};
use crate::deeds::close;
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
    if let Some(why) = &period.overrode_why {
        let label = say("Lý do cho vượt số dư quỹ", "Why the fund may fall short");
        facts.push(Fact::new(say("Người cho vượt số dư", "Overridden by"), period.overrode_by).width(3));
        facts.push(Fact::new(label, why.clone()).tone(Tone::Warning).width(6));
    }
    let ledger = Address::new("/").with("unit", period.unit).with("month", period.month);
    let page = Page::new(period.subject.clone())
        .letterhead(period.unit)
        .breadcrumb(say("Khoá kỳ đảng phí", "Closing of periods"), "/periods")
        .block(Facts::new(facts))
        .block(Action::open(say("Xem sổ của kỳ này", "See the ledger"), ledger));
    if period.state == state::SUBMITTED { steps(request, page, &period) } else { Ok(page) }
}

/// What the reader may do with a period that waits, and nothing else.
fn steps(request: &Request, mut page: Page, period: &Period) -> Result<Page> {
    let say = |vi, en| request.say(vi, en);
    let by = accounts::person().map(|person| AccountId(person.account));
    let (prepared, overrode) = (by == Some(period.prepared_by), by.is_some() && by == period.overrode_by);
    let short = close::shortfall(period)?;
    let lacks = short > 0 && period.overrode_by.is_none();
    if short > 0 {
        let head = say("Khoá kỳ này thì quỹ xuống dưới số dư", "The fund falls short by this period");
        page = page
            .block(Notice::warning(head).text(say(
                "Kỳ có số đính chính giảm lớn hơn số thu, phần trích giữ lại là số âm. Người duyệt chi cần cho vượt số dư, có lý do; hoặc thu hồi khoản chi trước.",
                "Its corrections exceed what was collected, so that it takes from the fund. The approver of spending has to let it, with a reason; or a payment is taken back first.",
            )))
            .block(vec![Metric::new(say("Quỹ thiếu", "Short of"), short).format(Format::Money).tone(Tone::Warning)]);
    }
    if access::may(permission::CLOSE, period.unit) {
        page = closing(request, page, prepared, lacks, overrode);
        if lacks && !prepared && period.short != Some(true) {
            let text = say("Đề nghị cho vượt số dư quỹ", "Ask for an override");
            page = page.block(Action::submit(text, "ask-override"));
        }
    }
    if lacks && !prepared && access::may(permission::OVERRIDE, period.unit) {
        let text = say("Cho vượt số dư quỹ", "Let the fund fall short");
        let form = reason_form("override", text, say("Lý do", "Reason"), "why");
        page = page.section(Section::new("override-it", text).block(form));
    }
    Ok(page)
}

fn closing(request: &Request, page: Page, prepared: bool, lacks: bool, overrode: bool) -> Page {
    let say = |vi, en| request.say(vi, en);
    let close = Action::submit(say("Khoá kỳ", "Close"), "close").primary().confirm(say(
        "Khoá kỳ này? Sau khi khoá, không ai sửa được.",
        "Close it? Nobody can change it afterwards.",
    ));
    if prepared {
        let reason =
            say("Người trình không tự khoá kỳ; người thứ hai cần duyệt.", "It takes a second person.");
        return page.block(close.disabled(reason));
    }
    let close = if lacks {
        close.disabled(say(
            "Quỹ không đủ; người duyệt chi cần cho vượt số dư trước.",
            "The fund falls short: the approver of spending has to let it first.",
        ))
    } else if overrode {
        close.disabled(say(
            "Người cho vượt số dư không tự khoá kỳ.",
            "Whoever let the fund fall short does not close it.",
        ))
    } else {
        close
    };
    let note = Field::text("note", say("Lý do trả lại", "Reason of return")).required().at_most(300);
    page.block(close).block(Form::new("return", say("Trả lại", "Give back")).field(note))
}
