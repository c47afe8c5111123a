//! Uploads that wait.

use std::fs;

use dinh_model::{AccountId, PluginId, Timestamp};

use super::super::{NewUpload, StagingError, StagingLimits, UploadId, Uploads};

const LIMITS: StagingLimits =
    StagingLimits { file_bytes: 100, files_per_account: 2, total_bytes: 10_000, lifetime: 3_600 };

fn now() -> Timestamp {
    "2026-03-02T01:00:00Z".parse().unwrap()
}

fn later(seconds: i64) -> Timestamp {
    Timestamp::from_second(now().as_second() + seconds).unwrap()
}

fn plugin() -> PluginId {
    "pci-index".parse().unwrap()
}

fn upload(owner: u32) -> NewUpload {
    NewUpload {
        owner: AccountId(owner),
        plugin: plugin(),
        block: "import".into(),
        file_name: "C:\\điểm.csv".into(),
    }
}

#[test]
fn an_upload_comes_back_whole_to_its_owner_and_its_plugin_only() {
    let data = tempfile::tempdir().unwrap();
    let uploads = Uploads::open(data.path(), LIMITS).unwrap();
    let staged = uploads.stage(upload(1), b"abc", now()).unwrap();
    let id: UploadId = staged.id.to_string().parse().unwrap();
    // Another process, after a restart.
    let uploads = Uploads::open(data.path(), LIMITS).unwrap();
    let (found, bytes) = uploads.staged(id, AccountId(1), &plugin(), later(3_599)).unwrap();
    assert_eq!(
        (bytes.as_slice(), found.upload.file_name.as_str(), found.upload.block.as_str()),
        (&b"abc"[..], "điểm.csv", "import")
    );
    for (owner, of, at) in
        [(2, plugin(), now()), (1, "other-one".parse().unwrap(), now()), (1, plugin(), later(3_600))]
    {
        let refused = uploads.staged(id, AccountId(owner), &of, at).unwrap_err();
        assert!(matches!(refused, StagingError::Unknown), "{refused}");
    }
    uploads.discard(id, AccountId(2)).unwrap();
    assert!(uploads.staged(id, AccountId(1), &plugin(), now()).is_ok(), "another's discard does nothing");
    uploads.discard(id, AccountId(1)).unwrap();
    uploads.discard(id, AccountId(1)).unwrap();
    assert!(matches!(uploads.staged(id, AccountId(1), &plugin(), now()), Err(StagingError::Unknown)));
}

#[test]
fn identifiers_are_not_guessed_and_lead_nowhere_else() {
    let data = tempfile::tempdir().unwrap();
    let uploads = Uploads::open(data.path(), LIMITS).unwrap();
    let first = uploads.stage(upload(1), b"a", now()).unwrap().id;
    let second = uploads.stage(upload(1), b"a", now()).unwrap().id;
    assert_ne!(first, second);
    for forged in
        ["", "1", "../../etc/passwd", "1-2-3", "1-2-00000000000000000000000000000000/x", "1-2-3-4", "+1-2-0"]
    {
        assert!(forged.parse::<UploadId>().is_err(), "{forged}");
    }
    let missing: UploadId = format!("1-{}-{:032x}", later(10).as_second(), 7).parse().unwrap();
    assert!(matches!(uploads.staged(missing, AccountId(1), &plugin(), now()), Err(StagingError::Unknown)));
}

#[test]
fn a_file_that_grows_too_large_is_refused_and_leaves_nothing() {
    let data = tempfile::tempdir().unwrap();
    let uploads = Uploads::open(data.path(), LIMITS).unwrap();
    let mut file = uploads.begin(upload(1), now()).unwrap();
    file.write(&[b'a'; 100]).unwrap();
    assert!(matches!(file.write(b"b"), Err(StagingError::TooLarge { most: 100 })));
    drop(file);
    assert_eq!(fs::read_dir(data.path().join("uploads")).unwrap().count(), 0);
    assert!(uploads.stage(upload(1), &[b'a'; 100], now()).is_ok(), "a hundred bytes are allowed");
}

#[test]
fn a_person_who_tries_again_and_again_loses_their_oldest_file_and_nobody_elses() {
    let data = tempfile::tempdir().unwrap();
    let uploads = Uploads::open(data.path(), LIMITS).unwrap();
    let others = uploads.stage(upload(2), b"theirs", now()).unwrap().id;
    let mine: Vec<UploadId> =
        (0..30).map(|minute| uploads.stage(upload(1), b"mine", later(minute * 60)).unwrap().id).collect();
    let at = later(30 * 60);
    let kept: Vec<bool> =
        mine.iter().map(|id| uploads.staged(*id, AccountId(1), &plugin(), at).is_ok()).collect();
    assert_eq!(kept.iter().rposition(|kept| !kept), Some(27), "the last two are there: {kept:?}");
    assert!(uploads.staged(others, AccountId(2), &plugin(), at).is_ok());
    // Within one second too, the one that just arrived stays.
    for _ in 0..8 {
        let newest = uploads.stage(upload(1), b"mine", at).unwrap().id;
        assert!(uploads.staged(newest, AccountId(1), &plugin(), at).is_ok());
    }
    assert_eq!(fs::read_dir(data.path().join("uploads")).unwrap().count(), 3);
}

#[test]
fn uploads_are_bounded_in_all() {
    let data = tempfile::tempdir().unwrap();
    let uploads = Uploads::open(data.path(), StagingLimits { total_bytes: 500, ..LIMITS }).unwrap();
    for owner in [1, 1, 1, 1, 2, 2] {
        uploads.stage(upload(owner), &[b'a'; 100], now()).unwrap();
    }
    assert!(matches!(uploads.stage(upload(3), b"a", now()), Err(StagingError::Full)));
}

#[test]
fn what_expired_and_what_a_stop_left_behind_is_cleaned() {
    let data = tempfile::tempdir().unwrap();
    let uploads = Uploads::open(data.path(), LIMITS).unwrap();
    let kept = uploads.stage(upload(1), b"a", now()).unwrap().id;
    uploads.stage(upload(2), b"a", later(-3_600)).unwrap();
    let part = data.path().join("uploads/.0123.part");
    fs::write(&part, b"half").unwrap();
    assert_eq!(uploads.clean(now()).unwrap(), 1, "the half-written file is not old yet");
    let tomorrow = Timestamp::from_second(Timestamp::now().as_second() + 7_200).unwrap();
    assert!(uploads.staged(kept, AccountId(1), &plugin(), now()).is_ok());
    assert!(uploads.clean(tomorrow.max(later(3_600))).unwrap() >= 2);
    assert!(!part.exists());
}

#[test]
fn a_file_that_is_not_ours_is_unknown() {
    let data = tempfile::tempdir().unwrap();
    let uploads = Uploads::open(data.path(), LIMITS).unwrap();
    let id = uploads.stage(upload(1), b"abc", now()).unwrap().id;
    for bytes in [&b""[..], b"\xff\xff\xff\xff", b"\x03\0\0\0abc"] {
        fs::write(data.path().join("uploads").join(id.to_string()), bytes).unwrap();
        assert!(matches!(uploads.staged(id, AccountId(1), &plugin(), now()), Err(StagingError::Unknown)));
    }
}
