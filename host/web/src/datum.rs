//! One value of a view, whether it stood alone or in a column: what drawing, JSON and exports read.
//!
//! [`check`](crate::check) has made sure beforehand that columns are sound; reading stays total all the
//! same: what cannot be read is empty.

use dinh_model::{AccountId, Date, Decimal, FileId, RecordId, Timestamp, UnitId, time};
use dinh_runtime::bindings::types::{self, Column, ColumnValues, TextColumn};

/// One value.
#[derive(Clone, Debug, PartialEq)]
pub enum Datum<'a> {
    /// Nothing.
    Empty,
    /// A whole number; also money, in whole đồng.
    Integer(i64),
    /// An exact decimal.
    Decimal(Decimal),
    /// A text or a code.
    Text(&'a str),
    /// A day.
    Date(Date),
    /// A moment.
    Instant(Timestamp),
    /// Yes or no.
    Boolean(bool),
    /// A record.
    Reference(RecordId),
    /// A unit.
    Unit(UnitId),
    /// An account.
    Account(AccountId),
    /// An attachment.
    Attachment(FileId),
    /// Several texts.
    Texts(Vec<&'a str>),
}

impl<'a> Datum<'a> {
    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Empty)
    }

    /// The number, where it is one.
    pub fn number(&self) -> Option<Decimal> {
        match self {
            Self::Integer(number) => Some(Decimal::from(*number)),
            Self::Decimal(number) => Some(*number),
            _ => None,
        }
    }

    /// A value that stands alone.
    pub fn of(value: &'a types::Value) -> Self {
        match value {
            // A number that is drawn at commit is none while a page is drawn.
            types::Value::Empty | types::Value::Drawn(_) => Self::Empty,
            types::Value::Integer(number) => Self::Integer(*number),
            types::Value::Decimal(number) => decimal(number.unscaled, number.scale),
            types::Value::Text(text) => Self::Text(text),
            types::Value::Date(days) => time::from_days(*days).map_or(Self::Empty, Self::Date),
            types::Value::Instant(us) => time::from_microseconds(*us).map_or(Self::Empty, Self::Instant),
            types::Value::Boolean(yes) => Self::Boolean(*yes),
            types::Value::Reference(id) => Self::Reference(record(*id)),
            types::Value::Unit(id) => Self::Unit(UnitId(*id)),
            types::Value::Account(id) => Self::Account(AccountId(*id)),
            types::Value::Attachment(id) => Self::Attachment(record(*id)),
            types::Value::Texts(texts) => Self::Texts(texts.iter().map(String::as_str).collect()),
        }
    }

    /// A stored value: of a record, or the cell of a sheet that was read.
    pub fn stored(value: &'a dinh_model::Value) -> Self {
        use dinh_model::Value;
        match value {
            Value::Integer(number) => Self::Integer(*number),
            Value::Decimal(number) => Self::Decimal(*number),
            Value::Text(text) => Self::Text(text),
            Value::Date(day) => Self::Date(*day),
            Value::Instant(moment) => Self::Instant(*moment),
            Value::Boolean(yes) => Self::Boolean(*yes),
            Value::Reference(id) => Self::Reference(*id),
            Value::Unit(id) => Self::Unit(*id),
            Value::Account(id) => Self::Account(*id),
            Value::Attachment(id) => Self::Attachment(*id),
            Value::Texts(texts) => Self::Texts(texts.iter().map(String::as_str).collect()),
            Value::Empty | Value::Drawn(_) => Self::Empty,
        }
    }

    /// Row `row` of a column.
    pub fn at(column: &'a Column, row: usize) -> Self {
        if !filled(column, row) {
            return Self::Empty;
        }
        let found = match &column.values {
            ColumnValues::Integers(list) => list.get(row).map(|number| Self::Integer(*number)),
            ColumnValues::Decimals(list) => list.unscaled.get(row).map(|number| decimal(*number, list.scale)),
            ColumnValues::Texts(texts) => text(texts, row).map(Self::Text),
            ColumnValues::Dates(list) => {
                list.get(row).and_then(|days| time::from_days(*days)).map(Self::Date)
            }
            ColumnValues::Instants(list) => {
                list.get(row).and_then(|us| time::from_microseconds(*us)).map(Self::Instant)
            }
            ColumnValues::Booleans(list) => list.get(row).map(|yes| Self::Boolean(*yes)),
            ColumnValues::References(list) => list.get(row).map(|id| Self::Reference(record(*id))),
            ColumnValues::Units(list) => list.get(row).map(|id| Self::Unit(UnitId(*id))),
            ColumnValues::Accounts(list) => list.get(row).map(|id| Self::Account(AccountId(*id))),
            ColumnValues::Attachments(list) => list.get(row).map(|id| Self::Attachment(record(*id))),
            ColumnValues::TextLists(lists) => {
                let end = lists.ends.get(row).copied().unwrap_or(0);
                let start =
                    row.checked_sub(1).and_then(|before| lists.ends.get(before)).copied().unwrap_or(0);
                let range = start as usize..end as usize;
                Some(Self::Texts(range.filter_map(|index| text(&lists.texts, index)).collect()))
            }
            ColumnValues::DictionaryTexts(column) => column
                .codes
                .get(row)
                .and_then(|code| text(&column.dictionary, *code as usize))
                .map(Self::Text),
            ColumnValues::Blobs(_) => None,
            ColumnValues::Floats(list) => {
                list.get(row).and_then(|number| Decimal::try_from(*number).ok()).map(Self::Decimal)
            }
        };
        found.unwrap_or(Self::Empty)
    }
}

