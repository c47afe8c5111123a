//! What is wrong with a sheet, by the host and by the plugin.

use std::collections::BTreeSet;

use dinh_runtime::bindings::views::{SheetImport, SheetPreview};
use maud::{Markup, html};

use super::preview::cell;
use crate::draw::{Canvas, SheetAtHand};

/// Problems listed on the page; the rest are counted, and stand in the full report.
const PROBLEMS: usize = 200;

/// One problem, of the host or of the plugin.
pub(super) struct Line {
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

/// All of them, those that keep a row out first.
pub(super) fn lines(
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

/// The first of them as a table.
pub(super) fn problems(canvas: &Canvas<'_>, lines: &[Line], unlisted: usize) -> Markup {
    let unlisted = unlisted + lines.len().saturating_sub(PROBLEMS);
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
