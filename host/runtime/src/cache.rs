//! Native code of plugins, kept between starts.
//!
//! An entry is named by the package's hash and by everything else the code depends on, and authenticated
//! with a key of this data folder: what was written for another engine, copied from elsewhere, cut off or
//! changed by a hand is discarded and compiled again, never run. Native code comes from nowhere but the compiler
//! (`crate::compile`).
//!
//! ```text
//! DATA/cache/key                                   32 random bytes, 0600
//! DATA/cache/<package>-<engine>.native             tag (HMAC-SHA-256 of the name and the code) │ code
//! ```

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use data_encoding::HEXLOWER;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use wasmtime::Engine;
use wasmtime::component::Component;

use crate::compile::CompileError;
use crate::package::Hash;
use crate::{RuntimeError, engine, files};

const TAG: usize = 32;

/// The cache of one data folder.
pub struct Cache {
    folder: PathBuf,
    key: [u8; 32],
    engine: Engine,
    /// What the code depends on besides the package.
    compatibility: Arc<[u8]>,
}

impl Cache {
    /// Opens the cache of a data folder; makes it, with its key, when it is not there.
    pub fn open(data: &Path, engine: &Engine) -> Result<Self, RuntimeError> {
        let folder = data.join("cache");
        files::folder(&folder).map_err(RuntimeError::io("creating", &folder))?;
        let key = key(&folder.join("key"))?;
        Ok(Self { folder, key, engine: engine.clone(), compatibility: engine::compatibility(engine) })
    }

    /// The code of a package: from the cache when a true entry is there, else what `compile` gives, which is put
    /// there. A cache that cannot be written costs time at the next start, not this one.
    pub fn component<E: From<CompileError>>(
        &self,
        package: &Hash,
        compile: impl FnOnce() -> Result<Vec<u8>, E>,
    ) -> Result<Component, E> {
        let path = self.path(package);
        if let Some(component) = self.load(&path) {
            return Ok(component);
        }
        let code = compile()?;
        // First, so that code which cannot be loaded is not kept: what it needs at once may not fit into the pool.
        let component = self.trust(&code).map_err(|error| CompileError::Invalid(format!("{error:#}")))?;
        if let Err(error) = self.store(&path, &code) {
            tracing::warn!(path = %path.display(), %error, "native code could not be kept");
        }
        Ok(component)
    }

    /// Removes the code of a package that is not installed after all.
    pub fn forget(&self, package: &Hash) {
        let path = self.path(package);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                tracing::warn!(path = %path.display(), %error, "native code could not be removed");
            }
            _ => {}
        }
    }

    /// Removes the entries of packages that are no longer installed, and of other engines.
    pub fn sweep<'a>(&self, installed: impl Iterator<Item = &'a Hash>) -> io::Result<()> {
        let keep: std::collections::HashSet<PathBuf> = installed.map(|package| self.path(package)).collect();
        for entry in fs::read_dir(&self.folder)? {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == "native") && !keep.contains(&path) {
                fs::remove_file(&path)?;
            }
        }
        Ok(())
    }

    /// Whether there is an entry for a package; whether it is a true one is found out when it is loaded.
    pub fn has(&self, package: &Hash) -> bool {
        self.path(package).exists()
    }

    fn path(&self, package: &Hash) -> PathBuf {
        let engine = self.compatibility.get(..8).unwrap_or_default();
        self.folder.join(format!("{}-{}.native", HEXLOWER.encode(package), HEXLOWER.encode(engine)))
    }

    fn mac(&self, path: &Path) -> Option<Hmac<Sha256>> {
        let name = path.file_name()?.as_encoded_bytes();
        let mac = Hmac::<Sha256>::new_from_slice(&self.key).ok()?;
        Some(mac.chain_update(name).chain_update([0]).chain_update(&*self.compatibility))
    }

    fn load(&self, path: &Path) -> Option<Component> {
        let bytes = fs::read(path).ok()?;
        let truth = bytes
            .split_at_checked(TAG)
            .filter(|(tag, code)| {
                self.mac(path).is_some_and(|mac| mac.chain_update(code).verify_slice(tag).is_ok())
            })
            .map(|(_, code)| code);
        let Some(code) = truth else {
            tracing::warn!(path = %path.display(), "native code that this host did not write was discarded");
            return None;
        };
        match self.trust(code) {
            Ok(component) => Some(component),
            Err(error) => {
                tracing::warn!(path = %path.display(), %error, "native code was discarded");
                None
            }
        }
    }

    /// Turns code into a component: authenticated, or just compiled.
    #[allow(unsafe_code, reason = "the one place where native code is taken for what it is")]
    fn trust(&self, code: &[u8]) -> wasmtime::Result<Component> {
        // SAFETY: `code` must be what `Engine::precompile_component` gave, unchanged. It comes from a compiler of
        // `crate::compile`, this program itself, whose frame shows that it is whole and for this engine; or from a
        // file, where the tag over these very bytes, which are in memory and cannot change after the check, proves
        // that a holder of the key wrote them for this name and this engine, and only `store` does.
        unsafe { Component::deserialize(&self.engine, code) }
    }

    fn store(&self, path: &Path, code: &[u8]) -> Result<(), String> {
        let tag = self.mac(path).ok_or("no key")?.chain_update(code).finalize().into_bytes();
        files::write(path, &[&tag, code]).map_err(|error| error.to_string())
    }
}

