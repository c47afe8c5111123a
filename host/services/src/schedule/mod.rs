//! Timers of plugins (hẹn giờ): deadlines and recurring work that come due without anybody asking.
//!
//! ```text
//! set, [[timers]] ─▶ TIMER: name, key → when, what ─┐
//!                    TIMER_DUE: moment, name, key ──┴─ due ─▶ take ─ the plugin's call ─┬ done: gone, or its next
//!                        ▲                                                               │ occurrence, same change
//!                        ├──────────── later, one to 120 minutes ◀────────────── failed ─┘
//!                        └ retry ── TIMER_PARKED ◀── failed five times
//! ```
//!
//! What it promises:
//! - **A timer that is due fires once**: it is taken away, or set to its next occurrence, in the very change that its
//!   handler's call commits; after a restart what was due meanwhile fires in the order in which it came due.
//! - **A recurring timer that was missed fires once**, with the first moment it was missed, and then at its next
//!   occurrence after now: not once for each that was missed.
//! - **One that fails holds up nobody**: it is tried again after 1, 5, 30 and 120 minutes, then parked until people
//!   retry or drop it, or the plugin sets it again; the others go on.
//! - **Nothing spins**: a timer that is set where nobody asked, in answer to a timer or to a change, fires after
//!   [`MOST_OFTEN`] at the earliest.
//! - **Everything is bounded and counted exactly**: [`MOST_TIMERS`] of a plugin, [`LONGEST_PAYLOAD`], [`FURTHEST_DAYS`].
//! - **A timer holds no confidential text**: what a call that is confined sets has a record's identifier for its key
//!   and payload, or nothing, and is shown only to those who may read such records of the plugin.

mod days;
mod declare;
mod fire;
mod keys;
mod model;
mod people;
mod recurrence;
mod set;

pub use days::{add_working_days, working_days_between};
pub use declare::{DeclaredTimer, declare};
pub(crate) use fire::clock_went_back;
pub use fire::{Failed, Taken, failed, first_due, take};
pub use model::{Counting, NewTimer, Timer, TimerId, When};
pub use people::{KnownTimer, Standing, Totals, drop_timer, known, retry, standing, totals};
pub use recurrence::{Every, Recurrence};
pub use set::{Visible, cancel, get, list, set};

use std::time::Duration;

/// Timers of one plugin.
pub const MOST_TIMERS: u64 = 100_000;
/// Bytes of a timer's payload.
pub const LONGEST_PAYLOAD: usize = 4 << 10;
/// Bytes of a timer's key.
pub const LONGEST_KEY: usize = 100;
/// How many days ahead a timer may be due, and how many days are counted at once: 27 years.
pub const FURTHEST_DAYS: i32 = 10_000;
/// How often one timer is tried before it is parked.
pub const MOST_FAILURES: u8 = 5;
/// How long a timer that nobody asked for waits at least.
pub const MOST_OFTEN: Duration = Duration::from_secs(60);
/// Timers that are listed at once.
pub const LISTED: u32 = 1_000;
