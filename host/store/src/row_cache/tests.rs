//! What is at hand is what the engine would have said, at every snapshot.

use std::collections::BTreeMap;

use dinh_merkle::Signer;
use proptest::prelude::*;

use super::*;
use crate::memory::Memory;
use crate::{Options, Snapshot, Store, Transaction};

fn store() -> Store {
    store_with(Options::default().row_cache_bytes)
}

fn store_with(row_cache_bytes: usize) -> Store {
    let signer = Signer::from_seed("tests", [7; 32]).unwrap();
    let options = Options { row_cache_bytes, ..Options::default() };
    Store::with_backend(Box::new(Memory::new()), signer, options).unwrap()
}

fn key(number: u16) -> Vec<u8> {
    format!("row/{number:04}").into_bytes()
}

fn write(store: &Store, rows: impl IntoIterator<Item = (u16, Option<Vec<u8>>)>) {
    let mut call = Transaction::new(store.snapshot().unwrap());
    for (number, value) in rows {
        match value {
            Some(value) => call.put(key(number), value),
            None => call.delete(key(number)),
        }
    }
    store.commit(call.into_change(0, false)).unwrap();
}

type Rows = BTreeMap<Vec<u8>, Vec<u8>>;

fn walked(
    snapshot: &Snapshot,
    span: (&[u8], Option<&[u8]>),
    direction: Direction,
    take: usize,
) -> Vec<(Vec<u8>, Vec<u8>)> {
    let rows = snapshot.range(span.0, span.1, direction).take(take);
    rows.map(|row| row.map(|(key, stored)| (key, stored.value)).unwrap()).collect()
}

fn expected(
    rows: &Rows,
    span: (&[u8], Option<&[u8]>),
    direction: Direction,
    take: usize,
) -> Vec<(Vec<u8>, Vec<u8>)> {
    let within = |key: &[u8]| *key >= *span.0 && span.1.is_none_or(|end| key < end);
    let found = rows.iter().filter(|(key, _)| within(key)).map(|(key, value)| (key.clone(), value.clone()));
    match direction {
        Direction::Forward => found.take(take).collect(),
        Direction::Backward => found.rev().take(take).collect(),
    }
}

#[derive(Clone, Debug)]
enum Step {
    Write(Vec<(u16, Option<u16>)>),
    /// A snapshot is taken and held.
    Hold,
    Read {
        held: usize,
        number: u16,
    },
    Walk {
        held: usize,
        start: u16,
        end: Option<u16>,
        backward: bool,
        take: usize,
    },
}

/// Few places to begin at, so that many begin where others did.
fn step() -> impl Strategy<Value = Step> {
    let number = 0..400_u16;
    let edge = prop_oneof![Just(0_u16), Just(100), Just(101), Just(250), 0..420_u16];
    let value = prop_oneof![4 => (1..400_u16).prop_map(Some), 1 => Just(None)];
    prop_oneof![
        1 => prop::collection::vec((number.clone(), value), 1..4).prop_map(Step::Write),
        1 => Just(Step::Hold),
        3 => (0..4_usize, prop_oneof![0..6_u16, number]).prop_map(|(held, number)| Step::Read { held, number }),
        6 => (0..4_usize, edge.clone(), prop::option::of(edge), any::<bool>(), prop_oneof![Just(40_usize), Just(500), 0..60_usize])
            .prop_map(|(held, start, end, backward, take)| Step::Walk { held, start, end, backward, take }),
    ]
}

proptest! {
    #[test]
    fn every_snapshot_shows_what_was_there_however_often_it_was_read_before(
        // Hardly as much as the rows take, or more than enough.
        bytes in prop_oneof![Just(LEAST), Just(16 * LEAST)],
        steps in prop::collection::vec(step(), 20..80),
    ) {
        let store = store_with(bytes);
        let mut rows = Rows::new();
        for chunk in (0..400_u16).collect::<Vec<_>>().chunks(50) {
            // Some runs are cut by their bytes.
            let value = |number: u16| vec![b'x'; usize::from(number % 5) * 700 + 1];
            write(&store, chunk.iter().map(|number| (*number, Some(value(*number)))));
            rows.extend(chunk.iter().map(|number| (key(*number), value(*number))));
        }
        let mut held = vec![(store.snapshot().unwrap(), rows.clone())];
        for step in steps {
            match step {
                Step::Write(writes) => {
                    let value = |length: u16| vec![b'y'; usize::from(length)];
                    write(&store, writes.iter().map(|(number, length)| (*number, length.map(value))));
                    for (number, length) in writes {
                        match length {
                            Some(length) => rows.insert(key(number), value(length)),
                            None => rows.remove(&key(number)),
                        };
                    }
                    held[0] = (store.snapshot().unwrap(), rows.clone());
                }
                Step::Hold => {
                    held.push((store.snapshot().unwrap(), rows.clone()));
                    if held.len() > 4 {
                        held.remove(1);
                    }
                }
                Step::Read { held: at, number } => {
                    let (snapshot, rows) = &held[at % held.len()];
                    let found = snapshot.get(&key(number)).unwrap().map(|stored| stored.value);
                    prop_assert_eq!(found.as_ref(), rows.get(&key(number)));
                }
                Step::Walk { held: at, start, end, backward, take } => {
                    let (snapshot, rows) = &held[at % held.len()];
                    let direction = if backward { Direction::Backward } else { Direction::Forward };
                    let (start, end) = (key(start), end.map(key));
                    let span = (start.as_slice(), end.as_deref());
                    prop_assert_eq!(walked(snapshot, span, direction, take), expected(rows, span, direction, take));
                }
            }
        }
    }
}

