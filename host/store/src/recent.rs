//! The writer's memory: which keys were written by which of the recent commits.
//!
//! A range that a change relied on is unchanged when no key in it was written after the change's snapshot.
//! The memory answers that for every snapshot not older than its floor.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::ops::Bound;
use std::sync::Arc;

use crate::backend;
use crate::{KeyRange, Seq};

/// The last write to a key.
#[derive(Clone, Copy)]
struct Last {
    seq: Seq,
    removed: bool,
    /// A batch staged the key since then: what it is now, the store itself knows.
    staged: bool,
}

/// Recently written keys.
pub(crate) struct Recent {
    most: usize,
    weight: usize,
    /// Every write after this commit is remembered.
    floor: Seq,
    keys: BTreeMap<Arc<[u8]>, Last>,
    /// Those that no question about a range needed in their order yet: putting them there costs more than all
    /// the rest.
    fresh: HashMap<Arc<[u8]>, Last>,
    /// The newest write that is among `keys`.
    settled: Seq,
    /// All of them, oldest first; a key written again is here again.
    order: VecDeque<(Seq, Arc<[u8]>)>,
    /// Ranges in which a batch was published, oldest first.
    published: VecDeque<(Seq, KeyRange)>,
}

/// Short keys weigh 1, so that `most` counts writes; long ones weigh more, so that it bounds bytes.
fn weight(key: &[u8]) -> usize {
    1 + key.len() / 128
}

/// What the memory knows of a range.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Touched {
    /// Nothing in it was written.
    No,
    /// Something in it was written.
    Yes,
    /// The question reaches further back than the memory.
    Forgotten,
}

impl Recent {
    /// A memory of `most` writes that begins after the commit `floor`.
    pub(crate) fn new(most: usize, floor: Seq) -> Self {
        Self {
            most,
            weight: 0,
            floor,
            keys: BTreeMap::new(),
            fresh: HashMap::new(),
            settled: floor,
            order: VecDeque::new(),
            published: VecDeque::new(),
        }
    }

    /// Notes that `seq`, which is not before any noted, wrote or removed `key`.
    pub(crate) fn note(&mut self, key: &[u8], seq: Seq, removed: bool) {
        self.weight += weight(key);
        let key: Arc<[u8]> = key.into();
        self.fresh.insert(Arc::clone(&key), Last { seq, removed, staged: false });
        self.order.push_back((seq, key));
    }

    /// Notes that a batch staged or removed `key`. That touches no range that anybody sees.
    pub(crate) fn note_staged(&mut self, key: &[u8]) {
        if let Some(last) = self.fresh.get_mut(key).or_else(|| self.keys.get_mut(key)) {
            last.staged = true;
        }
    }

    /// Notes that `seq` published a batch with keys in `range`.
    pub(crate) fn note_published(&mut self, range: KeyRange, seq: Seq) {
        self.published.push_back((seq, range));
    }

    /// Forgets the oldest writes beyond the bound. Only what is durable may be forgotten: what is not, is
    /// known nowhere else.
    pub(crate) fn forget(&mut self) {
        while self.weight > self.most {
            let Some((forgotten, key)) = self.order.pop_front() else { break };
            self.weight -= weight(&key);
            self.floor = forgotten;
            // Unless it was written again since then.
            if self.fresh.get(&key).is_some_and(|last| last.seq == forgotten) {
                self.fresh.remove(&key);
            }
            if forgotten <= self.settled && self.keys.get(&key).is_some_and(|last| last.seq == forgotten) {
                self.keys.remove(&key);
            }
        }
        let most = self.most;
        while self.published.front().is_some_and(|(seq, _)| *seq <= self.floor) || self.published.len() > most
        {
            // Beyond the bound the floor rises, so that nothing is answered that is not known.
            let Some((forgotten, _)) = self.published.pop_front() else { break };
            self.floor = self.floor.max(forgotten);
        }
    }

    /// Puts the fresh ones in their order.
    fn settle(&mut self) {
        if let Some((newest, _)) = self.order.back() {
            self.settled = *newest;
        }
        self.keys.extend(self.fresh.drain());
    }

    fn last(&self, key: &[u8]) -> Option<&Last> {
        self.fresh.get(key).or_else(|| self.keys.get(key))
    }

    /// The version of `key`, when it was written recently: `Some(None)` when it was removed.
    pub(crate) fn version(&self, key: &[u8]) -> Option<Option<Seq>> {
        self.last(key).filter(|last| !last.staged).map(|last| (!last.removed).then_some(last.seq))
    }

