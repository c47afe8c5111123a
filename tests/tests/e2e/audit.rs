//! The evidence as operators, auditors and outside witnesses meet it.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use dinh_tests::folder::Folder;
use dinh_tests::programs::{Ran, run, run_on};
use dinh_tests::server::Server;
use serde_json::{Value, json};

/// Runs `dinh audit …` beside the rules.
pub(crate) fn audit(folder: &Folder, words: &[&str]) -> Ran {
    run_on(folder.path(), &[&["audit"], words, &["--as-operator"]].concat())
}

fn head(folder: &Folder) -> String {
    let head = audit(folder, &["head"]);
    assert_eq!(head.code, Some(0), "{head:?}");
    head.out
}

fn key(folder: &Folder) -> String {
    audit(folder, &["key"]).out.trim().to_owned()
}

/// A place beside a data folder.
pub(crate) fn beside(folder: &Folder, name: &str) -> PathBuf {
    folder.path().with_file_name(name)
}

pub(crate) fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Something that leaves evidence.
pub(crate) fn act(folder: &Folder, code: &str) {
    let words = ["unit", "create", code, "--name", code, "--kind", "tinh", "--root"];
    let done = run_on(folder.path(), &[&words[..], &["--as-operator"]].concat());
    assert_eq!(done.code, Some(0), "{done:?}");
}

/// Verifies against a file of heads: exit code 1 with one line, and every finding on stdout.
pub(crate) fn findings(folder: &Folder, heads: &Path) -> Vec<String> {
    let ran = audit(folder, &["verify", "--heads", text(heads)]);
    if ran.code == Some(0) {
        assert!(ran.out.contains("is as it was written"), "{ran:?}");
        return Vec::new();
    }
    assert!(ran.refusal().starts_with("dinh: not as it was written: "), "{ran:?}");
    let json = audit(folder, &["verify", "--heads", text(heads), "--json"]);
    assert_eq!(json.code, Some(1), "{json:?}");
    let value: Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(value["findings"].as_array().unwrap().len(), ran.out.lines().count(), "{ran:?}");
    ran.out.lines().map(str::to_owned).collect()
}

#[test]
fn an_export_is_the_same_with_the_server_running_and_stopped_and_verifies_without_a_data_folder() {
    let folder = Folder::demo();
    let (stopped, running) = (beside(&folder, "stopped"), beside(&folder, "running"));
    let done = audit(&folder, &["export", text(&stopped), "--json"]).json();
    assert_eq!(done["readable"], done["entries"]);
    let server = Server::start(folder.path());
    let key = key(&folder);
    let kept = beside(&folder, "heads.txt");
    fs::write(&kept, fs::read(stopped.join("checkpoint")).unwrap()).unwrap();
    fs::create_dir(&running).unwrap();
    assert_eq!(audit(&folder, &["export", text(&running)]).code, Some(0));
    assert!(server.stop().success());
    for export in [&stopped, &running] {
        let words = ["audit", "verify", "--export", text(export), "--key", &key];
        assert_eq!(run(&words).code, Some(0));
        assert_eq!(fs::metadata(export.join("entries.jsonl")).unwrap().permissions().mode() & 0o077, 0);
    }
    let verified =
        run(&["audit", "verify", "--export", text(&running), "--heads", text(&kept), "--json"]).json();
    assert_eq!((&verified["heads"], &verified["key"]), (&1.into(), &key.into()));
    // The longer one has the shorter one's past, so the shorter one lacks what a head of the longer one has.
    fs::write(&kept, fs::read(running.join("checkpoint")).unwrap()).unwrap();
    let cut = run(&["audit", "verify", "--export", text(&stopped), "--heads", text(&kept)]);
    assert!(cut.refusal().contains("cut off"), "{cut:?}");
    let again = audit(&folder, &["export", text(&running)]);
    assert!(again.refusal().contains("is not empty"), "{again:?}");
}

#[test]
fn each_part_of_an_export_that_is_changed_is_named() {
    let folder = Folder::demo();
    let export = beside(&folder, "export");
    assert_eq!(audit(&folder, &["export", text(&export)]).code, Some(0));
    let key = key(&folder);
    let partial = |content: &str| {
        let mut at = export.join("tile").join(content);
        while at.is_dir() {
            let mut inside: Vec<_> = fs::read_dir(&at).unwrap().map(|entry| entry.unwrap().path()).collect();
            inside.sort();
            at = inside.remove(0);
        }
        at
    };
    for part in [export.join("checkpoint"), export.join("entries.jsonl"), partial("0"), partial("entries")] {
        let content = fs::read(&part).unwrap();
        let mut changed = content.clone();
        let middle = changed.len() / 2;
        changed[middle] ^= 1;
        fs::write(&part, &changed).unwrap();
        let ran = run(&["audit", "verify", "--export", text(&export), "--key", &key]);
        let name = text(part.strip_prefix(&export).unwrap());
        assert!(
            ran.refusal().starts_with(&format!("dinh: not as it was written: {name}")),
            "{name}: {ran:?}"
        );
        fs::write(&part, &content).unwrap();
    }
    // Whoever forges an export forges the key in it, too; the one that was kept says so.
    let other = Folder::bare();
    let ran = run(&["audit", "verify", "--export", text(&export), "--key", &self::key(&other)]);
    assert!(ran.refusal().contains("none of the known keys"), "{ran:?}");
}

