//! Tables: heads, rows, totals, sorting, paging, selection, export.

use std::collections::HashMap;

use dinh_runtime::bindings::views::{
    Action, CellStyle, Effect, Format, RowKind, RowStyle, Table, TableColumn, Tone,
};
use maud::{Markup, html};

use super::heads::{self, Freeze};
use super::value::{self, Stand};
use super::{Canvas, actions, tone};
use crate::datum::{Datum, rows};

/// Width of the column of checkboxes, in rem.
const SELECTION: usize = 3;

/// Whether a table is offered to be taken out: of nothing there is nothing to take.
pub fn offers_export(table: &Table) -> bool {
    table.exportable && table.data.first().map_or(0, rows) > 0
}

/// A table in its own scrolling container, with what can be done to it.
pub fn table(canvas: &Canvas<'_>, table: &Table) -> Markup {
    let rows = table.data.first().map_or(0, rows);
    let caption = format!("table-{}", table.id);
    let exportable = offers_export(table);
    html! {
        div class="table-block" id=(table.id) {
            @if table.caption.is_some() || exportable {
                div class="table-head" {
                    @match &table.caption {
                        Some(text) => { h3 id=(caption) { (text) } }
                        None => { p class="muted" { (count(canvas, table, rows)) } }
                    }
                    @if exportable {
                        div class="tools" { (actions::export(canvas, &table.id, "btn secondary small", &canvas.texts.say("export-data"))) }
                    }
                }
            }
            @if rows == 0 {
                p class="card empty" { (table.empty_text) }
            } @else {
                div class="scroll" role="region" tabindex="0"
                    aria-labelledby=[table.caption.as_ref().map(|_| &caption)]
                    aria-label=[table.caption.is_none().then(|| canvas.texts.say("table-region"))] {
                    (body(canvas, table, rows))
                }
            }
            (bulk(canvas, table))
            (foot(canvas, table, rows))
        }
    }
}

/// What names the rows with these keys, in the order of the table.
pub fn names(canvas: &Canvas<'_>, table: &Table, keys: &[String]) -> Vec<String> {
    let header = header(table);
    let format = table.columns.get(header).map_or(&Format::Plain, |column| &column.format);
    let rows = table.row_keys.iter().enumerate().filter(|(_, key)| keys.contains(key));
    rows.filter_map(|(row, _)| Some(Datum::at(table.data.get(header)?, row)))
        .map(|datum| value::text(canvas, &datum, format, Stand::Cell))
        .collect()
}

/// How many rows there are, or are shown: those that are headings or sums of others are none of them.
fn count(canvas: &Canvas<'_>, table: &Table, rows: usize) -> String {
    let about_others = |style: &&RowStyle| {
        matches!(style.kind, Some(RowKind::Group | RowKind::Subtotal | RowKind::Total))
            && (style.row as usize) < rows
    };
    let rows = rows.saturating_sub(table.row_styles.iter().filter(about_others).count());
    let total = table.paging.as_ref().and_then(|paging| paging.total);
    match total.and_then(|total| usize::try_from(total).ok()) {
        Some(total) if total != rows => {
            let (shown, total) =
                (canvas.texts.count("table-rows", rows), canvas.texts.count("table-rows", total));
            canvas.texts.with("table-rows-of", &[("shown", &shown), ("total", &total)])
        }
        _ => canvas.texts.count("table-rows", rows),
    }
}

fn body(canvas: &Canvas<'_>, table: &Table, rows: usize) -> Markup {
    let columns: Vec<&TableColumn> = table.columns.iter().collect();
    let selectable = !table.row_keys.is_empty() && !table.bulk_actions.is_empty();
    let freezes = heads::freezes(&columns, selectable.then_some(SELECTION));
    let plan = Plan {
        canvas,
        table,
        header: header(table),
        cells: table.cell_styles.iter().map(|style| ((style.row, style.column), style)).collect(),
        rows: styles_of_rows(table),
        freezes,
        alignments: alignments(table),
        selectable,
        edge: heads::edge(&columns, selectable.then_some(SELECTION)),
    };
    html! {
        table {
            thead { (plan.heads(&columns)) }
            tbody { @for row in 0..rows { (plan.row(row)) } }
        }
    }
}

/// The column that names a row: the first of texts among the first three, else the first.
pub fn header(table: &Table) -> usize {
    let first = table.data.iter().take(3).position(|column| matches!(Datum::at(column, 0), Datum::Text(_)));
    first.unwrap_or(0)
}

/// What a kind of row is called: its class on the page, its name in JSON.
pub fn row_kind(kind: RowKind) -> &'static str {
    match kind {
        RowKind::Group => "group",
        RowKind::Subtotal => "subtotal",
        RowKind::Total => "total",
        RowKind::Highlight => "highlight",
        RowKind::Cancelled => "cancelled",
    }
}

/// The rows that are not ordinary ones, or are indented.
pub fn styles_of_rows(table: &Table) -> HashMap<u32, &RowStyle> {
    table.row_styles.iter().map(|style| (style.row, style)).collect()
}

