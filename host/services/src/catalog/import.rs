//! Importing entries from a CSV file or a workbook: every line is checked first, and either all are
//! imported or none, with every mistake reported by line, column, value and remedy.

use std::collections::BTreeMap;

use dinh_model::{Date, Localized, Value};

use super::export::{BETWEEN, HEADS, unguarded};
use super::lookup::{entry, get_catalog};
use super::{Entry, manage, rules};
use crate::permissions::CATALOG_MANAGE;
use crate::sheets::{self, CellKind, Problem, Sheet, SheetColumn};
use crate::{Call, ServiceError};

/// Most lines of one import.
const LINES: u32 = 100_000;
/// Most characters of a code.
pub(super) const LONGEST_CODE: u32 = 40;
/// Most characters of a name, and of a list of aliases or predecessors.
pub(super) const LONGEST_NAME: u32 = 500;

/// What to do with an entry that is there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Existing {
    /// Make it what the file says.
    Update,
    /// Leave it as the deployment has it.
    Keep,
}

/// What came of an import.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Imported {
    /// New entries.
    pub added: usize,
    /// Entries that were changed.
    pub changed: usize,
    /// Entries that were left as they are.
    pub unchanged: usize,
    /// Mistakes, in the order of the file. When there is one, nothing was imported.
    pub problems: Vec<Problem>,
    /// Mistakes beyond those that are listed.
    pub unlisted_problems: u32,
}

/// An entry of the file, and the line it is on.
pub(super) struct Row {
    pub(super) place: u32,
    pub(super) line: u32,
    pub(super) entry: Entry,
}

/// Imports entries from CSV text with the heads that `export_csv` writes; `name_en`, `parent`,
/// `valid_until`, `order`, `aliases` and `predecessors` may be left out. Needs `dinh.catalog.manage`
/// everywhere.
pub fn import_csv(call: &mut Call, catalog: &str, csv: &str) -> Result<Imported, ServiceError> {
    import(call, catalog, catalog, csv.as_bytes(), Existing::Update)
}

/// The same from the bytes of an uploaded file, CSV or workbook.
pub fn import(
    call: &mut Call,
    catalog: &str,
    file_name: &str,
    bytes: &[u8],
    existing: Existing,
) -> Result<Imported, ServiceError> {
    call.require_everywhere(&CATALOG_MANAGE)?;
    get_catalog(call, catalog)?;
    let wanted = sheets::Wanted { columns: &columns(), most_rows: LINES, language: call.language() };
    let sheet = sheets::read(file_name, bytes, wanted).map_err(|error| {
        ServiceError::invalid(error.text(dinh_model::Language::Vi), error.text(dinh_model::Language::En))
    })?;
    let mut imported = Imported { unlisted_problems: sheet.unlisted_problems, ..Imported::default() };
    let rows = rows(&sheet);
    imported.problems.extend(rules::unknown_heads(&sheet, call.language()));
    imported.problems.extend(sheet.problems.iter().cloned());
    imported.problems.extend(rules::check(call, catalog, &rows)?);
    imported.problems.sort_by_key(|problem| problem.line);
    if !imported.problems.is_empty() {
        return Ok(imported);
    }
    for row in &rows {
        let before = entry(call, catalog, &row.entry.code)?;
        match &before {
            Some(before) if *before == row.entry || existing == Existing::Keep => {
                imported.unchanged += 1;
                continue;
            }
            Some(_) => imported.changed += 1,
            None => imported.added += 1,
        }
        manage::write(call, catalog, before.as_ref(), &row.entry)?;
    }
    if imported.added + imported.changed > 0 {
        let counts = [("added", imported.added.to_string()), ("changed", imported.changed.to_string())];
        call.evidence("catalog.imported", format!("catalog:{catalog}"), counts);
    }
    Ok(imported)
}

/// What the file must hold.
fn columns() -> Vec<SheetColumn> {
    // One more for the apostrophe that `export_csv` may put before a text; `rules` holds to the bound without it.
    let text = |maximum: u32| CellKind::Text { minimum: 1, maximum: maximum + 1 };
    let day = CellKind::Date { earliest: None, latest: None };
    let kinds: BTreeMap<&str, (CellKind, bool)> = BTreeMap::from([
        ("code", (text(LONGEST_CODE), true)),
        ("name_vi", (text(LONGEST_NAME), true)),
        ("name_en", (text(LONGEST_NAME), false)),
        ("parent", (text(LONGEST_CODE), false)),
        ("valid_from", (day.clone(), true)),
        ("valid_until", (day, false)),
        ("order", (CellKind::Integer { minimum: None, maximum: None }, false)),
        ("aliases", (text(LONGEST_NAME), false)),
        ("predecessors", (text(LONGEST_NAME), false)),
    ]);
    let column = |name: &str| {
        let (kind, required) = kinds.get(name)?.clone();
        Some(SheetColumn {
            name: name.to_owned(),
            label: name.to_owned(),
            aliases: Vec::new(),
            kind,
            required,
            empty_words: Vec::new(),
        })
    };
    HEADS.iter().filter_map(|name| column(name)).collect()
}

/// The rows whose own cells are good; the others are reported already.
fn rows(sheet: &Sheet) -> Vec<Row> {
    let good = sheet.good_rows();
    let cell = |name: &str, place: usize| -> Value {
        sheet.column(name).and_then(|column| column.values.get(place)).cloned().unwrap_or_default()
    };
    let text = |name, place| match cell(name, place) {
        Value::Text(text) => Some(unguarded(text.trim()).to_owned()).filter(|text| !text.is_empty()),
        _ => None,
    };
    let day = |name, place| match cell(name, place) {
        Value::Date(day) => Some(day),
        _ => None,
    };
    let texts = |name, place| -> Vec<String> {
        let all = text(name, place).unwrap_or_default();
        all.split(BETWEEN).map(str::trim).filter(|one| !one.is_empty()).map(str::to_owned).collect()
    };
    let mut rows = Vec::new();
    for (place, (line, _)) in sheet.lines.iter().zip(good).enumerate().filter(|(_, (_, good))| *good) {
        // Required columns are filled in where a row is good.
        let Some(code) = text("code", place) else { continue };
        let vi = text("name_vi", place).unwrap_or_default();
        let en = text("name_en", place).unwrap_or_else(|| vi.clone());
        rows.push(Row {
            place: u32::try_from(place).unwrap_or(u32::MAX),
            line: *line,
            entry: Entry {
                code,
                name: Localized { vi, en },
                parent: text("parent", place),
                valid_from: day("valid_from", place).unwrap_or(Date::MIN),
                valid_until: day("valid_until", place),
                order: match cell("order", place) {
                    Value::Integer(order) => order,
                    _ => 0,
                },
                aliases: texts("aliases", place),
                predecessors: texts("predecessors", place),
            },
        });
    }
    rows
}
