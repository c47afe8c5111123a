//! Pages and cursors.

use dinh_model::Value;
use proptest::prelude::*;

use super::super::{Comparison, PluginData, RecordError, Selection, View, count, query, sum};
use super::house::{
    House, all, condition, data, decimal, departments, index, paper, papers, select, text, texts,
};
use crate::Options;
use dinh_model::{Dataset, Frequency, IndexKind, Label, Localized};

fn ten(house: &House) -> PluginData {
    let plugin = house.data();
    house.clerk(|call| {
        for number in 0..10 {
            let title = format!("Tờ {}", ["a", "ă", "â", "b", "đ"][number % 5]);
            let some = [
                ("title", text(&title)),
                ("number", Value::Integer(number as i64)),
                ("amount", Value::Integer(number as i64 / 3)),
            ];
            paper(call, &plugin, &some)?;
        }
        Ok(())
    });
    plugin
}

fn titles(order: &[(&str, bool)]) -> Selection {
    select(&["title"], &[], order)
}

#[test]
fn texts_come_in_the_order_of_the_alphabet() {
    let house = House::new();
    let plugin = ten(&house);
    let sorted = texts(&mut house.call(house.clerk), &plugin, &titles(&[("title", false), ("number", true)]));
    assert_eq!(sorted, ["Tờ a", "Tờ a", "Tờ ă", "Tờ ă", "Tờ â", "Tờ â", "Tờ b", "Tờ b", "Tờ đ", "Tờ đ"]);
    let backward = texts(&mut house.call(house.clerk), &plugin, &titles(&[("number", true)]));
    assert_eq!(backward[0], "Tờ đ");
}

#[test]
fn what_is_added_or_removed_between_pages_neither_repeats_nor_hides_the_rest() {
    let house = House::new();
    let plugin = ten(&house);
    let selection = select(&["number"], &[], &[("number", false)]);
    let mut call = house.call(house.clerk);
    let page = query(&mut call, &plugin, &selection, None, 4).unwrap();
    house.clerk(|call| {
        // The last one shown goes; one comes before it, one after.
        super::super::delete(call, &plugin, "papers", page.ids[3], None)?;
        paper(call, &plugin, &[("title", text("x")), ("number", Value::Integer(-1))])?;
        paper(call, &plugin, &[("title", text("x")), ("number", Value::Integer(100))])
    });
    let mut call = house.call(house.clerk);
    let rest = query(&mut call, &plugin, &selection, page.next.as_deref(), 100).unwrap();
    let numbers: Vec<_> = (0..rest.ids.len()).map(|row| rest.columns[0].value(row).unwrap()).collect();
    assert_eq!(numbers, [4, 5, 6, 7, 8, 9, 100].map(Value::Integer));
}

#[test]
fn a_cursor_outlives_a_change_of_indexes() {
    let house = House::new();
    let plugin = ten(&house);
    let selection = titles(&[("amount", true), ("number", false)]);
    let mut call = house.call(house.clerk);
    let whole = all(&mut call, &plugin, &selection, 100).unwrap();
    let page = query(&mut call, &plugin, &selection, None, 4).unwrap();
    // The next release declares other indexes; entries for them are another matter, so it has none at all.
    let bare = dinh_model::Collection { indexes: vec![], ..papers() };
    let next_release = data(1, house.province, vec![bare, departments()]);
    let rest = query(&mut call, &next_release, &selection, page.next.as_deref(), 100).unwrap();
    let ids: Vec<_> = whole.into_iter().map(|(id, _)| id).collect();
    assert_eq!([page.ids, rest.ids].concat(), ids);
}

#[test]
fn a_cursor_belongs_to_its_query() {
    let house = House::new();
    let plugin = ten(&house);
    let mut call = house.call(house.clerk);
    let next = query(&mut call, &plugin, &titles(&[]), None, 1).unwrap().next.unwrap();
    let other_plugin = data(2, house.province, vec![papers(), departments()]);
    let narrowed = select(&["title"], &[condition("number", Comparison::Greater, Value::Integer(1))], &[]);
    for (plugin, selection) in
        [(&plugin, titles(&[("number", false)])), (&plugin, narrowed), (&other_plugin, titles(&[]))]
    {
        let refused = query(&mut call, plugin, &selection, Some(&next), 1).unwrap_err();
        assert_eq!(refused.to_string(), "the cursor belongs to another query; begin without one");
    }
    let other_fields = select(&["number"], &[], &[]);
    assert!(
        query(&mut call, &plugin, &other_fields, Some(&next), 1).is_ok(),
        "which fields are shown is free"
    );
    for forged in ["", "x", "AAAA", &"A".repeat(100_000), &format!("{next}A"), &next[..next.len() - 2]] {
        let refused = query(&mut call, &plugin, &titles(&[]), Some(forged), 1);
        assert!(matches!(refused, Err(RecordError::BadRequest(_))), "{forged}");
    }
}

