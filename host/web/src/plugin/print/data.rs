//! The texts of a page beside the values of its twin: a template formats nothing, so that a number looks on paper as
//! it does on the page.
//!
//! | block | gets |
//! | --- | --- |
//! | facts, metrics | `text` of each |
//! | table, entry grid | `texts` of each row by column; of each column `align` and `share`; `head_rows`, `size`, `empty` |
//! | chart | the same, as the table of its data |
//! | timeline, steps, documents | `at_text`, `state_text`, `detail` |

use std::collections::HashMap;

use dinh_runtime::bindings::types::{self, Column};
use dinh_runtime::bindings::views::{
    Block, CellStyle, Chart, Document, DocumentState, Format, StepState, Table, TableColumn,
};
use serde_json::{Map, Value, json};

use super::whole::Whole;
use crate::datum::{Datum, rows};
use crate::draw::value::{self, Stand};
use crate::draw::{Canvas, heads};
use crate::json::Twin;
use crate::json::blocks;

/// Rows that are looked at to share the width among columns.
const LOOKED_AT: usize = 500;

/// Least and most characters that a column is given room for before its texts wrap.
const ROOM: (usize, usize) = (4, 32);

/// Puts the texts into the twin of a page, and all parts of its tables.
pub fn with_texts(canvas: &Canvas<'_>, twin: Twin<'_>, whole: &Whole, page: &mut Value) {
    let Some(sections) = page.get_mut("sections").and_then(Value::as_array_mut) else { return };
    for (section, told) in whole.page.sections.iter().zip(sections) {
        let Some(blocks) = told.get_mut("blocks").and_then(Value::as_array_mut) else { continue };
        for (block, told) in section.blocks.iter().zip(blocks) {
            self::block(canvas, twin, whole, block, told);
        }
    }
}

fn block(canvas: &Canvas<'_>, twin: Twin<'_>, whole: &Whole, block: &Block, told: &mut Value) {
    let alone =
        |value: &types::Value, format: &Format| value::text(canvas, &Datum::of(value), format, Stand::Alone);
    match block {
        Block::Facts(facts) => each(told, "facts", &facts.facts, |fact, told| {
            told.insert("text".into(), json!(alone(&fact.value, &fact.format)));
        }),
        Block::Metrics(metrics) => each(told, "metrics", metrics, |metric, told| {
            let unit = metric.unit_of_measure.as_ref().map(|unit| format!(" {unit}")).unwrap_or_default();
            told.insert("text".into(), json!(alone(&metric.value, &metric.format) + &unit));
        }),
        Block::Table(table) => match whole.parts.get(&table.id) {
            None => self::table(canvas, table, told),
            Some(parts) => {
                let mut all = Vec::new();
                for part in parts {
                    *told = blocks::block(twin, &Block::Table(part.clone()));
                    self::table(canvas, part, told);
                    all.extend(
                        told.get_mut("rows")
                            .and_then(Value::as_array_mut)
                            .map(std::mem::take)
                            .unwrap_or_default(),
                    );
                }
                set(told, "rows", Value::Array(all));
                set(told, "paging", Value::Null);
            }
        },
        Block::EntryGrid(grid) => {
            let columns: Vec<&TableColumn> = grid.columns.iter().map(|column| &column.column).collect();
            cells(canvas, &columns, &grid.data, &grid.cell_styles, told);
        }
        Block::Chart(chart) => self::chart(canvas, chart, told),
        Block::Timeline(events) => each(told, "events", events, |event, told| {
            told.insert("at_text".into(), json!(alone(&event.at, &Format::Plain)));
        }),
        Block::Steps(steps) => each(told, "steps", steps, |step, told| {
            let key = match step.state {
                StepState::Done => "step-done",
                StepState::Current => "step-current",
                StepState::Waiting => "step-waiting",
                StepState::Skipped => "step-skipped",
                StepState::Overdue => "step-overdue",
            };
            let due = alone(&step.due, &Format::Date);
            told.insert("state_text".into(), json!(joined(" · ", &[&canvas.texts.say(key), &due])));
        }),
        Block::Documents(documents) => {
            each(told, "documents", documents, |one, told| document(canvas, one, told))
        }
        _ => {}
    }
}

/// A thing of a list and its twin, one after the other.
fn each<T>(told: &mut Value, name: &str, things: &[T], put: impl Fn(&T, &mut Map<String, Value>)) {
    let Some(list) = told.get_mut(name).and_then(Value::as_array_mut) else { return };
    for (thing, told) in things.iter().zip(list) {
        if let Some(object) = told.as_object_mut() {
            put(thing, object);
        }
    }
}

