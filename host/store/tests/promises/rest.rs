//! The store's own rows at rest, changed at random: in each table, by accident and by somebody who knows how they
//! are checked. Nothing panics, nothing is shown that was not written, and what is wrong is named.
//!
//! `DINH_ROWS` sets how many inputs (2,000 when it is not set):
//!
//! ```text
//! DINH_ROWS=1000000 cargo test -p dinh-store --test promises -- --nocapture rest
//! ```

use dinh_store::backend::{Batch, Table};
use dinh_store::memory::Memory;
use dinh_store::{
    Backend, CommitError, Direction, KeyRange, Options, Outcome, Stage, Store, StoreError, Transaction,
};
use twox_hash::XxHash3_64;

use crate::support::{entry, put, signer, small};
use crate::workload::Random;

type Rows = Vec<(Table, Vec<u8>, Vec<u8>)>;

/// All rows of a store with something of everything in it, and enough evidence for a tile if asked.
fn rows(entries: usize) -> Rows {
    let memory = Memory::new();
    let store = Store::with_backend(Box::new(memory.clone()), signer(), small()).unwrap();
    for number in 0..4 {
        put(&store, &format!("row/{number}"), &format!("value {number}"));
    }
    let mut call = Transaction::new(store.snapshot().unwrap());
    call.draw(b"register".into());
    call.stage(Stage::Open { ranges: vec![KeyRange { start: b"row/".into(), end: Some(b"row0".into()) }] });
    let batch = store.commit(call.into_change(0, true)).unwrap().seq;
    let mut step = Transaction::staging(&store.snapshot().unwrap(), batch);
    step.put(b"row/staged".into(), b"staged".into());
    store.commit(step.into_change(batch.0, false)).unwrap();
    store
        .witness((0..entries).map(|n| entry("record.read", &n.to_string(), Outcome::Done)).collect())
        .unwrap();
    store.close().unwrap();

    let view = memory.view().unwrap();
    let mut rows = Rows::new();
    for table in Table::ALL {
        let mut cursor = view.walk(table, &[], None, Direction::Forward).unwrap();
        while cursor.advance().unwrap() {
            rows.push((table, cursor.key().to_vec(), cursor.value().to_vec()));
        }
    }
    rows
}

/// The check over key, version and value written anew, as whoever may write the file can.
fn seal(key: &[u8], stored: &mut [u8]) {
    let Some((head, rest)) = stored.split_at_mut_checked(12) else { return };
    let version = u64::from_le_bytes(head[..8].try_into().unwrap());
    let check = XxHash3_64::oneshot(rest) ^ XxHash3_64::oneshot_with_seed(version, key);
    let check = check.to_le_bytes();
    head[8..].copy_from_slice(&check[..4]);
}

/// Changes a row or two; whether their checks hold again.
fn change(rows: &mut Rows, random: &mut Random) -> bool {
    let sealed = random.below(3) == 0;
    for _ in 0..=random.below(2) {
        let at = random.below(rows.len() as u32) as usize;
        let other = rows[random.below(rows.len() as u32) as usize].2.clone();
        let (_, key, value) = &mut rows[at];
        match random.below(6) {
            0 => value.truncate(random.below(value.len() as u32 + 1) as usize),
            1 => *value = other,
            2 => {
                value.truncate(random.below(value.len() as u32 + 1) as usize);
                value.extend(&other[random.below(other.len() as u32 + 1) as usize..]);
            }
            3 => value.extend((0..random.below(20)).map(|_| random.below(256) as u8).collect::<Vec<_>>()),
            _ => {
                for _ in 0..=random.below(3) {
                    let place = random.below(value.len().max(1) as u32) as usize;
                    let byte = [0, 0xff, 0x80, random.below(256) as u8][random.below(4) as usize];
                    if let Some(changed) = value.get_mut(place) {
                        *changed = byte;
                    }
                }
            }
        }
        if sealed {
            seal(key, value);
        }
    }
    if random.below(20) == 0 {
        rows.remove(random.below(rows.len() as u32) as usize);
    }
    sealed
}

#[track_caller]
fn assert_named(error: &StoreError) {
    use StoreError::{Damaged, NewerFormat, OlderFormat, OtherKey};
    assert!(
        matches!(error, Damaged { .. } | NewerFormat { .. } | OlderFormat { .. } | OtherKey { .. }),
        "{error:?}"
    );
}

