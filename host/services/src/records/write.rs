//! One record added, changed or removed.

use std::collections::BTreeMap;
use std::sync::Arc;

use dinh_model::row::Placeholder;
use dinh_model::{FileId, Label, RecordId, Row, Target, Value, Verb};
use dinh_store::{Fill, Part};

use super::cover::{Cover, Opener};
use super::index::{self, Entry, EntryName};
use super::place::Place;
use super::scan::version;
use super::selection::FieldValue;
use super::sight::{Sight, raised, target_of_row, target_of_values};
use super::working::fresh_id;
use super::{PluginData, RecordError, copies, fed, holding, reference, validate, volume};
use crate::secrets::SealError;
use crate::{Call, Resource, ServiceError};

/// Most bytes of one row.
const LONGEST_ROW: usize = 4 << 20;

/// A new record with these values; fields not named are empty.
pub fn insert(
    call: &mut Call,
    data: &PluginData,
    collection: &str,
    values: Vec<FieldValue>,
) -> Result<RecordId, RecordError> {
    refuse_in_reading(call)?;
    let place = Place::find(data, collection)?;
    let mut row = vec![Value::Empty; place.collection.fields.len()];
    assign(call, &place, &mut row, values)?;
    let new = prepare(call, &place, row)?;
    let id = new.id;
    for (name, entry) in &new.entries {
        if let Some(error) = duplicate(call, &place, id, name, entry)? {
            return Err(error);
        }
    }
    write(call, &place, new)?;
    call.evidence_about("record.created", place.subject(id), [], &[id]);
    Ok(id)
}

/// New values for some fields of a record; with `expected`, only while the record still has that version.
pub fn update(
    call: &mut Call,
    data: &PluginData,
    collection: &str,
    id: RecordId,
    expected: Option<u64>,
    values: Vec<FieldValue>,
) -> Result<(), RecordError> {
    refuse_in_reading(call)?;
    let place = Place::find(data, collection)?;
    let sight = Sight::of(call, data, place.permission(Verb::Read))?;
    let before = stored(call, &place, id, sight)?;
    before.whole()?;
    let mut after = before.values.clone();
    let mut named = assign(call, &place, &mut after, values)?;
    before.keep_unseen(&place, &mut named, &mut after);
    let permission = place.permission(Verb::Update);
    // A labelled field may be written only by those who may see it, or what they overwrite would be lost
    // to those who may; so the labels of what is written count as well.
    let label = labels(&place, &named, |_| true);
    call.require(permission, &raised(before.target, label))?;
    let target = raised(target_of_values(&place, &after), label);
    call.require(permission, &target)?;
    before.require_version(expected)?;
    let changed = |at: usize| named.contains(&at) && after.get(at) != before.values.get(at);
    if !named.iter().any(|at| changed(*at)) {
        return Ok(());
    }
    confined(call, &place, &target_of_values(&place, &after), &after, changed)?;
    let problems = validate::problems(call, &place, &after, changed)?;
    if !problems.is_empty() {
        return Err(RecordError::Invalid(problems));
    }
    rewrite(call, &place, id, &before, &after)?;
    let names: Vec<_> = named.iter().map(|at| validate::name(&place, *at)).collect();
    call.evidence_about("record.changed", place.subject(id), [("fields", names.join(" "))], &[id]);
    Ok(())
}

/// Removes a record; with `expected`, only while the record still has that version. One whose key was destroyed can be
/// removed by whoever could remove it whatever it holds.
pub fn delete(
    call: &mut Call,
    data: &PluginData,
    collection: &str,
    id: RecordId,
    expected: Option<u64>,
) -> Result<(), RecordError> {
    refuse_in_reading(call)?;
    let place = Place::find(data, collection)?;
    let sight = Sight::of(call, data, place.permission(Verb::Read))?;
    let before = stored(call, &place, id, sight)?;
    let filled =
        |at: usize| before.lost.is_some() || before.values.get(at).is_some_and(|value| !value.is_empty());
    let all: Vec<usize> = (0..place.collection.fields.len()).collect();
    let label = labels(&place, &all, filled);
    call.require(place.permission(Verb::Delete), &raised(before.target, label))?;
    before.require_version(expected)?;
    // That a record is gone tells what led to it.
    confined(call, &place, &before.target, &before.values, |_| false)?;
    reference::refuse_if_referred_to(call, &place, id)?;
    remove(call, &place, id, &before)?;
    call.evidence_about("record.removed", place.subject(id), before.said_of_lost(), &[id]);
    Ok(())
}

