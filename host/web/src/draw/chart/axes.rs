//! The frame of a chart with a value axis: rules, ticks, titles.

use maud::{Markup, html};

use super::scale::Scale;
use crate::draw::Canvas;

/// The rectangle that values are drawn in, in the units of the picture.
#[derive(Clone, Copy, Debug)]
pub struct Frame {
    /// Left edge.
    pub left: f64,
    /// Right edge.
    pub right: f64,
    /// Upper edge.
    pub top: f64,
    /// Lower edge.
    pub bottom: f64,
}

impl Frame {
    /// The height at which a value stands.
    pub fn y(&self, scale: &Scale, value: f64) -> f64 {
        self.bottom - scale.place(value) * (self.bottom - self.top)
    }

    /// How far right a value stands.
    pub fn x(&self, scale: &Scale, value: f64) -> f64 {
        self.left + scale.place(value) * (self.right - self.left)
    }
}

/// A number of the picture: one place is finer than a screen shows.
pub fn n(number: f64) -> String {
    format!("{number:.1}")
}

/// Rules across the frame with their values on the left, and the axis' title above.
pub fn left(canvas: &Canvas<'_>, frame: &Frame, scale: &Scale, title: Option<&str>) -> Markup {
    html! {
        @for tick in scale.ticks() {
            @let y = frame.y(scale, tick);
            path class="rule" d={ "M" (n(frame.left)) " " (n(y)) "H" (n(frame.right)) } {}
            text x=(n(frame.left - 8.0)) y=(n(y + 4.5)) text-anchor="end" { (super::tick(canvas, tick, scale.step)) }
        }
        @if let Some(title) = title {
            text class="axis-title" x=(n(4.0)) y=(n(frame.top - 12.0)) { (title) }
        }
    }
}

/// Values of the second axis on the right.
pub fn right(canvas: &Canvas<'_>, frame: &Frame, scale: &Scale, title: Option<&str>) -> Markup {
    html! {
        @for tick in scale.ticks() {
            text x=(n(frame.right + 8.0)) y=(n(frame.y(scale, tick) + 4.5)) { (super::tick(canvas, tick, scale.step)) }
        }
        @if let Some(title) = title {
            text class="axis-title" x=(n(frame.right + 46.0)) y=(n(frame.top - 12.0)) text-anchor="end" { (title) }
        }
    }
}
