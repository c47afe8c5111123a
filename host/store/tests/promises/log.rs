//! The evidence as a log that others can check: proofs hold, and no change of the past goes unnoticed, also not
//! one that was signed anew.

use std::collections::BTreeMap;

use dinh_merkle::{
    Checkpoint, Source, Verifier, consistency, inclusion, leaf_hash, root_at, verify_consistency,
    verify_inclusion,
};
use dinh_store::backend::{Batch, Direction as Way, Table};
use dinh_store::memory::Memory;
use dinh_store::{Backend, CommitError, Finding, Outcome, Signer, Snapshot, Store, StoreError};
use sha2::{Digest, Sha256};

use crate::support::{Engine, entry, on_both_engines, put, signer, small};

/// Witnesses `count` entries, in groups of several sizes; the heads after each.
fn witness(store: &Store, count: usize) -> Vec<String> {
    let mut heads = Vec::new();
    let mut left = count;
    while left > 0 {
        let group = left.min(1 + heads.len() * 7 % 40);
        let entries = (0..group).map(|n| entry("record.read", &format!("{left}-{n}"), Outcome::Refused));
        store.witness(entries.collect()).unwrap();
        heads.push(head(&store.snapshot().unwrap()));
        left -= group;
    }
    heads
}

fn head(snapshot: &Snapshot) -> String {
    snapshot.evidence_log().head().unwrap().unwrap()
}

fn opened(head: &str, key: &str) -> Checkpoint {
    Checkpoint::open(head, &[Verifier::parse(key).unwrap()]).unwrap().0
}

on_both_engines! {
    fn every_entry_is_proved_to_be_in_the_signed_head(store) {
        assert_eq!(store.snapshot().unwrap().evidence_log().head().unwrap(), None);
        witness(store, 700);
        let snapshot = store.snapshot().unwrap();
        let log = snapshot.evidence_log();
        let head = opened(&head(&snapshot), &log.verifier_key().unwrap());
        assert_eq!((head.origin.as_str(), head.size, head.root), ("tests", 700, root_at(&log, 700).unwrap()));
        for opened in log.opened(0, 1_000).unwrap() {
            // As an outsider does it, from the salt and the bytes of the entry.
            let mut leaf = opened.recorded.seq.0.to_be_bytes().to_vec();
            leaf.extend(Sha256::digest(&opened.salted));
            assert_eq!(leaf, opened.leaf);
            let index = opened.recorded.index;
            let proof = inclusion(&log, index, 700).unwrap();
            verify_inclusion(&leaf_hash(&leaf), index, 700, &proof, &head.root).unwrap();
        }
        assert_eq!(log.opened(690, 1_000).unwrap().len(), 10);
    }

    fn every_head_is_the_past_of_every_later_one(store) {
        let heads = witness(store, 600);
        let snapshot = store.snapshot().unwrap();
        let log = snapshot.evidence_log();
        let key = log.verifier_key().unwrap();
        let heads: Vec<_> = heads.iter().map(|head| opened(head, &key)).collect();
        for (place, old) in heads.iter().enumerate() {
            for new in &heads[place..] {
                let proof = consistency(&log, old.size, new.size).unwrap();
                verify_consistency(old.size, new.size, &old.root, &new.root, &proof).unwrap();
            }
        }
    }

    fn a_log_that_is_whole_verifies_against_every_head_anybody_kept(store) {
        let mut kept = witness(store, 800);
        kept.reverse();
        let verified = store.snapshot().unwrap().evidence_log().verify(&kept).unwrap();
        assert_eq!((verified.entries, verified.heads, verified.findings), (800, kept.len(), vec![]));
    }

    fn what_writes_no_evidence_leaves_the_head(store) {
        witness(store, 3);
        let before = head(&store.snapshot().unwrap());
        put(store, "a", "1");
        assert_eq!(head(&store.snapshot().unwrap()), before);
    }

    fn two_salts_hide_that_two_entries_are_alike(store) {
        let same = || entry("record.read", "1", Outcome::Refused);
        store.witness(vec![same(), same()]).unwrap();
        let opened = store.snapshot().unwrap().evidence_log().opened(0, 2).unwrap();
        assert_eq!(opened[0].recorded.entry, opened[1].recorded.entry);
        assert_ne!(opened[0].leaf, opened[1].leaf);
    }
}

