//! Proofs that stand alone (C2SP tlog-proof): an entry's place, its inclusion proof and the checkpoint.

use data_encoding::BASE64;

use crate::checkpoint::{Checkpoint, decimal};
use crate::hash::Hash;
use crate::key::Verifier;
use crate::note::{MAX_NOTE_BYTES, NoteError};
use crate::verify::{ProofError, verify_inclusion};

const HEADER: &str = "c2sp.org/tlog-proof@v1";

/// The most hashes an inclusion proof can have: one per height of a tree of 2⁶⁴ leaves.
const MAX_HASHES: usize = 64;

/// All that is needed, besides the log's public key, to check that an entry is in the log. Kept in files that
/// end in `.tlog-proof`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// The entry's place in the log, from 0.
    pub index: u64,
    /// From the leaf's sibling to the root's child ([`crate::inclusion`]).
    pub hashes: Vec<Hash>,
    /// Whatever else helps to check it, such as the entry itself. Nobody signed it.
    pub extra: Option<Vec<u8>>,
    /// The signed checkpoint, word for word ([`Checkpoint::sign`]).
    pub checkpoint: String,
}

impl Proof {
    /// As text, for [`Proof::parse`].
    pub fn to_text(&self) -> String {
        let mut text = format!("{HEADER}\n");
        if let Some(extra) = &self.extra {
            text.push_str(&format!("extra {}\n", BASE64.encode(extra)));
        }
        text.push_str(&format!("index {}\n", self.index));
        for hash in &self.hashes {
            text.push_str(&format!("{hash}\n"));
        }
        text.push('\n');
        text.push_str(&self.checkpoint);
        text
    }

    /// Reads a proof without checking it. The checkpoint is kept as it stands.
    ///
    /// # Errors
    /// When the text has not the form of a proof, or is larger than twice [`MAX_NOTE_BYTES`].
    pub fn parse(text: &str) -> Result<Self, NoteError> {
        if text.len() > 2 * MAX_NOTE_BYTES {
            return Err(NoteError::TooLarge);
        }
        let missing = NoteError::at(1, "the blank line between the proof and its checkpoint is missing");
        let (proof, checkpoint) = text.split_once("\n\n").ok_or(missing)?;
        let mut lines = (1..).zip(proof.split('\n')).peekable();
        if lines.next().is_none_or(|(_, line)| line != HEADER) {
            return Err(NoteError::at(1, "expected `c2sp.org/tlog-proof@v1`"));
        }
        let extra = match lines.peek().and_then(|(_, line)| line.strip_prefix("extra ")) {
            Some(data) => {
                lines.next();
                let data = BASE64.decode(data.as_bytes());
                Some(data.map_err(|_| NoteError::at(2, "expected `extra` and base64"))?)
            }
            None => None,
        };
        let index = lines.next().and_then(|(_, line)| decimal(line.strip_prefix("index ")?));
        let index = index.ok_or(NoteError::at(
            if extra.is_some() { 3 } else { 2 },
            "expected `index` and the entry's place: digits, without leading zeros",
        ))?;
        let hashes: Result<Vec<Hash>, NoteError> = lines
            .map(|(at, line)| {
                line.parse().map_err(|_| NoteError::at(at, "expected a hash: 32 bytes in base64"))
            })
            .collect();
        let hashes = hashes?;
        if hashes.len() > MAX_HASHES {
            return Err(NoteError::TooLarge);
        }
        Ok(Self { index, hashes, extra, checkpoint: checkpoint.into() })
    }

    /// Whether the entry whose [`crate::leaf_hash`] is `leaf` is in the log `origin` at [`Proof::index`]: the
    /// checkpoint that says so. `known` are keys of the log itself, not of its witnesses.
    ///
    /// # Errors
    /// When the checkpoint is of another log or not signed by a known key, or the proof proves something else.
    pub fn verify(&self, leaf: &Hash, origin: &str, known: &[Verifier]) -> Result<Checkpoint, ProofError> {
        let (checkpoint, _) = Checkpoint::open(&self.checkpoint, known)?;
        if checkpoint.origin != origin {
            return Err(ProofError::Origin { expected: origin.into(), found: checkpoint.origin });
        }
        verify_inclusion(leaf, self.index, checkpoint.size, &self.hashes, &checkpoint.root)?;
        Ok(checkpoint)
    }
}
