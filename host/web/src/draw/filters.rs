//! Fields that narrow what a page shows. They are sent as the query; what is not a filter stays in it.

use dinh_runtime::bindings::views::{FieldKind, Filters};
use maud::{Markup, html};

use super::Canvas;
use super::field::{self, Slot};
use crate::form::{Filled, Raw};
use crate::format;

/// What their fields are ids of: they belong to no form of the plugin's.
pub const FORM: &str = "q";

/// A row of fields with its button.
pub fn filters(canvas: &Canvas<'_>, filters: &Filters) -> Markup {
    let owned = |name: &str| {
        filters.fields.iter().any(|field| name == field.name || name == format!("{}.words", field.name))
    };
    // Narrowing begins again at the first page.
    let kept = canvas.place.query.iter().filter(|(name, _)| !owned(name) && name != "after");
    // What is in the query is what was filled in; a field that is not there shows the plugin's value.
    let asked = canvas.place.query.iter().filter(|(name, _)| owned(name)).cloned();
    let asked: Vec<_> = asked.map(|(name, text)| as_written(filters, name, text)).collect();
    let refused = canvas.filled.filter(|filled| filled.form == FORM);
    let problems = refused.map(|filled| filled.problems.clone()).unwrap_or_default();
    let raw = Raw::typed(asked, Vec::new());
    let filled = Filled { raw, problems, ..Filled::default() };
    html! {
        form class="filters" method="get" action=(canvas.place.bare()) role="search" {
            @for (name, value) in kept { input type="hidden" name=(name) value=(value); }
            div class="row" {
                @for described in &filters.fields {
                    @let there = Some(&filled).filter(|filled| filled.raw.has(&described.name));
                    (field::field(canvas, &Slot {
                        form: FORM, name: &described.name, field: described, value: &described.value,
                        filled: there, pick: &format!("/{}", described.name),
                    }))
                }
                div class="go" { button class="btn primary" { (filters.submit) } }
            }
        }
    }
}

/// A day of an address as people write it: links of plugins have `2026-03-02`.
fn as_written(filters: &Filters, name: String, text: String) -> (String, String) {
    let kind = filters.fields.iter().find(|field| field.name == name).map(|field| &field.kind);
    match (kind, format::parse_date(&text)) {
        (Some(FieldKind::Date(_)), Some(day)) => (name, format::date(day)),
        _ => (name, text),
    }
}
