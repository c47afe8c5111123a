//! How the store's own rows look at rest. Frozen by `FORMAT`: change a layout here and raise it.
//!
//! ```text
//! a value    version 8 │ check 4 │ bytes
//! staged     version 8 │ check 4 │ batch 8 │ bytes        the version's highest bit is set
//! ```
//! - *version*: the number of the commit that wrote it, little-endian. It comes first because whoever looks at
//!   a value looks at its beginning.
//! - *check*: the lower half of XXH3 over all that follows, mixed with that over the key, seeded with the version. A value that
//!   changed on disk, or stands under another key, is named and not served.
//! - *batch*: the commit that opened the batch that staged it; see [`crate::Stage`].
//! - an entry of evidence is a value under its index: its salt, then [`postcard`] of [`Entry`];
//! - a full tile of the log is a value under its level and index;
//! - `meta/format`: 4 bytes little-endian; `meta/state`: a value, [`postcard`] of [`State`].

use serde::{Deserialize, Serialize};
use twox_hash::XxHash3_64;

use crate::backend::{Table, View};
use crate::{Entry, KeyRange, Seq, StoreError};

/// The format that this release reads and writes.
pub(crate) const FORMAT: u32 = 3;

const FORMAT_KEY: &[u8] = b"format";
const STATE_KEY: &[u8] = b"state";

/// Bytes before a value: its version and its check.
pub(crate) const HEAD: usize = 12;
/// Bytes of the batch before a staged value.
const BATCH: usize = 8;
/// The bit of the version that marks a staged value.
const STAGED: u64 = 1 << 63;

/// Where the store is: the last commit, the length of the evidence, the oldest policy still accepted, the
/// batches whose rows are not shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct State {
    pub(crate) seq: Seq,
    pub(crate) evidence: u64,
    pub(crate) policy_floor: u64,
    /// In the order of their numbers.
    pub(crate) batches: Vec<Batch>,
}

/// A batch that is being staged: its rows are there, and nobody sees them yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Batch {
    /// The commit that opened it.
    pub(crate) id: Seq,
    /// The ranges its keys lie in.
    pub(crate) ranges: Vec<KeyRange>,
    /// How many rows it holds.
    pub(crate) rows: u64,
}

impl State {
    pub(crate) fn row(&self) -> (Vec<u8>, Vec<u8>) {
        // Numbers and byte strings: there is nothing in it that cannot be encoded.
        let value = postcard::to_allocvec(self).unwrap_or_default();
        let mut stored = with_room(&value, None);
        seal(STATE_KEY, &mut stored, self.seq);
        (STATE_KEY.to_vec(), stored)
    }

    pub(crate) fn format_row() -> (Vec<u8>, Vec<u8>) {
        (FORMAT_KEY.to_vec(), FORMAT.to_le_bytes().to_vec())
    }

    /// Reads it; none in a store that was never written. Another format is refused.
    pub(crate) fn read(view: &dyn View) -> Result<Option<Self>, StoreError> {
        let mut format = None;
        if !view.get(Table::Meta, FORMAT_KEY, &mut |bytes| format = bytes.try_into().ok())? {
            return Ok(None);
        }
        let found = format.map(u32::from_le_bytes).ok_or_else(|| StoreError::damaged("the format number"))?;
        if found > FORMAT {
            return Err(StoreError::NewerFormat { found, known: FORMAT });
        }
        if found < FORMAT {
            return Err(StoreError::OlderFormat { found, known: FORMAT });
        }
        let lost = || StoreError::damaged("the row that names the last commit");
        let mut state: Result<Self, _> = Err(lost());
        view.get(Table::Meta, STATE_KEY, &mut |stored| {
            state =
                open(STATE_KEY, stored).and_then(|row| postcard::from_bytes(row.value).map_err(|_| lost()));
        })?;
        // No store ever counts so far; from there on its numbers would run over.
        state.and_then(|state| {
            let sound = state.seq.0.max(state.evidence).max(state.policy_floor) < STAGED >> 1;
            if sound { Ok(Some(state)) } else { Err(lost()) }
        })
    }

    /// Whether the rows of a batch are not shown yet.
    #[inline]
    pub(crate) fn hides(&self, batch: Seq) -> bool {
        self.batches.iter().any(|open| open.id == batch)
    }
}

