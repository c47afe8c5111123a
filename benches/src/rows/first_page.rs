//! A page by an index, whatever lies behind it.
//!
//! The first page, as every list opens with it, is warm: only the depth of the trees tells a large collection from a
//! small one. Any page is fifty records from all over the collection, others each time: once it is larger than the
//! processor's caches and then the page cache, they are fetched from memory and then from the file.

use std::rc::Rc;

use dinh_store::{Direction, Snapshot, Store, Transaction};
use tempfile::TempDir;

use super::store::{options, signer};
use crate::random::Random;
use crate::{Goal, Row, Side};

/// Records of one page.
const PAGE: usize = 50;
/// Records beside which the others stand.
const FEW: u64 = 10_000;
/// Further sizes; ten million are filled in for minutes, and only when asked for by this variable.
const MANY: [u64; 1] = [1_000_000];
const MOST: (&str, u64) = ("DINH_BENCH_TEN_MILLION", 10_000_000);

struct Filled {
    snapshot: Snapshot,
    _store: Store,
    _folder: TempDir,
}

fn row_key(number: u64) -> Vec<u8> {
    [&b"\x50"[..], &number.to_be_bytes()].concat()
}

/// Writes the entries in changes of ten thousand.
fn fill(store: &Store, entries: impl Iterator<Item = (Vec<u8>, Vec<u8>)>) {
    let mut entries = entries.peekable();
    while entries.peek().is_some() {
        let mut call = Transaction::new(store.snapshot().unwrap());
        entries.by_ref().take(10_000).for_each(|(key, value)| call.put(key, value));
        store.commit(call.into_change(0, false)).unwrap();
    }
}

impl Filled {
    fn new(records: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("store"), signer(), options()).unwrap();
        // Rows in their order and then the index in its own: a fill at random takes ten times as long.
        let row = |number: u64| (row_key(number), vec![number as u8; 120]);
        fill(&store, (0..records).map(row));
        let mut words: Vec<(u64, u64)> = (0..records).map(|number| (Random(number).bits(), number)).collect();
        words.sort_unstable();
        let place = |(word, number): (u64, u64)| {
            ([&b"\x51"[..], &word.to_be_bytes(), &number.to_be_bytes()].concat(), Vec::new())
        };
        fill(&store, words.into_iter().map(place));
        Self { snapshot: store.snapshot().unwrap(), _store: store, _folder: folder }
    }

    /// Fifty records in the order of the index, from a place that differs each time.
    fn page(&self, from: u64) -> usize {
        let start = [&b"\x51"[..], &from.to_be_bytes()].concat();
        let mut index = self.snapshot.range(&start, Some(b"\x52"), Direction::Forward);
        let mut bytes = 0;
        for _ in 0..PAGE {
            let Some(item) = index.step().unwrap() else { break };
            let number = item.key.last_chunk::<8>().copied().map(u64::from_be_bytes).unwrap();
            bytes += self.snapshot.read(&row_key(number), |item| item.value.len()).unwrap().unwrap();
        }
        bytes
    }
}

fn first(name: &str, filled: Rc<Filled>) -> Side {
    Side::new(name, move || filled.page(0))
}

fn any(name: &str, filled: Rc<Filled>) -> Side {
    let mut random = Random(3);
    Side::new(name, move || filled.page(random.bits()))
}

/// The rows of the table.
pub fn rows() -> Vec<Row> {
    let few = Rc::new(Filled::new(FEW));
    let most = std::env::var_os(MOST.0).map(|_| MOST.1);
    let mut rows = Vec::new();
    for records in MANY.into_iter().chain(most) {
        let many = Rc::new(Filled::new(records));
        let row = |which: &str, side: fn(&str, Rc<Filled>) -> Side, goal| Row {
            name: format!("{which} page of {PAGE} by an index of {records} records"),
            operations: 1,
            subject: side("store", Rc::clone(&many)),
            beside: Some(side("of 10,000", Rc::clone(&few))),
            goal,
        };
        rows.extend([row("the first", first, Goal::AtMost(1.5)), row("any", any, Goal::Seen)]);
    }
    rows
}
