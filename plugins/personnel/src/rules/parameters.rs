//! Parameters: what changes by decree, as dated rows that the operator keeps.

use dinh_sdk::Decimal;
use dinh_sdk::rust_decimal::prelude::ToPrimitive;
use dinh_sdk::time::Date;

/// Keys of parameters, as the collection `parameters` has them.
pub mod key {
    /// Mức lương cơ sở, in đồng a month.
    pub const BASE_SALARY: &str = "base-salary";
    /// Age of retirement of men, in months.
    pub const RETIREMENT_MALE: &str = "retirement-age.nam";
    /// Age of retirement of women, in months.
    pub const RETIREMENT_FEMALE: &str = "retirement-age.nu";
    /// How long an appointment lasts, in years.
    pub const APPOINTMENT_YEARS: &str = "appointment-years";
    /// What is first paid at the last step, in per cent of the coefficient.
    pub const OVER_FRAME_FIRST: &str = "over-frame-first";
    /// What each further year adds, in per cent.
    pub const OVER_FRAME_NEXT: &str = "over-frame-next";
    /// Months between raises beyond the frame.
    pub const OVER_FRAME_MONTHS: &str = "over-frame-months";
    /// Days ahead of a raise at which it is called due.
    pub const RAISE_NOTICE: &str = "raise-notice-days";
    /// Days ahead of retirement of the first reminder.
    pub const RETIREMENT_NOTICE: &str = "retirement-notice-days";
    /// Days ahead of retirement of the pressing reminder.
    pub const RETIREMENT_URGENT: &str = "retirement-urgent-days";
    /// Days ahead of the end of an appointment at which it is called due.
    pub const APPOINTMENT_NOTICE: &str = "appointment-notice-days";

    /// Months by which a form of discipline puts off a raise.
    pub fn raise_delay(form: &str) -> String {
        format!("raise-delay.{form}")
    }

    /// Whether a kind of paper has to be in every file: 1, or 0.
    pub fn required_paper(kind: &str) -> String {
        format!("required-paper.{kind}")
    }

    /// Every key but those of discipline and of papers.
    pub const ALL: [&str; 11] = [
        BASE_SALARY,
        RETIREMENT_MALE,
        RETIREMENT_FEMALE,
        APPOINTMENT_YEARS,
        OVER_FRAME_FIRST,
        OVER_FRAME_NEXT,
        OVER_FRAME_MONTHS,
        RAISE_NOTICE,
        RETIREMENT_NOTICE,
        RETIREMENT_URGENT,
        APPOINTMENT_NOTICE,
    ];
}

/// A dated value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dated {
    /// What it is.
    pub key: String,
    /// The first day it holds; it holds until the next row of its key.
    pub from: Date,
    /// In the unit of its key.
    pub value: Decimal,
}

/// All parameters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parameters(Vec<Dated>);

impl Parameters {
    /// From rows in any order.
    pub fn new(mut rows: Vec<Dated>) -> Self {
        rows.sort_by_key(|row| row.from);
        Self(rows)
    }

    /// The rows of a key, earliest first.
    pub fn of<'a>(&'a self, key: &'a str) -> impl DoubleEndedIterator<Item = &'a Dated> {
        self.0.iter().filter(move |row| row.key == key)
    }

    /// The value in force on a day; none before the first row of the key.
    pub fn on(&self, key: &str, day: Date) -> Option<Decimal> {
        self.of(key).rev().find(|row| row.from <= day).map(|row| row.value)
    }

    /// The same as a whole number; none where it is not one.
    pub fn whole(&self, key: &str, day: Date) -> Option<i64> {
        self.on(key, day).filter(|value| value.fract().is_zero()).and_then(|value| value.to_i64())
    }

    /// The rows of a key as whole numbers, earliest first.
    pub fn steps(&self, key: &str) -> Vec<(Date, i64)> {
        self.of(key).filter_map(|row| Some((row.from, row.value.to_i64()?))).collect()
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use dinh_sdk::jiff::civil::date;

    pub(crate) fn dated(key: &str, from: Date, value: i64) -> Dated {
        Dated { key: key.to_owned(), from, value: Decimal::from(value) }
    }

    #[test]
    fn a_value_holds_from_its_day_until_the_next_one() {
        let parameters = Parameters::new(vec![
            dated(key::BASE_SALARY, date(2024, 7, 1), 2_340_000),
            dated(key::BASE_SALARY, date(2023, 7, 1), 1_800_000),
        ]);
        let on = |day| parameters.whole(key::BASE_SALARY, day);
        assert_eq!(on(date(2023, 6, 30)), None);
        assert_eq!(on(date(2023, 7, 1)), Some(1_800_000));
        assert_eq!(on(date(2024, 6, 30)), Some(1_800_000));
        assert_eq!(on(date(2024, 7, 1)), Some(2_340_000));
        assert_eq!(parameters.whole("other", date(2024, 7, 1)), None);
    }
}
