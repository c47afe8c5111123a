//! One record.

use dinh_model::{RecordId, Row, UnitId, Value, Verb};

use super::place::Place;
use super::scan::version;
use super::selection::FoundRow;
use super::sight::{Sight, target_of_row};
use super::{MOST_FIELDS, PluginData, RecordError};
use crate::{Call, Resource, ServiceError};

/// One record, with these fields or, without any, all; none when there is none that the actor may see.
pub fn get(
    call: &mut Call,
    data: &PluginData,
    collection: &str,
    id: RecordId,
    fields: &[String],
) -> Result<Option<FoundRow>, RecordError> {
    let place = Place::find(data, collection)?;
    if fields.len() > MOST_FIELDS {
        return Err(RecordError::BadRequest(format!("at most {MOST_FIELDS} fields can be asked for")));
    }
    let wanted: Vec<usize> = if fields.is_empty() {
        (0..place.collection.fields.len()).collect()
    } else {
        fields.iter().map(|name| Ok(place.field(name)?.0)).collect::<Result<_, RecordError>>()?
    };
    let sight = Sight::of(call, data, place.permission(Verb::Read))?;
    call.spend(Resource::RowsRead, 1)?;
    let found = call.transaction.read(&place.row(id), |item| {
        let row = Row::read(item.value)?;
        let target = target_of_row(&place, &row);
        if !sight.sees(&target) {
            return Ok(None);
        }
        let value = |at: &usize| match place.collection.fields.get(*at) {
            Some(field) if sight.sees_field(&target, field.label) => row.value(*at, &field.kind),
            _ => Ok(Value::Empty),
        };
        let values = wanted.iter().map(value).collect::<Result<_, _>>()?;
        Ok(Some(FoundRow { id, version: version(item.version), values }))
    })?;
    found.unwrap_or(Ok(None))
}

/// The unit that a record belongs to; none when there is no such record, or no such collection. For the evidence of
/// the record, which is not the record: whoever asks shows nothing else of it.
pub(crate) fn unit_of(
    call: &Call,
    data: &PluginData,
    collection: &str,
    id: RecordId,
) -> Result<Option<UnitId>, ServiceError> {
    let Ok(place) = Place::find(data, collection) else { return Ok(None) };
    let found = call.transaction.snapshot().read(&place.row(id), |item| {
        Row::read(item.value).map(|row| target_of_row(&place, &row).unit).ok()
    })?;
    Ok(found.flatten())
}
