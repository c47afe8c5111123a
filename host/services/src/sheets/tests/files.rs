//! CSV files, good and bad.

use dinh_model::{Language, Value};

use super::super::{SheetError, Wanted, read};
use super::{columns, decimal, read_bytes, text};

const GOOD: &str = "Năm,Tỉnh,Tiếp cận đất đai\n2021,Quảng Ninh,7.39\n2021,Hải Phòng,N/A\n";

#[test]
fn the_same_table_is_read_however_it_was_saved() {
    let semicolons = GOOD.replace(',', ";").replace("7.39", "7,39");
    let decomposed = GOOD.replace("Quảng", "Qua\u{309}ng").replace("Năm", "Na\u{306}m");
    let files: Vec<Vec<u8>> = vec![
        GOOD.into(),
        format!("\u{feff}{GOOD}").into(),
        GOOD.replace('\n', "\r\n").into(),
        semicolons.clone().into(),
        format!("\u{feff}{semicolons}").replace('\n', "\r\n").into(),
        semicolons.replace(';', "\t").into(),
        format!("sep=;\n{semicolons}").into(),
        GOOD.replace("7.39", "\"7,39\"").into(),
        decomposed.into(),
        [vec![0xff, 0xfe], GOOD.encode_utf16().flat_map(u16::to_le_bytes).collect()].concat(),
        GOOD.replace("Năm,Tỉnh,Tiếp cận đất đai", "YEAR,địa phương,cstp2").into(),
        GOOD.replace("Quảng Ninh", "quang ninh").into(),
        GOOD.replace("7.39", " 7,390 ").replace(',', ";").replace("7;390", "7,390").into(),
    ];
    for bytes in files {
        let shown = String::from_utf8_lossy(&bytes).into_owned();
        let sheet = read_bytes(&bytes).unwrap_or_else(|error| panic!("{shown}: {error}"));
        assert_eq!(sheet.problems, [], "{shown}");
        assert_eq!(sheet.column("year").unwrap().values, [Value::Integer(2021), Value::Integer(2021)]);
        assert_eq!(sheet.column("province").unwrap().values, [text("22"), text("31")], "{shown}");
        assert_eq!(sheet.column("land_access").unwrap().values, [decimal("7.39"), Value::Empty], "{shown}");
        assert!(sheet.column("note").is_none(), "a column that the file does not have is not there");
    }
}

