//! What would be imported: counts, problems, the first rows, and the confirmation.

use std::collections::BTreeSet;

use dinh_runtime::bindings::views::{FieldKind, SheetColumn, SheetImport, SheetPreview};
use maud::{Markup, html};

use super::problems::{bad_rows, lines, problems};
use crate::datum::Datum;
use crate::draw::value::{self, Stand};
use crate::draw::{Canvas, SheetAtHand, form};
use crate::form::confirmation;

/// Rows of the file shown in a preview; the others are counted and, where wrong, listed.
const ROWS: usize = 50;

/// A cell of the file as it was understood.
pub(super) fn cell(
    canvas: &Canvas<'_>,
    import: &SheetImport,
    at: &SheetAtHand<'_>,
    column: &str,
    row: usize,
) -> String {
    let value = at.sheet.column(column).and_then(|column| column.values.get(row));
    let known = import.columns.iter().find(|known| known.name == column);
    known.zip(value).map(|(column, value)| sheet_value(canvas, column, value)).unwrap_or_default()
}

fn sheet_value(canvas: &Canvas<'_>, column: &SheetColumn, value: &dinh_model::Value) -> String {
    let datum = Datum::stored(value);
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

/// What would be imported, and the button that does it.
pub(super) fn preview(
    canvas: &Canvas<'_>,
    import: &SheetImport,
    preview: &SheetPreview,
    at: SheetAtHand<'_>,
) -> Markup {
    let bad = bad_rows(preview, at.sheet);
    let rows = at.sheet.rows();
    let good = rows.saturating_sub(bad.len());
    let count = |number: usize| canvas.formats.integer(i64::try_from(number).unwrap_or(i64::MAX));
    let warnings = preview.problems.iter().filter(|problem| problem.warning).count();
    let lines = lines(canvas, import, preview, &at);
    let unlisted = at.sheet.unlisted_problems as usize;
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
        (report(canvas, import, &at))
        (confirm(canvas, import, preview, &at, (bad.len(), good)))
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

/// Where the whole of it is: every row with what is wrong with it.
fn report(canvas: &Canvas<'_>, import: &SheetImport, at: &SheetAtHand<'_>) -> Markup {
    let href = |format| {
        canvas.place.with(&[("sheet", Some(at.id)), ("export", Some(&import.id)), ("format", Some(format))])
    };
    html! {
        p {
            (canvas.texts.say("import-report")) " "
            a href=(href("excel")) download { "Excel" } " · " a href=(href("csv")) download { "CSV" }
        }
    }
}

fn confirm(
    canvas: &Canvas<'_>,
    import: &SheetImport,
    preview: &SheetPreview,
    at: &SheetAtHand<'_>,
    (bad, good): (usize, usize),
) -> Markup {
    let asks = confirmation(&import.id, preview);
    let filled = canvas.filled.filter(|filled| filled.form == import.id);
    html! {
        form method="post" action=(canvas.place.here()) novalidate data-form {
            (canvas.hidden(Some(&import.id)))
            input type="hidden" name="sheet" value=(at.id);
            @if good > 0 { @for group in &asks.groups { (form::group(canvas, &asks, group, filled)) } }
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
