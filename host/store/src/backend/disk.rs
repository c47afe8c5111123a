//! redb: one file, copy-on-write B+trees, two-phase commit.
//!
//! Every batch is one write transaction with *quick-repair*: the allocator's state is saved with each
//! commit, so that opening after a crash does not walk the file. Values are read in place, from the page
//! cache.
//!
//! # When the disk fails
//!
//! ```text
//!            error or panic in apply                    opening fails
//! writable ──────────────────────────▶ opened again ──────────────────▶ readable ──▶ lost
//!    ▲                                      │                              │           │
//!    └──────────────────────────────────────┴──── next apply, next view ───┴───────────┘
//! ```
//! After an error in writing redb refuses everything until it is opened again, so the file is opened again
//! at the next view or batch, under the same lock. Two-phase commit makes that safe also after a failed
//! sync, when what the system shows may not be on the disk: a commit becomes the current one by a header
//! written after its pages were synced, and each opening writes and syncs that header anew. When the disk
//! takes not even that, the file is opened with the header that was synced last and with all writes kept in
//! memory, so that reading goes on and shows what is durable. Views from before answer
//! [`StoreError::Interrupted`]; so does a batch when the file, once it takes writes again, holds something
//! else than was shown.
//!
//! An error in reading concerns that read alone (see `channel`).
//!
//! # When pages are damaged
//!
//! A page that makes no sense is named when it is met, a value that is not as it was written by its own check
//! (see `format`). redb's pages have checksums as well, which it looks at only in [`check`](Disk::check) and
//! after a compaction that was cut off: between the two, a bit flipped in a key can hide a row, and a damaged
//! account of free pages can stop the process in the middle of a write, as a kill would. Neither loses what
//! was acknowledged elsewhere. So look for damage with [`check`](Disk::check) from time to time.
//!
//! # How the file grows
//!
//! Copy-on-write needs room for what is rewritten while the old is still looked at. With views as short as a
//! call the file stays within a small multiple of what is live. A view that is held keeps every page it sees,
//! and every later batch takes new ones: 2,000 small batches beside one held view grew a file of 269 MB to
//! 1,077 MB. Dropping the view lets the pages be used again; the file itself shrinks only by
//! [`compact`](Backend::compact). Both are tested in `growth`.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use parking_lot::{Mutex, RwLock};
use redb::{
    Builder, CompactionError, Database, DatabaseError, ReadableDatabase, StorageError, TableDefinition,
    TableError, TransactionError, WriteTransaction,
};

use super::channel::{Channel, Header, Storage, caught};
use super::disk_view::{DiskView, Tables};
use super::medium::{LockedFile, Medium, Overlay};
use super::{Backend, Direction, RowWrite, Table, Usage, View, Writes};
use crate::StoreError;

pub(super) type Bytes = &'static [u8];

/// A store in one file.
pub struct Disk {
    medium: Arc<dyn Medium>,
    header: Arc<Mutex<Header>>,
    name: Arc<str>,
    cache: usize,
    state: RwLock<State>,
}

enum State {
    Open(Opening),
    /// Neither readable nor writable, and why; tried again at each call.
    Lost(StoreError),
    Closed,
}

/// redb, as it was opened last.
struct Opening {
    database: Database,
    channel: Arc<Channel>,
    /// Why writes are kept in memory, when they are.
    read_only: Option<StoreError>,
}

impl Opening {
    /// Whether it takes batches.
    fn writes(&self) -> bool {
        self.read_only.is_none() && !self.channel.has_failed()
    }

    /// Ends it; its views are told that they were interrupted.
    fn end(self) {
        self.channel.replace();
        // Nothing passes any more, so redb writes nothing here. What it thinks of that is of no interest.
        let _ = caught(|| drop(self.database));
    }
}

/// What is done to the file when it is opened.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Access {
    Write,
    /// Nothing: writes are kept in memory.
    Read,
    /// Nothing, and every page is checked.
    Check,
}

pub(super) fn definition(table: Table) -> TableDefinition<'static, Bytes, Bytes> {
    TableDefinition::new(table.name())
}

