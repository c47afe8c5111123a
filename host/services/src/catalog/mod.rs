//! Catalogs (danh mục dùng chung): shared code lists whose entries have terms, predecessors and successors.
//!
//! A code means one thing for ever: it is unique in its catalog over all time, an entry is never removed,
//! and what ends keeps its entry with the last day of its term. So a report as of a day in 2021 finds the
//! provinces of 2021, and the mapping says what became of each.
//!
//! ```text
//! CSV or workbook ─ import (every line checked first) ─▶ entries ─ lookup, find, list as of a day
//!                                                          └ predecessors ─▶ successors
//! ```
//!
//! Look-ups need no permission: catalogs are for everybody. Changing one needs `dinh.catalog.manage`
//! everywhere.

mod export;
mod import;
mod lookup;
mod manage;
mod model;
mod names;
mod rules;
mod shipped;

pub use export::export_csv;
pub use import::{Existing, Imported, import, import_csv};
pub use lookup::{Listed, catalogs, find, get, get_catalog, list, lookup, predecessors, successors};
pub use manage::define;
pub use model::{Catalog, Entry};
pub use shipped::{PROVINCES, ship};
