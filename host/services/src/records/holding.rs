//! The files that a record holds: attached when it is written, let go of when it does not hold them any more.

use dinh_model::{FieldType, FileId, RecordId, Value};

use super::RecordError;
use super::place::Place;
use crate::{Call, files};

/// The files in the fields of these values, each with its field.
pub(super) fn files<'v>(
    place: &'v Place<'_>,
    values: &'v [Value],
) -> impl Iterator<Item = (usize, FileId)> + 'v {
    let fields = place.collection.fields.iter().zip(values).enumerate();
    fields.filter_map(|(at, (field, value))| match (&field.kind, value) {
        (FieldType::Attachment(_), Value::Attachment(id)) => Some((at, *id)),
        _ => None,
    })
}

/// Attaches and lets go of what differs between a record as it was and as it will be; none of either for one that is new
/// or goes. What is attached has been validated.
pub(super) fn change(
    call: &mut Call,
    place: &Place<'_>,
    record: RecordId,
    before: &[Value],
    after: &[Value],
) -> Result<(), RecordError> {
    let was: Vec<_> = files(place, before).collect();
    let is: Vec<_> = files(place, after).collect();
    for (_, id) in was.iter().filter(|held| !is.contains(held)) {
        files::detach(call, place.data, *id)?;
    }
    for (at, id) in is.iter().filter(|held| !was.contains(held)) {
        let field = place.collection.fields.get(*at).map_or("", |field| &field.name);
        files::attach(call, place.data, *id, (&place.collection.name, record, field))?;
    }
    Ok(())
}

/// Whether a file stands twice among the fields of a record.
pub(super) fn is_twice(place: &Place<'_>, values: &[Value], at: usize, id: FileId) -> bool {
    files(place, values).any(|(other, known)| other < at && known == id)
}
