//! What personnel tells of its members is noted to be reviewed, once.

use dinh_model::{Actor, Language};
use dinh_runtime::Submitted;
use dinh_services::records::{self, FieldValue};
use dinh_services::sharing;

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

    fn agree_anew(&self, narrow: impl Fn(&mut sharing::Terms)) {
        let operator = self.house.operator();
        let plugin = PLUGIN.parse().unwrap();
        let request = |call: &mut dinh_services::Call| sharing::request(call, &plugin, "members");
        let contract = self.house.platform.perform(&operator, request).unwrap();
        let agreed = self.house.platform.perform(&operator, |call| {
            let mut terms = sharing::Terms::asked(&sharing::get_contract(call, contract)?);
            narrow(&mut terms);
            sharing::approve(call, contract, terms)
        });
        agreed.unwrap();
        self.house.runtime.tell_now().unwrap();
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
    // She goes to finance: here dues stop, there they begin.
    cell.change(&binh, "unit", dinh_model::Value::Unit(cell.house.finance));
    assert_eq!(cell.waiting().len(), 1);
    assert_eq!(cell.waiting()[0].1, "Chuyển đi tổ chức đảng khác: dừng thu");
    let other = cell.house.person("thuphi-stc", cell.house.finance);
    cell.house.give(other, "party-finance.collector", cell.house.finance);
    let page = cell.house.draw(other, PLUGIN, "/changes").unwrap();
    let table = table(&page, "changes");
    assert!(texts(table, "change").contains(&"Chuyển đến tổ chức đảng này: lập phải thu".to_owned()));
}

#[test]
fn who_joins_a_unit_whose_ledger_is_in_use_waits_as_new_until_reviewed_whatever_else_changes() {
    let cell = Cell::new();
    cell.assess("2026-06");
    cell.house.runtime.tell_now().unwrap();
    assert_eq!(cell.waiting(), []);
    let data = &cell.house.runtime.plugin(&"personnel".parse().unwrap()).unwrap().data;
    let fields = [
        ("full-name", dinh_model::Value::Text("Đỗ Văn Mới".into())),
        ("unit", dinh_model::Value::Unit(cell.house.planning)),
        ("party-member", dinh_model::Value::Boolean(true)),
        ("party-admitted-on", dinh_model::Value::Date("2026-05-19".parse().unwrap())),
    ];
    let fields = fields.map(|(field, value)| FieldValue { field: field.to_owned(), value }).to_vec();
    let add = |call: &mut dinh_services::Call| Ok(records::insert(call, data, "people", fields.clone())?);
    let new = cell.house.platform.perform(&cell.house.operator(), add).unwrap().to_string();
    cell.house.runtime.tell_now().unwrap();
    let waits_as_new = waits("Đỗ Văn Mới", "Đảng viên mới hoặc trở lại: lập phải thu");
    assert_eq!(cell.waiting(), waits_as_new);
    let raised = dinh_model::Decimal::new(267, 2);
    cell.change(&new, "insured-coefficient", dinh_model::Value::Decimal(raised));
    assert_eq!(cell.waiting(), waits_as_new);
    cell.review();
    assert_eq!(cell.waiting(), []);
}

#[test]
fn what_waits_is_kept_over_the_end_of_the_contract_and_closed_where_the_next_does_not_show_it() {
    let cell = Cell::new();
    cell.assess("2026-06");
    cell.house.runtime.tell_now().unwrap();
    let an = cell.member("2026-06", AN);
    cell.change(&an, "insured-coefficient", dinh_model::Value::Decimal(dinh_model::Decimal::new(532, 2)));
    assert_eq!(cell.waiting().len(), 1);
    let revoke =
        |call: &mut dinh_services::Call| sharing::revoke(call, cell.contract.unwrap(), "hết nhu cầu");
    cell.house.platform.perform(&cell.house.operator(), revoke).unwrap();
    cell.house.runtime.tell_now().unwrap();
    let told = notices(&cell.draw("/changes", "2026-06"));
    assert!(told.contains("lập đề nghị mới"), "{told}");
    // Nothing that nobody has reviewed is lost by a renewal.
    cell.agree_anew(|_| ());
    let income = waits(AN, "Đổi hệ số lương hoặc thôi công tác: xem lại mức đóng");
    assert_eq!(cell.waiting(), income);
    cell.agree_anew(|terms| terms.units = vec![cell.house.finance]);
    assert_eq!(cell.waiting(), [], "nobody can review whom the contract does not show");
    cell.agree_anew(|_| ());
    assert_eq!(cell.waiting(), waits(AN, "Đảng viên mới hoặc trở lại: lập phải thu"));
}

#[test]
fn under_a_contract_of_too_few_fields_nothing_is_noted_and_nothing_fails() {
    let cell = Cell::under(|terms| terms.fields.retain(|field| field != "insured-coefficient"));
    cell.house.runtime.tell_now().unwrap();
    let contract = cell.contract.unwrap();
    let origin = cell.house.platform.origin(Actor::Public, Language::Vi).as_operator();
    let call = cell.house.platform.begin_reading(&origin).unwrap();
    let standing = sharing::feed::following(&call, contract).unwrap().unwrap();
    assert_eq!((standing.stage, standing.failures, standing.parked), ("follow", 0, 0));
    assert!(matches!(
        cell.house.hand_in(cell.collector, PLUGIN, "/changes", submission("reviewed", &[])),
        Ok(Submitted::Done(_))
    ));
}
