//! Any file is a sheet or refused: as many cells in each column as there are rows, each problem on a line of the file
//! and with words; a workbook unpacks to no more than its bound.

use std::io::{Cursor, Write};

use dinh_model::{Date, Language};
use dinh_services::sheets::{self, CellKind, Choice, SheetColumn, Wanted};
use zip::write::{SimpleFileOptions, ZipWriter};

/// `kind · bytes`: bytes as they are, cells below good heads, or the rows of a workbook.
pub fn run(bytes: &[u8]) {
    let Some((kind, rest)) = bytes.split_first() else { return };
    let file = match kind % 4 {
        0 => rest.to_vec(),
        1 => [HEADS.as_bytes(), rest].concat(),
        2 => book(rest),
        _ => {
            let units = rest.chunks(2).map(|unit| u16::from_le_bytes([unit[0], *unit.get(1).unwrap_or(&0)]));
            let text: String = char::decode_utf16(units).map(|it| it.unwrap_or('\u{fffd}')).collect();
            std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
        }
    };
    let columns = columns();
    let wanted = Wanted { columns: &columns, most_rows: 1_000, language: Language::Vi };
    let sheet = match sheets::read("tệp.csv", &file, wanted) {
        Ok(sheet) => sheet,
        Err(error) => return assert!(!error.text(Language::Vi).is_empty()),
    };
    assert!(sheet.rows() <= 1_000);
    for column in &sheet.columns {
        assert_eq!((column.values.len(), column.wrong.len()), (sheet.rows(), sheet.rows()));
    }
    assert_eq!(sheet.good_rows().len(), sheet.rows());
    for problem in &sheet.problems {
        assert_eq!(sheet.lines[problem.row as usize], problem.line);
        assert!(!problem.message.is_empty() && !problem.remedy.is_empty());
        assert!(problem.message.len() < 4_096, "{}", problem.message.len());
    }
    let all = vec![true; sheet.rows()];
    assert_eq!(sheet.keep(&all).columns, sheet.columns);
}

const HEADS: &str = "Năm;Tỉnh;Điểm;Tiền;Ngày;Cờ;Bậc\n";

fn columns() -> Vec<SheetColumn> {
    let column = |label: &str, kind| SheetColumn {
        name: label.to_lowercase(),
        label: label.into(),
        aliases: Vec::new(),
        kind,
        required: label == "Tỉnh",
        empty_words: vec!["N/A".into()],
    };
    let day = |text: &str| text.parse::<Date>().ok();
    vec![
        column("Năm", CellKind::Integer { minimum: Some(2005), maximum: Some(2100) }),
        column("Tỉnh", CellKind::Text { minimum: 2, maximum: 40 }),
        column("Điểm", CellKind::Decimal { scale: 2, minimum: None, maximum: Some(10.into()) }),
        column("Tiền", CellKind::Money { minimum: None, maximum: None }),
        column("Ngày", CellKind::Date { earliest: day("1900-01-01"), latest: None }),
        column("Cờ", CellKind::Boolean),
        column("Bậc", CellKind::Choice(vec![Choice { value: "a".into(), text: "Bậc một".into() }])),
    ]
}

/// A workbook with these rows (`<row>` elements), not packed, so that what is changed in them is what is read.
fn book(rows: &[u8]) -> Vec<u8> {
    let open = r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>"#;
    let parts: [(&str, Vec<u8>); 5] = [
        ("_rels/.rels", br#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#.to_vec()),
        ("xl/workbook.xml", br#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Trang 1" sheetId="1" r:id="rId1"/></sheets></workbook>"#.to_vec()),
        ("xl/_rels/workbook.xml.rels", br#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>"#.to_vec()),
        ("xl/styles.xml", br#"<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="22"/></cellXfs></styleSheet>"#.to_vec()),
        ("xl/worksheets/sheet1.xml", [open.as_bytes(), rows, b"</sheetData></worksheet>"].concat()),
    ];
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
        writer.start_file(name, stored).unwrap();
        writer.write_all(&content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}
