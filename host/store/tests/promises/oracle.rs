//! Random transactions on both engines, compared with an oracle written plainly from the documentation; and on
//! an engine that fails, with the store opened again in between.

use std::collections::BTreeMap;

use dinh_store::{
    Backend, Change, CommitError, Committed, Conflict, Direction, Entry, Fill, Options, Outcome, Part, Seq,
    Store, Transaction,
};
use proptest::prelude::*;

use crate::fickle::{Fate, Fickle};
use crate::support::{Engine, Place, entry, signer, small};

const MEMORY: usize = 12;
const SLOTS: usize = 4;

#[derive(Clone, Debug)]
enum Step {
    Begin(usize),
    Get(usize, u8),
    Walk {
        slot: usize,
        start: u8,
        end: Option<u8>,
        direction: Direction,
        take: usize,
    },
    Put(usize, u8, u8),
    Delete(usize, u8),
    Letter(usize, u8),
    Note(usize),
    Commit {
        slot: usize,
        policy_age: u64,
        revokes: bool,
    },
    Witness,
    /// What becomes of the next batch.
    Fate(Fate),
    /// How often the engine then shows nothing.
    Blind(usize),
    Reopen,
}

/// The same, with an engine that fails now and then.
fn fickle_step() -> impl Strategy<Value = Step> {
    let fate = prop_oneof![Just(Fate::Lost), Just(Fate::AnswerLost)];
    prop_oneof![
        20 => step(),
        2 => fate.prop_map(Step::Fate),
        1 => (1_usize..3).prop_map(Step::Blind),
        1 => Just(Step::Reopen),
    ]
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
    /// Writes up to here are not remembered: the store was opened, or the engine failed.
    begun: u64,
    fate: Fate,
    blind: usize,
    /// The store does not know what is there.
    uncertain: bool,
}

