//! A spreadsheet that a person uploaded into an import block: its rows, typed by the block's columns.
//!
//! The sheet is at hand while the page with the import is drawn, for a preview, and in the handler of its
//! submission, where it holds only the rows that are to be imported.

use crate::bindings::dinh::platform::sheets as host;
use crate::column::{Column, bit};
use crate::error::{Error, Result};
use crate::records::Record;
use crate::value::{FieldType, Value};

/// Most rows that cross at once.
const MOST: u32 = 1000;

/// A spreadsheet.
#[derive(Clone, Debug)]
pub struct Sheet {
    inner: host::Sheet,
}

/// All rows of a sheet, of some of its columns.
///
/// In tests, build one with [`Rows::test`].
#[derive(Clone, Debug, Default)]
pub struct Rows {
    parts: Vec<Part>,
    names: Vec<String>,
    length: usize,
}

#[derive(Clone, Debug)]
struct Part {
    first: usize,
    rows: host::Rows,
}

impl Sheet {
    /// The sheet of this call for the import block `block`; none when there is none.
    pub fn of(block: &str) -> Option<Self> {
        host::current().filter(|sheet| sheet.block == block).map(|inner| Self { inner })
    }

    /// Name of the uploaded file.
    pub fn file_name(&self) -> &str {
        &self.inner.file_name
    }

    /// How many rows of data it has.
    pub fn rows(&self) -> usize {
        usize::try_from(self.inner.rows).unwrap_or_default()
    }

    /// Whether the file has a column.
    pub fn has(&self, column: &str) -> bool {
        self.inner.columns.iter().any(|known| known == column)
    }

    /// All rows, of those of these columns that the file has.
    pub fn read(&self, columns: &[&str]) -> Result<Rows> {
        let names: Vec<String> =
            columns.iter().filter(|name| self.has(name)).map(|name| (*name).to_owned()).collect();
        let mut read = Rows { parts: Vec::new(), names, length: 0 };
        let rows = self.inner.rows;
        let mut first = 0;
        while first < rows {
            let part = host::read(&read.names, first, MOST.min(rows - first)).map_err(Error::Failed)?;
            let length = part.lines.len();
            if length == 0 {
                break;
            }
            read.parts.push(Part { first: read.length, rows: part });
            read.length += length;
            first = u32::try_from(read.length).unwrap_or(u32::MAX);
        }
        Ok(read)
    }
}

impl Rows {
    /// Rows as the host would give them, for tests: each column by its name.
    pub fn test(columns: Vec<(&str, Column)>) -> Self {
        let length = columns.first().map_or(0, |(_, column)| column.rows());
        let names = columns.iter().map(|(name, _)| (*name).to_owned()).collect();
        let columns: Vec<Column> = columns.into_iter().map(|(_, column)| column).collect();
        let wrong = columns.iter().map(|_| Vec::new()).collect();
        let lines = (2..).take(length).collect();
        Self { parts: vec![Part { first: 0, rows: host::Rows { lines, columns, wrong } }], names, length }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.length
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// The line of the file a row begins on.
    pub fn line(&self, row: usize) -> u32 {
        self.find(row).and_then(|(part, row)| part.rows.lines.get(row).copied()).unwrap_or_default()
    }

    /// The cell of a row; none when it is empty, when the file lacks the column, and when the host has
    /// already reported the cell as wrong.
    pub fn get<T: FieldType>(&self, row: usize, column: &str) -> Option<T> {
        let (part, row) = self.find(row)?;
        let column = part.rows.columns.get(self.position(column)?)?;
        column.get::<Option<T>>(row).ok().flatten()
    }

    /// The record of a row, from the columns that bear the names of its fields; none when something that it has to have
    /// is empty or not in the file, which the host has reported where the column is required.
    pub fn record<R: Record>(&self, row: usize) -> Option<R> {
        let mut names = R::FIELDS.iter();
        let mut next = || names.next().map_or(Value::Empty, |name| self.value(row, name));
        R::from_values(&mut next).ok()
    }

    fn value(&self, row: usize, column: &str) -> Value {
        let found = self.find(row).zip(self.position(column));
        found
            .and_then(|((part, row), column)| Some(part.rows.columns.get(column)?.value(row)))
            .unwrap_or(Value::Empty)
    }

    /// Whether the host has already reported the cell as wrong.
    pub fn is_wrong(&self, row: usize, column: &str) -> bool {
        let found = self.find(row).zip(self.position(column));
        found.is_some_and(|((part, row), column)| {
            part.rows.wrong.get(column).is_some_and(|bits| bit(bits, row))
        })
    }

    fn position(&self, column: &str) -> Option<usize> {
        self.names.iter().position(|name| name == column)
    }

    fn find(&self, row: usize) -> Option<(&Part, usize)> {
        if row >= self.length {
            return None;
        }
        let part = self.parts.iter().rev().find(|part| part.first <= row)?;
        Some((part, row - part.first))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Record;

    #[derive(Record)]
    #[record(collection = "meetings")]
    struct Meeting {
        year: i64,
        title: String,
        note: Option<String>,
    }

    #[test]
    fn rows_are_found_in_the_part_they_came_in() {
        let part = |first: usize, values: &[i64]| Part {
            first,
            rows: host::Rows {
                lines: (0..values.len()).map(|row| (first + row + 2) as u32).collect(),
                columns: vec![Column::of(values.iter().copied())],
                wrong: vec![vec![0b10]],
            },
        };
        let rows =
            Rows { parts: vec![part(0, &[1, 2]), part(2, &[3, 4])], names: vec!["year".into()], length: 4 };
        assert_eq!(rows.get::<i64>(2, "year"), Some(3));
        assert_eq!((rows.line(3), rows.is_wrong(3, "year"), rows.is_wrong(2, "year")), (5, true, false));
        assert_eq!(rows.get::<i64>(4, "year"), None);
        assert_eq!(rows.get::<i64>(0, "month"), None);
    }

    #[test]
    fn a_row_is_a_record_when_all_that_it_has_to_have_is_there() {
        let rows = Rows::test(vec![
            ("title", Column::of([Some("Họp giao ban"), None])),
            ("year", Column::of([2026_i64, 2027])),
        ]);
        let meeting = rows.record::<Meeting>(0).unwrap();
        assert_eq!((meeting.year, meeting.title.as_str(), meeting.note), (2026, "Họp giao ban", None));
        assert!(rows.record::<Meeting>(1).is_none(), "a meeting has a title");
        assert!(rows.record::<Meeting>(2).is_none(), "there is no such row");
    }
}
