//! The one place where the time of day comes from.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use dinh_model::{Timestamp, time};

/// Tells the time. Passed in, so that every rule can be tried on any day.
pub trait Clock: Send + Sync {
    /// The moment.
    fn now(&self) -> Timestamp;

    /// The moment in microseconds since 1970, perhaps some milliseconds late but cheaper to read: for what every
    /// request asks and counts in minutes.
    fn about(&self) -> i64 {
        time::microseconds(self.now())
    }
}

/// The clock of the machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    /// As the kernel noted it at its last tick (`CLOCK_REALTIME_COARSE`), at most ten milliseconds ago.
    #[cfg(target_os = "linux")]
    fn about(&self) -> i64 {
        let moment = rustix::time::clock_gettime(rustix::time::ClockId::RealtimeCoarse);
        moment.tv_sec.saturating_mul(1_000_000).saturating_add(moment.tv_nsec / 1_000)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn about_now_is_now_or_a_little_earlier() {
        let before = SystemClock.about();
        let now = time::microseconds(SystemClock.now());
        let after = SystemClock.about();
        assert!(before <= now, "{before} is later than {now}");
        // A tick, which is ten milliseconds where ticks are longest, and room for a machine that was busy.
        assert!(after > now - 1_000_000, "{after} is long before {now}");
        let clock = FixedClock::new("2026-03-02T01:00:00.000007Z".parse().unwrap());
        assert_eq!(clock.about(), time::microseconds(clock.now()));
    }
}
