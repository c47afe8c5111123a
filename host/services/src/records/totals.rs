//! Counts and sums of what the actor sees.

use std::sync::Arc;

use dinh_model::{Decimal, FieldType, Label, RecordId, Verb};

use super::filter::Filter;
use super::place::Place;
use super::planner;
use super::scan::{Asked, Found};
use super::selection::Selection;
use super::sight::Sight;
use super::{PluginData, RecordError, noted};
use crate::Call;

/// How many records are meant.
pub fn count(call: &mut Call, data: &PluginData, selection: &Selection) -> Result<u64, RecordError> {
    let place = Place::find(data, &selection.collection)?;
    let sight = Sight::of(call, data, place.permission(Verb::Read))?;
    let total = count_seen(call, &place, sight, selection)?;
    noted::read(call, &place, total.label, "count", &[], &selection.any_of, &total.labelled);
    Ok(total.rows)
}

/// The exact sum of a decimal, integer or money field over the records meant, empty ones left out.
pub fn sum(
    call: &mut Call,
    data: &PluginData,
    selection: &Selection,
    field: &str,
) -> Result<Decimal, RecordError> {
    let place = Place::find(data, &selection.collection)?;
    let sight = Sight::of(call, data, place.permission(Verb::Read))?;
    let (sum, total) = sum_seen(call, &place, sight, selection, field)?;
    let fields = [field.to_owned()];
    noted::read(call, &place, total.label, "sum", &fields, &selection.any_of, &total.labelled);
    Ok(sum)
}

/// What was counted or summed.
#[derive(Default)]
pub(super) struct Total {
    pub(super) rows: u64,
    /// The highest label of what took part.
    pub(super) label: Label,
    /// The labelled records that took part.
    pub(super) labelled: Vec<RecordId>,
}

impl Total {
    /// Of nothing yet. That there is none can betray what was asked about as well, to whom anything of that label is shown.
    fn of(asked: &Asked<'_>) -> Self {
        let told = asked.filter.label <= asked.sight.highest();
        Self { label: if told { asked.filter.label } else { Label::Ordinary }, ..Self::default() }
    }

    fn add(&mut self, id: RecordId, label: Label) {
        self.rows += 1;
        if label > Label::Ordinary {
            self.label = self.label.max(label);
            self.labelled.push(id);
        }
    }
}

/// How many records that a sight shows are meant.
pub(super) fn count_seen(
    call: &mut Call,
    place: &Place<'_>,
    sight: Arc<Sight>,
    selection: &Selection,
) -> Result<Total, RecordError> {
    let filter = Filter::compile(place, &selection.any_of)?;
    let asked = Asked::with(call, place, &filter, sight, filter.label, Vec::new())?;
    let mut total = Total::of(&asked);
    each(call, &asked, |found| {
        total.add(found.id, asked.found_label(&found.target));
        Ok(())
    })?;
    Ok(total)
}

/// The same of a sum.
pub(super) fn sum_seen(
    call: &mut Call,
    place: &Place<'_>,
    sight: Arc<Sight>,
    selection: &Selection,
    field: &str,
) -> Result<(Decimal, Total), RecordError> {
    let filter = Filter::compile(place, &selection.any_of)?;
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
    let mut sum = 0_i128;
    let asked = Asked::with(call, place, &filter, sight, about.label, vec![at])?;
    let mut total = Total::of(&asked);
    each(call, &asked, |found| {
        sum += i128::from(found.row.number(at).unwrap_or(0));
        total.add(found.id, asked.found_label(&found.target));
        Ok(())
    })?;
    let fits = i64::try_from(sum).is_ok();
    let sum = Decimal::try_from_i128_with_scale(sum, u32::from(scale)).ok().filter(|_| fits);
    let sum = sum.ok_or_else(|| {
        RecordError::BadRequest(format!("the sum of {field:?} has more digits than a decimal number holds"))
    })?;
    Ok((sum, total))
}

fn each(
    call: &mut Call,
    asked: &Asked<'_>,
    see: impl FnMut(Found<'_>) -> Result<(), RecordError>,
) -> Result<(), RecordError> {
    let accesses = planner::unordered(asked.place, &asked.findable, asked.filter)?;
    asked.walk_once(call, &accesses, see)
}
