//! A month of dues.

use dinh_sdk::jiff::ToSpan;
use dinh_sdk::prelude::*;
use dinh_sdk::{Mismatch, Parameter};

/// A month (tháng): stored as its first day, `03/2026` on pages and in addresses, where people see it too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(Date);

impl Month {
    /// The month a day is in.
    pub fn of(day: Date) -> Self {
        Self(day.first_of_month())
    }

    /// Its first day.
    pub fn first_day(self) -> Date {
        self.0
    }

    /// Its last day.
    pub fn last_day(self) -> Date {
        self.0.last_of_month()
    }

    /// The year it is in.
    pub fn year(self) -> i16 {
        self.0.year()
    }

    /// 1 to 12.
    pub fn number(self) -> i8 {
        self.0.month()
    }

    /// 1 to 4.
    pub fn quarter(self) -> i8 {
        (self.0.month() + 2) / 3
    }

    /// So many months later, or earlier; the same at the end of the calendar.
    pub fn plus(self, months: i32) -> Self {
        let span = i64::from(months.clamp(-12_000, 12_000)).months();
        self.0.checked_add(span).map_or(self, Self::of)
    }

    /// The twelve months of a year; none for a year the calendar does not have.
    pub fn of_year(year: i16) -> Vec<Self> {
        (1..=12).filter_map(|month| Date::new(year, month, 1).ok()).map(Self).collect()
    }
}

/// `03/2026`.
impl std::fmt::Display for Month {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{:02}/{}", self.0.month(), self.0.year())
    }
}

impl FieldType for Month {
    const KIND: Kind = Kind::Date;

    fn into_value(self) -> Value {
        self.0.into_value()
    }

    fn from_value(value: Value) -> Result<Self, Mismatch> {
        Date::from_value(value).map(Self::of)
    }
}

/// `03/2026`; also `2026-03`, as programs write it, and any day of the month.
impl Parameter for Month {
    fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Ok(day) = text.parse::<Date>() {
            return Some(Self::of(day));
        }
        let (year, month) = match text.split_once('-') {
            Some(parts) => parts,
            None => text.split_once('/').map(|(month, year)| (year, month))?,
        };
        Date::new(year.parse().ok()?, month.parse().ok()?, 1).ok().map(Self)
    }

    fn to_text(&self) -> String {
        self.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_read_as_it_is_written_and_typed() {
        let march = Month::of(Date::constant(2026, 3, 31));
        for text in ["2026-03", "03/2026", "3/2026", "2026-03-15", &march.to_text(), &march.to_string()] {
            assert_eq!(Month::parse(text), Some(march), "{text}");
        }
        for text in ["", "2026", "2026-13", "0/2026", "a-b"] {
            assert_eq!(Month::parse(text), None, "{text}");
        }
    }

    #[test]
    fn months_are_counted_over_years() {
        let january = Month::of(Date::constant(2026, 1, 1));
        assert_eq!(january.plus(-1).to_string(), "12/2025");
        assert_eq!(january.plus(13).to_string(), "02/2027");
        assert_eq!((january.quarter(), january.plus(3).quarter(), january.plus(-1).quarter()), (1, 2, 4));
        assert_eq!(january.last_day(), Date::constant(2026, 1, 31));
    }
}
