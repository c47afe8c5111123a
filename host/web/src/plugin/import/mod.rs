//! Import of a spreadsheet: upload, preview, confirmation.
//!
//! ```text
//! POST file ── kept under DATA/uploads ── 303 ?sheet=ID
//! GET  ?sheet=ID ── read by the columns of the block ── render with the sheet ── preview
//! GET  ?sheet=ID&export=IMPORT ── the same ── every row with what is wrong with it, as a file
//! POST sheet=ID rows=all|good ── read again, rendered again ── submit with the rows to be imported ── discarded
//! ```

mod preview;
mod read;
mod report;
mod submit;

use dinh_runtime::bindings::views::{Block, Page, SheetImport};

pub use preview::{json, preview, template};
pub use report::report;
pub use submit::submitted;

/// The import blocks of a page.
fn imports(page: &Page) -> impl Iterator<Item = &SheetImport> {
    page.sections.iter().flat_map(|section| &section.blocks).filter_map(|block| match block {
        Block::SheetImport(import) => Some(import),
        _ => None,
    })
}
