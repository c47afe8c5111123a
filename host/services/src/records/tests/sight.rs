//! A forgetful reader sees nothing it may not: whatever is asked, and however.

use std::sync::Arc;

use dinh_model::{Collection, FieldType, Label, RecordId, Value};

use super::super::{Comparison, RecordError, Selection, count, delete, get, insert, query, sum, update};
use super::house::{
    House, all, collection, condition, data, decimal, departments, field, paper, papers, select, text, texts,
    values,
};

/// One paper in planning, one in finance, one Mật in finance, one of the owner's in planning, one of nobody's.
fn fill(house: &House) -> Vec<RecordId> {
    let data = house.data();
    house.clerk(|call| {
        let of = |title: &str, unit, label: &str, owner, amount: &str| {
            vec![
                ("title", text(title)),
                ("unit", Value::Unit(unit)),
                ("label", text(label)),
                ("owner", owner),
                ("amount", decimal(amount)),
                ("remark", text("riêng")),
            ]
        };
        let owner = Value::Account(house.owner);
        [
            of("planning", house.planning, "ordinary", Value::Empty, "1"),
            of("finance", house.finance, "ordinary", Value::Empty, "10"),
            of("secret", house.finance, "confidential", Value::Empty, "100"),
            of("own", house.planning, "ordinary", owner, "1000"),
            vec![("title", text("home")), ("amount", decimal("10000"))],
        ]
        .iter()
        .map(|some| paper(call, &data, some))
        .collect()
    })
}

#[test]
fn every_way_of_reading_shows_exactly_what_the_actor_may_see() {
    let house = House::new();
    let data = house.data();
    let ids = fill(&house);
    for (account, seen, total) in [
        (house.clerk, vec!["planning", "finance", "secret", "own", "home"], "11111.00"),
        (house.planner, vec!["planning", "own"], "1001.00"),
        (house.treasurer, vec!["finance", "secret"], "110.00"),
        (house.owner, vec!["own"], "1000.00"),
        (house.stranger, vec![], "0.00"),
    ] {
        let mut call = house.call(account);
        let everything = select(&["title"], &[], &[]);
        assert_eq!(texts(&mut call, &data, &everything), seen);
        assert_eq!(count(&mut call, &data, &everything).unwrap(), seen.len() as u64);
        assert_eq!(sum(&mut call, &data, &everything, "amount").unwrap().to_string(), total);
        for (id, title) in ids.iter().zip(["planning", "finance", "secret", "own", "home"]) {
            let found = get(&mut call, &data, "papers", *id, &["title".into()]).unwrap();
            assert_eq!(found.is_some(), seen.contains(&title), "{title}");
        }
        // By every index, and by search.
        for selection in [
            select(&["title"], &[], &[("day", false), ("title", false)]),
            select(
                &["title"],
                &[condition("amount", Comparison::Greater, decimal("0"))],
                &[("amount", true)],
            ),
            select(&["title"], &[condition("number", Comparison::IsEmpty, Value::Empty)], &[]),
        ] {
            let mut titles = texts(&mut call, &data, &selection);
            titles.sort_by_key(|title| ids.len() - seen.iter().position(|known| known == title).unwrap());
            assert_eq!(titles.len(), seen.len());
        }
        let search = select(&["title"], &[condition("title", Comparison::Matches, text("sec"))], &[]);
        assert_eq!(texts(&mut call, &data, &search).is_empty(), !seen.contains(&"secret"));
    }
}

#[test]
fn a_labelled_field_is_empty_for_those_not_cleared_and_does_not_answer_their_questions() {
    let house = House::new();
    let data = house.data();
    let ids = fill(&house);
    let mut planner = house.call(house.planner);
    let asked = select(&["title", "remark"], &[], &[]);
    let rows = all(&mut planner, &data, &asked, 10).unwrap();
    assert_eq!(rows.len(), 2);
    assert!(rows.iter().all(|(_, values)| values[1] == Value::Empty));
    let found = get(&mut planner, &data, "papers", ids[0], &[]).unwrap().unwrap();
    assert_eq!(found.values[9], Value::Empty);
    // Filtering or sorting by it would tell what is in it.
    for selection in [
        select(&["title"], &[condition("remark", Comparison::Equal, text("riêng"))], &[]),
        select(&["title"], &[condition("remark", Comparison::IsFilled, Value::Empty)], &[]),
        select(&["title"], &[], &[("remark", false)]),
    ] {
        assert_eq!(texts(&mut planner, &data, &selection), [""; 0]);
        assert_eq!(texts(&mut house.call(house.treasurer), &data, &selection).len(), 2);
    }
    let found = get(&mut house.call(house.clerk), &data, "papers", ids[0], &[]).unwrap().unwrap();
    assert_eq!(found.values[9], text("riêng"));
}

