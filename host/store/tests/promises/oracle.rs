//! Random transactions on both engines, compared with an oracle written plainly from the documentation.

use std::collections::BTreeMap;

use dinh_store::{
    Change, CommitError, Conflict, Direction, Entry, Fill, Options, Outcome, Part, Seq, Transaction,
};
use proptest::prelude::*;

use crate::support::{Engine, Place, entry, small};

const MEMORY: usize = 12;
const SLOTS: usize = 4;

#[derive(Clone, Debug)]
enum Step {
    Begin(usize),
    Get(usize, u8),
    Walk { slot: usize, start: u8, end: Option<u8>, direction: Direction, take: usize },
    Put(usize, u8, u8),
    Delete(usize, u8),
    Letter(usize, u8),
    Note(usize),
    Commit { slot: usize, policy_age: u64, revokes: bool },
    Witness,
}

fn step() -> impl Strategy<Value = Step> {
    let slot = 0..SLOTS;
    // Registers are keys like any other, to those who read.
    let key = 0u8..12;
    let read = prop_oneof![9 => key.clone(), 1 => 100u8..102];
    let direction = prop_oneof![Just(Direction::Forward), Just(Direction::Backward)];
    prop_oneof![
        2 => slot.clone().prop_map(Step::Begin),
        4 => (slot.clone(), read.clone()).prop_map(|(slot, key)| Step::Get(slot, key)),
        3 => (slot.clone(), read, prop::option::of(0u8..14), direction, 0usize..5)
            .prop_map(|(slot, start, end, direction, take)| Step::Walk { slot, start, end, direction, take }),
        5 => (slot.clone(), key.clone(), any::<u8>()).prop_map(|(slot, key, value)| Step::Put(slot, key, value)),
        2 => (slot.clone(), key).prop_map(|(slot, key)| Step::Delete(slot, key)),
        1 => (slot.clone(), 100u8..102).prop_map(|(slot, register)| Step::Letter(slot, register)),
        1 => slot.clone().prop_map(Step::Note),
        5 => (slot, prop_oneof![9 => Just(0u64), 1 => 1u64..4], prop::bool::weighted(0.05))
            .prop_map(|(slot, policy_age, revokes)| Step::Commit { slot, policy_age, revokes }),
        1 => Just(Step::Witness),
    ]
}

type Rows = BTreeMap<Vec<u8>, (Seq, Vec<u8>)>;
type Row = (Vec<u8>, (Seq, Vec<u8>));

/// The store as the documentation says it, one commit after another, forgetting nothing.
#[derive(Default)]
struct Oracle {
    rows: Rows,
    /// Every write, oldest first.
    log: Vec<(Seq, Vec<u8>)>,
    evidence: Vec<(Seq, Entry)>,
    seq: u64,
    floor: u64,
}

/// A transaction as the oracle sees it.
#[derive(Clone, Default)]
struct Plain {
    begun: Rows,
    based_on: u64,
    read: Vec<(Vec<u8>, Option<Seq>)>,
    walked: Vec<(Vec<u8>, Option<Vec<u8>>)>,
    own: BTreeMap<Vec<u8>, Option<Vec<u8>>>,
    registers: Vec<u8>,
    notes: usize,
}

#[derive(Debug, PartialEq, Eq, Clone, Copy)]
enum Kind {
    Key,
    Range,
    Policy,
    TooOld,
}

impl Plain {
    /// What it sees: its snapshot with its own writes.
    fn sees(&self) -> Rows {
        let mut rows = self.begun.clone();
        for (key, value) in &self.own {
            match value {
                Some(value) => rows.insert(key.clone(), (Seq::PENDING, value.clone())),
                None => rows.remove(key),
            };
        }
        rows
    }

    fn writes(&self) -> bool {
        !self.own.is_empty() || !self.registers.is_empty()
    }
}

impl Oracle {
    fn begin(&self) -> Plain {
        Plain { begun: self.rows.clone(), based_on: self.seq, ..Plain::default() }
    }

    /// Every reason for which the change may conflict.
    fn conflicts(&self, plain: &Plain, policy: u64) -> Vec<Kind> {
        let mut kinds = Vec::new();
        if policy < self.floor {
            kinds.push(Kind::Policy);
        }
        if !plain.writes() {
            return kinds;
        }
        for (key, version) in &plain.read {
            if self.rows.get(key).map(|row| row.0) != *version {
                kinds.push(Kind::Key);
            }
        }
        let forgotten = self.log.len().checked_sub(MEMORY + 1).map_or(0, |last| self.log[last].0.0);
        for (start, end) in &plain.walked {
            let inside = |key: &Vec<u8>| key >= start && end.as_ref().is_none_or(|end| key < end);
            if plain.based_on < forgotten {
                kinds.push(Kind::TooOld);
            }
            if self.log.iter().any(|(seq, key)| seq.0 > plain.based_on && inside(key)) {
                kinds.push(Kind::Range);
            }
        }
        kinds
    }

