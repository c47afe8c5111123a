//! Rust types of fields, and what they are when they cross to the host.

use rust_decimal::Decimal;

use crate::bindings::dinh::platform::types;
use crate::column::ColumnBuilder;
use crate::time::{Date, Timestamp};
pub use types::{RecordId, Value};

/// A unit (đơn vị) of the organisation tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnitId(pub u32);

/// An account (tài khoản).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountId(pub u32);

/// A stored attachment (tệp đính kèm); see [`files`](crate::files).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FileId(pub RecordId);

/// A code of a shared catalog.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(pub String);

/// An integer field that may take the next number of a sequence (see [`draw`](crate::records::draw)).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegisterNumber {
    /// A number already drawn.
    Number(i64),
    /// The number that the commit will draw.
    Drawn(types::DrawnNumber),
}

/// What the values of a field are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Kind {
    Integer,
    Decimal,
    Text,
    Date,
    Instant,
    Boolean,
    Reference,
    Unit,
    Account,
    Attachment,
    Texts,
}

/// A value is not of the type that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// What was asked for.
    pub expected: Kind,
    /// The value was empty where something is required.
    pub empty: bool,
}

impl std::fmt::Display for Mismatch {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let what = if self.empty { "nothing" } else { "something else" };
        write!(formatter, "{what} where {:?} was expected", self.expected)
    }
}

impl std::error::Error for Mismatch {}

/// A Rust type that a field can have.
///
/// `Option<T>` is a field that may be empty; anything else reads an empty field as an error.
///
/// | Rust | in the manifest |
/// | --- | --- |
/// | `i64`, `i32`, `i16`, `u32`, `u16`, `u8` | `integer`, `money` |
/// | [`Decimal`] | `decimal` |
/// | `String` | `text` (also `code`) |
/// | [`Code`] | `code` |
/// | [`Date`] | `date` |
/// | [`Timestamp`] | `instant` |
/// | `bool` | `boolean` |
/// | [`RecordId`] | `reference` |
/// | [`UnitId`], [`AccountId`] | `unit`, `account` |
/// | [`FileId`] | `attachment` |
/// | `Vec<String>` | `texts` |
/// | [`RegisterNumber`] | `integer` drawn from a sequence |
pub trait FieldType: Sized {
    /// What its values are.
    const KIND: Kind;
    /// May it be empty?
    const OPTIONAL: bool = false;

    /// The value that crosses to the host.
    fn into_value(self) -> Value;

    /// From a value that came from the host.
    fn from_value(value: Value) -> Result<Self, Mismatch>;

    /// Appends it to a column; whether the row is filled in.
    fn put(self, column: &mut ColumnBuilder) -> bool {
        column.push(self.into_value())
    }
}

fn mismatch(expected: Kind, value: &Value) -> Mismatch {
    Mismatch { expected, empty: matches!(value, Value::Empty) }
}

impl<T: FieldType> FieldType for Option<T> {
    const KIND: Kind = T::KIND;
    const OPTIONAL: bool = true;

    fn into_value(self) -> Value {
        self.map_or(Value::Empty, T::into_value)
    }

    fn from_value(value: Value) -> Result<Self, Mismatch> {
        if matches!(value, Value::Empty) { Ok(None) } else { T::from_value(value).map(Some) }
    }

    fn put(self, column: &mut ColumnBuilder) -> bool {
        match self {
            Some(value) => value.put(column),
            None => column.push(Value::Empty),
        }
    }
}

macro_rules! integers {
    ($($rust:ty),*) => {$(
        impl FieldType for $rust {
            const KIND: Kind = Kind::Integer;

            fn into_value(self) -> Value {
                Value::Integer(i64::from(self))
            }

            fn from_value(value: Value) -> Result<Self, Mismatch> {
                match &value {
                    Value::Integer(number) => {
                        Self::try_from(*number).map_err(|_| mismatch(Kind::Integer, &value))
                    }
                    _ => Err(mismatch(Kind::Integer, &value)),
                }
            }
        }
    )*};
}
integers!(i64, i32, i16, u32, u16, u8);

macro_rules! wrapped {
    ($($rust:ty, $kind:ident, $inner:ident => $into:expr, $from:expr;)*) => {$(
        impl FieldType for $rust {
            const KIND: Kind = Kind::$kind;

            fn into_value(self) -> Value {
                let into: fn(Self) -> _ = $into;
                Value::$inner(into(self))
            }

            fn from_value(value: Value) -> Result<Self, Mismatch> {
                match value {
                    Value::$inner(inner) => {
                        let from: fn(_) -> Option<Self> = $from;
                        from(inner).ok_or(Mismatch { expected: Kind::$kind, empty: false })
                    }
                    other => Err(mismatch(Kind::$kind, &other)),
                }
            }
        }
    )*};
}
wrapped! {
    String, Text, Text => |text| text, Some;
    Code, Text, Text => |code| code.0, |text| Some(Self(text));
    bool, Boolean, Boolean => |yes| yes, Some;
    Date, Date, Date => crate::time::days, crate::time::date;
    Timestamp, Instant, Instant => |moment| moment.as_microsecond(), |micros| Self::from_microsecond(micros).ok();
    RecordId, Reference, Reference => |id| id, Some;
    UnitId, Unit, Unit => |unit| unit.0, |unit| Some(Self(unit));
    AccountId, Account, Account => |account| account.0, |account| Some(Self(account));
    FileId, Attachment, Attachment => |file| file.0, |file| Some(Self(file));
    Vec<String>, Texts, Texts => |texts| texts, Some;
    Decimal, Decimal, Decimal => decimal_out, decimal_in;
}

impl FieldType for RegisterNumber {
    const KIND: Kind = Kind::Integer;

