//! Which fields hold what was copied under a contract, and their removal when that ends.
//!
//! A field holds a copy when a call that had read texts under a contract for copies wrote a text into it that the
//! person did not submit (`sharing::Confinement`): the rule by which a call that may keep only references is refused
//! that text. So the copies are what is to go when the contract ends, and what stays is what could always be kept.
//!
//! ```text
//! COPY   │ contract u32 │ key of the row   → Copied: the fields
//! COPIED │ key of the row │ contract u32   → –
//! ```
//!
//! Whoever reads a field that holds a copy has read under its contract, so the copy of a copy is one, in another plugin
//! too. A field that is written anew by somebody who did not read holds none any more; a record none of whose fields
//! does is nobody's copy.

use std::collections::{BTreeMap, BTreeSet};

use dinh_model::key::after_prefix;
use dinh_model::{ContractId, FieldType, Keep, PluginId, RecordId, Value};
use dinh_store::Direction;
use serde::{Deserialize, Serialize};

use super::cover::is_lost;
use super::place::Place;
use super::{PluginData, RecordError, reference, validate, write};
use crate::{Call, ServiceError, space};

/// What of a record was copied under a contract.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Copied {
    /// Whose record it is.
    pub(crate) plugin: PluginId,
    /// The positions of the fields.
    fields: Vec<u16>,
}

/// What became of a copy that was due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Removed {
    /// The record was removed.
    Record,
    /// Others refer to the record, so what was copied was taken out of it.
    Texts,
    /// Others refer to the record, and it cannot be without what was copied.
    Not,
    /// It is no copy any more.
    Gone,
}

/// Notes what a call wrote to a row: `which` fields have new values. `known`: the row was there before.
pub(super) fn written(
    call: &mut Call,
    place: &Place<'_>,
    id: RecordId,
    values: &[Value],
    which: impl Fn(usize) -> bool,
    known: bool,
) -> Result<(), RecordError> {
    let copying = call.confinement.copying().to_vec();
    let fresh = |(at, value): (usize, &Value)| {
        let copied = which(at) && !is_closed(place, at) && !call.confinement.is_own(value);
        if copied { u16::try_from(at).ok() } else { None }
    };
    let fresh: Vec<u16> =
        if copying.is_empty() { Vec::new() } else { values.iter().enumerate().filter_map(fresh).collect() };
    let row = place.row(id);
    let mut all: BTreeMap<ContractId, BTreeSet<u16>> = BTreeMap::new();
    if known && holds_copies(call, place)? {
        for (contract, copied) in of_row(call, &row)? {
            let kept = copied.fields.into_iter().filter(|at| !which(usize::from(*at))).collect();
            all.insert(contract, kept);
        }
    }
    if !fresh.is_empty() {
        copying.iter().for_each(|contract| all.entry(*contract).or_default().extend(&fresh));
    }
    for (contract, fields) in all {
        if fields.is_empty() {
            forget(call, contract, &row);
            continue;
        }
        let copied = Copied { plugin: place.data.plugin.clone(), fields: fields.into_iter().collect() };
        call.save(copy_key(contract, &row), &copied)?;
        call.transaction.put(copied_key(&row, Some(contract)), Vec::new());
        remember(call, place, true);
    }
    Ok(())
}

/// Whether no text of others can stand in a field: the words of a label and of a catalog are nobody's.
pub(super) fn is_closed(place: &Place<'_>, at: usize) -> bool {
    let code = |field: &dinh_model::Field| matches!(field.kind, FieldType::Code { .. });
    place.collection.label_field == Some(at) || place.collection.fields.get(at).is_some_and(code)
}

/// Notes that a row is gone.
pub(super) fn row_removed(call: &mut Call, place: &Place<'_>, id: RecordId) -> Result<(), RecordError> {
    if holds_copies(call, place)? {
        let row = place.row(id);
        for (contract, _) in of_row(call, &row)? {
            forget(call, contract, &row);
        }
    }
    Ok(())
}

/// Lets what was read of these records cling to the call: fields that hold copies were read under their contract.
pub(super) fn cling(
    call: &mut Call,
    place: &Place<'_>,
    ids: &[RecordId],
    fields: &[usize],
) -> Result<(), RecordError> {
    if ids.is_empty() || !holds_copies(call, place)? {
        return Ok(());
    }
    for id in ids {
        for (contract, copied) in of_row(call, &place.row(*id))? {
            if copied.fields.iter().any(|at| fields.contains(&usize::from(*at))) {
                call.confinement.read_under(contract, Keep::Copies, true);
            }
        }
    }
    Ok(())
}

