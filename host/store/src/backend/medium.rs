//! What an engine keeps its pages in: a file, or in tests a file that fails.
//!
//! The medium outlives the engine's use of it. When an engine has to begin anew after an error it goes on with
//! the same medium, so that the lock on the file is never let go in between.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt;
use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::Arc;

use parking_lot::Mutex;

use crate::StoreError;

/// Bytes that can be read and written at any place, and made durable.
pub trait Medium: fmt::Debug + Send + Sync + 'static {
    /// How many bytes there are.
    fn len(&self) -> io::Result<u64>;

    /// Whether there are none.
    fn is_empty(&self) -> io::Result<bool> {
        self.len().map(|bytes| bytes == 0)
    }

    /// Fills `out` from `offset` on; [`io::ErrorKind::UnexpectedEof`] when there is not as much.
    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()>;

    /// Writes `data` at `offset`. After an error any part of it may be there.
    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()>;

    /// Cuts or lengthens it; new bytes are zero.
    fn set_len(&self, len: u64) -> io::Result<()>;

    /// Makes what was written durable. After an error nothing is known about any of it.
    fn sync(&self) -> io::Result<()>;

    /// Lets go of it, and of its lock; it is not used again.
    fn release(&self) -> io::Result<()>;
}

/// A file that is locked as long as it is open.
#[derive(Debug)]
pub(super) struct LockedFile {
    file: File,
}

impl LockedFile {
    /// Opens the file; or with `create` makes an empty one when there is none.
    pub(super) fn open(path: &Path, create: bool) -> Result<Self, StoreError> {
        let failed = |error| StoreError::io(format!("opening {}", path.display()), error);
        let file = OpenOptions::new().read(true).write(true).create(create).truncate(false).open(path);
        let file = file.map_err(failed)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { file }),
            Err(TryLockError::WouldBlock) => Err(StoreError::Locked { path: path.to_path_buf() }),
            Err(TryLockError::Error(error)) => Err(failed(error)),
        }
    }
}

impl Medium for LockedFile {
    fn len(&self) -> io::Result<u64> {
        Ok(self.file.metadata()?.len())
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.file.read_exact_at(out, offset)
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.file.write_all_at(data, offset)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.file.set_len(len)
    }

    fn sync(&self) -> io::Result<()> {
        self.file.sync_data()
    }

    fn release(&self) -> io::Result<()> {
        self.file.unlock()
    }
}

/// Reads through to a medium and keeps what is written in memory: to look at what cannot, or must not, be
/// written to. What an engine writes when it only opens and reads is a few pages.
#[derive(Debug)]
pub(super) struct Overlay {
    below: Arc<dyn Medium>,
    above: Mutex<Above>,
}

#[derive(Debug)]
struct Above {
    len: u64,
    /// How much of what is below still shows.
    shown: u64,
    /// Whole pages by their number.
    pages: BTreeMap<u64, Box<[u8]>>,
}

const PAGE: u64 = 4096;

impl Overlay {
    pub(super) fn new(below: Arc<dyn Medium>) -> io::Result<Self> {
        let len = below.len()?;
        let above = Above { len, shown: len, pages: BTreeMap::new() };
        Ok(Self { below, above: Mutex::new(above) })
    }

    /// What shows of the medium below from `offset` on, and zeros after it.
    fn read_below(&self, shown: u64, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let there = usize::try_from(shown.saturating_sub(offset)).unwrap_or(usize::MAX).min(out.len());
        let (from_below, zeros) = out.split_at_mut(there);
        zeros.fill(0);
        if from_below.is_empty() { Ok(()) } else { self.below.read(offset, from_below) }
    }
}

/// The pages that `len` bytes from `offset` on touch: number, first byte in the page, bytes.
fn touched(offset: u64, len: usize) -> impl Iterator<Item = (u64, usize, usize)> {
    let end = offset.saturating_add(len as u64);
    (offset / PAGE..end.div_ceil(PAGE)).map(move |page| {
        let (first, last) = (offset.max(page * PAGE), end.min((page + 1) * PAGE));
        (page, (first - page * PAGE) as usize, (last - first) as usize)
    })
}

impl Medium for Overlay {
    fn len(&self) -> io::Result<u64> {
        Ok(self.above.lock().len)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let above = self.above.lock();
        if offset.checked_add(out.len() as u64).is_none_or(|end| end > above.len) {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.read_below(above.shown, offset, out)?;
        let mut rest = out;
        for (page, first, len) in touched(offset, rest.len()) {
            let (part, others) = std::mem::take(&mut rest).split_at_mut(len);
            if let Some(bytes) = above.pages.get(&page).and_then(|bytes| bytes.get(first..first + len)) {
                part.copy_from_slice(bytes);
            }
            rest = others;
        }
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let mut above = self.above.lock();
        let mut rest = data;
        for (page, first, len) in touched(offset, data.len()) {
            let (part, others) = rest.split_at(len);
            rest = others;
            let shown = above.shown;
            let bytes = match above.pages.entry(page) {
                Entry::Occupied(there) => there.into_mut(),
                Entry::Vacant(new) => {
                    let mut bytes = vec![0; PAGE as usize].into_boxed_slice();
                    self.read_below(shown, page * PAGE, &mut bytes)?;
                    new.insert(bytes)
                }
            };
            if let Some(room) = bytes.get_mut(first..first + len) {
                room.copy_from_slice(part);
            }
        }
        above.len = above.len.max(offset.saturating_add(data.len() as u64));
        Ok(())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        let mut above = self.above.lock();
        if len < above.len {
            above.shown = above.shown.min(len);
            above.pages.split_off(&len.div_ceil(PAGE));
            let inside = (len % PAGE) as usize;
            if let Some(rest) = above.pages.get_mut(&(len / PAGE)).and_then(|page| page.get_mut(inside..)) {
                rest.fill(0);
            }
        }
        above.len = len;
        Ok(())
    }

    fn sync(&self) -> io::Result<()> {
        Ok(())
    }

    /// The medium below stays with whoever holds it.
    fn release(&self) -> io::Result<()> {
        Ok(())
    }
}
