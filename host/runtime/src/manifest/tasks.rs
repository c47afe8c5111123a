//! Tasks of a manifest: which records wait for whom.

use std::sync::Arc;

use dinh_model::{Collection, FieldType, IndexKind, Value};
use dinh_services::records::TaskRule;

use super::check::{Permissions, at_most, list, name, path, title};
use super::conditions::conditions;
use super::error::Wrong;
use super::raw::{RawTask, Text};

pub(super) fn tasks(
    raw: Vec<RawTask>,
    collections: &[Arc<Collection>],
    permissions: &Permissions,
) -> Result<Vec<TaskRule>, Wrong> {
    let raw = at_most(raw, "tasks", |task| &task.name)?;
    raw.into_iter().map(|raw| task(&raw, collections, permissions)).collect()
}

fn task(
    raw: &RawTask,
    collections: &[Arc<Collection>],
    permissions: &Permissions,
) -> Result<TaskRule, Wrong> {
    let known = || list(collections.iter().map(|collection| collection.name.as_str()));
    let named = |collection: &&Arc<Collection>| collection.name == *raw.collection.get_ref();
    let collection = collections.iter().find(named).ok_or_else(|| {
        let problem = format!("no collection {:?}", raw.collection.get_ref());
        Wrong::at(raw.collection.span(), problem, format!("use one of: {}", known()))
    })?;
    let when = conditions(&raw.when, collection)?;
    let assignee = raw.assignee.as_ref().map(|field| of_type(field, collection, &FieldType::Account));
    let assignee = assignee.transpose()?;
    indexed(raw, collection, &when, assignee.as_deref())?;
    let account = |field| of_type(field, collection, &FieldType::Account);
    let unit = raw.unit.as_ref().map(|field| of_type(field, collection, &FieldType::Unit));
    Ok(TaskRule {
        name: name(&raw.name)?,
        title: title(&raw.title)?,
        collection: collection.name.clone(),
        when,
        assignee,
        except: raw.except.iter().map(account).collect::<Result<_, _>>()?,
        permission: permissions.find(&raw.permission)?,
        unit: unit.transpose()?,
        subject: of_type(&raw.subject, collection, &FieldType::Text)?,
        path: path(&raw.path)?,
    })
}

fn of_type(raw: &Text, collection: &Collection, kind: &FieldType) -> Result<String, Wrong> {
    let fits = collection.fields.iter().filter(|field| field.kind == *kind);
    let names: Vec<&str> = fits.map(|field| field.name.as_str()).collect();
    if names.contains(&raw.get_ref().as_str()) {
        return Ok(raw.get_ref().clone());
    }
    let problem = format!("{:?} is no field of type `{}` of this collection", raw.get_ref(), kind.name());
    let remedy = if names.is_empty() {
        format!("declare a field of type `{}` there", kind.name())
    } else {
        format!("use one of: {}", list(names.into_iter()))
    };
    Err(Wrong::at(raw.span(), problem, remedy))
}

/// What waits is looked up for every person on every visit: an index has to lead there.
fn indexed(
    raw: &RawTask,
    collection: &Collection,
    when: &[(String, Value)],
    assignee: Option<&str>,
) -> Result<(), Wrong> {
    let needed: Vec<&str> = when.iter().map(|(field, _)| field.as_str()).chain(assignee).collect();
    let begins = |fields: &[usize]| {
        let first = fields.iter().take(needed.len()).filter_map(|field| collection.fields.get(*field));
        let mut first: Vec<&str> = first.map(|field| field.name.as_str()).collect();
        let mut needed = needed.clone();
        first.sort_unstable();
        needed.sort_unstable();
        first == needed
    };
    if needed.is_empty() {
        let remedy = "say in `when` which state it waits in, or in `for` which field names whom it waits for";
        return Err(Wrong::at(raw.when.span(), "every record would wait for ever", remedy));
    }
    let mut indexes = collection.indexes.iter().filter(|index| index.kind != IndexKind::Search);
    if indexes.any(|index| begins(&index.fields)) {
        return Ok(());
    }
    let problem = format!("no index of `{}` begins with {}", collection.name, list(needed.iter().copied()));
    let remedy = format!(
        "add [[collections.indexes]] with kind = \"ordered\" and fields that begin with {}",
        list(needed.into_iter())
    );
    Err(Wrong::at(raw.when.span(), problem, remedy))
}
