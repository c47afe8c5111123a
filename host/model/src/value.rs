//! One value of a field.

use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::{AccountId, FieldType, FileId, RecordId, UnitId};

/// One value of a field. No floating point: coefficients, scores and money are exact.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Value {
    /// The field is not filled in.
    #[default]
    Empty,
    /// A whole number; also money, in whole đồng.
    Integer(i64),
    /// An exact decimal number.
    Decimal(Decimal),
    /// A text or a code, in NFC.
    Text(String),
    /// A day.
    Date(Date),
    /// A moment, to the microsecond.
    Instant(Timestamp),
    /// Yes or no.
    Boolean(bool),
    /// A record of another collection.
    Reference(RecordId),
    /// A unit.
    Unit(UnitId),
    /// An account.
    Account(AccountId),
    /// An attachment.
    Attachment(FileId),
    /// Several texts.
    Texts(Vec<String>),
    /// The number that this call's draw with this index will have when it commits.
    Drawn(u32),
}

/// A value that a field cannot take.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ValueError {
    /// The value is of another type than the field.
    #[error("a value of type {found} for a field of type {expected}")]
    Type {
        /// The field's type.
        expected: &'static str,
        /// The value's.
        found: &'static str,
    },
    /// A decimal number with more places, or more digits, than the field holds.
    #[error("{value} does not fit a decimal number of {scale} places and 18 digits")]
    Decimal {
        /// The number.
        value: Decimal,
        /// Places of the field.
        scale: u8,
    },
    /// A text longer than a field holds.
    #[error("a text of {bytes} bytes; a field holds at most {most}")]
    TooLong {
        /// Its length.
        bytes: usize,
        /// Most bytes.
        most: usize,
    },
}

impl Value {
    /// Most bytes of a text in a field.
    pub const LONGEST_TEXT: usize = 1 << 20;

    /// Whether nothing is filled in.
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Empty)
    }

    /// The name of its type, as manifests spell it.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Integer(_) => "integer",
            Self::Decimal(_) => "decimal",
            Self::Text(_) => "text",
            Self::Date(_) => "date",
            Self::Instant(_) => "instant",
            Self::Boolean(_) => "boolean",
            Self::Reference(_) => "reference",
            Self::Unit(_) => "unit",
            Self::Account(_) => "account",
            Self::Attachment(_) => "attachment",
            Self::Texts(_) => "texts",
            Self::Drawn(_) => "drawn number",
        }
    }

    /// The value as a field of type `kind` holds it: texts in NFC, decimals at the field's scale, an empty
    /// text as empty. An integer is a decimal without places; nothing else is converted, nothing rounded.
    pub fn fit(self, kind: &FieldType) -> Result<Self, ValueError> {
        match (self, kind) {
            (Self::Empty, _) => Ok(Self::Empty),
            (Self::Integer(number), FieldType::Decimal { scale }) => {
                fit_decimal(Decimal::from(number), *scale)
            }
            (Self::Decimal(number), FieldType::Decimal { scale }) => fit_decimal(number, *scale),
            (Self::Text(text), FieldType::Text | FieldType::Code { .. }) => fit_text(&text),
            (Self::Texts(texts), FieldType::Texts) => {
                let bytes = texts.iter().map(String::len).sum();
                if bytes > Self::LONGEST_TEXT {
                    return Err(ValueError::TooLong { bytes, most: Self::LONGEST_TEXT });
                }
                Ok(Self::Texts(texts.iter().map(|text| crate::text::nfc(text)).collect()))
            }
            (value @ (Self::Integer(_) | Self::Drawn(_)), FieldType::Integer | FieldType::Money)
            | (value @ Self::Date(_), FieldType::Date)
            | (value @ Self::Instant(_), FieldType::Instant)
            | (value @ Self::Boolean(_), FieldType::Boolean)
            | (value @ Self::Reference(_), FieldType::Reference { .. } | FieldType::SharedReference { .. })
            | (value @ Self::Unit(_), FieldType::Unit)
            | (value @ Self::Account(_), FieldType::Account)
            | (value @ Self::Attachment(_), FieldType::Attachment(_)) => Ok(value),
            (value, kind) => Err(ValueError::Type { expected: kind.name(), found: value.type_name() }),
        }
    }
}

fn fit_text(text: &str) -> Result<Value, ValueError> {
    if text.len() > Value::LONGEST_TEXT {
        return Err(ValueError::TooLong { bytes: text.len(), most: Value::LONGEST_TEXT });
    }
    let text = crate::text::nfc(text);
    Ok(if text.is_empty() { Value::Empty } else { Value::Text(text) })
}

fn fit_decimal(number: Decimal, scale: u8) -> Result<Value, ValueError> {
    let mut at_scale = number.normalize();
    let fits = at_scale.scale() <= u32::from(scale);
    at_scale.rescale(u32::from(scale));
    if fits && at_scale.scale() == u32::from(scale) && unscaled(at_scale).is_some() {
        Ok(Value::Decimal(at_scale))
    } else {
        Err(ValueError::Decimal { value: number, scale })
    }
}

/// The coefficient of `number` at its own scale, when it has at most 18 digits.
pub fn unscaled(number: Decimal) -> Option<i64> {
    i64::try_from(number.mantissa()).ok().filter(|m| m.unsigned_abs() < 1_000_000_000_000_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Value {
        Value::Decimal(text.parse().unwrap())
    }

    #[test]
    fn decimals_are_kept_exactly_or_refused() {
        let kind = FieldType::Decimal { scale: 2 };
        assert_eq!(decimal("7.1").fit(&kind), Ok(decimal("7.10")));
        assert_eq!(Value::Integer(7).fit(&kind), Ok(decimal("7.00")));
        assert_eq!(decimal("7.100").fit(&kind), Ok(decimal("7.10")));
        assert!(matches!(decimal("7.123").fit(&kind), Err(ValueError::Decimal { .. })));
        assert!(matches!(Value::Integer(i64::MAX).fit(&kind), Err(ValueError::Decimal { .. })));
    }

    #[test]
    fn texts_are_normalised_and_bounded() {
        assert_eq!(Value::Text("Ho\u{301}a".into()).fit(&FieldType::Text), Ok(Value::Text("Hóa".into())));
        assert_eq!(Value::Text(String::new()).fit(&FieldType::Text), Ok(Value::Empty));
        let long = Value::Text("a".repeat(Value::LONGEST_TEXT + 1));
        assert!(matches!(long.fit(&FieldType::Text), Err(ValueError::TooLong { .. })));
        assert!(matches!(Value::Boolean(true).fit(&FieldType::Text), Err(ValueError::Type { .. })));
    }
}
