//! Durable: a process that commits is killed again and again, at any moment; what it acknowledged is there,
//! whole.
//!
//! `DINH_KILLS` sets how many times (100 when it is not set); 1,000 take some minutes:
//!
//! ```text
//! DINH_KILLS=1000 cargo test -p dinh-store --test promises -- --nocapture crash
//! ```
//! The kill is SIGKILL: what the system had taken is still written. What a power cut leaves is in `faults`.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use dinh_model::key::{after_prefix, integer};
use dinh_store::{Direction, Seq, Snapshot, Store, Stored};

use crate::clerks::{self, IMPORTED, REGISTERS};
use crate::support::{file, signer, small};
use crate::workload::Random;

const CHILD: &str = "DINH_STORE_TEST_CRASH";
const KILLS: &str = "DINH_KILLS";
/// Kills that one file goes through.
const EACH: usize = 25;
/// Heads that are kept of each process.
const HEADS: usize = 4;

/// Not a test of its own: the process that is killed.
#[test]
fn commits_until_it_is_killed() {
    if let Some(path) = std::env::var_os(CHILD) {
        clerks::work(path.as_ref());
    }
}

/// What was acknowledged, in the order in which it was heard of.
#[derive(Default)]
struct Told {
    /// Letters with their register and number.
    added: BTreeMap<String, (String, i64)>,
    amended: BTreeSet<String>,
    refused: BTreeSet<String>,
    published: BTreeSet<u64>,
    /// Steps of imports that are not known to be published.
    steps: BTreeMap<u64, u64>,
    heads: Vec<String>,
}

impl Told {
    /// Takes note of one line; whether it was an acknowledgement.
    fn hear(&mut self, line: &str) -> bool {
        let words: Vec<&str> = line.split(' ').collect();
        match words[..] {
            ["added", name, register, number] => {
                let first = self.added.insert(name.into(), (register.into(), number.parse().unwrap()));
                assert_eq!(first, None, "every letter once");
            }
            ["amended", name] => assert!(self.amended.insert(name.into())),
            ["refused", name] => assert!(self.refused.insert(name.into())),
            ["step", batch, step] => {
                self.steps.insert(batch.parse().unwrap(), step.parse().unwrap());
            }
            ["published", batch] => assert!(self.published.insert(batch.parse().unwrap())),
            _ => return false,
        }
        true
    }
}

/// Runs the child, kills it a little after it acknowledged `enough`, and hears all that it said. With 0, that
/// is while it opens the file.
fn run_and_kill(path: &Path, enough: usize, random: &mut Random, told: &mut Told) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "crash::commits_until_it_is_killed", "--nocapture"])
        .env(CHILD, path)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let (mut acknowledged, mut killed) = (0, false);
    let mut heads = Vec::new();
    for line in BufReader::new(child.stdout.take().unwrap()).split(b'\n') {
        let line = String::from_utf8(line.unwrap()).unwrap();
        acknowledged += usize::from(told.hear(&line));
        if let Some(head) = line.strip_prefix("head ") {
            heads.push(head.replace('\\', "\n"));
        }
        if !killed && acknowledged >= enough && (enough > 0 || line == "opening") {
            // Any moment of a commit, of the answers, or of opening.
            let longest = 1 << (10 + random.below(12));
            (0..random.below(longest)).for_each(|_| std::hint::spin_loop());
            // SIGKILL; what is in the pipe is still read.
            child.kill().unwrap();
            killed = true;
        }
    }
    let status = child.wait().unwrap();
    assert!(killed && !status.success(), "the child ended by itself: {status}");
    told.heads.extend(heads.into_iter().rev().take(HEADS));
}

fn all(snapshot: &Snapshot, prefix: &str) -> Vec<(Vec<u8>, Stored)> {
    let end = after_prefix(prefix.as_bytes());
    snapshot.range(prefix.as_bytes(), end.as_deref(), Direction::Forward).map(Result::unwrap).collect()
}

/// A letter as it is found.
struct Letter {
    register: String,
    number: i64,
    state: u8,
    version: Seq,
}

fn letters(snapshot: &Snapshot) -> BTreeMap<String, Letter> {
    let letter = |(key, stored): (Vec<u8>, Stored)| {
        let (number, rest) = stored.value.split_first_chunk::<8>().unwrap();
        let (state, rest) = rest.split_first().unwrap();
        let (register, name) = std::str::from_utf8(rest).unwrap().split_once('|').unwrap();
        assert_eq!(key, clerks::row(name));
        let (number, register) = (i64::from_le_bytes(*number), register.into());
        (name.to_owned(), Letter { register, number, state: *state, version: stored.version })
    };
    all(snapshot, "row/").into_iter().map(letter).collect()
}

/// The subjects of the evidence by action, and that each is there once.
fn evidence(snapshot: &Snapshot) -> HashMap<String, BTreeMap<String, Seq>> {
    let mut subjects: HashMap<String, BTreeMap<String, Seq>> = HashMap::new();
    for recorded in snapshot.evidence(0, usize::MAX).unwrap() {
        let of = subjects.entry(recorded.entry.action.clone()).or_default();
        let first = of.insert(recorded.entry.subject.clone(), recorded.seq);
        assert_eq!(first, None, "{} of {} twice", recorded.entry.action, recorded.entry.subject);
    }
    subjects
}

