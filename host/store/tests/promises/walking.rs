//! Reading: snapshots stay as they were, and a transaction sees its own writes.

use dinh_store::{Direction, Seq, Stored, Transaction};

use crate::support::{keys, on_both_engines, put, value};

fn found(call: &Transaction, direction: Direction) -> String {
    let found = call.range(b"", None, direction).map(|item| {
        let (key, stored) = item.unwrap();
        format!("{}={} ", String::from_utf8(key).unwrap(), String::from_utf8(stored.value).unwrap())
    });
    found.collect()
}

on_both_engines! {
    fn a_snapshot_stays_as_it_was_and_a_new_one_shows_the_commit(store) {
        put(store, "a", "1");
        let before = store.snapshot().unwrap();
        let seq = put(store, "a", "2");
        put(store, "b", "2");
        assert_eq!(value(&before, "a").unwrap(), "1");
        assert_eq!(keys(&before, "", None, Direction::Forward), ["a"]);
        let after = store.snapshot().unwrap();
        assert_eq!(after.get(b"a").unwrap(), Some(Stored { version: seq, value: b"2".into() }));
        assert_eq!(keys(&after, "", None, Direction::Backward), ["b", "a"]);
        assert_eq!((before.seq(), after.seq()), (Seq(1), Seq(3)));
    }

    fn own_writes_are_seen_in_their_order(store) {
        for key in ["b", "d", "f"] {
            put(store, key, "old");
        }
        let mut call = Transaction::new(store.snapshot().unwrap());
        for (key, value) in [("a", "new"), ("d", "new"), ("e", "new"), ("g", "new")] {
            call.put(key.into(), value.into());
        }
        call.delete(b"f".into());
        call.delete(b"e".into());
        call.delete(b"z".into());
        assert_eq!(found(&call, Direction::Forward), "a=new b=old d=new g=new ");
        assert_eq!(found(&call, Direction::Backward), "g=new d=new b=old a=new ");
        assert_eq!(call.get(b"d").unwrap(), Some(Stored { version: Seq::PENDING, value: b"new".into() }));
        assert_eq!(call.get(b"f").unwrap(), None);
        assert_eq!(value(call.snapshot(), "f").unwrap(), "old");
        store.commit(call.into_change(0, false)).unwrap();
        assert_eq!(keys(&store.snapshot().unwrap(), "", None, Direction::Forward), ["a", "b", "d", "g"]);
    }

    fn writing_while_walking_does_not_disturb_the_walk(store) {
        for key in ["a", "b", "c"] {
            put(store, key, "");
        }
        let mut call = Transaction::new(store.snapshot().unwrap());
        call.put(b"b2".into(), b"".into());
        let mut walked = Vec::new();
        for item in call.range(b"", None, Direction::Forward) {
            let (key, _) = item.unwrap();
            call.delete(key.clone());
            call.put([&key[..], b"!"].concat(), b"".into());
            walked.push(String::from_utf8(key).unwrap());
        }
        assert_eq!(walked, ["a", "b", "b2", "c"]);
        store.commit(call.into_change(0, false)).unwrap();
        assert_eq!(keys(&store.snapshot().unwrap(), "", None, Direction::Forward), ["a!", "b!", "b2!", "c!"]);
    }

    fn a_range_without_keys_is_empty_whatever_its_ends(store) {
        put(store, "b", "");
        let mut call = Transaction::new(store.snapshot().unwrap());
        call.put(b"c".into(), b"".into());
        for (start, end) in [("b", "b"), ("z", "a"), ("d", "z")] {
            for direction in [Direction::Forward, Direction::Backward] {
                assert!(keys(call.snapshot(), start, Some(end), direction).is_empty());
                assert_eq!(call.range(start.as_bytes(), Some(end.as_bytes()), direction).count(), 0);
            }
        }
    }

    fn values_are_shown_where_they_lie(store) {
        let version = put(store, "a", "value");
        let snapshot = store.snapshot().unwrap();
        assert_eq!(snapshot.read(b"a", |item| (item.version, item.value.len())).unwrap(), Some((version, 5)));
        let mut range = snapshot.range(b"", None, Direction::Forward);
        assert_eq!(range.step().unwrap().unwrap().value, b"value");
        assert_eq!(range.step().unwrap(), None);
        assert_eq!(range.step().unwrap(), None);
    }
}
