//! Telling the feed: a record of a watched collection was written.

use dinh_model::{RecordId, Row, Value, row};

use super::RecordError;
use super::filter::Filter;
use super::place::Place;
use super::shared::fixed;
use super::sight::target_of_values;
use crate::Call;
use crate::sharing::feed::{Was, Watch, WatchedDataset};

/// Notes that a record is written; `before`: what it held, none for a new one. Costs a look-up for each call and
/// collection while nobody watches.
pub(super) fn written(
    call: &mut Call,
    place: &Place<'_>,
    id: RecordId,
    before: Option<&[Value]>,
) -> Result<(), RecordError> {
    if call.staged {
        return Ok(());
    }
    let (plugin, collection) = (&place.data.plugin, &place.collection.name);
    let Some(watch) = call.watched(plugin, collection)? else { return Ok(()) };
    let was = before.map(|values| was(place, &watch, values)).transpose()?;
    call.feed(plugin, collection, id, was);
    Ok(())
}

fn was(place: &Place<'_>, watch: &Watch, values: &[Value]) -> Result<Was, RecordError> {
    let (bytes, _) = row::write(values)?;
    let row = Row::read(&bytes)?;
    let inside = |dataset: &&WatchedDataset| -> Result<bool, RecordError> {
        let conditions = fixed(&dataset.rows, &dataset.filled);
        Ok(Filter::compile(place, std::slice::from_ref(&conditions))?.holds(&row)?)
    };
    let mut datasets = Vec::new();
    for dataset in &watch.datasets {
        if inside(&dataset)? {
            datasets.push(dataset.name.clone());
        }
    }
    Ok(Was::new(&target_of_values(place, values), datasets))
}
