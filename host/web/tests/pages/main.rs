//! The pages and the JSON door, as browsers and programs meet them, over a real platform and a real plugin.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests may fail loudly"
)]

mod administration;
mod exports;
mod files;
mod forms;
mod frame;
mod hostile;
mod house;
mod imports;
mod jobs;
mod own_account;
mod parked;
mod plugin;
mod printing;
mod server;
mod sharing;
mod signing_in;
