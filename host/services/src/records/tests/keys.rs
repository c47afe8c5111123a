//! Keys of what lies sealed: made once, rotated, destroyed.

use std::path::Path;
use std::sync::Arc;

use dinh_model::{Language, Value};
use dinh_store::Store;

use super::super::cover::LOST;
use super::super::{Comparison, RecordError, count, delete, get, insert_many, update};
use super::house::{House, condition, select, text, text_column, texts, values};
use super::sealed::{add, deployed, key_file, open, plugin};
use crate::secrets::{MemoryKeys, SealError, destroy_key, rotate_keys, settle_keys};
use crate::{FixedClock, Options, Platform, ServiceError, space};

#[test]
fn destroying_the_key_destroys_what_is_sealed_and_nothing_else() {
    let (folder, house) = deployed();
    let plugin = plugin(&house);
    let id = house.clerk(|call| add(call, &plugin, &[("title", text("Tên")), ("identity", text("001"))]));
    let secret = house.clerk(|call| add(call, &plugin, &[("label", text("confidential"))]));
    // Only whoever holds the key files destroys one.
    let refused = house.platform.perform(&house.origin(house.clerk), |call| destroy_key(call, "papers"));
    assert!(matches!(refused, Err(ServiceError::Refused(_))), "{refused:?}");
    let operator = house.origin(house.clerk).as_operator();
    let nothing = house.platform.perform(&operator, |call| destroy_key(call, "khac")).unwrap_err();
    assert!(nothing.to_string().contains("dinh key list"), "{nothing}");

    // A call that has the key in hand does not commit any more.
    let mut late = house.call(house.clerk);
    add(&mut late, &plugin, &[("identity", text("002"))]).unwrap();
    house.platform.perform(&operator, |call| destroy_key(call, "papers")).unwrap();
    settle_keys(&house.platform).unwrap();
    assert!(!key_file(folder.path()).exists());
    assert!(matches!(house.commit(late), Err(ServiceError::Conflict)));
    assert!(house.evidence().iter().any(|it| it.entry.action == "key.destroyed"));

    let house = house.restarted(folder.path(), open);
    {
        let mut call = house.call(house.clerk);
        let clear = get(&mut call, &plugin, "papers", id, &["title".into()]).unwrap().unwrap();
        assert_eq!(clear.values, [text("Tên")]);
        let destroyed = |error: RecordError| {
            let ServiceError::Sealed(error @ SealError::Destroyed { .. }) = ServiceError::from(error) else {
                panic!("not destroyed")
            };
            error.text(Language::Vi)
        };
        let sealed = get(&mut call, &plugin, "papers", id, &["identity".into()]).unwrap_err();
        assert!(destroyed(sealed).starts_with("Dữ liệu đã huỷ"));
        destroyed(get(&mut call, &plugin, "papers", secret, &[]).unwrap_err());
        let by = select(&["title"], &[condition("identity", Comparison::Equal, text("001"))], &[]);
        destroyed(count(&mut call, &plugin, &by).unwrap_err());
        destroyed(
            update(&mut call, &plugin, "papers", id, None, values(&[("title", text("x"))])).unwrap_err(),
        );
        let again = house.platform.perform(&operator, |call| destroy_key(call, "papers"));
        assert!(matches!(again, Err(ServiceError::Sealed(SealError::Destroyed { .. }))), "{again:?}");
        // What comes later is sealed under a new key; what is gone takes nobody's place and stays gone.
        let new = add(&mut call, &plugin, &[("title", text("Mới")), ("identity", text("001"))]).unwrap();
        house.commit(call).unwrap();
        let mut call = house.call(house.clerk);
        let row = get(&mut call, &plugin, "papers", new, &["identity".into()]).unwrap().unwrap();
        assert_eq!(row.values, [text("001")]);
        assert_eq!(texts(&mut call, &plugin, &by), ["Mới"]);
        destroyed(get(&mut call, &plugin, "papers", id, &["identity".into()]).unwrap_err());
        assert!(folder.path().join("keys/5-papers.2.key").exists() && !key_file(folder.path()).exists());
    }
}

