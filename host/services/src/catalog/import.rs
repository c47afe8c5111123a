//! Importing entries from a CSV file, a workbook or JSON: every line is checked first, and either all are asked
//! for or none, with every mistake reported by line, column, value and remedy.

use std::collections::HashMap;

use dinh_model::{Date, Language, Localized, RequestId, Value};

use super::export::{BETWEEN, HEADS, unguarded};
use super::library::open;
use super::rules::{self, Row};
use super::{AttributeKind, Compiled, Definition, Entry, json, proposal};
use crate::sheets::{self, CellKind, Problem, Sheet, SheetColumn};
use crate::{Call, ServiceError};

/// Most lines of one import.
pub const MOST_LINES: u32 = 100_000;
/// Most characters of a code.
pub(super) const LONGEST_CODE: u32 = 40;
/// Most characters of a name, of a list of aliases or predecessors, of an attribute.
pub(super) const LONGEST_NAME: u32 = 500;

/// What came of an import.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Imported {
    /// New entries.
    pub added: usize,
    /// Entries with another content than before.
    pub changed: usize,
    /// Entries that are as the file says.
    pub unchanged: usize,
    /// Mistakes, in the order of the file. When there is one, nothing was asked for.
    pub problems: Vec<Problem>,
    /// Mistakes beyond those that are listed.
    pub unlisted_problems: u32,
    /// The request that waits for a steward; none when it is in force, or when nothing changes.
    pub request: Option<RequestId>,
}

/// What a file would change.
pub struct Plan {
    /// How many entries, and the mistakes.
    pub imported: Imported,
    /// For each row of the file, in its order, whether it is new, other or the same; none for a wrong one.
    pub rows: Vec<Option<Planned>>,
    /// The entries that are new or other.
    pub(super) entries: Vec<Entry>,
}

/// What a row of a file would do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Planned {
    /// Add an entry.
    Add,
    /// Change one.
    Change,
    /// Nothing.
    Same,
}

/// Asks for the entries of CSV text with the heads that `export_csv` writes. Columns that the file lacks stay as
/// they are; only `code`, `name_vi` and `valid_from` have to be there. Needs `dinh.catalog.propose`.
pub fn import_csv(call: &mut Call, catalog: &str, csv: &str, reason: &str) -> Result<Imported, ServiceError> {
    import(call, catalog, catalog, csv.as_bytes(), reason)
}

/// The same from the bytes of a file: CSV, a workbook, or the JSON that `export_json` writes.
pub fn import(
    call: &mut Call,
    catalog: &str,
    file_name: &str,
    bytes: &[u8],
    reason: &str,
) -> Result<Imported, ServiceError> {
    proposal::require_proposer(call)?;
    let plan = plan(call, catalog, file_name, bytes)?;
    asked(call, catalog, plan, reason)
}

/// The same from a sheet that was read with the columns of [`columns`].
pub fn import_sheet(
    call: &mut Call,
    catalog: &str,
    sheet: &Sheet,
    reason: &str,
) -> Result<Imported, ServiceError> {
    let plan = plan_sheet(call, catalog, sheet)?;
    asked(call, catalog, plan, reason)
}

fn asked(call: &mut Call, catalog: &str, plan: Plan, reason: &str) -> Result<Imported, ServiceError> {
    let Plan { mut imported, entries, .. } = plan;
    if imported.problems.is_empty() && !entries.is_empty() {
        imported.request = proposal::ask(call, catalog, entries, reason, false)?;
    }
    Ok(imported)
}

pub(super) fn plan(call: &Call, catalog: &str, file_name: &str, bytes: &[u8]) -> Result<Plan, ServiceError> {
    let compiled = open(call, catalog)?;
    if json::is_json(bytes) {
        let rows = json::read(&compiled.catalog().definition, bytes)?;
        return Ok(planned(&compiled, rows, Imported::default(), call.language()));
    }
    let columns = columns(&compiled.catalog().definition);
    let wanted = sheets::Wanted { columns: &columns, most_rows: MOST_LINES, language: call.language() };
    let sheet = sheets::read(file_name, bytes, wanted)
        .map_err(|error| ServiceError::invalid(error.text(Language::Vi), error.text(Language::En)))?;
    plan_sheet(call, catalog, &sheet)
}

/// What a sheet that was read with the columns of [`columns`] would change, and what is wrong with it.
pub fn plan_sheet(call: &Call, catalog: &str, sheet: &Sheet) -> Result<Plan, ServiceError> {
    let compiled = open(call, catalog)?;
    let mut imported = Imported { unlisted_problems: sheet.unlisted_problems, ..Imported::default() };
    imported.problems.extend(rules::unknown_heads(sheet, call.language()));
    imported.problems.extend(sheet.problems.iter().cloned());
    Ok(planned(&compiled, rows(&compiled, sheet), imported, call.language()))
}

fn planned(compiled: &Compiled, rows: Vec<Row>, mut imported: Imported, language: Language) -> Plan {
    imported.problems.extend(rules::check(compiled, &rows, language));
    imported.problems.sort_by_key(|problem| problem.line);
    let last = rows.last().map_or(0, |row| row.place as usize + 1);
    let (mut done, mut entries) = (vec![None; last], Vec::new());
    for Row { place, entry, .. } in rows {
        let planned = match compiled.get(&entry.code) {
            Some(before) if *before == entry => Planned::Same,
            Some(_) => Planned::Change,
            None => Planned::Add,
        };
        *match planned {
            Planned::Same => &mut imported.unchanged,
            Planned::Change => &mut imported.changed,
            Planned::Add => &mut imported.added,
        } += 1;
        if let Some(row) = done.get_mut(place as usize) {
            *row = Some(planned);
        }
        if planned != Planned::Same {
            entries.push(entry);
        }
    }
    if !imported.problems.is_empty() {
        // Nothing is asked for, so nothing is counted.
        (imported.added, imported.changed, imported.unchanged) = (0, 0, 0);
    }
    Plan { imported, rows: done, entries }
}

