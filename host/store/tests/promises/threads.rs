//! Serializable under real concurrency: histories of many threads have an order that explains what each call
//! saw, and the numbers of the commits are one.

use std::collections::{BTreeMap, HashMap};

use crate::history::{Anomaly, Call, Edge, Fate, Id, Key, Seen};
use crate::support::Engine;
use crate::workload::{self, Recorded, Relying};

fn run(engine: Engine, relying: Relying, calls: usize) -> Recorded {
    let (backend, folder) = engine.backend();
    let recorded = workload::run(backend, relying, calls);
    drop(folder);
    recorded
}

fn count(calls: &[Call], fate: Fate) -> usize {
    calls.iter().filter(|call| call.fate == fate).count()
}

/// Runs the calls again one after another, in the order of their numbers: each must see what it saw.
fn replay(recorded: &Recorded) {
    let calls: HashMap<Id, &Call> = recorded.history.calls.iter().map(|call| (call.id, call)).collect();
    let mut rows: BTreeMap<Key, Id> = BTreeMap::new();
    for (seq, id) in &recorded.order {
        let call = calls[id];
        for seen in &call.seen {
            match seen {
                Seen::Key(key, found) => {
                    // Of a key that is not there it is known who removed it, which is not in question here.
                    let found = found.filter(|writer| calls[writer].wrote.contains(&(*key, true)));
                    assert_eq!(rows.get(key).copied(), found, "{seq:?} read {key:?}");
                }
                Seen::Range { start, end, there, .. } => {
                    let expected: Vec<_> = rows.range(*start..*end).map(|(key, id)| (*key, *id)).collect();
                    assert_eq!(expected, *there, "{seq:?} walked {start:?} to {end:?}");
                }
            }
        }
        for (key, there) in &call.wrote {
            if *there {
                rows.insert(*key, *id);
            } else {
                rows.remove(key);
            }
        }
    }
}

/// At least `calls` that committed or conflicted.
fn check(engine: Engine, calls: usize) {
    let recorded = run(engine, Relying::OnEverything, calls * 13 / 10);
    let all = &recorded.history.calls;
    let [committed, read, conflicted] =
        [Fate::Committed, Fate::Read, Fate::Conflicted].map(|fate| count(all, fate));
    println!("{committed} committed, {conflicted} conflicted, {read} only read");
    assert!(committed + conflicted >= calls && committed > calls / 4 && conflicted > calls / 50);
    assert_eq!(recorded.order.len(), committed, "every commit has a number of its own");
    recorded.history.check().unwrap();
    replay(&recorded);
}

#[test]
fn every_history_in_memory_is_as_if_one_call_ran_after_another() {
    check(Engine::Memory, 100_000);
}

#[test]
fn every_history_on_disk_is_as_if_one_call_ran_after_another() {
    check(Engine::Disk, 6_000);
}

/// The edges of the cycle in a history of a store that does not hold what it is told to rely on.
#[track_caller]
fn cycle(relying: Relying) -> Vec<Edge> {
    let calls = if relying == Relying::NotToPublish { 30_000 } else { 4_000 };
    let history = run(Engine::Memory, relying, calls).history.without_time();
    match history.check() {
        Err(Anomaly::Cycle(cycle)) => cycle.into_iter().map(|(_, edge)| edge).collect(),
        other => panic!("{relying:?} goes unnoticed: {other:?}"),
    }
}

#[test]
fn a_store_that_forgets_what_a_change_relied_on_is_found_out() {
    for relying in [Relying::OnNothing, Relying::NotOnKeys, Relying::NotOnRanges, Relying::NotToPublish] {
        let cycle = cycle(relying);
        assert!(cycle.iter().any(|edge| matches!(edge, Edge::Overwritten(_))), "{relying:?}: {cycle:?}");
    }
}
