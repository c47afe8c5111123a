//! Rows at rest: their bytes stay what they were, older rows are read by newer schemas, and no bytes make
//! reading fail other than by name.

// Tests may fail loudly, their helpers too.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout)]

mod fuzz;
mod generate;
mod golden;
mod growing;
