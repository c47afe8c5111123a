//! What waits, waits for exactly those who may see it and do it.

use std::sync::Arc;

use dinh_access::{Grantee, Term};
use dinh_model::{Actor, FieldType, IndexKind, Label, Language, Localized, Value};

use super::super::{PluginData, TaskRule, WaitingRecords, waiting};
use super::house::{House, data, departments, field, index, paper, papers, permission, text};
use crate::accounts::{self, NewGrant};

/// Papers without an amount wait for whoever may change them.
fn rule(when: Vec<(String, Value)>, assignee: Option<&str>) -> TaskRule {
    TaskRule {
        name: "check".into(),
        title: Localized::new("Văn bản chờ kiểm tra", "Papers to check"),
        collection: "papers".into(),
        when,
        assignee: assignee.map(str::to_owned),
        except: Vec::new(),
        permission: permission("update"),
        unit: None,
        subject: "title".into(),
        path: "/papers".into(),
    }
}

fn number(number: i64) -> Vec<(String, Value)> {
    vec![("number".into(), Value::Integer(number))]
}

/// The papers with an index that is not unique by number.
fn papers_by_number(house: &House) -> PluginData {
    let mut papers = papers();
    papers.indexes[0] = index(IndexKind::Ordered, &[0]);
    papers.indexes.push(index(IndexKind::Ordered, &[7, 0]));
    data(1, house.province, vec![papers, departments()])
}

fn subjects(found: &WaitingRecords) -> Vec<&str> {
    found.records.iter().map(|record| record.subject.as_deref().unwrap_or("–")).collect()
}

#[test]
fn a_record_waits_for_those_who_may_read_it_and_do_what_it_waits_for() {
    let house = House::new();
    let data = papers_by_number(&house);
    house.clerk(|call| {
        let of = |title: &str, unit, owner, state| {
            [
                ("title", text(title)),
                ("unit", Value::Unit(unit)),
                ("owner", owner),
                ("number", Value::Integer(state)),
            ]
        };
        paper(call, &data, &of("planning", house.planning, Value::Empty, 1))?;
        paper(call, &data, &of("finance", house.finance, Value::Empty, 1))?;
        paper(call, &data, &of("own", house.planning, Value::Account(house.owner), 1))?;
        paper(call, &data, &of("done", house.planning, Value::Account(house.owner), 2))
    });
    let find = |account, rule: &TaskRule, limit| {
        let found = waiting(&mut house.call(account), &data, rule, limit).unwrap();
        (subjects(&found).iter().map(|it| (*it).to_owned()).collect::<Vec<_>>(), found.more)
    };
    let all = rule(number(1), None);
    assert_eq!(find(house.clerk, &all, 10), (vec!["planning".into(), "finance".into(), "own".into()], false));
    assert_eq!(find(house.owner, &all, 10), (vec!["own".into()], false), "what is their own");
    assert_eq!(find(house.planner, &all, 10), (vec![], false), "who only reads has nothing to do");
    assert_eq!(find(house.stranger, &all, 10), (vec![], false));
    assert_eq!(find(house.clerk, &all, 2), (vec!["planning".into(), "finance".into()], true));

    let named = rule(number(1), Some("owner"));
    assert_eq!(find(house.owner, &named, 10), (vec!["own".into()], false));
    assert_eq!(find(house.clerk, &named, 10), (vec![], false), "it waits for somebody else");
}

/// The papers with one more field, at the end.
fn papers_with(house: &House, name: &str, kind: FieldType) -> PluginData {
    let mut papers = papers();
    papers.indexes[0] = index(IndexKind::Ordered, &[0]);
    papers.fields.push(field(name, kind));
    data(1, house.province, vec![papers, departments()])
}

