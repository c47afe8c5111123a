//! Phiếu chi of a year, and the form that asks for one.

use dinh_sdk::access;
use dinh_sdk::prelude::*;

use super::{Scope, item_choices, money, money_field, unit_name};
use crate::dong::Dong;
use crate::model::spending::{Item, Settlement, Voucher, budget};
use crate::permission;
use crate::rules::voucher::Stage;

/// Draws the page.
pub(crate) fn draw(request: &Request) -> Result<Page> {
    let say = |vi, en| request.say(vi, en);
    let scope = Scope::read(request, permission::READ)?;
    let (unit, year) = (scope.unit, scope.year());
    let items = Item::load()?;
    let mut vouchers = Voucher::of_year(unit, year)?;
    vouchers.reverse();
    let mut page = Page::new(say("Phiếu chi", "Vouchers"))
        .letterhead(unit)
        .subtitle(format!("{} – {} {year}", unit_name(unit), say("năm", "year")))
        .block(scope.year_filters(request)?)
        .block(table(request, &items, &vouchers));
    if access::may(permission::ASK, unit) && Settlement::locking(unit, year)?.is_none() {
        let section = Section::new("new", say("Lập phiếu chi", "Ask for a payment"));
        page = page.section(match form(request, &scope)? {
            Some(form) => section.block(form),
            None => section.block(
                Notice::info(say("Năm này chưa có dự toán được duyệt", "No estimate is approved")).text(say(
                    "Lập dự toán và trình duyệt trước, ở trang Dự toán, quyết toán.",
                    "Prepare one first, on the page of estimates.",
                )),
            ),
        });
    }
    Ok(page)
}

fn table(request: &Request, items: &[Item], vouchers: &[Stored<Voucher>]) -> Table {
    let say = |vi, en| request.say(vi, en);
    Table::of("vouchers", vouchers)
        .column(Head::new("number", say("Số", "No.")).format(Format::Code), |voucher| voucher.number())
        .column(Head::new("purpose", say("Nội dung chi", "Purpose")).wide(), |voucher| {
            voucher.purpose.clone()
        })
        .column(Head::new("item", say("Mục chi", "Item")), |voucher| Item::title(items, &voucher.item))
        .column(money("amount", say("Số tiền", "Amount")), |voucher| voucher.amount)
        .column(Head::new("state", say("Trạng thái", "State")).format(Format::Badge), |voucher| {
            let (name, tone) = stage_name(request, voucher.stage());
            Cell::new(name).tone(tone)
        })
        .column(Head::new("paid-on", say("Ngày chi", "Paid on")).format(Format::Date), |voucher| {
            voucher.paid_on
        })
        .column(Head::new("asked-by", say("Người lập", "Asked by")), |voucher| voucher.asked_by)
        .row_target(|voucher| Some(Address::new("/vouchers").segment(voucher.id)))
        .row_kind(|voucher| {
            let over = matches!(voucher.stage(), Some(Stage::Refused | Stage::Cancelled | Stage::Reversed));
            over.then_some(RowKind::Cancelled)
        })
        .build()
        .empty(say("Năm này chưa có phiếu chi nào.", "No vouchers in this year."))
}

/// The form, with what is left of each item; none where nothing is left of any.
fn form(request: &Request, scope: &Scope) -> Result<Option<Form>> {
    let say = |vi, en| request.say(vi, en);
    let lines = budget(scope.unit, scope.year())?;
    let mut items = Item::of_year(scope.year())?;
    items.retain(|item| lines.get(&item.key).is_some_and(|line| line.free() > 0));
    if items.is_empty() {
        return Ok(None);
    }
    for item in &mut items {
        let free = lines.get(&item.key).map_or(0, crate::rules::budget::Line::free);
        item.title = format!("{} ({} {})", item.title, say("còn", "left:"), Dong(free));
    }
    let payee = Field::text("payee", say("Người nhận tiền", "Payee")).required().at_most(100).width(6);
    let document = Field::file("document", say("Chứng từ gốc", "Document")).width(6);
    Ok(Some(
        Form::new("ask", say("Lập phiếu chi", "Ask"))
            .field(Field::hidden("unit", scope.unit.0.to_string()))
            .field(Field::hidden("year", scope.year().to_string()))
            .field(Field::choice("item", say("Mục chi", "Item"), item_choices(&items)).required().width(9))
            .field(money_field("amount", say("Số tiền", "Amount"), 1).required().width(3))
            .field(Field::text("purpose", say("Nội dung chi", "Purpose")).required().at_most(200))
            .field(payee)
            .field(document),
    ))
}

/// How far a voucher is.
pub(crate) fn stage_name(request: &Request, stage: Option<Stage>) -> (&'static str, Tone) {
    let language = request.language();
    match stage {
        Some(Stage::Requested) => (language.of("Chờ duyệt", "To be approved"), Tone::Info),
        Some(Stage::Approved) => (language.of("Chờ chi", "To be paid"), Tone::Info),
        Some(Stage::Paid) => (language.of("Đã chi", "Paid"), Tone::Good),
        Some(Stage::Refused) => (language.of("Không duyệt", "Refused"), Tone::Warning),
        Some(Stage::Cancelled) => (language.of("Đã huỷ", "Cancelled"), Tone::Neutral),
        Some(Stage::Reversed) => (language.of("Đã thu hồi", "Taken back"), Tone::Warning),
        None => (language.of("Không rõ", "Unknown"), Tone::Neutral),
    }
}
