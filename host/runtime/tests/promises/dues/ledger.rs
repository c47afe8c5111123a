//! What is assessed, collected, owed.

use dinh_runtime::bindings::types::Value;

use super::cell::*;
use crate::house::{fact, submission};

#[test]
fn a_cell_is_assessed_and_collected_with_names_that_are_resolved_and_never_kept() {
    let cell = Cell::new();
    assert!(notices(&cell.draw("/", "2026-06")).contains("Số đảng viên chưa tính: 3"));
    cell.assess("2026-06");
    let expected = [
        line(AN, 116_532, 0, 0, 116_532),
        line(BINH, 77_922, 0, 0, 77_922),
        line(CHAU, 0, 0, 0, 0),
        line("Cộng", 194_454, 0, 0, 194_454),
    ];
    assert_eq!(cell.ledger("2026-06"), expected, "who is no member and other units are not there");
    let an = cell.member("2026-06", AN);
    done(cell.collect("2026-06", &[(&an, 116_532)]));
    assert_eq!(cell.ledger("2026-06")[0], line(AN, 116_532, 0, 116_532, 0));
    // Nothing that was written holds a name: the contract lets only references be kept, and each write passed.
    let refused = cell.house.evidence().into_iter().filter(|it| it.entry.action == "rule.refused").count();
    assert_eq!(refused, 0);
    assert!(
        problems(cell.press(cell.collector, "/", "assess", "2026-06")).contains("Không có đảng viên nào")
    );
    assert!(problems(cell.press(cell.collector, "/", "assess", "2026-07")).contains("chưa đến"));
}

#[test]
fn the_grid_takes_no_more_than_is_unpaid_and_one_button_takes_all_of_it() {
    let cell = Cell::new();
    cell.assess("2026-06");
    let binh = cell.member("2026-06", BINH);
    let told = problems(cell.collect("2026-06", &[(&binh, 77_923)]));
    assert!(told.contains("vượt số còn phải đóng 77.922 đ"), "{told}");
    done(cell.press(cell.collector, "/collect", "collect-all", "2026-06"));
    let total = cell.ledger("2026-06").pop().unwrap();
    assert_eq!(total, line("Cộng", 194_454, 0, 194_454, 0));
    assert!(problems(cell.press(cell.collector, "/collect", "collect-all", "2026-06")).contains("Chưa nhập"));
}

#[test]
fn three_unpaid_months_of_a_year_are_reported_and_back_payment_pays_the_earliest() {
    let cell = Cell::new();
    for month in ["2026-03", "2026-04", "2026-05"] {
        cell.assess(month);
    }
    let an = cell.member("2026-05", AN);
    done(cell.collect("2026-05", &[(&an, 200_000)]));
    assert_eq!(cell.ledger("2026-05")[0], line(AN, 116_532, 233_064, 200_000, 149_596));
    let page = cell.draw("/arrears", "2026-05");
    assert!(notices(&page).contains("1 đảng viên chưa đóng từ 3 tháng trong năm"), "{}", notices(&page));
    let arrears = table(&page, "arrears");
    assert_eq!(texts(arrears, "name"), [BINH, AN]);
    assert_eq!(integers(arrears, "count"), [3, 2]);
    assert_eq!(texts(arrears, "months"), ["03/2026, 04/2026, 05/2026", "04/2026, 05/2026"]);
    let page = cell.house.draw(cell.collector, PLUGIN, &format!("/members/{an}")).unwrap();
    assert_eq!(fact(&page, "Số tháng chưa đóng"), Value::Integer(2), "what is offered to inspection");
}

#[test]
fn reductions_end_in_time_and_a_basis_of_income_takes_the_place_of_the_salary() {
    let cell = Cell::new();
    let binh = format!("/members/{}", cell.member("2026-06", BINH));
    let unit = Value::Unit(cell.house.planning.0);
    let exempt = |until: Value| {
        let inputs = [
            ("percent", text("50")),
            ("reason", text("hardship")),
            ("from", date("2026-06-01")),
            ("until", until),
            ("unit", unit.clone()),
            ("decision", text("12-QĐ/CB ngày 01/06/2026")),
        ];
        cell.house.hand_in(cell.collector, PLUGIN, &binh, submission("exempt", &inputs))
    };
    assert!(problems(exempt(Value::Empty)).contains("chậm nhất hết tháng 05/2027"));
    assert!(problems(exempt(date("2027-06-01"))).contains("chậm nhất hết tháng 05/2027"));
    done(exempt(date("2027-05-01")));
    let an = format!("/members/{}", cell.member("2026-06", AN));
    let base = |income: Value| {
        let inputs = [
            ("category", text("pension")),
            ("income", income),
            ("from", date("2026-06-01")),
            ("unit", unit.clone()),
            ("source", text("Quyết định nghỉ hưu 15/QĐ-BHXH")),
        ];
        cell.house.hand_in(cell.collector, PLUGIN, &an, submission("base", &inputs))
    };
    assert!(problems(base(Value::Empty)).contains("Hãy nhập thu nhập tháng"));
    done(base(Value::Integer(5_000_000)));
    cell.assess("2026-06");
    let ledger = cell.ledger("2026-06");
    assert_eq!(ledger[0], line(AN, 25_000, 0, 0, 25_000));
    assert_eq!(ledger[1], line(BINH, 38_961, 0, 0, 38_961));
}