#[test]
fn every_bad_cell_is_named_with_line_column_value_and_remedy() {
    let file = "Năm;Tỉnh;Tiếp cận đất đai;Ngày công bố\n\
                2021;Quảng Ninh;11;27/04/2022\n\
                \n\
                2021;Tỉnh Mới;bảy;31/02/2022\n\
                ;Hải Phòng;7,395;\n";
    let sheet = read_bytes(file.as_bytes()).unwrap();
    let told: Vec<String> = sheet
        .problems
        .iter()
        .map(|p| {
            format!(
                "{}|{}|{}|{}|{}",
                p.line,
                p.column.as_deref().unwrap_or("-"),
                p.value,
                p.message,
                p.remedy
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            "2|land_access|11|nằm ngoài khoảng cho phép|Ghi giá trị từ 1 đến 10.",
            "4|province|Tỉnh Mới|không có trong danh sách cho phép|Ghi một trong các giá trị: Quảng Ninh; Hải Phòng; \
             TP. Hồ Chí Minh; Thanh Hóa.",
            "4|land_access|bảy|không phải là số|Chỉ ghi chữ số, ví dụ 7,39.",
            "4|published|31/02/2022|không phải là ngày hợp lệ|Ghi ngày theo dạng ngày/tháng/năm, ví dụ 15/04/2021.",
            "5|year||ô bắt buộc đang để trống|Điền giá trị vào cột “Năm”.",
            "5|land_access|7,395|có nhiều hơn 2 chữ số sau dấu phẩy|Làm tròn đến 2 chữ số sau dấu phẩy.",
        ]
    );
    assert_eq!(sheet.good_rows(), [false, false, false]);
    assert_eq!(sheet.column("land_access").unwrap().wrong_bits(), [0b111]);
    assert_eq!(sheet.column("year").unwrap().wrong_bits(), [0b100]);
}

#[test]
fn problems_are_told_in_english_too() {
    let columns = columns();
    let wanted = Wanted { columns: &columns, most_rows: 10, language: Language::En };
    let sheet = read("a.csv", "year,province,land_access\n2021,Quảng Ninh,11\n".as_bytes(), wanted).unwrap();
    assert_eq!(sheet.problems[0].message, "out of the range allowed");
    assert_eq!(sheet.problems[0].remedy, "Write a value from 1 to 10.");
}

#[test]
fn each_remedy_fits_the_column() {
    let fine = format!("2021;Quảng Ninh;7,{}", "3".repeat(32));
    let file = format!("Năm;Tỉnh;Tiếp cận đất đai\nhai nghìn;Quảng Ninh;7\n{fine}\n");
    let sheet = read_bytes(file.as_bytes()).unwrap();
    let told: Vec<_> = sheet.problems.iter().map(|p| (p.message.as_str(), p.remedy.as_str())).collect();
    assert_eq!(
        told,
        [
            ("không phải là số", "Chỉ ghi chữ số, ví dụ 2021."),
            ("có nhiều hơn 2 chữ số sau dấu phẩy", "Làm tròn đến 2 chữ số sau dấu phẩy."),
        ]
    );
}

#[test]
fn counts_are_written_as_people_read_them() {
    let error = SheetError::TooManyRows { rows: 10_001, most: 10_000 };
    assert!(error.text(Language::Vi).contains("10.001") && error.text(Language::Vi).contains("10.000"));
    assert!(error.text(Language::En).contains("10,001"));
    let few = SheetError::TooManyRows { rows: 101, most: 100 };
    assert!(few.text(Language::Vi).contains("Tệp có 101 dòng"));
}

#[test]
fn a_row_out_of_step_is_wrong_as_a_whole() {
    // Decimal commas in a file separated by commas: every value after the first would slip.
    let sheet =
        read_bytes("Năm,Tỉnh,Tiếp cận đất đai\n2021,Quảng Ninh,7,39\n2021,Hải Phòng\n".as_bytes()).unwrap();
    assert_eq!(sheet.problems.len(), 2);
    assert_eq!(sheet.problems[0].column, None);
    assert_eq!(sheet.problems[0].message, "dòng có 4 ô trong khi tiêu đề có 3 cột");
    assert!(sheet.problems[0].remedy.contains("dấu phẩy thập phân"), "{}", sheet.problems[0].remedy);
    assert_eq!(sheet.problems[1].remedy, "Bổ sung các ô còn thiếu, kể cả ô trống.");
    assert_eq!(sheet.good_rows(), [false, false]);
    assert_eq!(sheet.column("year").unwrap().values, [Value::Empty, Value::Empty]);
}

#[test]
fn only_the_rows_that_are_kept_are_imported() {
    let sheet = read_bytes(
        "Năm,Tỉnh,Tiếp cận đất đai\n2021,Quảng Ninh,7.39\n2021,Hải Phòng,11\n2021,Thanh Hóa,7.18\n"
            .as_bytes(),
    )
    .unwrap();
    let kept = sheet.keep(&sheet.good_rows());
    assert_eq!(kept.lines, [2, 4]);
    assert_eq!(kept.column("land_access").unwrap().values, [decimal("7.39"), decimal("7.18")]);
    assert_eq!(kept.problems, []);
    let bad = sheet.keep(&[false, true]);
    assert_eq!((bad.lines.as_slice(), bad.problems[0].row, bad.problems[0].line), ([3].as_slice(), 0, 3));
}

#[test]
fn heads_that_do_not_fit_are_named() {
    let missing = read_bytes("Năm;Điểm số\n2021;7,39\n".as_bytes()).unwrap_err();
    assert_eq!(
        missing.text(Language::Vi),
        "Tệp thiếu cột: Tỉnh, thành phố; Tiếp cận đất đai. Dòng tiêu đề hiện có: “Năm”, “Điểm số”. \
         Hãy ghi tên cột ở dòng đầu tiên của tệp."
    );
    let twice = read_bytes("Năm,Tỉnh,Địa phương,CSTP2\n".as_bytes());
    assert_eq!(twice.unwrap_err(), SheetError::NoRows);
    let twice =
        read_bytes("Năm,Tỉnh,Địa phương,CSTP2\n2021,Quảng Ninh,Quảng Ninh,7\n".as_bytes()).unwrap_err();
    assert_eq!(
        twice.text(Language::Vi),
        "Cột thứ 2 (“Tỉnh”) và cột thứ 3 (“Địa phương”) đều là “Tỉnh, thành phố”. Hãy giữ lại một cột."
    );
    let extra = read_bytes("Năm,Tỉnh,CSTP2,Xếp hạng\n2021,Quảng Ninh,7,1\n".as_bytes()).unwrap();
    assert_eq!(extra.unknown_heads, ["Xếp hạng"]);
}

#[test]
fn files_that_are_no_sheets_have_one_clear_outcome() {
    let long = format!("Năm,Tỉnh,CSTP2\n{}", "2021,Quảng Ninh,7\n".repeat(101));
    for (bytes, error) in [
        (&b""[..], SheetError::Empty),
        (b"\xef\xbb\xbf", SheetError::Empty),
        (b"\n\n \n", SheetError::Empty),
        (b"%PDF-1.7 ...", SheetError::Binary),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", SheetError::Binary),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old workbook", SheetError::OldExcel),
        (b"PK\x03\x04 truncated", SheetError::Damaged),
        (b"N\xa8m,T\xd8nh\n", SheetError::Encoding { line: 1 }),
        (long.as_bytes(), SheetError::TooManyRows { rows: 101, most: 100 }),
    ] {
        assert_eq!(read_bytes(bytes), Err(error));
    }
    let wide = format!("{}\n1", "a,".repeat(501));
    assert_eq!(read_bytes(wide.as_bytes()), Err(SheetError::TooManyColumns { columns: 502, most: 500 }));
}

