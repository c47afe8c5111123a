//! Calls that conflict are run again as they were, and get through in the end.
//!
//! A listener on the guest's own log line changes what the guest has just read, inside its call: so each
//! attempt conflicts, or does not, as the test says.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use dinh_model::{Actor, Value};
use dinh_runtime::{CallError, Submitted};
use dinh_services::records::{self, Comparison, Condition, FieldValue, Selection};

use crate::house::{House, asked, component, submission, wait};
use crate::lines;

/// A house in which somebody adds a hundred to the counter while a call counts, so many times.
pub fn disturbed(moment: &str, times: u32) -> (House, Arc<std::sync::Mutex<Vec<String>>>) {
    let house = House::at(moment);
    let plugin = house.install(&component("hostile")).unwrap();
    house.give(house.officer, "hostile.vandal", house.province);
    house.submit(house.officer, "hostile", "add", &[]).unwrap();

    let counting = format!("counting at {moment}");
    let attempts = lines::collect(&counting);
    let left = AtomicU32::new(times);
    let platform = Arc::clone(&house.platform);
    let origin = platform.origin(Actor::person(house.officer), Default::default());
    lines::listen(&counting, move |_| {
        if left.load(Ordering::SeqCst) == 0 {
            return;
        }
        left.fetch_sub(1, Ordering::SeqCst);
        let all = Selection {
            collection: "counters".into(),
            fields: vec!["count".into()],
            any_of: vec![vec![Condition {
                field: "name".into(),
                comparison: Comparison::Equal,
                value: Value::Text("all".into()),
            }]],
            order_by: Vec::new(),
        };
        let disturbed = platform.perform(&origin, |call| {
            let page = records::query(call, &plugin.data, &all, None, 1)?;
            let Value::Integer(count) = page.columns[0].value(0).unwrap() else { panic!() };
            let more = FieldValue { field: "count".into(), value: Value::Integer(count + 100) };
            Ok(records::update(call, &plugin.data, "counters", page.ids[0], None, vec![more])?)
        });
        disturbed.unwrap();
    });
    (house, attempts)
}

fn count(house: &House) -> String {
    house.draw(house.officer, "hostile", "/").unwrap().title
}

#[test]
fn a_call_is_run_again_with_the_same_moment_and_the_same_random_numbers() {
    let (house, attempts) = disturbed("2026-05-01T01:00:00Z", 2);
    let submitted = house.submit(house.officer, "hostile", "add", &[]).unwrap();
    assert!(matches!(submitted, Submitted::Done(_)));
    assert_eq!(count(&house), "counters: all=202");
    let attempts = attempts.lock().unwrap();
    assert_eq!(attempts.len(), 3);
    assert!(attempts.iter().all(|line| *line == attempts[0]), "{attempts:?}");
}

#[test]
fn a_record_created_again_has_the_same_identifier() {
    let house = House::at("2026-05-02T01:00:00Z");
    let plugin = house.install(&component("hostile")).unwrap();
    house.give(house.officer, "hostile.vandal", house.province);
    let created = lines::collect("created ");
    let (platform, data) = (Arc::clone(&house.platform), Arc::clone(&plugin.data));
    let origin = platform.origin(Actor::person(house.officer), Default::default());
    let first = AtomicU32::new(1);
    lines::listen("counting at 2026-05-02T01:00:00Z", move |_| {
        if first.swap(0, Ordering::SeqCst) == 0 {
            return;
        }
        // Somebody adds the counter that the guest has just looked for in vain, and removes it again.
        let value = |field: &str, value| FieldValue { field: field.into(), value };
        let values = vec![value("name", Value::Text("all".into())), value("count", Value::Integer(0))];
        let added = platform
            .perform(&origin, |call| Ok(records::insert(call, &data, "counters", values.clone())?))
            .unwrap();
        platform.perform(&origin, |call| Ok(records::delete(call, &data, "counters", added, None)?)).unwrap();
    });
    let Submitted::Done(done) = house.submit(house.officer, "hostile", "add", &[]).unwrap() else { panic!() };
    let said = done.notice.unwrap().title.replace("counted ", "created ");
    let created = created.lock().unwrap();
    assert_eq!(created.iter().filter(|line| line.starts_with(&said)).count(), 2, "{said} {created:?}");
}

#[test]
fn after_three_conflicts_a_call_runs_alone_and_gets_through() {
    let lanes = lines::collect("a call runs in the serial lane");
    let (house, attempts) = disturbed("2026-05-03T01:00:00Z", 3);
    house.submit(house.officer, "hostile", "add", &[]).unwrap();
    assert_eq!(count(&house), "counters: all=302");
    assert_eq!(attempts.lock().unwrap().len(), 4);
    assert!(!lanes.lock().unwrap().is_empty());
}

#[test]
fn a_call_that_conflicts_for_ever_ends_and_leaves_nothing() {
    let (house, attempts) = disturbed("2026-05-04T01:00:00Z", u32::MAX);
    let error = house.submit(house.officer, "hostile", "add", &[]).unwrap_err();
    assert!(matches!(error, CallError::Conflict), "{error}");
    assert_eq!(attempts.lock().unwrap().len(), 6);
    assert_eq!(count(&house), "counters: all=601");
}

#[test]
fn forty_people_who_count_at_once_count_to_forty() {
    let house = House::at("2026-05-05T01:00:00Z");
    house.install(&component("hostile")).unwrap();
    house.give(house.officer, "hostile.vandal", house.province);
    let runtime = Arc::clone(&house.runtime);
    let officer = house.officer;
    wait(async move {
        let counting = (0..40).map(|_| {
            let runtime = Arc::clone(&runtime);
            async move {
                let plugin = "hostile".parse().unwrap();
                let asked = asked(Actor::person(officer), "/");
                runtime.submit(&plugin, asked, submission("add", &[]), None).await
            }
        });
        let mut all = tokio::task::JoinSet::new();
        counting.for_each(|counting| {
            all.spawn(counting);
        });
        while let Some(counted) = all.join_next().await {
            assert!(matches!(counted.unwrap().unwrap(), Submitted::Done(_)));
        }
    });
    assert_eq!(count(&house), "counters: all=40");
}
