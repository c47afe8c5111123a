//! The growing right edge of a tree.

use crate::hash::{self, Hash, node_hash};
use crate::source::{ReadError, Reader, Source, in_level};
use crate::{TILE, TILE_BYTES};

/// A tile that has just become full. It will never change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FullTile {
    /// 0 holds leaf hashes; each level above holds one hash per full tile of the level below.
    pub level: u8,
    /// Its place in the level, from 0.
    pub index: u64,
    /// [`TILE`] hashes one after another: [`TILE_BYTES`] bytes.
    pub hashes: Vec<u8>,
}

/// A tree that grows: what is needed to append leaves and to name the root at any moment.
///
/// It keeps one hash per perfect tree at the right edge and the partial tile of each level, below 8 KiB a
/// level. A push costs one node hash on average and allocates only when a tile begins.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    size: u64,
    /// Roots of the perfect trees that the leaves make up, the largest first: one per bit of `size`.
    edge: Vec<Hash>,
    /// The bytes of the partial tile of each level.
    partial: Vec<Vec<u8>>,
}

impl Tree {
    /// The tree without leaves.
    pub fn new() -> Self {
        Self::default()
    }

    /// The tree of the first `size` leaves of a log, ready to grow.
    ///
    /// Reads at most 255 hashes or tiles of each level.
    ///
    /// # Errors
    /// When the log has fewer leaves, cannot be read, or is damaged.
    pub fn resume<S: Source>(size: u64, source: &S) -> Result<Self, ReadError<S::Error>> {
        let mut reader = Reader::new(source, size)?;
        let mut tree = Self { size, ..Self::default() };
        let mut rows = Vec::new();
        for level in (0u8..).take_while(|level| in_level(size, *level) > 0) {
            let to = in_level(size, level);
            let from = to - to % TILE as u64;
            let row = if from < to { reader.row(level, from, to)? } else { Vec::new() };
            tree.partial.push(row.iter().flat_map(Hash::as_bytes).copied().collect());
            rows.push(row);
        }
        // The bits of a row's length are eight bits of the size.
        for row in rows.iter().rev() {
            let mut rest = row.as_slice();
            while let Some(height) = rest.len().checked_ilog2() {
                let (perfect, after) = rest.split_at(1 << height);
                tree.edge.extend(hash::perfect(perfect.to_vec()));
                rest = after;
            }
        }
        Ok(tree)
    }

    /// Appends a leaf by its hash ([`crate::leaf_hash`]). Every tile that becomes full with it is handed to
    /// `full`, lower levels first, once and never again.
    pub fn push(&mut self, leaf: Hash, full: &mut impl FnMut(FullTile)) {
        let mut hash = leaf;
        self.add(0, &hash, full);
        // Each perfect tree that now has a twin on its right becomes one with it.
        for height in 1..=self.size.trailing_ones() {
            let Some(left) = self.edge.pop() else { break };
            hash = node_hash(&left, &hash);
            if height % 8 == 0 {
                self.add(height as usize / 8, &hash, full);
            }
        }
        self.edge.push(hash);
        self.size = self.size.saturating_add(1);
    }

    /// How many leaves it has.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Its root: the Merkle tree hash of RFC 6962 §2.1, [`Hash::EMPTY`] without leaves.
    pub fn root(&self) -> Hash {
        hash::join(self.edge.iter().copied()).unwrap_or(Hash::EMPTY)
    }

    /// Appends to the partial tile of a level. `self.size` is still without the leaf that caused it.
    fn add(&mut self, level: usize, hash: &Hash, full: &mut impl FnMut(FullTile)) {
        if self.partial.len() <= level {
            self.partial.resize_with(level + 1, Vec::new);
        }
        let Some(tile) = self.partial.get_mut(level) else { return };
        if tile.is_empty() {
            tile.reserve_exact(TILE_BYTES);
        }
        tile.extend_from_slice(hash.as_bytes());
        if tile.len() == TILE_BYTES {
            let level = level as u8;
            let index = in_level(self.size, level) / TILE as u64;
            full(FullTile { level, index, hashes: std::mem::take(tile) });
        }
    }
}
