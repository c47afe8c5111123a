//! What a walk through the engine passes, made into runs.

use std::sync::Arc;

use super::RowCache;
use super::run::{BYTES, Place, Run};
use crate::Seq;
use crate::backend::Direction;

/// Notes the rows that a walk passes, one run after another. It keeps what it has when it is dropped.
pub(crate) struct Recorder {
    cache: Arc<RowCache>,
    at: Seq,
    direction: Direction,
    /// Where the run in hand begins, on the side that the walk comes from; none when a backward walk came from beyond all
    /// keys.
    edge: Option<Vec<u8>>,
    /// The last key that was passed.
    last: Option<Vec<u8>>,
    bytes: Vec<u8>,
    rows: Vec<Place>,
}

/// The first key after `key`.
fn after(key: &[u8]) -> Vec<u8> {
    [key, &[0]].concat()
}

impl Recorder {
    /// For a walk at the snapshot `at` that begins at `edge`.
    pub(crate) fn new(cache: Arc<RowCache>, at: Seq, edge: Option<&[u8]>, direction: Direction) -> Self {
        let edge = edge.map(<[u8]>::to_vec);
        Self { cache, at, direction, edge, last: None, bytes: Vec::new(), rows: Vec::new() }
    }

    /// Notes the next row.
    pub(crate) fn pass(&mut self, key: &[u8], stored: &[u8]) {
        if self.bytes.len() + key.len() + stored.len() > BYTES {
            self.keep();
        }
        if key.len() + stored.len() > BYTES {
            // As if it were not there: the next run begins beyond it.
            self.edge = Some(if self.direction == Direction::Forward { after(key) } else { key.to_vec() });
            self.last = None;
            return;
        }
        if self.bytes.capacity() == 0 {
            self.bytes.reserve_exact(BYTES);
        }
        let place = |bytes: &Vec<u8>| u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        let begin = place(&self.bytes);
        self.bytes.extend_from_slice(key);
        let value = place(&self.bytes);
        self.bytes.extend_from_slice(stored);
        self.rows.push(Place { key: begin, value, end: place(&self.bytes) });
        let last = self.last.get_or_insert_default();
        last.clear();
        last.extend_from_slice(key);
    }

    /// The walk has come to the end of its range: there is no row more before `edge`.
    pub(crate) fn end(mut self, edge: &[u8]) {
        self.keep_to(edge, true);
    }

    /// Keeps what is in hand, as far as the last row.
    fn keep(&mut self) {
        if let Some(last) = self.last.take() {
            let edge = if self.direction == Direction::Forward { after(&last) } else { last };
            self.keep_to(&edge, false);
        }
    }

    /// Keeps what is in hand, up to `edge`; a few rows only where the walk ended because there were no more.
    fn keep_to(&mut self, edge: &[u8], ended: bool) {
        let bytes = std::mem::take(&mut self.bytes);
        let mut rows = std::mem::take(&mut self.rows);
        let edge: Box<[u8]> = edge.into();
        let from = self.edge.replace(edge.to_vec());
        self.last = None;
        let (start, end) = match self.direction {
            Direction::Forward => (from.unwrap_or_default().into(), edge),
            Direction::Backward => {
                rows.reverse();
                let highest = || rows.last().and_then(|row| bytes.get(row.key as usize..row.value as usize));
                (edge, from.unwrap_or_else(|| after(highest().unwrap_or_default())).into())
            }
        };
        let (bytes, rows) = (bytes.into(), rows.into());
        let run = Run { since: self.at, start, end, bytes, rows };
        if (ended || !run.is_short()) && run.start < run.end {
            self.cache.keep_run(run);
        }
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        if !self.rows.is_empty() {
            self.keep();
        }
    }
}
