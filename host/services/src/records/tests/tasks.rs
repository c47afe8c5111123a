//! What waits, waits for exactly those who may see it and do it.

use std::sync::Arc;

use dinh_model::{IndexKind, Localized, Value};

use super::super::{PluginData, TaskRule, WaitingRecords, waiting};
use super::house::{House, data, departments, index, paper, papers, permission, text};

/// Papers without an amount wait for whoever may change them.
fn rule(when: Vec<(String, Value)>, assignee: Option<&str>) -> TaskRule {
    TaskRule {
        name: "check".into(),
        title: Localized::new("Văn bản chờ kiểm tra", "Papers to check"),
        collection: "papers".into(),
        when,
        assignee: assignee.map(str::to_owned),
        permission: permission("update"),
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
