//! Exports, proofs and heads over a real store; what was changed is named.

use std::fs;
use std::path::{Path, PathBuf};

use dinh_model::Actor;
use dinh_store::{Entry, Outcome};
use tempfile::TempDir;

use super::*;
use crate::deeds::{self, AuditDeed, Authority, Deed, Input};
use crate::folder::Folder;
use crate::house::House;

/// A house of its own; with the key of another if one is given.
fn house(key: Option<&Path>) -> (TempDir, House) {
    let outer = tempfile::tempdir().unwrap();
    let path = outer.path().join("data");
    let folder = Folder::begin(&path).unwrap();
    if let Some(key) = key {
        fs::copy(key, path.join(crate::key::KEY_FILE)).unwrap();
    }
    (outer, House::begin(folder, &crate::config::Config::default()).unwrap())
}

/// Puts entries into the evidence.
fn add(house: &House, word: &str, count: usize) {
    let entry = |number: usize| Entry {
        at: "2025-07-01T00:00:00Z".parse().unwrap(),
        actor: Actor::Public,
        plugin: None,
        action: format!("{word}.done"),
        subject: format!("{word}:{number}"),
        records: Vec::new(),
        outcome: Outcome::Done,
        detail: Default::default(),
    };
    house.platform().store().witness((0..count).map(entry).collect()).unwrap();
}

fn ask(house: &House, deed: AuditDeed) -> Result<Reply> {
    deeds::perform(house, &Authority::operator(), Deed::Audit(deed), Input::default())
}

fn head(house: &House) -> String {
    ask(house, AuditDeed::Head).unwrap().value["checkpoint"].as_str().unwrap().to_owned()
}

fn key(house: &House) -> String {
    ask(house, AuditDeed::Key).unwrap().text
}

fn heads(text: &str) -> Heads {
    Heads::parse("heads.txt", text.as_bytes().to_vec()).unwrap()
}

fn findings(reply: &Reply) -> Vec<Finding> {
    serde_json::from_value(reply.value["findings"].clone()).unwrap()
}

/// Verifies the log of a house against heads.
fn verify(house: &House, kept: &str) -> Vec<Finding> {
    let input = Input { file: Some(deeds::Bytes(kept.as_bytes().to_vec())), ..Input::default() };
    let deed = Deed::Audit(AuditDeed::Verify { heads: Some("heads.txt".into()) });
    findings(&deeds::perform(house, &Authority::operator(), deed, input).unwrap())
}

/// Every file below a folder.
fn files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() { found.extend(files(&entry)) } else { found.push(entry) }
    }
    found
}

#[test]
fn an_export_verifies_from_the_key_alone_and_every_part_of_it_that_is_changed_is_named() {
    let (outer, house) = house(None);
    add(&house, "work", 600);
    let early = head(&house);
    add(&house, "work", 1);
    let dir = outer.path().join("export");
    let done = export(&dir, |deed| ask(&house, deed)).unwrap();
    let key = key(&house);
    assert_eq!((done.value["readable"].as_u64(), done.value["entries"].as_u64()), {
        let size = done.value["entries"].as_u64();
        (size, size)
    });
    let check = |heads: &Heads| verify_export(&dir, Some(&key), heads).unwrap();
    let kept = heads(&early);
    let whole = check(&kept);
    assert_eq!(findings(&whole), [], "{whole:?}");
    assert_eq!(whole.value["root"], done.value["root"]);
    assert!(whole.text.contains("the one kept head is of its past"), "{}", whole.text);
    Verdict::judge(&whole).unwrap();

    let parts = files(&dir);
    assert!(parts.len() >= 9, "{parts:?}");
    for part in parts.iter().filter(|part| !part.ends_with(KEY)) {
        let name = part.strip_prefix(&dir).unwrap().to_str().unwrap();
        let content = fs::read(part).unwrap();
        for (at, bit) in [(0, 1), (content.len() / 2, 1), (content.len() - 2, 4)] {
            let mut changed = content.clone();
            changed[at] ^= bit;
            fs::write(part, changed).unwrap();
            let found = findings(&check(&Heads::default()));
            let named = |finding: &Finding| finding.place.split(':').next() == Some(name);
            assert!(found.iter().all(named) && !found.is_empty(), "{name}, byte {at}: {found:?}");
        }
        fs::write(part, &content[..content.len() - 3]).unwrap();
        assert!(!findings(&check(&Heads::default())).is_empty(), "{name} cut short");
        fs::remove_file(part).unwrap();
        match (name, verify_export(&dir, Some(&key), &Heads::default())) {
            (LINES, reply) => assert_eq!(reply.unwrap().value["readable"], 0, "handed on without entries"),
            ("checkpoint", reply) => assert!(reply.unwrap_err().to_string().contains("not finished")),
            (_, reply) => assert!(findings(&reply.unwrap()).iter().any(|finding| finding.place == name)),
        }
        fs::write(part, &content).unwrap();
    }
    assert_eq!(findings(&check(&kept)), []);
}

