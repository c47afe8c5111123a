//! Random calls from several threads at the same time, over a few keys: reads, walks, puts, removals, drawn
//! numbers, batches, and reports on old snapshots; and what each of them saw.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::thread;

use dinh_model::key::integer;
use dinh_store::backend::{Backend, RowWrite, Table, View, Writes};
use dinh_store::{
    Change, CommitError, Direction, Expect, Fill, KeyRange, Outcome, Part, Seq, Snapshot, Stage, Store,
    StoreError, Transaction,
};
use parking_lot::Mutex;

use crate::history::{Call, Fate, History, Id, Key, NUMBERED, Seen};
use crate::support::{entry, signer, small};

const THREADS: u64 = 8;
/// Rows, removed and put again.
const ROWS: u32 = 24;
const REGISTERS: u32 = 2;
/// Families of keys in a history.
const ROW: u8 = 0;
const REGISTER: u8 = 1;
const LETTER: u8 = NUMBERED;

/// What a store is told to rely on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relying {
    OnEverything,
    NotOnKeys,
    NotOnRanges,
    NotToPublish,
    OnNothing,
}

impl Relying {
    fn strip(self, change: &mut Change) {
        let publishing = matches!(change.stage, Some(Stage::Publish { .. }));
        change.expect.retain(|expect| match self {
            Self::OnEverything => true,
            Self::NotOnKeys => matches!(expect, Expect::Range { .. }),
            Self::NotOnRanges => matches!(expect, Expect::Key { .. }),
            Self::NotToPublish => !publishing,
            Self::OnNothing => false,
        });
    }
}

/// What an engine is told, one after another.
enum Event {
    Put(Key, Id),
    /// Not seen before it is published.
    Staged(Key, Id),
    Published(Id),
}

/// An engine that writes down what it is told.
struct Told {
    engine: Box<dyn Backend>,
    events: Arc<Mutex<Vec<Event>>>,
}

/// Bytes of the store's own before a value, and more of them before one that is staged.
const HEAD: usize = 12;
const BATCH: usize = 8;

/// What the evidence of a publication says, before the call and a semicolon.
const PUBLISHED: &str = "published by ";

impl Event {
    fn understood(table: Table, key: &[u8], stored: &[u8]) -> Option<Self> {
        if table == Table::Evidence {
            let begin = stored.windows(PUBLISHED.len()).position(|bytes| bytes == PUBLISHED.as_bytes())?;
            let rest = &stored[begin + PUBLISHED.len()..];
            let id = rest.split(|byte| *byte == b';').next()?;
            return Some(Self::Published(std::str::from_utf8(id).unwrap().parse().unwrap()));
        }
        let key = match (key, table) {
            // A removal is told by the row beside it.
            ([b'k' | b'g', row], Table::Data) => (ROW, u32::from(*row)),
            ([b'l', register, number @ ..], Table::Data) => (LETTER + register, number_of(number)),
            _ => return None,
        };
        let staged = stored[7] & 0x80 != 0;
        let writer = writer_of(&stored[HEAD + if staged { BATCH } else { 0 }..]);
        Some(if staged { Self::Staged(key, writer) } else { Self::Put(key, writer) })
    }
}

impl Backend for Told {
    fn view(&self) -> Result<Box<dyn View>, StoreError> {
        self.engine.view()
    }

    fn write(&self, writes: &mut Writes<'_>) -> Result<(), StoreError> {
        let mut events = Vec::new();
        self.engine.write(&mut writes.inspect(|write| {
            let Ok(RowWrite { table, key, value: Some(value) }) = write else { return };
            events.extend(Event::understood(*table, key, value));
        }))?;
        self.events.lock().extend(events);
        Ok(())
    }

    fn close(&self) -> Result<(), StoreError> {
        self.engine.close()
    }
}

fn number_of(key: &[u8]) -> u32 {
    let number = u64::from_be_bytes(key.try_into().unwrap()) ^ (1 << 63);
    number.try_into().unwrap()
}

fn writer_of(value: &[u8]) -> Id {
    Id::from_le_bytes(value[..4].try_into().unwrap())
}

/// The row itself, and the row that says who removed it last.
fn row(number: u32) -> (Vec<u8>, Vec<u8>) {
    (vec![b'k', number as u8], vec![b'g', number as u8])
}

