//! Phiếu chi: asked for within the estimate, approved, paid out of the fund, by three people; a payment is undone by an
//! entry of the opposite amount.

use dinh_sdk::prelude::*;
use dinh_sdk::{records, time};

use super::{actor, require, sent, year_open};
use crate::dong::Dong;
use crate::model::spending::{FundEntry, Voucher, budget, entry, first_day, last_day};
use crate::permission;
use crate::rules::fund;
use crate::rules::voucher::{self, Refusal, Stage, Step};

/// Asks for a payment.
pub(crate) fn ask(request: &Request, submission: &Submission) -> Result<Outcome> {
    let (unit, year): (UnitId, i64) = (sent(submission, "unit")?, sent(submission, "year")?);
    require(permission::ASK, unit)?;
    year_open(request, unit, year)?;
    let (item, amount): (String, i64) = (submission.get("item")?, submission.get("amount")?);
    let free = budget(unit, year)?.get(&item).map_or(0, crate::rules::budget::Line::free);
    if amount > free {
        let free = free.max(0);
        return Err(Error::field(
            "amount",
            request.say(
                &format!(
                    "Dự toán được duyệt của mục này còn {}; lập dự toán bổ sung nếu cần hơn.",
                    Dong(free)
                ),
                &format!("{:#} are left of this item's estimate: prepare a supplement for more.", Dong(free)),
            ),
        ));
    }
    let voucher = Voucher {
        unit,
        year,
        number: Some(records::draw("voucher-number", &format!("{year}/{}", unit.0))?),
        item,
        amount,
        payee: submission.get("payee")?,
        purpose: submission.get("purpose")?,
        document: submission.get("document")?,
        state: Stage::Requested.key().to_owned(),
        asked_by: actor(request)?,
        asked_at: time::now(),
        approved_by: None,
        approved_at: None,
        short: None,
        overrode_by: None,
        overrode_at: None,
        overrode_why: None,
        paid_by: None,
        paid_at: None,
        paid_on: None,
        ended_by: None,
        ended_at: None,
        note: None,
    };
    let id = voucher.insert()?;
    Ok(Outcome::done(Address::new("/vouchers").segment(id))
        .saying(request.say("Đã lập phiếu chi; chờ duyệt", "Asked for; it waits to be approved")))
}

/// The voucher of the page after a step, if whoever acts may do it.
fn step(request: &Request, step: Step) -> Result<(Stored<Voucher>, AccountId)> {
    let mut voucher = Voucher::get(request.parameter("id")?)?;
    require(permission_of(step), voucher.unit)?;
    let by = actor(request)?;
    let stage = voucher.stage().or_failed("a stage that is not known")?;
    let parts = (
        &voucher.asked_by,
        voucher.approved_by.as_ref(),
        voucher.overrode_by.as_ref(),
        voucher.paid_by.as_ref(),
    );
    let next = voucher::after(stage, step, &by, parts).map_err(|refusal| {
        Error::form(match refusal {
            Refusal::Stage => request.say(
                "Phiếu chi không ở bước này nữa; hãy mở lại trang.",
                "The voucher is no longer at this step: open the page again.",
            ),
            Refusal::Person => request.say(
                "Người lập, người duyệt và người chi là ba người khác nhau; bạn đã làm một bước của phiếu này.",
                "Who asks, approves and pays are three people: you have done one of these steps.",
            ),
        })
    })?;
    year_open(request, voucher.unit, voucher.year)?;
    next.key().clone_into(&mut voucher.state);
    Ok((voucher, by))
}

/// The permission that a step takes.
pub(crate) fn permission_of(step: Step) -> &'static str {
    match step {
        Step::Approve | Step::Refuse | Step::Reverse => permission::APPROVE,
        Step::Override => permission::OVERRIDE,
        Step::Pay | Step::Report => permission::PAY,
        Step::Cancel => permission::ASK,
    }
}

/// Approves it.
pub(crate) fn approve(request: &Request, _: &Submission) -> Result<Outcome> {
    let (mut voucher, by) = step(request, Step::Approve)?;
    voucher.approved_by = Some(by);
    voucher.approved_at = Some(time::now());
    voucher.short = Some(voucher.amount > payable(voucher.unit, time::today())?);
    voucher.save()?;
    Ok(Outcome::done(request.path()).saying(request.say("Đã duyệt chi", "Approved")))
}

/// What the fund of a unit can pay on a day.
pub(crate) fn payable(unit: UnitId, day: Date) -> Result<i64> {
    Ok(fund::least_from(&FundEntry::movements(&FundEntry::of_unit(unit)?), day))
}

