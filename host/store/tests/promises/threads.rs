//! Serializable under real concurrency: the history is replayed one commit after another, in the order of
//! their numbers, and every call must have read exactly what it would have read there.

use std::collections::BTreeMap;
use std::thread;

use dinh_store::{CommitError, Direction, Seq, Store, Transaction};

use crate::support::{Engine, small};

const KEYS: u64 = 24;

/// From where to where, and what was found.
type Walk = (u8, u8, Vec<(u8, Vec<u8>)>);

/// What a committed call saw and did.
struct Done {
    seq: Seq,
    read: Vec<(u8, Option<Vec<u8>>)>,
    walked: Vec<Walk>,
    wrote: Vec<(u8, Option<Vec<u8>>)>,
}

/// A small generator (SplitMix64), so that a run can be repeated from its seed.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % bound
    }
}

fn one_call(store: &Store, random: &mut Random, mark: Vec<u8>) -> Result<Done, CommitError> {
    let mut call = Transaction::new(store.snapshot()?);
    let mut done = Done { seq: Seq(0), read: vec![], walked: vec![], wrote: vec![] };
    for _ in 0..random.below(3) {
        let key = random.below(KEYS) as u8;
        done.read.push((key, call.get(&[key])?.map(|stored| stored.value)));
    }
    if random.below(3) == 0 {
        let start = random.below(KEYS) as u8;
        let end = start + 1 + random.below(5) as u8;
        let rows = call.range(&[start], Some(&[end]), Direction::Forward);
        let rows: Result<Vec<_>, _> = rows.map(|row| row.map(|(key, row)| (key[0], row.value))).collect();
        done.walked.push((start, end, rows?));
    }
    for _ in 0..=random.below(2) {
        let key = random.below(KEYS) as u8;
        if random.below(4) == 0 {
            call.delete(vec![key]);
            done.wrote.push((key, None));
        } else {
            call.put(vec![key], mark.clone());
            done.wrote.push((key, Some(mark.clone())));
        }
    }
    // Between reading and committing others have their turn.
    thread::yield_now();
    done.seq = store.commit(call.into_change(0, false))?.seq;
    Ok(done)
}

fn check(engine: Engine, calls: usize) {
    let store = engine.store(small());
    let (mut history, mut conflicts) = (Vec::new(), 0);
    thread::scope(|threads| {
        let workers: Vec<_> = (0..8u64)
            .map(|worker| {
                let store = &store;
                threads.spawn(move || {
                    let mut random = Random(worker);
                    let (mut history, mut conflicts) = (Vec::new(), 0);
                    for turn in 0..calls / 8 {
                        let mark = format!("{worker}/{turn}").into_bytes();
                        match one_call(store, &mut random, mark) {
                            Ok(done) => history.push(done),
                            Err(CommitError::Conflict(_)) => conflicts += 1,
                            Err(other) => panic!("{other}"),
                        }
                    }
                    (history, conflicts)
                })
            })
            .collect();
        for worker in workers {
            let (done, lost) = worker.join().unwrap();
            history.extend(done);
            conflicts += lost;
        }
    });
    assert!(conflicts > 0 && history.len() > calls / 10, "{conflicts} conflicts in {calls} calls");

    history.sort_by_key(|done| done.seq);
    let mut rows: BTreeMap<u8, Vec<u8>> = BTreeMap::new();
    for (index, done) in history.iter().enumerate() {
        assert_eq!(done.seq.0, index as u64 + 1, "commits are numbered without gaps");
        for (key, value) in &done.read {
            assert_eq!(rows.get(key), value.as_ref(), "commit {index} read {key}");
        }
        for (start, end, found) in &done.walked {
            let expected: Vec<_> = rows.range(*start..*end).map(|(key, row)| (*key, row.clone())).collect();
            assert_eq!(expected, *found, "commit {index} walked {start} to {end}");
        }
        for (key, value) in &done.wrote {
            match value {
                Some(value) => rows.insert(*key, value.clone()),
                None => rows.remove(key),
            };
        }
    }
    let last: BTreeMap<u8, Vec<u8>> = store
        .snapshot()
        .unwrap()
        .range(b"", None, Direction::Forward)
        .map(|row| row.map(|(key, row)| (key[0], row.value)).unwrap())
        .collect();
    assert_eq!(last, rows);
}

#[test]
fn every_history_in_memory_is_as_if_one_call_ran_after_another() {
    check(Engine::Memory, 40_000);
}

#[test]
fn every_history_on_disk_is_as_if_one_call_ran_after_another() {
    check(Engine::Disk, 8_000);
}
