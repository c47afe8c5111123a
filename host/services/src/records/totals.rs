//! Counts and sums of what the actor sees.

use dinh_model::{Decimal, FieldType};

use super::filter::Filter;
use super::place::Place;
use super::planner;
use super::scan::{Asked, Found};
use super::selection::Selection;
use super::{PluginData, RecordError};
use crate::Call;

/// How many records are meant.
pub fn count(call: &mut Call, data: &PluginData, selection: &Selection) -> Result<u64, RecordError> {
    let place = Place::find(data, &selection.collection)?;
    let filter = Filter::compile(&place, &selection.any_of)?;
    let mut counted = 0;
    let asked = Asked::new(call, &place, &filter, filter.label, Vec::new())?;
    each(call, &asked, |_| {
        counted += 1;
        Ok(())
    })?;
    Ok(counted)
}

/// The exact sum of a decimal, integer or money field over the records meant, empty ones left out.
pub fn sum(
    call: &mut Call,
    data: &PluginData,
    selection: &Selection,
    field: &str,
) -> Result<Decimal, RecordError> {
    let place = Place::find(data, &selection.collection)?;
    let filter = Filter::compile(&place, &selection.any_of)?;
    let (at, about) = place.field(field)?;
    let scale = match about.kind {
        FieldType::Integer | FieldType::Money => 0,
        FieldType::Decimal { scale } => scale,
        _ => {
            return Err(RecordError::BadRequest(format!(
                "{field:?} is a field of type {}; only integer, money and decimal fields have a sum",
                about.kind.name()
            )));
        }
    };
    // A million times the largest number has 25 digits: 128 bits always suffice on the way.
    let mut total = 0_i128;
    let asked = Asked::new(call, &place, &filter, about.label, vec![at])?;
    each(call, &asked, |found| {
        total += i128::from(found.row.number(at).unwrap_or(0));
        Ok(())
    })?;
    let fits = i64::try_from(total).is_ok();
    let total = Decimal::try_from_i128_with_scale(total, u32::from(scale)).ok().filter(|_| fits);
    total.ok_or_else(|| {
        RecordError::BadRequest(format!("the sum of {field:?} has more digits than a decimal number holds"))
    })
}

fn each(
    call: &mut Call,
    asked: &Asked<'_>,
    see: impl FnMut(Found<'_>) -> Result<(), RecordError>,
) -> Result<(), RecordError> {
    let accesses = planner::unordered(asked.place, &asked.findable, asked.filter)?;
    asked.walk_once(call, &accesses, see)
}
