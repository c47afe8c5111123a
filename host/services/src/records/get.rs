//! One record.

use dinh_model::{Label, RecordId, Row, Target, Value, Verb};

use super::cover::Opener;
use super::place::Place;
use super::scan::version;
use super::selection::FoundRow;
use super::sight::{Sight, target_of_row};
use super::{MOST_FIELDS, PluginData, RecordError, copies, noted};
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
    let Some((row, label)) = row(call, &place, &sight, id, &wanted)? else { return Ok(None) };
    noted::read(call, &place, label, "get", fields, &[], &[id]);
    copies::cling(call, &place, &[id], &wanted)?;
    Ok(Some(row))
}

/// One record that a sight shows, and the highest label of what is shown of it.
pub(super) fn row(
    call: &mut Call,
    place: &Place<'_>,
    sight: &Sight,
    id: RecordId,
    wanted: &[usize],
) -> Result<Option<(FoundRow, Label)>, RecordError> {
    call.spend(Resource::RowsRead, 1)?;
    let opener = Opener::new(call, place);
    let found = call.transaction.read(&place.row(id), |item| {
        let row = Row::read(item.value)?;
        let target = target_of_row(place, &row);
        if !sight.sees(&target) {
            return Ok(None);
        }
        let mut label = target.label;
        let sealed = |at: &usize| {
            let field = place.collection.fields.get(*at);
            sight.opens()
                && place.collection.seals(*at, target.label)
                && field.is_some_and(|field| sight.sees_field(&target, field.label))
        };
        let opened = match sight.opens_to_withhold(place, target.label) || wanted.iter().any(sealed) {
            true => opener.open(&call.transaction, place, id, &row)?,
            false => None,
        };
        let row = opened.as_ref().map_or(Ok(row), |opened| Row::read(opened))?;
        if sight.is_withheld(&call.transaction, &opener, place, &row)? {
            return Ok(None);
        }
        let value = |at: &usize| match place.collection.fields.get(*at) {
            Some(field) if sight.sees_field(&target, field.label) => {
                let value = row.value(*at, &field.kind)?;
                if !value.is_empty() {
                    label = label.max(field.label);
                }
                Ok(value)
            }
            _ => Ok(Value::Empty),
        };
        let values = wanted.iter().map(value).collect::<Result<_, RecordError>>()?;
        Ok(Some((FoundRow { id, version: version(item.version), values }, label)))
    })?;
    found.unwrap_or(Ok(None))
}

/// Where a record belongs, whoever asks; none when there is no such record. For what is shown with a record, by whoever
/// has shown the record.
pub(crate) fn target_of(
    call: &Call,
    data: &PluginData,
    collection: &str,
    id: RecordId,
) -> Result<Option<Target>, RecordError> {
    let place = Place::find(data, collection)?;
    let found = call
        .transaction
        .read(&place.row(id), |item| Row::read(item.value).map(|row| target_of_row(&place, &row)))?;
    Ok(found.transpose()?)
}

/// Where a record belongs; none when there is no such record, or no such collection. For the evidence of the record,
/// which is not the record: whoever asks shows nothing else of it.
pub(crate) fn known_at(
    call: &Call,
    data: &PluginData,
    collection: &str,
    id: RecordId,
) -> Result<Option<Target>, ServiceError> {
    let Ok(place) = Place::find(data, collection) else { return Ok(None) };
    let found = call
        .transaction
        .snapshot()
        .read(&place.row(id), |item| Row::read(item.value).map(|row| target_of_row(&place, &row)).ok())?;
    Ok(found.flatten())
}
