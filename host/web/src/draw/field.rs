//! One field: its label, help, problems and control.

use dinh_runtime::bindings::types::Value;
use dinh_runtime::bindings::views::*;
use maud::{Markup, html};

use super::{Canvas, picker, value, width};
use crate::datum::Datum;
use crate::directory::Found;
use crate::form::{Filled, kind::CODES, typed};

/// Choices up to this many are shown side by side with radio buttons; more become a list.
const RADIOS: usize = 5;

/// Boxes beyond this many stand in columns that scroll, those ticked first.
const MANY: usize = 12;

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
    fn text(&self, canvas: &Canvas<'_>) -> String {
        match self.filled {
            Some(filled) => filled.raw.first(self.name).unwrap_or_default().to_owned(),
            None => typed::text(canvas.formats, &self.field.kind, self.value),
        }
    }

    fn texts(&self, canvas: &Canvas<'_>) -> Vec<String> {
        match self.filled {
            Some(filled) => filled.raw.all(self.name).map(str::to_owned).collect(),
            None => typed::texts(canvas.formats, &self.field.kind, self.value),
        }
    }

    fn problems(&self) -> Vec<&str> {
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
    let optional =
        form != "q" && !field.required && !field.read_only && !matches!(field.kind, FieldKind::Boolean);
    html! {
        (field.label)
        @if optional { " " span class="optional" { "(" (canvas.texts.say("field-optional")) ")" } }
    }
}

/// What a reader that cannot see the page hears besides the label.
fn describes(canvas: &Canvas<'_>, slot: &Slot<'_>) -> Option<String> {
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
        (FieldKind::Money(_), Datum::Integer(dong)) => canvas.formats.money(*dong),
        (FieldKind::Month(_), Datum::Date(day)) => crate::format::month(*day),
        _ => value::plain(canvas, &datum),
    }
}

fn read_only(canvas: &Canvas<'_>, slot: &Slot<'_>) -> Markup {
    html! {
        div { (shown(canvas, slot)) @if let Some(unit) = &slot.field.unit_of_measure { " " (unit) } }
        @if let Some(help) = &slot.field.help { span class="hint" { (help) } }
    }
}

/// Whether a field is a list of so many boxes that it scrolls.
fn many(kind: &FieldKind) -> bool {
    matches!(kind, FieldKind::ChoiceList(choices) if choices.choices.len() > MANY)
}

/// Whether one choice is made with radio buttons. Filters take little room: there it is a list.
fn radios(slot: &Slot<'_>) -> bool {
    match &slot.field.kind {
        FieldKind::Choice(choices) => match choices.style {
            ChoiceStyle::Radios => true,
            ChoiceStyle::Select => false,
            ChoiceStyle::Automatic => slot.form != "q" && choices.choices.len() <= RADIOS,
        },
        _ => false,
    }
}

fn control(canvas: &Canvas<'_>, slot: &Slot<'_>) -> Markup {
    let field = slot.field;
    match &field.kind {
        FieldKind::Text(range) => line(canvas, slot, &size(range.maximum), None, None),
        FieldKind::LongText(range) => area(canvas, slot, range.maximum),
        FieldKind::Integer(_) => {
            line(canvas, slot, "size-s numeric", Some("numeric"), field.unit_of_measure.as_deref())
        }
        FieldKind::Decimal(_) => {
            line(canvas, slot, "size-s numeric", Some("decimal"), field.unit_of_measure.as_deref())
        }
        FieldKind::Money(_) => line(
            canvas,
            slot,
            "size-m numeric",
            Some("numeric"),
            Some(field.unit_of_measure.as_deref().unwrap_or("đồng")),
        ),
        FieldKind::Date(_) | FieldKind::Month(_) => {
            line(canvas, slot, "size-s numeric", Some("numeric"), None)
        }
        FieldKind::Instant => line(canvas, slot, "size-m numeric", None, None),
        FieldKind::Boolean => boolean(canvas, slot),
        FieldKind::Choice(choices) if radios(slot) => options(canvas, slot, choices, "radio"),
        FieldKind::Choice(choices) => {
            let entries = choices.choices.iter().map(|choice| (choice.value.as_str(), choice.text.clone()));
            select(canvas, slot, entries)
        }
        FieldKind::ChoiceList(choices) => options(canvas, slot, choices, "checkbox"),
        FieldKind::Code(picker) => code(canvas, slot, picker),
        FieldKind::Unit => {
            let units = canvas.directory.units();
            let entries = units.iter().map(|unit| {
                (unit.id.to_string(), format!("{}{}", "\u{2003}".repeat(unit.depth.min(8)), unit.name))
            });
            let entries: Vec<_> = entries.collect();
            select(canvas, slot, entries.iter().map(|(value, text)| (value.as_str(), text.clone())))
        }
        FieldKind::Reference(_) | FieldKind::Account => picker::picker(canvas, slot, describes(canvas, slot)),
        FieldKind::Attachment(_) => html! {
            input type="file" id=(slot.id()) disabled;
            span class="hint" { (canvas.texts.say("field-no-files")) }
        },
        FieldKind::Hidden => html! {},
    }
}

