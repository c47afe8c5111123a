//! The growing tree, its tiles, and the trees it has been.

use dinh_merkle::layout::{Content, TilePath, paths};
use dinh_merkle::{Hash, ReadError, Source, TILE, TILE_BYTES, Tree, root_at, tile_at};
use proptest::prelude::*;

use crate::support::{Log, Naive, NotStored, leaves};

#[test]
fn the_root_is_that_of_the_rfc_at_every_size() {
    let naive = Naive::of(leaves(600));
    let mut tree = Tree::new();
    assert_eq!((tree.size(), tree.root()), (0, Hash::EMPTY));
    for (index, leaf) in naive.leaves.iter().enumerate() {
        tree.push(*leaf, &mut |_| {});
        assert_eq!(tree.root(), naive.root(0, index + 1), "size {}", index + 1);
        assert_eq!(tree.size(), index as u64 + 1);
    }
}

#[test]
fn the_root_of_every_past_size_can_be_named_again() {
    let naive = Naive::of(leaves(600));
    let log = Log::of(&naive.leaves);
    for size in 0..=600 {
        assert_eq!(root_at(&log, size as u64), Ok(naive.root(0, size)), "size {size}");
    }
}

#[test]
fn tiles_hold_what_the_specification_says_on_every_level() {
    let naive = Naive::of(leaves(70_000));
    let log = Log::of(&naive.leaves);
    // tlog-tiles: a tree of 70,000 has 273 full tiles of level 0 and one of level 1.
    assert_eq!(log.tiles.keys().filter(|(level, _)| *level == 0).count(), 273);
    assert_eq!(log.tiles.keys().filter(|(level, _)| *level == 1).count(), 1);
    assert_eq!(log.tiles.len(), 274);
    for ((level, index), hashes) in &log.tiles {
        assert_eq!(hashes.len(), TILE_BYTES);
        assert_eq!(*hashes, defined(&naive, *level, *index, TILE));
    }
}

/// `MTH(D[(n * 256 + i) * 256**l : (n * 256 + i + 1) * 256**l])` for `i` below `width`.
fn defined(naive: &Naive, level: u8, index: u64, width: usize) -> Vec<u8> {
    let wide = TILE.pow(u32::from(level));
    let start = index as usize * TILE;
    let row = (start..start + width).map(|i| naive.root(i * wide, (i + 1) * wide));
    row.flat_map(|hash| *hash.as_bytes()).collect()
}

#[test]
fn tiles_full_and_partial_can_be_handed_out_as_they_were_at_any_size() {
    let naive = Naive::of(leaves(70_000));
    let log = Log::of(&naive.leaves);
    for size in [1, 255, 256, 257, 600, 65_535, 65_536, 65_537, 70_000] {
        for path in paths(size) {
            let Content::Hashes { level } = path.content else { continue };
            let expected = defined(&naive, level, path.index, path.width());
            assert_eq!(tile_at(&log, level, path.index, size), Ok(expected), "{path} of {size}");
        }
        for level in 0..5 {
            let after = paths(size).filter(|path| path.content == Content::Hashes { level }).count() as u64;
            let refused = tile_at(&log, level, after, size);
            assert_eq!(refused, Err(ReadError::NoTile { level, index: after, size }));
        }
    }
    assert!(matches!(tile_at(&log, 255, u64::MAX, 5), Err(ReadError::NoTile { .. })));
}

#[test]
fn resuming_at_any_size_is_as_if_it_had_never_stopped() {
    let naive = Naive::of(leaves(70_000));
    let log = Log::of(&naive.leaves);
    for size in (0..=600).chain([65_535, 65_536, 65_537, 65_792, 69_999, 70_000]) {
        let mut resumed = Tree::resume(size as u64, &log).unwrap();
        assert_eq!((resumed.size(), resumed.root()), (size as u64, naive.root(0, size)));
        let mut new = Vec::new();
        let to = (size + 600).min(naive.leaves.len());
        for leaf in &naive.leaves[size..to] {
            resumed.push(*leaf, &mut |tile| new.push(tile));
        }
        assert_eq!(resumed.root(), naive.root(0, to));
        for tile in &new {
            assert_eq!(log.tiles.get(&(tile.level, tile.index)), Some(&tile.hashes), "{}", tile.index);
        }
        let levels = (0..2u8).map(|level| TILE.pow(u32::from(level) + 1));
        assert_eq!(new.len(), levels.map(|wide| to / wide - size / wide).sum::<usize>());
    }
}

#[test]
fn a_log_smaller_than_asked_for_is_refused() {
    let log = Log::of(&leaves(300));
    let refused = ReadError::Size { asked: 301, size: 300 };
    assert_eq!(root_at(&log, 301), Err(refused.clone()));
    assert_eq!(Tree::resume(301, &log).unwrap_err(), refused);
}

/// A log of which something stored is of the wrong length, or missing.
struct Damaged(Log, Result<(usize, usize), NotStored>);

impl Source for Damaged {
    type Error = NotStored;

    fn size(&self) -> u64 {
        self.0.size()
    }

    fn tile(&self, level: u8, index: u64) -> Result<Vec<u8>, NotStored> {
        let (bytes, _) = self.1.as_ref().map_err(|_| NotStored)?;
        let mut tile = self.0.tile(level, index)?;
        tile.resize(*bytes, 0);
        Ok(tile)
    }

    fn leaves(&self, from: u64, to: u64) -> Result<Vec<Hash>, NotStored> {
        let (_, extra) = self.1.as_ref().map_err(|_| NotStored)?;
        let mut leaves = self.0.leaves(from, to)?;
        leaves.resize(leaves.len() + extra, Hash::EMPTY);
        Ok(leaves)
    }
}

#[test]
fn a_damaged_log_is_named_and_never_proved_from() {
    let log = Log::of(&leaves(300));
    let short = Damaged(log.clone(), Ok((TILE_BYTES - 1, 0)));
    assert_eq!(root_at(&short, 300), Err(ReadError::Tile { level: 0, index: 0, bytes: 8191 }));
    let long = Damaged(log.clone(), Ok((TILE_BYTES, 1)));
    // The smallest perfect tree of 300 leaves is read first.
    assert_eq!(root_at(&long, 300), Err(ReadError::Leaves { from: 296, to: 300, found: 5 }));
    let gone = Damaged(log, Err(NotStored));
    assert_eq!(root_at(&gone, 300), Err(ReadError::Source(NotStored)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn a_log_of_any_size_grows_resumes_and_remembers(size in 0u64..70_000, part in 0.0..1.0f64) {
        let naive = Naive::of(leaves(size));
        let log = Log::of(&naive.leaves);
        let past = (size as f64 * part) as u64;
        prop_assert_eq!(log.tree.root(), naive.root(0, size as usize));
        prop_assert_eq!(root_at(&log, past), Ok(naive.root(0, past as usize)));
        prop_assert_eq!(Tree::resume(past, &log).unwrap().root(), naive.root(0, past as usize));
        let tile = TilePath::hashes(0, past / TILE as u64);
        if !past.is_multiple_of(TILE as u64) {
            prop_assert_eq!(tile_at(&log, 0, tile.index, past).unwrap().len(), past as usize % TILE * Hash::BYTES);
        }
    }
}
