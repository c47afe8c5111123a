//! Printed forms: a template of a package and the data of a page, laid out as PDF (decision 25).
//!
//! Templates are Typst. A template sees three things and no more: the files of its own package, what this crate
//! offers to every template (`/dinh.typ`), and the data of the one page that is printed (`/data.json`). There is no
//! file system, no network, no package registry and no clock behind it.
//!
//! ```text
//! host    Press ── job (JSON), data (JSON) ──▶ child process, limited        press
//! child   limits first, then the job ── world ── compile ── stamp ── PDF     child, world, compile
//!         PDF, or one line of JSON that says what is wrong and where ──▶     error
//! ```
//!
//! What it promises:
//! - [`print`] is pure: the same job and data give the same bytes;
//! - whatever a template does, the host goes on: the child has bounds on memory, CPU time, wall time, pages and
//!   bytes, opens no file and no socket once it has begun, and each bound ends in a [`PrintError`] that names it;
//! - a label stands in the head of every page: it is set over the finished pages, where no template can leave it out;
//! - every letter of Vietnamese has its glyph, in every face ([`fonts`]).

mod child;
mod compile;
mod error;
mod fonts;
mod job;
mod press;
mod world;

pub use child::child;
pub use compile::{check, print};
pub use dinh_child::Limits;
pub use error::PrintError;
pub use job::{DEFAULT_TEMPLATE, Job, LARGEST_DATA};
pub use press::{LIMITS, Press};
