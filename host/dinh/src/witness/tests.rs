//! A file of heads over real stores: grown, contradicted, torn, unplugged.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use tempfile::TempDir;

use super::*;
use crate::folder::Folder;
use crate::house::House;
use crate::key::KEY_FILE;

const HOUR: Duration = Duration::from_secs(3600);

fn house(key: Option<&Path>) -> (TempDir, House) {
    let outer = tempfile::tempdir().unwrap();
    let path = outer.path().join("data");
    let folder = Folder::begin(&path).unwrap();
    if let Some(key) = key {
        fs::copy(key, path.join(KEY_FILE)).unwrap();
    }
    (outer, House::begin(folder, &crate::config::Config::default()).unwrap())
}

fn add(house: &House, word: &str) {
    let entry = Entry {
        at: "2025-07-01T00:00:00Z".parse().unwrap(),
        actor: Actor::Public,
        plugin: None,
        action: format!("{word}.done"),
        subject: String::new(),
        records: Vec::new(),
        outcome: Outcome::Done,
        detail: Default::default(),
    };
    house.platform().store().witness(vec![entry]).unwrap();
}

fn witness(outer: &TempDir, file: &Path) -> Witness {
    Witness::new(file.to_owned(), HOUR, &outer.path().join("data")).unwrap()
}

#[test]
fn the_file_gets_a_head_whenever_there_is_a_new_one_and_keeps_what_it_has() {
    let (outer, house) = house(None);
    let file = outer.path().join("heads.txt");
    let keeper = witness(&outer, &file);
    assert_eq!(keeper.hand_now(house.platform()), Handed::Nothing, "nothing happened yet");
    add(&house, "one");
    assert_eq!(keeper.hand_now(house.platform()), Handed::Appended);
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o644);
    assert_eq!(keeper.hand_now(house.platform()), Handed::Nothing);
    let first = fs::read_to_string(&file).unwrap();
    // Whoever looked at it may have saved it without its last line end.
    fs::write(&file, first.trim_end()).unwrap();
    add(&house, "two");
    assert_eq!(witness(&outer, &file).hand_now(house.platform()), Handed::Appended);
    let both = fs::read_to_string(&file).unwrap();
    assert!(both.starts_with(&first), "{both}");
    let kept: Vec<String> = notes(&both).map(|(_, note)| note.to_owned()).collect();
    assert_eq!(kept.len(), 2);
    let snapshot = house.platform().store().snapshot().unwrap();
    assert_eq!(snapshot.evidence_log().verify(&kept).unwrap().findings, []);
}

#[test]
fn a_log_that_is_no_continuation_raises_the_alarm_and_appends_nothing() {
    let (outer, honest) = house(None);
    let file = outer.path().join("heads.txt");
    add(&honest, "one");
    add(&honest, "two");
    assert_eq!(witness(&outer, &file).hand_now(honest.platform()), Handed::Appended);
    let kept = fs::read_to_string(&file).unwrap();

    let (other, forger) = house(Some(&outer.path().join("data").join(KEY_FILE)));
    let keeper = witness(&other, &file);
    add(&forger, "other");
    // First the log is shorter than the head says, then it has other entries.
    for entries in [1, 2, 3] {
        assert_eq!(keeper.hand_now(forger.platform()), Handed::Contradicted, "{entries}");
        assert_eq!(fs::read_to_string(&file).unwrap(), kept);
        add(&forger, "more");
    }
    let snapshot = forger.platform().store().snapshot().unwrap();
    let entries = snapshot.evidence(0, 100).unwrap();
    let alarms = entries.iter().filter(|recorded| recorded.entry.action == "witness.contradicted");
    assert_eq!(alarms.count(), 1, "once, however often it is looked");

    let (third, foreign) = house(None);
    add(&foreign, "one");
    assert_eq!(witness(&third, &file).hand_now(foreign.platform()), Handed::Contradicted);
}

#[test]
fn half_a_head_is_no_contradiction_and_is_left_for_somebody_to_look_at() {
    let (outer, house) = house(None);
    let file = outer.path().join("heads.txt");
    add(&house, "one");
    assert_eq!(witness(&outer, &file).hand_now(house.platform()), Handed::Appended);
    let head = fs::read_to_string(&file).unwrap();
    add(&house, "two");
    let keeper = witness(&outer, &file);
    for cut in (1..head.len()).filter(|cut| head.is_char_boundary(*cut) && *cut != head.len() - 1) {
        let torn = format!("{head}{}", &head[..cut]);
        fs::write(&file, &torn).unwrap();
        assert_eq!(keeper.hand_now(house.platform()), Handed::Failed, "{torn}");
        assert_eq!(fs::read_to_string(&file).unwrap(), torn);
    }
    fs::write(&file, &head).unwrap();
    assert_eq!(keeper.hand_now(house.platform()), Handed::Appended);
}

#[test]
fn a_file_that_cannot_be_written_is_tried_again() {
    let (outer, house) = house(None);
    let stick = outer.path().join("stick");
    let keeper = witness(&outer, &stick.join("heads.txt"));
    add(&house, "one");
    assert_eq!(keeper.hand_now(house.platform()), Handed::Failed);
    assert_eq!(keeper.hand_now(house.platform()), Handed::Failed);
    fs::create_dir(&stick).unwrap();
    assert_eq!(keeper.hand_now(house.platform()), Handed::Appended);
    assert_eq!(witness(&outer, &stick).hand_now(house.platform()), Handed::Failed, "a folder");
}

#[test]
fn a_file_in_the_data_folder_is_refused() {
    let (outer, _house) = house(None);
    let data = outer.path().join("data");
    for file in ["heads.txt", "uploads/../heads.txt"] {
        let refused = Witness::new(data.join(file), HOUR, &data).map(drop).unwrap_err().to_string();
        assert!(refused.contains("name a place outside"), "{refused}");
    }
    Witness::new(outer.path().join("heads.txt"), HOUR, &data).unwrap();
    fs::write(data.join("heads.txt"), "").unwrap();
    let link = outer.path().join("link.txt");
    std::os::unix::fs::symlink(data.join("heads.txt"), &link).unwrap();
    assert!(Witness::new(link, HOUR, &data).is_err(), "a link that leads there");
}
