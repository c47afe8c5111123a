//! Serializable: what a change relied on holds when it commits.

use dinh_store::{Change, Conflict, Direction, Expect, Options, Seq, Store, Transaction, Write};

use crate::support::{Engine, conflict, on_both_engines, put, signer, small, value};

fn begin(store: &Store) -> Transaction {
    Transaction::new(store.snapshot().unwrap())
}

fn count(call: &Transaction, start: &str, end: &str) -> usize {
    call.range(start.as_bytes(), Some(end.as_bytes()), Direction::Forward).map(Result::unwrap).count()
}

on_both_engines! {
    fn a_lost_update_is_a_conflict(store) {
        put(store, "budget", "100");
        let (mut first, mut second) = (begin(store), begin(store));
        for call in [&mut first, &mut second] {
            assert_eq!(call.get(b"budget").unwrap().unwrap().value, b"100");
        }
        first.put(b"budget".into(), b"90".into());
        second.put(b"budget".into(), b"80".into());
        store.commit(first.into_change(0, false)).unwrap();
        assert_eq!(conflict(store, second.into_change(0, false)), Conflict::Key(b"budget".into()));
        assert_eq!(value(&store.snapshot().unwrap(), "budget").unwrap(), "90");
    }

    fn write_skew_is_a_conflict(store) {
        // Two deputies; one of them must stay. Each reads both and lets one go.
        put(store, "deputy/1", "on duty");
        put(store, "deputy/2", "on duty");
        let (mut first, mut second) = (begin(store), begin(store));
        for (call, leaves) in [(&mut first, "deputy/1"), (&mut second, "deputy/2")] {
            assert!(call.get(b"deputy/1").unwrap().is_some() && call.get(b"deputy/2").unwrap().is_some());
            call.delete(leaves.into());
        }
        store.commit(first.into_change(0, false)).unwrap();
        assert_eq!(conflict(store, second.into_change(0, false)), Conflict::Key(b"deputy/1".into()));
    }

    fn a_phantom_is_a_conflict(store) {
        // Exactly one head administrator: each counts none and adds one, under different keys.
        let (mut first, mut second) = (begin(store), begin(store));
        for (call, key) in [(&mut first, "head/a"), (&mut second, "head/b")] {
            assert_eq!(count(call, "head/", "head0"), 0);
            call.put(key.into(), b"".into());
        }
        store.commit(first.into_change(0, false)).unwrap();
        assert_eq!(
            conflict(store, second.into_change(0, false)),
            Conflict::Range { start: b"head/".into(), end: Some(b"head0".into()) }
        );
    }

    fn a_removal_in_a_range_is_a_conflict(store) {
        put(store, "row/1", "x");
        let mut counting = begin(store);
        assert_eq!(count(&counting, "row/", "row0"), 1);
        counting.put(b"count".into(), b"1".into());
        let mut removing = begin(store);
        removing.delete(b"row/1".into());
        store.commit(removing.into_change(0, false)).unwrap();
        assert!(matches!(conflict(store, counting.into_change(0, false)), Conflict::Range { .. }));
    }

    fn a_read_only_anomaly_cannot_be_seen(store) {
        // Fekete, O'Neil, O'Neil 2004: a report that saw the deposit and not the fee would have no serial order
        // in which the fee was computed without the deposit.
        put(store, "savings", "0");
        put(store, "checking", "0");
        let mut fee = begin(store);
        assert_eq!(fee.get(b"savings").unwrap().unwrap().value, b"0");
        assert_eq!(fee.get(b"checking").unwrap().unwrap().value, b"0");
        fee.put(b"checking".into(), b"-11".into());

        put(store, "savings", "20");
        let report = begin(store);
        assert_eq!(report.get(b"savings").unwrap().unwrap().value, b"20");
        assert_eq!(report.get(b"checking").unwrap().unwrap().value, b"0");

        assert_eq!(conflict(store, fee.into_change(0, false)), Conflict::Key(b"savings".into()));
        assert!(store.commit(report.into_change(0, false)).is_ok(), "reading alone never conflicts");
    }

    fn an_absence_that_was_read_must_last(store) {
        let mut unique = begin(store);
        assert!(unique.get(b"login/lan").unwrap().is_none());
        unique.put(b"login/lan".into(), b"1".into());
        put(store, "login/lan", "2");
        assert_eq!(conflict(store, unique.into_change(0, false)), Conflict::Key(b"login/lan".into()));
    }

    fn what_was_not_read_does_not_conflict(store) {
        put(store, "a", "1");
        let mut call = begin(store);
        call.get(b"a").unwrap();
        call.put(b"x".into(), b"1".into());
        put(store, "b", "1");
        put(store, "x", "0");
        store.commit(call.into_change(0, false)).unwrap();
        assert_eq!(value(&store.snapshot().unwrap(), "x").unwrap(), "1");
    }

    fn a_walk_relies_on_what_it_passed_and_not_on_what_lies_beyond(store) {
        for key in ["r/1", "r/3", "r/5"] {
            put(store, key, "");
        }
        let first_two = |direction| {
            let mut call = begin(store);
            let keys: Vec<_> =
                call.range(b"r/", Some(b"r0"), direction).take(2).map(|item| item.unwrap().0).collect();
            call.put(b"seen".into(), keys.concat());
            call.into_change(0, false)
        };
        let (forward, backward) = (first_two(Direction::Forward), first_two(Direction::Backward));
        put(store, "r/4", "");
        // Forward passed 1 to 3, backward 5 to 3: the new key lies behind one and in the way of the other.
        store.commit(forward).unwrap();
        assert!(matches!(conflict(store, backward), Conflict::Range { .. }));
    }

    fn unchecked_walks_do_not_conflict(store) {
        let mut call = begin(store);
        assert_eq!(call.range_unchecked(b"r/", None, Direction::Forward).count(), 0);
        call.put(b"statistic".into(), b"0".into());
        put(store, "r/1", "");
        store.commit(call.into_change(0, false)).unwrap();
    }

    fn a_transaction_meant_for_reading_relies_on_everything_when_it_writes(store) {
        let mut call = Transaction::reading(store.snapshot().unwrap());
        call.get(b"a").unwrap();
        call.put(b"x".into(), b"1".into());
        let change = call.into_change(0, false);
        store.commit(change.clone()).unwrap();
        assert!(matches!(conflict(store, change), Conflict::Range { .. }));
    }

    fn a_key_must_have_the_version_that_a_change_names(store) {
        // As a change made elsewhere would say it: the version counts, not the snapshot.
        let version = put(store, "a", "1");
        put(store, "b", "1");
        let expecting = |version| Change {
            based_on: store.snapshot().unwrap().seq(),
            expect: vec![Expect::Key { key: b"a".into(), version }],
            write: vec![Write::Put { key: b"x".into(), value: b"".into(), fill: vec![] }],
            ..Change::default()
        };
        for wrong in [None, Some(Seq(version.0 + 1)), Some(Seq(0))] {
            assert_eq!(conflict(store, expecting(wrong)), Conflict::Key(b"a".into()));
        }
        store.commit(expecting(Some(version))).unwrap();
    }

    fn rights_revoked_meanwhile_are_a_conflict(store) {
        let writing = |policy, revokes| {
            let mut call = begin(store);
            call.put(b"x".into(), b"".into());
            call.into_change(policy, revokes)
        };
        store.commit(writing(0, false)).unwrap();
        let revoked = store.commit(writing(0, true)).unwrap().seq.0;
        assert_eq!(conflict(store, writing(0, false)), Conflict::Policy { required: revoked, found: 0 });
        assert_eq!(
            conflict(store, writing(revoked - 1, true)),
            Conflict::Policy { required: revoked, found: revoked - 1 }
        );
        store.commit(writing(revoked, false)).unwrap();
        store.commit(writing(revoked + 1, false)).unwrap();
    }

    fn the_next_attempt_sees_what_the_conflict_was_about(store) {
        put(store, "n", "0");
        let mut attempts = 0;
        loop {
            attempts += 1;
            let mut call = begin(store);
            let n: u32 = String::from_utf8(call.get(b"n").unwrap().unwrap().value).unwrap().parse().unwrap();
            call.put(b"n".into(), (n + 1).to_string().into());
            if attempts == 1 {
                put(store, "n", "10");
            }
            if store.commit(call.into_change(0, false)).is_ok() {
                break;
            }
        }
        assert_eq!(attempts, 2);
        assert_eq!(value(&store.snapshot().unwrap(), "n").unwrap(), "11");
    }
}

