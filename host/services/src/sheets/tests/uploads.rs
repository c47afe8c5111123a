//! Uploads that wait.

use std::fs;

use dinh_model::{AccountId, PluginId, Timestamp};

use super::super::{NewUpload, StagingError, StagingLimits, UploadId, Uploads};
use crate::secrets::DataKey;

const LIMITS: StagingLimits =
    StagingLimits { file_bytes: 100, files_per_account: 2, total_bytes: 10_000, lifetime: 3_600 };

fn key() -> DataKey {
    DataKey::new(&zeroize::Zeroizing::new([7; 32]), 1)
}

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
    let staged = uploads.stage(upload(1), b"abc", now(), &key()).unwrap();
    let id: UploadId = staged.id.to_string().parse().unwrap();
    // Another process, after a restart.
    let uploads = Uploads::open(data.path(), LIMITS).unwrap();
    let (found, bytes) = uploads.staged(id, AccountId(1), &plugin(), later(3_599), &key()).unwrap();
    assert_eq!(
        (bytes.as_slice(), found.upload.file_name.as_str(), found.upload.block.as_str()),
        (&b"abc"[..], "điểm.csv", "import")
    );
    for (owner, of, at) in
        [(2, plugin(), now()), (1, "other-one".parse().unwrap(), now()), (1, plugin(), later(3_600))]
    {
        let refused = uploads.staged(id, AccountId(owner), &of, at, &key()).unwrap_err();
        assert!(matches!(refused, StagingError::Unknown), "{refused}");
    }
    uploads.discard(id, AccountId(2)).unwrap();
    assert!(
        uploads.staged(id, AccountId(1), &plugin(), now(), &key()).is_ok(),
        "another's discard does nothing"
    );
    uploads.discard(id, AccountId(1)).unwrap();
    uploads.discard(id, AccountId(1)).unwrap();
    assert!(matches!(uploads.staged(id, AccountId(1), &plugin(), now(), &key()), Err(StagingError::Unknown)));
}

#[test]
fn identifiers_are_not_guessed_and_lead_nowhere_else() {
    let data = tempfile::tempdir().unwrap();
    let uploads = Uploads::open(data.path(), LIMITS).unwrap();
    let first = uploads.stage(upload(1), b"a", now(), &key()).unwrap().id;
    let second = uploads.stage(upload(1), b"a", now(), &key()).unwrap().id;
    assert_ne!(first, second);
    for forged in
        ["", "1", "../../etc/passwd", "1-2-3", "1-2-00000000000000000000000000000000/x", "1-2-3-4", "+1-2-0"]
    {
        assert!(forged.parse::<UploadId>().is_err(), "{forged}");
    }
    let missing: UploadId = format!("1-{}-{:032x}", later(10).as_second(), 7).parse().unwrap();
    assert!(matches!(
        uploads.staged(missing, AccountId(1), &plugin(), now(), &key()),
        Err(StagingError::Unknown)
    ));
}

#[test]
fn a_file_that_grows_too_large_is_refused_and_leaves_nothing() {
    let data = tempfile::tempdir().unwrap();
    let uploads = Uploads::open(data.path(), LIMITS).unwrap();
    let refused = uploads.stage(upload(1), &[b'a'; 101], now(), &key());
    assert!(matches!(refused, Err(StagingError::TooLarge { most: 100 })));
    assert_eq!(fs::read_dir(data.path().join("uploads")).unwrap().count(), 0);
    assert!(uploads.stage(upload(1), &[b'a'; 100], now(), &key()).is_ok(), "a hundred bytes are allowed");
}

#[test]
fn a_person_who_tries_again_and_again_loses_their_oldest_file_and_nobody_elses() {
    let data = tempfile::tempdir().unwrap();
    let uploads = Uploads::open(data.path(), LIMITS).unwrap();
    let others = uploads.stage(upload(2), b"theirs", now(), &key()).unwrap().id;
    let mine: Vec<UploadId> = (0..30)
        .map(|minute| uploads.stage(upload(1), b"mine", later(minute * 60), &key()).unwrap().id)
        .collect();
    let at = later(30 * 60);
    let kept: Vec<bool> =
        mine.iter().map(|id| uploads.staged(*id, AccountId(1), &plugin(), at, &key()).is_ok()).collect();
    assert_eq!(kept.iter().rposition(|kept| !kept), Some(27), "the last two are there: {kept:?}");
    assert!(uploads.staged(others, AccountId(2), &plugin(), at, &key()).is_ok());
    // Within one second too, the one that just arrived stays.
    for _ in 0..8 {
        let newest = uploads.stage(upload(1), b"mine", at, &key()).unwrap().id;
        assert!(uploads.staged(newest, AccountId(1), &plugin(), at, &key()).is_ok());
    }
    assert_eq!(fs::read_dir(data.path().join("uploads")).unwrap().count(), 3);
}

