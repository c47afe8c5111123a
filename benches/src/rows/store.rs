//! The store beside redb used by hand: durable changes, evidence, reading, pinning.
//!
//! A change is what inserting one record amounts to: a row of 564 bytes, an entry in an ordered index, one
//! in a unique index whose absence it relied on, and one entry of evidence. By hand the same bytes go into
//! the same tables, with the same durability, and nothing is checked.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::path::Path;
use std::rc::Rc;
use std::sync::Barrier;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use dinh_model::{AccountId, Actor};
use dinh_store::{Direction, Entry, Options, Outcome, Signer, Snapshot, Store, Transaction};
use redb::{Database, ReadableDatabase, TableDefinition};
use tempfile::TempDir;

use crate::organisation::now;
use crate::random::Random;
use crate::{Goal, Row, Side};

/// Bytes of a row, as measured for a record of 30 fields.
const ROW: usize = 564;
/// Records that are there before.
const RECORDS: u64 = 100_000;
/// Changes of each writer in one run: what is measured is a crowd at work, not its coming and going.
const TURNS: u64 = 100;
/// Records of one page.
const PAGE: usize = 1_000;

type Table = TableDefinition<'static, &'static [u8], &'static [u8]>;
const DATA: Table = TableDefinition::new("data");
const EVIDENCE: Table = TableDefinition::new("evidence");

/// One record as keys and values; what it is follows from its number.
pub(super) struct Record {
    pub(super) rows: [(Vec<u8>, Vec<u8>); 3],
}

impl Record {
    pub(super) fn new(number: u64) -> Self {
        let random = Random(number).bits();
        // As identifiers of version 7 do, keys of records grow; index entries fall anywhere.
        let key = [&b"\x50"[..], &number.to_be_bytes(), &random.to_be_bytes()].concat();
        let ordered = [&b"\x51o"[..], &random.to_be_bytes(), &key[1..]].concat();
        let unique = [&b"\x51u"[..], &random.swap_bytes().to_be_bytes(), &number.to_be_bytes()].concat();
        let row = vec![number as u8; ROW];
        Self { rows: [(key, row), (ordered, Vec::new()), (unique, vec![0; 16])] }
    }
}

pub(super) fn entry() -> Entry {
    Entry {
        at: now(),
        actor: Actor::person(AccountId(12_345)),
        plugin: Some("party-finance".parse().unwrap()),
        action: "record.created".into(),
        subject: "party-finance/vouchers/01941f29-7c00-7aaa-8bbb-0123456789ab".into(),
        records: Vec::new(),
        outcome: Outcome::Done,
        detail: BTreeMap::new(),
    }
}

pub(super) fn options() -> Options {
    Options { cache_bytes: 256 << 20, ..Options::default() }
}

pub(super) fn signer() -> Signer {
    Signer::from_seed("bench", [7; 32]).unwrap()
}

pub(super) fn insert(store: &Store, number: u64, evidence: bool) {
    let mut call = Transaction::new(store.snapshot().unwrap());
    let [record, ordered, unique] = Record::new(number).rows;
    assert!(call.version(&unique.0).unwrap().is_none());
    for (key, value) in [record, ordered, unique] {
        call.put(key, value);
    }
    if evidence {
        call.evidence(entry());
    }
    store.commit(call.into_change(0, false)).unwrap();
}

/// `writers` threads commit `each` changes; the time from the first to the last.
fn insert_with(store: &Store, next: &AtomicU64, writers: usize, each: u64, evidence: bool) -> Duration {
    let ready = Barrier::new(writers + 1);
    thread::scope(|threads| {
        let work = || {
            ready.wait();
            for _ in 0..each {
                insert(store, next.fetch_add(1, Ordering::Relaxed), evidence);
            }
        };
        let workers: Vec<_> = (0..writers).map(|_| threads.spawn(work)).collect();
        ready.wait();
        let start = Instant::now();
        workers.into_iter().for_each(|worker| worker.join().unwrap());
        start.elapsed()
    })
}

fn changes(writers: usize, evidence: bool, name: &str) -> Side {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("store"), signer(), options()).unwrap();
    let next = AtomicU64::new(0);
    Side::timed(name, move |times| {
        let _keep: &TempDir = &folder;
        insert_with(&store, &next, writers, times * TURNS, evidence)
    })
}

fn open_by_hand(path: &Path) -> Database {
    redb::Builder::new().set_cache_size(256 << 20).create(path).unwrap()
}

/// One durable transaction with `batch` records.
fn insert_by_hand(database: &Database, first: u64, batch: u64, evidence: &[u8]) {
    let mut transaction = database.begin_write().unwrap();
    transaction.set_quick_repair(true);
    {
        let mut data = transaction.open_table(DATA).unwrap();
        let mut log = transaction.open_table(EVIDENCE).unwrap();
        for number in first..first + batch {
            for (key, mut value) in Record::new(number).rows {
                value.extend(number.to_le_bytes());
                data.insert(key.as_slice(), value.as_slice()).unwrap();
            }
            log.insert(number.to_be_bytes().as_slice(), evidence).unwrap();
        }
    }
    transaction.commit().unwrap();
}

fn by_hand(batch: u64) -> Side {
    let folder = tempfile::tempdir().unwrap();
    let database = open_by_hand(&folder.path().join("hand"));
    let evidence = vec![7; postcard::to_stdvec(&entry()).unwrap().len() + 8];
    let mut next = 0;
    Side::new(&format!("redb, {batch} by hand in one batch"), move || {
        let _keep: &TempDir = &folder;
        for _ in 0..TURNS {
            insert_by_hand(&database, next, batch, &evidence);
            next += batch;
        }
    })
}

