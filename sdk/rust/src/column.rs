//! Columns: one field of many rows, as results and tables cross to and from the host.

use std::ops::Range;

use crate::bindings::dinh::platform::types;
use crate::value::{DIGITS_18, FieldType, Kind, Mismatch, Value, decimal_in};
pub use types::{Column, ColumnValues};

impl Column {
    /// A column of these values, one for each row.
    ///
    /// ```
    /// use dinh_sdk::Column;
    /// let ranks = Column::of([Some(1_i64), None, Some(3)]);
    /// assert_eq!(ranks.rows(), 3);
    /// assert_eq!(ranks.get::<Option<i64>>(1), Ok(None));
    /// ```
    pub fn of<T: FieldType>(values: impl IntoIterator<Item = T>) -> Self {
        let mut builder = ColumnBuilder::new(T::KIND);
        for value in values {
            value.put(&mut builder);
        }
        builder.finish()
    }

    /// How many rows it has.
    pub fn rows(&self) -> usize {
        match &self.values {
            ColumnValues::Integers(values) => values.len(),
            ColumnValues::Decimals(values) => values.unscaled.len(),
            ColumnValues::Texts(values) | ColumnValues::Blobs(values) => values.ends.len(),
            ColumnValues::Dates(values) => values.len(),
            ColumnValues::Instants(values) => values.len(),
            ColumnValues::Booleans(values) => values.len(),
            ColumnValues::References(values) | ColumnValues::Attachments(values) => values.len(),
            ColumnValues::Units(values) | ColumnValues::Accounts(values) => values.len(),
            ColumnValues::TextLists(values) => values.ends.len(),
            ColumnValues::DictionaryTexts(values) => values.codes.len(),
            ColumnValues::Floats(values) => values.len(),
        }
    }

    /// Whether a row is filled in.
    pub fn is_filled(&self, row: usize) -> bool {
        row < self.rows() && self.validity.as_ref().is_none_or(|bits| bit(bits, row))
    }

    /// The value of a row.
    pub fn get<T: FieldType>(&self, row: usize) -> Result<T, Mismatch> {
        T::from_value(self.value(row))
    }

    /// The value of a row; empty past the end, and for kinds that no interface of this version produces.
    pub fn value(&self, row: usize) -> Value {
        self.value_with(row, text)
    }

    /// The value of a row of a column that the host answered a query with.
    pub(crate) fn answered(&self, row: usize) -> Value {
        self.value_with(row, answered_text)
    }

    fn value_with(&self, row: usize, text: impl Fn(&types::TextColumn, usize) -> Option<&str>) -> Value {
        if !self.is_filled(row) {
            return Value::Empty;
        }
        let value = match &self.values {
            ColumnValues::Integers(values) => values.get(row).map(|value| Value::Integer(*value)),
            ColumnValues::Decimals(values) => values
                .unscaled
                .get(row)
                .map(|unscaled| Value::Decimal(types::Decimal { unscaled: *unscaled, scale: values.scale })),
            ColumnValues::Texts(values) => text(values, row).map(|text| Value::Text(text.to_owned())),
            ColumnValues::Dates(values) => values.get(row).map(|value| Value::Date(*value)),
            ColumnValues::Instants(values) => values.get(row).map(|value| Value::Instant(*value)),
            ColumnValues::Booleans(values) => values.get(row).map(|value| Value::Boolean(*value)),
            ColumnValues::References(values) => values.get(row).map(|value| Value::Reference(*value)),
            ColumnValues::Attachments(values) => values.get(row).map(|value| Value::Attachment(*value)),
            ColumnValues::Units(values) => values.get(row).map(|value| Value::Unit(*value)),
            ColumnValues::Accounts(values) => values.get(row).map(|value| Value::Account(*value)),
            ColumnValues::TextLists(lists) => {
                let index = span(&lists.ends, row);
                let all =
                    |index: Range<usize>| index.map(|at| text(&lists.texts, at).map(str::to_owned)).collect();
                index.and_then(all).map(Value::Texts)
            }
            ColumnValues::DictionaryTexts(values) => values
                .codes
                .get(row)
                .and_then(|code| text(&values.dictionary, usize::try_from(*code).ok()?))
                .map(|text| Value::Text(text.to_owned())),
            ColumnValues::Blobs(_) | ColumnValues::Floats(_) => None,
        };
        value.unwrap_or(Value::Empty)
    }

