//! Many callers share a batch that the engine refuses, keeps, or keeps and refuses: each of them is answered, and
//! what it is told is so.

use std::collections::{BTreeMap, BTreeSet};
use std::thread;

use dinh_model::key::integer;
use dinh_store::{CommitError, Direction, Fill, Outcome, Part, Seq, Store, Transaction};

use crate::fickle::{Fate, Fickle};
use crate::support::{entry, signer, small};
use crate::workload::Random;

const WRITERS: u64 = 8;
const TURNS: usize = 150;

/// One deed: a row, a number in the key of another, and evidence.
fn deed(store: &Store, name: &str) -> Result<(Seq, i64), CommitError> {
    let mut call = Transaction::new(store.snapshot()?);
    call.put(format!("row/{name}").into(), vec![]);
    let draw = call.draw(b"register".into());
    let fill = vec![Fill { draw, part: Part::Key, offset: 7 }];
    call.put_filled([&b"number/"[..], &[0; 8]].concat(), name.into(), fill);
    call.evidence(entry("deed.done", name, Outcome::Done));
    store.commit(call.into_change(0, false)).map(|committed| (committed.seq, committed.numbers[0]))
}

/// What became of the deeds of one writer: done with what numbers, or failed. Between deeds it may see to it that
/// the engine fails at the next batch, whosever it is.
fn write(store: &Store, fickle: &Fickle, writer: u64) -> (BTreeMap<String, (Seq, i64)>, BTreeSet<String>) {
    let mut random = Random(writer);
    let (mut done, mut failed) = (BTreeMap::new(), BTreeSet::new());
    for turn in 0..TURNS {
        match random.below(40) {
            0 => fickle.set(Fate::Lost),
            1 => fickle.set(Fate::AnswerLost),
            2 => fickle.blind(1),
            _ => {}
        }
        let name = format!("{writer}/{turn}");
        match deed(store, &name) {
            Ok(said) => assert!(done.insert(name, said).is_none()),
            Err(CommitError::Store(_)) => assert!(failed.insert(name)),
            Err(other) => panic!("{other}"),
        }
    }
    (done, failed)
}

#[test]
fn each_caller_of_a_failed_batch_is_told_so_and_nobody_of_another() {
    let fickle = Fickle::default();
    let open = || Store::with_backend(Box::new(fickle.clone()), signer(), small()).unwrap();
    let store = open();
    let (mut done, mut failed) = (BTreeMap::new(), BTreeSet::new());
    thread::scope(|threads| {
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let (store, fickle) = (&store, &fickle);
                threads.spawn(move || write(store, fickle, writer))
            })
            .collect();
        for writer in writers {
            let (one, other) = writer.join().unwrap();
            done.extend(one);
            failed.extend(other);
        }
    });
    store.close().unwrap();
    fickle.recover();
    let store = open();
    let snapshot = store.snapshot().unwrap();
    let entries = snapshot.evidence(0, usize::MAX).unwrap();
    let there: BTreeMap<String, Seq> =
        entries.iter().map(|recorded| (recorded.entry.subject.clone(), recorded.seq)).collect();
    assert_eq!(there.len(), entries.len(), "every deed once");
    assert!(done.iter().all(|(name, (seq, _))| there.get(name) == Some(seq)), "acknowledged and lost");
    let kept = failed.iter().filter(|name| there.contains_key(*name)).count();
    assert!(kept > 0 && kept < failed.len(), "{kept} of {} that failed are there", failed.len());
    assert_eq!(done.len() + kept, there.len());
    assert!(done.len() > failed.len() / 4, "{} done, {} failed: it goes on", done.len(), failed.len());
    println!("{} done, {} failed, {kept} of them there", done.len(), failed.len());

    let rows = snapshot.range(b"row/", Some(b"row0"), Direction::Forward);
    let rows: BTreeMap<String, Seq> = rows
        .map(Result::unwrap)
        .map(|(key, stored)| (String::from_utf8(key[4..].to_vec()).unwrap(), stored.version))
        .collect();
    assert_eq!(rows, there, "whole or not at all");
    let mut count = 0;
    for (number, item) in (1_i64..).zip(snapshot.range(b"number/", Some(b"number0"), Direction::Forward)) {
        let (key, stored) = item.unwrap();
        let name = String::from_utf8(stored.value).unwrap();
        assert_eq!(key[7..], integer(number), "numbers without a gap");
        assert_eq!(there.get(&name), Some(&stored.version));
        assert!(done.get(&name).is_none_or(|(_, said)| *said == number), "the number that was said");
        count += 1;
    }
    assert_eq!(count, there.len());
    assert_eq!(snapshot.evidence_log().verify(&[]).unwrap().findings, []);
}
