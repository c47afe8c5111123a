//! RFC 6962 §2.1 written once more as the RFC says it, and logs to read from.

use std::cell::RefCell;
use std::collections::HashMap;

use dinh_merkle::{FullTile, Hash, Source, TILE, Tree, leaf_hash, node_hash};

/// The tree of a list of leaves, defined as in the RFC. Roots once computed are kept.
pub struct Naive {
    pub leaves: Vec<Hash>,
    roots: RefCell<HashMap<(usize, usize), Hash>>,
}

impl Naive {
    pub fn of(leaves: Vec<Hash>) -> Self {
        Self { leaves, roots: RefCell::default() }
    }

    /// `MTH(D[from:to])`.
    pub fn root(&self, from: usize, to: usize) -> Hash {
        if let Some(root) = self.roots.borrow().get(&(from, to)) {
            return *root;
        }
        let root = match to - from {
            0 => Hash::EMPTY,
            1 => self.leaves[from],
            n => node_hash(&self.root(from, from + split(n)), &self.root(from + split(n), to)),
        };
        self.roots.borrow_mut().insert((from, to), root);
        root
    }

    /// `PATH(m, D[n])`.
    pub fn path(&self, m: usize, n: usize) -> Vec<Hash> {
        self.path_in(m, 0, n)
    }

    fn path_in(&self, m: usize, from: usize, to: usize) -> Vec<Hash> {
        if to - from == 1 {
            return Vec::new();
        }
        let k = split(to - from);
        if m < k {
            [self.path_in(m, from, from + k), vec![self.root(from + k, to)]].concat()
        } else {
            [self.path_in(m - k, from + k, to), vec![self.root(from, from + k)]].concat()
        }
    }

    /// `PROOF(m, D[n])`.
    pub fn proof(&self, m: usize, n: usize) -> Vec<Hash> {
        self.subproof(m, 0, n, true)
    }

    fn subproof(&self, m: usize, from: usize, to: usize, known: bool) -> Vec<Hash> {
        if m == to - from {
            return if known { Vec::new() } else { vec![self.root(from, to)] };
        }
        let k = split(to - from);
        if m <= k {
            [self.subproof(m, from, from + k, known), vec![self.root(from + k, to)]].concat()
        } else {
            [self.subproof(m - k, from + k, to, false), vec![self.root(from, from + k)]].concat()
        }
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
    pub tiles: HashMap<(u8, u64), Vec<u8>>,
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
        self.tree.push(leaf, &mut |FullTile { level, index, hashes }| {
            assert!(self.tiles.insert((level, index), hashes).is_none(), "a tile was handed out twice");
        });
    }
}

/// A question that the contract of `Source` rules out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotStored;

impl Source for Log {
    type Error = NotStored;

    fn size(&self) -> u64 {
        self.leaves.len() as u64
    }

    fn tile(&self, level: u8, index: u64) -> Result<Vec<u8>, NotStored> {
        self.tiles.get(&(level, index)).cloned().ok_or(NotStored)
    }

    fn leaves(&self, from: u64, to: u64) -> Result<Vec<Hash>, NotStored> {
        let stored = self.leaves.len() / TILE * TILE;
        if (from as usize) < stored || to - from >= TILE as u64 {
            return Err(NotStored);
        }
        self.leaves.get(from as usize..to as usize).map(<[Hash]>::to_vec).ok_or(NotStored)
    }
}
