//! A page in plain lines, so that a review sees all of it, and sees what changes: identifiers are left out.

use std::fmt::Write as _;

use dinh_runtime::bindings::types::{Column, ColumnValues, Value};
use dinh_runtime::bindings::views::{Action, Block, CellStyle, Effect, Field, Page, TableColumn, Target};

/// The page.
pub fn outline(page: &Page) -> String {
    let mut text = format!("# {}\n{}\n", page.title, page.subtitle.clone().unwrap_or_default());
    for link in &page.breadcrumbs {
        let _ = writeln!(text, "< {} {}", link.text, target(&link.target));
    }
    for section in &page.sections {
        let closed = if section.collapsed { " (closed)" } else { "" };
        if let Some(title) = &section.title {
            let _ = writeln!(text, "\n## {title}{closed}");
        }
        section.blocks.iter().for_each(|shown| block(shown, &mut text));
    }
    text
}

fn block(block: &Block, text: &mut String) {
    let _ = match block {
        Block::Notice(notice) => writeln!(text, "! {}: {}", notice.title, notice.text),
        Block::Facts(facts) => {
            facts.facts.iter().try_for_each(|fact| writeln!(text, "{} = {}", fact.label, value(&fact.value)))
        }
        Block::Metrics(metrics) => metrics.iter().try_for_each(|metric| {
            writeln!(text, "{} = {} ({:?})", metric.label, value(&metric.value), metric.tone)
        }),
        Block::Actions(actions) => actions.iter().try_for_each(|action| writeln!(text, "{}", button(action))),
        Block::Filters(filters) => {
            let fields: Vec<String> = filters.fields.iter().map(field).collect();
            writeln!(text, "? {}", fields.join("; "))
        }
        Block::Form(form) => {
            let fields = form.groups.iter().flat_map(|group| &group.fields).map(field);
            let fields: Vec<String> = fields.collect();
            writeln!(text, "form {} [{}]: {}", form.id, form.submit, fields.join("; "))
        }
        Block::Table(table) => {
            let caption = table.caption.clone().unwrap_or_default();
            let heads: Vec<&TableColumn> = table.columns.iter().collect();
            let _ = writeln!(text, "table {} {caption}", table.id);
            rows(&heads, &table.data, &table.cell_styles, text);
            table.note.iter().try_for_each(|note| writeln!(text, "({note})"))
        }
        Block::EntryGrid(grid) => {
            let heads: Vec<&TableColumn> = grid.columns.iter().map(|column| &column.column).collect();
            let _ = writeln!(text, "grid {} [{}]", grid.id, grid.submit);
            rows(&heads, &grid.data, &grid.cell_styles, text);
            Ok(())
        }
        Block::SheetImport(import) => writeln!(text, "import {} {}", import.id, import.title),
        other => writeln!(text, "{other:?}"),
    };
}

fn rows(heads: &[&TableColumn], data: &[Column], styles: &[CellStyle], text: &mut String) {
    let names: Vec<String> = heads.iter().map(|head| head.heads.join(" / ")).collect();
    let _ = writeln!(text, "| {} |", names.join(" | "));
    let count = data.first().map_or(0, |column| values(column).len());
    let columns: Vec<Vec<String>> = data.iter().map(values).collect();
    for row in 0..count {
        let cells = columns.iter().enumerate().map(|(at, column)| {
            let style = styles.iter().find(|style| (style.row as usize, style.column as usize) == (row, at));
            let to = style.and_then(|style| style.target.as_ref()).map(|to| format!(" → {}", target(to)));
            let shown = style.and_then(|style| style.placeholder.clone()).filter(|_| column[row].is_empty());
            format!("{}{}", shown.unwrap_or_else(|| column[row].clone()), to.unwrap_or_default())
        });
        let _ = writeln!(text, "| {} |", cells.collect::<Vec<_>>().join(" | "));
    }
}

fn values(column: &Column) -> Vec<String> {
    let all: Vec<String> = match &column.values {
        ColumnValues::Integers(values) => values.iter().map(i64::to_string).collect(),
        ColumnValues::Dates(days) => days.iter().map(|day| self::day(*day)).collect(),
        ColumnValues::Accounts(accounts) => {
            accounts.iter().map(|account| format!("account {account}")).collect()
        }
        ColumnValues::Units(units) => units.iter().map(|unit| format!("unit {unit}")).collect(),
        ColumnValues::Texts(texts) => {
            let starts = std::iter::once(0).chain(texts.ends.iter().copied());
            let part = |(start, end): (u32, &u32)| {
                String::from_utf8(texts.data[start as usize..*end as usize].to_vec()).unwrap()
            };
            starts.zip(&texts.ends).map(part).collect()
        }
        ColumnValues::Decimals(decimals) => {
            decimals.unscaled.iter().map(|unscaled| format!("{unscaled}e-{}", decimals.scale)).collect()
        }
        ColumnValues::Booleans(values) => values.iter().map(bool::to_string).collect(),
        ColumnValues::Instants(moments) => moments.iter().map(|_| "MOMENT".to_owned()).collect(),
        ColumnValues::References(ids) => ids.iter().map(|_| "ID".to_owned()).collect(),
        other => panic!("a column of another type: {other:?}"),
    };
    let filled =
        |row: usize| column.validity.as_ref().is_none_or(|bits| bits[row / 8] & (1 << (row % 8)) != 0);
    all.into_iter().enumerate().map(|(row, value)| if filled(row) { value } else { String::new() }).collect()
}

fn value(value: &Value) -> String {
    match value {
        Value::Empty => "–".to_owned(),
        Value::Integer(number) => number.to_string(),
        Value::Text(text) => text.clone(),
        Value::Date(day) => self::day(*day),
        Value::Instant(_) => "MOMENT".to_owned(),
        Value::Reference(_) => "ID".to_owned(),
        other => format!("{other:?}"),
    }
}

fn day(days: i32) -> String {
    dinh_model::time::from_days(days).map(|day| day.to_string()).unwrap_or_default()
}

fn field(field: &Field) -> String {
    let need = if field.required { "*" } else { "" };
    format!("{}{need} ({}) = {}", field.name, field.label, value(&field.value))
}

fn button(action: &Action) -> String {
    let what = match &action.effect {
        Effect::Open(to) => target(to),
        Effect::Submit(submit) => format!("{} {:?}", submit.form, submit.confirm),
        Effect::ExportTable(table) => format!("export {table}"),
    };
    let off = action.disabled.as_ref().map(|why| format!(" (off: {why})")).unwrap_or_default();
    format!("[{}] → {what}{off}", action.text)
}

fn target(target: &Target) -> String {
    let Target::Page(page) = target else { return format!("{target:?}") };
    let parts = page.split_inclusive(['/', '?', '=', '&']).map(|part| {
        let end = part.trim_end_matches(['/', '?', '=', '&']);
        let is_id = end.len() == 36 && end.bytes().filter(|byte| *byte == b'-').count() == 4;
        if is_id { format!("ID{}", &part[end.len()..]) } else { part.to_owned() }
    });
    parts.collect()
}
