//! Copies until a day: what was copied under a contract is listed with it, falls due with its end, and goes.

use std::sync::Arc;

use dinh_model::{Collection, ContractId, FieldType, Index, IndexKind, Keep, Label, RecordId, Value, Wanted};
use dinh_services::records::{FieldValue, PluginData, RecordError, delete, get, insert, query, update};
use dinh_services::sharing::{self, Copies, Settled, Terms};

use super::neighbours::{Neighbours, all, field, id, payments, wanted};

/// Copies may be kept through March.
const LAST: &str = "2026-03-31";

fn until(last: &str) -> impl Fn(&mut Terms) {
    let last = last.parse().unwrap();
    move |terms| terms.copies_until = Some(last)
}

fn text(text: &str) -> Value {
    Value::Text(text.into())
}

fn values(values: &[(&str, Value)]) -> Vec<FieldValue> {
    values.iter().map(|(field, value)| FieldValue { field: (*field).into(), value: value.clone() }).collect()
}

/// A payment whose note names a member, written by the cashier after reading.
fn copied(it: &Neighbours, data: &PluginData) -> RecordId {
    it.done(|call| {
        let names = it.read(call, &all(&["full-name"]))?;
        insert(
            call,
            data,
            "payments",
            values(&[("note", text(names.first().unwrap())), ("amount", Value::Integer(80_000))]),
        )
    })
}

fn held(it: &Neighbours, contract: ContractId) -> Copies {
    let found = it.house.as_person(it.asker, |call| {
        let contract = sharing::get_contract(call, contract)?;
        sharing::copies(call, &contract)
    });
    found.unwrap().unwrap()
}

fn settle(it: &Neighbours, data: &PluginData) -> Settled {
    let known = |plugin: &dinh_model::PluginId| (*plugin == data.plugin).then(|| Arc::new(data.clone()));
    sharing::settle_copies(&it.house.platform, known).unwrap()
}

fn tasks(it: &Neighbours, who: dinh_model::AccountId) -> usize {
    it.house.as_person(who, |call| sharing::due_copies(call)).unwrap().len()
}

fn note(it: &Neighbours, data: &PluginData, record: RecordId) -> Option<Value> {
    let mut call = it.call(it.cashier);
    let row = get(&mut call, data, "payments", record, &["note".into()]).unwrap();
    row.map(|row| row.values.first().unwrap().clone())
}

fn on(it: &Neighbours, day: &str) {
    it.house.clock.set(format!("{day}T01:00:00Z").parse().unwrap());
}

impl Neighbours {
    /// Does something as the cashier, in a call of finance's plugin.
    fn done<T>(&self, deed: impl FnOnce(&mut dinh_services::Call) -> Result<T, RecordError>) -> T {
        let mut call = self.call(self.cashier);
        let done = deed(&mut call).unwrap();
        self.house.platform.commit(call).unwrap();
        done
    }
}

/// Finance's plugin with receipts that refer to payments, whose notes are searched and have to be there if `needed`.
fn with_receipts(it: &Neighbours, needed: bool) -> PluginData {
    let mut payments = payments();
    payments.fields.get_mut(1).unwrap().required = needed;
    payments.indexes = vec![Index { fields: vec![1], kind: IndexKind::Ordered }];
    let payment = FieldType::Reference { collection: "payments".into() };
    let fields =
        vec![field("payment", payment, Label::Ordinary), field("payer", FieldType::Text, Label::Ordinary)];
    let receipts = Collection {
        name: "receipts".into(),
        fields,
        label_field: None,
        indexes: Vec::new(),
        ..payments.clone()
    };
    PluginData { collections: vec![Arc::new(payments), Arc::new(receipts)], ..it.dues.clone() }
}

#[test]
fn what_was_copied_is_listed_with_the_contract_and_what_is_ones_own_is_not() {
    let it = Neighbours::keeping(Keep::Copies);
    let contract = it.agreed(until(LAST));
    assert_eq!(held(&it, contract).records(), 0);
    copied(&it, &it.dues);
    it.done(|call| {
        call.confinement.submitted("đã thu tiền mặt");
        it.read(call, &all(&["full-name"]))?;
        let own =
            [("note", text("đã thu tiền mặt")), ("amount", Value::Integer(1)), ("secrecy", text("ordinary"))];
        insert(call, &it.dues, "payments", values(&own))
    });
    it.done(|call| {
        it.read(call, &all(&["salary"]))?;
        insert(call, &it.dues, "payments", values(&[("note", text("mức 1 %"))]))
    });
    let found = held(&it, contract);
    assert_eq!(
        found.records(),
        1,
        "a text that the person typed, and a call that read no text, copy nothing"
    );
    let holding = &found.holdings[0];
    assert_eq!((holding.plugin.as_str(), holding.collection.as_str()), ("dues", "payments"));
    assert_eq!((found.through, found.due), (LAST.parse().unwrap(), None));
}

