//! Large work: staged by many changes, seen by nobody, visible at once or never.

use dinh_store::{
    Change, CommitError, Conflict, Direction, Draw, Fill, KeyRange, Part, Seq, Stage, Store, StoreError,
    Transaction, Write,
};

use crate::support::{conflict, keys, on_both_engines, put, signer, small, value};

fn range(start: &str, end: &str) -> KeyRange {
    KeyRange { start: start.into(), end: Some(end.into()) }
}

fn begin(store: &Store) -> Seq {
    open(store, vec![range("row/", "row0"), range("index/", "index0")]).unwrap()
}

fn open(store: &Store, ranges: Vec<KeyRange>) -> Result<Seq, CommitError> {
    let mut call = Transaction::new(store.snapshot().unwrap());
    call.stage(Stage::Open { ranges });
    store.commit(call.into_change(0, false)).map(|committed| committed.seq)
}

fn step(store: &Store, batch: Seq, rows: &[&str]) -> Result<(), CommitError> {
    let mut call = Transaction::staging(&store.snapshot().unwrap(), batch);
    for row in rows {
        call.put(row.as_bytes().to_vec(), b"staged".to_vec());
    }
    store.commit(call.into_change(0, false)).map(|_| ())
}

fn end(store: &Store, stage: Stage) -> Result<Seq, CommitError> {
    let mut call = Transaction::new(store.snapshot().unwrap());
    call.stage(stage);
    store.commit(call.into_change(0, false)).map(|committed| committed.seq)
}

fn publish(store: &Store, batch: Seq) -> Seq {
    end(store, Stage::Publish { batch }).unwrap()
}

fn rows(store: &Store) -> Vec<String> {
    keys(&store.snapshot().unwrap(), "row/", Some("row0"), Direction::Forward)
}

