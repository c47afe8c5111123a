//! Reads under a contract.

use dinh_model::{Keep, Label, Value};
use dinh_services::accounts::NewGrant;
use dinh_services::permissions;
use dinh_services::records::{Comparison, Condition, Order, RecordError, Selection};
use dinh_services::sharing::{self, Consumer, NewContract, Source};

use super::neighbours::{Neighbours, all, consumer};
use crate::house::{give_this, new_grant};

fn equal(field: &str, value: Value) -> Condition {
    Condition { field: field.into(), comparison: Comparison::Equal, value }
}

#[test]
fn a_reader_sees_the_rows_of_their_own_scope_and_label_and_no_others() {
    let it = Neighbours::new();
    it.agreed(|_| ());
    assert_eq!(it.names(it.collector).unwrap(), ["Trần Thanh Bình", "Nguyễn Văn An", "Lý Thị Chi"]);
    // Finance only, and not what is Mật. Dũng is not active, so not in the dataset at all.
    assert_eq!(it.names(it.cashier).unwrap(), ["Nguyễn Văn An"]);
    assert!(it.names(it.house.officer).unwrap().is_empty(), "whoever has no right sees no row");
}

#[test]
fn the_steward_narrows_to_units_and_labels() {
    let it = Neighbours::new();
    it.agreed(|terms| terms.units = vec![it.house.finance]);
    assert_eq!(it.names(it.collector).unwrap(), ["Nguyễn Văn An", "Lý Thị Chi"]);
    it.agreed(|terms| {
        terms.fields = vec!["full-name".into()];
        terms.label = Label::Ordinary;
    });
    assert_eq!(it.names(it.collector).unwrap(), ["Trần Thanh Bình", "Nguyễn Văn An"]);
}

#[test]
fn only_fields_of_the_contract_are_returned_compared_or_ordered_by() {
    let it = Neighbours::new();
    it.agreed(|_| ());
    let refused = |selection: Selection| match it.read(&mut it.call(it.collector), &selection) {
        Err(RecordError::BadRequest(why)) => assert!(why.contains("not a field of the contract"), "{why}"),
        other => panic!("{other:?}"),
    };
    // `joined` is offered and was not asked for; `active` is a field of the collection only.
    refused(all(&["joined"]));
    refused(Selection { any_of: vec![vec![equal("active", Value::Boolean(false))]], ..all(&["full-name"]) });
    let by_joined = Order { field: "joined".into(), descending: false };
    refused(Selection { order_by: vec![by_joined], ..all(&["full-name"]) });
    let by_name = Order { field: "full-name".into(), descending: false };
    let sorted = Selection { order_by: vec![by_name], ..all(&["full-name"]) };
    let read = it.read(&mut it.call(it.collector), &sorted).unwrap();
    assert_eq!(read, ["Lý Thị Chi", "Nguyễn Văn An", "Trần Thanh Bình"]);
}

#[test]
fn a_labelled_field_is_empty_for_whoever_is_not_cleared_for_it() {
    let it = Neighbours::new();
    it.agreed(|_| ());
    let health = |who| {
        let mut call = it.call(who);
        let source = Source::open(&mut call, &consumer()).unwrap();
        let row = sharing::get(&mut call, &source, &it.personnel, it.members[1], &["health".into()]).unwrap();
        (row.unwrap().values, call.confinement.label())
    };
    assert_eq!(health(it.collector), (vec![Value::Text("tốt".into())], Label::Confidential));
    assert_eq!(health(it.cashier), (vec![Value::Empty], Label::Ordinary));
}

#[test]
fn counts_and_sums_are_of_what_the_reader_sees() {
    let it = Neighbours::new();
    it.agreed(|_| ());
    let totals = |who| {
        let mut call = it.call(who);
        let source = Source::open(&mut call, &consumer()).unwrap();
        let count = sharing::count(&mut call, &source, &it.personnel, &all(&[])).unwrap();
        let sum = sharing::sum(&mut call, &source, &it.personnel, &all(&[]), "salary").unwrap();
        (count, sum.to_string())
    };
    assert_eq!(totals(it.collector), (3, "29000000".into()));
    assert_eq!(totals(it.cashier), (1, "8000000".into()));
}

#[test]
fn references_are_resolved_in_one_batch_and_what_is_not_seen_is_empty() {
    let it = Neighbours::new();
    it.agreed(|_| ());
    let mut call = it.call(it.cashier);
    let source = Source::open(&mut call, &consumer()).unwrap();
    let fields = ["full-name".to_owned()];
    let page = sharing::resolve(&mut call, &source, &it.personnel, &it.members, &fields).unwrap();
    let names: Vec<_> = (0..4).map(|row| page.columns[0].value(row).unwrap()).collect();
    let an = Value::Text("Nguyễn Văn An".into());
    assert_eq!(
        names,
        [Value::Empty, an, Value::Empty, Value::Empty],
        "another unit, Mật, not in the dataset"
    );
    let many = vec![it.members[0]; 1_001];
    let error = sharing::resolve(&mut call, &source, &it.personnel, &many, &fields).unwrap_err();
    assert!(matches!(error, RecordError::BadRequest(_)), "{error}");
}

#[test]
fn a_record_that_is_not_in_the_dataset_is_not_found_by_its_identifier() {
    let it = Neighbours::new();
    it.agreed(|_| ());
    let mut call = it.call(it.collector);
    let source = Source::open(&mut call, &consumer()).unwrap();
    let mut get = |member| sharing::get(&mut call, &source, &it.personnel, member, &[]).unwrap();
    assert!(get(it.members[0]).is_some());
    assert!(get(it.members[3]).is_none(), "no longer active");
}

