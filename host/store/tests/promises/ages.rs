//! Snapshots are held for so long and no longer; what is ended says so, and its pages are free.

use std::time::Duration;

use dinh_store::{Direction, Options, StoreError, Transaction};

use crate::support::{Engine, Place, put, small, value};

fn impatient(engine: Engine) -> Place {
    engine.store(Options { snapshot_age: Duration::ZERO, ..small() })
}

/// The commit after the one that made it old ends it.
fn make_old(store: &Place) {
    put(store, "other", "1");
    put(store, "other", "2");
}

#[test]
fn a_snapshot_that_is_held_too_long_is_ended_with_a_typed_error() {
    for engine in [Engine::Disk, Engine::Memory] {
        let store = impatient(engine);
        let seq = put(&store, "a", "1");
        let held = store.snapshot().unwrap();
        let mut walk = held.range(b"", None, Direction::Forward);
        assert!(walk.step().unwrap().is_some());
        let mut call = Transaction::new(held.clone());
        make_old(&store);

        let overstayed = |error: StoreError| {
            let found = matches!(error, StoreError::Overstayed { seq: found, .. } if found == seq);
            assert!(found && error.to_string().contains("begin again"), "{error}");
        };
        overstayed(held.get(b"a").unwrap_err());
        overstayed(held.version(b"nothing").unwrap_err());
        overstayed(walk.step().unwrap_err());
        assert!(walk.step().unwrap().is_none(), "after an error a walk ends");
        overstayed(held.range(b"", None, Direction::Backward).step().unwrap_err());
        overstayed(held.evidence(0, 1).map(|_| answered(&held)).unwrap_err());
        overstayed(call.get(b"a").unwrap_err());
        call.put(b"b".to_vec(), b"".to_vec());
        assert_eq!(held.seq(), seq, "it still knows what it was");
        assert_eq!(value(&store.snapshot().unwrap(), "a").unwrap(), "1");
    }
}

fn answered(held: &dinh_store::Snapshot) {
    panic!("{held:?} answered");
}

#[test]
fn the_newest_snapshot_is_never_too_old() {
    let store = impatient(Engine::Disk);
    put(&store, "a", "1");
    let held = store.snapshot().unwrap();
    // Nothing is committed: refused, conflicting and empty work does not age anybody.
    let reading = Transaction::new(store.snapshot().unwrap());
    reading.get(b"a").unwrap();
    store.commit(reading.into_change(0, false)).unwrap();
    assert_eq!(value(&held, "a").unwrap(), "1");
}

#[test]
fn within_its_age_a_snapshot_lives_through_any_number_of_commits() {
    let store = Engine::Disk.store(small());
    put(&store, "a", "1");
    let held = store.snapshot().unwrap();
    for number in 0..200 {
        put(&store, "a", &number.to_string());
    }
    assert_eq!(value(&held, "a").unwrap(), "1");
}

#[test]
fn an_ended_snapshot_gives_its_pages_back() {
    let store = impatient(Engine::Disk);
    let big = "x".repeat(1 << 15);
    let mut held = Vec::new();
    let size = |store: &Place| std::fs::metadata(store.file()).unwrap().len();
    for round in 0..40 {
        put(&store, "big", &format!("{round}{big}"));
        held.push(store.snapshot().unwrap());
    }
    let settled = size(&store);
    // Held by somebody who never lets go: 400 rounds of 32 KiB would be 13 MB.
    for round in 0..400 {
        put(&store, "big", &format!("{round}{big}"));
        held.push(store.snapshot().unwrap());
    }
    assert!(size(&store) <= settled * 2, "{} bytes, {settled} before", size(&store));
}
