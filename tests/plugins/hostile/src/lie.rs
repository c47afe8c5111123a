//! Pages that are none.

use dinh_sdk::bindings::dinh::platform::types::{ColumnValues, TextColumn};
use dinh_sdk::prelude::*;

fn paragraph(text: String) -> Block {
    Block::Text(vec![Paragraph {
        kind: ParagraphKind::Paragraph,
        spans: vec![Span { text, marks: Marks::empty(), link: None }],
    }])
}

fn table(data: Column) -> Page {
    let head = Head {
        key: "name".to_owned(),
        heads: vec!["Tên".to_owned()],
        number: None,
        format: Format::Plain,
        width: Width::Normal,
        frozen: false,
        sortable: false,
        help: None,
        shared: None,
    };
    let table = Table {
        id: "list".to_owned(),
        caption: None,
        columns: vec![head],
        data: vec![data],
        row_styles: Vec::new(),
        cell_styles: Vec::new(),
        row_targets: Vec::new(),
        row_keys: Vec::new(),
        bulk_actions: Vec::new(),
        sorting: None,
        paging: None,
        empty_text: "Không có".to_owned(),
        exportable: false,
        note: None,
    };
    Page::new("table").block(Block::Table(table))
}

/// One text that is too long.
pub fn large(_: &Request) -> Result<Page> {
    Ok(Page::new("large").block(paragraph("x".repeat(100_000))))
}

/// More bytes than a call may hand over.
pub fn larger(_: &Request) -> Result<Page> {
    Ok(Page::new("larger").block(paragraph("x".repeat(2_000_000))))
}

/// Two sections of one id.
pub fn twice(_: &Request) -> Result<Page> {
    Ok(Page::new("twice").section(Section::untitled("same")).section(Section::untitled("same")))
}

/// A validity list that is too short.
pub fn short(_: &Request) -> Result<Page> {
    Ok(table(Column { values: ColumnValues::Integers(vec![1; 100]), validity: Some(vec![0xff]) }))
}

/// Texts that end beyond their bytes.
pub fn ends(_: &Request) -> Result<Page> {
    let texts = TextColumn { data: b"abc".to_vec(), ends: vec![1, u32::MAX] };
    Ok(table(Column { values: ColumnValues::Texts(texts), validity: None }))
}

/// Texts that are not UTF-8.
pub fn utf8(_: &Request) -> Result<Page> {
    let texts = TextColumn { data: vec![0xc3, 0x28], ends: vec![2] };
    Ok(table(Column { values: ColumnValues::Texts(texts), validity: None }))
}

/// A target that is no page.
pub fn nowhere() -> Target {
    Target::External("javascript:alert(document.cookie)".to_owned())
}

/// A link that would run.
pub fn script(_: &Request) -> Result<Page> {
    Ok(Page::new("script").breadcrumb("Trang chủ", nowhere()))
}

/// A label that the platform may not hold.
pub fn secret(_: &Request) -> Result<Page> {
    Ok(Page::new("secret").label(Label::TopSecret))
}
