//! Forms: groups of fields, child rows, buttons, and the summary of what is wrong.

use dinh_runtime::bindings::types::Value;
use dinh_runtime::bindings::views::*;
use maud::{Markup, html};

use super::Canvas;
use super::field::{self, Slot};
use super::filters;
use crate::form::{Filled, find, grid, parse, stale, typed};

/// What is wrong with the form that came back, at the top of the page, each linked to its field; for a
/// form whose records have changed, that it is so.
pub fn summary(canvas: &Canvas<'_>, page: &Page) -> Markup {
    let Some(filled) = canvas.filled else { return html! {} };
    html! {
        @if filled.stale {
            div class="notice warning page-notice" role="alert" tabindex="-1" autofocus {
                span class="sign" aria-hidden="true" { "!" }
                div { h2 { (canvas.texts.say("stale-title")) } p { (canvas.texts.say("stale-text")) } }
            }
        }
        @if !filled.problems.is_empty() {
            div class="error-summary" role="alert" tabindex="-1" autofocus[!filled.stale] aria-labelledby="error.summary" {
                h2 id="error.summary" { (canvas.texts.say("form-problems")) }
                ul {
                    @for problem in &filled.problems {
                        li {
                            @let name = problem.name.as_deref();
                            @let row = name.and_then(|name| row(canvas, page, filled, name));
                            @let line = html! { @if let Some(row) = row { strong { (row) } " – " } (problem.message) };
                            @match name.and_then(|name| anchor(page, filled, name)) {
                                Some(anchor) => { a href={ "#" (anchor) } { (line) } }
                                None => { (line) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The id of the control of a name that came back; program names of grid cells have none.
fn anchor(page: &Page, filled: &Filled, name: &str) -> Option<String> {
    if filled.form != filters::FORM {
        find::find(page, &filled.form)?;
    }
    (!name.starts_with("j.")).then(|| format!("{}-{name}", filled.form))
}

/// Which row a name that came back is of, as its reader tells rows apart: of a grid by its first text, of child rows by
/// their title and the number of the row.
fn row(canvas: &Canvas<'_>, page: &Page, filled: &Filled, name: &str) -> Option<String> {
    let (of, rest) = name.split_once('.')?;
    match (of, find::find(page, &filled.form)?) {
        ("g", find::Submittable::Grid(grid)) => {
            let (row, _) = rest.split_once('.')?;
            Some(super::grid::row_name(grid, row.parse().ok()?))
        }
        ("c", find::Submittable::Form(form)) => {
            let (of, rest) = rest.split_once('.')?;
            let (row, _) = rest.split_once('.')?;
            let children = form.children.iter().find(|children| children.name == of)?;
            let number = (row.parse::<usize>().ok()?.checked_add(1)?).to_string();
            let row = canvas.texts.with("rows-row", &[("number", &number)]);
            Some(format!("{} – {row}", children.title))
        }
        _ => None,
    }
}

/// A form.
pub fn form(canvas: &Canvas<'_>, form: &Form) -> Markup {
    let filled = canvas.filled.filter(|filled| filled.form == form.id);
    html! {
        form class="form-card" id=(form.id) method="post" action={ (canvas.place.here()) } novalidate data-form
            enctype=[takes_files(form).then_some("multipart/form-data")] {
            (canvas.hidden(Some(&form.id)))
            (seal(canvas, form, filled))
            @if !form.shown.is_empty() { input type="hidden" name="shown" value=(stale::text(&form.shown)); }
            @if let Some(title) = &form.title { h3 { (title) } }
            @if let Some(help) = &form.help { p class="hint" { (help) } }
            // The first button is what Enter presses.
            button class="sr" tabindex="-1" aria-hidden="true" { (form.submit) }
            @for group in &form.groups { (self::group(canvas, form, group, filled)) }
            @for children in &form.children { (self::children(canvas, form, children, filled)) }
            (buttons(canvas, form))
        }
    }
}

/// Whether files come with a form.
fn takes_files(form: &Form) -> bool {
    let of_groups = form.groups.iter().flat_map(|group| &group.fields);
    let mut fields = of_groups.chain(form.children.iter().flat_map(|children| &children.fields));
    fields.any(|field| matches!(field.kind, FieldKind::Attachment(_)) && !field.read_only)
}

fn seal(canvas: &Canvas<'_>, form: &Form, filled: Option<&Filled>) -> Markup {
    let texts = parse::sealed_texts(form, |field| typed::text(canvas.formats, &field.kind, &field.value));
    let again = filled.and_then(|filled| filled.raw.first("seal")).map(str::to_owned);
    let made = || {
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        canvas.guard.map(|guard| guard.seal("hidden", &texts))
    };
    html! {
        // What comes back a second time keeps its first seal: nothing is sealed that was not drawn.
        @if texts.len() > 1 { input type="hidden" name="seal" value=[again.or_else(made)]; }
    }
}

/// Fields that belong together.
pub(super) fn group(canvas: &Canvas<'_>, form: &Form, group: &FieldGroup, filled: Option<&Filled>) -> Markup {
    let fields = html! {
        div class="fields" {
            @for described in &group.fields {
                (field::field(canvas, &Slot {
                    form: &form.id, name: &format!("f.{}", described.name), field: described, value: &described.value,
                    filled, pick: &format!("{}/{}", form.id, described.name),
                }))
            }
        }
    };
    match &group.title {
        Some(title) => html! {
            fieldset class="group" {
                legend { (title) }
                @if let Some(help) = &group.help { p class="hint" { (help) } }
                (fields)
            }
        },
        None => html! {
            div class="group" { @if let Some(help) = &group.help { p class="hint" { (help) } } (fields) }
        },
    }
}

/// Rows of child records: those there are, those filled in, and room for new ones.
fn children(canvas: &Canvas<'_>, form: &Form, children: &ChildRows, filled: Option<&Filled>) -> Markup {
    let counter = format!("c.{}.rows", children.name);
    let sent =
        filled.and_then(|filled| filled.raw.first(&counter)).and_then(|count| count.parse::<usize>().ok());
    let more = usize::from(filled.is_some_and(|filled| filled.more.as_deref() == Some(&children.name)));
    let least = children.minimum as usize;
    let count = sent.unwrap_or_else(|| children.rows.len().max(least)).min(children.maximum as usize) + more;
    let blank = ChildRow {
        key: String::new(),
        values: children.fields.iter().map(|field| field.value.clone()).collect(),
    };
    let row = |index: usize| {
        let key_name = format!("c.{}.{index}..key", children.name);
        let key =
            filled.filter(|_| sent.is_some()).map(|filled| filled.raw.first(&key_name).unwrap_or_default());
        match key {
            Some(key) => children.rows.iter().find(|row| !key.is_empty() && row.key == key).unwrap_or(&blank),
            None => children.rows.get(index).unwrap_or(&blank),
        }
    };
    html! {
        fieldset class="group" data-rows=(children.name) data-most=(children.maximum) {
            legend { (children.title) }
            input type="hidden" name=(counter) value=(count);
            @for index in 0..count {
                (child(canvas, form, children, row(index), &index.to_string(), filled.filter(|_| sent.is_some_and(|sent| index < sent))))
            }
            @if count < children.maximum as usize {
                template data-row { (child(canvas, form, children, &blank, "__", None)) }
                p { button class="btn secondary small" name="more" value=(children.name) data-add { "+ " (canvas.texts.say("rows-add")) } }
            }
        }
    }
}

fn child(
    canvas: &Canvas<'_>,
    form: &Form,
    children: &ChildRows,
    row: &ChildRow,
    index: &str,
    filled: Option<&Filled>,
) -> Markup {
    let prefix = format!("c.{}.{index}", children.name);
    let number = index.parse::<usize>().map_or_else(|_| "__".to_owned(), |index| (index + 1).to_string());
    let removed = filled.is_some_and(|filled| filled.raw.has(&format!("{prefix}..remove")));
    html! {
        fieldset class="child-row" {
            legend { (canvas.texts.with("rows-row", &[("number", &number)])) }
            input type="hidden" name={ (prefix) "..key" } value=(row.key);
            div class="fields" {
                @for (place, described) in children.fields.iter().enumerate() {
                    (field::field(canvas, &Slot {
                        form: &form.id, name: &format!("{prefix}.{}", described.name), field: described,
                        value: row.values.get(place).unwrap_or(&Value::Empty), filled,
                        pick: &format!("{}/{}.{}", form.id, children.name, described.name),
                    }))
                }
                div class="field" {
                    label class="choice-box" {
                        input type="checkbox" name={ (prefix) "..remove" } value="true" checked[removed] data-remove;
                        span { (canvas.texts.say("rows-remove")) }
                    }
                }
            }
        }
    }
}

fn buttons(canvas: &Canvas<'_>, form: &Form) -> Markup {
    html! {
        div class="buttons" {
            @if canvas.guard.is_some() {
                button class="btn primary" { (form.submit) }
                @for (value, text) in &form.buttons { button class="btn secondary" name="button" value=(value) { (text) } }
            } @else {
                p class="muted" { (canvas.texts.say("form-sign-in")) }
            }
            @if let Some(target) = &form.cancel {
                a class="btn link" href=(canvas.place.address(target).href) { (canvas.texts.say("form-cancel")) }
            }
        }
    }
}

/// The text of a grid's memory of what its cells held.
pub fn was(canvas: &Canvas<'_>, grid: &EntryGrid) -> String {
    serde_json::json!(grid::texts(canvas.formats, grid)).to_string()
}
