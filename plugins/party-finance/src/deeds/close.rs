//! A period is submitted by one person, and closed or given back by another; closed, it never changes again. Months are
//! closed in their order. What a closed month retains goes into the fund; where corrections exceed what was collected it
//! takes from it, and if the fund cannot bear that, a third person lets it, with the reason.

use dinh_sdk::prelude::*;
use dinh_sdk::{access, accounts, time};

use super::{actor, open, second, sent};
use crate::account::{self, Totals};
use crate::book::{self, Tables};
use crate::dong::Dong;
use crate::model::spending::{FundEntry, entry};
use crate::model::{Period, state};
use crate::month::Month;
use crate::permission;
use crate::rules::fund;

/// Submits a month of a unit, with its totals as they are.
pub(crate) fn prepare(request: &Request, submission: &Submission) -> Result<Outcome> {
    let (unit, month): (UnitId, Month) = (sent(submission, "unit")?, sent(submission, "month")?);
    open(request, unit, month)?;
    let totals = Totals::of(&account::of_unit(unit, Some(month))?, month);
    let tables = Tables::load()?;
    let book = book::of_unit(request, unit, month, &tables)?;
    in_order(request, unit, month, &book)?;
    let line = book.lines.get(&month).copied().unwrap_or_default();
    if totals.members == 0 && line.activity.is_empty() {
        return Err(Error::form(request.say(
            "Kỳ này chưa tính phải thu cho đảng viên nào; hãy tính ở Sổ thu đảng phí trước.",
            "Nobody has been assessed for this month: do so in the ledger first.",
        )));
    }
    let Some(divided) = line.divided.or_else(|| book::divided(&tables, unit, month, &line)) else {
        return Err(Error::form(request.say(
            "Chưa khai báo loại hình, cấp của tổ chức hoặc tỷ lệ trích giữ lại cho tháng này: người quản trị mức đóng cần ghi ở trang Tổ chức, tỷ lệ trích nộp; nếu đã có, bạn cần vai trò “Cán bộ dùng mức đóng chung”.",
            "The organisation's kind and level, or the share it retains, is not recorded for this month: the steward of rates has to do so; if it is, you need the role “Staff (common rates)”.",
        )));
    };
    let name = accounts::unit(unit).map_or_else(String::new, |unit| unit.name);
    let (prepared_by, prepared_at) = (actor(request)?, time::now());
    let mut period = Period {
        unit,
        month,
        state: state::SUBMITTED.to_owned(),
        subject: format!("{} {month}: {name}", request.say("Khoá kỳ đảng phí", "Closing of dues")),
        members: totals.members,
        exempt: totals.exempt,
        due: totals.row.due(),
        collected: totals.row.collected,
        unpaid: totals.row.unpaid(),
        received: Some(line.activity.turnover.received),
        behind: Some(line.activity.turnover.behind),
        retained: Some(divided.retained),
        due_above: Some(divided.due),
        remitted: Some(line.activity.turnover.remitted),
        prepared_by,
        prepared_at,
        decided_by: None,
        decided_at: None,
        note: None,
        short: None,
        overrode_by: None,
        overrode_at: None,
        overrode_why: None,
    };
    period.short = Some(shortfall(&period)? > 0);
    let id = match Period::find(unit, month)? {
        Some(mut known) => {
            let id = known.id;
            known.record = period;
            known.save()?;
            id
        }
        None => period.insert()?,
    };
    Ok(Outcome::done(Address::new("/periods").segment(id))
        .saying(request.say("Đã trình khoá kỳ", "Submitted")))
}

/// Closes a period that waits for it.
pub(crate) fn close(request: &Request, _: &Submission) -> Result<Outcome> {
    decide(request, state::CLOSED, None)?;
    Ok(Outcome::done(request.path()).saying(request.say("Đã khoá kỳ", "Closed")))
}

/// Has a period that the fund cannot bear wait for whoever may let it: one that it could when it was submitted.
pub(crate) fn ask_override(request: &Request, _: &Submission) -> Result<Outcome> {
    let mut period = Period::get(request.parameter("id")?)?;
    second(request, permission::CLOSE, period.unit, period.prepared_by)?;
    waits(request, &period)?;
    if shortfall(&period)? == 0 {
        return Err(sufficient(request));
    }
    period.short = Some(true);
    period.save()?;
    Ok(Outcome::done(request.path())
        .saying(request.say("Đã chuyển người duyệt chi", "Handed to the approver of spending")))
}

fn sufficient(request: &Request) -> Error {
    Error::form(request.say(
        "Quỹ đủ để khoá kỳ này; không cần cho vượt số dư.",
        "The fund can bear this period: nothing has to be let.",
    ))
}

