//! Charts as inline SVG, with their data as a table below.
//!
//! Series differ by colour, dash and marker, so that none of them depends on colour alone. Geometry is in
//! floating point: it is a picture; the figures themselves stay exact in the table.

mod axes;
mod bar;
mod line;
mod radar;
mod scale;

use dinh_model::Decimal;
use dinh_runtime::bindings::types::Value;
use dinh_runtime::bindings::views::{Axis, Chart, ChartKind, Format, Series};
use maud::{Markup, html};

use super::Canvas;
use super::value::{self, Stand};
use crate::datum::Datum;

/// A series with its numbers at hand.
struct Line<'a> {
    name: &'a str,
    values: Vec<Option<f64>>,
    texts: Vec<String>,
    /// Its place among the colours, dashes and markers.
    style: usize,
    emphasised: bool,
    second: bool,
    /// It counts: between its values there is nothing.
    whole: bool,
}

impl Line<'_> {
    fn class(&self) -> String {
        let style = self.style % 8;
        if self.emphasised { format!("s{style} emphasised") } else { format!("s{style}") }
    }

    /// The dash pattern; none for the emphasised series and for the first.
    fn dash(&self) -> Option<&'static str> {
        match self.style % 4 {
            _ if self.emphasised => None,
            1 => Some("7 4"),
            2 => Some("2 4"),
            3 => Some("10 4 2 4"),
            _ => None,
        }
    }
}

/// A figure: title, legend, picture, data, note.
pub fn chart(canvas: &Canvas<'_>, chart: &Chart) -> Markup {
    // A shape of two corners says nothing: bars do.
    let kind = match chart.kind {
        ChartKind::Radar if chart.categories.len() < 3 => ChartKind::Bar,
        kind => kind,
    };
    // A series without a value is not there: nothing of it is drawn, so nothing has to be explained.
    let mut lines: Vec<Line<'_>> = chart
        .series
        .iter()
        .enumerate()
        .map(|(index, series)| line_of(canvas, chart, kind, index, series))
        .filter(|line| line.values.iter().any(Option::is_some))
        .collect();
    let empty = lines.is_empty();
    // With nothing against the first axis, the second is the only one, and stands where one looks for it.
    let alone = chart.second_axis.as_ref().filter(|_| lines.iter().all(|line| line.second));
    let axis = alone.unwrap_or(&chart.axis);
    if alone.is_some() {
        lines.iter_mut().for_each(|line| line.second = false);
    }
    let title = format!("chart-{}", chart.id);
    html! {
        figure class="chart" id=(chart.id) {
            figcaption id=(title) { (chart.title) }
            @if empty {
                p class="muted" { (canvas.texts.say("chart-empty")) }
            } @else {
                @if lines.len() > 1 { (legend(canvas, &lines, kind)) }
                div class="plot" role="region" tabindex="0" aria-labelledby=(title) {
                    @match kind {
                        ChartKind::Line => (line::draw(canvas, chart, axis, &lines)),
                        ChartKind::Bar => (bar::draw(canvas, chart, &lines, false)),
                        ChartKind::StackedBar => (bar::draw(canvas, chart, &lines, true)),
                        ChartKind::Radar => (radar::draw(canvas, chart, &lines)),
                    }
                }
                (data(canvas, chart, &lines))
            }
            @if let Some(note) = &chart.note { p class="note" { (note) } }
        }
    }
}

fn line_of<'a>(
    canvas: &Canvas<'_>,
    chart: &Chart,
    kind: ChartKind,
    index: usize,
    series: &'a Series,
) -> Line<'a> {
    let data: Vec<_> = (0..chart.categories.len()).map(|row| Datum::at(&series.values, row)).collect();
    // The second axis carries another measure (a rank beside a score): its values speak for themselves.
    let plain = Format::Plain;
    let format = if series.second_axis { &plain } else { &chart.format };
    Line {
        name: &series.name,
        values: data.iter().map(|datum| datum.number().and_then(float)).collect(),
        texts: data.iter().map(|datum| value::text(canvas, datum, format, Stand::Cell)).collect(),
        style: index,
        emphasised: series.emphasised,
        // Only lines stand beside each other against two axes.
        second: kind == ChartKind::Line && series.second_axis && chart.second_axis.is_some(),
        whole: data.iter().all(|datum| matches!(datum, Datum::Empty | Datum::Integer(_))),
    }
}

fn float(number: Decimal) -> Option<f64> {
    f64::try_from(number).ok()
}

