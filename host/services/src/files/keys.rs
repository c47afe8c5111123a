//! Where files lie.
//!
//! ```text
//! FILE         │ plugin u32 │ file 16                        → head
//! FILE_PIECE   │ plugin u32 │ file 16 │ number u32           → sealed bytes
//! FILE_DUE     │ microseconds i64 │ plugin u32 │ file 16     → what it was counted for
//! FILE_WAITING │ plugin u32 │ account u32 │ file 16          → moment at which it is due
//! FILE_BYTES   │ plugin u32                                  → bytes of all files
//! ```
//! Identifiers are in the order of time, so that of the files that wait for somebody the oldest comes first.

use dinh_model::{AccountId, FileId, RecordId};

use crate::space;

pub(super) fn head(number: u32, id: FileId) -> Vec<u8> {
    space::key(space::FILE, &[&number.to_be_bytes(), &id.0])
}

pub(super) fn pieces(number: u32, id: FileId) -> Vec<u8> {
    space::key(space::FILE_PIECE, &[&number.to_be_bytes(), &id.0])
}

pub(super) fn piece(number: u32, id: FileId, piece: u32) -> Vec<u8> {
    space::key(space::FILE_PIECE, &[&number.to_be_bytes(), &id.0, &piece.to_be_bytes()])
}

/// `at` in microseconds, not before 1970.
pub(super) fn due(at: i64, number: u32, id: FileId) -> Vec<u8> {
    space::key(space::FILE_DUE, &[&at.max(0).to_be_bytes(), &number.to_be_bytes(), &id.0])
}

/// When, of which plugin, which file.
pub(super) fn of_due(key: &[u8]) -> Option<(i64, u32, FileId)> {
    let rest = key.get(1..)?;
    let (at, rest) = rest.split_first_chunk()?;
    let (number, rest) = rest.split_first_chunk()?;
    let (id, []) = rest.split_first_chunk()? else { return None };
    Some((i64::from_be_bytes(*at), u32::from_be_bytes(*number), RecordId(*id)))
}

pub(super) fn waiting_of(number: u32, account: AccountId) -> Vec<u8> {
    space::key(space::FILE_WAITING, &[&number.to_be_bytes(), &account.0.to_be_bytes()])
}

pub(super) fn waiting(number: u32, account: AccountId, id: FileId) -> Vec<u8> {
    space::key(space::FILE_WAITING, &[&number.to_be_bytes(), &account.0.to_be_bytes(), &id.0])
}

/// The file that a key ends with.
pub(super) fn trailing(key: &[u8]) -> Option<FileId> {
    key.last_chunk().copied().map(RecordId)
}

pub(super) fn bytes(number: u32) -> Vec<u8> {
    space::numbered(space::FILE_BYTES, number)
}

/// Bytes of all files of a plugin.
pub(crate) fn bytes_of(snapshot: &dinh_store::Snapshot, number: u32) -> Result<u64, crate::ServiceError> {
    let key = bytes(number);
    let stored = snapshot.get(&key)?;
    stored.map_or(Ok(0), |stored| crate::call::decode(&key, &stored.value))
}
