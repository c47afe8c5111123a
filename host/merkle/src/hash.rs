//! Hashes of leaves and nodes.

use std::fmt;
use std::str::FromStr;

use data_encoding::BASE64;
use sha2::block_api::compress256;
use sha2::{Digest, Sha256};

/// A SHA-256 hash: of a leaf, of a node, or of a whole tree.
///
/// As text it is 44 characters of standard base64 (RFC 4648 §4), as checkpoints and proofs write it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash([u8; Hash::BYTES]);

impl Hash {
    /// Bytes of a hash.
    pub const BYTES: usize = 32;

    /// The root of the tree without leaves: the hash of nothing (RFC 6962 §2.1).
    pub const EMPTY: Self = Self([
        0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9, 0x24, 0x27,
        0xae, 0x41, 0xe4, 0x64, 0x9b, 0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55,
    ]);

    /// A hash made elsewhere.
    pub const fn from_bytes(bytes: [u8; Self::BYTES]) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    pub const fn as_bytes(&self) -> &[u8; Self::BYTES] {
        &self.0
    }
}

impl From<[u8; Hash::BYTES]> for Hash {
    fn from(bytes: [u8; Hash::BYTES]) -> Self {
        Self(bytes)
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        BASE64.encode_display(&self.0).fmt(f)
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A text is not a hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a hash: a hash is 32 bytes as 44 characters of base64, ending in `=`")]
pub struct HashError;

impl FromStr for Hash {
    type Err = HashError;

    /// Only the one way to write a hash is read: padded, with no spaces and no spare bits.
    fn from_str(text: &str) -> Result<Self, HashError> {
        if text.len() != BASE64.encode_len(Self::BYTES) {
            return Err(HashError);
        }
        let bytes = BASE64.decode(text.as_bytes()).map_err(|_| HashError)?;
        bytes.try_into().map(Self).map_err(|_| HashError)
    }
}

/// The hash of a leaf: `SHA-256(0x00 ‖ data)` (RFC 6962 §2.1).
pub fn leaf_hash(data: &[u8]) -> Hash {
    Hash(Sha256::new().chain_update([0]).chain_update(data).finalize().into())
}

/// The hash of a node over its two halves: `SHA-256(0x01 ‖ left ‖ right)` (RFC 6962 §2.1).
///
/// The other first byte keeps a node from passing for a leaf.
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    // 65 bytes and their padding (FIPS 180-4 §5.1.1) are two blocks. Laid out here a node takes three quarters
    // of the time it takes through a buffer, and nodes are what a log spends its time on.
    let mut blocks = [0; 128];
    blocks[0] = 1;
    blocks[1..33].copy_from_slice(&left.0);
    blocks[33..65].copy_from_slice(&right.0);
    blocks[65] = 0x80;
    blocks[126..].copy_from_slice(&(65u16 * 8).to_be_bytes());
    let mut state = INITIAL;
    compress256(&mut state, blocks.as_chunks().0);
    let mut hash = [0; Hash::BYTES];
    for (bytes, word) in hash.as_chunks_mut().0.iter_mut().zip(state) {
        *bytes = word.to_be_bytes();
    }
    Hash(hash)
}

/// The initial hash value of SHA-256 (FIPS 180-4 §5.3.3).
const INITIAL: [u32; 8] =
    [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19];

/// The root over perfect trees that stand side by side, the largest first; none over none.
pub(crate) fn join(trees: impl DoubleEndedIterator<Item = Hash>) -> Option<Hash> {
    trees.rev().reduce(|right, left| node_hash(&left, &right))
}

/// The root over `2^h` hashes of equal height; none over none.
pub(crate) fn perfect(mut row: Vec<Hash>) -> Option<Hash> {
    while row.len() > 1 {
        row = row.as_chunks().0.iter().map(|[left, right]| node_hash(left, right)).collect();
    }
    row.pop()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_node_is_the_plain_sha_256_of_its_65_bytes(left: [u8; 32], right: [u8; 32]) {
            let plain = Sha256::digest([&[1], left.as_slice(), right.as_slice()].concat());
            prop_assert_eq!(node_hash(&Hash(left), &Hash(right)), Hash(plain.into()));
        }
    }
}
