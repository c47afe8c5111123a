//! Records (bản ghi): the typed data of plugins, kept and guarded by the host.
//!
//! A plugin declares collections in its manifest; the host stores their rows, keeps their indexes, and
//! applies the permission of each verb to every record by its unit, owner and label. What this module
//! promises:
//!
//! * **Nobody sees a record they may not see.** Every row that is returned, counted or summed has passed
//!   `Sight::sees`, the one function that decides, and is not withheld from whom it is about; a plugin that forgets
//!   to check leaks nothing. A field
//!   with a label of its own is empty for those who are not cleared for it, and does not take part in
//!   their conditions, orders and sums.
//! * **What is stored is valid**: typed, required, unique, in NFC, codes in their catalog and in their
//!   term on the day that their field says, references to records that exist (which therefore cannot be removed while others refer
//!   to them).
//! * **What is confidential or personal lies sealed** in rows and indexes, and is opened for those who see it.
//! * **A file belongs to one field of one record** and goes with it ([`files`](crate::files)).
//! * **Calls are serializable**: each read leaves its expectation in the transaction.
//! * **Pages have no gap and no double**: a cursor names a position in the order, not a number of rows.
//!
//! ```text
//! cover                  which fields lie sealed, and what seals them
//! data, place            a plugin's collections and where their keys begin
//! selection ─ filter ─ planner ─ scan ─ sight ─ projection   query, count, sum
//! write ─ validate ─ index, reference                         insert, update, delete
//! holding                files that records hold
//! bulk                   many records in steps, visible at once
//! sequence               numbers without gaps, drawn at commit
//! withheld               from whom a record is withheld, whoever asks
//! tasks                  which records wait for whom
//! shared                 the same reads through a dataset, for whoever has a contract
//! fed                    what others are told of a write
//! noted                  what a read leaves behind: labels that cling to the call, evidence
//! copies                 which fields hold what was copied under a contract, and their removal when that ends
//! ```

mod bulk;
mod columns;
mod copies;
mod cover;
mod cursor;
mod data;
mod error;
mod fed;
mod fields;
mod filter;
mod get;
mod holding;
mod index;
mod index_access;
mod noted;
mod order;
mod place;
mod planner;
mod projection;
mod query;
mod reference;
mod scan;
mod selection;
mod sequence;
mod shared;
mod sight;
mod tasks;
mod totals;
mod validate;
mod validity;
mod volume;
mod withheld;
mod words;
mod working;
mod write;
mod write_many;

#[cfg(test)]
mod tests;

pub use bulk::{BULK_STEP, Bulk};
pub use columns::{Column, ColumnValues, TextColumn};
pub(crate) use copies::{Copied, Removed, remove_copy};
pub use data::PluginData;
pub use error::{FieldProblem, RecordError};
pub use filter::MOST_CONDITIONS;
pub use get::get;
pub(crate) use get::{known_at, target_of};
pub use query::query;
pub use selection::{Comparison, Condition, FieldValue, FoundRow, Order, Page, Selection};
pub use sequence::draw;
pub(crate) use shared::{Reader, Shown, View};
pub use tasks::{TaskRule, WaitingRecord, WaitingRecords, waiting};
pub use totals::{count, sum};
pub use volume::Volume;
pub(crate) use withheld::{is_withheld, withheld_from};
pub use working::Working;
pub use write::{delete, insert, update};
pub use write_many::insert_many;

/// Most fields that one query returns.
pub const MOST_FIELDS: usize = 200;
/// Most records of one page.
pub const MOST_ROWS: u32 = 1_000;