#[test]
fn a_range_older_than_the_writers_memory_is_a_conflict_and_a_key_is_not() {
    let store = Engine::Memory.store(Options { memory: 3, ..small() });
    let (mut range, mut key) = (begin(&store), begin(&store));
    assert_eq!(count(&range, "r/", "r0"), 0);
    range.put(b"x".into(), b"".into());
    assert!(key.get(b"k").unwrap().is_none());
    key.put(b"y".into(), b"".into());
    for other in ["a", "b", "c", "d"] {
        put(&store, other, "");
    }
    assert_eq!(conflict(&store, range.into_change(0, false)), Conflict::TooOld);
    store.commit(key.into_change(0, false)).unwrap();
}

#[test]
fn the_policy_floor_survives_a_restart() {
    let backend = dinh_store::memory::Memory::new();
    let store = Store::with_backend(Box::new(backend.clone()), signer(), small()).unwrap();
    let mut call = begin(&store);
    call.put(b"x".into(), b"".into());
    let floor = store.commit(call.into_change(0, true)).unwrap().seq.0;
    store.close().unwrap();

    let store = Store::with_backend(Box::new(backend), signer(), small()).unwrap();
    let mut call = begin(&store);
    call.put(b"x".into(), b"".into());
    assert_eq!(conflict(&store, call.into_change(0, false)), Conflict::Policy { required: floor, found: 0 });
}
