//! Records by the hundred thousand: nobody sees a part of them.

use dinh_model::{Actor, Language, Value};

use super::super::{
    BULK_STEP, Bulk, Column, ColumnValues, Comparison, RecordError, count, delete, insert, query,
};
use super::house::{House, condition, paper, select, text, text_column, values};
use crate::{Origin, ServiceError};

fn origin(house: &House) -> Origin {
    house.platform.origin(Actor::person(house.clerk), Language::Vi)
}

fn numbered(numbers: std::ops::Range<i64>) -> [Column; 2] {
    let titles: Vec<_> = numbers.clone().map(|number| format!("Tờ thứ {number}")).collect();
    let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
    [text_column(&titles), Column { values: ColumnValues::Integers(numbers.collect()), validity: None }]
}

fn stage(house: &House, bulk: &Bulk, numbers: std::ops::Range<i64>) -> Result<usize, RecordError> {
    let fields = ["title".to_owned(), "number".to_owned()];
    let staged =
        house.platform.stage_bulk(&origin(house), &house.data(), bulk, &fields, &numbered(numbers))?;
    Ok(staged.len())
}

fn papers(house: &House) -> u64 {
    count(&mut house.call(house.clerk), &house.data(), &select(&["title"], &[], &[])).unwrap()
}

#[test]
fn a_hundred_thousand_records_become_visible_at_once() {
    let house = House::new();
    let bulk = house.platform.open_bulk(&origin(&house), &house.data(), "papers").unwrap();
    let step = i64::try_from(BULK_STEP).unwrap();
    for first in (0..100_000).step_by(BULK_STEP) {
        assert_eq!(stage(&house, &bulk, first..first + step).unwrap(), BULK_STEP);
        if first % 10_000 == 0 {
            assert_eq!(papers(&house), 0);
        }
    }
    // As a job does it after a restart.
    let bulk: Bulk = postcard::from_bytes(&postcard::to_stdvec(&bulk).unwrap()).unwrap();
    assert_eq!(house.platform.publish_bulk(&origin(&house), &house.data(), &bulk).unwrap(), 100_000);
    assert_eq!(papers(&house), 100_000);
    let found = select(&["number"], &[condition("title", Comparison::Matches, text("to thu 77777"))], &[]);
    let page = query(&mut house.call(house.clerk), &house.data(), &found, None, 10).unwrap();
    assert_eq!(page.columns[0].value(0), Ok(Value::Integer(77_777)), "its indexes are there as well");
    let evidence = house.platform.store().snapshot().unwrap();
    let last = evidence.evidence(evidence.evidence_len() - 1, 1).unwrap().remove(0);
    assert_eq!(
        (last.entry.action.as_str(), last.entry.detail["count"].as_str()),
        ("bulk.published", "100000")
    );
}

#[test]
fn what_is_given_up_was_never_there_and_frees_its_keys() {
    let house = House::new();
    let data = house.data();
    let bulk = house.platform.open_bulk(&origin(&house), &data, "papers").unwrap();
    for first in (0..200).step_by(4) {
        stage(&house, &bulk, first..first + 4).unwrap();
    }
    let mut call = house.call(house.clerk);
    paper(&mut call, &data, &[("title", text("x")), ("number", Value::Integer(7))]).unwrap();
    assert!(matches!(house.commit(call), Err(ServiceError::Importing)), "the number is being imported");
    house.platform.abandon_bulk(&origin(&house), &data, &bulk).unwrap();
    assert_eq!(papers(&house), 0);
    house.clerk(|call| paper(call, &data, &[("title", text("x")), ("number", Value::Integer(7))]));
    assert_eq!(house.platform.store().snapshot().unwrap().batches().count(), 0);
    assert!(stage(&house, &bulk, 0..1).is_err(), "it is over");
}

