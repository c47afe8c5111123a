//! What personnel tells of its members is noted to be reviewed, once.

use dinh_model::{Actor, Language};
use dinh_runtime::Submitted;
use dinh_services::records::{self, FieldValue};

use super::cell::*;
use crate::house::submission;

impl Cell {
    /// Personnel writes something of a member.
    fn change(&self, member: &str, field: &str, value: dinh_model::Value) {
        let house = &self.house;
        let data = &house.runtime.plugin(&"personnel".parse().unwrap()).unwrap().data;
        let values = vec![FieldValue { field: field.to_owned(), value }];
        let written = house.platform.perform(&house.operator(), |call| {
            Ok(records::update(call, data, "people", member.parse().unwrap(), None, values.clone())?)
        });
        written.unwrap();
        house.runtime.tell_now().unwrap();
    }

    /// Who waits to be reviewed, each with the change.
    fn waiting(&self) -> Vec<(String, String)> {
        let page = self.draw("/changes", "2026-06");
        let table = table(&page, "changes");
        texts(table, "member").into_iter().zip(texts(table, "change")).collect()
    }

    fn review(&self) {
        let page = self.draw("/changes", "2026-06");
        let mut reviewed = submission("reviewed", &[]);
        reviewed.selected = table(&page, "changes").row_keys.clone();
        assert!(!reviewed.selected.is_empty());
        done(self.house.hand_in(self.collector, PLUGIN, "/changes", reviewed));
    }
}

fn waits(name: &str, change: &str) -> Vec<(String, String)> {
    vec![(name.to_owned(), change.to_owned())]
}

#[test]
fn a_change_of_a_member_waits_for_the_collector_of_the_unit_until_it_was_reviewed() {
    let cell = Cell::new();
    cell.assess("2026-06");
    cell.house.runtime.tell_now().unwrap();
    // Everybody who is in the ledger is known; who is no Party member pays nothing.
    assert_eq!(cell.waiting(), []);
    let (an, binh) = (cell.member("2026-06", AN), cell.member("2026-06", "Trần Thị Bình"));
    let raised = dinh_model::Decimal::new(532, 2);
    cell.change(&an, "insured-coefficient", dinh_model::Value::Decimal(raised));
    let income = waits(AN, "Đổi hệ số lương hoặc thôi công tác: xem lại mức đóng");
    assert_eq!(cell.waiting(), income);
    // What dues do not rest on is no change.
    cell.change(&binh, "sex", dinh_model::Value::Text("nữ".into()));
    assert_eq!(cell.waiting(), income);
    cell.review();
    assert_eq!(cell.waiting(), []);
    // She comes to finance: there she waits, and here no more.
    cell.change(&binh, "unit", dinh_model::Value::Unit(cell.house.finance));
    assert_eq!(cell.waiting(), []);
    let other = cell.house.person("thuphi-stc", cell.house.finance);
    cell.house.give(other, "party-finance.collector", cell.house.finance);
    let page = cell.house.draw(other, PLUGIN, "/changes").unwrap();
    let table = table(&page, "changes");
    assert!(texts(table, "change").contains(&"Chuyển đến tổ chức đảng này: lập phải thu".to_owned()));
}

#[test]
fn members_without_an_entry_wait_as_new() {
    let cell = Cell::new();
    cell.house.runtime.tell_now().unwrap();
    let mut new = cell.waiting();
    new.sort();
    let names: Vec<&str> = new.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["Lê Hoàng Châu", AN, "Trần Thị Bình"]);
    cell.review();
    assert_eq!(cell.waiting(), []);
}

#[test]
fn under_a_contract_of_too_few_fields_nothing_is_noted_and_nothing_fails() {
    let cell = Cell::under(|terms| terms.fields.retain(|field| field != "insured-coefficient"));
    cell.house.runtime.tell_now().unwrap();
    let contract = cell.contract.unwrap();
    let origin = cell.house.platform.origin(Actor::Public, Language::Vi).as_operator();
    let call = cell.house.platform.begin_reading(&origin).unwrap();
    let standing = dinh_services::sharing::feed::following(&call, contract).unwrap().unwrap();
    assert_eq!((standing.stage, standing.failures, standing.parked), ("follow", 0, 0));
    assert!(matches!(
        cell.house.hand_in(cell.collector, PLUGIN, "/changes", submission("reviewed", &[])),
        Ok(Submitted::Done(_))
    ));
}
