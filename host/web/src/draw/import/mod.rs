//! Import of a spreadsheet: the upload, the preview with every bad row named, the confirmation.

mod preview;
mod problems;

use dinh_runtime::bindings::views::SheetImport;
use maud::{Markup, html};

use super::Canvas;

pub use problems::bad_rows;

/// An import: the upload, or the preview of what was uploaded.
pub fn import(canvas: &Canvas<'_>, import: &SheetImport) -> Markup {
    let at_hand = canvas.sheet.filter(|sheet| sheet.block == import.id);
    html! {
        div class="form-card" id=(import.id) {
            h3 { (import.title) }
            @match (at_hand, &import.preview) {
                (Some(sheet), Some(preview)) => (preview::preview(canvas, import, preview, sheet)),
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
