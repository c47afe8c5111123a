//! The first page of an index, whatever lies behind it.

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

impl Filled {
    fn new(records: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("store"), signer(), options()).unwrap();
        for first in (0..records).step_by(5_000) {
            let mut call = Transaction::new(store.snapshot().unwrap());
            for number in first..first + 5_000 {
                let word = Random(number).bits();
                call.put([&b"\x51"[..], &word.to_be_bytes(), &number.to_be_bytes()].concat(), Vec::new());
                call.put(row_key(number), vec![number as u8; 120]);
            }
            store.commit(call.into_change(0, false)).unwrap();
        }
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

fn side(name: &str, filled: Rc<Filled>) -> Side {
    let mut random = Random(3);
    // The same eighth of the index again and again: what is warm stays warm.
    Side::new(name, move || filled.page(random.bits() >> 3))
}

/// The rows of the table.
pub fn rows() -> Vec<Row> {
    let few = Rc::new(Filled::new(FEW));
    let most = std::env::var_os(MOST.0).map(|_| MOST.1);
    let row = |records: u64| Row {
        name: format!("a page of {PAGE} by an index, of {records} records"),
        operations: 1,
        subject: side("store", Rc::new(Filled::new(records))),
        beside: Some(side("of 10,000", Rc::clone(&few))),
        goal: Goal::Seen,
    };
    MANY.into_iter().chain(most).map(row).collect()
}
