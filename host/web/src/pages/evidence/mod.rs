//! What belongs to the evidence and is no view: a file of entries with their proofs, and the page that a witness keeps
//! on paper.

pub mod proofs;
pub mod witness;
