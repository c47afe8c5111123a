//! The store itself: opening, pinning, committing, closing.

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, SyncSender, TrySendError};
use std::thread::JoinHandle;
use std::time::Duration;

use dinh_merkle::Signer;
use parking_lot::{Mutex, RwLock};

use crate::ages::Ages;
use crate::answer::answer;
use crate::backend::disk::Disk;
use crate::backend::{Backend, Batch, Table, Usage};
use crate::format::State;
use crate::gather::Gather;
use crate::job::{Job, Pending};
use crate::log::Appender;
use crate::row_cache::RowCache;
use crate::writer::{Latest, Writer};
use crate::{Change, CommitError, Committed, Entry, Snapshot, StoreError, index};

/// Bounds of a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Most changes that wait; one more is told [`CommitError::Busy`] at once.
    pub queue: usize,
    /// Most bytes of keys, values and evidence in one change.
    pub change_bytes: usize,
    /// How many recent writes the writer remembers to check ranges against; keys longer than 128 bytes
    /// count for several.
    pub memory: usize,
    /// How long a snapshot may be held once it is no longer the newest.
    pub snapshot_age: Duration,
    /// Memory for pages of the file, in bytes.
    pub cache_bytes: usize,
    /// Memory for rows that are read again and again, in bytes; less than 1,048,576 is none.
    pub row_cache_bytes: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            queue: 1024,
            change_bytes: 64 << 20,
            memory: 65_536,
            // Ten times as long as a call may run.
            snapshot_age: Duration::from_secs(5 * 60),
            cache_bytes: 512 << 20,
            row_cache_bytes: 64 << 20,
        }
    }
}

/// A store; clones share it. It closes with its last clone, or by [`close`](Self::close).
#[derive(Clone)]
pub struct Store {
    shared: Arc<Shared>,
}

struct Shared {
    backend: Arc<dyn Backend>,
    latest: Arc<Latest>,
    queue: RwLock<Option<SyncSender<Job>>>,
    waiting: Arc<AtomicUsize>,
    writer: Mutex<Option<JoinHandle<()>>>,
    change_bytes: usize,
}

impl Store {
    /// Opens the store in the file `path`, or makes it when there is none.
    ///
    /// `signer` signs the heads of its evidence: a store keeps one key for life, outside its file.
    pub fn open(path: &Path, signer: Signer, options: Options) -> Result<Self, StoreError> {
        Self::with_backend(Box::new(Disk::open(path, options.cache_bytes)?), signer, options)
    }

    /// Opens the store in any engine.
    pub fn with_backend(
        backend: Box<dyn Backend>,
        signer: Signer,
        options: Options,
    ) -> Result<Self, StoreError> {
        let signer = Arc::new(signer);
        let backend: Arc<dyn Backend> = Arc::from(backend);
        let mut view = backend.view()?;
        let state = match State::read(&*view)? {
            Some(state) => state,
            None => {
                let mut batch = Batch::default();
                for (key, value) in [State::format_row(), State::default().row()] {
                    batch.put(Table::Meta, key, value);
                }
                Appender::begin(&signer, &mut batch);
                backend.apply(&batch)?;
                view = backend.view()?;
                State::default()
            }
        };
        let ages = Ages::new(options.snapshot_age);
        let cache = Arc::new(RowCache::new(options.row_cache_bytes, state.seq));
        let mut base = Snapshot::new(view, state.clone(), ages.most(), Arc::clone(&cache));
        if index::make_up(&*backend, &base) {
            base = Snapshot::new(backend.view()?, state, ages.most(), cache);
        }
        let log = Appender::open(&base, signer)?;
        let latest = Arc::new(RwLock::new(Ok(base.clone())));
        let (queue, jobs) = mpsc::sync_channel(options.queue);
        let waiting = Arc::new(AtomicUsize::new(0));
        let jobs = Gather::new(jobs, Arc::clone(&waiting));
        let writer = Writer::new(Arc::clone(&backend), Arc::clone(&latest), base, options.memory, ages, log);
        let writer =
            std::thread::Builder::new().name("store-writer".into()).spawn(move || writer.run(jobs)).map_err(
                |error| StoreError::Io { doing: "starting the writer".into(), error: Arc::new(error) },
            )?;
        Ok(Self {
            shared: Arc::new(Shared {
                backend,
                latest,
                queue: RwLock::new(Some(queue)),
                waiting,
                writer: Mutex::new(Some(writer)),
                change_bytes: options.change_bytes,
            }),
        })
    }

