//! Neighbouring pages as tabs.

use dinh_runtime::bindings::views::Link;
use maud::{Markup, html};

use super::Canvas;

/// Tabs; the one that leads here is marked. Where several fit, the one that names more of the query wins.
pub fn tabs(canvas: &Canvas<'_>, links: &[Link]) -> Markup {
    let here = links
        .iter()
        .enumerate()
        .filter(|(_, link)| canvas.place.is_here(&link.target))
        .max_by_key(|(_, link)| canvas.place.address(&link.target).href.matches('=').count())
        .map(|(index, _)| index);
    html! {
        nav class="tabs" aria-label=(canvas.texts.say("tabs-label")) {
            ul {
                @for (index, link) in links.iter().enumerate() {
                    @let address = canvas.place.address(&link.target);
                    li {
                        a href=(address.href) class=[address.leaves.then_some("leaves")]
                            aria-current=[(here == Some(index)).then_some("page")] { (link.text) }
                    }
                }
            }
        }
    }
}
