//! Collections of a manifest: fields, indexes, and who may do what with their records.

use std::sync::Arc;

use dinh_model::schema::VerbPermissions;
use dinh_model::{CodeTerm, Collection, Field, FieldType, Index, IndexKind, Label, ids};

use super::attachments;
use super::check::{Permissions, at_most, list, name, parsed, title};
use super::error::Wrong;
use super::raw::{RawCollection, RawField, RawIndex, Text};

/// Most indexes of a collection: each is written with every record.
const MOST_INDEXES: usize = 16;
/// Most fields of an index.
const MOST_INDEX_FIELDS: usize = 8;

pub(super) fn collections(
    raw: Vec<RawCollection>,
    wanted: &[String],
    permissions: &Permissions,
) -> Result<Vec<Arc<Collection>>, Wrong> {
    let raw = at_most(raw, "collections", |collection| &collection.name)?;
    let known: Vec<String> = raw.iter().map(|collection| collection.name.get_ref().clone()).collect();
    raw.into_iter()
        .map(|raw| collection(raw, &Known { collections: &known, wanted }, permissions).map(Arc::new))
        .collect()
}

/// What a field may refer to.
struct Known<'a> {
    collections: &'a [String],
    wanted: &'a [String],
}

fn collection(raw: RawCollection, known: &Known<'_>, permissions: &Permissions) -> Result<Collection, Wrong> {
    let name_span = raw.name.span();
    let raw_fields = at_most(raw.fields, "fields", |field| &field.name)?;
    let days: Vec<Text> = raw_fields.iter().filter_map(|field| field.on.clone()).collect();
    let fields =
        raw_fields.into_iter().map(|raw| field(raw, known)).collect::<Result<Vec<Field>, Wrong>>()?;
    for on in &days {
        role_field(on, &fields, &FieldType::Date)?;
    }
    if fields.is_empty() {
        let remedy = "add [[collections.fields]] with at least one field";
        return Err(Wrong::at(name_span, "a collection without fields", remedy));
    }
    let (label_field, label) = match &raw.label {
        None => (None, Label::Ordinary),
        Some(raw) if fields.iter().any(|field| field.name == *raw.get_ref()) => {
            (Some(role_field(raw, &fields, &FieldType::Text)?), Label::Ordinary)
        }
        Some(raw) => (None, parsed(raw, "name a text field of the collection, or a label for all records")?),
    };
    let of = |raw: &Option<Text>, kind: FieldType| {
        raw.as_ref().map(|raw| role_field(raw, &fields, &kind)).transpose()
    };
    let unit_field = of(&raw.unit, FieldType::Unit)?;
    let owner_field = of(&raw.owner, FieldType::Account)?;
    let withheld_field = raw.withheld_from.as_ref().map(|raw| withheld_field(raw, &fields)).transpose()?;
    for position in [unit_field, owner_field, label_field].into_iter().flatten() {
        stays_in_the_clear(fields.get(position), &name_span, "says whose a record is and how confidential")?;
    }
    let spans: Vec<_> = raw.indexes.iter().map(|raw| raw.fields.span()).collect();
    let indexes = raw.indexes.into_iter().map(|raw| index(raw, &fields)).collect::<Result<Vec<_>, _>>()?;
    if indexes.len() > MOST_INDEXES {
        let problem = format!("{} indexes", indexes.len());
        return Err(Wrong::at(name_span, problem, format!("at most {MOST_INDEXES} for one collection")));
    }
    let collection = Collection {
        name: name(&raw.name)?,
        title: title(&raw.title)?,
        unit_field,
        owner_field,
        withheld_field,
        label_field,
        label,
        permissions: VerbPermissions {
            read: permissions.find(&raw.permissions.read)?,
            create: permissions.find(&raw.permissions.create)?,
            update: permissions.find(&raw.permissions.update)?,
            delete: permissions.find(&raw.permissions.delete)?,
        },
        seen: raw.permissions.seen.as_ref().map(|seen| permissions.find(seen)).transpose()?,
        indexes,
        fields,
    };
    for (index, span) in collection.indexes.iter().zip(spans) {
        serves_what_is_sealed(&collection, index, span)?;
    }
    Ok(collection)
}

/// Refuses to seal a field that has to be read without a key.
fn stays_in_the_clear(field: Option<&Field>, place: &std::ops::Range<usize>, why: &str) -> Result<(), Wrong> {
    match field {
        Some(field) if field.personal || field.label > Label::Ordinary => Err(Wrong::at(
            place.clone(),
            format!("the field `{}` {why}, and is marked personal or confidential", field.name),
            "remove the mark: it stands in the clear",
        )),
        _ => Ok(()),
    }
}

