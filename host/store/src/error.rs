//! What can go wrong, and what the caller can do about it.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::Seq;

/// The store cannot read, write or open.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// Another process, or another handle of this one, has the file open.
    #[error(
        "{} is in use by another process; stop that process, or send the command through its server",
        path.display()
    )]
    Locked {
        /// The file.
        path: PathBuf,
    },
    /// A later release wrote the store. Nothing was changed.
    #[error(
        "the store has format {found} and this release knows formats up to {known}; \
         use the release that wrote it, or a later one"
    )]
    NewerFormat {
        /// Format of the store.
        found: u32,
        /// The newest format this release reads.
        known: u32,
    },
    /// An earlier release wrote the store, in a format that this one no longer reads. Nothing was changed.
    #[error(
        "the store has format {found} and this release reads format {known} only; \
         use the release that wrote it, or begin with a new data folder"
    )]
    OlderFormat {
        /// Format of the store.
        found: u32,
        /// The format this release reads.
        known: u32,
    },
    /// The evidence was signed with another key.
    #[error(
        "the evidence is signed with the key {known}, and the key at hand is {found}; restore the key from a backup"
    )]
    OtherKey {
        /// The key that signed it (a C2SP verifier key).
        known: String,
        /// The key at hand.
        found: String,
    },
    /// The snapshot was held longer than snapshots may be while others wrote. Begin again on a new one; long
    /// readers go in slices, each on a snapshot of its own.
    #[error(
        "the snapshot of commit {} was held longer than {} s while others wrote; \
         begin again, and read in slices", seq.0, most.as_secs()
    )]
    Overstayed {
        /// The snapshot's commit.
        seq: Seq,
        /// How long one may be held.
        most: Duration,
    },
    /// What is on disk is not what was written. Restore a backup; the damaged part is never served.
    #[error("the store is damaged: {what}; restore the latest backup")]
    Damaged {
        /// What was found, and where.
        what: String,
    },
    /// There is no room left. Nothing that was acknowledged is lost, reading goes on, and so does writing once
    /// there is room.
    #[error(
        "the disk is full: {doing} failed ({error}); free space on it; nothing that was acknowledged is lost, and \
         changes are taken again as soon as there is room"
    )]
    Full {
        /// What was being done.
        doing: String,
        /// What the system said.
        error: Arc<io::Error>,
    },
    /// The operating system refused.
    #[error("{doing} failed: {error}")]
    Io {
        /// What was being done.
        doing: String,
        /// Why it failed.
        error: Arc<io::Error>,
    },
    /// The disk failed since the snapshot was taken, and the store was opened again. Run the call again on a
    /// fresh snapshot.
    #[error(
        "the disk failed and the store was opened again meanwhile; run the call again on a fresh snapshot"
    )]
    Interrupted,
    /// Somebody holds a snapshot, and this needs the store to itself.
    #[error("{} is being read; this needs the store to itself", path.display())]
    InUse {
        /// The file.
        path: PathBuf,
    },
    /// The store was closed, or its writer stopped after an error; open it again.
    #[error("the store is closed; open it again")]
    Closed,
}

impl StoreError {
    /// Something on disk that is not as it was written.
    pub fn damaged(what: impl Into<String>) -> Self {
        Self::Damaged { what: what.into() }
    }

    /// What the operating system refused: for want of room, or else.
    pub(crate) fn io(doing: impl Into<String>, error: io::Error) -> Self {
        use io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
        let (doing, full) =
            (doing.into(), matches!(error.kind(), StorageFull | QuotaExceeded | FileTooLarge));
        let error = Arc::new(error);
        if full { Self::Full { doing, error } } else { Self::Io { doing, error } }
    }
}

/// A change did not happen; nothing of it did.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CommitError {
    /// Something the change relied on is no longer so. Run the call again on a fresh snapshot.
    #[error("{0}")]
    Conflict(#[from] Conflict),
    /// The queue is full. Come back in a moment.
    #[error("the store is busy: its queue is full; try again in a moment")]
    Busy,
    /// The change is larger than one change may be. Larger work commits in steps.
    #[error("a change of {bytes} bytes; one change holds at most {most}: split the work into steps")]
    TooLarge {
        /// Its size.
        bytes: usize,
        /// The ceiling.
        most: usize,
    },
    /// The change contradicts itself: a mistake in the code that made it.
    #[error("the change is malformed: {0}")]
    Malformed(&'static str),
    /// The store failed. Whether the change is durable is known once the store has been opened again.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What a change relied on that is no longer so.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Conflict {
    /// This key no longer has the version that was read; or a key made with a drawn number was taken.
    #[error("a record that the call read was changed meanwhile")]
    Key(Vec<u8>),
    /// A key in this range was written after the snapshot.
    #[error("something in a range that the call read was changed meanwhile")]
    Range {
        /// First key of the range.
        start: Vec<u8>,
        /// First key after the range; none for the end of all keys.
        end: Option<Vec<u8>>,
    },
    /// Rights were revoked after the change was checked.
    #[error("rights were revoked meanwhile: checked under policy {found}, policy {required} is required")]
    Policy {
        /// The oldest policy still accepted.
        required: u64,
        /// The policy of the change.
        found: u64,
    },
    /// A key that the change writes is held by a batch that is being staged: a large import, for one.
    #[error(
        "a record that the call writes is part of an import that is still running; try again when it is done"
    )]
    Staged(Vec<u8>),
    /// The batch is not open: it was published or discarded meanwhile.
    #[error("the batch that the change is part of is no longer open")]
    Batch(Seq),
    /// The call took so long that the writer no longer knows what was written since it began.
    #[error("the call's snapshot is older than the writer's memory of recent writes")]
    TooOld,
}
