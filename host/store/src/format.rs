//! How the store's own rows look at rest. Frozen by `FORMAT`: change a layout here and raise it.
//!
//! - a value, an entry of evidence: the number of the commit that wrote it, 8 bytes little-endian, then its
//!   bytes. The version comes first because whoever looks at a value looks at its beginning;
//! - an entry's bytes: [`postcard`] of [`Entry`];
//! - `meta/format`: 4 bytes little-endian; `meta/state`: three numbers, 8 bytes little-endian each.

use crate::backend::{Table, View};
use crate::{Entry, Seq, StoreError};

/// The format that this release writes.
pub(crate) const FORMAT: u32 = 1;

const FORMAT_KEY: &[u8] = b"format";
const STATE_KEY: &[u8] = b"state";

/// Bytes of a version before a value.
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
        .split_first_chunk::<VERSION>()
        .map(|(version, value)| (value, Seq(u64::from_le_bytes(*version))))
        .ok_or_else(|| StoreError::damaged("a value without a version"))
}

/// A value at rest, with room for its version.
pub(crate) fn with_room(value: &[u8]) -> Vec<u8> {
    let mut stored = Vec::with_capacity(VERSION + value.len());
    stored.extend([0; VERSION]);
    stored.extend(value);
    stored
}

/// Writes the version into the room left for it.
pub(crate) fn set_version(stored: &mut [u8], version: Seq) {
    if let Some(room) = stored.first_chunk_mut::<VERSION>() {
        *room = version.0.to_le_bytes();
    }
}

/// The value itself.
pub(crate) fn value_mut(stored: &mut [u8]) -> &mut [u8] {
    stored.get_mut(VERSION..).unwrap_or_default()
}

/// An entry at rest, with room for its version.
pub(crate) fn encode(entry: &Entry) -> Result<Vec<u8>, postcard::Error> {
    let mut stored = Vec::with_capacity(VERSION + 128);
    stored.extend([0; VERSION]);
    postcard::to_extend(entry, stored)
}

/// An entry from what is at rest.
pub(crate) fn decode(index: u64, value: &[u8]) -> Result<Entry, StoreError> {
    postcard::from_bytes(value).map_err(|error| StoreError::damaged(format!("evidence {index}: {error}")))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use dinh_model::{AccountId, Actor};

    use super::*;
    use crate::Outcome;

    /// If this fails, stores written before can no longer be read: raise `FORMAT` and read both.
    #[test]
    fn the_layout_at_rest_is_frozen() {
        assert_eq!(FORMAT, 1);
        let state = State { seq: Seq(0x0102), evidence: 3, policy_floor: 4 };
        assert_eq!(state.row().1, [2, 1, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0]);

        let mut value = with_room(b"value");
        set_version(&mut value, Seq(0x0102));
        assert_eq!(value, b"\x02\x01\0\0\0\0\0\0value");
        assert_eq!(split(&value).unwrap(), (b"value".as_slice(), Seq(0x0102)));
        assert!(matches!(split(b"short"), Err(StoreError::Damaged { .. })));

        let entry = Entry {
            at: "1970-01-01T00:00:01Z".parse().unwrap(),
            actor: Actor::Person { account: AccountId(7), on_behalf_of: Some(AccountId(300)) },
            plugin: Some("pci".parse().unwrap()),
            action: "a.b".into(),
            subject: "9".into(),
            outcome: Outcome::Refused,
            detail: BTreeMap::from([("n".into(), "1".into())]),
        };
        let stored = encode(&entry).unwrap();
        let frozen = b"\x80\xa8\xd6\xb9\x07\0\x07\x01\xac\x02\x01\x03pci\x03a.b\x019\x01\x01\x01n\x011";
        assert_eq!(stored.strip_prefix(&[0; VERSION]).unwrap(), frozen, "{}", stored.escape_ascii());
        assert_eq!(decode(0, frozen).unwrap(), entry);
        assert!(matches!(decode(0, &frozen[..9]), Err(StoreError::Damaged { .. })));
    }
}