/// Removes a record for the platform itself, which may; nothing refers to it. `why` stands in the evidence.
pub(super) fn remove_by_house(
    call: &mut Call,
    place: &Place<'_>,
    id: RecordId,
    why: (&'static str, String),
) -> Result<(), RecordError> {
    let before = stored(call, place, id, Arc::new(Sight::of_the_house(call)))?;
    remove(call, place, id, &before)?;
    let detail = before.said_of_lost().into_iter().chain([why]);
    call.evidence_about("record.removed", place.subject(id), detail, &[id]);
    Ok(())
}

/// Empties fields of a record for the platform itself, which may.
pub(super) fn empty_by_house(
    call: &mut Call,
    place: &Place<'_>,
    id: RecordId,
    fields: &[usize],
) -> Result<(), RecordError> {
    let before = stored(call, place, id, Arc::new(Sight::of_the_house(call)))?;
    before.whole()?;
    let mut after = before.values.clone();
    for at in fields {
        if let Some(value) = after.get_mut(*at) {
            *value = Value::Empty;
        }
    }
    rewrite(call, place, id, &before, &after)
}

/// Takes a record out, and what belongs to it.
fn remove(call: &mut Call, place: &Place<'_>, id: RecordId, before: &Stored) -> Result<(), RecordError> {
    call.spend(Resource::RecordsWritten, 1)?;
    let label = before.target.label;
    let cover = match before.lost {
        Some(_) => Cover { label, key: None },
        None => Cover::of_stored(call, place, label)?,
    };
    if before.lost.is_some() {
        let keys = index::keys_of_lost(call, place, &cover, id, &before.values)?;
        let references = reference::keys_of_lost(call, place, label, id)?;
        keys.into_iter().chain(references).for_each(|key| call.transaction.delete(key));
    } else {
        for ((key, fill), _) in index::entries(place, &cover, id, &before.values) {
            call.transaction.delete_filled(key, &fill);
        }
    }
    for key in reference::keys(place, &cover, id, &before.values) {
        call.transaction.delete(key);
    }
    copies::row_removed(call, place, id)?;
    fed::written(call, place, id, Some(&before.values))?;
    holding::change(call, place, id, &before.values, &[])?;
    let key = place.row(id);
    volume::changed(call, place, -1, -volume::size(key.len(), before.bytes))?;
    call.records.pending.remove(&key);
    call.transaction.delete(key);
    Ok(())
}

/// A record that may be added; whether it is a duplicate has yet to be asked.
pub(super) struct New {
    pub(super) id: RecordId,
    pub(super) entries: BTreeMap<EntryName, Entry>,
    cover: Cover,
    values: Vec<Value>,
}

impl New {
    /// The files that it holds.
    pub(super) fn files<'v>(&'v self, place: &'v Place<'_>) -> impl Iterator<Item = (usize, FileId)> + 'v {
        holding::files(place, &self.values)
    }
}

/// Whether a record with these fitted values may be added. Writes nothing.
pub(super) fn prepare(call: &mut Call, place: &Place<'_>, values: Vec<Value>) -> Result<New, RecordError> {
    let all: Vec<usize> = (0..values.len()).collect();
    let filled = |at: usize| values.get(at).is_some_and(|value| !value.is_empty());
    let target = raised(target_of_values(place, &values), labels(place, &all, filled));
    call.require(place.permission(Verb::Create), &target)?;
    confined(call, place, &target_of_values(place, &values), &values, filled)?;
    let problems = validate::problems(call, place, &values, |_| true)?;
    if !problems.is_empty() {
        return Err(RecordError::Invalid(problems));
    }
    let id = fresh_id(call);
    let cover = Cover::to_write(call, place, &values)?;
    Ok(New { id, entries: index::entries(place, &cover, id, &values), cover, values })
}

/// Refuses what may not be written after what the call has read: `which` says which of the values it writes.
fn confined(
    call: &mut Call,
    place: &Place<'_>,
    target: &Target,
    values: &[Value],
    which: impl Fn(usize) -> bool + Clone,
) -> Result<(), RecordError> {
    if call.confinement.is_free() {
        return Ok(());
    }
    let fields = place.collection.fields.iter().zip(values).enumerate();
    let written = fields.filter(move |(at, _)| which(*at)).map(|(at, (field, value))| {
        (field.label, if copies::is_closed(place, at) { &Value::Empty } else { value })
    });
    Ok(call.may_write(&place.path(), target, written)?)
}

/// Writes a record that has been prepared.
pub(super) fn write(call: &mut Call, place: &Place<'_>, new: New) -> Result<(), RecordError> {
    let New { id, entries, cover, values } = new;
    let bytes = encode(place, &cover, id, &values)?;
    call.spend(Resource::RecordsWritten, 1)?;
    for ((key, _), entry) in entries {
        call.transaction.put_filled(key, entry.value, entry.fill);
    }
    for key in reference::keys(place, &cover, id, &values) {
        call.transaction.put(key, Vec::new());
    }
    copies::written(call, place, id, &values, |_| true, false)?;
    fed::written(call, place, id, None)?;
    holding::change(call, place, id, &[], &values)?;
    volume::changed(call, place, 1, volume::size(place.row(id).len(), bytes.0.len()))?;
    put_row(call, place, id, &values, bytes);
    Ok(())
}

