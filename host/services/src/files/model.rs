//! What is known of a file: what stands in the clear, what lies sealed, and the bounds.

use std::time::Duration;

use dinh_model::{AccountId, FileId, Label, MediaType, RecordId, Timestamp};
use serde::{Deserialize, Serialize};

/// Bytes of a piece; the last one of a file may be shorter. Each is written by a change of its own, for which others
/// wait no longer than for a few records.
pub const PIECE: usize = 256 << 10;

/// What files may take up. Every bound is enforced; none is optional.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileLimits {
    /// Most bytes of one file; at most [`FileLimits::LARGEST`].
    pub file_bytes: u64,
    /// Most files of one field of a form; at most 100.
    pub files_per_field: u32,
    /// Most bytes of all files of one plugin, those on their way and those to be removed included.
    pub plugin_bytes: u64,
    /// Most files that wait for one account in one plugin to be attached, or are on their way; with one more the oldest
    /// goes.
    pub waiting_each: usize,
    /// How long a file waits.
    pub waits: Duration,
}

impl FileLimits {
    /// The most that `file_bytes` may be: 512 MiB, 2,048 pieces.
    pub const LARGEST: u64 = 512 << 20;
}

impl Default for FileLimits {
    fn default() -> Self {
        // A scan of 40 pages at 200 dpi is 8 to 15 MB. 20 GiB are a thousand of the largest files.
        Self {
            file_bytes: 20 << 20,
            files_per_field: 20,
            plugin_bytes: 20 << 30,
            waiting_each: 50,
            waits: Duration::from_secs(24 * 3600),
        }
    }
}

/// A file, as far as those who see it are told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileInfo {
    /// Its identifier.
    pub id: FileId,
    /// Its name, without folders.
    pub name: String,
    /// Its type, as the content says.
    pub media: MediaType,
    /// Its bytes.
    pub size: u64,
    /// SHA-256 of its bytes.
    pub sha256: [u8; 32],
    /// How confidential it is: as its field in its record. Ordinary while it waits.
    pub label: Label,
    /// Who brought it.
    pub brought_by: AccountId,
    /// When.
    pub brought: Timestamp,
}

/// The head of a file in the store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Head {
    pub(super) size: u64,
    pub(super) brought_by: AccountId,
    /// Microseconds.
    pub(super) brought: i64,
    pub(super) standing: Standing,
    /// [`About`], sealed.
    pub(super) about: Vec<u8>,
}

/// Where a file belongs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Standing {
    /// Nowhere yet: it is removed from this moment on (microseconds).
    Waits(i64),
    /// To a field of a record.
    Attached { collection: String, record: RecordId, field: String },
}

/// What a file is: sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct About {
    pub(super) name: String,
    pub(super) media: MediaType,
    pub(super) size: u64,
    pub(super) sha256: [u8; 32],
}

/// What is to be removed, and when: how much it is counted for, for whom it waits, and whether it is a file yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Due {
    pub(super) plugin: String,
    pub(super) counted: u64,
    pub(super) waits_for: Option<AccountId>,
    pub(super) finished: bool,
}

/// How many pieces so many bytes are.
pub(super) fn pieces(size: u64) -> u32 {
    u32::try_from(size.div_ceil(PIECE as u64)).unwrap_or(u32::MAX)
}