/// A store of 400 short rows.
fn filled() -> Store {
    let store = store();
    write(&store, (0..400_u16).map(|number| (number, Some(number.to_le_bytes().to_vec()))));
    store
}

fn is_run(snapshot: &Snapshot, number: u16, direction: Direction) -> bool {
    let span = match direction {
        Direction::Forward => Span { start: key(number), end: None },
        Direction::Backward => Span { start: Vec::new(), end: Some(key(number)) },
    };
    matches!(snapshot.cache().piece(&span, direction, snapshot.seq()), Piece::Run(_))
}

#[test]
fn what_is_walked_twice_is_at_hand_and_a_write_takes_out_the_run_it_falls_in() {
    for direction in [Direction::Forward, Direction::Backward] {
        let store = filled();
        let snapshot = store.snapshot().unwrap();
        let span = (&key(100)[..], Some(&key(300)[..]));
        let (whole, half) = (walked(&snapshot, span, direction, 200), 100);
        assert_eq!(snapshot.cache().bytes(), 0, "what is read once is not kept");
        assert_eq!(walked(&snapshot, span, direction, half), whole[..half]);
        let inner = if direction == Direction::Forward { 100 } else { 300 };
        assert!(is_run(&snapshot, inner, direction) && !is_run(&snapshot, 20, direction));
        assert_eq!(walked(&snapshot, span, direction, 200), whole, "from memory and on from there");
        let halves =
            (walked(&snapshot, span, direction, half), walked(&snapshot, (span.0, None), direction, 1));
        assert_eq!(halves.0, whole[..half]);

        write(&store, [(350, None), (20, Some(b"new".to_vec()))]);
        assert!(is_run(&store.snapshot().unwrap(), inner, direction), "beside it");
        write(&store, [(if direction == Direction::Forward { 150 } else { 250 }, None)]);
        assert!(!is_run(&store.snapshot().unwrap(), inner, direction));
        assert_eq!(walked(&snapshot, span, direction, 200), whole, "as it was");
        assert_eq!(walked(&store.snapshot().unwrap(), span, direction, 200).len(), 199);
    }
}

#[test]
fn a_short_answer_is_kept_for_whoever_asks_for_no_more_and_a_longer_one_takes_its_place() {
    for direction in [Direction::Forward, Direction::Backward] {
        let store = filled();
        let snapshot = store.snapshot().unwrap();
        let short = Span { start: key(100), end: Some(key(103)) };
        let empty = Span { start: key(500), end: Some(key(600)) };
        let walk = |span: &Span| walked(&snapshot, (&span.start, span.end.as_deref()), direction, 1000).len();
        let is_at_hand =
            |span: &Span| matches!(snapshot.cache().piece(span, direction, snapshot.seq()), Piece::Run(_));
        for _ in 0..2 {
            assert_eq!((walk(&short), walk(&empty)), (3, 0));
        }
        assert!(is_at_hand(&short) && is_at_hand(&empty));
        let inner = Span { start: key(101), end: Some(key(102)) };
        assert!(is_at_hand(&inner) && walk(&inner) == 1);
        let wide = Span { start: key(90), end: Some(key(700)) };
        for _ in 0..3 {
            assert_eq!(walk(&wide), 310, "past the short ones");
        }
        assert!(is_at_hand(&wide) && is_at_hand(&short));
        write(&store, [(550, Some(Vec::new()))]);
        let newest = store.snapshot().unwrap();
        assert_eq!(walked(&newest, (&empty.start, empty.end.as_deref()), direction, 10).len(), 1);
        assert_eq!(walk(&empty), 0, "at the snapshot that it was read at");
    }
}

#[test]
fn many_short_answers_are_in_nobodys_way() {
    let store = filled();
    let snapshot = store.snapshot().unwrap();
    for direction in [Direction::Forward, Direction::Backward] {
        for number in (0..400).step_by(2) {
            let span = (&key(number)[..], Some(&key(number + 2)[..]));
            (0..2).for_each(|_| assert_eq!(walked(&snapshot, span, direction, 10).len(), 2));
        }
        for _ in 0..3 {
            let all = walked(&snapshot, (b"", None), direction, 1000);
            assert_eq!(all.len(), 400);
            assert!(all.is_sorted_by(|one, other| (one < other) == (direction == Direction::Forward)));
        }
    }
}

