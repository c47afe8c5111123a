//! What is asked before a button does what it does: the question, and what it is about.

use dinh_runtime::bindings::views::Page;
use maud::{Markup, html};

use super::{Canvas, actions, table};
use crate::form::effect::Offered;

/// Rows that are named; more are counted.
const NAMED: usize = 30;

/// A button that asks first.
pub struct Question<'a> {
    /// The question.
    pub text: &'a str,
    /// The button.
    pub offered: Offered<'a>,
    /// Keys of the rows that were selected.
    pub selected: Vec<String>,
}

/// The question with the button that answers it. The rows it is about are named as their table names them: who
/// has selected them on a page that is gone sees once more which ones they were.
pub fn confirm(canvas: &Canvas<'_>, page: &Page, question: &Question<'_>) -> Markup {
    let here = canvas.place.here();
    html! {
        div class="reading" {
            h1 { (canvas.texts.say("confirm-title")) }
            p class="subtitle" { (question.text) }
            p class="muted" { (page.title) @if let Some(subtitle) = &page.subtitle { " – " (subtitle) } }
            (rows(canvas, question))
            form method="post" action=(here) data-form {
                (canvas.hidden(None))
                input type="hidden" name="confirmed" value="true";
                @for key in &question.selected { input type="hidden" name="selected" value=(key); }
                div class="buttons" {
                    button class=(actions::class(question.offered.prominence)) name="do" value=(actions::name(question.offered.effect)) {
                        (question.offered.text)
                    }
                    a class="btn link" href=(here) { (canvas.texts.say("confirm-back")) }
                }
            }
        }
    }
}

fn rows(canvas: &Canvas<'_>, question: &Question<'_>) -> Markup {
    let Some(table) = question.offered.table else { return html! {} };
    let names = table::names(canvas, table, &question.selected);
    let count = canvas.texts.count("confirm-rows", names.len());
    html! {
        p { strong { (count) } @if let Some(caption) = &table.caption { " (" (caption) ")" } ":" }
        ul { @for name in names.iter().take(NAMED) { li { (name) } } }
        @if names.len() > NAMED { p { (canvas.texts.count("confirm-more", names.len() - NAMED)) } }
    }
}
