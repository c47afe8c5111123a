//! What lies sealed at rest: not to be found in the file, and found by those who may all the same.

use std::path::Path;
use std::sync::Arc;

use dinh_access::PublicGrant;
use dinh_model::key::push_bytes;
use dinh_model::text::{fold, sort_key};
use dinh_model::{
    Actor, Collection, Field, FieldType, IndexKind, Label, Language, Localized, RecordId, Value,
};
use dinh_store::Store;

use super::super::{
    Comparison, PluginData, RecordError, TaskRule, count, delete, get, insert, insert_many, sum, update,
    waiting,
};
use super::house::{
    House, all, collection, condition, data, field, index, permission, select, text, text_column, texts,
    values,
};
use crate::secrets::{SealError, SoftwareKeys};
use crate::{Call, Options, ServiceError, accounts};

/// A staff register: number, name, identity number (personal), a reference, the record's label, a remark that is Mật.
fn staff() -> Collection {
    let fields = vec![
        Field { drawn: true, ..field("number", FieldType::Integer) },
        field("title", FieldType::Text),
        Field { personal: true, ..field("identity", FieldType::Text) },
        Field { personal: true, ..field("superior", FieldType::Reference { collection: "papers".into() }) },
        field("label", FieldType::Text),
        Field { label: Label::Confidential, ..field("remark", FieldType::Text) },
        field("day", FieldType::Date),
    ];
    Collection {
        label_field: Some(4),
        indexes: vec![
            index(IndexKind::Unique, &[2]),
            index(IndexKind::Equal, &[5]),
            index(IndexKind::Ordered, &[1]),
            index(IndexKind::Ordered, &[6, 0]),
            index(IndexKind::Search, &[1]),
            index(IndexKind::Unique, &[0]),
        ],
        ..collection("papers", fields)
    }
}

pub(super) fn plugin(house: &House) -> PluginData {
    let plugin = data(5, house.province, vec![staff()]);
    plugin.check().unwrap();
    plugin
}

pub(super) fn add(
    call: &mut Call,
    plugin: &PluginData,
    some: &[(&str, Value)],
) -> Result<RecordId, RecordError> {
    insert(call, plugin, "papers", values(some))
}

pub(super) fn key_file(folder: &Path) -> std::path::PathBuf {
    folder.join("keys/5-papers.1.key")
}

/// Over a file, with keys in files, as a deployment has them.
pub(super) fn deployed() -> (tempfile::TempDir, House) {
    let folder = tempfile::tempdir().unwrap();
    let keys = Arc::new(SoftwareKeys::new(folder.path().join("keys")));
    let house = House::over(open(folder.path()), Options { keys: Some(keys), ..Options::cheap() });
    (folder, house)
}

pub(super) fn open(folder: &Path) -> Store {
    let signer = dinh_store::Signer::from_seed("tests", [7; 32]).unwrap();
    Store::open(&folder.join("dinh.redb"), signer, dinh_store::Options::default()).unwrap()
}

fn holds(file: &[u8], what: &[u8]) -> bool {
    what.len() > 3 && file.windows(what.len()).any(|window| window == what)
}

/// Every form in which a text could lie there: as it is, folded, word by word, and as its sort key.
fn forms(text: &str) -> Vec<Vec<u8>> {
    let folded = fold(text);
    let words = folded.split(' ').map(|word| word.as_bytes().to_vec());
    let mut key = Vec::new();
    push_bytes(&mut key, &sort_key(text));
    let begins = sort_key(text).into_iter().take(12).collect();
    [text.as_bytes().to_vec(), sort_key(text), key, begins].into_iter().chain(words).collect()
}

