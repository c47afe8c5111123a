//! The organisations below one: by whom each remits to, and where that is not recorded, by the unit above it.

use dinh_sdk::accounts;
use dinh_sdk::prelude::*;

use crate::model::division::Organisation;
use crate::month::Month;
use crate::rules::tree::{self, Branch};

/// These units as the tree that they are at a month's end.
pub(crate) fn tree(month: Month, units: &[UnitId]) -> Result<Vec<Branch>> {
    let (organisations, day) = (Organisation::load()?, month.last_day());
    let remits_to = |unit: UnitId| organisations.on(unit, day).and_then(|placed| placed.upper);
    let above = |unit: UnitId| remits_to(unit).or_else(|| accounts::unit(unit)?.parent.map(UnitId));
    Ok(tree::branches(units, &above))
}

/// Those of these units that are `top` or stand below it at a month's end.
pub(crate) fn of(top: UnitId, month: Month, units: &[UnitId]) -> Result<Vec<Branch>> {
    Ok(tree::within(&tree(month, units)?, top))
}
