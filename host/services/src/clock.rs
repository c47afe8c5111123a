//! The one place where the time of day comes from.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use dinh_model::{Timestamp, time};

/// Tells the time. Passed in, so that every rule can be tried on any day.
pub trait Clock: Send + Sync {
    /// The moment.
    fn now(&self) -> Timestamp;
}

/// The clock of the machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// A clock that stands still until it is moved: for tests, demonstrations and replays.
#[derive(Debug)]
pub struct FixedClock(AtomicI64);

impl FixedClock {
    /// Stands at `moment` (kept to the microsecond).
    pub fn new(moment: Timestamp) -> Self {
        Self(AtomicI64::new(time::microseconds(moment)))
    }

    /// Moves forward.
    pub fn advance(&self, by: Duration) {
        let by = i64::try_from(by.as_micros()).unwrap_or(i64::MAX);
        self.0.fetch_add(by, Ordering::SeqCst);
    }

    /// Moves to `moment`, backwards too.
    pub fn set(&self, moment: Timestamp) {
        self.0.store(time::microseconds(moment), Ordering::SeqCst);
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        time::from_microseconds(self.0.load(Ordering::SeqCst)).unwrap_or(Timestamp::MAX)
    }
}