/// What a file of a catalog must hold.
pub fn columns(definition: &Definition) -> Vec<SheetColumn> {
    // One more for the apostrophe that `export_csv` may put before a text; `rules` holds to the bound without it.
    let text = |maximum: u32| CellKind::Text { minimum: 1, maximum: maximum + 1 };
    let day = CellKind::Date { earliest: None, latest: None };
    let whole = CellKind::Integer { minimum: None, maximum: None };
    let kinds: HashMap<&str, (CellKind, bool)> = HashMap::from([
        ("code", (text(LONGEST_CODE), true)),
        ("name_vi", (text(LONGEST_NAME), true)),
        ("name_en", (text(LONGEST_NAME), false)),
        ("parent", (text(LONGEST_CODE), false)),
        ("valid_from", (day.clone(), true)),
        ("valid_until", (day, false)),
        ("order", (whole.clone(), false)),
        ("aliases", (text(LONGEST_NAME), false)),
        ("predecessors", (text(LONGEST_NAME), false)),
    ]);
    let column = |name: &str, kind: CellKind, required: bool, aliases: Vec<String>| SheetColumn {
        name: name.to_owned(),
        label: name.to_owned(),
        aliases,
        kind,
        required,
        empty_words: Vec::new(),
    };
    let fixed = HEADS.iter().filter_map(|name| {
        let (kind, required) = kinds.get(name)?.clone();
        Some(column(name, kind, required, Vec::new()))
    });
    let own = definition.attributes.iter().map(|attribute| {
        let kind = match attribute.kind {
            AttributeKind::Integer => whole.clone(),
            AttributeKind::Decimal { scale } => CellKind::Decimal { scale, minimum: None, maximum: None },
            AttributeKind::Text => text(LONGEST_NAME),
        };
        column(&attribute.name, kind, false, Vec::new())
    });
    fixed.chain(own).collect()
}

/// The rows whose own cells are good; the others are reported already. What a file has no column for stays.
fn rows(compiled: &Compiled, sheet: &Sheet) -> Vec<Row> {
    let good = sheet.good_rows();
    let has = |name: &str| sheet.column(name).is_some();
    let cell = |name: &str, place: usize| -> Value {
        sheet.column(name).and_then(|column| column.values.get(place)).cloned().unwrap_or_default()
    };
    let text = |name: &str, place: usize| match cell(name, place) {
        Value::Text(text) => Some(unguarded(text.trim()).to_owned()).filter(|text| !text.is_empty()),
        _ => None,
    };
    let day = |name: &str, place: usize| match cell(name, place) {
        Value::Date(day) => Some(day),
        _ => None,
    };
    let texts = |name: &str, place: usize| -> Vec<String> {
        text(name, place).unwrap_or_default().split(BETWEEN).map(str::to_owned).collect()
    };
    let attributes = &compiled.catalog().definition.attributes;
    let mut rows = Vec::new();
    for (place, (line, _)) in sheet.lines.iter().zip(good).enumerate().filter(|(_, (_, good))| *good) {
        // Required columns are filled in where a row is good.
        let Some(code) = text("code", place) else { continue };
        let before = compiled.get(&code);
        let kept = |name: &str| before.filter(|_| !has(name));
        let vi = text("name_vi", place).unwrap_or_default();
        let en = kept("name_en").map(|before| before.name.en.clone()).or_else(|| text("name_en", place));
        let value = |(at, attribute): (usize, &super::Attribute)| {
            if let Some(before) = kept(&attribute.name) {
                return before.attribute(at).clone();
            }
            let value = match cell(&attribute.name, place) {
                Value::Text(_) => text(&attribute.name, place).map_or(Value::Empty, Value::Text),
                other => other,
            };
            // At the scale of the attribute; what does not fit is reported by the rules.
            value.clone().fit(&attribute.kind.field_type()).unwrap_or(value)
        };
        let entry = Entry {
            code,
            name: Localized { en: en.unwrap_or_else(|| vi.clone()), vi },
            parent: kept("parent").map_or_else(|| text("parent", place), |before| before.parent.clone()),
            valid_from: day("valid_from", place).unwrap_or(Date::MIN),
            valid_until: kept("valid_until")
                .map_or_else(|| day("valid_until", place), |before| before.valid_until),
            order: match (kept("order"), cell("order", place)) {
                (Some(before), _) => before.order,
                (None, Value::Integer(order)) => order,
                (None, _) => 0,
            },
            aliases: kept("aliases").map_or_else(|| texts("aliases", place), |before| before.aliases.clone()),
            predecessors: kept("predecessors")
                .map_or_else(|| texts("predecessors", place), |before| before.predecessors.clone()),
            attributes: attributes.iter().enumerate().map(value).collect(),
        };
        let place = u32::try_from(place).unwrap_or(u32::MAX);
        rows.push(Row { place, line: *line, entry: rules::normal(entry) });
    }
    rows
}
