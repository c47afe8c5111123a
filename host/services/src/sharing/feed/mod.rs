//! The feed of changes (nguồn thay đổi): what was written to a shared collection, for the plugins that asked to be told.
//!
//! A contract for a dataset with `changes` is a subscription. While a collection has subscribers, every change that
//! writes to it leaves one entry in the collection's feed, numbered by the writer, so that writers do not conflict over
//! it. The runtime hands each subscriber what is new since its cursor; the cursor moves in the very change that the
//! subscriber's call commits, so an entry takes effect once, whatever breaks off in between.
//!
//! ```text
//! write ─ watched? ─▶ entry: position → records, as they were before ─┐
//!                                                                     ├─ due ─▶ look ─▶ Batch ─▶ the plugin's call
//! approve ─▶ Subscription: begin ─ fill ─ follow ─ end ───────────────┘                    │
//!                               ▲                                                          ├ done ─▶ moved, same change
//!                               └───────────── retry ── parked ◀── failed five times ──────┘
//! ```
//!
//! What it promises:
//! - **Nothing is lost and nothing happens twice.** A subscription begins with every row in view, then follows; an
//!   entry is kept until every subscriber is past it.
//! - **An entry says which rows, never what is in them**: whoever is told reads them under the contract, as it then is.
//! - **A row that leaves the view is told as left** if it was in view before; one that never was is not told at all.
//! - **One record that its subscriber cannot digest holds up nobody**: after [`MOST_FAILURES`] failures it is parked
//!   with all that follows of the same record, the others go on, and people may retry or drop it.
//! - **What fails with every record waits**: after [`MOST_GIVEN_UP`] parked in a row, until people or another version come.
//! - **Loops end**: what is written in answer to an entry bears one hop more, and [`MOST_HOPS`] hops are parked.

mod batch;
mod entry;
mod following;
mod parked;
mod progress;
mod subscription;
mod watch;

pub use batch::{Batch, Look, ROWS_AT_ONCE, Told, Waits, What, look};
pub(crate) use entry::{Feeds, Was};
pub use following::{Following, Totals, following, totals};
pub use parked::{Parked, ParkedRecord, drop_parked, parked, parked_contracts, parked_count, retry_parked};
pub(super) use progress::settle;
pub use progress::{Failed, failed, hand_over, moved, trim, waits};
pub use subscription::{Stage, Subscription, due, find_subscription, subscription_key};
pub(super) use subscription::{end, start};
pub(crate) use watch::{Watch, WatchedDataset};

/// How often one record is tried before it is parked.
pub const MOST_FAILURES: u8 = 5;
/// How many records in a row are parked before a subscription waits for people: then it is not the records.
pub const MOST_GIVEN_UP: u8 = 10;
/// How many hops a chain of answers has, from the deed of a person on.
pub const MOST_HOPS: u8 = 8;
