//! What the evidence is found by is there with each entry, whole, and after whatever happened to it.

use dinh_model::{AccountId, Actor, PositionId, RecordId, Timestamp, UnitId};
use dinh_store::backend::{Batch, Direction as Way, Table};
use dinh_store::index::{Clause, Mark, Query, SEGMENT, Term};
use dinh_store::memory::Memory;
use dinh_store::{Backend, Entry, Finding, Outcome, Party, Recorded, Snapshot, Store, StoreError};

use crate::support::{Engine, entry, signer, small};
use crate::workload::Random;

/// An entry as chance has it: few accounts, units, records, contracts, so that many entries have one in common.
fn random_entry(random: &mut Random) -> Entry {
    let account = AccountId(random.below(40));
    let lender = (random.below(10) == 0).then(|| AccountId(random.below(40)));
    let subject = match random.below(6) {
        0 => format!("account:{}", random.below(40)),
        1 => format!("position:{}", random.below(10)),
        2 => format!("unit:{}", random.below(10)),
        3 => format!("papers/papers/{}", record(random.below(60))),
        4 => "account:none".to_owned(),
        _ => format!("papers/{}", random.below(5)),
    };
    let count = [0, 0, 1, 3, 16, 17, 65, 200][random.below(8) as usize];
    let outcome = if random.below(50) == 0 { Outcome::Refused } else { Outcome::Done };
    let mut made = Entry {
        at: Timestamp::from_second(1_700_000_000 + i64::from(random.below(100_000))).unwrap(),
        actor: Actor::Person { account, on_behalf_of: lender },
        records: (0..count).map(|_| record(random.below(400))).collect(),
        ..entry(["record.read", "record.changed", "grant.given"][random.below(3) as usize], &subject, outcome)
    };
    for (name, most) in [("unit", 10), ("contract", 30), ("purpose", 4), ("count", 9)] {
        if random.below(3) == 0 {
            made.detail.insert(name.into(), random.below(most).to_string());
        }
    }
    made
}

fn record(number: u32) -> RecordId {
    RecordId::new(1_700_000_000_000 + u64::from(number), [number as u8; 10])
}

fn fill(store: &Store, random: &mut Random, mut count: u64) {
    while count > 0 {
        let group = count.min(1 + u64::from(random.below(300)));
        store.witness((0..group).map(|_| random_entry(random)).collect()).unwrap();
        count -= group;
    }
}

fn candidates(snapshot: &Snapshot, query: &mut Query<'_, StoreError>) -> Vec<u64> {
    let index = snapshot.evidence_index();
    (0..index.segments()).flat_map(|segment| index.candidates(segment, query).unwrap()).collect()
}

/// What is looked for, and whether an entry is it, said plainly.
type Asked<'a> = (Query<'a, StoreError>, Box<dyn Fn(&Entry) -> bool + 'a>);

