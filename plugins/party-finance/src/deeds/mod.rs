//! Everything that writes. None of it reads a text of another plugin, so that what it writes is its own.
//!
//! ```text
//! assess   what members owe for a month
//! collect  what a cell paid, from the entry grid
//! correct  an entry undone by its opposite, and recorded anew
//! decide   exemptions, reductions, bases of income, rates
//! close    a period submitted by one person, closed or given back by another: then what was retained is in the fund
//! remit    what is handed up: said below, confirmed above
//! tables   organisations, shares, items
//! fund     the balance a fund begins with
//! estimate the estimate of a year and its supplements, approved by a second person
//! voucher  asked for, approved, paid by three people; a payment undone
//! settle   a year settled by two people: then nothing of it changes
//! review   changes of members looked at
//! status   how each member stands, kept with each entry
//! ```
//!
//! An entry is only booked in a period of which neither itself nor a later one is closed or waits to be, and whose year is
//! not settled ([`open`]): so a closed month and what it carried over never change. What takes two people is decided by
//! whoever has the right and did not prepare it ([`second`]).

pub(crate) mod assess;
pub(crate) mod close;
pub(crate) mod collect;
pub(crate) mod correct;
pub(crate) mod decide;
pub(crate) mod estimate;
pub(crate) mod fund;
pub(crate) mod remit;
pub(crate) mod review;
pub(crate) mod settle;
mod status;
pub(crate) mod tables;
pub(crate) mod voucher;

use dinh_sdk::access::Target;
use dinh_sdk::prelude::*;
use dinh_sdk::{Parameter, access, accounts, time};

use crate::model::spending::Settlement;
use crate::model::{Period, state};
use crate::month::Month;

/// The account that acts.
fn actor(request: &Request) -> Result<AccountId> {
    let person = accounts::person().map(|person| AccountId(person.account));
    person.ok_or_else(|| {
        Error::Denied(request.say("Cần đăng nhập.", "Somebody has to be signed in.").to_owned())
    })
}

/// What a button sent along.
fn sent<T: Parameter>(submission: &Submission, name: &str) -> Result<T> {
    let text: String = submission.get(name)?;
    T::parse(&text).ok_or_else(|| Error::BadRequest(format!("{name}: {text}")))
}

/// Refuses a month that is yet to come: nothing of it is known, and what is booked there no page of this month shows.
fn not_to_come(request: &Request, month: Month) -> Result<()> {
    if month <= Month::of(time::today()) {
        return Ok(());
    }
    Err(Error::form(request.say(
        "Tháng này chưa đến; chọn tháng hiện tại hoặc tháng trước.",
        "This month is yet to come: choose this one or one before.",
    )))
}

/// Refuses to book anything in a period that is closed, or waits to be, or lies before such a one, or is yet to come.
fn open(request: &Request, unit: UnitId, period: Month) -> Result<()> {
    not_to_come(request, period)?;
    year_open(request, unit, i64::from(period.year()))?;
    let Some(lock) = Period::locking(unit, period)? else { return Ok(()) };
    let month = lock.month;
    let message = if lock.state == state::CLOSED {
        request.say(
            &format!("Kỳ {month} đã khoá; ghi vào kỳ sau, sai sót được đính chính bằng bút toán ở kỳ đang mở."),
            &format!("The period {month} is closed; book in a later one, where mistakes are undone by counter-entries."),
        )
        .to_owned()
    } else {
        request
            .say(
                &format!("Kỳ {month} đang chờ khoá; người duyệt cần khoá hoặc trả lại kỳ này trước."),
                &format!("The period {month} waits to be closed; it has to be closed or given back first."),
            )
            .to_owned()
    };
    Err(Error::form(message))
}

/// Whether nothing is booked in a period any more: what [`open`] refuses.
fn is_locked(unit: UnitId, period: Month) -> Result<bool> {
    let year = i64::from(period.year());
    Ok(Period::locking(unit, period)?.is_some() || Settlement::locking(unit, year)?.is_some())
}

/// Refuses to write anything of a year that is settled, or waits to be.
fn year_open(request: &Request, unit: UnitId, year: i64) -> Result<()> {
    let Some(lock) = Settlement::locking(unit, year)? else { return Ok(()) };
    let year = lock.year;
    Err(Error::form(if lock.state == state::CLOSED {
        request
            .say(
                &format!("Năm {year} đã quyết toán; không ghi thêm được."),
                &format!("The year {year} is settled: nothing is written to it."),
            )
            .to_owned()
    } else {
        request
            .say(
                &format!("Quyết toán năm {year} đang chờ duyệt; cần duyệt hoặc trả lại trước."),
                &format!("The settlement of {year} waits: it has to be approved or given back first."),
            )
            .to_owned()
    }))
}

/// Goes on only for whoever has the right for a unit; the refusal is put into the evidence.
fn require(permission: &str, unit: UnitId) -> Result<()> {
    access::require(permission, Target { unit: unit.0, label: Label::Ordinary, owner: None })
}

/// The second of two people: whoever has the right for a unit and did not prepare what is decided.
fn second(request: &Request, permission: &str, unit: UnitId, prepared_by: AccountId) -> Result<AccountId> {
    require(permission, unit)?;
    let by = actor(request)?;
    if by == prepared_by {
        return Err(Error::form(request.say(
            "Người trình không tự duyệt; cần người thứ hai.",
            "Whoever submitted it does not decide: it takes a second person.",
        )));
    }
    Ok(by)
}
