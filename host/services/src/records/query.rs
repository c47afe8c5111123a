//! One page of a selection.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::Arc;

use dinh_model::{Label, RecordId, Verb};

use super::cursor::{self, QueryHash};
use super::filter::Filter;
use super::order::{Ordering, Position};
use super::place::Place;
use super::planner::{self, Access, Plan};
use super::projection::Projection;
use super::scan::{Asked, Found};
use super::selection::{Page, Selection};
use super::sight::Sight;
use super::{MOST_FIELDS, MOST_ROWS, PluginData, RecordError, copies, noted};
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
    copies::cling_named(call, &place, &found.page.ids, fields)?;
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
    let hash = QueryHash::of(place, selection, call.common.folder)?;
    let sealing = cursor::key(call, place, &order)?;
    let read = after.map(|after| cursor::read(after, hash, &order, sealing.as_deref())).transpose();
    if read.is_err() {
        call.records.refused_cursor = after.map(str::to_owned);
    }
    let after = read?;
    let mut asked = Asked::with(call, place, &filter, sight, order.label, page.fields())?;
    asked.list = true;
    let plan = planner::plan(place, &asked.findable, &filter, &order, after.as_ref())?;
    let more = match &plan {
        Plan::Walk { access, backward, aside: None } => {
            walk(call, &asked, access, *backward, limit, &mut page)?
        }
        Plan::Walk { access, backward, aside: Some(aside) } => {
            let mut first = First::new(&order, after.as_ref(), limit);
            asked.shows = order.positions();
            first.gather(call, &asked, aside)?;
            if first.rows.is_empty() {
                asked.shows = page.fields();
                walk(call, &asked, access, *backward, limit, &mut page)?
            } else {
                first.follow(call, &asked, access, *backward)?;
                first.show(call, &asked, &mut page)?
            }
        }
        Plan::Gather(accesses) => {
            let mut first = First::new(&order, after.as_ref(), limit);
            asked.shows = order.positions();
            accesses.iter().try_for_each(|access| first.gather(call, &asked, access))?;
            first.show(call, &asked, &mut page)?
        }
    };
    let next = match page.last() {
        Some(last) if more => {
            let position = |found: Found<'_>| Ok(order.position(place, &found.row, last)?);
            let position = asked.read(call, last, &order.positions(), position)?;
            Some(cursor::write(hash, position, sealing.as_deref())?)
        }
        _ => None,
    };
    // That a row is there, or none, can betray what was asked about; that there is none tells nothing to whom nothing of
    // that label is shown.
    let by = filter.label.max(order.label);
    let told = page.len() > 0 || by <= asked.sight.highest();
    let shown = if told { page.shown().max(by) } else { page.shown() };
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

/// The first rows after a position, of rows that come in any order: a page of them is kept in memory, and one more.
struct First<'a> {
    order: &'a Ordering,
    after: Option<Vec<u8>>,
    limit: usize,
    /// How many came.
    sorted: usize,
    /// A record that comes twice has the same bytes twice, and is kept once.
    rows: BTreeSet<(Vec<u8>, RecordId)>,
}

impl<'a> First<'a> {
    fn new(order: &'a Ordering, after: Option<&Position>, limit: usize) -> Self {
        let after = after.map(|position| order.sortable(position));
        Self { order, after, limit, sorted: 0, rows: BTreeSet::new() }
    }

    /// Takes a row; whether it is after the position.
    fn take(&mut self, place: &Place<'_>, found: &Found<'_>) -> Result<bool, RecordError> {
        let key = self.order.sortable(&self.order.position(place, &found.row, found.id)?);
        if self.after.as_ref().is_some_and(|after| key <= *after) {
            return Ok(false);
        }
        self.rows.insert((key, found.id));
        if self.rows.len() > self.limit + 1 {
            self.rows.pop_last();
        }
        Ok(true)
    }

    /// Takes all rows of an access.
    fn gather(&mut self, call: &mut Call, asked: &Asked<'_>, access: &Access) -> Result<(), RecordError> {
        let _to_the_end = asked.walk(call, access, false, |found| {
            self.sorted += 1;
            if self.sorted > MOST_SORTED {
                return Err(too_many(asked.place, self.order));
            }
            self.take(asked.place, &found)?;
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(())
    }

    /// Takes rows of an access that come in order, until there are enough of them.
    fn follow(
        &mut self,
        call: &mut Call,
        asked: &Asked<'_>,
        access: &Access,
        backward: bool,
    ) -> Result<(), RecordError> {
        let mut taken = 0;
        let _where_it_ended = asked.walk(call, access, backward, |found| {
            taken += usize::from(self.take(asked.place, &found)?);
            Ok(if taken > self.limit { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
        })?;
        Ok(())
    }

    /// Puts them on a page; whether there are more.
    fn show(self, call: &Call, asked: &Asked<'_>, page: &mut Projection) -> Result<bool, RecordError> {
        let (found, shows) = (self.rows.len(), page.fields());
        for (_, id) in self.rows.into_iter().take(self.limit) {
            if page.bytes() >= PAGE_BYTES {
                break;
            }
            asked.read(call, id, &shows, |found| {
                page.push(&found.row, id, found.version, found.target.label, |label| {
                    asked.sight.sees_field(&found.target, label)
                })
            })?;
        }
        Ok(page.len() < found)
    }
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
