//! Groups: what one batch holds has the effect of one change after another.

use std::sync::Arc;
use std::time::Duration;

use dinh_merkle::Signer;
use parking_lot::RwLock;
use proptest::prelude::*;

use super::*;
use crate::memory::Memory;
use crate::row_cache::RowCache;
use crate::{Add, Change, Direction, Draw, Fill, Part, Write};

fn writer(memory: usize) -> Writer {
    let backend: Arc<dyn Backend> = Arc::new(Memory::new());
    let signer = Arc::new(Signer::from_seed("tests", [7; 32]).unwrap());
    let mut first = Batch::default();
    Appender::begin(&signer, &mut first);
    backend.apply(&first).unwrap();
    let ages = Ages::new(Duration::from_secs(60));
    let cache = Arc::new(RowCache::new(0, Seq(0)));
    let base = Snapshot::new(backend.view().unwrap(), State::default(), ages.most(), cache);
    let log = Appender::open(&base, signer).unwrap();
    let latest = Arc::new(RwLock::new(Ok(base.clone())));
    Writer::new(backend, latest, base, memory, ages, log)
}

fn admit(writer: &mut Writer, change: &Change) -> Result<Committed, CommitError> {
    writer.admit(Pending::from_change(change.clone())?)
}

fn put(key: u8, value: Vec<u8>) -> Write {
    Write::Put { key: vec![key], value, fill: vec![] }
}

fn number(snapshot: &Snapshot, register: u8) -> i64 {
    let stored = snapshot.get(&[register]).unwrap().unwrap();
    i64::from_le_bytes(stored.value.try_into().unwrap())
}

#[test]
fn what_is_not_durable_yet_is_not_forgotten() {
    let mut writer = writer(1);
    let fill = Change { write: (0..10).map(|key| put(key, vec![])).collect(), ..Change::default() };
    admit(&mut writer, &fill).unwrap();
    let expecting = |expect| Change { expect: vec![expect], ..Change::default() };
    let key = expecting(Expect::Key { key: vec![0], version: None });
    assert!(matches!(admit(&mut writer, &key), Err(CommitError::Conflict(Conflict::Key(_)))));
    let range = expecting(Expect::Range { start: vec![0], end: Some(vec![1]) });
    assert!(matches!(admit(&mut writer, &range), Err(CommitError::Conflict(Conflict::Range { .. }))));
    writer.commit_group(&mut |_| false).unwrap();
    writer.recent.forget();
    assert!(matches!(admit(&mut writer, &range), Err(CommitError::Conflict(Conflict::TooOld))));
}

#[test]
fn a_register_set_by_hand_within_a_group_counts_on_from_there() {
    let mut writer = writer(100);
    let draw = Change { draw: vec![Draw { register: vec![9] }], ..Change::default() };
    let set =
        |number: i64| Change { write: vec![put(9, number.to_le_bytes().to_vec())], ..Change::default() };
    let removed = Change { write: vec![Write::Delete { key: vec![9] }], ..Change::default() };
    let mut numbers = Vec::new();
    for change in [&draw, &set(40), &draw, &draw, &removed, &draw, &set(7)] {
        numbers.extend(admit(&mut writer, change).unwrap().numbers);
    }
    assert_eq!(numbers, [1, 41, 42, 1]);
    writer.commit_group(&mut |_| false).unwrap();
    assert_eq!(number(&writer.base, 9), 7);
    assert_eq!(admit(&mut writer, &draw).unwrap().numbers, [8]);
}

#[test]
fn a_counter_grows_to_its_most_and_no_further_and_always_shrinks() {
    let mut writer = writer(100);
    let add = |by, most| Change { add: vec![Add { counter: vec![9], by, most }], ..Change::default() };
    for (by, most, fits) in
        [(3, 5, true), (2, 5, true), (1, 5, false), (-1, 0, true), (1, 5, true), (1, 5, false)]
    {
        match admit(&mut writer, &add(by, most)) {
            Ok(_) => assert!(fits, "{by} of {most}"),
            Err(CommitError::Conflict(Conflict::Key(key))) => assert!(!fits && key == [9], "{by} of {most}"),
            Err(error) => panic!("{error}"),
        }
    }
    writer.commit_group(&mut |_| false).unwrap();
    assert_eq!(number(&writer.base, 9), 5);
    admit(&mut writer, &add(-7, 0)).unwrap();
    writer.commit_group(&mut |_| false).unwrap();
    assert_eq!(number(&writer.base, 9), -2);
    let twice = Change { add: [add(1, 9).add, add(1, 9).add].concat(), ..Change::default() };
    assert!(matches!(admit(&mut writer, &twice), Err(CommitError::Malformed(_))));
    let both = Change { write: vec![put(9, vec![])], ..add(1, 9) };
    assert!(matches!(admit(&mut writer, &both), Err(CommitError::Malformed(_))));
}

