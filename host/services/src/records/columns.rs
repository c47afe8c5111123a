//! Columns: many rows field by field, as they cross to plugins (the layout of Apache Arrow).

use dinh_model::{AccountId, FileId, RecordId, UnitId};

/// Texts of a column as one run of UTF-8 bytes: text i is `data[ends[i-1]..ends[i]]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextColumn {
    /// The bytes of all texts.
    pub data: Vec<u8>,
    /// Where each text ends.
    pub ends: Vec<u32>,
}

/// The values of a column; an empty row has a zero or an empty text here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ColumnValues {
    /// Whole numbers; also money.
    Integers(Vec<i64>),
    /// Decimal numbers, all of one scale.
    Decimals {
        /// Places after the comma.
        scale: u8,
        /// The coefficients.
        unscaled: Vec<i64>,
    },
    /// Texts and codes.
    Texts(TextColumn),
    /// Days since 1970-01-01.
    Dates(Vec<i32>),
    /// Microseconds since 1970-01-01T00:00:00Z.
    Instants(Vec<i64>),
    /// Yes or no.
    Booleans(Vec<bool>),
    /// Records.
    References(Vec<RecordId>),
    /// Units.
    Units(Vec<UnitId>),
    /// Accounts.
    Accounts(Vec<AccountId>),
    /// Attachments.
    Attachments(Vec<FileId>),
    /// Lists of texts: row i owns the texts `ends[i-1]..ends[i]`.
    TextLists {
        /// The texts of all rows.
        texts: TextColumn,
        /// Where each row's texts end.
        ends: Vec<u32>,
    },
}

/// One field of many rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its values.
    pub values: ColumnValues,
    /// Which rows are filled in, one bit each, least significant bit of byte 0 first; absent when all are.
    pub validity: Option<Vec<u8>>,
}