fn beside_by_hand(writers: usize, goal: Goal) -> Row {
    Row {
        name: format!("durable change with two indexes and evidence, {writers} writers"),
        operations: writers as u64 * TURNS,
        subject: changes(writers, true, "store"),
        beside: Some(by_hand(writers as u64)),
        goal,
    }
}

/// A store and a database with the same records.
struct Filled {
    snapshot: Snapshot,
    table: redb::ReadOnlyTable<&'static [u8], &'static [u8]>,
    store: Store,
    _database: Database,
    _folder: TempDir,
}

impl Filled {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = open_by_hand(&folder.path().join("hand"));
        let store = Store::open(&folder.path().join("store"), signer(), options()).unwrap();
        for first in (0..RECORDS).step_by(5_000) {
            insert_by_hand(&database, first, 5_000, b"");
            let mut call = Transaction::new(store.snapshot().unwrap());
            for number in first..first + 5_000 {
                Record::new(number).rows.into_iter().for_each(|(key, value)| call.put(key, value));
            }
            store.commit(call.into_change(0, false)).unwrap();
        }
        let table = database.begin_read().unwrap().open_table(DATA).unwrap();
        Self { snapshot: store.snapshot().unwrap(), table, store, _database: database, _folder: folder }
    }
}

/// Keys of records in random order, again and again.
fn random_keys() -> impl FnMut() -> Vec<u8> {
    let mut random = Random(7);
    let keys: Vec<_> = (0..10_000).map(|_| u64::from(random.below(RECORDS as u32))).collect();
    let keys: Vec<_> = keys.into_iter().map(|number| Record::new(number).rows[0].0.clone()).collect();
    let next = Cell::new(0);
    move || {
        next.set((next.get() + 1) % keys.len());
        keys[next.get()].clone()
    }
}

/// What a reader does with a row.
type Use = fn(&mut Vec<u8>, &[u8], &[u8]) -> usize;

/// Takes it along, as whoever makes a page of it does.
fn copied(page: &mut Vec<u8>, key: &[u8], value: &[u8]) -> usize {
    page.extend_from_slice(key);
    page.extend_from_slice(value);
    page.len()
}

/// Looks at no more than the key and the head: the store has read all of the value before, to check it.
fn looked_at(_: &mut Vec<u8>, key: &[u8], value: &[u8]) -> usize {
    key.len() + value.len() + value.first().map_or(0, |head| usize::from(*head))
}

fn get(filled: &Rc<Filled>, what: &str, used: Use, goal: Goal) -> Row {
    let (mine, other) = (Rc::clone(filled), Rc::clone(filled));
    let (mut key, mut same_key) = (random_keys(), random_keys());
    let (mut page, mut same_page) = (Vec::new(), Vec::new());
    Row {
        name: format!("get one row and {what}"),
        operations: 1,
        subject: Side::new("snapshot", move || {
            page.clear();
            mine.snapshot.read(&key(), |item| used(&mut page, item.key, item.value)).unwrap().unwrap()
        }),
        beside: Some(Side::new("redb", move || {
            same_page.clear();
            let key = same_key();
            used(&mut same_page, &key, other.table.get(key.as_slice()).unwrap().unwrap().value())
        })),
        goal,
    }
}

fn scan(filled: &Rc<Filled>, what: &str, used: Use, goal: Goal) -> Row {
    let (mine, other) = (Rc::clone(filled), Rc::clone(filled));
    let (mut key, mut same_key) = (random_keys(), random_keys());
    let (mut page, mut same_page) = (Vec::new(), Vec::new());
    Row {
        name: format!("scan {PAGE} rows and {what}"),
        operations: PAGE as u64,
        subject: Side::new("snapshot", move || {
            page.clear();
            let mut range = mine.snapshot.range(&key(), None, Direction::Forward);
            let mut sum = 0;
            for _ in 0..PAGE {
                let Some(item) = range.step().unwrap() else { break };
                sum += used(&mut page, item.key, item.value);
            }
            sum
        }),
        beside: Some(Side::new("redb", move || {
            same_page.clear();
            let range = other.table.range::<&[u8]>(same_key().as_slice()..).unwrap();
            let mut sum = 0;
            for item in range.take(PAGE) {
                let (key, value) = item.unwrap();
                sum += used(&mut same_page, key.value(), value.value());
            }
            sum
        })),
        goal,
    }
}

fn reading(filled: &Rc<Filled>) -> [Row; 4] {
    [
        get(filled, "copy it", copied, Goal::AtMost(1.3)),
        get(filled, "look at its head", looked_at, Goal::Seen),
        scan(filled, "copy them", copied, Goal::AtMost(1.3)),
        scan(filled, "look at their heads", looked_at, Goal::Seen),
    ]
}

/// The rows of the table.
pub fn rows() -> Vec<Row> {
    let filled = Rc::new(Filled::new());
    let mut rows = vec![
        beside_by_hand(64, Goal::AtLeast(0.8)),
        beside_by_hand(8, Goal::Seen),
        beside_by_hand(1, Goal::Seen),
        Row {
            name: "evidence: 64 writers with it".into(),
            operations: 64 * TURNS,
            subject: changes(64, true, "with evidence"),
            beside: Some(changes(64, false, "without")),
            goal: Goal::AtMost(1.25),
        },
    ];
    rows.extend(reading(&filled));
    rows.push(Row {
        name: "pin a snapshot".into(),
        operations: 1,
        subject: Side::new("store", move || filled.store.snapshot().unwrap()),
        beside: None,
        goal: Goal::Within(Duration::from_micros(1)),
    });
    rows
}
