//! One field: its label, help and problems around its control.

use dinh_runtime::bindings::types::Value;
use dinh_runtime::bindings::views::*;
use maud::{Markup, html};

use super::control::{control, many, radios};
use super::{Canvas, attached, filters, value, width};
use crate::datum::Datum;
use crate::form::{Filled, typed};

/// A field at its place in a form.
#[derive(Clone, Copy)]
pub struct Slot<'a> {
    /// Id of the form; `q` for filters.
    pub form: &'a str,
    /// Name in HTML.
    pub name: &'a str,
    /// Its description.
    pub field: &'a Field,
    /// Its value as drawn now.
    pub value: &'a Value,
    /// The form as it was filled in, when it is shown again.
    pub filled: Option<&'a Filled>,
    /// Names a picker on the page: `FORM/FIELD`.
    pub pick: &'a str,
}

impl Slot<'_> {
    /// The id of the control.
    pub fn id(&self) -> String {
        format!("{}-{}", self.form, self.name)
    }

    /// The text that the control shows.
    pub(super) fn text(&self, canvas: &Canvas<'_>) -> String {
        match self.filled {
            Some(filled) => filled.raw.first(self.name).unwrap_or_default().to_owned(),
            None => typed::text(canvas.formats, &self.field.kind, self.value),
        }
    }

    pub(super) fn texts(&self, canvas: &Canvas<'_>) -> Vec<String> {
        match self.filled {
            Some(filled) => filled.raw.all(self.name).map(str::to_owned).collect(),
            None => typed::texts(canvas.formats, &self.field.kind, self.value),
        }
    }

    pub(super) fn problems(&self) -> Vec<&str> {
        self.filled.map(|filled| filled.problems_of(self.name).collect()).unwrap_or_default()
    }
}

/// A field of a form.
pub fn field(canvas: &Canvas<'_>, slot: &Slot<'_>) -> Markup {
    let field = slot.field;
    if matches!(field.kind, FieldKind::Hidden) {
        return html! { input type="hidden" name=(slot.name) value=(slot.text(canvas)); };
    }
    let group = matches!(&field.kind, FieldKind::ChoiceList(_)) || radios(slot);
    let class = ["field"]
        .into_iter()
        .chain(width(field.width))
        .chain((!slot.problems().is_empty()).then_some("has-error"))
        .chain(group.then_some("fieldset"))
        .chain(many(&field.kind).then_some("many"))
        .collect::<Vec<_>>()
        .join(" ");
    let condition = field.show_when.as_ref();
    let other = condition.map(|condition| {
        slot.name
            .rsplit_once('.')
            .map_or_else(|| condition.field.clone(), |(prefix, _)| format!("{prefix}.{}", condition.field))
    });
    let values = condition.map(|condition| serde_json::json!(condition.values).to_string());
    let content = html! {
        @if field.read_only { (read_only(canvas, slot)) }
        @else { (wrong(canvas, slot)) (control(canvas, slot)) (help(canvas, slot)) (stored(canvas, slot)) }
    };
    if group && !field.read_only {
        return html! {
            fieldset class=(class) data-when=[other] data-values=[values]
                aria-describedby=[describes(canvas, slot)] {
                legend { (label_text(canvas, slot.form, field)) }
                (content)
            }
        };
    }
    html! {
        div class=(class) data-when=[other] data-values=[values] {
            @if !matches!(field.kind, FieldKind::Boolean) || field.read_only {
                label for=[(!field.read_only).then(|| slot.id())] { (label_text(canvas, slot.form, field)) }
            }
            (content)
        }
    }
}

/// The label; that a field may stay empty is said in forms, of filters it is understood.
fn label_text(canvas: &Canvas<'_>, form: &str, field: &Field) -> Markup {
    let optional = form != filters::FORM
        && !field.required
        && !field.read_only
        && !matches!(field.kind, FieldKind::Boolean);
    html! {
        (field.label)
        @if optional { " " span class="optional" { "(" (canvas.texts.say("field-optional")) ")" } }
    }
}

/// What a reader that cannot see the page hears besides the label.
pub(super) fn describes(canvas: &Canvas<'_>, slot: &Slot<'_>) -> Option<String> {
    let id = slot.id();
    let mut ids = Vec::new();
    if slot.field.help.is_some() || hint(canvas, slot.field).is_some() {
        ids.push(format!("{id}-help"));
    }
    if !slot.problems().is_empty() {
        ids.push(format!("{id}-wrong"));
    }
    (!ids.is_empty()).then(|| ids.join(" "))
}

