//! Secrets at rest (niêm phong dữ liệu): what is confidential or personal lies sealed in the store, under keys that do
//! not lie there. What this module promises:
//!
//! * **A copy of the store alone tells nothing that is sealed**: neither values nor words of them nor whether they
//!   are filled in. What it does tell is which values of one field are equal, where an index is kept for that, and
//!   how long what is sealed is ([decision 16](../../../../docs/decisions/0016-what-is-sealed-at-rest.md)).
//! * **What was changed or moved is found out**: a sealed value opens only in the place that it was sealed for.
//! * **Destroying a key destroys the data**: nothing else can open it, in backups of the store neither.
//! * **The platform always starts**: a key that is missing, damaged, another deployment's or open to others costs what
//!   is sealed under it, and each says so in its own words, with the file and the remedy.
//!
//! ```text
//! KeyProvider (DIR/keys/*.key, outside the store) ── wraps ──▶ data key ── seals ──▶ fields of records,
//!   one key-encryption key for each owner                       one for each plugin,     secrets of second factors,
//!                                                               one for the platform;    results of forms, uploads
//!                                                               wrapped in the store   ── hashes ──▶ index entries
//! ```
//!
//! A data key is made by the first call that has something to seal, in the change that seals it. Nonces are drawn
//! from the operating system and not from the call's seed: a call that is run again draws the same numbers from its
//! seed but may have other values to seal, and two texts under one key and nonce uncover each other.
//!
//! Attached [files](crate::files) are sealed with the same keys: each piece by [`DataKey::seal`], with what names the
//! file, the number of the piece and whether it is the last.

mod data_key;
mod error;
mod held;
mod manage;
mod memory;
mod provider;
mod software;
mod stored;

pub use data_key::{About, DataKey, Hashed};
pub use error::SealError;
pub use held::{KeyOwner, own_data_key};
pub(crate) use held::{NewKeys, Secrets};
pub use manage::{KeyState, destroy_key, key_states, rotate_keys, settle_keys};
pub use memory::MemoryKeys;
pub use provider::{KeyError, KeyName, KeyProvider};
pub use software::SoftwareKeys;
