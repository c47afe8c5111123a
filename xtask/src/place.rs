//! Where things are.

use std::env;
use std::path::{Path, PathBuf};

use crate::step::Failure;

/// The folders that every command needs. All but `checkout` lie outside the checkout.
pub struct Place {
    /// The workspace.
    pub checkout: PathBuf,
    /// Cargo's target folder: `CARGO_TARGET_DIR` when it is set, else `target` in the cache.
    pub target: PathBuf,
    /// Finished plugins: `NAME.wasm`, beside what the demo imports into each.
    pub plugins: PathBuf,
    /// Data of the demo.
    pub demo: PathBuf,
    /// The cargo that runs us, so that its children are of the same toolchain.
    pub cargo: PathBuf,
}

impl Place {
    /// From the environment.
    pub fn find() -> Result<Self, Failure> {
        // As cargo says that runs us: one target folder may serve several checkouts, and we may have been compiled in
        // another.
        let package = folder_from("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        let checkout = package.parent().unwrap_or(Path::new(".")).to_owned();
        let cache = cache_folder()?.join("dinh");
        // Cargo reads a relative CARGO_TARGET_DIR from where it was started.
        let target = match folder_from("CARGO_TARGET_DIR") {
            Some(chosen) => {
                env::current_dir().map_err(|e| Failure::new(format!("no current folder: {e}")))?.join(chosen)
            }
            None => cache.join("target"),
        };
        Ok(Self {
            checkout,
            plugins: target.join("plugins"),
            target,
            demo: cache.join("demo"),
            cargo: folder_from("CARGO").unwrap_or_else(|| "cargo".into()),
        })
    }

    /// The command that operators run.
    pub fn dinh(&self) -> PathBuf {
        self.target.join("debug/dinh")
    }
}

fn folder_from(variable: &str) -> Option<PathBuf> {
    env::var_os(variable).filter(|value| !value.is_empty()).map(PathBuf::from)
}

/// The user's cache, as the XDG base directory specification has it: relative paths are ignored.
fn cache_folder() -> Result<PathBuf, Failure> {
    folder_from("XDG_CACHE_HOME")
        .filter(|path| path.is_absolute())
        .or_else(|| env::home_dir().map(|home| home.join(".cache")))
        .ok_or_else(|| {
            Failure::new("there is no home folder: set HOME, or XDG_CACHE_HOME to a folder".to_owned())
        })
}
