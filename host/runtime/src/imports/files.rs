//! `files`: what people attached to records, for the plugin's own code.

use dinh_model::{Label, time};
use dinh_services::files::{self as kept, FileInfo as Info};

use super::convert;
use super::size::Size;
use crate::bindings::files::{self, FileInfo};
use crate::bindings::types;
use crate::state::{State, stop};

/// Most files that are described at once.
const MOST_FILES: usize = 100;
/// Most bytes that are read at once.
const MOST_BYTES: u32 = 64 << 10;

type Answer<T> = wasmtime::Result<Result<T, String>>;

impl files::Host for State {
    fn describe(&mut self, ids: Vec<types::FileId>) -> Answer<Vec<Option<FileInfo>>> {
        self.crossed(ids.len() * 16)?;
        if ids.len() > MOST_FILES {
            return Ok(Err(format!("at most {MOST_FILES} files are described at a time, not {}", ids.len())));
        }
        self.looks(ids.len())?;
        let ids: Vec<_> = ids.into_iter().map(convert::record_id).collect();
        let found = kept::describe(&mut self.call, &self.data, &ids).map_err(stop)?;
        let told: Vec<_> = found.into_iter().map(|info| info.map(file_info)).collect();
        self.crossed(told.size())?;
        Ok(Ok(told))
    }

    fn read(&mut self, id: types::FileId, offset: u64, length: u32) -> Answer<Option<Vec<u8>>> {
        self.crossed(32)?;
        if length == 0 || length > MOST_BYTES {
            return Ok(Err(format!("1 to {MOST_BYTES} bytes are read at a time, not {length}")));
        }
        self.looks(1)?;
        let id = convert::record_id(id);
        let read = kept::read(&mut self.call, &self.data, id, offset, length as usize).map_err(stop)?;
        self.crossed(read.as_ref().map_or(1, Vec::len))?;
        Ok(Ok(read))
    }
}

fn file_info(info: Info) -> FileInfo {
    FileInfo {
        id: convert::to_record_id(info.id),
        name: info.name,
        media_type: info.media.to_string(),
        size: info.size,
        sha256: info.sha256.to_vec(),
        label: match info.label {
            Label::Ordinary => types::Label::Ordinary,
            Label::Confidential => types::Label::Confidential,
        },
        brought_by: info.brought_by.0,
        brought: time::microseconds(info.brought),
    }
}

impl Size for FileInfo {
    fn size(&self) -> usize {
        self.name.size() + self.media_type.size() + self.sha256.len() + 48
    }
}
