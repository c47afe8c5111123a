//! What a timer is.

use std::fmt;

use dinh_model::{Date, Label, RecordId, Timestamp};
use serde::{Deserialize, Serialize};

use super::{FURTHEST_DAYS, LONGEST_KEY, LONGEST_PAYLOAD, Recurrence};
use crate::ServiceError;

/// Which timer of a plugin: a name that its manifest declares, and a key that tells several of that name apart. Setting
/// the same again replaces it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TimerId {
    /// As the manifest declares it.
    pub name: String,
    /// Empty, or up to [`LONGEST_KEY`] of `A`–`Z`, `a`–`z`, `0`–`9` and `-_.:/`: an identifier, never a text.
    pub key: String,
}

/// A timer as a plugin sets it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewTimer {
    /// Which.
    pub id: TimerId,
    /// When it fires.
    pub when: When,
    /// What its handler is given back, at most [`LONGEST_PAYLOAD`] bytes.
    pub payload: String,
}

/// When a timer fires. Days and hours are Vietnam's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// At a moment; one that is over is due at once.
    At(Timestamp),
    /// On a day, at an hour of 0 to 23.
    On(Date, u8),
    /// A term after a day, at an hour of 0 to 23.
    After {
        /// The day that it is counted from, which itself does not count.
        from: Date,
        /// How many days.
        days: u32,
        /// Which days count.
        counting: Counting,
        /// The hour.
        hour: u8,
    },
    /// Again and again.
    Every(Recurrence),
}

/// Which days count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counting {
    /// All (ngày).
    Calendar,
    /// Neither Saturdays, Sundays nor those of the catalog `holidays` (ngày làm việc).
    Working,
}

/// A timer at rest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timer {
    /// The moment it is due, or was: microseconds since 1970.
    pub due: i64,
    /// When it is tried next: the same, until it has failed.
    pub next: i64,
    /// How it comes again; none for one that fires once.
    pub every: Option<Recurrence>,
    /// What its handler is given back.
    pub payload: String,
    /// The highest label of what the call that set it had read.
    pub label: Label,
    /// Whether the manifest itself says when it fires.
    pub declared: bool,
    /// How often it has failed.
    pub failures: u8,
    /// Why, the last time: `trapped`, `failed`, `refused`, or the limit that was reached.
    pub failure: Option<String>,
    /// Since when it is parked: microseconds since 1970.
    pub parked: Option<i64>,
}

impl Timer {
    /// One that fires first at a moment.
    pub(super) fn new(due: i64, every: Option<Recurrence>) -> Self {
        Self {
            due,
            next: due,
            every,
            payload: String::new(),
            label: Label::Ordinary,
            declared: false,
            failures: 0,
            failure: None,
            parked: None,
        }
    }
}

impl TimerId {
    /// The record that the key names, if it names one.
    pub fn record(&self) -> Option<RecordId> {
        self.key.parse().ok()
    }

    pub(super) fn check(&self) -> Result<(), ServiceError> {
        let good = |b: u8| b.is_ascii_alphanumeric() || b"-_.:/".contains(&b);
        if self.key.len() <= LONGEST_KEY && self.key.bytes().all(good) {
            return Ok(());
        }
        Err(ServiceError::invalid(
            format!(
                "Khoá của hẹn giờ phải là mã định danh dài không quá {LONGEST_KEY} ký tự A–Z, a–z, 0–9, -_.:/"
            ),
            format!(
                "The key of a timer is an identifier of at most {LONGEST_KEY} of A–Z, a–z, 0–9 and -_.:/"
            ),
        ))
    }
}

impl fmt::Display for TimerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.name)?;
        if self.key.is_empty() { Ok(()) } else { write!(f, " {}", self.key) }
    }
}

impl NewTimer {
    pub(super) fn check(&self) -> Result<(), ServiceError> {
        self.id.check()?;
        let used = self.payload.len();
        if used <= LONGEST_PAYLOAD {
            return Ok(());
        }
        Err(ServiceError::invalid(
            format!("Nội dung kèm hẹn giờ dài {used} byte; tối đa {LONGEST_PAYLOAD}."),
            format!("The payload of a timer has {used} bytes; at most {LONGEST_PAYLOAD}."),
        ))
    }
}

/// That a number of days, or a moment, is beyond [`FURTHEST_DAYS`].
pub(super) fn too_far(days: impl fmt::Display) -> ServiceError {
    ServiceError::invalid(
        format!("Cách {days} ngày; tối đa {FURTHEST_DAYS}."),
        format!("{days} days away; at most {FURTHEST_DAYS}."),
    )
}
