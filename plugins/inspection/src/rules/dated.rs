//! Dated rows: what a catalog says on a day.

use dinh_sdk::time::Date;

/// A row that holds for some time.
pub trait Dated {
    /// What it says something about; of one key, one row holds at a time.
    fn key(&self) -> String;
    /// Its first day.
    fn from(&self) -> Date;
    /// Its last day; none while it lasts.
    fn until(&self) -> Option<Date>;
    /// Has it end with a day.
    fn end(&mut self, day: Date);
}

/// The rows that hold on a day: of each key the one that began last. The order of the rows is kept.
pub fn on<T: Dated>(rows: Vec<T>, day: Date) -> Vec<T> {
    let holds = |row: &T| row.from() <= day && row.until().is_none_or(|until| day <= until);
    let mut held: Vec<T> = Vec::new();
    for row in rows.into_iter().filter(holds) {
        let key = row.key();
        match held.iter_mut().find(|known| known.key() == key) {
            Some(known) if known.from() < row.from() => *known = row,
            Some(_) => {}
            None => held.push(row),
        }
    }
    held
}

#[cfg(test)]
mod tests {
    use super::*;
    use dinh_sdk::jiff::civil::date;
    use proptest::prelude::*;

    #[derive(Clone, Debug, PartialEq)]
    struct Row(&'static str, Date, Option<Date>, i64);

    impl Dated for Row {
        fn key(&self) -> String {
            self.0.to_owned()
        }
        fn from(&self) -> Date {
            self.1
        }
        fn until(&self) -> Option<Date> {
            self.2
        }
        fn end(&mut self, day: Date) {
            self.2 = Some(day);
        }
    }

    #[test]
    fn of_each_key_the_row_that_began_last_holds() {
        let rows = vec![
            Row("plan", date(2021, 7, 28), None, 22),
            Row("launch", date(2021, 7, 28), Some(date(2025, 5, 29)), 22),
            Row("plan", date(2025, 5, 30), None, 296),
        ];
        let numbers = |day| on(rows.clone(), day).iter().map(|row| (row.0, row.3)).collect::<Vec<_>>();
        assert_eq!(numbers(date(2024, 1, 1)), [("plan", 22), ("launch", 22)]);
        assert_eq!(numbers(date(2025, 5, 30)), [("plan", 296)]);
        assert_eq!(numbers(date(2020, 1, 1)), []);
    }

    proptest! {
        #[test]
        fn no_key_is_held_twice_and_nothing_holds_outside_its_term(
            rows in proptest::collection::vec((0_usize..3, 1_i8..12, proptest::option::of(1_i8..12)), 0..12), month in 1_i8..12,
        ) {
            let keys = ["a", "b", "c"];
            let rows: Vec<Row> = rows.into_iter().map(|(key, from, until)| Row(keys[key],
                date(2026, from, 1), until.map(|until| date(2026, until, 1)), 0)).collect();
            let day = date(2026, month, 1);
            let held = on(rows.clone(), day);
            for row in &held {
                prop_assert!(row.1 <= day && row.2.is_none_or(|until| day <= until));
                prop_assert_eq!(held.iter().filter(|other| other.0 == row.0).count(), 1);
            }
            for row in rows.iter().filter(|row| row.1 <= day && row.2.is_none_or(|until| day <= until)) {
                prop_assert!(held.iter().any(|other| other.0 == row.0 && other.1 >= row.1));
            }
        }
    }
}
