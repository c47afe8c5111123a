//! Who has seen a record is told completely, to whoever may read the evidence of its unit.

use dinh_access::{Grantee, Term};
use dinh_model::{AccountId, Actor, Collection, Label, Language, RecordId, UnitId, Value};
use proptest::prelude::*;

use super::super::{delete, insert};
use super::house::{House, data, departments, papers, permission, text, values};
use crate::accounts::{self, How, NewGrant, Seen, seen_by, seen_lines};
use crate::{Call, ServiceError};

fn auditor(house: &House, account: AccountId, unit: UnitId) {
    let operator = house.platform.origin(Actor::Public, Language::Vi).as_operator();
    let grant = NewGrant {
        to: Grantee::Account(account),
        role: "dinh.auditor".parse().unwrap(),
        unit,
        own: false,
        label: Label::Ordinary,
        term: Term::ALWAYS,
        reason: "thử".into(),
    };
    house.platform.perform(&operator, |call| accounts::give(call, grant.clone())).unwrap();
}

fn seen(house: &House, who: AccountId, record: RecordId, limit: usize) -> Result<Vec<Seen>, ServiceError> {
    let data = house.data();
    let (mut found, mut before) = (Vec::new(), None);
    loop {
        let mut call = house.call(who);
        let page = seen_by(&mut call, Some(&data), "papers", record, before, limit)?;
        found.extend(page.entries);
        before = page.next;
        if before.is_none() {
            return Ok(found);
        }
    }
}

fn paper_in(call: &mut Call, house: &House, unit: UnitId) -> RecordId {
    let fields = values(&[("title", text("Tờ trình")), ("unit", Value::Unit(unit))]);
    insert(call, &house.data(), "papers", fields).unwrap()
}

#[test]
fn who_has_seen_a_record_is_asked_by_who_may_read_the_evidence_of_its_unit() {
    let house = House::new();
    let record = house.clerk(|call| Ok(paper_in(call, &house, house.finance)));
    auditor(&house, house.planner, house.planning);
    auditor(&house, house.treasurer, house.finance);
    house.clerk(|call| {
        call.evidence_about("dataset.read", "contract:3", [("contract", "3".into())], &[record]);
        call.evidence_about("table.exported", "papers/papers", [("rows", "1".into())], &[record]);
        Ok(())
    });
    assert!(matches!(seen(&house, house.planner, record, 9), Err(ServiceError::Denied(_))));
    assert!(matches!(seen(&house, house.stranger, record, 9), Err(ServiceError::Denied(_))));
    // The clerk is of the province, which the treasurer does not read the evidence of.
    let told = seen(&house, house.treasurer, record, 9).unwrap();
    let how: Vec<_> = told.iter().map(|seen| (seen.how, seen.recorded.entry.actor.account())).collect();
    let clerk = Some(house.clerk);
    assert_eq!(how, [(How::Exported, clerk), (How::Shared, clerk), (How::Wrote, clerk)]);

    house.clerk(|call| delete(call, &house.data(), "papers", record, None));
    assert!(matches!(seen(&house, house.treasurer, record, 9), Err(ServiceError::Denied(_))));
    auditor(&house, house.stranger, house.province);
    assert_eq!(seen(&house, house.stranger, record, 2).unwrap().len(), 4);
}

#[test]
fn nobody_who_has_seen_a_record_is_left_out() {
    let house = House::new();
    auditor(&house, house.stranger, house.province);
    let record = |number: u8| RecordId::new(1_700_000_000_000, [number; 10]);
    let strategy = prop::collection::vec(
        (prop::collection::vec((0_u8..40).prop_map(record), 0..200), any::<bool>(), 0_u8..40),
        1..40,
    );
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
        cases: 30,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    runner
        .run(&(strategy, 0_u8..40, 1_usize..30), |(reads, asked, limit)| {
            house.clerk(|call| {
                for (records, is_list, one) in &reads {
                    let subject = match is_list {
                        true => "papers/papers".to_owned(),
                        false => format!("papers/papers/{}", record(*one)),
                    };
                    call.evidence_about("record.read", subject, [], records);
                }
                Ok(())
            });
            let asked = record(asked);
            let naive = house.evidence().into_iter().rev().filter(|it| {
                it.entry.records.contains(&asked) || it.entry.subject.ends_with(&asked.to_string())
            });
            let naive: Vec<u64> = naive.map(|it| it.index).collect();
            let told = seen(&house, house.stranger, asked, limit).unwrap();
            let told: Vec<u64> = told.into_iter().map(|seen| seen.recorded.index).collect();
            prop_assert_eq!(told, naive);
            Ok(())
        })
        .unwrap();
}

