//! Index entries of a record.

use std::collections::BTreeMap;

use dinh_model::key::after_prefix;
use dinh_model::text::fold;
use dinh_model::{Index, IndexKind, Label, RecordId, Value};
use dinh_store::{Direction, Fill, Part};

use super::RecordError;
use super::cover::Cover;
use super::place::{Place, trailing_id};
use crate::{Call, Resource};

/// Longest word of a search index, in bytes; the rest of a longer one is found by reading the row.
const LONGEST_WORD: usize = 48;
/// What stands for the words of a text that is sealed: no text in UTF-8 has such a word.
pub(super) const SEALED_WORDS: [u8; 2] = [255, 0];
/// Longest text in an ordered or unique index, in characters.
pub(super) const LONGEST_SORTED: usize = 1_000;
/// Longest text in a search index, in characters.
pub(super) const LONGEST_SEARCHED: usize = 20_000;

/// Entries that are looked at for what reading one row costs.
const ENTRIES_A_ROW: u64 = 64;

/// What keys that are walked are, and where the record is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// Rows.
    Rows,
    /// Entries of an ordered index, or of one for equality: the record ends the key.
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
    /// The entries that a record of another label would have in its place, which nobody may have either.
    pub(super) rivals: Vec<Vec<u8>>,
}

/// An entry is named by its key and by the numbers that are yet to be put into it.
pub(super) type EntryName = (Vec<u8>, Vec<Fill>);

/// The index entries of a record with these values, under its cover.
pub(super) fn entries(
    place: &Place<'_>,
    cover: &Cover,
    id: RecordId,
    values: &[Value],
) -> BTreeMap<EntryName, Entry> {
    let mut entries = BTreeMap::new();
    place.collection.indexes.iter().for_each(|index| of(place, cover, index, id, values, &mut entries));
    entries
}

/// Those in one index.
fn of(
    place: &Place<'_>,
    cover: &Cover,
    index: &Index,
    id: RecordId,
    values: &[Value],
    entries: &mut BTreeMap<EntryName, Entry>,
) {
    match index.kind {
        IndexKind::Search => words(place, cover, index, id, values, entries),
        IndexKind::Ordered | IndexKind::Unique | IndexKind::Equal => {
            let (name, mut entry) = sorted(place, cover, index, id, values);
            if entry.unique.is_some() && entry.fill.is_empty() && cover.key.is_some() {
                let others = place.collection.labels().iter().filter(|label| **label != cover.label);
                let rival = |label: &Label| sorted(place, &cover.with_label(*label), index, id, values);
                entry.rivals = others.map(rival).map(|((key, _), _)| key).collect();
            }
            entries.insert(name, entry);
        }
    }
}

/// The keys of all entries of a record whose key was destroyed, of what stands in the clear. What is hashed under that key
/// can only be looked for: each index of sealed fields is walked.
pub(super) fn keys_of_lost(
    call: &mut Call,
    place: &Place<'_>,
    cover: &Cover,
    id: RecordId,
    values: &[Value],
) -> Result<Vec<Vec<u8>>, RecordError> {
    let mut keys = Vec::new();
    for index in &place.collection.indexes {
        let hashed = index.fields.iter().any(|field| place.collection.seals(*field, cover.label));
        let shape = match index.kind {
            IndexKind::Unique => Shape::Unique,
            IndexKind::Ordered | IndexKind::Equal => Shape::Ordered,
            IndexKind::Search => Shape::Words,
        };
        if hashed && shape != Shape::Words {
            let names_it = |key: &[u8], value: &[u8]| shape.id(key, value) == Some(id);
            keys.extend(looked_for(call, &place.index(index), names_it)?);
        } else {
            let mut entries = BTreeMap::new();
            of(place, cover, index, id, values, &mut entries);
            keys.extend(entries.into_keys().map(|(key, _)| key));
        }
    }
    Ok(keys)
}

/// The keys that begin so and are what is looked for. They change only with their record, which the call relies on.
pub(super) fn looked_for(
    call: &mut Call,
    prefix: &[u8],
    is: impl Fn(&[u8], &[u8]) -> bool,
) -> Result<Vec<Vec<u8>>, RecordError> {
    let (mut found, mut looked) = (Vec::new(), 0_u64);
    let end = after_prefix(prefix);
    let mut range = call.transaction.range_unchecked(prefix, end.as_deref(), Direction::Forward);
    while let Some(item) = range.step()? {
        looked += 1;
        if is(item.key, item.value) {
            found.push(item.key.to_vec());
        }
    }
    drop(range);
    call.spend(Resource::RowsRead, looked.div_ceil(ENTRIES_A_ROW))?;
    Ok(found)
}

fn sorted(
    place: &Place<'_>,
    cover: &Cover,
    index: &Index,
    id: RecordId,
    values: &[Value],
) -> (EntryName, Entry) {
    let mut key = place.index(index);
    let mut fill = Vec::new();
    let unique = index.kind == IndexKind::Unique;
    // Whether the key is nobody else's without the record's identifier.
    let mut lone = unique;
    let mut filled_in = true;
    for field in &index.fields {
        let value = values.get(*field).unwrap_or(&Value::Empty);
        filled_in &= !value.is_empty();
        lone &= !value.is_empty() || place.collection.seals(*field, cover.label);
        if let Some((at, draw)) = cover.push(place, &mut key, *field, value, unique.then_some(id)) {
            fill.push(Fill { draw, part: Part::Key, offset: u32::try_from(at).unwrap_or(u32::MAX) });
        }
    }
    if !lone {
        key.extend(id.0);
    }
    let value = if unique { id.0.to_vec() } else { Vec::new() };
    let unique = (unique && filled_in).then(|| index.fields.clone());
    ((key, fill.clone()), Entry { value, fill, unique, rivals: Vec::new() })
}

fn words(
    place: &Place<'_>,
    cover: &Cover,
    index: &Index,
    id: RecordId,
    values: &[Value],
    entries: &mut BTreeMap<EntryName, Entry>,
) {
    let Some(field) = index.fields.first() else { return };
    let mut insert = |key: Vec<u8>| {
        let entry = Entry { value: Vec::new(), fill: Vec::new(), unique: None, rivals: Vec::new() };
        entries.insert((key, Vec::new()), entry);
    };
    let prefix = place.index(index);
    if place.collection.seals(*field, cover.label) {
        insert([prefix.as_slice(), &SEALED_WORDS, &id.0].concat());
        return;
    }
    let Some(Value::Text(text)) = values.get(*field) else { return };
    for word in fold(text).split(' ').filter(|word| !word.is_empty()) {
        insert([prefix.as_slice(), clip(word).as_bytes(), &[0], &id.0].concat());
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