fn check_letters(snapshot: &Snapshot, told: &Told, evidence: &HashMap<String, BTreeMap<String, Seq>>) {
    let letters = letters(snapshot);
    let none = BTreeMap::new();
    let (done, amended) =
        (evidence.get("deed.done").unwrap_or(&none), evidence.get("deed.amended").unwrap_or(&none));
    assert!(letters.keys().eq(done.keys()), "every letter has its evidence, and nothing else has");
    for (name, (register, number)) in &told.added {
        let found = letters.get(name).unwrap_or_else(|| panic!("acknowledged and lost: {name}"));
        assert_eq!((&found.register, found.number), (register, *number), "the number that was said");
    }
    assert!(told.amended.iter().all(|name| amended.contains_key(name)), "acknowledged and lost");
    for (name, letter) in &letters {
        let version = if letter.state == 0 { done[name] } else { amended[name] };
        assert_eq!((letter.version, letter.state == 1), (version, amended.contains_key(name)), "{name}");
        let place = snapshot.get(&clerks::place(&letter.register, letter.number)).unwrap().unwrap();
        assert_eq!((place.value.as_slice(), place.version), (name.as_bytes(), done[name]), "one change");
        let state = snapshot.version(&clerks::state(letter.state, name)).unwrap();
        assert_eq!(state, Some(letter.version), "{name}");
    }
    // And nothing in an index that is not in a row.
    assert_eq!(all(snapshot, "number/").len(), letters.len());
    assert_eq!(all(snapshot, "state/").len(), letters.len());
    for register in REGISTERS {
        let prefix = format!("number/{register}/");
        let numbers: Vec<_> =
            all(snapshot, &prefix).into_iter().map(|(key, _)| key[prefix.len()..].to_vec()).collect();
        let count = numbers.len() as i64;
        assert!((1..=count).map(|number| integer(number).to_vec()).eq(numbers), "{register} has no gap");
        let last = snapshot.get(&clerks::register(register)).unwrap();
        let last = last.map_or(0, |stored| i64::from_le_bytes(stored.value.try_into().unwrap()));
        assert_eq!(last, count, "{register}");
    }
}

fn check_imports(snapshot: &Snapshot, told: &Told, published: &BTreeMap<String, Seq>) {
    let rows: Vec<_> = all(snapshot, "bulk/").into_iter().map(|(key, _)| key).collect();
    let mut index: Vec<_> = all(snapshot, "bulkindex/").into_iter().map(|(_, row)| row.value).collect();
    index.sort();
    assert_eq!(rows, index, "rows and index agree");
    let batches: BTreeSet<u64> = published.keys().map(|batch| batch.parse().unwrap()).collect();
    let mut expected: Vec<_> = batches
        .iter()
        .flat_map(|batch| (0..IMPORTED).map(|number| clerks::imported(Seq(*batch), number).0))
        .collect();
    expected.sort();
    assert_eq!(rows, expected, "an import is visible whole, or not at all");
    assert!(told.published.is_subset(&batches), "acknowledged and lost");
    for (batch, count) in snapshot.batches() {
        assert!(!batches.contains(&batch.0));
        let staged = snapshot.staged(batch, b"", None).map(Result::unwrap).count() as u64;
        assert_eq!(staged, count, "it knows how many rows it has staged");
        let acknowledged = told.steps.get(&batch.0).copied().unwrap_or(0);
        // The next one may have begun to give it up.
        assert!(
            staged == 0 || (staged.is_multiple_of(8) && staged >= acknowledged * 8),
            "{batch:?}: {staged}"
        );
    }
}

fn check(path: &Path, told: &Told) {
    let store = Store::open(path, signer(), small()).unwrap();
    let snapshot = store.snapshot().unwrap();
    let evidence = evidence(&snapshot);
    check_letters(&snapshot, told, &evidence);
    let none = BTreeMap::new();
    let of = |action| evidence.get(action).unwrap_or(&none);
    check_imports(&snapshot, told, of("rows.published"));
    assert!(told.refused.iter().all(|name| of("deed.refused").contains_key(name)), "acknowledged and lost");
    let verified = snapshot.evidence_log().verify(&told.heads).unwrap();
    assert_eq!((verified.findings, verified.heads), (vec![], told.heads.len()));
    assert_eq!(verified.entries, snapshot.evidence_len());
    store.close().unwrap();
}

#[test]
fn what_was_acknowledged_before_a_kill_is_there_whole_and_nothing_is_there_by_half() {
    let kills: usize = std::env::var(KILLS).map_or(100, |kills| kills.parse().unwrap());
    let mut random = Random(u64::from(std::process::id()));
    println!("seed {}", std::process::id());
    let (mut letters, mut imports) = (0, 0);
    for first in (0..kills).step_by(EACH) {
        let folder = tempfile::tempdir().unwrap();
        let mut told = Told::default();
        // It is made here: what is killed while it makes the file has acknowledged nothing.
        check(&file(&folder), &told);
        for _ in first..kills.min(first + EACH) {
            let enough = if random.below(8) == 0 { 0 } else { 1 + random.below(60) };
            run_and_kill(&file(&folder), enough as usize, &mut random, &mut told);
            check(&file(&folder), &told);
        }
        letters += told.added.len();
        imports += told.published.len();
    }
    println!("{kills} kills, {letters} letters and {imports} imports acknowledged");
    assert!(letters > kills && imports > kills / 20, "{letters} letters, {imports} imports");
}