#[test]
fn writing_needs_the_verb_for_the_record_as_it_was_and_as_it_will_be() {
    let house = House::new();
    let data = house.data();
    let ids = fill(&house);
    let title = |title: &str| values(&[("title", text(title))]);
    let mut call = house.call(house.planner);
    let denied = update(&mut call, &data, "papers", ids[0], None, title("x")).unwrap_err();
    assert!(matches!(&denied, RecordError::Denied(denial) if !denial.text.is_empty()), "{denied:?}");
    // What is not seen is not there, neither to change nor to remove.
    for id in [ids[1], ids[2], ids[4]] {
        let missing = update(&mut call, &data, "papers", id, None, title("x"));
        assert!(matches!(missing, Err(RecordError::NotFound)));
        assert!(matches!(delete(&mut call, &data, "papers", id, None), Err(RecordError::NotFound)));
    }
    let mut call = house.call(house.owner);
    update(&mut call, &data, "papers", ids[3], None, title("mine still")).unwrap();
    let given_away = values(&[("owner", Value::Account(house.clerk))]);
    let denied = update(&mut call, &data, "papers", ids[3], None, given_away);
    assert!(matches!(denied, Err(RecordError::Denied(_))), "not one's own afterwards");
    let raised = values(&[("label", text("confidential"))]);
    assert!(matches!(update(&mut call, &data, "papers", ids[3], None, raised), Err(RecordError::Denied(_))));
    let remark = values(&[("remark", text("mới"))]);
    let overwritten = update(&mut call, &data, "papers", ids[3], None, remark);
    assert!(
        matches!(overwritten, Err(RecordError::Denied(_))),
        "a labelled field is written by the cleared only"
    );
    // A form that shows it empty brings it back empty: it stays as it is.
    let as_shown = values(&[("title", text("như cũ")), ("remark", Value::Empty)]);
    update(&mut call, &data, "papers", ids[3], None, as_shown).unwrap();
    house.commit(call).unwrap();
    let kept =
        get(&mut house.call(house.clerk), &data, "papers", ids[3], &["remark".into()]).unwrap().unwrap();
    assert_eq!(kept.values, [text("riêng")]);
    let mut call = house.call(house.owner);
    let anothers = paper(&mut call, &data, &[("title", text("x")), ("owner", Value::Account(house.clerk))]);
    assert!(matches!(anothers, Err(RecordError::Denied(_))));
    paper(&mut call, &data, &[("title", text("x")), ("owner", Value::Account(house.owner))]).unwrap();
}

#[test]
fn a_page_that_is_being_drawn_writes_nothing() {
    let house = House::new();
    let data = house.data();
    let mut call = house.call(house.clerk);
    call.records.read_only = true;
    let refused = paper(&mut call, &data, &[("title", text("x"))]);
    assert!(matches!(refused, Err(RecordError::ReadOnly)));
    assert!(!call.transaction.writes());
}

#[test]
fn reading_has_its_limit() {
    let house = House::new();
    let data = house.data();
    fill(&house);
    let mut call = house.call(house.clerk);
    call.limits.rows_read = 4;
    let tripped = query(&mut call, &data, &select(&["title"], &[], &[]), None, 10).unwrap_err();
    assert!(matches!(tripped, RecordError::Limit(trip) if trip.what == "rows-read" && trip.allowed == 4));
}

/// Papers of which each is withheld from the one it is about; nobody owns them.
fn withheld(house: &House) -> super::super::PluginData {
    let about = Collection { owner_field: None, withheld_field: Some(7), ..papers() };
    data(1, house.province, vec![about, departments()])
}

#[test]
fn a_record_is_withheld_from_whom_it_is_about_by_every_way_of_reading_and_writing() {
    let house = House::new();
    let data = withheld(&house);
    let about = |call: &mut crate::Call, title: &str, label: &str, whom: Value| {
        let unit = Value::Unit(house.finance);
        let values = [("title", text(title)), ("unit", unit), ("label", text(label)), ("owner", whom)];
        paper(call, &data, &values)
    };
    let treasurer = Value::Account(house.treasurer);
    let ids = house.clerk(|call| {
        Ok([
            about(call, "open", "ordinary", treasurer.clone())?,
            about(call, "secret", "confidential", treasurer.clone())?,
            about(call, "of another", "confidential", Value::Account(house.planner))?,
            about(call, "of nobody", "ordinary", Value::Empty)?,
        ])
    });
    let everything = select(&["title"], &[], &[]);
    for (account, seen) in [
        (house.clerk, vec!["open", "secret", "of another", "of nobody"]),
        (house.treasurer, vec!["of another", "of nobody"]),
    ] {
        let mut call = house.call(account);
        assert_eq!(texts(&mut call, &data, &everything), seen);
        assert_eq!(count(&mut call, &data, &everything).unwrap(), seen.len() as u64);
        for (id, title) in ids.iter().zip(["open", "secret", "of another", "of nobody"]) {
            // Neither with a field that has to be opened nor with one that stands in the clear.
            for field in ["title", "unit"] {
                let found = get(&mut call, &data, "papers", *id, &[field.into()]).unwrap();
                assert_eq!(found.is_some(), seen.contains(&title), "{title} {field}");
            }
        }
        let by_title = [condition("title", Comparison::Equal, text("secret"))];
        let found = count(&mut call, &data, &select(&["title"], &by_title, &[])).unwrap();
        assert_eq!(found, u64::from(seen.contains(&"secret")), "not even by what it says");
    }
}

