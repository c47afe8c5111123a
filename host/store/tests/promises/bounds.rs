//! Bounded: queue, change, and what a change may say.

use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;

use dinh_store::backend::{View, Writes};
use dinh_store::memory::Memory;
use dinh_store::{
    Backend, Change, CommitError, Committed, Conflict, Draw, Expect, Fill, Options, Outcome, Part, Seq,
    Store, StoreError, Transaction, Write,
};
use parking_lot::Mutex;

use crate::support::{entry, on_both_engines, put, signer, small};

/// An engine that waits with each batch in hand until it is let through.
struct Gated {
    inner: Memory,
    arrived: Sender<()>,
    open: Mutex<Receiver<()>>,
}

impl Backend for Gated {
    fn view(&self) -> Result<Box<dyn View>, StoreError> {
        self.inner.view()
    }

    fn write(&self, writes: &mut Writes<'_>) -> Result<(), StoreError> {
        let mut taken = writes.collect::<Vec<_>>().into_iter();
        self.arrived.send(()).unwrap();
        // When the test has let go of the gate it stays open.
        let _ = self.open.lock().recv();
        self.inner.write(&mut taken)
    }

    fn close(&self) -> Result<(), StoreError> {
        self.inner.close()
    }
}

/// A store whose writer stands before the gate with one change in hand while `waiting` others fill the
/// queue; then `meanwhile` happens and the gate opens. Returns what became of those that waited, and how
/// many batches they took.
fn with_a_full_queue(
    store: &Store,
    (arrivals, gate): (Receiver<()>, Sender<()>),
    waiting: usize,
    change: impl Fn(usize) -> Change + Sync,
    meanwhile: impl FnOnce() + Send,
) -> (Vec<Result<Committed, CommitError>>, usize) {
    let answers = thread::scope(|threads| {
        let first = threads.spawn(|| store.commit(writing(store, "first")));
        arrivals.recv().unwrap();
        let (told, tell) = mpsc::channel();
        // One more than there is room for: once it is turned away, all the others are in the queue.
        for number in 0..=waiting {
            let (change, told) = (change(number), told.clone());
            threads.spawn(move || told.send(store.commit(change)).unwrap());
        }
        assert!(matches!(tell.recv().unwrap(), Err(CommitError::Busy)));
        threads.spawn(meanwhile);
        drop(gate);
        assert!(first.join().unwrap().is_ok());
        tell.iter().take(waiting).collect()
    });
    (answers, arrivals.try_iter().count())
}

fn gated(queue: usize) -> (Store, Memory, (Receiver<()>, Sender<()>)) {
    let (arrived, arrivals) = mpsc::channel();
    let (gate, open) = mpsc::channel();
    gate.send(()).unwrap(); // for the batch that makes the store
    let inner = Memory::new();
    let backend = Gated { inner: inner.clone(), arrived, open: Mutex::new(open) };
    let store = Store::with_backend(Box::new(backend), signer(), Options { queue, ..small() }).unwrap();
    arrivals.recv().unwrap();
    (store, inner, (arrivals, gate))
}

fn writing(store: &Store, key: &str) -> Change {
    let mut call = Transaction::new(store.snapshot().unwrap());
    call.put(key.into(), b"".into());
    call.into_change(0, false)
}

#[test]
fn a_full_queue_says_busy_at_once_and_evidence_waits() {
    let (store, _, gate) = gated(2);
    let (answers, _) = with_a_full_queue(
        &store,
        gate,
        2,
        |number| writing(&store, &format!("{number}")),
        || {
            store.witness(vec![entry("session.refused", "7", Outcome::Refused)]).unwrap();
        },
    );
    assert!(answers.iter().all(Result::is_ok), "{answers:?}");
    let snapshot = store.snapshot().unwrap();
    assert_eq!((snapshot.seq(), snapshot.evidence_len()), (Seq(4), 1));
}

