//! A catalog as JSON: what `import` reads back to the same entries. Unlike a table it says each entry whole: what is
//! left out is empty.

use std::collections::BTreeMap;

use dinh_model::{Date, Decimal, Localized, Value};
use serde::{Deserialize, Serialize};

use super::import::MOST_LINES;
use super::library::open;
use super::rules::{self, Row};
use super::{AttributeKind, Definition, Entry};
use crate::{Call, ServiceError, accounts};

/// The file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    /// What the catalog is; not looked at when it is imported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    catalog: Option<serde_json::Value>,
    entries: Vec<JsonEntry>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct JsonEntry {
    code: String,
    name_vi: String,
    #[serde(default)]
    name_en: Option<String>,
    #[serde(default)]
    parent: Option<String>,
    valid_from: Date,
    #[serde(default)]
    valid_until: Option<Date>,
    #[serde(default)]
    order: i64,
    #[serde(default)]
    aliases: Vec<String>,
    #[serde(default)]
    predecessors: Vec<String>,
    #[serde(default)]
    attributes: BTreeMap<String, serde_json::Value>,
}

/// All entries, those no longer in their term included, in the catalog's order, after what the catalog is. Decimals
/// are texts, so that no program rounds them.
pub fn export_json(call: &Call, catalog: &str) -> Result<String, ServiceError> {
    let compiled = open(call, catalog)?;
    let about = compiled.catalog();
    let known = &about.definition.attributes;
    let entry = |entry: &Entry| {
        let attribute = |(place, known): (usize, &super::Attribute)| {
            let value = match entry.attribute(place) {
                Value::Integer(number) => (*number).into(),
                Value::Decimal(number) => number.to_string().into(),
                Value::Text(text) => text.clone().into(),
                _ => return None,
            };
            Some((known.name.clone(), value))
        };
        JsonEntry {
            code: entry.code.clone(),
            name_vi: entry.name.vi.clone(),
            name_en: Some(entry.name.en.clone()),
            parent: entry.parent.clone(),
            valid_from: entry.valid_from,
            valid_until: entry.valid_until,
            order: entry.order,
            aliases: entry.aliases.clone(),
            predecessors: entry.predecessors.clone(),
            attributes: known.iter().enumerate().filter_map(attribute).collect(),
        }
    };
    let file = File {
        catalog: Some(described(call, about)),
        entries: compiled.entries().iter().map(entry).collect(),
    };
    serde_json::to_string_pretty(&file)
        .map_err(|_| ServiceError::Damaged { what: format!("catalog {catalog}") })
}

/// What a catalog is, for programs.
pub fn described(call: &Call, catalog: &super::Catalog) -> serde_json::Value {
    let Definition { name, title, source, owner, attributes } = &catalog.definition;
    let owner = owner.and_then(|owner| accounts::get_unit(call, owner).ok()).map(|unit| unit.code);
    serde_json::json!({
        "name": name,
        "title": title,
        "source": source,
        "owner": owner,
        "version": catalog.version,
        "attributes": attributes,
    })
}

/// Whether the bytes are JSON and no table.
pub(super) fn is_json(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    bytes.trim_ascii_start().starts_with(b"{")
}

/// The entries of a file. Each counts as a line, from 1.
pub(super) fn read(definition: &Definition, bytes: &[u8]) -> Result<Vec<Row>, ServiceError> {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let file: File = serde_json::from_slice(bytes).map_err(|error| {
        ServiceError::invalid(
            format!("Tệp JSON không đúng dạng: {error}. Hãy xuất danh mục ra JSON để xem mẫu."),
            format!("The JSON is not as it should be: {error}; export the catalog to see the form."),
        )
    })?;
    if file.entries.is_empty() || file.entries.len() > MOST_LINES as usize {
        return Err(ServiceError::invalid(
            format!("Tệp phải có từ 1 đến {MOST_LINES} mã."),
            format!("A file holds 1 to {MOST_LINES} entries."),
        ));
    }
    (0..).zip(file.entries).map(|(place, entry)| row(definition, place, entry)).collect()
}

fn row(definition: &Definition, place: u32, given: JsonEntry) -> Result<Row, ServiceError> {
    let JsonEntry { code, name_vi, name_en, parent, valid_from, valid_until, order, aliases, .. } = given;
    let mut attributes = Vec::new();
    for known in &definition.attributes {
        let value = given.attributes.get(&known.name).unwrap_or(&serde_json::Value::Null);
        let value = read_value(value, known.kind).ok_or_else(|| wrong(&code, &known.name))?;
        attributes.push(value);
    }
    let is_known = |name: &&String| definition.attributes.iter().any(|known| known.name == **name);
    if let Some(unknown) = given.attributes.keys().find(|name| !is_known(name)) {
        return Err(wrong(&code, unknown));
    }
    let name = Localized { en: name_en.unwrap_or_default(), vi: name_vi };
    let predecessors = given.predecessors;
    let entry =
        Entry { code, name, parent, valid_from, valid_until, order, aliases, predecessors, attributes };
    Ok(Row { place, line: place + 1, entry: rules::normal(entry) })
}

fn read_value(value: &serde_json::Value, kind: AttributeKind) -> Option<Value> {
    let value = match (value, kind) {
        (serde_json::Value::Null, _) => Value::Empty,
        (serde_json::Value::Number(number), AttributeKind::Integer) => Value::Integer(number.as_i64()?),
        (serde_json::Value::Number(number), AttributeKind::Decimal { .. }) => {
            Value::Decimal(number.to_string().parse::<Decimal>().ok()?)
        }
        (serde_json::Value::String(text), AttributeKind::Decimal { .. }) => {
            Value::Decimal(text.parse::<Decimal>().ok()?)
        }
        (serde_json::Value::String(text), AttributeKind::Text) => Value::Text(text.clone()),
        _ => return None,
    };
    value.fit(&kind.field_type()).ok()
}

fn wrong(code: &str, attribute: &str) -> ServiceError {
    ServiceError::invalid(
        format!("Mã “{code}”: thuộc tính “{attribute}” không có trong danh mục hoặc không đúng kiểu."),
        format!("{code:?}: the attribute {attribute:?} is not one of the catalog's, or not of its type."),
    )
}
