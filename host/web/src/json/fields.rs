//! Forms and imports as descriptions that a program can fill in.

use dinh_model::time;
use dinh_runtime::bindings::views::*;
use dinh_services::files::FileLimits;
use serde_json::{Map, Value, json};

use super::{Twin, format, integer, list};
use crate::datum::Datum;
use crate::form::stale;

/// A form.
pub fn form(twin: Twin<'_>, form: &Form) -> Value {
    json!({
        "kind": "form",
        "form": form.id,
        "title": form.title,
        "help": form.help,
        "groups": list(&form.groups, |group| json!({
            "title": group.title,
            "fields": list(&group.fields, |described| field(twin, described)),
        })),
        "children": list(&form.children, |children| json!({
            "name": children.name,
            "title": children.title,
            "minimum": children.minimum,
            "maximum": children.maximum,
            "fields": list(&children.fields, |described| field(twin, described)),
            "rows": list(&children.rows, |row| {
                let names = children.fields.iter().map(|field| field.name.clone());
                let values: Map<String, Value> = names.zip(row.values.iter().map(|value| twin.value(value))).collect();
                json!({ "key": row.key, "inputs": values })
            }),
        })),
        "submit": form.submit,
        "buttons": list(&form.buttons, |(value, text)| json!({ "button": value, "text": text })),
        "shown": stale::text(&form.shown),
    })
}

/// Filters: fields that are sent as the query.
pub fn filters(twin: Twin<'_>, filters: &Filters) -> Value {
    json!({ "kind": "filters", "fields": list(&filters.fields, |described| field(twin, described)) })
}

fn field(twin: Twin<'_>, field: &Field) -> Value {
    let mut object = kind(&field.kind);
    object.insert("name".into(), json!(field.name));
    object.insert("label".into(), json!(field.label));
    object.insert("value".into(), twin.value(&field.value));
    object.insert("required".into(), json!(field.required));
    if field.read_only {
        object.insert("read_only".into(), json!(true));
    }
    if let Some(help) = &field.help {
        object.insert("help".into(), json!(help));
    }
    if let Some(unit) = &field.unit_of_measure {
        object.insert("unit_of_measure".into(), json!(unit));
    }
    if let Some(condition) = &field.show_when {
        object.insert("show_when".into(), json!({ "field": condition.field, "values": condition.values }));
    }
    Value::Object(object)
}

/// What a kind takes.
pub fn kind(kind: &FieldKind) -> Map<String, Value> {
    let day = |days: Option<i32>| days.and_then(time::from_days).map(|day| day.to_string());
    let text = |name: &str, range: &TextRange| json!({ "kind": name, "minimum": range.minimum, "maximum": range.maximum });
    let whole = |name: &str, range: &IntegerRange| json!({ "kind": name, "minimum": range.minimum.map(integer), "maximum": range.maximum.map(integer) });
    let dated = |name: &str, range: &DateRange| json!({ "kind": name, "earliest": day(range.earliest), "latest": day(range.latest) });
    let chosen = |name: &str, choices: &Choices| {
        let choices = list(&choices.choices, |choice| json!({ "value": choice.value, "text": choice.text }));
        json!({ "kind": name, "choices": choices })
    };
    let described = match kind {
        FieldKind::Text(range) => text("text", range),
        FieldKind::LongText(range) => text("long-text", range),
        FieldKind::Integer(range) => whole("integer", range),
        FieldKind::Money(range) => whole("money", range),
        FieldKind::Decimal(range) => {
            let bound = |value: &Option<dinh_runtime::bindings::types::Value>| {
                value.as_ref().and_then(|value| Datum::of(value).number()).map(|number| number.to_string())
            };
            json!({ "kind": "decimal", "places": range.scale, "minimum": bound(&range.minimum), "maximum": bound(&range.maximum) })
        }
        FieldKind::Date(range) => dated("date", range),
        FieldKind::Month(range) => dated("month", range),
        FieldKind::Instant => json!({ "kind": "instant" }),
        FieldKind::Boolean => json!({ "kind": "boolean" }),
        FieldKind::Choice(choices) => chosen("choice", choices),
        FieldKind::ChoiceList(choices) => chosen("choice-list", choices),
        FieldKind::Code(picker) => {
            json!({ "kind": "code", "catalog": picker.catalog, "as_of": day(picker.as_of) })
        }
        FieldKind::Reference(picker) => json!({ "kind": "reference", "source": picker.source }),
        FieldKind::Unit => json!({ "kind": "unit" }),
        FieldKind::Account => json!({ "kind": "account" }),
        FieldKind::Attachment(upload) => {
            let most = (upload.maximum_bytes <= FileLimits::LARGEST).then_some(upload.maximum_bytes);
            json!({
                "kind": "attachment",
                "extensions": upload.extensions,
                "maximum_bytes": most,
                "maximum_files": upload.maximum_files,
            })
        }
        FieldKind::Hidden => json!({ "kind": "hidden" }),
    };
    match described {
        Value::Object(object) => object.into_iter().filter(|(_, value)| !value.is_null()).collect(),
        _ => Map::new(),
    }
}

/// An import: what a file may hold, and what was found wrong by the plugin.
pub fn import(twin: Twin<'_>, import: &SheetImport) -> Value {
    let preview = import.preview.as_ref().map(|preview| {
        json!({
            "summary": preview.summary,
            "fields": list(&preview.fields, |described| field(twin, described)),
            "problems": list(&preview.problems, |problem| json!({
                "row": problem.row,
                "column": problem.column,
                "message": problem.message,
                "remedy": problem.remedy,
                "warning": problem.warning,
            })),
        })
    });
    json!({
        "kind": "sheet-import",
        "form": import.id,
        "title": import.title,
        "help": import.help,
        "maximum_rows": import.maximum_rows,
        "columns": list(&import.columns, |column| {
            let mut object = kind(&column.kind);
            object.insert("name".into(), json!(column.name));
            object.insert("label".into(), json!(column.label));
            object.insert("aliases".into(), json!(column.aliases));
            object.insert("required".into(), json!(column.required));
            object.insert("empty_words".into(), json!(column.empty_words));
            object.insert("format".into(), json!(format(column.format)));
            Value::Object(object)
        }),
        "preview": preview,
        "template": twin.place.with(&[("template", Some(&import.id))]),
    })
}
