//! One owner, one format: what is not ours to open is refused and left as it is.

use std::fs;
use std::io::Read;
use std::process::{Command, Stdio};

use dinh_store::backend::disk::Disk;
use dinh_store::backend::{Batch, Table};
use dinh_store::{Backend, Store, StoreError};

use crate::support::{Engine, file, keys, put, signer, small, value};

#[track_caller]
fn refused(opened: Result<Store, StoreError>) -> StoreError {
    match opened {
        Ok(_) => panic!("it opened"),
        Err(error) => error,
    }
}

#[test]
fn what_was_committed_is_there_after_closing_and_after_dropping() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(&folder);
    for round in 0..4 {
        let store = Store::open(&path, signer(), small()).unwrap();
        let snapshot = store.snapshot().unwrap();
        assert_eq!(keys(&snapshot, "", None, dinh_store::Direction::Forward).len(), round);
        assert_eq!(snapshot.seq().0, round as u64);
        put(&store, &format!("round/{round}"), "x");
        if round % 2 == 0 {
            store.close().unwrap();
        }
    }
}

#[test]
fn closing_releases_the_file_although_snapshots_are_still_held() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&file(&folder), signer(), small()).unwrap();
    put(&store, "a", "1");
    let held = store.snapshot().unwrap();
    let mut walking = held.range(b"", None, dinh_store::Direction::Forward);
    store.close().unwrap();
    let again = Store::open(&file(&folder), signer(), small()).unwrap();
    put(&again, "a", "2");
    assert_eq!(value(&again.snapshot().unwrap(), "a").unwrap(), "2");
    // The old one tells the truth of its time or says that it cannot.
    match held.get(b"a") {
        Ok(stored) => assert_eq!(stored.unwrap().value, b"1"),
        Err(error) => assert!(matches!(error, StoreError::Closed), "{error}"),
    }
    match walking.step() {
        Ok(item) => assert_eq!(item.unwrap().value, b"1"),
        Err(error) => assert!(matches!(error, StoreError::Closed), "{error}"),
    }
}

#[test]
fn a_file_open_in_this_process_is_locked() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&file(&folder), signer(), small()).unwrap();
    let error = refused(Store::open(&file(&folder), signer(), small()));
    assert!(matches!(&error, StoreError::Locked { path } if *path == file(&folder)), "{error}");
    assert!(error.to_string().contains("in use by another process"), "{error}");
    put(&store, "a", "still works");
}

const HOLD: &str = "DINH_STORE_TEST_HOLD";

/// Not a test of its own: the other process of the next one.
#[test]
fn holds_a_file_open_for_another_process() {
    let Some(path) = std::env::var_os(HOLD) else { return };
    let store = Store::open(path.as_ref(), signer(), small()).unwrap();
    put(&store, "holder", "was here");
    println!("holding");
    // Until the parent closes its end, or kills us.
    let _ = std::io::stdin().read(&mut [0]);
}

#[test]
fn a_file_open_in_another_process_is_locked_until_that_one_ends_even_by_force() {
    let folder = tempfile::tempdir().unwrap();
    let mut holder = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "opening::holds_a_file_open_for_another_process", "--nocapture"])
        .env(HOLD, file(&folder))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = Vec::new();
    let mut output = holder.stdout.take().unwrap();
    while !said.ends_with(b"holding\n") {
        let mut byte = [0];
        assert_eq!(output.read(&mut byte).unwrap(), 1, "the holder ended early");
        said.extend(byte);
    }
    assert!(matches!(refused(Store::open(&file(&folder), signer(), small())), StoreError::Locked { .. }));
    holder.kill().unwrap();
    holder.wait().unwrap();
    let store = Store::open(&file(&folder), signer(), small()).unwrap();
    assert_eq!(value(&store.snapshot().unwrap(), "holder").unwrap(), "was here");
}

