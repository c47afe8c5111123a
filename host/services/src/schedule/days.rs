//! Working days (ngày làm việc): neither Saturdays, Sundays nor those of the catalog `holidays`. A deployment without
//! that catalog has Saturdays and Sundays only.

use std::sync::Arc;

use dinh_model::{Date, time};
use jiff::civil::Weekday;

use super::FURTHEST_DAYS;
use super::model::too_far;
use crate::catalog::{self, Compiled};
use crate::{Call, ServiceError, Thing};

/// The day that is so many working days after a day (before it, when negative): the last on which what is due in that
/// term is in time. 0 is the day itself, whatever it is.
pub fn add_working_days(call: &Call, day: Date, days: i32) -> Result<Date, ServiceError> {
    if days.unsigned_abs() > FURTHEST_DAYS.unsigned_abs() {
        return Err(too_far(days));
    }
    let off = Off::of(call)?;
    let (mut day, mut left) = (day, days.unsigned_abs());
    while left > 0 {
        let next = if days > 0 { day.tomorrow() } else { day.yesterday() };
        day = next.map_err(|_| too_far(days))?;
        left -= u32::from(off.is_working(day));
    }
    Ok(day)
}

/// How many working days there are after one day up to and with another; negative when that lies before.
pub fn working_days_between(call: &Call, from: Date, to: Date) -> Result<i32, ServiceError> {
    let apart = i64::from(time::days(to)) - i64::from(time::days(from));
    if apart.abs() > i64::from(FURTHEST_DAYS) * 2 {
        return Err(too_far(apart));
    }
    let off = Off::of(call)?;
    let (mut day, last) = if from <= to { (from, to) } else { (to, from) };
    let mut count = 0;
    while day < last {
        let Ok(next) = day.tomorrow() else { break };
        day = next;
        count += i32::from(off.is_working(day));
    }
    Ok(if from <= to { count } else { -count })
}

/// The holidays.
struct Off(Option<Arc<Compiled>>);

impl Off {
    fn of(call: &Call) -> Result<Self, ServiceError> {
        match catalog::open(call, catalog::HOLIDAYS) {
            Ok(holidays) => Ok(Self(Some(holidays))),
            Err(ServiceError::NotFound { thing: Thing::Catalog, .. }) => Ok(Self(None)),
            Err(error) => Err(error),
        }
    }

    fn is_working(&self, day: Date) -> bool {
        let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        !weekend && !self.0.as_ref().is_some_and(|it| it.entries().iter().any(|it| it.is_valid_on(day)))
    }
}
