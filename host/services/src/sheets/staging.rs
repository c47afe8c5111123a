//! Uploads that wait: a file that a person brought is kept until they confirm the import, or a day.
//!
//! ```text
//! DATA/uploads/OWNER-EXPIRY-RANDOM      (length u32 │ sealed piece)…: what it is for, then the file
//! DATA/uploads/.RANDOM.part             still being written
//! ```
//!
//! A sheet holds what its columns hold, so it lies sealed under the platform's own data key, piece by piece, each as that
//! piece of that upload.
//!
//! An upload is visible whole or not at all: it is written beside, flushed to the disk, and renamed. Its
//! name is its identifier, of which 128 bits are random; whoever has somebody else's still gets nothing,
//! since the owner is part of it. What has expired is gone for its owner at once, and from the disk with
//! the next [`Uploads::clean`]. Nobody has to tidy up to go on: where an account has more uploads waiting than
//! it may, its oldest goes.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use dinh_model::{AccountId, ParseError, PluginId, Timestamp};
use serde::{Deserialize, Serialize};

use crate::ServiceError;
use crate::secrets::DataKey;

/// Bytes that are sealed at once: what is held twice in memory.
const PIECE: usize = 1 << 20;
/// What sealing may add to a piece, with its length, and then some.
const SEALED: u64 = 64;

/// What uploads may take up.
#[derive(Clone, Copy, Debug)]
pub struct StagingLimits {
    /// Most bytes of one file.
    pub file_bytes: u64,
    /// Most files one account may have waiting; with one more its oldest goes.
    pub files_per_account: usize,
    /// Most bytes of all files together.
    pub total_bytes: u64,
    /// Seconds until a file expires.
    pub lifetime: i64,
}

impl Default for StagingLimits {
    fn default() -> Self {
        // 32 MiB is a hundred times a sheet of 10,000 rows; five are a few tabs and a program beside them; a
        // day lets a person finish tomorrow morning.
        Self { file_bytes: 32 << 20, files_per_account: 5, total_bytes: 4 << 30, lifetime: 24 * 60 * 60 }
    }
}

impl StagingError {
    /// Whether there is no room on the disk: an operator has to make some.
    pub fn is_disk_full(&self) -> bool {
        use io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
        matches!(self, Self::Io { source, .. } if matches!(source.kind(), StorageFull | QuotaExceeded | FileTooLarge))
    }
}

/// Why an upload was not kept, or is not there.
#[derive(Debug, thiserror::Error)]
pub enum StagingError {
    /// Larger than one file may be.
    #[error("the file is larger than {most} bytes; split it")]
    TooLarge {
        /// Most bytes.
        most: u64,
    },
    /// All uploads together take up too much.
    #[error("the platform keeps no more uploads now; try again later")]
    Full,
    /// There is no such upload of this account; perhaps it expired.
    #[error("there is no such upload, or it has expired; upload the file again")]
    Unknown,
    /// It cannot be sealed.
    #[error(transparent)]
    Sealing(ServiceError),
    /// The disk failed.
    #[error("uploads cannot be kept in {folder}: {source}")]
    Io {
        /// Where.
        folder: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// Names an upload.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct UploadId {
    owner: AccountId,
    expires: i64,
    random: u128,
}

impl fmt::Display for UploadId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}-{:032x}", self.owner, self.expires, self.random)
    }
}

impl FromStr for UploadId {
    type Err = ParseError;
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let parse = || {
            let mut parts = text.split('-');
            let id = Self {
                owner: AccountId(parts.next()?.parse().ok()?),
                expires: parts.next()?.parse().ok()?,
                random: u128::from_str_radix(parts.next()?, 16).ok()?,
            };
            // Only the one way of writing it, so that a name on the disk and an identifier are the same.
            (parts.next().is_none() && id.to_string() == text).then_some(id)
        };
        parse().ok_or_else(|| ParseError::new("the identifier of an upload", text))
    }
}

/// What a new upload is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewUpload {
    /// Who brought it, and alone may see it.
    pub owner: AccountId,
    /// The plugin it is for.
    pub plugin: PluginId,
    /// The import block it is for.
    pub block: String,
    /// Its name, as the person's machine calls it.
    pub file_name: String,
}

/// An upload that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staged {
    /// Its identifier.
    pub id: UploadId,
    /// What it is for.
    pub upload: NewUpload,
    /// When it expires.
    pub expires: Timestamp,
}

