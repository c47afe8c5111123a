//! Lines over categories, against one axis or two. An empty value breaks a line.

use dinh_runtime::bindings::views::{Axis, Chart};
use maud::{Markup, html};

use super::axes::{self, Frame, n};
use super::{Line, cut, marker, scale_of};
use crate::draw::Canvas;

const WIDTH: f64 = 760.0;
const HEIGHT: f64 = 340.0;

/// The picture.
pub fn draw(canvas: &Canvas<'_>, chart: &Chart, left: &Axis, lines: &[Line<'_>]) -> Markup {
    let (second, first): (Vec<_>, Vec<_>) = lines.iter().partition(|line| line.second);
    let frame = Frame {
        left: 56.0,
        right: if second.is_empty() { WIDTH - 18.0 } else { WIDTH - 50.0 },
        top: 30.0,
        bottom: HEIGHT - 34.0,
    };
    let scale = scale_of(left, &first, false, &[]);
    // An axis is there for the series drawn against it.
    let axis = chart.second_axis.as_ref().filter(|_| !second.is_empty());
    let other = axis.map(|axis| (axis, scale_of(axis, &second, false, &[])));
    let count = chart.categories.len();
    let x = |index: usize| {
        let room = frame.right - frame.left - 36.0;
        // A single point stands in the middle.
        let share = if count < 2 { 0.5 } else { index as f64 / (count - 1) as f64 };
        frame.left + 18.0 + room * share
    };
    // As many names as fit: about seven units for a letter.
    let longest = chart.categories.iter().map(|name| name.chars().count().min(14)).max().unwrap_or(1);
    let each =
        (count as f64 * (longest as f64 * 7.5 + 10.0) / (frame.right - frame.left)).ceil().max(1.0) as usize;
    let title =
        format!("{}: {}", chart.title, lines.iter().map(|line| line.name).collect::<Vec<_>>().join(", "));
    html! {
        svg viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } role="img" aria-label=(title) {
            (axes::left(canvas, &frame, &scale, left.title.as_deref()))
            @if let Some((axis, scale)) = &other { (axes::right(canvas, &frame, scale, axis.title.as_deref())) }
            path class="base" d={ "M" (n(frame.left)) " " (n(frame.bottom)) "H" (n(frame.right)) } {}
            @for (index, name) in chart.categories.iter().enumerate() {
                @if index % each == 0 {
                    text x=(n(x(index))) y=(n(frame.bottom + 21.0)) text-anchor="middle" { (cut(name, 14)) }
                }
            }
            // The emphasised series last, so that nothing lies over it.
            @for line in lines.iter().filter(|l| !l.emphasised).chain(lines.iter().filter(|l| l.emphasised)) {
                @let scale = other.as_ref().filter(|_| line.second).map_or(&scale, |(_, scale)| scale);
                @let points: Vec<Option<(f64, f64)>> = line.values.iter().enumerate()
                    .map(|(index, value)| value.map(|value| (x(index), frame.y(scale, value)))).collect();
                g class=(line.class()) {
                    path class="line" d=(path(&points)) stroke-dasharray=[line.dash()] {}
                    @for (index, point) in points.iter().enumerate() {
                        @if let Some((x, y)) = point {
                            (marker(line.style, *x, *y))
                            @if (line.emphasised && count <= 14) || count < 2 {
                                text class="mark" x=(n(*x)) y=(n(y - 10.0)) text-anchor="middle" { (line.texts.get(index).map_or("", String::as_str)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Lines between neighbours; an empty value between them leaves a gap.
fn path(points: &[Option<(f64, f64)>]) -> String {
    let mut text = String::new();
    let mut open = false;
    for point in points {
        if let Some((x, y)) = point {
            text.push_str(&format!("{}{x:.1} {y:.1}", if open { "L" } else { "M" }));
        }
        open = point.is_some();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_value_breaks_the_line() {
        let points = [Some((0.0, 1.0)), Some((1.0, 2.0)), None, Some((3.0, 4.0))];
        assert_eq!(path(&points), "M0.0 1.0L1.0 2.0M3.0 4.0");
        assert_eq!(path(&[None]), "");
    }
}