#[test]
fn a_cursor_of_another_data_folder_is_refused() {
    let next = |house: &House| {
        let plugin = ten(house);
        query(&mut house.call(house.clerk), &plugin, &titles(&[]), None, 1).unwrap().next.unwrap()
    };
    let (here, elsewhere) = (House::new(), House::signed_by(8, Options::cheap()));
    let (known, foreign) = (next(&here), next(&elsewhere));
    let ask = |cursor: &str| query(&mut here.call(here.clerk), &here.data(), &titles(&[]), Some(cursor), 1);
    assert!(ask(&known).is_ok());
    let refused = ask(&foreign).unwrap_err();
    assert_eq!(refused.to_string(), "the cursor belongs to another query; begin without one");
}

#[test]
fn what_does_not_fit_the_schema_is_refused_with_the_remedy() {
    let house = House::new();
    let plugin = ten(&house);
    let mut call = house.call(house.clerk);
    let mut refused = |selection: &Selection, limit| match query(&mut call, &plugin, selection, None, limit) {
        Err(RecordError::BadRequest(why)) => why,
        other => panic!("{other:?}"),
    };
    let with =
        |comparison, field: &str, value| select(&["title"], &[condition(field, comparison, value)], &[]);
    for (selection, limit, why) in [
        (titles(&[]), 0, "1 to 1000 records"),
        (titles(&[]), 1_001, "1 to 1000 records"),
        (select(&[], &[], &[]), 1, "1 to 200 fields"),
        (select(&["none"], &[], &[]), 1, "no field \"none\""),
        (titles(&[("title", true), ("title", false)]), 1, "twice"),
        (with(Comparison::Equal, "number", text("x")), 1, "type text for a field of type integer"),
        (with(Comparison::Less, "number", Value::Empty), 1, "nothing is less"),
        (with(Comparison::Matches, "number", text("x")), 1, "a value of type text"),
        (with(Comparison::Matches, "remark", text("x")), 1, "it is sealed"),
        (with(Comparison::Matches, "label", text("x")), 1, "needs a search index"),
        (with(Comparison::Equal, "number", Value::Drawn(0)), 1, "not drawn yet"),
        (Selection { collection: "none".into(), ..titles(&[]) }, 1, "it declares papers, departments"),
        (Selection { any_of: vec![vec![]; 101], ..titles(&[]) }, 1, "at most 100 lists"),
    ] {
        let told = refused(&selection, limit);
        assert!(told.contains(why), "{told} / {why}");
    }
    let total = sum(&mut call, &plugin, &titles(&[]), "title").unwrap_err();
    assert!(total.to_string().contains("only integer, money and decimal fields have a sum"));
}

#[test]
fn the_conditions_of_a_query_are_bounded_in_all_its_lists_together() {
    let house = House::new();
    let plugin = ten(&house);
    let mut call = house.call(house.clerk);
    let filled = || condition("title", Comparison::IsFilled, Value::Empty);
    let lists =
        |count: usize, each: usize| Selection { any_of: vec![vec![filled(); each]; count], ..titles(&[]) };
    assert_eq!(count(&mut call, &plugin, &lists(100, 5)).unwrap(), 10);
    let mut one_more = lists(100, 5);
    one_more.any_of[99].push(filled());
    for asked in [
        query(&mut call, &plugin, &one_more, None, 1).map(drop),
        count(&mut call, &plugin, &one_more).map(drop),
        sum(&mut call, &plugin, &lists(100, 100), "amount").map(drop),
    ] {
        let Err(RecordError::BadRequest(why)) = asked else { panic!("{asked:?}") };
        assert!(why.contains("at most 500 conditions in all its lists"), "{why}");
    }
}

#[test]
fn sums_are_exact_or_refused() {
    let house = House::new();
    let plugin = data(9, house.province, vec![papers(), departments()]);
    house.clerk(|call| {
        for amount in ["0.10", "0.20", "-0.05"] {
            paper(call, &plugin, &[("title", text("x")), ("amount", decimal(amount))])?;
        }
        for number in [i64::MAX, 1] {
            paper(call, &plugin, &[("title", text("x")), ("number", Value::Integer(number))])?;
        }
        Ok(())
    });
    let mut call = house.call(house.clerk);
    assert_eq!(sum(&mut call, &plugin, &titles(&[]), "amount").unwrap().to_string(), "0.25");
    let overflow = sum(&mut call, &plugin, &titles(&[]), "number");
    assert!(matches!(overflow, Err(RecordError::BadRequest(why)) if why.contains("more digits")));
    assert_eq!(count(&mut call, &plugin, &titles(&[])).unwrap(), 5);
}