fn asked(values: &[String; 3], number: u32) -> Vec<Asked<'_>> {
    let any = |terms| Query { clauses: vec![Clause::AnyOf(terms)], ..Query::default() };
    let [contract, purpose, subject] = values;
    let account = AccountId(number % 40);
    let unit = UnitId(number % 10);
    let seen = record(number % 400);
    let begin = Timestamp::from_second(1_700_000_000 + i64::from(number) * 37).unwrap();
    let acted = move |entry: &Entry| match entry.actor {
        Actor::Person { account: actor, on_behalf_of } => actor == account || on_behalf_of == Some(account),
        _ => false,
    };
    let of_unit = move |entry: &Entry| {
        entry.subject == format!("unit:{unit}") || entry.detail.get("unit") == Some(&unit.to_string())
    };
    let is_about = move |entry: &Entry| entry.subject == format!("account:{account}");
    vec![
        (any(vec![Term::Party(Party::Actor(account))]), Box::new(acted)),
        (
            any(vec![Term::Party(Party::Actor(account)), Term::Party(Party::Account(account))]),
            Box::new(move |entry| acted(entry) || is_about(entry)),
        ),
        (any(vec![Term::Party(Party::Unit(unit))]), Box::new(of_unit)),
        (any(vec![Term::Record(seen)]), Box::new(move |entry| entry.records.contains(&seen))),
        (any(vec![Term::Subject(subject)]), Box::new(move |entry| entry.subject == *subject)),
        (
            any(vec![Term::Contract(contract)]),
            Box::new(move |entry| entry.detail.get("contract") == Some(contract)),
        ),
        (
            Query {
                clauses: vec![
                    Clause::AnyOf(vec![Term::Purpose(purpose)]),
                    Clause::AnyOf(vec![Term::Record(seen)]),
                    Clause::Concerns(Box::new(move |party| Ok(party == Party::Position(PositionId(3))))),
                ],
                ..Query::default()
            },
            Box::new(move |entry| {
                entry.detail.get("purpose") == Some(purpose)
                    && entry.records.contains(&seen)
                    && entry.subject == "position:3"
            }),
        ),
        (
            Query { marks: vec![Mark::Outcome(Outcome::Refused), Mark::Thing("grant")], ..Query::default() },
            Box::new(|entry| entry.outcome == Outcome::Refused && entry.action.starts_with("grant.")),
        ),
        (
            Query { from: Some(begin), until: Some(begin), ..Query::default() },
            Box::new(move |entry| entry.at == begin),
        ),
    ]
}

fn assert_complete(snapshot: &Snapshot, random: &mut Random) {
    let all: Vec<Recorded> = snapshot.evidence(0, usize::MAX).unwrap();
    for _ in 0..6 {
        let subject = all[random.below(all.len() as u32) as usize].entry.subject.clone();
        let values = [random.below(30).to_string(), random.below(4).to_string(), subject];
        for (at, (mut query, fits)) in asked(&values, random.below(4_000)).into_iter().enumerate() {
            let found = candidates(snapshot, &mut query);
            let wanted: Vec<u64> = all.iter().filter(|it| fits(&it.entry)).map(|it| it.index).collect();
            assert!(found.is_sorted());
            let missed: Vec<_> = wanted.iter().filter(|index| found.binary_search(index).is_err()).collect();
            assert!(missed.is_empty(), "question {at} misses {missed:?}");
            // A record is also looked for in subjects, and a subject that is a unit in details.
            if matches!(at, 0..=2 | 5) {
                assert!(
                    found.len() <= wanted.len() + 2,
                    "question {at}: {} for {}",
                    found.len(),
                    wanted.len()
                );
            }
        }
    }
}

#[test]
fn whatever_is_looked_for_every_entry_that_has_it_is_found_and_hardly_any_other() {
    for (engine, seed) in [(Engine::Memory, 1), (Engine::Disk, 2)] {
        let store = engine.store(dinh_store::Options { change_bytes: 64 << 20, ..small() });
        let mut random = Random(seed);
        for more in [1, 700, SEGMENT, 1_300] {
            fill(&store, &mut random, more);
            let snapshot = store.snapshot().unwrap();
            assert_complete(&snapshot, &mut random);
            assert_eq!(snapshot.evidence_log().verify(&[]).unwrap().findings, []);
        }
    }
}

/// The rows of a table.
fn rows(memory: &Memory, table: Table) -> Vec<(Vec<u8>, Vec<u8>)> {
    let view = memory.view().unwrap();
    let mut cursor = view.walk(table, &[], None, Way::Forward).unwrap();
    let mut rows = Vec::new();
    while cursor.advance().unwrap() {
        rows.push((cursor.key().to_vec(), cursor.value().to_vec()));
    }
    rows
}

/// A store of some segments, written to for a while; it is closed.
fn written(entries: u64) -> Memory {
    let memory = Memory::new();
    let options = dinh_store::Options { change_bytes: 64 << 20, ..small() };
    let store = Store::with_backend(Box::new(memory.clone()), signer(), options).unwrap();
    fill(&store, &mut Random(9), entries);
    store.close().unwrap();
    memory
}

fn reopened(memory: &Memory) -> Store {
    Store::with_backend(Box::new(memory.clone()), signer(), small()).unwrap()
}

