//! Workbooks, written as they leave: XLSX (Office Open XML, ECMA-376) and ODS (OpenDocument, ISO/IEC 26300).
//!
//! What it promises:
//! - a workbook is never whole anywhere here, neither in memory nor on a disk: rows go in, packed bytes come out, and
//!   what was taken out is let go. So nothing that is sealed at rest lies in the clear beside it;
//! - cells are typed: a number is a number to its last digit, a day a day; a number that a spreadsheet would round (more
//!   than 15 digits) is a text;
//! - a text is a text, whatever it begins with and whatever is in it: no formula, no markup;
//! - what a spreadsheet program would cut (rows, columns, long texts) is refused, never cut.
//!
//! ```text
//! Layout (lines above, heads) ── top ─┐
//! rows of cells ──────────────────────┼─ Xlsx | Ods ── Xml ── Archive ── bytes, taken part by part
//! lines below ────────────────────────┘
//! ```

mod archive;
mod cell;
mod height;
mod layout;
mod look;
mod ods;
mod ods_styles;
mod xlsx;
mod xlsx_styles;
mod xml;

#[cfg(test)]
mod tests;

pub use cell::cell;
pub use layout::{Layout, Line, sheet_name};
pub use ods::MEDIA as ODS_MEDIA;

use dinh_runtime::bindings::views::RowKind;

use archive::Archive;
use layout::{Slot, top};
use look::{Emphasis, Look};
use xml::Xml;

/// Which kind of workbook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Office Open XML.
    Xlsx,
    /// OpenDocument.
    Ods,
}

/// What spreadsheet programs can hold of one sheet. Excel's own limits, which LibreOffice shares.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Rows, those above the table and its heads included.
    pub rows: u32,
    /// Columns.
    pub columns: usize,
    /// UTF-16 units of one cell.
    pub text: usize,
    /// Bytes of a sheet's XML, and of the whole file: what is read everywhere (no ZIP64).
    pub bytes: u64,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { rows: 1_048_576, columns: 16_384, text: 32_767, bytes: u64::from(u32::MAX) }
    }
}

/// What no spreadsheet program could read whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// More rows than a sheet has.
    #[error("more than {0} rows")]
    Rows(u64),
    /// More columns than a sheet has.
    #[error("more than {0} columns")]
    Columns(u64),
    /// A text that is longer than a cell holds.
    #[error("a text of more than {most} characters in row {row}")]
    Text {
        /// UTF-16 units that a cell holds.
        most: u64,
        /// The row of the table, from 1.
        row: u64,
    },
    /// More bytes than are read everywhere.
    #[error("more than {0} bytes")]
    Bytes(u64),
}

/// How one kind of workbook writes.
trait Dialect: Send + Sync {
    /// The small parts that stand before the sheet.
    fn parts(&self) -> Vec<Part>;
    /// The part that the sheet is in.
    fn sheet(&self) -> &'static str;
    /// What stands before the first row.
    fn begin(&mut self, xml: &mut Xml);
    /// A row; the first is 1. Where a row ends is where its last slot is.
    fn row(&mut self, xml: &mut Xml, number: u32, slots: &[Slot], emphasis: Emphasis);
    /// What stands behind the last.
    fn end(&mut self, xml: &mut Xml);
}

/// A part of a workbook that is written at once.
struct Part {
    name: &'static str,
    content: String,
    /// Packed; not so that which tells what the file is.
    packed: bool,
}

/// A workbook on its way out.
pub struct Workbook {
    dialect: Box<dyn Dialect>,
    archive: Archive,
    xml: Xml,
    bounds: Bounds,
    columns: usize,
    /// Rows written, those above the table included.
    rows: u32,
    /// Rows above the first of the table.
    above: u32,
    /// Bytes of the sheet so far.
    bytes: u64,
}

impl Workbook {
    /// Begins a workbook: everything up to the first row of the table. `total` is how many rows will come, where that is
    /// known.
    pub fn begin(
        kind: Kind,
        layout: &Layout<'_>,
        total: Option<u64>,
        bounds: Bounds,
    ) -> Result<Self, Refused> {
        if layout.columns.len() > bounds.columns {
            return Err(Refused::Columns(bounds.columns as u64));
        }
        let top = top(layout);
        let above = u32::try_from(top.len()).unwrap_or(u32::MAX);
        if total.is_some_and(|total| total.saturating_add(u64::from(above)) > u64::from(bounds.rows)) {
            return Err(Refused::Rows(u64::from(bounds.rows.saturating_sub(above))));
        }
        let mut dialect: Box<dyn Dialect> = match kind {
            Kind::Xlsx => Box::new(xlsx::Xlsx::new(layout, above)),
            Kind::Ods => Box::new(ods::Ods::new(layout, above)),
        };
        let mut archive = Archive::new(bounds.bytes);
        for part in dialect.parts() {
            archive.put(part.name, part.content.as_bytes(), part.packed)?;
        }
        archive.begin(dialect.sheet());
        let mut xml = Xml::default();
        dialect.begin(&mut xml);
        let mut workbook =
            Self { dialect, archive, xml, bounds, columns: layout.columns.len(), rows: 0, above, bytes: 0 };
        for slots in &top {
            workbook.put(slots, Emphasis::Ordinary)?;
        }
        Ok(workbook)
    }

    /// A row of the table; `cells` are one for each column. `named` is the cell that is indented by `depth`.
    pub fn row(
        &mut self,
        cells: Vec<(cell::Cell, Look)>,
        kind: Option<RowKind>,
        (named, depth): (usize, u8),
    ) -> Result<(), Refused> {
        let emphasis = Emphasis::of(kind);
        let slots = cells.into_iter().take(self.columns).enumerate().map(|(column, (cell, look))| {
            let look = match look {
                Look::Text(_) if column == named => Look::Text(depth.min(look::DEPTHS)),
                look => look,
            };
            Slot::one(cell, look)
        });
        let slots: Vec<Slot> = slots.collect();
        self.put(&slots, emphasis)
    }

    fn put(&mut self, slots: &[Slot], emphasis: Emphasis) -> Result<(), Refused> {
        if self.rows >= self.bounds.rows {
            return Err(Refused::Rows(u64::from(self.bounds.rows.saturating_sub(self.above))));
        }
        self.rows += 1;
        let longest = slots.iter().map(Slot::units).max().unwrap_or(0);
        if longest > self.bounds.text {
            let row = u64::from(self.rows.saturating_sub(self.above));
            return Err(Refused::Text { most: self.bounds.text as u64, row });
        }
        self.dialect.row(&mut self.xml, self.rows, slots, emphasis);
        self.pack()
    }

    /// Packs what is written.
    fn pack(&mut self) -> Result<(), Refused> {
        let text = self.xml.take();
        self.bytes += text.len() as u64;
        if self.bytes > self.bounds.bytes {
            return Err(Refused::Bytes(self.bounds.bytes));
        }
        self.archive.write(text.as_bytes())
    }

    /// Ends the workbook: the lines below the table, and what holds the parts together.
    pub fn end(&mut self, below: &[String]) -> Result<(), Refused> {
        if !below.is_empty() {
            self.put(&[], Emphasis::Ordinary)?;
        }
        for line in below {
            self.put(&[Slot::one(cell::Cell::Text(xml::unix(line)), Look::Line)], Emphasis::Ordinary)?;
        }
        self.dialect.end(&mut self.xml);
        self.pack()?;
        self.archive.end()?;
        self.archive.finish()
    }

    /// The bytes that are ready to leave.
    pub fn take(&mut self) -> Vec<u8> {
        self.archive.take()
    }
}
