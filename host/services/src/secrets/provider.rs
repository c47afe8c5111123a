//! What keeps the keys that wrap data keys.

use std::fmt;

use dinh_model::{Localized, PluginId};
use zeroize::Zeroizing;

/// The bytes of a data key, wiped when they are let go.
pub type KeyBytes = Zeroizing<[u8; 32]>;

/// The name of a key-encryption key: whose data keys it wraps, and the how manieth it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeyName(String);

impl KeyName {
    /// Of the plugin with this number and id (the platform has number 0), after `version - 1` rotations.
    pub fn new(number: u32, id: &PluginId, version: u32) -> Self {
        Self(format!("{number}-{id}.{version}"))
    }

    /// As files and the evidence spell it: a–z, 0–9, `-` and `.`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for KeyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What keeps the keys that wrap data keys, outside the store: files, or the state's own product, which the regulation
/// asks for where documents are Mật (Bình Thuận, Quyết định 1749-QĐ/TU 2015, điều 12.2).
///
/// `about` says what a data key is for; it is wrapped together with it, so that one wrapped for another purpose is
/// found out.
pub trait KeyProvider: Send + Sync + fmt::Debug {
    /// Makes a key, durably; keeps the one of that name when there is one.
    fn create(&self, name: &KeyName) -> Result<(), KeyError>;
    /// Wraps a data key.
    fn wrap(&self, name: &KeyName, data_key: &KeyBytes, about: &[u8]) -> Result<Vec<u8>, KeyError>;
    /// Unwraps a data key.
    fn unwrap(&self, name: &KeyName, wrapped: &[u8], about: &[u8]) -> Result<KeyBytes, KeyError>;
    /// Destroys a key for good; nothing to do when there is none of that name.
    fn destroy(&self, name: &KeyName) -> Result<(), KeyError>;
    /// What it is, for every start and every page of the platform's state.
    fn describe(&self) -> Localized;
}

/// Why a key cannot be used. Each names where it is looked for, and the remedy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// There is none.
    #[error(
        "the key {place} is missing: bring it back from the backup of the keys; what it sealed is not read until then"
    )]
    Missing {
        /// Where it should be.
        place: String,
    },
    /// What is there is no key.
    #[error("{place} is damaged and no key any more: bring it back from the backup of the keys")]
    Damaged {
        /// Where it is.
        place: String,
    },
    /// It is a key, and not the one that this data key was wrapped with.
    #[error(
        "{place} is a key of something else, perhaps of another deployment: bring back the one of this data folder"
    )]
    Foreign {
        /// Where it is.
        place: String,
    },
    /// Others of this machine can read it.
    #[error(
        "{place} is open to other users of this machine (mode {mode:o}) and is not used: shut it with `{remedy}`, and \
         rotate the keys with `dinh key rotate` if others have been here"
    )]
    Exposed {
        /// Where it is.
        place: String,
        /// Its mode.
        mode: u32,
        /// The command that shuts it.
        remedy: String,
    },
    /// The provider failed.
    #[error("the key {place} cannot be used: {why}")]
    Failed {
        /// Where it is.
        place: String,
        /// Why.
        why: String,
    },
}
