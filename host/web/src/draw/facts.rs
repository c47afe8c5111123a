//! Labelled values of a record sheet.

use dinh_runtime::bindings::views::{Fact, Facts, Tone};
use maud::{Markup, html};

use super::value::{self, Stand};
use super::{Canvas, tone, width};
use crate::datum::Datum;

/// Labelled values, in a grid of twelve columns where there is room.
pub fn facts(canvas: &Canvas<'_>, facts: &Facts) -> Markup {
    html! {
        div class="card" {
            @if let Some(title) = &facts.title { h3 { (title) } }
            dl class="facts" { @for fact in &facts.facts { (self::fact(canvas, fact)) } }
        }
    }
}

fn fact(canvas: &Canvas<'_>, fact: &Fact) -> Markup {
    let datum = Datum::of(&fact.value);
    let shown = value::markup(canvas, &datum, &fact.format, fact.tone, Stand::Alone);
    let colour = (fact.tone != Tone::Neutral).then(|| format!("tone-{}", tone(fact.tone)));
    html! {
        div class=[width(fact.width)] {
            dt { (fact.label) }
            dd class=[colour] {
                @if datum.is_empty() {
                    span class="blank" { span aria-hidden="true" { "—" } span class="sr" { (canvas.texts.say("value-none")) } }
                } @else if let Some(target) = &fact.target {
                    (canvas.link(target, &value::text(canvas, &datum, &fact.format, Stand::Alone)))
                } @else { (shown) }
                @if let Some(help) = &fact.help { small { (help) } }
            }
        }
    }
}
