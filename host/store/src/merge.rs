//! Walking a snapshot and a transaction's own writes as one.

use std::ops::Bound;
use std::sync::Arc;

use parking_lot::Mutex;

use crate::backend::{self, Direction};
use crate::range::Range;
use crate::reads::Reads;
use crate::transaction::{Own, OwnWrites};
use crate::{Item, Seq, Snapshot, StoreError, Stored};

/// A walk over keys and values, own writes included.
///
/// As an iterator it yields copies; [`step`](Self::step) shows each where it lies. It may outlive borrows of
/// its transaction. When it is dropped, the transaction relies only on what it passed.
pub struct TransactionRange {
    stored: Range,
    /// Whether `stored` stands at a key not yet shown.
    waiting: bool,
    /// None when no own write lies in the range, which is the common case.
    own: Option<Arc<OwnWrites>>,
    rest: (Bound<Vec<u8>>, Bound<Vec<u8>>),
    direction: Direction,
    here: Here,
    reads: Option<(Arc<Mutex<Reads>>, usize)>,
}

enum Here {
    Start,
    Stored,
    Own(Vec<u8>, Vec<u8>),
    End,
}

impl TransactionRange {
    pub(crate) fn new(
        snapshot: &Snapshot,
        own: &Arc<OwnWrites>,
        start: &[u8],
        end: Option<&[u8]>,
        direction: Direction,
        reads: Option<(Arc<Mutex<Reads>>, usize)>,
    ) -> Self {
        let rest = (
            Bound::Included(start.to_vec()),
            end.map_or(Bound::Unbounded, |end| Bound::Excluded(end.to_vec())),
        );
        let touched = !backend::is_empty(start, end) && own.range(rest.clone()).next().is_some();
        Self {
            stored: snapshot.range(start, end, direction),
            waiting: false,
            own: touched.then(|| Arc::clone(own)),
            rest,
            direction,
            here: Here::Start,
            reads,
        }
    }

    /// Goes to the next key and shows it; none at the end.
    #[inline]
    pub fn step(&mut self) -> Result<Option<Item<'_>>, StoreError> {
        if self.own.is_none() && !self.waiting {
            // No own write is in the way: what is stored is shown as it comes.
            self.here = Here::End;
            let item = self.stored.step()?;
            if item.is_some() {
                self.here = Here::Stored;
            }
            return Ok(item);
        }
        self.here = self.advance().inspect_err(|_| self.here = Here::End)?;
        match &self.here {
            Here::Stored => Ok(self.stored.here()),
            Here::Own(key, value) => Ok(Some(Item { key, version: Seq::PENDING, value })),
            Here::Start | Here::End => Ok(None),
        }
    }

    fn advance(&mut self) -> Result<Here, StoreError> {
        loop {
            if !self.waiting {
                self.waiting = self.stored.advance()?;
            }
            let stored = if self.waiting { self.stored.here().map(|item| item.key) } else { None };
            let Some((key, own)) =
                self.own.as_ref().and_then(|own| next_own(own, &self.rest, self.direction))
            else {
                self.waiting = false;
                return Ok(if stored.is_some() { Here::Stored } else { Here::End });
            };
            let stored_first = stored.is_some_and(|stored| match self.direction {
                Direction::Forward => stored < key.as_slice(),
                Direction::Backward => stored > key.as_slice(),
            });
            if stored_first {
                self.waiting = false;
                return Ok(Here::Stored);
            }
            if stored == Some(key.as_slice()) {
                // The own write hides it.
                self.waiting = false;
            }
            let (key, own) = (key.clone(), own.clone());
            self.pass(key.clone());
            if let Own::Put { value, .. } = own {
                return Ok(Here::Own(key, value));
            }
        }
    }

    /// Leaves an own write behind.
    fn pass(&mut self, key: Vec<u8>) {
        match self.direction {
            Direction::Forward => self.rest.0 = Bound::Excluded(key),
            Direction::Backward => self.rest.1 = Bound::Excluded(key),
        }
        if let (Bound::Included(start) | Bound::Excluded(start), Bound::Excluded(end)) =
            (&self.rest.0, &self.rest.1)
            && start >= end
        {
            self.own = None;
        }
    }
}

fn next_own<'a>(
    own: &'a OwnWrites,
    rest: &(Bound<Vec<u8>>, Bound<Vec<u8>>),
    direction: Direction,
) -> Option<(&'a Vec<u8>, &'a Own)> {
    let mut range = own.range::<Vec<u8>, _>((rest.0.as_ref(), rest.1.as_ref()));
    match direction {
        Direction::Forward => range.next(),
        Direction::Backward => range.next_back(),
    }
}

impl Iterator for TransactionRange {
    type Item = Result<(Vec<u8>, Stored), StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.step().map(|item| item.map(|item| (item.key.to_vec(), item.to_stored()))).transpose()
    }
}

impl Drop for TransactionRange {
    fn drop(&mut self) {
        let Some((reads, place)) = self.reads.take() else { return };
        let last = match &self.here {
            Here::End => return,
            Here::Start => None,
            Here::Stored => match self.stored.here() {
                Some(item) => Some(item.key),
                None => return,
            },
            Here::Own(key, _) => Some(key.as_slice()),
        };
        reads.lock().end_range(place, self.direction, last);
    }
}
