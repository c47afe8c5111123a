//! Walking: from keys to rows that the actor sees and the query means.

use std::collections::HashSet;
use std::ops::ControlFlow;
use std::sync::Arc;

use dinh_model::{Label, RecordId, Row, RowError, Target, Verb};
use dinh_store::{Direction, Item, Seq};

use super::RecordError;
use super::filter::Filter;
use super::index::Shape;
use super::place::Place;
use super::planner::Access;
use super::sight::{Sight, raised, target_of_row};
use crate::{Call, Resource};

/// A row that was found.
pub(super) struct Found<'a> {
    pub(super) id: RecordId,
    /// 0 for what this call wrote itself.
    pub(super) version: u64,
    pub(super) target: Target,
    pub(super) row: Row<'a>,
}

/// What is asked of each row.
pub(super) struct Asked<'a> {
    pub(super) place: &'a Place<'a>,
    pub(super) filter: &'a Filter,
    pub(super) sight: Arc<Sight>,
    /// The highest label of the fields that decide which rows come, and in which order: whoever is not
    /// cleared for them could otherwise find out what is in them by asking.
    label: Label,
}

impl<'a> Asked<'a> {
    pub(super) fn new(
        call: &mut Call,
        place: &'a Place<'a>,
        filter: &'a Filter,
        label: Label,
    ) -> Result<Self, RecordError> {
        let sight = Sight::of(call, place.data, place.permission(Verb::Read))?;
        Ok(Self::with(place, filter, sight, label))
    }

    /// The same with a sight that is known.
    pub(super) fn with(place: &'a Place<'a>, filter: &'a Filter, sight: Arc<Sight>, label: Label) -> Self {
        Self { place, filter, sight, label: label.max(filter.label) }
    }

    /// How confidential it is that a row was found: its own label, or that of the fields it was found by.
    pub(super) fn found_label(&self, target: &Target) -> Label {
        target.label.max(self.label)
    }

    /// Walks `access`, and shows each row that the actor sees and the query means.
    pub(super) fn walk(
        &self,
        call: &mut Call,
        access: &Access,
        backward: bool,
        mut see: impl FnMut(Found<'_>) -> Result<ControlFlow<()>, RecordError>,
    ) -> Result<ControlFlow<()>, RecordError> {
        if self.sight.is_blind() {
            return Ok(ControlFlow::Continue(()));
        }
        let direction = if backward { Direction::Backward } else { Direction::Forward };
        let mut range = call.transaction.range(&access.start, access.end.as_deref(), direction);
        while let Some(item) = range.step()? {
            call.usage.spend(&call.limits, Resource::RowsRead, 1)?;
            let id = access.shape.id(item.key, item.value);
            let id = id.ok_or(RowError::Damaged("an index entry that names no record"))?;
            let flow = if access.shape == Shape::Rows {
                self.show(id, item, &mut see)?
            } else {
                let row = call.transaction.read(&self.place.row(id), |item| self.show(id, item, &mut see))?;
                row.ok_or(RowError::Damaged("an index entry without its record"))??
            };
            if flow.is_break() {
                return Ok(flow);
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    fn show(
        &self,
        id: RecordId,
        item: Item<'_>,
        see: &mut impl FnMut(Found<'_>) -> Result<ControlFlow<()>, RecordError>,
    ) -> Result<ControlFlow<()>, RecordError> {
        let row = Row::read(item.value)?;
        let target = target_of_row(self.place, &row);
        if !self.sight.sees(&raised(target, self.label)) || !self.filter.holds(&row)? {
            return Ok(ControlFlow::Continue(()));
        }
        see(Found { id, version: version(item.version), target, row })
    }

    /// Walks several accesses, and shows each row once.
    pub(super) fn walk_once(
        &self,
        call: &mut Call,
        accesses: &[Access],
        mut see: impl FnMut(Found<'_>) -> Result<(), RecordError>,
    ) -> Result<(), RecordError> {
        let may_repeat = accesses.len() > 1 || accesses.iter().any(|access| access.shape == Shape::Words);
        let mut seen = HashSet::new();
        for access in accesses {
            let _to_the_end = self.walk(call, access, false, |found| {
                if !may_repeat || seen.insert(found.id) {
                    see(found)?;
                }
                Ok(ControlFlow::Continue(()))
            })?;
        }
        Ok(())
    }
}

/// A version as plugins see it: 0 for what the call wrote itself.
pub(super) fn version(seq: Seq) -> u64 {
    if seq == Seq::PENDING { 0 } else { seq.0 }
}
