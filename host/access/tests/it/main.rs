//! The permission engine against its promises.

// A test's helpers may fail as loudly as the test.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod agreement;
mod changes;
mod differences;
mod errors;
mod explanations;
mod fuzz;
mod oracle;
#[path = "../organisation/mod.rs"]
mod organisation;
mod sentences;
mod tables;
