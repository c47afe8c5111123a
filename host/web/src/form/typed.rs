//! Values as a person would have typed them: what a field holds when a form is drawn.

use dinh_runtime::bindings::types::Value;
use dinh_runtime::bindings::views::FieldKind;

use crate::datum::Datum;
use crate::format::{self, Formats};

/// The text of a value in a field of `kind`; reading it back gives the value. Several texts: see [`texts`].
pub fn text(formats: Formats, kind: &FieldKind, value: &Value) -> String {
    datum(formats, kind, &Datum::of(value))
}

/// The same for a value of a column.
pub fn datum(formats: Formats, kind: &FieldKind, datum: &Datum<'_>) -> String {
    match datum {
        Datum::Empty => String::new(),
        Datum::Integer(number) if matches!(kind, FieldKind::Money(_)) => formats.integer(*number),
        Datum::Integer(number) => formats.typed_integer(*number),
        Datum::Decimal(number) => formats.typed_decimal(*number),
        Datum::Text(text) => (*text).to_owned(),
        Datum::Date(day) if matches!(kind, FieldKind::Month(_)) => format::month(*day),
        Datum::Date(day) => format::date(*day),
        Datum::Instant(moment) => format::instant(*moment),
        Datum::Boolean(yes) => yes.to_string(),
        Datum::Reference(id) | Datum::Attachment(id) => id.to_string(),
        Datum::Unit(id) => id.to_string(),
        Datum::Account(id) => id.to_string(),
        Datum::Texts(texts) => texts.join("\n"),
    }
}

/// The texts of a value, one for each choice of several.
pub fn texts(formats: Formats, kind: &FieldKind, value: &Value) -> Vec<String> {
    match value {
        Value::Empty => Vec::new(),
        Value::Texts(texts) => texts.clone(),
        other => vec![text(formats, kind, other)],
    }
}
