//! Reading redb: every call is one passage through the boundary of `channel`.

use std::ops::Bound;
use std::sync::Arc;

use redb::{AccessGuard, ReadOnlyTable, ReadableTableMetadata, StorageError};

use super::channel::Channel;
use super::disk::Bytes;
use super::{Cursor, Direction, Table, Usage, View, is_empty};
use crate::StoreError;

pub(super) type Rows = Option<ReadOnlyTable<Bytes, Bytes>>;

pub(super) struct DiskView {
    channel: Arc<Channel>,
    tables: Tables,
}

/// The tables of an engine; none of them before the first batch.
pub(super) struct Tables {
    pub(super) data: Rows,
    pub(super) evidence: Rows,
    pub(super) tiles: Rows,
    pub(super) index: Rows,
    pub(super) meta: Rows,
}

impl DiskView {
    pub(super) fn new(channel: Arc<Channel>, tables: Tables) -> Self {
        Self { channel, tables }
    }

    fn table(&self, table: Table) -> Option<&ReadOnlyTable<Bytes, Bytes>> {
        match table {
            Table::Data => self.tables.data.as_ref(),
            Table::Evidence => self.tables.evidence.as_ref(),
            Table::Tiles => self.tables.tiles.as_ref(),
            Table::Index => self.tables.index.as_ref(),
            Table::Meta => self.tables.meta.as_ref(),
        }
    }

    /// How a file of so many bytes is used. Reads every page.
    pub(super) fn usage(&self, file: u64) -> Result<Usage, StoreError> {
        let mut usage = Usage { file, ..Usage::default() };
        for table in Table::ALL {
            let Some(table) = self.table(table) else { continue };
            let stats = self.channel.reading(|| table.stats())?;
            usage.stored += stats.stored_bytes();
            usage.unfilled += stats.fragmented_bytes();
            usage.live += stats.stored_bytes() + stats.metadata_bytes() + stats.fragmented_bytes();
        }
        Ok(usage)
    }
}

impl View for DiskView {
    fn get(&self, table: Table, key: &[u8], see: &mut dyn FnMut(&[u8])) -> Result<bool, StoreError> {
        let Some(table) = self.table(table) else { return Ok(false) };
        let value = self.channel.reading(|| {
            let value = table.get(key)?;
            // On a damaged page its bounds may be anywhere: looked at here, where a panic is caught.
            if let Some(value) = &value {
                value.value();
            }
            Ok(value)
        })?;
        match value {
            Some(value) => {
                see(value.value());
                Ok(true)
            }
            None => Ok(false),
        }
    }

    fn walk(
        &self,
        table: Table,
        start: &[u8],
        end: Option<&[u8]>,
        direction: Direction,
    ) -> Result<Box<dyn Cursor>, StoreError> {
        let range = match self.table(table) {
            Some(table) if !is_empty(start, end) => {
                let end = end.map_or(Bound::Unbounded, Bound::Excluded);
                Some(self.channel.reading(|| table.range::<&[u8]>((Bound::Included(start), end)))?)
            }
            _ => None,
        };
        let channel = Arc::clone(&self.channel);
        let (fetched, passed) = (Vec::new(), 0);
        Ok(Box::new(DiskCursor { channel, range, direction, fetched, passed, fetch: FEWEST, failed: None }))
    }
}

/// Entries that a walk fetches at first: many walks end after one or two.
const FEWEST: usize = 2;
/// Most that it fetches at once, twice as many each time.
const MOST: usize = 32;
/// It fetches no more once it holds so many bytes of values.
const BYTES: usize = 64 << 10;

/// A walk. It passes the boundary of `channel`, which costs as much as redb's own step, once for a few entries.
struct DiskCursor {
    channel: Arc<Channel>,
    range: Option<redb::Range<'static, Bytes, Bytes>>,
    direction: Direction,
    /// Entries in the order of the walk.
    fetched: Vec<Entry>,
    /// How many of them have been gone to; the last of these is here.
    passed: usize,
    /// How many are fetched the next time.
    fetch: usize,
    /// What is met after the entries that are fetched.
    failed: Option<StoreError>,
}

type Entry = (AccessGuard<'static, Bytes>, AccessGuard<'static, Bytes>);

impl DiskCursor {
    /// Fetches the next entries after those that were passed.
    fn fetch(&mut self) -> Result<(), StoreError> {
        if let Some(error) = self.failed.take() {
            return Err(error);
        }
        let Self { channel, range, direction, fetched, fetch, .. } = self;
        let Some(entries) = range else {
            fetched.clear();
            return Ok(());
        };
        let last = fetched.pop();
        fetched.clear();
        let more = channel.reading(|| {
            let mut bytes = 0;
            for _ in 0..*fetch {
                let next = match direction {
                    Direction::Forward => entries.next(),
                    Direction::Backward => entries.next_back(),
                };
                let Some(next) = next.transpose()? else { return Ok(false) };
                // As in `get`.
                bytes += next.1.value().len();
                let key = next.0.value();
                let in_order = fetched.last().or(last.as_ref()).is_none_or(|(before, _)| match direction {
                    Direction::Forward => before.value() < key,
                    Direction::Backward => before.value() > key,
                });
                if !in_order {
                    // Else a damaged page might be walked in circles.
                    return Err(StorageError::Corrupted("keys are out of order".to_owned()));
                }
                fetched.push(next);
                if bytes >= BYTES {
                    break;
                }
            }
            Ok(true)
        });
        self.fetch = (self.fetch * 2).min(MOST);
        if !matches!(more, Ok(true)) {
            self.range = None;
        }
        // What lies before the trouble is shown first.
        match more {
            Err(error) if self.fetched.is_empty() => Err(error),
            Err(error) => {
                self.failed = Some(error);
                Ok(())
            }
            Ok(_) => Ok(()),
        }
    }
}

impl Cursor for DiskCursor {
    #[inline]
    fn advance(&mut self) -> Result<bool, StoreError> {
        if self.passed == self.fetched.len() {
            self.passed = 0;
            self.fetch().inspect_err(|_| self.fetched.clear())?;
        }
        let more = self.passed < self.fetched.len();
        self.passed += usize::from(more);
        Ok(more)
    }

    #[inline]
    fn here(&self) -> (&[u8], &[u8]) {
        match self.passed.checked_sub(1).and_then(|at| self.fetched.get(at)) {
            Some((key, value)) => (key.value(), value.value()),
            None => (&[], &[]),
        }
    }
}
