//! A small workbook, written part by part.

use std::io::{Cursor, Write};

use zip::write::{SimpleFileOptions, ZipWriter};

/// One sheet of a workbook: its name, whether it is hidden, and its `<row>` elements.
pub(super) struct Page<'a> {
    pub(super) name: &'a str,
    pub(super) hidden: bool,
    pub(super) rows: &'a str,
}

/// A workbook of one sheet.
pub(super) fn book(rows: &str) -> Vec<u8> {
    book_of(&[Page { name: "Trang 1", hidden: false, rows }])
}

/// A workbook as Excel writes it; style 1 is a date, style 2 a date with a time.
pub(super) fn book_of(pages: &[Page<'_>]) -> Vec<u8> {
    let mut sheets = String::new();
    let mut relations = String::new();
    let mut parts = Vec::new();
    for (at, page) in pages.iter().enumerate() {
        let number = at + 1;
        let state = if page.hidden { " state=\"hidden\"" } else { "" };
        sheets += &format!(r#"<sheet name="{}" sheetId="{number}" r:id="rId{number}"{state}/>"#, page.name);
        relations += &format!(
            r#"<Relationship Id="rId{number}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet{number}.xml"/>"#
        );
        parts.push((
            format!("xl/worksheets/sheet{number}.xml"),
            format!(
                r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>"#,
                page.rows
            ),
        ));
    }
    parts.push((
        "xl/workbook.xml".into(),
        format!(
            r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>{sheets}</sheets></workbook>"#
        ),
    ));
    relations += r#"<Relationship Id="rId100" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/>"#;
    parts.push((
        "xl/_rels/workbook.xml.rels".into(),
        format!(
            r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{relations}</Relationships>"#
        ),
    ));
    parts.push((
        "xl/styles.xml".into(),
        r#"<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="22"/></cellXfs></styleSheet>"#.into(),
    ));
    parts.push((
        "_rels/.rels".into(),
        r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#.into(),
    ));
    zip(&parts)
}

/// Parts, packed.
pub(super) fn zip(parts: &[(String, String)]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        archive.start_file(name.as_str(), SimpleFileOptions::default()).unwrap();
        archive.write_all(content.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// A cell that holds a text.
pub(super) fn text_cell(at: &str, text: &str) -> String {
    format!(r#"<c r="{at}" t="inlineStr"><is><t>{text}</t></is></c>"#)
}

/// A cell that holds a number, in that style.
pub(super) fn number_cell(at: &str, number: &str, style: u8) -> String {
    format!(r#"<c r="{at}" s="{style}"><v>{number}</v></c>"#)
}
