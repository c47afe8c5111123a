//! What covers a record at rest: which of its fields are sealed, and the key that seals and hashes them.
//!
//! Which fields those are depends on the schema and on the record's label alone ([`Collection::seals`]), so that it is
//! known from what stands in the clear. A sealed row opens only as the record it was written for.
//!
//! Where the key was destroyed, a record is *lost*: there is what stands in the clear, a list says what happened to the
//! rest ([`without_sealed`]), and whoever may can delete it. Whatever else needs the rest is refused: no total leaves it
//! out without a word.
//!
//! [`Collection::seals`]: dinh_model::Collection::seals

use std::cell::{Cell, OnceCell};
use std::sync::Arc;

use dinh_model::row::{self, Placeholder, sealed};
use dinh_model::{AccountId, Field, FieldType, IndexKind, Label, RecordId, Row, RowError, Value, key};
use dinh_store::Transaction;
use zeroize::Zeroizing;

use super::RecordError;
use super::fields::key_of;
use super::place::{Place, position};
use super::sight::target_of_values;
use crate::secrets::{About, DataKey, SealError, Secrets};
use crate::{Call, ServiceError};

/// What the part of an index key begins with that is a keyed hash: beside 0 for empty and 1 for filled in.
pub(super) const HASHED: u8 = 2;

/// What covers the records of one label.
#[derive(Clone)]
pub(super) struct Cover {
    pub(super) label: Label,
    /// None when nothing of the plugin is sealed.
    pub(super) key: Option<Arc<DataKey>>,
}

impl Cover {
    /// For a record with these values that is going to be written.
    pub(super) fn to_write(
        call: &mut Call,
        place: &Place<'_>,
        values: &[Value],
    ) -> Result<Self, RecordError> {
        let label = target_of_values(place, values).label;
        let collection = place.collection;
        for (at, value) in values.iter().enumerate() {
            if matches!(value, Value::Drawn(_)) && collection.seals(at, label) {
                let field = place.collection.fields.get(at).map_or("", |field| &field.name);
                return Err(RecordError::BadRequest(format!(
                    "{field:?} is sealed in this record, before its number is drawn: write `drawn = true` at the field \
                     in the manifest, so that numbers stand there in the clear"
                )));
            }
        }
        let seals = (0..collection.fields.len()).any(|field| collection.seals(field, label));
        let key = match seals {
            true => Some(call.data_key_to_seal(place.owner())?),
            // Values that are gone take nobody's place.
            false if has_rivals(place) => call.data_key_left(place.owner())?,
            false => None,
        };
        Ok(Self { label, key })
    }

    /// Of a record of that label that is stored.
    pub(super) fn of_stored(call: &Call, place: &Place<'_>, label: Label) -> Result<Self, RecordError> {
        let seals = (0..place.collection.fields.len()).any(|field| place.collection.seals(field, label));
        let key = if seals { call.data_key(place.owner())? } else { None };
        Ok(Self { label, key })
    }

    /// The same for a record of another label.
    pub(super) fn with_label(&self, label: Label) -> Self {
        Self { label, key: self.key.clone() }
    }

    /// Appends a field's part of an index key: its value, or the hash of it where it is sealed. `lone` is given where
    /// empty ones do not have to differ: they then do, so that it does not show that they are empty.
    pub(super) fn push(
        &self,
        place: &Place<'_>,
        to: &mut Vec<u8>,
        field: usize,
        value: &Value,
        lone: Option<RecordId>,
    ) -> Option<(usize, u32)> {
        if !place.collection.seals(field, self.label) {
            return key::push(to, value);
        }
        let mut bytes = key_of(value);
        if let (Some(id), true) = (lone, value.is_empty()) {
            bytes.extend(id.0);
        }
        // Without a key nothing sealed is stored, and nothing is found.
        to.extend(self.hash(place, field, &bytes).unwrap_or_default());
        None
    }

    /// A field's part of an index key, of what is a value's part where it stands in the clear; none without a key.
    pub(super) fn hash(&self, place: &Place<'_>, field: usize, part: &[u8]) -> Option<Vec<u8>> {
        let about = [b"index", place.collection.name.as_bytes(), &position(field)];
        let hash = self.key.as_ref()?.hash(&about, part);
        Some([&[HASHED][..], &hash].concat())
    }

