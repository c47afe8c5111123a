//! References between records: they lead to records that exist, and keep them from being removed.

use std::collections::BTreeSet;

use dinh_model::key::after_prefix;
use dinh_model::{FieldType, RecordId, Row, Value, Verb};
use dinh_store::Direction;

use super::place::{Place, trailing_id};
use super::sight::{Sight, target_of_row};
use super::words::Fault;
use super::{FieldProblem, RecordError};
use crate::Call;

/// The keys of all references that a record makes.
pub(super) fn keys(place: &Place<'_>, id: RecordId, values: &[Value]) -> BTreeSet<Vec<u8>> {
    let mut keys = BTreeSet::new();
    for (at, (field, value)) in place.collection.fields.iter().zip(values).enumerate() {
        if let (FieldType::Reference { collection }, Value::Reference(to)) = (&field.kind, value)
            && let Some(target) = place.data.collection(collection)
        {
            keys.insert(place.reference(at, id, &Place::of(place.data, target), *to));
        }
    }
    keys
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
    let seen = call.transaction.read(&target.row(id), |item| {
        Row::read(item.value).map(|row| sight.sees(&target_of_row(&target, &row)))
    })?;
    Ok(seen.transpose()?.unwrap_or(false))
}

/// Refuses while other records refer to a record. Whoever adds such a reference at the same moment
/// conflicts with this change, for it relies on there being none.
pub(super) fn refuse_if_referred_to(call: &Call, place: &Place<'_>, id: RecordId) -> Result<(), RecordError> {
    let prefix = place.references_to(id);
    let end = after_prefix(&prefix);
    let mut range = call.transaction.range(&prefix, end.as_deref(), Direction::Forward);
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
