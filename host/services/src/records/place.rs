//! Where a collection lies in the key space.
//!
//! ```text
//! RECORD   │ plugin u32 │ generation u32 │ collection 0 │ record 16                        → row
//! INDEX    │ plugin u32 │ generation u32 │ collection 0 │ o n fields… │ values… │ record   → –
//! INDEX    │ plugin u32 │ generation u32 │ collection 0 │ e n fields… │ values… │ record   → –
//! INDEX    │ plugin u32 │ generation u32 │ collection 0 │ u n fields… │ values…            → record
//! INDEX    │ plugin u32 │ generation u32 │ collection 0 │ u n fields… │ values… │ record   → record
//! INDEX    │ plugin u32 │ generation u32 │ collection 0 │ s 1 field   │ word 0 │ record    → –
//! INDEX    │ plugin u32 │ generation u32 │ collection 0 │ s 1 field   │ 255 0 │ record     → –
//! INDEX    │ plugin u32 │ generation u32 │ collection 0 │ r │ record │ collection 0 field u16 record → –
//! INDEX    │ plugin u32 │ generation u32 │ collection 0 │ q │ hash 16 │ collection 0 field u16 record → –
//! SEQUENCE │ plugin u32 │ sequence 0 │ period                                               → number
//! ```
//!
//! An index is named by its kind and the positions of its fields, which never change: no number has to be
//! kept for it, and an index declared twice is one index. A unique index has the record in its key only
//! when one of its fields is empty, since empty ones do not have to differ.
//!
//! Of a field that is sealed in a record, the entry holds a keyed hash in place of the value (`cover`): 2 and 16 bytes,
//! where a value begins with 0 or 1, so they come after all values. Words of sealed texts have no entries; `255` says
//! that the record has to be read. References from sealed fields are at `q`.

use std::sync::Arc;

use dinh_model::{Collection, Field, Index, IndexKind, RecordId, Verb};

use super::{PluginData, RecordError};
use crate::secrets::KeyOwner;
use crate::space;

/// A collection and where its keys begin.
pub(super) struct Place<'a> {
    pub(super) data: &'a PluginData,
    pub(super) collection: &'a Arc<Collection>,
    rows: Vec<u8>,
}

impl<'a> Place<'a> {
    /// The place of the collection of that name.
    pub(super) fn find(data: &'a PluginData, name: &str) -> Result<Self, RecordError> {
        let collection = data.collection(name).ok_or_else(|| {
            let known: Vec<_> = data.collections.iter().map(|known| known.name.as_str()).collect();
            RecordError::BadRequest(format!(
                "there is no collection {name:?} in the manifest of {}; it declares {}",
                data.plugin,
                known.join(", ")
            ))
        })?;
        Ok(Self::of(data, collection))
    }

    /// The place of one of the plugin's collections.
    pub(super) fn of(data: &'a PluginData, collection: &'a Arc<Collection>) -> Self {
        Self { data, collection, rows: base(space::RECORD, data, &collection.name) }
    }

    /// The key of a row.
    pub(super) fn row(&self, id: RecordId) -> Vec<u8> {
        [self.rows.as_slice(), &id.0].concat()
    }

    /// The same in the room of another row's key.
    pub(super) fn row_in<'k>(&self, id: RecordId, key: &'k mut Vec<u8>) -> &'k [u8] {
        key.clear();
        key.extend_from_slice(&self.rows);
        key.extend_from_slice(&id.0);
        key
    }

    /// What the keys of all rows begin with.
    pub(super) fn rows(&self) -> &[u8] {
        &self.rows
    }

    /// What the keys of all indexes, and of all references to its records, begin with.
    pub(super) fn indexes(&self) -> Vec<u8> {
        base(space::INDEX, self.data, &self.collection.name)
    }

    /// What the keys of all references to its records begin with.
    pub(super) fn references(&self) -> Vec<u8> {
        let mut key = self.indexes();
        key.push(b'r');
        key
    }

    /// What the keys of an index begin with.
    pub(super) fn index(&self, index: &Index) -> Vec<u8> {
        let mut key = self.indexes();
        key.push(match index.kind {
            IndexKind::Ordered => b'o',
            IndexKind::Unique => b'u',
            IndexKind::Equal => b'e',
            IndexKind::Search => b's',
        });
        key.push(u8::try_from(index.fields.len()).unwrap_or(u8::MAX));
        for field in &index.fields {
            key.extend(position(*field));
        }
        key
    }

    /// What the keys of all references to a record of this collection begin with.
    pub(super) fn references_to(&self, id: RecordId) -> Vec<u8> {
        let mut key = self.references();
        key.extend(id.0);
        key
    }

    /// What the keys of all references from sealed fields to its records begin with.
    pub(super) fn sealed_references(&self) -> Vec<u8> {
        let mut key = self.indexes();
        key.push(b'q');
        key
    }

    /// The key of the reference that `field` of record `from` in this collection makes, of what the keys of all
    /// references to the same record begin with.
    pub(super) fn reference(&self, field: usize, from: RecordId, mut key: Vec<u8>) -> Vec<u8> {
        key.extend(self.collection.name.as_bytes());
        key.push(0);
        key.extend(position(field));
        key.extend(from.0);
        key
    }

    /// A field by name.
    pub(super) fn field(&self, name: &str) -> Result<(usize, &'a Field), RecordError> {
        self.collection.field(name).ok_or_else(|| {
            RecordError::BadRequest(format!(
                "there is no field {name:?} in the collection {}",
                self.collection.name
            ))
        })
    }

    /// The permission that a verb needs.
    pub(super) fn permission(&self, verb: Verb) -> &'a dinh_model::Permission {
        self.collection.permissions.get(verb)
    }

    /// Whose key seals its records.
    pub(super) fn owner(&self) -> KeyOwner<'a> {
        KeyOwner { number: self.data.number, id: &self.data.plugin }
    }

    /// How the evidence names a record.
    pub(super) fn subject(&self, id: RecordId) -> String {
        format!("{}/{id}", self.path())
    }

    /// How the evidence names the collection.
    pub(super) fn path(&self) -> String {
        format!("{}/{}", self.data.plugin, self.collection.name)
    }
}

fn base(kind: u8, data: &PluginData, collection: &str) -> Vec<u8> {
    space::key(
        kind,
        &[&data.number.to_be_bytes(), &data.generation.to_be_bytes(), collection.as_bytes(), &[0]],
    )
}

/// The position of a field, in keys.
pub(super) fn position(field: usize) -> [u8; 2] {
    u16::try_from(field).unwrap_or(u16::MAX).to_be_bytes()
}

/// The record that a key ends with.
pub(super) fn trailing_id(key: &[u8]) -> Option<RecordId> {
    key.last_chunk().copied().map(RecordId)
}
