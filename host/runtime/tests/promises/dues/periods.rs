//! What is closed, and what is corrected.

use dinh_runtime::CallError;
use dinh_runtime::bindings::types::Value;

use super::cell::*;
use crate::house::{fact, submission};

#[test]
fn a_period_is_closed_by_a_second_person_and_then_never_changes() {
    let cell = Cell::new();
    cell.assess("2026-05");
    let an = cell.member("2026-05", AN);
    done(cell.collect("2026-05", &[(&an, 100_000)]));
    let period = done(cell.press(cell.collector, "/periods", "prepare", "2026-05"));
    let decide = |who, form: &str, inputs: &[(&str, Value)]| {
        cell.house.hand_in(who, PLUGIN, &period, submission(form, inputs))
    };
    assert!(problems(cell.collect("2026-05", &[(&an, 1)])).contains("chờ khoá"));
    assert!(matches!(decide(cell.collector, "close", &[]), Err(CallError::Denied(_))), "it takes the right");
    done(decide(cell.treasurer, "return", &[("note", text("thiếu chứng từ"))]));
    done(cell.collect("2026-05", &[(&an, 1)]));
    let again = done(cell.press(cell.treasurer, "/periods", "prepare", "2026-05"));
    assert_eq!(again, period, "one period for each month");
    assert!(problems(decide(cell.treasurer, "close", &[])).contains("người thứ hai"), "and another person");
    let second = cell.house.person("duyet2", cell.house.planning);
    cell.house.give(second, "party-finance.treasurer", cell.house.planning);
    done(decide(second, "close", &[]));

    let page = cell.house.draw(cell.collector, PLUGIN, &period).unwrap();
    assert_eq!(fact(&page, "Đã thu"), Value::Integer(100_001));
    assert_eq!(fact(&page, "Chưa đóng"), Value::Integer(94_453));
    for month in ["2026-04", "2026-05"] {
        let refused = cell.press(cell.collector, "/", "assess", month);
        assert!(problems(refused).contains("Kỳ 05/2026 đã khoá"), "{month}");
    }
    assert!(problems(cell.collect("2026-05", &[(&an, 1)])).contains("đã khoá"));
    assert!(problems(decide(cell.treasurer, "close", &[])).contains("không chờ khoá"));
    let before = cell.ledger("2026-05");
    cell.assess("2026-06");
    assert_eq!(cell.ledger("2026-05"), before);
    assert_eq!(cell.ledger("2026-06")[0], line(AN, 116_532, 16_531, 0, 133_063), "carried over");
}

#[test]
fn a_mistake_is_undone_by_a_counter_entry_in_an_open_period() {
    let cell = Cell::new();
    cell.assess("2026-06");
    let an = cell.member("2026-06", AN);
    done(cell.collect("2026-06", &[(&an, 116_532)]));
    let address = format!("/members/{an}");
    let page = cell.house.draw(cell.collector, PLUGIN, &address).unwrap();
    let account = table(&page, "account");
    let collected = integers(account, "amount").len();
    assert_eq!(collected, 2);
    let entry = choices(&page, "entry").into_iter().find(|(_, text)| text.starts_with("Đã thu")).unwrap().0;
    let correct = |amount: i64, period: &str| {
        let inputs = [
            ("entry", text(&entry)),
            ("amount", Value::Integer(amount)),
            ("period", date(period)),
            ("reason", text("ghi nhầm số tiền")),
        ];
        cell.house.hand_in(cell.collector, PLUGIN, &address, submission("correct", &inputs))
    };
    assert!(problems(correct(116_532, "2026-06-01")).contains("đúng bằng"));
    assert!(problems(correct(110_000, "2026-05-01")).contains("không trước kỳ"));
    done(correct(110_000, "2026-06-01"));
    assert_eq!(cell.ledger("2026-06")[0], line(AN, 116_532, 0, 110_000, 6_532));
    let page = cell.house.draw(cell.collector, PLUGIN, &address).unwrap();
    let mut amounts = integers(table(&page, "account"), "amount");
    amounts.sort_unstable();
    assert_eq!(amounts, [-116_532, 110_000, 116_532, 116_532], "nothing is overwritten");
    assert!(problems(correct(1, "2026-06-01")).contains("đã được đính chính"));
}
