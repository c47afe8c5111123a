//! Fields and forms, built with what they are usually built with.

use dinh_model::{Date, UnitId, time};
use dinh_runtime::bindings::types::{RecordId, Value};
use dinh_runtime::bindings::views::*;
use dinh_services::{Call, ServiceError};

/// A field of a kind.
pub fn field(name: &str, label: String, kind: FieldKind) -> Field {
    Field {
        name: name.to_owned(),
        label,
        help: None,
        kind,
        value: Value::Empty,
        required: false,
        read_only: false,
        show_when: None,
        unit_of_measure: None,
        width: 0,
    }
}

/// One line of text.
pub fn line(name: &str, label: String, longest: u32) -> Field {
    field(name, label, FieldKind::Text(TextRange { minimum: 0, maximum: longest }))
}

/// Why something is done; may be several lines.
pub fn reason(label: String) -> Field {
    field("reason", label, FieldKind::LongText(TextRange { minimum: 0, maximum: 1_000 })).required()
}

/// A day.
pub fn date(name: &str, label: String) -> Field {
    field(name, label, FieldKind::Date(DateRange { earliest: None, latest: None }))
}

/// One of a closed set.
pub fn choice(name: &str, label: String, choices: Vec<Choice>) -> Field {
    field(name, label, FieldKind::Choice(Choices { choices, style: ChoiceStyle::Automatic }))
}

/// One of many that are listed rather than shown side by side.
pub fn select(name: &str, label: String, choices: Vec<Choice>) -> Field {
    field(name, label, FieldKind::Choice(Choices { choices, style: ChoiceStyle::Select }))
}

/// A choice.
pub fn option(value: impl Into<String>, text: impl Into<String>) -> Choice {
    Choice { value: value.into(), text: text.into(), help: None }
}

/// What a field is changed by, one word after the other.
pub trait Described {
    /// It has to be filled in.
    fn required(self) -> Self;
    /// What it says to begin with.
    fn value(self, value: Value) -> Self;
    /// What helps to fill it in.
    fn help(self, help: String) -> Self;
}

impl Described for Field {
    fn required(self) -> Self {
        Self { required: true, ..self }
    }

    fn value(self, value: Value) -> Self {
        Self { value, ..self }
    }

    fn help(self, help: String) -> Self {
        Self { help: Some(help), ..self }
    }
}

/// A form of one group.
pub fn form(id: &str, submit: String, fields: Vec<Field>) -> Form {
    Form {
        id: id.to_owned(),
        title: None,
        help: None,
        groups: vec![FieldGroup { title: None, help: None, fields }],
        children: Vec::new(),
        submit,
        buttons: Vec::new(),
        cancel: None,
        shown: Vec::new(),
    }
}

/// What narrows a page.
pub fn filters(submit: String, fields: Vec<Field>) -> Block {
    Block::Filters(Filters { fields, submit })
}

/// That a form shows something as it is stored under `key`: when somebody else has changed it meanwhile, both
/// values are shown.
pub fn showing(call: &Call, form: Form, collection: &str, id: u32, key: &[u8]) -> Result<Form, ServiceError> {
    let version = call.transaction.snapshot().version(key)?.map_or(0, |version| version.0);
    let id = RecordId { high: 0, low: u64::from(id) };
    let shown = vec![ShownVersion { collection: collection.to_owned(), id, version }];
    Ok(Form { shown, ..form })
}

/// A day as a value.
pub fn day(day: Date) -> Value {
    Value::Date(time::days(day))
}

/// A unit as a value.
pub fn unit(unit: UnitId) -> Value {
    Value::Unit(unit.0)
}
