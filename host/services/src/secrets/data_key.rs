//! A data key at work: sealing, opening, hashing.

use std::fmt;

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::SealError;
use super::provider::KeyBytes;
use crate::{ServiceError, platform};

/// The first byte of whatever is sealed: then the serial number of the data key (4 bytes), a nonce of 24 bytes, text
/// and tag of XChaCha20-Poly1305.
const FORMAT: u8 = 1;
const NONCE: usize = 24;

/// A keyed hash: 128 bits of HMAC-SHA-256.
pub type Hashed = [u8; 16];

/// What is sealed and where, part by part; it opens only as that.
pub type About<'a> = &'a [&'a [u8]];

/// A data key, unwrapped: one key to seal with, another to hash with, both made of it. Wiped when it is let go.
pub struct DataKey {
    /// The how manieth of its owner: those before it were destroyed.
    serial: u32,
    sealing: XChaCha20Poly1305,
    hashing: KeyBytes,
}

impl DataKey {
    /// Of 32 random bytes.
    pub fn new(key: &KeyBytes, serial: u32) -> Self {
        let part = |name: &[u8]| Zeroizing::new(mac(key, &[name]));
        Self {
            serial,
            sealing: XChaCha20Poly1305::new(&(*part(b"dinh/seal/1")).into()),
            hashing: part(b"dinh/hash/1"),
        }
    }

    /// Seals something as what `about` says.
    ///
    /// # Errors
    /// When the operating system gives no random numbers.
    pub fn seal(&self, about: About<'_>, secret: &[u8]) -> Result<Vec<u8>, ServiceError> {
        let nonce: [u8; NONCE] = platform::random()?;
        let payload = Payload { msg: secret, aad: &joined(about) };
        let sealed = self.sealing.encrypt(&XNonce::from(nonce), payload);
        // Fails beyond 256 GiB only.
        let sealed = sealed.map_err(|_| ServiceError::Damaged { what: "secret to be sealed".into() })?;
        Ok([&[FORMAT][..], &self.serial.to_be_bytes(), &nonce, &sealed].concat())
    }

    /// Opens what was sealed for `owner` as what `about` says.
    ///
    /// # Errors
    /// When it was sealed under a key before this one, which was destroyed; when it was sealed as something else, or
    /// changed since.
    pub fn open(
        &self,
        about: About<'_>,
        sealed: &[u8],
        owner: &str,
    ) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let altered = || SealError::Altered { owner: owner.to_owned() };
        let Some((&FORMAT, rest)) = sealed.split_first() else { return Err(altered()) };
        let (serial, rest) = rest.split_first_chunk().ok_or_else(altered)?;
        if u32::from_be_bytes(*serial) < self.serial {
            return Err(SealError::Destroyed { owner: owner.to_owned() });
        }
        let (nonce, sealed) = rest.split_first_chunk::<NONCE>().ok_or_else(altered)?;
        let payload = Payload { msg: sealed, aad: &joined(about) };
        self.sealing.decrypt(&XNonce::from(*nonce), payload).map(Zeroizing::new).map_err(|_| altered())
    }

    /// A hash by which equal values of the same thing are found, and nobody without the key tells which they are.
    pub fn hash(&self, about: About<'_>, value: &[u8]) -> Hashed {
        let hash = mac(&self.hashing, &[&joined(about), value]);
        hash.first_chunk().copied().unwrap_or_default()
    }
}

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DataKey(…)")
    }
}

/// The parts of a about as bytes, so that no two places have the same.
pub(super) fn joined(about: About<'_>) -> Vec<u8> {
    let mut bytes = Vec::new();
    for part in about {
        bytes.extend((part.len() as u64).to_be_bytes());
        bytes.extend(*part);
    }
    bytes
}

fn mac(key: &KeyBytes, parts: &[&[u8]]) -> [u8; 32] {
    // A key of 32 bytes, which the type takes without asking.
    let mut mac = <Hmac<Sha256> as KeyInit>::new((&*block(key)).into());
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().into()
}

/// A key as the block of the hash that HMAC makes of it: filled up with zeros (RFC 2104).
fn block(key: &KeyBytes) -> Zeroizing<[u8; 64]> {
    let mut block = Zeroizing::new([0; 64]);
    block.iter_mut().zip(key.iter()).for_each(|(to, from)| *to = *from);
    block
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn key(byte: u8) -> DataKey {
        DataKey::new(&Zeroizing::new([byte; 32]), 1)
    }

    fn open(key: &DataKey, about: About<'_>, sealed: &[u8]) -> Option<Vec<u8>> {
        key.open(about, sealed, "can-bo").ok().map(|opened| opened.to_vec())
    }

    /// RFC 4231, test case 1, whose key of 20 bytes is filled up with zeros as ours are.
    #[test]
    fn the_hash_is_that_of_the_standard() {
        let mut bytes = [0; 32];
        bytes[..20].fill(0x0b);
        let hash = data_encoding::HEXLOWER.encode(&mac(&Zeroizing::new(bytes), &[b"Hi There"]));
        assert_eq!(hash, "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    }

    proptest! {
        #[test]
        fn what_is_sealed_opens_as_what_it_is_and_as_nothing_else(secret: Vec<u8>, a: Vec<u8>, b: Vec<u8>) {
            let sealed = key(1).seal(&[&a, &b], &secret).unwrap();
            prop_assert_eq!(open(&key(1), &[&a, &b], &sealed), Some(secret));
            prop_assert_eq!(open(&key(2), &[&a, &b], &sealed), None);
            prop_assert_eq!(open(&key(1), &[&a, &b, &[]], &sealed), None);
            prop_assert_eq!(open(&key(1), &[&[a, b].concat()], &sealed), None, "no two lists of parts are one");
        }

        #[test]
        fn whatever_is_changed_or_cut_off_is_found_out(at: usize, bit in 0_u32..8, secret: Vec<u8>) {
            let mut sealed = key(1).seal(&[], &secret).unwrap();
            let at = at % sealed.len();
            prop_assert_eq!(open(&key(1), &[], &sealed[..at]), None);
            // The serial number only says which key is asked.
            let at = if (1..5).contains(&at) { 0 } else { at };
            sealed[at] ^= 1 << bit;
            prop_assert_eq!(open(&key(1), &[], &sealed), None);
        }
    }

    #[test]
    fn what_was_sealed_under_a_destroyed_key_is_told_from_what_was_altered() {
        let sealed = key(1).seal(&[], b"x").unwrap();
        let next = DataKey::new(&Zeroizing::new([2; 32]), 2);
        assert!(
            matches!(next.open(&[], &sealed, "can-bo"), Err(SealError::Destroyed { owner }) if owner == "can-bo")
        );
        let sealed = next.seal(&[], b"x").unwrap();
        assert!(matches!(key(1).open(&[], &sealed, "can-bo"), Err(SealError::Altered { .. })));
    }

    #[test]
    fn the_same_is_sealed_differently_each_time_and_hashed_the_same() {
        let sealed = || key(1).seal(&[b"x"], b"035123456789").unwrap();
        assert_ne!(sealed(), sealed());
        assert_eq!(key(1).hash(&[b"x"], b"a"), key(1).hash(&[b"x"], b"a"));
        assert_ne!(key(1).hash(&[b"x"], b"a"), key(1).hash(&[b"y"], b"a"));
        assert_ne!(key(1).hash(&[b"x"], b"a"), key(2).hash(&[b"x"], b"a"));
        assert_eq!(format!("{:?}", key(1)), "DataKey(…)");
    }
}