#[test]
fn the_log_is_taken_up_where_it_was_left_at_any_size() {
    let memory = Memory::new();
    let store = || Store::with_backend(Box::new(memory.clone()), signer(), small()).unwrap();
    let mut size = 0;
    for count in [1, 254, 1, 1, 255, 256, 3] {
        let store = store();
        witness(&store, count);
        size += count as u64;
        let verified = store.snapshot().unwrap().evidence_log().verify(&[]).unwrap();
        assert_eq!((verified.entries, verified.findings), (size, vec![]));
        store.close().unwrap();
    }
}

#[test]
fn a_store_with_another_key_is_refused_by_name() {
    let memory = Memory::new();
    Store::with_backend(Box::new(memory.clone()), signer(), small()).unwrap().close().unwrap();
    let other = Signer::from_seed("tests", [8; 32]).unwrap();
    let refused = Store::with_backend(Box::new(memory), other, small()).unwrap_err();
    assert!(matches!(&refused, StoreError::OtherKey { known, found } if known != found), "{refused}");
    assert!(refused.to_string().contains("restore the key"), "{refused}");
}

/// A store's rows, in the hands of somebody who may write the file as he likes.
type Rows = BTreeMap<(&'static str, Vec<u8>), Vec<u8>>;

fn rows(memory: &Memory) -> Rows {
    let view = memory.view().unwrap();
    let mut rows = Rows::new();
    for table in Table::ALL {
        let mut cursor = view.walk(table, &[], None, Way::Forward).unwrap();
        while cursor.advance().unwrap() {
            rows.insert((table.name(), cursor.key().to_vec()), cursor.value().to_vec());
        }
    }
    rows
}

fn store_of(rows: &Rows) -> Store {
    let memory = Memory::new();
    let mut batch = Batch::default();
    for ((name, key), value) in rows {
        let table = Table::ALL.into_iter().find(|table| table.name() == *name).unwrap();
        batch.put(table, key.clone(), value.clone());
    }
    memory.apply(&batch).unwrap();
    Store::with_backend(Box::new(memory), signer(), small()).unwrap()
}

/// A log of 600 entries and the heads that a witness kept of it.
fn original() -> (Rows, Vec<String>) {
    let memory = Memory::new();
    let store = Store::with_backend(Box::new(memory.clone()), signer(), small()).unwrap();
    let kept = witness(&store, 600);
    store.close().unwrap();
    (rows(&memory), kept)
}

fn findings(rows: &Rows, kept: &[String]) -> Vec<Finding> {
    store_of(rows).snapshot().unwrap().evidence_log().verify(kept).unwrap().findings
}

fn at(index: u64) -> (&'static str, Vec<u8>) {
    ("evidence", index.to_be_bytes().to_vec())
}

#[test]
fn an_entry_that_changed_on_disk_is_named() {
    let (original, kept) = original();
    for index in [0_u64, 255, 256, 599] {
        let mut rows = original.clone();
        *rows.get_mut(&at(index)).unwrap().last_mut().unwrap() ^= 1;
        let findings = findings(&rows, &kept);
        assert!(matches!(findings.first(), Some(Finding::Entry { index: found, .. }) if *found == index));
        assert!(findings[0].to_string().starts_with(&format!("entry {index}: ")), "{}", findings[0]);
    }
}

#[test]
fn when_the_end_of_the_log_is_damaged_nothing_is_written_and_the_rest_is_read() {
    let (mut rows, _) = original();
    *rows.get_mut(&at(599)).unwrap().last_mut().unwrap() ^= 1;
    let store = store_of(&rows);
    let refused = store.witness(vec![entry("record.read", "1", Outcome::Refused)]).unwrap_err();
    assert!(matches!(refused, CommitError::Store(StoreError::Damaged { .. })), "{refused}");
    assert!(refused.to_string().contains("restore"), "{refused}");
    let snapshot = store.snapshot().unwrap();
    assert_eq!((snapshot.evidence_len(), snapshot.evidence(0, 599).unwrap().len()), (600, 599));
    assert!(matches!(snapshot.evidence_log().check_end(), Err(StoreError::Damaged { .. })));
    store_of(&original().0).snapshot().unwrap().evidence_log().check_end().unwrap();
}

/// Writes the whole log again, tiles, head and signature too, from entries of the forger's choice.
fn rewritten(change: impl Fn(&mut Vec<dinh_store::Entry>)) -> Rows {
    let (original, _) = original();
    let store = store_of(&original);
    let mut entries: Vec<_> =
        store.snapshot().unwrap().evidence(0, 1_000).unwrap().into_iter().map(|r| r.entry).collect();
    change(&mut entries);
    let memory = Memory::new();
    let store = Store::with_backend(Box::new(memory.clone()), signer(), small()).unwrap();
    for entry in entries {
        store.witness(vec![entry]).unwrap();
    }
    let verified = store.snapshot().unwrap().evidence_log().verify(&[]).unwrap();
    assert_eq!(verified.findings, [], "by itself nothing tells it from a true one");
    store.close().unwrap();
    rows(&memory)
}

#[test]
fn a_past_that_was_rewritten_and_signed_again_is_found_out_by_any_head_of_it() {
    let (_, kept) = original();
    let forgeries: [(&str, Rows); 5] = [
        ("changed", rewritten(|entries| entries[3].subject = "somebody else".into())),
        ("removed", rewritten(|entries| drop(entries.remove(3)))),
        ("put in another order", rewritten(|entries| entries.swap(3, 4))),
        ("put in afterwards", rewritten(|entries| entries.insert(3, entries[0].clone()))),
        ("cut off", rewritten(|entries| entries.truncate(10))),
    ];
    for (what, rows) in forgeries {
        for head in &kept {
            let size = Checkpoint::open_unverified(head).unwrap().size;
            let found = findings(&rows, std::slice::from_ref(head));
            if size > 4 {
                assert!(
                    matches!(found[..], [Finding::Past { size: of, .. }] if of == size),
                    "{what}: {found:?}"
                );
            }
        }
    }
}

#[test]
fn tiles_heads_and_keys_that_were_tampered_with_are_named() {
    let (original, kept) = original();
    let store = store_of(&original);
    let other = Signer::from_seed("tests", [8; 32]).unwrap();
    let log = Memory::new();
    let foreign = Store::with_backend(Box::new(log), other, small()).unwrap();
    let theirs = witness(&foreign, 5);
    let findings_of =
        |heads: &[String]| store.snapshot().unwrap().evidence_log().verify(heads).unwrap().findings;
    assert!(matches!(findings_of(&theirs[..1])[..], [Finding::Foreign { place: 0, .. }]));
    let mut torn = kept[1].clone();
    torn.truncate(torn.len() - 9);
    let found = findings_of(&[kept[0].clone(), torn]);
    assert!(matches!(found[..], [Finding::Foreign { place: 1, .. }]), "{found:?}");

    let mut rows = original.clone();
    let tile = rows.keys().find(|(table, _)| *table == "tiles").unwrap().clone();
    rows.get_mut(&tile).unwrap()[100] ^= 1;
    assert_eq!(findings(&rows, &kept), [Finding::Tile { from: 0, to: 256 }]);

    let mut rows = original.clone();
    rows.remove(&("meta", b"head".to_vec())).unwrap();
    assert!(matches!(findings(&rows, &[])[..], [Finding::Head(_)]));
}

#[test]
fn the_head_is_durable_with_what_it_speaks_of() {
    let store = Engine::Disk.store(small());
    for head in witness(&store, 300) {
        assert!(head.starts_with("tests\n") && head.contains("\n— tests "), "{head}");
    }
    let snapshot = store.snapshot().unwrap();
    assert_eq!(snapshot.evidence_log().size(), 300);
}
