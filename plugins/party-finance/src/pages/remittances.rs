//! Nộp cấp trên: what an organisation has handed up and still has to; what came from below.

use dinh_sdk::prelude::*;
use dinh_sdk::{access, time};

use super::{Scope, money, money_field, month_field, unit_name};
use crate::book::Tables;
use crate::deeds::remit::Owed;
use crate::model::division::{Remittance, stage};
use crate::month::Month;
use crate::permission;

/// What an organisation handed up and received, booked in these months.
pub(crate) fn booked(unit: UnitId, from: Month, until: Month) -> Address {
    Address::new("/remittances")
        .with("unit", unit)
        .with("month", until)
        .with("from", from)
        .with("until", until)
}

/// Draws the page.
pub(crate) fn draw(request: &Request) -> Result<Page> {
    let say = |vi, en| request.say(vi, en);
    let scope = Scope::read(request, permission::READ)?;
    let tables = Tables::load()?;
    let owed = Owed::of(request, scope.unit, scope.month, &tables)?;
    let upper = tables.placement(scope.unit, scope.month).and_then(|placed| placed.upper);
    let mut page = Page::new(say("Nộp đảng phí lên cấp trên", "Dues remitted"))
        .letterhead(scope.unit)
        .subtitle(format!("{} – {} {}", unit_name(scope.unit), say("đến hết tháng", "up to"), scope.month))
        .block(scope.filters(request)?);
    match &owed {
        None => page = page.block(super::book::undivided(request)),
        Some(owed) => {
            let figure = |label: &str, value: i64| Metric::new(label, value).format(Format::Money);
            let left = owed.left();
            page = page.block(vec![
                figure(say("Phải nộp", "Due"), owed.due).to(super::division::up_to(scope.unit, scope.month)),
                figure(say("Đã nộp", "Remitted"), owed.sent.saturating_sub(owed.waiting)),
                figure(say("Chờ xác nhận", "To be confirmed"), owed.waiting),
                figure(say("Còn phải nộp", "Left"), left).tone(if left > 0 {
                    Tone::Warning
                } else {
                    Tone::Good
                }),
            ]);
        }
    }
    let span = request.optional::<Month>("from")?.zip(request.optional::<Month>("until")?);
    if let Some((from, until)) = span {
        let months = if from == until { from.to_string() } else { format!("{from} – {until}") };
        let head = format!("{} {months}", say("Chỉ các khoản ghi sổ trong", "Only what is booked in"));
        page = page
            .block(Notice::info(head))
            .block(Action::open(say("Xem tất cả", "Show all"), scope.address("/remittances")));
    }
    let booked = |one: &Stored<Remittance>| {
        span.is_none_or(|(from, until)| one.period.is_some_and(|period| (from..=until).contains(&period)))
    };
    let sent = Remittance::all().filter(Remittance::UNIT.is(scope.unit));
    let mut sent = sent.order_by(Remittance::SENT_ON.descending()).list()?;
    sent.retain(booked);
    let table = table(request, "sent", &sent, false);
    let empty = say("Chưa nộp khoản nào.", "Nothing was remitted yet.");
    page = page.section(
        Section::new("upwards", say("Đã nộp lên cấp trên", "Remitted upwards")).block(table.empty(empty)),
    );
    if !tables.organisations.ever_under(scope.unit).is_empty() {
        let mut received = Remittance::all().filter(Remittance::UPPER.is(scope.unit)).list()?;
        received.retain(booked);
        received.sort_by_key(|one| (one.state != stage::SENT, std::cmp::Reverse(one.sent_on)));
        let table = self::table(request, "received", &received, true);
        let empty = say("Cấp dưới chưa nộp khoản nào.", "Nothing was remitted from below yet.");
        page = page.section(
            Section::new("from-below", say("Cấp dưới nộp lên", "From below")).block(table.empty(empty)),
        );
    }
    let may = access::may(permission::REMIT, scope.unit);
    if let (true, Some(upper), Some(owed)) = (may, upper, owed.filter(|owed| owed.left() > 0)) {
        let title = format!("{} {}", say("Ghi khoản nộp lên", "Remit to"), unit_name(upper));
        page = page.section(Section::new("new", title).block(form(request, &scope, owed.left())));
    }
    Ok(page)
}

fn form(request: &Request, scope: &Scope, left: i64) -> Form {
    let say = |vi, en| request.say(vi, en);
    let month = |name: &str, label: &str| {
        let field = month_field(request, name, Some(scope.month)).required();
        Field { label: label.to_owned(), ..field }
    };
    Form::new("remit", say("Ghi khoản nộp", "Record"))
        .help(say(
            "Một tháng, hoặc các tháng của một quý. Cấp trên xác nhận thì khoản nộp mới vào sổ của hai bên.",
            "Of a month, or of months of one quarter. It is booked by both once the organisation above has confirmed it.",
        ))
        .field(Field::hidden("unit", scope.unit.0.to_string()))
        .field(month("from", say("Từ tháng", "From")))
        .field(month("until", say("Đến tháng", "Until")))
        .field(money_field("amount", say("Số tiền", "Amount"), 1).value(left).required().width(3))
        .field(Field::date("sent-on", say("Ngày nộp", "Sent on")).value(time::today()).required().width(3))
        .field(Field::text("note", say("Ghi chú, số chứng từ", "Note, number of the receipt")).at_most(300))
}

fn table(request: &Request, id: &str, rows: &[Stored<Remittance>], from_below: bool) -> Table {
    let say = |vi, en| request.say(vi, en);
    let (key, head) = if from_below {
        ("unit", say("Tổ chức nộp", "From"))
    } else {
        ("upper", say("Nộp lên", "To"))
    };
    Table::of(id, rows)
        .column(Head::new("sent-on", say("Ngày nộp", "Sent on")).format(Format::Date), |one| one.sent_on)
        .column(Head::new("months", say("Của tháng", "For")), |one| one.months())
        .column(Head::new(key, head).wide(), |one| if from_below { one.unit } else { one.upper })
        .column(money("amount", say("Số tiền", "Amount")), |one| one.amount)
        .column(Head::new("state", say("Trạng thái", "State")).format(Format::Badge), |one| {
            let (name, tone) = state_name(request, &one.state);
            Cell::new(name).tone(tone)
        })
        .column(Head::new("received-on", say("Ngày nhận", "Received on")).format(Format::Date), |one| {
            one.received_on
        })
        .column(Head::new("period", say("Kỳ ghi sổ", "Period")).format(Format::Month), |one| one.period)
        .row_target(|one| Some(Address::new("/remittances").segment(one.id)))
        .row_kind(|one| (one.state == stage::RETURNED).then_some(RowKind::Cancelled))
        .build()
}

/// How far a remittance is.
pub(crate) fn state_name(request: &Request, state: &str) -> (&'static str, Tone) {
    let language = request.language();
    match state {
        stage::SENT => (language.of("Chờ xác nhận", "To be confirmed"), Tone::Info),
        stage::CONFIRMED => (language.of("Đã nhận", "Received"), Tone::Good),
        stage::RETURNED => (language.of("Trả lại", "Returned"), Tone::Warning),
        _ => (language.of("Không rõ", "Unknown"), Tone::Neutral),
    }
}
