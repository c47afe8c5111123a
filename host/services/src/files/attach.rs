//! A file and the field that holds it: attached with the record that is written, let go of with it.

use dinh_model::{AttachmentRule, FileId, MediaType, RecordId, time};

use super::keys;
use super::model::{Due, Head, Standing};
use super::see;
use crate::records::PluginData;
use crate::{Call, ServiceError};

/// Why a file cannot be attached to a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum FileFault {
    /// There is none that waits for the actor: somebody else's, attached elsewhere, expired.
    Gone,
    /// Larger than the field takes.
    TooLarge {
        /// Most bytes.
        most: u64,
    },
    /// Of a type that the field does not take.
    Media {
        /// Those it takes.
        taken: Vec<MediaType>,
    },
}

/// Why a file cannot be attached by the actor to a field with this rule; none when it can.
pub(crate) fn fault(
    call: &Call,
    data: &PluginData,
    id: FileId,
    rule: &AttachmentRule,
) -> Result<Option<FileFault>, ServiceError> {
    let Some(head) = call.load::<Head>(&keys::head(data.number, id))? else {
        return Ok(Some(FileFault::Gone));
    };
    if !waits_for(call, &head) {
        return Ok(Some(FileFault::Gone));
    }
    if let Some(most) = rule.most_bytes.filter(|most| head.size > *most) {
        return Ok(Some(FileFault::TooLarge { most }));
    }
    if rule.media.is_empty() {
        return Ok(None);
    }
    let about = see::about(call, data, id, &head)?;
    let taken = rule.media.contains(&about.media);
    Ok((!taken).then(|| FileFault::Media { taken: rule.media.clone() }))
}

/// Whether a file waits, and for the actor. Its time is over when it says so, whether or not it has been swept away.
pub(super) fn waits_for(call: &Call, head: &Head) -> bool {
    match head.standing {
        Standing::Waits(until) => {
            until > time::microseconds(call.now()) && call.account() == Some(head.brought_by)
        }
        Standing::Attached { .. } => false,
    }
}

/// Attaches a file, of which [`fault`] said that it can be, to a field of a record.
pub(crate) fn attach(
    call: &mut Call,
    data: &PluginData,
    id: FileId,
    (collection, record, field): (&str, RecordId, &str),
) -> Result<(), ServiceError> {
    let key = keys::head(data.number, id);
    let head = call.load::<Head>(&key)?.ok_or_else(|| gone(id))?;
    let Standing::Waits(due) = head.standing else { return Err(gone(id)) };
    call.transaction.delete(keys::due(due, data.number, id));
    call.transaction.delete(keys::waiting(data.number, head.brought_by, id));
    let standing = Standing::Attached { collection: collection.to_owned(), record, field: field.to_owned() };
    call.save(key, &Head { standing, ..head })
}

/// Lets go of a file whose field is emptied, given another, or removed with its record: from this change on there is
/// none, and its bytes are swept away.
pub(crate) fn detach(call: &mut Call, data: &PluginData, id: FileId) -> Result<(), ServiceError> {
    let key = keys::head(data.number, id);
    let Some(head) = call.load::<Head>(&key)? else { return Ok(()) };
    call.transaction.delete(key);
    let due = Due { plugin: data.plugin.to_string(), counted: head.size, waits_for: None, finished: true };
    call.save(keys::due(0, data.number, id), &due)
}

/// Lets go of a file that waits until `due`.
pub(super) fn let_go_waiting(call: &mut Call, number: u32, id: FileId, due: i64) -> Result<(), ServiceError> {
    let key = keys::due(due, number, id);
    let Some(known) = call.load::<Due>(&key)? else { return Ok(()) };
    call.transaction.delete(key);
    call.transaction.delete(keys::head(number, id));
    if let Some(account) = known.waits_for {
        call.transaction.delete(keys::waiting(number, account, id));
    }
    call.save(keys::due(0, number, id), &Due { waits_for: None, ..known })
}

/// A file that was there a moment ago.
fn gone(id: FileId) -> ServiceError {
    ServiceError::not_found(crate::Thing::File, id)
}