#[test]
fn every_read_is_one_entry_of_the_call_and_contract_and_never_the_data() {
    let it = Neighbours::new();
    let contract = it.agreed(|_| ());
    let before = it.house.evidence().len();
    let mut call = it.call(it.collector);
    let by = equal("full-name", Value::Text("Nguyễn Văn An".into()));
    let found = Selection { any_of: vec![vec![by]], ..all(&["full-name"]) };
    assert_eq!(it.read(&mut call, &found).unwrap().len(), 1);
    it.read(&mut call, &all(&["full-name", "salary"])).unwrap();
    let witnessed = call.take_witnessed();
    it.house.platform.witness(witnessed).unwrap();
    let entries: Vec<_> = it.house.evidence().drain(before..).collect();
    let [read] = entries.as_slice() else { panic!("{entries:?}") };
    let entry = &read.entry;
    assert_eq!(
        (entry.action.as_str(), entry.subject.as_str()),
        ("dataset.read", format!("contract:{contract}").as_str())
    );
    assert_eq!(entry.actor, dinh_model::Actor::person(it.collector));
    for (name, value) in [
        ("dataset", "personnel/members"),
        ("purpose", "dues"),
        ("consumer", "plugin:dues"),
        ("fields", "full-name salary"),
        ("filter", "full-name:equal"),
        ("how", "query"),
        ("rows", "4"),
    ] {
        assert_eq!(entry.detail[name], value, "{name}");
    }
    let mut shown = it.members[..3].to_vec();
    shown.sort();
    assert_eq!(entry.records, shown, "each record once");
    let text = format!("{entry:?}");
    assert!(!text.contains("Nguyễn") && !text.contains("8000000"), "{text}");
}

#[test]
fn a_quota_is_of_a_day_and_survives_a_restart() {
    let mut it = Neighbours::new();
    it.agreed(|terms| terms.rows_a_day = Some(5));
    let read = |it: &Neighbours| {
        let mut call = it.call(it.collector);
        let read = it.read(&mut call, &all(&["full-name"]));
        let witnessed = call.take_witnessed();
        it.house.platform.witness(witnessed).unwrap();
        read
    };
    assert_eq!(read(&it).unwrap().len(), 3);
    it.house.reopen(super::neighbours::with_keys(&it.keys));
    assert_eq!(read(&it).unwrap().len(), 2, "what is left");
    let error = read(&it).unwrap_err();
    assert!(matches!(error, RecordError::Refused(_)), "{error:?}");
    assert!(error.to_string().contains("today's are used up"), "{error}");
    it.house.clock.set("2026-03-03T01:00:00Z".parse().unwrap());
    assert_eq!(read(&it).unwrap().len(), 3);
}

#[test]
fn a_quota_that_is_used_up_answers_nothing_and_an_answer_costs_a_row_at_least() {
    let it = Neighbours::new();
    it.agreed(|terms| terms.rows_a_day = Some(3));
    let named = |name: &str| Selection {
        any_of: vec![vec![equal("full-name", Value::Text(name.into()))]],
        ..all(&["full-name"])
    };
    let read = |selection: &Selection| {
        let mut call = it.call(it.collector);
        let read = it.read(&mut call, selection);
        it.house.platform.witness(call.take_witnessed()).unwrap();
        read
    };
    let count = |selection: &Selection| {
        let mut call = it.call(it.collector);
        let source = Source::open(&mut call, &consumer()).unwrap();
        let counted = sharing::count(&mut call, &source, &it.personnel, selection);
        it.house.platform.witness(call.take_witnessed()).unwrap();
        counted
    };
    assert!(read(&named("Không có ai")).unwrap().is_empty());
    assert_eq!(count(&named("Không có ai")).unwrap(), 0);
    // One is left, and three are meant: refused, and it is gone.
    let refused = count(&all(&[])).unwrap_err().to_string();
    for selection in [named("Không có ai"), named("Nguyễn Văn An")] {
        assert_eq!(read(&selection).unwrap_err().to_string(), refused, "whatever is asked");
        assert_eq!(count(&selection).unwrap_err().to_string(), refused);
    }
}

#[test]
fn a_program_outside_takes_out_what_is_confidential_only_with_the_right_to_export_it() {
    let it = Neighbours::new();
    let new = NewContract {
        provider: it.personnel.plugin.clone(),
        dataset: "members".into(),
        fields: vec!["full-name".into()],
        purpose: "dues".into(),
        legal_basis: "Quy định 01-QĐ/TW".into(),
        keep: Keep::Nothing,
    };
    let contract = it.house.admin(|call| sharing::request_for_account(call, it.collector, new.clone()));
    it.agree(contract, |_| ()).unwrap();
    let up_to_mat = |role: &str| NewGrant {
        label: Label::Confidential,
        ..new_grant(it.collector, role, it.house.province)
    };
    it.house.admin(|call| give_this(call, up_to_mat("dinh.data-reader")));
    let read = || {
        let mut call = it.call(it.collector);
        let outside = Consumer::Account(it.collector);
        let source = Source::open_dataset(&mut call, &outside, &it.personnel.plugin, "members").unwrap();
        sharing::query(&mut call, &source, &it.personnel, &all(&["full-name"]), None, 100)
    };
    let refused = read().unwrap_err();
    assert!(
        matches!(&refused, RecordError::Denied(denial) if denial.permission == *permissions::LABEL_EXPORT)
    );
    it.house.admin(|call| give_this(call, up_to_mat("dinh.confidential-exporter")));
    assert_eq!(read().unwrap().ids.len(), 3, "one of them is Mật");
}
