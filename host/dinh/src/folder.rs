//! The data folder: one deployment's state, open in one process at a time.
//!
//! ```text
//! DIR/format              version of this layout; written last, so a folder that has it is whole
//! DIR/begun               there while `init` is at work: what was begun and not finished
//! DIR/lock                held by the process that has the folder open
//! DIR/dinh.redb           the store
//! DIR/evidence.key        what signs the heads of the evidence
//! DIR/keys                what wraps the keys of what lies sealed in the store
//! DIR/uploads, DIR/cache  files being imported; native code
//! DIR/admin.sock          how commands reach a running server
//! DIR/served.toml         the configuration that the server was last started with
//! DIR/demo-accounts.json  sign-in names and passwords of a demo
//! ```
//! Everything in it belongs to its owner alone, who alone may use it: `main` takes group and world rights off
//! whatever we make, and a folder that is another user's, or that others can look into, is refused before
//! anything in it is touched.

use std::fs::{self, File, Permissions, TryLockError};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// Version of the layout that this program reads and writes.
pub const FORMAT: u32 = 1;

const FORMAT_FILE: &str = "format";
/// The store.
const STORE_FILE: &str = "dinh.redb";
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
    /// There is a store, and nothing says of which version.
    #[error(
        "{0} holds a store, and its file `format` is lost: bring it back from a backup of this folder; or, if this \
         version of dinh was the last to use it, with `echo {FORMAT} > {0}/format`",
        .path.display()
    )]
    FormatLost {
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
    /// Its file `format` is not one that any version wrote.
    #[error("{} is damaged: its file `format` holds {found:?} and not a version; restore the folder from a backup", .path.display())]
    Damaged {
        /// The folder.
        path: PathBuf,
        /// What its file `format` says.
        found: String,
    },
    /// It is another user's. What we wrote into it, that user could not read any more.
    #[error("{} belongs to {owner}, and this is {us}: {remedy}", .path.display())]
    NotOurs {
        /// The folder.
        path: PathBuf,
        /// Whose it is.
        owner: String,
        /// Who we are.
        us: String,
        /// What to do about it.
        remedy: String,
    },
    /// Other users can look into it.
    #[error(
        "{0} is open to other users of this machine (mode {mode:o}), and it holds password hashes: shut it with \
         `chmod -R go= {0}`, and have passwords changed if others have been here",
        .path.display()
    )]
    Exposed {
        /// The folder.
        path: PathBuf,
        /// Its mode.
        mode: u32,
    },
    /// Another process has it open.
    #[error(
        "{} is open in another process, its server or another command: wait until that ends, or stop the server and \
         try again",
        .path.display()
    )]
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
        let format = fs::read(&file);
        if format.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::NotFound) {
            return Err(match (path.join(BEGUN_FILE).exists(), path.join(STORE_FILE).exists()) {
                (true, _) => FolderError::Unfinished { path: of() },
                (false, true) => FolderError::FormatLost { path: of() },
                (false, false) => FolderError::Foreign { path: of() },
            });
        }
        // Before what is in the file: whoever may not read it is told whose it is.
        let mode = owned(path, our_user())?;
        if mode & OTHERS != 0 {
            return Err(FolderError::Exposed { path: of(), mode: mode & 0o777 });
        }
        check_format(path, &format.map_err(|source| FolderError::Io { path: file, source })?)?;
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
        Self::may_begin(path)?;
        fs::DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(io(path))?;
        // A folder that was there, empty, is shut to others from now on.
        fs::set_permissions(path, Permissions::from_mode(0o700)).map_err(io(path))?;
        let begun = path.join(BEGUN_FILE);
        let lock = lock(path)?;
        write_durably(&begun, b"`dinh init` was at work here; run it again to begin anew\n")
            .map_err(io(&begun))?;
        let folder = Self { path: of(), _lock: lock };
        folder.empty()?;
        Ok(folder)
    }

    /// Whether a data folder can be begun there; changes nothing.
    pub fn may_begin(path: &Path) -> Result<(), FolderError> {
        let of = || path.to_owned();
        if path.join(FORMAT_FILE).exists() {
            return Err(FolderError::Exists { path: of() });
        }
        if !path.exists() {
            return Ok(());
        }
        let io = |source| FolderError::Io { path: of(), source };
        owned(path, our_user())?;
        let mut entries = fs::read_dir(path).map_err(io)?.flatten();
        // Killed before its first word, `init` leaves nothing but the lock.
        if !path.join(BEGUN_FILE).exists() && path.join(STORE_FILE).exists() {
            return Err(FolderError::FormatLost { path: of() });
        }
        if !path.join(BEGUN_FILE).exists() && entries.any(|entry| entry.file_name() != LOCK_FILE) {
            return Err(FolderError::Foreign { path: of() });
        }
        Ok(())
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
        self.path.join(STORE_FILE)
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

/// Where the configuration is kept that the server was last started with.
pub fn served(path: &Path) -> PathBuf {
    path.join("served.toml")
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

/// The rights of everybody but the owner.
const OTHERS: u32 = 0o077;

/// The user we act as, by the name that `sudo` takes.
pub fn us() -> String {
    user_name(our_user())
}

fn our_user() -> u32 {
    rustix::process::geteuid().as_raw()
}

/// Goes on only if the folder is this user's; its mode. Whoever is somebody else, root too, would leave files
/// in it that its owner cannot read.
fn owned(path: &Path, us: u32) -> Result<u32, FolderError> {
    let found = fs::metadata(path).map_err(|source| FolderError::Io { path: path.to_owned(), source })?;
    if found.uid() == us {
        return Ok(found.mode());
    }
    let (owner, us_named) = (user_name(found.uid()), user_name(us));
    let mut remedy = format!("run `sudo -u {owner} dinh …`");
    if found.uid() == 0 {
        remedy.push_str(&format!(", or give the folder to {us_named} with `chown -R {us_named}: DIR`"));
    }
    Err(FolderError::NotOurs { path: path.to_owned(), owner, us: us_named, remedy })
}

/// A user's name; where the machine's own list has none, its number as `sudo` and `chown` take it.
fn user_name(user: u32) -> String {
    let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
    let name = users.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        (fields.nth(1)?.parse() == Ok(user)).then(|| name.to_owned())
    });
    name.unwrap_or_else(|| format!("'#{user}'"))
}

