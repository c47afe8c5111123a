//! Buttons: links, submissions without a form to fill in, exports.

use dinh_runtime::bindings::views::{Action, Effect, Prominence, SubmitEffect};
use maud::{Markup, html};

use super::Canvas;
use crate::plugin::print::PAGE;

/// A row of buttons; nothing when there is none.
pub fn row(canvas: &Canvas<'_>, actions: &[Action]) -> Markup {
    html! {
        @if !actions.is_empty() {
            ul class="actions" { @for action in actions { li { (button(canvas, action)) } } }
        }
    }
}

/// The class of a button.
pub fn class(prominence: Prominence) -> &'static str {
    match prominence {
        Prominence::Primary => "btn primary",
        Prominence::Secondary => "btn secondary",
        Prominence::Danger => "btn danger",
        Prominence::Link => "btn link",
    }
}

fn button(canvas: &Canvas<'_>, action: &Action) -> Markup {
    let class = class(action.prominence);
    if let Some(reason) = &action.disabled {
        return html! {
            button type="button" class=(class) aria-disabled="true" disabled { (action.text) }
            " " span class="why" { (reason) }
        };
    }
    match &action.effect {
        Effect::Open(target) => {
            let address = canvas.place.address(target);
            html! {
                a class={ (class) @if address.leaves { " leaves" } } href=(address.href)
                    rel=[address.leaves.then_some("noopener noreferrer external")] { (action.text) }
            }
        }
        Effect::Submit(effect) => html! {
            form method="post" action=(canvas.place.here()) {
                (canvas.hidden(None))
                button class=(class) name="do" value=(name(effect)) { (action.text) }
            }
        },
        Effect::ExportTable(table) => export(canvas, table, class, &action.text),
    }
}

/// The formats a table can be exported in, with their names and what is said beside them.
const FORMATS: [(&str, &str, &str); 4] = [
    ("xlsx", "export-xlsx", "export-xlsx-help"),
    ("ods", "export-ods", "export-ods-help"),
    ("excel", "export-excel", "export-excel-help"),
    ("csv", "export-csv", "export-csv-help"),
];

/// The formats a table can be exported in, behind one button.
pub fn export(canvas: &Canvas<'_>, table: &str, class: &str, text: &str) -> Markup {
    let to = |format: &str| {
        canvas.place.with(&[("export", Some(table)), ("format", Some(format)), ("after", None)])
    };
    html! {
        details class="menu" {
            summary class=(class) { (text) }
            div class="menu-items" {
                @for (format, text, help) in FORMATS {
                    a href=(to(format)) download { (canvas.texts.say(text)) small { (canvas.texts.say(help)) } }
                }
                @if canvas.prints.is_some() { a href=(to("pdf")) download { (canvas.texts.say("export-pdf")) small { (canvas.texts.say("export-pdf-help")) } } }
            }
        }
    }
}

/// The forms in which a page can be printed, behind one button; nothing where nothing is printed.
pub fn prints(canvas: &Canvas<'_>) -> Markup {
    let to = |name: &str| canvas.place.with(&[("print", Some(name)), ("after", None)]);
    let Some(forms) = &canvas.prints else { return html! {} };
    html! {
        details class="menu" {
            summary class="btn secondary" { (canvas.texts.say("print-menu")) }
            div class="menu-items" {
                @for (name, title) in forms {
                    a href=(to(name)) download { (title) small { (canvas.texts.say("print-form-help")) } }
                }
                a href=(to(PAGE)) download { (canvas.texts.say("print-page")) small { (canvas.texts.say("print-page-help")) } }
            }
        }
    }
}

/// What a button that submits without a form sends: its form and inputs. When it comes back, the page as
/// drawn then must still have such a button.
pub fn name(effect: &SubmitEffect) -> String {
    serde_json::json!([effect.form, effect.inputs]).to_string()
}
