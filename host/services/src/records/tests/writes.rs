//! What is stored is valid, and calls do not disturb each other.

use dinh_model::{RecordId, Value};

use super::super::{Comparison, RecordError, delete, get, update};
use super::house::{House, condition, paper, select, text, texts, values};
use crate::ServiceError;

fn problems(error: RecordError) -> Vec<(String, String)> {
    match error {
        RecordError::Invalid(problems) => problems.into_iter().map(|p| (p.field, p.message)).collect(),
        error => panic!("{error:?}"),
    }
}

#[test]
fn each_bad_field_is_named_with_a_reason() {
    let house = House::new();
    let data = house.data();
    let mut call = house.call(house.clerk);
    let told = problems(
        paper(
            &mut call,
            &data,
            &[
                ("number", text("một")),
                ("amount", Value::Decimal("7.123".parse().unwrap())),
                ("label", text("top-secret")),
            ],
        )
        .unwrap_err(),
    );
    assert_eq!(
        told,
        [
            ("number".into(), "Cần giá trị kiểu integer, nhận được kiểu text.".into()),
            ("amount".into(), "Số 7,123 có nhiều hơn 2 chữ số sau dấu phẩy hoặc quá 18 chữ số. Hãy làm tròn.".into()),
            (
                "label".into(),
                "Độ mật phải là “ordinary” (Thường) hoặc “confidential” (Mật); Tối mật và Tuyệt mật không được lưu \
                 trong hệ thống."
                    .into()
            ),
        ]
    );
    let told = problems(
        paper(
            &mut call,
            &data,
            &[
                ("department", Value::Reference(RecordId([7; 16]))),
                ("province", text("999")),
                ("owner", Value::Account(dinh_model::AccountId(999))),
            ],
        )
        .unwrap_err(),
    );
    let fields: Vec<_> = told.iter().map(|(field, _)| field.as_str()).collect();
    assert_eq!(fields, ["title", "department", "province", "owner"]);
    assert_eq!(told[0].1, "Bắt buộc phải điền.");
    assert_eq!(told[2].1, "Mã “999” không có trong danh mục provinces. Hãy chọn mã trong danh mục.");
    let long = problems(paper(&mut call, &data, &[("title", text(&"a".repeat(1_001)))]).unwrap_err());
    assert!(long[0].1.contains("1000 ký tự"), "{long:?}");
    let nowhere = [("title", text("x")), ("unit", Value::Unit(dinh_model::UnitId(999)))];
    assert!(matches!(paper(&mut call, &data, &nowhere), Err(RecordError::Denied(_))));
    for (field, value) in [("nothing", Value::Empty), ("number", Value::Drawn(0))] {
        assert!(matches!(paper(&mut call, &data, &[(field, value)]), Err(RecordError::BadRequest(_))));
    }
    let twice = paper(&mut call, &data, &[("title", text("a")), ("title", text("b"))]);
    assert!(matches!(twice, Err(RecordError::BadRequest(_))));
    assert!(!call.transaction.writes(), "nothing of a refused write is left");
}

#[test]
fn texts_are_stored_in_one_normal_form() {
    let house = House::new();
    let data = house.data();
    let id = house.clerk(|call| paper(call, &data, &[("title", text("Qua\u{309}ng Ninh"))]));
    let found = get(&mut house.call(house.clerk), &data, "papers", id, &["title".into()]).unwrap().unwrap();
    assert_eq!(found.values, [text("Quảng Ninh")]);
    let equal = select(&["title"], &[condition("title", Comparison::Equal, text("Qua\u{309}ng Ninh"))], &[]);
    assert_eq!(texts(&mut house.call(house.clerk), &data, &equal).len(), 1);
}

#[test]
fn a_unique_key_is_taken_once_however_it_is_tried() {
    let house = House::new();
    let data = house.data();
    let numbered = |number: i64| vec![("title", text("x")), ("number", Value::Integer(number))];
    let first = house.clerk(|call| paper(call, &data, &numbered(1)));
    let second = house.clerk(|call| paper(call, &data, &numbered(2)));
    let mut call = house.call(house.clerk);
    let is_duplicate =
        |error: &RecordError| matches!(error, RecordError::Duplicate(fields) if fields == &["number"]);
    assert!(is_duplicate(&paper(&mut call, &data, &numbered(1)).unwrap_err()));
    let moved = update(&mut call, &data, "papers", second, None, values(&[("number", Value::Integer(1))]));
    assert!(is_duplicate(&moved.unwrap_err()));
    // Empty ones need not differ, and a key is free again once it is given up.
    paper(&mut call, &data, &[("title", text("x"))]).unwrap();
    paper(&mut call, &data, &[("title", text("x"))]).unwrap();
    update(&mut call, &data, "papers", first, None, values(&[("number", Value::Empty)])).unwrap();
    update(&mut call, &data, "papers", second, None, values(&[("number", Value::Integer(1))])).unwrap();
    delete(&mut call, &data, "papers", second, None).unwrap();
    paper(&mut call, &data, &numbered(1)).unwrap();
    house.commit(call).unwrap();
    let mut call = house.call(house.clerk);
    assert!(is_duplicate(&paper(&mut call, &data, &numbered(1)).unwrap_err()));
}

