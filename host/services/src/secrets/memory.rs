//! Keys in memory, for tests.

use std::collections::BTreeMap;
use std::sync::Arc;

use dinh_model::Localized;
use parking_lot::Mutex;
use zeroize::Zeroizing;

use super::DataKey;
use super::provider::{KeyBytes, KeyError, KeyName, KeyProvider};
use crate::platform;

/// Keys that are gone with the process: **for tests only**. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct MemoryKeys(Arc<Mutex<BTreeMap<KeyName, Arc<DataKey>>>>);

impl MemoryKeys {
    fn find(&self, name: &KeyName) -> Result<Arc<DataKey>, KeyError> {
        let missing = || KeyError::Missing { place: format!("memory/{name}") };
        self.0.lock().get(name).map(Arc::clone).ok_or_else(missing)
    }
}

impl KeyProvider for MemoryKeys {
    fn create(&self, name: &KeyName) -> Result<(), KeyError> {
        let failed = |why: String| KeyError::Failed { place: format!("memory/{name}"), why };
        let drawn = platform::random().map_err(|error| failed(error.to_string()))?;
        let made = || Arc::new(DataKey::new(&Zeroizing::new(drawn), 0));
        self.0.lock().entry(name.clone()).or_insert_with(made);
        Ok(())
    }

    fn wrap(&self, name: &KeyName, data_key: &KeyBytes, about: &[u8]) -> Result<Vec<u8>, KeyError> {
        let sealed = self.find(name)?.seal(&[about], &**data_key);
        sealed.map_err(|error| KeyError::Failed { place: format!("memory/{name}"), why: error.to_string() })
    }

    fn unwrap(&self, name: &KeyName, wrapped: &[u8], about: &[u8]) -> Result<KeyBytes, KeyError> {
        let opened = self.find(name)?.open(&[about], wrapped, name.as_str());
        let bytes = opened.ok().and_then(|bytes| bytes.as_slice().try_into().ok().map(Zeroizing::new));
        bytes.ok_or_else(|| KeyError::Foreign { place: format!("memory/{name}") })
    }

    fn destroy(&self, name: &KeyName) -> Result<(), KeyError> {
        self.0.lock().remove(name);
        Ok(())
    }

    fn describe(&self) -> Localized {
        Localized::new("khoá trong bộ nhớ, chỉ để thử", "keys in memory, for tests only")
    }
}