    /// The text of a row, borrowed; none where it is empty or the column holds no texts.
    pub fn text(&self, row: usize) -> Option<&str> {
        match &self.values {
            ColumnValues::Texts(values) if self.is_filled(row) => text(values, row),
            _ => None,
        }
    }
}

pub(crate) fn bit(bits: &[u8], row: usize) -> bool {
    bits.get(row / 8).is_some_and(|byte| byte & (1 << (row % 8)) != 0)
}

fn span(ends: &[u32], row: usize) -> Option<Range<usize>> {
    let start = match row.checked_sub(1) {
        Some(before) => *ends.get(before)?,
        None => 0,
    };
    Some(usize::try_from(start).ok()?..usize::try_from(*ends.get(row)?).ok()?)
}

fn text(texts: &types::TextColumn, row: usize) -> Option<&str> {
    std::str::from_utf8(texts.data.get(span(&texts.ends, row)?)?).ok()
}

/// The same of a column that came from the host, which has checked its texts when they were stored: checking them again,
/// byte by byte, took a seventh of what a page of fifty rows computes.
#[allow(unsafe_code, reason = "the host's word for it, which the strings of the contract rely on as well")]
fn answered_text(texts: &types::TextColumn, row: usize) -> Option<&str> {
    let bytes = texts.data.get(span(&texts.ends, row)?)?;
    // SAFETY: the host stores only what is UTF-8, and cuts it at the ends of the texts.
    Some(unsafe { std::str::from_utf8_unchecked(bytes) })
}

/// Builds a column value by value.
#[derive(Clone, Debug)]
pub struct ColumnBuilder {
    values: ColumnValues,
    /// The values of a decimal column, until their common scale is known.
    decimals: Vec<types::Decimal>,
    validity: Vec<u8>,
    rows: usize,
    empty: bool,
}

impl ColumnBuilder {
    /// A column of this kind, without rows.
    pub fn new(kind: Kind) -> Self {
        let texts = || types::TextColumn { data: Vec::new(), ends: Vec::new() };
        let values = match kind {
            Kind::Integer => ColumnValues::Integers(Vec::new()),
            Kind::Decimal => ColumnValues::Decimals(types::DecimalColumn { scale: 0, unscaled: Vec::new() }),
            Kind::Text => ColumnValues::Texts(texts()),
            Kind::Date => ColumnValues::Dates(Vec::new()),
            Kind::Instant => ColumnValues::Instants(Vec::new()),
            Kind::Boolean => ColumnValues::Booleans(Vec::new()),
            Kind::Reference => ColumnValues::References(Vec::new()),
            Kind::Unit => ColumnValues::Units(Vec::new()),
            Kind::Account => ColumnValues::Accounts(Vec::new()),
            Kind::Attachment => ColumnValues::Attachments(Vec::new()),
            Kind::Texts => ColumnValues::TextLists(types::TextsColumn { texts: texts(), ends: Vec::new() }),
        };
        Self { values, decimals: Vec::new(), validity: Vec::new(), rows: 0, empty: false }
    }

    /// One more row; whether it is filled in. A value of another kind than the column's leaves it empty.
    pub fn push(&mut self, value: Value) -> bool {
        let filled = self.push_filled(value);
        self.push_row(filled)
    }

    /// One more row of a column of texts; whether it is one.
    pub(crate) fn push_str(&mut self, value: &str) -> bool {
        let filled = match &mut self.values {
            ColumnValues::Texts(values) => {
                push_text(values, value);
                true
            }
            _ => false,
        };
        self.push_row(filled)
    }

