//! An entry grid: a ledger filled like a sheet.

use std::collections::HashMap;

use dinh_runtime::bindings::views::*;
use maud::{Markup, html};

use super::heads::{self, Freeze};
use super::table::{indent, row_kind};
use super::value::{self, Stand};
use super::{Canvas, form, tone};
use crate::datum::{Datum, rows};
use crate::form::{Filled, grid::label, kind::CODES, stale, typed};

/// A grid as one form.
pub fn grid(canvas: &Canvas<'_>, grid: &EntryGrid) -> Markup {
    let rows = grid.data.first().map_or(0, rows);
    let columns: Vec<&TableColumn> = grid.columns.iter().map(|column| &column.column).collect();
    let plan = Plan {
        canvas,
        grid,
        freezes: heads::freezes(&columns, None),
        styles: grid.cell_styles.iter().map(|style| ((style.row, style.column), style)).collect(),
        filled: canvas.filled.filter(|filled| filled.form == grid.id),
        options: grid.columns.iter().map(|column| options(canvas, column)).collect(),
    };
    html! {
        form class="table-block" id=(grid.id) method="post" action=(canvas.place.here()) novalidate data-form data-grid {
            (canvas.hidden(Some(&grid.id)))
            input type="hidden" name="was" value=(plan.filled.and_then(|f| f.raw.first("was")).map_or_else(|| form::was(canvas, grid), str::to_owned));
            @if !grid.shown.is_empty() { input type="hidden" name="shown" value=(stale::text(&grid.shown)); }
            @if let Some(caption) = &grid.caption { div class="table-head" { h3 id={ (grid.id) "-caption" } { (caption) } } }
            div class="scroll" role="region" tabindex="0" aria-label=(grid.caption.as_deref().unwrap_or(&grid.id)) {
                table class="grid" {
                    thead { (plan.heads(&columns)) }
                    tbody { @for row in 0..rows { (plan.row(row)) } }
                }
            }
            div class="bulk" {
                @if canvas.guard.is_some() { button class="btn primary" { (grid.submit) } }
                p class="muted small" { (canvas.texts.say("grid-help")) }
            }
        }
    }
}

struct Plan<'a> {
    canvas: &'a Canvas<'a>,
    grid: &'a EntryGrid,
    freezes: Vec<Freeze>,
    styles: HashMap<(u32, u32), &'a CellStyle>,
    filled: Option<&'a Filled>,
    /// For each column the entries of its list, when it is one.
    options: Vec<Option<Vec<(String, String)>>>,
}

/// How a row is told from others: by its first text, or else its number.
pub(super) fn row_name(grid: &EntryGrid, row: usize) -> String {
    let text = grid.data.iter().map(|data| Datum::at(data, row)).find_map(|datum| match datum {
        Datum::Text(text) => Some(text.to_owned()),
        _ => None,
    });
    text.unwrap_or_else(|| row.saturating_add(1).to_string())
}

/// The entries of a column that is filled from a list.
fn options(canvas: &Canvas<'_>, column: &GridColumn) -> Option<Vec<(String, String)>> {
    match column.kind.as_ref()? {
        FieldKind::Choice(choices) => {
            Some(choices.choices.iter().map(|choice| (choice.value.clone(), choice.text.clone())).collect())
        }
        FieldKind::Code(picker) => {
            let as_of = picker.as_of.and_then(dinh_model::time::from_days).unwrap_or(canvas.today);
            let found = canvas.directory.codes(&picker.catalog, as_of, CODES).filter(|found| !found.more)?;
            Some(found.candidates.into_iter().map(|candidate| (candidate.value, candidate.text)).collect())
        }
        _ => None,
    }
}

