//! Values and columns.

use dinh_model::time;

use super::words::is_plain;
use super::{Checked, Checker, TEXT};
use crate::bindings::types::{Column, ColumnValues, Decimal, TextColumn, Value};
use crate::bindings::views::Format;

impl Checker {
    pub(super) fn value(&mut self, name: &'static str, value: &Value) -> Checked {
        self.at(name, |checker| match value {
            Value::Decimal(Decimal { unscaled, scale }) => checker.decimal(*unscaled, *scale),
            Value::Text(text) => checker.text("text", text),
            Value::Date(day) => checker.day(*day),
            Value::Instant(instant) => checker.instant(*instant),
            Value::Texts(texts) => {
                checker.each("texts", texts, super::ITEMS, |checker, text| checker.text("text", text))
            }
            Value::Drawn(_) => {
                checker.wrong("a drawn number is not known before the call commits; show it on the next page")
            }
            Value::Empty
            | Value::Integer(_)
            | Value::Boolean(_)
            | Value::Reference(_)
            | Value::Unit(_)
            | Value::Account(_)
            | Value::Attachment(_) => Ok(()),
        })
    }

    fn decimal(&self, unscaled: i64, scale: u8) -> Checked {
        if scale > 18 || unscaled.unsigned_abs() >= 1_000_000_000_000_000_000 {
            return self.wrong("a decimal of more than 18 places or 18 digits");
        }
        Ok(())
    }

    pub(super) fn day(&self, day: i32) -> Checked {
        if time::from_days(day).is_some() {
            Ok(())
        } else {
            self.wrong("a day outside the years −9999 to 9999")
        }
    }

    pub(super) fn instant(&self, instant: i64) -> Checked {
        if time::from_microseconds(instant).is_some() {
            Ok(())
        } else {
            self.wrong("a moment outside the years −9999 to 9999")
        }
    }

    pub(super) fn format(&mut self, format: Format) -> Checked {
        match format {
            Format::Decimal(places)
            | Format::Percent(places)
            | Format::ChangeUp(places)
            | Format::ChangeDown(places) => self.up_to("format", places, 18),
            _ => Ok(()),
        }
    }

    /// A column of exactly `rows` rows.
    pub(super) fn column(&mut self, column: &Column, rows: usize) -> Checked {
        if let Some(validity) = &column.validity {
            self.weigh(validity.len())?;
            let bytes = rows.div_ceil(8);
            if validity.len() != bytes {
                return self.wrong(format!(
                    "a validity list of {} bytes for {rows} rows; it has one bit for each, so {bytes}",
                    validity.len()
                ));
            }
        }
        let length = self.column_values(&column.values)?;
        if length != rows {
            return self.wrong(format!("{length} values for {rows} rows"));
        }
        Ok(())
    }

    fn column_values(&mut self, values: &ColumnValues) -> Result<usize, super::ViewProblem> {
        self.weigh(bytes(values))?;
        match values {
            ColumnValues::Decimals(column) => {
                for unscaled in &column.unscaled {
                    self.decimal(*unscaled, column.scale)?;
                }
            }
            ColumnValues::Texts(column) => self.texts(column)?,
            ColumnValues::Dates(days) => days.iter().try_for_each(|day| self.day(*day))?,
            ColumnValues::Instants(instants) => instants.iter().try_for_each(|at| self.instant(*at))?,
            ColumnValues::TextLists(column) => {
                self.texts(&column.texts)?;
                self.ends(&column.ends, column.texts.ends.len())?;
            }
            ColumnValues::DictionaryTexts(_) | ColumnValues::Blobs(_) | ColumnValues::Floats(_) => {
                self.wrong("a kind of column that is reserved for later versions")?;
            }
            _ => {}
        }
        Ok(length(values))
    }

    /// Ends that do not go back, and reach what there is.
    fn ends(&self, ends: &[u32], whole: usize) -> Checked {
        let mut last = 0;
        for &end in ends {
            if end < last {
                return self.wrong("ends that go back");
            }
            last = end;
        }
        if last as usize == whole { Ok(()) } else { self.wrong(format!("ends at {last} of {whole}")) }
    }

    fn texts(&self, column: &TextColumn) -> Checked {
        self.ends(&column.ends, column.data.len())?;
        let Ok(all) = std::str::from_utf8(&column.data) else {
            return self.wrong("a text that is not UTF-8");
        };
        let mut start = 0;
        for &end in &column.ends {
            let end = end as usize;
            match all.get(start..end) {
                Some(text) if text.len() <= TEXT => start = end,
                Some(text) => return self.wrong(format!("a text of {} bytes; at most {TEXT}", text.len())),
                None => return self.wrong("a text that is cut inside a character"),
            }
        }
        if !is_plain(all) {
            return self.wrong("a control character; texts are plain");
        }
        Ok(())
    }
}

/// How many rows a column has.
pub(crate) fn length(values: &ColumnValues) -> usize {
    match values {
        ColumnValues::Integers(list) | ColumnValues::Instants(list) => list.len(),
        ColumnValues::Decimals(column) => column.unscaled.len(),
        ColumnValues::Texts(column) | ColumnValues::Blobs(column) => column.ends.len(),
        ColumnValues::Dates(list) => list.len(),
        ColumnValues::Booleans(list) => list.len(),
        ColumnValues::References(list) | ColumnValues::Attachments(list) => list.len(),
        ColumnValues::Units(list) | ColumnValues::Accounts(list) => list.len(),
        ColumnValues::TextLists(column) => column.ends.len(),
        ColumnValues::DictionaryTexts(column) => column.codes.len(),
        ColumnValues::Floats(list) => list.len(),
    }
}

/// How many bytes a column's values take.
pub(crate) fn bytes(values: &ColumnValues) -> usize {
    let texts = |column: &TextColumn| column.data.len() + size_of_val(column.ends.as_slice());
    match values {
        ColumnValues::Integers(list) | ColumnValues::Instants(list) => size_of_val(list.as_slice()),
        ColumnValues::Decimals(column) => size_of_val(column.unscaled.as_slice()),
        ColumnValues::Texts(column) | ColumnValues::Blobs(column) => texts(column),
        ColumnValues::Dates(list) => size_of_val(list.as_slice()),
        ColumnValues::Booleans(list) => list.len(),
        ColumnValues::References(list) | ColumnValues::Attachments(list) => size_of_val(list.as_slice()),
        ColumnValues::Units(list) | ColumnValues::Accounts(list) => size_of_val(list.as_slice()),
        ColumnValues::TextLists(column) => texts(&column.texts) + size_of_val(column.ends.as_slice()),
        ColumnValues::DictionaryTexts(column) => {
            texts(&column.dictionary) + size_of_val(column.codes.as_slice())
        }
        ColumnValues::Floats(list) => size_of_val(list.as_slice()),
    }
}
