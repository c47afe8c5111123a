//! Bars, side by side or stacked. Few short names: columns. Many or long names: bars that lie, so that every
//! name can be read.

use dinh_runtime::bindings::views::Chart;
use maud::{Markup, html};

use super::axes::{self, Frame, n};
use super::scale::Scale;
use super::{Line, cut, scale_of};
use crate::draw::Canvas;

const WIDTH: f64 = 760.0;

/// The picture.
pub fn draw(canvas: &Canvas<'_>, chart: &Chart, lines: &[Line<'_>], stacked: bool) -> Markup {
    let all: Vec<&Line<'_>> = lines.iter().collect();
    let totals = if stacked { totals(lines, chart.categories.len()) } else { Vec::new() };
    let scale = scale_of(&chart.axis, &all, true, &totals);
    let longest = chart.categories.iter().map(|name| name.chars().count()).max().unwrap_or(0);
    let lying = chart.categories.len() > 12 || longest * chart.categories.len() > 76;
    let title =
        format!("{}: {}", chart.title, lines.iter().map(|line| line.name).collect::<Vec<_>>().join(", "));
    if lying {
        lie(canvas, chart, lines, &scale, stacked, &title)
    } else {
        stand(canvas, chart, lines, &scale, stacked, &title)
    }
}

/// Sums of the positive and of the negative values of each category, between which stacks reach.
fn totals(lines: &[Line<'_>], categories: usize) -> Vec<f64> {
    let sum = |index: usize, keep: fn(f64) -> bool| {
        lines
            .iter()
            .filter_map(|line| line.values.get(index).copied().flatten())
            .filter(|v| keep(*v))
            .sum::<f64>()
    };
    (0..categories).flat_map(|index| [sum(index, |v| v > 0.0), sum(index, |v| v < 0.0)]).collect()
}

/// One bar: its place across (0 to 1 of the category), its values from and to.
struct Bar<'a> {
    line: &'a Line<'a>,
    category: usize,
    across: (f64, f64),
    from: f64,
    to: f64,
}