#[test]
fn changes_that_wait_together_share_one_batch_and_see_each_other() {
    let (store, _, gate) = gated(20);
    let seat = |_| {
        let mut call = Transaction::new(store.snapshot().unwrap());
        assert!(call.get(b"seat").unwrap().is_none());
        call.put(b"seat".into(), b"".into());
        call.into_change(0, false)
    };
    let (answers, batches) = with_a_full_queue(&store, gate, 20, seat, || {});
    assert_eq!(batches, 1);
    let (won, lost): (Vec<_>, Vec<_>) = answers.into_iter().partition(Result::is_ok);
    assert_eq!((won.len(), lost.len()), (1, 19));
    assert!(lost.iter().all(|lost| matches!(lost, Err(CommitError::Conflict(Conflict::Key(_))))));
}

#[test]
fn closing_finishes_what_waits() {
    let (store, inner, gate) = gated(5);
    let change = |number| writing(&store, &format!("{number}"));
    let (answers, _) = with_a_full_queue(&store, gate, 5, change, || store.close().unwrap());
    assert!(answers.iter().all(Result::is_ok), "{answers:?}");
    drop(store);
    let store = Store::with_backend(Box::new(inner), signer(), small()).unwrap();
    assert_eq!(store.snapshot().unwrap().seq(), Seq(6));
}

on_both_engines! {
    fn a_change_over_the_ceiling_is_refused_with_both_sizes(store) {
        let most = small().change_bytes;
        let mut call = Transaction::new(store.snapshot().unwrap());
        call.put(b"k".into(), vec![0; most]);
        match store.commit(call.into_change(0, false)) {
            Err(CommitError::TooLarge { bytes, most: ceiling }) => {
                assert!(bytes > most && ceiling == most, "{bytes} of {ceiling}");
            }
            other => panic!("{other:?}"),
        }
        let mut call = Transaction::new(store.snapshot().unwrap());
        call.put(b"k".into(), vec![0; most - 100]);
        store.commit(call.into_change(0, false)).unwrap();
    }

    fn a_change_that_contradicts_itself_is_refused_and_nothing_happens(store) {
        put(store, "text", "not a number");
        let before = store.snapshot().unwrap().seq();
        let put = |length: usize, fill: Vec<Fill>| Write::Put { key: vec![0; length], value: vec![0; 10], fill };
        let draw = || vec![Draw { register: b"register".into() }];
        let fill = |draw, part, offset| vec![Fill { draw, part, offset }];
        let base = || Change { based_on: before, ..Change::default() };
        for bad in [
            Change { write: vec![put(9, fill(0, Part::Key, 2))], draw: draw(), ..base() },
            Change { write: vec![put(9, fill(0, Part::Value, 3))], draw: draw(), ..base() },
            Change { write: vec![put(9, fill(0, Part::Value, u32::MAX))], draw: draw(), ..base() },
            Change { write: vec![put(9, fill(1, Part::Key, 0))], draw: draw(), ..base() },
            Change { write: vec![Write::Delete { key: b"register".into() }], draw: draw(), ..base() },
            Change { draw: vec![Draw { register: b"text".into() }], ..base() },
            Change {
                based_on: Seq(before.0 + 1),
                expect: vec![Expect::Range { start: vec![], end: None }],
                ..base()
            },
        ] {
            let refused = store.commit(bad.clone());
            assert!(matches!(refused, Err(CommitError::Malformed(_))), "{bad:?}: {refused:?}");
        }
        assert_eq!(store.snapshot().unwrap().seq(), before);
        assert!(store.snapshot().unwrap().get(b"register").unwrap().is_none());
    }

    fn a_closed_store_says_so(store) {
        put(store, "a", "1");
        let change = writing(store, "b");
        store.close().unwrap();
        store.close().unwrap();
        assert!(matches!(store.commit(change), Err(CommitError::Store(StoreError::Closed))));
        assert!(matches!(store.witness(vec![]), Err(CommitError::Store(StoreError::Closed))));
        assert!(matches!(store.snapshot(), Err(StoreError::Closed)));
    }
}