#[test]
fn what_an_export_says_beside_its_bytes_is_compared_with_them() {
    let (outer, house) = house(None);
    add(&house, "work", 3);
    let dir = outer.path().join("export");
    export(&dir, |deed| ask(&house, deed)).unwrap();
    let lines = fs::read_to_string(dir.join(LINES)).unwrap();
    let check = |lines: String| {
        fs::write(dir.join(LINES), lines).unwrap();
        findings(&verify_export(&dir, None, &Heads::default()).unwrap())
    };
    let found = check(lines.replacen("work.done", "play.done", 1));
    assert!(found.len() == 1 && found[0].what.contains("`entry` says something else"), "{found:?}");
    // Also in the name of what is empty.
    let found = check(lines.replacen("\"plugin\":null", "\"plugio\":null", 1));
    assert!(found.len() == 1 && found[0].what.contains("unknown field `plugio`"), "{found:?}");
    let mut turned: Vec<&str> = lines.lines().collect();
    turned.swap(0, 1);
    let found = check(turned.join("\n"));
    assert!(found.len() == 1 && found[0].place == "entries.jsonl:2", "{found:?}");
    // Nobody has to hand on all of them.
    assert_eq!(check(lines.lines().skip(1).step_by(2).collect::<Vec<_>>().join("\n")), []);
    let beyond = lines.lines().last().unwrap().replacen("\"index\":", "\"index\":9", 1);
    let found = check(format!("{lines}{beyond}\n"));
    assert!(found.len() == 1 && found[0].what.contains("and the log has"), "{found:?}");
}

#[test]
fn an_export_is_there_whole_or_not_at_all() {
    let (outer, house) = house(None);
    add(&house, "work", 20_000);
    let dir = outer.path().join("export");
    let mut asked = 0;
    let failed = export(&dir, |deed| {
        asked += 1;
        if asked > 2 { anyhow::bail!("the server stopped") } else { ask(&house, deed) }
    });
    assert!(failed.unwrap_err().to_string().contains("the server stopped"));
    assert!(!dir.exists());
    export(&dir, |deed| ask(&house, deed)).unwrap();
    let again = export(&dir, |deed| ask(&house, deed)).unwrap_err().to_string();
    assert!(again.contains("is not empty"), "{again}");
    let verified = verify_export(&dir, None, &Heads::default()).unwrap();
    assert!(findings(&verified).is_empty() && verified.value["entries"].as_u64() > Some(20_000));
}

#[test]
fn entries_that_are_long_come_in_shorter_slices() {
    let (outer, house) = house(None);
    for _ in 0..3 {
        add(&house, &"w".repeat(10_000), 1000);
    }
    let dir = outer.path().join("export");
    let mut longest = 0;
    export(&dir, |deed| {
        let reply = ask(&house, deed)?;
        longest = longest.max(reply.value.to_string().len());
        Ok(reply)
    })
    .unwrap();
    assert!((32 << 20..80 << 20).contains(&longest), "{longest}");
    assert_eq!(findings(&verify_export(&dir, None, &Heads::default()).unwrap()), []);
}

#[test]
fn a_proof_carries_its_entry_and_proves_nothing_else() {
    let (outer, house) = house(None);
    add(&house, "work", 300);
    let key = key(&house);
    let file = outer.path().join("17.tlog-proof");
    let proof = ask(&house, AuditDeed::Prove { index: Some(17), from: None }).unwrap();
    let text = proof.value["proof"].as_str().unwrap();
    assert_eq!(proof.text, text.trim_end());
    fs::write(&file, text).unwrap();
    let verified = verify_proof(&file, &key, &Heads::default()).unwrap();
    assert_eq!(verified.value["entry"], proof.value["entry"]);
    for (was, is) in [("index 17", "index 18"), ("extra AAAA", "extra AAAB"), ("\n\ndinh/", "\n\ndinh.")] {
        let changed = text.replacen(was, is, 1);
        assert_ne!(changed, text, "{was}");
        fs::write(&file, changed).unwrap();
        let refused = verify_proof(&file, &key, &Heads::default()).unwrap_err();
        assert!(crate::reply::refusal(&refused).contains("proves nothing"), "{refused:#}");
    }
    let missing = ask(&house, AuditDeed::Prove { index: Some(100_000), from: None }).unwrap_err();
    assert!(missing.to_string().contains("there is no entry 100000"), "{missing}");
}

