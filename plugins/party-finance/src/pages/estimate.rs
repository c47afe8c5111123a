//! One estimate: filled in by item like a sheet, submitted, approved by a second person.

use dinh_sdk::prelude::*;
use dinh_sdk::{access, accounts};

use super::{approval_name, money, reason_form, total_name};
use crate::model::spending::{Estimate, EstimateLine, Item};
use crate::model::state;
use crate::permission;

struct Line {
    key: Option<String>,
    title: String,
    amount: Option<i64>,
}

/// Draws the page.
pub(crate) fn draw(request: &Request) -> Result<Page> {
    let say = |vi, en| request.say(vi, en);
    let estimate = Estimate::get(request.parameter("id")?)?;
    let stored = EstimateLine::all().filter(EstimateLine::ESTIMATE.is(estimate.id)).list()?;
    let editable = matches!(estimate.state.as_str(), state::DRAFT | state::RETURNED)
        && access::may(permission::ESTIMATE, estimate.unit);
    let mut lines: Vec<Line> = Vec::new();
    for item in Item::of_year(estimate.year)? {
        let amount = stored.iter().find(|line| line.item == item.key).map(|line| line.amount);
        if editable || amount.is_some_and(|amount| amount != 0) {
            lines.push(Line { key: Some(item.key), title: item.title, amount });
        }
    }
    let (name, tone) = approval_name(request, &estimate.state);
    let mut facts = vec![
        Fact::new(say("Trạng thái", "State"), name).format(Format::Badge).tone(tone).width(3),
        Fact::new(say("Cộng", "Total"), estimate.total).format(Format::Money).width(3),
        Fact::new(say("Người lập, trình", "Prepared by"), estimate.prepared_by).width(3),
    ];
    if let Some(by) = estimate.decided_by {
        facts.push(Fact::new(say("Người duyệt", "Decided by"), by).width(3));
    }
    if let Some(reason) = &estimate.reason {
        facts.push(Fact::new(say("Lý do, căn cứ", "Reason"), reason.clone()).width(6));
    }
    if let Some(note) = &estimate.note {
        facts.push(
            Fact::new(say("Lý do trả lại", "Why it was given back"), note.clone())
                .tone(Tone::Warning)
                .width(6),
        );
    }
    let list = Address::new("/estimates").with("unit", estimate.unit).with("year", estimate.year);
    let page = Page::new(estimate.subject.clone())
        .letterhead(estimate.unit)
        .breadcrumb(say("Dự toán, quyết toán", "Estimates"), list)
        .block(Facts::new(facts));
    if editable {
        return Ok(fill(request, page, &estimate, &lines));
    }
    if !lines.is_empty() {
        lines.push(Line { key: None, title: total_name(request), amount: Some(estimate.total) });
    }
    let page = page.block(table(request, &lines));
    if estimate.state == state::SUBMITTED && access::may(permission::ESTIMATE_APPROVE, estimate.unit) {
        return Ok(decide(request, page, estimate.prepared_by, "approve", say("Duyệt dự toán", "Approve")));
    }
    Ok(page)
}

fn table(request: &Request, lines: &[Line]) -> Table {
    let say = |vi, en| request.say(vi, en);
    Table::of("lines", lines)
        .column(Head::new("title", say("Mục chi", "Item")).wide(), |line| line.title.as_str())
        .column(money("amount", say("Số tiền", "Amount")), |line| line.amount)
        .row_key(|line| line.key.clone().unwrap_or_default())
        .row_kind(|line| line.key.is_none().then_some(RowKind::Total))
        .build()
        .empty(say("Chưa có mục nào.", "No items."))
}

fn fill(request: &Request, page: Page, estimate: &Stored<Estimate>, lines: &[Line]) -> Page {
    let say = |vi, en| request.say(vi, en);
    // A supplement takes away as well.
    let minimum = if estimate.ordinal > 1 { -1_000_000_000_000 } else { 0 };
    let dong = FieldKind::Money(IntegerRange { minimum: Some(minimum), maximum: Some(1_000_000_000_000) });
    let caption = if estimate.ordinal > 1 {
        say("Số tăng thêm; số âm là giảm", "What is added; negative takes away")
    } else {
        say("Số tiền dự toán của từng mục", "The amount for each item")
    };
    let grid = EntryGrid::new(table(request, lines).caption(caption), say("Ghi số tiền", "Save"))
        .editable("amount", dong)
        .showing(estimate);
    let reason =
        Field::text("reason", say("Lý do, căn cứ", "Reason")).value(estimate.reason.clone()).at_most(300);
    let reason = if estimate.ordinal > 1 { reason.required() } else { reason };
    let submit = Form::new("submit", say("Trình duyệt", "Submit")).field(reason);
    page.block(grid).section(Section::new("submit-it", say("Trình duyệt", "Submit")).block(submit))
}

/// The second person's decision: the button that approves, and the form that gives back. Who prepared it is told why not.
pub(crate) fn decide(request: &Request, page: Page, prepared_by: AccountId, form: &str, text: &str) -> Page {
    let say = |vi, en| request.say(vi, en);
    let own = accounts::person().is_some_and(|person| AccountId(person.account) == prepared_by);
    let approve = Action::submit(text, form).primary().confirm(say(
        "Duyệt? Sau khi duyệt, không ai sửa được.",
        "Approve it? Nobody can change it afterwards.",
    ));
    if own {
        return page.block(
            approve
                .disabled(say("Người trình không tự duyệt; cần người thứ hai.", "It takes a second person.")),
        );
    }
    let back = reason_form("return", say("Trả lại", "Give back"), say("Lý do trả lại", "Reason"), "note");
    page.block(approve)
        .section(Section::new("return-it", say("Trả lại", "Give back")).collapsed().block(back))
}
