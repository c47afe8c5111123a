//! Jobs (việc chạy nền): long work of a plugin, in steps.
//!
//! A job is a row that says what is to be done, for whom, and how far it is. The runtime calls the plugin step by step;
//! each step is a call with limits of its own, whose change moves the job's cursor together with what the step wrote.
//!
//! ```text
//! start, in a call of the plugin ─▶ Job: running ─ due ─▶ step ─┬ stepped: cursor, progress ─▶ due again
//!                                    ▲    │                    ├ finished
//!                                    │    └ cancel             └ failed ─ later ─ five times ─▶ failed
//!                                    └──────────────── retry, by people ──────────────────────────┘
//! ```
//!
//! What it promises:
//! - **Every step takes effect once**, also over a crash: cursor and writes are one change, and a job that was cancelled
//!   meanwhile takes no step more.
//! - **It acts as whoever started it**, never as anybody else, with the rights they have at each step; whoever has lost
//!   the permission that the manifest names loses the job as well.
//! - **It ends**: after so many steps and hours as the manifest says, or when its cursor stands still
//!   ([`MOST_STANDSTILLS`]); a step that fails comes again at most [`MOST_FAILURES`] times.
//! - **What a step has read clings to all that follow**, and the cursor is no way around it.
//! - **There are few**: [`MOST_RUNNING`] at a time for each plugin, one for each name and key; of those that ended,
//!   the last [`MOST_KEPT`] are kept.

mod decide;
mod due;
mod model;
mod progress;
mod start;
mod step;

pub use decide::{cancel, cancel_own, get, get_own, list, of_person, of_starter, retry};
pub use due::{Totals, due, totals};
pub use model::{Arguments, Ended, Job, Said, State, Waits, find};
pub use progress::Pace;
pub use start::{NewJob, NotStarted, check_arguments, start};
pub use step::{Failed, Next, Stepped, enter, failed, fails, stepped, waits};

/// How often a step is tried before its job stands as failed.
pub const MOST_FAILURES: u8 = 5;
/// Steps in a row that give back the same cursor before the job fails.
pub const MOST_STANDSTILLS: u8 = 3;
/// Jobs of one plugin that run at the same time.
pub const MOST_RUNNING: usize = 16;
/// Jobs of one plugin that are kept, those that run included.
pub const MOST_KEPT: usize = 200;
/// Most bytes of a cursor.
pub const CURSOR: usize = 4 << 10;
/// Most arguments of a job.
pub const MOST_ARGUMENTS: usize = 16;
/// Most bytes of them, names included.
pub const ARGUMENTS: usize = 4 << 10;
/// Most bytes of a key.
pub const KEY: usize = 100;
