//! Many records added at once, from columns.

use std::collections::HashSet;

use dinh_model::{RecordId, Value};

use super::columns::Column;
use super::place::Place;
use super::words::{Fault, in_record};
use super::write::{duplicate, prepare, refuse_in_reading, write};
use super::{FieldProblem, MOST_ROWS, PluginData, RecordError, validate};
use crate::Call;

/// Most problems that a refusal names.
const MOST_PROBLEMS: usize = 100;

/// Many new records at once: one column for each field named, all of the same length. All or none: when one
/// record is refused, so are all, and each problem says which record it is, counted from 1.
pub fn insert_many(
    call: &mut Call,
    data: &PluginData,
    collection: &str,
    fields: &[String],
    columns: &[Column],
) -> Result<Vec<RecordId>, RecordError> {
    refuse_in_reading(call)?;
    let place = Place::find(data, collection)?;
    let named = named(&place, fields, columns)?;
    let rows = columns.first().map_or(0, Column::len);
    let mut problems = Problems { found: Vec::new(), more: 0 };
    // Everything is checked before anything is written: a refusal leaves no part of it behind.
    let mut new = Vec::with_capacity(rows);
    let mut taken = HashSet::new();
    let mut files = HashSet::new();
    for row in 0..rows {
        let values = match values(call, &place, &named, columns, row)? {
            Ok(values) => values,
            Err(found) => {
                problems.add(call, row, found);
                continue;
            }
        };
        let prepared = match prepare(call, &place, values) {
            Ok(prepared) => prepared,
            Err(RecordError::Invalid(found)) => {
                problems.add(call, row, found);
                continue;
            }
            Err(error) => return Err(error),
        };
        if prepared.files(&place).any(|(_, id)| !files.insert(id)) {
            return Err(RecordError::BadRequest("one file is given to two records".to_owned()));
        }
        for (name, entry) in &prepared.entries {
            if let Some(error) = duplicate(call, &place, prepared.id, name, entry)? {
                return Err(error);
            }
            if let Some(fields) = &entry.unique {
                let rival = entry.rivals.iter().any(|key| taken.contains(&(key.clone(), Vec::new())));
                if rival || !taken.insert(name.clone()) {
                    return Err(RecordError::Duplicate(validate::names(&place, fields)));
                }
            }
        }
        new.push(prepared);
    }
    problems.refuse(call)?;
    let ids: Vec<RecordId> = new.iter().map(|new| new.id).collect();
    new.into_iter().try_for_each(|new| write(call, &place, new))?;
    if !ids.is_empty() {
        let subject = format!("{}/{}", data.plugin, place.collection.name);
        call.evidence_about("record.created", subject, [("count", ids.len().to_string())], &ids);
    }
    Ok(ids)
}

/// The positions of the fields, once it is clear that the columns fit them.
fn named(place: &Place<'_>, fields: &[String], columns: &[Column]) -> Result<Vec<usize>, RecordError> {
    if fields.len() != columns.len() {
        return Err(RecordError::BadRequest(format!(
            "{} fields, but {} columns",
            fields.len(),
            columns.len()
        )));
    }
    let rows = columns.first().map_or(0, Column::len);
    if rows > MOST_ROWS as usize {
        return Err(RecordError::BadRequest(format!(
            "at most {MOST_ROWS} records are added at once, not {rows}"
        )));
    }
    let mut named = Vec::with_capacity(fields.len());
    for (field, column) in fields.iter().zip(columns) {
        let (at, _) = place.field(field)?;
        if named.contains(&at) {
            return Err(RecordError::BadRequest(format!("the field {field:?} is given twice")));
        }
        if column.len() != rows {
            return Err(RecordError::BadRequest(format!(
                "the column {field:?} has {} rows, the first has {rows}",
                column.len()
            )));
        }
        named.push(at);
    }
    Ok(named)
}

/// The fitted values of one row.
fn values(
    call: &Call,
    place: &Place<'_>,
    named: &[usize],
    columns: &[Column],
    row: usize,
) -> Result<Result<Vec<Value>, Vec<FieldProblem>>, RecordError> {
    let mut values = vec![Value::Empty; place.collection.fields.len()];
    let mut problems = Vec::new();
    for (at, column) in named.iter().zip(columns) {
        let (Some(field), Some(slot)) = (place.collection.fields.get(*at), values.get_mut(*at)) else {
            continue;
        };
        let fitted = match column.value(row) {
            Ok(value) => validate::fit(call, field, value)?,
            Err(why) => Err(Fault::Column(why)),
        };
        match fitted {
            Ok(value) => *slot = value,
            Err(fault) => problems.push(fault.of(&field.name, call.language())),
        }
    }
    if let Some((at, fault)) = validate::check_label(place, &values) {
        problems.push(fault.of(&validate::name(place, at), call.language()));
    }
    Ok(if problems.is_empty() { Ok(values) } else { Err(problems) })
}

struct Problems {
    found: Vec<FieldProblem>,
    more: usize,
}

impl Problems {
    fn add(&mut self, call: &Call, row: usize, found: Vec<FieldProblem>) {
        for problem in found {
            if self.found.len() < MOST_PROBLEMS {
                self.found.push(in_record(row + 1, problem, call.language()));
            } else {
                self.more += 1;
            }
        }
    }

    fn refuse(mut self, call: &Call) -> Result<(), RecordError> {
        if self.found.is_empty() {
            return Ok(());
        }
        if self.more > 0 {
            self.found.push(Fault::More(self.more).of("", call.language()));
        }
        Err(RecordError::Invalid(self.found))
    }
}