#[test]
fn a_proof_is_checked_offline_by_the_command_and_with_the_scripts_of_the_documentation() {
    let folder = Folder::demo();
    let key = key(&folder);
    let place = tempfile::tempdir().unwrap();
    let document = include_str!("../../../docs/evidence.md");
    let script = |name: &str| {
        let from = document.find(&format!("```sh\n# {name}")).unwrap() + 6;
        let script = &document[from..];
        let file = place.path().join(name);
        fs::write(&file, &script[..script.find("```").unwrap()]).unwrap();
        file
    };
    let (check, signed) = (script("check.sh"), script("signed.sh"));
    let sh = |script: &Path, word: &str| {
        let ran = Command::new("sh").arg(script).arg(word).current_dir(place.path()).output().unwrap();
        (ran.status.code(), String::from_utf8_lossy(&ran.stdout).into_owned())
    };
    let has_openssl = Command::new("openssl").arg("version").output().is_ok();
    let size: u64 = head(&folder).lines().nth(1).unwrap().parse().unwrap();
    let file = place.path().join("entry.tlog-proof");
    for index in [0, 1, size / 2, size - 1] {
        let proof = audit(&folder, &["prove", &index.to_string()]);
        fs::write(&file, &proof.out).unwrap();
        let verified = run(&["audit", "verify", "--proof", text(&file), "--key", &key, "--json"]).json();
        assert_eq!(verified["index"], index);
        let (code, said) = sh(&check, text(&file));
        assert_eq!(code, Some(0), "{said}");
        assert!(said.starts_with(&format!("entry {index} is in the tree of ")), "{said}");
        if has_openssl {
            assert_eq!(sh(&signed, &key).0, Some(0));
        }
        // The same proof of another entry.
        let forged = proof.out.replacen(&format!("index {index}\n"), &format!("index {}\n", index + 1), 1);
        fs::write(&file, forged).unwrap();
        assert_eq!(sh(&check, text(&file)).0, Some(1));
        let refused = run(&["audit", "verify", "--proof", text(&file), "--key", &key]);
        assert!(refused.refusal().contains("proves nothing"), "{refused:?}");
    }
    if has_openssl {
        fs::write(place.path().join("head"), head(&folder).replacen('\n', "x\n", 1)).unwrap();
        assert_eq!(sh(&signed, &key).0, Some(1));
    }
}

#[test]
fn kept_heads_find_what_was_changed_since_and_name_their_line() {
    let folder = Folder::bare();
    let file = beside(&folder, "heads.txt");
    act(&folder, "a");
    let first = head(&folder);
    let older = Folder::nowhere();
    copy(folder.path(), older.path());
    act(&folder, "b");
    let second = head(&folder);

    fs::write(&file, format!("{first}\n{second}")).unwrap();
    assert_eq!(findings(&folder, &file), Vec::<String>::new());

    // One character of the first.
    let root = first.lines().nth(2).unwrap();
    let other = if root.starts_with('A') { "B" } else { "A" };
    let flipped = first.replacen(root, &format!("{other}{}", &root[1..]), 1);
    fs::write(&file, format!("{second}{flipped}")).unwrap();
    let found = findings(&folder, &file);
    assert!(found.len() == 1 && found[0].starts_with(&format!("{}:6: ", text(&file))), "{found:?}");
    assert!(found[0].contains("signature"), "{found:?}");

    // Those of another deployment.
    fs::write(&file, head(&Folder::bare())).unwrap();
    let found = findings(&folder, &file);
    assert!(found.len() == 1 && found[0].contains("none of the known keys"), "{found:?}");

    // The folder set back to an older copy: its end is cut off. Later it has as many entries again, and others.
    fs::write(&file, &second).unwrap();
    let found = findings(&older, &file);
    assert!(found.len() == 1 && found[0].contains("cut off"), "{found:?}");
    for code in ["c", "d", "e", "f"] {
        act(&older, code);
    }
    let found = findings(&older, &file);
    assert!(
        found.len() == 1 && found[0].contains("were changed, removed, reordered or put in between"),
        "{found:?}"
    );
    assert_eq!(audit(&older, &["verify"]).code, Some(0), "for whoever kept nothing it is in order");
    fs::write(&file, &first).unwrap();
    assert_eq!(findings(&older, &file), Vec::<String>::new(), "what both have in common");

    fs::write(&file, "").unwrap();
    let empty = audit(&folder, &["verify", "--heads", text(&file)]);
    assert!(empty.refusal().contains("has no heads"), "{empty:?}");
}

