//! Days and moments as numbers, as they are stored and as they cross to plugins.

use jiff::civil::{Date, date};
use jiff::{Timestamp, Unit};

/// Days since 1970-01-01 (Apache Arrow `date32`).
pub fn days(day: Date) -> i32 {
    let epoch = date(1970, 1, 1);
    day.since((Unit::Day, epoch)).map_or(0, |span| span.get_days())
}

/// The day that many days after 1970-01-01; none outside the years −9999 to 9999.
pub fn from_days(days: i32) -> Option<Date> {
    date(1970, 1, 1).checked_add(jiff::Span::new().try_days(days).ok()?).ok()
}

/// Microseconds since 1970-01-01T00:00:00Z (Apache Arrow `timestamp[us, UTC]`).
pub fn microseconds(moment: Timestamp) -> i64 {
    moment.as_microsecond()
}

/// The moment that many microseconds after 1970; none outside the years −9999 to 9999.
pub fn from_microseconds(microseconds: i64) -> Option<Timestamp> {
    // `Timestamp::from_microsecond` ends a second before the last moment there is.
    let nanoseconds = i32::try_from(microseconds.rem_euclid(1_000_000)).ok()? * 1_000;
    Timestamp::new(microseconds.div_euclid(1_000_000), nanoseconds).ok()
}

/// The day of `moment` in Vietnam, which has kept UTC+7 without summer time since 1975.
pub fn day_in_vietnam(moment: Timestamp) -> Date {
    jiff::tz::Offset::constant(7).to_datetime(moment).date()
}

/// The moment at which a day begins in Vietnam; none at the two ends of all days.
pub fn start_in_vietnam(day: Date) -> Option<Timestamp> {
    jiff::tz::Offset::constant(7).to_timestamp(day.at(0, 0, 0, 0)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_in_vietnam_begins_at_seventeen_hours_of_the_day_before() {
        let start = start_in_vietnam(date(2026, 7, 1)).unwrap();
        assert_eq!(start, "2026-06-30T17:00:00Z".parse().unwrap());
        assert_eq!(day_in_vietnam(start), date(2026, 7, 1));
        assert_eq!(start_in_vietnam(Date::MIN), None);
    }

    #[test]
    fn days_count_from_1970_in_both_directions() {
        for (day, number) in [(date(1970, 1, 1), 0), (date(2025, 7, 1), 20_270), (date(1930, 2, 3), -14_577)]
        {
            assert_eq!(days(day), number);
            assert_eq!(from_days(number), Some(day));
        }
        assert_eq!(from_days(i32::MAX), None);
        assert_eq!(from_days(i32::MIN), None);
        assert_eq!(from_microseconds(i64::MAX), None);
    }

    #[test]
    fn every_moment_there_is_comes_back_to_the_microsecond() {
        let last: Timestamp = "9999-12-30T22:00:00.999999Z".parse().unwrap();
        let before: Timestamp = "1969-12-31T23:59:59.999999Z".parse().unwrap();
        for moment in [Timestamp::MIN, before, Timestamp::UNIX_EPOCH, last] {
            assert_eq!(from_microseconds(microseconds(moment)), Some(moment));
        }
        assert_eq!(from_microseconds(microseconds(Timestamp::MIN) - 1), None);
        assert_eq!(from_microseconds(microseconds(last) + 1), None);
        assert_eq!(from_microseconds(i64::MIN), None);
    }

    #[test]
    fn a_day_begins_in_vietnam_seven_hours_before_it_does_in_utc() {
        let evening: Timestamp = "2025-06-30T17:00:00Z".parse().unwrap();
        assert_eq!(day_in_vietnam(evening), date(2025, 7, 1));
    }
}
