//! References between records: they lead to records that exist, and keep them from being removed.

use std::collections::BTreeSet;

use dinh_model::key::after_prefix;
use dinh_model::{FieldType, Label, RecordId, Row, Value, Verb};
use dinh_store::Direction;

use super::cover::{Cover, Opener};
use super::place::{Place, trailing_id};
use super::sight::{Sight, target_of_row};
use super::words::Fault;
use super::{FieldProblem, RecordError, index};
use crate::Call;

/// The keys of all references that a record makes, under its cover.
pub(super) fn keys(place: &Place<'_>, cover: &Cover, id: RecordId, values: &[Value]) -> BTreeSet<Vec<u8>> {
    let mut keys = BTreeSet::new();
    for (at, (field, value)) in place.collection.fields.iter().zip(values).enumerate() {
        if let (FieldType::Reference { collection }, Value::Reference(to)) = (&field.kind, value)
            && let Some(target) = place.data.collection(collection)
        {
            let target = Place::of(place.data, target);
            let prefix = if place.collection.seals(at, cover.label) {
                sealed_references_to(&target, cover, *to)
            } else {
                Some(target.references_to(*to))
            };
            keys.extend(prefix.map(|prefix| place.reference(at, id, prefix)));
        }
    }
    keys
}

/// What the keys of all references from sealed fields to a record begin with; none when nothing is sealed.
fn sealed_references_to(target: &Place<'_>, cover: &Cover, to: RecordId) -> Option<Vec<u8>> {
    let hash = cover.hash_reference(target, to)?;
    Some([target.sealed_references().as_slice(), &hash].concat())
}

/// The keys of the references that a record whose key was destroyed made from its sealed fields: they are looked for.
pub(super) fn keys_of_lost(
    call: &mut Call,
    place: &Place<'_>,
    label: Label,
    id: RecordId,
) -> Result<Vec<Vec<u8>>, RecordError> {
    let mut keys = Vec::new();
    for (at, field) in place.collection.fields.iter().enumerate() {
        if let FieldType::Reference { collection } = &field.kind
            && place.collection.seals(at, label)
            && let Some(target) = place.data.collection(collection)
        {
            let from = place.reference(at, id, Vec::new());
            let prefix = Place::of(place.data, target).sealed_references();
            keys.extend(index::looked_for(call, &prefix, |key, _| key.ends_with(&from))?);
        }
    }
    Ok(keys)
}

/// Whether there is a record that the actor may see. What they may not see is not there.
pub(super) fn exists(
    call: &mut Call,
    place: &Place<'_>,
    collection: &str,
    id: RecordId,
) -> Result<bool, RecordError> {
    let target = Place::find(place.data, collection)?;
    let sight = Sight::of(call, place.data, target.permission(Verb::Read))?;
    let opener = Opener::new(call, &target);
    let seen = call.transaction.read(&target.row(id), |item| {
        let row = Row::read(item.value)?;
        let whose = target_of_row(&target, &row);
        if !sight.sees(&whose) {
            return Ok(false);
        }
        let opened = match sight.opens_to_withhold(&target, whose.label) {
            true => opener.open(&call.transaction, &target, id, &row)?,
            false => None,
        };
        let row = opened.as_ref().map_or(Ok(row), |opened| Row::read(opened))?;
        Ok::<_, RecordError>(!sight.is_withheld(&call.transaction, &opener, &target, &row)?)
    })?;
    Ok(seen.transpose()?.unwrap_or(false))
}

/// Refuses while other records refer to a record. Whoever adds such a reference at the same moment
/// conflicts with this change, for it relies on there being none.
pub(super) fn refuse_if_referred_to(call: &Call, place: &Place<'_>, id: RecordId) -> Result<(), RecordError> {
    refuse_any(call, place, id, &place.references_to(id))?;
    if !may_be_referred_to_sealed(place) {
        return Ok(());
    }
    let cover = Cover { label: Label::Confidential, key: call.data_key_left(place.owner())? };
    sealed_references_to(place, &cover, id).map_or(Ok(()), |prefix| refuse_any(call, place, id, &prefix))
}

/// Whether a field that refers to records of this collection may be sealed.
fn may_be_referred_to_sealed(place: &Place<'_>) -> bool {
    place.data.collections.iter().any(|from| {
        let refers = |kind: &FieldType| matches!(kind, FieldType::Reference { collection } if *collection == place.collection.name);
        let mut fields = from.fields.iter().enumerate().filter(|(_, field)| refers(&field.kind));
        fields.any(|(at, _)| from.labels().iter().any(|label| from.seals(at, *label)))
    })
}

fn refuse_any(call: &Call, place: &Place<'_>, id: RecordId, prefix: &[u8]) -> Result<(), RecordError> {
    let end = after_prefix(prefix);
    let mut range = call.transaction.range(prefix, end.as_deref(), Direction::Forward);
    while let Some(item) = range.step()? {
        let rest = item.key.get(prefix.len()..).unwrap_or_default();
        let name = rest.split(|byte| *byte == 0).next().unwrap_or_default();
        let itself = name == place.collection.name.as_bytes() && trailing_id(item.key) == Some(id);
        if itself {
            continue;
        }
        let name = String::from_utf8_lossy(name).into_owned();
        let language = call.language();
        let title = place.data.collection(&name).map(|collection| collection.title.get(language).to_owned());
        let fault = Fault::ReferredTo { title: title.unwrap_or_else(|| name.clone()) };
        let problem = FieldProblem { field: name, message: fault.message(language) };
        return Err(RecordError::Invalid(vec![problem]));
    }
    Ok(())
}