fn size(maximum: u32) -> String {
    match maximum {
        0..=12 => "size-s",
        13..=30 => "size-m",
        31..=80 => "size-l",
        _ => "",
    }
    .to_owned()
}

fn line(canvas: &Canvas<'_>, slot: &Slot<'_>, class: &str, mode: Option<&str>, unit: Option<&str>) -> Markup {
    let input = html! {
        input type="text" class=[(!class.is_empty()).then_some(class)] id=(slot.id()) name=(slot.name) value=(slot.text(canvas))
            inputmode=[mode] autocomplete="off"
            aria-required=[slot.field.required.then_some("true")]
            aria-invalid=[(!slot.problems().is_empty()).then_some("true")]
            aria-describedby=[describes(canvas, slot)];
    };
    match unit {
        Some(unit) => html! { div class="affix" { (input) span { (unit) } } },
        None => input,
    }
}

fn area(canvas: &Canvas<'_>, slot: &Slot<'_>, maximum: u32) -> Markup {
    let rows = if maximum > 1_000 { 6 } else { 3 };
    html! {
        textarea id=(slot.id()) name=(slot.name) rows=(rows)
            aria-required=[slot.field.required.then_some("true")]
            aria-invalid=[(!slot.problems().is_empty()).then_some("true")]
            aria-describedby=[describes(canvas, slot)] { "\n" (slot.text(canvas)) }
    }
}

fn boolean(canvas: &Canvas<'_>, slot: &Slot<'_>) -> Markup {
    let ticked = matches!(slot.text(canvas).as_str(), "true" | "on" | "1");
    html! {
        label class="choice-box" {
            input type="checkbox" id=(slot.id()) name=(slot.name) value="true" checked[ticked]
                aria-describedby=[describes(canvas, slot)];
            span { (slot.field.label) }
        }
    }
}

fn options(canvas: &Canvas<'_>, slot: &Slot<'_>, choices: &Choices, kind: &str) -> Markup {
    let chosen = slot.texts(canvas);
    let short = |choice: &Choice| choice.help.is_none() && choice.text.chars().count() < 18;
    let many = many(&slot.field.kind);
    let class = match choices.choices.len() {
        _ if many => "choices many",
        0..=3 if choices.choices.iter().all(short) => "choices inline",
        _ => "choices",
    };
    let (first, others): (Vec<_>, Vec<_>) =
        choices.choices.iter().partition(|choice| !many || chosen.contains(&choice.value));
    html! {
        div class=(class) {
            @for (index, choice) in first.into_iter().chain(others).enumerate() {
                label class="choice" {
                    input type=(kind) name=(slot.name) value=(choice.value) id=[(index == 0).then(|| slot.id())]
                        checked[chosen.contains(&choice.value)];
                    span { (choice.text) }
                    @if let Some(help) = &choice.help { small { (help) } }
                }
            }
        }
    }
}

/// A list to choose one from, with an empty entry first.
fn select<'s>(
    canvas: &Canvas<'_>,
    slot: &Slot<'_>,
    entries: impl Iterator<Item = (&'s str, String)>,
) -> Markup {
    let chosen = slot.text(canvas);
    html! {
        select id=(slot.id()) name=(slot.name)
            aria-required=[slot.field.required.then_some("true")]
            aria-invalid=[(!slot.problems().is_empty()).then_some("true")]
            aria-describedby=[describes(canvas, slot)] {
            option value="" { (canvas.texts.say(if slot.form == "q" { "select-any" } else { "select-none" })) }
            @for (value, text) in entries { option value=(value) selected[value == chosen] { (text) } }
        }
    }
}

fn code(canvas: &Canvas<'_>, slot: &Slot<'_>, picker: &CodePicker) -> Markup {
    let as_of = picker.as_of.and_then(dinh_model::time::from_days).unwrap_or(canvas.today);
    let Found { mut candidates, more } =
        canvas.directory.codes(&picker.catalog, as_of, CODES).unwrap_or_default();
    // A code whose term is over may still be what is stored: it stays choosable until it is changed.
    let stored = slot.text(canvas);
    if !stored.is_empty() && !candidates.iter().any(|candidate| candidate.value == stored) {
        let text = canvas.directory.code(&picker.catalog, &stored, as_of).unwrap_or_else(|| stored.clone());
        candidates.insert(0, crate::directory::Candidate { value: stored, text, detail: String::new() });
    }
    if more {
        // Too many for a list: the code itself is typed.
        return line(canvas, slot, "size-m", None, None);
    }
    select(
        canvas,
        slot,
        candidates.iter().map(|candidate| (candidate.value.as_str(), candidate.text.clone())),
    )
}
