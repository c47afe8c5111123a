//! Serializable: the anomalies that weaker promises let through, by name; over keys, over ranges, over drawn
//! numbers and over batches that are published. (Lost updates, write skew and phantoms over plain keys are in
//! `conflicts`.)

use dinh_store::{
    Change, CommitError, Conflict, Direction, Draw, Fill, KeyRange, Part, Seq, Stage, Store, Transaction,
    Write,
};

use crate::support::{conflict, on_both_engines, put, value};

fn begin(store: &Store) -> Transaction {
    Transaction::new(store.snapshot().unwrap())
}

fn commit(store: &Store, call: Transaction) -> Result<Seq, CommitError> {
    store.commit(call.into_change(0, false)).map(|committed| committed.seq)
}

fn count(call: &Transaction, prefix: &str) -> usize {
    let end = dinh_model::key::after_prefix(prefix.as_bytes());
    call.range(prefix.as_bytes(), end.as_deref(), Direction::Forward).map(Result::unwrap).count()
}

/// A letter, its number in its key.
fn letter(call: &mut Transaction, register: &str) {
    let draw = call.draw(register.into());
    let fill = vec![Fill { draw, part: Part::Key, offset: 7 }];
    call.put_filled([&b"letter/"[..], &[0; 8]].concat(), b"".into(), fill);
}

fn open(store: &Store, prefix: &str) -> Seq {
    let mut call = begin(store);
    let end = dinh_model::key::after_prefix(prefix.as_bytes());
    call.stage(Stage::Open { ranges: vec![KeyRange { start: prefix.into(), end }] });
    commit(store, call).unwrap()
}

fn stage(store: &Store, batch: Seq, key: &str) -> Result<Seq, CommitError> {
    let mut call = Transaction::staging(&store.snapshot().unwrap(), batch);
    call.put(key.into(), b"staged".into());
    commit(store, call)
}

/// Begins to publish.
fn publishing(store: &Store, batch: Seq) -> Transaction {
    let mut call = begin(store);
    call.stage(Stage::Publish { batch });
    call
}

#[track_caller]
fn assert_range(conflict: &Conflict) {
    assert!(matches!(conflict, Conflict::Range { .. }), "{conflict:?}");
}

