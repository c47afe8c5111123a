//! Reading: a consistent view of the store at one commit.

use std::fmt;
use std::sync::Arc;

use crate::backend::{Cursor, Direction, Table, View};
use crate::{Recorded, Seq, StoreError, format};

/// A value and the commit that wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// The commit that wrote it.
    pub version: Seq,
    /// The value.
    pub value: Vec<u8>,
}

/// A key and its value where they lie, without a copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item<'a> {
    /// The key.
    pub key: &'a [u8],
    /// The commit that wrote the value.
    pub version: Seq,
    /// The value.
    pub value: &'a [u8],
}

impl Item<'_> {
    /// A copy of the value.
    pub fn to_stored(&self) -> Stored {
        Stored { version: self.version, value: self.value.to_vec() }
    }
}

/// What the store held after one commit. Later commits do not change it; clones share it.
///
/// It keeps the pages it sees on disk from being used again: hold one for a call, not for an afternoon.
#[derive(Clone)]
pub struct Snapshot {
    shared: Arc<Shared>,
}

struct Shared {
    view: Box<dyn View>,
    state: format::State,
}

impl Snapshot {
    pub(crate) fn new(view: Box<dyn View>, state: format::State) -> Self {
        Self { shared: Arc::new(Shared { view, state }) }
    }

    pub(crate) fn state(&self) -> format::State {
        self.shared.state
    }

    /// The last commit it sees.
    pub fn seq(&self) -> Seq {
        self.shared.state.seq
    }

    /// A copy of the value of `key`.
    pub fn get(&self, key: &[u8]) -> Result<Option<Stored>, StoreError> {
        self.read(key, |item| item.to_stored())
    }

    /// What `see` makes of the value of `key`, shown to it where it lies; none when there is no value.
    pub fn read<T>(&self, key: &[u8], see: impl FnOnce(Item<'_>) -> T) -> Result<Option<T>, StoreError> {
        let mut see = Some(see);
        let mut seen = Ok(None);
        self.shared.view.get(Table::Data, key, &mut |stored| {
            seen = format::split(stored)
                .map(|(value, version)| see.take().map(|see| see(Item { key, version, value })));
        })?;
        seen
    }

    /// The version of `key`; none when there is no value.
    pub fn version(&self, key: &[u8]) -> Result<Option<Seq>, StoreError> {
        self.read(key, |item| item.version)
    }

    /// The keys from `start` to before `end` (none: all that follow), with their values.
    pub fn range(&self, start: &[u8], end: Option<&[u8]>, direction: Direction) -> Range {
        Range { cursor: self.shared.view.walk(Table::Data, start, end, direction).map(Some) }
    }

    /// Evidence from `from_index` on, oldest first, at most `limit` entries.
    pub fn evidence(&self, from_index: u64, limit: usize) -> Result<Vec<Recorded>, StoreError> {
        let mut entries = Vec::new();
        let mut cursor =
            self.shared.view.walk(Table::Evidence, &from_index.to_be_bytes(), None, Direction::Forward)?;
        while entries.len() < limit && cursor.advance()? {
            let index = cursor.key().try_into().map(u64::from_be_bytes);
            let index = index.map_err(|_| StoreError::damaged("a key of the evidence"))?;
            let (value, seq) = format::split(cursor.value())?;
            entries.push(Recorded { index, seq, entry: format::decode(index, value)? });
        }
        Ok(entries)
    }

    /// How many entries of evidence there are.
    pub fn evidence_len(&self) -> u64 {
        self.shared.state.evidence
    }
}

impl fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Snapshot").field("seq", &self.seq()).finish_non_exhaustive()
    }
}

/// A walk over keys and values.
///
/// As an iterator it yields copies; [`step`](Self::step) shows each where it lies. After an error it ends.
pub struct Range {
    cursor: Result<Option<Box<dyn Cursor>>, StoreError>,
}

impl Range {
    /// Goes to the next key and shows it; none at the end.
    pub fn step(&mut self) -> Result<Option<Item<'_>>, StoreError> {
        if self.advance()? { self.here() } else { Ok(None) }
    }

    pub(crate) fn advance(&mut self) -> Result<bool, StoreError> {
        let cursor = match &mut self.cursor {
            Ok(Some(cursor)) => cursor,
            Ok(None) => return Ok(false),
            Err(_) => return std::mem::replace(&mut self.cursor, Ok(None)).map(|_| false),
        };
        let more = cursor.advance();
        if !matches!(more, Ok(true)) {
            self.cursor = Ok(None);
        }
        more
    }

    pub(crate) fn here(&self) -> Result<Option<Item<'_>>, StoreError> {
        match &self.cursor {
            Ok(Some(cursor)) => {
                let (value, version) = format::split(cursor.value())?;
                Ok(Some(Item { key: cursor.key(), version, value }))
            }
            _ => Ok(None),
        }
    }
}

impl Iterator for Range {
    type Item = Result<(Vec<u8>, Stored), StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.step().map(|item| item.map(|item| (item.key.to_vec(), item.to_stored()))).transpose()
    }
}
