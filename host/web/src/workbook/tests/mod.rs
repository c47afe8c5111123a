//! Workbooks read back by a program that others wrote, and held beside the same table as CSV.

mod properties;

use std::io::{Cursor, Read};

use calamine::{Data, DataType, Dimensions, Ods, Range, Reader, Xlsx};
use dinh_model::Language;
use dinh_runtime::bindings::types::{self, Column};
use dinh_runtime::bindings::views::{Format, Table, TableColumn, Width};

use super::*;
use crate::csv::Writing;
use crate::datum::{Datum, rows};
use crate::draw::table::{header, styles_of_rows};
use crate::format::Formats;
use crate::gallery;
use crate::table_file::{FileFormat, Standing, TableFile};
use crate::village::Village;

const KINDS: [Kind; 2] = [Kind::Xlsx, Kind::Ods];

fn layout(table: &Table) -> Layout<'_> {
    let line = |text: &str, title| Line { text: text.to_owned(), title };
    Layout {
        sheet: sheet_name(table.caption.as_deref().unwrap_or_default(), &table.id),
        lines: vec![line("Chỉ số năng lực cạnh tranh", true), line("Đơn vị: Tỉnh <b>", false)],
        columns: table.columns.iter().collect(),
    }
}

/// A table as a file, and how many rows stand above it.
fn file(format: FileFormat, table: &Table, bounds: Bounds) -> Result<Vec<u8>, Refused> {
    let mut file = TableFile::begin(format, &layout(table), None, bounds)?;
    let mut bytes = file.take();
    let (named, styles) = (header(table), styles_of_rows(table));
    for row in 0..table.data.first().map_or(0, rows) {
        let style = styles.get(&(row as u32));
        let standing = Standing {
            kind: style.and_then(|style| style.kind),
            named: (named, style.map_or(0, |style| style.depth)),
        };
        let data = table.columns.iter().zip(&table.data);
        let values = data.map(|(column, data)| (Datum::at(data, row), &column.format));
        file.row(&Village, Formats::of(Language::Vi), values, standing)?;
        bytes.extend(file.take());
    }
    file.end(table.note.as_slice())?;
    bytes.extend(file.take());
    Ok(bytes)
}

fn workbook(kind: Kind, table: &Table) -> Vec<u8> {
    file(FileFormat::Workbook(kind), table, Bounds::default()).unwrap()
}

/// The name of its sheet, and the sheet.
fn read(kind: Kind, file: Vec<u8>) -> (String, Range<Data>) {
    let file = Cursor::new(file);
    let [(name, range)] = match kind {
        Kind::Xlsx => Xlsx::new(file).unwrap().worksheets(),
        Kind::Ods => Ods::new(file).unwrap().worksheets(),
    }
    .try_into()
    .unwrap();
    (name, range)
}

/// A part of the file.
fn part(file: Vec<u8>, name: &str) -> String {
    let mut text = String::new();
    zip::ZipArchive::new(Cursor::new(file))
        .unwrap()
        .by_name(name)
        .unwrap()
        .read_to_string(&mut text)
        .unwrap();
    text
}

/// The same table as CSV, without its heads.
fn lines(table: &Table) -> Vec<Vec<String>> {
    let csv = file(FileFormat::Csv(Writing::Csv), table, Bounds::default()).unwrap();
    let mut reader = csv::ReaderBuilder::new().from_reader(csv.as_slice());
    reader.records().map(|line| line.unwrap().iter().map(str::to_owned).collect()).collect()
}

