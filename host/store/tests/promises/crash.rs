//! Durable: a process that commits is killed again and again; what it acknowledged is there, whole.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

use dinh_model::key;
use dinh_store::{Direction, Fill, Outcome, Part, Store, Transaction};

use crate::support::{entry, file, signer, small};

const CHILD: &str = "DINH_STORE_TEST_CRASH";
const WRITERS: usize = 4;
const KILLS: usize = 10;

/// One deed: two rows, a number in both and in a third row's key, and evidence; all under `name`.
fn deed(name: &str) -> impl Fn(Transaction) -> dinh_store::Change {
    move |mut call| {
        let draw = call.draw(b"register".into());
        let mut row = vec![0; 8];
        row.extend(name.as_bytes());
        for half in ["left/", "right/"] {
            let fill = vec![Fill { draw, part: Part::Value, offset: 0 }];
            call.put_filled([half, name].concat().into(), row.clone(), fill);
        }
        let fill = vec![Fill { draw, part: Part::Key, offset: 7 }];
        call.put_filled([&b"number/"[..], &[0; 8]].concat(), name.into(), fill);
        call.evidence(entry("deed.done", name, Outcome::Done));
        call.into_change(0, false)
    }
}

/// Not a test of its own: the process that is killed.
#[test]
fn commits_until_it_is_killed() {
    let Some(path) = std::env::var_os(CHILD) else { return };
    let store = Store::open(path.as_ref(), signer(), small()).unwrap();
    let era = store.snapshot().unwrap().seq().0;
    thread::scope(|threads| {
        for writer in 0..WRITERS {
            let store = &store;
            threads.spawn(move || {
                for turn in 0.. {
                    let name = format!("{era}-{writer}-{turn}");
                    let change = deed(&name)(Transaction::new(store.snapshot().unwrap()));
                    store.commit(change).unwrap();
                    // One write of a whole line: what the parent reads was acknowledged.
                    let line = format!("\nack {name}\n");
                    std::io::stdout().write_all(line.as_bytes()).unwrap();
                    std::io::stdout().flush().unwrap();
                }
            });
        }
    });
}

/// Runs the child until it has acknowledged `enough` deeds, kills it, and returns all it acknowledged.
fn run_and_kill(path: &Path, enough: usize) -> Vec<String> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "crash::commits_until_it_is_killed", "--nocapture"])
        .env(CHILD, path)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut acknowledged = Vec::new();
    for line in BufReader::new(child.stdout.take().unwrap()).split(b'\n') {
        let line = String::from_utf8(line.unwrap()).unwrap();
        if let Some(name) = line.strip_prefix("ack ") {
            acknowledged.push(name.to_owned());
            if acknowledged.len() == enough {
                // SIGKILL; what is in the pipe is still read.
                child.kill().unwrap();
            }
        }
    }
    let status = child.wait().unwrap();
    assert!(!status.success() && acknowledged.len() >= enough, "the child ended by itself: {status}");
    acknowledged
}

#[test]
fn what_was_acknowledged_before_a_kill_is_there_whole_and_nothing_is_there_by_half() {
    let folder = tempfile::tempdir().unwrap();
    let mut acknowledged = BTreeSet::new();
    for round in 0..KILLS {
        acknowledged.extend(run_and_kill(&file(&folder), 1 + round * 37));

        let store = Store::open(&file(&folder), signer(), small()).unwrap();
        let snapshot = store.snapshot().unwrap();
        let evidence = snapshot.evidence(0, usize::MAX).unwrap();
        assert!(evidence.iter().map(|recorded| recorded.index).eq(0..snapshot.evidence_len()));
        let done: BTreeSet<String> = evidence.iter().map(|recorded| recorded.entry.subject.clone()).collect();
        assert_eq!(done.len(), evidence.len(), "every deed once");
        assert_eq!(snapshot.seq().0, evidence.len() as u64);
        let missing: Vec<_> = acknowledged.difference(&done).collect();
        assert!(missing.is_empty(), "acknowledged and lost: {missing:?}");

        let numbers = snapshot.range(b"number/", Some(b"number0"), Direction::Forward);
        let mut count = 0;
        for (number, item) in (1i64..).zip(numbers) {
            let (key, stored) = item.unwrap();
            assert_eq!(key[7..], key::integer(number), "numbers without a gap");
            let name = String::from_utf8(stored.value).unwrap();
            assert!(done.contains(&name));
            for half in ["left/", "right/"] {
                let row = snapshot.get([half, &name].concat().as_bytes()).unwrap().unwrap();
                assert_eq!(row.version, stored.version, "one change, one version");
                assert_eq!(row.value, [&number.to_le_bytes()[..], name.as_bytes()].concat());
            }
            count += 1;
        }
        assert_eq!(count, done.len(), "every deed has its number");
        for half in ["left/", "right/"] {
            let end = key::after_prefix(half.as_bytes());
            assert_eq!(snapshot.range(half.as_bytes(), end.as_deref(), Direction::Forward).count(), count);
        }
        store.close().unwrap();
    }
}
