//! What every engine promises, as one suite.

use dinh_store::backend::{Batch, Direction, Table, View};
use dinh_store::{Backend, StoreError};

use crate::support::Engine;

type Rows = Vec<(Vec<u8>, Vec<u8>)>;

fn walk(view: &dyn View, table: Table, start: &[u8], end: Option<&[u8]>, direction: Direction) -> Rows {
    let mut cursor = view.walk(table, start, end, direction).unwrap();
    assert_eq!((cursor.key(), cursor.value()), (&[][..], &[][..]), "before the first key");
    let mut rows = Vec::new();
    while cursor.advance().unwrap() {
        rows.push((cursor.key().to_vec(), cursor.value().to_vec()));
    }
    assert!(!cursor.advance().unwrap(), "the end stays the end");
    assert_eq!((cursor.key(), cursor.value()), (&[][..], &[][..]), "after the last key");
    rows
}

fn get(view: &dyn View, table: Table, key: &[u8]) -> Option<Vec<u8>> {
    let mut value = None;
    let found = view.get(table, key, &mut |bytes| value = Some(bytes.to_vec())).unwrap();
    assert_eq!(found, value.is_some());
    value
}

fn rows(rows: &[(&[u8], &[u8])]) -> Rows {
    rows.iter().map(|(key, value)| (key.to_vec(), value.to_vec())).collect()
}

fn put(backend: &dyn Backend, table: Table, rows: &[(&[u8], &[u8])]) {
    let mut batch = Batch::default();
    for (key, value) in rows {
        batch.put(table, key.to_vec(), value.to_vec());
    }
    backend.apply(&batch).unwrap();
}

fn an_empty_engine_answers(backend: &dyn Backend) {
    let view = backend.view().unwrap();
    for table in Table::ALL {
        assert_eq!(get(&*view, table, b"a"), None);
        assert_eq!(walk(&*view, table, b"", None, Direction::Forward), []);
        assert_eq!(walk(&*view, table, b"", None, Direction::Backward), []);
    }
}

fn tables_are_apart(backend: &dyn Backend) {
    for table in Table::ALL {
        put(backend, table, &[(b"key", table.name().as_bytes())]);
    }
    let view = backend.view().unwrap();
    for table in Table::ALL {
        let only = rows(&[(b"key", table.name().as_bytes())]);
        assert_eq!(walk(&*view, table, b"", None, Direction::Forward), only);
        assert_eq!(walk(&*view, table, b"", None, Direction::Backward), only);
    }
}

fn keys_are_in_the_order_of_their_bytes(backend: &dyn Backend) {
    let sorted: [&[u8]; 7] = [b"", b"\0", b"\0\0", b"a", b"a\0", b"b", b"\xff\xff"];
    let mut shuffled = sorted;
    shuffled.reverse();
    put(backend, Table::Data, &shuffled.map(|key| (key, b"v".as_slice())));
    let view = backend.view().unwrap();
    let found = |start: &[u8], end: Option<&[u8]>, direction| -> Vec<Vec<u8>> {
        walk(&*view, Table::Data, start, end, direction).into_iter().map(|(key, _)| key).collect()
    };
    for (from, start) in sorted.iter().enumerate() {
        for (to, end) in sorted.iter().enumerate() {
            let expected = if from < to { sorted[from..to].to_vec() } else { Vec::new() };
            assert_eq!(found(start, Some(end), Direction::Forward), expected, "{start:?} to {end:?}");
            let reversed: Vec<_> = expected.into_iter().rev().collect();
            assert_eq!(found(start, Some(end), Direction::Backward), reversed, "{end:?} back to {start:?}");
        }
        assert_eq!(found(start, None, Direction::Forward), sorted[from..]);
        let reversed: Vec<_> = sorted[from..].iter().rev().copied().collect();
        assert_eq!(found(start, None, Direction::Backward), reversed);
    }
}

