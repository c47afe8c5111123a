//! What happened, in the order given.

use dinh_model::AccountId;
use dinh_runtime::bindings::views::Event;
use maud::{Markup, html};

use super::{Canvas, tone, value};
use crate::datum::Datum;

/// Events along a line.
pub fn timeline(canvas: &Canvas<'_>, events: &[Event]) -> Markup {
    html! { ol class="timeline" { @for event in events { (self::event(canvas, event)) } } }
}

fn event(canvas: &Canvas<'_>, event: &Event) -> Markup {
    let at = Datum::of(&event.at);
    let machine = match at {
        Datum::Date(day) => Some(day.to_string()),
        Datum::Instant(moment) => Some(moment.to_string()),
        _ => None,
    };
    html! {
        li class=(tone(event.tone)) {
            time datetime=[machine] { (value::plain(canvas, &at)) }
            b { (canvas.linked(event.target.as_ref(), &event.title)) }
            @if let Some(by) = event.by {
                span class="muted" { " · " (value::plain(canvas, &Datum::Account(AccountId(by)))) }
            }
            @if let Some(text) = &event.text { p { (text) } }
        }
    }
}