#[test]
fn a_record_whose_key_was_destroyed_is_listed_as_that_and_deleted_with_all_that_belongs_to_it() {
    let (_folder, house) = deployed();
    let plugin = plugin(&house);
    let boss = house.clerk(|call| add(call, &plugin, &[("title", text("Trưởng phòng"))]));
    let by = |more: &[(&'static str, Value)]| [more, &[("superior", Value::Reference(boss))]].concat();
    let [lost, secret] = house.clerk(|call| {
        let lost = by(&[("title", text("Nhân viên")), ("identity", text("001")), ("remark", text("x"))]);
        let secret =
            by(&[("title", text("Kín")), ("identity", text("002")), ("label", text("confidential"))]);
        Ok([add(call, &plugin, &lost)?, add(call, &plugin, &secret)?])
    });
    let operator = house.origin(house.clerk).as_operator();
    house.platform.perform(&operator, |call| destroy_key(call, "papers")).unwrap();
    settle_keys(&house.platform).unwrap();

    // A list shows that they are there, and what became of the rest; in whatever order.
    let mut call = house.call(house.clerk);
    let mut titles = texts(&mut call, &plugin, &select(&["title"], &[], &[("title", false)]));
    titles.sort();
    assert_eq!(titles, [LOST, "Nhân viên", "Trưởng phòng"]);
    for order in [&[][..], &[("day", true)], &[("identity", false)]] {
        assert_eq!(texts(&mut call, &plugin, &select(&["identity"], &[], order)), [LOST; 3]);
    }
    // Nothing is counted, added up or changed as if it were empty.
    let is_destroyed = |error: RecordError| {
        matches!(ServiceError::from(error), ServiceError::Sealed(SealError::Destroyed { .. }))
    };
    let filled = select(&["title"], &[condition("identity", Comparison::IsEmpty, Value::Empty)], &[]);
    assert!(is_destroyed(count(&mut call, &plugin, &filled).unwrap_err()));
    let change = values(&[("title", text("Khác"))]);
    assert!(is_destroyed(update(&mut call, &plugin, "papers", lost, None, change).unwrap_err()));
    drop(call);

    // Somebody comes back under a new key; then what was lost is deleted.
    let again =
        house.clerk(|call| add(call, &plugin, &by(&[("title", text("Mới")), ("identity", text("001"))])));
    let refused = delete(&mut house.call(house.clerk), &plugin, "papers", boss, None);
    assert!(matches!(refused, Err(RecordError::Invalid(_))), "{refused:?}");
    for id in [lost, secret] {
        house.clerk(|call| delete(call, &plugin, "papers", id, None));
        let told = house.evidence().pop().unwrap().entry;
        assert_eq!((told.action.as_str(), told.detail["key"].as_str()), ("record.removed", "destroyed"));
        assert_eq!(told.records, [id]);
        for kind in [space::RECORD, space::INDEX] {
            let snapshot = house.platform.store().snapshot().unwrap();
            let rows = snapshot.range(&[kind], Some(&[kind + 1]), dinh_store::Direction::Forward);
            let names_it = |bytes: &[u8]| bytes.windows(16).any(|window| window == id.0);
            let left = rows.map(Result::unwrap).filter(|(key, row)| names_it(key) || names_it(&row.value));
            assert_eq!(left.count(), 0, "nothing names it any more");
        }
    }
    let mut call = house.call(house.clerk);
    let found = select(&["title"], &[condition("identity", Comparison::Equal, text("001"))], &[]);
    assert_eq!(texts(&mut call, &plugin, &found), ["Mới"]);
    drop(call);
    house.clerk(|call| delete(call, &plugin, "papers", again, None));
    house.clerk(|call| delete(call, &plugin, "papers", boss, None));
}

#[test]
fn a_restart_finishes_what_a_crash_left_of_destroying() {
    let (folder, house) = deployed();
    let plugin = plugin(&house);
    house.clerk(|call| add(call, &plugin, &[("identity", text("001"))]));
    let operator = house.origin(house.clerk).as_operator();
    house.platform.perform(&operator, |call| destroy_key(call, "papers")).unwrap();
    assert!(key_file(folder.path()).exists(), "the crash came before the file was destroyed");
    let _house = house.restarted(folder.path(), open);
    assert!(!key_file(folder.path()).exists());
}

#[test]
fn rotating_changes_what_wraps_and_nothing_that_is_sealed() {
    let (folder, house) = deployed();
    let plugin = plugin(&house);
    let id = house.clerk(|call| add(call, &plugin, &[("identity", text("001"))]));
    let operator = house.origin(house.clerk).as_operator();
    assert_eq!(house.platform.perform(&operator, rotate_keys).unwrap(), 1);
    settle_keys(&house.platform).unwrap();
    assert!(!key_file(folder.path()).exists());
    assert!(folder.path().join("keys/5-papers.2.key").exists());
    let house = house.restarted(folder.path(), open);
    let mut call = house.call(house.clerk);
    let row = get(&mut call, &plugin, "papers", id, &["identity".into()]).unwrap().unwrap();
    assert_eq!(row.values, [text("001")]);
    assert!(house.evidence().iter().any(|it| it.entry.action == "key.rotated"));
}

#[test]
fn two_calls_that_seal_the_first_value_at_once_end_up_with_one_key() {
    let house = House::new();
    let plugin = plugin(&house);
    let mut calls = [house.call(house.clerk), house.call(house.clerk)];
    for (at, call) in calls.iter_mut().enumerate() {
        add(call, &plugin, &[("identity", text(&format!("00{at}")))]).unwrap();
    }
    let [first, second] = calls;
    house.commit(first).unwrap();
    assert!(matches!(house.commit(second), Err(ServiceError::Conflict)), "it is run again, with that key");
    house.clerk(|call| add(call, &plugin, &[("identity", text("001"))]));
    let mut call = house.call(house.clerk);
    let order = [("identity", false)];
    assert_eq!(texts(&mut call, &plugin, &select(&["identity"], &[], &order)), ["000", "001"]);
}

#[test]
fn a_call_that_writes_nothing_leaves_no_key_behind() {
    let keys = MemoryKeys::default();
    let house = House::with(Options { keys: Some(Arc::new(keys)), ..Options::cheap() });
    let plugin = plugin(&house);
    let mut call = house.call(house.clerk);
    let columns = [text_column(&["x"])];
    let refused = insert_many(&mut call, &plugin, "papers", &["label".into()], &columns);
    assert!(matches!(refused, Err(RecordError::Invalid(_))), "{refused:?}");
    assert!(!call.transaction.writes());
    house.commit(call).unwrap();
    assert!(!house.evidence().iter().any(|entry| entry.entry.action == "key.created"));
}

/// The same folder, opened again.
impl House {
    pub(super) fn restarted(self, folder: &Path, open: impl Fn(&Path) -> Store) -> Self {
        let Self { platform, .. } = &self;
        platform.store().close().unwrap();
        let options = platform.options().clone();
        drop(self.platform);
        let clock = Arc::new(FixedClock::new("2026-03-02T01:00:00Z".parse().unwrap()));
        let platform = Platform::open_with(folder, open(folder), clock, options).unwrap();
        Self { platform, ..self }
    }
}
