//! The pages of plugins.
//!
//! ```text
//! GET   address ── render ─┬─ HTML or JSON
//!                          ├─ ?sheet=ID           again with the sheet: preview of an import
//!                          ├─ ?sheet=ID&export=…  the full report of it, as a file
//!                          ├─ ?export=TABLE       again for each part of the table: a file, streamed
//!                          ├─ ?print=FORM         again for each part of its tables: a PDF
//!                          ├─ ?pick=FORM/FIELD    candidates of a picker
//!                          └─ ?template=IMPORT    the heads that an import expects
//! POST  body ── token ── render ── find the form ── parse ── submit ── 303
//! ```

pub mod address;
pub mod draw;
pub mod export;
pub mod get;
pub mod import;
mod layout;
mod mistyped;
pub mod outcome;
pub mod pick;
pub mod post;
pub mod print;
pub mod resume;
