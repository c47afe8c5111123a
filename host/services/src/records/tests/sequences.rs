//! Numbers without gaps.

use dinh_model::{IndexKind, Value};

use super::super::{Comparison, RecordError, delete, draw, get, update};
use super::house::{House, condition, data, departments, index, paper, papers, select, text, texts, values};

fn number(house: &House, plugin: &super::super::PluginData, id: dinh_model::RecordId) -> Value {
    let found = get(&mut house.call(house.clerk), plugin, "papers", id, &["number".into()]).unwrap().unwrap();
    found.values[0].clone()
}

#[test]
fn numbers_count_from_one_in_each_period_and_reach_row_and_index() {
    let house = House::new();
    let plugin = house.data();
    let add = |period: &str| {
        house.clerk(|call| {
            let drawn = draw(call, &plugin, "register", period)?;
            paper(call, &plugin, &[("title", text(&format!("kỳ {period}"))), ("number", Value::Drawn(drawn))])
        })
    };
    let first = add("2026");
    assert_eq!(number(&house, &plugin, first), Value::Integer(1));
    let by_number = select(&["title"], &[condition("number", Comparison::Equal, Value::Integer(1))], &[]);
    assert_eq!(texts(&mut house.call(house.clerk), &plugin, &by_number), ["kỳ 2026"]);
    // A call that comes to nothing draws nothing.
    let mut abandoned = house.call(house.clerk);
    draw(&mut abandoned, &plugin, "register", "2026").unwrap();
    drop(abandoned);
    assert_eq!(number(&house, &plugin, add("2026")), Value::Integer(2));
    assert!(matches!(
        draw(&mut house.call(house.clerk), &plugin, "other", ""),
        Err(RecordError::BadRequest(_))
    ));
}

#[test]
fn clerks_at_one_register_do_not_conflict() {
    let house = House::new();
    let plugin = house.data();
    // The first sealed record makes the key, which is written once.
    house.clerk(|call| paper(call, &plugin, &[("title", text("x"))]));
    let mut calls = Vec::new();
    for _ in 0..5 {
        let mut call = house.call(house.clerk);
        let drawn = draw(&mut call, &plugin, "register", "2026").unwrap();
        let id = paper(&mut call, &plugin, &[("title", text("x")), ("number", Value::Drawn(drawn))]).unwrap();
        calls.push((call, id));
    }
    let mut numbers = Vec::new();
    for (call, id) in calls {
        house.commit(call).unwrap();
        numbers.push(number(&house, &plugin, id));
    }
    assert_eq!(numbers, (1..=5).map(Value::Integer).collect::<Vec<_>>());
}

#[test]
fn a_record_that_waits_for_its_number_can_be_changed_and_removed_in_the_same_call() {
    let house = House::new();
    let collections = vec![
        dinh_model::Collection {
            indexes: vec![index(IndexKind::Unique, &[0]), index(IndexKind::Ordered, &[0, 1])],
            ..papers()
        },
        departments(),
    ];
    let plugin = data(3, house.province, collections);
    let (kept, removed) = house.clerk(|call| {
        let first = draw(call, &plugin, "register", "")?;
        let second = draw(call, &plugin, "register", "")?;
        let kept = paper(call, &plugin, &[("title", text("a")), ("number", Value::Drawn(first))])?;
        let removed = paper(call, &plugin, &[("title", text("b")), ("number", Value::Drawn(second))])?;
        update(call, &plugin, "papers", kept, None, values(&[("title", text("c"))]))?;
        delete(call, &plugin, "papers", removed, None)?;
        Ok((kept, removed))
    });
    assert_eq!(number(&house, &plugin, kept), Value::Integer(1));
    let mut call = house.call(house.clerk);
    assert!(get(&mut call, &plugin, "papers", removed, &[]).unwrap().is_none());
    let in_order = select(&["title"], &[], &[("number", false), ("title", false)]);
    assert_eq!(texts(&mut call, &plugin, &in_order), ["c"]);
    let taken = paper(&mut call, &plugin, &[("title", text("d")), ("number", Value::Integer(1))]);
    assert!(matches!(taken, Err(RecordError::Duplicate(_))));
}
