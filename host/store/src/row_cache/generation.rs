//! Rows and runs of about one age.

use std::collections::{BTreeMap, HashMap};
use std::ops::Bound;
use std::sync::Arc;

use super::Span;
use super::run::Run;
use crate::Seq;
use crate::backend::Direction;

/// What is at rest under a key; none when nothing is.
pub(crate) type Kept = Option<Arc<[u8]>>;

/// That, and the snapshot it was read at.
type Row = (Seq, Kept);

/// About what the maps take for an entry besides its bytes.
pub(super) const ENTRY: usize = 160;

/// Rows and runs, each with the snapshot it was read at. The runs do not overlap.
#[derive(Default)]
pub(super) struct Generation {
    rows: HashMap<Box<[u8]>, Row>,
    /// By their first keys.
    runs: BTreeMap<Box<[u8]>, Arc<Run>>,
    bytes: usize,
}

/// How much memory a row takes.
pub(super) fn size(key: &[u8], kept: &Kept) -> usize {
    ENTRY + key.len() + kept.as_ref().map_or(0, |stored| stored.len())
}

impl Generation {
    /// How much memory it takes.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.runs.is_empty()
    }

    #[cfg(test)]
    pub(super) fn rows(&self) -> usize {
        self.rows.len()
    }

    /// What is at rest under `key`, if that is known for the snapshot `at`.
    pub(super) fn row(&self, key: &[u8], at: Seq) -> Option<Kept> {
        self.rows.get(key).filter(|(since, _)| *since <= at).map(|(_, kept)| kept.clone())
    }

    pub(super) fn put_row(&mut self, key: Box<[u8]>, row: Row) {
        self.bytes += size(&key, &row.1);
        let before = self.rows.remove_entry(&key);
        self.bytes -= before.map_or(0, |(key, (_, kept))| size(&key, &kept));
        self.rows.insert(key, row);
    }

    pub(super) fn take_row(&mut self, key: &[u8]) -> Option<(Box<[u8]>, Row)> {
        let (key, row) = self.rows.remove_entry(key)?;
        self.bytes -= size(&key, &row.1);
        Some((key, row))
    }

    /// The run that a walk at the snapshot `at` through what is left of its range goes on with. A short one only if it
    /// holds all of that: going from one to the next would cost more than the engine.
    pub(super) fn run(&self, left: &Span, direction: Direction, at: Seq) -> Option<Arc<Run>> {
        let (start, end) = (left.start.as_slice(), left.end.as_deref());
        let below = match direction {
            Direction::Forward => Bound::Included(start),
            Direction::Backward => Bound::Excluded(end?),
        };
        let (_, run) = self.runs.range::<[u8], _>((Bound::Unbounded, below)).next_back()?;
        let holds_start = run.start() <= start && start < run.end();
        let holds_end = end.is_some_and(|end| run.start() < end && end <= run.end());
        let holds_edge = if direction == Direction::Forward { holds_start } else { holds_end };
        let serves = holds_edge && (!run.is_short() || (holds_start && holds_end));
        (serves && run.since <= at).then(|| Arc::clone(run))
    }

    /// Where a walk through the engine is to look again for rows at hand. It looks no further than that itself.
    pub(super) fn next(&self, left: &Span, direction: Direction) -> Option<&[u8]> {
        let (start, end) = (Bound::Excluded(&*left.start), left.end.as_deref());
        let end = end.map_or(Bound::Unbounded, Bound::Excluded);
        let within = |key: &[u8]| match left.end.as_deref() {
            Some(end) => *left.start < *key && key < end,
            None => *left.start < *key,
        };
        match direction {
            Direction::Forward => {
                let beyond = self.runs.range::<[u8], _>((start, end)).map(|(_, run)| (run, run.start()));
                first_long(beyond, within)
            }
            Direction::Backward => {
                let below = self.runs.range::<[u8], _>((Bound::Unbounded, end)).rev();
                first_long(below.map(|(_, run)| (run, run.end())), within)
            }
        }
    }

    /// Adds a run in place of those that lie where it does, unless one of them has as many rows.
    pub(super) fn put_run(&mut self, run: Arc<Run>) {
        let below = (Bound::Unbounded, Bound::Excluded(run.end()));
        let over = self.runs.range::<[u8], _>(below).rev().map(|(_, other)| other);
        let over = over.take_while(|other| other.end() > run.start()).map(Arc::clone);
        let over: Vec<Arc<Run>> = over.take(run.rows.len() + 1).collect();
        if over.iter().all(|other| other.rows.len() < run.rows.len()) && over.len() <= run.rows.len() {
            for other in over {
                self.take_run(&other);
            }
            self.bytes += run.size();
            self.runs.insert(run.start.clone(), run);
        }
    }

    /// Takes out a run, if it is still here.
    pub(super) fn take_run(&mut self, run: &Arc<Run>) -> bool {
        let here = self.runs.get(run.start()).is_some_and(|found| Arc::ptr_eq(found, run));
        if here {
            self.runs.remove(run.start());
            self.bytes -= run.size();
        }
        here
    }

    /// Takes out what says something about `key`.
    pub(super) fn touch(&mut self, key: &[u8]) {
        self.take_row(key);
        let below = (Bound::Unbounded, Bound::Included(key));
        let found = self.runs.range::<[u8], _>(below).next_back();
        if let Some(run) = found.filter(|(_, run)| key < run.end()).map(|(_, run)| Arc::clone(run)) {
            self.take_run(&run);
        }
    }
}

/// How many short runs a walk looks past.
const LOOKED_PAST: usize = 16;

/// The edge of the first run that is not short; of any, where many are.
fn first_long<'a>(
    runs: impl Iterator<Item = (&'a Arc<Run>, &'a [u8])>,
    within: impl Fn(&[u8]) -> bool,
) -> Option<&'a [u8]> {
    let mut ahead = runs.filter(|(_, edge)| within(edge)).enumerate();
    ahead.find(|(past, (run, _))| !run.is_short() || *past == LOOKED_PAST).map(|(_, (_, edge))| edge)
}