/// Writing is refused while a page is drawn.
pub(super) fn refuse_in_reading(call: &Call) -> Result<(), RecordError> {
    if call.records.read_only { Err(RecordError::ReadOnly) } else { Ok(()) }
}

/// Puts named values into a row; returns which fields they are.
fn assign(
    call: &Call,
    place: &Place<'_>,
    row: &mut [Value],
    values: Vec<FieldValue>,
) -> Result<Vec<usize>, RecordError> {
    let mut named = Vec::with_capacity(values.len());
    let mut problems = Vec::new();
    for FieldValue { field, value } in values {
        let (at, about) = place.field(&field)?;
        if named.contains(&at) {
            return Err(RecordError::BadRequest(format!("the field {field:?} is given twice")));
        }
        named.push(at);
        match (validate::fit(call, about, value)?, row.get_mut(at)) {
            (Ok(value), Some(slot)) => *slot = value,
            (Ok(_), None) => {}
            (Err(fault), _) => problems.push(fault.of(&field, call.language())),
        }
    }
    if let Some((at, fault)) = validate::check_label(place, row) {
        problems.push(fault.of(&validate::name(place, at), call.language()));
    }
    if problems.is_empty() { Ok(named) } else { Err(RecordError::Invalid(problems)) }
}

/// The highest label of some fields.
pub(super) fn labels(place: &Place<'_>, fields: &[usize], which: impl Fn(usize) -> bool) -> Label {
    let labels = fields.iter().filter(|at| which(**at)).filter_map(|at| place.collection.fields.get(*at));
    labels.map(|field| field.label).max().unwrap_or_default()
}

/// A record as it is before a write.
struct Stored {
    sight: Arc<Sight>,
    values: Vec<Value>,
    target: Target,
    version: u64,
    /// Bytes of its row.
    bytes: usize,
    /// Why what lies sealed cannot be read any more, if so: its fields are empty in `values`.
    lost: Option<SealError>,
}

impl Stored {
    /// A form shows a field empty to those who are not cleared for it, and brings it back empty: what they
    /// could not see stays as it is.
    fn keep_unseen(&self, place: &Place<'_>, named: &mut Vec<usize>, after: &mut [Value]) {
        named.retain(|at| {
            let label = labels(place, &[*at], |_| true);
            match (after.get_mut(*at), self.values.get(*at)) {
                (Some(new), Some(old)) if new.is_empty() && !self.sight.sees_field(&self.target, label) => {
                    *new = old.clone();
                    false
                }
                _ => true,
            }
        });
    }

    /// Goes on only with what can be read.
    fn whole(&self) -> Result<(), RecordError> {
        let lost = self.lost.clone().map(|error| ServiceError::from(error).into());
        lost.map_or(Ok(()), Err)
    }

    /// What the evidence says of one that nobody could read any more.
    fn said_of_lost(&self) -> Option<(&'static str, String)> {
        self.lost.as_ref().map(|_| ("key", "destroyed".to_owned()))
    }

    fn require_version(&self, expected: Option<u64>) -> Result<(), RecordError> {
        if expected.is_none_or(|expected| expected == self.version) {
            Ok(())
        } else {
            Err(RecordError::Stale)
        }
    }
}

/// The record, if a sight shows it; of one whose key was destroyed, what stands in the clear.
fn stored(
    call: &mut Call,
    place: &Place<'_>,
    id: RecordId,
    sight: Arc<Sight>,
) -> Result<Stored, RecordError> {
    call.spend(Resource::RowsRead, 1)?;
    let (key, opener) = (place.row(id), Opener::new(call, place));
    let found = call.transaction.read(&key, |item| {
        let row = Row::read(item.value)?;
        let target = target_of_row(place, &row);
        if !sight.sees(&target) {
            return Ok(None);
        }
        let (opened, lost) = match opener.open(&call.transaction, place, id, &row) {
            // Where nobody can tell any more from whom it is withheld, it is from everybody.
            Err(RecordError::Service(ServiceError::Sealed(error @ SealError::Destroyed { .. })))
                if !sight.opens_to_withhold(place, target.label) =>
            {
                (None, Some(error))
            }
            opened => (opened?, None),
        };
        let row = opened.as_ref().map_or(Ok(row), |opened| Row::read(opened))?;
        if sight.is_withheld(&call.transaction, &opener, place, &row)? {
            return Ok(None);
        }
        let fields = place.collection.fields.iter().enumerate();
        let values = fields.map(|(at, field)| row.value(at, &field.kind)).collect::<Result<_, _>>()?;
        let version = version(item.version);
        let bytes = item.value.len();
        Ok(Some(Stored { sight: Arc::clone(&sight), values, target, version, bytes, lost }))
    })?;
    let mut stored = found.unwrap_or(Ok::<_, RecordError>(None))?.ok_or(RecordError::NotFound)?;
    // Numbers that this call has yet to draw are still to be drawn, not zero.
    for (at, draw) in call.records.pending.get(&key).into_iter().flatten() {
        if let Some(value) = stored.values.get_mut(*at) {
            *value = Value::Drawn(*draw);
        }
    }
    Ok(stored)
}