#[test]
fn uploads_are_bounded_in_all() {
    let data = tempfile::tempdir().unwrap();
    let uploads = Uploads::open(data.path(), StagingLimits { total_bytes: 900, ..LIMITS }).unwrap();
    for owner in [1, 1, 1, 1, 2, 2] {
        uploads.stage(upload(owner), &[b'a'; 100], now(), &key()).unwrap();
    }
    assert!(matches!(uploads.stage(upload(3), b"a", now(), &key()), Err(StagingError::Full)));
}

#[test]
fn what_expired_and_what_a_stop_left_behind_is_cleaned() {
    let data = tempfile::tempdir().unwrap();
    let uploads = Uploads::open(data.path(), LIMITS).unwrap();
    let kept = uploads.stage(upload(1), b"a", now(), &key()).unwrap().id;
    uploads.stage(upload(2), b"a", later(-3_600), &key()).unwrap();
    let part = data.path().join("uploads/.0123.part");
    fs::write(&part, b"half").unwrap();
    assert_eq!(uploads.clean(now()).unwrap(), 1, "the half-written file is not old yet");
    let tomorrow = Timestamp::from_second(Timestamp::now().as_second() + 7_200).unwrap();
    assert!(uploads.staged(kept, AccountId(1), &plugin(), now(), &key()).is_ok());
    assert!(uploads.clean(tomorrow.max(later(3_600))).unwrap() >= 2);
    assert!(!part.exists());
}

#[test]
fn a_file_that_is_not_ours_is_unknown() {
    let data = tempfile::tempdir().unwrap();
    let uploads = Uploads::open(data.path(), LIMITS).unwrap();
    let id = uploads.stage(upload(1), b"abc", now(), &key()).unwrap().id;
    for bytes in [&b""[..], b"\xff\xff\xff\xff", b"\x03\0\0\0abc"] {
        fs::write(data.path().join("uploads").join(id.to_string()), bytes).unwrap();
        assert!(matches!(
            uploads.staged(id, AccountId(1), &plugin(), now(), &key()),
            Err(StagingError::Unknown)
        ));
    }
}

#[test]
fn a_sheet_lies_sealed_and_opens_only_whole_and_with_its_key() {
    let data = tempfile::tempdir().unwrap();
    let limits = StagingLimits { file_bytes: 4 << 20, total_bytes: 32 << 20, ..LIMITS };
    let uploads = Uploads::open(data.path(), limits).unwrap();
    let typed = "Nguyễn Thị Lan;038185001234".repeat(100_000);
    let id = uploads.stage(upload(1), typed.as_bytes(), now(), &key()).unwrap().id;
    let path = data.path().join("uploads").join(id.to_string());
    let stored = fs::read(&path).unwrap();
    for word in ["038185001234", "Nguyễn", "điểm.csv", "import"] {
        assert!(!stored.windows(word.len()).any(|bytes| bytes == word.as_bytes()), "{word} lies open");
    }
    let read = |key: &DataKey| uploads.staged(id, AccountId(1), &plugin(), now(), key);
    assert_eq!(read(&key()).unwrap().1, typed.as_bytes());
    let other = DataKey::new(&zeroize::Zeroizing::new([8; 32]), 2);
    assert!(matches!(read(&other), Err(StagingError::Unknown)), "its key was destroyed");
    // Cut off behind a piece, with two pieces exchanged, with one bit changed: it is not there.
    let pieces = {
        let (mut rest, mut pieces) = (stored.as_slice(), Vec::new());
        while let Some(length) = rest.first_chunk::<4>() {
            let (piece, left) = rest.split_at(4 + u32::from_le_bytes(*length) as usize);
            pieces.push(piece);
            rest = left;
        }
        pieces
    };
    assert_eq!(pieces.len(), 4, "what it is for, and three pieces");
    let mut bit = stored.clone();
    *bit.last_mut().unwrap() ^= 1;
    for wrong in [[pieces[0], pieces[1]].concat(), [pieces[0], pieces[2], pieces[1], pieces[3]].concat(), bit]
    {
        fs::write(&path, wrong).unwrap();
        assert!(matches!(read(&key()), Err(StagingError::Unknown)));
    }
    fs::write(&path, stored).unwrap();
    assert!(read(&key()).is_ok());
}
