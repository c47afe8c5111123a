//! Each operation of the disk fails in turn, in each way it can; the power is cut after each; pages are
//! damaged. What was acknowledged stays, what failed is answered with its reason, reading goes on, and the
//! store goes on by itself once the disk does.

use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::sync::Arc;

use dinh_store::backend::disk::Disk;
use dinh_store::{CommitError, Direction, Options, Outcome, Store, StoreError, Transaction};

use crate::faulty::{Fault, Faulty, Kind};
use crate::support::{entry, signer, small};

const DEEDS: u64 = 3;

fn options() -> Options {
    Options { change_bytes: 1 << 20, ..small() }
}

/// With no memory for pages, so that every read is one of the disk.
fn open(medium: &Faulty) -> Result<Store, StoreError> {
    Store::with_backend(Box::new(Disk::over(Arc::new(medium.clone()), "the file", 0)?), signer(), options())
}

/// The image of a new store, closed.
fn new_image() -> Vec<u8> {
    let medium = Faulty::new(Vec::new());
    open(&medium).unwrap().close().unwrap();
    medium.image()
}

/// One deed: a row of its own, large enough that the file grows, a row that every deed changes, a number,
/// and evidence.
fn deed(store: &Store, number: u64) -> Result<(), CommitError> {
    let mut call = Transaction::new(store.snapshot()?);
    call.put(format!("deed/{number}").into(), vec![number as u8; 150_000]);
    call.put(b"last".into(), number.to_le_bytes().into());
    call.draw(b"register".into());
    call.evidence(entry("deed.done", &number.to_string(), Outcome::Done));
    store.commit(call.into_change(0, false)).map(drop)
}

/// Sees that exactly these deeds are there, whole and in order, `maybe` with them or not; and says which.
#[track_caller]
fn verify(store: &Store, done: &[u64], maybe: Option<u64>) -> Vec<u64> {
    let snapshot = store.snapshot().unwrap();
    let evidence = snapshot.evidence(0, 100).unwrap();
    let found: Vec<u64> = evidence.iter().map(|recorded| recorded.entry.subject.parse().unwrap()).collect();
    let with: Vec<u64> = done.iter().copied().chain(maybe).collect();
    assert!(found == done || found == with, "{found:?} is neither {done:?} nor {with:?}");
    assert_eq!(snapshot.seq().0, found.len() as u64);
    let rows: BTreeSet<Vec<u8>> = snapshot
        .range(b"deed/", Some(b"deed0"), Direction::Forward)
        .map(|item| {
            let (key, stored) = item.unwrap();
            let number: u64 = std::str::from_utf8(&key[5..]).unwrap().parse().unwrap();
            assert_eq!(stored.value, vec![number as u8; 150_000]);
            key
        })
        .collect();
    assert_eq!(rows, found.iter().map(|number| format!("deed/{number}").into_bytes()).collect());
    let number = |key: &[u8]| {
        snapshot.get(key).unwrap().map(|stored| u64::from_le_bytes(stored.value.try_into().unwrap()))
    };
    assert_eq!(number(b"last"), found.last().copied());
    assert_eq!(number(b"register").unwrap_or(0), found.len() as u64, "numbers without a gap");
    found
}

#[track_caller]
fn assert_reason(error: &StoreError, kind: ErrorKind) {
    let named = match kind {
        ErrorKind::StorageFull => matches!(error, StoreError::Full { .. }),
        _ => matches!(error, StoreError::Io { .. }),
    };
    assert!(named && error.to_string().contains("the file"), "{error:?}");
}

