//! The time a call takes, and may take.

use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};

use crate::Trip;

/// How long a call goes on before its thread's clock is asked for the first time. Most calls are shorter, and asking
/// takes a system call of more than a microsecond. What passes until then counts as computing, whatever it was.
const UNASKED: Duration = Duration::from_millis(5);

/// The time a call takes, on the thread that runs it. Looked at while its guest computes, and while the host reads rows
/// for it ([`Usage::spend`](crate::Usage::spend)): one question may mean a great many rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallTime {
    began: Instant,
    /// None before the thread's clock was asked.
    asked: Option<Asked>,
    cpu: Duration,
    wall: Duration,
}

/// What was known when the thread's clock was asked for the first time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Asked {
    /// What it said.
    clock: Duration,
    /// What is taken for computing before that.
    before: Duration,
}

impl CallTime {
    /// Begins to count, on the thread that runs the call: at most `cpu` of computing, and `wall` that passes.
    pub fn start(cpu: Duration, wall: Duration) -> Self {
        Self { began: Instant::now(), asked: None, cpu, wall }
    }

    /// How long the thread was seen to compute for the call: since this was asked first, so nothing the first time. What
    /// passed before may have been waiting.
    pub fn seen_computing(&mut self) -> Duration {
        self.computed(self.began.elapsed()).1
    }

    /// How long the thread has computed of the time that has passed, and how much of it was seen. It computes no longer
    /// than time passes.
    fn computed(&mut self, passed: Duration) -> (Duration, Duration) {
        let clock = computed();
        let asked = self.asked.get_or_insert(Asked { clock, before: passed.min(UNASKED).min(clock) });
        let seen = clock.saturating_sub(asked.clock);
        (asked.before + seen, seen)
    }

    /// Refuses to go on when the call has taken more time than it may.
    pub fn check(&mut self) -> Result<(), Trip> {
        let passed = self.began.elapsed();
        if passed > self.cpu || (passed > UNASKED && self.asked.is_none()) {
            let (computed, _) = self.computed(passed);
            if computed > self.cpu {
                return Err(trip("cpu-milliseconds", computed, self.cpu));
            }
        }
        if passed > self.wall {
            return Err(trip("wall-milliseconds", passed, self.wall));
        }
        Ok(())
    }
}

fn trip(what: &'static str, used: Duration, allowed: Duration) -> Trip {
    let milliseconds = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
    Trip { what, used: milliseconds(used), allowed: milliseconds(allowed) }
}

/// How long this thread has computed so far: what others do on the machine does not count.
fn computed() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(
        u64::try_from(time.tv_sec).unwrap_or_default(),
        u32::try_from(time.tv_nsec).unwrap_or_default(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Limits, Resource, Usage};

    const HOUR: Duration = Duration::from_secs(3600);

    #[test]
    fn waiting_counts_as_wall_time_and_not_as_computing() {
        assert_eq!(CallTime::start(HOUR, Duration::ZERO).check().unwrap_err().what, "wall-milliseconds");
        let mut time = CallTime::start(Duration::ZERO, HOUR);
        std::hint::black_box((0..100_000_u64).map(std::hint::black_box).sum::<u64>());
        assert_eq!(time.check().unwrap_err().what, "cpu-milliseconds");

        let mut waits = CallTime::start(UNASKED * 2, HOUR);
        std::thread::sleep(UNASKED * 4);
        assert_eq!(waits.check(), Ok(()));
        // However long it waited, it was not seen to compute.
        assert!(waits.seen_computing() < UNASKED, "{:?}", waits.seen_computing());
    }

    #[test]
    fn computing_counts_from_the_beginning_whenever_it_is_asked_first() {
        let compute = |long: Duration| {
            let begun = computed();
            while computed() - begun < long {
                std::hint::black_box((0..1_000_u64).map(std::hint::black_box).sum::<u64>());
            }
        };
        let mut time = CallTime::start(UNASKED * 4, HOUR);
        compute(UNASKED + UNASKED / 5);
        assert_eq!(time.check(), Ok(()));
        compute(UNASKED * 3);
        assert!(time.seen_computing() >= UNASKED * 3);
        assert_eq!(time.check().unwrap_err().what, "cpu-milliseconds");
        // One that is short is counted to its length.
        let mut time = CallTime::start(HOUR, HOUR);
        compute(UNASKED / 5);
        let passed = time.began.elapsed();
        let (counted, seen) = time.computed(passed);
        assert!(
            (UNASKED / 5..=passed).contains(&counted) && seen == Duration::ZERO,
            "{counted:?} of {passed:?}"
        );
    }

    #[test]
    fn a_call_that_has_no_time_left_reads_no_more_than_a_few_rows() {
        let time = Some(CallTime::start(HOUR, Duration::ZERO));
        let mut usage = Usage { time, ..Usage::default() };
        let read = (0..1_000).find_map(|_| usage.spend(&Limits::PLUGIN, Resource::RowsRead, 1).err());
        assert_eq!(read.unwrap().what, "wall-milliseconds");
        assert!(usage.rows_read <= 16, "{usage:?}");
        // Many at once are seen at once.
        let mut usage = Usage { time, ..Usage::default() };
        assert!(usage.spend(&Limits::PLUGIN, Resource::RowsRead, 100).is_err());
    }
}
