//! Whether values may be stored.

use std::borrow::Cow;

use dinh_model::{Field, FieldType, IndexKind, Label, Value};

use super::index::{LONGEST_SEARCHED, LONGEST_SORTED};
use super::place::Place;
use super::words::Fault;
use super::{FieldProblem, RecordError, reference};
use crate::{Call, ServiceError, Thing, accounts, catalog};

/// A value as its field holds it.
pub(super) fn fit(call: &Call, field: &Field, value: Value) -> Result<Result<Value, Fault>, RecordError> {
    if let Value::Drawn(draw) = value
        && draw >= call.records.drawn
    {
        return Err(RecordError::BadRequest(format!(
            "{:?}: number {draw} was not drawn in this call; use what `draw` returned",
            field.name
        )));
    }
    Ok(value.fit(&field.kind).map_err(Fault::Value))
}

/// What the permission check needs to be right before it is asked: the label.
pub(super) fn check_label(place: &Place<'_>, values: &[Value]) -> Option<(usize, Fault)> {
    let field = place.collection.label_field?;
    match values.get(field) {
        Some(Value::Text(text)) if text.parse::<Label>().is_err() => Some((field, Fault::Label)),
        _ => None,
    }
}

/// Everything that is wrong with the fields for which `changed` holds.
pub(super) fn problems(
    call: &mut Call,
    place: &Place<'_>,
    values: &[Value],
    changed: impl Fn(usize) -> bool,
) -> Result<Vec<FieldProblem>, RecordError> {
    let mut problems = Vec::new();
    let language = call.language();
    for (at, (field, value)) in place.collection.fields.iter().zip(values).enumerate() {
        if changed(at)
            && let Some(fault) = fault(call, place, at, field, value)?
        {
            problems.push(fault.of(&field.name, language));
        }
    }
    Ok(problems)
}

fn fault(
    call: &mut Call,
    place: &Place<'_>,
    at: usize,
    field: &Field,
    value: &Value,
) -> Result<Option<Fault>, RecordError> {
    Ok(match (value, &field.kind) {
        (Value::Empty, _) => field.required.then_some(Fault::Required),
        (Value::Text(code), FieldType::Code { catalog }) => check_code(call, field, catalog, code)?,
        (Value::Text(text), _) => check_length(place, at, text),
        (Value::Texts(texts), _) if texts.is_empty() && field.required => Some(Fault::Required),
        (Value::Reference(id), FieldType::Reference { collection }) => {
            (!reference::exists(call, place, collection, *id)?).then_some(Fault::Reference)
        }
        (Value::Unit(unit), _) => (!call.policy.is_within(*unit, *unit)).then_some(Fault::Unit(unit.0)),
        (Value::Account(account), _) => match accounts::get_account(call, *account) {
            Ok(_) => None,
            Err(ServiceError::NotFound { thing: Thing::Account, .. }) => Some(Fault::Account(account.0)),
            Err(error) => return Err(error.into()),
        },
        _ => None,
    })
}

/// A code has to be in its catalog, whatever its term: records speak of their own dates, and a figure of
/// 2021 belongs to a province of 2021.
fn check_code(call: &Call, field: &Field, catalog: &str, code: &str) -> Result<Option<Fault>, RecordError> {
    match catalog::get(call, catalog, code) {
        Ok(Some(_)) => Ok(None),
        Ok(None) => Ok(Some(Fault::Code { code: code.to_owned(), catalog: catalog.to_owned() })),
        Err(ServiceError::NotFound { thing: Thing::Catalog, .. }) => Err(RecordError::BadRequest(format!(
            "{:?} holds codes of the catalog {catalog:?}, which this deployment does not have",
            field.name
        ))),
        Err(error) => Err(error.into()),
    }
}

/// Keys of indexes have to stay short.
fn check_length(place: &Place<'_>, at: usize, text: &str) -> Option<Fault> {
    if text.len() <= LONGEST_SORTED {
        return None;
    }
    let characters = text.chars().count();
    place.collection.indexes.iter().filter(|index| index.fields.contains(&at)).find_map(|index| {
        match index.kind {
            IndexKind::Search => (characters > LONGEST_SEARCHED).then_some(Fault::TooLongToSearch),
            IndexKind::Ordered | IndexKind::Unique | IndexKind::Equal => {
                (characters > LONGEST_SORTED).then_some(Fault::TooLongToSort)
            }
        }
    })
}

/// The names of fields, for a duplicate.
pub(super) fn names(place: &Place<'_>, fields: &[usize]) -> Vec<String> {
    let field = |at: &usize| place.collection.fields.get(*at);
    fields.iter().filter_map(field).map(|field| field.name.clone()).collect()
}

/// The name of a field for messages.
pub(super) fn name<'a>(place: &Place<'a>, at: usize) -> Cow<'a, str> {
    place.collection.fields.get(at).map_or(Cow::Borrowed(""), |field| Cow::Borrowed(field.name.as_str()))
}
