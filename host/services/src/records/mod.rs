//! Records (bản ghi): the typed data of plugins, kept and guarded by the host.
//!
//! A plugin declares collections in its manifest; the host stores their rows, keeps their indexes, and
//! applies the permission of each verb to every record by its unit, owner and label. What this module
//! promises:
//!
//! * **Nobody sees a record they may not see.** Every row that is returned, counted or summed has passed
//!   `Sight::sees`, the one function that decides; a plugin that forgets to check
//!   leaks nothing. A field with a label of its own is empty for those not cleared for it.
//! * **What is stored is valid**: typed, required, unique, in NFC, codes in their catalog and references
//!   to records that exist (which therefore cannot be removed while they are referred to).
//! * **Calls are serializable**: each read leaves its expectation in the transaction.
//! * **Pages have no gap and no double**: a cursor names a position in the order, not a number of rows.
//!
//! ```text
//! data       a plugin's collections and where their keys begin
//! selection ─ planner ─ scan ─ filter ─ visible ─ columns     query, count, sum
//! write ─ validate ─ index ─ reference                         insert, update, delete
//! sequence   numbers without gaps, drawn at commit
//! ```

mod columns;
mod data;
mod error;
mod selection;

pub use columns::{Column, ColumnValues, TextColumn};
pub use data::PluginData;
pub use error::{FieldProblem, RecordError};
pub use selection::{Comparison, Condition, FieldValue, FoundRow, Order, Page, Selection};
