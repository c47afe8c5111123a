//! Columns: many rows field by field, as they cross to plugins (the layout of Apache Arrow).

use dinh_model::{
    AccountId, Date, Decimal, FieldType, FileId, RecordId, RowError, Timestamp, UnitId, Value, time,
};

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

impl TextColumn {
    /// Adds a text.
    #[inline]
    pub fn push(&mut self, text: &[u8]) -> Result<(), RowError> {
        self.data.extend_from_slice(text);
        self.ends.push(u32::try_from(self.data.len()).map_err(|_| RowError::TooLarge)?);
        Ok(())
    }

    /// The bytes of a text; none beyond the end, or when the ends contradict themselves.
    pub fn get(&self, at: usize) -> Option<&[u8]> {
        let start = match at.checked_sub(1) {
            Some(before) => *self.ends.get(before)? as usize,
            None => 0,
        };
        self.data.get(start..*self.ends.get(at)? as usize)
    }
}

impl ColumnValues {
    /// An empty column for a field of that type.
    pub fn of(kind: &FieldType) -> Self {
        match kind {
            FieldType::Integer | FieldType::Money => Self::Integers(Vec::new()),
            FieldType::Decimal { scale } => Self::Decimals { scale: *scale, unscaled: Vec::new() },
            FieldType::Text | FieldType::Code { .. } => Self::Texts(TextColumn::default()),
            FieldType::Date => Self::Dates(Vec::new()),
            FieldType::Instant => Self::Instants(Vec::new()),
            FieldType::Boolean => Self::Booleans(Vec::new()),
            FieldType::Reference { .. } | FieldType::SharedReference { .. } => Self::References(Vec::new()),
            FieldType::Unit => Self::Units(Vec::new()),
            FieldType::Account => Self::Accounts(Vec::new()),
            FieldType::Attachment(_) => Self::Attachments(Vec::new()),
            FieldType::Texts => Self::TextLists { texts: TextColumn::default(), ends: Vec::new() },
        }
    }

    /// How many rows it has.
    pub fn len(&self) -> usize {
        match self {
            Self::Integers(values) | Self::Instants(values) | Self::Decimals { unscaled: values, .. } => {
                values.len()
            }
            Self::Texts(texts) => texts.ends.len(),
            Self::Dates(values) => values.len(),
            Self::Booleans(values) => values.len(),
            Self::References(values) | Self::Attachments(values) => values.len(),
            Self::Units(values) => values.len(),
            Self::Accounts(values) => values.len(),
            Self::TextLists { ends, .. } => ends.len(),
        }
    }

    /// Whether it has no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Column {
    /// How many rows it has.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether it has no rows.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Whether a row is filled in.
    pub fn is_filled(&self, row: usize) -> bool {
        self.validity
            .as_ref()
            .is_none_or(|bits| bits.get(row / 8).is_some_and(|byte| byte & (1 << (row % 8)) != 0))
    }

    /// The value of a row. The error says how the column contradicts itself, for the vendor.
    pub fn value(&self, row: usize) -> Result<Value, &'static str> {
        if !self.is_filled(row) {
            return Ok(Value::Empty);
        }
        const SHORT: &str = "has fewer values than rows";
        const NO_TEXT: &str = "has a text that is not UTF-8 or lies outside its bytes";
        let text = |texts: &TextColumn, at: usize| {
            let bytes = texts.get(at).ok_or(NO_TEXT)?;
            std::str::from_utf8(bytes).map(str::to_owned).map_err(|_| NO_TEXT)
        };
        Ok(match &self.values {
            ColumnValues::Integers(values) => Value::Integer(*values.get(row).ok_or(SHORT)?),
            ColumnValues::Decimals { scale, unscaled } => {
                let number = i128::from(*unscaled.get(row).ok_or(SHORT)?);
                let number = Decimal::try_from_i128_with_scale(number, u32::from(*scale));
                Value::Decimal(number.map_err(|_| "has a scale of more than 28")?)
            }
            ColumnValues::Texts(texts) => Value::Text(text(texts, row)?),
            ColumnValues::Dates(values) => {
                let day: Option<Date> = time::from_days(*values.get(row).ok_or(SHORT)?);
                Value::Date(day.ok_or("has a day outside the years −9999 to 9999")?)
            }
            ColumnValues::Instants(values) => {
                let moment: Option<Timestamp> = time::from_microseconds(*values.get(row).ok_or(SHORT)?);
                Value::Instant(moment.ok_or("has a moment outside the years −9999 to 9999")?)
            }
            ColumnValues::Booleans(values) => Value::Boolean(*values.get(row).ok_or(SHORT)?),
            ColumnValues::References(values) => Value::Reference(*values.get(row).ok_or(SHORT)?),
            ColumnValues::Units(values) => Value::Unit(*values.get(row).ok_or(SHORT)?),
            ColumnValues::Accounts(values) => Value::Account(*values.get(row).ok_or(SHORT)?),
            ColumnValues::Attachments(values) => Value::Attachment(*values.get(row).ok_or(SHORT)?),
            ColumnValues::TextLists { texts, ends } => {
                let end = *ends.get(row).ok_or(SHORT)? as usize;
                let start = match row.checked_sub(1) {
                    Some(before) => *ends.get(before).ok_or(SHORT)? as usize,
                    None => 0,
                };
                if start > end || end > texts.ends.len() {
                    return Err(NO_TEXT);
                }
                Value::Texts((start..end).map(|at| text(texts, at)).collect::<Result<_, _>>()?)
            }
        })
    }
}
