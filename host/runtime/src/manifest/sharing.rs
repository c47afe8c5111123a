//! Datasets of a manifest: what the plugin offers, and what it asks of others.

use std::collections::HashSet;
use std::sync::Arc;

use dinh_model::{Collection, Dataset, Field, FieldType, Label, PluginId, Purpose, Wanted, ids};

use super::Service;
use super::check::{Permissions, at_most, filled, list, name, parsed, title};
use super::conditions::conditions;
use super::error::Wrong;
use super::raw::{RawDataset, RawPurpose, RawWanted, Text};

/// Most fields of a dataset.
const MOST_FIELDS: usize = 200;

pub(super) fn datasets(raw: Vec<RawDataset>, collections: &[Arc<Collection>]) -> Result<Vec<Dataset>, Wrong> {
    let raw = at_most(raw, "datasets", |dataset| &dataset.name)?;
    raw.into_iter().map(|raw| dataset(raw, collections)).collect()
}

fn dataset(raw: RawDataset, collections: &[Arc<Collection>]) -> Result<Dataset, Wrong> {
    let named = |collection: &&Arc<Collection>| collection.name == *raw.collection.get_ref();
    let collection = collections.iter().find(named).ok_or_else(|| {
        let known = list(collections.iter().map(|collection| collection.name.as_str()));
        let problem = format!("no collection {:?}", raw.collection.get_ref());
        Wrong::at(raw.collection.span(), problem, format!("use one of: {known}"))
    })?;
    let label: Label = match &raw.label {
        None => Label::Ordinary,
        Some(label) => parsed(label, "write `ordinary` or `confidential`")?,
    };
    let fields = fields(&raw.fields, raw.name.span())?;
    for field in &raw.fields {
        let known = known(field, collection)?;
        if known.label > label {
            let problem = format!("the field `{}` is {}, the dataset {label}", field.get_ref(), known.label);
            return Err(Wrong::at(
                field.span(),
                problem,
                "raise the dataset's label, or leave the field out",
            ));
        }
        if let FieldType::Attachment(_) = known.kind {
            let problem = format!("the field `{}` holds a file, and files are not shared", field.get_ref());
            let remedy = "leave the field out: a file is seen with its record, in the plugin that holds it";
            return Err(Wrong::at(field.span(), problem, remedy));
        }
        if raw.public && known.personal {
            let problem = format!("the field `{}` is personal, the dataset public", field.get_ref());
            return Err(Wrong::at(field.span(), problem, "remove `public`, or leave the field out"));
        }
    }
    let rows = raw.rows.as_ref().map(|rows| conditions(rows, collection)).transpose()?.unwrap_or_default();
    let compared = raw.rows.iter().flat_map(|rows| rows.get_ref().keys().map(|field| (field, rows.span())));
    let filled = raw.filled.iter().map(|field| (field.get_ref(), field.span()));
    for field in &raw.filled {
        known(field, collection)?;
    }
    for (field, span) in compared.chain(filled) {
        if collection.field(field).is_some_and(|(_, field)| field.label > label) {
            let problem = format!("which rows it holds would betray `{field}`, which is more confidential");
            return Err(Wrong::at(span, problem, "raise the dataset's label, or compare another field"));
        }
    }
    if raw.public && label > Label::Ordinary {
        let remedy = "remove `public`, or offer an ordinary part of it as another dataset";
        return Err(Wrong::at(raw.name.span(), "a public dataset that is not ordinary", remedy));
    }
    let purposes = at_most(raw.purposes, "purposes", |purpose: &RawPurpose| &purpose.name)?;
    let purposes =
        purposes.into_iter().map(|raw| Ok(Purpose { name: name(&raw.name)?, title: title(&raw.title)? }));
    let purposes = purposes.collect::<Result<Vec<_>, Wrong>>()?;
    if purposes.is_empty() && !raw.public {
        let remedy =
            "add purposes = [{ name = \"…\", title = { vi = \"…\", en = \"…\" } }], or public = true";
        return Err(Wrong::at(raw.name.span(), "a dataset that nobody could ask for: no purpose", remedy));
    }
    let consumers =
        raw.consumers.iter().map(|id| parsed(id, "write the id of a plugin, such as `personnel`"));
    let consumers = consumers.collect::<Result<Vec<_>, Wrong>>()?;
    if raw.public && !consumers.is_empty() {
        let remedy = "remove `public`, or `consumers`";
        return Err(Wrong::at(raw.name.span(), "a public dataset that is for some plugins only", remedy));
    }
    Ok(Dataset {
        name: name(&raw.name)?,
        title: title(&raw.title)?,
        summary: title(&raw.summary)?,
        collection: collection.name.clone(),
        fields,
        rows,
        filled: raw.filled.iter().map(|field| field.get_ref().clone()).collect(),
        label,
        purposes,
        consumers,
        updated: parsed(&raw.updated, "say how often it is brought up to date")?,
        public: raw.public,
    })
}