#[test]
fn whoever_holds_what_the_collection_names_sees_who_has_seen_that_record_and_no_other_evidence() {
    let house = House::new();
    let directed = Collection { seen: Some(permission("delete")), ..papers() };
    let data = data(1, house.province, vec![directed, departments()]);
    let (finance, planning) = house
        .clerk(|call| Ok((paper_in(call, &house, house.finance), paper_in(call, &house, house.planning))));
    let lines = |who, record, collection: &str| {
        seen_lines(&mut house.call(who), Some(&data), collection, record, None, 9)
            .map(|seen| (seen.entries.len(), seen.whole))
    };
    // The clerk may remove papers everywhere; the treasurer reads those of finance.
    assert_eq!(lines(house.clerk, finance, "papers").unwrap(), (1, false));
    assert_eq!(lines(house.clerk, planning, "papers").unwrap(), (1, false));
    for (who, record, collection) in [
        (house.treasurer, finance, "papers"),
        (house.stranger, finance, "papers"),
        (house.clerk, finance, "departments"),
        (house.clerk, RecordId::new(1, [9; 10]), "papers"),
    ] {
        assert!(matches!(lines(who, record, collection), Err(ServiceError::Denied(_))));
    }
    // The entries themselves may name other records: they take the right to read the evidence.
    let whole = |who| seen_by(&mut house.call(who), Some(&data), "papers", finance, None, 9);
    assert!(matches!(whole(house.clerk), Err(ServiceError::Denied(_))));
    auditor(&house, house.treasurer, house.finance);
    assert_eq!(lines(house.treasurer, finance, "papers").unwrap(), (1, true));
    assert_eq!(whole(house.treasurer).unwrap().entries.len(), 1);
}

#[test]
fn whom_a_record_is_withheld_from_is_not_told_who_has_seen_it_whatever_they_may_read() {
    let house = House::new();
    let about = Collection {
        owner_field: None,
        withheld_field: Some(7),
        seen: Some(permission("delete")),
        ..papers()
    };
    let data = data(1, house.province, vec![about, departments()]);
    let record = house.clerk(|call| {
        let whom = ("owner", Value::Account(house.clerk));
        let fields = values(&[("title", text("Đơn thư")), ("unit", Value::Unit(house.finance)), whom]);
        insert(call, &data, "papers", fields)
    });
    let asked = |record| {
        let mut call = house.call(house.clerk);
        [
            seen_lines(&mut call, Some(&data), "papers", record, None, 9),
            seen_by(&mut call, Some(&data), "papers", record, None, 9),
        ]
    };
    let nowhere = RecordId::new(1, [9; 10]);
    for asked in [asked(record), asked(nowhere)] {
        assert!(asked.iter().all(|told| matches!(told, Err(ServiceError::Denied(_)))), "{asked:?}");
    }
    auditor(&house, house.clerk, house.finance);
    assert!(asked(record).iter().all(Result::is_err), "as for a record that is not there");
    auditor(&house, house.clerk, house.province);
    for asked in [asked(record), asked(nowhere)] {
        assert!(asked.iter().all(|told| told.as_ref().unwrap().entries.is_empty()), "{asked:?}");
    }
    auditor(&house, house.treasurer, house.finance);
    let told = seen_by(&mut house.call(house.treasurer), Some(&data), "papers", record, None, 9);
    assert_eq!(told.unwrap().entries.len(), 1);
}