/// What is at rest under a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Row<'a> {
    pub(crate) version: Seq,
    /// The batch that staged it.
    pub(crate) batch: Option<Seq>,
    pub(crate) value: &'a [u8],
}

/// What is at rest under `key`, if it is what was written.
#[inline]
pub(crate) fn open<'a>(key: &[u8], stored: &'a [u8]) -> Result<Row<'a>, StoreError> {
    read(key, stored, |version, found, rest| check(key, version, rest) == found)
}

/// The same of what [`open`] has held to its check before.
#[inline]
pub(crate) fn opened<'a>(key: &[u8], stored: &'a [u8]) -> Result<Row<'a>, StoreError> {
    read(key, stored, |_, _, _| true)
}

#[inline]
fn read<'a>(
    key: &[u8],
    stored: &'a [u8],
    holds: impl FnOnce(u64, u32, &[u8]) -> bool,
) -> Result<Row<'a>, StoreError> {
    let row = || {
        let (version, rest) = stored.split_first_chunk::<8>()?;
        let (found, rest) = rest.split_first_chunk::<4>()?;
        let version = u64::from_le_bytes(*version);
        if !holds(version, u32::from_le_bytes(*found), rest) {
            return None;
        }
        if version & STAGED == 0 {
            return Some(Row { version: Seq(version), batch: None, value: rest });
        }
        let (batch, value) = rest.split_first_chunk::<BATCH>()?;
        let batch = Some(Seq(u64::from_le_bytes(*batch)));
        Some(Row { version: Seq(version ^ STAGED), batch, value })
    };
    row().ok_or_else(|| damaged(key))
}

#[cold]
fn damaged(key: &[u8]) -> StoreError {
    let begin = key.get(..32).unwrap_or(key);
    StoreError::damaged(format!("the value of the key {} ({} bytes)", begin.escape_ascii(), key.len()))
}

#[inline]
fn check(key: &[u8], version: u64, rest: &[u8]) -> u32 {
    // A seed costs nothing with a short input and a table of its own with a long one.
    let whole = XxHash3_64::oneshot(rest) ^ XxHash3_64::oneshot_with_seed(version, key);
    let [a, b, c, d, ..] = whole.to_le_bytes();
    u32::from_le_bytes([a, b, c, d])
}

/// A value with room for its version and check, staged by a batch if there is one.
pub(crate) fn with_room(value: &[u8], batch: Option<Seq>) -> Vec<u8> {
    let mut stored = Vec::with_capacity(HEAD + BATCH + value.len());
    stored.extend([0; HEAD]);
    if let Some(batch) = batch {
        set_word(&mut stored, STAGED);
        stored.extend(batch.0.to_le_bytes());
    }
    stored.extend(value);
    stored
}

/// The value itself, as long as it is not staged.
pub(crate) fn value_mut(stored: &mut [u8]) -> &mut [u8] {
    stored.get_mut(HEAD..).unwrap_or_default()
}

/// Writes version and check into the room left for them.
pub(crate) fn seal(key: &[u8], stored: &mut [u8], version: Seq) {
    let staged = stored.first_chunk::<8>().map_or(0, |word| u64::from_le_bytes(*word)) & STAGED;
    let word = version.0 | staged;
    let found = check(key, word, stored.get(HEAD..).unwrap_or_default());
    set_word(stored, word);
    if let Some(room) = stored.get_mut(8..).and_then(<[u8]>::first_chunk_mut::<4>) {
        *room = found.to_le_bytes();
    }
}

fn set_word(stored: &mut [u8], word: u64) {
    if let Some(room) = stored.first_chunk_mut::<8>() {
        *room = word.to_le_bytes();
    }
}

/// Bytes of the salt before an entry.
pub(crate) const SALT: usize = 16;

/// An entry at rest with its salt, and room for its version and check.
pub(crate) fn encode(entry: &Entry, salt: [u8; SALT]) -> Result<Vec<u8>, postcard::Error> {
    let mut stored = Vec::with_capacity(HEAD + SALT + 128);
    stored.extend([0; HEAD]);
    stored.extend(salt);
    postcard::to_extend(entry, stored)
}

/// What an entry at rest commits to: salt and entry.
pub(crate) fn salted(stored: &[u8]) -> &[u8] {
    stored.get(HEAD..).unwrap_or_default()
}

