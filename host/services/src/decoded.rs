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
        self.transaction
            .read(key, |item| self.common.shared.value(key, item.version, item.value))?
            .transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(decoded: &Decoded, key: &str, version: u64, word: &str) -> Arc<String> {
        let bytes = postcard::to_allocvec(word).unwrap();
        decoded.value(key.as_bytes(), Seq(version), &bytes).unwrap()
    }

    #[test]
    fn a_version_is_decoded_once_and_another_anew() {
        let decoded = Decoded::default();
        let first = value(&decoded, "a", 1, "một");
        assert!(Arc::ptr_eq(&first, &value(&decoded, "a", 1, "một")));
        assert_eq!(*value(&decoded, "a", 2, "hai"), "hai");
        // A call that reads an older snapshot meanwhile.
        assert_eq!(*value(&decoded, "a", 1, "một"), "một");
        assert_eq!(*value(&decoded, "b", 2, "ba"), "ba");
    }

    #[test]
    fn what_a_call_has_written_itself_is_for_nobody_else() {
        let decoded = Decoded::default();
        assert_eq!(*value(&decoded, "a", Seq::PENDING.0, "nháp"), "nháp");
        assert_eq!(*value(&decoded, "a", Seq::PENDING.0, "nháp khác"), "nháp khác");
        assert!(decoded.0.read().is_empty());
    }

    #[test]
    fn no_more_is_kept_than_the_bound() {
        let decoded = Decoded::default();
        for number in 0..=KEPT {
            value(&decoded, &number.to_string(), 1, "một");
        }
        assert_eq!(decoded.0.read().len(), 1);
    }

    #[test]
    fn what_does_not_decode_is_named_as_damage() {
        let decoded = Decoded::default();
        let damaged = decoded.value::<String>(b"a", Seq(1), &[0xff]);
        assert!(matches!(damaged, Err(ServiceError::Damaged { .. })), "{damaged:?}");
    }
}
