//! Roots, proofs and tiles of the trees a log has been.

use crate::TILE;
use crate::hash::Hash;
use crate::range::{self, Range};
use crate::source::{ReadError, Reader, Source, in_level};

/// The root of the first `size` leaves: what the log's checkpoint of that size says.
///
/// # Errors
/// When the log has fewer leaves, cannot be read, or is damaged.
pub fn root_at<S: Source>(source: &S, size: u64) -> Result<Hash, ReadError<S::Error>> {
    Reader::new(source, size)?.root(Range { start: 0, end: size })
}

/// The proof that leaf `index` (from 0) is in the tree of the first `size` leaves: `PATH` of RFC 6962
/// §2.1.1, from the leaf's sibling to the root's child; at most 64 hashes. [`crate::verify_inclusion`] checks
/// it.
///
/// # Errors
/// When the tree has no such leaf, the log has no such tree, cannot be read, or is damaged.
pub fn inclusion<S: Source>(source: &S, index: u64, size: u64) -> Result<Vec<Hash>, ReadError<S::Error>> {
    let mut reader = Reader::new(source, size)?;
    if index >= size {
        return Err(ReadError::NoLeaf { index, size });
    }
    range::inclusion(index, size).into_iter().map(|part| reader.root(part)).collect()
}

/// The proof that the tree of the first `new` leaves begins with all of the first `old` leaves, in their
/// order: `PROOF` of RFC 6962 §2.1.2. Empty when the sizes are equal or `old` is 0.
/// [`crate::verify_consistency`] checks it.
///
/// # Errors
/// When `old` is larger than `new`, the log has no such tree, cannot be read, or is damaged.
pub fn consistency<S: Source>(source: &S, old: u64, new: u64) -> Result<Vec<Hash>, ReadError<S::Error>> {
    let mut reader = Reader::new(source, new)?;
    if old > new {
        return Err(ReadError::Order { old, new });
    }
    if old == 0 {
        return Ok(Vec::new());
    }
    range::consistency(old, new).into_iter().map(|part| reader.root(part)).collect()
}

/// The bytes of tile `index` of `level` as it is in the tree of the first `size` leaves, full or partial:
/// what a log serves at the tile's path ([`crate::layout`]).
///
/// # Errors
/// When that tree has no such tile, the log has no such tree, cannot be read, or is damaged.
pub fn tile_at<S: Source>(
    source: &S,
    level: u8,
    index: u64,
    size: u64,
) -> Result<Vec<u8>, ReadError<S::Error>> {
    let mut reader = Reader::new(source, size)?;
    let from = index.checked_mul(TILE as u64).filter(|from| *from < in_level(size, level));
    let Some(from) = from else {
        return Err(ReadError::NoTile { level, index, size });
    };
    let to = from.saturating_add(TILE as u64).min(in_level(size, level));
    Ok(reader.row(level, from, to)?.iter().flat_map(Hash::as_bytes).copied().collect())
}