/// Goes on only if the file `format` holds our version.
fn check_format(path: &Path, format: &[u8]) -> Result<(), FolderError> {
    let text = String::from_utf8_lossy(format);
    let found = text.trim();
    match found.parse::<u32>() {
        Ok(FORMAT) => Ok(()),
        Ok(newer) if newer > FORMAT => {
            Err(FolderError::Newer { path: path.to_owned(), found: newer.to_string() })
        }
        _ => Err(FolderError::Damaged { path: path.to_owned(), found: found.chars().take(20).collect() }),
    }
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
        fs::write(path.join(FORMAT_FILE), "2\n").unwrap();
        let refused = Folder::open(&path).unwrap_err();
        assert!(matches!(&refused, FolderError::Newer { found, .. } if found == "2"), "{refused}");
    }

    #[test]
    fn a_format_that_nobody_wrote_is_called_damage() {
        let (_outer, path) = new();
        Folder::begin(&path).unwrap().finish().unwrap();
        for strange in [&b""[..], b"1.5", b"0", b"\xff\xfe", b"version one of the format"] {
            fs::write(path.join(FORMAT_FILE), strange).unwrap();
            let refused = Folder::open(&path).unwrap_err();
            assert!(matches!(refused, FolderError::Damaged { .. }), "{refused}");
            assert!(refused.to_string().contains("restore"), "{refused}");
        }
    }

    #[test]
    fn a_folder_of_another_user_is_refused_with_how_to_become_them() {
        let (_outer, path) = new();
        Folder::begin(&path).unwrap().finish().unwrap();
        let mode = owned(&path, our_user()).unwrap();
        assert_eq!(mode & OTHERS, 0);
        let refused = owned(&path, our_user() + 1).unwrap_err().to_string();
        assert!(refused.contains(&format!("sudo -u {} dinh", user_name(our_user()))), "{refused}");
    }

    #[test]
    fn a_user_has_a_name_or_the_number_that_sudo_takes() {
        assert_eq!(user_name(0), "root");
        assert_eq!(user_name(u32::MAX - 7), "'#4294967288'");
    }

    #[test]
    fn a_folder_that_others_can_look_into_does_not_open() {
        let (_outer, path) = new();
        fs::create_dir(&path).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o755)).unwrap();
        Folder::begin(&path).unwrap().finish().unwrap();
        assert_eq!(fs::metadata(&path).unwrap().mode() & OTHERS, 0, "init shuts what it takes");
        for mode in [0o755, 0o750, 0o701] {
            fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
            let refused = Folder::open(&path).unwrap_err();
            assert!(matches!(refused, FolderError::Exposed { .. }), "{refused}");
            assert!(refused.to_string().contains("chmod -R go="), "{refused}");
        }
        fs::set_permissions(&path, Permissions::from_mode(0o700)).unwrap();
        Folder::open(&path).unwrap();
    }

    #[test]
    fn a_store_whose_format_is_lost_is_not_begun_anew() {
        let (_outer, path) = new();
        Folder::begin(&path).unwrap().finish().unwrap();
        fs::write(path.join(STORE_FILE), "years of work").unwrap();
        fs::remove_file(path.join(FORMAT_FILE)).unwrap();
        for refused in [Folder::open(&path).unwrap_err(), Folder::begin(&path).unwrap_err()] {
            assert!(matches!(refused, FolderError::FormatLost { .. }), "{refused}");
            assert!(
                refused.to_string().contains("backup") && !refused.to_string().contains("init"),
                "{refused}"
            );
        }
        assert_eq!(fs::read_to_string(path.join(STORE_FILE)).unwrap(), "years of work");
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
