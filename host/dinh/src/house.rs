//! An open data folder: its lock, its store, the platform over it, and the runtime once it is needed.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use anyhow::{Context, Result, bail};
use dinh_runtime::{Compiler, Options, Runtime};
use dinh_services::{Platform, SystemClock};
use dinh_store::{Signer, Store};
use parking_lot::Mutex;

use crate::config::Config;
use crate::folder::Folder;
use crate::key;

/// The hidden command that compiles a component.
pub const COMPILE: &str = "compile-component";

/// An open data folder.
pub struct House {
    platform: Arc<Platform>,
    runtime: OnceLock<Arc<Runtime>>,
    starting: Mutex<()>,
    folder: Folder,
}

impl House {
    /// Makes the store of a new folder, or goes on with one that was begun, and the platform over it; `config` is kept.
    pub fn begin(folder: Folder, config: &Config) -> Result<Self> {
        let signer = key::read_or_make(folder.path())?;
        let house = Self::with(folder, signer, config.platform())?;
        config.keep(&house.folder)?;
        Ok(house)
    }

    /// Opens the store of `folder` and the platform over it, as the server is that was last started on it.
    pub fn open(folder: Folder) -> Result<Self> {
        let config = Config::of(&folder)?;
        Self::existing(folder, config.platform())
    }

    /// The same, to serve it as `config` says, which is kept.
    pub fn serve(folder: Folder, config: &Config) -> Result<Self> {
        let house = Self::existing(folder, config.platform())?;
        config.keep(&house.folder)?;
        Ok(house)
    }

    /// The same, to look after the store, whatever is configured: nobody is asked for anything.
    pub fn mend(folder: Folder) -> Result<Self> {
        Self::existing(folder, dinh_services::Options::default())
    }

    fn existing(folder: Folder, options: dinh_services::Options) -> Result<Self> {
        require_store(&folder.store())?;
        let signer = key::read(folder.path())?;
        Self::with(folder, signer, options)
    }

    fn with(folder: Folder, signer: Signer, options: dinh_services::Options) -> Result<Self> {
        let store = Store::open(&folder.store(), signer, dinh_store::Options::default())
            .with_context(|| format!("cannot open {}", folder.store().display()))?;
        let platform = Platform::open_with(folder.path(), store, Arc::new(SystemClock), options)
            .with_context(|| format!("cannot start on {}", folder.path().display()))?;
        Ok(Self { platform, runtime: OnceLock::new(), starting: Mutex::new(()), folder })
    }

    /// The platform.
    pub fn platform(&self) -> &Arc<Platform> {
        &self.platform
    }

    /// The folder.
    pub fn folder(&self) -> &Folder {
        &self.folder
    }

    /// The runtime with the installed plugins; started on first use, because most commands need none.
    pub fn runtime(&self) -> Result<Arc<Runtime>> {
        let _alone = self.starting.lock();
        if let Some(runtime) = self.runtime.get() {
            return Ok(Arc::clone(runtime));
        }
        // This very program, also when the file it was started from has been replaced since.
        let compiler = Compiler::child("/proc/self/exe".into(), vec![COMPILE.into()]);
        let runtime = Runtime::start(Arc::clone(&self.platform), Options::new(compiler))
            .context("cannot start the runtime")?;
        Ok(Arc::clone(self.runtime.get_or_init(|| runtime)))
    }

    /// Ends what runs, then closes the store: everything acknowledged is on the disk.
    pub fn close(&self) -> Result<()> {
        self.platform
            .store()
            .close()
            .with_context(|| format!("cannot close {}", self.folder.store().display()))
    }

    /// The folder, still locked, once the house is closed.
    pub fn into_folder(self) -> Folder {
        self.folder
    }
}

/// Refuses a data folder whose store is gone, or empty, which is what a copy to a full disk leaves. Only a
/// beginning makes a store: it must not become an empty platform for whoever opens it.
pub fn require_store(file: &Path) -> Result<()> {
    let lost = match std::fs::metadata(file) {
        Ok(found) if found.len() == 0 => "empty",
        Ok(_) => return Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => "missing",
        Err(error) => return Err(error).with_context(|| format!("cannot look at {}", file.display())),
    };
    bail!("{} is {lost}: everything was in it; restore it from the backup", file.display())
}