#[test]
fn a_continuation_is_proved_from_a_kept_head() {
    let (outer, house) = house(None);
    add(&house, "work", 300);
    let early = head(&house);
    let size = early.lines().nth(1).unwrap().parse().unwrap();
    add(&house, "work", 1000);
    let key = key(&house);
    let proof = ask(&house, AuditDeed::Prove { index: None, from: Some(size) }).unwrap();
    let file = outer.path().join("continuation");
    fs::write(&file, proof.value["proof"].as_str().unwrap()).unwrap();
    let verified = verify_proof(&file, &key, &heads(&early)).unwrap();
    assert_eq!(verified.value["old"], size);
    let without = verify_proof(&file, &key, &Heads::default()).unwrap_err();
    assert!(crate::reply::refusal(&without).contains("give a head of that size"), "{without:#}");
    let beyond = ask(&house, AuditDeed::Prove { index: None, from: Some(100_000) }).unwrap_err();
    assert!(beyond.to_string().contains("never had 100000"), "{beyond}");
}

#[test]
fn a_log_rewritten_from_the_start_with_the_same_key_is_found_by_any_head_that_was_kept() {
    let (outer, honest) = house(None);
    add(&honest, "work", 300);
    let early = head(&honest);
    add(&honest, "work", 300);
    let file = format!("{early}{}", head(&honest));
    assert_eq!(verify(&honest, &file), []);

    let key_file = outer.path().join("data").join(crate::key::KEY_FILE);
    let (_outer, forger) = house(Some(&key_file));
    assert_eq!(key(&forger), key(&honest));
    add(&forger, "play", 500);
    // It is in order for whoever kept nothing.
    assert_eq!(findings(&ask(&forger, AuditDeed::Verify { heads: None }).unwrap()), []);
    let found = verify(&forger, &file);
    assert_eq!(found.len(), 2, "{found:?}");
    assert_eq!(found[0].place, "heads.txt:1");
    assert!(found[0].what.contains("were changed, removed, reordered"), "{found:?}");
    assert_eq!(found[1].place, "heads.txt:6");
    assert!(found[1].what.contains("its end was cut off"), "{found:?}");

    // An export of it is found out in the same way.
    let dir = outer.path().join("export");
    export(&dir, |deed| ask(&forger, deed)).unwrap();
    let found = findings(&verify_export(&dir, Some(&key(&honest)), &heads(&file)).unwrap());
    assert_eq!(
        found.iter().map(|finding| finding.place.as_str()).collect::<Vec<_>>(),
        ["heads.txt:1", "heads.txt:6"]
    );
}

#[test]
fn a_pipe_in_an_export_is_refused_and_not_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("checkpoint");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let refused = folder::read(&pipe, 10).unwrap_err().to_string();
    assert!(refused.contains("checkpoint is no plain file"), "{refused}");
}

#[test]
fn heads_are_read_as_editors_save_them() {
    let (_outer, house) = house(None);
    let head = head(&house);
    for saved in [format!("\u{feff}{head}"), head.trim_end().to_owned(), format!("\u{feff}\n{head}\n\n")] {
        assert_eq!(heads(&saved).count(), 1);
        assert_eq!(verify(&house, &saved), [], "{saved:?}");
    }
}

#[test]
fn heads_that_are_no_heads_of_this_log_are_named_with_their_line() {
    let (_outer, ours) = house(None);
    let (_other, theirs) = house(None);
    let (early, foreign) = (head(&ours), head(&theirs));
    let mut forged = early.clone().into_bytes();
    let at = early.find("\n\n").unwrap() - 5;
    forged[at] = if forged[at] == b'A' { b'B' } else { b'A' };
    let forged = String::from_utf8(forged).unwrap();
    let found = verify(&ours, &format!("{early}\n{foreign}{forged}nonsense\n"));
    let places: Vec<_> = found.iter().map(|finding| finding.place.as_str()).collect();
    assert_eq!(places.len(), 3, "{found:?}");
    for (line, words) in [
        ("heads.txt:7", "none of the known keys"),
        ("heads.txt:12", "signature"),
        ("heads.txt:17", "no head"),
    ] {
        let named = found.iter().find(|finding| finding.place == line);
        assert!(named.is_some_and(|finding| finding.what.contains(words)), "{line} {words}: {found:?}");
    }
    assert!(Heads::parse("heads.txt", Vec::new()).unwrap_err().to_string().contains("has no heads"));
}

