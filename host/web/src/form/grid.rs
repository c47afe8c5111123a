//! An entry grid that came back: only the cells that were changed.
//!
//! A page sends all its cells together with what they held when it was drawn (`was`), and the difference
//! is what was changed; a program sends just the changes.

use std::collections::HashMap;

use dinh_runtime::bindings::pages::CellInput;
use dinh_runtime::bindings::types::Value;
use dinh_runtime::bindings::views::{EntryGrid, FieldKind, GridColumn};

use super::parse::Parsed;
use super::{Raw, Reader, typed};
use crate::datum::{Datum, rows};

/// The texts of the cells that can be filled in, row by row: what `was` holds.
pub fn texts(reader: crate::format::Formats, grid: &EntryGrid) -> Vec<Vec<String>> {
    let count = grid.data.first().map_or(0, rows);
    let open: Vec<_> =
        grid.columns.iter().zip(&grid.data).filter_map(|(c, data)| Some((c.kind.as_ref()?, data))).collect();
    (0..count)
        .map(|row| {
            open.iter().map(|(kind, data)| typed::datum(reader, kind, &Datum::at(data, row))).collect()
        })
        .collect()
}

/// The head of a column as one line.
pub fn label(column: &GridColumn) -> String {
    column.column.heads.join(" – ")
}

/// Reads `raw` by the description `grid`.
pub fn grid(reader: &Reader<'_>, grid: &EntryGrid, raw: &Raw) -> Parsed {
    let mut parsed = Parsed::new(&grid.id);
    let rows: HashMap<&str, usize> =
        grid.row_keys.iter().enumerate().map(|(row, key)| (key.as_str(), row)).collect();
    if raw.exact() {
        exact(reader, grid, &rows, raw, &mut parsed);
    } else {
        page(reader, grid, &rows, raw, &mut parsed);
    }
    parsed
}

/// Cells as a program sends them.
fn exact(reader: &Reader<'_>, grid: &EntryGrid, rows: &HashMap<&str, usize>, raw: &Raw, parsed: &mut Parsed) {
    for (name, text) in raw.pairs() {
        let Some((key, row)) = name.strip_prefix("j.").and_then(|rest| rest.split_once('.')) else {
            continue;
        };
        match grid.columns.iter().find(|column| column.column.key == key) {
            Some(column) => cell(reader, grid, rows, &Cell { name, row, column, text }, raw, parsed),
            None => parsed.problem(Some(name), reader.texts.with("grid-no-column", &[("column", key)])),
        }
    }
}

/// Cells as a page sends them: those whose text is not what it was.
fn page(reader: &Reader<'_>, grid: &EntryGrid, rows: &HashMap<&str, usize>, raw: &Raw, parsed: &mut Parsed) {
    let was: Option<Vec<Vec<String>>> = raw.first("was").and_then(|was| serde_json::from_str(was).ok());
    let Some(was) = was else {
        parsed.problem(None, reader.texts.say("form-incomplete"));
        return;
    };
    let sent: HashMap<&str, &str> =
        raw.pairs().iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    for (index, before) in was.iter().enumerate() {
        let Some(row) = sent.get(format!("k.{index}").as_str()) else { continue };
        let open = grid.columns.iter().filter(|column| column.kind.is_some());
        for (column, before) in open.zip(before) {
            let name = format!("g.{index}.{}", column.column.key);
            let boolean = matches!(column.kind, Some(FieldKind::Boolean));
            let text = match sent.get(name.as_str()) {
                Some(text) => text,
                // A box that is not ticked is not sent.
                None if boolean => "false",
                None => continue,
            };
            let unticked = boolean && text == "false" && before.is_empty();
            if text.trim() != before && !unticked {
                cell(reader, grid, rows, &Cell { name: &name, row, column, text }, raw, parsed);
            }
        }
    }
}

struct Cell<'a> {
    name: &'a str,
    row: &'a str,
    column: &'a GridColumn,
    text: &'a str,
}

