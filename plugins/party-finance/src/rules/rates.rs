//! Rates: what changes by decree, as dated rows with their source.

use dinh_sdk::Decimal;
use dinh_sdk::rust_decimal::prelude::ToPrimitive;
use dinh_sdk::time::Date;

/// Keys of rates, as the collection `rates` has them.
pub mod key {
    /// Mức lương cơ sở, in đồng a month.
    pub const BASE_SALARY: &str = "base-salary";
    /// Per cent of the previous month's salary that social insurance is based on.
    pub const SALARY: &str = "salary";
    /// Per cent of an allowance of sickness or maternity.
    pub const ALLOWANCE: &str = "allowance";
    /// Per cent of a pension.
    pub const PENSION: &str = "pension";
    /// Đồng a month, of students.
    pub const STUDENT: &str = "student";
    /// Per cent of the zone's minimum wage, without social insurance.
    pub const UNINSURED: &str = "uninsured";
    /// The same at the age of retirement.
    pub const UNINSURED_PENSION_AGE: &str = "uninsured-pension-age";
    /// Years of membership from which nothing is owed.
    pub const EXEMPT_YEARS: &str = "exempt-years";
    /// Most months of a reduction.
    pub const REDUCTION_MONTHS: &str = "reduction-months";
    /// Unpaid months of a year that are reported.
    pub const REPORT_MONTHS: &str = "report-months";

    /// The minimum wage of a zone (1 to 4), in đồng a month.
    pub fn minimum_wage(zone: i64) -> String {
        format!("minimum-wage.{zone}")
    }

    /// Every key.
    pub const ALL: [&str; 14] = [
        BASE_SALARY,
        SALARY,
        ALLOWANCE,
        PENSION,
        STUDENT,
        UNINSURED,
        UNINSURED_PENSION_AGE,
        "minimum-wage.1",
        "minimum-wage.2",
        "minimum-wage.3",
        "minimum-wage.4",
        EXEMPT_YEARS,
        REDUCTION_MONTHS,
        REPORT_MONTHS,
    ];
}

/// A dated value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dated {
    /// What it is.
    pub key: String,
    /// The first day it holds; it holds until the next row of its key.
    pub from: Date,
    /// Per cent, đồng, years or months: by its key.
    pub value: Decimal,
}

/// There is no rate of this key on that day: somebody has to record it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// What is missing.
    pub key: String,
    /// The day on which it is missing.
    pub day: Date,
}

/// All rates.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rates(Vec<Dated>);

impl Rates {
    /// From rows in any order.
    pub fn new(mut rows: Vec<Dated>) -> Self {
        rows.sort_by_key(|row| row.from);
        Self(rows)
    }

    /// The value in force on a day.
    pub fn on(&self, key: &str, day: Date) -> Result<Decimal, Missing> {
        let known = self.0.iter().rev().find(|row| row.key == key && row.from <= day);
        known.map(|row| row.value).ok_or_else(|| Missing { key: key.to_owned(), day })
    }

    /// The same as a whole number; missing where it is not one.
    pub fn whole(&self, key: &str, day: Date) -> Result<i64, Missing> {
        let value = self.on(key, day)?;
        let whole = Some(value).filter(|value| value.fract().is_zero()).and_then(|value| value.to_i64());
        whole.ok_or_else(|| Missing { key: key.to_owned(), day })
    }
}
