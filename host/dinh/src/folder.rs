//! The data folder: one deployment's state, open in one process at a time.
//!
//! ```text
//! DIR/format              version of this layout; written last, so a folder that has it is whole
//! DIR/begun               there while `init` is at work: what was begun and not finished
//! DIR/lock                held by the process that has the folder open
//! DIR/dinh.redb           the store
//! DIR/uploads, DIR/cache  files being imported; native code
//! DIR/admin.sock          how commands reach a running server
//! DIR/demo-accounts.json  sign-in names and passwords of a demo
//! ```
//! Everything in it belongs to its owner alone: `main` takes group and world rights off whatever we make.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};

/// Version of the layout that this program reads and writes.
pub const FORMAT: u32 = 1;

const FORMAT_FILE: &str = "format";
const BEGUN_FILE: &str = "begun";
const LOCK_FILE: &str = "lock";

/// A data folder that this process has open.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    /// Held, not read: the lock goes when the file is closed, also when the process is killed.
    _lock: File,
}

/// Why a data folder cannot be used. Each message says what to do.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// There is nothing there.
    #[error("there is no data folder {0}; make one with `dinh init --data {0}`", .path.display())]
    Missing {
        /// The folder.
        path: PathBuf,
    },
    /// There are files, and none of them is ours.
    #[error("{} is not a data folder: it has no file `format`; `dinh init` wants a new or an empty folder", .path.display())]
    Foreign {
        /// The folder.
        path: PathBuf,
    },
    /// `init` was killed.
    #[error("{} was begun and not finished: run `dinh init` on it again", .path.display())]
    Unfinished {
        /// The folder.
        path: PathBuf,
    },
    /// `init` on a whole one.
    #[error("{} is a data folder already; nothing was changed", .path.display())]
    Exists {
        /// The folder.
        path: PathBuf,
    },
    /// Written by a later program.
    #[error("{} has format {found}, this program reads {FORMAT}: run the version of dinh that wrote it, or a later one", .path.display())]
    Newer {
        /// The folder.
        path: PathBuf,
        /// What its file `format` says.
        found: String,
    },
    /// Another process has it open.
    #[error("{} is open in another process", .path.display())]
    Locked {
        /// The folder.
        path: PathBuf,
    },
    /// The disk or its rights.
    #[error("cannot use {}: {source}", .path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl Folder {
    /// Opens a whole data folder of our format.
    pub fn open(path: &Path) -> Result<Self, FolderError> {
        let of = || path.to_owned();
        if !path.is_dir() {
            return Err(match path.exists() {
                true => FolderError::Foreign { path: of() },
                false => FolderError::Missing { path: of() },
            });
        }
        let file = path.join(FORMAT_FILE);
        match fs::read_to_string(&file) {
            Ok(found) if found.trim().parse() == Ok(FORMAT) => {}
            Ok(found) => {
                return Err(FolderError::Newer {
                    path: of(),
                    found: found.trim().chars().take(20).collect(),
                });
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(match path.join(BEGUN_FILE).exists() {
                    true => FolderError::Unfinished { path: of() },
                    false => FolderError::Foreign { path: of() },
                });
            }
            Err(source) => return Err(FolderError::Io { path: file, source }),
        }
        let lock = lock(path)?;
        Ok(Self { path: of(), _lock: lock })
    }

    /// Begins a new data folder in a place where there is none. A folder that was begun and not finished is
    /// emptied first. Until [`Folder::finish`], opening it says that it is unfinished.
    pub fn begin(path: &Path) -> Result<Self, FolderError> {
        let of = || path.to_owned();
        let io = |file: &Path| {
            let file = file.to_owned();
            move |source| FolderError::Io { path: file, source }
        };
        if path.join(FORMAT_FILE).exists() {
            return Err(FolderError::Exists { path: of() });
        }
        fs::DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(io(path))?;
        let begun = path.join(BEGUN_FILE);
        let mut entries = fs::read_dir(path).map_err(io(path))?.flatten();
        // Killed before its first word, `init` leaves nothing but the lock.
        if !begun.exists() && entries.any(|entry| entry.file_name() != LOCK_FILE) {
            return Err(FolderError::Foreign { path: of() });
        }
        let lock = lock(path)?;
        write_durably(&begun, b"`dinh init` was at work here; run it again to begin anew\n")
            .map_err(io(&begun))?;
        let folder = Self { path: of(), _lock: lock };
        folder.empty()?;
        Ok(folder)
    }

    /// Declares the folder whole. From here on it opens.
    pub fn finish(self) -> Result<(), FolderError> {
        let io = |source| FolderError::Io { path: self.path.clone(), source };
        write_durably(&self.path.join(FORMAT_FILE), format!("{FORMAT}\n").as_bytes()).map_err(io)?;
        fs::remove_file(self.path.join(BEGUN_FILE)).map_err(io)?;
        sync(&self.path).map_err(io)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Its store.
    pub fn store(&self) -> PathBuf {
        self.path.join("dinh.redb")
    }

    /// Removes what an `init` that was killed left.
    fn empty(&self) -> Result<(), FolderError> {
        let io = |source| FolderError::Io { path: self.path.clone(), source };
        for entry in fs::read_dir(&self.path).map_err(io)? {
            let entry = entry.map_err(io)?;
            if entry.file_name() == BEGUN_FILE || entry.file_name() == LOCK_FILE {
                continue;
            }
            let removed = match entry.file_type().map_err(io)?.is_dir() {
                true => fs::remove_dir_all(entry.path()),
                false => fs::remove_file(entry.path()),
            };
            removed.map_err(io)?;
        }
        Ok(())
    }
}