/// Lets a period be closed although the fund falls below zero by it, with the reason.
pub(crate) fn overrule(request: &Request, submission: &Submission) -> Result<Outcome> {
    let mut period = Period::get(request.parameter("id")?)?;
    let by = second(request, permission::OVERRIDE, period.unit, period.prepared_by)?;
    waits(request, &period)?;
    if shortfall(&period)? == 0 {
        return Err(sufficient(request));
    }
    period.short = Some(false);
    period.overrode_by = Some(by);
    period.overrode_at = Some(time::now());
    period.overrode_why = Some(submission.get("why")?);
    period.save()?;
    Ok(Outcome::done(request.path()).saying(request.say("Đã cho vượt số dư quỹ", "Overridden")))
}

/// Gives a period back to whoever submitted it, with the reason.
pub(crate) fn give_back(request: &Request, submission: &Submission) -> Result<Outcome> {
    decide(request, state::RETURNED, Some(submission.get("note")?))?;
    Ok(Outcome::done(request.path()).saying(request.say("Đã trả lại kỳ", "Given back")))
}

fn decide(request: &Request, to: &str, note: Option<String>) -> Result<()> {
    let mut period = Period::get(request.parameter("id")?)?;
    if !access::may(permission::CLOSE, period.unit) {
        return Err(Error::Denied(
            request
                .say("Chỉ người duyệt của đơn vị khoá hoặc trả lại kỳ.", "Only the unit's treasurer may.")
                .to_owned(),
        ));
    }
    waits(request, &period)?;
    let by = actor(request)?;
    if period.prepared_by == by {
        return Err(Error::form(request.say(
            "Người trình không tự khoá kỳ; người thứ hai cần duyệt.",
            "Whoever submitted a period does not close it: it takes a second person.",
        )));
    }
    if to == state::CLOSED {
        borne(request, &period, by)?;
        retain(&period, by)?;
    }
    to.clone_into(&mut period.state);
    period.decided_by = Some(by);
    period.decided_at = Some(time::now());
    period.note = note;
    period.save()
}

/// Refuses a period that is not submitted.
fn waits(request: &Request, period: &Period) -> Result<()> {
    if period.state == state::SUBMITTED {
        return Ok(());
    }
    Err(Error::form(request.say("Kỳ này không chờ khoá.", "This period does not wait to be closed.")))
}

/// By how much the fund falls below zero, on the day or a later one, when a period is closed.
pub(crate) fn shortfall(period: &Period) -> Result<i64> {
    let Some(retained) = period.retained.filter(|amount| *amount < 0) else { return Ok(0) };
    let movements = FundEntry::movements(&FundEntry::of_unit(period.unit)?);
    Ok(fund::shortfall(&movements, (fund_day(period), retained)))
}

/// The day on which a period moves the fund.
fn fund_day(period: &Period) -> Date {
    period.month.last_day().min(time::today())
}

/// Refuses a period that the fund cannot bear, unless another person let it.
fn borne(request: &Request, period: &Period, by: AccountId) -> Result<()> {
    let short = shortfall(period)?;
    if short == 0 {
        return Ok(());
    }
    match period.overrode_by {
        None => Err(Error::form(request.say(
            &format!(
                "Khoá kỳ này thì quỹ thiếu {}; người duyệt chi cần cho vượt số dư, có lý do.",
                Dong(short)
            ),
            &format!(
                "The fund is {:#} short by it; the approver of spending has to let it, with a reason.",
                Dong(short)
            ),
        ))),
        Some(overrode) if overrode == by => Err(Error::form(request.say(
            "Người cho vượt số dư không tự khoá kỳ; người khác cần khoá.",
            "Whoever let the fund fall short does not close it: it takes another person.",
        ))),
        Some(_) => Ok(()),
    }
}

/// What the month retains goes into the fund, as of its last day.
fn retain(period: &Stored<Period>, by: AccountId) -> Result<()> {
    let Some(amount) = period.retained.filter(|amount| *amount != 0) else { return Ok(()) };
    let retained = FundEntry {
        unit: period.unit,
        day: fund_day(period),
        kind: entry::RETAINED.to_owned(),
        amount,
        period: Some(period.id),
        voucher: None,
        reason: period.overrode_why.clone(),
        recorded_at: time::now(),
        recorded_by: by,
    };
    retained.insert().map(drop)
}

/// Refuses a month while an earlier one with anything booked in it is not closed.
fn in_order(request: &Request, unit: UnitId, month: Month, book: &book::Book) -> Result<()> {
    let earlier = book.lines.keys().copied().filter(|earlier| *earlier < month);
    for earlier in earlier {
        let period = Period::find(unit, earlier)?;
        if period.is_none_or(|period| period.state != state::CLOSED) {
            return Err(Error::form(request.say(
                &format!("Kỳ {earlier} chưa khoá; các kỳ được khoá lần lượt."),
                &format!("The period {earlier} is not closed: periods are closed in their order."),
            )));
        }
    }
    Ok(())
}