#[test]
fn no_byte_of_the_file_tells_what_is_confidential_or_personal_and_what_is_not_is_there() {
    let (folder, house) = deployed();
    let plugin = plugin(&house);
    let (identity, remark) = ("035123456789", "Quắch ngoắng khuềnh");
    let (secret_title, open_title) = ("Nguếch thuyềnh nghoạch", "Quyết định bổ nhiệm");
    let (added, boss) = house.clerk(|call| {
        let boss = add(call, &plugin, &[("title", text("Người khác")), ("identity", text("035000000001"))])?;
        let some = [("title", text(open_title)), ("identity", text(identity)), ("remark", text(remark))];
        let added = add(call, &plugin, &[&some[..], &[("superior", Value::Reference(boss))]].concat())?;
        let some = [("title", text(secret_title)), ("label", text("confidential"))];
        add(call, &plugin, &some)?;
        insert_many(
            call,
            &plugin,
            "papers",
            &["title".into(), "identity".into()],
            &[text_column(&["Từ tệp"]), text_column(&["035777777777"])],
        )?;
        Ok((added, boss))
    });
    // Changed and removed values are no more to be found than those that are there.
    house.clerk(|call| {
        update(call, &plugin, "papers", added, None, values(&[("identity", text("035999999999"))]))?;
        let gone = add(call, &plugin, &[("title", text("Xoá")), ("identity", text("035888888888"))])?;
        delete(call, &plugin, "papers", gone, None)
    });
    let mut call = house.call(house.clerk);
    let row = get(&mut call, &plugin, "papers", added, &[]).unwrap().unwrap();
    assert_eq!(row.values[2], text("035999999999"));
    assert_eq!(row.values[3], Value::Reference(boss));
    assert_eq!(row.values[5], text(remark));
    drop(call);
    house.platform.store().close().unwrap();

    let file = std::fs::read(folder.path().join("dinh.redb")).unwrap();
    let secrets =
        [identity, remark, secret_title, "035000000001", "035777777777", "035999999999", "035888888888"];
    for secret in secrets {
        for form in forms(secret) {
            assert!(!holds(&file, &form), "{secret}: {form:02x?}");
        }
    }
    // The same search finds what stands in the clear, in each of its forms.
    let [as_it_is, _, key, begins, ..] = &forms(open_title)[..] else { panic!("four forms and words") };
    for form in [as_it_is, key, begins, &b"nhiem".to_vec()] {
        assert!(holds(&file, form), "{form:02x?}");
    }
    // A reference from a sealed field does not lead to the record, either: its id is in its own row and entries only.
    let reference = [b"r".as_slice(), &boss.0].concat();
    assert!(!holds(&file, &reference));
    assert!(!holds(&file, &std::fs::read(key_file(folder.path())).unwrap()), "nor is the key");
}

#[test]
fn a_row_of_which_nothing_is_sealed_is_written_as_ever_and_asks_for_no_key() {
    let house = House::new();
    let plugin = data(6, house.province, vec![super::house::departments()]);
    let id = house.clerk(|call| insert(call, &plugin, "departments", values(&[("name", text("Nội vụ"))])));
    let call = house.call(house.clerk);
    let place = super::super::place::Place::find(&plugin, "departments").unwrap();
    let stored = call.transaction.get(&place.row(id)).unwrap().unwrap().value;
    assert_eq!(stored, dinh_model::row::write(&[text("Nội vụ")]).unwrap().0);
    assert!(!house.evidence().iter().any(|entry| entry.entry.action == "key.created"));
}

#[test]
fn the_first_key_has_its_evidence_and_what_is_sealed_is_found_by_equality() {
    let house = House::new();
    let plugin = plugin(&house);
    house.clerk(|call| {
        for (identity, remark) in [("001", "a"), ("002", "a"), ("003", "b")] {
            add(call, &plugin, &[("identity", text(identity)), ("remark", text(remark))])?;
        }
        add(
            call,
            &plugin,
            &[("identity", text("004")), ("remark", text("a")), ("label", text("confidential"))],
        )
    });
    let made: Vec<_> = house.evidence().into_iter().filter(|it| it.entry.action == "key.created").collect();
    let [made] = &made[..] else { panic!("{made:?}") };
    assert_eq!(made.entry.subject, "key:papers");

    let mut call = house.call(house.clerk);
    let same = select(&["identity"], &[condition("remark", Comparison::Equal, text("a"))], &[]);
    assert_eq!(texts(&mut call, &plugin, &same), ["001", "002", "004"]);
    let read = call.usage.rows_read;
    assert_eq!(count(&mut call, &plugin, &same).unwrap(), 3);
    assert_eq!(call.usage.rows_read - read, 3, "by the index, not by reading all");
    let taken = add(&mut call, &plugin, &[("identity", text("001")), ("label", text("confidential"))]);
    assert!(matches!(taken, Err(RecordError::Duplicate(_))), "{taken:?}");
}