fn letter(register: u32, number: u32) -> Vec<u8> {
    [&[b'l', register as u8][..], &integer(i64::from(number))].concat()
}

/// A small generator (SplitMix64), so that what each thread does can be repeated from its seed.
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, bound: u32) -> u32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % u64::from(bound)) as u32
    }

    fn one_in(&mut self, bound: u32) -> bool {
        self.below(bound) == 0
    }
}

/// What all threads share.
struct Run<'a> {
    store: &'a Store,
    relying: Relying,
    next: AtomicU32,
    clock: AtomicU64,
}

/// One thread's work.
struct Worker<'a> {
    run: &'a Run<'a>,
    random: Random,
    calls: Vec<Call>,
    /// Calls that committed, with their number.
    order: Vec<(Seq, Id)>,
    /// An old snapshot that reports are made from, and when it was taken.
    old: (Snapshot, u64),
}

impl Run<'_> {
    fn now(&self) -> u64 {
        self.clock.fetch_add(1, Ordering::SeqCst)
    }

    fn snapshot(&self) -> (Snapshot, u64) {
        let began = self.now();
        (self.store.snapshot().unwrap(), began)
    }

    fn call(&self, began: u64) -> Call {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        Call { id, began, ended: 0, fate: Fate::Read, seen: vec![], wrote: vec![] }
    }

    fn commit(&self, mut change: Change) -> Option<dinh_store::Committed> {
        self.relying.strip(&mut change);
        match self.store.commit(change) {
            Ok(committed) => Some(committed),
            Err(CommitError::Conflict(_)) => None,
            Err(other) => panic!("{other}"),
        }
    }
}

