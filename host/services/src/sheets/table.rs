//! A file as rows of raw cells, before anyone knows what its columns mean.

use dinh_model::{Date, text::nfc};

use super::SheetError;

/// A cell as the file has it.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum RawCell {
    /// Nothing.
    Empty,
    /// A text, in NFC and without white space around it; never empty.
    Text(String),
    /// A number of a workbook.
    Number(f64),
    /// A day of a workbook.
    Date(Date),
    /// A moment of a workbook that is no whole day, as the file's reader writes it.
    Moment(String),
    /// A truth value of a workbook.
    Boolean(bool),
    /// A formula that failed, such as `#DIV/0!`.
    Failed(String),
}

impl RawCell {
    /// A text, or nothing when it is all white space.
    pub(super) fn text(text: &str) -> Self {
        let text = nfc(text);
        let text = text.trim();
        if text.is_empty() { Self::Empty } else { Self::Text(text.to_owned()) }
    }
}

/// A row of raw cells.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct RawRow {
    /// The line of the file it begins on.
    pub line: u32,
    /// Its cells.
    pub cells: Vec<RawCell>,
    /// A quotation mark is never closed, so that the row swallowed the rest of the file.
    pub unclosed: bool,
}

/// A file as rows of raw cells; rows without any filled-in cell are left out.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct RawTable {
    /// The first row.
    pub heads: Vec<String>,
    /// The others.
    pub rows: Vec<RawRow>,
    /// Rows may be shorter than the line of heads: workbooks leave out empty cells.
    pub sparse: bool,
}

/// What a table may hold.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// Most rows of data.
    pub rows: u32,
    /// Most columns.
    pub columns: u32,
    /// Most bytes a workbook may unpack to.
    pub unpacked: u64,
}

/// Collects rows within limits.
pub(super) struct Collector {
    limits: Limits,
    heads: Option<Vec<String>>,
    rows: Vec<RawRow>,
    counted: u32,
    sparse: bool,
}

impl Collector {
    pub(super) fn new(limits: Limits, sparse: bool) -> Self {
        Self { limits, heads: None, rows: Vec::new(), counted: 0, sparse }
    }

    /// Takes the next row; beyond the limit, rows are only counted, so that the error can say how many.
    pub(super) fn push(&mut self, row: RawRow) -> Result<(), SheetError> {
        if row.cells.iter().all(|cell| *cell == RawCell::Empty) {
            return Ok(());
        }
        let columns = u32::try_from(row.cells.len()).unwrap_or(u32::MAX);
        if columns > self.limits.columns {
            return Err(SheetError::TooManyColumns { columns, most: self.limits.columns });
        }
        if self.heads.is_none() {
            self.heads = Some(row.cells.iter().map(super::cell::as_text).collect());
            return Ok(());
        }
        self.counted = self.counted.saturating_add(1);
        if self.counted <= self.limits.rows {
            self.rows.push(row);
        }
        Ok(())
    }

    /// The table, when it is within limits and not empty.
    pub(super) fn finish(self) -> Result<RawTable, SheetError> {
        let heads = self.heads.ok_or(SheetError::Empty)?;
        if self.counted > self.limits.rows {
            return Err(SheetError::TooManyRows { rows: self.counted, most: self.limits.rows });
        }
        if self.rows.is_empty() {
            return Err(SheetError::NoRows);
        }
        Ok(RawTable { heads, rows: self.rows, sparse: self.sparse })
    }
}
