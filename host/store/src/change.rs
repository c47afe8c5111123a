//! A change: what a call relied on and what it writes, as data that can be sent, kept and replayed.

use serde::{Deserialize, Serialize};

use crate::{CommitError, Entry};

/// The number of a commit, and the version of what it wrote. The empty store is at 0; numbers stay below 2⁶³.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seq(pub u64);

impl Seq {
    /// The version of what a transaction wrote itself and has not committed yet. No commit has it.
    pub const PENDING: Self = Self(u64::MAX);
}

/// What a call did, as one atomic unit: applied whole or not at all.
///
/// Made by [`Transaction::into_change`](crate::Transaction::into_change); a change is plain data, so that it
/// can be shipped to a standby and replayed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The snapshot it was computed from.
    pub based_on: Seq,
    /// The version of the policy it was checked under: the number of a commit.
    pub policy: u64,
    /// What it read and relies on.
    pub expect: Vec<Expect>,
    /// What it writes, in order.
    pub write: Vec<Write>,
    /// Numbers it asks for.
    pub draw: Vec<Draw>,
    /// What it adds to counters.
    pub add: Vec<Add>,
    /// Whether it takes rights away: from this commit on, changes checked under an older policy conflict.
    pub revokes: bool,
    /// What proves afterwards what was done.
    pub evidence: Vec<Entry>,
    /// What it does to a batch of staged rows.
    pub stage: Option<Stage>,
}

/// A step of work too large for one change: rows are staged by many changes, nobody sees them, and one final
/// change makes them all visible, or none ever is.
///
/// ```text
/// Open ─▶ Write, Write, … ─▶ Publish                          an import of 100,000 rows
///                   └──────▶ Abandon ─▶ Write (removing), … ─▶ Close     given up
/// ```
/// Staged rows survive a restart and hold their keys: another change that writes one conflicts
/// ([`Conflict::Staged`](crate::Conflict::Staged)). A change of a batch draws no numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stage {
    /// Opens a batch whose keys will lie in these ranges (at most 64). Its number is the change's own
    /// ([`Committed::seq`]). What the change writes itself is not staged.
    Open {
        /// Where its keys will lie.
        ranges: Vec<KeyRange>,
    },
    /// All that this change puts is staged. Keys must be new, or of this batch; only keys of this batch are
    /// removed.
    Write {
        /// The batch.
        batch: Seq,
    },
    /// Makes the batch visible, together with what this change writes. Whoever relied on one of its ranges
    /// conflicts from here on.
    Publish {
        /// The batch.
        batch: Seq,
    },
    /// Forgets the batch, once its rows are removed ([`Snapshot::staged`](crate::Snapshot::staged) finds
    /// them). Rows that are left would be seen, so the writer looks, and refuses while there are any.
    Close {
        /// The batch.
        batch: Seq,
    },
}

impl Stage {
    /// Most ranges of a batch.
    pub const RANGES: usize = 64;
}

/// Keys from `start` to before `end`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct KeyRange {
    /// The first key.
    pub start: Vec<u8>,
    /// The first key after it; none for the end of all keys.
    pub end: Option<Vec<u8>>,
}

impl KeyRange {
    /// Whether `key` lies in it.
    pub fn contains(&self, key: &[u8]) -> bool {
        *self.start <= *key && self.end.as_ref().is_none_or(|end| *key < **end)
    }
}

/// Something a change relies on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Expect {
    /// The key has this version when the change commits.
    Key {
        /// The key.
        key: Vec<u8>,
        /// Its version; none when there is nothing.
        version: Option<Seq>,
    },
    /// Nothing in the range was written after the snapshot.
    Range {
        /// First key.
        start: Vec<u8>,
        /// First key after the range; none for the end of all keys.
        end: Option<Vec<u8>>,
    },
}

/// One write.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Write {
    /// Set the value of a key.
    Put {
        /// The key.
        key: Vec<u8>,
        /// Its value.
        value: Vec<u8>,
        /// Drawn numbers to be written into key and value.
        fill: Vec<Fill>,
    },
    /// Remove a key, if it is there.
    Delete {
        /// The key.
        key: Vec<u8>,
    },
}

/// The next number of a register (document register, vouchers), drawn by the writer: 1, 2, 3, … without gaps.
///
/// The register is a key like any other; its value is the last number, 8 bytes little-endian.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draw {
    /// The key of the register.
    pub register: Vec<u8>,
}

/// An amount added to a counter by the writer, so that all who count do not conflict: the counter is exact, whatever
/// conflicts and restarts.
///
/// The counter is a key like any other; its value is the total, 8 bytes little-endian.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Add {
    /// The key of the counter.
    pub counter: Vec<u8>,
    /// How much; negative takes away.
    pub by: i64,
    /// The total may not grow beyond this: then the change conflicts with the counter, and its call sees the total when
    /// it is run again.
    pub most: i64,
}

/// Where a drawn number is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Fill {
    /// Index of the draw in the change.
    pub draw: u32,
    /// Into the key or the value.
    pub part: Part,
    /// The first of its 8 bytes.
    pub offset: u32,
}

/// The part of a put that a number is written into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Part {
    /// The key, as [`dinh_model::key::integer`] writes numbers. The filled key must be new: a drawn number
    /// never replaces anything.
    Key,
    /// The value, as 8 bytes little-endian.
    Value,
}

/// A change is durable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Committed {
    /// Its number.
    pub seq: Seq,
    /// The numbers drawn, one for each draw.
    pub numbers: Vec<i64>,
}

impl Change {
    /// Whether it does anything besides leaving evidence.
    pub fn writes(&self) -> bool {
        self.stage.is_some() || !self.write.is_empty() || !self.draw.is_empty() || !self.add.is_empty()
    }

    /// Refuses a change that contradicts itself.
    pub(crate) fn validate(&self) -> Result<(), CommitError> {
        match &self.stage {
            Some(Stage::Open { ranges }) if ranges.len() > Stage::RANGES => {
                return Err(CommitError::Malformed("a batch of more than 64 ranges"));
            }
            Some(Stage::Write { .. }) if !self.draw.is_empty() || !self.add.is_empty() => {
                return Err(CommitError::Malformed("a staged change draws a number, or counts"));
            }
            _ => {}
        }
        let registers = self.draw.iter().map(|draw| &draw.register);
        if registers.into_iter().any(|register| self.add.iter().any(|add| add.counter == *register)) {
            return Err(CommitError::Malformed("it draws from a counter"));
        }
        for write in &self.write {
            let (key, length, fill) = match write {
                Write::Put { key, value, fill } => (key, value.len(), fill.as_slice()),
                Write::Delete { key } => (key, 0, [].as_slice()),
            };
            if self.draw.iter().any(|draw| draw.register == *key) {
                return Err(CommitError::Malformed("it draws from a register that it also writes"));
            }
            if self.add.iter().any(|add| add.counter == *key) {
                return Err(CommitError::Malformed("it adds to a counter that it also writes"));
            }
            for fill in fill {
                if fill.draw as usize >= self.draw.len() {
                    return Err(CommitError::Malformed("a fill names a draw that is not there"));
                }
                let room = if fill.part == Part::Key { key.len() } else { length };
                if (fill.offset as usize).saturating_add(8) > room {
                    return Err(CommitError::Malformed("a fill reaches beyond its key or value"));
                }
            }
        }
        Ok(())
    }
}