#[test]
fn a_number_is_taken_once_whether_the_record_that_has_it_lies_sealed_or_not() {
    let house = House::new();
    let mut register = staff();
    register.fields[0].drawn = false;
    let plugin = data(7, house.province, vec![register]);
    let number = |number| ("number", Value::Integer(number));
    let sealed = || ("label", text("confidential"));
    let [open, secret] = house
        .clerk(|call| Ok([add(call, &plugin, &[number(1)])?, add(call, &plugin, &[number(2), sealed()])?]));
    let mut call = house.call(house.clerk);
    for some in [[number(2), ("title", text("x"))], [number(1), sealed()]] {
        assert!(matches!(add(&mut call, &plugin, &some), Err(RecordError::Duplicate(_))));
    }
    let change =
        |call: &mut Call, id, some: &[(&str, Value)]| update(call, &plugin, "papers", id, None, values(some));
    assert!(matches!(change(&mut call, open, &[number(2)]), Err(RecordError::Duplicate(_))));
    // A record keeps its own number when its label changes, there and back.
    change(&mut call, open, &[sealed()]).unwrap();
    change(&mut call, secret, &[("label", text("ordinary"))]).unwrap();
    change(&mut call, open, &[("label", text("ordinary"))]).unwrap();
    assert!(matches!(change(&mut call, open, &[number(2), sealed()]), Err(RecordError::Duplicate(_))));
    delete(&mut call, &plugin, "papers", secret, None).unwrap();
    change(&mut call, open, &[number(2), sealed()]).unwrap();
    house.commit(call).unwrap();
}

#[test]
fn a_number_to_be_drawn_goes_where_the_manifest_says_and_is_refused_where_it_would_be_sealed() {
    let house = House::new();
    let plugin = plugin(&house);
    let id = house.clerk(|call| {
        let drawn = Value::Drawn(super::super::draw(call, &plugin, "register", "2026")?);
        add(call, &plugin, &[("number", drawn), ("label", text("confidential")), ("title", text("Mật"))])
    });
    let mut call = house.call(house.clerk);
    let row = get(&mut call, &plugin, "papers", id, &["number".into(), "title".into()]).unwrap().unwrap();
    assert_eq!(row.values, [Value::Integer(1), text("Mật")]);

    let mut register = staff();
    register.fields[0].drawn = false;
    let plugin = data(8, house.province, vec![register]);
    let drawn = Value::Drawn(super::super::draw(&mut call, &plugin, "register", "2026").unwrap());
    let refused = add(&mut call, &plugin, &[("number", drawn), ("label", text("confidential"))]).unwrap_err();
    assert!(refused.to_string().contains("drawn = true"), "{refused}");
}

#[test]
fn who_is_not_cleared_reads_without_the_key_and_pays_nothing_for_what_is_sealed() {
    let (folder, house) = deployed();
    let plugin = plugin(&house);
    house.clerk(|call| {
        for (title, label) in [("b", "ordinary"), ("a", "confidential"), ("c", "ordinary")] {
            add(call, &plugin, &[("title", text(title)), ("label", text(label)), ("remark", text("x"))])?;
        }
        Ok(())
    });
    std::fs::remove_file(key_file(folder.path())).unwrap();
    let house = house.restarted(folder.path(), open);
    let by_title = select(&["title", "remark"], &[], &[("title", false)]);
    let mut call = house.call(house.officer);
    let seen = all(&mut call, &plugin, &by_title, 1).unwrap();
    let titles: Vec<_> = seen.iter().map(|(_, values)| values.clone()).collect();
    assert_eq!(titles, [vec![text("b"), Value::Empty], vec![text("c"), Value::Empty]]);

    let mut call = house.call(house.clerk);
    let error = all(&mut call, &plugin, &by_title, 1).unwrap_err().to_string();
    assert!(error.contains("5-papers.1.key is missing"), "{error}");
}