    /// Whether `key` was written after `since`, as far as remembered.
    pub(crate) fn written_after(&self, key: &[u8], since: Seq) -> bool {
        let after = |last: &Last| last.seq > since;
        self.fresh.get(key).is_some_and(after)
            || (self.settled > since && self.keys.get(key).is_some_and(after))
    }

    /// Whether a key from `start` to before `end` was written after `since`.
    ///
    /// Two ways lead to the answer, over the keys of the range and over the writes since then. Both are
    /// walked in step and the shorter one decides, so that neither a wide range nor an old snapshot holds
    /// the writer up alone.
    pub(crate) fn touched(&mut self, start: &[u8], end: Option<&[u8]>, since: Seq) -> Touched {
        if since < self.floor {
            return Touched::Forgotten;
        }
        if backend::is_empty(start, end) {
            return Touched::No;
        }
        let overlaps = |range: &KeyRange| {
            range.end.as_deref().is_none_or(|until| start < until)
                && end.is_none_or(|end| *range.start < *end)
        };
        if self.published.iter().rev().take_while(|(seq, _)| *seq > since).any(|(_, range)| overlaps(range)) {
            return Touched::Yes;
        }
        self.settle();
        let bounds = (Bound::Included(start), end.map_or(Bound::Unbounded, Bound::Excluded));
        let mut in_range = self.keys.range::<[u8], _>(bounds);
        let mut since_then = self.order.iter().rev().take_while(|(seq, _)| *seq > since);
        loop {
            let (Some((_, last)), Some((_, key))) = (in_range.next(), since_then.next()) else {
                return Touched::No;
            };
            if last.seq > since || (**key >= *start && end.is_none_or(|end| **key < *end)) {
                return Touched::Yes;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn it_says_so_when_it_has_forgotten() {
        let mut recent = Recent::new(2, Seq(0));
        for (key, seq) in [(b"a", 1), (b"b", 2), (b"a", 3)] {
            recent.note(key, Seq(seq), false);
            recent.forget();
        }
        assert_eq!(recent.touched(b"a", None, Seq(0)), Touched::Forgotten);
        assert_eq!(recent.touched(b"b", None, Seq(1)), Touched::Yes);
        assert_eq!(recent.touched(b"b", None, Seq(2)), Touched::No);
        assert_eq!(recent.version(b"a"), Some(Some(Seq(3))));
        recent.note(b"a", Seq(4), true);
        recent.forget();
        assert_eq!(recent.version(b"a"), Some(None));
        assert_eq!(recent.version(b"b"), None);
    }

    proptest! {
        #[test]
        fn it_agrees_with_a_list_of_all_writes(
            writes in prop::collection::vec((0u8..20, 0u64..3, any::<bool>()), 0..60),
            questions in prop::collection::vec((0u8..22, prop::option::of(0u8..22), 0u64..100), 1..40),
            most in 1usize..40,
        ) {
            let mut recent = Recent::new(most, Seq(0));
            let mut all = Vec::new();
            let mut seq = 1;
            for (key, later, removed) in writes {
                seq += later;
                recent.note(&[key], Seq(seq), removed);
                recent.forget();
                all.push((key, seq, removed));
                for key in 0..20 {
                    // What is remembered is right; what was written since the floor is remembered.
                    let last = all.iter().rev().find(|(other, ..)| *other == key);
                    let last = last.map(|(_, seq, removed)| (Seq(*seq), (!removed).then_some(Seq(*seq))));
                    let found = recent.version(&[key]);
                    prop_assert!(found == last.map(|(_, version)| version) || (found.is_none() && last.is_none_or(|(seq, _)| seq <= recent.floor)));
                    prop_assert_eq!(recent.written_after(&[key], recent.floor), last.is_some_and(|(seq, _)| seq > recent.floor));
                }
                if seq % 3 == 0 {
                    // A question about a range now and then puts them in their order.
                    recent.touched(&[0], None, Seq(seq));
                }
            }
            let floor = all.len().checked_sub(most + 1).map_or(0, |last| all[last].1);
            for (start, end, since) in questions {
                let expected = if since < floor {
                    Touched::Forgotten
                } else if all.iter().any(|(key, seq, _)| {
                    *seq > since && *key >= start && end.is_none_or(|end| *key < end)
                }) {
                    Touched::Yes
                } else {
                    Touched::No
                };
                let end = end.map(|end| [end]);
                let end = end.as_ref().map(<[u8; 1]>::as_slice);
                prop_assert_eq!(recent.touched(&[start], end, Seq(since)), expected);
            }
        }
    }
}
