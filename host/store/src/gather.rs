//! Who shares a durable commit: the writer's side of the queue.
//!
//! While a batch goes to disk, others queue and share the next one. Those just answered mostly come back at
//! once, a little too late for it; without patience the callers fall into two crowds that take turns, each
//! paying for the disk alone. So a group waits for as many as were seen to be there, at most half of
//! the last group's time after its answers, and not at all when nobody else is there.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

use crate::job::Job;

/// Most changes and bytes that share one durable commit: what one waits for another is bounded.
const GROUP_CHANGES: usize = 1024;
const GROUP_BYTES: usize = 16 << 20;

/// The queue, group by group.
pub(crate) struct Gather {
    queue: Receiver<Job>,
    /// How many wait in it, or are about to.
    waiting: Arc<AtomicUsize>,
    /// Of the group in hand.
    taken: usize,
    bytes: usize,
    /// How many are expected in this group, and until when.
    expected: usize,
    until: Instant,
}

impl Gather {
    /// `waiting` is counted up by those who send.
    pub(crate) fn new(queue: Receiver<Job>, waiting: Arc<AtomicUsize>) -> Self {
        Self { queue, waiting, taken: 0, bytes: 0, expected: 0, until: Instant::now() }
    }

    /// Waits for the first of a group; none when all senders are gone and nothing is left.
    pub(crate) fn first(&mut self) -> Option<Job> {
        (self.taken, self.bytes) = (0, 0);
        let job = self.queue.recv().ok();
        self.take(job)
    }

    /// The next of the group, if one is there or expected.
    pub(crate) fn next(&mut self) -> Option<Job> {
        if self.taken >= GROUP_CHANGES || self.bytes >= GROUP_BYTES {
            return None;
        }
        let job = self.queue.try_recv().ok().or_else(|| {
            if self.taken >= self.expected {
                return None;
            }
            self.queue.recv_timeout(self.until.saturating_duration_since(Instant::now())).ok()
        });
        self.take(job)
    }

    fn take(&mut self, job: Option<Job>) -> Option<Job> {
        if let Some(job) = &job {
            self.waiting.fetch_sub(1, Ordering::Relaxed);
            self.taken += 1;
            self.bytes += job.bytes;
        }
        job
    }

    /// The group is durable after `took`; `answer` answers it.
    pub(crate) fn done(&mut self, took: Duration, answer: impl FnOnce()) {
        // Who came while the disk was busy is not among those who are answered now.
        self.expected = self.taken + self.waiting.load(Ordering::Relaxed);
        answer();
        self.until = Instant::now() + took / 2;
    }
}