    fn into_value(self) -> Value {
        match self {
            Self::Number(number) => Value::Integer(number),
            Self::Drawn(drawn) => Value::Drawn(drawn),
        }
    }

    fn from_value(value: Value) -> Result<Self, Mismatch> {
        match value {
            Value::Integer(number) => Ok(Self::Number(number)),
            Value::Drawn(drawn) => Ok(Self::Drawn(drawn)),
            other => Err(mismatch(Kind::Integer, &other)),
        }
    }
}

impl FieldType for &str {
    const KIND: Kind = Kind::Text;

    fn into_value(self) -> Value {
        Value::Text(self.to_owned())
    }

    /// A borrowed text cannot be read: read a `String`.
    fn from_value(value: Value) -> Result<Self, Mismatch> {
        Err(mismatch(Kind::Text, &value))
    }

    fn put(self, column: &mut ColumnBuilder) -> bool {
        column.push_str(self)
    }
}

/// Numbers have at most 18 digits.
pub(crate) const DIGITS_18: u64 = 1_000_000_000_000_000_000;

/// A number with more digits than cross (18 in all, 18 places) loses its last places. That is harmless on a
/// page; as a field it is refused by the host, because its scale is above the field's own. What is too
/// large for any scale crosses with a scale that the host refuses.
pub(crate) fn decimal_out(number: Decimal) -> types::Decimal {
    let mut number = number.normalize();
    loop {
        let scale = u8::try_from(number.scale()).unwrap_or(u8::MAX);
        match i64::try_from(number.mantissa()) {
            Ok(unscaled) if scale <= 18 && unscaled.unsigned_abs() < DIGITS_18 => {
                return types::Decimal { unscaled, scale };
            }
            _ if scale == 0 => return types::Decimal { unscaled: i64::MAX, scale: u8::MAX },
            _ => number = number.round_dp(u32::from(scale.min(19)) - 1),
        }
    }
}

pub(crate) fn decimal_in(number: types::Decimal) -> Option<Decimal> {
    Decimal::try_new(number.unscaled, u32::from(number.scale)).ok()
}

impl RecordId {
    /// The 16 bytes of the UUID.
    fn number(self) -> u128 {
        (u128::from(self.high) << 64) | u128::from(self.low)
    }
}

/// As a UUID: `018f6f1e-0000-7000-8000-000000000001`.
impl std::fmt::Display for RecordId {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let digits = format!("{:032x}", self.number());
        for (at, digit) in digits.char_indices() {
            if matches!(at, 8 | 12 | 16 | 20) {
                formatter.write_str("-")?;
            }
            write!(formatter, "{digit}")?;
        }
        Ok(())
    }
}

/// A text that is not a UUID.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAnId;

impl std::fmt::Display for NotAnId {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("not a record's identifier")
    }
}

impl std::error::Error for NotAnId {}

impl std::str::FromStr for RecordId {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        let digits: String = text.chars().filter(|c| *c != '-').collect();
        if digits.len() != 32 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(NotAnId);
        }
        let number = u128::from_str_radix(&digits, 16).map_err(|_| NotAnId)?;
        Ok(Self { high: (number >> 64) as u64, low: number as u64 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_every_digit_both_ways() {
        for text in ["7.98", "-0.05", "0", "73.02", "999999999999999999", "0.000000000000000001"] {
            let number: Decimal = text.parse().unwrap();
            assert_eq!(Decimal::from_value(number.into_value()).unwrap(), number, "{text}");
        }
    }

    #[test]
    fn trailing_zeros_do_not_raise_the_scale() {
        let number: Decimal = "68.6000".parse().unwrap();
        assert_eq!(number.into_value(), Value::Decimal(types::Decimal { unscaled: 686, scale: 1 }));
    }

    #[test]
    fn a_number_with_too_many_places_is_rounded_and_one_too_large_is_refusable() {
        let third = Decimal::ONE / Decimal::from(3);
        assert_eq!(
            third.into_value(),
            Value::Decimal(types::Decimal { unscaled: 333_333_333_333_333_333, scale: 18 })
        );
        assert_eq!(
            Decimal::MAX.into_value(),
            Value::Decimal(types::Decimal { unscaled: i64::MAX, scale: 255 })
        );
    }

    #[test]
    fn an_empty_value_is_none_or_a_mismatch() {
        assert_eq!(Option::<i64>::from_value(Value::Empty), Ok(None));
        assert_eq!(i64::from_value(Value::Empty), Err(Mismatch { expected: Kind::Integer, empty: true }));
        assert_eq!(
            u8::from_value(Value::Integer(256)),
            Err(Mismatch { expected: Kind::Integer, empty: false })
        );
    }

    #[test]
    fn days_and_moments_cross_both_ways() {
        let day = jiff::civil::date(2025, 7, 1);
        assert_eq!(day.into_value(), Value::Date(20_270));
        assert_eq!(Date::from_value(Value::Date(20_270)), Ok(day));
        assert_eq!(Date::from_value(Value::Date(-1)), Ok(jiff::civil::date(1969, 12, 31)));
        assert!(Date::from_value(Value::Date(i32::MAX)).is_err());
        let moment: Timestamp = "2026-01-02T03:04:05.000006Z".parse().unwrap();
        assert_eq!(Timestamp::from_value(moment.into_value()), Ok(moment));
    }

    #[test]
    fn identifiers_are_written_and_read_as_uuids() {
        let id = RecordId { high: 0x018f_6f1e_0000_7000, low: 0x8000_0000_0000_0001 };
        assert_eq!(id.to_string(), "018f6f1e-0000-7000-8000-000000000001");
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!("018f6f1e".parse::<RecordId>(), Err(NotAnId));
        assert_eq!("+18f6f1e-0000-7000-8000-000000000001".parse::<RecordId>(), Err(NotAnId));
    }
}