#[test]
fn a_row_and_that_there_is_none_are_kept_from_the_second_reading_until_they_are_written() {
    let store = filled();
    let snapshot = store.snapshot().unwrap();
    let known = |snapshot: &Snapshot, number: u16| snapshot.cache().row(&key(number), snapshot.seq());
    for number in [7, 1000] {
        let there = snapshot.get(&key(number)).unwrap();
        assert!(known(&snapshot, number).is_none(), "read once");
        assert_eq!(snapshot.get(&key(number)).unwrap(), there);
        assert_eq!(known(&snapshot, number).unwrap().is_some(), number == 7);
        assert_eq!(snapshot.get(&key(number)).unwrap(), there);
    }
    write(&store, [(7, None), (1000, Some(b"new".to_vec()))]);
    let newest = store.snapshot().unwrap();
    assert!(known(&newest, 7).is_none() && known(&newest, 1000).is_none());
    assert_eq!((newest.get(&key(7)).unwrap(), newest.get(&key(1000)).unwrap().is_some()), (None, true));
    assert!(snapshot.get(&key(7)).unwrap().is_some() && snapshot.get(&key(1000)).unwrap().is_none());
}

#[test]
fn what_an_older_snapshot_reads_is_not_kept_and_what_is_newer_is_not_shown_to_it() {
    let store = filled();
    let old = store.snapshot().unwrap();
    write(&store, [(7, Some(b"new".to_vec()))]);
    let before: Vec<_> = (0..3)
        .map(|_| (old.get(&key(7)).unwrap(), walked(&old, (b"", None), Direction::Forward, 400)))
        .collect();
    assert_eq!(old.cache().bytes(), 0);
    let new = store.snapshot().unwrap();
    for _ in 0..3 {
        assert_eq!(new.get(&key(7)).unwrap().unwrap().value, b"new");
        assert_eq!(walked(&new, (b"", None), Direction::Forward, 400)[7].1, b"new");
    }
    assert!(new.cache().bytes() > 0);
    assert_eq!((old.get(&key(7)).unwrap(), walked(&old, (b"", None), Direction::Forward, 400)), before[0]);
}

#[test]
fn it_holds_no_more_than_it_may_and_nothing_when_that_is_next_to_nothing() {
    let cache = Arc::new(RowCache::new(LEAST, Seq(1)));
    let value: Kept = Some(vec![0; 10_000].into());
    let mut most = 0;
    for number in 0..2_000_u16 {
        cache.keep_row(&key(number), Seq(1), value.clone());
        let edge = key(number);
        let mut recorder = Recorder::new(Arc::clone(&cache), Seq(1), Some(&edge), Direction::Forward);
        (0..100).for_each(|row| recorder.pass(&[&edge[..], &[row]].concat(), &[0; 300]));
        drop(recorder);
        // What was met again is kept longer.
        assert!(cache.row(&key(0), Seq(1)).is_some(), "{number}");
        most = most.max(cache.bytes());
    }
    assert!((LEAST / 2..=LEAST).contains(&most), "{most}");
    assert!(cache.row(&key(1), Seq(1)).is_none() && cache.row(&key(1999), Seq(1)).is_some());
    assert!(!cache.state.read().old.is_empty());
    cache.published(Seq(2), (0..2_000).map(key).collect::<Vec<_>>().iter().map(Vec::as_slice));
    assert_eq!(cache.state.read().old.rows(), 0, "of either age");

    cache.keep_row(b"giant", Seq(1), Some(vec![0; LARGEST].into()));
    assert!(cache.row(b"giant", Seq(1)).is_none());
    let mut recorder = Recorder::new(Arc::clone(&cache), Seq(1), Some(&b"s"[..]), Direction::Forward);
    for row in 0..20_u8 {
        recorder.pass(&[b's', row], if row == 10 { &[0; 70_000] } else { &[0; 10] });
    }
    drop(recorder);
    let span = Span { start: b"s".to_vec(), end: None };
    assert!(
        matches!(cache.piece(&span, Direction::Forward, Seq(1)), Piece::Engine(_)),
        "too few on either side"
    );

    let none = RowCache::new(LEAST - 1, Seq(1));
    none.keep_row(b"a", Seq(1), value);
    assert!(!none.admits(b"a") && !none.admits(b"a") && none.row(b"a", Seq(1)).is_none());
}

#[test]
fn after_a_failure_it_begins_anew() {
    let cache = RowCache::new(LEAST, Seq(5));
    cache.keep_row(b"a", Seq(5), None);
    assert!(cache.row(b"a", Seq(5)).is_some());
    cache.begin_anew(Seq(4));
    assert!(cache.row(b"a", Seq(4)).is_none());
    cache.keep_row(b"a", Seq(5), None);
    assert_eq!(cache.bytes(), 0, "read at what did not come about");
    cache.keep_row(b"a", Seq(4), None);
    assert!(cache.row(b"a", Seq(4)).is_some());
}
