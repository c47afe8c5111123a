//! Values as the row and its keys hold them.

use dinh_model::value::unscaled;
use dinh_model::{FieldType, Value, key, time};

/// Whether a field's slot in a row is its value, so that numbers compare without decoding.
pub(super) fn is_number(kind: &FieldType) -> bool {
    match kind {
        FieldType::Integer
        | FieldType::Money
        | FieldType::Decimal { .. }
        | FieldType::Date
        | FieldType::Instant
        | FieldType::Boolean
        | FieldType::Unit
        | FieldType::Account => true,
        FieldType::Text
        | FieldType::Code { .. }
        | FieldType::Reference { .. }
        | FieldType::SharedReference { .. }
        | FieldType::Attachment(_)
        | FieldType::Texts => false,
    }
}

/// The number that a fitted value is in its slot.
pub(super) fn slot(value: &Value) -> Option<i64> {
    match value {
        Value::Integer(number) => Some(*number),
        Value::Decimal(number) => unscaled(*number),
        Value::Date(day) => Some(i64::from(time::days(*day))),
        Value::Instant(moment) => Some(time::microseconds(*moment)),
        Value::Boolean(yes) => Some(i64::from(*yes)),
        Value::Unit(unit) => Some(i64::from(unit.0)),
        Value::Account(account) => Some(i64::from(account.0)),
        _ => None,
    }
}

/// A value as it is in index keys.
pub(super) fn key_of(value: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    key::push(&mut bytes, value);
    bytes
}
