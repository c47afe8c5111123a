//! What the tests share.

use std::collections::BTreeMap;
use std::path::PathBuf;

use dinh_model::{AccountId, Actor, Timestamp};
use dinh_store::backend::disk::Disk;
use dinh_store::{
    Backend, Change, CommitError, Conflict, Direction, Entry, Options, Outcome, Seq, Signer, Snapshot, Store,
    memory,
};

/// A store over one engine, and what keeps its file.
pub struct Place {
    pub store: Store,
    folder: Option<tempfile::TempDir>,
}

impl Place {
    /// One without a file.
    pub fn over(store: Store) -> Self {
        Self { store, folder: None }
    }

    /// The file, of a store on disk.
    pub fn file(&self) -> PathBuf {
        file(self.folder.as_ref().unwrap())
    }
}

impl std::ops::Deref for Place {
    type Target = Store;
    fn deref(&self) -> &Store {
        &self.store
    }
}

/// The engines by name.
#[derive(Clone, Copy, Debug)]
pub enum Engine {
    Disk,
    Memory,
}

impl Engine {
    pub fn backend(self) -> (Box<dyn Backend>, Option<tempfile::TempDir>) {
        match self {
            Self::Memory => (Box::new(memory::Memory::new()), None),
            Self::Disk => {
                let folder = tempfile::tempdir().unwrap();
                (Box::new(Disk::open(&file(&folder), 16 << 20).unwrap()), Some(folder))
            }
        }
    }

    pub fn store(self, options: Options) -> Place {
        let (backend, folder) = self.backend();
        Place { store: Store::with_backend(backend, signer(), options).unwrap(), folder }
    }
}

pub fn file(folder: &tempfile::TempDir) -> PathBuf {
    folder.path().join("dinh.redb")
}

/// The key of every store in these tests.
pub fn signer() -> Signer {
    Signer::from_seed("tests", [7; 32]).unwrap()
}

/// Small bounds, so that tests can reach them.
pub fn small() -> Options {
    Options { queue: 64, change_bytes: 1 << 16, memory: 1000, cache_bytes: 16 << 20, ..Options::default() }
}

/// Makes each test once per engine.
macro_rules! on_both_engines {
    ($($(#[$doc:meta])* fn $name:ident($store:ident) $body:block)*) => {$(
        mod $name {
            use super::*;
            fn check($store: &$crate::support::Place) $body
            #[test]
            fn on_disk() {
                check(&$crate::support::Engine::Disk.store($crate::support::small()));
            }
            #[test]
            fn in_memory() {
                check(&$crate::support::Engine::Memory.store($crate::support::small()));
            }
        }
    )*};
}
pub(crate) use on_both_engines;

pub fn put(store: &Store, key: &str, value: &str) -> Seq {
    let mut call = dinh_store::Transaction::new(store.snapshot().unwrap());
    call.put(key.into(), value.into());
    store.commit(call.into_change(0, false)).unwrap().seq
}

pub fn value(snapshot: &Snapshot, key: &str) -> Option<String> {
    snapshot.get(key.as_bytes()).unwrap().map(|stored| String::from_utf8(stored.value).unwrap())
}

pub fn keys(snapshot: &Snapshot, start: &str, end: Option<&str>, direction: Direction) -> Vec<String> {
    snapshot
        .range(start.as_bytes(), end.map(str::as_bytes), direction)
        .map(|item| String::from_utf8(item.unwrap().0).unwrap())
        .collect()
}

#[track_caller]
pub fn conflict(store: &Store, change: Change) -> Conflict {
    match store.commit(change) {
        Err(CommitError::Conflict(conflict)) => conflict,
        other => panic!("expected a conflict, got {other:?}"),
    }
}

pub fn entry(action: &str, subject: &str, outcome: Outcome) -> Entry {
    Entry {
        at: "2025-07-01T08:00:00.123456789Z".parse::<Timestamp>().unwrap(),
        actor: Actor::person(AccountId(7)),
        plugin: Some("pci-index".parse().unwrap()),
        action: action.into(),
        subject: subject.into(),
        records: Vec::new(),
        outcome,
        detail: BTreeMap::from([("rows".into(), "63".into())]),
    }
}
