//! The engine fails: what was acknowledged stays, what was not is answered, and the store goes on when the
//! engine does.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;

use dinh_store::backend::{View, Writes};
use dinh_store::memory::Memory;
use dinh_store::{Backend, CommitError, Conflict, Direction, Options, Seq, Store, StoreError, Transaction};
use parking_lot::Mutex;

use crate::support::{conflict, put, signer, small, value};

const WELL: u8 = 0;
/// Batches are refused.
const REFUSES: u8 = 1;
/// Batches are applied, and reported as failed: the disk lost the answer, not the data.
const LOSES_ANSWERS: u8 = 2;
/// Batches are applied, reported as failed, and nothing can be read.
const GONE: u8 = 3;

#[derive(Clone, Default)]
struct Ailing {
    inner: Memory,
    health: Arc<AtomicU8>,
}

fn ill() -> StoreError {
    StoreError::Io { doing: "writing".into(), error: Arc::new(io::ErrorKind::StorageFull.into()) }
}

impl Backend for Ailing {
    fn view(&self) -> Result<Box<dyn View>, StoreError> {
        if self.health.load(Ordering::SeqCst) == GONE { Err(ill()) } else { self.inner.view() }
    }

    fn write(&self, writes: &mut Writes<'_>) -> Result<(), StoreError> {
        let health = self.health.load(Ordering::SeqCst);
        if health != REFUSES {
            self.inner.write(writes)?;
        }
        if health == WELL { Ok(()) } else { Err(ill()) }
    }

    fn close(&self) -> Result<(), StoreError> {
        self.inner.close()
    }
}

fn ailing() -> (Ailing, Store) {
    let backend = Ailing::default();
    let store = Store::with_backend(Box::new(backend.clone()), signer(), small()).unwrap();
    (backend, store)
}

/// A change of `key` that draws a number and relies on a range.
fn change(store: &Store, key: &str) -> dinh_store::Change {
    let mut call = Transaction::new(store.snapshot().unwrap());
    assert_eq!(call.range(b"watched/", Some(b"watched0"), Direction::Forward).count(), 0);
    call.put(key.into(), b"".into());
    call.draw(b"register".into());
    call.into_change(0, false)
}

#[test]
fn a_refused_batch_leaves_nothing_behind_and_the_next_goes_on_from_there() {
    let (backend, store) = ailing();
    assert_eq!(store.commit(change(&store, "a")).unwrap().numbers, [1]);
    backend.health.store(REFUSES, Ordering::SeqCst);
    for _ in 0..3 {
        let failed = store.commit(change(&store, "b"));
        assert!(matches!(failed, Err(CommitError::Store(StoreError::Io { .. }))), "{failed:?}");
        assert_eq!(store.snapshot().unwrap().seq(), Seq(1), "reading goes on");
    }
    backend.health.store(WELL, Ordering::SeqCst);
    let committed = store.commit(change(&store, "c")).unwrap();
    assert_eq!((committed.seq, committed.numbers), (Seq(2), vec![2]), "no number is lost");
    assert_eq!(value(&store.snapshot().unwrap(), "b"), None);
}

#[test]
fn a_batch_that_is_durable_after_all_is_found_and_not_written_over() {
    let (backend, store) = ailing();
    let stale = change(&store, "stale");
    backend.health.store(LOSES_ANSWERS, Ordering::SeqCst);
    assert!(matches!(store.commit(change(&store, "watched/1")), Err(CommitError::Store(_))));
    let snapshot = store.snapshot().unwrap();
    assert_eq!((snapshot.seq(), value(&snapshot, "watched/1").is_some()), (Seq(1), true));
    backend.health.store(WELL, Ordering::SeqCst);
    // The writer's memory did not survive, and it does not pretend.
    assert_eq!(conflict(&store, stale), Conflict::TooOld);
    let mut call = Transaction::new(store.snapshot().unwrap());
    call.draw(b"register".into());
    let committed = store.commit(call.into_change(0, false)).unwrap();
    assert_eq!((committed.seq, committed.numbers), (Seq(2), vec![2]));
}