#[test]
fn a_page_of_sealed_and_clear_records_comes_in_order_and_its_cursor_tells_nothing() {
    let house = House::new();
    let plugin = plugin(&house);
    let titles = ["Ân Thi", "Bình Lục", "Cẩm Khê", "Đại Từ", "Ea Kar", "Gia Lâm"];
    house.clerk(|call| {
        for (at, title) in titles.iter().enumerate() {
            let label = ["ordinary", "confidential"][at % 2];
            add(call, &plugin, &[("title", text(title)), ("label", text(label))])?;
        }
        Ok(())
    });
    let mut call = house.call(house.clerk);
    assert_eq!(texts(&mut call, &plugin, &select(&["title"], &[], &[("title", false)])), titles);
    let backward: Vec<_> = titles.iter().rev().copied().collect();
    assert_eq!(texts(&mut call, &plugin, &select(&["title"], &[], &[("title", true)])), backward);
    let from = select(&["title"], &[condition("title", Comparison::Greater, text("B"))], &[("title", false)]);
    assert_eq!(texts(&mut call, &plugin, &from), &titles[1..]);
    let words = select(&["title"], &[condition("title", Comparison::Matches, text("dai"))], &[]);
    assert_eq!(texts(&mut call, &plugin, &words), ["Đại Từ"]);

    let order = select(&["title"], &[], &[("title", false)]);
    let page = super::super::query(&mut call, &plugin, &order, None, 2).unwrap();
    let cursor = data_encoding::BASE64URL_NOPAD.decode(page.next.unwrap().as_bytes()).unwrap();
    for form in forms("Bình Lục") {
        assert!(!holds(&cursor, &form));
    }
}

#[test]
fn the_public_is_shown_no_personal_field_and_finds_nothing_out_by_asking() {
    let house = House::new();
    let plugin = plugin(&house);
    let public = PublicGrant { permission: permission("read"), unit: house.province };
    let operator = house.origin(house.clerk).as_operator();
    house.platform.perform(&operator, |call| accounts::publish(call, &public)).unwrap();
    let id = house.clerk(|call| add(call, &plugin, &[("title", text("Tên")), ("identity", text("001"))]));
    let mut call = house.platform.begin(&house.platform.origin(Actor::Public, Language::Vi)).unwrap();
    let seen = get(&mut call, &plugin, "papers", id, &["title".into(), "identity".into()]).unwrap().unwrap();
    assert_eq!(seen.values, [text("Tên"), Value::Empty]);
    let listed = all(&mut call, &plugin, &select(&["title", "identity"], &[], &[("identity", false)]), 2);
    assert_eq!(listed.unwrap(), [(id, vec![text("Tên"), Value::Empty])]);
    for comparison in [Comparison::Equal, Comparison::Greater, Comparison::StartsWith, Comparison::IsEmpty] {
        let asked = select(&["title"], &[condition("identity", comparison, text("001"))], &[]);
        assert_eq!(count(&mut call, &plugin, &asked).unwrap(), 0, "{comparison:?}");
    }
}

