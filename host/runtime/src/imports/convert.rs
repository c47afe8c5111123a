//! The guest's words and the model's. Lists of numbers change hands without being looked at; identifiers
//! are rewritten in place.

use dinh_model::value::unscaled;
use dinh_model::{AccountId, Date, Decimal, RecordId, UnitId, Value, time};
use dinh_services::records::{Column, ColumnValues, TextColumn};

use crate::bindings::types;

/// The largest coefficient of a decimal: 18 digits, which is what comes back.
const MOST_UNSCALED: u64 = 999_999_999_999_999_999;

/// What a guest gave that no value is, for its vendor.
pub type Wrong = String;

/// An identifier of the guest's.
pub fn record_id(id: types::RecordId) -> RecordId {
    RecordId::from_halves(id.high, id.low)
}

pub(crate) fn to_record_id(id: RecordId) -> types::RecordId {
    let (high, low) = id.halves();
    types::RecordId { high, low }
}

pub(crate) fn date(days: types::Date) -> Result<Date, Wrong> {
    time::from_days(days).ok_or_else(|| format!("{days} days from 1970 are outside the years −9999 to 9999"))
}

fn decimal(number: &types::Decimal) -> Result<Decimal, Wrong> {
    let wrong = || format!("a decimal of scale {}; 0 to 18", number.scale);
    if number.scale > 18 {
        return Err(wrong());
    }
    if number.unscaled.unsigned_abs() > MOST_UNSCALED {
        return Err(format!("{} has more than the 18 digits of a decimal", number.unscaled));
    }
    Decimal::try_from_i128_with_scale(i128::from(number.unscaled), u32::from(number.scale))
        .map_err(|_| wrong())
}

/// A number as it crosses; none when it has more than 18 digits.
pub(crate) fn to_decimal(number: Decimal) -> Option<types::Decimal> {
    Some(types::Decimal { unscaled: unscaled(number)?, scale: u8::try_from(number.scale()).ok()? })
}

/// A value of the guest's.
pub fn value(value: types::Value) -> Result<Value, Wrong> {
    Ok(match value {
        types::Value::Empty => Value::Empty,
        types::Value::Integer(number) => Value::Integer(number),
        types::Value::Decimal(number) => Value::Decimal(decimal(&number)?),
        types::Value::Text(text) => Value::Text(text),
        types::Value::Date(days) => Value::Date(date(days)?),
        types::Value::Instant(microseconds) => Value::Instant(
            time::from_microseconds(microseconds)
                .ok_or_else(|| format!("{microseconds} µs from 1970 are outside the years −9999 to 9999"))?,
        ),
        types::Value::Boolean(yes) => Value::Boolean(yes),
        types::Value::Reference(id) => Value::Reference(record_id(id)),
        types::Value::Unit(unit) => Value::Unit(UnitId(unit)),
        types::Value::Account(account) => Value::Account(AccountId(account)),
        types::Value::Attachment(id) => Value::Attachment(record_id(id)),
        types::Value::Texts(texts) => Value::Texts(texts),
        types::Value::Drawn(draw) => Value::Drawn(draw),
    })
}

/// A value for a guest. Stored decimals have at most 18 digits.
pub fn to_value(value: Value) -> types::Value {
    match value {
        Value::Empty => types::Value::Empty,
        Value::Integer(number) => types::Value::Integer(number),
        Value::Decimal(number) => to_decimal(number).map_or(types::Value::Empty, types::Value::Decimal),
        Value::Text(text) => types::Value::Text(text),
        Value::Date(day) => types::Value::Date(time::days(day)),
        Value::Instant(moment) => types::Value::Instant(time::microseconds(moment)),
        Value::Boolean(yes) => types::Value::Boolean(yes),
        Value::Reference(id) => types::Value::Reference(to_record_id(id)),
        Value::Unit(unit) => types::Value::Unit(unit.0),
        Value::Account(account) => types::Value::Account(account.0),
        Value::Attachment(id) => types::Value::Attachment(to_record_id(id)),
        Value::Texts(texts) => types::Value::Texts(texts),
        Value::Drawn(draw) => types::Value::Drawn(draw),
    }
}

fn text_column(column: types::TextColumn) -> TextColumn {
    TextColumn { data: column.data, ends: column.ends }
}

fn to_text_column(column: TextColumn) -> types::TextColumn {
    types::TextColumn { data: column.data, ends: column.ends }
}

/// A column of the guest's.
pub fn column(column: types::Column) -> Result<Column, Wrong> {
    use types::ColumnValues as Theirs;
    let values = match column.values {
        Theirs::Integers(list) => ColumnValues::Integers(list),
        Theirs::Decimals(list) if list.scale <= 18 => {
            ColumnValues::Decimals { scale: list.scale, unscaled: list.unscaled }
        }
        Theirs::Decimals(list) => return Err(format!("a column of scale {}; 0 to 18", list.scale)),
        Theirs::Texts(list) => ColumnValues::Texts(text_column(list)),
        Theirs::Dates(list) => ColumnValues::Dates(list),
        Theirs::Instants(list) => ColumnValues::Instants(list),
        Theirs::Booleans(list) => ColumnValues::Booleans(list),
        Theirs::References(list) => ColumnValues::References(list.into_iter().map(record_id).collect()),
        Theirs::Units(list) => ColumnValues::Units(list.into_iter().map(UnitId).collect()),
        Theirs::Accounts(list) => ColumnValues::Accounts(list.into_iter().map(AccountId).collect()),
        Theirs::Attachments(list) => ColumnValues::Attachments(list.into_iter().map(record_id).collect()),
        Theirs::TextLists(list) => {
            ColumnValues::TextLists { texts: text_column(list.texts), ends: list.ends }
        }
        Theirs::DictionaryTexts(_) | Theirs::Blobs(_) | Theirs::Floats(_) => {
            return Err("a kind of column that is reserved for later versions".to_owned());
        }
    };
    Ok(Column { values, validity: column.validity })
}

