//! Checking proofs: the algorithms of RFC 9162 §2.1.3.2 and §2.1.4.2, which need no log.

use crate::hash::{Hash, node_hash};
use crate::note::NoteError;
use crate::range;

/// A proof does not prove what it was given for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProofError {
    /// The leaf is not in a tree of this size.
    #[error("leaf {index} is not in a tree of {size} leaves; ask for a proof in a later checkpoint")]
    Index {
        /// The leaf.
        index: u64,
        /// Leaves of the tree.
        size: u64,
    },
    /// The tree became smaller: entries were removed.
    #[error("the log had {old} leaves and now has {new}: entries were removed")]
    Order {
        /// Size of the tree that came first.
        old: u64,
        /// Size of the tree that should continue it.
        new: u64,
    },
    /// The proof is too short or too long.
    #[error("the proof has {found} hashes where {expected} belong: it is incomplete or for another tree")]
    Length {
        /// Hashes it should have.
        expected: usize,
        /// Hashes it has.
        found: usize,
    },
    /// The proof does not lead to the root: the leaf, the proof or the tree is another.
    #[error("the proof does not lead to the root: the log holds something else")]
    Root,
    /// The proof does not lead to the old root: the log was rewritten, or the proof is for another.
    #[error("the proof does not lead to the old root: what the log held then was rewritten")]
    OldRoot,
    /// The checkpoint is of another log.
    #[error("the proof is for the log {found:?}, and not for {expected:?}")]
    Origin {
        /// The log asked about.
        expected: String,
        /// The log the checkpoint names.
        found: String,
    },
    /// The checkpoint cannot be read or is not signed by a known key.
    #[error("the proof's checkpoint: {0}")]
    Checkpoint(#[from] NoteError),
}

/// Whether `leaf` is leaf `index` (from 0) of the tree of `size` leaves under `root`.
///
/// `size` and `root` come from a checkpoint: a proof alone does not fix the size.
///
/// # Errors
/// When the proof does not prove it.
pub fn verify_inclusion(
    leaf: &Hash,
    index: u64,
    size: u64,
    proof: &[Hash],
    root: &Hash,
) -> Result<(), ProofError> {
    if index >= size {
        return Err(ProofError::Index { index, size });
    }
    let length = || ProofError::Length { expected: range::inclusion(index, size).len(), found: proof.len() };
    let (mut place, mut last, mut hash) = (index, size - 1, *leaf);
    for beside in proof {
        if last == 0 {
            return Err(length());
        }
        if is_right(place) || place == last {
            hash = node_hash(beside, &hash);
            (place, last) = skip_lonely(place, last);
        } else {
            hash = node_hash(&hash, beside);
        }
        (place, last) = (place >> 1, last >> 1);
    }
    if last != 0 {
        return Err(length());
    }
    if hash == *root { Ok(()) } else { Err(ProofError::Root) }
}

/// Whether the tree of `new` leaves under `new_root` begins with every leaf of the tree of `old` leaves under
/// `old_root`, in their order: nothing was changed, removed, reordered or put in between.
///
/// # Errors
/// When the proof does not prove it.
pub fn verify_consistency(
    old: u64,
    new: u64,
    old_root: &Hash,
    new_root: &Hash,
    proof: &[Hash],
) -> Result<(), ProofError> {
    if old > new {
        return Err(ProofError::Order { old, new });
    }
    if old == 0 || old == new {
        return verify_trivial(old, new, old_root, new_root, proof);
    }
    let length = || ProofError::Length { expected: range::consistency(old, new).len(), found: proof.len() };
    let (mut place, mut last) = (old - 1, new - 1);
    let perfect = place.trailing_ones();
    (place, last) = (place >> perfect, last >> perfect);
    // A perfect old tree is itself the first hash.
    let (first, rest) =
        if place == 0 { (old_root, proof) } else { proof.split_first().ok_or_else(length)? };
    let (mut old_hash, mut new_hash) = (*first, *first);
    for beside in rest {
        if last == 0 {
            return Err(length());
        }
        if is_right(place) || place == last {
            old_hash = node_hash(beside, &old_hash);
            new_hash = node_hash(beside, &new_hash);
            (place, last) = skip_lonely(place, last);
        } else {
            new_hash = node_hash(&new_hash, beside);
        }
        (place, last) = (place >> 1, last >> 1);
    }
    if last != 0 {
        return Err(length());
    }
    if old_hash != *old_root {
        return Err(ProofError::OldRoot);
    }
    if new_hash == *new_root { Ok(()) } else { Err(ProofError::Root) }
}

/// Sizes that need no proof: from nothing, and to the same. There is one tree without leaves.
fn verify_trivial(
    old: u64,
    new: u64,
    old_root: &Hash,
    new_root: &Hash,
    proof: &[Hash],
) -> Result<(), ProofError> {
    if !proof.is_empty() {
        return Err(ProofError::Length { expected: 0, found: proof.len() });
    }
    if old == 0 && *old_root != Hash::EMPTY {
        return Err(ProofError::OldRoot);
    }
    if old == new && old_root != new_root {
        return Err(ProofError::Root);
    }
    Ok(())
}

/// Whether a node has its sibling on the left.
fn is_right(place: u64) -> bool {
    place & 1 == 1
}

/// Passes the heights at which the last node of an uneven row has no sibling. `place` is not 0 here: `last` is
/// not, and they are equal, or `place` is odd.
fn skip_lonely(place: u64, last: u64) -> (u64, u64) {
    let heights = place.trailing_zeros();
    (place.unbounded_shr(heights), last.unbounded_shr(heights))
}
