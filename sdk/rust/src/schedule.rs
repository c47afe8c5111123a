//! Timers (hẹn giờ): deadlines and recurring work that come due without anybody asking; and working days.
//!
//! The manifest declares the name; code sets as many under it as it needs, each with a key, such as the identifier of the
//! record it is about. Setting the same name and key again replaces it. What recurs by itself stands in the manifest
//! alone.
//!
//! ```toml
//! [[timers]]
//! name = "deadline"
//! title = { vi = "Đến hạn trả lời", en = "Answer due" }
//!
//! [[timers]]
//! name = "monthly-report"
//! title = { vi = "Báo cáo tháng", en = "Monthly report" }
//! every = "month"
//! day = 1
//! hour = 7
//! ```
//!
//! ```
//! use dinh_sdk::prelude::*;
//! use dinh_sdk::schedule::{Fired, Timer};
//!
//! /// A letter that has to be answered within twenty working days.
//! #[derive(Clone, Record)]
//! #[record(collection = "letters")]
//! struct Letter {
//!     received: Date,
//!     answered: bool,
//!     overdue: bool,
//! }
//!
//! fn receive(_: &Request, submission: &Submission) -> Result<Outcome> {
//!     let letter: Letter = submission.record()?;
//!     let received = letter.received;
//!     let id = letter.insert()?;
//!     // At seven on the day after the last one in time.
//!     Timer::working_days_after("deadline", received, 21, 7).keyed(id).set()?;
//!     Ok(Outcome::done("/"))
//! }
//!
//! fn deadline(fired: &Fired) -> Result<()> {
//!     let mut letter = Letter::get(fired.record().or_failed("a timer without its letter")?)?;
//!     if letter.answered {
//!         return Ok(());
//!     }
//!     letter.overdue = true;
//!     letter.save()
//! }
//!
//! fn events() -> Events {
//!     Events::new().on_timer("deadline", deadline)
//! }
//! # let _ = (receive, events);
//! ```

use crate::RecordId;
use crate::bindings::dinh::platform::schedule as host;
use crate::error::{Error, Result};
use crate::time::{self, Date, Timestamp};

/// On which days something recurs.
pub use host::Days;

/// A timer to be set.
#[derive(Clone, Debug, PartialEq)]
#[must_use = "a timer fires when it is set"]
pub struct Timer(host::NewTimer);

impl Timer {
    fn new(name: &str, when: host::Moment) -> Self {
        Self(host::NewTimer { name: name.to_owned(), key: String::new(), when, payload: String::new() })
    }

    /// At a moment; one that is over is due at once.
    pub fn at(name: &str, moment: Timestamp) -> Self {
        Self::new(name, host::Moment::At(moment.as_microsecond()))
    }

    /// On a day, at an hour of Vietnam (0 to 23).
    pub fn on(name: &str, day: Date, hour: u8) -> Self {
        Self::new(name, host::Moment::On(host::DayHour { day: time::days(day), hour }))
    }

    /// So many days after a day, at an hour.
    pub fn days_after(name: &str, from: Date, days: u32, hour: u8) -> Self {
        Self::after(name, from, days, hour, host::Counting::Calendar)
    }

    /// So many working days after a day, at an hour.
    pub fn working_days_after(name: &str, from: Date, days: u32, hour: u8) -> Self {
        Self::after(name, from, days, hour, host::Counting::Working)
    }

    fn after(name: &str, from: Date, days: u32, hour: u8, counting: host::Counting) -> Self {
        let term = host::Term { from: time::days(from), days, counting, hour };
        Self::new(name, host::Moment::After(term))
    }

    /// Again and again, at an hour of these days.
    pub fn every(name: &str, days: Days, hour: u8) -> Self {
        Self::new(name, host::Moment::Every(host::Recurrence { days, hour }))
    }

    /// What tells it from others of its name: an identifier, such as that of a record.
    pub fn keyed(self, key: impl ToString) -> Self {
        Self(host::NewTimer { key: key.to_string(), ..self.0 })
    }

    /// What its handler is given back, at most 4,096 bytes.
    pub fn with(self, payload: impl Into<String>) -> Self {
        Self(host::NewTimer { payload: payload.into(), ..self.0 })
    }

    /// Sets it, in the place of one with the same name and key; when it is due first.
    pub fn set(self) -> Result<Timestamp> {
        Ok(moment(host::set(&self.0)?))
    }
}

/// A timer that is set.
#[derive(Clone, Debug, PartialEq)]
pub struct Pending {
    /// Its name in the manifest.
    pub name: String,
    /// What tells it from others of its name.
    pub key: String,
    /// When it is due, or was.
    pub due: Timestamp,
    /// Whether it comes again.
    pub recurs: bool,
    /// It has failed five times and waits for people.
    pub parked: bool,
}

/// A timer that fires.
#[derive(Clone, Debug, PartialEq)]
pub struct Fired {
    /// Its name in the manifest.
    pub name: String,
    /// The key it was set under.
    pub key: String,
    /// When it was due, which may be long ago.
    pub due: Timestamp,
    /// When it comes again.
    pub again: Option<Timestamp>,
    /// What it was set with.
    pub payload: String,
}

impl Fired {
    /// The record that its key names.
    pub fn record(&self) -> Option<RecordId> {
        self.key.parse().ok()
    }
}

/// Cancels a timer; whether there was one.
pub fn cancel(name: &str, key: impl ToString) -> Result<bool> {
    Ok(host::cancel(name, &key.to_string())?)
}

/// A timer that is set; none when there is none that the actor may see.
pub fn find(name: &str, key: impl ToString) -> Result<Option<Pending>> {
    Ok(host::get(name, &key.to_string())?.map(pending))
}

/// The timers of a name by their keys, after one of them, at most `limit` (1 to 1,000).
pub fn list(name: &str, after: Option<&str>, limit: u32) -> Result<Vec<Pending>> {
    Ok(host::list(name, after, limit)?.into_iter().map(pending).collect())
}

/// The day so many working days after a day (before it, when negative): neither Saturdays, Sundays nor those of the
/// catalog `holidays` count.
pub fn add_working_days(day: Date, days: i32) -> Result<Date> {
    let added = host::add_working_days(time::days(day), days)?;
    time::date(added).ok_or_else(|| Error::Failed("a day beyond the year 9999".into()))
}

/// How many working days there are after one day up to and with another; negative when that lies before.
pub fn working_days_between(from: Date, to: Date) -> Result<i32> {
    Ok(host::working_days_between(time::days(from), time::days(to))?)
}

pub(crate) fn moment(microseconds: i64) -> Timestamp {
    Timestamp::from_microsecond(microseconds).unwrap_or(Timestamp::UNIX_EPOCH)
}

fn pending(timer: host::Timer) -> Pending {
    let host::Timer { name, key, due, recurs, parked } = timer;
    Pending { name, key, due: moment(due), recurs, parked }
}

impl From<host::Error> for Error {
    fn from(error: host::Error) -> Self {
        match error {
            // Most often what a person entered: a day that is too far.
            host::Error::Invalid(text) => Self::form(text),
            host::Error::Denied(reason) => Self::Denied(reason),
            host::Error::ReadOnly => Self::Failed("a timer cannot be set while a page is drawn".into()),
        }
    }
}
