//! Changing one's own password: always possible, and asked for at the first sign-in with a password that
//! somebody else set.

use axum::extract::{Request, State};
use axum::response::Response;
use dinh_runtime::bindings::views::{Notice, Tone};
use dinh_services::accounts::{self, Password};
use maud::{Markup, html};
use serde_json::json;

use crate::app::App;
use crate::body;
use crate::form::Problem as Wrong;
use crate::messages::Texts;
use crate::problem::{Kind, Problem};
use crate::respond::{self, see_other};
use crate::visitor::{Visitor, Wants};

const PURPOSE: &str = "account/password";
const FIELDS: [(&str, &str, &str); 3] = [
    ("current", "password-current", "current-password"),
    ("new", "password-new", "new-password"),
    ("again", "password-again", "new-password"),
];

/// `GET /account/password`
pub async fn form(State(app): State<App>, visitor: Visitor) -> Result<Response, Problem> {
    visitor.signed_in()?;
    Ok(page(&app, &visitor, &[]))
}

fn page(app: &App, visitor: &Visitor, problems: &[Wrong]) -> Response {
    let texts = visitor.texts();
    let first = visitor.session.as_ref().is_some_and(|session| session.account.must_change_password);
    let content = html! {
        div class="narrow-page" {
            h1 { (texts.say("password-title")) }
            @if first {
                div class="notice warning page-notice" role="status" {
                    span class="sign" aria-hidden="true" { "!" } div { p { (texts.say("password-first")) } }
                }
            }
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
            form class="form-card" method="post" action="/account/password" novalidate data-form {
                @if let Some(guard) = visitor.guard() { input type="hidden" name="csrf" value=(guard.token(PURPOSE)); }
                // For password managers.
                @if let Some(session) = &visitor.session {
                    input type="text" name="username" value=(session.account.login) autocomplete="username" hidden;
                }
                div class="fields" { @for (name, label, complete) in FIELDS { (field(texts, name, label, complete, problems)) } }
                div class="buttons" {
                    button class="btn primary" { (texts.say("password-submit")) }
                    @if !first { a class="btn link" href="/account" { (texts.say("form-cancel")) } }
                }
            }
        }
    };
    respond::page(app, visitor, &texts.say("password-title"), None, &content)
}

fn field(texts: Texts, name: &str, label: &str, complete: &str, problems: &[Wrong]) -> Markup {
    let wrong: Vec<_> = problems.iter().filter(|problem| problem.name.as_deref() == Some(name)).collect();
    let help = (name == "new").then(|| format!("{name}-help"));
    let described = help.iter().cloned().chain((!wrong.is_empty()).then(|| format!("{name}-wrong")));
    let described = described.collect::<Vec<_>>().join(" ");
    html! {
        div class={ "field" @if !wrong.is_empty() { " has-error" } } {
            label for=(name) { (texts.say(label)) }
            @if !wrong.is_empty() {
                span class="wrong" id={ (name) "-wrong" } { @for one in &wrong { (one.message) " " } }
            }
            input type="password" id=(name) name=(name) autocomplete=(complete) maxlength="1000"
                aria-invalid=[(!wrong.is_empty()).then_some("true")]
                aria-describedby=[(!described.is_empty()).then_some(&described)];
            @if let Some(help) = &help { span class="hint" id=(help) { (texts.say("password-new-help")) } }
        }
    }
}

/// `POST /account/password`
pub async fn submit(State(app): State<App>, visitor: Visitor, request: Request) -> Result<Response, Problem> {
    let session = visitor.signed_in()?.clone();
    let texts = visitor.texts();
    let json = body::kind(request.headers()) == "application/json";
    let bytes = body::read(request.into_body(), 16 << 10, app.options.form_time).await?;
    let pairs = if json {
        let fields: std::collections::BTreeMap<String, String> =
            serde_json::from_slice(&bytes).map_err(|_| Kind::BadRequest)?;
        fields.into_iter().collect()
    } else {
        body::fields(&bytes, &app.options)?
    };
    let value =
        |name: &str| pairs.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str());
    visitor.require_token(PURPOSE, Some(value("csrf")))?;
    let wrong = |name: &str, key: &str| Wrong { name: Some(name.to_owned()), message: texts.say(key) };
    let mut problems = Vec::new();
    if value("current").is_empty() {
        problems.push(wrong("current", "password-current-missing"));
    }
    if value("new").is_empty() {
        problems.push(wrong("new", "password-new-missing"));
    } else if let Err(fault) =
        Password::new(value("new")).check(&session.account.login, &session.account.full_name)
    {
        problems.push(Wrong { name: Some("new".to_owned()), message: fault.text(visitor.language) });
    } else if !json && value("new") != value("again") {
        problems.push(wrong("again", "password-differs"));
    }
    if problems.is_empty() {
        let (platform, language) = (app.platform.clone(), visitor.language);
        let origin = app.platform.origin(visitor.actor(), language);
        let (current, new) = (Password::new(value("current")), Password::new(value("new")));
        let kept = session.clone();
        let changed = tokio::task::spawn_blocking(move || {
            accounts::change_password(&platform, &origin, Some(&kept), &current, &new)
        });
        match changed.await.map_err(|error| Problem::internal(&error))? {
            Ok(()) => return Ok(done(&visitor)),
            // What is left to be wrong: the current password, or a new one that is the same.
            Err(error @ dinh_services::ServiceError::Invalid(_)) => {
                let name = if value("new") == value("current") { "new" } else { "current" };
                problems.push(Wrong { name: Some(name.to_owned()), message: error.text(language) });
            }
            Err(error) => return Err(Problem::service(&error, language)),
        }
    }
    if visitor.wants == Wants::Json {
        return Err(Problem { problems, ..Kind::Invalid.into() });
    }
    let mut response = page(&app, &visitor, &problems);
    *response.status_mut() = Kind::Invalid.status();
    Ok(response)
}

fn done(visitor: &Visitor) -> Response {
    let texts = visitor.texts();
    if visitor.wants == Wants::Json {
        return respond::json(&json!({ "changed": true }));
    }
    let first = visitor.session.as_ref().is_some_and(|session| session.account.must_change_password);
    let mut response = see_other(if first { "/" } else { "/account" });
    let notice =
        Notice { tone: Tone::Good, title: texts.say("password-done"), text: texts.say("password-done-text") };
    respond::carry(&mut response, visitor, &notice);
    response
}