fn alignments(table: &Table) -> Vec<&'static str> {
    table
        .columns
        .iter()
        .zip(&table.data)
        .map(|(column, data)| {
            let first = (0..rows(data)).map(|row| Datum::at(data, row)).find(|datum| !datum.is_empty());
            value::alignment(&column.format, first.as_ref()).unwrap_or_default()
        })
        .collect()
}

struct Plan<'a> {
    canvas: &'a Canvas<'a>,
    table: &'a Table,
    header: usize,
    cells: HashMap<(u32, u32), &'a CellStyle>,
    rows: HashMap<u32, &'a RowStyle>,
    freezes: Vec<Freeze>,
    alignments: Vec<&'static str>,
    selectable: bool,
    /// Where the columns that scroll begin.
    edge: usize,
}

impl Plan<'_> {
    fn class(&self, column: usize) -> String {
        let frozen = self.freezes.get(column).map_or("", |freeze| &freeze.classes);
        let width = match self.table.columns.get(column) {
            Some(described) if frozen.is_empty() => heads::width(described.width),
            _ => "",
        };
        let alignment = self.alignments.get(column).copied().unwrap_or_default();
        let key = if column == self.header { "key" } else { "" };
        [alignment, frozen, width, key]
            .iter()
            .filter(|class| !class.is_empty())
            .copied()
            .collect::<Vec<_>>()
            .join(" ")
    }

    fn heads(&self, columns: &[&TableColumn]) -> Markup {
        let levels = heads::heads(columns);
        let numbered = columns.iter().any(|column| column.number.is_some());
        html! {
            @for (level, row) in levels.iter().enumerate() {
                tr {
                    @if self.selectable && level == 0 {
                        th rowspan=(levels.len()) class={ "frozen left-0 fix-" (SELECTION) } {
                            span class="sr" { (self.canvas.texts.say("table-select")) }
                        }
                    }
                    @for head in row {
                        @let column = columns.get(head.column);
                        @if head.leaf {
                            th scope="col" class=(self.class(head.column)) rowspan=[(head.rows > 1).then_some(head.rows)]
                                aria-sort=[column.and_then(|column| self.sorted(column))] {
                                @if let Some(column) = column { (self.head(column, head.text)) }
                            }
                        } @else {
                            th scope="colgroup" class="over" colspan=(head.columns) rowspan=[(head.rows > 1).then_some(head.rows)] { span class={ "left-" (self.edge) } { (head.text) } }
                        }
                    }
                }
            }
            @if numbered {
                tr {
                    @if self.selectable { th class={ "frozen left-0 fix-" (SELECTION) } {} }
                    @for (index, column) in columns.iter().enumerate() {
                        th class={ "number " (self.class(index)) } { (column.number.as_deref().unwrap_or_default()) }
                    }
                }
            }
        }
    }

    fn sorted(&self, column: &TableColumn) -> Option<&'static str> {
        let sorting = self.table.sorting.as_ref().filter(|sorting| sorting.column == column.key)?;
        Some(if sorting.descending { "descending" } else { "ascending" })
    }

    fn head(&self, column: &TableColumn, text: &str) -> Markup {
        let sorted = self.sorted(column);
        let descending = (sorted == Some("ascending")).then_some("true");
        let address = || {
            let key = Some(column.key.as_str());
            self.canvas.place.with(&[("sort", key), ("descending", descending), ("after", None)])
        };
        html! {
            @if column.sortable {
                a href={ (address()) "#" (self.table.id) } {
                    (text)
                    @match sorted {
                        Some("ascending") => span class="sorted" aria-hidden="true" { " ▲" },
                        Some(_) => span class="sorted" aria-hidden="true" { " ▼" },
                        None => {},
                    }
                }
            } @else { (text) }
            @if let Some(help) = &column.help { small class="cell-note muted" { (help) } }
        }
    }

    fn row(&self, row: usize) -> Markup {
        let number = u32::try_from(row).unwrap_or(u32::MAX);
        let style = self.rows.get(&number);
        let kind = style.and_then(|style| style.kind);
        let depth = style.map_or(0, |style| style.depth);
        html! {
            tr class=[kind.map(row_kind)] {
                @if self.selectable { (self.checkbox(row, kind)) }
                @if kind == Some(RowKind::Group) {
                    th scope="colgroup" colspan=(self.table.columns.len()) class=[indent(depth)] { (self.content(row, self.header)) }
                } @else {
                    @for column in 0..self.table.columns.len() { (self.cell(row, column, depth)) }
                }
            }
        }
    }

    fn checkbox(&self, row: usize, kind: Option<RowKind>) -> Markup {
        let key = self.table.row_keys.get(row).map_or("", String::as_str);
        let ordinary = matches!(kind, None | Some(RowKind::Highlight | RowKind::Cancelled));
        html! {
            td class={ "frozen left-0 fix-" (SELECTION) } {
                @if ordinary {
                    input type="checkbox" name="selected" value=(key) form={ "bulk-" (self.table.id) }
                        aria-label=(self.canvas.texts.with("table-select-row", &[("row", &self.text(row, self.header))]));
                }
            }
        }
    }

    fn format(&self, column: usize) -> &Format {
        self.table.columns.get(column).map_or(&Format::Plain, |column| &column.format)
    }

    fn datum(&self, row: usize, column: usize) -> Datum<'_> {
        self.table.data.get(column).map_or(Datum::Empty, |data| Datum::at(data, row))
    }

    fn text(&self, row: usize, column: usize) -> String {
        value::text(self.canvas, &self.datum(row, column), self.format(column), Stand::Cell)
    }

    fn style(&self, row: usize, column: usize) -> Option<&CellStyle> {
        let place = (u32::try_from(row).ok()?, u32::try_from(column).ok()?);
        self.cells.get(&place).copied()
    }

    fn content(&self, row: usize, column: usize) -> Markup {
        let style = self.style(row, column);
        let row_target =
            self.table.row_targets.get(row).and_then(Option::as_ref).filter(|_| column == self.header);
        let target = style.and_then(|style| style.target.as_ref()).or(row_target);
        let datum = self.datum(row, column);
        let badge = style.map_or(Tone::Neutral, |style| style.tone);
        let placeholder = style.and_then(|style| style.placeholder.as_deref());
        html! {
            @if datum.is_empty() {
                @if let Some(text) = placeholder { span class="blank" { (text) } }
            } @else if let Some(target) = target {
                @let text = self.text(row, column);
                // What a text is indented by is not part of its link.
                @let bare = text.trim_start_matches('\u{2003}');
                (text.strip_suffix(bare).unwrap_or_default()) (self.canvas.link(target, bare))
            } @else {
                (value::markup(self.canvas, &datum, self.format(column), badge, Stand::Cell))
            }
            @if let Some(note) = style.and_then(|style| style.note.as_deref()) { small class="cell-note" { (note) } }
        }
    }

    fn cell(&self, row: usize, column: usize, depth: u8) -> Markup {
        let mut class = self.class(column);
        let badge = matches!(self.format(column), Format::Badge);
        if let Some(style) = self.style(row, column).filter(|style| style.tone != Tone::Neutral && !badge) {
            class = format!("{class} {}", tone(style.tone));
        }
        if column == self.header {
            if let Some(indent) = indent(depth) {
                class = format!("{class} {indent}");
            }
            return html! { th scope="row" class=(class.trim()) { (self.content(row, column)) } };
        }
        html! { td class=(class.trim()) { (self.content(row, column)) } }
    }
}