/// How a commit ends.
#[derive(Debug, PartialEq, Eq)]
enum End {
    Committed(Committed),
    Conflict(Vec<Kind>),
    Failed,
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
    fn conflicts(&self, plain: &Plain, policy: u64, revokes: bool) -> Vec<Kind> {
        let mut kinds = Vec::new();
        if policy < self.floor {
            kinds.push(Kind::Policy);
        }
        if !plain.writes() && !revokes {
            return kinds;
        }
        for (key, version) in &plain.read {
            if self.rows.get(key).map(|row| row.0) != *version {
                kinds.push(Kind::Key);
            }
        }
        let remembered: Vec<_> = self.log.iter().filter(|(seq, _)| seq.0 > self.begun).collect();
        let forgotten =
            remembered.len().checked_sub(MEMORY + 1).map_or(self.begun, |last| remembered[last].0.0);
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

    /// Whether the engine shows what is there.
    fn sees(&mut self) -> bool {
        self.uncertain = self.blind > 0;
        self.blind = self.blind.saturating_sub(1);
        !self.uncertain
    }

    /// Whether it can be read: where it is not known what is there, asking for a snapshot has the store look
    /// again, with a commit of nothing.
    fn look(&mut self) -> bool {
        if self.uncertain {
            let nothing = |oracle: &mut Self| {
                oracle.seq += 1;
                Vec::new()
            };
            self.attempt(|_| Vec::new(), nothing);
        }
        !self.uncertain
    }

    fn open(&mut self) {
        (self.begun, self.fate, self.blind, self.uncertain) = (self.seq, Fate::Kept, 0, false);
    }

    /// Does it if it may be done, as far as the engine goes along.
    fn attempt(
        &mut self,
        conflicts: impl FnOnce(&Self) -> Vec<Kind>,
        act: impl FnOnce(&mut Self) -> Vec<i64>,
    ) -> End {
        if self.uncertain {
            if !self.sees() {
                return End::Failed;
            }
            self.begun = self.seq;
        }
        let conflicts = conflicts(self);
        if !conflicts.is_empty() {
            return End::Conflict(conflicts);
        }
        let fate = std::mem::take(&mut self.fate);
        let numbers = if fate == Fate::Lost { Vec::new() } else { act(self) };
        let seen = self.sees();
        if seen && fate != Fate::Kept {
            self.begun = self.seq;
        }
        if seen && fate == Fate::Kept {
            End::Committed(Committed { seq: Seq(self.seq), numbers })
        } else {
            End::Failed
        }
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
    engine: &'static str,
    place: Place,
    fickle: Option<Fickle>,
    calls: Vec<Option<Transaction>>,
    /// Heads of its evidence that somebody kept.
    heads: Vec<String>,
}

fn options() -> Options {
    Options { memory: MEMORY, ..small() }
}

impl Subject {
    fn new(engine: Engine) -> Self {
        Self::over(
            if matches!(engine, Engine::Disk) { "disk" } else { "memory" },
            engine.store(options()),
            None,
        )
    }

    fn fickle() -> Self {
        let fickle = Fickle::default();
        let place = Place::over(store(&fickle));
        Self::over("fickle", place, Some(fickle))
    }

    fn over(engine: &'static str, place: Place, fickle: Option<Fickle>) -> Self {
        Self { engine, place, fickle, calls: (0..SLOTS).map(|_| None).collect(), heads: Vec::new() }
    }

    /// Opens the store again. What is open goes on: a change is plain data.
    fn reopen(&mut self) {
        if let Some(fickle) = &self.fickle {
            self.place.close().unwrap();
            fickle.recover();
            self.place = Place::over(store(fickle));
        }
    }

    fn verify(&self) {
        let snapshot = self.place.snapshot().unwrap();
        assert_eq!(snapshot.evidence_log().verify(&self.heads).unwrap().findings, []);
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

    fn check(&mut self, oracle: &mut Oracle) {
        let (readable, snapshot) = (oracle.look(), self.place.snapshot());
        assert_eq!(snapshot.is_ok(), readable, "{:?}", self.engine);
        let Ok(snapshot) = snapshot else { return };
        if self.fickle.is_some() {
            self.heads.extend(snapshot.evidence_log().head().unwrap());
        }
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

fn store(fickle: &Fickle) -> Store {
    let backend: Box<dyn Backend> = Box::new(fickle.clone());
    Store::with_backend(backend, signer(), options()).unwrap()
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

fn run(steps: Vec<Step>, mut subjects: Vec<Subject>) {
    let mut oracle = Oracle::default();
    let mut plain: Vec<Option<Plain>> = vec![None; SLOTS];
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
            if oracle.uncertain {
                continue;
            }
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
                let end = oracle.attempt(
                    |oracle| oracle.conflicts(&call, policy, revokes),
                    |oracle| oracle.commit(&call, revokes),
                );
                for subject in &mut subjects {
                    let change = subject.change(slot, policy, revokes);
                    compare(subject.place.commit(change), &end);
                    subject.check(&mut oracle);
                }
            }
            Step::Witness => {
                let note = entry("session.refused", "7", Outcome::Refused);
                let end = oracle.attempt(
                    |_| Vec::new(),
                    |oracle| {
                        oracle.seq += 1;
                        oracle.evidence.push((Seq(oracle.seq), note.clone()));
                        Vec::new()
                    },
                );
                for subject in &mut subjects {
                    compare(subject.place.witness(vec![note.clone()]), &end);
                    subject.check(&mut oracle);
                }
            }
            Step::Fate(fate) => {
                oracle.fate = fate;
                subjects
                    .iter()
                    .filter_map(|subject| subject.fickle.as_ref())
                    .for_each(|fickle| fickle.set(fate));
            }
            Step::Blind(times) => {
                oracle.blind = times;
                subjects
                    .iter()
                    .filter_map(|subject| subject.fickle.as_ref())
                    .for_each(|fickle| fickle.blind(times));
            }
            Step::Reopen => {
                oracle.open();
                for subject in &mut subjects {
                    subject.reopen();
                    subject.check(&mut oracle);
                }
            }
        }
    }
    oracle.open();
    for mut subject in subjects {
        subject.reopen();
        subject.check(&mut oracle);
        subject.verify();
    }
}

fn compare(found: Result<Committed, CommitError>, end: &End) {
    match found {
        Ok(committed) => assert_eq!(End::Committed(committed), *end),
        Err(CommitError::Conflict(conflict)) => {
            let kind = match conflict {
                Conflict::Key(_) => Kind::Key,
                Conflict::Range { .. } => Kind::Range,
                Conflict::Policy { .. } => Kind::Policy,
                _ => Kind::TooOld,
            };
            assert!(matches!(end, End::Conflict(kinds) if kinds.contains(&kind)), "{kind:?} for {end:?}");
        }
        Err(CommitError::Store(_)) => assert_eq!(End::Failed, *end),
        Err(other) => panic!("{other}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]
    #[test]
    fn both_engines_do_what_the_documentation_says(steps in prop::collection::vec(step(), 1..120)) {
        run(steps, vec![Subject::new(Engine::Disk), Subject::new(Engine::Memory)]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]
    #[test]
    fn whatever_the_engine_loses_the_store_knows_what_is_there(
        steps in prop::collection::vec(fickle_step(), 1..160),
    ) {
        run(steps, vec![Subject::fickle()]);
    }
}
