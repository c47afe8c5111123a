//! The control of a field, by its kind.

use dinh_runtime::bindings::views::*;
use maud::{Markup, html};

use super::field::{Slot, describes};
use super::{Canvas, attached, filters, picker};
use crate::directory::{Candidate, Found};
use crate::form::kind::CODES;

/// Choices up to this many are shown side by side with radio buttons; more become a list.
const RADIOS: usize = 5;

/// Boxes beyond this many stand in columns that scroll, those ticked first.
const MANY: usize = 12;

/// Whether a field is a list of so many boxes that it scrolls.
pub(super) fn many(kind: &FieldKind) -> bool {
    matches!(kind, FieldKind::ChoiceList(choices) if choices.choices.len() > MANY)
}

/// Whether one choice is made with radio buttons. Filters take little room: there it is a list.
pub(super) fn radios(slot: &Slot<'_>) -> bool {
    match &slot.field.kind {
        FieldKind::Choice(choices) => match choices.style {
            ChoiceStyle::Radios => true,
            ChoiceStyle::Select => false,
            ChoiceStyle::Automatic => slot.form != filters::FORM && choices.choices.len() <= RADIOS,
        },
        _ => false,
    }
}

/// The control.
pub(super) fn control(canvas: &Canvas<'_>, slot: &Slot<'_>) -> Markup {
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
        FieldKind::Attachment(upload) => attached::control(canvas, slot, upload),
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

/// A list to choose one from. The empty entry comes first, unless something has to be chosen and is.
fn select<'s>(
    canvas: &Canvas<'_>,
    slot: &Slot<'_>,
    entries: impl Iterator<Item = (&'s str, String)>,
) -> Markup {
    let chosen = slot.text(canvas);
    let entries: Vec<_> = entries.collect();
    let settled = slot.field.required && entries.iter().any(|(value, _)| *value == chosen);
    html! {
        select id=(slot.id()) name=(slot.name)
            aria-required=[slot.field.required.then_some("true")]
            aria-invalid=[(!slot.problems().is_empty()).then_some("true")]
            aria-describedby=[describes(canvas, slot)] {
            @if !settled { option value="" { (canvas.texts.say(if slot.form == filters::FORM && !slot.field.required { "select-any" } else { "select-none" })) } }
            @for (value, text) in entries { option value=(value) selected[value == chosen] { (text) } }
        }
    }
}

fn code(canvas: &Canvas<'_>, slot: &Slot<'_>, picker: &CodePicker) -> Markup {
    let as_of = picker.as_of.and_then(dinh_model::time::from_days).unwrap_or(canvas.today);
    let Found { mut candidates, more, .. } =
        canvas.directory.codes(&picker.catalog, as_of, CODES).unwrap_or_default();
    // A code whose term is over may still be what is stored: it stays choosable until it is changed.
    let stored = slot.text(canvas);
    if !stored.is_empty() && !candidates.iter().any(|candidate| candidate.value == stored) {
        let text = canvas.directory.code(&picker.catalog, &stored, as_of).unwrap_or_else(|| stored.clone());
        candidates.insert(0, Candidate { value: stored, text, detail: String::new() });
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