fn bars<'a>(lines: &'a [Line<'a>], categories: usize, stacked: bool) -> Vec<Bar<'a>> {
    let mut bars = Vec::new();
    for category in 0..categories {
        let (mut above, mut below) = (0.0, 0.0);
        let count = lines.len().max(1) as f64;
        for (place, line) in lines.iter().enumerate() {
            let Some(value) = line.values.get(category).copied().flatten() else { continue };
            if stacked {
                let base = if value >= 0.0 { &mut above } else { &mut below };
                bars.push(Bar { line, category, across: (0.18, 0.82), from: *base, to: *base + value });
                *base += value;
            } else {
                let width = 0.72 / count;
                let start = 0.14 + width * place as f64;
                bars.push(Bar {
                    line,
                    category,
                    across: (start, start + width * 0.92),
                    from: 0.0,
                    to: value,
                });
            }
        }
    }
    bars
}

fn stand(
    canvas: &Canvas<'_>,
    chart: &Chart,
    lines: &[Line<'_>],
    scale: &Scale,
    stacked: bool,
    title: &str,
) -> Markup {
    let height = 330.0;
    let frame = Frame { left: 56.0, right: WIDTH - 12.0, top: 30.0, bottom: height - 34.0 };
    let count = chart.categories.len().max(1) as f64;
    let band = (frame.right - frame.left) / count;
    let labelled = !stacked && lines.len() == 1;
    html! {
        svg viewBox={ "0 0 " (WIDTH) " " (height) } role="img" aria-label=(title) {
            (axes::left(canvas, &frame, scale, chart.axis.title.as_deref()))
            @for bar in bars(lines, chart.categories.len(), stacked) {
                @let start = frame.left + band * bar.category as f64;
                @let (y1, y2) = (frame.y(scale, bar.from), frame.y(scale, bar.to));
                g class=(bar.line.class()) {
                    rect class="bar" x=(n(start + band * bar.across.0)) y=(n(y1.min(y2)))
                        width=(n(band * (bar.across.1 - bar.across.0))) height=(n((y1 - y2).abs())) {}
                    @if labelled {
                        text class="mark" text-anchor="middle" x=(n(start + band * 0.5)) y=(n(y1.min(y2) - 6.0)) {
                            (bar.line.texts.get(bar.category).map_or("", String::as_str))
                        }
                    }
                }
            }
            path class="base" d={ "M" (n(frame.left)) " " (n(frame.y(scale, 0.0))) "H" (n(frame.right)) } {}
            @for (index, name) in chart.categories.iter().enumerate() {
                text text-anchor="middle" x=(n(frame.left + band * (index as f64 + 0.5))) y=(n(frame.bottom + 21.0)) { (cut(name, 16)) }
            }
        }
    }
}

fn lie(
    canvas: &Canvas<'_>,
    chart: &Chart,
    lines: &[Line<'_>],
    scale: &Scale,
    stacked: bool,
    title: &str,
) -> Markup {
    let bar_height = if stacked || lines.len() == 1 { 26.0 } else { 10.0 + 15.0 * lines.len() as f64 };
    let height = 40.0 + bar_height * chart.categories.len() as f64 + 12.0;
    let frame = Frame { left: 248.0, right: WIDTH - 60.0, top: 34.0, bottom: height - 8.0 };
    let labelled = !stacked;
    html! {
        svg viewBox={ "0 0 " (WIDTH) " " (n(height)) } role="img" aria-label=(title) class="tall" {
            @for tick in scale.ticks() {
                @let x = frame.x(scale, tick);
                path class="rule" d={ "M" (n(x)) " " (n(frame.top)) "V" (n(frame.bottom)) } {}
                text x=(n(x)) y=(n(frame.top - 8.0)) text-anchor="middle" { (super::tick(canvas, tick, scale.step)) }
            }
            @if let Some(axis) = &chart.axis.title { text class="axis-title" x="4" y=(n(frame.top - 8.0)) { (axis) } }
            @for bar in bars(lines, chart.categories.len(), stacked) {
                @let start = frame.top + bar_height * bar.category as f64;
                @let (x1, x2) = (frame.x(scale, bar.from), frame.x(scale, bar.to));
                @let middle = start + bar_height * (bar.across.0 + bar.across.1) / 2.0;
                g class=(bar.line.class()) {
                    rect class="bar" x=(n(x1.min(x2))) y=(n(start + bar_height * bar.across.0))
                        width=(n((x1 - x2).abs())) height=(n(bar_height * (bar.across.1 - bar.across.0))) {}
                    @if labelled {
                        text class="mark" x=(n(x1.max(x2) + 6.0)) y=(n(middle + 4.0)) { (bar.line.texts.get(bar.category).map_or("", String::as_str)) }
                    }
                }
            }
            path class="base" d={ "M" (n(frame.x(scale, 0.0))) " " (n(frame.top)) "V" (n(frame.bottom)) } {}
            @for (index, name) in chart.categories.iter().enumerate() {
                text text-anchor="end" x=(n(frame.left - 10.0)) y=(n(frame.top + bar_height * (index as f64 + 0.5) + 4.5)) { (cut(name, 26)) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(values: &[Option<f64>]) -> Line<'static> {
        Line {
            name: "x",
            values: values.to_vec(),
            texts: vec![],
            style: 0,
            emphasised: false,
            second: false,
            whole: false,
        }
    }

    #[test]
    fn stacks_grow_upwards_and_downwards_from_zero_and_skip_what_is_empty() {
        let lines = [line(&[Some(2.0)]), line(&[None]), line(&[Some(-1.0)]), line(&[Some(3.0)])];
        let ends: Vec<_> = bars(&lines, 1, true).iter().map(|bar| (bar.from, bar.to)).collect();
        assert_eq!(ends, [(0.0, 2.0), (0.0, -1.0), (2.0, 5.0)]);
        assert_eq!(totals(&lines, 1), [5.0, -1.0]);
    }

    #[test]
    fn bars_of_one_category_stand_beside_each_other() {
        let lines = [line(&[Some(1.0)]), line(&[Some(2.0)])];
        let across: Vec<_> = bars(&lines, 1, false).iter().map(|bar| bar.across).collect();
        assert!(across[0].1 <= across[1].0);
    }
}
