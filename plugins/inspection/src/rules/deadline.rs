//! How a deadline stands on a day.

use dinh_sdk::time::Date;

use super::days::between;

/// How a deadline stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// So many calendar days late.
    Overdue(i64),
    /// So many calendar days are left, no more than what counts as soon.
    Soon(i64),
    /// There is time.
    InTime(i64),
    /// The clock stands still.
    Suspended,
    /// There is no deadline.
    None,
}

/// How a deadline stands on a day; `soon` is how many days ahead one is reminded.
pub fn standing(due: Option<Date>, suspended: bool, today: Date, soon: i64) -> Standing {
    if suspended {
        return Standing::Suspended;
    }
    let Some(due) = due else { return Standing::None };
    if due < today {
        return Standing::Overdue(between(due, today, false, &|_| false));
    }
    let left = between(today, due, false, &|_| false);
    if left <= soon { Standing::Soon(left) } else { Standing::InTime(left) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dinh_sdk::jiff::civil::date;

    #[test]
    fn a_deadline_is_kept_on_its_day_and_missed_on_the_next() {
        let due = Some(date(2026, 3, 10));
        assert_eq!(standing(due, false, date(2026, 3, 10), 5), Standing::Soon(0));
        assert_eq!(standing(due, false, date(2026, 3, 11), 5), Standing::Overdue(1));
        assert_eq!(standing(due, false, date(2026, 3, 5), 5), Standing::Soon(5));
        assert_eq!(standing(due, false, date(2026, 3, 4), 5), Standing::InTime(6));
        assert_eq!(standing(due, true, date(2027, 1, 1), 5), Standing::Suspended);
        assert_eq!(standing(None, false, date(2027, 1, 1), 5), Standing::None);
    }
}