/// Writes a row anew, and what belongs to it as far as it changed.
fn rewrite(
    call: &mut Call,
    place: &Place<'_>,
    id: RecordId,
    stored: &Stored,
    after: &[Value],
) -> Result<(), RecordError> {
    let before = stored.values.as_slice();
    let was = Cover::of_stored(call, place, target_of_values(place, before).label)?;
    let is = Cover::to_write(call, place, after)?;
    let bytes = encode(place, &is, id, after)?;
    let mut old = index::entries(place, &was, id, before);
    let mut new = index::entries(place, &is, id, after);
    new.retain(|name, _| old.remove(name).is_none());
    for (name, entry) in &new {
        if let Some(error) = duplicate(call, place, id, name, entry)? {
            return Err(error);
        }
    }
    call.spend(Resource::RecordsWritten, 1)?;
    for ((key, fill), _) in old {
        call.transaction.delete_filled(key, &fill);
    }
    for ((key, _), entry) in new {
        call.transaction.put_filled(key, entry.value, entry.fill);
    }
    let old = reference::keys(place, &was, id, before);
    let new = reference::keys(place, &is, id, after);
    for key in old.difference(&new) {
        call.transaction.delete(key.clone());
    }
    for key in new.difference(&old) {
        call.transaction.put(key.clone(), Vec::new());
    }
    copies::written(call, place, id, after, |at| before.get(at) != after.get(at), true)?;
    fed::written(call, place, id, Some(before))?;
    holding::change(call, place, id, before, after)?;
    volume::changed(call, place, 0, volume::size(0, bytes.0.len()) - volume::size(0, stored.bytes))?;
    put_row(call, place, id, after, bytes);
    Ok(())
}

/// A row as bytes, and where numbers have yet to be put into it.
type Encoded = (Vec<u8>, Vec<Placeholder>);

fn encode(place: &Place<'_>, cover: &Cover, id: RecordId, values: &[Value]) -> Result<Encoded, RecordError> {
    let (bytes, drawn) = cover.encode(place, id, values)?;
    if bytes.len() > LONGEST_ROW {
        return Err(RecordError::BadRequest(format!(
            "a record of {} holds at most {LONGEST_ROW} bytes, not {}; keep long texts as attachments",
            place.collection.name,
            bytes.len()
        )));
    }
    Ok((bytes, drawn))
}

fn put_row(call: &mut Call, place: &Place<'_>, id: RecordId, values: &[Value], (bytes, drawn): Encoded) {
    let key = place.row(id);
    let pending: Vec<(usize, u32)> = values
        .iter()
        .enumerate()
        .filter_map(|(at, value)| if let Value::Drawn(draw) = value { Some((at, *draw)) } else { None })
        .collect();
    if pending.is_empty() {
        call.records.pending.remove(&key);
    } else {
        call.records.pending.insert(key.clone(), pending);
    }
    let fill = drawn.into_iter().map(|(at, draw)| Fill {
        draw,
        part: Part::Value,
        offset: u32::try_from(at).unwrap_or(u32::MAX),
    });
    call.transaction.put_filled(key, bytes, fill.collect());
}

/// What is wrong when an entry that nobody may have twice is taken. That it is free is an expectation of
/// the change, so of two calls that take it at the same moment one conflicts, runs again, and is told. A
/// number still to be drawn is new by itself, and the store makes sure of it.
pub(super) fn duplicate(
    call: &Call,
    place: &Place<'_>,
    id: RecordId,
    (key, _): &EntryName,
    entry: &Entry,
) -> Result<Option<RecordError>, RecordError> {
    let Some(fields) = entry.unique.as_ref().filter(|_| entry.fill.is_empty()) else { return Ok(None) };
    for key in std::iter::once(key).chain(&entry.rivals) {
        // What this record itself had before its label changed is in nobody's way.
        if call.transaction.read(key, |item| item.value != id.0)? == Some(true) {
            return Ok(Some(RecordError::Duplicate(validate::names(place, fields))));
        }
    }
    Ok(None)
}