#[test]
fn what_proves_the_log_is_for_those_who_may_read_evidence() {
    let folder = Folder::demo();
    let (reader, outsider) = (folder.with_role("dinh.administrator"), folder.outsider());
    let export = beside(&folder, "export");
    let words: [&[&str]; 5] = [&["head"], &["key"], &["prove", "0"], &["prove", "--from", "1"], &["verify"]];
    for deed in words {
        let as_whom = |account: &str| run_on(folder.path(), &[&["audit"], deed, &["--as", account]].concat());
        assert_eq!(as_whom(&reader.account).code, Some(0), "{deed:?}");
        assert!(as_whom(&outsider.account).refusal().contains("Read the evidence"), "{deed:?}");
    }
    let refused = run_on(folder.path(), &["audit", "export", text(&export), "--as", &outsider.account]);
    assert!(refused.refusal().contains("Read the evidence") && !export.exists(), "{refused:?}");
    let done = run_on(folder.path(), &["audit", "export", text(&export), "--as", &reader.account]);
    assert_eq!(done.code, Some(0), "{done:?}");
    let list = audit(&folder, &["list", "--limit", "1000", "--json"]).json();
    let exported = |line: &&Value| line["entry"]["action"] == "evidence.exported";
    let exported: Vec<&Value> = list.as_array().unwrap().iter().filter(exported).collect();
    assert!(!exported.is_empty(), "who took the evidence out is in it: {list}");
    // So many entries at a time.
    for (part, exported) in exported.iter().enumerate() {
        let detail = &exported["entry"]["detail"];
        assert_eq!(
            (&detail["command"], &detail["from"]),
            (&json!("audit export"), &json!((part * 16_384).to_string()))
        );
    }
    for wrong in [&["audit", "verify", "--proof", "x"][..], &["audit", "prove"], &["audit", "head"]] {
        assert_eq!(run(wrong).code, Some(2), "{wrong:?}");
    }
}

#[test]
fn an_export_holds_every_leaf_and_the_entries_that_whoever_exports_may_read() {
    let folder = Folder::demo();
    let auditor = folder.outsider();
    let words = ["grant", "give", "--to", &auditor.account, "--role", "dinh.administrator"];
    let given = run_on(folder.path(), &[&words[..], &["--unit", &auditor.unit, "--as-operator"]].concat());
    assert_eq!(given.code, Some(0), "{given:?}");
    let export = beside(&folder, "export");
    let who = ["--as", auditor.account.as_str()];
    let done =
        run_on(folder.path(), &[&["audit", "export", text(&export), "--json"][..], &who].concat()).json();
    let (readable, entries) = (done["readable"].as_u64().unwrap(), done["entries"].as_u64().unwrap());
    assert!(0 < readable && readable < entries, "{done}");
    let verified = run(&["audit", "verify", "--export", text(&export), "--json"]).json();
    assert_eq!((&verified["readable"], &verified["entries"]), (&readable.into(), &entries.into()));

    let listed =
        run_on(folder.path(), &[&["audit", "list", "--limit", "1000", "--json"][..], &who].concat()).json();
    let listed: Vec<_> =
        listed.as_array().unwrap().iter().map(|line| line["index"].as_u64().unwrap()).collect();
    let lines = fs::read_to_string(export.join("entries.jsonl")).unwrap();
    let exported: Vec<_> = lines
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["index"].as_u64().unwrap())
        .collect();
    assert_eq!(exported, listed.iter().copied().filter(|index| *index < entries).collect::<Vec<_>>());

    let prove =
        |index: u64| run_on(folder.path(), &[&["audit", "prove", &index.to_string()][..], &who].concat());
    assert_eq!(prove(exported[0]).code, Some(0));
    let hidden = (0..entries).find(|index| !exported.contains(index)).unwrap();
    assert!(prove(hidden).refusal().contains("concerns no unit whose evidence"), "{hidden}");
}

#[test]
fn refusals_and_failed_sign_ins_are_in_the_log_after_a_power_cut() {
    let folder = Folder::demo();
    let outsider = folder.outsider();
    let server = Server::start(folder.path());
    let before = beside(&folder, "heads.txt");
    fs::write(&before, head(&folder)).unwrap();
    server.visitor().try_sign_in(&outsider.account, "không phải mật khẩu");
    let refused = run_on(folder.path(), &["audit", "head", "--as", &outsider.account]);
    assert_eq!(refused.code, Some(1), "{refused:?}");
    server.kill();
    let list = audit(&folder, &["list", "--limit", "1000", "--json"]).json();
    let has = |action: &str, outcome: &str| {
        let is = |line: &Value| line["entry"]["action"] == action && line["entry"]["outcome"] == outcome;
        list.as_array().unwrap().iter().any(is)
    };
    assert!(has("session.refused", "failed") && has("access.refused", "refused"), "{list}");
    assert_eq!(findings(&folder, &before), Vec::<String>::new());
}

/// A copy of a folder as an operator makes it, with the server stopped.
fn copy(from: &Path, to: &Path) {
    let done = Command::new("cp").arg("-a").arg(from).arg(to).status().unwrap();
    assert!(done.success());
}
