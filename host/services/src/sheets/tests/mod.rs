//! Promises of sheets, on files as people bring them.

mod book;
mod bytes;
mod files;
mod uploads;
mod workbooks;

use dinh_model::{Decimal, Language, Value};

use super::{CellKind, Choice, Sheet, SheetColumn, SheetError, Wanted, read};

pub(super) fn column(
    name: &str,
    label: &str,
    aliases: &[&str],
    kind: CellKind,
    required: bool,
) -> SheetColumn {
    SheetColumn {
        name: name.into(),
        label: label.into(),
        aliases: aliases.iter().map(|alias| (*alias).into()).collect(),
        kind,
        required,
        empty_words: vec!["N/A".into()],
    }
}

pub(super) fn score() -> CellKind {
    CellKind::Decimal { scale: 2, minimum: Some(Decimal::ONE), maximum: Some(Decimal::TEN) }
}

/// Year, province, one component, day of publication, note: what a PCI import asks for, in small.
pub(super) fn columns() -> Vec<SheetColumn> {
    let choice = |value: &str, text: &str| Choice { value: value.into(), text: text.into() };
    let provinces = CellKind::Choice(vec![
        choice("22", "Quảng Ninh"),
        choice("31", "Hải Phòng"),
        choice("79", "TP. Hồ Chí Minh"),
        choice("38", "Thanh Hóa"),
    ]);
    vec![
        column("year", "Năm", &[], CellKind::Integer { minimum: Some(2005), maximum: Some(2100) }, true),
        column("province", "Tỉnh, thành phố", &["Tỉnh", "Địa phương"], provinces, true),
        column("land_access", "Tiếp cận đất đai", &["CSTP2"], score(), true),
        column("published", "Ngày công bố", &[], CellKind::Date { earliest: None, latest: None }, false),
        column("note", "Ghi chú", &[], CellKind::Text { minimum: 0, maximum: 200 }, false),
    ]
}

pub(super) fn read_bytes(bytes: &[u8]) -> Result<Sheet, SheetError> {
    let columns = columns();
    read("pci.csv", bytes, Wanted { columns: &columns, most_rows: 100, language: Language::Vi })
}

pub(super) fn decimal(text: &str) -> Value {
    Value::Decimal(text.parse().unwrap())
}

pub(super) fn text(text: &str) -> Value {
    Value::Text(text.into())
}