impl Worker<'_> {
    fn get(&mut self, from: &Transaction, call: &mut Call) {
        let number = self.random.below(ROWS);
        let (key, gone) = row(number);
        let seen = match from.get(&key).unwrap() {
            Some(stored) => Some(writer_of(&stored.value)),
            // Read beside the call, which does not rely on it.
            None => from.snapshot().read(&gone, |item| writer_of(item.value)).unwrap(),
        };
        call.seen.push(Seen::Key((ROW, number), seen));
    }

    /// A register; who drew its last number is read beside the call.
    fn register(&mut self, from: &Transaction, call: &mut Call) {
        let register = self.random.below(REGISTERS);
        let last = from.get(&[b'r', register as u8]).unwrap();
        let seen = last.map(|stored| {
            let number = i64::from_le_bytes(stored.value.try_into().unwrap());
            let letter = letter(register, number.try_into().unwrap());
            from.snapshot().read(&letter, |item| writer_of(item.value)).unwrap().unwrap()
        });
        call.seen.push(Seen::Key((REGISTER, register), seen));
    }

    fn walk(&mut self, from: &Transaction, call: &mut Call) {
        let start = self.random.below(ROWS);
        let end = (start + 1 + self.random.below(6)).min(ROWS);
        let (first, last) = (row(start).0, row(end).0);
        let direction = if self.random.one_in(2) { Direction::Forward } else { Direction::Backward };
        let mut there: Vec<(Key, Id)> = from
            .range(&first, Some(&last), direction)
            .map(|item| {
                item.map(|(key, stored)| ((ROW, u32::from(key[1])), writer_of(&stored.value))).unwrap()
            })
            .collect();
        if direction == Direction::Backward {
            there.reverse();
        }
        let gone = from.snapshot().range(&row(start).1, Some(&row(end).1), Direction::Forward);
        let removed = gone.map(|item| {
            let (key, stored) = item.unwrap();
            ((ROW, u32::from(key[1])), writer_of(&stored.value))
        });
        let (start, end) = ((ROW, start), (ROW, end));
        call.seen.push(Seen::Range { start, end, removed: removed.collect(), there });
    }

    /// The last letters of a register, up to its end.
    fn letters(&mut self, from: &Transaction, call: &mut Call) {
        let register = self.random.below(REGISTERS);
        let last = from.snapshot().get(&[b'r', register as u8]).unwrap();
        let last = last.map_or(0, |stored| i64::from_le_bytes(stored.value.try_into().unwrap())) as u32;
        let start = last.saturating_sub(self.random.below(3)).max(1);
        let end = letter(register + 1, 0);
        let there = from.range(&letter(register, start), Some(&end), Direction::Forward).map(|item| {
            let (key, stored) = item.unwrap();
            ((LETTER + register as u8, number_of(&key[2..])), writer_of(&stored.value))
        });
        let family = LETTER + register as u8;
        let (start, end) = ((family, start), (family + 1, 0));
        call.seen.push(Seen::Range { start, end, there: there.collect(), removed: vec![] });
    }

    fn look(&mut self, from: &Transaction, call: &mut Call) {
        for _ in 0..self.random.below(3) {
            self.get(from, call);
        }
        match self.random.below(10) {
            0..3 => self.walk(from, call),
            3 => self.letters(from, call),
            4 => self.register(from, call),
            _ => {}
        }
    }

    /// Reads, perhaps has others come between, writes, and commits.
    fn change(&mut self, depth: usize) {
        let (snapshot, began) = self.run.snapshot();
        let (mut transaction, mut call) = (Transaction::new(snapshot), self.run.call(began));
        self.look(&transaction, &mut call);
        if depth < 2 && self.random.one_in(4) {
            self.change(depth + 1);
        }
        for number in self.some_rows() {
            let (key, gone) = row(number);
            let there = !self.random.one_in(4);
            if there {
                if self.random.one_in(8) {
                    // Never to be seen: put again at once.
                    transaction.put(key.clone(), Id::MAX.to_le_bytes().into());
                }
                transaction.put(key, call.id.to_le_bytes().into());
            } else {
                transaction.delete(key);
                transaction.put(gone, call.id.to_le_bytes().into());
            }
            call.wrote.push(((ROW, number), there));
        }
        let mut drawn = Vec::new();
        for _ in 0..self.random.below(8).saturating_sub(5) {
            let register = self.random.below(REGISTERS);
            let draw = transaction.draw(vec![b'r', register as u8]);
            let fill = vec![Fill { draw, part: Part::Key, offset: 2 }];
            transaction.put_filled(
                [&[b'l', register as u8][..], &[0; 8]].concat(),
                call.id.to_le_bytes().into(),
                fill,
            );
            drawn.push(register);
        }
        let committed = self.run.commit(transaction.into_change(0, false));
        if let Some(committed) = &committed {
            for (register, number) in drawn.iter().zip(&committed.numbers) {
                call.wrote.push(((LETTER + *register as u8, *number as u32), true));
            }
            let registers: HashSet<u32> = drawn.into_iter().collect();
            call.wrote.extend(registers.iter().map(|register| ((REGISTER, *register), true)));
        }
        self.end(call, committed.map(|committed| committed.seq));
    }

    fn some_rows(&mut self) -> HashSet<u32> {
        (0..=self.random.below(2)).map(|_| self.random.below(ROWS)).collect()
    }

    fn end(&mut self, mut call: Call, committed: Option<Seq>) {
        call.fate = if committed.is_some() { Fate::Committed } else { Fate::Conflicted };
        call.ended = self.run.now();
        self.order.extend(committed.map(|seq| (seq, call.id)));
        self.calls.push(call);
    }

    /// Reads an old snapshot once more.
    fn report(&mut self) {
        if self.random.one_in(4) {
            self.old = self.run.snapshot();
        }
        let from = Transaction::reading(self.old.0.clone());
        let mut call = self.run.call(self.old.1);
        self.look(&from, &mut call);
        self.walk(&from, &mut call);
        call.ended = self.run.now();
        self.calls.push(call);
    }

    /// Stages a few rows, and publishes them, or takes them back when what it relied on changed meanwhile. The
    /// publication writes nothing besides, but evidence.
    fn batch(&mut self) {
        let (snapshot, _) = self.run.snapshot();
        let range = KeyRange { start: vec![b'k'], end: Some(vec![b'l']) };
        let mut opening = Transaction::new(snapshot);
        opening.stage(Stage::Open { ranges: vec![range] });
        let Some(opened) = self.run.commit(opening.into_change(0, false)) else { return };
        let batch = opened.seq;
        let id = self.run.call(0).id;
        let mut staged = Vec::new();
        for number in 0..ROWS {
            let key = row(number).0;
            if staged.len() > 2 || self.random.one_in(2) {
                continue;
            }
            let mut step = Transaction::staging(&self.run.snapshot().0, batch);
            if step.get(&key).unwrap().is_none() {
                step.put(key, id.to_le_bytes().into());
                if self.run.commit(step.into_change(0, false)).is_some() {
                    staged.push(number);
                }
            }
        }
        let (snapshot, began) = self.run.snapshot();
        let (mut publishing, mut call) = (Transaction::new(snapshot), self.run.call(began));
        call.id = id;
        self.walk(&publishing, &mut call);
        if self.random.one_in(2) {
            self.change(1);
        }
        publishing.stage(Stage::Publish { batch });
        publishing.evidence(entry("rows.published", &format!("{PUBLISHED}{id};"), Outcome::Done));
        call.wrote = staged.iter().map(|number| ((ROW, *number), true)).collect();
        let published = self.run.commit(publishing.into_change(0, false));
        let given_up = published.is_none();
        self.end(call, published.map(|committed| committed.seq));
        if given_up {
            let snapshot = self.run.snapshot().0;
            let mut removing = Transaction::staging(&snapshot, batch);
            staged.into_iter().for_each(|number| removing.delete(row(number).0));
            self.run.commit(removing.into_change(0, false)).unwrap();
            let mut closing = Transaction::new(self.run.snapshot().0);
            closing.stage(Stage::Close { batch });
            self.run.commit(closing.into_change(0, false)).unwrap();
        }
    }
}