/// The class that indents a cell so deep; none for what stands at the top.
pub fn indent(depth: u8) -> Option<&'static str> {
    const CLASSES: [&str; 5] = ["depth-1", "depth-2", "depth-3", "depth-4", "depth-5"];
    usize::from(depth).checked_sub(1).and_then(|index| CLASSES.get(index.min(4))).copied()
}

fn bulk(canvas: &Canvas<'_>, table: &Table) -> Markup {
    let submits = |action: &Action| match &action.effect {
        Effect::Submit(effect) => Some(actions::name(effect)),
        _ => None,
    };
    html! {
        @if !table.bulk_actions.is_empty() && !table.row_keys.is_empty() {
            form class="bulk" id={ "bulk-" (table.id) } method="post" action=(canvas.place.here()) data-bulk=(table.id) {
                (canvas.hidden(None))
                p { (canvas.texts.say("table-bulk")) }
                @for action in &table.bulk_actions {
                    @match &action.disabled {
                        Some(reason) => { button type="button" class={ (actions::class(action.prominence)) " small" } disabled title=(reason) { (action.text) } }
                        None => { button class={ (actions::class(action.prominence)) " small" } name="do" value=[submits(action)] { (action.text) } }
                    }
                }
            }
        }
    }
}

fn foot(canvas: &Canvas<'_>, table: &Table, rows: usize) -> Markup {
    let paging = table.paging.as_ref();
    let next = paging.and_then(|paging| paging.next.as_deref());
    let started = paging.is_some_and(|paging| paging.started);
    let counted = table.caption.is_some() || !table.exportable;
    let link = |after| format!("{}#{}", canvas.place.with(&[("after", after)]), table.id);
    html! {
        @if next.is_some() || started || table.note.is_some() || (counted && rows > 10) {
            div class="table-foot" {
                @if rows > 0 && counted { p class="muted" { (count(canvas, table, rows)) } }
                @if next.is_some() || started {
                    nav class="pager" aria-label=(canvas.texts.say("table-pages")) {
                        @if started { a class="btn secondary small" href=(link(None)) { "« " (canvas.texts.say("table-first")) } }
                        @if next.is_some() { a class="btn secondary small" rel="next" href=(link(next)) { (canvas.texts.say("table-next")) " ›" } }
                    }
                }
                @if let Some(note) = &table.note { p class="note" { (note) } }
            }
        }
    }
}
