//! Fields that narrow what a page shows. They are sent as the query; what is not a filter stays in it.

use dinh_runtime::bindings::views::Filters;
use maud::{Markup, html};

use super::Canvas;
use super::field::{self, Slot};
use crate::form::{Filled, Raw};

/// A row of fields with its button.
pub fn filters(canvas: &Canvas<'_>, filters: &Filters) -> Markup {
    let owned = |name: &str| {
        filters.fields.iter().any(|field| name == field.name || name == format!("{}.words", field.name))
    };
    // Narrowing begins again at the first page.
    let kept = canvas.place.query.iter().filter(|(name, _)| !owned(name) && name != "after");
    // What is in the query is what was filled in; a field that is not there shows the plugin's value.
    let asked: Vec<_> = canvas.place.query.iter().filter(|(name, _)| owned(name)).cloned().collect();
    let filled =
        (!asked.is_empty()).then(|| Filled { raw: Raw::typed(asked, Vec::new()), ..Filled::default() });
    html! {
        form class="filters" method="get" action=(canvas.place.bare()) role="search" {
            @for (name, value) in kept { input type="hidden" name=(name) value=(value); }
            div class="row" {
                @for described in &filters.fields {
                    @let there = filled.as_ref().filter(|filled| filled.raw.has(&described.name));
                    (field::field(canvas, &Slot {
                        form: "q", name: &described.name, field: described, value: &described.value,
                        filled: there, pick: &format!("/{}", described.name),
                    }))
                }
                div class="go" { button class="btn primary" { (filters.submit) } }
            }
        }
    }
}
