//! Rows that lie one after another.

use std::ops::Range;
use std::sync::Arc;

use super::Span;
use super::generation::ENTRY;
use crate::Seq;
use crate::backend::Direction;

/// A run has about so many bytes: going from one to the next costs little beside reading it, and a write that takes one
/// out takes little with it.
pub(super) const BYTES: usize = 64 << 10;
/// A run of fewer rows is short: it is kept where it is all that was asked for.
const LONG: usize = 16;

/// All rows from one key to before another, as they are at rest, in their order.
#[derive(Debug)]
pub(crate) struct Run {
    /// The snapshot it was read at.
    pub(super) since: Seq,
    pub(super) start: Box<[u8]>,
    pub(super) end: Box<[u8]>,
    /// Keys and values.
    pub(super) bytes: Box<[u8]>,
    pub(super) rows: Box<[Place]>,
}

/// Where a row lies: its key from `key` to `value`, its value from there to `end`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) key: u32,
    pub(super) value: u32,
    pub(super) end: u32,
}

impl Run {
    /// The first key after it.
    pub(crate) fn end(&self) -> &[u8] {
        &self.end
    }

    /// Its first key.
    pub(crate) fn start(&self) -> &[u8] {
        &self.start
    }

    /// Whether it has few rows.
    pub(super) fn is_short(&self) -> bool {
        self.rows.len() < LONG
    }

    /// How much memory it takes.
    pub(super) fn size(&self) -> usize {
        let keys = self.start.len() * 2 + self.end.len();
        ENTRY + keys + self.bytes.len() + self.rows.len() * size_of::<Place>()
    }

    #[inline]
    fn row(&self, at: usize) -> (&[u8], &[u8]) {
        let found = || {
            let Place { key, value, end } = *self.rows.get(at)?;
            let (key, value, end) = (key as usize, value as usize, end as usize);
            Some((self.bytes.get(key..value)?, self.bytes.get(value..end)?))
        };
        found().unwrap_or_default()
    }

    /// How many of its rows are before `key`.
    fn before(&self, key: &[u8]) -> usize {
        self.rows.partition_point(|Place { key: begin, value, .. }| {
            self.bytes.get(*begin as usize..*value as usize).is_some_and(|found| found < key)
        })
    }
}

/// A walk through the rows of a run.
pub(crate) struct RunWalk {
    run: Arc<Run>,
    left: Range<usize>,
    here: usize,
    direction: Direction,
}

impl RunWalk {
    /// Through those of its rows that are in the span.
    pub(crate) fn new(run: Arc<Run>, span: &Span, direction: Direction) -> Self {
        let last = span.end.as_ref().map_or(run.rows.len(), |end| run.before(end));
        let left = run.before(&span.start)..last;
        Self { run, left, here: 0, direction }
    }

    /// Goes to the next row and shows it, as [`here`](Self::here) does; none when there is none left.
    #[inline]
    pub(crate) fn next(&mut self) -> Option<(&[u8], &[u8])> {
        self.here = match self.direction {
            Direction::Forward => self.left.next(),
            Direction::Backward => self.left.next_back(),
        }?;
        Some(self.here())
    }

    /// The key here, and what is at rest under it.
    #[inline]
    pub(crate) fn here(&self) -> (&[u8], &[u8]) {
        self.run.row(self.here)
    }
}