/// A field of the collection.
fn known<'a>(field: &Text, collection: &'a Collection) -> Result<&'a Field, Wrong> {
    let found = collection.field(field.get_ref()).map(|(_, known)| known);
    found.ok_or_else(|| {
        let known = list(collection.fields.iter().map(|field| field.name.as_str()));
        let problem = format!("no field `{}` in `{}`", field.get_ref(), collection.name);
        Wrong::at(field.span(), problem, format!("use some of: {known}"))
    })
}

fn fields(raw: &[Text], of: std::ops::Range<usize>) -> Result<Vec<String>, Wrong> {
    if raw.is_empty() || raw.len() > MOST_FIELDS {
        let problem = format!("{} fields", raw.len());
        return Err(Wrong::at(of, problem, format!("name 1 to {MOST_FIELDS} fields")));
    }
    let mut seen = HashSet::new();
    raw.iter()
        .map(|field| match seen.insert(field.get_ref()) {
            true if ids::is_name(field.get_ref(), 40) => Ok(field.get_ref().clone()),
            true => Err(Wrong::at(
                field.span(),
                format!("{:?} is not the name of a field", field.get_ref()),
                "write its name as the manifest that declares it spells it",
            )),
            false => {
                let problem = format!("the field `{}` is there twice", field.get_ref());
                Err(Wrong::at(field.span(), problem, "remove one"))
            }
        })
        .collect()
}

pub(super) fn wanted(
    own: &PluginId,
    raw: Vec<RawWanted>,
    permissions: &Permissions,
    service: &Service,
) -> Result<Vec<Wanted>, Wrong> {
    let raw = at_most(raw, "wanted datasets", |wanted| &wanted.name)?;
    let one = |raw: RawWanted| {
        let plugin: PluginId = parsed(&raw.plugin, "name the plugin that offers the dataset")?;
        if plugin == *own {
            let remedy = "read your own collections with `records`";
            return Err(Wrong::at(raw.plugin.span(), "a plugin that asks for its own dataset", remedy));
        }
        let permission = permissions.find(&raw.permission)?;
        let changes = raw.changes.filter(|changes| *changes.get_ref());
        if let Some(changes) = changes.as_ref().filter(|_| !service.permissions.contains(&permission)) {
            let short = raw.permission.get_ref();
            let problem = format!("changes are read by the plugin itself, which may not `{short}`");
            let remedy =
                format!("add [service] with permissions = [\"{short}\"], and what it writes them with");
            return Err(Wrong::at(changes.span(), problem, remedy));
        }
        Ok(Wanted {
            name: name(&raw.name)?,
            plugin,
            dataset: name(&raw.dataset)?,
            fields: fields(&raw.fields, raw.name.span())?,
            purpose: name(&raw.purpose)?,
            legal_basis: filled(&raw.legal_basis)?,
            permission,
            keep: parsed(&raw.keep, "say what the plugin would keep of what it reads")?,
            changes: changes.is_some(),
        })
    };
    raw.into_iter().map(one).collect()
}
