//! The frame of every page: header, navigation, content, footer.

use dinh_model::Language;
use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::assets;
use crate::messages::Texts;
use crate::place::query;

/// What waits for the person.
pub const INBOX: &str = "/apps/dinh/inbox";
/// What they lend and borrow.
pub const DELEGATIONS: &str = "/apps/dinh/delegations";
/// Where they choose for whom they act.
pub const ACTING: &str = "/account/acting";

/// For whom somebody acts.
#[derive(Clone, Debug)]
pub struct Acting {
    /// Their name.
    pub name: String,
    /// What was lent can be used no longer.
    pub over: bool,
    /// The token of the form that stops it.
    pub stop: String,
}

/// Who is signed in, as the header shows it.
#[derive(Clone, Debug)]
pub struct Who {
    /// Full name.
    pub name: String,
    /// Sign-in name.
    pub login: String,
    /// Name of the unit.
    pub unit: String,
    /// The token of the form that signs out.
    pub sign_out: String,
    /// For whom they act, if they do not act for themselves.
    pub acting: Option<Acting>,
}

/// An entry of the navigation of an application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NavEntry {
    /// Its text.
    pub text: String,
    /// Its address.
    pub href: String,
    /// It leads to where the page is, or above it.
    pub current: bool,
}

/// The application a page belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Application {
    /// Its name.
    pub name: String,
    /// The address of its first page.
    pub href: String,
    /// Its menu, as far as the person may enter.
    pub menu: Vec<NavEntry>,
}

/// What the frame needs besides the content.
#[derive(Clone, Debug)]
pub struct Frame<'a> {
    /// The host's words.
    pub texts: Texts,
    /// The page's title.
    pub title: &'a str,
    /// Who is signed in.
    pub who: Option<&'a Who>,
    /// The application the page belongs to.
    pub application: Option<&'a Application>,
    /// The path and query of the page, to come back to when the language changes.
    pub here: &'a str,
}

/// The id of the content. Plugins name sections without a point, so none of theirs can be the same.
const MAIN: &str = "page.main";

/// A whole page.
pub fn page(frame: &Frame<'_>, content: &Markup) -> Markup {
    let texts = frame.texts;
    let title = match frame.application {
        Some(application) => {
            format!("{} – {} – {}", frame.title, application.name, texts.say("platform-name"))
        }
        None => format!("{} – {}", frame.title, texts.say("platform-name")),
    };
    html! {
        (DOCTYPE)
        html lang=(texts.language().as_str()) {
            head {
                meta charset="utf-8";
                title { (title) }
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="theme-color" content="#8c1d18";
                link rel="icon" type="image/svg+xml" href=(assets::address("emblem.svg"));
                link rel="stylesheet" href=(assets::address("style.css"));
                script src=(assets::address("script.js")) defer {}
            }
            body {
                a class="skip" href={ "#" (MAIN) } { (texts.say("shell-skip")) }
                (header(frame))
                @if let Some(acting) = frame.who.and_then(|who| who.acting.as_ref()) { (acting_bar(texts, acting)) }
                @if let Some(application) = frame.application { (appbar(texts, application)) }
                main id=(MAIN) class="wrap" tabindex="-1" { (content) }
                footer class="foot" {
                    div class="wrap" { p { (texts.say("shell-foot")) } p { (texts.say("shell-foot-evidence")) } }
                }
            }
        }
    }
}

/// The emblem: the roof of a village's communal house.
fn emblem() -> Markup {
    html! {
        svg viewBox="0 0 48 48" aria-hidden="true" focusable="false" {
            path class="roof" d="M24 5c-3 4-10 9.5-21 12.5 2.5 3.2 4.5 4.5 7 5V25h28v-2.5c2.5-.5 4.5-1.8 7-5C34 14.5 27 9 24 5Z" {}
            path class="edge" d="M7 26h34v2.6H7z" {}
            path class="roof" d="M10 30h4v10h-4zm8 0h4v10h-4zm8 0h4v10h-4zm8 0h4v10h-4z" {}
            path class="edge" d="M5 41.5h38V44H5z" {}
        }
    }
}

fn icon(path: &'static str) -> Markup {
    html! { svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false" { (PreEscaped(path)) } }
}

fn header(frame: &Frame<'_>) -> Markup {
    let texts = frame.texts;
    let (other, tag) = match texts.language() {
        Language::Vi => (Language::En, "en"),
        Language::En => (Language::Vi, "vi"),
    };
    let switch = format!("/language{}", query([("to", other.as_str()), ("back", frame.here)]));
    html! {
        header class="top" {
            div class="wrap" {
                a class="brand" href="/" {
                    (emblem())
                    span { b { (texts.say("platform-name")) } small { (texts.say("platform-tagline")) } }
                }
                nav class="tools" aria-label=(texts.say("shell-tools")) {
                    a href=(switch) lang=(tag) hreflang=(tag) { (texts.say("shell-other-language")) }
                    @if let Some(who) = frame.who {
                        a href="/" {
                            (icon(r#"<path d="M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h6v6h-6z"/>"#))
                            span class="long" { (texts.say("shell-apps")) } span class="sr short" { (texts.say("shell-apps")) }
                        }
                        (user_menu(texts, who))
                    }
                }
            }
        }
    }
}

fn user_menu(texts: Texts, who: &Who) -> Markup {
    html! {
        details class="menu" {
            summary {
                (icon(r#"<circle cx="12" cy="8" r="4"/><path d="M4 21c1-5 4-7 8-7s7 2 8 7"/>"#))
                span class="long" { (who.name) } span class="sr short" { (who.name) }
            }
            div class="menu-items" {
                div class="who" { b { (who.name) } small { (who.unit) } }
                a href="/account" { (texts.say("shell-account")) }
                a href=(INBOX) { (texts.say("shell-inbox")) }
                a href=(DELEGATIONS) { (texts.say("shell-delegations")) }
                form method="post" action="/sign-out" {
                    input type="hidden" name="csrf" value=(who.sign_out);
                    button { (texts.say("shell-sign-out")) }
                }
            }
        }
    }
}

/// Says on every page for whom what is done there is done.
fn acting_bar(texts: Texts, acting: &Acting) -> Markup {
    html! {
        div class={ "acting" @if acting.over { " over" } } role="status" {
            div class="wrap" {
                span {
                    (texts.say("acting-now")) " " b { (acting.name) }
                    @if acting.over { ". " (texts.say("acting-over")) }
                }
                form method="post" action=(ACTING) {
                    input type="hidden" name="csrf" value=(acting.stop);
                    button class="btn secondary" { (texts.say("acting-stop")) }
                }
            }
        }
    }
}

fn appbar(texts: Texts, application: &Application) -> Markup {
    html! {
        nav class="appbar" aria-label=(texts.say("shell-menu")) {
            div class="wrap" {
                b { a href=(application.href) { (application.name) } }
                @if application.menu.len() > 1 {
                    ul {
                        @for entry in &application.menu {
                            li { a href=(entry.href) aria-current=[entry.current.then_some("page")] { (entry.text) } }
                        }
                    }
                }
            }
        }
    }
}