#[test]
fn of_two_calls_that_take_a_unique_key_at_once_one_conflicts() {
    let house = House::new();
    let data = house.data();
    let numbered = [("title", text("x")), ("number", Value::Integer(7))];
    let (mut first, mut second) = (house.call(house.clerk), house.call(house.clerk));
    paper(&mut first, &data, &numbered).unwrap();
    paper(&mut second, &data, &numbered).unwrap();
    house.commit(first).unwrap();
    assert!(matches!(house.commit(second), Err(ServiceError::Conflict)));
}

#[test]
fn a_call_conflicts_exactly_when_what_it_read_was_changed() {
    let house = House::new();
    let data = house.data();
    let id = house.clerk(|call| paper(call, &data, &[("title", text("a"))]));
    let look = |call: &mut crate::Call, word: &str| {
        let selection = select(&["title"], &[condition("title", Comparison::Matches, text(word))], &[]);
        texts(call, &data, &selection).len()
    };
    // A reader of "b" decides by its absence; a writer adds one in between.
    let mut decides = house.call(house.clerk);
    assert_eq!(look(&mut decides, "b"), 0);
    paper(&mut decides, &data, &[("title", text("không có b"))]).unwrap();
    let mut unrelated = house.call(house.clerk);
    assert_eq!(look(&mut unrelated, "z"), 0);
    paper(&mut unrelated, &data, &[("title", text("khác"))]).unwrap();
    house.clerk(|call| update(call, &data, "papers", id, None, values(&[("title", text("b"))])));
    assert!(matches!(house.commit(decides), Err(ServiceError::Conflict)));
    house.commit(unrelated).unwrap();
}

#[test]
fn an_update_of_what_has_changed_is_stale() {
    let house = House::new();
    let data = house.data();
    let id = house.clerk(|call| paper(call, &data, &[("title", text("a"))]));
    let mut call = house.call(house.clerk);
    let seen = get(&mut call, &data, "papers", id, &[]).unwrap().unwrap().version;
    update(&mut call, &data, "papers", id, Some(seen), values(&[("title", text("b"))])).unwrap();
    assert_eq!(get(&mut call, &data, "papers", id, &[]).unwrap().unwrap().version, 0, "written by this call");
    house.commit(call).unwrap();
    let mut call = house.call(house.clerk);
    let stale = update(&mut call, &data, "papers", id, Some(seen), values(&[("title", text("c"))]));
    assert!(matches!(stale, Err(RecordError::Stale)));
    assert!(matches!(delete(&mut call, &data, "papers", id, Some(seen)), Err(RecordError::Stale)));
    let missing = delete(&mut call, &data, "papers", RecordId([1; 16]), None);
    assert!(matches!(missing, Err(RecordError::NotFound)));
}

#[test]
fn an_update_that_changes_nothing_writes_nothing() {
    let house = House::new();
    let data = house.data();
    let id = house.clerk(|call| paper(call, &data, &[("title", text("a"))]));
    let mut call = house.call(house.clerk);
    update(&mut call, &data, "papers", id, None, values(&[("title", text("a"))])).unwrap();
    assert!(!call.transaction.writes());
    let emptied = update(&mut call, &data, "papers", id, None, values(&[("title", Value::Empty)]));
    assert_eq!(problems(emptied.unwrap_err()), [("title".to_owned(), "Bắt buộc phải điền.".to_owned())]);
}

#[test]
fn every_write_is_in_the_evidence_of_its_change_without_its_values() {
    let house = House::new();
    let data = house.data();
    let id = house.clerk(|call| paper(call, &data, &[("title", text("bí mật"))]));
    house.clerk(|call| update(call, &data, "papers", id, None, values(&[("title", text("b"))])));
    house.clerk(|call| delete(call, &data, "papers", id, None));
    let told: Vec<_> = house
        .evidence()
        .into_iter()
        .filter(|recorded| recorded.entry.action.starts_with("record."))
        .map(|recorded| (recorded.entry.action, recorded.entry.subject, recorded.entry.detail))
        .collect();
    let actions: Vec<_> = told.iter().map(|(action, ..)| action.as_str()).collect();
    assert_eq!(actions, ["record.created", "record.changed", "record.removed"]);
    assert!(told.iter().all(|(_, subject, _)| *subject == format!("papers/papers/{id}")));
    let about: Vec<_> = house.evidence().into_iter().flat_map(|recorded| recorded.entry.records).collect();
    assert_eq!(about, [id; 3]);
    assert_eq!(told[1].2["fields"], "title");
    assert!(!format!("{told:?}").contains("bí mật"));
}

#[test]
fn writing_has_its_limit() {
    let house = House::new();
    let data = house.data();
    let mut call = house.call(house.clerk);
    call.limits.records_written = 1;
    paper(&mut call, &data, &[("title", text("a"))]).unwrap();
    let tripped = paper(&mut call, &data, &[("title", text("b"))]);
    assert!(matches!(tripped, Err(RecordError::Limit(trip)) if trip.what == "records-written"));
}
