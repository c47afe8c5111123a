//! Shared fields on a page: what the references of a column refer to, looked up by the host in one batch.
//!
//! A plugin that keeps references shows names without ever reading them: no text of another unit enters its code, and
//! nothing has to be copied.

use std::collections::HashMap;
use std::sync::Arc;

use dinh_model::{PluginId, RecordId};
use dinh_services::records::RecordError;
use dinh_services::sharing::{self, Consumer, Source};
use dinh_services::{Call, ServiceError};

use crate::bindings::types::{Column, ColumnValues, TextColumn};
use crate::bindings::views::{Block, Page, TableColumn};
use crate::imports::convert;
use crate::{CallError, Plugin};

/// Puts the fields in place of the references that columns of the page hold. Where no contract is in force, the cells
/// are empty and the table says why.
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
                if let Some(why) = fill(call, plugin, plugins, &columns, &mut table.data)? {
                    let note = table.note.take().map_or_else(String::new, |note| format!("{note} "));
                    table.note = Some(format!("{note}{why}"));
                }
            }
            Block::EntryGrid(grid) => {
                let columns: Vec<&TableColumn> = grid.columns.iter().map(|column| &column.column).collect();
                if let Some(why) = fill(call, plugin, plugins, &columns, &mut grid.data)? {
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
    /// Places of the columns, and their fields.
    places: Vec<usize>,
    fields: Vec<String>,
}

/// Fills the columns; why not, where the reader has to be told.
fn fill(
    call: &mut Call,
    plugin: &Plugin,
    plugins: &HashMap<PluginId, Arc<Plugin>>,
    columns: &[&TableColumn],
    data: &mut [Column],
) -> Result<Option<String>, CallError> {
    let mut batches: Vec<Batch> = Vec::new();
    for (place, (column, held)) in columns.iter().zip(data.iter()).enumerate() {
        let (Some(shared), ColumnValues::References(references)) = (&column.shared, &held.values) else {
            continue;
        };
        let ids: Vec<RecordId> = references.iter().copied().map(convert::record_id).collect();
        let same = |batch: &&mut Batch| batch.wanted == shared.wanted && batch.ids == ids;
        match batches.iter_mut().find(same) {
            Some(batch) => {
                batch.places.push(place);
                batch.fields.push(shared.field.clone());
            }
            None => batches.push(Batch {
                wanted: shared.wanted.clone(),
                ids,
                places: vec![place],
                fields: vec![shared.field.clone()],
            }),
        }
    }
    let mut told = None;
    for batch in batches {
        match resolve(call, plugin, plugins, &batch)? {
            Ok(found) => {
                for (place, column) in batch.places.iter().zip(found) {
                    if let Some(slot) = data.get_mut(*place) {
                        *slot = column;
                    }
                }
            }
            Err(why) => {
                for place in &batch.places {
                    if let Some(slot) = data.get_mut(*place) {
                        *slot = nothing(batch.ids.len());
                    }
                }
                told.get_or_insert(why);
            }
        }
    }
    Ok(told)
}

/// The columns of a batch, in the order of its fields; or why there are none.
fn resolve(
    call: &mut Call,
    plugin: &Plugin,
    plugins: &HashMap<PluginId, Arc<Plugin>>,
    batch: &Batch,
) -> Result<Result<Vec<Column>, String>, CallError> {
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
        Ok(page) => Ok(Ok(page.columns.into_iter().map(convert::to_column).collect())),
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