/// How a kind is written, where that is not obvious.
fn hint(canvas: &Canvas<'_>, field: &Field) -> Option<String> {
    let key = match field.kind {
        FieldKind::Date(_) => "hint-date",
        FieldKind::Month(_) => "hint-month",
        FieldKind::Instant => "hint-instant",
        _ => return None,
    };
    Some(canvas.texts.say(key))
}

fn help(canvas: &Canvas<'_>, slot: &Slot<'_>) -> Markup {
    let id = slot.id();
    let hint = hint(canvas, slot.field);
    html! {
        @if slot.field.help.is_some() || hint.is_some() {
            span class="hint" id={ (id) "-help" } {
                @if let Some(help) = &slot.field.help { (help) " " }
                @if let Some(hint) = hint { (hint) }
            }
        }
        @if slot.field.show_when.is_some() {
            span class="hint when" { (canvas.texts.say("hint-when")) }
        }
    }
}

/// What is wrong, between the label and the control, where eyes are.
fn wrong(canvas: &Canvas<'_>, slot: &Slot<'_>) -> Markup {
    let id = slot.id();
    html! {
        @if !slot.problems().is_empty() {
            span class="wrong" id={ (id) "-wrong" } {
                @for problem in slot.problems() { span class="sr" { (canvas.texts.say("field-wrong")) " " } (problem) " " }
            }
        }
    }
}

/// What is stored now, beside what was filled in, on a form whose records have changed.
fn stored(canvas: &Canvas<'_>, slot: &Slot<'_>) -> Markup {
    let stale = slot.filled.is_some_and(|filled| filled.stale);
    let now = typed::texts(canvas.formats, &slot.field.kind, slot.value);
    let same =
        slot.texts(canvas) == now || (slot.texts(canvas).concat().is_empty() && now.concat().is_empty());
    html! {
        @if stale && !same {
            span class="now-stored" {
                (canvas.texts.say("field-stored")) " "
                strong { (shown(canvas, slot)) }
            }
        }
    }
}

/// The value as text, with names for identifiers and choices.
fn shown(canvas: &Canvas<'_>, slot: &Slot<'_>) -> String {
    let datum = Datum::of(slot.value);
    let named = |choices: &Choices, value: &str| {
        choices
            .choices
            .iter()
            .find(|choice| choice.value == value)
            .map_or_else(|| value.to_owned(), |c| c.text.clone())
    };
    match (&slot.field.kind, &datum) {
        (_, Datum::Empty) => canvas.texts.say("value-none"),
        (FieldKind::Choice(choices), Datum::Text(text)) => named(choices, text),
        (FieldKind::ChoiceList(choices), Datum::Texts(texts)) => {
            texts.iter().map(|text| named(choices, text)).collect::<Vec<_>>().join("; ")
        }
        (FieldKind::Code(picker), Datum::Text(code)) => {
            let as_of = picker.as_of.and_then(dinh_model::time::from_days).unwrap_or(canvas.today);
            canvas.directory.code(&picker.catalog, code, as_of).unwrap_or_else(|| (*code).to_owned())
        }
        (FieldKind::Reference(picker), Datum::Reference(id)) => canvas
            .directory
            .record(picker, *id)
            .map_or_else(|| value::plain(canvas, &datum), |found| found.text),
        (FieldKind::Attachment(_), Datum::Texts(ids)) => {
            let names = ids.iter().filter_map(|id| canvas.directory.file(id.parse().ok()?));
            names.map(|info| info.name).collect::<Vec<_>>().join("; ")
        }
        (FieldKind::Money(_), Datum::Integer(dong)) => canvas.formats.money(*dong),
        (FieldKind::Month(_), Datum::Date(day)) => crate::format::month(*day),
        _ => value::plain(canvas, &datum),
    }
}

fn read_only(canvas: &Canvas<'_>, slot: &Slot<'_>) -> Markup {
    let files = match slot.field.kind {
        FieldKind::Attachment(_) => typed::texts(canvas.formats, &slot.field.kind, slot.value),
        _ => Vec::new(),
    };
    let files: Vec<_> = files.iter().filter_map(|id| id.parse().ok()).collect();
    html! {
        @if !files.is_empty() {
            ul class="attached" { @for id in files { li { (attached::link(canvas, id)) } } }
        } @else {
            div { (shown(canvas, slot)) @if let Some(unit) = &slot.field.unit_of_measure { " " (unit) } }
        }
        @if let Some(help) = &slot.field.help { span class="hint" { (help) } }
    }
}
