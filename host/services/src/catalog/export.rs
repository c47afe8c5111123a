//! A catalog as CSV: what `import_csv` reads back to the same entries.
//!
//! A spreadsheet runs a text that begins with `=`, `+`, `-`, `@`, tab or return as a formula. Such a text gets an
//! apostrophe before it, and importing takes that one away again. So that every text comes back as it was, one
//! that begins so after apostrophes of its own gets one more.

use dinh_model::Value;

use super::library::open;
use crate::{Call, ServiceError};

/// The heads of every catalog's CSV file; those of its attributes follow.
pub(super) const HEADS: [&str; 9] =
    ["code", "name_vi", "name_en", "parent", "valid_from", "valid_until", "order", "aliases", "predecessors"];
/// Between aliases, and between predecessors.
pub(super) const BETWEEN: char = '|';

/// All entries, those no longer in their term included, in the catalog's order: UTF-8 with a byte-order
/// mark, which spreadsheets need to read Vietnamese.
pub fn export_csv(call: &Call, catalog: &str) -> Result<String, ServiceError> {
    let compiled = open(call, catalog)?;
    let mut csv = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    let unwritable = |_| ServiceError::Damaged { what: format!("catalog {catalog}") };
    let attributes = &compiled.catalog().definition.attributes;
    let own = attributes.iter().map(|attribute| attribute.name.as_str());
    csv.write_record(HEADS.into_iter().chain(own)).map_err(unwritable)?;
    let between = BETWEEN.to_string();
    for entry in compiled.entries() {
        let fixed = [
            guarded(&entry.code),
            guarded(&entry.name.vi),
            guarded(&entry.name.en),
            guarded(entry.parent.as_deref().unwrap_or_default()),
            entry.valid_from.to_string(),
            entry.valid_until.map_or(String::new(), |until| until.to_string()),
            entry.order.to_string(),
            guarded(&entry.aliases.join(&between)),
            guarded(&entry.predecessors.join(&between)),
        ];
        let own = (0..attributes.len()).map(|place| match entry.attribute(place) {
            Value::Integer(number) => number.to_string(),
            Value::Decimal(number) => number.to_string(),
            Value::Text(text) => guarded(text),
            _ => String::new(),
        });
        csv.write_record(fixed.into_iter().chain(own)).map_err(unwritable)?;
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
fn guarded(text: &str) -> String {
    if runs(text) { format!("'{text}") } else { text.to_owned() }
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
            assert_eq!(guarded(text), written);
            assert_eq!(unguarded(written), text);
        }
        assert_eq!(unguarded("=1"), "=1", "a table made by hand need not be guarded");
    }
}