/// The deeds with this fault, up to its end and beyond; false when it never came to it.
fn survive(image: &[u8], fault: Fault) -> bool {
    let medium = Faulty::new(image.to_vec());
    let store = open(&medium).unwrap();
    medium.break_it(fault);
    let mut done = Vec::new();
    for number in 0..DEEDS {
        while done.last() != Some(&number) {
            match deed(&store, number) {
                Ok(()) => done.push(number),
                // It is well again, and what failed first is there after all.
                Err(CommitError::Store(StoreError::Interrupted)) => {
                    done = verify(&store, &done, Some(number));
                    assert_eq!(done.last(), Some(&number), "{fault:?}");
                }
                Err(CommitError::Store(error)) => {
                    assert_reason(&error, fault.error);
                    let after = Faulty::new(medium.after_a_power_cut(fault.after));
                    verify(&open(&after).unwrap(), &done, Some(number));
                    // Without any help, and while the disk still refuses.
                    let shown = verify(&store, &done, Some(number));
                    let after = Faulty::new(medium.after_a_power_cut(fault.after + 1));
                    let durable = verify(&open(&after).unwrap(), &shown, Some(number));
                    assert!(durable.starts_with(&shown), "what is shown is durable");
                    done = shown;
                    medium.heal();
                }
                Err(other) => panic!("{fault:?}: {other}"),
            }
        }
    }
    let fired = medium.heal();
    verify(&store, &done, None);
    verify(&open(&Faulty::new(medium.after_a_power_cut(3))).unwrap(), &done, None);
    store.close().unwrap();
    verify(&open(&Faulty::new(medium.image())).unwrap(), &done, None);
    fired
}

#[test]
fn whichever_write_fails_and_however_the_store_answers_reads_on_and_goes_on() {
    let image = new_image();
    for (lasting, torn, error) in [
        (false, false, ErrorKind::StorageFull),
        (false, true, ErrorKind::Other),
        (true, false, ErrorKind::Other),
        (true, true, ErrorKind::StorageFull),
    ] {
        let fired = (0..).take_while(|after| {
            survive(&image, Fault { after: *after, of: Kind::Writing, lasting, torn, error })
        });
        assert!(fired.count() > 50, "there is more to a batch than this");
    }
}

#[test]
fn whichever_read_of_the_writer_fails_the_store_goes_on() {
    let medium = Faulty::new(new_image());
    let store = open(&medium).unwrap();
    for number in 0..DEEDS {
        deed(&store, number).unwrap();
    }
    store.close().unwrap();
    let image = medium.image();
    let done: Vec<u64> = (0..DEEDS).collect();
    let mut after = 0;
    loop {
        let medium = Faulty::new(image.clone());
        let store = open(&medium).unwrap();
        let mut call = Transaction::new(store.snapshot().unwrap());
        medium.break_it(Fault {
            after,
            of: Kind::Reading,
            lasting: false,
            torn: false,
            error: ErrorKind::Other,
        });
        call.put(b"last".into(), DEEDS.to_le_bytes().into());
        call.draw(b"register".into());
        call.evidence(entry("deed.done", &DEEDS.to_string(), Outcome::Done));
        call.put(format!("deed/{DEEDS}").into(), vec![DEEDS as u8; 150_000]);
        let committed = store.commit(call.into_change(0, false));
        let fired = medium.heal();
        if let Err(CommitError::Store(error)) = &committed {
            assert_reason(error, ErrorKind::Other);
        }
        let found = verify(&store, &done, Some(DEEDS));
        assert!(committed.is_err() || found.len() > done.len());
        deed(&store, DEEDS + 1).unwrap();
        verify(&store, &[found, vec![DEEDS + 1]].concat(), None);
        if !fired {
            break;
        }
        after += 1;
    }
    assert!(after > 5, "a batch reads more than this");
}

#[test]
fn whichever_operation_of_opening_or_closing_fails_nothing_is_lost() {
    let medium = Faulty::new(new_image());
    let store = open(&medium).unwrap();
    let done: Vec<u64> = (0..3).collect();
    for number in &done {
        deed(&store, *number).unwrap();
    }
    let killed = medium.image();
    store.close().unwrap();
    for image in [killed, medium.image()] {
        let mut after = 0;
        loop {
            let medium = Faulty::new(image.clone());
            let fault =
                Fault { after, of: Kind::Any, lasting: true, torn: true, error: ErrorKind::StorageFull };
            medium.break_it(fault);
            match open(&medium) {
                Err(error) => assert_reason(&error, ErrorKind::StorageFull),
                Ok(store) => {
                    if let Err(error) = store.close() {
                        assert_reason(&error, ErrorKind::StorageFull);
                    }
                }
            }
            verify(&open(&Faulty::new(medium.after_a_power_cut(after))).unwrap(), &done, None);
            let fired = medium.heal();
            verify(&open(&medium).unwrap(), &done, None);
            if !fired {
                break;
            }
            after += 1;
        }
        assert!(after > 5, "there is more to opening than this");
    }
}