/// What a spreadsheet holds, as CSV writes it.
fn written(cell: &Data, as_csv: &str) -> String {
    match cell {
        Data::Empty => String::new(),
        Data::Bool(yes) => yes.to_string(),
        Data::Int(number) => number.to_string(),
        // To the places that CSV has.
        Data::Float(number) => {
            let places = as_csv.split_once('.').map_or(0, |(_, places)| places.len());
            format!("{number:.places$}")
        }
        Data::DateTime(_) | Data::DateTimeIso(_) => {
            let (days, text) = match cell {
                Data::DateTime(moment) => (moment.as_f64(), String::new()),
                other => (0.0, other.get_datetime_iso().unwrap().to_owned()),
            };
            let local = if text.is_empty() {
                let from = jiff::civil::date(1899, 12, 30).at(0, 0, 0, 0);
                let seconds = (days * 86_400.0).round() as i64;
                from.checked_add(jiff::SignedDuration::from_secs(seconds)).unwrap()
            } else {
                text.parse::<jiff::civil::DateTime>()
                    .unwrap_or_else(|_| text.parse::<jiff::civil::Date>().unwrap().at(0, 0, 0, 0))
            };
            if as_csv.contains('T') {
                jiff::tz::Offset::constant(7).to_timestamp(local).unwrap().to_string()
            } else {
                local.date().to_string()
            }
        }
        Data::String(text) => text.clone(),
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn same_as_csv(kind: Kind, table: &Table, wanted: impl Fn(&str) -> String) {
    let (_, range) = read(kind, workbook(kind, table));
    let above = top(&layout(table)).len();
    let lines = lines(table);
    for (row, line) in lines.iter().enumerate() {
        for (column, as_csv) in line.iter().enumerate() {
            let cell = range.get_value(((above + row) as u32, column as u32)).unwrap_or(&Data::Empty);
            assert_eq!(written(cell, as_csv), wanted(as_csv), "{kind:?}: row {row}, column {column}");
        }
    }
    let below = usize::from(table.note.is_some()) * 2;
    assert_eq!(range.end().unwrap().0 as usize + 1, above + lines.len() + below, "{kind:?}");
}

/// As CSV guards a text, and as spreadsheets tell lines apart.
fn unguarded(text: &str) -> String {
    let bare = text.strip_prefix('\'').filter(|bare| crate::csv::guarded(bare) == text).unwrap_or(text);
    xml::unix(bare)
}

fn text_column(texts: &[&str]) -> Column {
    gallery::build::texts(texts)
}

/// Every type of value that a column can hold.
fn typed() -> Table {
    let mut table = gallery::ranking();
    let column = |key: &str, head: &[&str], format| TableColumn {
        key: key.to_owned(),
        heads: head.iter().map(|head| (*head).to_owned()).collect(),
        number: Some(key.to_owned()),
        format,
        width: Width::Normal,
        frozen: false,
        sortable: false,
        help: None,
        shared: None,
    };
    let of = |values| Column { values, validity: None };
    let moments = [0, 1_782_867_600_000_000, 1_782_867_659_000_000];
    table.columns = vec![
        column("name", &["Họ tên"], Format::Plain),
        column("money", &["Phải đóng", "Tháng này"], Format::Money),
        column("coefficient", &["Phải đóng", "Hệ số"], Format::Decimal(2)),
        column("share", &["Tỷ lệ"], Format::Percent(1)),
        column("change", &["Thay đổi"], Format::ChangeUp(1)),
        column("day", &["Ngày vào Đảng"], Format::Date),
        column("month", &["Tháng"], Format::Month),
        column("at", &["Lúc"], Format::Instant),
        column("yes", &["Đã nộp"], Format::Plain),
    ];
    table.data = vec![
        text_column(&["Nguyễn Thị Lan", "Trần Văn Bình", "Cộng"]),
        of(types::ColumnValues::Integers(vec![26_500, -1, 9_007_199_254_740_993])),
        gallery::build::decimals(2, &[Some(498), None, Some(-5)]),
        gallery::build::decimals(1, &[Some(125), Some(0), Some(1_000)]),
        gallery::build::decimals(1, &[Some(-5), Some(0), Some(15)]),
        of(types::ColumnValues::Dates(vec![0, 20_635, -20_000])),
        of(types::ColumnValues::Dates(vec![20_635, 20_635, 20_635])),
        of(types::ColumnValues::Instants(moments.to_vec())),
        of(types::ColumnValues::Booleans(vec![true, false, true])),
    ];
    table.row_styles.clear();
    table.cell_styles.clear();
    table.row_targets.clear();
    table.row_keys.clear();
    table
}

#[test]
fn a_workbook_holds_what_the_csv_of_the_same_table_holds() {
    for kind in KINDS {
        for table in [gallery::ranking(), gallery::report(), typed()] {
            same_as_csv(kind, &table, unguarded);
        }
    }
}

#[test]
fn numbers_days_and_moments_are_no_texts() {
    for kind in KINDS {
        let table = typed();
        let (name, range) = read(kind, workbook(kind, &table));
        assert_eq!(name, "Bảng xếp hạng PCI năm 2021");
        let above = top(&layout(&table)).len() as u32;
        let at = |row: u32, column: u32| range.get_value((above + row, column)).unwrap_or(&Data::Empty);
        assert_eq!(at(0, 1).as_f64(), Some(26_500.0));
        assert_eq!(at(2, 1), &Data::String("9007199254740993".into()), "never rounded");
        assert_eq!(at(1, 2), &Data::Empty);
        assert!(matches!(at(0, 5), Data::DateTime(_) | Data::DateTimeIso(_)), "{:?}", at(0, 5));
        assert!(matches!(at(0, 7), Data::DateTime(_) | Data::DateTimeIso(_)), "{:?}", at(0, 7));
        assert_eq!(at(0, 8), &Data::Bool(true));
        let value = |row: u32| range.get_value((row, 0)).unwrap_or(&Data::Empty).to_string();
        assert_eq!([0, 1, 2, 3].map(value), ["Chỉ số năng lực cạnh tranh", "Đơn vị: Tỉnh <b>", "", "Họ tên"]);
    }
}

#[test]
fn heads_of_several_levels_share_their_cells_and_stay_in_view() {
    let table = typed();
    let xlsx = workbook(Kind::Xlsx, &table);
    let mut read = Xlsx::new(Cursor::new(xlsx.clone())).unwrap();
    let merged = read.merge_cells_by_sheet_id(0).unwrap();
    assert!(merged.contains(&Dimensions::new((3, 1), (3, 2))), "Phải đóng: {merged:?}");
    assert!(merged.contains(&Dimensions::new((3, 0), (4, 0))), "Họ tên: {merged:?}");
    let sheet = part(xlsx, "xl/worksheets/sheet1.xml");
    assert!(
        sheet.contains("<pane ySplit=\"6\" topLeftCell=\"A7\" activePane=\"bottomLeft\" state=\"frozen\"/>")
    );
    let ods = workbook(Kind::Ods, &table);
    let content = part(ods.clone(), "content.xml");
    assert!(content.contains("table:number-columns-spanned=\"2\" table:number-rows-spanned=\"1\""));
    let settings = part(ods, "settings.xml");
    assert!(settings.contains("\"VerticalSplitPosition\" config:type=\"int\">6<"));
    assert!(settings.contains("xmlns:ooo=") && settings.contains("config:name=\"ooo:view-settings\""));

    let ranking = part(workbook(Kind::Xlsx, &gallery::ranking()), "xl/worksheets/sheet1.xml");
    assert!(ranking.contains("<pane xSplit=\"2\" ySplit=\"5\" topLeftCell=\"C6\""), "two frozen columns");
}

#[test]
fn what_programs_look_for_first_is_where_they_look() {
    let ods = workbook(Kind::Ods, &gallery::ranking());
    let begins = b"PK\x03\x04\x14\0\0\0\0\0";
    assert_eq!(&ods[..begins.len()], begins, "neither packed nor without its size");
    assert_eq!(&ods[30..38 + ODS_MEDIA.len()], format!("mimetype{ODS_MEDIA}").as_bytes());
}

#[test]
fn what_spreadsheets_would_cut_is_refused() {
    let mut table = typed();
    let tight = |rows, columns, text, bytes| Bounds { rows, columns, text, bytes };
    let free = u64::from(u32::MAX);
    for kind in KINDS {
        let file = |table: &Table, bounds| file(FileFormat::Workbook(kind), table, bounds).map(drop);
        // Two lines, a blank, two levels of heads, the numbers of columns; three rows.
        table.note = None;
        assert_eq!(file(&table, tight(9, 9, 100, free)), Ok(()));
        assert_eq!(file(&table, tight(8, 9, 100, free)), Err(Refused::Rows(2)));
        assert_eq!(file(&table, tight(9, 8, 100, free)), Err(Refused::Columns(8)));
        assert_eq!(
            file(&table, tight(9, 9, 13, free)),
            Err(Refused::Text { most: 13, row: 0 }),
            "a line above"
        );
        table.data[0] = text_column(&["Lan", "Bình", "ă".repeat(27).as_str()]);
        assert_eq!(file(&table, tight(9, 9, 26, free)), Err(Refused::Text { most: 26, row: 3 }));
        assert_eq!(file(&table, tight(9, 9, 100, 9_000)), Err(Refused::Bytes(9_000)));
        table.data[0] = text_column(&["Lan", "Bình", "Cộng"]);
        table.note = Some("Nguồn: VCCI".into());
        assert_eq!(file(&table, tight(10, 9, 100, free)), Err(Refused::Rows(4)), "the note counts");
        let known = |total| Workbook::begin(kind, &layout(&table), Some(total), Bounds::default()).map(drop);
        assert_eq!(known(1_048_570), Ok(()));
        assert_eq!(known(1_048_571), Err(Refused::Rows(1_048_570)));
    }
    let csv = FileFormat::Csv(Writing::Csv);
    assert!(file(csv, &table, tight(1, 1, 1, 1)).is_ok(), "lines of text have no such bounds");
}

#[test]
fn what_is_written_leaves_and_is_not_held_back_for_the_end() {
    let mut table = typed();
    table.columns.truncate(1);
    let table = table;
    for kind in KINDS {
        let mut workbook = Workbook::begin(kind, &layout(&table), None, Bounds::default()).unwrap();
        let mut left = 0;
        let mut noise = 1_u64;
        for row in 0..5_000 {
            noise = noise.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(row);
            let text = format!("{:x}", u128::from(noise) * u128::from(noise.rotate_left(7)));
            workbook.row(vec![(cell::Cell::Text(text), Look::Text(0))], None, (0, 0)).unwrap();
            let ready = workbook.take().len();
            assert!(ready < 512 << 10, "{ready} bytes at once");
            left += ready;
        }
        workbook.end(&[]).unwrap();
        let rest = workbook.take().len();
        assert!(rest < 256 << 10 && left > 50_000, "{kind:?}: {left} left, {rest} held back");
    }
}
