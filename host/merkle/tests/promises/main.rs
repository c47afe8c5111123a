//! What `dinh-merkle` promises, tried: one file per promise.

// Tests may fail loudly, their helpers too.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod checkpoints;
mod hostile;
mod keys;
mod layout;
mod notes;
mod proofs;
mod standalone;
mod support;
mod tree;
mod vectors;
