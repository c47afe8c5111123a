//! What was looked for before: one number for each of many places, the last one that fell there.

use std::sync::atomic::{AtomicU16, Ordering};

use twox_hash::XxHash3_64;

/// Half a megabyte of them.
pub(super) const SLOTS: usize = 1 << 18;

/// Which keys were looked for, as far as remembered. It may take one key for another, which costs a copy.
pub(super) struct Seen(Box<[AtomicU16]>);

impl Seen {
    /// Of so many places, a power of two; without any it has seen nothing.
    pub(super) fn new(slots: usize) -> Self {
        Self((0..slots).map(|_| AtomicU16::new(0)).collect())
    }

    /// Whether `key` was asked about before. From now on it was.
    pub(super) fn again(&self, key: &[u8]) -> bool {
        let [a, b, rest @ ..] = XxHash3_64::oneshot(key).to_le_bytes();
        let [c, d, e, f, ..] = rest;
        let mark = u16::from_le_bytes([a, b]).max(1);
        let place = u32::from_le_bytes([c, d, e, f]) as usize & self.0.len().wrapping_sub(1);
        self.0.get(place).is_some_and(|slot| slot.swap(mark, Ordering::Relaxed) == mark)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_about_twice_was_seen_and_what_is_not_was_not() {
        let seen = Seen::new(1 << 10);
        assert!(!seen.again(b"a") && !seen.again(b"b"));
        assert!(seen.again(b"a") && seen.again(b"b") && seen.again(b"a"));
        assert!(!seen.again(b"c"));
        let none = Seen::new(0);
        assert!(!none.again(b"a") && !none.again(b"a"));
    }

    #[test]
    fn it_does_not_grow() {
        let seen = Seen::new(16);
        let again = (0..10_000_u32).filter(|number| seen.again(&number.to_le_bytes())).count();
        assert!(again < 10, "{again} keys were taken for others");
        assert_eq!(seen.0.len(), 16);
    }
}
