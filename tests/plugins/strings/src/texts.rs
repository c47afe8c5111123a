//! Every place of a page where a plugin says something in words of its own choosing: not identifiers, whose form is
//! prescribed, and not addresses, which are looked at by themselves.

use super::contract::types::{Column, ColumnValues, TextColumn, Value};
use super::contract::views::*;

/// Puts another text into each place; `put` is told which.
pub fn each_text(page: &mut Page, put: &mut dyn FnMut(&'static str, &mut String)) {
    put("title", &mut page.title);
    maybe(&mut page.subtitle, "subtitle", put);
    page.breadcrumbs.iter_mut().for_each(|link| put("breadcrumb", &mut link.text));
    actions(&mut page.actions, put);
    for section in &mut page.sections {
        maybe(&mut section.title, "section", put);
        section.blocks.iter_mut().for_each(|it| block(it, put));
    }
}

type Put<'p> = &'p mut dyn FnMut(&'static str, &mut String);

fn maybe(text: &mut Option<String>, place: &'static str, put: Put<'_>) {
    if let Some(text) = text {
        put(place, text);
    }
}

fn block(block: &mut Block, put: Put<'_>) {
    match block {
        Block::Text(paragraphs) => {
            let spans = paragraphs.iter_mut().flat_map(|paragraph| &mut paragraph.spans);
            spans.for_each(|span| put("span", &mut span.text));
        }
        Block::Notice(notice) => {
            put("notice title", &mut notice.title);
            put("notice", &mut notice.text);
        }
        Block::Facts(facts) => {
            maybe(&mut facts.title, "facts", put);
            for fact in &mut facts.facts {
                put("fact", &mut fact.label);
                value(&mut fact.value, put);
                maybe(&mut fact.help, "fact help", put);
            }
        }
        Block::Table(table) => self::table(table, put),
        Block::Filters(filters) => {
            filters.fields.iter_mut().for_each(|it| field(it, put));
            put("filters", &mut filters.submit);
        }
        Block::Form(form) => self::form(form, put),
        Block::EntryGrid(grid) => {
            maybe(&mut grid.caption, "grid", put);
            grid.columns.iter_mut().for_each(|it| {
                column(&mut it.column, put);
                if let Some(kind) = &mut it.kind {
                    self::kind(kind, put);
                }
            });
            grid.data.iter_mut().for_each(|it| cells(it, put));
            grid.cell_styles.iter_mut().for_each(|it| cell(it, put));
            put("grid button", &mut grid.submit);
        }
        Block::SheetImport(import) => self::import(import, put),
        Block::Metrics(metrics) => {
            for metric in metrics {
                put("metric", &mut metric.label);
                value(&mut metric.value, put);
                maybe(&mut metric.unit_of_measure, "unit of measure", put);
                maybe(&mut metric.note, "metric note", put);
            }
        }
        Block::Progress(progress) => {
            put("progress", &mut progress.title);
            put("counted", &mut progress.counted);
            if let Some(notice) = &mut progress.notice {
                put("notice title", &mut notice.title);
                put("notice", &mut notice.text);
            }
        }
        Block::Chart(chart) => {
            put("chart", &mut chart.title);
            chart.categories.iter_mut().for_each(|it| put("category", it));
            chart.series.iter_mut().for_each(|it| put("series", &mut it.name));
            maybe(&mut chart.axis.title, "axis", put);
            if let Some(axis) = &mut chart.second_axis {
                maybe(&mut axis.title, "second axis", put);
            }
            maybe(&mut chart.note, "chart note", put);
        }
        Block::Timeline(events) => {
            for event in events {
                put("event", &mut event.title);
                maybe(&mut event.text, "event text", put);
            }
        }
        Block::Steps(steps) => {
            for step in steps {
                put("step", &mut step.title);
                maybe(&mut step.note, "step note", put);
            }
        }
        Block::Documents(documents) => {
            for document in documents {
                put("document", &mut document.title);
                maybe(&mut document.number, "document number", put);
                actions(&mut document.actions, put);
            }
        }
        Block::Actions(list) => actions(list, put),
        Block::Tabs(links) => links.iter_mut().for_each(|link| put("tab", &mut link.text)),
    }
}

fn actions(actions: &mut [Action], put: Put<'_>) {
    for action in actions {
        put("action", &mut action.text);
        maybe(&mut action.disabled, "why disabled", put);
        if let Effect::Submit(submit) = &mut action.effect {
            maybe(&mut submit.confirm, "question", put);
            submit.inputs.iter_mut().for_each(|(_, text)| put("input of a button", text));
        }
    }
}

fn table(table: &mut Table, put: Put<'_>) {
    maybe(&mut table.caption, "caption", put);
    table.columns.iter_mut().for_each(|it| column(it, put));
    table.data.iter_mut().for_each(|it| cells(it, put));
    table.cell_styles.iter_mut().for_each(|it| cell(it, put));
    actions(&mut table.bulk_actions, put);
    put("empty table", &mut table.empty_text);
    maybe(&mut table.note, "table note", put);
}

fn column(column: &mut TableColumn, put: Put<'_>) {
    column.heads.iter_mut().for_each(|it| put("head", it));
    maybe(&mut column.number, "number of a column", put);
    maybe(&mut column.help, "column help", put);
}

fn cell(style: &mut CellStyle, put: Put<'_>) {
    maybe(&mut style.note, "cell note", put);
    maybe(&mut style.placeholder, "cell placeholder", put);
}

/// The texts of a column, where it has any.
fn cells(column: &mut Column, put: Put<'_>) {
    let ColumnValues::Texts(texts) = &mut column.values else { return };
    let mut new = TextColumn { data: Vec::new(), ends: Vec::new() };
    let mut start = 0;
    for end in &texts.ends {
        let end = usize::try_from(*end).unwrap_or_default();
        let mut text = String::from_utf8_lossy(texts.data.get(start..end).unwrap_or_default()).into_owned();
        put("cell", &mut text);
        new.data.extend(text.bytes());
        new.ends.push(u32::try_from(new.data.len()).unwrap_or_default());
        start = end;
    }
    *texts = new;
}

fn value(value: &mut Value, put: Put<'_>) {
    match value {
        Value::Text(text) => put("value", text),
        Value::Texts(texts) => texts.iter_mut().for_each(|text| put("value of several", text)),
        _ => {}
    }
}

fn form(form: &mut Form, put: Put<'_>) {
    maybe(&mut form.title, "form", put);
    maybe(&mut form.help, "form help", put);
    for group in &mut form.groups {
        maybe(&mut group.title, "group", put);
        maybe(&mut group.help, "group help", put);
        group.fields.iter_mut().for_each(|it| field(it, put));
    }
    for children in &mut form.children {
        put("child rows", &mut children.title);
        children.fields.iter_mut().for_each(|it| field(it, put));
        children.rows.iter_mut().flat_map(|row| &mut row.values).for_each(|it| value(it, put));
    }
    put("button", &mut form.submit);
    form.buttons.iter_mut().for_each(|(_, text)| put("further button", text));
}

fn field(field: &mut Field, put: Put<'_>) {
    put("label", &mut field.label);
    maybe(&mut field.help, "field help", put);
    maybe(&mut field.unit_of_measure, "unit of measure", put);
    kind(&mut field.kind, put);
    // What is chosen stays one of the choices.
    if matches!(field.kind, FieldKind::Text(_) | FieldKind::LongText(_) | FieldKind::Hidden) {
        value(&mut field.value, put);
    }
}

fn kind(kind: &mut FieldKind, put: Put<'_>) {
    if let FieldKind::Choice(choices) | FieldKind::ChoiceList(choices) = kind {
        for choice in &mut choices.choices {
            put("choice", &mut choice.text);
            maybe(&mut choice.help, "choice help", put);
        }
    }
}

fn import(import: &mut SheetImport, put: Put<'_>) {
    put("import", &mut import.title);
    maybe(&mut import.help, "import help", put);
    for column in &mut import.columns {
        put("import column", &mut column.label);
        column.aliases.iter_mut().for_each(|it| put("alias", it));
        column.empty_words.iter_mut().for_each(|it| put("empty word", it));
        kind(&mut column.kind, put);
    }
    if let Some(preview) = &mut import.preview {
        put("summary", &mut preview.summary);
        for problem in &mut preview.problems {
            put("problem", &mut problem.message);
            put("remedy", &mut problem.remedy);
        }
        preview.computed.iter_mut().for_each(|it| column(it, put));
        preview.data.iter_mut().for_each(|it| cells(it, put));
        preview.fields.iter_mut().for_each(|it| field(it, put));
    }
}
