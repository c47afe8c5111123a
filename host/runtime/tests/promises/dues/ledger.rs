//! What is assessed, collected, owed.

use dinh_runtime::bindings::types::{ColumnValues, Value};
use dinh_runtime::bindings::views::{Block, CellStyle, Table, Target};

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

/// Follows every figure of a table that leads to entries: each is what they sum up to, in the table and above it. The
/// columns that were followed.
fn follow(cell: &Cell, table: &Table) -> Vec<String> {
    let mut followed = Vec::new();
    for style in &table.cell_styles {
        let Some(Target::Page(path)) = &style.target else { continue };
        if !path.starts_with("/entries?") {
            continue;
        }
        // The house takes addresses as they are after decoding.
        let page = cell.house.draw(cell.collector, PLUGIN, &path.replace("%2F", "/")).unwrap();
        let (key, row) = (table.columns[style.column as usize].key.as_str(), style.row as usize);
        let entries = self::table(&page, "entries");
        let figure = if key == "income" { None } else { Some(integers(table, key)[row]) };
        let sum: i64 = integers(entries, "amount").iter().sum();
        let said = blocks(&page).find_map(|block| match block {
            Block::Metrics(metrics) => Some(metrics[0].value.clone()),
            _ => None,
        });
        assert!(matches!(said, Some(Value::Integer(said)) if said == sum), "{path}: {said:?} of {sum}");
        match figure {
            Some(figure) => assert_eq!(figure, sum, "{key} of row {row}: {path}"),
            None => {
                assert_eq!(integers(entries, "income").last(), Some(&integers(table, key)[row]), "{path}")
            }
        }
        followed.push(key.to_owned());
    }
    followed.sort();
    followed.dedup();
    followed
}

#[test]
fn every_figure_of_the_ledger_and_of_arrears_leads_to_the_entries_that_it_is_the_sum_of() {
    let cell = Cell::new();
    for month in ["2026-03", "2026-04"] {
        cell.assess(month);
    }
    let (an, binh) = (cell.member("2026-04", AN), cell.member("2026-04", BINH));
    done(cell.collect("2026-04", &[(&an, 200_000), (&binh, 77_922)]));
    // What was collected is corrected in a later period.
    let page = cell.house.draw(cell.collector, PLUGIN, &format!("/members/{an}")).unwrap();
    let entry = choices(&page, "entry").into_iter().find(|(_, text)| text.contains("200.000")).unwrap().0;
    let inputs = [
        ("entry", text(&entry)),
        ("amount", Value::Integer(150_000)),
        ("period", date("2026-05-01")),
        ("reason", text("Ghi nhầm số tiền")),
    ];
    let place = format!("/members/{an}");
    done(cell.house.hand_in(cell.collector, PLUGIN, &place, submission("correct", &inputs)));
    cell.assess("2026-05");
    for (month, columns) in [
        ("2026-03", &["due", "income", "this-month", "unpaid"][..]),
        ("2026-04", &["collected", "due", "earlier", "income", "this-month", "unpaid"]),
        ("2026-05", &["collected", "due", "earlier", "income", "this-month", "unpaid"]),
    ] {
        let page = cell.draw("/", month);
        let ledger = table(&page, "s01-1");
        assert_eq!(follow(&cell, ledger), columns, "{month}");
        let money = ["this-month", "earlier", "due", "collected", "unpaid"];
        let figures = money.iter().flat_map(|key| integers(ledger, key)).filter(|figure| *figure != 0);
        let to_entries = |style: &&CellStyle| {
            let key = ledger.columns[style.column as usize].key.as_str();
            money.contains(&key) && style.target.is_some()
        };
        let linked = ledger.cell_styles.iter().filter(to_entries).count();
        assert_eq!(linked, figures.count(), "{month}: no figure without its entries");
        let page = cell.draw("/arrears", month);
        assert_eq!(follow(&cell, table(&page, "arrears")), ["unpaid"], "{month}");
    }
}

#[test]
fn a_figure_that_does_not_exist_is_not_found() {
    let cell = Cell::new();
    let address = format!("{}&figure=profit", cell.at("/entries", "2026-06"));
    assert!(cell.house.draw(cell.collector, PLUGIN, &address).is_err());
}

#[test]
fn each_line_of_the_ledger_says_its_month_and_the_sum_does_not() {
    let cell = Cell::new();
    cell.assess("2026-06");
    let page = cell.draw("/", "2026-06");
    let ledger = table(&page, "s01-1");
    let keys: Vec<&str> = ledger.columns.iter().map(|column| column.key.as_str()).collect();
    let at = keys.iter().position(|key| *key == "month").unwrap();
    assert_eq!((keys[at - 1], keys[at + 1]), ("exempt", "income"), "as the form has it");
    let ColumnValues::Dates(months) = &column(ledger, "month").values else { panic!("months are dates") };
    assert_eq!(months.len(), 4, "three members and the sum");
    let june = dinh_model::time::days("2026-06-01".parse().unwrap());
    assert!(months[..3].iter().all(|month| *month == june), "{months:?}");
    assert_ne!(months[3], june, "the sum has none");
}