#[test]
fn sealed_records_wait_in_the_inbox_are_added_up_and_stay_while_sealed_fields_refer_to_them() {
    let house = House::new();
    let mut register = staff();
    register.fields.push(Field { personal: true, ..field("state", FieldType::Text) });
    register.fields.push(Field { label: Label::Confidential, ..field("pay", FieldType::Money) });
    register.indexes.push(index(IndexKind::Equal, &[7]));
    let plugin = data(9, house.province, vec![register]);
    plugin.check().unwrap();
    let boss = house.clerk(|call| {
        let boss = add(call, &plugin, &[("title", text("Trưởng phòng"))])?;
        for (title, label, pay) in [("Ất", "ordinary", 7_000_000), ("Giáp", "confidential", 5_000_000)] {
            let some = [
                ("title", text(title)),
                ("label", text(label)),
                ("state", text("chờ duyệt")),
                ("pay", Value::Integer(pay)),
                ("superior", Value::Reference(boss)),
            ];
            add(call, &plugin, &some)?;
        }
        Ok(boss)
    });
    let rule = TaskRule {
        name: "check".into(),
        title: Localized::new("Hồ sơ chờ duyệt", "To check"),
        collection: "papers".into(),
        when: vec![("state".into(), text("chờ duyệt"))],
        assignee: None,
        except: Vec::new(),
        permission: permission("update"),
        unit: None,
        subject: "title".into(),
        path: "/papers".into(),
    };
    let mut call = house.call(house.clerk);
    let read = call.usage.rows_read;
    let waits = waiting(&mut call, &plugin, &rule, 10).unwrap();
    let subjects: Vec<_> = waits.records.iter().map(|it| it.subject.as_deref().unwrap()).collect();
    assert_eq!(subjects, ["Ất", "Giáp"]);
    assert_eq!(call.usage.rows_read - read, 2, "by the index");
    let pay = sum(&mut call, &plugin, &select(&["pay"], &[], &[]), "pay").unwrap();
    assert_eq!(pay.to_string(), "12000000");
    let refused = delete(&mut call, &plugin, "papers", boss, None);
    assert!(matches!(refused, Err(RecordError::Invalid(_))), "{refused:?}");
    let referring = [condition("superior", Comparison::Equal, Value::Reference(boss))];
    let referring = all(&mut call, &plugin, &select(&["title"], &referring, &[]), 1).unwrap();
    // What was read clings to the call: another one writes.
    let mut call = house.call(house.clerk);
    for (id, _) in referring {
        update(&mut call, &plugin, "papers", id, None, values(&[("superior", Value::Empty)])).unwrap();
    }
    delete(&mut call, &plugin, "papers", boss, None).unwrap();
    house.commit(call).unwrap();
}

#[test]
fn many_sealed_records_become_visible_at_once() {
    let house = House::new();
    let plugin = plugin(&house);
    let origin = || house.origin(house.clerk);
    let bulk = house.platform.open_bulk(&origin(), &plugin, "papers").unwrap();
    let made = || house.evidence().into_iter().filter(|it| it.entry.action == "key.created").count();
    assert_eq!(made(), 1, "before the first step, for a key cannot be staged");
    let fields = ["title", "identity", "label"].map(str::to_owned);
    let columns = [
        text_column(&["Ất", "Bính"]),
        text_column(&["001", "002"]),
        text_column(&["ordinary", "confidential"]),
    ];
    house.platform.stage_bulk(&origin(), &plugin, &bulk, &fields, &columns).unwrap();
    let again = house.platform.stage_bulk(&origin(), &plugin, &bulk, &fields[..2], &columns[..2]);
    assert!(matches!(again, Err(RecordError::Duplicate(_))), "{again:?}");
    assert_eq!(house.platform.publish_bulk(&origin(), &plugin, &bulk).unwrap(), 2);
    let mut call = house.call(house.clerk);
    let by = select(&["title"], &[condition("identity", Comparison::Equal, text("002"))], &[]);
    assert_eq!(texts(&mut call, &plugin, &by), ["Bính"]);
    assert_eq!(made(), 1);
}

#[test]
fn a_sealed_value_moved_to_another_record_is_found_out() {
    let house = House::new();
    let plugin = plugin(&house);
    let [one, other] = house.clerk(|call| {
        let mut one = |identity| add(call, &plugin, &[("identity", text(identity))]);
        Ok([one("001")?, one("002")?])
    });
    let place = super::super::place::Place::find(&plugin, "papers").unwrap();
    let mut call = house.call(house.clerk);
    let moved = call.transaction.get(&place.row(one)).unwrap().unwrap().value;
    call.transaction.put(place.row(other), moved);
    let found = get(&mut call, &plugin, "papers", other, &[]);
    let altered = matches!(found, Err(RecordError::Service(ServiceError::Sealed(SealError::Altered { .. }))));
    assert!(altered, "{found:?}");
}
