//! The door for systems outside: what is shared, and rows of datasets, for programs.
//!
//! ```text
//! GET /api/v1/datasets                      the register; without signing in, its public part; ?format=dcat for DCAT-AP
//! GET /api/v1/datasets/PLUGIN/NAME          rows, as JSON lines or a table (CSV, XLSX, ODS): one page with ?limit=, else all of them
//! ```
//! The same checks as for plugins: a contract in force (none for a public dataset), the account's right to read datasets,
//! the unit and the label of each row. Each page is a call of its own, whose evidence is durable before its first byte
//! leaves: a right that is taken away in the middle of a transfer breaks the transfer off.

pub mod register;
mod rows;
pub mod selection;
mod written;

pub use rows::rows;
