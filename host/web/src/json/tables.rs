//! Tables, grids and charts as rows of typed cells.

use std::collections::HashMap;

use dinh_runtime::bindings::types::Column;
use dinh_runtime::bindings::views::*;
use serde_json::{Map, Value, json};

use super::{Twin, fields, format, list, tone};
use crate::datum::{Datum, rows};
use crate::draw::table::{offers_export, row_kind};

/// A table.
pub fn table(twin: Twin<'_>, table: &Table) -> Value {
    let count = table.data.first().map_or(0, rows);
    let styles: HashMap<u32, &RowStyle> = table.row_styles.iter().map(|style| (style.row, style)).collect();
    let marked = cell_styles(&table.cell_styles);
    let keys: Vec<&str> = table.columns.iter().map(|column| column.key.as_str()).collect();
    let rows: Vec<Value> = (0..count)
        .map(|row| {
            let mut object = Map::new();
            object.insert("cells".into(), cells(twin, &keys, &table.data, row));
            if let Some(key) = table.row_keys.get(row) {
                object.insert("key".into(), json!(key));
            }
            if let Some(target) = table.row_targets.get(row).and_then(Option::as_ref) {
                object.insert("href".into(), twin.href(target));
            }
            row_style(&mut object, &styles, row);
            notes(twin, &mut object, &marked, row, &keys);
            Value::Object(object)
        })
        .collect();
    let paging = table.paging.as_ref().map(|paging| {
        json!({
            "total": paging.total,
            "next": paging.next.as_ref().map(|next| twin.place.with(&[("after", Some(next))])),
            "first": paging.started.then(|| twin.place.with(&[("after", None)])),
        })
    });
    json!({
        "kind": "table",
        "id": table.id,
        "caption": table.caption,
        "columns": list(&table.columns, column),
        "rows": rows,
        "sorting": table.sorting.as_ref().map(|s| json!({ "column": s.column, "descending": s.descending })),
        "paging": paging,
        "bulk_actions": list(&table.bulk_actions, |action| twin.action(action)),
        "export": offers_export(table).then(|| twin.export(&table.id)),
        "note": table.note,
    })
}

fn column(column: &TableColumn) -> Value {
    let places = match column.format {
        Format::Decimal(places)
        | Format::Percent(places)
        | Format::ChangeUp(places)
        | Format::ChangeDown(places) => Some(places),
        _ => None,
    };
    json!({
        "key": column.key,
        "heads": column.heads,
        "number": column.number,
        "format": format(column.format),
        "places": places,
        "sortable": column.sortable,
    })
}

fn cells(twin: Twin<'_>, keys: &[&str], data: &[Column], row: usize) -> Value {
    let cells: Map<String, Value> = keys
        .iter()
        .zip(data)
        .map(|(key, data)| ((*key).to_owned(), twin.datum(&Datum::at(data, row))))
        .collect();
    Value::Object(cells)
}

fn row_style(object: &mut Map<String, Value>, styles: &HashMap<u32, &RowStyle>, row: usize) {
    let Some(style) = u32::try_from(row).ok().and_then(|row| styles.get(&row)) else { return };
    if let Some(kind) = style.kind {
        object.insert("kind".into(), json!(row_kind(kind)));
    }
    if style.depth > 0 {
        object.insert("depth".into(), json!(style.depth));
    }
}

type Marked<'a> = HashMap<u32, Vec<&'a CellStyle>>;

fn cell_styles(styles: &[CellStyle]) -> Marked<'_> {
    let mut marked = Marked::new();
    for style in styles {
        marked.entry(style.row).or_default().push(style);
    }
    marked
}

/// What is said of single cells of a row: tone, note, placeholder, link, by column key.
fn notes(twin: Twin<'_>, object: &mut Map<String, Value>, marked: &Marked<'_>, row: usize, keys: &[&str]) {
    let Some(styles) = u32::try_from(row).ok().and_then(|row| marked.get(&row)) else { return };
    let named = styles.iter().filter_map(|style| {
        let key = keys.get(style.column as usize)?;
        let said = json!({
            "tone": tone(style.tone),
            "note": style.note,
            "placeholder": style.placeholder,
            "href": twin.maybe_href(style.target.as_ref()),
        });
        Some(((*key).to_owned(), said))
    });
    object.insert("marks".into(), Value::Object(named.collect()));
}

/// An entry grid; a cell is sent back by its row's key and its column's.
pub fn grid(twin: Twin<'_>, grid: &EntryGrid) -> Value {
    let count = grid.data.first().map_or(0, rows);
    let keys: Vec<&str> = grid.columns.iter().map(|column| column.column.key.as_str()).collect();
    let styles: HashMap<u32, &RowStyle> = grid.row_styles.iter().map(|style| (style.row, style)).collect();
    let marked = cell_styles(&grid.cell_styles);
    let rows: Vec<Value> = (0..count)
        .map(|row| {
            let mut object = Map::new();
            object.insert("key".into(), json!(grid.row_keys.get(row)));
            object.insert("cells".into(), cells(twin, &keys, &grid.data, row));
            object.insert(
                "locked".into(),
                json!(u32::try_from(row).is_ok_and(|row| grid.locked_rows.contains(&row))),
            );
            row_style(&mut object, &styles, row);
            notes(twin, &mut object, &marked, row, &keys);
            Value::Object(object)
        })
        .collect();
    json!({
        "kind": "entry-grid",
        "form": grid.id,
        "caption": grid.caption,
        "columns": list(&grid.columns, |described| {
            let mut object = column(&described.column);
            if let (Value::Object(object), Some(kind)) = (&mut object, &described.kind) {
                object.insert("required".into(), json!(described.required));
                object.insert("entry".into(), Value::Object(fields::kind(kind)));
            }
            object
        }),
        "rows": rows,
        "shown": crate::form::stale::text(&grid.shown),
        "submit": grid.submit,
    })
}

/// A chart as its data.
pub fn chart(twin: Twin<'_>, chart: &Chart) -> Value {
    let kind = match chart.kind {
        ChartKind::Line => "line",
        ChartKind::Bar => "bar",
        ChartKind::StackedBar => "stacked-bar",
        ChartKind::Radar => "radar",
    };
    let axis = |axis: &Axis| {
        json!({
            "title": axis.title,
            "minimum": twin.value(&axis.minimum),
            "maximum": twin.value(&axis.maximum),
            "reversed": axis.reversed,
        })
    };
    json!({
        "kind": "chart",
        "id": chart.id,
        "chart": kind,
        "title": chart.title,
        "categories": chart.categories,
        "series": list(&chart.series, |series| json!({
            "name": series.name,
            "values": (0..chart.categories.len()).map(|row| twin.datum(&Datum::at(&series.values, row))).collect::<Vec<_>>(),
            "emphasised": series.emphasised,
            "second_axis": series.second_axis,
        })),
        "axis": axis(&chart.axis),
        "second_axis": chart.second_axis.as_ref().map(axis),
        "note": chart.note,
    })
}
