//! The organisation tree, numbered in preorder, so that a unit with all below it is one interval and
//! "inside the subtree" is one comparison.

use std::ops::Range;
use std::sync::Arc;

use dinh_model::UnitId;

use crate::{CompileError, UnitFact};

/// A unit's place in preorder.
pub(crate) type Place = u16;

/// Stands in `places` for a number that no unit has.
const NOWHERE: u32 = u32::MAX;

/// The units in preorder, siblings by number. Policies that follow one another share it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tree {
    /// By the unit's number: its place, or [`NOWHERE`].
    places: Arc<[u32]>,
    /// By place: the unit.
    units: Arc<[UnitId]>,
    /// By place: how many units lie below it.
    below: Arc<[u16]>,
    /// By place: the place of the unit above; a root's own.
    above: Arc<[Place]>,
}

/// A tree that is being numbered.
struct Numbering {
    places: Vec<u32>,
    units: Vec<UnitId>,
    below: Vec<u16>,
    above: Vec<Place>,
}

impl Tree {
    /// Most units: places are 16 bits wide, so that a grant is one word.
    pub const MOST_UNITS: usize = 1 << 16;
    /// Highest number of a unit: places are looked up in an array by number.
    pub const HIGHEST_NUMBER: usize = (1 << 22) - 1;

    pub fn compile(facts: &[UnitFact]) -> Result<Self, CompileError> {
        too_large("number of units", facts.len(), Self::MOST_UNITS)?;
        let mut sorted: Vec<UnitFact> = facts.to_vec();
        sorted.sort_by_key(|unit| unit.id);
        let size = sorted.last().map_or(0, |unit| unit.id.0 as usize + 1);
        too_large("highest number of a unit", size.saturating_sub(1), Self::HIGHEST_NUMBER)?;
        for pair in sorted.windows(2) {
            if let [one, other] = pair
                && one.id == other.id
            {
                return Err(CompileError::Twice { what: "unit", id: one.id.to_string() });
            }
        }
        // First and next child as positions in `sorted`; filled backwards, so that siblings come by number.
        let position = |id: UnitId| sorted.binary_search_by_key(&id, |unit| unit.id).ok();
        let mut first_child = vec![None; sorted.len()];
        let mut next_sibling = vec![None; sorted.len()];
        let mut first_root = None;
        for (index, unit) in sorted.iter().enumerate().rev() {
            let head = match unit.parent {
                None => &mut first_root,
                Some(parent) => position(parent)
                    .and_then(|parent| first_child.get_mut(parent))
                    .ok_or(CompileError::UnknownUnit { by: format!("unit {}", unit.id), unit: parent })?,
            };
            if let Some(next) = next_sibling.get_mut(index) {
                *next = head.replace(index);
            }
        }
        let mut numbering = Numbering {
            places: vec![NOWHERE; size],
            units: Vec::with_capacity(sorted.len()),
            below: vec![0; sorted.len()],
            above: Vec::with_capacity(sorted.len()),
        };
        numbering.number(first_root, &sorted, &first_child, &next_sibling);
        let Numbering { places, units, below, above } = numbering;
        let tree =
            Self { places: places.into(), units: units.into(), below: below.into(), above: above.into() };
        if tree.units.len() < sorted.len() {
            return Err(CompileError::Cycle(tree.cycle(&sorted)));
        }
        Ok(tree)
    }

    /// One cycle among the units that no root reaches.
    fn cycle(&self, sorted: &[UnitFact]) -> Vec<UnitId> {
        let parent = |id: UnitId| {
            let index = sorted.binary_search_by_key(&id, |unit| unit.id).ok()?;
            sorted.get(index)?.parent
        };
        let mut path = Vec::new();
        let mut at = sorted.iter().map(|unit| unit.id).find(|id| self.place(*id).is_none());
        while let Some(unit) = at {
            if let Some(start) = path.iter().position(|seen| *seen == unit) {
                path.drain(..start);
                break;
            }
            path.push(unit);
            at = parent(unit);
        }
        path
    }

    /// How many units there are.
    pub fn len(&self) -> usize {
        self.units.len()
    }

    /// The place of a unit; none when it does not exist.
    #[inline]
    pub fn place(&self, unit: UnitId) -> Option<Place> {
        self.places.get(unit.0 as usize).and_then(|place| Place::try_from(*place).ok())
    }

    /// The place of a unit and of all above it, from the nearest to the root.
    pub fn upwards(&self, place: Place) -> impl Iterator<Item = Place> {
        let above =
            |place: &Place| self.above.get(usize::from(*place)).copied().filter(|above| above != place);
        std::iter::successors(Some(place), above)
    }

    /// A unit's own place, and how many places after it lie below it.
    pub fn subtree(&self, unit: UnitId) -> Option<(Place, u16)> {
        let place = self.place(unit)?;
        Some((place, *self.below.get(usize::from(place))?))
    }

    /// All units, in preorder.
    pub fn all(&self) -> &[UnitId] {
        &self.units
    }

    /// The unit at a place.
    pub fn unit(&self, place: Place) -> Option<UnitId> {
        self.units.get(usize::from(place)).copied()
    }

    /// The units at some places.
    pub fn units(&self, places: Range<u32>) -> &[UnitId] {
        self.units.get(places.start as usize..places.end as usize).unwrap_or_default()
    }
}

impl Numbering {
    /// Walks the tree in preorder without recursion, so that depth is bounded by memory only.
    fn number(
        &mut self,
        mut next: Option<usize>,
        units: &[UnitFact],
        first_child: &[Option<usize>],
        next_sibling: &[Option<usize>],
    ) {
        let mut open: Vec<(usize, usize)> = Vec::new();
        loop {
            if let Some(index) = next {
                let place = self.units.len();
                if let Some(unit) = units.get(index) {
                    if let Some(slot) = self.places.get_mut(unit.id.0 as usize) {
                        *slot = u32::try_from(place).unwrap_or(NOWHERE);
                    }
                    self.units.push(unit.id);
                    let above = open.last().map_or(place, |(_, above)| *above);
                    self.above.push(Place::try_from(above).unwrap_or(Place::MAX));
                }
                open.push((index, place));
                next = first_child.get(index).copied().flatten();
            } else if let Some((index, place)) = open.pop() {
                if let Some(below) = self.below.get_mut(place) {
                    *below = Place::try_from(self.units.len() - place - 1).unwrap_or(Place::MAX);
                }
                next = next_sibling.get(index).copied().flatten();
            } else {
                break;
            }
        }
    }
}

/// The one wording of "too large".
pub(crate) fn too_large(what: &'static str, found: usize, most: usize) -> Result<(), CompileError> {
    if found > most { Err(CompileError::TooLarge { what, found, most }) } else { Ok(()) }
}
