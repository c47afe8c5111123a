//! Between redb and its medium: what fails does not outlive its use, and nothing unwinds out of here.
//!
//! redb refuses everything after the first error of its storage until it is opened again. That is right for a
//! write, whose fate is unknown. For a read it would let one unreadable sector end all reading, so within
//! [`reading`] an error of the medium unwinds past redb, which holds no lock and keeps no note of it, and is
//! an error again here. The same boundary catches redb's own panics: it trusts pages that it wrote, and a
//! page damaged since then may hold anything.

use std::any::Any;
use std::cell::Cell;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};

use parking_lot::Mutex;
use redb::StorageError;

use super::medium::Medium;
use crate::StoreError;

const IN_USE: u8 = 0;
/// The medium goes on with another channel.
const REPLACED: u8 = 1;
const CLOSED: u8 = 2;

/// The beginning of the file, where redb names the current commit.
#[derive(Debug, Default)]
pub(super) struct Header {
    written: Vec<u8>,
    synced: Vec<u8>,
}

impl Header {
    /// As it was when the disk last said that it has it; empty when it never did.
    pub(super) fn synced(&self) -> &[u8] {
        &self.synced
    }
}

/// One opening of redb on a medium.
#[derive(Debug)]
pub(super) struct Channel {
    medium: Arc<dyn Medium>,
    header: Arc<Mutex<Header>>,
    /// The file, as messages name it.
    name: Arc<str>,
    end: AtomicU8,
    /// Whether redb was told of an error, after which it refuses everything.
    failed: AtomicBool,
}

/// Why a read ended without passing through redb.
struct Unread(io::Error);

thread_local! {
    static READING: Cell<bool> = const { Cell::new(false) };
    static CAUGHT: Cell<bool> = const { Cell::new(false) };
}

/// Runs redb, and catches what unwinds out of it.
pub(super) fn caught<T>(run: impl FnOnce() -> T) -> Result<T, Box<dyn Any + Send>> {
    let before = CAUGHT.replace(true);
    // What redb leaves behind in disorder is not used again: a view ends, an opening is given up.
    let outcome = catch_unwind(AssertUnwindSafe(run));
    CAUGHT.set(before);
    outcome
}

/// Whether a panic of this thread becomes an error here, which says all there is to say: for a panic hook that
/// would otherwise print it as well.
pub fn panics_are_caught() -> bool {
    CAUGHT.get()
}

impl Channel {
    pub(super) fn new(medium: Arc<dyn Medium>, header: Arc<Mutex<Header>>, name: Arc<str>) -> Self {
        Self { medium, header, name, end: AtomicU8::new(IN_USE), failed: AtomicBool::new(false) }
    }

    /// Whether redb refuses everything from now on.
    pub(super) fn has_failed(&self) -> bool {
        self.failed.load(Ordering::SeqCst)
    }

    /// Gives it up: redb panicked in the middle of a write, or an error is its last.
    pub(super) fn fail(&self) {
        self.failed.store(true, Ordering::SeqCst);
    }

    /// Nothing passes any more: the medium goes on with another channel.
    pub(super) fn replace(&self) {
        self.end.store(REPLACED, Ordering::SeqCst);
    }

    /// Nothing passes any more: the store is closed.
    pub(super) fn close(&self) {
        self.end.store(CLOSED, Ordering::SeqCst);
    }

    /// Reads through redb. `run` may fail without consequences for others.
    pub(super) fn reading<T>(&self, run: impl FnOnce() -> Result<T, StorageError>) -> Result<T, StoreError> {
        let before = READING.replace(true);
        let outcome = caught(run);
        READING.set(before);
        match outcome {
            Ok(outcome) => outcome.map_err(|error| self.error("reading", error)),
            Err(payload) => Err(match payload.downcast::<Unread>() {
                Ok(unread) => self.error("reading", StorageError::Io(unread.0)),
                Err(panic) => self.panicked(&*panic),
            }),
        }
    }

    /// An error of redb, with the place and what was being done.
    pub(super) fn error(&self, doing: &str, error: StorageError) -> StoreError {
        match error {
            StorageError::PreviousIo | StorageError::DatabaseClosed => self.ended(),
            StorageError::Io(_) if self.end.load(Ordering::SeqCst) != IN_USE => self.ended(),
            StorageError::Io(error) => match error.kind() {
                // A page that points outside the file; a file that is not one of redb's own.
                io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => {
                    StoreError::damaged(format!("{}: {error}", self.name))
                }
                _ => StoreError::io(format!("{doing} {}", self.name), error),
            },
            other => StoreError::damaged(format!("{}: {other}", self.name)),
        }
    }

    /// redb met something it never wrote.
    pub(super) fn panicked(&self, panic: &(dyn Any + Send)) -> StoreError {
        let said = panic
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| panic.downcast_ref::<&str>().copied())
            .unwrap_or("a page makes no sense");
        StoreError::damaged(format!("{}: {said}", self.name))
    }

    fn ended(&self) -> StoreError {
        if self.end.load(Ordering::SeqCst) == CLOSED { StoreError::Closed } else { StoreError::Interrupted }
    }

    fn pass<T>(&self, doing: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
        let done = if self.end.load(Ordering::SeqCst) == IN_USE {
            doing()
        } else {
            Err(io::Error::other("this opening of the file has ended"))
        };
        if done.is_err() {
            self.fail();
        }
        done
    }
}

/// redb's end of a channel.
#[derive(Debug)]
pub(super) struct Storage(pub(super) Arc<Channel>);

impl redb::StorageBackend for Storage {
    fn len(&self) -> io::Result<u64> {
        self.0.pass(|| self.0.medium.len())
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let mut read = || {
            self.0.medium.read(offset, out)?;
            // The next opening may have written over it meanwhile.
            match self.0.end.load(Ordering::SeqCst) {
                IN_USE => Ok(()),
                _ => Err(io::Error::other("this opening of the file has ended")),
            }
        };
        if READING.get() {
            read().or_else(|error| resume_unwind(Box::new(Unread(error))))
        } else {
            self.0.pass(read)
        }
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.0.pass(|| self.0.medium.set_len(len))
    }

    fn sync_data(&self) -> io::Result<()> {
        self.0.pass(|| self.0.medium.sync())?;
        let mut header = self.0.header.lock();
        header.synced = header.written.clone();
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        if offset == 0 {
            self.0.header.lock().written = data.to_vec();
        }
        self.0.pass(|| self.0.medium.write(offset, data))
    }
}