    /// Counts a row whose value was appended; an empty one otherwise. Whether it is filled in.
    fn push_row(&mut self, filled: bool) -> bool {
        if !filled {
            self.push_empty();
            self.empty = true;
        }
        if self.rows.is_multiple_of(8) {
            self.validity.push(0);
        }
        if filled && let Some(byte) = self.validity.last_mut() {
            *byte |= 1 << (self.rows % 8);
        }
        self.rows += 1;
        filled
    }

    /// Appends a value of the column's kind; false when it is of another, or empty.
    fn push_filled(&mut self, value: Value) -> bool {
        match (&mut self.values, value) {
            (ColumnValues::Integers(values), Value::Integer(value)) => values.push(value),
            (ColumnValues::Decimals(_), Value::Decimal(value)) if value.scale <= 18 => {
                self.decimals.push(value);
            }
            (ColumnValues::Decimals(_), Value::Integer(value)) => {
                self.decimals.push(types::Decimal { unscaled: value, scale: 0 });
            }
            (ColumnValues::Texts(values), Value::Text(value)) => push_text(values, &value),
            (ColumnValues::Dates(values), Value::Date(value)) => values.push(value),
            (ColumnValues::Instants(values), Value::Instant(value)) => values.push(value),
            (ColumnValues::Booleans(values), Value::Boolean(value)) => values.push(value),
            (ColumnValues::References(values), Value::Reference(value))
            | (ColumnValues::Attachments(values), Value::Attachment(value)) => values.push(value),
            (ColumnValues::Units(values), Value::Unit(value))
            | (ColumnValues::Accounts(values), Value::Account(value)) => values.push(value),
            (ColumnValues::TextLists(values), Value::Texts(texts)) => {
                for text in texts {
                    push_text(&mut values.texts, &text);
                }
                values.ends.push(length(values.texts.ends.len()));
            }
            _ => return false,
        }
        true
    }

    fn push_empty(&mut self) {
        let none = types::RecordId { high: 0, low: 0 };
        match &mut self.values {
            ColumnValues::Integers(values) => values.push(0),
            ColumnValues::Decimals(_) => self.decimals.push(types::Decimal { unscaled: 0, scale: 0 }),
            ColumnValues::Texts(values) | ColumnValues::Blobs(values) => push_text(values, ""),
            ColumnValues::Dates(values) => values.push(0),
            ColumnValues::Instants(values) => values.push(0),
            ColumnValues::Booleans(values) => values.push(false),
            ColumnValues::References(values) | ColumnValues::Attachments(values) => values.push(none),
            ColumnValues::Units(values) | ColumnValues::Accounts(values) => values.push(0),
            ColumnValues::TextLists(values) => values.ends.push(length(values.texts.ends.len())),
            ColumnValues::DictionaryTexts(values) => values.codes.push(0),
            ColumnValues::Floats(values) => values.push(0.0),
        }
    }

    /// The finished column.
    pub fn finish(mut self) -> Column {
        if matches!(self.values, ColumnValues::Decimals(_)) {
            self.values = ColumnValues::Decimals(level(&self.decimals));
        }
        Column { values: self.values, validity: self.empty.then_some(self.validity) }
    }
}