impl Disk {
    /// Opens the file, or makes it when there is none or an empty one.
    ///
    /// `cache` is the memory given to pages, in bytes.
    pub fn open(path: &Path, cache: usize) -> Result<Self, StoreError> {
        Self::over(Arc::new(LockedFile::open(path, true)?), &path.display().to_string(), cache)
    }

    /// The same on any medium; `name` is what messages call it.
    pub fn over(medium: Arc<dyn Medium>, name: &str, cache: usize) -> Result<Self, StoreError> {
        let disk = Self::closed(medium, name, cache);
        let new = matches!(disk.medium.is_empty(), Ok(true));
        match disk.start(Access::Write) {
            Ok(opening) => *disk.state.write() = State::Open(opening),
            Err(error) => {
                if new {
                    // What was begun is nobody's store.
                    let _ = disk.medium.set_len(0);
                }
                let _ = disk.medium.release();
                return Err(error);
            }
        }
        Ok(disk)
    }

    fn closed(medium: Arc<dyn Medium>, name: &str, cache: usize) -> Self {
        Self { medium, header: Arc::default(), name: name.into(), cache, state: RwLock::new(State::Closed) }
    }

    /// Checks every page of the file at `path` against its checksum, and changes nothing. Nobody else may
    /// have the file open.
    pub fn check(path: &Path, cache: usize) -> Result<(), StoreError> {
        let disk = Self::closed(Arc::new(LockedFile::open(path, false)?), &path.display().to_string(), cache);
        disk.start(Access::Check).map(Opening::end)
    }

    fn start(&self, access: Access) -> Result<Opening, StoreError> {
        let (medium, header): (Arc<dyn Medium>, _) = match access {
            Access::Write => (Arc::clone(&self.medium), Arc::clone(&self.header)),
            Access::Read | Access::Check => {
                let failed = |error| StoreError::io(format!("opening {}", self.name), error);
                let overlay = Overlay::new(Arc::clone(&self.medium)).map_err(failed)?;
                overlay.write(0, self.header.lock().synced()).map_err(failed)?;
                (Arc::new(overlay), Arc::default())
            }
        };
        let channel = Arc::new(Channel::new(medium, header, Arc::clone(&self.name)));
        let opened = caught(|| {
            Builder::new()
                .set_cache_size(self.cache)
                .set_check_integrity_on_open(access == Access::Check)
                .create_with_backend(Storage(Arc::clone(&channel)))
        });
        match opened {
            Ok(Ok(database)) => Ok(Opening { database, channel, read_only: None }),
            Ok(Err(DatabaseError::Storage(error))) => Err(channel.error("opening", error)),
            Ok(Err(DatabaseError::UpgradeRequired(version))) => {
                Err(StoreError::damaged(format!("{} has the file layout {version}", self.name)))
            }
            Ok(Err(other)) => Err(StoreError::damaged(format!("{}: {other}", self.name))),
            Err(panic) => Err(channel.panicked(&*panic)),
        }
    }

    /// Opens the file again where that is needed: to read, or also to write. To write, it must hold what was
    /// shown last.
    fn recover(&self, to_write: bool) -> Result<(), StoreError> {
        let mut state = self.state.write();
        let readable = match std::mem::replace(&mut *state, State::Closed) {
            State::Closed => return Err(StoreError::Closed),
            State::Lost(_) => None,
            State::Open(opening) if opening.channel.has_failed() => {
                // First of all: it must not see what the next one writes.
                opening.end();
                None
            }
            State::Open(opening) if opening.writes() || !to_write => {
                *state = State::Open(opening);
                return Ok(());
            }
            State::Open(opening) => Some(opening),
        };
        let refusal = match self.start(Access::Write) {
            Ok(opening) => {
                tracing::info!(file = %self.name, "the store was opened again and takes changes");
                let as_shown = match &readable {
                    Some(shown) if to_write => {
                        matches!((Self::meta(shown), Self::meta(&opening)), (Ok(shown), Ok(now)) if shown == now)
                    }
                    _ => !to_write,
                };
                if let Some(shown) = readable {
                    shown.end();
                }
                *state = State::Open(opening);
                return if as_shown { Ok(()) } else { Err(StoreError::Interrupted) };
            }
            Err(error) => error,
        };
        // Not to be written to; perhaps to be read.
        let readable = match readable {
            Some(opening) => Ok(opening),
            None => self.start(Access::Read),
        };
        match readable {
            Ok(opening) => {
                tracing::error!(file = %self.name, error = %refusal, "the store can be read only");
                *state = State::Open(Opening { read_only: Some(refusal.clone()), ..opening });
                if to_write { Err(refusal) } else { Ok(()) }
            }
            Err(error) => {
                tracing::error!(file = %self.name, %error, "the store cannot be opened again");
                *state = State::Lost(error.clone());
                Err(error)
            }
        }
    }

