//! A disk that is really full: the system's own limit on the size of a file, in a process of its own.

use std::process::Command;

use dinh_store::{CommitError, Direction, Store, StoreError, Transaction};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::support::{file, keys, signer, small, value};

const CHILD: &str = "DINH_STORE_TEST_FULL";

/// Commits one row of 20,000 bytes.
fn write(store: &Store, number: usize) -> Result<(), CommitError> {
    let mut call = Transaction::new(store.snapshot()?);
    call.put(format!("row/{number:03}").into(), vec![b'x'; 20_000]);
    call.draw(b"register".into());
    store.commit(call.into_change(0, false)).map(drop)
}

/// Not a test of its own: the process that runs out of room.
#[test]
fn writes_until_there_is_no_room_and_goes_on_when_there_is() {
    let Some(path) = std::env::var_os(CHILD) else { return };
    let store = Store::open(path.as_ref(), signer(), small()).unwrap();
    let mut rows = 0;
    let error = loop {
        match write(&store, rows) {
            Ok(()) => rows += 1,
            Err(CommitError::Store(error)) => break error,
            Err(other) => panic!("{other}"),
        }
    };
    assert!(rows > 10, "{rows}");
    for _ in 0..3 {
        assert!(matches!(&error, StoreError::Full { .. }), "{error:?}");
        let said = error.to_string();
        assert!(said.starts_with("the disk is full: writing ") && said.contains("dinh.redb"), "{said}");
        // Reading goes on, and nothing half is there.
        let snapshot = store.snapshot().unwrap();
        assert_eq!(keys(&snapshot, "row/", Some("row0"), Direction::Forward).len(), rows);
        assert!(matches!(write(&store, rows), Err(CommitError::Store(StoreError::Full { .. }))));
    }
    // What needs no room is done: the pages of what was removed are used again.
    let mut call = Transaction::new(store.snapshot().unwrap());
    for number in 0..rows / 2 {
        call.delete(format!("row/{number:03}").into());
    }
    let _ = store.commit(call.into_change(0, false));

    // Somebody makes room.
    let limit = getrlimit(Resource::Fsize);
    setrlimit(Resource::Fsize, Rlimit { current: limit.maximum, ..limit }).unwrap();
    for number in rows..2 * rows {
        write(&store, number).unwrap();
    }
    let snapshot = store.snapshot().unwrap();
    assert!(value(&snapshot, &format!("row/{:03}", 2 * rows - 1)).is_some());
    let number = snapshot.get(b"register").unwrap().unwrap().value;
    assert_eq!(number, (2 * rows as u64).to_le_bytes(), "numbers without a gap");
    store.close().unwrap();
    println!("went on after {rows}");
}

#[test]
fn a_full_disk_is_said_reading_goes_on_and_writing_too_once_there_is_room() {
    let folder = tempfile::tempdir().unwrap();
    // The signal that comes with the limit is ignored, as a full disk sends none.
    let child = Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -S -f 6000; exec \"$0\" --exact \"$1\" --nocapture"])
        .arg(std::env::current_exe().unwrap())
        .arg("full::writes_until_there_is_no_room_and_goes_on_when_there_is")
        .env(CHILD, file(&folder))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&child.stdout);
    assert!(child.status.success() && said.contains("went on after"), "{child:?}");
    let store = Store::open(&file(&folder), signer(), small()).unwrap();
    assert!(keys(&store.snapshot().unwrap(), "row/", None, Direction::Forward).len() > 20);
}
