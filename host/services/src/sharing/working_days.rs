//! Working days: the clock of whoever has to decide.

use dinh_model::Date;
use jiff::civil::Weekday;

use crate::{Call, ServiceError, Thing, catalog};

/// Working days that a steward has to decide (Nghị định 194/2025, điều 16).
pub const STEWARD_DAYS: u32 = 2;

/// Days looked ahead for a working one: more than any holiday lasts.
const FURTHEST: u32 = 60;

/// The day that is `days` working days after `day`: the last on which something asked for on `day` is in time. Neither
/// Saturdays, Sundays nor the days of the catalog `holidays` count; a deployment without that has Saturdays and Sundays
/// only.
pub fn working_days_after(call: &Call, day: Date, days: u32) -> Result<Date, ServiceError> {
    let (mut day, mut left) = (day, days);
    for _ in 0..FURTHEST {
        if left == 0 {
            break;
        }
        let Ok(next) = day.tomorrow() else { break };
        day = next;
        let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        left -= u32::from(!weekend && !is_holiday(call, day)?);
    }
    Ok(day)
}

fn is_holiday(call: &Call, day: Date) -> Result<bool, ServiceError> {
    match catalog::open(call, catalog::HOLIDAYS) {
        Ok(holidays) => Ok(holidays.entries().iter().any(|holiday| holiday.is_valid_on(day))),
        Err(ServiceError::NotFound { thing: Thing::Catalog, .. }) => Ok(false),
        Err(error) => Err(error),
    }
}
