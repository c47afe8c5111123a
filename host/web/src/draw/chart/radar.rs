//! A radar: one axis for each category, one shape for each series.

use std::f64::consts::TAU;

use dinh_runtime::bindings::views::Chart;
use maud::{Markup, html};

use super::axes::n;
use super::scale::Scale;
use super::{Line, marker, scale_of, wrapped};
use crate::draw::Canvas;

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 420.0;
const RADIUS: f64 = 165.0;

/// Where a value of a category stands: the first axis points up, the others follow clockwise.
fn point(category: usize, categories: usize, place: f64) -> (f64, f64) {
    let angle = TAU * category as f64 / categories.max(1) as f64;
    (WIDTH / 2.0 + RADIUS * place * angle.sin(), HEIGHT / 2.0 - RADIUS * place * angle.cos())
}

/// The picture.
pub fn draw(canvas: &Canvas<'_>, chart: &Chart, lines: &[Line<'_>]) -> Markup {
    let all: Vec<&Line<'_>> = lines.iter().collect();
    let scale = scale_of(&chart.axis, &all, false, &[]);
    let count = chart.categories.len();
    let title =
        format!("{}: {}", chart.title, lines.iter().map(|line| line.name).collect::<Vec<_>>().join(", "));
    let ring = |place: f64| closed((0..count).map(|category| Some(point(category, count, place))));
    html! {
        svg viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } role="img" aria-label=(title) class="radar" {
            @for tick in scale.ticks() { path class="rule" d=(ring(scale.place(tick))) {} }
            path class="base" d=(ring(1.0)) {}
            @for category in 0..count {
                @let (x, y) = point(category, count, 1.0);
                path class="rule" d={ "M" (n(WIDTH / 2.0)) " " (n(HEIGHT / 2.0)) "L" (n(x)) " " (n(y)) } {}
            }
            @for line in lines.iter().filter(|l| !l.emphasised).chain(lines.iter().filter(|l| l.emphasised)) {
                (shape(line, &scale, count))
            }
            @for tick in scale.ticks() {
                @let (x, y) = point(0, count, scale.place(tick));
                text x=(n(x - 5.0)) y=(n(y + 4.0)) text-anchor="end" { (super::tick(canvas, tick, scale.step)) }
            }
            @for (category, name) in chart.categories.iter().enumerate() { (label(category, count, name)) }
        }
    }
}

fn shape(line: &Line<'_>, scale: &Scale, count: usize) -> Markup {
    let points: Vec<_> = (0..count)
        .map(|category| {
            line.values
                .get(category)
                .copied()
                .flatten()
                .map(|value| point(category, count, scale.place(value)))
        })
        .collect();
    html! {
        g class=(line.class()) {
            path class="shape" d=(closed(points.iter().copied())) stroke-dasharray=[line.dash()] {}
            @for (x, y) in points.iter().flatten() { (marker(line.style, *x, *y)) }
        }
    }
}

/// A closed shape over the values there are.
fn closed(points: impl Iterator<Item = Option<(f64, f64)>>) -> String {
    let corners: Vec<_> = points.flatten().map(|(x, y)| format!("{x:.1} {y:.1}")).collect();
    if corners.is_empty() { String::new() } else { format!("M{}Z", corners.join("L")) }
}

/// The name of an axis at its end, on up to three lines.
fn label(category: usize, count: usize, name: &str) -> Markup {
    let (x, y) = point(category, count, 1.0);
    let side = x - WIDTH / 2.0;
    let anchor = if side > 12.0 {
        "start"
    } else if side < -12.0 {
        "end"
    } else {
        "middle"
    };
    let lines = wrapped(name, if anchor == "middle" { 30 } else { 19 });
    let (dx, above) = match anchor {
        "start" => (9.0, (lines.len() as f64 - 1.0) * 8.0 - 4.5),
        "end" => (-9.0, (lines.len() as f64 - 1.0) * 8.0 - 4.5),
        _ if y < HEIGHT / 2.0 => (0.0, (lines.len() as f64 - 1.0) * 16.0 + 10.0),
        _ => (0.0, -18.0),
    };
    html! {
        text text-anchor=(anchor) {
            @for (index, line) in lines.iter().enumerate() {
                tspan x=(n(x + dx)) y=(n(y - above + 16.0 * index as f64)) { (line) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_axis_points_up_and_the_next_to_the_right() {
        let (x, y) = point(0, 4, 1.0);
        assert!((x - WIDTH / 2.0).abs() < 1e-9 && (y - (HEIGHT / 2.0 - RADIUS)).abs() < 1e-9);
        let (x, y) = point(1, 4, 0.5);
        assert!((x - (WIDTH / 2.0 + RADIUS / 2.0)).abs() < 1e-9 && (y - HEIGHT / 2.0).abs() < 1e-9);
    }

    #[test]
    fn a_value_that_is_missing_leaves_its_corner_out() {
        assert_eq!(closed([Some((0.0, 0.0)), None, Some((1.0, 2.0))].into_iter()), "M0.0 0.0L1.0 2.0Z");
        assert_eq!(closed([None].into_iter()), "");
    }
}