#[test]
fn a_newer_format_is_refused_and_left_untouched() {
    for engine in [Engine::Disk, Engine::Memory] {
        let (backend, _folder) = engine.backend();
        let mut batch = Batch::default();
        batch.put(Table::Meta, b"format".to_vec(), 4u32.to_le_bytes().to_vec());
        batch.put(Table::Meta, b"state".to_vec(), b"as only a later release knows".to_vec());
        backend.apply(&batch).unwrap();
        let error = refused(Store::with_backend(backend, signer(), small()));
        assert!(matches!(error, StoreError::NewerFormat { found: 4, known: 3 }), "{error}");
        assert!(error.to_string().contains("use the release that wrote it"), "{error}");
    }

    let folder = tempfile::tempdir().unwrap();
    let backend = Disk::open(&file(&folder), 1 << 20).unwrap();
    let mut batch = Batch::default();
    batch.put(Table::Meta, b"format".to_vec(), 7u32.to_le_bytes().to_vec());
    backend.apply(&batch).unwrap();
    backend.close().unwrap();
    let before = fs::read(file(&folder)).unwrap();
    for _ in 0..2 {
        assert!(matches!(
            refused(Store::open(&file(&folder), signer(), small())),
            StoreError::NewerFormat { found: 7, .. }
        ));
    }
    let backend = Disk::open(&file(&folder), 1 << 20).unwrap();
    let mut format = Vec::new();
    backend.view().unwrap().get(Table::Meta, b"format", &mut |bytes| format = bytes.to_vec()).unwrap();
    assert_eq!(format, 7u32.to_le_bytes());
    assert_eq!(before.len(), fs::read(file(&folder)).unwrap().len());
}

#[test]
fn rows_of_the_store_that_make_no_sense_are_damage() {
    let rows: [(&[u8], &[u8]); 2] = [(b"format", b"?"), (b"state", b"short")];
    for (key, value) in rows {
        let (backend, _) = Engine::Memory.backend();
        let mut batch = Batch::default();
        batch.put(Table::Meta, b"format".to_vec(), 3u32.to_le_bytes().to_vec());
        batch.put(Table::Meta, key.to_vec(), value.to_vec());
        backend.apply(&batch).unwrap();
        let error = refused(Store::with_backend(backend, signer(), small()));
        assert!(matches!(error, StoreError::Damaged { .. }), "{error}");
    }
}

#[test]
fn a_format_that_is_no_longer_read_is_refused_and_left_untouched() {
    let (backend, _) = Engine::Memory.backend();
    let mut batch = Batch::default();
    batch.put(Table::Meta, b"format".to_vec(), 1u32.to_le_bytes().to_vec());
    backend.apply(&batch).unwrap();
    let error = refused(Store::with_backend(backend, signer(), small()));
    assert!(matches!(error, StoreError::OlderFormat { found: 1, known: 3 }), "{error}");
    assert!(error.to_string().contains("new data folder"), "{error}");
}

#[test]
fn a_file_that_is_no_store_is_refused_and_left_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&file(&folder), signer(), small()).unwrap();
    put(&store, "a", "1");
    drop(store);
    let mut no_head = fs::read(file(&folder)).unwrap();
    no_head[..9].fill(b'x');

    let path = folder.path().join("other");
    for bytes in [b"PK\x03\x04 a spreadsheet, say".to_vec(), vec![0; 4096], no_head, b"x".to_vec()] {
        fs::write(&path, &bytes).unwrap();
        let error = refused(Store::open(&path, signer(), small()));
        assert!(matches!(error, StoreError::Damaged { .. }), "{error}");
        assert!(error.to_string().contains("other"), "names the file: {error}");
        assert_eq!(fs::read(&path).unwrap(), bytes);
    }
}

#[test]
fn a_folder_that_is_not_there_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let error = refused(Store::open(&folder.path().join("missing/dinh.redb"), signer(), small()));
    assert!(matches!(error, StoreError::Io { .. }), "{error}");
    assert!(error.to_string().contains("missing/dinh.redb"), "{error}");
}
