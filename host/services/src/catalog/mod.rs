//! Catalogs (danh mục dùng chung): shared code lists whose entries have terms, predecessors and successors.
//!
//! A code means one thing for ever: it is unique in its catalog over all time, an entry is never removed,
//! and what ends keeps its entry with the last day of its term. So a report as of a day in 2021 finds the
//! provinces of 2021, and the mapping says what became of each. Each accepted change is a version, with its day, who
//! asked and approved and why; what a catalog was at each can be read.
//!
//! ```text
//! form, CSV, workbook, JSON ─ rules (every line) ─▶ proposal ─▶ inbox of the owner's stewards ─ approve ─▶ version
//!                                                                                                           │
//! call ─ open ─▶ Compiled, in memory: get, lookup, find, list, translate along the succession ◀─────────────┘
//! ```
//! What it promises:
//! - Look-ups need no permission: catalogs are for everybody. They come from memory, as the call's snapshot has them;
//!   a change that relied on a catalog conflicts when that catalog changed.
//! - Two people agree to every change of entries: one with `dinh.catalog.propose` for their own unit, and a steward, who holds
//!   `dinh.catalog.manage` for the owner unit (of a catalog of the whole house, everywhere). Break-glass apart.
//! - What was changed since it was looked at is not overwritten: a proposal falls when an entry of it has changed.
//! - Successions go forward in time and parents do not lead in circles, so that nothing walks for ever.
//! - Shipping again adds what is new and never overwrites what the deployment changed.
//!
//! One file an idea: `model` what is stored, `compiled` a catalog in memory, `library` who gets which, `translate` codes
//! over time, `history` what was, `manage` how it is written, `proposal` how it is asked for, `rules` what entries must
//! be and `wrong` what is said when they are not, `import`, `export` and `json` files, `names` names as people write them, `shipped` what comes with the platform.

mod compiled;
mod export;
mod history;
mod import;
mod json;
mod library;
mod manage;
mod model;
mod names;
mod proposal;
mod rules;
mod shipped;
mod translate;
mod wrong;

pub use compiled::{Compiled, Listed};
pub use export::export_csv;
pub use history::{at_version, history_of, versions};
pub use import::{
    Imported, MOST_LINES, Plan, Planned, columns, import, import_csv, import_sheet, plan_sheet,
};
pub use json::{described, export_json};
pub(crate) use library::{Library, Opened};
pub use library::{catalogs, open};
pub use manage::define;
pub(crate) use manage::{of_steward, subject};
pub use model::{Attribute, AttributeKind, Catalog, Changed, Definition, Entry, Version};
pub use proposal::{AskedEntries, MOST_PROPOSED, Proposed, propose, proposed, require_proposer};
pub(crate) use proposal::{apply, check};
pub use shipped::{BASE_SALARY, GRADES, HOLIDAYS, PROVINCES, Shipped, ship};
pub use translate::Translation;
