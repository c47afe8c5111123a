//! Who sees a file, and what it is.

use std::sync::Arc;

use dinh_model::{Actor, FileId, Label, RecordId, Target, Value, time};

use super::model::{About, FileInfo, Head, Standing};
use super::{FileReader, attach, keys};
use crate::permissions::LABEL_EXPORT;
use crate::records::{self, PluginData};
use crate::secrets::{DataKey, KeyOwner};
use crate::{Call, ServiceError, Thing};

/// Where a piece of a file lies, as it is sealed: nothing else opens there, and it opens nowhere else.
pub(super) struct PiecePlace {
    number: [u8; 4],
    id: FileId,
    piece: [u8; 4],
    last: [u8; 1],
}

pub(super) fn piece_place(number: u32, id: FileId, piece: u32, last: bool) -> PiecePlace {
    PiecePlace { number: number.to_be_bytes(), id, piece: piece.to_be_bytes(), last: [u8::from(last)] }
}

impl PiecePlace {
    pub(super) fn about(&self) -> [&[u8]; 5] {
        [b"file-piece", &self.number, &self.id.0, &self.piece, &self.last]
    }
}

pub(super) fn seal_about(
    key: &DataKey,
    number: u32,
    id: FileId,
    about: &About,
) -> Result<Vec<u8>, ServiceError> {
    let bytes = crate::call::encode(&keys::head(number, id), about)?;
    key.seal(&[b"file-about", &number.to_be_bytes(), &id.0], &bytes)
}

/// What a file is. Needs the plugin's key: where that is destroyed, so is the file, and the error says it.
pub(super) fn about(call: &Call, data: &PluginData, id: FileId, head: &Head) -> Result<About, ServiceError> {
    let key = key(call, data)?;
    let place = data.number.to_be_bytes();
    let opened = key.open(&[b"file-about", &place, &id.0], &head.about, data.plugin.as_str())?;
    let about: About = crate::call::decode(&keys::head(data.number, id), &opened)?;
    if about.size == head.size { Ok(about) } else { Err(crate::call::damaged(&keys::head(data.number, id))) }
}

fn key(call: &Call, data: &PluginData) -> Result<Arc<DataKey>, ServiceError> {
    let found = call.data_key(KeyOwner { number: data.number, id: &data.plugin })?;
    found.ok_or_else(|| ServiceError::Damaged {
        what: "key of sealed files, which is not in the store".into(),
    })
}

pub(super) fn info(id: FileId, head: &Head, about: &About, label: Label) -> FileInfo {
    FileInfo {
        id,
        name: about.name.clone(),
        media: about.media,
        size: about.size,
        sha256: about.sha256,
        label,
        brought_by: head.brought_by,
        brought: time::from_microseconds(head.brought).unwrap_or_default(),
    }
}

/// How the evidence names a file.
pub(super) fn subject(data: &PluginData, id: FileId) -> String {
    format!("file:{}/{id}", data.plugin)
}

/// A file that the actor sees.
struct Seen {
    head: Head,
    label: Label,
    /// The record that holds it, its collection and where it belongs; none while it waits.
    held: Option<(RecordId, String, Target)>,
}

/// The file, if the actor sees it: their own while it waits, else through the record that holds it, which is read as
/// any record is.
fn seen(call: &mut Call, data: &PluginData, id: FileId) -> Result<Option<Seen>, ServiceError> {
    if *call.actor() == Actor::Public {
        return Ok(None);
    }
    let Some(head) = call.load::<Head>(&keys::head(data.number, id))? else { return Ok(None) };
    let Standing::Attached { collection, record, field } = &head.standing else {
        return Ok(attach::waits_for(call, &head).then_some(Seen {
            head,
            label: Label::Ordinary,
            held: None,
        }));
    };
    let (collection, record) = (collection.clone(), *record);
    let Some(declared) = data.collection(&collection).and_then(|it| it.field(field)) else { return Ok(None) };
    let own = declared.1.label;
    let row = records::get(call, data, &collection, record, std::slice::from_ref(field));
    // A record that is not there any more let go of its file in the same change; another value cannot be there.
    let holds = row?.is_some_and(|row| row.values.first() == Some(&Value::Attachment(id)));
    if !holds {
        return Ok(None);
    }
    let Some(target) = records::target_of(call, data, &collection, record)? else { return Ok(None) };
    let label = target.label.max(own);
    Ok(Some(Seen { head, label, held: Some((record, collection, Target { label, ..target })) }))
}

/// What files are; none for each that is not there, or that the actor does not see.
pub fn describe(
    call: &mut Call,
    data: &PluginData,
    ids: &[FileId],
) -> Result<Vec<Option<FileInfo>>, ServiceError> {
    ids.iter()
        .map(|id| {
            let Some(seen) = seen(call, data, *id)? else { return Ok(None) };
            let about = about(call, data, *id, &seen.head)?;
            Ok(Some(info(*id, &seen.head, &about, seen.label)))
        })
        .collect()
}

/// Opens a file to be downloaded. What is confidential needs the right to export what is
/// ([`LABEL_EXPORT`]): it leaves the platform as an exported table does. That it was
/// opened is in the call's evidence, which has to be durable before the first byte leaves.
///
/// # Errors
/// [`ServiceError::NotFound`] when there is none that the actor sees; [`ServiceError::Denied`] when they may look at the
/// record and not take it out; [`ServiceError::Sealed`] when its key was destroyed.
pub fn open(call: &mut Call, data: &PluginData, id: FileId) -> Result<(FileInfo, FileReader), ServiceError> {
    let seen = seen(call, data, id)?.ok_or_else(|| ServiceError::not_found(Thing::File, id))?;
    if let Some((_, _, target)) = &seen.held
        && seen.label > Label::Ordinary
    {
        call.require(&LABEL_EXPORT, target)?;
    }
    let about = about(call, data, id, &seen.head)?;
    let reader = FileReader::new(data, id, about.size, key(call, data)?);
    let info = info(id, &seen.head, &about, seen.label);
    call.plugin = Some(data.plugin.clone());
    let records: Vec<RecordId> = seen.held.iter().map(|(record, _, _)| *record).collect();
    let collection = seen.held.map(|(_, collection, _)| collection).unwrap_or_default();
    let detail =
        [("collection", collection), ("label", seen.label.to_string()), ("bytes", about.size.to_string())];
    let detail = detail.into_iter().filter(|(_, value)| !value.is_empty());
    call.evidence_about("file.viewed", subject(data, id), detail, &records);
    Ok((info, reader))
}

/// Bytes of a file for the plugin's own code: from `offset`, at most `length`; none when there is no file that the actor
/// sees. What is read clings to the call as the record does.
pub fn read(
    call: &mut Call,
    data: &PluginData,
    id: FileId,
    offset: u64,
    length: usize,
) -> Result<Option<Vec<u8>>, ServiceError> {
    let Some(seen) = seen(call, data, id)? else { return Ok(None) };
    let about = about(call, data, id, &seen.head)?;
    let reader = FileReader::new(data, id, about.size, key(call, data)?);
    reader.bytes(call.transaction.snapshot(), offset, length).map(Some)
}
