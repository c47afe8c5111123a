//! Snapshots, changes and evidence over an ordered key-value backend.
//!
//! A call reads one [`Snapshot`], buffers what it writes in a [`Transaction`], and commits it as one
//! [`Change`] with its evidence. There is no other way to write.
//!
//! ```text
//!            ┌────────── call ──────────┐
//! snapshot ─▶│ get, range   put, delete │─▶ Change ─▶ queue ─▶ writer ─▶ backend ─▶ disk
//!            │ (relied on)  draw number │                        │
//!            └──────────────────────────┘          Committed ◀───┴───▶ Conflict, Busy, TooLarge
//! ```
//!
//! # Promises
//!
//! - **Whole or not at all.** A change is applied with all its writes, numbers and evidence, or none of it.
//! - **Serializable.** Committed changes have the effect of running one after another in the order of their
//!   numbers: what a change relied on holds at the moment it commits. Reading alone is consistent at its
//!   snapshot and never conflicts.
//! - **Durable.** Acknowledged means on disk, and shown by every snapshot taken afterwards.
//! - **Under today's rights.** A change checked under a policy older than the last revocation conflicts; the
//!   floor survives a restart.
//! - **Numbers without gaps.** The writer draws them; what did not commit drew nothing, and drawing does not
//!   conflict.
//! - **Evidence.** It is committed with the deed; evidence of what is not a write is committed apart and is
//!   never turned away for lack of room.
//! - **Bounded.** The queue, a change, a group commit and the writer's memory have ceilings; a full queue
//!   says busy at once.
//! - **One owner.** A file open elsewhere, or written by a later release, is refused and left untouched.
//!
//! The engine is behind [`backend::Backend`]: [`backend::disk`] (redb) by default, [`memory`] in tests.

pub mod backend;
mod change;
mod entry;
mod error;
mod format;
mod job;
mod merge;
mod reads;
mod recent;
mod snapshot;
mod store;
mod transaction;
mod writer;

pub use backend::{Backend, Direction, memory};
pub use change::{Change, Committed, Draw, Expect, Fill, Part, Seq, Write};
pub use entry::{Entry, Outcome, Recorded};
pub use error::{CommitError, Conflict, StoreError};
pub use merge::TransactionRange;
pub use snapshot::{Item, Range, Snapshot, Stored};
pub use store::{Options, Store};
pub use transaction::Transaction;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_may_move_between_threads() {
        fn shared<T: Send + Sync>() {}
        fn moved<T: Send>() {}
        shared::<(Store, Snapshot, Transaction, Change, CommitError)>();
        moved::<(Range, TransactionRange)>();
    }
}