fn set(told: &mut Value, name: &str, value: Value) {
    if let Some(object) = told.as_object_mut() {
        object.insert(name.to_owned(), value);
    }
}

fn joined(between: &str, texts: &[&str]) -> String {
    texts.iter().copied().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(between)
}

fn document(canvas: &Canvas<'_>, one: &Document, told: &mut Map<String, Value>) {
    let key = match one.state {
        DocumentState::Present => "document-present",
        DocumentState::Missing if one.required => "document-missing-required",
        DocumentState::Missing => "document-missing",
        DocumentState::Draft => "document-draft",
        DocumentState::NotNeeded => "document-not-needed",
    };
    let day = value::text(canvas, &Datum::of(&one.date), &Format::Date, Stand::Alone);
    told.insert("state_text".into(), json!(canvas.texts.say(key)));
    told.insert("detail".into(), json!(joined(", ", &[one.number.as_deref().unwrap_or_default(), &day])));
}

fn table(canvas: &Canvas<'_>, table: &Table, told: &mut Value) {
    let columns: Vec<&TableColumn> = table.columns.iter().collect();
    cells(canvas, &columns, &table.data, &table.cell_styles, told);
    set(told, "empty", json!(table.empty_text));
}

/// What tables and grids get.
fn cells(
    canvas: &Canvas<'_>,
    columns: &[&TableColumn],
    data: &[Column],
    styles: &[CellStyle],
    told: &mut Value,
) {
    let placeholders: HashMap<(u32, u32), &str> = styles
        .iter()
        .filter_map(|style| Some(((style.row, style.column), style.placeholder.as_deref()?)))
        .collect();
    let cell = |row: usize, column: usize| {
        let (described, values) = (columns.get(column)?, data.get(column)?);
        let text = value::text(canvas, &Datum::at(values, row), &described.format, Stand::Cell);
        if !text.is_empty() {
            return Some(text);
        }
        let at = (u32::try_from(row).ok()?, u32::try_from(column).ok()?);
        placeholders.get(&at).map(|text| (*text).to_owned())
    };
    let count = data.first().map_or(0, rows);
    let mut widest = vec![0; columns.len()];
    let mut texts = Vec::with_capacity(count);
    for row in 0..count {
        let mut object = Map::new();
        for (at, (column, widest)) in columns.iter().zip(&mut widest).enumerate() {
            let text = cell(row, at).unwrap_or_default();
            if row < LOOKED_AT {
                *widest = (*widest).max(text.chars().count());
            }
            object.insert(column.key.clone(), json!(text));
        }
        texts.push(object);
    }
    each(told, "rows", &texts, |texts, told| {
        told.insert("texts".into(), Value::Object(texts.clone()));
    });
    let described: Vec<(&str, usize)> = columns
        .iter()
        .zip(data)
        .zip(&widest)
        .map(|((column, data), widest)| {
            let first = (0..rows(data)).map(|row| Datum::at(data, row)).find(|datum| !datum.is_empty());
            (value::alignment(&column.format, first.as_ref()).unwrap_or_default(), share(column, *widest))
        })
        .collect();
    each(told, "columns", &described, |(align, share), told| {
        told.insert("align".into(), json!(align));
        told.insert("share".into(), json!(share));
    });
    set(told, "head_rows", head_rows(columns));
    set(told, "size", json!(size(described.iter().map(|(_, share)| share).sum())));
}

/// Characters that a column is given room for: its longest text, within bounds, and the longest word of its head.
fn share(column: &TableColumn, widest: usize) -> usize {
    let (least, most) = ROOM;
    let head = column.heads.last().map_or("", String::as_str);
    let word = head.split_whitespace().map(|word| word.chars().count()).max().unwrap_or(0);
    // Half a head on a line, so that no head is a tower.
    let head = word.max(head.chars().count().div_ceil(3));
    widest.min(most).max(head).max(least) + 1
}

/// The size of type, in points, at which a table of so many characters fits on a sheet that lies.
fn size(characters: usize) -> usize {
    match characters {
        0..=110 => 10,
        111..=140 => 9,
        141..=175 => 8,
        _ => 7,
    }
}

fn head_rows(columns: &[&TableColumn]) -> Value {
    let rows = heads::heads(columns).into_iter().map(|row| {
        let cells = row
            .into_iter()
            .map(|head| json!({ "text": head.text, "columns": head.columns, "rows": head.rows }));
        Value::Array(cells.collect())
    });
    Value::Array(rows.collect())
}