/// Refuses an index whose order or words would betray what is sealed in every record.
fn serves_what_is_sealed(
    collection: &Collection,
    index: &Index,
    span: std::ops::Range<usize>,
) -> Result<(), Wrong> {
    let (IndexKind::Ordered | IndexKind::Search) = index.kind else { return Ok(()) };
    match index.fields.iter().find(|field| collection.always_seals(**field)) {
        Some(field) => Err(Wrong::at(
            span,
            format!(
                "an index in order, or of words, over `{}`, which is confidential or personal and lies sealed",
                collection.fields.get(*field).map_or("", |field| &field.name)
            ),
            "use kind = \"equal\" or \"unique\": what is sealed is found by equality alone",
        )),
        None => Ok(()),
    }
}

fn field(raw: RawField, known: &Known<'_>) -> Result<Field, Wrong> {
    let kind = kind(&raw, known)?;
    let meaning = match &raw.meaning {
        None => None,
        Some(meaning) => {
            let parts: Vec<&str> = meaning.get_ref().split('.').collect();
            if parts.len() != 2 || !parts.iter().all(|part| ids::is_name(part, 40)) {
                let problem = format!("{:?} is not a meaning", meaning.get_ref());
                return Err(Wrong::at(
                    meaning.span(),
                    problem,
                    "write thing.aspect, such as `person.full-name`",
                ));
            }
            Some(meaning.get_ref().clone())
        }
    };
    let label = match &raw.label {
        None => Label::Ordinary,
        Some(label) => parsed(label, "write `ordinary` or `confidential`")?,
    };
    let field = Field {
        name: name(&raw.name)?,
        kind,
        required: raw.required,
        meaning,
        label,
        personal: raw.personal,
        drawn: raw.drawn,
        title: title(&raw.title)?,
    };
    if field.drawn {
        stays_in_the_clear(Some(&field), &raw.name.span(), "takes drawn numbers")?;
        if field.kind != FieldType::Integer {
            let problem = format!("`drawn` on a field of type `{}`", field.kind.name());
            return Err(Wrong::at(
                raw.name.span(),
                problem,
                "numbers are drawn into fields of type `integer`",
            ));
        }
    }
    Ok(field)
}

fn kind(raw: &RawField, known: &Known<'_>) -> Result<FieldType, Wrong> {
    let word = raw.kind.get_ref().as_str();
    let belongs = |key: &str, given: Option<std::ops::Range<usize>>, to: &str| match given {
        Some(span) if word != to => Err(Wrong::at(
            span,
            format!("`{key}` on a field of type `{word}`"),
            format!("remove it; only fields of type `{to}` have it"),
        )),
        None if word == to => Err(Wrong::at(
            raw.kind.span(),
            format!("a field of type `{to}` without `{key}`"),
            format!("add `{key}`"),
        )),
        _ => Ok(()),
    };
    belongs("scale", raw.scale.as_ref().map(toml::Spanned::span), "decimal")?;
    belongs("catalog", raw.catalog.as_ref().map(toml::Spanned::span), "code")?;
    let target = raw.collection.as_ref().or(raw.wanted.as_ref());
    belongs("collection", target.map(toml::Spanned::span), "reference")?;
    if let Some(rule) = attachments::rule(raw)? {
        return Ok(FieldType::Attachment(rule));
    }
    if let (Some(_), Some(wanted)) = (&raw.collection, &raw.wanted) {
        let remedy = "keep `collection` for records of this plugin, or `wanted` for those of another";
        return Err(Wrong::at(wanted.span(), "a reference to two things", remedy));
    }
    if let Some(scale) = &raw.scale {
        let places = u8::try_from(*scale.get_ref()).ok().filter(|places| *places <= 18).ok_or_else(|| {
            Wrong::at(scale.span(), format!("a scale of {}", scale.get_ref()), "write 0 to 18")
        })?;
        return Ok(FieldType::Decimal { scale: places });
    }
    if let Some(catalog) = &raw.catalog {
        return Ok(FieldType::Code { catalog: name(catalog)?, valid: term_of_code(raw)? });
    }
    for (key, span) in [
        ("on", raw.on.as_ref().map(toml::Spanned::span)),
        ("any-term", raw.any_term.as_ref().map(toml::Spanned::span)),
    ] {
        if let Some(span) = span {
            let problem = format!("`{key}` on a field of type `{word}`");
            return Err(Wrong::at(span, problem, "remove it; only fields of type `code` have it"));
        }
    }
    if let Some(collection) = &raw.collection {
        if !known.collections.contains(collection.get_ref()) {
            return Err(Wrong::at(
                collection.span(),
                format!("a reference to {:?}, which is no collection here", collection.get_ref()),
                format!("use one of: {}", list(known.collections.iter().map(String::as_str))),
            ));
        }
        return Ok(FieldType::Reference { collection: collection.get_ref().clone() });
    }
    if let Some(wanted) = &raw.wanted {
        if !known.wanted.contains(wanted.get_ref()) {
            return Err(Wrong::at(
                wanted.span(),
                format!("a reference to {:?}, which is no wanted dataset here", wanted.get_ref()),
                match known.wanted {
                    [] => "declare it in [[wanted]]".to_owned(),
                    wanted => format!("use one of: {}", list(wanted.iter().map(String::as_str))),
                },
            ));
        }
        return Ok(FieldType::SharedReference { wanted: wanted.get_ref().clone() });
    }
    SIMPLE.into_iter().find(|kind| kind.name() == word).ok_or_else(|| {
        let words = SIMPLE.iter().map(FieldType::name).chain(["decimal", "code", "reference", "attachment"]);
        Wrong::at(raw.kind.span(), format!("no type `{word}`"), format!("use one of: {}", list(words)))
    })
}

