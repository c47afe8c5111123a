//! XLSX files.

use dinh_model::Value;
use jiff::civil::date;

use super::super::SheetError;
use super::book::{Page, book, book_of, number_cell, text_cell, zip};
use super::{decimal, read_bytes, text};

fn heads() -> String {
    let heads = [
        ("A1", "Năm"),
        ("B1", "Tỉnh"),
        ("C1", "Tiếp cận đất đai"),
        ("D1", "Ngày công bố"),
        ("E1", "Ghi chú"),
    ];
    let cells: String = heads.iter().map(|(at, head)| text_cell(at, head)).collect();
    format!("<row r=\"1\">{cells}</row>")
}

#[test]
fn numbers_and_dates_of_a_workbook_are_exact() {
    let row = [
        number_cell("A2", "2021", 0),
        text_cell("B2", "Qua\u{309}ng Ninh"),
        number_cell("C2", "7.39", 0),
        number_cell("D2", "44678", 1),
        number_cell("E2", "12.5", 0),
    ]
    .concat();
    // What a formula leaves behind: 7.390000000000001, and a text that looks like a number.
    let noisy = [
        text_cell("A4", "2021"),
        text_cell("B4", "Hải Phòng"),
        number_cell("C4", "7.3900000000000006", 0),
        text_cell("D4", "27/04/2022"),
    ]
    .concat();
    let sheet =
        read_bytes(&book(&format!("{}<row r=\"2\">{row}</row><row r=\"4\">{noisy}</row>", heads()))).unwrap();
    assert_eq!(sheet.problems, []);
    assert_eq!(sheet.lines, [2, 4]);
    assert_eq!(sheet.column("land_access").unwrap().values, [decimal("7.39"), decimal("7.39")]);
    let day = Value::Date(date(2022, 4, 27));
    assert_eq!(sheet.column("published").unwrap().values, [day.clone(), day]);
    assert_eq!(sheet.column("note").unwrap().values, [text("12.5"), Value::Empty]);
}

#[test]
fn what_excel_turned_into_something_else_is_reported() {
    let row = [
        number_cell("A2", "2021.5", 0),
        "<c r=\"B2\" t=\"e\"><v>#REF!</v></c>".into(),
        number_cell("C2", "44393", 1),
        number_cell("D2", "44678.75", 2),
    ]
    .concat();
    let sheet = read_bytes(&book(&format!("{}<row r=\"2\">{row}</row>", heads()))).unwrap();
    let told: Vec<_> =
        sheet.problems.iter().map(|problem| (problem.value.as_str(), problem.message.as_str())).collect();
    assert_eq!(
        told,
        [
            ("2021.5", "không phải là số nguyên"),
            ("#REF!", "công thức bị lỗi"),
            ("16/07/2021", "là ngày tháng, không phải là số (Excel có thể đã tự đổi số thành ngày)"),
            ("27/04/2022 18:00:00", "không phải là ngày hợp lệ"),
        ]
    );
}

#[test]
fn the_visible_sheet_with_the_known_heads_is_read() {
    let guide = format!("<row r=\"1\">{}</row>", text_cell("A1", "Hướng dẫn"));
    let good = format!(
        "{}<row r=\"2\">{}{}{}</row>",
        heads(),
        number_cell("A2", "2021", 0),
        text_cell("B2", "Thanh Hóa"),
        number_cell("C2", "7.18", 0)
    );
    let hidden = Page { name: "Ẩn", hidden: true, rows: &good };
    let pages = [
        hidden,
        Page { name: "Hướng dẫn", hidden: false, rows: &guide },
        Page { name: "Dữ liệu", hidden: false, rows: &good.replace("7.18", "7.51") },
    ];
    let sheet = read_bytes(&book_of(&pages)).unwrap();
    assert_eq!(sheet.column("land_access").unwrap().values, [decimal("7.51")]);
}

#[test]
fn a_cell_in_the_last_corner_of_a_sheet_takes_no_room() {
    let far = format!("{}<row r=\"1048576\">{}</row>", heads(), text_cell("XFD1048576", "x"));
    assert_eq!(read_bytes(&book(&far)), Err(SheetError::TooManyColumns { columns: 16_384, most: 500 }));
    let low = format!("{}<row r=\"1048576\">{}</row>", heads(), number_cell("A1048576", "2021", 0));
    let sheet = read_bytes(&book(&low)).unwrap();
    assert_eq!(sheet.lines, [1_048_576]);
    assert_eq!(sheet.problems.len(), 2, "province and component are empty");
}

#[test]
fn what_unpacks_to_too_much_is_refused_before_it_is_read() {
    let bomb = zip(&[("xl/workbook.xml".into(), " ".repeat(257 << 20))]);
    assert!(bomb.len() < 1 << 20);
    assert_eq!(read_bytes(&bomb), Err(SheetError::TooLarge { most_mebibytes: 256 }));
}

#[test]
fn what_is_looked_through_is_bounded_however_little_it_takes_to_say_it() {
    let blank = Page { name: "Trang", hidden: false, rows: "" };
    let many: Vec<Page<'_>> = (0..51).map(|_| Page { ..blank }).collect();
    assert_eq!(read_bytes(&book_of(&many)), Err(SheetError::TooManySheets { most: 50 }));
    assert_eq!(read_bytes(&book_of(&many[..50])), Err(SheetError::Empty));
    // Each of ten sheets may be the large one.
    let blanks = " ".repeat(103 << 20);
    let large = Page { name: "Trang", hidden: false, rows: &blanks };
    let ten: Vec<Page<'_>> = (0..9).map(|_| Page { ..blank }).chain([large]).collect();
    let lost = SheetError::TableNotFound { sheets: 10, most_mebibytes: 1024 };
    assert_eq!(read_bytes(&book_of(&ten)), Err(lost));
    // Nothing is looked through in vain when the table comes first.
    let good = format!("{}<row r=\"2\">{}</row>", heads(), number_cell("A2", "2021", 0));
    let found: Vec<Page<'_>> = [Page { rows: &good, ..blank }].into_iter().chain(ten).collect();
    assert_eq!(read_bytes(&book_of(&found)).unwrap().rows(), 1);
    let texts = zip(&[
        ("xl/workbook.xml".into(), "<workbook/>".into()),
        ("xl/sharedStrings.xml".into(), " ".repeat(65 << 20)),
    ]);
    assert_eq!(read_bytes(&texts), Err(SheetError::TooLarge { most_mebibytes: 64 }));
}

#[test]
fn an_archive_that_is_no_workbook_is_not_called_damaged() {
    let document = zip(&[("word/document.xml".into(), "<document/>".into())]);
    assert_eq!(read_bytes(&document), Err(SheetError::Binary));
}