/// The folder of uploads.
#[derive(Clone, Debug)]
pub struct Uploads {
    folder: PathBuf,
    limits: StagingLimits,
}

impl Uploads {
    /// The uploads of a data folder.
    pub fn open(data: &Path, limits: StagingLimits) -> Result<Self, StagingError> {
        let uploads = Self { folder: data.join("uploads"), limits };
        fs::create_dir_all(&uploads.folder).map_err(|source| uploads.io(source))?;
        Ok(uploads)
    }

    /// Keeps a file, sealed with the platform's own key; refuses one that is too large. Where its owner has more waiting
    /// than they may, their oldest goes.
    pub fn stage(
        &self,
        mut upload: NewUpload,
        bytes: &[u8],
        now: Timestamp,
        key: &DataKey,
    ) -> Result<Staged, StagingError> {
        let most = self.limits.file_bytes;
        if bytes.len() as u64 > most {
            return Err(StagingError::TooLarge { most });
        }
        let total = self.list()?.iter().fold(0_u64, |total, (_, bytes)| total.saturating_add(*bytes));
        if total >= self.limits.total_bytes {
            return Err(StagingError::Full);
        }
        upload.file_name = super::read::base_name(&upload.file_name);
        let io = |source| self.io(source);
        let mut random = [0; 16];
        getrandom::fill(&mut random).map_err(|error| io(io::Error::other(error)))?;
        let seconds = now.as_second().saturating_add(self.limits.lifetime);
        let id = UploadId { owner: upload.owner, expires: seconds, random: u128::from_be_bytes(random) };
        let expires = Timestamp::from_second(seconds).map_err(|_| StagingError::Unknown)?;
        let head = postcard::to_stdvec(&upload).map_err(|_| io(io::ErrorKind::InvalidData.into()))?;
        let part = Part(self.folder.join(format!(".{:032x}.part", id.random)));
        let mut file = private_file(&part.0).map_err(io)?;
        let mut pieces = std::iter::once(head.as_slice()).chain(bytes.chunks(PIECE)).enumerate().peekable();
        while let Some((number, piece)) = pieces.next() {
            let about = About::of(id, number, pieces.peek().is_none());
            let sealed = key.seal(&about.parts(), piece).map_err(StagingError::Sealing)?;
            let length = u32::try_from(sealed.len()).unwrap_or(u32::MAX).to_le_bytes();
            file.write_all(&length).and_then(|()| file.write_all(&sealed)).map_err(io)?;
        }
        file.sync_all().map_err(io)?;
        fs::rename(&part.0, self.path(id)).map_err(io)?;
        self.make_room(id)?;
        File::open(&self.folder).and_then(|folder| folder.sync_all()).map_err(io)?;
        Ok(Staged { id, upload, expires })
    }

