//! Walking: from keys to rows that the actor sees and the query means.

use std::cell::Cell;
use std::collections::HashSet;
use std::ops::ControlFlow;
use std::sync::Arc;

use dinh_model::{Label, RecordId, Row, RowError, Target, Verb};
use dinh_store::{Direction, Item, Seq, Transaction};
use zeroize::Zeroizing;

use super::RecordError;
use super::cover::{Opener, is_lost, without_sealed};
use super::filter::Filter;
use super::index::Shape;
use super::place::Place;
use super::planner::{Access, Findable};
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
    /// What can be found for the actor.
    pub(super) findable: Findable,
    /// The fields that are looked at in what is found: a sealed row is opened only when it has one of them sealed, or
    /// is asked about one.
    pub(super) shows: Vec<usize>,
    /// Whether it is for a list, which shows records whose key was destroyed as far as they stand in the clear.
    pub(super) list: bool,
    opener: Opener,
    /// The highest label of the fields that decide which rows come, and in which order: whoever is not
    /// cleared for them could otherwise find out what is in them by asking.
    label: Label,
    /// The last row that was judged, and whether the actor sees it.
    judged: Cell<Option<(Target, bool)>>,
}

impl<'a> Asked<'a> {
    pub(super) fn new(
        call: &mut Call,
        place: &'a Place<'a>,
        filter: &'a Filter,
        label: Label,
        shows: Vec<usize>,
    ) -> Result<Self, RecordError> {
        let sight = Sight::of(call, place.data, place.permission(Verb::Read))?;
        Self::with(call, place, filter, sight, label, shows)
    }