/// The entry of a row of the evidence.
pub(crate) fn decode(index: u64, salted: &[u8]) -> Result<Entry, StoreError> {
    postcard::from_bytes(salted.get(SALT..).unwrap_or_default())
        .map_err(|error| StoreError::damaged(format!("evidence {index}: {error}")))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use dinh_model::{AccountId, Actor, RecordId};
    use proptest::prelude::*;

    use super::*;
    use crate::Outcome;

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn at_rest(key: &[u8], value: &[u8], batch: Option<Seq>, version: Seq) -> Vec<u8> {
        let mut stored = with_room(value, batch);
        seal(key, &mut stored, version);
        stored
    }

    /// If this fails, stores written before can no longer be read: raise `FORMAT` and read both.
    #[test]
    fn the_layout_at_rest_is_frozen() {
        assert_eq!(FORMAT, 3);
        assert_eq!(hex(&at_rest(b"key", b"value", None, Seq(0x0102))), "02010000000000006c64cf7d76616c7565");
        assert_eq!(
            hex(&at_rest(b"key", b"value", Some(Seq(3)), Seq(0x0102))),
            "0201000000000080fefffae0030000000000000076616c7565"
        );
        let ranges = vec![KeyRange { start: b"a".to_vec(), end: Some(b"b".to_vec()) }];
        let batches = vec![Batch { id: Seq(3), ranges, rows: 300 }];
        let state = State { seq: Seq(0x0102), evidence: 3, policy_floor: 4, batches };
        assert_eq!(hex(&state.row().1), "0201000000000000925588ed820203040103010161010162ac02");

        let entry = Entry {
            at: "1970-01-01T00:00:01Z".parse().unwrap(),
            actor: Actor::Person { account: AccountId(7), on_behalf_of: Some(AccountId(300)) },
            plugin: Some("pci".parse().unwrap()),
            action: "a.b".into(),
            subject: "9".into(),
            records: vec![RecordId(*b"sixteen bytes id"), RecordId([0xff; 16])],
            outcome: Outcome::Refused,
            detail: BTreeMap::from([("n".into(), "1".into())]),
        };
        let stored = encode(&entry, *b"0123456789abcdef").unwrap();
        let frozen = b"0123456789abcdef\x80\xa8\xd6\xb9\x07\0\x07\x01\xac\x02\x01\x03pci\x03a.b\x019\
            \x20sixteen bytes id\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x01\x01n\x011";
        assert_eq!(salted(&stored), frozen, "{}", salted(&stored).escape_ascii());
        assert_eq!(decode(0, frozen).unwrap(), entry);
        assert!(matches!(decode(0, &frozen[..25]), Err(StoreError::Damaged { .. })));
        let mut half = frozen.to_vec();
        // A record less one byte: the text before says how many bytes there are.
        let length = half.iter().position(|byte| *byte == 0x20).unwrap();
        half[length] = 31;
        half.remove(length + 32);
        assert!(matches!(decode(0, &half), Err(StoreError::Damaged { .. })));
    }

    #[test]
    fn a_number_as_long_as_a_version_may_be_is_kept() {
        let last = Seq(u64::MAX >> 1);
        assert_eq!(
            open(b"k", &at_rest(b"k", b"", Some(last), last)).unwrap(),
            Row { version: last, batch: Some(last), value: b"" }
        );
    }

    proptest! {
        #[test]
        fn what_was_written_is_read_and_what_was_not_is_named(
            key in prop::collection::vec(any::<u8>(), 0..40),
            value in prop::collection::vec(any::<u8>(), 0..300),
            batch in prop::option::of(0_u64..1 << 63),
            version in 0_u64..1 << 63,
            (place, bit) in (any::<prop::sample::Index>(), 0_u8..8),
            cut in any::<prop::sample::Index>(),
        ) {
            let (batch, version) = (batch.map(Seq), Seq(version));
            let stored = at_rest(&key, &value, batch, version);
            prop_assert_eq!(open(&key, &stored).unwrap(), Row { version, batch, value: &value });
            let mut changed = stored.clone();
            changed[place.index(stored.len())] ^= 1 << bit;
            prop_assert!(open(&key, &changed).is_err());
            prop_assert!(open(&key, &stored[..cut.index(stored.len())]).is_err());
            let mut other = key.clone();
            other.push(0);
            prop_assert!(open(&other, &stored).is_err());
        }
    }
}