#[test]
fn a_store_that_could_not_be_made_for_want_of_room_is_made_when_there_is_some() {
    let mut after = 0;
    loop {
        let medium = Faulty::new(Vec::new());
        medium.break_it(Fault {
            after,
            of: Kind::Writing,
            lasting: false,
            torn: false,
            error: ErrorKind::StorageFull,
        });
        let made = open(&medium).map(drop);
        if let Err(error) = &made {
            assert_reason(error, ErrorKind::StorageFull);
        }
        let fired = medium.heal();
        verify(&open(&medium).unwrap(), &[], None);
        if !fired {
            break;
        }
        after += 1;
    }
    assert!(after > 5, "there is more to it than this");
}

#[test]
fn wherever_the_power_is_cut_what_was_acknowledged_is_there_whole() {
    let image = new_image();
    let mut after = 0;
    loop {
        let medium = Faulty::new(image.clone());
        let store = open(&medium).unwrap();
        medium.break_it(Fault { after, of: Kind::Any, lasting: true, torn: true, error: ErrorKind::Other });
        let mut done = Vec::new();
        let failed = (0..DEEDS).find(|number| match deed(&store, *number) {
            Ok(()) => {
                done.push(*number);
                false
            }
            Err(_) => true,
        });
        for seed in 0..3 {
            let after = Faulty::new(medium.after_a_power_cut(after * 3 + seed));
            let store = open(&after).unwrap();
            let found = verify(&store, &done, failed);
            deed(&store, 99).unwrap();
            verify(&store, &[found, vec![99]].concat(), None);
        }
        if !medium.heal() {
            break;
        }
        after += 7;
    }
}

#[test]
fn an_unreadable_sector_costs_what_lies_there_and_nothing_else() {
    let medium = Faulty::new(new_image());
    let store = open(&medium).unwrap();
    for number in 0..3 {
        deed(&store, number).unwrap();
    }
    let image = medium.image();
    let row = image.windows(4096).position(|bytes| bytes.iter().all(|byte| *byte == 1)).unwrap() as u64;
    let held = store.snapshot().unwrap();
    medium.lose(row..row + 512);
    for _ in 0..3 {
        let error = held.get(b"deed/1").unwrap_err();
        assert!(matches!(&error, StoreError::Io { .. }), "{error}");
        assert!(error.to_string().contains("reading the file"), "{error}");
        assert!(held.range(b"deed/", None, Direction::Forward).any(|item| item.is_err()));
        // Nobody else notices.
        assert_eq!(held.get(b"deed/0").unwrap().unwrap().value.len(), 150_000);
        assert_eq!(held.get(b"deed/2").unwrap().unwrap().value.len(), 150_000);
    }
    deed(&store, 3).unwrap();
    assert_eq!(held.seq().0, 3, "the snapshot was not interrupted");
    assert!(held.get(b"last").unwrap().is_some());
    medium.lose(0..0);
    verify(&store, &[0, 1, 2, 3], None);
}

#[test]
fn snapshots_from_before_a_failed_write_say_so_and_new_ones_read_on() {
    let medium = Faulty::new(new_image());
    let store = open(&medium).unwrap();
    deed(&store, 0).unwrap();
    let held = store.snapshot().unwrap();
    let mut walking = held.range(b"", None, Direction::Forward);
    assert!(walking.step().unwrap().is_some());
    medium.break_it(Fault {
        after: 3,
        of: Kind::Writing,
        lasting: true,
        torn: false,
        error: ErrorKind::StorageFull,
    });
    for _ in 0..3 {
        assert!(matches!(deed(&store, 1), Err(CommitError::Store(StoreError::Full { .. }))));
        verify(&store, &[0], None);
    }
    assert!(matches!(held.get(b"deed/0"), Err(StoreError::Interrupted)));
    assert!(matches!(walking.step(), Err(StoreError::Interrupted)));
    medium.heal();
    deed(&store, 1).unwrap();
    verify(&store, &[0, 1], None);
    store.close().unwrap();
    assert!(matches!(store.snapshot(), Err(StoreError::Closed)));
}
