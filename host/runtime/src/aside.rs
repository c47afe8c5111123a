//! A call that computes for long steps aside: it goes on behind everything else that the process has to do.
//!
//! A page takes some milliseconds. A call that is seen to compute for [`LONG`] lowers its thread, so that whoever
//! comes to draw a page gets the processor at once, however many calls of whichever plugins run into their limits. Where
//! nobody else wants the processor it takes no longer than before. Of a plugin whose calls are long again and again
//! ([`Front`]) all calls begin aside, until some time has passed.
//!
//! A thread is lowered by Linux's *nice*, which counts for each thread by itself. To lower is everybody's right, to lift
//! again the administrator's: so a worker that stepped aside leaves after its call, and the [pool](crate::pool) starts
//! another. That costs some 50 µs.

use std::cell::Cell;
use std::time::{Duration, Instant};

use parking_lot::Mutex;

use crate::engine::TICK;

/// How long a call is seen to compute before it steps aside. It is looked at from its first tick on, so that one that only
/// computes does so at its second; what it waited, or stood behind others, does not count.
const LONG: Duration = Duration::from_micros(TICK.as_micros() as u64 / 2);

/// By how much its thread is lowered: all there is, a seventieth of the weight of others. Whoever wakes goes before it
/// either way; but its share comes in slices of some 3 ms, and the tenth that it would have at 10 falls on two pages of a
/// hundred.
const LOWERED: i32 = 19;

/// How often a plugin may have a long call that began at the front. Up to its second tick it has taken 10 ms: half a
/// hundredth of a processor's time, where its neighbours' slowest hundredth is looked at.
const EVERY: Duration = Duration::from_secs(2);

/// How many may come together before that counts.
const TOGETHER: u32 = 5;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// A thread that others need as it is.
    Fixed,
    /// A worker's, that may be lowered.
    Front,
    Aside,
}

thread_local! {
    static PLACE: Cell<Place> = const { Cell::new(Place::Fixed) };
}

/// From now on calls on this thread may step aside: somebody looks whether they [have](stepped), and replaces it.
pub(crate) fn may_step() {
    PLACE.set(Place::Front);
}

/// Whether a call on this thread has stepped aside.
pub(crate) fn stepped() -> bool {
    PLACE.get() == Place::Aside
}

/// Whether the calls of a plugin begin at the front.
#[derive(Debug, Default)]
pub(crate) struct Front {
    /// When all its long calls so far are made up for; none while it had none.
    even: Mutex<Option<Instant>>,
}

impl Front {
    /// To be said before a call: it steps aside at once when too many of the plugin's calls were long lately.
    pub(crate) fn begin(&self) {
        if self.even.lock().is_some_and(|even| even > Instant::now() + EVERY * TOGETHER) {
            step();
        }
    }

    /// To be said at each tick, with how long the call was seen to compute: steps aside when that is long.
    pub(crate) fn tick(&self, computing: Duration) {
        if computing >= LONG && step() {
            let now = Instant::now();
            let mut even = self.even.lock();
            *even = Some(even.map_or(now, |even| even.max(now)) + EVERY);
        }
    }
}

/// Lowers this thread, if it is a worker's and at the front; whether it was.
fn step() -> bool {
    if PLACE.get() != Place::Front {
        return false;
    }
    PLACE.set(Place::Aside);
    // Where it is not to be had the call goes on beside the others; its limits hold either way.
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::nice(LOWERED) {
        tracing::debug!(%error, "a thread could not be lowered");
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn priority() -> i32 {
        rustix::process::getpriority_process(None).unwrap()
    }

    /// On a worker's thread of its own.
    fn worker<T: Send>(job: impl FnOnce() -> T + Send) -> T {
        std::thread::scope(|scope| {
            let job = || {
                may_step();
                job()
            };
            scope.spawn(job).join().unwrap()
        })
    }

    #[test]
    fn a_long_call_lowers_its_own_thread_and_no_other() {
        let (before, front) = (priority(), Front::default());
        let aside = (before + LOWERED).min(19);
        worker(|| {
            front.begin();
            front.tick(LONG - Duration::from_millis(1));
            assert_eq!((stepped(), priority()), (false, before));
            front.tick(LONG);
            assert_eq!((stepped(), priority()), (true, aside));
            front.tick(LONG * 2);
            assert_eq!(priority(), aside);
        });
        assert_eq!(priority(), before);
        // A thread that nobody replaces stays as it is.
        front.tick(LONG);
        assert_eq!((stepped(), priority()), (false, before));
    }

    #[test]
    fn whose_calls_are_long_again_and_again_begins_aside_until_time_has_passed() {
        let front = Front::default();
        let begins_aside = || {
            worker(|| {
                front.begin();
                stepped()
            })
        };
        for _ in 0..=TOGETHER {
            assert!(!begins_aside());
            worker(|| front.tick(LONG));
        }
        assert!(begins_aside());
        // A call that began aside owes nothing more.
        let even = *front.even.lock();
        worker(|| {
            front.begin();
            front.tick(LONG);
        });
        assert_eq!(*front.even.lock(), even);
        *front.even.lock() = even.map(|even| even - EVERY);
        assert!(!begins_aside());
    }
}
