//! How long snapshots are held.
//!
//! Only a commit makes the pages of an older snapshot cost anything, so commits are when ages are looked at:
//! while nobody writes, a snapshot may be held for ever.

use std::collections::VecDeque;
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use crate::Snapshot;
use crate::snapshot::Pinned;

/// Snapshots that are no longer the newest, oldest first.
pub(crate) struct Ages {
    most: Duration,
    superseded: VecDeque<(Instant, Weak<Pinned>)>,
    /// How many there may be before those that nobody holds are swept out.
    sweep_at: usize,
}

/// So few cost nothing to keep.
const FEW: usize = 64;

impl Ages {
    pub(crate) fn new(most: Duration) -> Self {
        Self { most, superseded: VecDeque::new(), sweep_at: FEW }
    }

    /// How long a snapshot may be held once it is no longer the newest.
    pub(crate) fn most(&self) -> Duration {
        self.most
    }

    /// Notes that `old` is no longer the newest since `now`, and ends those that were held too long.
    pub(crate) fn supersede(&mut self, old: &Snapshot, now: Instant) {
        self.superseded.push_back((now, Arc::downgrade(old.pinned())));
        while let Some((since, snapshot)) = self.superseded.front() {
            match snapshot.upgrade() {
                Some(held) if now.duration_since(*since) > self.most => held.end(),
                Some(_) => break,
                None => {}
            }
            self.superseded.pop_front();
        }
        if self.superseded.len() >= self.sweep_at {
            self.superseded.retain(|(_, snapshot)| snapshot.strong_count() > 0);
            self.sweep_at = FEW.max(self.superseded.len() * 2);
        }
    }
}
