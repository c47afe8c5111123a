//! What the pages of one's own account have in common: their tabs, their fields, how what is wrong is told.

use axum::http::HeaderMap;
use axum::response::Response;
use dinh_runtime::bindings::views::{Notice, Tone};
use dinh_services::ServiceError;
use maud::{Markup, html};

use crate::app::App;
use crate::form::Problem as Wrong;
use crate::messages::Texts;
use crate::problem::{Kind, Problem};
use crate::respond;
use crate::visitor::{Visitor, Wants};

/// The pages, each with the key of its name.
const TABS: [(&str, &str); 6] = [
    ("/account", "account-tab-self"),
    ("/account/sessions", "account-tab-sessions"),
    ("/account/tokens", "account-tab-tokens"),
    ("/account/second-factor", "account-tab-factor"),
    ("/account/acting", "account-tab-acting"),
    ("/account/history", "account-tab-history"),
];

/// A page of one's own account at `path`.
pub fn page(app: &App, visitor: &Visitor, headers: &HeaderMap, path: &str, content: &Markup) -> Response {
    let texts = visitor.texts();
    let notice = respond::carried(visitor, headers);
    // Whoever has to enrol a second factor first can go nowhere else.
    let bound = visitor.session.as_ref().is_some_and(|session| session.must_enrol);
    let content = html! {
        (respond::notice(notice.as_ref()))
        div class="page-head" {
            div { h1 { (texts.say("account-title")) } }
            @if !bound {
                ul class="actions" { li { a class="btn secondary" href="/account/password" { (texts.say("account-change")) } } }
            }
        }
        @if !bound {
            nav class="tabs" aria-label=(texts.say("tabs-label")) {
                ul {
                    @for (href, key) in TABS {
                        li { a href=(href) aria-current=[(href == path).then_some("page")] { (texts.say(key)) } }
                    }
                }
            }
        }
        (content)
    };
    let mut response = respond::page(app, visitor, &texts.say("account-title"), None, &content);
    if notice.is_some() {
        respond::said(&mut response, visitor);
    }
    response
}

/// The token of a form for `purpose`.
pub fn token(visitor: &Visitor, purpose: &str) -> Markup {
    html! {
        @if let Some(guard) = visitor.guard() { input type="hidden" name="csrf" value=(guard.token(purpose)); }
    }
}

/// What is wrong with a form, above it.
pub fn problems(texts: Texts, problems: &[Wrong]) -> Markup {
    html! {
        @if !problems.is_empty() {
            div class="error-summary" role="alert" tabindex="-1" autofocus aria-labelledby="error.summary" {
                h2 id="error.summary" { (texts.say("form-problems")) }
                ul {
                    @for problem in problems {
                        li {
                            @match &problem.name {
                                Some(name) => { a href={ "#" (name) } { (problem.message) } }
                                None => { (problem.message) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// A field of a form: its name, the kind of its input, its label, what browsers fill in.
pub struct Field<'a> {
    /// Its name, and its id.
    pub name: &'a str,
    /// `text`, `password`, `date`.
    pub kind: &'a str,
    /// What stands above it.
    pub label: String,
    /// What helps to fill it in.
    pub help: Option<String>,
    /// `autocomplete`.
    pub complete: &'a str,
    /// What it holds.
    pub value: &'a str,
}

impl Field<'_> {
    /// The password that whoever is signed in confirms a deed with.
    pub fn password(texts: Texts, help: Option<&str>) -> Self {
        let (label, help) = (texts.say("password-current"), help.map(|key| texts.say(key)));
        Self { name: "password", kind: "password", label, help, complete: "current-password", value: "" }
    }

    /// The code of their phone.
    pub fn code(texts: Texts) -> Self {
        let label = texts.say("factor-code");
        Self { name: "code", kind: "text", label, help: None, complete: "one-time-code", value: "" }
    }

    /// Draws it, with what is wrong with it.
    pub fn draw(&self, problems: &[Wrong]) -> Markup {
        let wrong: Vec<_> = problems.iter().filter(|one| one.name.as_deref() == Some(self.name)).collect();
        let help = self.help.as_ref().map(|_| format!("{}-help", self.name));
        let error = (!wrong.is_empty()).then(|| format!("{}-wrong", self.name));
        let described =
            [error.as_deref(), help.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" ");
        html! {
            div class={ "field" @if !wrong.is_empty() { " has-error" } } {
                label for=(self.name) { (self.label) }
                @if let Some(error) = &error {
                    span class="wrong" id=(error) { @for one in &wrong { (one.message) " " } }
                }
                input type=(self.kind) id=(self.name) name=(self.name) autocomplete=(self.complete) maxlength="1000"
                    value=[(!self.value.is_empty()).then_some(self.value)]
                    aria-invalid=[error.is_some().then_some("true")]
                    aria-describedby=[(!described.is_empty()).then_some(&described)];
                @if let (Some(id), Some(text)) = (&help, &self.help) { span class="hint" id=(id) { (text) } }
            }
        }
    }
}

/// What is wrong with the input of a field, or with all of it.
pub fn wrong(name: Option<&str>, message: impl Into<String>) -> Wrong {
    Wrong { name: name.map(str::to_owned), message: message.into() }
}

/// What a service said of what was sent: words for the form when that is wrong, else the problem.
pub fn refused(visitor: &Visitor, error: &ServiceError) -> Result<Wrong, Problem> {
    match error {
        ServiceError::Invalid(_) => Ok(wrong(None, error.text(visitor.language))),
        other => Err(Problem::service(other, visitor.language)),
    }
}

/// What was sent is not right: as JSON for a program, or the page again, or another that is there now.
pub fn invalid(
    visitor: &Visitor,
    problems: Vec<Wrong>,
    page: impl FnOnce(&[Wrong]) -> Result<Response, Problem>,
) -> Result<Response, Problem> {
    if visitor.wants == Wants::Json {
        return Err(Problem { problems, ..Kind::Invalid.into() });
    }
    let mut response = page(&problems)?;
    if response.status().is_success() {
        *response.status_mut() = Kind::Invalid.status();
    }
    Ok(response)
}

/// On to `path`, which says what was done.
pub fn done(visitor: &Visitor, path: &str, title: &str) -> Response {
    let mut response = respond::see_other(path);
    let title = visitor.texts().say(title);
    respond::carry(&mut response, visitor, &Notice { tone: Tone::Good, title, text: String::new() });
    response
}

/// A table: the keys of its heads, that of what is done to a row if anything is, and its rows.
pub fn table(texts: Texts, title: &str, heads: &[&str], deed: Option<&str>, rows: &Markup) -> Markup {
    html! {
        div class="table-block" {
            div class="scroll" role="region" tabindex="0" aria-label=(texts.say(title)) {
                table {
                    thead { tr {
                        @for key in heads { th scope="col" { (texts.say(key)) } }
                        @if let Some(deed) = deed { th scope="col" { span class="sr" { (texts.say(deed)) } } }
                    } }
                    tbody { (rows) }
                }
            }
        }
    }
}