#[test]
fn the_copy_of_a_copy_is_one_and_what_a_person_writes_over_is_none_any_more() {
    let it = Neighbours::keeping(Keep::Copies);
    let contract = it.agreed(until(LAST));
    let first = copied(&it, &it.dues);
    // A later call reads nothing but its own record.
    let second = it.done(|call| {
        let row = get(call, &it.dues, "payments", first, &["note".into()])?.unwrap();
        insert(call, &it.dues, "payments", values(&[("note", row.values[0].clone())]))
    });
    let third = it.done(|call| {
        let page = query(call, &it.dues, &payments_selection(), None, 10)?;
        assert_eq!(page.ids.len(), 2);
        insert(call, &it.dues, "payments", values(&[("note", text("như trên"))]))
    });
    assert_eq!(held(&it, contract).records(), 3);
    // What of it holds no copy may be read and written freely.
    it.done(|call| {
        get(call, &it.dues, "payments", first, &["amount".into()])?.unwrap();
        insert(call, &it.dues, "payments", values(&[("note", text("đã đối chiếu"))]))
    });
    assert_eq!(held(&it, contract).records(), 3);
    it.done(|call| update(call, &it.dues, "payments", third, None, values(&[("amount", Value::Integer(9))])));
    assert_eq!(held(&it, contract).records(), 3, "another field was edited");
    it.done(|call| update(call, &it.dues, "payments", third, None, values(&[("note", text("tự ghi"))])));
    it.done(|call| delete(call, &it.dues, "payments", second, None));
    assert_eq!(held(&it, contract).records(), 1, "one was written over, one was removed");
}

fn payments_selection() -> dinh_services::records::Selection {
    dinh_services::records::Selection { collection: "payments".into(), ..all(&["note"]) }
}

#[test]
fn when_the_day_is_over_people_have_ten_days_and_then_the_platform_removes_what_is_left() {
    let it = Neighbours::keeping(Keep::Copies);
    let contract = it.agreed(until(LAST));
    let record = copied(&it, &it.dues);
    on(&it, LAST);
    assert_eq!(settle(&it, &it.dues), Settled::default(), "the last day is a day on which it may be kept");
    assert_eq!(tasks(&it, it.asker), 0);
    on(&it, "2026-04-01");
    assert_eq!(settle(&it, &it.dues), Settled::default());
    let due = held(&it, contract).due.unwrap();
    assert_eq!((due.since, due.removed_from), ("2026-04-01".parse().unwrap(), "2026-04-11".parse().unwrap()));
    assert_eq!([it.asker, it.steward, it.cashier].map(|who| tasks(&it, who)), [1, 0, 0]);
    let told = it.house.last().entry;
    assert_eq!((told.action.as_str(), told.detail["records"].as_str()), ("copies.due", "1"));
    on(&it, "2026-04-10");
    assert_eq!(settle(&it, &it.dues), Settled::default());
    assert!(note(&it, &it.dues, record).is_some(), "it stays readable, so that people see what they remove");
    on(&it, "2026-04-11");
    assert_eq!(settle(&it, &it.dues), Settled { removed: 1, ..Settled::default() });
    assert_eq!((note(&it, &it.dues, record), tasks(&it, it.asker)), (None, 0));
    let removed = it.house.last().entry;
    assert_eq!(removed.action, "record.removed");
    assert_eq!(
        (removed.records, removed.detail["contract"].as_str()),
        (vec![record], &*contract.to_string())
    );
    assert!(!format!("{:?}", removed.detail).contains("Bình"), "evidence holds no values");
    assert_eq!(settle(&it, &it.dues), Settled::default());
}

#[test]
fn copies_fall_due_when_their_contract_ends_before_the_day() {
    let it = Neighbours::keeping(Keep::Copies);
    let contract = it.agreed(until("2026-12-31"));
    copied(&it, &it.dues);
    it.house.as_person(it.steward, |call| sharing::revoke(call, contract, "hết nhu cầu")).unwrap();
    assert_eq!(held(&it, contract).due.unwrap().removed_from, "2026-03-12".parse().unwrap());
    let it = Neighbours::keeping(Keep::Copies);
    let contract = it.agreed(|terms| {
        until("2026-12-31")(terms);
        terms.until = "2026-05-01".parse().unwrap();
    });
    copied(&it, &it.dues);
    on(&it, "2026-04-30");
    assert_eq!(held(&it, contract).due, None);
    on(&it, "2026-05-01");
    assert!(held(&it, contract).due.is_some(), "the contract expired");
}

