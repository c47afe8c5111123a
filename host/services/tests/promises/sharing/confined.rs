//! What clings to a call that has read: each way out that a careless or malicious plugin might try.

use dinh_model::{Keep, Label, Value};
use dinh_services::Call;
use dinh_services::accounts::NewGrant;
use dinh_services::records::{FieldValue, RecordError, insert, query};

use super::neighbours::{Neighbours, all};
use crate::house::{give_this, new_grant};

fn pay(it: &Neighbours, call: &mut Call, values: &[(&str, Value)]) -> Result<(), RecordError> {
    let values =
        values.iter().map(|(field, value)| FieldValue { field: (*field).into(), value: value.clone() });
    insert(call, &it.dues, "payments", values.collect()).map(drop)
}

fn rule(result: Result<(), RecordError>) -> &'static str {
    match result {
        Err(RecordError::Refused(refusal)) => refusal.rule,
        other => panic!("not refused by a rule: {other:?}"),
    }
}

fn text(text: &str) -> Value {
    Value::Text(text.into())
}

#[test]
fn under_a_contract_that_lets_nothing_be_kept_no_record_is_written() {
    let it = Neighbours::keeping(Keep::Nothing);
    it.agreed(|_| ());
    let mut call = it.call(it.cashier);
    pay(&it, &mut call, &[("amount", Value::Integer(80_000))]).unwrap();
    it.read(&mut call, &all(&["unit"])).unwrap();
    assert_eq!(rule(pay(&it, &mut call, &[("amount", Value::Integer(80_000))])), "confined-keep-nothing");
}

#[test]
fn under_a_contract_for_references_no_text_is_written_but_what_the_person_submitted() {
    let it = Neighbours::new();
    it.agreed(|_| ());
    let mut call = it.call(it.cashier);
    call.confinement.submitted("đã thu tiền mặt");
    let names = it.read(&mut call, &all(&["full-name"])).unwrap();
    assert_eq!(rule(pay(&it, &mut call, &[("note", text(&names[0]))])), "confined-text");
    assert_eq!(rule(pay(&it, &mut call, &[("note", text("thu của N. V. A."))])), "confined-text");
    let derived = [("amount", Value::Integer(80_000)), ("note", text("đã thu tiền mặt"))];
    pay(&it, &mut call, &derived).unwrap();
    // Who read no text may write what they like.
    let mut call = it.call(it.cashier);
    it.read(&mut call, &all(&["salary"])).unwrap();
    pay(&it, &mut call, &[("note", text("mức 1 %"))]).unwrap();
}

#[test]
fn under_a_contract_for_copies_texts_are_written() {
    let it = Neighbours::keeping(Keep::Copies);
    it.agreed(|terms| terms.copies_until = Some("2026-12-31".parse().unwrap()));
    let mut call = it.call(it.cashier);
    let names = it.read(&mut call, &all(&["full-name"])).unwrap();
    pay(&it, &mut call, &[("note", text(&names[0]))]).unwrap();
}

#[test]
fn what_is_confidential_is_not_written_lower_and_may_be_written_as_high() {
    let it = Neighbours::new();
    it.agreed(|_| ());
    let mut call = it.call(it.collector);
    it.read(&mut call, &all(&["salary"])).unwrap();
    assert_eq!(call.confinement.label(), Label::Confidential, "one of the rows is Mật");
    let amount = ("amount", Value::Integer(120_000));
    assert_eq!(rule(pay(&it, &mut call, std::slice::from_ref(&amount))), "confined-label");
    assert_eq!(rule(pay(&it, &mut call, &[("secrecy", text("ordinary")), amount.clone()])), "confined-label");
    // Below only an ordinary reader's eyes nothing was Mật.
    let mut call = it.call(it.cashier);
    it.read(&mut call, &all(&["salary"])).unwrap();
    pay(&it, &mut call, std::slice::from_ref(&amount)).unwrap();
}

#[test]
fn a_plugins_own_confidential_records_cling_as_well() {
    let it = Neighbours::new();
    let mut writer = it.call(it.collector);
    pay(&it, &mut writer, &[("secrecy", text("confidential")), ("amount", Value::Integer(5))]).unwrap();
    it.house.platform.commit(writer).unwrap();
    let mut call = it.call(it.collector);
    let mut own = all(&["amount"]);
    own.collection = "payments".into();
    assert_eq!(query(&mut call, &it.dues, &own, None, 10).unwrap().ids.len(), 1);
    assert_eq!(rule(pay(&it, &mut call, &[("amount", Value::Integer(5))])), "confined-label");
    pay(&it, &mut call, &[("secrecy", text("confidential")), ("amount", Value::Integer(5))]).unwrap();
    // And the read is evidence, with the record it showed.
    let before = it.house.evidence().len();
    it.house.platform.witness(call.take_witnessed()).unwrap();
    let entries: Vec<_> = it.house.evidence().drain(before..).collect();
    let read = entries.iter().find(|it| it.entry.action == "record.read").unwrap();
    assert_eq!((read.entry.subject.as_str(), read.entry.records.len()), ("dues/payments", 1));
}

#[test]
fn whoever_may_declassify_does_so_and_it_is_evidence() {
    let it = Neighbours::new();
    it.agreed(|_| ());
    it.house.admin(|call| {
        let grant = new_grant(it.collector, "dinh.declassifier", it.house.province);
        give_this(call, NewGrant { label: Label::Confidential, ..grant })
    });
    let mut call = it.call(it.collector);
    it.read(&mut call, &all(&["salary"])).unwrap();
    pay(&it, &mut call, &[("amount", Value::Integer(120_000))]).unwrap();
    it.house.platform.commit(call).unwrap();
    let entries = it.house.evidence();
    let declassified = entries.iter().find(|it| it.entry.action == "label.declassified").unwrap();
    assert_eq!(declassified.entry.detail["from"], "confidential");
}