fn cell(
    reader: &Reader<'_>,
    grid: &EntryGrid,
    rows: &HashMap<&str, usize>,
    cell: &Cell<'_>,
    raw: &Raw,
    parsed: &mut Parsed,
) {
    let label = label(cell.column);
    let Some(row) = rows.get(cell.row) else {
        parsed.problem(Some(cell.name), reader.texts.with("rows-gone", &[("title", &label)]));
        return;
    };
    let locked = grid.locked_rows.iter().any(|locked| *locked as usize == *row);
    let Some(kind) = cell.column.kind.as_ref().filter(|_| !locked) else {
        parsed.problem(Some(cell.name), reader.texts.with("grid-locked", &[("column", &label)]));
        return;
    };
    let text = cell.text.trim();
    let value = match text {
        "" if cell.column.required => Err(reader.texts.with("input-required", &[("label", &label)])),
        "" => Ok(Value::Empty),
        text => reader.one(raw.exact(), text, &label, kind).map_err(|wrong| wrong.message),
    };
    match value {
        Ok(value) => {
            let (row_key, column) = (cell.row.to_owned(), cell.column.column.key.clone());
            parsed.submission.cells.push(CellInput { row_key, column, value });
        }
        Err(message) => parsed.problem(Some(cell.name), message),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gallery;
    use crate::village::Village;
    use dinh_model::Language;
    use serde_json::json;

    fn drawn() -> Raw {
        let grid = gallery::ledger();
        let was = texts(Village.reader(Language::Vi).formats, &grid);
        let mut pairs = vec![("was".to_owned(), json!(was).to_string())];
        let open: Vec<_> = grid.columns.iter().filter(|column| column.kind.is_some()).collect();
        for (row, (key, cells)) in grid.row_keys.iter().zip(&was).enumerate() {
            pairs.push((format!("k.{row}"), key.clone()));
            for (column, text) in open.iter().zip(cells) {
                pairs.push((format!("g.{row}.{}", column.column.key), text.clone()));
            }
        }
        Raw::typed(pairs, vec![])
    }

    fn read(raw: &Raw) -> Parsed {
        grid(&Village.reader(Language::Vi), &gallery::ledger(), raw)
    }

    #[test]
    fn cells_nobody_touched_do_not_come_back() {
        let parsed = read(&drawn());
        assert_eq!(parsed.problems, []);
        assert!(parsed.submission.cells.is_empty(), "{:?}", parsed.submission.cells);
    }

    #[test]
    fn a_changed_cell_comes_back_with_its_row() {
        let mut raw = drawn();
        raw.set("g.1.paid", "1.250.000".into());
        let parsed = read(&raw);
        let [cell] = parsed.submission.cells.as_slice() else { panic!("{:?}", parsed.submission.cells) };
        assert_eq!((cell.row_key.as_str(), cell.column.as_str()), ("m2", "paid"));
        assert_eq!(cell.value, Value::Integer(1_250_000));
    }

    #[test]
    fn rows_that_are_closed_or_gone_and_cells_only_shown_are_refused() {
        let mut raw = drawn();
        raw.set("g.2.paid", "1".into());
        assert_eq!(read(&raw).problems[0].name.as_deref(), Some("g.2.paid"), "row 3 is closed");
        let mut raw = drawn();
        raw.set("k.1", "somebody-else".into());
        raw.set("g.1.paid", "1".into());
        assert_eq!(read(&raw).problems.len(), 1);
        let cells = json!({"form": "ledger", "cells": [{"row": "m1", "column": "name", "value": "X"}]});
        assert_eq!(read(&Raw::from_json(&cells).unwrap()).problems.len(), 1);
    }

    #[test]
    fn a_program_sends_only_its_changes() {
        let cells = json!({"form": "ledger", "cells": [
            {"row": "m1", "column": "paid", "value": 53_100},
            {"row": "m2", "column": "paid", "value": null},
            {"row": "m1", "column": "nonsense", "value": 1},
        ]});
        let parsed = read(&Raw::from_json(&cells).unwrap());
        assert_eq!(parsed.submission.cells.len(), 2);
        assert_eq!(parsed.submission.cells[1].value, Value::Empty);
        assert_eq!(parsed.problems.len(), 1);
    }
}
