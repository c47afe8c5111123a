//! What is installed, as the store keeps it: one row for each plugin, beside its package in the data folder.
//!
//! ```text
//! store   PLUGIN, id → number, generation, home unit, package, manifest
//! files   DATA/plugins/<SHA-256>.wasm
//! ```

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use data_encoding::HEXLOWER;
use dinh_model::{PluginId, UnitId, key};
use dinh_services::records::PluginData;
use dinh_services::{Call, ServiceError, space};
use dinh_store::{Direction, Snapshot};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::package::Hash;
use crate::{Manifest, RuntimeError, files};

/// An installed plugin, at rest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Installed {
    /// Prefix of its records; never given to another plugin.
    pub(crate) number: u32,
    /// Which generation of its collections is in use.
    pub(crate) generation: u32,
    /// The unit of records that name none.
    pub(crate) home_unit: UnitId,
    /// SHA-256 of its package.
    pub(crate) package: Hash,
    /// Its `plugin.toml`.
    pub(crate) manifest: String,
    /// When this version was installed: microseconds since 1970.
    pub(crate) at: i64,
}

/// The row with its format, so that later releases can tell it from theirs.
#[derive(Serialize, Deserialize)]
enum Row {
    V1(Installed),
}

impl Installed {
    /// The data of the plugin, under its manifest.
    pub(crate) fn data(&self, manifest: &Manifest) -> PluginData {
        PluginData {
            plugin: manifest.id.clone(),
            number: self.number,
            generation: self.generation,
            home_unit: self.home_unit,
            collections: manifest.collections.iter().map(Arc::clone).collect(),
            sequences: manifest.sequences.clone(),
        }
    }
}

/// What is installed under an id.
pub(crate) fn find(call: &Call, id: &PluginId) -> Result<Option<Installed>, ServiceError> {
    call.transaction.get(&row_key(id))?.map(|stored| decode(id.as_str(), &stored.value)).transpose()
}

/// Puts a plugin into the registry.
pub(crate) fn put(call: &mut Call, id: &PluginId, installed: Installed) -> Result<(), ServiceError> {
    let row = postcard::to_allocvec(&Row::V1(installed)).map_err(|_| damaged(id.as_str()))?;
    call.transaction.put(row_key(id), row);
    Ok(())
}

/// An id, and what is installed under it.
pub(crate) type Registered = (String, Result<Installed, ServiceError>);

/// Everything that is installed. A row that cannot be read is told apart, so that the others are served.
pub(crate) fn all(snapshot: &Snapshot) -> Result<Vec<Registered>, ServiceError> {
    let prefix = [space::PLUGIN];
    let end = key::after_prefix(&prefix);
    let rows = snapshot.range(&prefix, end.as_deref(), Direction::Forward);
    rows.map(|row| {
        let (key, stored) = row?;
        let id = String::from_utf8_lossy(key.get(1..).unwrap_or_default()).into_owned();
        let installed = decode(&id, &stored.value);
        Ok((id, installed))
    })
    .collect()
}

/// The installed plugins and the numbers that their records begin with; a registration that cannot be read is left out.
pub fn registered(snapshot: &Snapshot) -> Result<Vec<(String, u32)>, ServiceError> {
    let all = all(snapshot)?;
    Ok(all.into_iter().filter_map(|(id, installed)| Some((id, installed.ok()?.number))).collect())
}

fn row_key(id: &PluginId) -> Vec<u8> {
    space::key(space::PLUGIN, &[id.as_str().as_bytes()])
}

fn decode(id: &str, row: &[u8]) -> Result<Installed, ServiceError> {
    postcard::from_bytes(row).map(|Row::V1(installed)| installed).map_err(|_| damaged(id))
}

fn damaged(id: &str) -> ServiceError {
    ServiceError::Damaged { what: format!("registration of plugin {id}") }
}

/// The packages of a data folder.
pub(crate) struct Packages {
    folder: PathBuf,
}

impl Packages {
    /// Opens the folder; makes it when it is not there.
    pub(crate) fn open(data: &Path) -> Result<Self, RuntimeError> {
        let folder = data.join("plugins");
        files::folder(&folder).map_err(RuntimeError::io("creating", &folder))?;
        Ok(Self { folder })
    }

    /// Keeps a package; whether it was not there before.
    pub(crate) fn put(&self, package: &Hash, bytes: &[u8]) -> Result<bool, RuntimeError> {
        let path = self.path(package);
        if self.get(package).is_ok() {
            return Ok(false);
        }
        files::write(&path, &[bytes]).map_err(RuntimeError::io("writing", &path))?;
        Ok(true)
    }

    /// Removes a package that was not installed after all.
    pub(crate) fn remove(&self, package: &Hash) {
        let path = self.path(package);
        if let Err(error) = fs::remove_file(&path) {
            tracing::warn!(%error, path = %path.display(), "a refused package could not be removed");
        }
    }

    /// Whether a package is kept.
    pub(crate) fn has(&self, package: &Hash) -> bool {
        self.path(package).exists()
    }

    /// A package, exactly as it was kept.
    pub(crate) fn get(&self, package: &Hash) -> Result<Vec<u8>, RuntimeError> {
        let path = self.path(package);
        let bytes = fs::read(&path).map_err(RuntimeError::io("reading", &path))?;
        if Sha256::digest(&bytes).as_slice() == package {
            return Ok(bytes);
        }
        let changed = std::io::Error::other("it is not what was installed; install the plugin again");
        Err(RuntimeError::io("reading", &path)(changed))
    }

    fn path(&self, package: &Hash) -> PathBuf {
        self.folder.join(format!("{}.wasm", HEXLOWER.encode(package)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_that_was_changed_on_disk_is_not_run() {
        let data = tempfile::tempdir().unwrap();
        let packages = Packages::open(data.path()).unwrap();
        let hash: Hash = Sha256::digest(b"component").into();
        assert!(packages.put(&hash, b"component").unwrap());
        assert!(!packages.put(&hash, b"component").unwrap());
        assert_eq!(packages.get(&hash).unwrap(), b"component");

        fs::write(packages.path(&hash), b"Component").unwrap();
        let error = packages.get(&hash).unwrap_err().to_string();
        assert!(error.contains("install the plugin again"), "{error}");
        packages.put(&hash, b"component").unwrap();
        assert_eq!(packages.get(&hash).unwrap(), b"component");
    }
}