#[test]
fn every_error_speaks_both_languages() {
    for error in [
        SheetError::Empty,
        SheetError::NoRows,
        SheetError::Binary,
        SheetError::OldExcel,
        SheetError::Encoding { line: 7 },
        SheetError::Damaged,
        SheetError::TooLarge { most_mebibytes: 256 },
        SheetError::TooManySheets { most: 50 },
        SheetError::TableNotFound { sheets: 9, most_mebibytes: 1024 },
        SheetError::TooManyRows { rows: 2, most: 1 },
        SheetError::TooManyColumns { columns: 2, most: 1 },
    ] {
        assert_ne!(error.text(Language::Vi), error.text(Language::En));
        assert_eq!(error.to_string(), error.text(Language::En));
    }
}

#[test]
fn ten_thousand_wrong_rows_are_all_marked_and_counted_though_not_all_are_worded() {
    let columns = columns();
    let file = format!("Năm,Tỉnh,CSTP2\n{}", "x,y,z\n".repeat(10_000));
    let wanted = Wanted { columns: &columns, most_rows: 10_000, language: Language::Vi };
    let sheet = read("a.csv", file.as_bytes(), wanted).unwrap();
    assert_eq!(sheet.problems.len() + sheet.unlisted_problems as usize, 30_000);
    assert_eq!(sheet.problems.len(), 10_000);
    assert!(sheet.good_rows().iter().all(|good| !good));
}

#[test]
fn a_file_name_loses_its_folders() {
    let columns = columns();
    let wanted = Wanted { columns: &columns, most_rows: 10, language: Language::Vi };
    let name = |name| read(name, "Năm,Tỉnh,CSTP2\n2021,Quảng Ninh,7".as_bytes(), wanted).unwrap().file_name;
    assert_eq!(name("C:\\Users\\an\\Điểm 2021.csv"), "Điểm 2021.csv");
    assert_eq!(name("../../etc/pci.csv"), "pci.csv");
}
