//! Import of a spreadsheet: what the file should hold, the preview with every bad row named, confirmation.

use std::collections::BTreeSet;

use dinh_runtime::bindings::views::*;
use maud::{Markup, html};

use super::value::{self, Stand};
use super::{Canvas, SheetAtHand};
use crate::datum::Datum;

/// Rows of the file shown in a preview; the others are counted and, where wrong, listed.
const ROWS: usize = 50;

/// Problems listed on the page; the rest are counted.
const PROBLEMS: usize = 200;

/// An import: the upload, or the preview of what was uploaded.
pub fn import(canvas: &Canvas<'_>, import: &SheetImport) -> Markup {
    let at_hand = canvas.sheet.filter(|sheet| sheet.block == import.id);
    html! {
        div class="form-card" id=(import.id) {
            h3 { (import.title) }
            @match (at_hand, &import.preview) {
                (Some(sheet), Some(preview)) => (self::preview(canvas, import, preview, sheet)),
                _ => (upload(canvas, import)),
            }
        }
    }
}

fn upload(canvas: &Canvas<'_>, import: &SheetImport) -> Markup {
    let wrong = canvas.unreadable.filter(|unreadable| unreadable.block == import.id);
    let id = format!("{}-file", import.id);
    let most = canvas.texts.count("import-most", import.maximum_rows as usize);
    html! {
        @if let Some(help) = &import.help { p class="hint" { (help) } }
        form method="post" action=(canvas.place.here()) enctype="multipart/form-data" data-form {
            (canvas.hidden(Some(&import.id)))
            div class={ "field" @if wrong.is_some() { " has-error" } } {
                label for=(id) { (canvas.texts.say("import-file")) }
                span class="hint" id={ (id) "-help" } { (canvas.texts.say("import-kinds")) " " (most) }
                @if let Some(wrong) = wrong { span class="wrong" id={ (id) "-wrong" } role="alert" tabindex="-1" autofocus { (wrong.text) } }
                input type="file" name="file" id=(id) accept=".csv,.xlsx,.txt,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
                    aria-describedby={ (id) "-help" @if wrong.is_some() { " " (id) "-wrong" } };
            }
            div class="buttons" {
                @if canvas.guard.is_some() { button class="btn primary" { (canvas.texts.say("import-check")) } }
                a class="btn link" href=(canvas.place.with(&[("template", Some(&import.id))])) download { (canvas.texts.say("import-template")) }
            }
        }
        details {
            summary { (canvas.texts.say("import-columns")) }
            div class="scroll" role="region" tabindex="0" aria-label=(canvas.texts.say("import-columns")) {
                table {
                    thead { tr {
                        th scope="col" { (canvas.texts.say("import-column")) }
                        th scope="col" { (canvas.texts.say("import-required")) }
                        th scope="col" { (canvas.texts.say("import-also")) }
                        th scope="col" { (canvas.texts.say("import-empty")) }
                    } }
                    tbody {
                        @for column in &import.columns {
                            tr {
                                th scope="row" { (column.label) }
                                td { (canvas.texts.say(if column.required { "value-yes" } else { "value-no" })) }
                                td { (column.aliases.join("; ")) }
                                td { (column.empty_words.join("; ")) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// One problem, of the host or of the plugin.
struct Line {
    line: u32,
    column: String,
    value: String,
    message: String,
    remedy: String,
    warning: bool,
}

/// Rows that cannot be imported: those the host found wrong, and those the plugin did.
pub fn bad_rows(preview: &SheetPreview, sheet: &dinh_services::sheets::Sheet) -> BTreeSet<usize> {
    let host = sheet.good_rows().into_iter().enumerate().filter(|(_, good)| !good).map(|(row, _)| row);
    let plugin =
        preview.problems.iter().filter(|problem| !problem.warning).map(|problem| problem.row as usize);
    host.chain(plugin).filter(|row| *row < sheet.rows()).collect()
}

fn lines(
    canvas: &Canvas<'_>,
    import: &SheetImport,
    preview: &SheetPreview,
    at: &SheetAtHand<'_>,
) -> Vec<Line> {
    let label = |name: Option<&str>| match name {
        Some(name) => import
            .columns
            .iter()
            .find(|c| c.name == name)
            .map_or_else(|| name.to_owned(), |c| c.label.clone()),
        None => canvas.texts.say("import-whole-row"),
    };
    let host = at.sheet.problems.iter().map(|problem| Line {
        line: problem.line,
        column: label(problem.column.as_deref()),
        value: problem.value.clone(),
        message: problem.message.clone(),
        remedy: problem.remedy.clone(),
        warning: false,
    });
    let plugin = preview.problems.iter().map(|problem| Line {
        line: at.sheet.lines.get(problem.row as usize).copied().unwrap_or(0),
        column: label(problem.column.as_deref()),
        value: problem
            .column
            .as_deref()
            .map(|name| cell(canvas, import, at, name, problem.row as usize))
            .unwrap_or_default(),
        message: problem.message.clone(),
        remedy: problem.remedy.clone(),
        warning: problem.warning,
    });
    let mut lines: Vec<_> = host.chain(plugin).collect();
    lines.sort_by_key(|line| (line.warning, line.line));
    lines
}

/// A cell of the file as it was understood.
fn cell(canvas: &Canvas<'_>, import: &SheetImport, at: &SheetAtHand<'_>, column: &str, row: usize) -> String {
    let value = at.sheet.column(column).and_then(|column| column.values.get(row));
    let known = import.columns.iter().find(|known| known.name == column);
    known.zip(value).map(|(column, value)| sheet_value(canvas, column, value)).unwrap_or_default()
}

fn sheet_value(canvas: &Canvas<'_>, column: &SheetColumn, value: &dinh_model::Value) -> String {
    use dinh_model::Value;
    let datum = match value {
        Value::Integer(number) => Datum::Integer(*number),
        Value::Decimal(number) => Datum::Decimal(*number),
        Value::Text(text) => Datum::Text(text),
        Value::Date(day) => Datum::Date(*day),
        Value::Instant(moment) => Datum::Instant(*moment),
        Value::Boolean(yes) => Datum::Boolean(*yes),
        _ => Datum::Empty,
    };
    match (&column.kind, &datum) {
        (FieldKind::Choice(choices), Datum::Text(text)) => {
            let known = choices.choices.iter().find(|choice| choice.value == *text);
            known.map_or_else(|| (*text).to_owned(), |choice| choice.text.clone())
        }
        (FieldKind::Code(picker), Datum::Text(code)) => {
            let as_of = picker.as_of.and_then(dinh_model::time::from_days).unwrap_or(canvas.today);
            canvas.directory.code(&picker.catalog, code, as_of).unwrap_or_else(|| (*code).to_owned())
        }
        _ => value::text(canvas, &datum, &column.format, Stand::Cell),
    }
}

fn preview(canvas: &Canvas<'_>, import: &SheetImport, preview: &SheetPreview, at: SheetAtHand<'_>) -> Markup {
    let bad = bad_rows(preview, at.sheet);
    let rows = at.sheet.rows();
    let good = rows.saturating_sub(bad.len());
    let count = |number: usize| canvas.formats.integer(i64::try_from(number).unwrap_or(i64::MAX));
    let warnings = preview.problems.iter().filter(|problem| problem.warning).count();
    let lines = lines(canvas, import, preview, &at);
    let unlisted = lines.len().saturating_sub(PROBLEMS) + at.sheet.unlisted_problems as usize;
    html! {
        p { (canvas.texts.with("import-file-name", &[("name", &at.sheet.file_name)])) }
        ul class="counts" {
            li { b { (count(rows)) } (canvas.texts.say("import-rows")) }
            li class="tone-good" { b { (count(good)) } (canvas.texts.say("import-good")) }
            @if !bad.is_empty() { li class="tone-bad" { b { (count(bad.len())) } (canvas.texts.say("import-bad")) } }
            @if warnings > 0 { li class="tone-warning" { b { (count(warnings)) } (canvas.texts.say("import-warnings")) } }
        }
        @if bad.is_empty() {
            div class="notice good" { span class="sign" aria-hidden="true" { "✓" } div { h3 { (canvas.texts.say("import-all-good")) } p { (preview.summary) } } }
        } @else {
            div class="notice bad" role="alert" tabindex="-1" autofocus {
                span class="sign" aria-hidden="true" { "×" }
                div { h3 { (canvas.texts.count("import-some-bad", bad.len())) } p { (canvas.texts.say(if good > 0 { "import-some-bad-help" } else { "import-all-bad-help" })) } @if !preview.summary.is_empty() { p { (preview.summary) } } }
            }
        }
        @if !at.sheet.unknown_heads.is_empty() {
            p class="hint" { (canvas.texts.with("import-unknown-heads", &[("heads", &at.sheet.unknown_heads.join("; "))])) }
        }
        @if !lines.is_empty() { (problems(canvas, &lines, unlisted)) }
        (sample(canvas, import, preview, &at, &bad))
        (confirm(canvas, import, &at, bad.len(), good))
    }
}

fn problems(canvas: &Canvas<'_>, lines: &[Line], unlisted: usize) -> Markup {
    let warned = lines.iter().any(|line| line.warning);
    let title = canvas.texts.say(match lines.iter().any(|line| !line.warning) {
        true if warned => "import-problems-and-warnings",
        true => "import-problems",
        false => "import-only-warnings",
    });
    html! {
        h3 { (title) }
        div class="table-block" {
            div class="scroll" role="region" tabindex="0" aria-label=(title) {
                table {
                    thead { tr {
                        th scope="col" class="num" { (canvas.texts.say("import-line")) }
                        th scope="col" class="col-normal" { (canvas.texts.say("import-column")) }
                        th scope="col" class="col-normal" { (canvas.texts.say("import-value")) }
                        th scope="col" class="col-wide" { (canvas.texts.say("import-message")) }
                        th scope="col" class="col-wide" { (canvas.texts.say("import-remedy")) }
                    } }
                    tbody {
                        @for line in lines.iter().take(PROBLEMS) {
                            tr {
                                td class="num" { (line.line) }
                                td { (line.column) }
                                td { code { (line.value) } }
                                td class=(if line.warning { "warning" } else { "bad" }) {
                                    @if line.warning { strong { (canvas.texts.say("import-warning")) } " " } (line.message)
                                }
                                td { (line.remedy) }
                            }
                        }
                    }
                }
            }
            @if unlisted > 0 { div class="table-foot" { p class="note" { (canvas.texts.count("import-unlisted", unlisted)) } } }
        }
    }
}

/// The first rows, as they were understood, with what the plugin computed beside them.
fn sample(
    canvas: &Canvas<'_>,
    import: &SheetImport,
    preview: &SheetPreview,
    at: &SheetAtHand<'_>,
    bad: &BTreeSet<usize>,
) -> Markup {
    let columns: Vec<_> =
        import.columns.iter().filter(|column| at.sheet.column(&column.name).is_some()).collect();
    let shown = at.sheet.rows().min(ROWS);
    let class = |kind: &FieldKind| match kind {
        FieldKind::Integer(_) | FieldKind::Decimal(_) | FieldKind::Money(_) => "num",
        _ => "col-normal",
    };
    let computed: Vec<_> = preview
        .computed
        .iter()
        .zip(&preview.data)
        .map(|(column, data)| {
            let first = (0..shown).map(|row| Datum::at(data, row)).find(|datum| !datum.is_empty());
            let class = value::alignment(&column.format, first.as_ref()).unwrap_or("col-normal");
            (column, data, class)
        })
        .collect();
    html! {
        h3 { (canvas.texts.say("import-preview")) }
        div class="table-block" {
            div class="scroll" role="region" tabindex="0" aria-label=(canvas.texts.say("import-preview")) {
                table {
                    thead { tr {
                        th scope="col" class="num" { (canvas.texts.say("import-line")) }
                        @for column in &columns { th scope="col" class=(class(&column.kind)) { (column.label) } }
                        @for (column, _, class) in &computed { th scope="col" class=(class) { (column.heads.join(" – ")) } }
                    } }
                    tbody {
                        @for row in 0..shown {
                            tr class=[bad.contains(&row).then_some("cancelled")] {
                                td class="num" { (at.sheet.lines.get(row).copied().unwrap_or(0)) }
                                @for column in &columns {
                                    @let wrong = at.sheet.column(&column.name).and_then(|c| c.wrong.get(row)).copied().unwrap_or(false);
                                    td class={ (class(&column.kind)) @if wrong { " bad" } } {
                                        @if wrong { span aria-hidden="true" { "×" } span class="sr" { (canvas.texts.say("import-wrong-cell")) } }
                                        @else { (cell(canvas, import, at, &column.name, row)) }
                                    }
                                }
                                @for (column, data, class) in &computed {
                                    td class=(class) { (value::text(canvas, &Datum::at(data, row), &column.format, Stand::Cell)) }
                                }
                            }
                        }
                    }
                }
            }
            @if shown < at.sheet.rows() {
                div class="table-foot" { p class="note" { (canvas.texts.with("import-shown", &[("shown", &shown.to_string()), ("total", &canvas.formats.integer(i64::try_from(at.sheet.rows()).unwrap_or(i64::MAX)))])) } }
            }
        }
    }
}

fn confirm(
    canvas: &Canvas<'_>,
    import: &SheetImport,
    at: &SheetAtHand<'_>,
    bad: usize,
    good: usize,
) -> Markup {
    html! {
        form method="post" action=(canvas.place.here()) data-form {
            (canvas.hidden(Some(&import.id)))
            input type="hidden" name="sheet" value=(at.id);
            div class="buttons" {
                @if canvas.guard.is_some() {
                    @if bad == 0 { button class="btn primary" name="rows" value="all" { (canvas.texts.count("import-all", good)) } }
                    @else if good > 0 { button class="btn secondary" name="rows" value="good" { (canvas.texts.count("import-only-good", good)) } }
                }
                a class="btn link" href=(canvas.place.here()) { (canvas.texts.say("import-other-file")) }
            }
        }
    }
}