/// Has a voucher that the fund cannot pay wait for whoever may let it: one that it could when it was approved.
pub(crate) fn ask_override(request: &Request, _: &Submission) -> Result<Outcome> {
    let (mut voucher, _) = step(request, Step::Report)?;
    if voucher.overrode_by.is_some() || voucher.amount <= payable(voucher.unit, time::today())? {
        return Err(Error::form(request.say(
            "Phiếu này chi được; không cần cho chi vượt số dư.",
            "This voucher can be paid: nothing has to be let.",
        )));
    }
    voucher.short = Some(true);
    voucher.save()?;
    Ok(Outcome::done(request.path())
        .saying(request.say("Đã chuyển người duyệt chi", "Handed to the approver of spending")))
}

/// Lets it be paid although the balance falls below zero, with the reason.
pub(crate) fn overrule(request: &Request, submission: &Submission) -> Result<Outcome> {
    let (mut voucher, by) = step(request, Step::Override)?;
    voucher.short = Some(false);
    voucher.overrode_by = Some(by);
    voucher.overrode_at = Some(time::now());
    voucher.overrode_why = Some(submission.get("why")?);
    voucher.save()?;
    Ok(Outcome::done(request.path()).saying(request.say("Đã cho chi vượt số dư", "Overridden")))
}

/// Pays it out of the fund.
pub(crate) fn pay(request: &Request, submission: &Submission) -> Result<Outcome> {
    let (mut voucher, by) = step(request, Step::Pay)?;
    let day: Date = submission.get("paid-on")?;
    if day > time::today() || day < first_day(voucher.year) || day > last_day(voucher.year) {
        let year = voucher.year;
        return Err(Error::field(
            "paid-on",
            request.say(
                &format!("Ngày chi trong năm {year} và không sau hôm nay."),
                &format!("It is paid in {year}, today or before."),
            ),
        ));
    }
    let least = payable(voucher.unit, day)?;
    if voucher.amount > least && voucher.overrode_by.is_none() {
        return Err(Error::form(request.say(
            &format!("Quỹ chỉ chi được {} từ ngày này; người duyệt chi cần cho chi vượt số dư, có lý do.", Dong(least)),
            &format!("The fund can pay {:#} from this day on; the approver has to let it be exceeded, with a reason.", Dong(least)),
        )));
    }
    FundEntry {
        unit: voucher.unit,
        day,
        kind: entry::SPENT.to_owned(),
        amount: voucher.amount.checked_neg().or_failed("an amount out of range")?,
        period: None,
        voucher: Some(voucher.id),
        reason: voucher.overrode_why.clone(),
        recorded_at: time::now(),
        recorded_by: by,
    }
    .insert()?;
    voucher.paid_by = Some(by);
    voucher.paid_at = Some(time::now());
    voucher.paid_on = Some(day);
    voucher.save()?;
    Ok(Outcome::done(request.path()).saying(request.say("Đã chi", "Paid")))
}

/// Refuses it, with the reason.
pub(crate) fn refuse(request: &Request, submission: &Submission) -> Result<Outcome> {
    end(request, submission, Step::Refuse)?;
    Ok(Outcome::done(request.path()).saying(request.say("Đã từ chối phiếu chi", "Refused")))
}

/// Cancels it before it is paid, with the reason.
pub(crate) fn cancel(request: &Request, submission: &Submission) -> Result<Outcome> {
    end(request, submission, Step::Cancel)?;
    Ok(Outcome::done(request.path()).saying(request.say("Đã huỷ phiếu chi", "Cancelled")))
}

/// Undoes a payment: the money is back in the fund, as of today.
pub(crate) fn reverse(request: &Request, submission: &Submission) -> Result<Outcome> {
    let (voucher, by) = end(request, submission, Step::Reverse)?;
    FundEntry {
        unit: voucher.unit,
        day: time::today().min(last_day(voucher.year)),
        kind: entry::REVERSED.to_owned(),
        amount: voucher.amount,
        period: None,
        voucher: Some(voucher.id),
        reason: voucher.record.note,
        recorded_at: time::now(),
        recorded_by: by,
    }
    .insert()?;
    Ok(Outcome::done(request.path()).saying(request.say("Đã thu hồi khoản chi", "Taken back")))
}

fn end(request: &Request, submission: &Submission, last: Step) -> Result<(Stored<Voucher>, AccountId)> {
    let (mut voucher, by) = step(request, last)?;
    voucher.ended_by = Some(by);
    voucher.ended_at = Some(time::now());
    voucher.note = Some(submission.get("note")?);
    voucher.clone().save()?;
    Ok((voucher, by))
}
