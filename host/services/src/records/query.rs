//! One page of a selection.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::Arc;

use dinh_model::{Label, RecordId, Row, RowError, Verb};

use super::cursor::{self, QueryHash};
use super::filter::Filter;
use super::order::{Ordering, Position};
use super::place::Place;
use super::planner::{self, Access, Plan};
use super::projection::Projection;
use super::scan::{Asked, version};
use super::selection::{Page, Selection};
use super::sight::{Sight, target_of_row};
use super::{MOST_FIELDS, MOST_ROWS, PluginData, RecordError, noted};
use crate::Call;

/// Most records that are sorted for want of an index. Sorting keeps one page in memory, but reads them all
/// again for each page; beyond this, an index has to be declared.
const MOST_SORTED: usize = 100_000;
/// A page ends early when it holds this many bytes, so that long texts do not fill the memory.
const PAGE_BYTES: usize = 8 << 20;

/// One page of at most `limit` records, beginning after the cursor `after`.
pub fn query(
    call: &mut Call,
    data: &PluginData,
    selection: &Selection,
    after: Option<&str>,
    limit: u32,
) -> Result<Page, RecordError> {
    let place = Place::find(data, &selection.collection)?;
    let sight = Sight::of(call, data, place.permission(Verb::Read))?;
    let found = page(call, &place, sight, selection, after, limit)?;
    let (fields, any_of) = (&selection.fields, &selection.any_of);
    noted::read(call, &place, found.shown, "query", fields, any_of, &found.labelled);
    Ok(found.page)
}

/// A page, and what of it is labelled.
pub(super) struct FoundPage {
    pub(super) page: Page,
    pub(super) shown: Label,
    pub(super) labelled: Vec<RecordId>,
}

/// One page of what a sight shows.
pub(super) fn page(
    call: &mut Call,
    place: &Place<'_>,
    sight: Arc<Sight>,
    selection: &Selection,
    after: Option<&str>,
    limit: u32,
) -> Result<FoundPage, RecordError> {
    if limit == 0 || limit > MOST_ROWS {
        return Err(RecordError::BadRequest(format!("a page has 1 to {MOST_ROWS} records, not {limit}")));
    }
    if selection.fields.is_empty() || selection.fields.len() > MOST_FIELDS {
        return Err(RecordError::BadRequest(format!(
            "a query returns 1 to {MOST_FIELDS} fields, not {}",
            selection.fields.len()
        )));
    }
    let limit = limit as usize;
    let mut page = Projection::new(place, &selection.fields, limit)?;
    let filter = Filter::compile(place, &selection.any_of)?;
    let order = Ordering::compile(place, &selection.order_by)?;
    let hash = QueryHash::of(place, selection)?;
    let after = after.map(|after| cursor::read(after, hash, &order)).transpose()?;
    let plan = planner::plan(place, &filter, &order, after.as_ref())?;
    let asked = Asked::with(place, &filter, sight, order.label);
    let more = match &plan {
        Plan::Walk { access, backward } => walk(call, &asked, access, *backward, limit, &mut page)?,
        Plan::Gather(accesses) => gather(call, &asked, accesses, &order, after.as_ref(), limit, &mut page)?,
    };
    let next = match page.last() {
        Some(last) if more => {
            let position = read_row(call, place, last, |row, _| Ok(order.position(place, row, last)?))?;
            Some(cursor::write(hash, position)?)
        }
        _ => None,
    };
    // That a row is there can betray what it was found by.
    let by = filter.label.max(order.label);
    let shown = if page.len() > 0 { page.shown().max(by) } else { page.shown() };
    let labelled = if by > Label::Ordinary { page.ids() } else { page.labelled() }.to_vec();
    Ok(FoundPage { shown, labelled, page: page.finish(next) })
}

/// Takes rows as they come; whether there are more.
fn walk(
    call: &mut Call,
    asked: &Asked<'_>,
    access: &Access,
    backward: bool,
    limit: usize,
    page: &mut Projection,
) -> Result<bool, RecordError> {
    let flow = asked.walk(call, access, backward, |found| {
        if page.len() >= limit || page.bytes() >= PAGE_BYTES {
            return Ok(ControlFlow::Break(()));
        }
        page.push(&found.row, found.id, found.version, found.target.label, |label| {
            asked.sight.sees_field(&found.target, label)
        })?;
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(flow.is_break())
}

/// Sorts, keeping only what may be on this page; whether there are more.
fn gather(
    call: &mut Call,
    asked: &Asked<'_>,
    accesses: &[Access],
    order: &Ordering,
    after: Option<&Position>,
    limit: usize,
    page: &mut Projection,
) -> Result<bool, RecordError> {
    let after = after.map(|position| order.sortable(position));
    // A record that comes twice has the same bytes twice, and is kept once.
    let mut first: BTreeSet<(Vec<u8>, RecordId)> = BTreeSet::new();
    let mut sorted = 0;
    for access in accesses {
        let _to_the_end = asked.walk(call, access, false, |found| {
            sorted += 1;
            if sorted > MOST_SORTED {
                return Err(too_many(asked.place, order));
            }
            let key = order.sortable(&order.position(asked.place, &found.row, found.id)?);
            if after.as_ref().is_none_or(|after| key > *after) {
                first.insert((key, found.id));
                if first.len() > limit + 1 {
                    first.pop_last();
                }
            }
            Ok(ControlFlow::Continue(()))
        })?;
    }
    let found = first.len();
    for (_, id) in first.into_iter().take(limit) {
        if page.bytes() >= PAGE_BYTES {
            break;
        }
        read_row(call, asked.place, id, |row, version| {
            let target = target_of_row(asked.place, row);
            page.push(row, id, version, target.label, |label| asked.sight.sees_field(&target, label))
        })?;
    }
    Ok(page.len() < found)
}

fn too_many(place: &Place<'_>, order: &Ordering) -> RecordError {
    let fields: Vec<_> = order
        .fields
        .iter()
        .filter_map(|order| place.collection.fields.get(order.field))
        .map(|field| field.name.as_str())
        .collect();
    RecordError::BadRequest(format!(
        "more than {MOST_SORTED} records of {} would have to be sorted; declare an index whose fields are those \
         compared for equality, then ({}), or narrow the query",
        place.collection.name,
        fields.join(", ")
    ))
}

/// Reads one row that a walk has found.
fn read_row<T>(
    call: &Call,
    place: &Place<'_>,
    id: RecordId,
    see: impl FnOnce(&Row<'_>, u64) -> Result<T, RecordError>,
) -> Result<T, RecordError> {
    call.transaction
        .read(&place.row(id), |item| see(&Row::read(item.value)?, version(item.version)))?
        .ok_or(RowError::Damaged("a record that vanished between two reads"))?
}
