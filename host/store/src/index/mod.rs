//! What the evidence is found by: for each entry the accounts, units, records, contracts and purposes it names,
//! written by the writer in the commit that holds the entry.
//!
//! ```text
//! entry ──▶ terms ──▶ segment 4 │ kind 1 │ term 4 │ place 2      one row for each, nothing in it
//!       ──▶ records, when there are many: their hashes, in one row
//!       ──▶ summary of its segment: how many entries are indexed, from when to when, marks of deeds and plugins
//! ```
//! - The log is cut into *segments* of [`SEGMENT`] entries. What is written next to each other lies next to each
//!   other, a group of changes touches few pages, and a search goes from the newest segment to the oldest.
//! - Whoever searches gets *candidates*: every entry that fits, and now and then one that does not (terms are hashes
//!   of 32 bits), so it looks at each. Nothing is ever left out.
//! - The index follows from the entries and is no evidence. What of a segment is not indexed (its summary says how
//!   much is) is a candidate as it stands, and opening the store makes up for it; `verify` holds the index to the
//!   entries.

mod append;
mod find;
mod rebuild;
mod summary;
mod term;

use crate::backend::Table;

pub(crate) use append::Indexer;
pub use find::{Clause, EvidenceIndex, Query};
pub(crate) use rebuild::{as_written, make_up};
pub use summary::Mark;
pub(crate) use term::Postings;
pub use term::{Party, Term};

/// Entries of a segment.
pub const SEGMENT: u64 = 2_048;

/// The table of the index.
const TABLE: Table = Table::Index;

/// The kind of the row with the summary of a segment.
const SUMMARY: u8 = 0;
/// The kind of the rows with the records of an entry that names many.
const MANY: u8 = 9;

/// What a posting is found by: its kind and its number.
type Code = [u8; 5];

/// The segment of an entry, and its place there.
fn place_of(index: u64) -> (u64, u16) {
    (index / SEGMENT, u16::try_from(index % SEGMENT).unwrap_or(u16::MAX))
}

fn code(kind: u8, number: u32) -> Code {
    let [a, b, c, d] = number.to_be_bytes();
    [kind, a, b, c, d]
}

/// The rows of a segment begin so. Segments are counted in four bytes: that is 8 × 10¹² entries.
fn prefix(segment: u64) -> [u8; 4] {
    u32::try_from(segment).unwrap_or(u32::MAX).to_be_bytes()
}

fn key(segment: u64, code: Code, place: u16) -> Vec<u8> {
    [prefix(segment).as_slice(), &code, &place.to_be_bytes()].concat()
}

/// The first key of a segment with a code that is not smaller.
fn from(segment: u64, code: &[u8]) -> Vec<u8> {
    [prefix(segment).as_slice(), code].concat()
}

fn summary_key(segment: u64) -> Vec<u8> {
    from(segment, &[SUMMARY])
}

/// The place at the end of a key.
fn place_at_end(key: &[u8]) -> Option<u16> {
    key.last_chunk().map(|place| u16::from_be_bytes(*place))
}