/// The key of the cache: read, or made.
fn key(path: &Path) -> Result<[u8; 32], RuntimeError> {
    let read = || fs::read(path).map(|bytes| <[u8; 32]>::try_from(bytes).ok());
    match read() {
        Ok(Some(key)) => return Ok(key),
        // Of the wrong length: cut off by a crash. Entries under the lost key are discarded one by one.
        Ok(None) => fs::remove_file(path).map_err(RuntimeError::io("removing", path))?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(RuntimeError::io("reading", path)(error)),
    }
    let mut key = [0; 32];
    getrandom::fill(&mut key).map_err(|error| RuntimeError::io("making", path)(io::Error::other(error)))?;
    match files::create(path, &[&key]) {
        Ok(()) => Ok(key),
        // Another process was faster.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => read()
            .ok()
            .flatten()
            .ok_or_else(|| RuntimeError::io("reading", path)(io::Error::other("not 32 bytes"))),
        Err(error) => Err(RuntimeError::io("writing", path)(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sha2::Digest;

    /// A component that is empty: code enough to be kept, found, and changed by a hand.
    fn empty() -> (Vec<u8>, Hash) {
        let bytes = wasm_encoder::Component::new().finish();
        let hash = Sha256::digest(&bytes).into();
        (bytes, hash)
    }

    fn compiled(cache: &Cache) -> bool {
        let (bytes, hash) = empty();
        let mut compiled = false;
        cache
            .component::<CompileError>(&hash, || {
                compiled = true;
                Ok(cache.engine.precompile_component(&bytes).unwrap())
            })
            .unwrap();
        compiled
    }

    fn entry(data: &Path) -> PathBuf {
        let mut entries = fs::read_dir(data.join("cache")).unwrap().map(|entry| entry.unwrap().path());
        entries.find(|path| path.extension().is_some_and(|extension| extension == "native")).unwrap()
    }

    #[test]
    fn code_is_compiled_once_and_found_after_a_restart() {
        let data = tempfile::tempdir().unwrap();
        let engine = engine::start(1).unwrap();
        let cache = Cache::open(data.path(), &engine).unwrap();
        assert!(compiled(&cache));
        assert!(!compiled(&cache));
        assert!(!compiled(&Cache::open(data.path(), &engine::start(1).unwrap()).unwrap()));
    }

    #[test]
    fn an_entry_changed_by_a_single_bit_or_cut_off_is_discarded() {
        let data = tempfile::tempdir().unwrap();
        let cache = Cache::open(data.path(), &engine::start(1).unwrap()).unwrap();
        compiled(&cache);
        let whole = fs::read(entry(data.path())).unwrap();
        for place in [0, TAG, TAG + 100, whole.len() - 1] {
            let mut changed = whole.clone();
            changed[place] ^= 1;
            fs::write(entry(data.path()), &changed).unwrap();
            assert!(compiled(&cache), "byte {place}");
            assert!(!compiled(&cache), "the entry was written anew");
        }
        for length in [0, TAG - 1, whole.len() / 2] {
            fs::write(entry(data.path()), &whole[..length]).unwrap();
            assert!(compiled(&cache), "{length} bytes");
        }
    }

    #[test]
    fn an_entry_of_another_data_folder_or_under_another_name_is_discarded() {
        let engine = engine::start(1).unwrap();
        let (ours, theirs) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let cache = Cache::open(ours.path(), &engine).unwrap();
        let foreign = Cache::open(theirs.path(), &engine).unwrap();
        compiled(&cache);
        compiled(&foreign);
        fs::copy(entry(theirs.path()), entry(ours.path())).unwrap();
        assert!(compiled(&cache));

        let renamed = cache.path(&[7; 32]);
        fs::rename(entry(ours.path()), &renamed).unwrap();
        assert!(cache.load(&renamed).is_none());
    }

    #[test]
    fn the_key_is_the_owners_alone_and_a_broken_one_is_made_anew() {
        use std::os::unix::fs::PermissionsExt;
        let data = tempfile::tempdir().unwrap();
        let engine = engine::start(1).unwrap();
        compiled(&Cache::open(data.path(), &engine).unwrap());
        let key = data.path().join("cache/key");
        assert_eq!(fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
        fs::write(&key, b"short").unwrap();
        assert!(compiled(&Cache::open(data.path(), &engine).unwrap()));
    }

    #[test]
    fn code_that_cannot_be_loaded_is_not_kept() {
        let data = tempfile::tempdir().unwrap();
        let cache = Cache::open(data.path(), &engine::start(1).unwrap()).unwrap();
        let (_, hash) = empty();
        // What an engine of another version would give.
        let foreign = cache.component::<CompileError>(&hash, || Ok(b"no code".to_vec()));
        assert!(matches!(foreign, Err(CompileError::Invalid(_))));
        assert!(compiled(&cache));
    }

    #[test]
    fn what_is_no_longer_installed_is_swept_away() {
        let data = tempfile::tempdir().unwrap();
        let cache = Cache::open(data.path(), &engine::start(1).unwrap()).unwrap();
        compiled(&cache);
        let (_, hash) = empty();
        cache.sweep([hash].iter()).unwrap();
        assert!(!compiled(&cache));
        cache.sweep([].into_iter()).unwrap();
        assert!(compiled(&cache));
        cache.forget(&hash);
        assert!(compiled(&cache));
    }
}