/// A history, and its committed calls by their number.
pub struct Recorded {
    pub history: History,
    pub order: BTreeMap<Seq, Id>,
}

/// Has `threads` at a store over `engine` until they have made at least `calls`.
pub fn run(engine: Box<dyn Backend>, relying: Relying, calls: usize) -> Recorded {
    let events = Arc::default();
    let told = Told { engine, events: Arc::clone(&events) };
    let store = Store::with_backend(Box::new(told), signer(), small()).unwrap();
    let run = Run { store: &store, relying, next: AtomicU32::new(1), clock: AtomicU64::new(1) };
    let each = calls.div_ceil(THREADS as usize);
    let (mut all, mut order) = (Vec::new(), Vec::new());
    thread::scope(|threads| {
        let workers: Vec<_> = (0..THREADS)
            .map(|seed| {
                let run = &run;
                threads.spawn(move || {
                    let (calls, order, old) = (Vec::new(), Vec::new(), run.snapshot());
                    let mut worker = Worker { run, random: Random(seed), calls, order, old };
                    while worker.calls.len() < each {
                        match worker.random.below(40) {
                            0 => worker.batch(),
                            1..8 => worker.report(),
                            _ => worker.change(0),
                        }
                    }
                    (worker.calls, worker.order)
                })
            })
            .collect();
        for worker in workers {
            let (calls, numbers) = worker.join().unwrap();
            all.extend(calls);
            order.extend(numbers);
        }
    });
    // Last of all, what is there in the end.
    let (snapshot, old) = (run.snapshot(), run.snapshot());
    let mut last = Worker { run: &run, random: Random(0), calls: all, order, old };
    let (from, mut call) = (Transaction::reading(snapshot.0), run.call(snapshot.1));
    (0..200).for_each(|_| last.look(&from, &mut call));
    call.ended = run.now();
    last.calls.push(call);

    let events = std::mem::take(&mut *events.lock());
    let history = History { writes: versions(events), calls: last.calls };
    Recorded { history, order: last.order.into_iter().collect() }
}

/// The order of the versions: as the engine was told, staged ones when they were published, and registers as
/// they count.
fn versions(told: Vec<Event>) -> Vec<(Key, Id)> {
    let mut writes = Vec::new();
    let mut staged: HashMap<Id, Vec<Key>> = HashMap::new();
    let mut last: HashMap<Key, Id> = HashMap::new();
    for event in told {
        match event {
            Event::Put(key, writer) => {
                writes.push((key, writer));
                let register = (REGISTER, u32::from(key.0.saturating_sub(LETTER)));
                // Two letters of one call are one version of the register.
                if key.0 >= LETTER && last.insert(register, writer) != Some(writer) {
                    writes.push((register, writer));
                }
            }
            Event::Staged(key, writer) => staged.entry(writer).or_default().push(key),
            Event::Published(writer) => {
                let keys = staged.remove(&writer).unwrap_or_default();
                writes.extend(keys.into_iter().map(|key| (key, writer)));
            }
        }
    }
    writes
}