    /// An upload of `owner` for `plugin`, with its bytes. One that was changed, or sealed with a key that was destroyed
    /// since, is none.
    pub fn staged(
        &self,
        id: UploadId,
        owner: AccountId,
        plugin: &PluginId,
        now: Timestamp,
        key: &DataKey,
    ) -> Result<(Staged, Vec<u8>), StagingError> {
        let expires = Timestamp::from_second(id.expires).map_err(|_| StagingError::Unknown)?;
        if id.owner != owner || expires <= now {
            return Err(StagingError::Unknown);
        }
        let file = match File::open(self.path(id)) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(StagingError::Unknown),
            Err(source) => return Err(self.io(source)),
        };
        let mut stored = Vec::new();
        // Heads are small; one byte more than may be there shows that the file is not ours.
        let pieces = self.limits.file_bytes / PIECE as u64 + 2;
        let most = self.limits.file_bytes.saturating_add(pieces * SEALED).saturating_add(1 << 16);
        file.take(most).read_to_end(&mut stored).map_err(|source| self.io(source))?;
        let (upload, bytes) = opened(id, &stored, key).ok_or(StagingError::Unknown)?;
        if upload.owner != owner || upload.plugin != *plugin {
            return Err(StagingError::Unknown);
        }
        Ok((Staged { id, upload, expires }, bytes))
    }

    /// Discards an upload of `owner`; one that is not there is no error.
    pub fn discard(&self, id: UploadId, owner: AccountId) -> Result<(), StagingError> {
        if id.owner != owner {
            return Ok(());
        }
        match fs::remove_file(self.path(id)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(self.io(error)),
            _ => Ok(()),
        }
    }

    /// Removes what has expired, and what was left half-written by a stop; returns how many files.
    pub fn clean(&self, now: Timestamp) -> Result<usize, StagingError> {
        let mut removed = 0;
        for entry in fs::read_dir(&self.folder).map_err(|source| self.io(source))? {
            let entry = entry.map_err(|source| self.io(source))?;
            let name = entry.file_name();
            let Some(name) = name.to_str() else { continue };
            let expired = match name.parse::<UploadId>() {
                Ok(id) => id.expires <= now.as_second(),
                Err(_) => name.ends_with(".part") && self.is_old(&entry, now),
            };
            if expired {
                fs::remove_file(entry.path()).map_err(|source| self.io(source))?;
                removed += 1;
            }
        }
        Ok(removed)
    }

    /// A part that nobody has written to for as long as a file lives will not be finished.
    fn is_old(&self, entry: &fs::DirEntry, now: Timestamp) -> bool {
        let written = entry.metadata().and_then(|about| about.modified()).ok();
        written
            .and_then(|written| Timestamp::try_from(written).ok())
            .is_some_and(|written| now.as_second().saturating_sub(written.as_second()) > self.limits.lifetime)
    }

    /// Makes room for `newest`: what its owner has waiting beyond the bound goes, the oldest first.
    fn make_room(&self, newest: UploadId) -> Result<(), StagingError> {
        let mine = self.list()?.into_iter().map(|(id, _)| id);
        let mut others: Vec<UploadId> = mine.filter(|id| id.owner == newest.owner && *id != newest).collect();
        // All live equally long, so the first to expire is the oldest; within a second the first to be written.
        let written = |id: &UploadId| fs::metadata(self.path(*id)).and_then(|about| about.modified()).ok();
        others.sort_by_cached_key(|id| (id.expires, written(id)));
        let beyond = (others.len() + 1).saturating_sub(self.limits.files_per_account.max(1));
        others.into_iter().take(beyond).try_for_each(|id| self.discard(id, newest.owner))
    }

    fn list(&self) -> Result<Vec<(UploadId, u64)>, StagingError> {
        let mut found = Vec::new();
        for entry in fs::read_dir(&self.folder).map_err(|source| self.io(source))? {
            let entry = entry.map_err(|source| self.io(source))?;
            let id = entry.file_name().to_str().and_then(|name| name.parse::<UploadId>().ok());
            if let (Some(id), Ok(about)) = (id, entry.metadata()) {
                found.push((id, about.len()));
            }
        }
        Ok(found)
    }

    fn path(&self, id: UploadId) -> PathBuf {
        self.folder.join(id.to_string())
    }

    fn io(&self, source: io::Error) -> StagingError {
        StagingError::Io { folder: self.folder.clone(), source }
    }
}

fn private_file(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    File::options().write(true).create_new(true).mode(0o600).open(path)
}

/// What an upload is for, and its bytes; none when a piece does not open as what it is.
fn opened(id: UploadId, mut stored: &[u8], key: &DataKey) -> Option<(NewUpload, Vec<u8>)> {
    let (mut upload, mut bytes, mut number) = (None, Vec::new(), 0);
    while !stored.is_empty() {
        let (length, rest) = stored.split_first_chunk::<4>()?;
        let (sealed, rest) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
        let about = About::of(id, number, rest.is_empty());
        let piece = key.open(&about.parts(), sealed, PluginId::PLATFORM).ok()?;
        match upload {
            None => upload = Some(postcard::from_bytes(&piece).ok()?),
            Some(_) => bytes.extend_from_slice(&piece),
        }
        (stored, number) = (rest, number + 1);
    }
    Some((upload?, bytes))
}

/// What a piece is sealed as: which of which upload, and whether it is the last.
struct About {
    id: String,
    number: [u8; 8],
    last: [u8; 1],
}

impl About {
    fn of(id: UploadId, number: usize, last: bool) -> Self {
        Self { id: id.to_string(), number: (number as u64).to_be_bytes(), last: [u8::from(last)] }
    }

    fn parts(&self) -> [&[u8]; 4] {
        [b"upload", self.id.as_bytes(), &self.number, &self.last]
    }
}

/// A file that is being written; dropped before it has its name, it leaves nothing.
struct Part(PathBuf);

impl Drop for Part {
    fn drop(&mut self) {
        match fs::remove_file(&self.0) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                tracing::warn!(%error, "an unfinished upload is left until the next cleaning");
            }
            _ => {}
        }
    }
}
