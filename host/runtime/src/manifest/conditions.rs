//! Fields and the values they have: which records something is about.

use std::collections::BTreeMap;

use dinh_model::{Collection, FieldType, Value};
use toml::Spanned;

use super::check::list;
use super::error::Wrong;
use super::raw::RawValue;

/// Most of them in one place.
const MOST: usize = 4;

/// Conditions on fields of a collection.
pub(super) fn conditions(
    raw: &Spanned<BTreeMap<String, RawValue>>,
    collection: &Collection,
) -> Result<Vec<(String, Value)>, Wrong> {
    let wrong = |problem: String, remedy: String| Wrong::at(raw.span(), problem, remedy);
    if raw.get_ref().len() > MOST {
        let problem = format!("{} fields are compared", raw.get_ref().len());
        return Err(wrong(problem, format!("at most {MOST}; keep one field for the state")));
    }
    let fitted = |(field, value): (&String, &RawValue)| {
        let found = collection.fields.iter().find(|known| known.name == *field).ok_or_else(|| {
            let known = list(collection.fields.iter().map(|field| field.name.as_str()));
            wrong(format!("no field `{field}` in this collection"), format!("use one of: {known}"))
        })?;
        let value = match (value, &found.kind) {
            (RawValue::Text(text), FieldType::Text) => Value::Text(dinh_model::text::nfc(text)),
            (RawValue::Text(code), FieldType::Code { .. }) => Value::Text(code.clone()),
            (RawValue::Integer(number), FieldType::Integer) => Value::Integer(*number),
            (RawValue::Boolean(value), FieldType::Boolean) => Value::Boolean(*value),
            (_, kind) => {
                return Err(wrong(
                    format!("the value of `{field}` does not fit its type `{}`", kind.name()),
                    "compare a field of type `text`, `code`, `integer` or `boolean` with such a value"
                        .to_owned(),
                ));
            }
        };
        Ok((field.clone(), value))
    };
    raw.get_ref().iter().map(fitted).collect()
}
