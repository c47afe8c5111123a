//! The call's one instant, and days.

use jiff::SignedDuration;
pub use jiff::Timestamp;
pub use jiff::civil::Date;

use crate::bindings::dinh::platform::clock;

/// Seconds of a civil day.
const DAY: i64 = 24 * 60 * 60;

const EPOCH: Date = Date::constant(1970, 1, 1);

/// The day the call began, in the deployment's time zone.
pub fn today() -> Date {
    date(clock::today()).unwrap_or(EPOCH)
}

/// The moment the call began: the same however often it is read.
pub fn now() -> Timestamp {
    Timestamp::from_microsecond(clock::now()).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// Days since 1970-01-01.
pub(crate) fn days(date: Date) -> i32 {
    let since: SignedDuration = date.duration_since(EPOCH);
    i32::try_from(since.as_secs() / DAY).unwrap_or_default()
}

/// The day so many days after 1970-01-01; none beyond the year 9999.
pub(crate) fn date(days: i32) -> Option<Date> {
    EPOCH.checked_add(SignedDuration::from_secs(i64::from(days) * DAY)).ok()
}
