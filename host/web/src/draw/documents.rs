//! The documents of a dossier.

use dinh_runtime::bindings::views::{Document, DocumentState, Target};
use maud::{Markup, html};

use super::{Canvas, value};
use crate::datum::Datum;

/// Documents with their state; a required one that is missing stands out.
pub fn documents(canvas: &Canvas<'_>, documents: &[Document]) -> Markup {
    html! { ul class="documents" { @for document in documents { (self::document(canvas, document)) } } }
}

fn document(canvas: &Canvas<'_>, document: &Document) -> Markup {
    let (tone, state) = match (document.state, document.required) {
        (DocumentState::Present, _) => ("good", "document-present"),
        (DocumentState::Missing, true) => ("bad", "document-missing-required"),
        (DocumentState::Missing, false) => ("neutral", "document-missing"),
        (DocumentState::Draft, _) => ("warning", "document-draft"),
        (DocumentState::NotNeeded, _) => ("neutral", "document-not-needed"),
    };
    let target = document.target.clone().or(document.file.map(Target::File));
    let date = Datum::of(&document.date);
    html! {
        li {
            div class="what" {
                (canvas.linked(target.as_ref(), &document.title))
                @if document.number.is_some() || !date.is_empty() {
                    small {
                        @if let Some(number) = &document.number { (canvas.texts.with("document-number", &[("number", number)])) " " }
                        @if !date.is_empty() { (canvas.texts.with("document-date", &[("day", &value::plain(canvas, &date))])) }
                    }
                }
            }
            span class={ "badge " (tone) } { (canvas.texts.say(state)) }
            (super::actions::row(canvas, &document.actions))
        }
    }
}
