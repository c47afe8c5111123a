//! The growing tree.

use dinh_merkle::{Hash, TILE, TILE_BYTES, Tree, leaf_hash, root_at};

use crate::support::{self, Log, leaves};

#[test]
fn the_root_is_that_of_the_rfc_at_every_size() {
    let all = leaves(600);
    let mut tree = Tree::new();
    assert_eq!(tree.root(), Hash::EMPTY);
    for (index, leaf) in all.iter().enumerate() {
        tree.push(*leaf, &mut |_| {});
        assert_eq!(tree.root(), support::root(&all[..=index]), "size {}", index + 1);
        assert_eq!(tree.size(), index as u64 + 1);
    }
}

#[test]
fn the_root_of_every_past_size_can_be_named_again() {
    let all = leaves(600);
    let log = Log::of(&all);
    for size in 0..=600 {
        assert_eq!(root_at(&log, size as u64), Ok(support::root(&all[..size])), "size {size}");
    }
}

#[test]
fn tiles_hold_what_the_specification_says_on_every_level() {
    let all = leaves(70_000);
    let log = Log::of(&all);
    // tlog-tiles: a tree of 70,000 has 273 full tiles of level 0 and one of level 1.
    assert_eq!(log.tiles.iter().filter(|tile| tile.level == 0).count(), 273);
    assert_eq!(log.tiles.iter().filter(|tile| tile.level == 1).count(), 1);
    assert_eq!(log.tiles.len(), 274);
    for tile in &log.tiles {
        assert_eq!(tile.hashes.len(), TILE_BYTES);
        for (i, hash) in tile.hashes.chunks(Hash::BYTES).enumerate() {
            let wide = TILE.pow(u32::from(tile.level));
            let start = (tile.index as usize * TILE + i) * wide;
            assert_eq!(hash, support::root(&all[start..start + wide]).as_bytes());
        }
    }
}

#[test]
fn resuming_at_any_size_is_as_if_it_had_never_stopped() {
    let all = leaves(70_000);
    let log = Log::of(&all);
    for size in (0..=600).chain([65_535, 65_536, 65_537, 65_792, 69_999, 70_000]) {
        let mut resumed = Tree::resume(size, &log).unwrap();
        assert_eq!(resumed.root(), support::root(&all[..size as usize]));
        let mut tiles = Vec::new();
        let to = (size as usize + 600).min(all.len());
        for leaf in &all[size as usize..to] {
            resumed.push(*leaf, &mut |tile| tiles.push(tile));
        }
        assert_eq!(resumed.root(), support::root(&all[..to]));
        for tile in &tiles {
            assert!(log.tiles.contains(tile), "tile {} of level {}", tile.index, tile.level);
        }
        assert_eq!(tiles.iter().filter(|tile| tile.level == 0).count(), to / TILE - size as usize / TILE);
    }
}

#[test]
fn the_roots_others_published_come_out() {
    // github.com/transparency-dev/merkle, proof/verify_test.go; first in google/certificate-transparency.
    let entries =
        ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
    let roots = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];
    let mut tree = Tree::new();
    for (entry, root) in entries.iter().zip(roots) {
        let entry = data_encoding::HEXLOWER.decode(entry.as_bytes()).unwrap();
        tree.push(leaf_hash(&entry), &mut |_| {});
        assert_eq!(data_encoding::HEXLOWER.encode(tree.root().as_bytes()), root);
    }
}
