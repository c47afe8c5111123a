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
//! Each is tested in `tests/promises/`, in the files named beside it, on disk and in memory where the engine
//! does not matter.
//!
//! - **Whole or not at all** (`crash`, `trouble`, `oracle`). A change is applied with all its writes, numbers and
//!   evidence, or none of it, whenever the process is killed or the disk refuses.
//! - **Serializable** (`anomalies`, `conflicts`, `threads` with `history` and `checker`, `oracle`). Committed
//!   changes have the effect of running one after another in the order of their numbers: what a change relied
//!   on holds at the moment it commits. Keys are compared by version, however old the snapshot; ranges against
//!   the writer's memory of recent writes, and a range older than that memory is a conflict. Reading alone is
//!   consistent at its snapshot and never conflicts. A checker of serialization graphs finds no cycle in more
//!   than a hundred thousand concurrent calls; it is shown to find one where there is one.
//! - **Durable** (`crash`, `clerks`, `faults`). Acknowledged means on disk, and shown by every snapshot taken
//!   afterwards. A process that commits is killed a hundred times in the test run, with every kind of change
//!   under way.
//! - **Under today's rights** (`conflicts`, `anomalies`). A change checked under a policy older than the last
//!   revocation conflicts; the floor survives a restart.
//! - **Numbers without gaps** (`numbers`, `registers`, `crash`). The writer draws them; what did not commit drew
//!   nothing, drawing does not conflict, and a drawn number replaces nothing that has it already.
//! - **Visible at once** (`staging`, `anomalies`). Rows staged by many changes are seen by nobody, whatever
//!   happens, until one change publishes them; then by all. Staging disturbs nobody, publishing conflicts with
//!   whoever relied on its ranges, and a key that is staged is not written by others.
//! - **Fair** (`bounds`; `benches`: *beside a large import*). One writer, one bounded queue: a full one says busy
//!   at once. A change has a ceiling, so that nobody waits long for another's.
//! - **Evidence** (`evidence`, `crash`). It is committed with the deed; evidence of what is not a write is
//!   committed apart, and is never turned away for lack of room.
//! - **Provable** (`log`; the proofs themselves in `dinh-merkle`). Every entry is in an RFC 6962 tree whose head is
//!   signed with each group of changes; any change of the past is found out by any head that somebody kept, also
//!   when the whole log was written anew and signed with the right key. Leaves are commitments with a salt.
//! - **Found** (`index`). What an entry is found by is written in its commit; whoever looks misses none, also where the
//!   index is not there, and `verify` holds it to the entries.
//! - **Consistent reading** (`walking`). A snapshot stays as it was; a transaction sees its own writes. Rows that are read
//!   again and again are kept in memory, checked ([`Options::row_cache_bytes`]): that shows nowhere but in the time it
//!   takes (`row_cache/tests.rs`).
//! - **Bounded** (`bounds`, `ages`, `growth`). The queue, a change, a group commit and the writer's memory have
//!   ceilings; closing finishes what waits. A snapshot that is held too long while others write is ended with a
//!   typed error and its pages are free. Beside work in slices the file stays within a small multiple of what is
//!   live; what is free in it is counted and can be given back.
//! - **Through disk trouble** (`faults`, `full`, `damage`, `log`). When the disk is full or refuses, a change is
//!   answered with the reason, reading goes on, and changes are taken again once the disk takes them, without
//!   opening the store anew. What is shown is durable. Every value carries a check: an unreadable or damaged page
//!   is named when it is met, is never served, and costs what lies there.
//! - **One owner, one format** (`opening`). A file open elsewhere, written by a later release or in a format that
//!   is no longer read, signed with another key, or not a store at all is refused by name and left untouched. The
//!   layout at rest is frozen by tests (`format`, and for rows `dinh-model`'s golden files).
//!
//! The engine is behind [`backend::Backend`]: [`backend::disk`] (redb) by default, [`memory`] as the model;
//! one suite (`backend`) holds both to the same behaviour.

mod ages;
mod answer;
pub mod backend;
mod change;
mod entry;
mod error;
mod format;
mod gather;
pub mod index;
mod job;
mod log;
mod merge;
mod range;
mod reads;
mod recent;
mod row_cache;
mod snapshot;
mod store;
mod transaction;
mod writer;

pub use backend::{Backend, Direction, Usage, memory};
pub use change::{Add, Change, Committed, Draw, Expect, Fill, KeyRange, Part, Seq, Stage, Write};
pub use dinh_merkle::Signer;
pub use entry::{Entry, Outcome, Recorded};
pub use error::{CommitError, Conflict, StoreError};
pub use index::{EvidenceIndex, Party};
pub use log::{EvidenceLog, Finding, Opened, Verified};
pub use merge::TransactionRange;
pub use range::Range;
pub use snapshot::{Item, Snapshot, Stored};
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
