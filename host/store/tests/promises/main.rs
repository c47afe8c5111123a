//! Each sentence of the crate's documentation has a test here that tries to break it.
//!
//! What does not depend on the engine runs on both: `disk` and `memory`.

// Tests may fail loudly, their helpers too.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]

mod ages;
mod anomalies;
mod backend;
mod bounds;
mod checker;
mod clerks;
mod conflicts;
mod crash;
mod damage;
mod evidence;
mod faults;
mod faulty;
mod fickle;
mod full;
mod graph;
mod growth;
mod history;
mod index;
mod log;
mod losing;
mod numbers;
mod opening;
mod oracle;
mod registers;
mod rest;
mod staging;
mod support;
mod threads;
mod trouble;
mod walking;
mod workload;
