//! Picking one of tens of thousands: words are typed, the host searches.
//!
//! Without JavaScript the search happens when the form is sent: one result is taken, several come back as
//! a list to choose from. With it, candidates appear while typing.

use dinh_model::{AccountId, RecordId};
use dinh_runtime::bindings::views::FieldKind;
use maud::{Markup, html};

use super::Canvas;
use super::field::Slot;
use crate::directory::Candidate;
use crate::form::typed;

/// The control of a picker.
pub fn picker(canvas: &Canvas<'_>, slot: &Slot<'_>, describes: Option<String>) -> Markup {
    let stored = match slot.filled {
        Some(filled) => filled.raw.first(slot.name).unwrap_or_default().to_owned(),
        None => typed::text(canvas.formats, &slot.field.kind, slot.value),
    };
    let chosen = candidate(canvas, &slot.field.kind, &stored);
    let words_name = format!("{}.words", slot.name);
    let words = match slot.filled.and_then(|filled| filled.raw.first(&words_name)) {
        Some(words) => words.to_owned(),
        None => chosen.as_ref().map(|candidate| candidate.text.clone()).unwrap_or_default(),
    };
    let found = slot
        .filled
        .and_then(|filled| filled.found.get(slot.name))
        .filter(|found| !found.candidates.is_empty());
    html! {
        div class="picker size-l" data-pick=(slot.pick) {
            input type="hidden" name=(slot.name) value=(stored);
            input type="text" id=(slot.id()) name=(words_name) value=(words) autocomplete="off"
                placeholder=(canvas.texts.say("picker-words"))
                aria-required=[slot.field.required.then_some("true")] aria-describedby=[describes];
            @if let Some(found) = found {
                div class="choices" role="radiogroup" aria-label=(slot.field.label) {
                    @for candidate in &found.candidates {
                        label class="choice" {
                            input type="radio" name={ (slot.name) ".pick" } value=(candidate.value);
                            span { (candidate.text) }
                            @if !candidate.detail.is_empty() { small { (candidate.detail) } }
                        }
                    }
                }
                @if found.more { span class="hint" { (canvas.texts.say("picker-more")) } }
            }
        }
    }
}

fn candidate(canvas: &Canvas<'_>, kind: &FieldKind, id: &str) -> Option<Candidate> {
    match kind {
        FieldKind::Reference(picker) => canvas.directory.record(picker, id.parse::<RecordId>().ok()?),
        _ => canvas.directory.person(id.parse::<AccountId>().ok()?),
    }
}
