//! The evidence as a transparency log: a Merkle tree (RFC 6962) over all entries, kept in tiles, its head signed
//! with every group of changes.
//!
//! ```text
//! entry ──▶ salt │ entry at rest ──▶ commitment ─┐
//!                                    commit ─────┴▶ leaf ──▶ tree ──▶ head, signed
//! ```
//! - the *commitment* is SHA-256 over a salt of 16 random bytes and the entry: who has only the log learns
//!   nothing about an entry, who is given salt and entry can check them;
//! - a *leaf* is the number of the commit that holds the entry (8 bytes big-endian) and the commitment;
//! - a full *tile* of 256 hashes is written once; what is in no full tile yet follows from the entries;
//! - the *head* is a checkpoint of C2SP `tlog-checkpoint`. Its origin is the name of the key that signs it.
//!
//! Whoever keeps a head can hold the log to it for ever ([`EvidenceLog::verify`]): also the holder of the key
//! cannot write another past to it.

mod append;
mod verify;

use dinh_merkle::{Hash, ReadError, Source, leaf_hash};
use sha2::{Digest, Sha256};

use crate::backend::Table;
use crate::{Recorded, Seq, Snapshot, StoreError, format};

pub(crate) use append::Appender;
pub use verify::{Finding, Verified};

const HEAD_KEY: &[u8] = b"head";
const SIGNER_KEY: &[u8] = b"signer";

/// SHA-256 over salt and entry.
pub(crate) type Commitment = [u8; 32];

/// The commitment to what is at rest: the salt, then the entry.
pub(crate) fn commitment(salted: &[u8]) -> Commitment {
    Sha256::digest(salted).into()
}

/// The hash of the leaf of an entry.
pub(crate) fn leaf(seq: Seq, commitment: &Commitment) -> Hash {
    leaf_hash(&leaf_data(seq, commitment))
}

/// The leaf itself.
fn leaf_data(seq: Seq, commitment: &Commitment) -> [u8; 40] {
    let mut data = [0; 40];
    let (number, rest) = data.split_at_mut(8);
    number.copy_from_slice(&seq.0.to_be_bytes());
    rest.copy_from_slice(commitment);
    data
}

fn tile_key(level: u8, index: u64) -> Vec<u8> {
    let mut key = vec![level];
    key.extend(index.to_be_bytes());
    key
}

/// What the log's own arithmetic cannot use is not what was written.
fn damaged(error: ReadError<StoreError>) -> StoreError {
    match error {
        ReadError::Source(error) => error,
        other => StoreError::damaged(format!("the log of the evidence: {other}")),
    }
}

/// The log of the evidence that a snapshot sees. It is a [`Source`]: `dinh_merkle` makes proofs from it.
#[derive(Clone, Copy, Debug)]
pub struct EvidenceLog<'a> {
    snapshot: &'a Snapshot,
}

/// An entry as an outsider checks it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// The entry and its place.
    pub recorded: Recorded,
    /// The salt, then the entry, as they are at rest: SHA-256 of both is the commitment.
    pub salted: Vec<u8>,
    /// The leaf: the commit, 8 bytes big-endian, then the commitment.
    pub leaf: [u8; 40],
}

impl Opened {
    /// Bytes of the salt before the entry.
    pub const SALT: usize = format::SALT;
}

impl<'a> EvidenceLog<'a> {
    pub(crate) fn new(snapshot: &'a Snapshot) -> Self {
        Self { snapshot }
    }

    /// The signed head (a C2SP checkpoint): how many entries there are, and the root of their tree. None before
    /// the first entry.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn head(&self) -> Result<Option<String>, StoreError> {
        let head = self.snapshot.at_rest(Table::Meta, HEAD_KEY)?.map(String::from_utf8).transpose();
        head.map_err(|_| StoreError::damaged("the head of the evidence"))
    }

    /// The key that heads are checked with (a C2SP verifier key).
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn verifier_key(&self) -> Result<String, StoreError> {
        let lost = || StoreError::damaged("the key that checks the heads of the evidence");
        let key = self.snapshot.at_rest(Table::Meta, SIGNER_KEY)?.ok_or_else(lost)?;
        String::from_utf8(key).map_err(|_| lost())
    }

    /// Whether the log can be continued. When its end is damaged nothing can be written, whatever else is well.
    ///
    /// # Errors
    /// What is damaged.
    pub fn check_end(&self) -> Result<(), StoreError> {
        append::resume(self.snapshot).map(|_| ())
    }

    /// Entries from `from` on with what proves them, oldest first, at most `limit`.
    ///
    /// # Errors
    /// When one cannot be read.
    pub fn opened(&self, from: u64, limit: usize) -> Result<Vec<Opened>, StoreError> {
        let to = from.saturating_add(u64::try_from(limit).unwrap_or(u64::MAX)).min(self.size());
        let mut opened = Vec::new();
        self.snapshot.salted(from, to, |index, row| {
            let entry = format::decode(index, row.value)?;
            opened.push(Opened {
                recorded: Recorded { index, seq: row.version, entry },
                salted: row.value.to_vec(),
                leaf: leaf_data(row.version, &commitment(row.value)),
            });
            Ok(())
        })?;
        Ok(opened)
    }
}

impl Source for EvidenceLog<'_> {
    type Error = StoreError;

    fn size(&self) -> u64 {
        self.snapshot.evidence_len()
    }

    fn tile(&self, level: u8, index: u64) -> Result<Vec<u8>, StoreError> {
        let lost = || StoreError::damaged(format!("tile {index} of level {level} of the evidence"));
        self.snapshot.at_rest(Table::Tiles, &tile_key(level, index))?.ok_or_else(lost)
    }

    fn leaves(&self, from: u64, to: u64) -> Result<Vec<Hash>, StoreError> {
        let mut leaves = Vec::new();
        self.snapshot.salted(from, to, |_, row| {
            leaves.push(leaf(row.version, &commitment(row.value)));
            Ok(())
        })?;
        Ok(leaves)
    }
}