/// The same of fields by their names.
pub(super) fn cling_named(
    call: &mut Call,
    place: &Place<'_>,
    ids: &[RecordId],
    fields: &[String],
) -> Result<(), RecordError> {
    if ids.is_empty() || !holds_copies(call, place)? {
        return Ok(());
    }
    let fields: Vec<usize> = fields.iter().filter_map(|name| Some(place.field(name).ok()?.0)).collect();
    cling(call, place, ids, &fields)
}

/// Removes a record that holds what was copied under a contract which has ended: the platform does, whoever may else.
/// A record that others refer to stays, without what was copied, if it can be without.
pub(crate) fn remove_copy(
    call: &mut Call,
    data: &PluginData,
    collection: &str,
    id: RecordId,
    contract: ContractId,
) -> Result<Removed, RecordError> {
    let place = Place::find(data, collection)?;
    let row = place.row(id);
    let Some(copied): Option<Copied> = call.load(&copy_key(contract, &row))? else {
        return Ok(Removed::Gone);
    };
    let why = ("contract", contract.to_string());
    match reference::refuse_if_referred_to(call, &place, id) {
        Ok(()) => {
            write::remove_by_house(call, &place, id, why)?;
            Ok(Removed::Record)
        }
        Err(RecordError::Invalid(_)) => {
            let fields: Vec<usize> = copied.fields.iter().map(|at| usize::from(*at)).collect();
            let required = |at: &usize| place.collection.fields.get(*at).is_none_or(|field| field.required);
            if fields.iter().any(required) {
                return Ok(Removed::Not);
            }
            let names: Vec<_> = fields.iter().map(|at| validate::name(&place, *at)).collect();
            match write::empty_by_house(call, &place, id, &fields) {
                // Nobody can read what it holds: it goes with what refers to it.
                Err(error) if is_lost(&error) => return Ok(Removed::Not),
                emptied => emptied?,
            }
            let detail = [("fields", names.join(" ")), why];
            call.evidence_about("record.changed", place.subject(id), detail, &[id]);
            Ok(Removed::Texts)
        }
        Err(error) => Err(error),
    }
}

/// What was copied into a row, by contract.
fn of_row(call: &Call, row: &[u8]) -> Result<Vec<(ContractId, Copied)>, ServiceError> {
    let prefix = copied_key(row, None);
    let end = after_prefix(&prefix);
    // Unchecked: it changes only with the row, which the call relies on.
    let range = call.transaction.range_unchecked(&prefix, end.as_deref(), Direction::Forward);
    let mut found = Vec::new();
    for item in range {
        let (key, _) = item?;
        let contract =
            space::trailing_number(&key).map(ContractId).ok_or_else(|| crate::call::damaged(&key))?;
        if let Some(copied) = call.load(&copy_key(contract, row))? {
            found.push((contract, copied));
        }
    }
    Ok(found)
}

/// Whether any record of a collection holds a copy; asked once in a call.
fn holds_copies(call: &mut Call, place: &Place<'_>) -> Result<bool, ServiceError> {
    if let Some((_, holds)) = call.records.copied.iter().find(|(rows, _)| rows == place.rows()) {
        return Ok(*holds);
    }
    let prefix = copied_key(place.rows(), None);
    let end = after_prefix(&prefix);
    let mut range = call.transaction.range_unchecked(&prefix, end.as_deref(), Direction::Forward);
    let holds = range.step()?.is_some();
    drop(range);
    remember(call, place, holds);
    Ok(holds)
}

fn remember(call: &mut Call, place: &Place<'_>, holds: bool) {
    match call.records.copied.iter_mut().find(|(rows, _)| rows == place.rows()) {
        Some((_, known)) => *known = holds,
        None => call.records.copied.push((place.rows().to_vec(), holds)),
    }
}

fn forget(call: &mut Call, contract: ContractId, row: &[u8]) {
    call.transaction.delete(copy_key(contract, row));
    call.transaction.delete(copied_key(row, Some(contract)));
}

fn copy_key(contract: ContractId, row: &[u8]) -> Vec<u8> {
    space::key(space::COPY, &[&contract.0.to_be_bytes(), row])
}

fn copied_key(row: &[u8], contract: Option<ContractId>) -> Vec<u8> {
    let contract = contract.map(|contract| contract.0.to_be_bytes());
    space::key(space::COPIED, &[row, contract.as_ref().map_or(&[], |contract| contract.as_slice())])
}
