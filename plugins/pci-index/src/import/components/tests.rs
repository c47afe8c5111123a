use super::*;

fn request() -> Request {
    Request::test("/editions", Language::En)
}

/// Lines of a file: key, order, weight; all of 2021.
fn sheet(lines: &[(&str, i64, Option<i64>)]) -> Rows {
    Rows::test(vec![
        ("year", Column::of(lines.iter().map(|_| 2021_i64))),
        ("key", Column::of(lines.iter().map(|line| line.0))),
        ("order", Column::of(lines.iter().map(|line| line.1))),
        ("name_vi", Column::of(lines.iter().map(|line| line.0))),
        ("weight", Column::of(lines.iter().map(|line| line.2.map(Decimal::from)))),
    ])
}

fn messages(plan: Plan) -> Vec<(u32, String)> {
    plan.findings.into_problems().into_iter().map(|problem| (problem.row, problem.message)).collect()
}

fn of(rows: &Rows) -> Plan {
    plan(&request(), rows, &HashMap::new())
}

#[test]
fn an_edition_with_weights_of_100_is_imported_in_its_order() {
    let plan = of(&sheet(&[("transparency", 2, Some(60)), ("entry_costs", 1, Some(40))]));
    let components = &plan.editions[&2021];
    assert_eq!(
        components.iter().map(|c| (c.key.as_str(), c.slot)).collect::<Vec<_>>(),
        [("entry_costs", 2), ("transparency", 1)]
    );
    assert_eq!(components[0].name_en, "entry_costs");
    assert!(messages(plan).is_empty());
}

#[test]
fn weights_that_do_not_add_up_keep_the_whole_edition_out() {
    let plan = of(&sheet(&[("a", 1, Some(60)), ("b", 2, Some(30))]));
    assert!(plan.editions.is_empty());
    let messages = messages(plan);
    assert!(messages[0].1.contains("add up to 90.00"), "{messages:?}");
    assert!(messages[1].1.contains("Other rows are wrong"), "{messages:?}");
    assert!(of(&sheet(&[("a", 1, None), ("b", 2, None)])).editions.contains_key(&2021));
    assert!(of(&sheet(&[("a", 1, Some(100)), ("b", 2, None)])).editions.is_empty());
}

#[test]
fn repeated_keys_and_orders_name_the_other_line() {
    let messages = messages(of(&sheet(&[("a", 1, None), ("a", 2, None), ("c", 1, None)])));
    assert!(messages.contains(&(1, "The key is also on line 2".into())), "{messages:?}");
    assert!(messages.contains(&(2, "The order is also on line 2".into())), "{messages:?}");
}

#[test]
fn a_key_that_could_not_be_a_column_is_refused() {
    for key in ["Gia nhập", "entry-costs", "1st", "published_score", "rank"] {
        let messages = messages(of(&sheet(&[(key, 1, None)])));
        assert_eq!(messages, [(0, "Not a key".to_owned())], "{key}");
    }
}

#[test]
fn components_keep_their_slots_and_those_with_scores_cannot_go() {
    let known = HashMap::from([(2021, Known { components: published(2021), used: vec![1] })]);
    let kept = plan(&request(), &sheet(&[("new", 1, None), ("entry_costs", 2, None)]), &known);
    let slots: Vec<_> = kept.editions[&2021].iter().map(|c| (c.key.as_str(), c.slot)).collect();
    assert_eq!(slots, [("new", 2), ("entry_costs", 1)]);
    let lost = messages(plan(&request(), &sheet(&[("new", 1, None)]), &known));
    assert!(lost[0].1.contains("entry_costs"), "{lost:?}");
}

#[test]
fn more_components_than_slots_are_refused() {
    let keys: Vec<String> = (0..=SLOTS).map(|number| format!("c{number}")).collect();
    let lines: Vec<_> = keys.iter().zip(1..).map(|(key, order)| (key.as_str(), order, None)).collect();
    assert!(messages(of(&sheet(&lines)))[0].1.contains("Too many components: 21"));
    assert!(of(&sheet(&lines[..SLOTS])).editions.contains_key(&2021));
}

#[test]
fn the_files_of_the_project_define_every_edition_from_2007_to_2024() {
    let lines = crate::published::components();
    let rows = Rows::test(vec![
        ("year", Column::of(lines.iter().map(|line| line[0].parse::<i64>().unwrap()))),
        ("key", Column::of(lines.iter().map(|line| line[1]))),
        ("order", Column::of(lines.iter().map(|line| line[2].parse::<i64>().unwrap()))),
        ("name_vi", Column::of(lines.iter().map(|line| line[3]))),
        ("name_en", Column::of(lines.iter().map(|line| line[4]))),
        ("weight", Column::of(lines.iter().map(|line| line[5].parse::<Decimal>().ok()))),
    ]);
    let plan = of(&rows);
    assert_eq!(plan.editions.keys().copied().collect::<Vec<_>>(), (2007..=2024).collect::<Vec<_>>());
    assert_eq!((plan.editions[&2012].len(), plan.editions[&2013].len()), (9, 10));
    assert!(messages(plan).is_empty());
}