    /// What a reference from a sealed field to a record of `target` is found by.
    pub(super) fn hash_reference(&self, target: &Place<'_>, to: RecordId) -> Option<[u8; 16]> {
        let about = [&b"reference"[..], target.collection.name.as_bytes()];
        Some(self.key.as_ref()?.hash(&about, &to.0))
    }

    /// The row of a record as bytes, and where numbers have yet to be put into it.
    pub(super) fn encode(
        &self,
        place: &Place<'_>,
        id: RecordId,
        values: &[Value],
    ) -> Result<(Vec<u8>, Vec<Placeholder>), RecordError> {
        let seals = |field| place.collection.seals(field, self.label);
        if !(0..values.len()).any(seals) {
            return Ok(row::write(values)?);
        }
        let key = self.key.as_ref().ok_or_else(no_key)?;
        let parts = sealed::write_parts(values, seals)?;
        let sealed = about_row(place, id, |about| key.seal(about, &parts.secret))?;
        Ok(parts.with(&sealed)?)
    }
}

/// Whether a record that stands in the clear and one that is sealed may want the same place in a unique index.
fn has_rivals(place: &Place<'_>) -> bool {
    place.collection.labels().len() > 1
        && place.collection.indexes.iter().any(|index| index.kind == IndexKind::Unique)
}

/// Opens sealed rows of one plugin; the key is looked for when the first one comes.
pub(super) struct Opener {
    secrets: Arc<Secrets>,
    key: OnceCell<Arc<DataKey>>,
    /// The last record of which others are parts, and whom it is withheld from (`withheld`).
    pub(super) whole: Cell<Option<(RecordId, Option<AccountId>)>>,
}

impl Opener {
    pub(super) fn new(call: &Call, place: &Place<'_>) -> Self {
        // A key that the call itself has made is not in the store yet.
        let made = call.new_keys.find(place.data.number);
        let key = made.map_or_else(OnceCell::new, OnceCell::from);
        Self { secrets: Arc::clone(&call.common.secrets), key, whole: Cell::new(None) }
    }

    /// The row as it was written; none for one of which nothing is sealed.
    pub(super) fn open(
        &self,
        transaction: &Transaction,
        place: &Place<'_>,
        id: RecordId,
        row: &Row<'_>,
    ) -> Result<Option<Zeroizing<Vec<u8>>>, RecordError> {
        let Some(sealed) = row.sealed() else { return Ok(None) };
        let owner = place.owner();
        let key = match self.key.get() {
            Some(key) => key,
            None => {
                let found = self.secrets.find(transaction, owner.number)?.ok_or_else(no_key)?;
                self.key.get_or_init(|| found)
            }
        };
        let opened = about_row(place, id, |about| key.open(about, sealed, owner.id.as_str()));
        let secret = opened.map_err(ServiceError::from)?;
        Ok(Some(Zeroizing::new(sealed::join(row, &secret)?)))
    }
}

/// What lists show in place of a sealed text whose key was destroyed; one for both languages, so that an order by it is
/// the same for everybody.
pub(super) const LOST: &str = "(đã huỷ khoá – key destroyed)";

/// A row whose key was destroyed: what stands in the clear, with [`LOST`] for each sealed text, as a row of format 1.
pub(super) fn without_sealed(place: &Place<'_>, row: &Row<'_>, label: Label) -> Result<Vec<u8>, RecordError> {
    let value = |(at, field): (usize, &Field)| match &field.kind {
        FieldType::Text if place.collection.seals(at, label) => Ok(Value::Text(LOST.to_owned())),
        kind => row.value(at, kind),
    };
    let values: Vec<Value> =
        place.collection.fields.iter().enumerate().map(value).collect::<Result<_, RowError>>()?;
    Ok(row::write(&values)?.0)
}

/// Whether something cannot be opened since its key was destroyed.
pub(super) fn is_lost(error: &RecordError) -> bool {
    matches!(error, RecordError::Service(ServiceError::Sealed(SealError::Destroyed { .. })))
}

/// What a sealed row is sealed as.
fn about_row<T>(place: &Place<'_>, id: RecordId, then: impl FnOnce(About<'_>) -> T) -> T {
    let (number, generation) = (place.data.number.to_be_bytes(), place.data.generation.to_be_bytes());
    then(&[b"row", &number, &generation, place.collection.name.as_bytes(), &id.0])
}

fn no_key() -> RecordError {
    ServiceError::Damaged { what: "key of sealed records, which is not in the store".into() }.into()
}