fn bound(value: &Value) -> Option<f64> {
    Datum::of(value).number().and_then(float)
}

/// The scale of an axis for the series drawn against it.
fn scale_of(axis: &Axis, lines: &[&Line<'_>], from_zero: bool, totals: &[f64]) -> scale::Scale {
    let values = lines.iter().flat_map(|line| line.values.iter().flatten()).chain(totals).copied();
    let whole = lines.iter().all(|line| line.whole);
    scale::Scale::around(values, bound(&axis.minimum), bound(&axis.maximum), from_zero, whole)
        .reversed(axis.reversed)
}

/// A number on an axis.
fn tick(canvas: &Canvas<'_>, number: f64, step: f64) -> String {
    let places = scale::places(step);
    Decimal::try_from(number).map_or_else(|_| String::new(), |number| canvas.formats.decimal(number, places))
}

fn legend(canvas: &Canvas<'_>, lines: &[Line<'_>], kind: ChartKind) -> Markup {
    html! {
        ul class="legend" {
            @for line in lines {
                li class=(line.class()) {
                    svg viewBox="0 0 36 14" aria-hidden="true" focusable="false" {
                        @match kind {
                            ChartKind::Bar | ChartKind::StackedBar => { rect class="bar" x="10" y="1" width="16" height="12" {} }
                            _ => {
                                path class="line" d="M1 7H35" stroke-dasharray=[line.dash()] {}
                                (marker(line.style, 18.0, 7.0))
                            }
                        }
                    }
                    span { (line.name) @if line.second { " " (canvas.texts.say("chart-second-axis")) } }
                }
            }
        }
    }
}

/// A marker by its place among the series: circle, square, triangle, diamond.
fn marker(style: usize, x: f64, y: f64) -> Markup {
    let at = |dx: f64, dy: f64| format!("{:.1} {:.1}", x + dx, y + dy);
    match style % 4 {
        0 => html! { circle class="dot" cx=(format!("{x:.1}")) cy=(format!("{y:.1}")) r="4.5" {} },
        1 => html! { path class="dot" d={ "M" (at(-4.0, -4.0)) "h8v8h-8Z" } {} },
        2 => {
            html! { path class="dot" d={ "M" (at(0.0, -5.0)) "L" (at(5.0, 4.0)) "L" (at(-5.0, 4.0)) "Z" } {} }
        }
        _ => {
            html! { path class="dot" d={ "M" (at(0.0, -5.5)) "L" (at(5.5, 0.0)) "L" (at(0.0, 5.5)) "L" (at(-5.5, 0.0)) "Z" } {} }
        }
    }
}

/// The data of the chart.
fn data(canvas: &Canvas<'_>, chart: &Chart, lines: &[Line<'_>]) -> Markup {
    html! {
        details {
            summary { (canvas.texts.say("chart-data")) }
            div class="scroll" role="region" tabindex="0" aria-label={ (canvas.texts.say("chart-data")) ": " (chart.title) } {
                table {
                    thead { tr {
                        th scope="col" { span class="sr" { (canvas.texts.say("chart-category")) } }
                        @for line in lines { th scope="col" class="num" { (line.name) } }
                    } }
                    tbody {
                        @for (row, category) in chart.categories.iter().enumerate() {
                            tr {
                                th scope="row" { (category) }
                                @for line in lines {
                                    td class="num" {
                                        @match line.texts.get(row).filter(|text| !text.is_empty()) {
                                            Some(text) => { (text) }
                                            None => { span class="blank" { "—" } }
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// A text on at most three lines of about `most` characters, broken at spaces.
fn wrapped(text: &str, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= most => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    if lines.len() > 3 {
        let rest = lines.split_off(2).join(" ");
        lines.push(rest);
    }
    lines
}

/// A text cut to `most` characters for a label; the whole is in the table.
fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        text.to_owned()
    } else {
        text.chars().take(most.saturating_sub(1)).chain(['…']).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_are_broken_at_spaces_into_three_lines_at_most() {
        assert_eq!(wrapped("Chính sách hỗ trợ doanh nghiệp", 14), ["Chính sách hỗ", "trợ doanh", "nghiệp"]);
        assert_eq!(wrapped("a b c d e f", 1).len(), 3);
        assert_eq!(wrapped("", 10), Vec::<String>::new());
        assert_eq!(cut("Thành phố Hồ Chí Minh", 10), "Thành phố…");
    }
}