    /// Runs `run` on an opening that can be read.
    fn readable<T>(&self, run: impl FnOnce(&Opening) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let unfit = |state: &State| match state {
            State::Open(opening) => opening.channel.has_failed(),
            State::Lost(_) => true,
            State::Closed => false,
        };
        if unfit(&self.state.read()) {
            self.recover(false)?;
        }
        match &*self.state.read() {
            State::Open(opening) => run(opening),
            State::Lost(error) => Err(error.clone()),
            State::Closed => Err(StoreError::Closed),
        }
    }

    /// All that the store says about itself, its last commit among it.
    fn meta(opening: &Opening) -> Result<BTreeMap<Vec<u8>, Vec<u8>>, StoreError> {
        let mut rows = BTreeMap::new();
        let mut cursor = Self::begin_view(opening)?.walk(Table::Meta, b"", None, Direction::Forward)?;
        while cursor.advance()? {
            rows.insert(cursor.key().to_vec(), cursor.value().to_vec());
        }
        Ok(rows)
    }

    fn begin_view(opening: &Opening) -> Result<DiskView, StoreError> {
        let channel = &opening.channel;
        let tables = channel.reading(|| {
            let transaction = opening.database.begin_read().map_err(TransactionError::into_storage)?;
            let open = |table| match transaction.open_table(definition(table)) {
                Ok(table) => Ok(Some(table)),
                // Before the first batch there are no tables.
                Err(TableError::TableDoesNotExist(_)) => Ok(None),
                Err(TableError::Storage(error)) => Err(error),
                Err(other) => Err(StorageError::Corrupted(other.to_string())),
            };
            Ok(Tables {
                data: open(Table::Data)?,
                evidence: open(Table::Evidence)?,
                tiles: open(Table::Tiles)?,
                index: open(Table::Index)?,
                meta: open(Table::Meta)?,
            })
        })?;
        Ok(DiskView::new(Arc::clone(channel), tables))
    }
}

/// One way out of redb's many errors.
trait IntoStorage {
    fn into_storage(self) -> StorageError;
}

impl IntoStorage for TransactionError {
    fn into_storage(self) -> StorageError {
        match self {
            Self::Storage(error) => error,
            other => StorageError::Corrupted(other.to_string()),
        }
    }
}

impl IntoStorage for redb::Error {
    fn into_storage(self) -> StorageError {
        match self {
            Self::Io(error) => StorageError::Io(error),
            Self::PreviousIo => StorageError::PreviousIo,
            Self::DatabaseClosed => StorageError::DatabaseClosed,
            other => StorageError::Corrupted(other.to_string()),
        }
    }
}

/// Why writes were not applied.
enum Refused {
    /// By redb, or what is below it.
    Engine(redb::Error),
    /// They were not to happen after all.
    Withdrawn(StoreError),
}

impl<E: Into<redb::Error>> From<E> for Refused {
    fn from(error: E) -> Self {
        Self::Engine(error.into())
    }
}

/// One transaction. Unless it was only the filling that failed, redb may have lost account of its pages, and
/// is not used any more.
fn write(opening: &Opening, writes: &mut Writes<'_>) -> Result<(), Refused> {
    let lost = |error: redb::Error| {
        opening.channel.fail();
        error
    };
    let mut transaction = opening.database.begin_write().map_err(|error| lost(error.into()))?;
    transaction.set_quick_repair(true);
    fill(&transaction, writes)?;
    Ok(transaction.commit().map_err(|error| lost(error.into()))?)
}

