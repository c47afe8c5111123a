//! Files that people attached to records (tệp đính kèm).
//!
//! A property of type [`FileId`] holds one; the host takes in the bytes, keeps them sealed, and gives them out to whoever
//! sees the record. A plugin seldom needs them: to draw a name that leads to the file, give the value itself.

use crate::bindings::dinh::platform::files as host;
pub use crate::bindings::dinh::platform::types::Label;
use crate::error::{Error, Result};
use crate::time::Timestamp;
use crate::value::{AccountId, FileId};

/// Most files that are described in one call of the host.
const FILES: usize = 100;
/// Most bytes that cross in one call of the host.
const BYTES: u32 = 64 << 10;

/// What a file is.
#[derive(Clone, Debug, PartialEq)]
pub struct FileInfo {
    /// Its identifier.
    pub id: FileId,
    /// Its name, without folders.
    pub name: String,
    /// Its type as the content says, such as `application/pdf`.
    pub media_type: String,
    /// Bytes.
    pub size: u64,
    /// SHA-256 of its bytes.
    pub sha256: Vec<u8>,
    /// How confidential it is: the higher of its field's and its record's label.
    pub label: Label,
    /// Who brought it.
    pub brought_by: AccountId,
    /// When.
    pub brought: Option<Timestamp>,
}

impl From<host::FileInfo> for FileInfo {
    fn from(info: host::FileInfo) -> Self {
        Self {
            id: FileId(info.id),
            name: info.name,
            media_type: info.media_type,
            size: info.size,
            sha256: info.sha256,
            label: info.label,
            brought_by: AccountId(info.brought_by),
            brought: Timestamp::from_microsecond(info.brought).ok(),
        }
    }
}

/// What files are; none for each that is not there or that the actor does not see.
pub fn describe(ids: &[FileId]) -> Result<Vec<Option<FileInfo>>> {
    let mut all = Vec::with_capacity(ids.len());
    for some in ids.chunks(FILES) {
        let ids: Vec<_> = some.iter().map(|id| id.0).collect();
        let found = host::describe(&ids).map_err(Error::Failed)?;
        all.extend(found.into_iter().map(|info| info.map(FileInfo::from)));
    }
    Ok(all)
}

/// What a file is.
pub fn info(id: FileId) -> Result<Option<FileInfo>> {
    Ok(describe(&[id])?.pop().flatten())
}

/// Bytes of a file from `offset`, at most `length` of them; none when there is no file that the actor sees. They count
/// as bytes that cross.
pub fn read(id: FileId, offset: u64, length: usize) -> Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    while bytes.len() < length {
        let left = u32::try_from(length - bytes.len()).unwrap_or(u32::MAX).min(BYTES);
        let read = host::read(id.0, offset + bytes.len() as u64, left).map_err(Error::Failed)?;
        let Some(some) = read else { return Ok(None) };
        if some.is_empty() {
            break;
        }
        bytes.extend(some);
    }
    Ok(Some(bytes))
}