#[test]
fn an_indexed_page_reads_as_many_rows_as_it_shows() {
    let house = House::new();
    let collection = dinh_model::Collection { indexes: vec![index(IndexKind::Ordered, &[3, 0])], ..papers() };
    let plugin = data(4, house.province, vec![collection, departments()]);
    house.clerk(|call| {
        for number in 0..300 {
            let amount = Value::Integer(number % 3);
            paper(
                call,
                &plugin,
                &[("title", text("x")), ("number", Value::Integer(number)), ("amount", amount)],
            )?;
        }
        Ok(())
    });
    let fixed = [condition("amount", Comparison::Equal, Value::Integer(1))];
    for (selection, most) in [
        (select(&["number"], &fixed, &[("number", true)]), 11),
        (select(&["number"], &fixed, &[("amount", false), ("number", false)]), 11),
        (select(&["number"], &[], &[("amount", false), ("number", false)]), 11),
        (select(&["number"], &[], &[]), 11),
        (select(&["number"], &fixed, &[("title", false)]), 100),
    ] {
        let mut after = None;
        for _ in 0..3 {
            let mut call = house.call(house.clerk);
            let page = query(&mut call, &plugin, &selection, after.as_deref(), 10).unwrap();
            assert_eq!(page.ids.len(), 10);
            assert!(call.usage.rows_read <= most, "{} rows read for {selection:?}", call.usage.rows_read);
            after = page.next;
        }
    }
}

proptest! {
    #[test]
    fn no_cursor_makes_a_query_panic(position: Vec<u8>, text in "[A-Za-z0-9_-]{0,80}") {
        thread_local! {
            static HOUSE: House = House::new();
        }
        HOUSE.with(|house| {
            let plugin = house.data();
            let mut call = house.call(house.clerk);
            let selection = titles(&[("title", false)]);
            let _outcome = query(&mut call, &plugin, &selection, Some(&text), 5);
            let bytes = data_encoding::BASE64URL_NOPAD.encode(&position);
            let _outcome = query(&mut call, &plugin, &selection, Some(&bytes), 5);
        });
    }
}

#[test]
fn that_nothing_is_found_by_what_is_confidential_clings_to_whoever_could_have_found_it() {
    let house = House::new();
    let plugin = ten(&house);
    let nobody = || vec![vec![condition("remark", Comparison::Equal, text("không có"))]];
    let asked = || Selection { any_of: nobody(), ..titles(&[]) };
    let (cleared, not) = ([house.clerk, house.treasurer], [house.planner, house.officer, house.stranger]);
    let cleared = cleared.map(|account| (account, Label::Confidential)).into_iter();
    for (account, label) in cleared.chain(not.map(|account| (account, Label::Ordinary))) {
        let mut call = house.call(account);
        assert!(query(&mut call, &plugin, &asked(), None, 10).unwrap().ids.is_empty());
        assert_eq!(call.confinement.label(), label);
        let mut call = house.call(account);
        assert_eq!(count(&mut call, &plugin, &asked()).unwrap(), 0);
        assert_eq!(call.confinement.label(), label);
    }
}

#[test]
fn a_cursor_of_one_dataset_is_none_of_another() {
    let house = House::new();
    let plugin = ten(&house);
    let page = |collection: &str, field: &str, after: Option<&str>| {
        let dataset = Dataset {
            name: collection.into(),
            title: Localized::new("Sổ", "Records"),
            summary: Localized::new("Sổ", "Records"),
            collection: collection.into(),
            fields: vec![field.into()],
            rows: Vec::new(),
            filled: Vec::new(),
            label: Label::Ordinary,
            purposes: Vec::new(),
            updated: Frequency::Continuous,
            consumers: Vec::new(),
            public: true,
        };
        let mut call = house.call(house.clerk);
        let agreed = [field.to_owned()];
        let view = View::new(&call, &plugin, &dataset, &agreed, None)?;
        // The dataset names the collection.
        let selection = Selection { collection: String::new(), ..select(&[field], &[], &[]) };
        view.query(&mut call, &plugin, &selection, after, 1).map(|shown| shown.what.next)
    };
    let cursor = page("papers", "title", None).unwrap().unwrap();
    assert!(page("papers", "title", Some(&cursor)).is_ok());
    let refused = page("departments", "name", Some(&cursor)).unwrap_err();
    assert_eq!(refused.to_string(), "the cursor belongs to another query; begin without one");
}
