//! The pages of histories, and of the decisions that write them, as reviewed files.

use dinh_tests::golden::masked;

use super::*;

fn reviewed(name: &str, page: &Value) {
    insta::assert_snapshot!(name, serde_json::to_string_pretty(page).unwrap());
}

#[test]
fn the_pages_of_education_and_allowances_are_those_of_the_reviewed_files() {
    let office = Office::open();
    let sheet = office.sheet("CB0002");
    // The officer is written by hand, and the day is fixed: only the address of the sheet differs.
    let page = office.clerk.get_json(&format!("{sheet}?as-of=2026-06-30")).expect(200).body;
    let page: Value = serde_json::from_str(&page.replace(&sheet, "SHEET")).unwrap();
    for table in ["trainings", "allowances"] {
        reviewed(table, page::table(&page, table));
    }
    for kind in ["allowance", "end-allowance", "training"] {
        let form = office.clerk.get_json(&format!("{sheet}/decide/{kind}")).expect(200).json();
        reviewed(&format!("decide-{kind}"), &masked(&form));
    }
}
