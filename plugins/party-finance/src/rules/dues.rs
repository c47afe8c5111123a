//! What a member owes for a month (Quy định 01-QĐ/TW of 3 February 2026).

use dinh_sdk::Decimal;
use dinh_sdk::jiff::ToSpan;
use dinh_sdk::rust_decimal::RoundingStrategy;
use dinh_sdk::rust_decimal::prelude::ToPrimitive;
use dinh_sdk::time::Date;

use super::rates::{Missing, Rates, key};
use crate::month::Month;

/// What dues are based on where it is not the salary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Category {
    /// Hưởng trợ cấp ốm đau, thai sản.
    Allowance,
    /// Hưởng lương hưu.
    Pension,
    /// Học sinh, sinh viên.
    Student,
    /// Không tham gia BHXH.
    Uninsured,
    /// The same at the age of retirement.
    UninsuredPensionAge,
}

impl Category {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Allowance, Self::Pension, Self::Student, Self::Uninsured, Self::UninsuredPensionAge];

    /// As it is stored; also the key of its rate.
    pub fn key(self) -> &'static str {
        match self {
            Self::Allowance => key::ALLOWANCE,
            Self::Pension => key::PENSION,
            Self::Student => key::STUDENT,
            Self::Uninsured => key::UNINSURED,
            Self::UninsuredPensionAge => key::UNINSURED_PENSION_AGE,
        }
    }

    /// The category of a key.
    pub fn of_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|category| category.key() == key)
    }

    /// Whether it is a share of an income that has to be recorded.
    pub fn needs_income(self) -> bool {
        matches!(self, Self::Allowance | Self::Pension)
    }

    /// Whether it is a share of a zone's minimum wage.
    pub fn needs_zone(self) -> bool {
        matches!(self, Self::Uninsured | Self::UninsuredPensionAge)
    }
}

/// What a member's dues of a month are based on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// The salary: coefficient × base salary of the month before.
    Salary(Decimal),
    /// Another income, or none, in đồng a month, and the zone.
    Other(Category, Option<i64>, Option<i64>),
}

/// What is known of a member for a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    /// Day of admission to the Party.
    pub admitted_on: Date,
    /// What dues are based on; none where nothing is known.
    pub basis: Option<Basis>,
    /// Reduction by decision in per cent; 100 exempts, 0 is none.
    pub reduction: i64,
}

/// What is owed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Assessment {
    /// What it is based on, in đồng; none for students, who pay a fixed sum.
    pub income: Option<i64>,
    /// Whole đồng.
    pub amount: i64,
    /// Nothing is owed, by years of membership or by decision.
    pub exempt: bool,
}

/// Why nothing can be assessed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unknown {
    /// A rate is missing.
    Rate(Missing),
    /// What the member's dues are based on is not known.
    Basis,
    /// Figures beyond what money can be.
    OutOfRange,
}

impl From<Missing> for Unknown {
    fn from(missing: Missing) -> Self {
        Self::Rate(missing)
    }
}

/// What a member owes for a month. Rates hold as of its first day, the base salary and the minimum wage as of the first
/// day of the month before. Fractions of a đồng are rounded half up, once, at the end.
pub fn assess(month: Month, facts: &Facts, rates: &Rates) -> Result<Assessment, Unknown> {
    let day = month.first_day();
    let years = rates.whole(key::EXEMPT_YEARS, day)?;
    if has_been_a_member(facts.admitted_on, years, day) {
        return Ok(Assessment { income: None, amount: 0, exempt: true });
    }
    let (income, full) = full(month, facts.basis.ok_or(Unknown::Basis)?, rates)?;
    let rest = Decimal::from((100 - facts.reduction).clamp(0, 100));
    let amount = full.checked_mul(rest).and_then(|sum| sum.checked_div(Decimal::ONE_HUNDRED));
    Ok(Assessment {
        income,
        amount: amount.and_then(dong).ok_or(Unknown::OutOfRange)?,
        exempt: facts.reduction >= 100,
    })
}

/// The income, and the dues before any reduction.
fn full(month: Month, basis: Basis, rates: &Rates) -> Result<(Option<i64>, Decimal), Unknown> {
    let (day, before) = (month.first_day(), month.plus(-1).first_day());
    let (income, rate) = match basis {
        Basis::Salary(coefficient) => {
            let base = rates.on(key::BASE_SALARY, before)?;
            let salary = coefficient.checked_mul(base).and_then(dong).ok_or(Unknown::OutOfRange)?;
            (salary, key::SALARY)
        }
        Basis::Other(Category::Student, ..) => return Ok((None, rates.on(key::STUDENT, day)?)),
        Basis::Other(category, _, Some(zone)) if category.needs_zone() => {
            (rates.whole(&key::minimum_wage(zone), before)?, category.key())
        }
        Basis::Other(category, Some(income), _) if category.needs_income() => (income, category.key()),
        Basis::Other(..) => return Err(Unknown::Basis),
    };
    let share = Decimal::from(income).checked_mul(rates.on(rate, day)?);
    let share = share.and_then(|share| share.checked_div(Decimal::ONE_HUNDRED));
    Ok((Some(income), share.ok_or(Unknown::OutOfRange)?))
}

/// Whether so many years of membership are complete on a day.
fn has_been_a_member(admitted_on: Date, years: i64, day: Date) -> bool {
    let complete = (0..=1000).contains(&years).then(|| admitted_on.checked_add(years.years()).ok());
    complete.flatten().is_some_and(|complete| complete <= day)
}

/// Whole đồng, half rounded up.
fn dong(amount: Decimal) -> Option<i64> {
    amount.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero).to_i64()
}

#[cfg(test)]
mod tests;
