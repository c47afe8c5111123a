//! Whether values may be stored.

use std::borrow::Cow;

use dinh_model::{CodeTerm, Date, Field, FieldType, IndexKind, Label, Value};

use super::index::{LONGEST_SEARCHED, LONGEST_SORTED};
use super::place::Place;
use super::words::Fault;
use super::{FieldProblem, RecordError, holding, reference};
use crate::catalog::{self, Translation};
use crate::files::{self, FileFault};
use crate::{Call, ServiceError, Thing, accounts};

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
    for (at, field) in place.collection.fields.iter().enumerate().take(values.len()) {
        let day = code_day_field(place, field).filter(|day| !changed(at) && changed(*day));
        if !changed(at) && day.is_none() {
            continue;
        }
        if let Some(fault) = fault(call, place, at, (field, values))? {
            if let Some(day) = day.filter(|_| field.label > Label::Ordinary) {
                // Whoever changed the day may not be allowed to know the code.
                problems.push(Fault::DayOfCode.of(&name(place, day), language));
                continue;
            }
            problems.push(fault.of(&field.name, language));
        }
    }
    Ok(problems)
}

fn fault(
    call: &mut Call,
    place: &Place<'_>,
    at: usize,
    (field, values): (&Field, &[Value]),
) -> Result<Option<Fault>, RecordError> {
    let value = values.get(at).unwrap_or(&Value::Empty);
    Ok(match (value, &field.kind) {
        (Value::Empty, _) => field.required.then_some(Fault::Required),
        (Value::Text(code), FieldType::Code { catalog, valid }) => {
            let day = code_day(call, place, values, valid);
            check_code(call, field, catalog, code, day)?
        }
        (Value::Text(text), _) => check_length(place, at, text),
        (Value::Texts(texts), _) if texts.is_empty() && field.required => Some(Fault::Required),
        (Value::Reference(id), FieldType::Reference { collection }) => {
            (!reference::exists(call, place, collection, *id)?).then_some(Fault::Reference)
        }
        (Value::Attachment(id), FieldType::Attachment(rule)) => {
            match files::fault(call, place.data, *id, rule)? {
                None if holding::is_twice(place, values, at, *id) => Some(Fault::File(FileFault::Gone)),
                fault => fault.map(Fault::File),
            }
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

/// The field that says on which day a code has to be in its term.
fn code_day_field(place: &Place<'_>, field: &Field) -> Option<usize> {
    match &field.kind {
        FieldType::Code { valid: CodeTerm::On(day), .. } => place.collection.position(day),
        _ => None,
    }
}

/// The day on which a code of a record with these values has to be in its term; none when any will do.
fn code_day(call: &Call, place: &Place<'_>, values: &[Value], valid: &CodeTerm) -> Option<Date> {
    match valid {
        CodeTerm::Any => None,
        CodeTerm::Today => Some(call.today()),
        CodeTerm::On(field) => match place.collection.position(field).and_then(|at| values.get(at)) {
            Some(Value::Date(day)) => Some(*day),
            _ => Some(call.today()),
        },
    }
}

/// A code has to be in its catalog, and in its term on the day its field says.
fn check_code(
    call: &Call,
    field: &Field,
    catalog: &str,
    code: &str,
    day: Option<Date>,
) -> Result<Option<Fault>, RecordError> {
    match catalog::open(call, catalog) {
        Ok(compiled) => Ok(match compiled.get(code) {
            None => Some(Fault::Code { code: code.to_owned(), catalog: catalog.to_owned() }),
            Some(entry) if day.is_none_or(|day| entry.is_valid_on(day)) => None,
            Some(entry) => {
                let instead = day.and_then(|day| compiled.translate(code, day));
                let instead = instead.into_iter().flat_map(Translation::candidates);
                let instead =
                    instead.map(|entry| (entry.code.clone(), entry.name.get(call.language()).to_owned()));
                let instead = instead.collect();
                let code = entry.code.clone();
                Some(Fault::Term { code, from: entry.valid_from, until: entry.valid_until, instead })
            }
        }),
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
