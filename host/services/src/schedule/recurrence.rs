//! When something that recurs comes next.

use dinh_model::{Date, time};
use jiff::ToSpan;
use jiff::civil::Weekday;
use serde::{Deserialize, Serialize};

use crate::ServiceError;

/// On which days, and at which hour of Vietnam.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recurrence {
    every: Every,
    hour: u8,
}

/// On which days something recurs. A day that a month does not have is its last one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Every {
    /// Each day.
    Day,
    /// Each week, on a day of 1 (Monday) to 7 (Sunday).
    Week(u8),
    /// Each month, on a day of 1 to 31.
    Month(u8),
    /// Each quarter, in its month of 1 to 3, on a day of 1 to 31.
    Quarter(u8, u8),
    /// Each year, in a month of 1 to 12, on a day of 1 to 31.
    Year(u8, u8),
}

impl Recurrence {
    /// At an hour of 0 to 23.
    pub fn new(every: Every, hour: u8) -> Result<Self, ServiceError> {
        let in_range = match every {
            Every::Day => true,
            Every::Week(day) => (1..=7).contains(&day),
            Every::Month(day) => (1..=31).contains(&day),
            Every::Quarter(month, day) => (1..=3).contains(&month) && (1..=31).contains(&day),
            Every::Year(month, day) => (1..=12).contains(&month) && (1..=31).contains(&day),
        };
        if in_range && hour <= 23 {
            return Ok(Self { every, hour });
        }
        Err(ServiceError::invalid(
            "Chu kỳ không hợp lệ: thứ 1–7, ngày 1–31, tháng của quý 1–3, tháng 1–12, giờ 0–23.",
            "No such recurrence: weekdays are 1 to 7, days 1 to 31, months of a quarter 1 to 3, months 1 to 12, hours 0 to 23.",
        ))
    }

    /// On which days.
    pub fn every(&self) -> Every {
        self.every
    }

    /// At which hour.
    pub fn hour(&self) -> u8 {
        self.hour
    }

    /// The first occurrence after a moment, both microseconds since 1970; none at the end of all days.
    pub fn after(&self, moment: i64) -> Option<i64> {
        let mut day = time::day_in_vietnam(time::from_microseconds(moment)?);
        // That of the period the moment is in, or of the one after it.
        for _ in 0..2 {
            let next = at_hour(self.day_in_period_of(day)?, self.hour)?;
            if next > moment {
                return Some(next);
            }
            day = self.next_period(day)?;
        }
        None
    }

    /// The day on which it occurs in the period that a day is in.
    fn day_in_period_of(&self, day: Date) -> Option<Date> {
        let (year, month) = (day.year(), day.month());
        match self.every {
            Every::Day => Some(day),
            Every::Week(weekday) => {
                let monday = day.checked_sub(i64::from(day.weekday().to_monday_zero_offset()).days()).ok()?;
                monday.checked_add((i64::from(weekday) - 1).days()).ok()
            }
            Every::Month(on) => last_or(year, month, on),
            Every::Quarter(of_quarter, on) => {
                last_or(year, first_of_quarter(month) + number(of_quarter) - 1, on)
            }
            Every::Year(month, on) => last_or(year, number(month), on),
        }
    }

    /// A day in the period after the one that a day is in.
    fn next_period(&self, day: Date) -> Option<Date> {
        match self.every {
            Every::Day => day.tomorrow().ok(),
            Every::Week(_) => day.nth_weekday(1, Weekday::Monday).ok(),
            Every::Month(_) => day.first_of_month().checked_add(1.month()).ok(),
            Every::Quarter(..) => {
                last_or(day.year(), first_of_quarter(day.month()), 1)?.checked_add(3.months()).ok()
            }
            Every::Year(..) => day.first_of_year().checked_add(1.year()).ok(),
        }
    }
}

/// The moment of a day at an hour of Vietnam: microseconds since 1970.
pub(super) fn at_hour(day: Date, hour: u8) -> Option<i64> {
    let start = time::microseconds(time::start_in_vietnam(day)?);
    (hour <= 23).then_some(())?;
    start.checked_add(i64::from(hour) * 3_600_000_000)
}

