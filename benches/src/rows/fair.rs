//! Others while a large import runs: the 99th percentile of what they wait for a durable change.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use dinh_services::records::BULK_STEP;
use dinh_store::{KeyRange, Seq, Stage, Store, Transaction};
use tempfile::TempDir;

use super::store::{Record, insert, options, signer};
use crate::{Goal, Row, Side};

/// Changes of which the slowest hundredth is looked at.
const CHANGES: usize = 300;
/// Where numbers of imported records begin.
const IMPORTED: u64 = 1 << 40;

/// A step of the import: as many records as one step of the platform has, none of them seen.
fn stage(store: &Store, batch: Seq, first: u64) {
    let mut call = Transaction::staging(&store.snapshot().unwrap(), batch);
    for number in first..first + BULK_STEP as u64 {
        Record::new(number).rows.into_iter().for_each(|(key, value)| call.put(key, value));
    }
    store.commit(call.into_change(0, false)).unwrap();
}

fn open_batch(store: &Store) -> Seq {
    let mut call = Transaction::new(store.snapshot().unwrap());
    call.stage(Stage::Open { ranges: vec![KeyRange { start: vec![0x50], end: Some(vec![0x52]) }] });
    store.commit(call.into_change(0, false)).unwrap().seq
}

/// Runs an import beside others until it is dropped.
struct Import {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Import {
    fn start(store: &Store) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(IMPORTED);
        let stop = Arc::new(AtomicBool::new(false));
        let (store, stopped) = (store.clone(), Arc::clone(&stop));
        let thread = std::thread::spawn(move || {
            let batch = open_batch(&store);
            while !stopped.load(Ordering::Relaxed) {
                stage(&store, batch, NEXT.fetch_add(BULK_STEP as u64, Ordering::Relaxed));
            }
            let mut call = Transaction::new(store.snapshot().unwrap());
            call.stage(Stage::Publish { batch });
            store.commit(call.into_change(0, false)).unwrap();
        });
        Self { stop, thread: Some(thread) }
    }
}

impl Drop for Import {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        self.thread.take().unwrap().join().unwrap();
    }
}

/// The 99th percentile of single durable changes.
fn slowest_hundredth(store: &Store, next: &mut u64) -> Duration {
    let mut times: Vec<Duration> = (0..CHANGES)
        .map(|_| {
            *next += 1;
            let start = Instant::now();
            insert(store, *next, true);
            start.elapsed()
        })
        .collect();
    times.sort_unstable();
    times[CHANGES * 99 / 100]
}

fn side(name: &str, importing: bool) -> Side {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("store"), signer(), options()).unwrap();
    let mut next = 0;
    Side::timed(name, move |times| {
        let _keep: &TempDir = &folder;
        let import = importing.then(|| Import::start(&store));
        let slowest = (0..times.max(1)).map(|_| slowest_hundredth(&store, &mut next)).sum();
        drop(import);
        slowest
    })
}

/// The rows of the table.
pub fn rows() -> Vec<Row> {
    vec![Row {
        name: "durable change beside a large import, 99th percentile".into(),
        operations: 1,
        subject: side("importing", true),
        beside: Some(side("calm", false)),
        goal: Goal::AtMost(2.0),
    }]
}