#[test]
fn entries_found_are_kept_with_their_proofs_and_every_letter_of_them_that_is_changed_is_named() {
    let (outer, house) = house(None);
    add(&house, "work", 300);
    let early = head(&house);
    add(&house, "rest", 2);
    let file = outer.path().join("found.json");
    let list = |action: &str, proofs: Option<PathBuf>| {
        let only = serde_json::json!({ "action": action });
        let only = serde_json::from_value(only).unwrap();
        ask(&house, AuditDeed::List { from: None, limit: 100, only, proofs })
    };
    let said = keep_proofs(&file, || list("rest.", Some(file.clone()))).unwrap();
    assert_eq!(said.value.as_array().unwrap().len(), 2);
    assert!(said.text.ends_with("found.json: 2 entries with what proves them"), "{}", said.text);
    let taken = keep_proofs(&file, || panic!("nothing is taken out for a file that cannot be made"));
    assert!(taken.is_err());

    let key = key(&house);
    let check = |text: &str, heads: &Heads| {
        fs::write(&file, text).unwrap();
        verify_proofs(&file, &key, heads)
    };
    let text = fs::read_to_string(&file).unwrap();
    let whole = check(&text, &Heads::default()).unwrap();
    assert_eq!(findings(&whole), []);
    assert!(whole.text.contains("2 entries, as written"), "{}", whole.text);
    // The head of the moment they were found; one of another size can say nothing of them.
    assert!(check(&text, &heads(&early)).unwrap().text.contains("no head that somebody kept"));
    let of_the_file: serde_json::Value = serde_json::from_str(&text).unwrap();
    let kept = heads(of_the_file["checkpoint"].as_str().unwrap());
    assert!(check(&text, &kept).unwrap().text.contains("the one kept head of that size says the same"));

    for (from, to, place) in [
        ("rest:0", "rest:7", "entries["),
        ("\"done\"", "\"refused\"", "entries["),
        ("\"index\":301", "\"index\":300", "entries["),
        ("\"commit\":", "\"commit\":1", "entries["),
        ("\"records\":[]", "\"records\":[\"01941f29-7c00-7aaa-8bbb-0123456789ab\"]", "entries["),
        ("\"salted\":\"", "\"salted\":\"AAAA", "entries["),
        ("\"hashes\":[\"", "\"hashes\":[\"A", "entries["),
    ] {
        let changed = text.replacen(from, to, 1);
        assert_ne!(changed, text, "{from}");
        let found = findings(&check(&changed, &Heads::default()).unwrap());
        assert!(found.iter().any(|finding| finding.place.starts_with(place)), "{from}: {found:?}");
    }
    let mut other = of_the_file.clone();
    let checkpoint = of_the_file["checkpoint"].as_str().unwrap().replacen("\n30", "\n31", 1);
    other["checkpoint"] = checkpoint.into();
    let found = findings(&check(&other.to_string(), &Heads::default()).unwrap());
    assert!(found.iter().any(|finding| finding.place == "checkpoint"), "{found:?}");
    let fewer = text.replacen("\"key\":", "\"kez\":", 1);
    assert!(check(&fewer, &Heads::default()).is_err());
}

#[test]
fn a_record_nobody_has_is_seen_by_nobody() {
    let (_outer, house) = house(None);
    add(&house, "work", 3);
    const RECORD: &str = "papers/papers/01941f29-7c00-7aaa-8bbb-0123456789ab";
    let about = |count: usize| {
        let mut entry = house.platform().store().snapshot().unwrap().evidence(0, 1).unwrap().remove(0).entry;
        entry.records = vec!["01941f29-7c00-7aaa-8bbb-0123456789ab".parse().unwrap(); count];
        entry.action = "dataset.read".to_owned();
        house.platform().store().witness(vec![entry]).unwrap();
    };
    let seen = || {
        let deed = AuditDeed::Seen { record: RECORD.parse().unwrap(), before: None, limit: 10, proofs: None };
        ask(&house, deed).unwrap().value["entries"].as_array().unwrap().len()
    };
    assert_eq!(seen(), 0);
    about(1);
    about(100);
    assert_eq!(seen(), 2);
}