const KEYS: u8 = 6;
const REGISTERS: std::ops::Range<u8> = 6..8;
/// What is read and walked over too, and never written.
const COUNTER: u8 = 8;

#[derive(Clone, Debug)]
struct Plan {
    read: Vec<u8>,
    walked: Option<(u8, Option<u8>)>,
    write: Vec<(u8, bool)>,
    draw: Vec<u8>,
    add: Option<(i64, i64)>,
    number_in_key: bool,
    policy_age: u64,
    revokes: bool,
    /// Whether the group ends here.
    ends: bool,
}

fn plan() -> impl Strategy<Value = Plan> {
    let key = 0..REGISTERS.end;
    (
        prop::collection::vec(0..=COUNTER, 0..2),
        prop::option::weighted(0.3, (0u8..10, prop::option::of(0u8..10))),
        prop::collection::vec((key, prop::bool::weighted(0.8)), 0..3),
        prop::collection::vec(REGISTERS, 0..3),
        prop::option::of((-2i64..4, 0i64..8)),
        any::<bool>(),
        prop_oneof![9 => Just(0u64), 1 => 1u64..3],
        prop::bool::weighted(0.05),
        prop::bool::weighted(0.2),
    )
        .prop_map(|(read, walked, write, draw, add, number_in_key, policy_age, revokes, ends)| Plan {
            read,
            walked,
            write,
            draw,
            add,
            number_in_key,
            policy_age,
            revokes,
            ends,
        })
}

impl Plan {
    /// The change it makes of what `base` shows. Values of registers stay numbers.
    fn change(&self, base: &Snapshot) -> Change {
        let key = |key: &u8| Expect::Key { key: vec![*key], version: base.version(&[*key]).unwrap() };
        let range = |(start, end): (u8, Option<u8>)| Expect::Range {
            start: vec![start],
            end: end.map(|end| vec![end]),
        };
        let mut write: Vec<_> = self
            .write
            .iter()
            .filter(|(key, _)| !self.draw.contains(key))
            .map(|(key, puts)| {
                if *puts {
                    put(*key, vec![3, 0, 0, 0, 0, 0, 0, 0])
                } else {
                    Write::Delete { key: vec![*key] }
                }
            })
            .collect();
        if self.number_in_key && !self.draw.is_empty() {
            let fill = [(Part::Key, 1), (Part::Value, 0)];
            let fill = fill.map(|(part, offset)| Fill { draw: 0, part, offset }).to_vec();
            write.push(Write::Put { key: vec![KEYS + 3; 9], value: vec![0; 8], fill });
        }
        Change {
            based_on: base.seq(),
            policy: base.seq().0.saturating_sub(self.policy_age),
            expect: self.read.iter().map(key).chain(self.walked.map(range)).collect(),
            write,
            draw: self.draw.iter().map(|register| Draw { register: vec![*register] }).collect(),
            add: self.add.map(|(by, most)| Add { counter: vec![COUNTER], by, most }).into_iter().collect(),
            revokes: self.revokes,
            evidence: vec![],
            stage: None,
        }
    }
}

fn everything(snapshot: &Snapshot) -> Vec<(Vec<u8>, crate::Stored)> {
    snapshot.range(b"", None, Direction::Forward).map(Result::unwrap).collect()
}

proptest! {
    #[test]
    fn a_group_has_the_effect_of_its_changes_one_by_one(plans in prop::collection::vec(plan(), 1..60)) {
        let (mut grouped, mut single) = (writer(10_000), writer(10_000));
        for plan in plans {
            let change = plan.change(&grouped.base);
            let (together, alone) = (admit(&mut grouped, &change), admit(&mut single, &change));
            single.commit_group(&mut |_| false).unwrap();
            prop_assert_eq!(format!("{together:?}"), format!("{alone:?}"), "{:?}", change);
            if plan.ends {
                grouped.commit_group(&mut |_| false).unwrap();
                prop_assert_eq!(grouped.base.state(), single.base.state());
                prop_assert_eq!(everything(&grouped.base), everything(&single.base));
            }
        }
    }
}