/// On which day a code has to be in its term; whether the field it names is a day is looked at when all are known.
fn term_of_code(raw: &RawField) -> Result<CodeTerm, Wrong> {
    let any = raw.any_term.as_ref().filter(|any| *any.get_ref());
    match (&raw.on, any) {
        (Some(_), Some(any)) => {
            Err(Wrong::at(any.span(), "`any-term` beside `on`", "keep one of them: a day, or no day at all"))
        }
        (Some(on), None) => Ok(CodeTerm::On(name(on)?)),
        (None, Some(_)) => Ok(CodeTerm::Any),
        (None, None) => Ok(CodeTerm::Today),
    }
}

/// The types that need nothing but their name.
const SIMPLE: [FieldType; 9] = [
    FieldType::Integer,
    FieldType::Money,
    FieldType::Text,
    FieldType::Date,
    FieldType::Instant,
    FieldType::Boolean,
    FieldType::Unit,
    FieldType::Account,
    FieldType::Texts,
];

/// The position of a field that names each record's unit, owner or label.
fn role_field(raw: &Text, fields: &[Field], kind: &FieldType) -> Result<usize, Wrong> {
    let position = position(raw, fields)?;
    match fields.get(position) {
        Some(field) if field.kind == *kind => Ok(position),
        _ => Err(Wrong::at(
            raw.span(),
            format!("the field `{}` is not of type `{}`", raw.get_ref(), kind.name()),
            "name a field of that type",
        )),
    }
}

/// The field that says whom a record is withheld from: an account, or the record that it is a part of.
fn withheld_field(raw: &Text, fields: &[Field]) -> Result<usize, Wrong> {
    let position = position(raw, fields)?;
    match fields.get(position).map(|field| &field.kind) {
        Some(FieldType::Reference { .. }) => Ok(position),
        _ => role_field(raw, fields, &FieldType::Account),
    }
}

fn position(raw: &Text, fields: &[Field]) -> Result<usize, Wrong> {
    fields.iter().position(|field| field.name == *raw.get_ref()).ok_or_else(|| {
        Wrong::at(
            raw.span(),
            format!("no field `{}` in this collection", raw.get_ref()),
            format!("use one of: {}", list(fields.iter().map(|field| field.name.as_str()))),
        )
    })
}

fn index(raw: RawIndex, fields: &[Field]) -> Result<Index, Wrong> {
    let kind = match raw.kind.get_ref().as_str() {
        "ordered" => IndexKind::Ordered,
        "unique" => IndexKind::Unique,
        "equal" => IndexKind::Equal,
        "search" => IndexKind::Search,
        other => {
            let problem = format!("no kind of index `{other}`");
            return Err(Wrong::at(raw.kind.span(), problem, "use `ordered`, `unique`, `equal` or `search`"));
        }
    };
    let span = raw.fields.span();
    let positions =
        raw.fields.get_ref().iter().map(|raw| position(raw, fields)).collect::<Result<Vec<_>, _>>()?;
    let mut once = positions.clone();
    once.sort_unstable();
    once.dedup();
    if positions.is_empty() || positions.len() > MOST_INDEX_FIELDS || once.len() != positions.len() {
        let remedy = format!("name 1 to {MOST_INDEX_FIELDS} different fields");
        return Err(Wrong::at(span, format!("an index over {} fields", positions.len()), remedy));
    }
    let text = |position: &usize| fields.get(*position).is_some_and(|field| field.kind == FieldType::Text);
    if kind == IndexKind::Search && !(positions.len() == 1 && positions.iter().all(text)) {
        let problem = "a search index over something else than one text field";
        return Err(Wrong::at(span, problem, "name exactly one field of type `text`"));
    }
    Ok(Index { fields: positions, kind })
}
