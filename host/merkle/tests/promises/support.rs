//! RFC 6962 §2.1 written once more as the RFC says it, and logs to read from.

use dinh_merkle::{FullTile, Hash, Source, TILE, Tree, leaf_hash, node_hash};

/// `MTH(D[n])`.
pub fn root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => Hash::EMPTY,
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(split(leaves.len()));
            node_hash(&root(left), &root(right))
        }
    }
}

/// `PATH(m, D[n])`.
pub fn path(index: usize, leaves: &[Hash]) -> Vec<Hash> {
    if leaves.len() <= 1 {
        return Vec::new();
    }
    let k = split(leaves.len());
    let (left, right) = leaves.split_at(k);
    if index < k {
        [path(index, left), vec![root(right)]].concat()
    } else {
        [path(index - k, right), vec![root(left)]].concat()
    }
}

/// `PROOF(m, D[n])`.
pub fn proof(old: usize, leaves: &[Hash]) -> Vec<Hash> {
    subproof(old, leaves, true)
}

fn subproof(old: usize, leaves: &[Hash], known: bool) -> Vec<Hash> {
    if old == leaves.len() {
        return if known { Vec::new() } else { vec![root(leaves)] };
    }
    let k = split(leaves.len());
    let (left, right) = leaves.split_at(k);
    if old <= k {
        [subproof(old, left, known), vec![root(right)]].concat()
    } else {
        [subproof(old - k, right, false), vec![root(left)]].concat()
    }
}

/// The largest power of two smaller than `n`.
fn split(n: usize) -> usize {
    let mut k = 1;
    while k * 2 < n {
        k *= 2;
    }
    k
}

/// Distinct leaf hashes.
pub fn leaves(count: u64) -> Vec<Hash> {
    (0..count).map(|index| leaf_hash(&index.to_be_bytes())).collect()
}

/// A log in memory.
#[derive(Clone, Default)]
pub struct Log {
    pub tree: Tree,
    pub leaves: Vec<Hash>,
    pub tiles: Vec<FullTile>,
}

impl Log {
    pub fn of(leaves: &[Hash]) -> Self {
        let mut log = Self::default();
        for leaf in leaves {
            log.push(*leaf);
        }
        log
    }

    pub fn push(&mut self, leaf: Hash) {
        self.leaves.push(leaf);
        self.tree.push(leaf, &mut |tile| self.tiles.push(tile));
    }
}

/// A question that the contract of `Source` rules out.
#[derive(Debug, PartialEq, Eq)]
pub struct NotStored;

impl Source for Log {
    type Error = NotStored;

    fn size(&self) -> u64 {
        self.leaves.len() as u64
    }

    fn tile(&self, level: u8, index: u64) -> Result<Vec<u8>, NotStored> {
        let tile = self.tiles.iter().find(|tile| (tile.level, tile.index) == (level, index));
        tile.map(|tile| tile.hashes.clone()).ok_or(NotStored)
    }

    fn leaves(&self, from: u64, to: u64) -> Result<Vec<Hash>, NotStored> {
        let stored = self.leaves.len() / TILE * TILE;
        if (from as usize) < stored || to - from >= TILE as u64 {
            return Err(NotStored);
        }
        self.leaves.get(from as usize..to as usize).map(<[Hash]>::to_vec).ok_or(NotStored)
    }
}
