//! Views drawn as HTML: one file for each block.
//!
//! Drawing is a function of the view and of a [`Canvas`]: it reads no clock, no session, no request. What
//! came from a plugin only ever becomes text and attribute values; addresses are made by
//! [`Place`](crate::place::Place), classes from closed sets.

pub mod actions;
mod attached;
pub mod chart;
pub mod confirm;
mod control;
pub mod documents;
pub mod facts;
pub mod field;
pub mod filters;
pub mod form;
pub mod grid;
pub mod heads;
#[cfg(test)]
mod hostile_tests;
pub mod import;
pub mod metrics;
pub mod page;
pub mod picker;
pub mod progress;
pub mod steps;
pub mod table;
pub mod tabs;
#[cfg(test)]
mod tests;
pub mod text;
pub mod timeline;
pub mod value;

use dinh_model::{Date, Label};
use dinh_runtime::bindings::views::{Target, Tone};
use dinh_services::sheets::Sheet;
use maud::{Markup, html};

use crate::directory::Directory;
use crate::form::Filled;
use crate::format::Formats;
use crate::guard::{Guard, nonce};
use crate::messages::Texts;
use crate::place::Place;

pub use page::page;

/// The spreadsheet at hand when a page is drawn.
#[derive(Clone, Copy, Debug)]
pub struct SheetAtHand<'a> {
    /// Identifies the upload when the confirmation comes back.
    pub id: &'a str,
    /// The import block it was uploaded into.
    pub block: &'a str,
    /// What is in it.
    pub sheet: &'a Sheet,
}

/// A file that could not be read as a sheet, or that could not be kept.
#[derive(Clone, Debug)]
pub struct Unreadable {
    /// The import block it was uploaded into.
    pub block: String,
    /// What is wrong and what to do about it, in the reader's language.
    pub text: String,
}

/// What drawing needs besides the view.
pub struct Canvas<'a> {
    /// The host's words.
    pub texts: Texts,
    /// How numbers look.
    pub formats: Formats,
    /// Where the page is.
    pub place: Place<'a>,
    /// Names behind identifiers.
    pub directory: &'a dyn Directory,
    /// Makes the tokens of forms; none for the public, whose pages have forms that cannot be sent.
    pub guard: Option<&'a Guard>,
    /// What forms carry to say whose they are.
    pub whose: Option<&'a str>,
    /// A form that came back and is shown again.
    pub filled: Option<&'a Filled>,
    /// The spreadsheet at hand.
    pub sheet: Option<SheetAtHand<'a>>,
    /// A spreadsheet that could not be read.
    pub unreadable: Option<&'a Unreadable>,
    /// How confidential the page is, after everything the call has read.
    pub label: Label,
    /// The day, for pickers of codes.
    pub today: Date,
    /// The forms in which the page can be printed, by name and title, besides the one that every page has; none where
    /// nothing is printed.
    pub prints: Option<Vec<(String, String)>>,
    /// Most bytes of an attached file, whatever a field takes.
    pub largest_file: u64,
}

impl Canvas<'_> {
    /// A link, marked when it leaves the platform.
    pub fn link(&self, target: &Target, text: &str) -> Markup {
        let address = self.place.address(target);
        html! {
            @if address.leaves {
                a href=(address.href) class="leaves" rel="noopener noreferrer external" {
                    (text) span class="sr" { " " (self.texts.say("link-leaves")) }
                }
            } @else {
                a href=(address.href) { (text) }
            }
        }
    }

    /// Text, as a link where there is a target.
    pub fn linked(&self, target: Option<&Target>, text: &str) -> Markup {
        match target {
            Some(target) => self.link(target, text),
            None => html! { (text) },
        }
    }

    /// The purpose of the forms of this plugin, which their tokens are made for.
    pub fn purpose(&self) -> String {
        purpose(self.place.plugin.as_str())
    }

    /// The hidden fields of every form: which one it is, whose, the token, the nonce.
    pub fn hidden(&self, form: Option<&str>) -> Markup {
        // Without a source of randomness there is no nonce, and so no protection against repetition: the
        // form is refused when it comes back, which is the safe side.
        let once = nonce().unwrap_or_default();
        html! {
            @if let Some(form) = form { input type="hidden" name="form" value=(form); }
            @if let Some(guard) = self.guard {
                input type="hidden" name="csrf" value=(guard.token(&self.purpose()));
            }
            @if let Some(whose) = self.whose { input type="hidden" name="whose" value=(whose); }
            input type="hidden" name="once" value=(once);
        }
    }
}

/// What the token of a form of a plugin's page is made for.
pub fn purpose(plugin: &str) -> String {
    format!("apps/{plugin}")
}

/// The class of a tone.
pub fn tone(tone: Tone) -> &'static str {
    match tone {
        Tone::Neutral => "neutral",
        Tone::Info => "info",
        Tone::Good => "good",
        Tone::Warning => "warning",
        Tone::Bad => "bad",
    }
}

/// The sign of a tone: what it says without colour.
pub fn sign(tone: Tone) -> &'static str {
    match tone {
        Tone::Neutral => "•",
        Tone::Info => "i",
        Tone::Good => "✓",
        Tone::Warning => "!",
        Tone::Bad => "×",
    }
}

/// The class of a width in a grid of twelve columns; none leaves it to the stylesheet.
pub fn width(columns: u8) -> Option<&'static str> {
    const CLASSES: [&str; 12] =
        ["w-1", "w-2", "w-3", "w-4", "w-5", "w-6", "w-7", "w-8", "w-9", "w-10", "w-11", "w-12"];
    usize::from(columns).checked_sub(1).and_then(|index| CLASSES.get(index.min(11))).copied()
}