/// Does all there is to do with it; whether all was well.
fn live_with(rows: &Rows, written: &Rows, sealed: bool) -> bool {
    let memory = Memory::new();
    let mut batch = Batch::default();
    for (table, key, value) in rows {
        batch.put(*table, key.clone(), value.clone());
    }
    memory.apply(&batch).unwrap();
    let options = Options { memory: 100, ..small() };
    let store = match Store::with_backend(Box::new(memory), signer(), options) {
        Ok(store) => store,
        Err(error) => {
            assert_named(&error);
            return false;
        }
    };
    let mut well = true;
    let mut see = |result: Result<(), StoreError>| {
        if let Err(error) = result {
            assert_named(&error);
            well = false;
        }
    };
    let snapshot = store.snapshot().unwrap();
    for direction in [Direction::Forward, Direction::Backward] {
        for item in snapshot.range(b"", None, direction) {
            see(item.map(|(key, found)| {
                let as_written = |(table, known, value): &(Table, Vec<u8>, Vec<u8>)| {
                    *table == Table::Data && *known == key && value.ends_with(&found.value)
                };
                assert!(sealed || written.iter().any(as_written), "{}", found.value.escape_ascii());
            }));
        }
    }
    see(snapshot.evidence(0, 1_000).map(drop));
    let log = snapshot.evidence_log();
    see(log.head().map(drop));
    see(log.opened(0, 1_000).map(drop));
    see(log
        .verify(&[])
        .map(|verified| drop(verified.findings.iter().map(ToString::to_string).collect::<Vec<_>>())));
    for (batch, _) in snapshot.batches().take(100) {
        snapshot.staged(batch, b"", None).for_each(|item| see(item.map(drop)));
    }
    for policy in [u64::MAX >> 1, 0] {
        let mut call = Transaction::new(snapshot.clone());
        for item in call.range(b"row/", None, Direction::Forward) {
            see(item.map(drop));
        }
        call.put(b"row/1".into(), b"again".into());
        call.draw(b"register".into());
        call.evidence(entry("row.put", "1", Outcome::Done));
        match store.commit(call.into_change(policy, false)) {
            Ok(_) | Err(CommitError::Conflict(_) | CommitError::Malformed(_)) => {}
            Err(CommitError::Store(error)) => see(Err(error)),
            Err(other) => panic!("{other}"),
        }
    }
    match store.witness(vec![entry("row.read", "1", Outcome::Refused)]) {
        Ok(_) => {}
        Err(CommitError::Store(error)) => see(Err(error)),
        Err(other) => panic!("{other}"),
    }
    store.close().unwrap();
    well
}

#[test]
fn a_state_that_counts_as_far_as_numbers_go_is_damage() {
    // Commit, length of the evidence, policy floor, no batches, as postcard writes them.
    const END: [u8; 10] = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01];
    let good = rows(3);
    for state in [[&[][..], &END[..]], [&[9], &END], [&[9, 0], &END]].map(|parts| parts.concat()) {
        let mut rows = good.clone();
        let row = rows.iter_mut().find(|(table, key, _)| *table == Table::Meta && key == b"state").unwrap();
        row.2.truncate(12);
        row.2.extend(state);
        row.2.resize(12 + 13, 0);
        seal(b"state", &mut row.2);
        assert!(!live_with(&rows, &good, true));
    }
}

#[test]
fn rows_that_are_not_as_they_were_written_are_named_and_never_shown() {
    let inputs: u64 = std::env::var("DINH_ROWS").map_or(2_000, |inputs| inputs.parse().unwrap());
    let (few, many) = (rows(3), rows(258));
    assert!(live_with(&few, &few, false) && live_with(&many, &many, false), "as it is, all is well");
    let mut well = 0;
    for seed in 0..inputs {
        let mut random = Random(seed << 20);
        let written = if random.below(100) == 0 { &many } else { &few };
        let mut rows = written.clone();
        let sealed = change(&mut rows, &mut random);
        let outcome = std::panic::catch_unwind(|| live_with(&rows, written, sealed));
        well += u64::from(outcome.unwrap_or_else(|_| panic!("seed {seed}, sealed again: {sealed}")));
    }
    println!("{well} of {inputs} went unnoticed or did no harm");
    assert!(well < inputs / 2, "{well} of {inputs}");
}