/// A column for a guest.
pub fn to_column(column: Column) -> types::Column {
    use types::ColumnValues as Theirs;
    let values = match column.values {
        ColumnValues::Integers(list) => Theirs::Integers(list),
        ColumnValues::Decimals { scale, unscaled } => {
            Theirs::Decimals(types::DecimalColumn { scale, unscaled })
        }
        ColumnValues::Texts(list) => Theirs::Texts(to_text_column(list)),
        ColumnValues::Dates(list) => Theirs::Dates(list),
        ColumnValues::Instants(list) => Theirs::Instants(list),
        ColumnValues::Booleans(list) => Theirs::Booleans(list),
        ColumnValues::References(list) => Theirs::References(list.into_iter().map(to_record_id).collect()),
        ColumnValues::Units(list) => Theirs::Units(list.into_iter().map(|unit| unit.0).collect()),
        ColumnValues::Accounts(list) => Theirs::Accounts(list.into_iter().map(|account| account.0).collect()),
        ColumnValues::Attachments(list) => Theirs::Attachments(list.into_iter().map(to_record_id).collect()),
        ColumnValues::TextLists { texts, ends } => {
            Theirs::TextLists(types::TextsColumn { texts: to_text_column(texts), ends })
        }
    };
    types::Column { values, validity: column.validity }
}

/// Texts as a column in which every row is filled in.
pub(crate) fn text_list<'a>(texts: impl Iterator<Item = &'a str>) -> types::Column {
    let mut column = types::TextColumn { data: Vec::new(), ends: Vec::new() };
    for text in texts {
        column.data.extend_from_slice(text.as_bytes());
        // What the services return is far below 4 GiB.
        column.ends.push(u32::try_from(column.data.len()).unwrap_or(u32::MAX));
    }
    types::Column { values: types::ColumnValues::Texts(column), validity: None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_a_guest_reads_it_can_write_back(
            number: i64,
            coefficient in -999_999_999_999_999_999_i64..=999_999_999_999_999_999,
            scale in 0_u8..=18,
            days in -4_000_000_i32..2_900_000,
            high: u64,
            low: u64,
            text: String,
            texts: Vec<String>,
            yes: bool,
        ) {
            for theirs in [
                types::Value::Empty,
                types::Value::Integer(number),
                types::Value::Decimal(types::Decimal { unscaled: coefficient, scale }),
                types::Value::Text(text),
                types::Value::Date(days),
                types::Value::Instant(number / 1_000_000),
                types::Value::Boolean(yes),
                types::Value::Reference(types::RecordId { high, low }),
                types::Value::Unit(7),
                types::Value::Account(8),
                types::Value::Attachment(types::RecordId { high: low, low: high }),
                types::Value::Texts(texts),
                types::Value::Drawn(3),
            ] {
                prop_assert_eq!(to_value(value(theirs.clone()).unwrap()), theirs);
            }
        }

        #[test]
        fn columns_cross_unchanged(
            numbers: Vec<i64>,
            small: Vec<u32>,
            ids: Vec<(u64, u64)>,
            data: Vec<u8>,
            validity: Option<Vec<u8>>,
        ) {
            use types::ColumnValues as Theirs;
            let ids: Vec<_> = ids.into_iter().map(|(high, low)| types::RecordId { high, low }).collect();
            let texts = types::TextColumn { data, ends: small.clone() };
            for values in [
                Theirs::Integers(numbers.clone()),
                Theirs::Decimals(types::DecimalColumn { scale: 2, unscaled: numbers.clone() }),
                Theirs::Texts(texts.clone()),
                Theirs::Instants(numbers),
                Theirs::References(ids.clone()),
                Theirs::Units(small.clone()),
                Theirs::Accounts(small.clone()),
                Theirs::Attachments(ids),
                Theirs::TextLists(types::TextsColumn { texts, ends: small }),
            ] {
                let theirs = types::Column { values, validity: validity.clone() };
                prop_assert_eq!(to_column(column(theirs.clone()).unwrap()), theirs);
            }
        }
    }

    #[test]
    fn what_no_value_is_is_refused() {
        for wrong in [
            types::Value::Decimal(types::Decimal { unscaled: 1, scale: 19 }),
            types::Value::Decimal(types::Decimal { unscaled: 1_000_000_000_000_000_000, scale: 0 }),
            types::Value::Decimal(types::Decimal { unscaled: i64::MIN, scale: 18 }),
            types::Value::Date(i32::MAX),
            types::Value::Instant(i64::MIN),
        ] {
            assert!(value(wrong).is_err());
        }
        let floats = types::ColumnValues::Floats(vec![0.5]);
        assert!(column(types::Column { values: floats, validity: None }).is_err());
    }
}