    /// What is durable now. Costs no more than a reference count.
    pub fn snapshot(&self) -> Result<Snapshot, StoreError> {
        let latest = self.shared.latest.read().clone();
        match latest {
            Ok(_) | Err(StoreError::Closed) => latest,
            Err(_) => {
                // What is durable could not be seen. Work of any kind makes the writer look again; its answer
                // comes once it has, and what it saw is what counts.
                let _ = self.witness(Vec::new());
                self.shared.latest.read().clone()
            }
        }
    }

    /// How the file is used. May read all of it; holds up nobody who writes.
    pub fn usage(&self) -> Result<Usage, StoreError> {
        self.shared.backend.usage()
    }

    /// Commits a change: returns once it is on disk and every new snapshot shows it, or says why not.
    ///
    /// Blocks its thread for about one write to disk. A full queue is answered [`CommitError::Busy`] at once.
    pub fn commit(&self, change: Change) -> Result<Committed, CommitError> {
        let mut pending = Pending::from_change(change)?;
        // Not under the lock: looking may read from the disk, and the writer has to show the next snapshot.
        let newest = self.shared.latest.read().clone();
        if let Ok(newest) = newest {
            pending.look(&newest);
        }
        self.submit(pending, |queue, job| {
            queue.try_send(job).map_err(|error| match error {
                TrySendError::Full(_) => CommitError::Busy,
                TrySendError::Disconnected(_) => CommitError::Store(StoreError::Closed),
            })
        })
    }

    /// Writes down what is not a write: refusals, failed sign-ins, trips. It outlives the call that failed.
    ///
    /// Relies on nothing and cannot conflict. Evidence is never turned away because the store is busy: when
    /// the queue is full it waits for its place.
    pub fn witness(&self, entries: Vec<Entry>) -> Result<Committed, CommitError> {
        self.submit(Pending::from_evidence(&entries)?, |queue, job| {
            queue.send(job).map_err(|_| CommitError::Store(StoreError::Closed))
        })
    }

    fn submit(
        &self,
        pending: Pending,
        send: impl FnOnce(&SyncSender<Job>, Job) -> Result<(), CommitError>,
    ) -> Result<Committed, CommitError> {
        let bytes = pending.bytes();
        let most = self.shared.change_bytes;
        if bytes > most {
            return Err(CommitError::TooLarge { bytes, most });
        }
        let (answer, waiting) = answer();
        let queue = self.shared.queue.read().clone().ok_or(StoreError::Closed)?;
        self.shared.waiting.fetch_add(1, Ordering::Relaxed);
        send(&queue, Job { pending, bytes, answer }).inspect_err(|_| {
            self.shared.waiting.fetch_sub(1, Ordering::Relaxed);
        })?;
        drop(queue);
        waiting.wait()
    }

    /// Finishes what waits, stops the writer and releases the file. Snapshots taken before may answer
    /// [`StoreError::Closed`] from now on.
    pub fn close(&self) -> Result<(), StoreError> {
        self.shared.close()
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").field("latest", &*self.shared.latest.read()).finish_non_exhaustive()
    }
}

impl Shared {
    fn close(&self) -> Result<(), StoreError> {
        // Without a sender the writer ends once the queue is empty.
        drop(self.queue.write().take());
        if let Some(writer) = self.writer.lock().take()
            && writer.join().is_err()
        {
            tracing::error!("the writer had stopped before the store was closed");
        }
        *self.latest.write() = Err(StoreError::Closed);
        self.backend.close()
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        if let Err(error) = self.close() {
            tracing::error!(%error, "the store did not close cleanly");
        }
    }
}
