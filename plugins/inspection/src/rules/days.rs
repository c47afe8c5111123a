//! Calendar days and working days (ngày làm việc): every day but Saturdays, Sundays and holidays.

use dinh_sdk::jiff::civil::Weekday;
use dinh_sdk::time::Date;

/// Most days of a period: longer ones are as good as none.
const FURTHEST: i64 = 3660;

/// A number of days, and which days count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// How many.
    pub days: i64,
    /// Only working days count.
    pub working: bool,
}

/// Whether a day is one of work; `off` knows the holidays.
pub fn is_working(day: Date, off: &dyn Fn(Date) -> bool) -> bool {
    !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) && !off(day)
}

/// The last day of a period that begins with the day after `day`.
pub fn after(day: Date, period: Period, off: &dyn Fn(Date) -> bool) -> Date {
    let mut left = period.days.clamp(0, FURTHEST);
    let mut last = day;
    while left > 0 {
        let Ok(next) = last.tomorrow() else { break };
        last = next;
        left -= i64::from(!period.working || is_working(last, off));
    }
    last
}

/// How many days count from the day after `from` until `until`; none when that is not later.
pub fn between(from: Date, until: Date, working: bool, off: &dyn Fn(Date) -> bool) -> i64 {
    let (mut day, mut count) = (from, 0);
    while day < until && count <= FURTHEST {
        let Ok(next) = day.tomorrow() else { break };
        day = next;
        count += i64::from(!working || is_working(day, off));
    }
    count
}

/// A deadline after a suspension (tạm đình chỉ): as many days are left when it ends as were when it began. One that
/// was missed before stays missed.
pub fn resumed(due: Date, suspended: Date, until: Date, working: bool, off: &dyn Fn(Date) -> bool) -> Date {
    if due < suspended || until <= suspended {
        return due;
    }
    let left = between(suspended, due, working, off);
    after(until, Period { days: left, working }, off).max(due)
}

#[cfg(test)]
mod tests {
    use super::*;
    use dinh_sdk::jiff::civil::date;
    use proptest::prelude::*;

    /// Tết Bính Ngọ and 2 September, as a province would declare them.
    fn off(day: Date) -> bool {
        (date(2026, 2, 16)..=date(2026, 2, 20)).contains(&day)
            || (date(2026, 9, 1)..=date(2026, 9, 2)).contains(&day)
    }

    #[test]
    fn working_days_leave_out_weekends_and_holidays() {
        let working = |days| Period { days, working: true };
        // Friday 13 February 2026; the week of Tết is off.
        assert_eq!(after(date(2026, 2, 13), working(1), &off), date(2026, 2, 23));
        assert_eq!(after(date(2026, 2, 13), Period { days: 1, working: false }, &off), date(2026, 2, 14));
        assert_eq!(after(date(2026, 3, 2), working(5), &off), date(2026, 3, 9));
        assert_eq!(between(date(2026, 2, 13), date(2026, 2, 23), true, &off), 1);
        // Ninety working days over 30 April are counted as the catalog has them, not as anybody remembers.
        assert_eq!(after(date(2026, 3, 2), working(90), &|_| false), date(2026, 7, 6));
    }

    #[test]
    fn a_suspension_leaves_as_many_days_as_there_were() {
        // Due on Friday the 13th; suspended on Tuesday with three working days left, for a week.
        let due = resumed(date(2026, 3, 13), date(2026, 3, 10), date(2026, 3, 17), true, &off);
        assert_eq!(due, date(2026, 3, 20));
        assert_eq!(
            resumed(date(2026, 3, 13), date(2026, 3, 10), date(2026, 3, 17), false, &off),
            date(2026, 3, 20)
        );
        let missed = date(2026, 3, 9);
        assert_eq!(resumed(missed, date(2026, 3, 10), date(2026, 3, 17), true, &off), missed);
    }

    fn days() -> impl Strategy<Value = Date> {
        (0_i64..2000).prop_map(|days| after(date(2024, 1, 1), Period { days, working: false }, &off))
    }

    proptest! {
        #[test]
        fn what_is_counted_forward_is_counted_back(day in days(), days in 0_i64..400, working: bool) {
            let last = after(day, Period { days, working }, &off);
            prop_assert_eq!(between(day, last, working, &off), days);
            prop_assert!(days == 0 || !working || is_working(last, &off));
        }

        #[test]
        fn a_longer_suspension_never_brings_a_deadline_forward(
            due in days(), from in days(), a in 0_i64..200, b in 0_i64..200, working: bool,
        ) {
            let until = |days| after(from, Period { days, working: false }, &off);
            let (short, long) = (until(a.min(b)), until(a.max(b)));
            let (short, long) = (resumed(due, from, short, working, &off), resumed(due, from, long, working, &off));
            prop_assert!(due <= short && short <= long);
        }
    }
}
