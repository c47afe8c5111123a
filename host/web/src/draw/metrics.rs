//! Figures that stand for a whole.

use dinh_runtime::bindings::views::Metric;
use maud::{Markup, html};

use super::value::{self, Stand};
use super::{Canvas, tone};
use crate::datum::Datum;

/// Tiles, side by side where there is room.
pub fn metrics(canvas: &Canvas<'_>, metrics: &[Metric]) -> Markup {
    html! { dl class="metrics" { @for metric in metrics { (tile(canvas, metric)) } } }
}

fn tile(canvas: &Canvas<'_>, metric: &Metric) -> Markup {
    let datum = Datum::of(&metric.value);
    let change = Datum::of(&metric.change);
    let figure = value::text(canvas, &datum, &metric.format, Stand::Alone);
    let class = if figure.chars().count() > 9 { "figure long" } else { "figure" };
    html! {
        div class={ "metric " (tone(metric.tone)) } {
            dt { (canvas.linked(metric.target.as_ref(), &metric.label)) }
            dd {
                span class=(class) {
                    @if datum.is_empty() {
                        span aria-hidden="true" { "—" } span class="sr" { (canvas.texts.say("value-none")) }
                    } @else {
                        (figure)
                        @if let Some(unit) = &metric.unit_of_measure { small { " " (unit) } }
                    }
                }
            }
            @if !change.is_empty() {
                dd { (value::markup(canvas, &change, &metric.change_format, metric.tone, Stand::Alone)) }
            }
            @if let Some(note) = &metric.note { dd class="note" { (note) } }
        }
    }
}