#[test]
fn while_the_engine_cannot_be_read_nothing_is_promised_and_afterwards_all_is_right() {
    let (backend, store) = ailing();
    put(&store, "a", "1");
    let held = store.snapshot().unwrap();
    let ready = [change(&store, "b"), change(&store, "c"), change(&store, "d")];
    backend.health.store(GONE, Ordering::SeqCst);
    for change in &ready {
        assert!(matches!(store.commit(change.clone()), Err(CommitError::Store(_))));
        assert!(store.snapshot().is_err());
    }
    assert_eq!(value(&held, "a").unwrap(), "1", "what was pinned can still be read");
    backend.health.store(WELL, Ordering::SeqCst);
    // Only the first of them had reached the engine; the writer refused to build on what it could not see.
    let committed = store.witness(vec![]).unwrap();
    assert_eq!(committed.seq, Seq(3));
    let snapshot = store.snapshot().unwrap();
    assert!(value(&snapshot, "b").is_some() && value(&snapshot, "c").is_none());
}

#[test]
fn who_only_reads_sees_again_as_soon_as_the_engine_does() {
    let (backend, store) = ailing();
    put(&store, "a", "1");
    let ready = change(&store, "b");
    backend.health.store(GONE, Ordering::SeqCst);
    assert!(store.commit(ready).is_err());
    assert!(store.snapshot().is_err());
    backend.health.store(WELL, Ordering::SeqCst);
    assert_eq!(value(&store.snapshot().unwrap(), "a").unwrap(), "1", "nobody had to write");
}

/// An engine that stands before each batch until it is told whether to take it; it refuses without having looked
/// at any of it.
struct Balking {
    inner: Memory,
    arrived: Sender<()>,
    told: Mutex<Receiver<bool>>,
}

impl Backend for Balking {
    fn view(&self) -> Result<Box<dyn View>, StoreError> {
        self.inner.view()
    }

    fn write(&self, writes: &mut Writes<'_>) -> Result<(), StoreError> {
        self.arrived.send(()).unwrap();
        if self.told.lock().recv().unwrap() { self.inner.write(writes) } else { Err(ill()) }
    }

    fn close(&self) -> Result<(), StoreError> {
        self.inner.close()
    }
}

#[test]
fn what_waited_while_a_batch_was_refused_is_refused_with_it_and_never_there() {
    const WAITING: usize = 4;
    let ((arrived, arrivals), (tell, told)) = (mpsc::channel(), mpsc::channel());
    let backend = Balking { inner: Memory::new(), arrived, told: Mutex::new(told) };
    tell.send(true).unwrap(); // the batch that makes the store
    let options = Options { queue: WAITING, ..small() };
    let store = Store::with_backend(Box::new(backend), signer(), options).unwrap();
    arrivals.recv().unwrap();
    let writing = |key: String| {
        let mut call = Transaction::new(store.snapshot().unwrap());
        call.put(key.into_bytes(), b"".into());
        call.into_change(0, false)
    };
    thread::scope(|threads| {
        let first = threads.spawn(|| store.commit(writing("first".into())));
        arrivals.recv().unwrap();
        let (answer, answers) = mpsc::channel();
        // One more than there is room for: once it is turned away, all the others wait.
        for number in 0..=WAITING {
            let (change, answer) = (writing(format!("waiting/{number}")), answer.clone());
            threads.spawn({
                let store = &store;
                move || answer.send(store.commit(change)).unwrap()
            });
        }
        assert!(matches!(answers.recv().unwrap(), Err(CommitError::Busy)));
        tell.send(false).unwrap();
        assert!(matches!(first.join().unwrap(), Err(CommitError::Store(StoreError::Io { .. }))));
        for answer in answers.iter().take(WAITING) {
            assert!(matches!(answer, Err(CommitError::Store(StoreError::Io { .. }))), "{answer:?}");
        }
    });
    tell.send(true).unwrap();
    assert_eq!(store.commit(writing("after".into())).unwrap().seq, Seq(1));
    let snapshot = store.snapshot().unwrap();
    let there = snapshot.range(b"", None, Direction::Forward).map(|row| row.unwrap().0);
    assert_eq!(there.collect::<Vec<_>>(), [b"after".to_vec()], "nothing that was refused");
}