/// Rows of a column.
pub fn rows(column: &Column) -> usize {
    match &column.values {
        ColumnValues::Integers(list) => list.len(),
        ColumnValues::Decimals(list) => list.unscaled.len(),
        ColumnValues::Texts(texts) | ColumnValues::Blobs(texts) => texts.ends.len(),
        ColumnValues::Dates(list) => list.len(),
        ColumnValues::Instants(list) => list.len(),
        ColumnValues::Booleans(list) => list.len(),
        ColumnValues::References(list) | ColumnValues::Attachments(list) => list.len(),
        ColumnValues::Units(list) | ColumnValues::Accounts(list) => list.len(),
        ColumnValues::TextLists(lists) => lists.ends.len(),
        ColumnValues::DictionaryTexts(column) => column.codes.len(),
        ColumnValues::Floats(list) => list.len(),
    }
}

/// The identifier as the host writes it.
pub fn record(id: types::RecordId) -> RecordId {
    RecordId::from_halves(id.high, id.low)
}

fn filled(column: &Column, row: usize) -> bool {
    match &column.validity {
        None => true,
        Some(bits) => bits.get(row / 8).is_some_and(|byte| byte >> (row % 8) & 1 == 1),
    }
}

fn text(texts: &TextColumn, row: usize) -> Option<&str> {
    let end = *texts.ends.get(row)? as usize;
    let start = row.checked_sub(1).and_then(|before| texts.ends.get(before)).copied().unwrap_or(0) as usize;
    std::str::from_utf8(texts.data.get(start..end)?).ok()
}

fn decimal<'a>(unscaled: i64, scale: u8) -> Datum<'a> {
    Decimal::try_from_i128_with_scale(i128::from(unscaled), u32::from(scale))
        .map_or(Datum::Empty, Datum::Decimal)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gallery::build::*;

    #[test]
    fn a_row_that_is_not_filled_in_is_empty() {
        let column = decimals(2, &[Some(7302), None, Some(-1)]);
        assert_eq!(rows(&column), 3);
        assert_eq!(Datum::at(&column, 0), Datum::Decimal("73.02".parse().unwrap()));
        assert_eq!(Datum::at(&column, 1), Datum::Empty);
        assert_eq!(Datum::at(&column, 2), Datum::Decimal("-0.01".parse().unwrap()));
        assert_eq!(Datum::at(&column, 3), Datum::Empty);
    }

    #[test]
    fn texts_are_cut_out_of_their_run_and_broken_ones_are_empty() {
        let column = texts(&["Quảng Ninh", "", "Hải Phòng"]);
        assert_eq!(Datum::at(&column, 0), Datum::Text("Quảng Ninh"));
        assert_eq!(Datum::at(&column, 1), Datum::Text(""));
        assert_eq!(Datum::at(&column, 2), Datum::Text("Hải Phòng"));
        let broken = TextColumn { data: "Huế".into(), ends: vec![3, 99] };
        let broken = Column { values: ColumnValues::Texts(broken), validity: None };
        assert_eq!(Datum::at(&broken, 0), Datum::Empty);
        assert_eq!(Datum::at(&broken, 1), Datum::Empty);
    }

    #[test]
    fn lists_of_texts_and_dictionaries_resolve() {
        let lists = types::TextsColumn { texts: text_column(["a", "b", "c"]), ends: vec![2, 2, 3] };
        let column = Column { values: ColumnValues::TextLists(lists), validity: None };
        assert_eq!(Datum::at(&column, 0), Datum::Texts(vec!["a", "b"]));
        assert_eq!(Datum::at(&column, 1), Datum::Texts(vec![]));
        assert_eq!(Datum::at(&column, 2), Datum::Texts(vec!["c"]));
        let codes =
            types::DictionaryColumn { dictionary: text_column(["Tốt", "Khá"]), codes: vec![1, 0, 7] };
        let column = Column { values: ColumnValues::DictionaryTexts(codes), validity: None };
        assert_eq!(Datum::at(&column, 0), Datum::Text("Khá"));
        assert_eq!(Datum::at(&column, 2), Datum::Empty);
    }
}
