//! Everything that writes. None of it reads a text of another plugin, so that what it writes is its own.
//!
//! ```text
//! assess   what members owe for a month
//! collect  what a cell paid, from the entry grid
//! correct  an entry undone by its opposite, and recorded anew
//! decide   exemptions, reductions, bases of income, rates
//! close    a period submitted by one person, closed or given back by another
//! review   changes of members looked at
//! status   how each member stands, kept with each entry
//! ```
//!
//! An entry is only booked in a period of which neither itself nor a later one is closed or waits to be
//! ([`open`]): so a closed month and what it carried over never change.

pub(crate) mod assess;
pub(crate) mod close;
pub(crate) mod collect;
pub(crate) mod correct;
pub(crate) mod decide;
pub(crate) mod review;
mod status;

use dinh_sdk::prelude::*;
use dinh_sdk::{Parameter, accounts, time};

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

/// Refuses a month that is yet to come: the salary that it rests on is not known.
fn not_to_come(request: &Request, month: Month) -> Result<()> {
    if month <= Month::of(time::today()) {
        return Ok(());
    }
    Err(Error::form(request.say(
        "Tháng này chưa đến; chọn tháng hiện tại hoặc tháng trước.",
        "This month is yet to come: choose this one or one before.",
    )))
}

/// Refuses to book anything in a period that is closed, or waits to be, or lies before such a one.
fn open(request: &Request, unit: UnitId, period: Month) -> Result<()> {
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
