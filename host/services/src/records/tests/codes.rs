//! A field bound to a catalog takes the codes that hold on the record's day.

use dinh_model::{CodeTerm, Date, Field, FieldType, Label, RecordId, Value};

use super::house::{House, collection, data, field, text, values};
use crate::Call;
use crate::records::{PluginData, RecordError, insert, update};

fn code(valid: CodeTerm) -> FieldType {
    FieldType::Code { catalog: "provinces".into(), valid }
}

fn on_the_day() -> FieldType {
    code(CodeTerm::On("day".into()))
}

/// A collection of a day and a code.
fn bound(house: &House, province: Field) -> PluginData {
    data(1, house.province, vec![collection("papers", vec![field("day", FieldType::Date), province])])
}

fn day(text: &str) -> Value {
    Value::Date(text.parse().unwrap())
}

fn put(call: &mut Call, data: &PluginData, day: Value, code: &str) -> Result<RecordId, RecordError> {
    insert(call, data, "papers", values(&[("day", day), ("province", text(code))]))
}

/// The one problem of a refused write: field and message.
fn problem<T: std::fmt::Debug>(result: Result<T, RecordError>) -> (String, String) {
    match result {
        Err(RecordError::Invalid(mut problems)) if problems.len() == 1 => {
            let problem = problems.remove(0);
            (problem.field, problem.message)
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_code_is_in_its_term_on_the_day_that_the_record_says() {
    let house = House::new();
    let data = bound(&house, field("province", on_the_day()));
    let mut call = house.call(house.clerk);
    // Yên Bái until June 2025, Lào Cai since July.
    put(&mut call, &data, day("2025-06-30"), "15").unwrap();
    put(&mut call, &data, day("2025-07-01"), "15-2025").unwrap();
    let (field, said) = problem(put(&mut call, &data, day("2025-07-01"), "15"));
    assert_eq!(field, "province");
    assert_eq!(
        said,
        "Mã “15” chỉ có hiệu lực từ 01/01/2004 đến hết 30/06/2025, không có hiệu lực vào ngày của bản ghi. Hãy dùng: 15-2025 (Lào Cai)."
    );
    let (_, said) = problem(put(&mut call, &data, day("2020-01-01"), "68-2025"));
    assert!(said.ends_with("Hãy dùng: 60 (Bình Thuận), 67 (Đắk Nông), 68 (Lâm Đồng)."), "{said}");
    // Without a day it is that of writing: 2 March 2026.
    put(&mut call, &data, Value::Empty, "15-2025").unwrap();
    problem(put(&mut call, &data, Value::Empty, "15"));
}

#[test]
fn without_a_day_it_is_the_day_of_writing_unless_any_term_is_meant() {
    let house = House::new();
    let today = bound(&house, field("province", code(CodeTerm::Today)));
    let any = bound(&house, field("province", code(CodeTerm::Any)));
    let mut call = house.call(house.clerk);
    problem(put(&mut call, &today, day("2020-01-01"), "15"));
    put(&mut call, &today, day("2020-01-01"), "15-2025").unwrap();
    put(&mut call, &any, day("2026-01-01"), "15").unwrap();
    assert!(problem(put(&mut call, &any, day("2026-01-01"), "999")).1.contains("không có trong danh mục"));
}

#[test]
fn whoever_moves_the_day_out_of_the_codes_term_is_told_and_other_changes_go_on() {
    let house = House::new();
    let data = bound(&house, field("province", on_the_day()));
    let mut call = house.call(house.clerk);
    let id = put(&mut call, &data, day("2025-06-30"), "15").unwrap();
    let change =
        |call: &mut Call, some: &[(&str, Value)]| update(call, &data, "papers", id, None, values(some));
    assert_eq!(problem(change(&mut call, &[("day", day("2025-07-01"))])).0, "province");
    change(&mut call, &[("day", day("2025-01-01"))]).unwrap();
    change(&mut call, &[("day", day("2026-01-01")), ("province", text("15-2025"))]).unwrap();
    // What was right when it was written stays, whatever the day: only a code that is written is looked at.
    let today = bound(&house, field("province", code(CodeTerm::Today)));
    let any = bound(&house, field("province", code(CodeTerm::Any)));
    let old = put(&mut call, &any, day("2020-01-01"), "15").unwrap();
    update(&mut call, &today, "papers", old, None, values(&[("day", day("2021-01-01"))])).unwrap();
    problem(update(&mut call, &today, "papers", old, None, values(&[("province", text("24"))])));
}

#[test]
fn a_day_does_not_tell_a_code_that_its_writer_may_not_see() {
    let house = House::new();
    let hidden = Field { label: Label::Confidential, ..field("province", on_the_day()) };
    let data = bound(&house, hidden);
    let mut call = house.call(house.clerk);
    let id = put(&mut call, &data, day("2025-06-30"), "15").unwrap();
    let (field, said) =
        problem(update(&mut call, &data, "papers", id, None, values(&[("day", day("2026-01-01"))])));
    assert_eq!(field, "day");
    assert!(!said.contains("15") && !said.contains("Lào Cai"), "{said}");
}

#[test]
fn the_first_and_the_last_day_of_a_term_are_in_it() {
    let house = House::new();
    let data = bound(&house, field("province", on_the_day()));
    let mut call = house.call(house.clerk);
    for (on, code, holds) in [
        (Date::constant(2003, 12, 31), "15", false),
        (Date::constant(2004, 1, 1), "15", true),
        (Date::constant(2025, 6, 30), "15", true),
        (Date::constant(2025, 7, 1), "15", false),
    ] {
        assert_eq!(put(&mut call, &data, Value::Date(on), code).is_ok(), holds, "{code} on {on}");
    }
}
