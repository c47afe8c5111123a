//! Numbers without gaps, drawn by the writer.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use dinh_model::key;
use dinh_store::{CommitError, Conflict, Direction, Fill, Part, Store, Transaction};

use crate::support::{conflict, on_both_engines, put};

fn begin(store: &Store) -> Transaction {
    Transaction::new(store.snapshot().unwrap())
}

/// Registers a letter: its number in its key and in its value.
fn letter(call: &mut Transaction, register: &str, text: &str) -> u32 {
    let draw = call.draw(register.into());
    let mut key = b"letter/".to_vec();
    key.extend([0; 8]);
    let mut value = vec![0; 8];
    value.extend(text.as_bytes());
    let fill = vec![Fill { draw, part: Part::Key, offset: 7 }, Fill { draw, part: Part::Value, offset: 0 }];
    call.put_filled(key, value, fill);
    draw
}

fn letters(store: &Store) -> Vec<(i64, String)> {
    let snapshot = store.snapshot().unwrap();
    let letters = snapshot.range(b"letter/", Some(b"letter0"), Direction::Forward).map(|item| {
        let (key, stored) = item.unwrap();
        let (number, text) = stored.value.split_first_chunk::<8>().unwrap();
        let number = i64::from_le_bytes(*number);
        assert_eq!(key[7..], key::integer(number), "key and value say the same number");
        (number, String::from_utf8(text.to_vec()).unwrap())
    });
    letters.collect()
}

fn last_number(store: &Store, register: &str) -> Option<i64> {
    let stored = store.snapshot().unwrap().get(register.as_bytes()).unwrap()?;
    Some(i64::from_le_bytes(stored.value.try_into().unwrap()))
}

on_both_engines! {
    fn numbers_begin_at_one_and_fill_key_and_value(store) {
        let mut call = begin(store);
        letter(&mut call, "in/2025", "first");
        letter(&mut call, "in/2025", "second");
        call.draw(b"out/2025".into());
        assert_eq!(call.get(b"letter/\0\0\0\0\0\0\0\0").unwrap(), None, "its key is not known yet");
        let committed = store.commit(call.into_change(0, false)).unwrap();
        assert_eq!(committed.numbers, [1, 2, 1]);
        assert_eq!(letters(store), [(1, "first".into()), (2, "second".into())]);
        assert_eq!(last_number(store, "in/2025"), Some(2));
        assert_eq!(last_number(store, "out/2025"), Some(1));
        assert_eq!(store.snapshot().unwrap().version(b"in/2025").unwrap(), Some(committed.seq));
    }

    fn what_does_not_commit_draws_nothing(store) {
        let mut call = begin(store);
        call.get(b"a").unwrap();
        letter(&mut call, "in", "lost");
        put(store, "a", "1");
        assert!(matches!(conflict(store, call.into_change(0, false)), Conflict::Key(_)));
        let mut call = begin(store);
        letter(&mut call, "in", "kept");
        assert_eq!(store.commit(call.into_change(0, false)).unwrap().numbers, [1]);
        assert_eq!(letters(store), [(1, "kept".into())]);
    }

    fn sixty_four_clerks_on_one_register_neither_conflict_nor_leave_a_gap(store) {
        const EACH: usize = 20;
        let busy = AtomicUsize::new(0);
        thread::scope(|threads| {
            for clerk in 0..64 {
                let (store, busy) = (store, &busy);
                threads.spawn(move || {
                    for turn in 0..EACH {
                        loop {
                            let mut call = begin(store);
                            letter(&mut call, "in/2025", &format!("{clerk}/{turn}"));
                            match store.commit(call.into_change(0, false)) {
                                Ok(_) => break,
                                Err(CommitError::Busy) => busy.fetch_add(1, Ordering::Relaxed),
                                Err(other) => panic!("{other}"),
                            };
                        }
                    }
                });
            }
        });
        let letters = letters(store);
        assert!(letters.iter().map(|(number, _)| *number).eq(1..=64 * EACH as i64));
        let mut texts: Vec<_> = letters.into_iter().map(|(_, text)| text).collect();
        texts.sort();
        texts.dedup();
        assert_eq!(texts.len(), 64 * EACH, "every letter once");
    }

    fn a_register_goes_on_from_where_it_was_set(store) {
        let mut call = begin(store);
        call.put(b"in".into(), 1240i64.to_le_bytes().to_vec());
        store.commit(call.into_change(0, false)).unwrap();
        let mut call = begin(store);
        letter(&mut call, "in", "after the paper register");
        assert_eq!(store.commit(call.into_change(0, false)).unwrap().numbers, [1241]);
    }

    fn who_read_a_register_relies_on_it(store) {
        let mut call = begin(store);
        assert!(call.get(b"in").unwrap().is_none());
        call.put(b"note".into(), b"no letters yet".into());
        let mut clerk = begin(store);
        letter(&mut clerk, "in", "a letter");
        store.commit(clerk.into_change(0, false)).unwrap();
        assert_eq!(conflict(store, call.into_change(0, false)), Conflict::Key(b"in".into()));
    }

    fn a_drawn_number_never_replaces_what_has_it_already(store) {
        let mut call = begin(store);
        let mut key = b"letter/".to_vec();
        key.extend(key::integer(1));
        call.put(key.clone(), 1i64.to_le_bytes().to_vec());
        store.commit(call.into_change(0, false)).unwrap();
        let mut call = begin(store);
        letter(&mut call, "in", "the other number one");
        assert_eq!(conflict(store, call.into_change(0, false)), Conflict::Key(key));
        assert_eq!(letters(store), [(1, "".into())]);
    }

    fn an_exhausted_register_refuses(store) {
        let mut call = begin(store);
        call.put(b"in".into(), i64::MAX.to_le_bytes().to_vec());
        store.commit(call.into_change(0, false)).unwrap();
        let mut call = begin(store);
        letter(&mut call, "in", "one too many");
        assert!(matches!(store.commit(call.into_change(0, false)), Err(CommitError::Malformed(_))));
    }

    fn a_filled_put_can_be_replaced_and_taken_back_before_it_commits(store) {
        let mut call = begin(store);
        let draw = letter(&mut call, "in", "kept");
        let other = call.draw(b"out".into());
        let fill = |draw| vec![Fill { draw, part: Part::Key, offset: 0 }];
        call.put_filled(vec![0; 8], b"first".into(), fill(draw));
        call.put_filled(vec![0; 8], b"second".into(), fill(draw));
        call.put_filled(vec![0; 8], b"gone".into(), fill(other));
        call.delete_filled(vec![0; 8], &fill(other));
        store.commit(call.into_change(0, false)).unwrap();
        let snapshot = store.snapshot().unwrap();
        assert_eq!(snapshot.get(&key::integer(1)).unwrap().unwrap().value, b"second");
        assert_eq!(snapshot.range(&key::integer(0), None, Direction::Forward).count(), 1);
    }
}
