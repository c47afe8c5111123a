//! What a transaction read and relies on.

use std::collections::HashMap;

use crate::backend::{self, Direction};
use crate::{Expect, Seq};

/// Keys and ranges read.
#[derive(Default)]
pub(crate) struct Reads {
    /// In no order: a page by an index notes a thousand of them.
    keys: HashMap<Vec<u8>, Option<Seq>>,
    ranges: Vec<(Vec<u8>, Option<Vec<u8>>)>,
}

impl Reads {
    /// Notes that `key` had this version.
    pub(crate) fn key(&mut self, key: &[u8], version: Option<Seq>) {
        if !self.keys.contains_key(key) {
            self.keys.insert(key.to_vec(), version);
        }
    }

    /// Notes that a walk over a range begins. Until it ends, all of it counts as read, so that a walk still
    /// open when the change is made is on the safe side.
    pub(crate) fn begin_range(&mut self, start: &[u8], end: Option<&[u8]>) -> usize {
        self.ranges.push((start.to_vec(), end.map(<[u8]>::to_vec)));
        self.ranges.len() - 1
    }

    /// Notes that the walk begun as `place` ended early, after `last`; none: before its first key.
    pub(crate) fn end_range(&mut self, place: usize, direction: Direction, last: Option<&[u8]>) {
        let Some((start, end)) = self.ranges.get_mut(place) else { return };
        match (direction, last) {
            (_, None) => *end = Some(start.clone()),
            (Direction::Forward, Some(last)) => {
                // The first key after `last` is `last` and a zero.
                let mut after = last.to_vec();
                after.push(0);
                *end = Some(after);
            }
            (Direction::Backward, Some(last)) => *start = last.to_vec(),
        }
    }

    /// As few expectations as say the same: ranges that touch become one, keys inside them are covered.
    pub(crate) fn into_expectations(mut self) -> Vec<Expect> {
        self.ranges.retain(|(start, end)| !backend::is_empty(start, end.as_deref()));
        self.ranges.sort();
        let mut ranges: Vec<(Vec<u8>, Option<Vec<u8>>)> = Vec::with_capacity(self.ranges.len());
        for (start, end) in self.ranges {
            match ranges.last_mut() {
                Some((_, None)) => break,
                Some((_, until)) if until.as_ref() >= Some(&start) => {
                    *until = until.take().zip(end).map(|(one, other)| one.max(other));
                }
                _ => ranges.push((start, end)),
            }
        }
        let mut keys: Vec<(Vec<u8>, Option<Seq>)> = self.keys.into_iter().collect();
        keys.sort_unstable();
        // Both are in order: one pass finds the keys that no range covers.
        let mut ahead = ranges.iter().peekable();
        keys.retain(|(key, _)| {
            while ahead.next_if(|(_, end)| end.as_ref().is_some_and(|end| end <= key)).is_some() {}
            ahead.peek().is_none_or(|(start, _)| key < start)
        });
        let keys = keys.into_iter().map(|(key, version)| Expect::Key { key, version });
        keys.chain(ranges.into_iter().map(|(start, end)| Expect::Range { start, end })).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn touching_ranges_become_one_and_cover_their_keys() {
        let mut reads = Reads::default();
        for key in [b"a", b"c", b"e", b"x"] {
            reads.key(key, Some(Seq(1)));
        }
        for (start, end) in
            [(b"d", Some(b"f".as_slice())), (b"b", Some(b"d")), (b"b", Some(b"c")), (b"y", None)]
        {
            reads.begin_range(start, end);
        }
        let place = reads.begin_range(b"q", None);
        reads.end_range(place, Direction::Forward, None);
        let key = |key: &[u8]| Expect::Key { key: key.to_vec(), version: Some(Seq(1)) };
        assert_eq!(
            reads.into_expectations(),
            [
                key(b"a"),
                key(b"x"),
                Expect::Range { start: b"b".to_vec(), end: Some(b"f".to_vec()) },
                Expect::Range { start: b"y".to_vec(), end: None },
            ]
        );
    }

    #[test]
    fn a_walk_that_ends_early_relies_on_what_it_passed() {
        let mut reads = Reads::default();
        let forward = reads.begin_range(b"a", Some(b"f"));
        reads.end_range(forward, Direction::Forward, Some(b"c"));
        let backward = reads.begin_range(b"p", None);
        reads.end_range(backward, Direction::Backward, Some(b"t"));
        assert_eq!(
            reads.into_expectations(),
            [
                Expect::Range { start: b"a".to_vec(), end: Some(b"c\0".to_vec()) },
                Expect::Range { start: b"t".to_vec(), end: None },
            ]
        );
    }
}
