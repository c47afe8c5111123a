//! A catalog as CSV: what `import_csv` reads back to the same entries.
//!
//! A spreadsheet runs a text that begins with `=`, `+`, `-`, `@`, tab or return as a formula. Such a text gets an
//! apostrophe before it, and importing takes that one away again. So that every text comes back as it was, one
//! that begins so after apostrophes of its own gets one more.

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
            guarded(entry.code),
            guarded(entry.name.vi),
            guarded(entry.name.en),
            guarded(entry.parent.unwrap_or_default()),
            entry.valid_from.to_string(),
            until,
            entry.order.to_string(),
            guarded(entry.aliases.join(&between)),
            guarded(entry.predecessors.join(&between)),
        ])
        .map_err(unwritable)?;
    }
    let bytes = csv.into_inner().unwrap_or_default();
    let text =
        String::from_utf8(bytes).map_err(|_| ServiceError::Damaged { what: format!("catalog {catalog}") })?;
    Ok(format!("\u{feff}{text}"))
}

/// Whether a spreadsheet would run the text, were it not for the apostrophes before it.
fn runs(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r'])
}

/// The text as no spreadsheet runs it.
fn guarded(text: String) -> String {
    if runs(&text) { format!("'{text}") } else { text }
}

/// The text that was guarded so; any other as it is.
pub(super) fn unguarded(text: &str) -> &str {
    text.strip_prefix('\'').filter(|rest| runs(rest)).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::{guarded, unguarded};

    #[test]
    fn what_a_spreadsheet_would_run_is_guarded_and_comes_back_as_it_was() {
        for (text, written) in [
            ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
            ("+84", "'+84"),
            ("-x", "'-x"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("'=1", "''=1"),
            ("'Đắk Lắk", "'Đắk Lắk"),
            ("Bà Rịa - Vũng Tàu", "Bà Rịa - Vũng Tàu"),
            ("", ""),
        ] {
            assert_eq!(guarded(text.to_owned()), written);
            assert_eq!(unguarded(written), text);
        }
        assert_eq!(unguarded("=1"), "=1", "a table made by hand need not be guarded");
    }
}