#[test]
fn an_index_that_is_not_there_is_made_when_the_store_is_opened_and_is_the_same() {
    let memory = written(2 * SEGMENT + 100);
    let keys = |memory: &Memory| -> Vec<Vec<u8>> {
        rows(memory, Table::Index).into_iter().map(|(key, _)| key).collect()
    };
    let before = keys(&memory);
    for from in [0_u32, 2] {
        let mut batch = Batch::default();
        for key in before.iter().filter(|key| key[..4] >= from.to_be_bytes()[..]) {
            batch.delete(Table::Index, key.clone());
        }
        // What was there of a segment is not trusted without its summary.
        batch.delete(Table::Index, 1_u32.to_be_bytes().into_iter().chain([0]).collect());
        batch.put(Table::Index, b"\0\0\0\x01\x07what never was".to_vec(), Vec::new());
        memory.apply(&batch).unwrap();
        let store = reopened(&memory);
        assert!(keys(&memory) == before, "from segment {from} on");
        let snapshot = store.snapshot().unwrap();
        assert_complete(&snapshot, &mut Random(10));
        assert_eq!(snapshot.evidence_log().verify(&[]).unwrap().findings, []);
        drop(snapshot);
        store.close().unwrap();
    }
}

#[test]
fn a_row_of_the_index_that_is_gone_or_too_many_is_named_by_who_verifies() {
    let memory = written(SEGMENT + 50);
    let whole = rows(&memory, Table::Index);
    let is_posting = |key: &[u8]| key[4] != 0;
    let first = whole.iter().find(|(key, _)| is_posting(key)).unwrap();
    let last = whole.iter().rfind(|(key, _)| is_posting(key)).unwrap();
    let found = |change: &dyn Fn(&mut Batch)| {
        let other = Memory::new();
        let mut batch = Batch::default();
        for table in Table::ALL {
            rows(&memory, table).into_iter().for_each(|(key, value)| batch.put(table, key, value));
        }
        change(&mut batch);
        other.apply(&batch).unwrap();
        reopened(&other).snapshot().unwrap().evidence_log().verify(&[]).unwrap().findings
    };
    let segments =
        [Finding::Index { from: 0, to: SEGMENT }, Finding::Index { from: SEGMENT, to: SEGMENT + 50 }];
    for ((key, _), named) in [first, last].into_iter().zip(segments) {
        assert_eq!(found(&|batch| batch.delete(Table::Index, key.clone())), std::slice::from_ref(&named));
        let mut more = key.clone();
        more[5] = 0xee;
        assert_eq!(
            found(&|batch| batch.put(Table::Index, more.clone(), Vec::new())),
            std::slice::from_ref(&named)
        );
        assert!(named.to_string().contains("their index"), "{named}");
    }
    assert_eq!(found(&|_| {}), []);
}

#[test]
fn what_could_not_be_indexed_is_found_all_the_same() {
    let memory = written(SEGMENT + 300);
    // An entry of the newest segment that cannot be read, and no index of that segment.
    let damaged = SEGMENT + 20;
    let mut batch = Batch::default();
    let mut value = rows(&memory, Table::Evidence)[damaged as usize].1.clone();
    *value.last_mut().unwrap() ^= 1;
    batch.put(Table::Evidence, damaged.to_be_bytes().to_vec(), value);
    for (key, _) in rows(&memory, Table::Index) {
        if key[..4] == 1_u32.to_be_bytes() {
            batch.delete(Table::Index, key);
        }
    }
    memory.apply(&batch).unwrap();
    let store = reopened(&memory);
    let looked = |query: &mut Query<'_, StoreError>| candidates(&store.snapshot().unwrap(), query);
    let nobody = AccountId(4_711);
    let mut query =
        Query { clauses: vec![Clause::AnyOf(vec![Term::Party(Party::Actor(nobody))])], ..Query::default() };
    assert_eq!(looked(&mut query), (SEGMENT..SEGMENT + 300).collect::<Vec<_>>());
}
