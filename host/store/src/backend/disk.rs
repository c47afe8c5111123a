//! redb: one file, copy-on-write B+trees, two-phase commit.
//!
//! Every batch is one write transaction with *quick-repair*: the allocator's state is saved with each
//! commit, so that opening after a crash does not walk the file. Values are read in place, from the page
//! cache.

use std::io;
use std::ops::Bound;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use parking_lot::RwLock;
use redb::{
    AccessGuard, Builder, Database, DatabaseError, ReadOnlyTable, ReadableDatabase, StorageError,
    TableDefinition, TableError, TransactionError,
};

use super::{Backend, Batch, Cursor, Direction, Table, View, is_empty};
use crate::StoreError;

type Bytes = &'static [u8];

/// A store in one file.
pub struct Disk {
    path: PathBuf,
    database: RwLock<Option<Database>>,
}

fn definition(table: Table) -> TableDefinition<'static, Bytes, Bytes> {
    TableDefinition::new(table.name())
}

impl Disk {
    /// Opens the file, or makes it when there is none or an empty one.
    ///
    /// `cache` is the memory given to pages, in bytes.
    pub fn open(path: &Path, cache: usize) -> Result<Self, StoreError> {
        let database = Builder::new().set_cache_size(cache).create(path).map_err(|error| match error {
            DatabaseError::DatabaseAlreadyOpen | DatabaseError::LockProtocolMismatch => {
                StoreError::Locked { path: path.to_path_buf() }
            }
            DatabaseError::UpgradeRequired(version) => {
                StoreError::damaged(format!("{} has the file layout {version}", path.display()))
            }
            DatabaseError::Storage(error) => storage(path, "opening", error),
            other => StoreError::damaged(format!("{}: {other}", path.display())),
        })?;
        Ok(Self { path: path.to_path_buf(), database: RwLock::new(Some(database)) })
    }
}

/// An error of redb, with the place and what was being done.
fn storage(path: &Path, doing: &str, error: StorageError) -> StoreError {
    match error {
        // redb answers so to a file that is not one of its own.
        StorageError::Io(error) if error.kind() == io::ErrorKind::InvalidData => {
            StoreError::damaged(format!("{}: {error}", path.display()))
        }
        StorageError::Io(error) => {
            StoreError::Io { doing: format!("{doing} {}", path.display()), error: Arc::new(error) }
        }
        StorageError::PreviousIo | StorageError::DatabaseClosed => StoreError::Closed,
        other => StoreError::damaged(format!("{}: {other}", path.display())),
    }
}

fn reading(error: StorageError) -> StoreError {
    storage(Path::new("the store"), "reading", error)
}

impl Backend for Disk {
    fn view(&self) -> Result<Box<dyn View>, StoreError> {
        let database = self.database.read();
        let database = database.as_ref().ok_or(StoreError::Closed)?;
        let transaction = database.begin_read().map_err(|error| match error {
            TransactionError::Storage(error) => reading(error),
            other => StoreError::damaged(other.to_string()),
        })?;
        let open = |table| match transaction.open_table(definition(table)) {
            Ok(table) => Ok(Some(table)),
            // Before the first batch there are no tables.
            Err(TableError::TableDoesNotExist(_)) => Ok(None),
            Err(TableError::Storage(error)) => Err(reading(error)),
            Err(other) => Err(StoreError::damaged(other.to_string())),
        };
        Ok(Box::new(DiskView {
            data: open(Table::Data)?,
            evidence: open(Table::Evidence)?,
            tiles: open(Table::Tiles)?,
            meta: open(Table::Meta)?,
        }))
    }

    fn apply(&self, batch: &Batch) -> Result<(), StoreError> {
        let database = self.database.read();
        let database = database.as_ref().ok_or(StoreError::Closed)?;
        let failed = |error: redb::Error| match error {
            redb::Error::Io(error) => {
                StoreError::Io { doing: format!("writing {}", self.path.display()), error: Arc::new(error) }
            }
            redb::Error::PreviousIo | redb::Error::DatabaseClosed => StoreError::Closed,
            other => StoreError::damaged(format!("{}: {other}", self.path.display())),
        };
        let write = || -> Result<(), redb::Error> {
            let mut transaction = database.begin_write()?;
            transaction.set_quick_repair(true);
            {
                let mut data = transaction.open_table(definition(Table::Data))?;
                let mut evidence = transaction.open_table(definition(Table::Evidence))?;
                let mut tiles = transaction.open_table(definition(Table::Tiles))?;
                let mut meta = transaction.open_table(definition(Table::Meta))?;
                for (table, key, value) in batch.writes() {
                    let table = match table {
                        Table::Data => &mut data,
                        Table::Evidence => &mut evidence,
                        Table::Tiles => &mut tiles,
                        Table::Meta => &mut meta,
                    };
                    match value {
                        Some(value) => drop(table.insert(key, value)?),
                        None => drop(table.remove(key)?),
                    }
                }
            }
            transaction.commit()?;
            Ok(())
        };
        write().map_err(failed)
    }

    fn close(&self) -> Result<(), StoreError> {
        match self.database.write().take().map(Database::close) {
            None | Some(Ok(())) => Ok(()),
            Some(Err(DatabaseError::Storage(error))) => Err(storage(&self.path, "closing", error)),
            Some(Err(other)) => Err(StoreError::damaged(other.to_string())),
        }
    }
}

struct DiskView {
    data: Option<ReadOnlyTable<Bytes, Bytes>>,
    evidence: Option<ReadOnlyTable<Bytes, Bytes>>,
    tiles: Option<ReadOnlyTable<Bytes, Bytes>>,
    meta: Option<ReadOnlyTable<Bytes, Bytes>>,
}

impl DiskView {
    fn table(&self, table: Table) -> Option<&ReadOnlyTable<Bytes, Bytes>> {
        match table {
            Table::Data => self.data.as_ref(),
            Table::Evidence => self.evidence.as_ref(),
            Table::Tiles => self.tiles.as_ref(),
            Table::Meta => self.meta.as_ref(),
        }
    }
}

impl View for DiskView {
    fn get(&self, table: Table, key: &[u8], see: &mut dyn FnMut(&[u8])) -> Result<bool, StoreError> {
        let Some(table) = self.table(table) else { return Ok(false) };
        match table.get(key).map_err(reading)? {
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
                Some(table.range::<&[u8]>((Bound::Included(start), end)).map_err(reading)?)
            }
            _ => None,
        };
        Ok(Box::new(DiskCursor { range, direction, here: None }))
    }
}

struct DiskCursor {
    range: Option<redb::Range<'static, Bytes, Bytes>>,
    direction: Direction,
    here: Option<(AccessGuard<'static, Bytes>, AccessGuard<'static, Bytes>)>,
}

impl Cursor for DiskCursor {
    fn advance(&mut self) -> Result<bool, StoreError> {
        let Some(range) = &mut self.range else { return Ok(false) };
        let next = match self.direction {
            Direction::Forward => range.next(),
            Direction::Backward => range.next_back(),
        };
        self.here = next.transpose().map_err(reading)?;
        if self.here.is_none() {
            self.range = None;
        }
        Ok(self.here.is_some())
    }

    fn key(&self) -> &[u8] {
        self.here.as_ref().map_or(&[], |(key, _)| key.value())
    }

    fn value(&self) -> &[u8] {
        self.here.as_ref().map_or(&[], |(_, value)| value.value())
    }
}