on_both_engines! {
    fn a_dirty_write_is_never_mixed(store) {
        // Two calls that write the same two keys: both are of the one or of the other, whoever comes first.
        let (mut first, mut second) = (begin(store), begin(store));
        for (call, who) in [(&mut first, "first"), (&mut second, "second")] {
            call.put(b"head".into(), who.into());
            call.put(b"seal".into(), who.into());
        }
        commit(store, second).unwrap();
        commit(store, first).unwrap();
        let snapshot = store.snapshot().unwrap();
        assert_eq!(value(&snapshot, "head").unwrap(), "first");
        assert_eq!(value(&snapshot, "seal").unwrap(), "first");
        assert_eq!(snapshot.version(b"head").unwrap(), snapshot.version(b"seal").unwrap());
    }

    fn a_dirty_read_cannot_be_made(store) {
        put(store, "a", "before");
        let mut call = begin(store);
        call.put(b"a".into(), b"not yet".into());
        letter(&mut call, "in");
        assert_eq!(value(&store.snapshot().unwrap(), "a").unwrap(), "before");
        // Nor of what is given up, nor of what conflicts.
        drop(call);
        let mut lost = begin(store);
        assert!(lost.get(b"a").unwrap().is_some());
        lost.put(b"a".into(), b"lost".into());
        letter(&mut lost, "in");
        put(store, "a", "after");
        conflict(store, lost.into_change(0, false));
        let snapshot = store.snapshot().unwrap();
        assert_eq!(value(&snapshot, "a").unwrap(), "after");
        assert!(snapshot.get(b"in").unwrap().is_none());
        assert_eq!(count(&begin(store), "letter/"), 0);
        // Nor of what is staged.
        let batch = open(store, "row/");
        stage(store, batch, "row/1").unwrap();
        assert!(store.snapshot().unwrap().get(b"row/1").unwrap().is_none());
        assert_eq!(count(&begin(store), "row/"), 0);
    }

    fn a_read_repeats_over_keys_ranges_registers_and_publications(store) {
        put(store, "row/1", "before");
        let batch = open(store, "row/");
        stage(store, batch, "row/2").unwrap();
        let call = begin(store);
        let look = || (call.get(b"row/1").unwrap(), call.get(b"in").unwrap(), count(&call, "row/"), count(&call, "letter/"));
        let first = look();
        put(store, "row/1", "after");
        let mut clerk = begin(store);
        letter(&mut clerk, "in");
        commit(store, clerk).unwrap();
        commit(store, publishing(store, batch)).unwrap();
        assert_eq!(look(), first);
        assert_eq!(count(&begin(store), "row/"), 2);
    }

    fn half_of_what_another_did_is_never_seen(store) {
        put(store, "a", "1");
        let batch = open(store, "row/");
        stage(store, batch, "row/1").unwrap();
        let call = begin(store);
        assert_eq!(call.get(b"a").unwrap().unwrap().value, b"1");
        let mut other = publishing(store, batch);
        other.put(b"a".into(), b"2".into());
        letter(&mut other, "in");
        commit(store, other).unwrap();
        assert!(call.get(b"row/1").unwrap().is_none() && call.get(b"in").unwrap().is_none());
        assert_eq!((count(&call, "row/"), count(&call, "letter/")), (0, 0));
    }

    fn write_skew_over_ranges_is_a_conflict(store) {
        // Two offices share a budget of three; each counts both and takes one more.
        for key in ["spent/a/1", "spent/b/1"] {
            put(store, key, "");
        }
        let (mut first, mut second) = (begin(store), begin(store));
        for (call, key) in [(&mut first, "spent/a/2"), (&mut second, "spent/b/2")] {
            assert_eq!(count(call, "spent/a/") + count(call, "spent/b/"), 2);
            call.put(key.into(), b"".into());
        }
        commit(store, first).unwrap();
        assert_range(&conflict(store, second.into_change(0, false)));
    }

    fn write_skew_over_drawn_numbers_is_a_conflict(store) {
        // The year is closed when there is no letter in it; letters come in while it is open.
        let (mut clerk, mut closing) = (begin(store), begin(store));
        assert!(clerk.get(b"closed").unwrap().is_none());
        letter(&mut clerk, "in");
        assert!(closing.get(b"in").unwrap().is_none());
        closing.put(b"closed".into(), b"".into());
        let (clerk, closing) = (clerk.into_change(0, false), closing.into_change(0, false));
        store.commit(closing).unwrap();
        assert_eq!(conflict(store, clerk), Conflict::Key(b"closed".into()));
    }

    fn a_phantom_whose_key_is_a_drawn_number_is_a_conflict(store) {
        let mut counting = begin(store);
        assert_eq!(count(&counting, "letter/"), 0);
        counting.put(b"letters".into(), b"0".into());
        let mut clerk = begin(store);
        letter(&mut clerk, "in");
        commit(store, clerk).unwrap();
        assert_range(&conflict(store, counting.into_change(0, false)));
    }

    fn a_lost_update_of_a_register_is_a_conflict(store) {
        let mut setting = begin(store);
        assert!(setting.get(b"in").unwrap().is_none());
        setting.put(b"in".into(), 100_i64.to_le_bytes().into());
        let mut clerk = begin(store);
        letter(&mut clerk, "in");
        commit(store, clerk).unwrap();
        assert_eq!(conflict(store, setting.into_change(0, false)), Conflict::Key(b"in".into()));
    }

    fn a_publication_relies_on_what_it_read(store) {
        // The import is shown only if nobody has entered a total meanwhile; it writes nothing besides.
        for with_evidence in [false, true] {
            let batch = open(store, "row/");
            stage(store, batch, &format!("row/{with_evidence}")).unwrap();
            let mut publishing = publishing(store, batch);
            let seen = publishing.get(b"total").unwrap();
            assert_eq!(seen.is_some(), with_evidence);
            if with_evidence {
                publishing.evidence(crate::support::entry("rows.published", "1", dinh_store::Outcome::Done));
            }
            put(store, "total", "0");
            assert_eq!(conflict(store, publishing.into_change(0, false)), Conflict::Key(b"total".into()));
            assert_eq!(count(&begin(store), "row/"), 0);
        }
    }

    fn write_skew_between_two_publications_is_a_conflict(store) {
        // Of two imports of the same month one may be shown: each sees that the other is not there.
        let (one, other) = (open(store, "month/a/"), open(store, "month/b/"));
        stage(store, one, "month/a/1").unwrap();
        stage(store, other, "month/b/1").unwrap();
        let (first, second) = (publishing(store, one), publishing(store, other));
        assert_eq!((count(&first, "month/"), count(&second, "month/")), (0, 0));
        commit(store, first).unwrap();
        assert_range(&conflict(store, second.into_change(0, false)));
        assert_eq!(count(&begin(store), "month/"), 1);
    }

    fn opening_and_closing_a_batch_rely_on_what_was_read(store) {
        let mut opening = begin(store);
        assert!(opening.get(b"import/running").unwrap().is_none());
        opening.stage(Stage::Open { ranges: vec![] });
        put(store, "import/running", "");
        conflict(store, opening.into_change(0, false));

        let batch = open(store, "row/");
        let mut closing = begin(store);
        assert!(closing.get(b"import/running").unwrap().is_some());
        closing.stage(Stage::Close { batch });
        put(store, "import/running", "again");
        conflict(store, closing.into_change(0, false));
        assert_eq!(store.snapshot().unwrap().batches().count(), 1);
    }

    fn a_revocation_relies_on_what_it_read(store) {
        // It writes nothing itself: what it takes away is in the policy.
        let revoking = begin(store);
        assert!(revoking.get(b"head").unwrap().is_none());
        put(store, "head", "lan");
        assert_eq!(conflict(store, revoking.into_change(0, true)), Conflict::Key(b"head".into()));
    }

    fn a_read_only_anomaly_cannot_be_seen_over_ranges(store) {
        // Fekete's, with each account a range of bookings.
        let fee = begin(store);
        assert_eq!(count(&fee, "savings/") + count(&fee, "checking/"), 0);
        put(store, "savings/1", "20");
        let report = begin(store);
        assert_eq!((count(&report, "savings/"), count(&report, "checking/")), (1, 0));
        let mut fee = fee;
        fee.put(b"checking/1".into(), b"-11".into());
        assert_range(&conflict(store, fee.into_change(0, false)));
        assert!(commit(store, report).is_ok(), "reading alone never conflicts");
    }

    fn a_read_only_anomaly_cannot_be_seen_over_numbers_and_publications(store) {
        let batch = open(store, "row/");
        stage(store, batch, "row/1").unwrap();
        let mut closing = begin(store);
        assert!(count(&closing, "row/") == 0 && closing.get(b"in").unwrap().is_none());
        closing.put(b"closed".into(), b"without rows".into());
        let mut publishing = publishing(store, batch);
        letter(&mut publishing, "in");
        commit(store, publishing).unwrap();
        let report = begin(store);
        assert!(count(&report, "row/") == 1 && report.get(b"closed").unwrap().is_none());
        assert!(matches!(conflict(store, closing.into_change(0, false)), Conflict::Key(_) | Conflict::Range { .. }));
    }

    fn drawing_from_a_key_that_a_batch_holds_is_a_conflict(store) {
        let batch = open(store, "row/");
        stage(store, batch, "row/in").unwrap();
        let mut clerk = begin(store);
        clerk.draw(b"row/in".into());
        assert_eq!(conflict(store, clerk.into_change(0, false)), Conflict::Staged(b"row/in".into()));
        commit(store, publishing(store, batch)).unwrap();
        assert_eq!(value(&store.snapshot().unwrap(), "row/in").unwrap(), "staged");
    }

    fn two_numbers_of_one_change_never_make_the_same_key(store) {
        // Two registers that both say 1, and a letter of the change that has the number already.
        let mut twice = begin(store);
        letter(&mut twice, "in");
        let draw = twice.draw(b"out".into());
        let fill = vec![Fill { draw, part: Part::Key, offset: 7 }];
        twice.put_filled([&b"letter/"[..], &[0; 8]].concat(), b"the other".into(), fill);
        let mut taken = begin(store);
        let first = [&b"letter/"[..], &dinh_model::key::integer(1)].concat();
        taken.put(first.clone(), b"by hand".into());
        letter(&mut taken, "in");
        let mut register = begin(store);
        letter(&mut register, "in");
        register.draw(first);
        for change in [twice, taken, register].map(|call| call.into_change(0, false)) {
            let refused = store.commit(change).unwrap_err();
            assert!(matches!(refused, CommitError::Malformed(_)), "{refused}");
        }
        let mut one = begin(store);
        letter(&mut one, "in");
        letter(&mut one, "in");
        commit(store, one).unwrap();
        assert_eq!(count(&begin(store), "letter/"), 2);
    }

    fn ranges_of_a_batch_count_as_bytes_of_the_change(store) {
        let ranges = vec![KeyRange { start: vec![b'a'; 1 << 15], end: Some(vec![b'b'; 1 << 15]) }];
        let opening = Change { stage: Some(Stage::Open { ranges }), ..Change::default() };
        assert!(store.commit(opening.clone()).is_ok(), "as much as a change holds");
        let mut larger = opening;
        larger.write.push(Write::Put { key: b"x".into(), value: vec![], fill: vec![] });
        larger.draw.push(Draw { register: b"in".into() });
        assert!(matches!(store.commit(larger), Err(CommitError::TooLarge { .. })));
    }
}