fn the_last_write_of_a_batch_holds(backend: &dyn Backend) {
    let mut batch = Batch::default();
    batch.put(Table::Data, b"replaced".to_vec(), b"1".to_vec());
    batch.put(Table::Data, b"replaced".to_vec(), b"2".to_vec());
    batch.put(Table::Data, b"removed".to_vec(), b"1".to_vec());
    batch.delete(Table::Data, b"removed".to_vec());
    batch.delete(Table::Data, b"back".to_vec());
    batch.put(Table::Data, b"back".to_vec(), b"".to_vec());
    batch.delete(Table::Data, b"never".to_vec());
    backend.apply(&batch).unwrap();
    let view = backend.view().unwrap();
    assert_eq!(
        walk(&*view, Table::Data, b"", None, Direction::Forward),
        rows(&[(b"back", b""), (b"replaced", b"2")])
    );
}

fn a_view_does_not_change(backend: &dyn Backend) {
    put(backend, Table::Data, &[(b"a", b"1"), (b"b", b"1"), (b"c", b"1")]);
    let before = backend.view().unwrap();
    let mut walking = before.walk(Table::Data, b"", None, Direction::Forward).unwrap();
    assert!(walking.advance().unwrap());
    let first = rows(&[(b"a", b"1"), (b"b", b"1"), (b"c", b"1")]);
    for round in 2..20u8 {
        let mut batch = Batch::default();
        batch.put(Table::Data, b"a".to_vec(), vec![round]);
        batch.delete(Table::Data, b"b".to_vec());
        batch.put(Table::Data, vec![b'd', round], vec![round]);
        backend.apply(&batch).unwrap();
    }
    assert_eq!(walk(&*before, Table::Data, b"", None, Direction::Forward), first);
    assert_eq!(get(&*before, Table::Data, b"b"), Some(b"1".to_vec()));
    assert!(walking.advance().unwrap());
    assert_eq!((walking.key(), walking.value()), (b"b".as_slice(), b"1".as_slice()));
    // A walk outlives its view.
    drop(before);
    assert!(walking.advance().unwrap());
    assert_eq!(walking.key(), b"c");
    assert!(!walking.advance().unwrap());

    let after = backend.view().unwrap();
    assert_eq!(get(&*after, Table::Data, b"a"), Some(vec![19]));
    assert_eq!(get(&*after, Table::Data, b"b"), None);
    assert_eq!(walk(&*after, Table::Data, b"d", Some(b"e"), Direction::Backward).len(), 18);
}

fn large_values_come_back_whole(backend: &dyn Backend) {
    let large: Vec<u8> = (0..3_000_000u32).map(|byte| byte as u8).collect();
    put(backend, Table::Data, &[(b"large", &large), (b"small", b"x")]);
    let view = backend.view().unwrap();
    assert!(get(&*view, Table::Data, b"large").unwrap() == large);
    assert_eq!(walk(&*view, Table::Data, b"", None, Direction::Backward).len(), 2);
}

fn what_is_closed_says_so_or_still_answers_truly(backend: &dyn Backend) {
    put(backend, Table::Data, &[(b"a", b"1")]);
    let view = backend.view().unwrap();
    backend.close().unwrap();
    backend.close().unwrap();
    let mut seen = None;
    match view.get(Table::Data, b"a", &mut |bytes| seen = Some(bytes.to_vec())) {
        Ok(found) => assert_eq!((found, seen), (true, Some(b"1".to_vec()))),
        Err(error) => assert!(matches!(error, StoreError::Closed), "{error}"),
    }
}

macro_rules! suite {
    ($($name:ident)*) => {
        mod disk {
            use super::*;
            $(#[test] fn $name() { let (backend, _folder) = Engine::Disk.backend(); super::$name(&*backend); })*
        }
        mod memory {
            use super::*;
            $(#[test] fn $name() { let (backend, _folder) = Engine::Memory.backend(); super::$name(&*backend); })*
        }
    };
}

suite! {
    an_empty_engine_answers
    tables_are_apart
    keys_are_in_the_order_of_their_bytes
    the_last_write_of_a_batch_holds
    a_view_does_not_change
    large_values_come_back_whole
    what_is_closed_says_so_or_still_answers_truly
}
