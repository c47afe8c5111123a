//! Calls of one plugin that compute for long take turns, so that they never take all processors.
//!
//! A page takes some milliseconds. A call that computes for longer than a tick or two ([`TICK`](crate::engine::TICK)) goes
//! on only in its turn: of one plugin, one fewer than there are processors compute at the same time, a tick each while
//! others wait. So there is a processor for everybody else's pages, however many calls of one plugin run into their
//! limits. Waiting for a turn is time that passes, not time computed; a plugin has so few workers at once that all of its
//! calls come to the end of their processor time before their wall time.

use std::collections::VecDeque;
use std::sync::Arc;
use std::thread;

use dinh_services::{CallTime, Trip};
use parking_lot::{Condvar, Mutex};

use crate::engine::TICK;

/// Ticks that a call has before it takes turns.
const AT_ONCE: u32 = 1;

/// The turns of one plugin.
pub(crate) struct Turns {
    line: Mutex<Line>,
    moved: Condvar,
}

#[derive(Default)]
struct Line {
    free: usize,
    next: u64,
    waiting: VecDeque<u64>,
}

impl Turns {
    /// One fewer than there are processors; one where there is only one.
    pub(crate) fn of_this_machine() -> Arc<Self> {
        Self::new(thread::available_parallelism().map_or(1, |processors| processors.get() - 1).max(1))
    }

    fn new(free: usize) -> Arc<Self> {
        Arc::new(Self { line: Mutex::new(Line { free, ..Line::default() }), moved: Condvar::new() })
    }

    /// Waits, behind all who wait already, until there is a turn, or the call's time is over.
    fn take(&self, time: &CallTime) -> Result<(), Trip> {
        let mut line = self.line.lock();
        let own = line.next;
        line.next += 1;
        line.waiting.push_back(own);
        let outcome = loop {
            if line.free > 0 && line.waiting.front() == Some(&own) {
                line.free -= 1;
                break Ok(());
            }
            // Nobody wakes whoever waits only to say that its time is over.
            self.moved.wait_for(&mut line, TICK);
            if let Err(trip) = time.check() {
                break Err(trip);
            }
        };
        line.waiting.retain(|waiting| *waiting != own);
        self.moved.notify_all();
        outcome
    }

    fn give_back(&self) {
        self.line.lock().free += 1;
        self.moved.notify_all();
    }

    fn somebody_waits(&self) -> bool {
        !self.line.lock().waiting.is_empty()
    }
}

/// The turn of one call; given back when it is dropped. Without turns nobody waits.
#[derive(Default)]
pub(crate) struct Turn {
    turns: Option<Arc<Turns>>,
    ticks: u32,
    taken: bool,
}

impl Turn {
    /// Of a call of a plugin.
    pub(crate) fn of(turns: &Arc<Turns>) -> Self {
        Self { turns: Some(Arc::clone(turns)), ..Self::default() }
    }

    /// To be said at each tick: goes on when it is the call's turn.
    pub(crate) fn tick(&mut self, time: &CallTime) -> Result<(), Trip> {
        let Some(turns) = &self.turns else { return Ok(()) };
        self.ticks = self.ticks.saturating_add(1);
        if self.ticks <= AT_ONCE || self.taken && !turns.somebody_waits() {
            return Ok(());
        }
        if std::mem::take(&mut self.taken) {
            turns.give_back();
        }
        turns.take(time)?;
        self.taken = true;
        Ok(())
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if let Some(turns) = self.turns.as_ref().filter(|_| self.taken) {
            turns.give_back();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn long() -> CallTime {
        CallTime::start(Duration::from_secs(600), Duration::from_secs(600))
    }

    fn begun(turns: &Arc<Turns>) -> Turn {
        let mut turn = Turn::of(turns);
        (0..=AT_ONCE).for_each(|_| turn.tick(&long()).unwrap());
        turn
    }

    #[test]
    fn whoever_has_computed_for_a_tick_makes_room_for_whoever_waits() {
        let turns = Turns::new(1);
        let mut first = begun(&turns);
        assert!(first.taken);
        let said = Mutex::new(Vec::new());
        thread::scope(|scope| {
            scope.spawn(|| {
                let _second = begun(&turns);
                said.lock().push("second");
            });
            while !turns.somebody_waits() {
                thread::yield_now();
            }
            first.tick(&long()).unwrap();
            said.lock().push("first again");
        });
        assert_eq!(*said.lock(), ["second", "first again"]);
        drop(first);
        assert_eq!(turns.line.lock().free, 1);
    }

    #[test]
    fn a_call_that_is_short_or_alone_never_waits() {
        let turns = Turns::new(1);
        let mut first = begun(&turns);
        (0..100).for_each(|_| first.tick(&long()).unwrap());
        let mut short = Turn::of(&turns);
        (0..AT_ONCE).for_each(|_| short.tick(&long()).unwrap());
        assert!(!short.taken);
        (0..100).for_each(|_| Turn::default().tick(&long()).unwrap());
    }

    #[test]
    fn whoever_waits_ends_when_its_time_is_over_and_leaves_the_line() {
        let turns = Turns::new(1);
        let _first = begun(&turns);
        let mut late = Turn::of(&turns);
        let over = CallTime::start(Duration::from_secs(600), Duration::ZERO);
        (0..AT_ONCE).for_each(|_| late.tick(&over).unwrap());
        assert_eq!(late.tick(&over).unwrap_err().what, "wall-milliseconds");
        assert!(!turns.somebody_waits());
    }
}
