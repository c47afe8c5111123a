//! One voucher, from asking to paying: who did what, and what the reader may do next.

use dinh_sdk::prelude::*;
use dinh_sdk::{access, accounts, time};

use super::reason_form;
use super::vouchers::stage_name;
use crate::deeds::voucher::{payable, permission_of};
use crate::model::spending::{Item, Voucher};
use crate::rules::spelled;
use crate::rules::voucher::{self, Stage, Step};

/// Draws the page.
pub(crate) fn draw(request: &Request) -> Result<Page> {
    let say = |vi, en| request.say(vi, en);
    let voucher = Voucher::get(request.parameter("id")?)?;
    let items = Item::load()?;
    let number = voucher.number().map(|number| format!("{} {number}", say("Phiếu chi số", "Voucher")));
    let title = number.unwrap_or_else(|| say("Phiếu chi", "Voucher").to_owned());
    let list = Address::new("/vouchers").with("unit", voucher.unit).with("year", voucher.year);
    let page = Page::new(title)
        .letterhead(voucher.unit)
        .subtitle(voucher.purpose.clone())
        .breadcrumb(say("Phiếu chi", "Vouchers"), list)
        .block(facts(request, &voucher, &items))
        .block(people(request, &voucher));
    steps(request, page, &voucher)
}

fn facts(request: &Request, voucher: &Voucher, items: &[Item]) -> Facts {
    let say = |vi, en| request.say(vi, en);
    let (name, tone) = stage_name(request, voucher.stage());
    let mut facts = vec![
        Fact::new(say("Trạng thái", "State"), name).format(Format::Badge).tone(tone).width(3),
        Fact::new(say("Số tiền", "Amount"), voucher.amount).format(Format::Money).width(3),
        Fact::new(say("Người nhận tiền", "Payee"), voucher.payee.clone()).width(6),
        Fact::new(say("Số tiền bằng chữ", "Amount in words"), spelled::dong(voucher.amount)).width(12),
        Fact::new(say("Tổ chức đảng", "Unit"), voucher.unit).width(6),
        Fact::new(say("Mục chi", "Item"), Item::title(items, &voucher.item)).width(6),
    ];
    if voucher.paid_on.is_some() {
        facts.push(Fact::new(say("Ngày chi", "Paid on"), voucher.paid_on).width(6));
    }
    if voucher.document.is_some() {
        facts.push(Fact::new(say("Chứng từ gốc", "Document"), voucher.document).width(6));
    }
    if let Some(why) = &voucher.overrode_why {
        let label = say("Lý do cho chi vượt số dư", "Why the balance may be exceeded");
        facts.push(Fact::new(label, why.clone()).tone(Tone::Warning).width(6));
    }
    if let Some(note) = &voucher.note {
        facts.push(Fact::new(say("Lý do", "Reason"), note.clone()).tone(Tone::Warning).width(6));
    }
    Facts::new(facts)
}

struct Did(&'static str, Option<AccountId>, Option<Timestamp>);

fn people(request: &Request, voucher: &Voucher) -> Table {
    let say = |vi, en| request.language().of(vi, en);
    let ended = match voucher.stage() {
        Some(Stage::Refused) => say("Không duyệt", "Refused"),
        Some(Stage::Reversed) => say("Thu hồi", "Took back"),
        _ => say("Huỷ", "Cancelled"),
    };
    let mut did = vec![
        Did(say("Lập", "Asked"), Some(voucher.asked_by), Some(voucher.asked_at)),
        Did(say("Duyệt", "Approved"), voucher.approved_by, voucher.approved_at),
        Did(
            say("Cho chi vượt số dư", "Let the balance be exceeded"),
            voucher.overrode_by,
            voucher.overrode_at,
        ),
        Did(say("Chi", "Paid"), voucher.paid_by, voucher.paid_at),
        Did(ended, voucher.ended_by, voucher.ended_at),
    ];
    did.retain(|did| did.1.is_some());
    Table::of("people", &did)
        .column(Head::new("step", say("Bước", "Step")), |did| did.0)
        .column(Head::new("by", say("Người thực hiện", "By")), |did| did.1)
        .column(Head::new("at", say("Lúc", "At")).format(Format::Instant), |did| did.2)
        .build()
        .not_exportable()
}

/// What the reader may do, and nothing else.
fn steps(request: &Request, mut page: Page, voucher: &Stored<Voucher>) -> Result<Page> {
    let say = |vi, en| request.say(vi, en);
    let Some(person) = accounts::person() else { return Ok(page) };
    let by = AccountId(person.account);
    let parts = (
        &voucher.asked_by,
        voucher.approved_by.as_ref(),
        voucher.overrode_by.as_ref(),
        voucher.paid_by.as_ref(),
    );
    let Some(stage) = voucher.stage() else { return Ok(page) };
    let may = |step: Step| {
        access::may(permission_of(step), voucher.unit) && voucher::after(stage, step, &by, parts).is_ok()
    };
    let least = payable(voucher.unit, time::today())?;
    let short = voucher.amount > least && voucher.overrode_by.is_none();
    if stage.is_committed() {
        let label = say("Quỹ chi được", "The fund can pay");
        let tone = if voucher.amount > least { Tone::Warning } else { Tone::Neutral };
        page = page.block(vec![Metric::new(label, least).format(Format::Money).tone(tone)]);
    }
    if may(Step::Approve) {
        page = page.block(Action::submit(say("Duyệt chi", "Approve"), "approve").primary());
    }
    if may(Step::Pay) {
        if short {
            let head = say("Quỹ không đủ để chi", "The fund does not hold enough");
            page = page.block(Notice::warning(head).text(say(
                "Người duyệt chi cần cho chi vượt số dư, có lý do; hoặc chờ khoá kỳ để có thêm số trích giữ lại.",
                "The approver has to let it be exceeded, with a reason; or wait until more is retained.",
            )));
            if voucher.short != Some(true) {
                let text = say("Đề nghị cho chi vượt số dư", "Ask for an override");
                page = page.block(Action::submit(text, "ask-override"));
            }
        }
        let day = Field::date("paid-on", say("Ngày chi", "Paid on")).value(time::today()).required().width(3);
        let form = Form::new("pay", say("Xác nhận đã chi", "Pay")).field(day);
        page = page.section(Section::new("pay-it", say("Chi", "Pay")).block(form));
    }
    if may(Step::Override) && short {
        let text = say("Cho chi vượt số dư", "Let it be exceeded");
        page = page.section(Section::new("override-it", text).block(reason_form(
            "override",
            text,
            say("Lý do", "Reason"),
            "why",
        )));
    }
    for (step, form, text) in [
        (Step::Refuse, "refuse", say("Không duyệt", "Refuse")),
        (Step::Cancel, "cancel", say("Huỷ phiếu chi", "Cancel")),
        (Step::Reverse, "reverse", say("Thu hồi khoản chi", "Take back")),
    ] {
        if may(step) {
            let block = reason_form(form, text, say("Lý do", "Reason"), "note");
            page = page.section(Section::new(format!("{form}-it"), text).collapsed().block(block));
        }
    }
    Ok(page)
}
