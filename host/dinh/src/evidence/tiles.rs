//! The hashes of a log that grows, as the tiles that are files.

use std::collections::BTreeMap;
use std::num::NonZeroU8;

use dinh_merkle::layout::{Content, TilePath};
use dinh_merkle::{FullTile, Hash, TILE, Tree, node_hash};

/// A tree, and the tile of each level that is not full yet.
#[derive(Clone, Debug, Default)]
pub struct Tiles {
    tree: Tree,
    /// By level.
    rows: BTreeMap<u8, Vec<u8>>,
}

impl Tiles {
    /// Adds a leaf by its hash; hands out the tiles that are full with it.
    pub fn push(&mut self, leaf: Hash) -> Vec<(TilePath, Vec<u8>)> {
        let mut full = Vec::new();
        self.tree.push(leaf, &mut |tile: FullTile| full.push(tile));
        self.rows.entry(0).or_default().extend(leaf.as_bytes());
        let done = full.into_iter().map(|FullTile { level, index, hashes }| {
            // Lower ones come first, so the level above has this one's hash before it is full itself.
            self.rows.remove(&level);
            self.rows.entry(level + 1).or_default().extend(root(&hashes).as_bytes());
            (TilePath::hashes(level, index), hashes)
        });
        done.collect()
    }

    /// The tiles that are not full, lowest first.
    pub fn partial(&self) -> impl Iterator<Item = (TilePath, &[u8])> {
        self.rows.iter().filter_map(|(&level, row)| {
            let partial = NonZeroU8::new(u8::try_from(row.len() / Hash::BYTES).ok()?)?;
            let index = self.tree.size().checked_shr(8 * u32::from(level))? / TILE as u64;
            let path = TilePath { content: Content::Hashes { level }, index, partial: Some(partial) };
            Some((path, row.as_slice()))
        })
    }

    /// How many leaves there are.
    pub fn size(&self) -> u64 {
        self.tree.size()
    }

    /// The root over all of them.
    pub fn root(&self) -> Hash {
        self.tree.root()
    }
}

/// The hash over a full tile.
fn root(hashes: &[u8]) -> Hash {
    let mut row: Vec<Hash> = hashes.as_chunks().0.iter().copied().map(Hash::from_bytes).collect();
    while row.len() > 1 {
        row = row.as_chunks().0.iter().map(|[left, right]| node_hash(left, right)).collect();
    }
    row.pop().unwrap_or(Hash::EMPTY)
}

#[cfg(test)]
mod tests {
    use dinh_merkle::{layout, leaf_hash};

    use super::*;

    #[test]
    fn the_tiles_are_those_of_the_layout_at_every_size() {
        let mut tiles = Tiles::default();
        let mut full = Vec::new();
        for size in 1..=70_000_u64 {
            full.extend(tiles.push(leaf_hash(&size.to_be_bytes())).into_iter().map(|(path, _)| path));
            if ![1, 255, 256, 257, 65_535, 65_536, 65_537, 70_000].contains(&size) {
                continue;
            }
            let mut made: Vec<TilePath> = full.clone();
            made.extend(tiles.partial().map(|(path, hashes)| {
                assert_eq!(hashes.len(), path.width() * Hash::BYTES);
                path
            }));
            let mut expected: Vec<TilePath> =
                layout::paths(size).filter(|path| path.content != Content::Entries).collect();
            made.sort();
            expected.sort();
            assert_eq!(made, expected, "{size}");
        }
    }
}
