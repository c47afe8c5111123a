//! Every hot path beside its limit, in one run and one table: `cargo xtask bench`.
//!
//! ```text
//! rows/ (what is measured) ──▶ Row { subject, beside } ──▶ measure (taken in turn) ──▶ table
//! ```
//!
//! A figure is a ratio: how long the subject takes beside a limit that does the same work with nothing
//! else, or beside a peer. Both sides are timed in turn, round by round, so that whatever else the machine
//! does falls on both; the ratio is the median over the rounds.

// A measurement that cannot be set up should fail as loudly as it can.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

pub mod command;
pub mod measure;
pub mod organisation;
pub mod random;
pub mod row;
pub mod rows;
pub mod table;

pub use row::{Goal, Group, Row, Side};