    fn commit(&mut self, plain: &Plain, revokes: bool) -> Vec<i64> {
        self.seq += 1;
        let seq = Seq(self.seq);
        for (key, value) in &plain.own {
            self.log.push((seq, key.clone()));
            match value {
                Some(value) => self.rows.insert(key.clone(), (seq, value.clone())),
                None => self.rows.remove(key),
            };
        }
        let mut numbers = Vec::new();
        let mut letters = Vec::new();
        for register in &plain.registers {
            let last = self
                .rows
                .get(&vec![*register])
                .map_or(0, |row| i64::from_le_bytes(row.1.as_slice().try_into().unwrap()));
            self.rows.insert(vec![*register], (seq, (last + 1).to_le_bytes().to_vec()));
            numbers.push(last + 1);
            letters.push([&[*register + 100], &dinh_model::key::integer(last + 1)[..]].concat());
        }
        for (letter, number) in letters.into_iter().zip(&numbers) {
            self.log.push((seq, letter.clone()));
            self.rows.insert(letter, (seq, number.to_le_bytes().to_vec()));
        }
        for register in &plain.registers {
            self.log.push((seq, vec![*register]));
        }
        for _ in 0..plain.notes {
            self.evidence.push((seq, entry("record.read", "x", Outcome::Done)));
        }
        if revokes {
            self.floor = self.seq;
        }
        numbers
    }
}

/// One engine under test with its open transactions.
struct Subject {
    engine: Engine,
    place: Place,
    calls: Vec<Option<Transaction>>,
}

impl Subject {
    fn new(engine: Engine) -> Self {
        let place = engine.store(Options { memory: MEMORY, ..small() });
        Self { engine, place, calls: (0..SLOTS).map(|_| None).collect() }
    }

    fn begin(&mut self, slot: usize) {
        self.calls[slot] = Some(Transaction::new(self.place.snapshot().unwrap()));
    }

    fn call(&mut self, slot: usize) -> &mut Transaction {
        self.calls[slot].as_mut().unwrap()
    }

    fn change(&mut self, slot: usize, policy: u64, revokes: bool) -> Change {
        self.calls[slot].take().unwrap().into_change(policy, revokes)
    }

    fn check(&self, oracle: &Oracle) {
        let snapshot = self.place.snapshot().unwrap();
        assert_eq!(snapshot.seq(), Seq(oracle.seq), "{:?}", self.engine);
        let rows: Rows = snapshot
            .range(b"", None, Direction::Forward)
            .map(|item| item.map(|(key, stored)| (key, (stored.version, stored.value))).unwrap())
            .collect();
        assert_eq!(rows, oracle.rows, "{:?}", self.engine);
        let evidence: Vec<_> = snapshot
            .evidence(0, usize::MAX)
            .unwrap()
            .into_iter()
            .map(|recorded| (recorded.seq, recorded.entry))
            .collect();
        assert_eq!(evidence, oracle.evidence, "{:?}", self.engine);
    }
}

fn walk(call: &Transaction, start: u8, end: Option<u8>, direction: Direction, take: usize) -> Vec<Row> {
    let end = end.map(|end| [end]);
    call.range(&[start], end.as_ref().map(<[u8; 1]>::as_slice), direction)
        .take(take)
        .map(|item| item.map(|(key, stored)| (key, (stored.version, stored.value))).unwrap())
        .collect()
}

/// What a plain walk finds, and the part of the range that it passed: all of it when it came to the end.
fn plain_walk(plain: &mut Plain, start: u8, end: Option<u8>, direction: Direction, take: usize) -> Vec<Row> {
    let inside = |key: &Vec<u8>| *key >= vec![start] && end.is_none_or(|end| *key < vec![end]);
    let mut all: Vec<_> = plain.sees().into_iter().filter(|(key, _)| inside(key)).collect();
    if direction == Direction::Backward {
        all.reverse();
    }
    // `take` does not look for a further key once it has enough.
    let found: Vec<_> = all.into_iter().take(take).collect();
    let whole = (vec![start], end.map(|end| vec![end]));
    match (found.last(), direction) {
        _ if found.len() < take => plain.walked.push(whole),
        (None, _) => {}
        (Some((last, _)), Direction::Forward) => {
            plain.walked.push((whole.0, Some([last.as_slice(), &[0]].concat())));
        }
        (Some((last, _)), Direction::Backward) => plain.walked.push((last.clone(), whole.1)),
    }
    plain.walked.retain(|(start, end)| end.as_ref().is_none_or(|end| end > start));
    found
}

