//! Values that many calls read and few change: decoded once for each version.

use std::any::Any;
use std::collections::HashMap;
use std::sync::Arc;

use dinh_store::Seq;
use parking_lot::RwLock;
use serde::de::DeserializeOwned;

use crate::call::decode;
use crate::{Call, ServiceError};

/// Values that are kept; when there are more, all are forgotten.
const KEPT: usize = 1_024;

/// What was decoded: by key, with the commit that wrote it.
#[derive(Default)]
pub(crate) struct Decoded(RwLock<HashMap<Vec<u8>, Known>>);

type Known = (Seq, Arc<dyn Any + Send + Sync>);

impl Decoded {
    fn value<T: DeserializeOwned + Any + Send + Sync>(
        &self,
        key: &[u8],
        version: Seq,
        bytes: &[u8],
    ) -> Result<Arc<T>, ServiceError> {
        let known =
            self.0.read().get(key).filter(|(known, _)| *known == version).map(|(_, value)| value.clone());
        if let Some(value) = known.and_then(|value| value.downcast().ok()) {
            return Ok(value);
        }
        let value = Arc::new(decode::<T>(key, bytes)?);
        if version != Seq::PENDING {
            let mut all = self.0.write();
            if all.len() >= KEPT {
                all.clear();
            }
            all.insert(key.to_vec(), (version, Arc::clone(&value) as _));
        }
        Ok(value)
    }
}

impl Call {
    /// Reads a stored value that many calls read.
    pub(crate) fn decoded<T: DeserializeOwned + Any + Send + Sync>(
        &self,
        key: &[u8],
    ) -> Result<Option<Arc<T>>, ServiceError> {
        self.transaction.read(key, |item| self.shared.value(key, item.version, item.value))?.transpose()
    }
}