fn fill(transaction: &WriteTransaction, writes: &mut Writes<'_>) -> Result<(), Refused> {
    let mut data = transaction.open_table(definition(Table::Data))?;
    let mut evidence = transaction.open_table(definition(Table::Evidence))?;
    let mut tiles = transaction.open_table(definition(Table::Tiles))?;
    let mut index = transaction.open_table(definition(Table::Index))?;
    let mut meta = transaction.open_table(definition(Table::Meta))?;
    for write in writes {
        let RowWrite { table, key, value } = write.map_err(Refused::Withdrawn)?;
        let table = match table {
            Table::Data => &mut data,
            Table::Evidence => &mut evidence,
            Table::Tiles => &mut tiles,
            Table::Index => &mut index,
            Table::Meta => &mut meta,
        };
        match value {
            Some(value) => drop(table.insert(key.as_slice(), value.as_slice())?),
            None => drop(table.remove(key.as_slice())?),
        }
    }
    Ok(())
}

impl Backend for Disk {
    fn view(&self) -> Result<Box<dyn View>, StoreError> {
        let view = || self.readable(Self::begin_view);
        // Who asks has nothing yet: what may pass is tried once more.
        let view = view().or_else(|error| match error {
            StoreError::Io { .. } => view(),
            error => Err(error),
        })?;
        Ok(Box::new(view))
    }

    fn write(&self, writes: &mut Writes<'_>) -> Result<(), StoreError> {
        let fit = matches!(&*self.state.read(), State::Open(opening) if opening.writes());
        if !fit {
            self.recover(true)?;
        }
        let state = self.state.read();
        let State::Open(opening) = &*state else { return Err(StoreError::Closed) };
        match caught(|| write(opening, writes)) {
            Ok(Ok(())) => Ok(()),
            Ok(Err(Refused::Withdrawn(error))) => Err(error),
            Ok(Err(Refused::Engine(error))) => Err(opening.channel.error("writing", error.into_storage())),
            Err(panic) => {
                // Its pages are no longer accounted for.
                opening.channel.fail();
                Err(opening.channel.panicked(&*panic))
            }
        }
    }

    fn usage(&self) -> Result<Usage, StoreError> {
        self.readable(|opening| {
            let view = Self::begin_view(opening)?;
            let file = self.medium.len();
            let file = file.map_err(|error| StoreError::io(format!("looking at {}", self.name), error))?;
            view.usage(file)
        })
    }

    fn compact(&self) -> Result<bool, StoreError> {
        let mut state = self.state.write();
        let State::Open(opening) = &mut *state else { return Err(StoreError::Closed) };
        let channel = Arc::clone(&opening.channel);
        match caught(|| opening.database.compact()) {
            Ok(Ok(compacted)) => Ok(compacted),
            Ok(Err(CompactionError::Storage(error))) => Err(channel.error("compacting", error)),
            // A view, which is the only thing of the kind that there is.
            Ok(Err(_)) => Err(StoreError::InUse { path: self.name.as_ref().into() }),
            Err(panic) => {
                channel.fail();
                Err(channel.panicked(&*panic))
            }
        }
    }

    fn close(&self) -> Result<(), StoreError> {
        let mut state = self.state.write();
        let closed = match std::mem::replace(&mut *state, State::Closed) {
            State::Closed => return Ok(()),
            // Nothing waits to be written: what was not durable was not acknowledged.
            State::Lost(_) => Ok(()),
            State::Open(Opening { database, channel, .. }) => {
                let failed = channel.has_failed();
                let closed = match caught(|| database.close()) {
                    Ok(Ok(())) => Ok(()),
                    // The batch that failed was answered; the next opening sees what became of it.
                    Ok(Err(_)) if failed => Ok(()),
                    Ok(Err(DatabaseError::Storage(error))) => Err(channel.error("closing", error)),
                    Ok(Err(other)) => Err(StoreError::damaged(format!("{}: {other}", self.name))),
                    Err(panic) => Err(channel.panicked(&*panic)),
                };
                channel.close();
                closed
            }
        };
        let released = self.medium.release();
        let released = released.map_err(|error| StoreError::io(format!("closing {}", self.name), error));
        closed.and(released)
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        if let Err(error) = self.close() {
            tracing::error!(%error, "the file was not closed cleanly");
        }
    }
}
