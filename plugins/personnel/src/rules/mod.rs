//! The rules of the field, as pure functions: they take days, records and parameters, and ask nobody.
//!
//! ```text
//! parameters   what changes by decree: dated rows, looked up as of a day
//! retirement   the day of retirement, month by month
//! raise        the next periodic raise, and what discipline does to it
//! salary       what a coefficient is worth on a day
//! allowances   what is paid besides grade and step
//! levels       education, political theory and qualifications, by trainings
//! standing     where somebody was, and in which grade, on a day
//! ages         ages and their bands
//! ```

pub mod ages;
pub mod allowances;
pub mod levels;
pub mod parameters;
pub mod raise;
pub mod retirement;
pub mod salary;
pub mod standing;

use dinh_sdk::jiff::ToSpan;
use dinh_sdk::time::Date;

/// The day so many months later; the last of that month where it has no such day. None past the year 9999.
pub fn months_after(day: Date, months: i64) -> Option<Date> {
    // Beyond this no calendar goes; spans take no more.
    if !(0..=12_000).contains(&months) {
        return None;
    }
    day.checked_add(months.months()).ok()
}

/// The day before; the first of days stays what it is.
pub fn day_before(day: Date) -> Date {
    day.yesterday().unwrap_or(day)
}
