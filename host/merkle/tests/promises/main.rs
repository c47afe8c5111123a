//! What `dinh-merkle` promises, tried.

mod proofs;
mod support;
mod tree;
