//! Rows that were read before, checked and at hand: what is read a second time is read from here the third time.
//!
//! ```text
//! read ──▶ rows   one row as it is at rest, or that there is none    ┐ kept as long as no commit
//! walk ──▶ runs   rows one after another, all there are from one key │ writes there, in so many bytes
//!                 to before another                                  ┘
//! commit ─▶ takes out what it wrote, before anybody sees its snapshot
//! ```
//!
//! The engine below keeps pages in memory; getting a row from them means to descend its tree, through the boundary that
//! catches its panics, and to hold the value to its check. A row here has been through that.
//!
//! Whatever is here is what is at rest under its keys at the newest snapshot: a commit takes out what it wrote
//! ([`RowCache::published`]), and what was read at an older snapshot is not put in. So it is right for every snapshot
//! since the one it was read at, which it knows: between that and the newest nobody wrote there.
//!
//! It is kept in two generations. What is new, and what is met again, goes to the young one; when that is half of the
//! bound, it becomes the old one, and what the old one still had is forgotten.

mod generation;
mod recorder;
mod run;
mod seen;

use std::sync::Arc;

use parking_lot::RwLock;

use crate::Seq;
use crate::backend::Direction;
use generation::Generation;
use seen::Seen;

pub(crate) use generation::Kept;
pub(crate) use recorder::Recorder;
pub(crate) use run::{Run, RunWalk};

/// The largest row or run that is kept, with what its entry takes.
const LARGEST: usize = 2 * run::BYTES;
/// A smaller cache would hold next to nothing.
const LEAST: usize = 8 * LARGEST;

/// The rows of a store that are at hand.
pub(crate) struct RowCache {
    /// Most bytes of both generations.
    most: usize,
    seen: Seen,
    state: RwLock<State>,
}

struct State {
    /// The newest snapshot.
    newest: Seq,
    young: Generation,
    old: Generation,
}

/// The keys from `start` to before `end`; without an end, all that follow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) start: Vec<u8>,
    pub(crate) end: Option<Vec<u8>>,
}

/// What a walk goes on with.
pub(crate) enum Piece {
    /// Rows at hand, where it stands.
    Run(Arc<Run>),
    /// The engine, up to where rows are at hand again; none when there are no more.
    Engine(Option<Vec<u8>>),
}

impl RowCache {
    /// Of at most so many bytes. With less than 1,048,576 it keeps nothing.
    pub(crate) fn new(most: usize, newest: Seq) -> Self {
        let most = if most < LEAST { 0 } else { most };
        let state = State { newest, young: Generation::default(), old: Generation::default() };
        Self { most, seen: Seen::new(if most == 0 { 0 } else { seen::SLOTS }), state: RwLock::new(state) }
    }

    /// What is at rest under `key` at the snapshot `at`, if that is known.
    pub(crate) fn row(&self, key: &[u8], at: Seq) -> Option<Kept> {
        if self.most == 0 {
            return None;
        }
        let state = self.state.read();
        if let Some(row) = state.young.row(key, at) {
            return Some(row);
        }
        let row = state.old.row(key, at)?;
        drop(state);
        let mut state = self.state.write();
        if let Some((key, row)) = state.old.take_row(key) {
            self.room(&mut state);
            state.young.put_row(key, row);
        }
        Some(row)
    }

    /// What a walk at the snapshot `at` through what is left of its range goes on with.
    pub(crate) fn piece(&self, left: &Span, direction: Direction, at: Seq) -> Piece {
        if self.most == 0 {
            return Piece::Engine(None);
        }
        let state = self.state.read();
        let generations = [&state.young, &state.old];
        if let Some(run) = state.young.run(left, direction, at) {
            return Piece::Run(run);
        }
        let Some(run) = state.old.run(left, direction, at) else {
            let next = match generations.map(|generation| generation.next(left, direction)) {
                [Some(one), Some(other)] => Some(nearer(one, other, direction)),
                [one, other] => one.or(other),
            };
            return Piece::Engine(next.map(<[u8]>::to_vec));
        };
        drop(state);
        let mut state = self.state.write();
        if state.old.take_run(&run) {
            self.room(&mut state);
            state.young.put_run(Arc::clone(&run));
        }
        Piece::Run(run)
    }

    /// Whether what is read at `key` now was looked for before, so that it is worth keeping.
    pub(crate) fn admits(&self, key: &[u8]) -> bool {
        self.seen.again(key)
    }

    /// Whether what is read at the snapshot `at` may be kept at all.
    pub(crate) fn takes(&self, at: Seq) -> bool {
        self.state.read().newest == at
    }

    /// Keeps what was found under `key` at the snapshot `at`: a row as it is at rest, or that there is none.
    pub(crate) fn keep_row(&self, key: &[u8], at: Seq, stored: Kept) {
        if generation::size(key, &stored) > LARGEST.min(self.most) {
            return;
        }
        let mut state = self.state.write();
        if state.newest == at {
            self.room(&mut state);
            state.young.put_row(key.into(), (at, stored));
        }
    }

    fn keep_run(&self, run: Run) {
        if run.size() > LARGEST.min(self.most) {
            return;
        }
        let mut state = self.state.write();
        if state.newest == run.since {
            self.room(&mut state);
            state.young.put_run(Arc::new(run));
        }
    }

    /// Makes the young generation the old one when it has its share.
    fn room(&self, state: &mut State) {
        if state.young.bytes() + LARGEST > self.most / 2 {
            state.old = std::mem::take(&mut state.young);
        }
    }

    /// Takes out what was written by the commits up to `newest`, which are shown next.
    pub(crate) fn published<'a>(&self, newest: Seq, written: impl Iterator<Item = &'a [u8]>) {
        let mut state = self.state.write();
        let State { young, old, .. } = &mut *state;
        if !young.is_empty() || !old.is_empty() {
            for key in written {
                young.touch(key);
                old.touch(key);
            }
        }
        state.newest = newest;
    }

    /// Forgets everything: what is at rest is not what it was thought to be.
    pub(crate) fn begin_anew(&self, newest: Seq) {
        let mut state = self.state.write();
        *state = State { newest, young: Generation::default(), old: Generation::default() };
    }

    #[cfg(test)]
    fn bytes(&self) -> usize {
        let state = self.state.read();
        state.young.bytes() + state.old.bytes()
    }
}

/// Which of two keys a walk comes to first.
fn nearer<'a>(one: &'a [u8], other: &'a [u8], direction: Direction) -> &'a [u8] {
    match direction {
        Direction::Forward => one.min(other),
        Direction::Backward => one.max(other),
    }
}

#[cfg(test)]
mod tests;