#[test]
fn a_new_contract_justifies_them_if_it_covers_what_was_copied() {
    let it = Neighbours::keeping(Keep::Copies);
    let contract = it.agreed(until(LAST));
    let record = copied(&it, &it.dues);
    on(&it, "2026-04-02");
    settle(&it, &it.dues);
    let narrower = it.agreed(|terms| {
        until("2026-12-31")(terms);
        terms.fields = vec!["full-name".into()];
    });
    assert!(held(&it, contract).due.is_some(), "contract {narrower} does not name all that was read");
    let renewed = it.agreed(until("2026-12-31"));
    assert_eq!((held(&it, contract).due, tasks(&it, it.asker)), (None, 0));
    on(&it, "2026-04-20");
    assert_eq!(settle(&it, &it.dues), Settled::default());
    assert_eq!(it.house.last().entry.action, "copies.justified");
    assert!(note(&it, &it.dues, record).is_some());
    it.house.as_person(it.steward, |call| sharing::revoke(call, renewed, "hết nhu cầu")).unwrap();
    settle(&it, &it.dues);
    assert_eq!(held(&it, contract).due.unwrap().since, "2026-04-20".parse().unwrap(), "the days count anew");
}

#[test]
fn what_is_held_under_several_contracts_goes_with_the_first_that_ends() {
    let it = Neighbours::keeping(Keep::Copies);
    let again = Wanted { name: "members-too".into(), ..wanted(Keep::Copies) };
    it.want(&[wanted(Keep::Copies), again]);
    it.agreed(until(LAST));
    let other =
        it.house.as_person(it.asker, |call| sharing::request(call, &id("dues"), "members-too")).unwrap();
    it.agree(other, until("2026-12-31")).unwrap();
    it.done(|call| {
        it.read(call, &all(&["full-name"]))?;
        let consumer = sharing::Consumer::Plugin { plugin: id("dues"), wanted: "members-too".into() };
        let source = sharing::Source::open(call, &consumer)?;
        sharing::query(call, &source, &it.personnel, &all(&["full-name"]), None, 10)?;
        insert(call, &it.dues, "payments", values(&[("note", text("Trần Thanh Bình"))]))
    });
    assert_eq!(held(&it, other).records(), 1);
    on(&it, "2026-04-01");
    settle(&it, &it.dues);
    on(&it, "2026-04-11");
    assert_eq!(settle(&it, &it.dues).removed, 1);
    assert_eq!(held(&it, other).records(), 0, "it is nobody's copy any more");
}

#[test]
fn a_record_that_others_refer_to_loses_what_was_copied_and_stays_listed_where_it_cannot() {
    for needed in [false, true] {
        let it = Neighbours::keeping(Keep::Copies);
        let contract = it.agreed(until(LAST));
        let data = with_receipts(&it, needed);
        let record = copied(&it, &data);
        let receipt = it.done(|call| {
            let refers = values(&[("payment", Value::Reference(record)), ("payer", text("tự nộp"))]);
            insert(call, &data, "receipts", refers)
        });
        on(&it, "2026-04-01");
        settle(&it, &data);
        on(&it, "2026-04-11");
        let settled = settle(&it, &data);
        if needed {
            assert_eq!(settled, Settled { left: 1, ..Settled::default() });
            assert_eq!((held(&it, contract).records(), tasks(&it, it.asker)), (1, 1), "it goes on waiting");
            it.done(|call| delete(call, &data, "receipts", receipt, None));
            assert_eq!(settle(&it, &data).removed, 1);
        } else {
            assert_eq!(settled, Settled { emptied: 1, ..Settled::default() });
            assert_eq!(note(&it, &data, record), Some(Value::Empty));
            assert_eq!(it.house.last().entry.detail["fields"], "note");
        }
        assert_eq!(held(&it, contract).records(), 0);
    }
}

#[test]
fn copies_that_refer_to_copies_go_first_and_many_go_in_small_steps() {
    let it = Neighbours::keeping(Keep::Copies);
    let contract = it.agreed(until(LAST));
    let data = with_receipts(&it, true);
    let record = copied(&it, &data);
    it.done(|call| {
        let names = it.read(call, &all(&["full-name"]))?;
        for name in names.iter().cycle().take(44) {
            let refers = values(&[("payment", Value::Reference(record)), ("payer", text(name))]);
            insert(call, &data, "receipts", refers)?;
        }
        Ok(())
    });
    assert_eq!(held(&it, contract).records(), 45);
    on(&it, "2026-04-01");
    settle(&it, &data);
    on(&it, "2026-04-11");
    let before = it.house.platform.store().snapshot().unwrap().seq();
    assert_eq!(settle(&it, &data), Settled { removed: 45, ..Settled::default() });
    let changes = it.house.platform.store().snapshot().unwrap().seq().0 - before.0;
    assert!(changes >= 3, "no change removes more than twenty records: {changes} changes");
    // Nothing of it is left in an index either.
    let mut call = it.call(it.cashier);
    let named = dinh_services::records::Order { field: "note".into(), descending: false };
    let ordered = dinh_services::records::Selection { order_by: vec![named], ..payments_selection() };
    assert!(query(&mut call, &data, &ordered, None, 10).unwrap().ids.is_empty());
}
