//! Files of the data folder: written whole or not at all.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

/// Makes a folder only its owner can look into, with what leads there.
pub(crate) fn folder(path: &Path) -> io::Result<()> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// Writes beside the destination, makes it durable, and renames: readers see the old file or the new one,
/// also after a crash.
pub(crate) fn write(path: &Path, parts: &[&[u8]]) -> io::Result<()> {
    let beside = path.with_extension(format!("{}.part", unique()));
    let written = write_new(&beside, parts)
        .and_then(|()| fs::rename(&beside, path))
        .and_then(|()| path.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all()));
    if written.is_err() {
        let _ = fs::remove_file(&beside);
    }
    written
}

/// Makes a file that is not there yet, with all that is in it at once: whoever finds it finds it whole.
pub(crate) fn create(path: &Path, parts: &[&[u8]]) -> io::Result<()> {
    let beside = path.with_extension(format!("{}.part", unique()));
    let created = write_new(&beside, parts).and_then(|()| fs::hard_link(&beside, path));
    let _ = fs::remove_file(&beside);
    created
}

/// Writes a file for its owner only.
fn write_new(path: &Path, parts: &[&[u8]]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    for part in parts {
        file.write_all(part)?;
    }
    file.sync_all()
}

/// Two writers of one file, in this process or another, do not meet.
fn unique() -> String {
    use std::sync::atomic::{AtomicU64, Ordering};
    static WRITTEN: AtomicU64 = AtomicU64::new(0);
    format!("{}-{}", std::process::id(), WRITTEN.fetch_add(1, Ordering::Relaxed))
}