    /// The same with a sight that is known.
    pub(super) fn with(
        call: &Call,
        place: &'a Place<'a>,
        filter: &'a Filter,
        sight: Arc<Sight>,
        label: Label,
        shows: Vec<usize>,
    ) -> Result<Self, RecordError> {
        let findable = Findable::by(call, place, filter, sight.highest())?;
        let opener = Opener::new(call, place);
        let label = label.max(filter.label);
        Ok(Self {
            place,
            filter,
            sight,
            findable,
            shows,
            list: false,
            opener,
            label,
            judged: Cell::new(None),
        })
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
        let mut key = Vec::new();
        while let Some(item) = range.step()? {
            call.usage.spend(&call.limits, Resource::RowsRead, 1)?;
            let id = access.shape.id(item.key, item.value);
            let id = id.ok_or(RowError::Damaged("an index entry that names no record"))?;
            let (transaction, only) = (&call.transaction, access.label);
            let flow = if access.shape == Shape::Rows {
                self.show(transaction, only, id, item, &mut see)?
            } else {
                let show = |item: Item<'_>| self.show(transaction, only, id, item, &mut see);
                let row = transaction.read(self.place.row_in(id, &mut key), show)?;
                row.ok_or(RowError::Damaged("an index entry without its record"))??
            };
            if flow.is_break() {
                return Ok(flow);
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    /// Whether the actor sees a row with what it was found by. Rows that lie together are mostly one unit's and
    /// one label's: what was said of the last one is known.
    #[inline]
    fn sees(&self, target: Target) -> bool {
        if let Some((last, sees)) = self.judged.get()
            && last == target
        {
            return sees;
        }
        let sees = self.sight.sees(&raised(target, self.label));
        self.judged.set(Some((target, sees)));
        sees
    }

    /// Whether a row is withheld from the actor.
    #[inline]
    fn is_withheld(&self, transaction: &Transaction, row: &Row<'_>) -> Result<bool, RecordError> {
        self.sight.is_withheld(transaction, &self.opener, self.place, row)
    }

    #[inline]
    fn show(
        &self,
        transaction: &Transaction,
        only: Option<Label>,
        id: RecordId,
        item: Item<'_>,
        see: &mut impl FnMut(Found<'_>) -> Result<ControlFlow<()>, RecordError>,
    ) -> Result<ControlFlow<()>, RecordError> {
        let row = Row::read(item.value)?;
        let target = target_of_row(self.place, &row);
        if only.is_some_and(|only| only != target.label) || !self.sees(target) {
            return Ok(ControlFlow::Continue(()));
        }
        let found = Found { id, version: version(item.version), target, row };
        if row.sealed().is_some() {
            return self.show_sealed(transaction, found, see);
        }
        if self.is_withheld(transaction, &row)? || !self.filter.holds(&row)? {
            return Ok(ControlFlow::Continue(()));
        }
        see(found)
    }

    /// The same of a row of which a part is sealed: opened once, if at all.
    #[cold]
    fn show_sealed(
        &self,
        transaction: &Transaction,
        found: Found<'_>,
        see: &mut impl FnMut(Found<'_>) -> Result<ControlFlow<()>, RecordError>,
    ) -> Result<ControlFlow<()>, RecordError> {
        let label = found.target.label;
        let asked = self.sight.opens_to_withhold(self.place, label)
            || self.filter.fields().any(|field| self.place.collection.seals(field, label));
        if !asked && self.is_withheld(transaction, &found.row)? {
            return Ok(ControlFlow::Continue(()));
        }
        if asked && !self.sight.opens() {
            return Ok(ControlFlow::Continue(()));
        }
        if !asked && !self.filter.holds(&found.row)? {
            return Ok(ControlFlow::Continue(()));
        }
        if !asked && !self.shows_sealed(&self.shows, &found.target) {
            return see(found);
        }
        let opened = match asked {
            true => self.opener.open(transaction, self.place, found.id, &found.row)?,
            false => self.opened(transaction, found.id, &found.row, label)?,
        };
        let row = opened.as_ref().map_or(Ok(found.row), |opened| Row::read(opened))?;
        if asked && (self.is_withheld(transaction, &row)? || !self.filter.holds(&row)?) {
            return Ok(ControlFlow::Continue(()));
        }
        see(Found { row, ..found })
    }

    /// A row to be shown, opened; in a list what is left of it, when its key was destroyed.
    fn opened(
        &self,
        transaction: &Transaction,
        id: RecordId,
        row: &Row<'_>,
        label: Label,
    ) -> Result<Option<Zeroizing<Vec<u8>>>, RecordError> {
        match self.opener.open(transaction, self.place, id, row) {
            Err(error) if self.list && is_lost(&error) => {
                Ok(Some(Zeroizing::new(without_sealed(self.place, row, label)?)))
            }
            opened => opened,
        }
    }

    /// Whether one of these fields is sealed in a row, and the actor sees it there.
    fn shows_sealed(&self, fields: &[usize], target: &Target) -> bool {
        self.sight.opens()
            && fields.iter().any(|at| {
                let field = self.place.collection.fields.get(*at);
                self.place.collection.seals(*at, target.label)
                    && field.is_some_and(|field| self.sight.sees_field(target, field.label))
            })
    }

    /// Reads one row that a walk has found, to look at these fields.
    pub(super) fn read<T>(
        &self,
        call: &Call,
        id: RecordId,
        shows: &[usize],
        see: impl FnOnce(Found<'_>) -> Result<T, RecordError>,
    ) -> Result<T, RecordError> {
        let read = call.transaction.read(&self.place.row(id), |item| {
            let row = Row::read(item.value)?;
            let target = target_of_row(self.place, &row);
            let opened = match row.sealed().is_some() && self.shows_sealed(shows, &target) {
                true => self.opened(&call.transaction, id, &row, target.label)?,
                false => None,
            };
            let row = opened.as_ref().map_or(Ok(row), |opened| Row::read(opened))?;
            see(Found { id, version: version(item.version), target, row })
        });
        read?.ok_or(RowError::Damaged("a record that vanished between two reads"))?
    }

    /// Shows one row, if it is there, the actor sees it and the query means it; whether it was shown.
    pub(super) fn one(
        &self,
        call: &mut Call,
        id: RecordId,
        mut see: impl FnMut(Found<'_>) -> Result<(), RecordError>,
    ) -> Result<bool, RecordError> {
        call.spend(Resource::RowsRead, 1)?;
        let mut shown = false;
        let mut look = |found: Found<'_>| {
            shown = true;
            see(found)?;
            Ok(ControlFlow::Continue(()))
        };
        let transaction = &call.transaction;
        let read = transaction
            .read(&self.place.row(id), |item| self.show(transaction, None, id, item, &mut look))?;
        if let Some(flow) = read {
            let _goes_on = flow?;
        }
        Ok(shown)
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
