//! The organisation tree, as it is on the day of the call.

use dinh_sdk::accounts::{self, Unit};
use dinh_sdk::prelude::*;

/// Deepest tree that is walked: province, department, division, section have four levels.
const DEEPEST: usize = 16;

/// All units, each before those below it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Units(Vec<Placed>);

/// A unit and how deep it stands.
#[derive(Clone, Debug)]
pub(crate) struct Placed {
    pub(crate) unit: Unit,
    pub(crate) depth: usize,
}

impl Units {
    /// The tree.
    pub(crate) fn load() -> Self {
        let mut units = Vec::new();
        walk(None, 0, &mut units);
        Self(units)
    }

    /// In the order of the tree.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Placed> {
        self.0.iter()
    }

    /// A unit and all below it; the unit alone when it is not in the tree today.
    pub(crate) fn within(&self, unit: UnitId) -> Vec<UnitId> {
        let Some(at) = self.0.iter().position(|placed| placed.unit.id == unit.0) else { return vec![unit] };
        let depth = self.0.get(at).map_or(0, |placed| placed.depth);
        let below = self.0.iter().skip(at + 1).take_while(|placed| placed.depth > depth);
        std::iter::once(unit).chain(below.map(|placed| UnitId(placed.unit.id))).collect()
    }

    /// Whether this is the whole tree.
    pub(crate) fn is_all(&self, units: &[UnitId]) -> bool {
        units.len() >= self.0.len()
    }

    /// Units that are called so: by code, or by three letters and more that their name holds, without regard to case and diacritics.
    pub(crate) fn called(&self, words: &str) -> Vec<UnitId> {
        let wanted = dinh_sdk::text::fold(words);
        let wanted = wanted.trim();
        let holds = |placed: &&Placed| {
            let unit = &placed.unit;
            let long = wanted.chars().count() >= 3;
            unit.code.eq_ignore_ascii_case(words.trim())
                || (long && dinh_sdk::text::fold(&unit.name).contains(wanted))
        };
        self.0.iter().filter(holds).map(|placed| UnitId(placed.unit.id)).collect()
    }

    /// A unit by its code or its name, without regard to case and diacritics.
    pub(crate) fn find(&self, words: &str) -> Option<UnitId> {
        let wanted = dinh_sdk::text::fold(words);
        let code = self.0.iter().find(|placed| placed.unit.code.eq_ignore_ascii_case(words.trim()));
        code.or_else(|| self.0.iter().find(|placed| dinh_sdk::text::fold(&placed.unit.name) == wanted))
            .map(|placed| UnitId(placed.unit.id))
    }
}

fn walk(parent: Option<UnitId>, depth: usize, into: &mut Vec<Placed>) {
    if depth >= DEEPEST {
        return;
    }
    for unit in accounts::units_below(parent) {
        let id = UnitId(unit.id);
        into.push(Placed { unit, depth });
        walk(Some(id), depth + 1, into);
    }
}

/// The name of a unit whatever its term.
pub(crate) fn name(unit: UnitId) -> String {
    accounts::unit(unit).map_or_else(|| unit.0.to_string(), |unit| unit.name)
}

/// The code of a unit whatever its term.
pub(crate) fn code(unit: UnitId) -> String {
    accounts::unit(unit).map_or_else(|| unit.0.to_string(), |unit| unit.code)
}
