//! How often a plugin may be called: a bucket that holds the calls of one minute and fills up as time passes.

use parking_lot::Mutex;

use crate::endings::Ended;
use crate::limits::Trip;
use crate::runtime::House;
use crate::{CallError, Plugin};

const MINUTE: i64 = 60 * 1_000_000;

/// The calls of a plugin that are still to be had. Moments are microseconds since 1970.
#[derive(Debug)]
pub(crate) struct Rate {
    per_minute: u32,
    bucket: Mutex<Bucket>,
}

/// Calls are counted in minutes of the plugin's rate, so that nothing is lost by rounding: one call is a minute, and
/// each microsecond brings as many of them as the plugin may do calls in a minute.
#[derive(Debug)]
struct Bucket {
    left: i64,
    at: i64,
    /// When it was last said that it is empty.
    said: Option<i64>,
}

/// There is no call to be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Spent {
    /// Which limit that is.
    pub(crate) trip: Trip,
    /// Seconds after which there is one.
    pub(crate) retry_after: u32,
    /// Whether it has not been said within the last minute.
    pub(crate) news: bool,
}

impl Rate {
    /// A full bucket.
    pub(crate) fn new(per_minute: u32) -> Self {
        let left = i64::from(per_minute).saturating_mul(MINUTE);
        Self { per_minute, bucket: Mutex::new(Bucket { left, at: 0, said: None }) }
    }

    /// Takes one call.
    pub(crate) fn take(&self, now: i64) -> Result<(), Spent> {
        let per_minute = i64::from(self.per_minute);
        let mut bucket = self.bucket.lock();
        let passed = now.saturating_sub(bucket.at).clamp(0, MINUTE);
        bucket.at = bucket.at.max(now);
        let full = per_minute.saturating_mul(MINUTE);
        bucket.left = bucket.left.saturating_add(passed.saturating_mul(per_minute)).min(full);
        if bucket.left >= MINUTE {
            bucket.left -= MINUTE;
            return Ok(());
        }
        let missing = (MINUTE - bucket.left) / per_minute.max(1);
        let news = bucket.said.is_none_or(|said| now.saturating_sub(said) >= MINUTE);
        if news {
            bucket.said = Some(now);
        }
        let allowed = u64::from(self.per_minute);
        let trip = Trip { what: "calls-per-minute", used: allowed.saturating_add(1), allowed };
        let retry_after = u32::try_from(missing / 1_000_000).unwrap_or(u32::MAX).saturating_add(1);
        Err(Spent { trip, retry_after, news })
    }
}

impl House {
    /// Takes one of the calls that a plugin may be asked in a minute. That there is none goes into the evidence once a
    /// minute, and into the metrics each time.
    pub(crate) fn often(&self, plugin: &Plugin) -> Result<(), CallError> {
        let Err(Spent { trip, retry_after, news }) = plugin.rate.take(self.platform.clock().about()) else {
            return Ok(());
        };
        let id = &plugin.manifest.id;
        let at = self.platform.clock().now();
        if !news {
            self.endings.add(id, "call.tripped", Some(trip));
        } else {
            self.endings
                .count(id, Ended { at, action: "call.tripped", route: String::new(), trip: Some(trip) });
            tracing::warn!(target: "dinh::plugin", plugin = %id, allowed = trip.allowed, "a plugin is called too often");
            let detail = [
                ("limit", trip.what.to_owned()),
                ("used", trip.used.to_string()),
                ("allowed", trip.allowed.to_string()),
            ];
            self.host_deed(|call| {
                call.evidence("call.tripped", format!("plugin:{id}"), detail.clone());
                Ok(())
            })?;
        }
        Err(CallError::Often { trip, retry_after })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: i64 = 1_000_000;
    const NOW: i64 = 1_772_413_200 * SECOND;

    #[test]
    fn a_minute_has_so_many_calls_and_the_next_is_told_when_to_come() {
        let rate = Rate::new(6);
        (0..6).for_each(|_| assert_eq!(rate.take(NOW), Ok(())));
        let spent = rate.take(NOW).unwrap_err();
        assert_eq!(spent.trip, Trip { what: "calls-per-minute", used: 7, allowed: 6 });
        assert_eq!((spent.retry_after, spent.news), (11, true));
        assert_eq!(
            (rate.take(NOW + 9 * SECOND).unwrap_err().retry_after, rate.take(NOW).unwrap_err().news),
            (2, false)
        );
        assert_eq!(rate.take(NOW + 10 * SECOND), Ok(()));
        assert!(rate.take(NOW + 10 * SECOND).is_err());
        // However long nobody came, it holds the calls of one minute.
        let later = NOW + 3_600 * SECOND;
        (0..6).for_each(|_| assert_eq!(rate.take(later), Ok(())));
        assert!(rate.take(later).unwrap_err().news);
    }

    #[test]
    fn calls_that_come_evenly_all_pass() {
        let rate = Rate::new(7);
        (0..7).for_each(|_| rate.take(NOW).unwrap());
        for call in 1..=700 {
            let at = NOW + (call * MINUTE + 6) / 7;
            assert_eq!(rate.take(at), Ok(()), "{call}");
            assert!(rate.take(at).is_err(), "{call}");
        }
    }
}
