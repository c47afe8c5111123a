//! What a segment has in it, in one row: enough to pass over most segments of a long log.

use serde::{Deserialize, Serialize};

use super::term::{Postings, hash};
use crate::{Entry, Outcome};

/// Something that few entries have, and a segment either has or has not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark<'a> {
    /// The deed, whole: `account.suspended`.
    Action(&'a str),
    /// What the deed was done to, as its name begins: `account`.
    Thing(&'a str),
    /// The plugin.
    Plugin(&'a str),
    /// It did not end well in this way.
    Outcome(Outcome),
}

/// Bits of the marks.
const BITS: u32 = 512;

impl Mark<'_> {
    fn bit(&self) -> u32 {
        let (kind, name) = match self {
            Self::Action(action) => (b"a", action.as_bytes()),
            Self::Thing(thing) => (b"t", thing.as_bytes()),
            Self::Plugin(plugin) => (b"p", plugin.as_bytes()),
            Self::Outcome(Outcome::Done) => (b"o", b"d".as_slice()),
            Self::Outcome(Outcome::Refused) => (b"o", b"r".as_slice()),
            Self::Outcome(Outcome::Failed) => (b"o", b"f".as_slice()),
        };
        hash(&[kind, name].concat()) % BITS
    }
}

/// The bits of an entry.
pub(super) fn marks(entry: &Entry) -> [u32; 4] {
    let thing = entry.action.split_once('.').map_or(entry.action.as_str(), |(thing, _)| thing);
    let outcome = Mark::Outcome(entry.outcome).bit();
    let plugin = entry.plugin.as_ref().map_or(outcome, |plugin| Mark::Plugin(plugin.as_str()).bit());
    [Mark::Action(&entry.action).bit(), Mark::Thing(thing).bit(), plugin, outcome]
}

/// The layout of the index; a segment of another one is as if it were not indexed.
const LAYOUT: u8 = 1;

/// What is said of a segment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Summary {
    layout: u8,
    /// How many of its entries are indexed: the first ones.
    pub(super) count: u64,
    /// Seconds since 1970 of the earliest entry.
    pub(super) first: i64,
    /// Of the latest.
    pub(super) last: i64,
    marks: [u64; (BITS / 64) as usize],
}

impl Default for Summary {
    fn default() -> Self {
        Self { layout: LAYOUT, count: 0, first: i64::MAX, last: i64::MIN, marks: Default::default() }
    }
}

impl Summary {
    /// Reads it; none in a layout that is not this one.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        postcard::from_bytes(bytes).ok().filter(|summary: &Self| summary.layout == LAYOUT)
    }

    /// As it is at rest.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        // Numbers: there is nothing in it that cannot be encoded.
        postcard::to_allocvec(self).unwrap_or_default()
    }

    /// Adds an entry.
    pub(super) fn note(&mut self, postings: &Postings) {
        self.count += 1;
        self.first = self.first.min(postings.at);
        self.last = self.last.max(postings.at);
        for bit in postings.marks {
            if let Some(word) = self.marks.get_mut(bit as usize / 64) {
                *word |= 1 << (bit % 64);
            }
        }
    }

    /// Whether one of its entries may have the mark.
    pub(super) fn may_have(&self, mark: &Mark<'_>) -> bool {
        let bit = mark.bit();
        self.marks.get(bit as usize / 64).is_some_and(|word| word & (1 << (bit % 64)) != 0)
    }
}