/// A chart as the table of its data.
fn chart(canvas: &Canvas<'_>, chart: &Chart, told: &mut Value) {
    let heads = chart.series.iter().map(|series| series.name.as_str());
    let heads: Vec<&str> = std::iter::once("").chain(heads).collect();
    let column = |(at, _): (usize, &&str)| {
        let align = if at == 0 { "" } else { "num" };
        json!({ "key": at.to_string(), "number": null, "align": align, "share": if at == 0 { 20 } else { 10 } })
    };
    let row = |(at, category): (usize, &String)| {
        let series = chart.series.iter().enumerate().map(|(number, series)| {
            let text = value::text(canvas, &Datum::at(&series.values, at), &chart.format, Stand::Cell);
            ((number + 1).to_string(), json!(text))
        });
        let texts: Map<String, Value> =
            std::iter::once(("0".to_owned(), json!(category))).chain(series).collect();
        json!({ "texts": texts })
    };
    let head = |text: &&str| json!({ "text": text, "columns": 1, "rows": 1 });
    set(told, "caption", json!(chart.title));
    set(told, "columns", heads.iter().enumerate().map(column).collect());
    set(told, "rows", chart.categories.iter().enumerate().map(row).collect());
    set(told, "head_rows", json!([heads.iter().map(head).collect::<Vec<_>>()]));
    set(told, "empty", json!(""));
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use dinh_model::{Label, Language};

    use super::*;
    use crate::format::Formats;
    use crate::gallery;
    use crate::messages::Texts;
    use crate::place::Place;
    use crate::village::Village;

    fn gallery() -> Value {
        let plugin = "pci-index".parse().unwrap();
        let place = Place { plugin: &plugin, path: "/gallery", query: &[] };
        let canvas = Canvas {
            texts: Texts::of(Language::Vi),
            formats: Formats::of(Language::Vi),
            place,
            directory: &Village,
            guard: None,
            whose: None,
            filled: None,
            sheet: None,
            unreadable: None,
            label: Label::Ordinary,
            today: dinh_model::Date::constant(2026, 11, 22),
            prints: None,
            largest_file: 0,
        };
        let twin = Twin { place, directory: &Village, label: Label::Ordinary };
        let whole = Whole { label: Label::Ordinary, page: gallery::page(), parts: HashMap::new() };
        let mut page = crate::json::page(twin, &whole.page);
        with_texts(&canvas, twin, &whole, &mut page);
        page
    }

    fn block<'a>(page: &'a Value, kind: &str) -> &'a Value {
        let mut blocks = page["sections"]
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|section| section["blocks"].as_array().unwrap());
        blocks.find(|block| block["kind"] == kind).unwrap()
    }

    #[test]
    fn a_table_has_its_texts_as_the_page_shows_them_beside_its_values() {
        let page = gallery();
        let table = block(&page, "table");
        assert_eq!(table["rows"][0]["cells"]["score"], "73.02");
        assert_eq!(table["rows"][0]["texts"]["score"], "73,02");
        let score =
            table["columns"].as_array().unwrap().iter().find(|column| column["key"] == "score").unwrap();
        assert_eq!(score["align"], "num");
        assert!(score["share"].as_u64().unwrap() >= 6);
        let over: u64 = table["head_rows"][0]
            .as_array()
            .unwrap()
            .iter()
            .map(|head| head["columns"].as_u64().unwrap())
            .sum();
        assert_eq!(over as usize, table["columns"].as_array().unwrap().len());
    }

    #[test]
    fn every_block_that_is_read_off_paper_has_its_texts() {
        let page = gallery();
        assert!(
            block(&page, "facts")["facts"].as_array().unwrap().iter().all(|fact| fact["text"].is_string())
        );
        assert!(block(&page, "metrics")["metrics"][0]["text"].as_str().is_some_and(|text| !text.is_empty()));
        assert!(
            block(&page, "timeline")["events"][0]["at_text"].as_str().is_some_and(|text| text.contains('/'))
        );
        assert!(block(&page, "steps")["steps"][0]["state_text"].is_string());
        assert!(block(&page, "documents")["documents"][0]["state_text"].is_string());
        assert!(block(&page, "entry-grid")["rows"][0]["texts"].is_object());
        assert!(block(&page, "chart")["rows"][0]["texts"]["1"].is_string());
    }
}
