//! How the store's own rows look at rest. Frozen by `FORMAT`: change a layout here and raise it.
//!
//! - a value, an entry of evidence: its bytes, then the number of the commit that wrote it, 8 bytes
//!   little-endian;
//! - an entry's bytes: [`postcard`] of [`Entry`];
//! - `meta/format`: 4 bytes little-endian; `meta/state`: three numbers, 8 bytes little-endian each.

use crate::backend::{Table, View};
use crate::{Entry, Seq, StoreError};

/// The format that this release writes.
pub(crate) const FORMAT: u32 = 1;

const FORMAT_KEY: &[u8] = b"format";
const STATE_KEY: &[u8] = b"state";

/// Bytes of a version at the end of a value.
pub(crate) const VERSION: usize = 8;

/// Where the store is: the last commit, the length of the evidence, the oldest policy still accepted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct State {
    pub(crate) seq: Seq,
    pub(crate) evidence: u64,
    pub(crate) policy_floor: u64,
}

impl State {
    pub(crate) fn row(self) -> (Vec<u8>, Vec<u8>) {
        let numbers = [self.seq.0, self.evidence, self.policy_floor];
        (STATE_KEY.to_vec(), numbers.into_iter().flat_map(u64::to_le_bytes).collect())
    }

    pub(crate) fn format_row() -> (Vec<u8>, Vec<u8>) {
        (FORMAT_KEY.to_vec(), FORMAT.to_le_bytes().to_vec())
    }

    /// Reads it; none in a store that was never written. A later format is refused.
    pub(crate) fn read(view: &dyn View) -> Result<Option<Self>, StoreError> {
        let mut format = None;
        if !view.get(Table::Meta, FORMAT_KEY, &mut |bytes| format = bytes.try_into().ok())? {
            return Ok(None);
        }
        let found = format.map(u32::from_le_bytes).ok_or_else(|| StoreError::damaged("the format number"))?;
        if found > FORMAT {
            return Err(StoreError::NewerFormat { found, known: FORMAT });
        }
        let mut state = None;
        view.get(Table::Meta, STATE_KEY, &mut |bytes| {
            if let ([seq, evidence, policy_floor], []) = bytes.as_chunks::<8>() {
                state = Some(Self {
                    seq: Seq(u64::from_le_bytes(*seq)),
                    evidence: u64::from_le_bytes(*evidence),
                    policy_floor: u64::from_le_bytes(*policy_floor),
                });
            }
        })?;
        state.map(Some).ok_or_else(|| StoreError::damaged("the row that names the last commit"))
    }
}

/// A value and its version, from what is at rest.
pub(crate) fn split(stored: &[u8]) -> Result<(&[u8], Seq), StoreError> {
    stored
        .split_last_chunk::<VERSION>()
        .map(|(value, version)| (value, Seq(u64::from_le_bytes(*version))))
        .ok_or_else(|| StoreError::damaged("a value without a version"))
}

/// Room for the version at the end of `value`.
pub(crate) fn with_room(value: Vec<u8>) -> Vec<u8> {
    let mut stored = value;
    stored.reserve_exact(VERSION);
    stored.extend([0; VERSION]);
    stored
}

/// Writes the version into the room left for it.
pub(crate) fn set_version(stored: &mut [u8], version: Seq) {
    if let Some(room) = stored.last_chunk_mut::<VERSION>() {
        *room = version.0.to_le_bytes();
    }
}

/// An entry at rest, with room for its version.
pub(crate) fn encode(entry: &Entry) -> Result<Vec<u8>, postcard::Error> {
    postcard::to_extend(entry, Vec::with_capacity(128)).map(with_room)
}

/// An entry from what is at rest.
pub(crate) fn decode(index: u64, value: &[u8]) -> Result<Entry, StoreError> {
    postcard::from_bytes(value).map_err(|error| StoreError::damaged(format!("evidence {index}: {error}")))
}
