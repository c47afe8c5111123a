//! Which parts of a tree a root or a proof is made of.
//!
//! A tree of leaves `[start, end)` is split at the largest power of two smaller than its size (RFC 6962
//! §2.1). Here are only numbers; [`crate::source`] turns them into hashes.

/// The leaves from `start` to before `end`, as one tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Range {
    pub(crate) start: u64,
    pub(crate) end: u64,
}

/// A perfect tree: the leaves from `index · 2^height`, `2^height` of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Perfect {
    pub(crate) height: u32,
    pub(crate) index: u64,
}

impl Range {
    fn len(self) -> u64 {
        self.end - self.start
    }

    /// Its two halves; none for a single leaf.
    fn halves(self) -> Option<(Self, Self)> {
        let last = self.len().checked_sub(1)?;
        let middle = self.start + (1 << last.checked_ilog2()?);
        Some((Self { end: middle, ..self }, Self { start: middle, ..self }))
    }

    /// The perfect trees it consists of, the largest first. `start` is a multiple of the largest's size, as
    /// it is for the whole tree and for every half of it.
    pub(crate) fn perfect(self) -> impl DoubleEndedIterator<Item = Perfect> {
        let len = self.len();
        (0..u64::BITS).rev().filter(move |height| len >> height & 1 == 1).map(move |height| {
            // What is larger stands before it.
            let before = len >> height & !1;
            Perfect { height, index: (self.start >> height) + before }
        })
    }
}

/// The parts whose hashes prove that leaf `index` is in the tree of `size` leaves, nearest to the leaf
/// first: `PATH` of RFC 6962 §2.1.1. `index` is below `size`.
pub(crate) fn inclusion(index: u64, size: u64) -> Vec<Range> {
    let mut whole = Range { start: 0, end: size };
    let mut path = Vec::new();
    while let Some((left, right)) = whole.halves() {
        let beside;
        (whole, beside) = if index < left.end { (left, right) } else { (right, left) };
        path.push(beside);
    }
    path.reverse();
    path
}

/// The parts whose hashes prove that the tree of `new` leaves begins with the tree of `old` leaves: `PROOF`
/// of RFC 6962 §2.1.2. `old` is at least 1 and at most `new`.
pub(crate) fn consistency(old: u64, new: u64) -> Vec<Range> {
    let mut whole = Range { start: 0, end: new };
    let mut path = Vec::new();
    while whole.end != old {
        let Some((left, right)) = whole.halves() else { break };
        let beside;
        (whole, beside) = if old <= left.end { (left, right) } else { (right, left) };
        path.push(beside);
    }
    // The old root itself is known to whoever asks.
    if whole.start > 0 {
        path.push(whole);
    }
    path.reverse();
    path
}
