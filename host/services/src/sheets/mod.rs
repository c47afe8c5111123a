//! Sheets (bảng tính): spreadsheets that people bring, read into typed columns.
//!
//! ```text
//! bytes ─ text (encoding) ─ csv ┐
//!                       xlsx    ├─ table of raw cells ─ heads ─ cells ─ Sheet + problems
//! stage: the uploaded file kept under DATA/uploads until it is imported or expires
//! ```
//!
//! Whatever the bytes are, reading ends with a [`Sheet`] or with one [`SheetError`] that says what is wrong
//! with the file and what to do about it; it never panics and never holds more than its limits allow.
//! Cells that cannot be read are problems of the sheet, each with line, column, value and remedy.

mod cell;
mod delimited;
mod encoding;
mod error;
mod heads;
mod number;
mod read;
mod sheet;
mod staging;
mod table;
mod workbook;
mod wrong;

#[cfg(test)]
mod tests;

pub use error::{Problem, SheetError};
pub use read::{Wanted, read};
pub use sheet::{CellKind, Choice, Sheet, SheetColumn, SheetColumnData};
pub use staging::{NewUpload, Staged, StagingError, StagingLimits, UploadId, Uploads};