fn run(steps: Vec<Step>) {
    let mut oracle = Oracle::default();
    let mut plain: Vec<Option<Plain>> = vec![None; SLOTS];
    let mut subjects = [Subject::new(Engine::Disk), Subject::new(Engine::Memory)];
    for step in steps {
        if let Step::Begin(slot)
        | Step::Get(slot, _)
        | Step::Walk { slot, .. }
        | Step::Put(slot, ..)
        | Step::Delete(slot, _)
        | Step::Letter(slot, _)
        | Step::Note(slot)
        | Step::Commit { slot, .. } = step
            && (plain[slot].is_none() || matches!(step, Step::Begin(_)))
        {
            plain[slot] = Some(oracle.begin());
            subjects.iter_mut().for_each(|subject| subject.begin(slot));
        }
        match step {
            Step::Begin(_) => {}
            Step::Get(slot, key) => {
                let call = plain[slot].as_mut().unwrap();
                let key = vec![key];
                let expected = call.sees().remove(&key);
                if !call.own.contains_key(&key) {
                    call.read.push((key.clone(), expected.as_ref().map(|row| row.0)));
                }
                for subject in &mut subjects {
                    let found = subject.call(slot).get(&key).unwrap();
                    assert_eq!(found.map(|stored| (stored.version, stored.value)), expected);
                }
            }
            Step::Walk { slot, start, end, direction, take } => {
                let expected = plain_walk(plain[slot].as_mut().unwrap(), start, end, direction, take);
                for subject in &mut subjects {
                    assert_eq!(walk(subject.call(slot), start, end, direction, take), expected);
                }
            }
            Step::Put(slot, key, value) => {
                plain[slot].as_mut().unwrap().own.insert(vec![key], Some(vec![value]));
                subjects.iter_mut().for_each(|subject| subject.call(slot).put(vec![key], vec![value]));
            }
            Step::Delete(slot, key) => {
                plain[slot].as_mut().unwrap().own.insert(vec![key], None);
                subjects.iter_mut().for_each(|subject| subject.call(slot).delete(vec![key]));
            }
            Step::Letter(slot, register) => {
                plain[slot].as_mut().unwrap().registers.push(register);
                for subject in &mut subjects {
                    let draw = subject.call(slot).draw(vec![register]);
                    let key = [&[register + 100], &[0; 8][..]].concat();
                    let fill = [(Part::Key, 1), (Part::Value, 0)];
                    let fill = fill.map(|(part, offset)| Fill { draw, part, offset }).to_vec();
                    subject.call(slot).put_filled(key, vec![0; 8], fill);
                }
            }
            Step::Note(slot) => {
                plain[slot].as_mut().unwrap().notes += 1;
                for subject in &mut subjects {
                    subject.call(slot).evidence(entry("record.read", "x", Outcome::Done));
                }
            }
            Step::Commit { slot, policy_age, revokes } => {
                let call = plain[slot].take().unwrap();
                let policy = oracle.seq.saturating_sub(policy_age);
                let conflicts = oracle.conflicts(&call, policy);
                let numbers = if conflicts.is_empty() { oracle.commit(&call, revokes) } else { Vec::new() };
                for subject in &mut subjects {
                    let change = subject.change(slot, policy, revokes);
                    match subject.place.commit(change) {
                        Ok(committed) => {
                            assert_eq!(conflicts, [], "{:?} committed", subject.engine);
                            assert_eq!(committed.numbers, numbers);
                            assert_eq!(committed.seq, Seq(oracle.seq));
                        }
                        Err(CommitError::Conflict(conflict)) => {
                            let kind = match conflict {
                                Conflict::Key(_) => Kind::Key,
                                Conflict::Range { .. } => Kind::Range,
                                Conflict::Policy { .. } => Kind::Policy,
                                _ => Kind::TooOld,
                            };
                            assert!(conflicts.contains(&kind), "{kind:?} is none of {conflicts:?}");
                        }
                        Err(other) => panic!("{other}"),
                    }
                    subject.check(&oracle);
                }
            }
            Step::Witness => {
                let note = entry("session.refused", "7", Outcome::Refused);
                oracle.seq += 1;
                oracle.evidence.push((Seq(oracle.seq), note.clone()));
                for subject in &subjects {
                    assert_eq!(subject.place.witness(vec![note.clone()]).unwrap().seq, Seq(oracle.seq));
                    subject.check(&oracle);
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]
    #[test]
    fn both_engines_do_what_the_documentation_says(steps in prop::collection::vec(step(), 1..120)) {
        run(steps);
    }
}
