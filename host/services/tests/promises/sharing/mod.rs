//! Sharing: contracts, reads under them, changes told under them, and what clings to a call that has read.

mod confined;
mod contracts;
mod copies;
mod feed;
mod meanings;
mod neighbours;
mod reads;
