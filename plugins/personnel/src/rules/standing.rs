//! Where somebody was, and in which grade, on a day: from the rows of the histories.

use dinh_sdk::time::Date;

/// A row of a history: from its first to its last day, both included; without a last day, until now.
pub trait Lasting {
    /// The first day.
    fn from(&self) -> Date;
    /// The last day.
    fn until(&self) -> Option<Date>;
}

/// The row that holds on a day: of several, the one that began last.
pub fn on<'a, R: Lasting>(rows: impl IntoIterator<Item = &'a R>, day: Date) -> Option<&'a R> {
    let holds = |row: &&R| row.from() <= day && row.until().is_none_or(|until| day <= until);
    rows.into_iter().filter(holds).max_by_key(|row| row.from())
}

/// Whether something that began on one day and ended before another was so on `day`: service from
/// recruitment until leaving, membership from admission until leaving.
pub fn between(begun: Option<Date>, left: Option<Date>, day: Date) -> bool {
    begun.is_some_and(|begun| begun <= day) && left.is_none_or(|left| day < left)
}

#[cfg(test)]
mod tests {
    use super::*;
    use dinh_sdk::jiff::civil::date;

    struct Row(Date, Option<Date>, &'static str);

    impl Lasting for Row {
        fn from(&self) -> Date {
            self.0
        }

        fn until(&self) -> Option<Date> {
            self.1
        }
    }

    #[test]
    fn the_row_that_holds_on_a_day_is_found_on_its_first_and_last_day_and_not_between_rows() {
        let rows = [
            Row(date(2010, 1, 1), Some(date(2015, 6, 30)), "chuyên viên"),
            Row(date(2015, 8, 1), None, "phó trưởng phòng"),
        ];
        let name = |day| on(&rows, day).map(|row| row.2);
        assert_eq!(name(date(2009, 12, 31)), None);
        assert_eq!(name(date(2010, 1, 1)), Some("chuyên viên"));
        assert_eq!(name(date(2015, 6, 30)), Some("chuyên viên"));
        assert_eq!(name(date(2015, 7, 15)), None);
        assert_eq!(name(date(2026, 1, 1)), Some("phó trưởng phòng"));
    }

    #[test]
    fn of_rows_that_overlap_the_later_one_counts() {
        let rows = [Row(date(2010, 1, 1), None, "cũ"), Row(date(2020, 1, 1), None, "mới")];
        assert_eq!(on(&rows, date(2021, 1, 1)).map(|row| row.2), Some("mới"));
    }

    #[test]
    fn membership_counts_from_admission_and_no_longer_on_the_day_of_leaving() {
        let (begun, left) = (Some(date(2005, 2, 3)), Some(date(2020, 1, 1)));
        assert!(!between(begun, left, date(2005, 2, 2)));
        assert!(between(begun, left, date(2005, 2, 3)));
        assert!(between(begun, left, date(2019, 12, 31)));
        assert!(!between(begun, left, date(2020, 1, 1)));
        assert!(!between(None, None, date(2020, 1, 1)));
    }
}
