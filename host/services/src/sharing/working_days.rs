//! Working days: the clock of whoever has to decide.

use dinh_model::Date;

use crate::schedule::add_working_days;
use crate::{Call, ServiceError};

/// Working days that a steward has to decide (Nghị định 194/2025, điều 16).
pub const STEWARD_DAYS: u32 = 2;

/// The day that is `days` working days after `day`: the last on which something asked for on `day` is in time.
pub fn working_days_after(call: &Call, day: Date, days: u32) -> Result<Date, ServiceError> {
    add_working_days(call, day, i32::try_from(days).unwrap_or(i32::MAX))
}