/// Lengths fit: a guest's memory has fewer than 2^32 bytes.
fn length(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

fn push_text(texts: &mut types::TextColumn, text: &str) {
    texts.data.extend_from_slice(text.as_bytes());
    texts.ends.push(length(texts.data.len()));
}

/// All decimals of a column have one scale: the largest of them, or as many places as leave room for the
/// largest number.
fn level(numbers: &[types::Decimal]) -> types::DecimalColumn {
    let most = numbers.iter().map(|number| number.scale).max().unwrap_or(0);
    for scale in (0..=most).rev() {
        let unscaled: Option<Vec<i64>> = numbers.iter().map(|number| rescale(*number, scale)).collect();
        if let Some(unscaled) = unscaled {
            return types::DecimalColumn { scale, unscaled };
        }
    }
    types::DecimalColumn { scale: 0, unscaled: numbers.iter().map(|number| number.unscaled).collect() }
}

/// The number as so many units of 10^−`scale`, rounded if it has more places; none when that has more
/// digits than a number may have.
fn rescale(number: types::Decimal, scale: u8) -> Option<i64> {
    let unscaled = match scale.checked_sub(number.scale) {
        Some(by) => 10_i64.checked_pow(u32::from(by))?.checked_mul(number.unscaled)?,
        None => {
            let mut rounded = decimal_in(number)?.round_dp(u32::from(scale));
            rounded.rescale(u32::from(scale));
            i64::try_from(rounded.mantissa()).ok()?
        }
    };
    (unscaled.unsigned_abs() < DIGITS_18).then_some(unscaled)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rust_decimal::Decimal;

    #[test]
    fn a_column_of_texts_is_one_run_of_bytes() {
        let column = Column::of([Some("Hà Nội"), None, Some("Huế")]);
        let ColumnValues::Texts(texts) = &column.values else { panic!("texts") };
        assert_eq!(texts.data, "Hà NộiHuế".as_bytes());
        assert_eq!(texts.ends, [9, 9, 14]);
        assert_eq!(column.validity, Some(vec![0b101]));
        assert_eq!(column.text(2), Some("Huế"));
        assert_eq!((column.text(1), column.text(3)), (None, None));
    }

    #[test]
    fn a_column_without_empty_rows_has_no_validity() {
        assert_eq!(Column::of([1_i64, 2]).validity, None);
        assert_eq!(Column::of(Vec::<i64>::new()).rows(), 0);
    }

    #[test]
    fn the_ninth_row_has_a_second_byte_of_validity() {
        let column = Column::of((0..9).map(|row| (row == 8).then_some(row as i64)));
        assert_eq!(column.validity, Some(vec![0, 1]));
        assert_eq!(column.get(8), Ok(8_i64));
        assert!(!column.is_filled(7));
    }

    #[test]
    fn decimals_of_a_column_share_the_largest_scale() {
        let numbers = ["7.1", "6.39", "5"].map(|text| text.parse::<Decimal>().unwrap());
        let column = Column::of(numbers);
        let ColumnValues::Decimals(values) = &column.values else { panic!("decimals") };
        assert_eq!((values.scale, values.unscaled.as_slice()), (2, &[710, 639, 500][..]));
        assert_eq!(column.get(0), Ok(numbers[0]));
    }

    #[test]
    fn a_number_that_no_common_scale_can_hold_is_rounded_to_the_others() {
        let numbers = ["0.126", "100000000000000000"].map(|text| text.parse::<Decimal>().unwrap());
        let column = Column::of(numbers);
        assert_eq!(column.get(0), Ok(Decimal::ZERO));
        assert_eq!(column.get(1), Ok(numbers[1]));
    }

    #[test]
    fn lists_of_texts_keep_their_rows() {
        let column = Column::of([vec!["a".to_owned(), "bc".into()], vec![], vec!["d".into()]]);
        assert_eq!(column.get::<Vec<String>>(0), Ok(vec!["a".to_owned(), "bc".into()]));
        assert_eq!(column.get::<Vec<String>>(1), Ok(vec![]));
        assert_eq!(column.get::<Vec<String>>(2), Ok(vec!["d".to_owned()]));
    }

    #[test]
    fn a_value_of_another_kind_leaves_the_row_empty() {
        let mut builder = ColumnBuilder::new(Kind::Integer);
        builder.push(Value::Text("x".into()));
        let column = builder.finish();
        assert_eq!((column.rows(), column.value(0)), (1, Value::Empty));
    }
}
