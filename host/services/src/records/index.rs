//! Index entries of a record.

use std::collections::BTreeMap;

use dinh_model::text::fold;
use dinh_model::{Index, IndexKind, RecordId, Value, key};
use dinh_store::{Fill, Part};

use super::place::{Place, trailing_id};

/// Longest word of a search index, in bytes; the rest of a longer one is found by reading the row.
const LONGEST_WORD: usize = 48;
/// Longest text in an ordered or unique index, in characters.
pub(super) const LONGEST_SORTED: usize = 1_000;
/// Longest text in a search index, in characters.
pub(super) const LONGEST_SEARCHED: usize = 20_000;

/// What keys that are walked are, and where the record is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// Rows.
    Rows,
    /// Entries of an ordered index: the record ends the key.
    Ordered,
    /// Entries of a unique index: the record is the value.
    Unique,
    /// Entries of a search index: the record ends the key, and may come again with another word.
    Words,
}

impl Shape {
    /// The record that an entry names.
    pub(super) fn id(self, key: &[u8], value: &[u8]) -> Option<RecordId> {
        match self {
            Self::Rows | Self::Ordered | Self::Words => trailing_id(key),
            Self::Unique => value.try_into().ok().map(RecordId),
        }
    }
}

/// An entry of an index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) value: Vec<u8>,
    pub(super) fill: Vec<Fill>,
    /// For an entry that nobody else may have: the positions of its fields.
    pub(super) unique: Option<Vec<usize>>,
}

/// An entry is named by its key and by the numbers that are yet to be put into it.
pub(super) type EntryName = (Vec<u8>, Vec<Fill>);

/// The index entries of a record with these values.
pub(super) fn entries(place: &Place<'_>, id: RecordId, values: &[Value]) -> BTreeMap<EntryName, Entry> {
    let mut entries = BTreeMap::new();
    for index in &place.collection.indexes {
        match index.kind {
            IndexKind::Search => words(place, index, id, values, &mut entries),
            IndexKind::Ordered | IndexKind::Unique => {
                let (name, entry) = sorted(place, index, id, values);
                entries.insert(name, entry);
            }
        }
    }
    entries
}

fn sorted(place: &Place<'_>, index: &Index, id: RecordId, values: &[Value]) -> (EntryName, Entry) {
    let mut key = place.index(index);
    let mut fill = Vec::new();
    let mut filled_in = true;
    for field in &index.fields {
        let value = values.get(*field).unwrap_or(&Value::Empty);
        filled_in &= !value.is_empty();
        if let Some((at, draw)) = key::push(&mut key, value) {
            fill.push(Fill { draw, part: Part::Key, offset: u32::try_from(at).unwrap_or(u32::MAX) });
        }
    }
    let unique = index.kind == IndexKind::Unique;
    if !(unique && filled_in) {
        key.extend(id.0);
    }
    let value = if unique { id.0.to_vec() } else { Vec::new() };
    let unique = (unique && filled_in).then(|| index.fields.clone());
    ((key, fill.clone()), Entry { value, fill, unique })
}

fn words(
    place: &Place<'_>,
    index: &Index,
    id: RecordId,
    values: &[Value],
    entries: &mut BTreeMap<EntryName, Entry>,
) {
    let text = index.fields.first().and_then(|field| values.get(*field));
    let Some(Value::Text(text)) = text else { return };
    let prefix = place.index(index);
    for word in fold(text).split(' ').filter(|word| !word.is_empty()) {
        let key = [prefix.as_slice(), clip(word).as_bytes(), &[0], &id.0].concat();
        entries.insert((key, Vec::new()), Entry { value: Vec::new(), fill: Vec::new(), unique: None });
    }
}

/// A word as a search index has it.
pub(super) fn clip(word: &str) -> &str {
    let mut end = word.len().min(LONGEST_WORD);
    while !word.is_char_boundary(end) {
        end -= 1;
    }
    word.get(..end).unwrap_or_default()
}
