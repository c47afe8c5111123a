//! Which position of a unit a cell means: its title in either language, without regard to case and diacritics, or its
//! number, which tells apart those of one title.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use dinh_model::{PositionId, UnitId, text};

use super::super::{Position, positions};
use crate::{Call, ServiceError};

/// The positions of units, read once each.
#[derive(Default)]
pub(super) struct Posts(HashMap<UnitId, Vec<Position>>);

/// Why a cell means no position.
pub(super) enum NoPost {
    /// The unit has none of that title or number.
    Unknown,
    /// It has several of that title.
    Several(Vec<PositionId>),
}

impl Posts {
    /// The position of a unit that a cell means.
    pub(super) fn find(
        &mut self,
        call: &Call,
        unit: UnitId,
        cell: &str,
    ) -> Result<Result<Position, NoPost>, ServiceError> {
        let there = match self.0.entry(unit) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => unknown.insert(positions::positions_in(call, unit)?),
        };
        if let Ok(number) = cell.trim().parse::<PositionId>() {
            let numbered = there.iter().find(|position| position.id == number);
            return Ok(numbered.cloned().ok_or(NoPost::Unknown));
        }
        let wanted = text::fold(cell);
        let titled = |position: &&Position| {
            text::fold(&position.title.vi) == wanted || text::fold(&position.title.en) == wanted
        };
        let found: Vec<&Position> = there.iter().filter(titled).collect();
        Ok(match found.as_slice() {
            [] => Err(NoPost::Unknown),
            [position] => Ok((*position).clone()),
            several => Err(NoPost::Several(several.iter().map(|position| position.id).collect())),
        })
    }
}