#[test]
fn whoever_may_write_does_not_write_what_is_withheld_from_them() {
    let house = House::new();
    let data = withheld(&house);
    let mine =
        [("title", text("mine")), ("label", text("confidential")), ("owner", Value::Account(house.clerk))];
    let id = house.clerk(|call| paper(call, &data, &mine));
    let mut call = house.call(house.clerk);
    let again = values(&[("title", text("changed"))]);
    let changed = update(&mut call, &data, "papers", id, None, again);
    assert!(matches!(changed, Err(RecordError::NotFound)), "{changed:?}");
    let removed = delete(&mut call, &data, "papers", id, None);
    assert!(matches!(removed, Err(RecordError::NotFound)), "{removed:?}");
}

/// The same papers with parts, which are confidential and withheld as their paper is.
fn with_parts(house: &House) -> super::super::PluginData {
    let fields = vec![
        field("paper", FieldType::Reference { collection: "papers".into() }),
        field("title", FieldType::Text),
        field("unit", FieldType::Unit),
    ];
    let (withheld_field, unit_field, label) = (Some(0), Some(2), Label::Confidential);
    let parts = Collection { withheld_field, unit_field, label, ..collection("parts", fields) };
    let mut data = withheld(house);
    data.collections.push(Arc::new(parts));
    data.check().unwrap();
    data
}

#[test]
fn a_part_of_a_record_is_withheld_as_the_record_is_now_by_every_way_of_reading_and_writing() {
    let house = House::new();
    let data = with_parts(&house);
    let unit = || ("unit", Value::Unit(house.finance));
    let titles = ["một", "hai", "ba", "bốn", "không thuộc văn bản nào"];
    let (papers, parts) = house.clerk(|call| {
        let mut paper =
            |label| paper(call, &data, &[("title", text("vụ việc")), ("label", text(label)), unit()]);
        let papers = [paper("ordinary")?, paper("confidential")?];
        let of = [Some(papers[0]), Some(papers[1]), Some(papers[1]), Some(papers[0]), None];
        let part = |(paper, title): (Option<RecordId>, &str)| {
            let paper = paper.map_or(Value::Empty, Value::Reference);
            insert(call, &data, "parts", values(&[("paper", paper), ("title", text(title)), unit()]))
        };
        Ok((papers, of.into_iter().zip(titles).map(part).collect::<Result<Vec<_>, _>>()?))
    });
    let everything = Selection { collection: "parts".into(), ..select(&["title"], &[], &[]) };
    let is_seen = |who, seen: &[&str]| {
        let mut call = house.call(who);
        assert_eq!(texts(&mut call, &data, &everything), seen);
        assert_eq!(count(&mut call, &data, &everything).unwrap(), seen.len() as u64);
        for (id, title) in parts.iter().zip(titles) {
            for field in ["title", "unit"] {
                let found = get(&mut call, &data, "parts", *id, &[field.into()]).unwrap();
                assert_eq!(found.is_some(), seen.contains(&title), "{title} {field}");
            }
        }
    };
    let about = |paper, whom| {
        let owner = values(&[("owner", Value::Account(whom))]);
        house.clerk(|call| update(call, &data, "papers", paper, None, owner));
    };
    is_seen(house.treasurer, &titles);
    // The paper alone is told whom it is about.
    about(papers[1], house.treasurer);
    is_seen(house.treasurer, &["một", "bốn", "không thuộc văn bản nào"]);
    is_seen(house.clerk, &titles);
    about(papers[0], house.clerk);
    is_seen(house.clerk, &["hai", "ba", "không thuộc văn bản nào"]);
    let mut call = house.call(house.clerk);
    let again = values(&[("title", text("changed"))]);
    let changed = update(&mut call, &data, "parts", parts[0], None, again);
    assert!(matches!(changed, Err(RecordError::NotFound)), "{changed:?}");
    let removed = delete(&mut call, &data, "parts", parts[3], None);
    assert!(matches!(removed, Err(RecordError::NotFound)), "{removed:?}");
}
