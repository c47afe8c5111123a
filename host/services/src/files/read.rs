//! The bytes of a file, piece by piece.

use std::sync::Arc;

use dinh_model::FileId;
use dinh_store::Snapshot;
use zeroize::Zeroizing;

use super::model::{PIECE, pieces};
use super::{keys, see};
use crate::records::PluginData;
use crate::secrets::DataKey;
use crate::{Platform, ServiceError};

/// Reads the bytes of a file that was opened. It holds no snapshot: a reader who takes long costs the store nothing. A
/// file that goes meanwhile ends it with an error.
pub struct FileReader {
    number: u32,
    plugin: String,
    id: FileId,
    size: u64,
    key: Arc<DataKey>,
}

impl FileReader {
    pub(super) fn new(data: &PluginData, id: FileId, size: u64, key: Arc<DataKey>) -> Self {
        Self { number: data.number, plugin: data.plugin.to_string(), id, size, key }
    }

    /// How many pieces there are, of [`PIECE`] bytes each but the last.
    pub fn pieces(&self) -> u32 {
        pieces(self.size)
    }

    /// A piece, by its number from 0.
    ///
    /// # Errors
    /// When it is gone, was changed, or is not where it was written.
    pub fn piece(&self, platform: &Platform, number: u32) -> Result<Vec<u8>, ServiceError> {
        Ok(self.opened(&platform.store().snapshot()?, number)?.to_vec())
    }

    fn opened(&self, snapshot: &Snapshot, number: u32) -> Result<Zeroizing<Vec<u8>>, ServiceError> {
        let place = keys::piece(self.number, self.id, number);
        let missing = || ServiceError::Damaged { what: format!("piece {number} of the file {}", self.id) };
        let sealed = snapshot.get(&place)?.ok_or_else(missing)?;
        let last = number + 1 == self.pieces();
        let about = see::piece_place(self.number, self.id, number, last);
        let opened = self.key.open(&about.about(), &sealed.value, &self.plugin)?;
        let length = match last {
            true => self.size - u64::from(number) * PIECE as u64,
            false => PIECE as u64,
        };
        if opened.len() as u64 == length { Ok(opened) } else { Err(missing()) }
    }

    pub(super) fn bytes(
        &self,
        snapshot: &Snapshot,
        offset: u64,
        length: usize,
    ) -> Result<Vec<u8>, ServiceError> {
        let end = offset.saturating_add(length as u64).min(self.size);
        let mut bytes = Vec::new();
        let mut at = offset;
        while at < end {
            let number = u32::try_from(at / PIECE as u64).unwrap_or(u32::MAX);
            let piece = self.opened(snapshot, number)?;
            let begin = u64::from(number) * PIECE as u64;
            let range = usize::try_from(at - begin).unwrap_or(PIECE)
                ..usize::try_from(end - begin).unwrap_or(PIECE).min(piece.len());
            bytes.extend_from_slice(piece.get(range).unwrap_or_default());
            at = begin + PIECE as u64;
        }
        Ok(bytes)
    }
}
