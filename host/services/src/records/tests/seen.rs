//! Who has seen a record is told completely, to whoever may read the evidence of its unit.

use dinh_access::{Grantee, Term};
use dinh_model::{AccountId, Actor, Label, Language, RecordId, UnitId, Value};
use proptest::prelude::*;

use super::super::{delete, insert};
use super::house::{House, text, values};
use crate::accounts::{self, How, NewGrant, Seen, seen_by};
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
