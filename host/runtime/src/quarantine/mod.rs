//! Taking out a plugin that keeps failing, and whoever people take out: its pages say so, its events wait, and it comes
//! back by itself or by command.
//!
//! ```text
//!            10 failures in a row, or 20 of the last 40 calls, within 10 minutes
//!  serving ──────────────────────────────────────────────────────────▶ out: 30 s, 1 min, 2 min … 30 min
//!     ▲                                                                  │ the time is over
//!     │ it answers                                                       ▼
//!     └───────────────────────────────────────────────────────────── one call is let in ─ fails ─▶ out, twice as long
//!
//!  suspended by a person, with a reason ─ released by a person ─▶ serving       (kept in the store)
//! ```
//!
//! - **What counts.** Calls that people asked for and that broke off, reached a limit or failed; those of one account
//!   alone only where nobody else was answered within the ten minutes, so that nobody takes a plugin from others. A refusal, a denial and
//!   an input that does not fit are answers; a conflict and a failure of the host are nobody's. Events that fail have
//!   back-off and parking of their own ([`events`](crate::events)) and do not count, unless one is the call let in.
//! - **While it is out** nothing of it runs: calls are answered at once, those that waited when it was taken out as well;
//!   events wait and are not counted as failed. Its records stay readable for those that share them: no code of it runs
//!   for that.
//! - **It is told**: in the evidence, the log, the metrics and the inbox of those who hold `dinh.plugin.manage` for its
//!   home. Another version begins with a clean slate; a suspension stays.
//!
//! The rule ([`health`]) takes the moment and the seed as arguments. What it knows is in memory: after a restart a plugin
//! is tried again. One that ended the whole host while it was loaded, three starts in a row, is not loaded ([`loading`]).

mod health;
pub(crate) mod loading;
mod standing;
mod stored;

pub(crate) use health::{Entry, Health, Outcome};
pub use standing::{Quarantine, Standing};
pub(crate) use stored::released_at;
pub use stored::{Suspension, release, suspend};
