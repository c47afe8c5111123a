//! Data keys as the store keeps them.

use dinh_model::PluginId;
use serde::{Deserialize, Serialize};

use super::provider::KeyName;
use crate::{ServiceError, call, space};

/// A data key at rest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum StoredKey {
    /// Wrapped with a key-encryption key.
    Wrapped {
        /// Whose data it seals.
        owner: String,
        /// The how manieth key-encryption key wraps it.
        version: u32,
        /// The how manieth data key of its owner it is.
        serial: u32,
        /// The wrapped bytes.
        wrapped: Vec<u8>,
        /// When it was made: microseconds since 1970.
        made: i64,
    },
    /// Destroyed.
    Destroyed {
        /// Whose data it sealed.
        owner: String,
        /// Which key-encryption key wrapped it, which has to be gone.
        version: u32,
        /// The how manieth data key of its owner it was.
        serial: u32,
        /// When: microseconds since 1970.
        at: i64,
    },
}

impl StoredKey {
    /// The id of whoever it belongs to.
    pub(super) fn owner(&self) -> &str {
        match self {
            Self::Wrapped { owner, .. } | Self::Destroyed { owner, .. } => owner,
        }
    }

    /// The how manieth data key of its owner it is or was, and the how manieth key-encryption key wraps it.
    pub(super) fn numbers(&self) -> (u32, u32) {
        let (Self::Wrapped { serial, version, .. } | Self::Destroyed { serial, version, .. }) = self;
        (*serial, *version)
    }

    /// The name of its key-encryption key, when it belongs to that number.
    pub(super) fn name(&self, number: u32) -> Result<KeyName, ServiceError> {
        name(number, self.owner(), self.numbers().1)
    }

    pub(super) fn decode(key: &[u8], bytes: &[u8]) -> Result<Self, ServiceError> {
        call::decode(key, bytes)
    }
}

/// The name of a key-encryption key.
pub(super) fn name(number: u32, owner: &str, version: u32) -> Result<KeyName, ServiceError> {
    let damaged = |_| ServiceError::Damaged { what: format!("data key {number}") };
    Ok(KeyName::new(number, &owner.parse::<PluginId>().map_err(damaged)?, version))
}

/// Where the data key of the plugin with this number is stored; the platform has number 0.
pub(super) fn key(number: u32) -> Vec<u8> {
    space::numbered(space::DATA_KEY, number)
}

/// What a data key is wrapped for.
pub(super) fn about(number: u32, owner: &str) -> Vec<u8> {
    [&number.to_be_bytes(), owner.as_bytes()].concat()
}
