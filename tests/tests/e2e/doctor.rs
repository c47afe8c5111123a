//! `dinh doctor`: how the store is, and its maintenance.

use std::fs;
use std::process::Stdio;

use dinh_tests::folder::Folder;
use dinh_tests::programs::{command, run_on};
use dinh_tests::server::Server;
use serde_json::Value;

fn report(folder: &Folder) -> Value {
    let report = run_on(folder.path(), &["doctor", "--json"]).json();
    let number = |name: &str| report[name].as_u64().unwrap_or_else(|| panic!("{name}: {report}"));
    assert_eq!(number("file_bytes"), number("live_bytes") + number("reclaimable_bytes"));
    assert!(number("unfilled_bytes") < number("live_bytes"));
    assert!(number("last_commit") > 0 && number("evidence_entries") > 0 && number("disk_free_bytes") > 0);
    assert_eq!(number("format"), 1);
    report
}

#[test]
fn the_report_is_the_same_with_the_server_running_and_stopped() {
    let folder = Folder::demo();
    let stopped = report(&folder);
    let server = Server::start(folder.path());
    let running = report(&folder);
    for name in ["live_bytes", "last_commit", "evidence_entries", "imports", "staged_values", "format"] {
        assert!(running[name].as_u64() >= stopped[name].as_u64(), "{name}: {stopped} {running}");
    }
    let words = run_on(folder.path(), &["doctor"]);
    assert!(words.out.contains("\nreclaimable ") && words.out.contains("\nwhat to do "), "{words:?}");
    assert!(server.stop().success());
}

#[test]
fn under_an_account_the_report_needs_the_right_to_read_the_evidence() {
    let folder = Folder::demo();
    let administrator = folder.with_role("dinh.administrator");
    assert_eq!(run_on(folder.path(), &["doctor", "--as", &administrator.account]).code, Some(0));
    let outsider = folder.outsider();
    let refused = run_on(folder.path(), &["doctor", "--as", &outsider.account]);
    assert!(refused.refusal().contains("Read the evidence"), "{refused:?}");
    for maintenance in ["--check", "--compact"] {
        let wrong = run_on(folder.path(), &["doctor", maintenance, "--as", &administrator.account]);
        assert_eq!(wrong.code, Some(2), "{wrong:?}");
    }
}

#[test]
fn maintenance_waits_for_the_server_to_be_stopped() {
    let folder = Folder::bare();
    let server = Server::start(folder.path());
    for maintenance in ["--check", "--compact"] {
        let refused = run_on(folder.path(), &["doctor", maintenance]);
        assert!(refused.refusal().contains("stop its server"), "{refused:?}");
    }
    assert!(server.stop().success());
    for maintenance in ["--check", "--compact", "--check"] {
        assert_eq!(run_on(folder.path(), &["doctor", maintenance, "--json"]).code, Some(0));
    }
}

#[test]
fn a_check_counts_what_is_whole_and_names_what_is_not() {
    let folder = Folder::demo();
    let file = folder.path().join("dinh.redb");
    let entries = report(&folder)["evidence_entries"].clone();
    let whole = run_on(folder.path(), &["doctor", "--check", "--json"]).json();
    assert_eq!((&whole["damaged"], &whole["evidence_entries"]), (&Value::from(false), &entries));
    assert!(whole["rows"].as_u64().unwrap() > 100, "{whole}");

    // A word of the evidence that is there in clear, in every place where it stands.
    let mut bytes = fs::read(&file).unwrap();
    let word = b"account.created";
    let places: Vec<_> = bytes.windows(word.len()).enumerate().filter(|(_, found)| found == word).collect();
    let places: Vec<_> = places.into_iter().map(|(place, _)| place).collect();
    assert!(!places.is_empty());
    for place in places {
        bytes[place] ^= 1;
    }
    fs::write(&file, &bytes).unwrap();
    let refused = run_on(folder.path(), &["doctor", "--check"]);
    assert!(refused.refusal().contains("the store is damaged: "), "{refused:?}");
    assert!(refused.refusal().contains("dinh.redb"), "{refused:?}");
    assert!(fs::read(&file).unwrap() == bytes, "a check changes nothing");
    let refused = run_on(folder.path(), &["doctor", "--compact"]);
    assert!(refused.refusal().contains("the store is damaged: "), "{refused:?}");
    assert!(fs::read(&file).unwrap() == bytes, "what is damaged is not rewritten");
}

#[test]
fn compacting_gives_back_what_is_free_and_is_in_the_evidence() {
    let folder = Folder::demo();
    let before = report(&folder);
    let compacted = run_on(folder.path(), &["doctor", "--compact", "--json"]).json();
    assert!(compacted["file_bytes"].as_u64() <= compacted["file_bytes_before"].as_u64(), "{compacted}");
    let after = report(&folder);
    // What says so in the evidence takes some pages of its own, for which the file may grow by as much as it holds.
    let most = before["reclaimable_bytes"].as_u64().unwrap() + after["live_bytes"].as_u64().unwrap();
    assert!(after["reclaimable_bytes"].as_u64().unwrap() <= most, "{before} {after}");
    let evidence = run_on(folder.path(), &["audit", "list", "--as-operator", "--json"]).json();
    let compaction = |entry: &Value| entry["entry"]["detail"]["command"] == "doctor compact";
    assert!(evidence.as_array().unwrap().iter().any(compaction), "{evidence}");
    assert!(Server::start(folder.path()).stop().success());
}

#[test]
fn compacting_that_is_killed_loses_nothing() {
    let folder = Folder::demo();
    let file = folder.path().join("dinh.redb");
    let units = || run_on(folder.path(), &["unit", "list", "--as-operator", "--json"]).json();
    let expected = units();
    for writes in 1..6 {
        let mut compacting = command(&["doctor", "--compact"])
            .arg("--data")
            .arg(folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // After the n-th time that it was seen to write.
        let written = || fs::metadata(&file).unwrap().modified().unwrap();
        let (mut last, mut seen) = (written(), 0);
        while seen < writes && compacting.try_wait().unwrap().is_none() {
            let now = written();
            seen += usize::from(now != last);
            last = now;
        }
        let _ = compacting.kill();
        compacting.wait().unwrap();
        assert_eq!(units(), expected);
    }
    assert_eq!(run_on(folder.path(), &["doctor", "--check"]).code, Some(0));
}