/// The socket through which commands reach the server of this folder.
pub fn socket(path: &Path) -> PathBuf {
    path.join("admin.sock")
}

/// Where `init --demo` writes sign-in names and passwords.
pub fn demo_accounts(path: &Path) -> PathBuf {
    path.join("demo-accounts.json")
}

/// Writes a file so that after a crash it is there whole, or not at all.
pub fn write_durably(path: &Path, content: &[u8]) -> io::Result<()> {
    let new = path.with_extension("new");
    let mut file = File::create(&new)?;
    file.write_all(content)?;
    file.sync_all()?;
    fs::rename(&new, path)?;
    path.parent().map_or(Ok(()), sync)
}

fn sync(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

fn lock(path: &Path) -> Result<File, FolderError> {
    let file = path.join(LOCK_FILE);
    let io = |source| FolderError::Io { path: file.clone(), source };
    let lock = File::options().create(true).truncate(false).write(true).open(&file).map_err(io)?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(FolderError::Locked { path: path.to_owned() }),
        Err(TryLockError::Error(source)) => return Err(io(source)),
    }
    // Between the two, whoever held the lock may have removed the folder and made it anew: ours would then be
    // the lock of nothing.
    let (there, ours) = (fs::metadata(&file).map_err(io)?, lock.metadata().map_err(io)?);
    if (there.dev(), there.ino()) != (ours.dev(), ours.ino()) {
        return Err(FolderError::Locked { path: path.to_owned() });
    }
    Ok(lock)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new() -> (tempfile::TempDir, PathBuf) {
        let outer = tempfile::tempdir().unwrap();
        let path = outer.path().join("data");
        (outer, path)
    }

    #[test]
    fn a_folder_opens_once_it_is_finished_and_not_before() {
        let (_outer, path) = new();
        assert!(matches!(Folder::open(&path), Err(FolderError::Missing { .. })));
        let begun = Folder::begin(&path).unwrap();
        fs::write(path.join("dinh.redb"), "half").unwrap();
        drop(begun);
        assert!(matches!(Folder::open(&path), Err(FolderError::Unfinished { .. })));

        let again = Folder::begin(&path).unwrap();
        assert!(!path.join("dinh.redb").exists(), "what the first attempt left is gone");
        again.finish().unwrap();
        assert_eq!(Folder::open(&path).unwrap().store(), path.join("dinh.redb"));
        assert!(matches!(Folder::begin(&path), Err(FolderError::Exists { .. })));
    }

    #[test]
    fn a_folder_is_open_in_one_process_at_a_time() {
        let (_outer, path) = new();
        Folder::begin(&path).unwrap().finish().unwrap();
        let first = Folder::open(&path).unwrap();
        assert!(matches!(Folder::open(&path), Err(FolderError::Locked { .. })));
        drop(first);
        Folder::open(&path).unwrap();
    }

    #[test]
    fn a_newer_format_is_refused_by_number() {
        let (_outer, path) = new();
        Folder::begin(&path).unwrap().finish().unwrap();
        for strange in ["2\n", "", "1.5"] {
            fs::write(path.join(FORMAT_FILE), strange).unwrap();
            let refused = Folder::open(&path).unwrap_err();
            assert!(
                matches!(&refused, FolderError::Newer { found, .. } if found == strange.trim()),
                "{refused}"
            );
        }
    }

    #[test]
    fn what_is_not_ours_is_left_alone() {
        let (_outer, path) = new();
        fs::create_dir(&path).unwrap();
        fs::write(path.join("thesis.odt"), "years of work").unwrap();
        assert!(matches!(Folder::begin(&path), Err(FolderError::Foreign { .. })));
        assert!(matches!(Folder::open(&path), Err(FolderError::Foreign { .. })));
        assert!(matches!(Folder::open(&path.join("thesis.odt")), Err(FolderError::Foreign { .. })));
        assert_eq!(fs::read_to_string(path.join("thesis.odt")).unwrap(), "years of work");
    }
}