fn number(small: u8) -> i8 {
    i8::try_from(small).unwrap_or(i8::MAX)
}

fn first_of_quarter(month: i8) -> i8 {
    (month - 1) / 3 * 3 + 1
}

/// A day of a month, or its last one.
fn last_or(year: i16, month: i8, day: u8) -> Option<Date> {
    let first = Date::new(year, month, 1).ok()?;
    Date::new(year, month, number(day).min(first.days_in_month())).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn after(every: Every, hour: u8, moment: &str) -> String {
        let moment = time::microseconds(moment.parse().unwrap());
        let next = Recurrence::new(every, hour).unwrap().after(moment).unwrap();
        time::from_microseconds(next).unwrap().to_string()
    }

    #[test]
    fn hours_are_those_of_vietnam_and_an_occurrence_is_after_the_moment_not_at_it() {
        assert_eq!(after(Every::Day, 7, "2026-03-01T23:59:59Z"), "2026-03-02T00:00:00Z");
        assert_eq!(after(Every::Day, 7, "2026-03-02T00:00:00Z"), "2026-03-03T00:00:00Z");
        // Monday 2 March 2026.
        assert_eq!(after(Every::Week(1), 7, "2026-03-02T00:00:00Z"), "2026-03-09T00:00:00Z");
        assert_eq!(after(Every::Week(7), 7, "2026-03-02T00:00:00Z"), "2026-03-08T00:00:00Z");
        assert_eq!(after(Every::Quarter(3, 25), 8, "2026-01-01T00:00:00Z"), "2026-03-25T01:00:00Z");
        assert_eq!(after(Every::Quarter(1, 5), 8, "2026-11-22T00:00:00Z"), "2027-01-05T01:00:00Z");
        assert_eq!(after(Every::Year(12, 20), 0, "2026-12-20T00:00:00Z"), "2027-12-19T17:00:00Z");
    }

    #[test]
    fn a_day_that_a_month_does_not_have_is_its_last() {
        assert_eq!(after(Every::Month(31), 7, "2026-02-01T00:00:00Z"), "2026-02-28T00:00:00Z");
        assert_eq!(after(Every::Month(31), 7, "2026-02-28T00:00:00Z"), "2026-03-31T00:00:00Z");
        assert_eq!(after(Every::Year(2, 29), 7, "2028-01-01T00:00:00Z"), "2028-02-29T00:00:00Z");
        assert_eq!(after(Every::Year(2, 29), 7, "2026-01-01T00:00:00Z"), "2026-02-28T00:00:00Z");
    }

    #[test]
    fn what_is_no_day_or_hour_is_refused() {
        for every in
            [Every::Week(0), Every::Week(8), Every::Month(32), Every::Quarter(4, 1), Every::Year(13, 1)]
        {
            assert!(Recurrence::new(every, 7).is_err(), "{every:?}");
        }
        assert!(Recurrence::new(Every::Day, 24).is_err());
    }

    fn every() -> impl Strategy<Value = Every> {
        prop_oneof![
            Just(Every::Day),
            (1..=7_u8).prop_map(Every::Week),
            (1..=31_u8).prop_map(Every::Month),
            (1..=3_u8, 1..=31_u8).prop_map(|(month, day)| Every::Quarter(month, day)),
            (1..=12_u8, 1..=31_u8).prop_map(|(month, day)| Every::Year(month, day)),
        ]
    }

    proptest! {
        #[test]
        fn the_next_is_later_and_nothing_lies_between(every in every(), hour in 0..=23_u8, moment in any::<i64>()) {
            let recurrence = Recurrence::new(every, hour).unwrap();
            if let Some(next) = recurrence.after(moment) {
                prop_assert!(next > moment);
                // Asked a moment before, the same; and no period is longer than a year and a day.
                prop_assert_eq!(recurrence.after(next - 1), Some(next));
                prop_assert!(next - moment <= 367 * 86_400_000_000);
            }
        }
    }
}
