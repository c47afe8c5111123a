//! The organisations below one: by whom each remits to, and where that is not recorded, by the unit above it.

use dinh_sdk::prelude::*;
use dinh_sdk::{accounts, text};

use crate::model::division::Organisation;
use crate::month::Month;
use crate::pages::unit_name;
use crate::rules::tree::{self, Branch};

/// These units as the tree that they are at a month's end, those beside each other by name.
pub(crate) fn tree(month: Month, units: &[UnitId]) -> Result<Vec<Branch>> {
    let (organisations, day) = (Organisation::load()?, month.last_day());
    let remits_to = |unit: UnitId| organisations.on(unit, day).and_then(|placed| placed.upper);
    let above = |unit: UnitId| remits_to(unit).or_else(|| accounts::unit(unit)?.parent.map(UnitId));
    let mut units = units.to_vec();
    units.sort_by_cached_key(|unit| (text::sort_key(&unit_name(*unit)), *unit));
    Ok(tree::branches(&units, &above))
}

/// The name of each in its tree, with that of the one it stands below: `Đảng bộ Sở Xây dựng › Chi bộ 2`.
pub(crate) fn names(branches: &[Branch]) -> Vec<String> {
    let mut above: Vec<String> = Vec::new();
    let name = |branch: &Branch| {
        let own = unit_name(branch.unit);
        above.truncate(branch.depth);
        let whole = above.last().map_or_else(|| own.clone(), |upper| format!("{upper} › {own}"));
        above.push(own);
        whole
    };
    branches.iter().map(name).collect()
}

/// Those of these units that are `top` or stand below it at a month's end.
pub(crate) fn of(top: UnitId, month: Month, units: &[UnitId]) -> Result<Vec<Branch>> {
    Ok(tree::within(&tree(month, units)?, top))
}
