//! The evidence as a log: verifying it whole, proving one entry.

use std::rc::Rc;
use std::time::Duration;

use dinh_merkle::inclusion;
use dinh_store::Store;
use tempfile::TempDir;

use super::store::{entry, options, signer};
use crate::random::Random;
use crate::{Goal, Row, Side};

/// Entries of the log. A million take as much longer as they are more.
const ENTRIES: u64 = 250_000;

struct Log {
    store: Store,
    _folder: TempDir,
}

fn filled() -> Log {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("store"), signer(), options()).unwrap();
    for _ in 0..ENTRIES / 1_000 {
        store.witness(vec![entry(); 1_000]).unwrap();
    }
    Log { store, _folder: folder }
}

/// The rows of the table.
pub fn rows() -> Vec<Row> {
    let log = Rc::new(filled());
    let proved = Rc::clone(&log);
    let mut random = Random(5);
    vec![
        Row {
            name: "verify the evidence, one of a million entries".into(),
            operations: ENTRIES,
            subject: Side::new("store", move || {
                let snapshot = log.store.snapshot().unwrap();
                let verified = snapshot.evidence_log().verify(&[]).unwrap();
                assert!(verified.entries == ENTRIES && verified.findings.is_empty());
            }),
            beside: None,
            // A million in a second.
            goal: Goal::Within(Duration::from_micros(1)),
        },
        Row {
            name: "prove that one entry is in the log".into(),
            operations: 1,
            subject: Side::new("store", move || {
                let snapshot = proved.store.snapshot().unwrap();
                let index = u64::from(random.below(ENTRIES as u32));
                inclusion(&snapshot.evidence_log(), index, ENTRIES).unwrap()
            }),
            beside: None,
            goal: Goal::Seen,
        },
    ]
}