on_both_engines! {
    fn nobody_sees_a_staged_row_before_all_are_visible_at_once(store) {
        put(store, "row/0", "there before");
        let batch = begin(store);
        for number in 1..=9 {
            step(store, batch, &[&format!("row/{number}"), &format!("index/{number}")]).unwrap();
            let snapshot = store.snapshot().unwrap();
            assert_eq!(rows(store), ["row/0"]);
            assert!(snapshot.get(format!("row/{number}").as_bytes()).unwrap().is_none());
            assert!(keys(&snapshot, "", None, Direction::Backward).iter().all(|key| !key.starts_with("index")));
            assert_eq!(snapshot.batches().collect::<Vec<_>>(), [(batch, number * 2)]);
        }
        let before = store.snapshot().unwrap();
        let mine = before.with_batch(batch);
        assert_eq!(keys(&mine, "row/", Some("row0"), Direction::Forward).len(), 10, "who stages sees");
        publish(store, batch);
        assert_eq!(rows(store).len(), 10);
        assert_eq!(value(&store.snapshot().unwrap(), "row/7").unwrap(), "staged");
        assert_eq!(store.snapshot().unwrap().batches().count(), 0);
        assert_eq!(keys(&before, "row/", Some("row0"), Direction::Forward), ["row/0"], "as it was");
    }

    fn who_relied_on_a_range_or_on_an_absence_conflicts_with_the_publication(store) {
        let batch = begin(store);
        step(store, batch, &["row/1", "row/2"]).unwrap();
        let reading = |key: Option<&str>| {
            let mut call = Transaction::new(store.snapshot().unwrap());
            match key {
                Some(key) => assert!(call.get(key.as_bytes()).unwrap().is_none()),
                None => assert_eq!(call.range(b"row/1", Some(b"row/9"), Direction::Forward).count(), 0),
            }
            call.put(b"total".to_vec(), b"0".to_vec());
            call.into_change(0, false)
        };
        let mut elsewhere = Transaction::new(store.snapshot().unwrap());
        assert_eq!(elsewhere.range(b"rox", None, Direction::Forward).count(), 0);
        elsewhere.put(b"total".to_vec(), b"1".to_vec());
        let (walked, looked, elsewhere) = (reading(None), reading(Some("row/2")), elsewhere.into_change(0, false));
        publish(store, batch);
        assert!(matches!(conflict(store, walked), Conflict::Range { .. }));
        assert!(matches!(conflict(store, looked), Conflict::Key(key) if key == b"row/2"));
        store.commit(elsewhere).unwrap();
    }

    fn staging_itself_disturbs_nobody(store) {
        let batch = begin(store);
        let mut walking = Transaction::new(store.snapshot().unwrap());
        assert_eq!(walking.range(b"row/", Some(b"row0"), Direction::Forward).count(), 0);
        walking.put(b"total".to_vec(), b"0".to_vec());
        for number in 0..2_000 {
            // Twice the writer's memory in these tests.
            step(store, batch, &[&format!("row/{number}")]).unwrap();
        }
        store.commit(walking.into_change(0, false)).unwrap();
    }

    fn a_staged_key_belongs_to_its_batch(store) {
        put(store, "row/old", "1");
        let batch = begin(store);
        let other = begin(store);
        step(store, batch, &["row/1"]).unwrap();
        step(store, batch, &["row/1"]).unwrap();
        assert_eq!(store.snapshot().unwrap().batches().collect::<Vec<_>>(), [(batch, 1), (other, 0)]);

        let mut plain = Transaction::new(store.snapshot().unwrap());
        assert!(plain.get(b"row/1").unwrap().is_none());
        plain.put(b"row/1".to_vec(), b"".to_vec());
        let refused = conflict(store, plain.into_change(0, false));
        assert!(matches!(&refused, Conflict::Staged(key) if key == b"row/1"));
        assert!(refused.to_string().contains("import"), "{refused}");

        for taken in ["row/1", "row/old"] {
            let refused = step(store, other, &[taken]).unwrap_err();
            assert!(matches!(refused, CommitError::Conflict(Conflict::Key(_))), "{taken}: {refused}");
        }
        let outside = step(store, batch, &["elsewhere"]).unwrap_err();
        assert!(matches!(outside, CommitError::Malformed(_)), "{outside}");
        let mut removing = Transaction::staging(&store.snapshot().unwrap(), batch);
        removing.delete(b"row/old".to_vec());
        assert!(matches!(conflict(store, removing.into_change(0, false)), Conflict::Key(_)));
    }

    fn a_step_reads_what_the_steps_before_it_staged(store) {
        let batch = begin(store);
        step(store, batch, &["row/1"]).unwrap();
        let mut call = Transaction::staging(&store.snapshot().unwrap(), batch);
        assert_eq!(call.get(b"row/1").unwrap().unwrap().value, b"staged");
        assert_eq!(call.range(b"row/", Some(b"row0"), Direction::Forward).count(), 1);
        call.put(b"row/2".to_vec(), b"staged".to_vec());
        store.commit(call.into_change(0, false)).unwrap();
        // A key written, removed and staged again within the writer's memory.
        put(store, "row/3", "plain");
        let mut call = Transaction::new(store.snapshot().unwrap());
        call.delete(b"row/3".to_vec());
        store.commit(call.into_change(0, false)).unwrap();
        step(store, batch, &["row/3"]).unwrap();
        let version = store.snapshot().unwrap().with_batch(batch).version(b"row/3").unwrap();
        publish(store, batch);
        let mut call = Transaction::new(store.snapshot().unwrap());
        assert_eq!(call.get(b"row/3").unwrap().map(|stored| stored.version), version);
        call.put(b"row/3".to_vec(), b"changed".to_vec());
        store.commit(call.into_change(0, false)).unwrap();
    }

    fn work_that_is_given_up_leaves_nothing(store) {
        let batch = begin(store);
        step(store, batch, &["row/1", "row/2", "index/1"]).unwrap();
        let early = end(store, Stage::Close { batch }).unwrap_err();
        assert!(matches!(early, CommitError::Malformed(_)), "{early}");
        let snapshot = store.snapshot().unwrap();
        let mut left: Vec<_> = [("row/", "row0"), ("index/", "index0")]
            .iter()
            .flat_map(|(start, end)| snapshot.staged(batch, start.as_bytes(), Some(end.as_bytes())))
            .map(|item| item.unwrap().0)
            .collect();
        assert_eq!(left.len(), 3);
        while let Some(key) = left.pop() {
            let mut call = Transaction::staging(&store.snapshot().unwrap(), batch);
            call.delete(key);
            store.commit(call.into_change(0, false)).unwrap();
        }
        end(store, Stage::Close { batch }).unwrap();
        assert_eq!(keys(&store.snapshot().unwrap(), "", None, Direction::Forward), [""; 0]);
        put(store, "row/1", "free again");
    }

    fn a_batch_that_is_not_open_is_a_conflict(store) {
        let batch = begin(store);
        publish(store, batch);
        for stage in [Stage::Publish { batch }, Stage::Close { batch }, Stage::Write { batch }] {
            let refused = end(store, stage).unwrap_err();
            assert!(matches!(refused, CommitError::Conflict(Conflict::Batch(found)) if found == batch));
        }
    }

    fn a_staged_change_draws_no_number_and_batches_are_bounded(store) {
        let batch = begin(store);
        let drawing = Change {
            based_on: batch,
            stage: Some(Stage::Write { batch }),
            draw: vec![Draw { register: b"row/n".to_vec() }],
            write: vec![Write::Put {
                key: b"row/1".to_vec(),
                value: vec![0; 8],
                fill: vec![Fill { draw: 0, part: Part::Value, offset: 0 }],
            }],
            ..Change::default()
        };
        assert!(matches!(store.commit(drawing), Err(CommitError::Malformed(_))));
        let many = vec![range("row/", "row0"); Stage::RANGES + 1];
        assert!(matches!(open(store, many), Err(CommitError::Malformed(_))));
        for _ in 1..64 {
            begin(store);
        }
        let one_more = open(store, vec![]).unwrap_err();
        assert!(one_more.to_string().contains("64 batches"), "{one_more}");
    }

    fn the_same_key_twice_in_one_step_is_one_row(store) {
        let batch = begin(store);
        let put = || Write::Put { key: b"row/1".to_vec(), value: vec![], fill: vec![] };
        let remove = || Write::Delete { key: b"row/1".to_vec() };
        let step = |write| Change { based_on: batch, stage: Some(Stage::Write { batch }), write, ..Change::default() };
        store.commit(step(vec![put(), put(), remove(), put()])).unwrap();
        assert_eq!(store.snapshot().unwrap().batches().collect::<Vec<_>>(), [(batch, 1)]);
        store.commit(step(vec![remove()])).unwrap();
        assert_eq!(store.snapshot().unwrap().batches().collect::<Vec<_>>(), [(batch, 0)]);
        assert!(matches!(conflict(store, step(vec![remove()])), Conflict::Key(_)));
    }
}

#[test]
fn a_batch_survives_a_restart_staged_and_whole() {
    let memory = dinh_store::memory::Memory::new();
    let store = || Store::with_backend(Box::new(memory.clone()), signer(), small()).unwrap();
    let first = store();
    let batch = begin(&first);
    step(&first, batch, &["row/1"]).unwrap();
    first.close().unwrap();
    assert!(matches!(first.snapshot(), Err(StoreError::Closed)));
    let second = store();
    assert_eq!(second.snapshot().unwrap().batches().collect::<Vec<_>>(), [(batch, 1)]);
    assert!(rows(&second).is_empty());
    step(&second, batch, &["row/2"]).unwrap();
    publish(&second, batch);
    assert_eq!(rows(&second), ["row/1", "row/2"]);
}
