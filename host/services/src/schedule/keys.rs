//! Where timers lie.
//!
//! ```text
//! TIMER        │ plugin u32 │ name 0 key              → timer
//! TIMER_DUE    │ plugin u32 │ moment i64 │ name 0 key → nothing: what is tried next, in its order
//! TIMER_PARKED │ plugin u32 │ name 0 key              → nothing
//! TIMERS       │ plugin u32                           → how many the plugin has
//! ```
//!
//! What a plugin does next is the first key of one range.

use dinh_model::key::integer;

use super::TimerId;
use crate::space::{self, TIMER, TIMER_DUE, TIMER_PARKED, TIMERS};

pub(super) fn timer(plugin: u32, id: &TimerId) -> Vec<u8> {
    named(TIMER, plugin, id)
}

pub(super) fn parked(plugin: u32, id: &TimerId) -> Vec<u8> {
    named(TIMER_PARKED, plugin, id)
}

pub(super) fn due(plugin: u32, next: i64, id: &TimerId) -> Vec<u8> {
    let parts = [&plugin.to_be_bytes()[..], &integer(next), id.name.as_bytes(), &[0], id.key.as_bytes()];
    space::key(TIMER_DUE, &parts)
}

pub(super) fn count(plugin: u32) -> Vec<u8> {
    space::numbered(TIMERS, plugin)
}

fn named(kind: u8, plugin: u32, id: &TimerId) -> Vec<u8> {
    space::key(kind, &[&plugin.to_be_bytes(), id.name.as_bytes(), &[0], id.key.as_bytes()])
}

/// The timer that a key of [`TIMER`] or [`TIMER_PARKED`] names.
pub(super) fn id_of(key: &[u8]) -> Option<TimerId> {
    id(key.get(5..)?)
}

/// The moment and the timer that a key of [`TIMER_DUE`] names.
pub(super) fn due_of(key: &[u8]) -> Option<(i64, TimerId)> {
    let next = key.get(5..13)?.first_chunk::<8>()?;
    Some(((u64::from_be_bytes(*next) ^ (1 << 63)).cast_signed(), id(key.get(13..)?)?))
}

/// The plugin's number in any of these keys.
pub(super) fn plugin_of(key: &[u8]) -> Option<u32> {
    key.get(1..5)?.first_chunk::<4>().map(|bytes| u32::from_be_bytes(*bytes))
}

fn id(rest: &[u8]) -> Option<TimerId> {
    let (name, key) = std::str::from_utf8(rest).ok()?.split_once('\0')?;
    Some(TimerId { name: name.to_owned(), key: key.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_sort_by_moment_and_come_back() {
        let id = |name: &str, key: &str| TimerId { name: name.to_owned(), key: key.to_owned() };
        let moments = [i64::MIN, -1, 0, 1, i64::MAX];
        let keys: Vec<_> = moments.iter().map(|moment| due(7, *moment, &id("nhac", "a/b"))).collect();
        assert!(keys.is_sorted());
        let back: Vec<_> = keys.iter().map(|key| due_of(key).unwrap()).collect();
        assert_eq!(back, moments.map(|moment| (moment, id("nhac", "a/b"))));
        assert_eq!(id_of(&timer(7, &id("nhac", ""))), Some(id("nhac", "")));
        assert_eq!(plugin_of(&parked(7, &id("nhac", "x"))), Some(7));
    }
}
