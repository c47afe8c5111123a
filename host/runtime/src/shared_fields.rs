//! Shared fields on a page: what the references of a column refer to, looked up by the host in one batch.
//!
//! A plugin that keeps references shows names without ever reading them: no text of another unit enters its code, and
//! nothing has to be copied. What the reader may not see, or no contract gives any more, is said to be not available, so
//! that it is not taken for a cell that refers to nothing.

use std::collections::HashMap;
use std::sync::Arc;

use dinh_model::{Language, PluginId, RecordId};
use dinh_services::records::RecordError;
use dinh_services::sharing::{self, Consumer, Source};
use dinh_services::{Call, ServiceError};

use crate::bindings::types::{Column, ColumnValues, TextColumn};
use crate::bindings::views::{Block, CellStyle, Page, TableColumn, Tone};
use crate::imports::convert;
use crate::{CallError, Plugin};

/// Puts the fields in place of the references that columns of the page hold. Where no contract is in force, the cells
/// are not available and the table says why.
pub(crate) fn show(
    call: &mut Call,
    plugin: &Plugin,
    plugins: &HashMap<PluginId, Arc<Plugin>>,
    page: &mut Page,
) -> Result<(), CallError> {
    if plugin.manifest.wanted.is_empty() {
        return Ok(());
    }
    for block in page.sections.iter_mut().flat_map(|section| &mut section.blocks) {
        match block {
            Block::Table(table) => {
                let columns: Vec<&TableColumn> = table.columns.iter().collect();
                if let Some(why) =
                    fill(call, plugin, plugins, &columns, &mut table.data, &mut table.cell_styles)?
                {
                    let note = table.note.take().map_or_else(String::new, |note| format!("{note} "));
                    table.note = Some(format!("{note}{why}"));
                }
            }
            Block::EntryGrid(grid) => {
                let columns: Vec<&TableColumn> = grid.columns.iter().map(|column| &column.column).collect();
                if let Some(why) =
                    fill(call, plugin, plugins, &columns, &mut grid.data, &mut grid.cell_styles)?
                {
                    let caption = grid.caption.take().map_or_else(String::new, |words| format!("{words} "));
                    grid.caption = Some(format!("{caption}({why})"));
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// Columns that refer to the same records of one dataset: looked up together.
struct Batch {
    wanted: String,
    ids: Vec<RecordId>,
    /// Which rows refer to a record at all.
    refers: Vec<bool>,
    /// Places of the columns, and their fields.
    places: Vec<usize>,
    fields: Vec<String>,
}

/// What was found of a batch.
struct Found {
    /// One for each field.
    columns: Vec<Column>,
    /// Which rows were found.
    rows: Vec<bool>,
}

/// Fills the columns, and marks the cells whose record is not available; why not, where the reader has to be told.
fn fill(
    call: &mut Call,
    plugin: &Plugin,
    plugins: &HashMap<PluginId, Arc<Plugin>>,
    columns: &[&TableColumn],
    data: &mut [Column],
    styles: &mut Vec<CellStyle>,
) -> Result<Option<String>, CallError> {
    let mut batches: Vec<Batch> = Vec::new();
    for (place, (column, held)) in columns.iter().zip(data.iter()).enumerate() {
        let (Some(shared), ColumnValues::References(references)) = (&column.shared, &held.values) else {
            continue;
        };
        let ids: Vec<RecordId> = references.iter().copied().map(convert::record_id).collect();
        let refers: Vec<bool> = (0..ids.len()).map(|row| is_filled(held, row)).collect();
        let same =
            |batch: &&mut Batch| batch.wanted == shared.wanted && batch.ids == ids && batch.refers == refers;
        match batches.iter_mut().find(same) {
            Some(batch) => {
                batch.places.push(place);
                batch.fields.push(shared.field.clone());
            }
            None => batches.push(Batch {
                wanted: shared.wanted.clone(),
                ids,
                refers,
                places: vec![place],
                fields: vec![shared.field.clone()],
            }),
        }
    }
    let mut told = None;
    for batch in batches {
        let Found { columns, rows } = match resolve(call, plugin, plugins, &batch)? {
            Ok(found) => found,
            Err(why) => {
                told.get_or_insert(why);
                let rows = batch.ids.len();
                Found { columns: vec![nothing(rows); batch.places.len()], rows: vec![false; rows] }
            }
        };
        let lacks: Vec<usize> = batch
            .refers
            .iter()
            .enumerate()
            .filter(|(row, refers)| **refers && !rows.get(*row).is_some_and(|found| *found))
            .map(|(row, _)| row)
            .collect();
        for (place, column) in batch.places.iter().zip(columns) {
            if let Some(slot) = data.get_mut(*place) {
                *slot = column;
            }
            lacks.iter().for_each(|row| not_available(call, styles, *row, *place));
        }
    }
    Ok(told)
}

/// What a batch refers to; or why there is nothing.
fn resolve(
    call: &mut Call,
    plugin: &Plugin,
    plugins: &HashMap<PluginId, Arc<Plugin>>,
    batch: &Batch,
) -> Result<Result<Found, String>, CallError> {
    let language = call.language();
    let consumer = Consumer::Plugin { plugin: plugin.manifest.id.clone(), wanted: batch.wanted.clone() };
    let told = |call: &mut Call, error: ServiceError| match error {
        ServiceError::Refused(_) | ServiceError::Denied(_) => {
            call.refused(&error);
            Ok(Err(error.text(language)))
        }
        error => Err(CallError::from(error)),
    };
    let source = match Source::open(call, &consumer) {
        Ok(source) => source,
        Err(error) => return told(call, error),
    };
    let Some(provider) = plugins.get(source.provider()) else {
        return Ok(Err(format!("{} –", source.provider())));
    };
    match sharing::resolve(call, &source, &provider.data, &batch.ids, &batch.fields) {
        Ok(page) => Ok(Ok(Found {
            rows: page.ids.iter().map(|id| id.0 != [0; RecordId::SIZE]).collect(),
            columns: page.columns.into_iter().map(convert::to_column).collect(),
        })),
        // The contract gives another field than the page shows: for the vendor, and no secret.
        Err(RecordError::BadRequest(why)) => Ok(Err(why)),
        Err(error) => told(call, error.into()),
    }
}

/// Empty cells.
fn nothing(rows: usize) -> Column {
    let texts = TextColumn { data: Vec::new(), ends: vec![0; rows] };
    Column { values: ColumnValues::Texts(texts), validity: Some(vec![0; rows.div_ceil(8)]) }
}

/// Whether a row of a column holds something.
fn is_filled(column: &Column, row: usize) -> bool {
    let Some(validity) = &column.validity else { return true };
    validity.get(row / 8).is_some_and(|bits| bits & (1 << (row % 8)) != 0)
}

/// Says in an empty cell that what it refers to is not available; a plugin's own words stay.
fn not_available(call: &Call, styles: &mut Vec<CellStyle>, row: usize, column: usize) {
    let (Ok(row), Ok(column)) = (u32::try_from(row), u32::try_from(column)) else { return };
    let words = match call.language() {
        Language::Vi => "không khả dụng",
        Language::En => "not available",
    };
    let words = words.to_owned();
    match styles.iter_mut().find(|style| (style.row, style.column) == (row, column)) {
        Some(style) => drop(style.placeholder.get_or_insert(words)),
        None => styles.push(CellStyle {
            row,
            column,
            tone: Tone::Neutral,
            note: None,
            target: None,
            placeholder: Some(words),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_that_refers_to_nothing_is_not_one_whose_record_is_not_available() {
        let column = |validity| Column { values: ColumnValues::References(Vec::new()), validity };
        let filled = |column: &Column| (0..10).filter(|row| is_filled(column, *row)).collect::<Vec<_>>();
        assert_eq!(filled(&column(None)).len(), 10, "all are filled in");
        assert_eq!(filled(&column(Some(vec![0b1000_0001, 0b10]))), [0, 7, 9]);
        assert_eq!(filled(&column(Some(vec![0b1]))), [0], "a bitmap that is too short fills nothing in");
    }
}
