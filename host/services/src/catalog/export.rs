//! A catalog as CSV: what `import_csv` reads back to the same entries.

use dinh_model::key;
use dinh_store::Direction;

use super::lookup::{entry, get_catalog};
use super::model::{code_at, order_prefix};
use crate::{Call, ServiceError};

/// The heads of a catalog's CSV file.
pub(super) const HEADS: [&str; 9] =
    ["code", "name_vi", "name_en", "parent", "valid_from", "valid_until", "order", "aliases", "predecessors"];
/// Between aliases, and between predecessors.
pub(super) const BETWEEN: char = '|';

/// All entries, those no longer in their term included, in the catalog's order: UTF-8 with a byte-order
/// mark, which spreadsheets need to read Vietnamese.
pub fn export_csv(call: &Call, catalog: &str) -> Result<String, ServiceError> {
    get_catalog(call, catalog)?;
    let mut csv = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    let unwritable = |_| ServiceError::Damaged { what: format!("catalog {catalog}") };
    csv.write_record(HEADS).map_err(unwritable)?;
    let prefix = order_prefix(catalog);
    let end = key::after_prefix(&prefix);
    for item in call.transaction.range(&prefix, end.as_deref(), Direction::Forward) {
        let (key, _) = item?;
        let Some(code) = code_at(&key, prefix.len() + 8) else { continue };
        let Some(entry) = entry(call, catalog, &code)? else { continue };
        let between = BETWEEN.to_string();
        let until = entry.valid_until.map_or(String::new(), |until| until.to_string());
        csv.write_record([
            entry.code,
            entry.name.vi,
            entry.name.en,
            entry.parent.unwrap_or_default(),
            entry.valid_from.to_string(),
            until,
            entry.order.to_string(),
            entry.aliases.join(&between),
            entry.predecessors.join(&between),
        ])
        .map_err(unwritable)?;
    }
    let bytes = csv.into_inner().unwrap_or_default();
    let text =
        String::from_utf8(bytes).map_err(|_| ServiceError::Damaged { what: format!("catalog {catalog}") })?;
    Ok(format!("\u{feff}{text}"))
}
