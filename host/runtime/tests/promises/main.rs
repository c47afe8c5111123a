//! What the runtime promises, each sentence tried against real components (`tests/plugins`).

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a helper that cannot go on fails its test"
)]

mod allowances;
mod calls;
mod compiling;
mod conflicts;
mod dues;
mod events;
mod hostile;
mod house;
mod install;
mod jobs;
mod limits;
mod lines;
mod native;
mod notices;
mod of_a_plugin;
mod packages;
mod pool;
mod quarantine;
mod reminders;
mod rows;
mod sharing;
mod taken_over;
mod timers;
mod views;