#[test]
fn a_step_is_checked_as_if_alone_and_against_the_steps_before_it() {
    let house = House::new();
    let data = house.data();
    house.clerk(|call| paper(call, &data, &[("title", text("x")), ("number", Value::Integer(7))]));
    let bulk = house.platform.open_bulk(&origin(&house), &data, "papers").unwrap();
    assert!(matches!(stage(&house, &bulk, 4..8), Err(RecordError::Duplicate(_))));
    assert_eq!(stage(&house, &bulk, 10..14).unwrap(), 4);
    assert!(matches!(stage(&house, &bulk, 13..16), Err(RecordError::Duplicate(_))));
    let most = i64::try_from(BULK_STEP).unwrap();
    assert!(matches!(stage(&house, &bulk, 100..101 + most), Err(RecordError::BadRequest(_))));
    let fields = ["title".to_owned()];
    let stranger = house.platform.origin(Actor::person(house.stranger), Language::Vi);
    let refused = house.platform.stage_bulk(&stranger, &data, &bulk, &fields, &[text_column(&["x"])]);
    assert!(matches!(refused, Err(RecordError::Denied(_))));
    let platform = &house.platform;
    assert!(matches!(platform.open_bulk(&stranger, &data, "papers"), Err(RecordError::Denied(_))));
    assert!(matches!(platform.publish_bulk(&stranger, &data, &bulk), Err(RecordError::Denied(_))));
    assert!(matches!(platform.abandon_bulk(&stranger, &data, &bulk), Err(RecordError::Denied(_))));
    assert_eq!(papers(&house), 1);
    assert_eq!(platform.publish_bulk(&origin(&house), &data, &bulk).unwrap(), 4, "they did it no harm");
}

#[test]
fn a_record_that_is_referred_to_cannot_go_between_staging_and_publishing_unnoticed() {
    let house = House::new();
    let data = house.data();
    let department =
        house.clerk(|call| insert(call, &data, "departments", values(&[("name", text("Phòng Tổng hợp"))])));
    let bulk = house.platform.open_bulk(&origin(&house), &data, "papers").unwrap();
    let fields = ["title".to_owned(), "department".to_owned()];
    let references = Column { values: ColumnValues::References(vec![department]), validity: None };
    let columns = [text_column(&["x"]), references];
    house.platform.stage_bulk(&origin(&house), &data, &bulk, &fields, &columns).unwrap();
    house.clerk(|call| delete(call, &data, "departments", department, None));
    let refused = house.platform.publish_bulk(&origin(&house), &data, &bulk).unwrap_err();
    assert!(refused.to_string().contains("removed meanwhile"), "{refused}");
    house.platform.abandon_bulk(&origin(&house), &data, &bulk).unwrap();
    assert_eq!(papers(&house), 0);
}

#[test]
fn who_is_not_cleared_for_a_field_does_not_publish_what_it_holds() {
    let house = House::new();
    let data = house.data();
    let stage = |remark: Option<&str>| {
        let bulk = house.platform.open_bulk(&origin(&house), &data, "papers").unwrap();
        let mut fields = vec!["title".to_owned(), "owner".to_owned()];
        let owners = Column { values: ColumnValues::Accounts(vec![house.owner]), validity: None };
        let mut columns = vec![text_column(&["x"]), owners];
        if let Some(remark) = remark {
            fields.push("remark".to_owned());
            columns.push(text_column(&[remark]));
        }
        house.platform.stage_bulk(&origin(&house), &data, &bulk, &fields, &columns).unwrap();
        bulk
    };
    // May add what they own, up to what is ordinary; a remark is confidential.
    let owner = house.platform.origin(Actor::person(house.owner), Language::Vi);
    let (plain, remarked) = (stage(None), stage(Some("Mật")));
    assert_eq!(house.platform.publish_bulk(&owner, &data, &plain).unwrap(), 1);
    let refused = house.platform.publish_bulk(&owner, &data, &remarked);
    assert!(matches!(refused, Err(RecordError::Denied(_))), "{refused:?}");
    assert_eq!(house.platform.publish_bulk(&origin(&house), &data, &remarked).unwrap(), 1);
}
