//! Finance assesses what personnel's record says, with nothing typed again; all pay but one, for three months.

use dinh_tests::page;
use dinh_tests::visitor::Visitor;
use serde_json::{Value, json};

use super::proof::Told;
use super::{COLLECTOR, NAME, Province, rows, submit};

const APP: &str = "/apps/party-finance";

/// 2.34 × 2,340,000 đ, of which 1 % is owed.
const INCOME: u64 = 5_475_600;
const DUES: u64 = 54_756;

pub(super) fn act(province: &mut Province) {
    let collector = &province.collector;
    let unit = &province.unit;
    let months = province.today.three_months();
    for (at, month) in months.iter().enumerate() {
        let ledger = format!("{APP}?unit={unit}&month={month}");
        // Known by name before anybody has done anything here.
        assert_eq!(line(collector, &ledger)["cells"]["income"], Value::Null);
        let shown = collector.get_json(&ledger).expect(200).json();
        let assess = page::find(&shown, &|value| value["form"] == "assess").unwrap()["inputs"].clone();
        submit(collector, &ledger, "assess", assess);
        let owed = line(collector, &ledger)["cells"].clone();
        let earlier = u64::try_from(at).unwrap() * DUES;
        assert_eq!(
            (&owed["income"], &owed["this-month"], &owed["earlier"]),
            (&json!(INCOME), &json!(DUES), &json!(earlier))
        );
        all_but_one_pay(collector, &format!("{APP}/collect?unit={unit}&month={month}"));
        province.told.push(Told::form(COLLECTOR, "party-finance", "assess"));
        province.told.push(Told::form(COLLECTOR, "party-finance", "collect"));
    }
    let last = format!("{APP}/arrears?unit={unit}&month={}", months[2]);
    let arrears = rows(collector, &last, "arrears");
    assert_eq!(arrears.len(), 1, "{arrears:?}");
    let cells = &arrears[0]["cells"];
    assert_eq!(
        (&cells["name"], &cells["count"], &cells["months"], &cells["unpaid"]),
        (&json!(NAME), &json!(3), &json!(months.join(", ")), &json!(3 * DUES))
    );
    let page = collector.get_json(&last).expect(200).body;
    assert!(page.contains("1 đảng viên chưa đóng từ 3 tháng trong năm"), "{page}");
}

/// A unit's number, from those that the ledger may be opened for.
pub(super) fn unit(collector: &Visitor, name: &str) -> String {
    let page = collector.get_json(APP).expect(200).json();
    page::unit(&page, name).unwrap()
}

/// The member's line of the ledger.
fn line(collector: &Visitor, ledger: &str) -> Value {
    let rows = rows(collector, ledger, "s01-1");
    rows.into_iter().find(|row| row["cells"]["name"] == NAME).unwrap_or_else(|| panic!("{NAME} is not there"))
}

/// Fills in the entry grid.
fn all_but_one_pay(collector: &Visitor, path: &str) {
    let page = collector.get_json(path).expect(200).json();
    let grid = page::find(&page, &|value| value["kind"] == "entry-grid").unwrap();
    let owing = grid["rows"].as_array().unwrap();
    let pay = owing.iter().filter(|row| row["cells"]["name"] != NAME && row["cells"]["unpaid"] != 0);
    let cells: Vec<Value> = pay
        .map(|row| json!({ "row": row["key"], "column": "received", "value": row["cells"]["unpaid"] }))
        .collect();
    assert!(!cells.is_empty(), "{owing:?}");
    let answer = collector.post_json(path, &json!({ "form": "collect", "cells": cells }));
    assert!((200..400).contains(&answer.status), "{answer:?}");
}