impl Plan<'_> {
    fn heads(&self, columns: &[&TableColumn]) -> Markup {
        let levels = heads::heads(columns);
        html! {
            @for row in &levels {
                tr {
                    @for head in row {
                        th scope=(if head.leaf { "col" } else { "colgroup" }) colspan=[(head.columns > 1).then_some(head.columns)]
                            rowspan=[(head.rows > 1).then_some(head.rows)]
                            class=(if head.leaf { self.class(head.column) } else { "over".to_owned() }) { span { (head.text) } }
                    }
                }
            }
            @if columns.iter().any(|column| column.number.is_some()) {
                tr {
                    @for (index, column) in columns.iter().enumerate() {
                        th class={ "number " (self.class(index)) } { (column.number.as_deref().unwrap_or_default()) }
                    }
                }
            }
        }
    }

    fn class(&self, column: usize) -> String {
        let described = self.grid.columns.get(column);
        let frozen = self.freezes.get(column).map_or("", |freeze| &freeze.classes);
        let width = described.filter(|_| frozen.is_empty()).map_or("", |c| heads::width(c.column.width));
        let aligned = described.zip(self.grid.data.get(column)).and_then(|(described, data)| {
            let kind = described.kind.as_ref();
            let number =
                matches!(kind, Some(FieldKind::Integer(_) | FieldKind::Decimal(_) | FieldKind::Money(_)));
            if number {
                Some("num")
            } else {
                value::alignment(&described.column.format, Some(&Datum::at(data, 0)))
            }
        });
        let last = self.freezes.iter().rposition(|freeze| !freeze.classes.is_empty());
        let key = if last == Some(column) { "key" } else { "" };
        [aligned.unwrap_or_default(), frozen, width, key]
            .iter()
            .filter(|c| !c.is_empty())
            .copied()
            .collect::<Vec<_>>()
            .join(" ")
    }

    fn row(&self, row: usize) -> Markup {
        let number = u32::try_from(row).unwrap_or(u32::MAX);
        let locked = self.grid.locked_rows.contains(&number);
        let style = self.grid.row_styles.iter().find(|style| style.row == number);
        let class = style.and_then(|style| style.kind).map(row_kind);
        let depth = style.map_or(0, |style| style.depth);
        let key = self.grid.row_keys.get(row).map_or("", String::as_str);
        html! {
            tr class=[class] {
                @for (index, column) in self.grid.columns.iter().enumerate() {
                    @let kind = column.kind.as_ref().filter(|_| !locked);
                    @match kind {
                        Some(kind) => (self.entry(row, index, column, kind)),
                        None => (self.shown((row, if index == 0 { depth } else { 0 }), index, column)),
                    }
                }
                // The key of a row goes along in its last cell, where no layout depends on it.
                td hidden { input type="hidden" name={ "k." (row) } value=(key); }
            }
        }
    }

    fn datum(&self, row: usize, column: usize) -> Datum<'_> {
        self.grid.data.get(column).map_or(Datum::Empty, |data| Datum::at(data, row))
    }

    fn style(&self, row: usize, column: usize) -> Option<&CellStyle> {
        self.styles.get(&(u32::try_from(row).ok()?, u32::try_from(column).ok()?)).copied()
    }

    fn shown(&self, (row, depth): (usize, u8), index: usize, column: &GridColumn) -> Markup {
        let datum = self.datum(row, index);
        let style = self.style(row, index);
        let badge = style.map_or(Tone::Neutral, |style| style.tone);
        let class = match style.filter(|style| style.tone != Tone::Neutral) {
            Some(style) => format!("{} {}", self.class(index), tone(style.tone)),
            None => self.class(index),
        };
        html! {
            td class={ (class) @if let Some(indent) = indent(depth) { " " (indent) } } {
                @match style.and_then(|style| style.target.as_ref()) {
                    Some(target) => (self.canvas.link(target, &value::text(self.canvas, &datum, &column.column.format, Stand::Cell))),
                    None => (value::markup(self.canvas, &datum, &column.column.format, badge, Stand::Cell)),
                }
                @if let Some(placeholder) = style.and_then(|s| s.placeholder.as_deref()).filter(|_| datum.is_empty()) {
                    span class="blank" { (placeholder) }
                }
                @if let Some(note) = style.and_then(|style| style.note.as_deref()) { small class="cell-note" { (note) } }
            }
        }
    }

    fn entry(&self, row: usize, index: usize, column: &GridColumn, kind: &FieldKind) -> Markup {
        let name = format!("g.{row}.{}", column.column.key);
        let id = format!("{}-{name}", self.grid.id);
        let stored = typed::datum(self.canvas.formats, kind, &self.datum(row, index));
        let sent = self.filled.map(|filled| filled.raw.first(&name).unwrap_or_default());
        let text = sent.unwrap_or(&stored);
        let problems: Vec<&str> =
            self.filled.map(|filled| filled.problems_of(&name).collect()).unwrap_or_default();
        let stale = self.filled.is_some_and(|filled| filled.stale) && text != stored;
        // What a reader that cannot see the grid hears.
        let spoken = format!("{} – {}", label(column), row_name(self.grid, row));
        let wrong = (!problems.is_empty()).then(|| format!("{id}-wrong"));
        let mode = match kind {
            FieldKind::Integer(_) | FieldKind::Money(_) | FieldKind::Date(_) | FieldKind::Month(_) => {
                Some("numeric")
            }
            FieldKind::Decimal(_) => Some("decimal"),
            _ => None,
        };
        html! {
            td class={ "entry " (self.class(index)) @if !problems.is_empty() { " has-error" } } {
                @if matches!(kind, FieldKind::Boolean) {
                    input type="checkbox" id=(id) name=(name) value="true" checked[matches!(text, "true" | "on")] aria-label=(spoken);
                } @else if let Some(Some(options)) = self.options.get(index) {
                    select id=(id) name=(name) aria-label=(spoken) aria-describedby=[wrong.as_ref()] {
                        option value="" {}
                        @for (value, shown) in options { option value=(value) selected[value == text] { (shown) } }
                    }
                } @else {
                    input type="text" id=(id) name=(name) value=(text) inputmode=[mode] autocomplete="off" aria-label=(spoken)
                        aria-invalid=[wrong.as_ref().map(|_| "true")] aria-describedby=[wrong.as_ref()];
                }
                @if let Some(wrong) = &wrong { span class="wrong" id=(wrong) { (problems.join(" ")) } }
                @if stale { span class="now-stored" { (self.canvas.texts.say("field-stored")) " " strong { (stored) } } }
            }
        }
    }
}
