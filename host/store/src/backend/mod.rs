//! What the store asks of an engine, and nothing of any engine: a few ordered tables of bytes, consistent
//! views of them, and one atomic, durable write at a time.
//!
//! | engine | for |
//! | --- | --- |
//! | [`disk`] | redb, the embedded default |
//! | [`memory`](crate::memory) | the model: tests, and the oracle of property tests |
//!
//! Every engine passes the one suite in `tests/promises/backend.rs`.

mod channel;
pub mod disk;
mod disk_view;
mod medium;
pub mod memory;

pub use channel::panics_are_caught;
pub use medium::Medium;

use std::collections::VecDeque;

use crate::StoreError;

/// A table of an engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Table {
    /// Keys and values of the floors above.
    Data,
    /// Evidence by its index, 8 bytes big-endian.
    Evidence,
    /// Full tiles of the log's Merkle tree by level (1 byte) and index (8 bytes big-endian).
    Tiles,
    /// What the evidence is found by; follows from it.
    Index,
    /// The store's own state: format, last commit, policy floor.
    Meta,
}

impl Table {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Data, Self::Evidence, Self::Tiles, Self::Index, Self::Meta];

    /// Its name in the file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Data => "data",
            Self::Evidence => "evidence",
            Self::Tiles => "tiles",
            Self::Index => "index",
            Self::Meta => "meta",
        }
    }
}

/// The order in which a range is walked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Smallest key first.
    Forward,
    /// Largest key first.
    Backward,
}

/// An engine.
pub trait Backend: Send + Sync {
    /// A view of what the last applied batch left; later batches do not change it.
    fn view(&self) -> Result<Box<dyn View>, StoreError>;

    /// Applies writes whole and durably, or not at all, in their order: the last one to a key holds. They are
    /// taken as they come, until there are no more; an error among them is the answer, and nothing happened.
    /// Called by one thread at a time, which may look at views between two writes.
    ///
    /// After an error the caller takes a new view and looks again at what is there: an engine may not know
    /// whether the last step reached the disk. Views from before may answer [`StoreError::Interrupted`]. An
    /// engine whose disk is well again takes the next writes by itself.
    fn write(&self, writes: &mut Writes<'_>) -> Result<(), StoreError>;

    /// Writes what is known beforehand.
    fn apply(&self, batch: &Batch) -> Result<(), StoreError> {
        self.write(&mut batch.writes().cloned().map(Ok))
    }

    /// How its file is used. May read all of it; holds up nobody else.
    fn usage(&self) -> Result<Usage, StoreError> {
        Ok(Usage::default())
    }

    /// Gives back to the file system what is free within the file; false when there was nothing to give. The
    /// store stays whole when this is killed. [`StoreError::InUse`] while somebody holds a view.
    fn compact(&self) -> Result<bool, StoreError> {
        Ok(false)
    }

    /// Releases the file and its lock. Views may answer [`StoreError::Closed`] from now on.
    fn close(&self) -> Result<(), StoreError>;
}

/// How the file of an engine is used, in bytes. An engine without a file has none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// The length of the file.
    pub file: u64,
    /// Pages that hold what the last batch left.
    pub live: u64,
    /// Keys and values in them.
    pub stored: u64,
    /// Room in them that is not filled; later writes may fill it.
    pub unfilled: u64,
}

impl Usage {
    /// What is free within the file: used again by later writes, given back by compacting. While views are
    /// held, what they alone see is counted here too.
    pub fn reclaimable(&self) -> u64 {
        self.file.saturating_sub(self.live)
    }
}

/// A consistent view of all tables.
pub trait View: Send + Sync {
    /// Shows the value of `key` to `see`, without copying it; false when there is none.
    fn get(&self, table: Table, key: &[u8], see: &mut dyn FnMut(&[u8])) -> Result<bool, StoreError>;

    /// Walks the keys from `start` to before `end`.
    fn walk(
        &self,
        table: Table,
        start: &[u8],
        end: Option<&[u8]>,
        direction: Direction,
    ) -> Result<Box<dyn Cursor>, StoreError>;
}

/// A place in a walk, before its first key at the beginning.
pub trait Cursor: Send {
    /// Goes to the next key; false when there is none left.
    fn advance(&mut self) -> Result<bool, StoreError>;

    /// The key and the value here; empty before the first and after the last.
    fn here(&self) -> (&[u8], &[u8]);

    /// The key here.
    fn key(&self) -> &[u8] {
        self.here().0
    }

    /// The value here.
    fn value(&self) -> &[u8] {
        self.here().1
    }
}

/// One write; without a value the key is removed, if it is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowWrite {
    /// Where.
    pub table: Table,
    /// To what.
    pub key: Vec<u8>,
    /// What.
    pub value: Option<Vec<u8>>,
}

/// Writes on their way to an engine, or why they are not to happen after all.
pub type Writes<'a> = dyn Iterator<Item = Result<RowWrite, StoreError>> + 'a;

/// Writes in a row: the last one to a key holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    writes: VecDeque<RowWrite>,
}

impl Batch {
    /// Adds: set `key` to `value`.
    pub fn put(&mut self, table: Table, key: Vec<u8>, value: Vec<u8>) {
        self.writes.push_back(RowWrite { table, key, value: Some(value) });
    }

    /// Adds: remove `key`, if it is there.
    pub fn delete(&mut self, table: Table, key: Vec<u8>) {
        self.writes.push_back(RowWrite { table, key, value: None });
    }

    /// The writes, in order.
    pub fn writes(&self) -> impl DoubleEndedIterator<Item = &RowWrite> {
        self.writes.iter()
    }

    /// Takes the first of them.
    pub(crate) fn take_first(&mut self) -> Option<RowWrite> {
        self.writes.pop_front()
    }
}

/// Whether no key lies between these bounds.
pub(crate) fn is_empty(start: &[u8], end: Option<&[u8]>) -> bool {
    end.is_some_and(|end| end <= start)
}
