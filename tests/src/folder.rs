//! Data folders to try things on.

use std::fs;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use serde::Deserialize;

use crate::programs;

/// A demo account.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// The sign-in name.
    pub account: String,
    /// Its password.
    pub password: String,
    /// Code of the unit.
    pub unit: String,
    /// What it is granted.
    pub roles: Vec<String>,
}

/// A data folder, removed when dropped.
pub struct Folder {
    _outer: tempfile::TempDir,
    path: PathBuf,
}

impl Folder {
    /// A place where there is nothing yet.
    pub fn nowhere() -> Self {
        let outer = tempfile::tempdir().expect("a temporary folder");
        // One level down, so that `init` makes it itself.
        let path = outer.path().join("data");
        Self { _outer: outer, path }
    }

    /// A bare one.
    pub fn bare() -> Self {
        let folder = Self::nowhere();
        assert_eq!(programs::run_on(folder.path(), &["init"]).code, Some(0));
        folder
    }

    /// A demo. It is made once for all tests of a process, and copied.
    pub fn demo() -> Self {
        static MADE: OnceLock<PathBuf> = OnceLock::new();
        let copy = Self::nowhere();
        copy_all(MADE.get_or_init(make_demo), copy.path());
        copy
    }

    /// A demo of its own, no copy: another deployment, with other keys.
    pub fn another_demo() -> Self {
        let other = Self::nowhere();
        init_demo(other.path());
        other
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The demo's accounts, as `init --demo` wrote them down.
    pub fn accounts(&self) -> Vec<Account> {
        let file = fs::read(self.path().join("demo-accounts.json")).expect("a demo has accounts");
        serde_json::from_slice(&file).expect("a list of accounts")
    }

    /// A demo account that has `role`.
    pub fn with_role(&self, role: &str) -> Account {
        let has = |account: &Account| account.roles.iter().any(|held| held == role);
        self.accounts().into_iter().find(has).unwrap_or_else(|| panic!("nobody is {role}"))
    }

    /// A demo account that has no right at all.
    pub fn outsider(&self) -> Account {
        self.accounts()
            .into_iter()
            .find(|account| account.roles.is_empty())
            .expect("somebody without a right")
    }
}

/// Makes the demo that is copied, in a folder named after this process; those of processes that are gone are
/// swept away, since nothing runs when a test process ends.
fn make_demo() -> PathBuf {
    let folders = programs::target().join("tmp/demos");
    fs::create_dir_all(&folders).expect("a folder for demos");
    for entry in fs::read_dir(&folders).expect("a folder").flatten() {
        if !Path::new("/proc").join(entry.file_name()).exists() {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
    let data = folders.join(std::process::id().to_string()).join("data");
    init_demo(&data);
    data
}

fn init_demo(data: &Path) {
    let plugins = programs::plugins();
    let plugins = plugins.to_str().expect("a path in UTF-8");
    let ran = programs::run_on(data, &["init", "--demo", "--demo-files", plugins]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
}

fn copy_all(from: &Path, to: &Path) {
    // Shut to others, as the data folder has to be.
    fs::DirBuilder::new().mode(0o700).create(to).expect("a new folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let copy = to.join(entry.file_name());
        if entry.file_type().expect("a kind").is_dir() {
            copy_all(&entry.path(), &copy);
        } else {
            fs::copy(entry.path(), copy).expect("a copy");
        }
    }
}
