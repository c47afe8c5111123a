//! A plugin that never asks still shows nobody a record they may not see.

use dinh_model::{AccountId, Label, RecordId, UnitId};
use dinh_runtime::bindings::types::{self, Value};
use dinh_runtime::bindings::views::Target;
use dinh_runtime::{CallError, Submitted};

use crate::house::{House, component, fact};

fn add(
    house: &House,
    writer: AccountId,
    title: &str,
    weight: i64,
    unit: UnitId,
    secrecy: &str,
) -> Result<Submitted, CallError> {
    house.submit(
        writer,
        "forgetful",
        "add",
        &[
            ("title", Value::Text(title.into())),
            ("weight", Value::Integer(weight)),
            ("unit", Value::Unit(unit.0)),
            ("author", Value::Account(writer.0)),
            ("secrecy", Value::Text(secrecy.into())),
        ],
    )
}

/// The identifier that `add` said.
fn id(submitted: &Submitted) -> String {
    let Submitted::Done(done) = submitted else { panic!("{submitted:?}") };
    assert_eq!(done.target, Target::Page("/".into()));
    done.notice.clone().unwrap().title
}

fn reference(id: &str) -> Value {
    let (high, low) = id.parse::<RecordId>().unwrap().halves();
    Value::Reference(types::RecordId { high, low })
}

struct Notes {
    house: House,
    /// Writes everywhere.
    head: AccountId,
    /// The identifiers of a note of planning, of finance, of planning labelled Mật.
    ids: [String; 3],
}

fn notes() -> Notes {
    let house = House::new();
    house.install(&component("forgetful")).unwrap();
    let head = house.person("head", house.province);
    house.give_to(head, "forgetful.writer", house.province, false, Label::Confidential);
    let ids = [
        add(&house, head, "ghi chép của kế hoạch", 1, house.planning, "ordinary"),
        add(&house, head, "ghi chép của tài chính", 10, house.finance, "ordinary"),
        add(&house, head, "ghi chép mật của kế hoạch", 100, house.planning, "confidential"),
    ]
    .map(|added| id(&added.unwrap()));
    Notes { house, head, ids }
}

/// What the forgetful page shows of one way of asking.
fn shown(notes: &Notes, who: AccountId, way: &str) -> String {
    let page = notes.house.draw(who, "forgetful", "/").unwrap();
    let Value::Text(text) = fact(&page, way) else { return String::new() };
    text
}

#[test]
fn each_way_of_asking_shows_what_the_actor_may_see_and_nothing_else() {
    let notes = notes();
    let house = &notes.house;
    let (kept, money, secret) = (
        "ghi chép của kế hoạch".to_owned(),
        "ghi chép của tài chính".to_owned(),
        "ghi chép mật của kế hoạch".to_owned(),
    );
    let planner = house.person("planner", house.planning);
    house.give(planner, "forgetful.reader", house.planning);
    let cleared = house.person("cleared", house.planning);
    house.give_to(cleared, "forgetful.reader", house.planning, false, Label::Confidential);
    let visitor = house.person("visitor", house.planning);
    house.give(visitor, "forgetful.visitor", house.province);

    for (who, may_see, sum) in [
        (planner, vec![&kept], 1),
        (cleared, vec![&kept, &secret], 101),
        (notes.head, vec![&kept, &money, &secret], 111),
        (visitor, vec![], 0),
    ] {
        let mut expected: Vec<&str> = may_see.iter().map(|title| title.as_str()).collect();
        expected.sort_unstable();
        let count = i64::try_from(expected.len()).unwrap();
        for way in ["list", "ordered", "search", "range"] {
            assert_eq!(shown(&notes, who, way), expected.join(", "), "{way}");
        }
        let page = house.draw(who, "forgetful", "/").unwrap();
        assert_eq!(fact(&page, "count"), Value::Integer(count));
        let Value::Decimal(shown) = fact(&page, "sum") else { panic!("{:?}", fact(&page, "sum")) };
        assert_eq!((shown.unscaled, shown.scale), (sum, 0));
    }
}

