//! What is asked of a collection, and what comes back: the words of `wit/records.wit`.

use dinh_model::{RecordId, Value};
use serde::{Deserialize, Serialize};

use super::Column;

/// How a field compares with a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Comparison {
    /// Equal; with an empty value, the field is empty.
    Equal,
    /// Less; texts in Vietnamese alphabetical order. An empty field is neither less nor greater.
    Less,
    /// Less or equal.
    LessOrEqual,
    /// Greater.
    Greater,
    /// Greater or equal.
    GreaterOrEqual,
    /// A text that begins with the value, without regard to case or diacritics.
    StartsWith,
    /// A text in which each word of the value begins a word, without regard to case or diacritics.
    Matches,
    /// The field is empty.
    IsEmpty,
    /// The field is filled in.
    IsFilled,
}

/// One condition on one field.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Condition {
    /// Name of the field.
    pub field: String,
    /// How it compares.
    pub comparison: Comparison,
    /// With what; ignored by `IsEmpty` and `IsFilled`.
    pub value: Value,
}

/// One field of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// Name of the field.
    pub field: String,
    /// Highest first; empty ones last.
    pub descending: bool,
}

/// Which records, which of their fields, in which order.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Selection {
    /// Name of the collection.
    pub collection: String,
    /// The fields to return, 1 to 200.
    pub fields: Vec<String>,
    /// A record is meant when all conditions of one of these lists hold; every record when empty.
    pub any_of: Vec<Vec<Condition>>,
    /// Empty: by identifier. Ties are broken by identifier, in the direction of the last field.
    pub order_by: Vec<Order>,
}

/// A field to be written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FieldValue {
    /// Name of the field.
    pub field: String,
    /// Its value.
    pub value: Value,
}

/// A record at one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct FoundRow {
    /// Which record.
    pub id: RecordId,
    /// Grows with each change of it; 0 for what this call wrote itself.
    pub version: u64,
    /// One value for each field asked for.
    pub values: Vec<Value>,
}

/// One page of a selection.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    /// The records, in order.
    pub ids: Vec<RecordId>,
    /// Their versions.
    pub versions: Vec<u64>,
    /// One column for each field asked for.
    pub columns: Vec<Column>,
    /// Pass as `after` to go on; none at the end.
    pub next: Option<String>,
}