#[test]
fn what_takes_two_people_does_not_wait_for_whoever_did_the_first_step() {
    let house = House::new();
    let data = papers_with(&house, "sender", FieldType::Account);
    house.clerk(|call| {
        let of = |title: &str, sender| {
            let unit = ("unit", Value::Unit(house.planning));
            [("title", text(title)), ("number", Value::Integer(1)), unit, ("sender", sender)]
        };
        paper(call, &data, &of("the clerk's", Value::Account(house.clerk)))?;
        paper(call, &data, &of("another's", Value::Account(house.owner)))?;
        paper(call, &data, &of("nobody's", Value::Empty))
    });
    let rule = TaskRule { except: vec!["sender".into()], ..rule(number(1), None) };
    let found = waiting(&mut house.call(house.clerk), &data, &rule, 10).unwrap();
    assert_eq!(subjects(&found), ["another's", "nobody's"]);
}

#[test]
fn what_was_sent_waits_in_the_unit_it_was_sent_to() {
    let house = House::new();
    let data = papers_with(&house, "receiver", FieldType::Unit);
    house.clerk(|call| {
        let of = |title: &str, from, to| {
            let from = ("unit", Value::Unit(from));
            [("title", text(title)), ("number", Value::Integer(1)), from, ("receiver", to)]
        };
        paper(call, &data, &of("out", house.finance, Value::Unit(house.province)))?;
        paper(call, &data, &of("in", house.planning, Value::Unit(house.finance)))?;
        paper(call, &data, &of("within", house.finance, Value::Empty))
    });
    // The officer, who reads everything, is given what finance receives.
    let operator = house.platform.origin(Actor::Public, Language::Vi).as_operator();
    let grant = NewGrant {
        to: Grantee::Account(house.officer),
        role: "papers.writer".parse().unwrap(),
        unit: house.finance,
        own: false,
        label: Label::Ordinary,
        term: Term::ALWAYS,
        reason: "thử".into(),
    };
    house.platform.perform(&operator, |call| accounts::give(call, grant.clone())).unwrap();
    let find = |rule: &TaskRule| {
        let found = waiting(&mut house.call(house.officer), &data, rule, 10).unwrap();
        subjects(&found).iter().map(|it| (*it).to_owned()).collect::<Vec<_>>()
    };
    let own = rule(number(1), None);
    assert_eq!(find(&own), ["out", "within"], "in the record's own unit");
    assert_eq!(find(&TaskRule { unit: Some("receiver".into()), ..own }), ["in", "within"]);
}

#[test]
fn a_subject_that_is_too_confidential_is_left_out() {
    let house = House::new();
    let data = papers_by_number(&house);
    house.clerk(|call| {
        let owner = Value::Account(house.owner);
        let fields = [
            ("title", text("own")),
            ("unit", Value::Unit(house.planning)),
            ("owner", owner),
            ("number", Value::Integer(1)),
            ("remark", text("riêng")),
        ];
        paper(call, &data, &fields)
    });
    let rule = TaskRule { subject: "remark".into(), ..rule(number(1), None) };
    let found = waiting(&mut house.call(house.owner), &data, &rule, 10).unwrap();
    assert_eq!(subjects(&found), ["–"]);
    let found = waiting(&mut house.call(house.clerk), &data, &rule, 10).unwrap();
    assert_eq!(subjects(&found), ["riêng"]);
}

#[test]
fn no_more_than_a_bounded_number_of_rows_is_looked_at() {
    let house = House::new();
    let data = Arc::new(papers_by_number(&house));
    for _ in 0..6 {
        house.clerk(|call| {
            for _ in 0..1_000 {
                let unit = ("unit", Value::Unit(house.finance));
                paper(call, &data, &[("title", text("x")), ("number", Value::Integer(1)), unit])?;
            }
            Ok(())
        });
    }
    // Nothing of it is theirs, and they are not kept waiting for that: behind what was looked at there may be more.
    let mut call = house.call(house.owner);
    let limits = call.limits;
    let found = waiting(&mut call, &data, &rule(number(1), None), 10).unwrap();
    assert_eq!((found.records.len(), found.more), (0, true));
    assert_eq!(call.limits, limits, "what else the call reads is bounded as before");
    assert!(call.usage.rows_read <= 5_001, "{} rows", call.usage.rows_read);
}