#[test]
fn a_record_asked_for_by_its_identifier_is_not_there_for_those_who_may_not_see_it() {
    let notes = notes();
    let planner = notes.house.person("planner", notes.house.planning);
    notes.house.give(planner, "forgetful.reader", notes.house.planning);
    let got = |who: AccountId, id: &str| {
        let page = notes.house.draw(who, "forgetful", &format!("/?id={id}")).unwrap();
        match fact(&page, "get") {
            Value::Text(text) => text,
            other => panic!("{other:?}"),
        }
    };
    let [planning, finance, secret] = &notes.ids;
    assert_eq!(got(planner, planning), "ghi chép của kế hoạch");
    assert_eq!(got(planner, finance), "");
    assert_eq!(got(planner, secret), "");
    assert_eq!(got(notes.head, secret), "ghi chép mật của kế hoạch");
}

#[test]
fn own_records_only_are_the_writers_own() {
    let notes = notes();
    let house = &notes.house;
    let clerk = house.person("clerk", house.planning);
    house.give_to(clerk, "forgetful.writer", house.planning, true, Label::Ordinary);
    add(house, clerk, "ghi chép của tôi", 5, house.planning, "ordinary").unwrap();
    assert_eq!(shown(&notes, clerk, "list"), "ghi chép của tôi");
}

#[test]
fn writing_asks_for_the_old_and_the_new_place_of_a_record() {
    let notes = notes();
    let house = &notes.house;
    let clerk = house.person("clerk", house.planning);
    house.give(clerk, "forgetful.writer", house.planning);
    let denied = |result: Result<Submitted, CallError>| match result {
        Err(CallError::Denied(reason)) => reason,
        other => panic!("{other:?}"),
    };
    let reason = denied(add(house, clerk, "lấn sân", 1, house.finance, "ordinary"));
    assert!(reason.contains("Sở Tài chính"), "{reason}");
    assert_eq!(house.last().0, "access.refused");
    denied(add(house, clerk, "quá mật", 1, house.planning, "confidential"));

    let change = |id: &str| {
        house.submit(
            clerk,
            "forgetful",
            "change",
            &[("id", reference(id)), ("title", Value::Text("đổi".into()))],
        )
    };
    // Of another unit, or above the clerk's label: not even known to be there.
    let [planning, finance, secret] = &notes.ids;
    assert!(matches!(change(finance), Err(CallError::NotFound(_))));
    assert!(matches!(change(secret), Err(CallError::NotFound(_))));
    assert!(matches!(change(planning), Ok(Submitted::Done(_))));

    let remove = |id: &str| house.submit(clerk, "forgetful", "remove", &[("id", reference(id))]);
    assert!(matches!(remove(finance), Err(CallError::NotFound(_))));
    assert!(matches!(remove(planning), Ok(Submitted::Done(_))));
}

#[test]
fn whoever_may_not_open_a_route_never_reaches_the_plugin() {
    let notes = notes();
    let officer = notes.house.officer;
    let Err(CallError::Denied(reason)) = notes.house.draw(officer, "forgetful", "/") else { panic!() };
    assert!(!reason.is_empty());
    let (action, detail) = notes.house.last();
    assert_eq!(action, "access.refused");
    assert!(detail.contains(&("permission".into(), "forgetful.page.open".into())));
    assert!(matches!(notes.house.submit(officer, "forgetful", "add", &[]), Err(CallError::Denied(_))));
}

#[test]
fn numbers_of_a_register_have_no_gap_whoever_asks_first() {
    let notes = notes();
    let last = add(&notes.house, notes.head, "thứ tư", 1, notes.house.planning, "ordinary").unwrap();
    let plugin = notes.house.runtime.plugin(&"forgetful".parse().unwrap()).unwrap();
    let origin = notes.house.platform.origin(dinh_model::Actor::person(notes.head), Default::default());
    let mut call = notes.house.platform.begin(&origin).unwrap();
    let id = id(&last).parse().unwrap();
    let row = dinh_services::records::get(&mut call, &plugin.data, "notes", id, &["number".into()]).unwrap();
    assert_eq!(row.unwrap().values, [dinh_model::Value::Integer(4)]);
}
