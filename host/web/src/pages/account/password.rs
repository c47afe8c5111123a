//! Changing one's own password: always possible, and asked for at the first sign-in with a password that
//! somebody else set.

use axum::extract::{Request, State};
use axum::response::Response;
use dinh_runtime::bindings::views::{Notice, Tone};
use dinh_services::ServiceError;
use dinh_services::accounts::{self, Password};
use maud::html;
use serde_json::json;

use super::frame::{self, Field, wrong};
use super::sent::Sent;
use crate::app::App;
use crate::form::Problem as Wrong;
use crate::pages::call;
use crate::problem::Problem;
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

/// Until when the password that somebody else set is accepted: whoever puts it off should know.
fn accepted(app: &App, visitor: &Visitor) -> Option<String> {
    let account = visitor.session.as_ref().map(|session| session.account.clone())?;
    let found = call::read(app, visitor, |call| accounts::temporary_password(call, &account));
    let until = found.ok().flatten()?.until?;
    let until = crate::format::instant(until);
    Some(visitor.texts().with("password-temporary-help", &[("until", &until)]))
}

fn page(app: &App, visitor: &Visitor, problems: &[Wrong]) -> Response {
    let texts = visitor.texts();
    let first = visitor.session.as_ref().is_some_and(|session| session.account.must_change_password);
    let shortest = app.platform.options().password_length.to_string();
    let field = |(name, label, complete): (&'static str, &'static str, &'static str)| Field {
        name,
        kind: "password",
        label: texts.say(if first && name == "current" { "password-temporary" } else { label }),
        help: match name {
            "new" => Some(texts.with("password-new-help", &[("shortest", &shortest)])),
            "current" if first => accepted(app, visitor),
            _ => None,
        },
        complete,
        value: "",
    };
    let content = html! {
        div class="narrow-page" {
            h1 { (texts.say("password-title")) }
            @if first {
                div class="notice warning page-notice" role="status" {
                    span class="sign" aria-hidden="true" { "!" } div { p { (texts.say("password-first")) } }
                }
            }
            (frame::problems(texts, problems))
            form class="form-card" method="post" action="/account/password" novalidate data-form {
                (frame::token(visitor, PURPOSE))
                // For password managers.
                @if let Some(session) = &visitor.session {
                    input type="text" name="username" value=(session.account.login) autocomplete="username" hidden;
                }
                div class="fields" { @for one in FIELDS { (field(one).draw(problems)) } }
                div class="buttons" {
                    button class="btn primary" { (texts.say("password-submit")) }
                    @if !first { a class="btn link" href="/account" { (texts.say("form-cancel")) } }
                }
            }
        }
    };
    respond::page(app, visitor, &texts.say("password-title"), None, &content)
}

/// What came of changing it.
enum Changed {
    Done,
    /// The new one is not good enough.
    NotGood(ServiceError),
    /// The current one is wrong, or the new one is the same.
    Refused(ServiceError),
}

/// `POST /account/password`
pub async fn submit(State(app): State<App>, visitor: Visitor, request: Request) -> Result<Response, Problem> {
    let session = visitor.signed_in()?.clone();
    let texts = visitor.texts();
    let sent = Sent::read(&app, &visitor, PURPOSE, request).await?;
    let value = |name: &str| sent.value(name);
    let missing = |name: &str, key: &str| wrong(Some(name), texts.say(key));
    let mut problems = Vec::new();
    if value("current").is_empty() {
        problems.push(missing("current", "password-current-missing"));
    }
    if value("new").is_empty() {
        problems.push(missing("new", "password-new-missing"));
    } else if !sent.json && value("new") != value("again") {
        problems.push(missing("again", "password-differs"));
    }
    let (platform, origin) = (app.platform.clone(), visitor.origin(&app));
    let (current, new) = (Password::new(value("current")), Password::new(value("new")));
    let right = problems.is_empty();
    let judged = !value("new").is_empty();
    let changed = call::blocking(move || -> Result<Changed, ServiceError> {
        let good = accounts::check_password(&platform.begin(&origin)?, &session.account, &new);
        match good {
            Err(error @ ServiceError::Invalid(_)) => return Ok(Changed::NotGood(error)),
            other => other?,
        }
        if !right {
            return Ok(Changed::Done);
        }
        match accounts::change_password(&platform, &origin, Some(&session), &current, &new) {
            Err(error @ ServiceError::Invalid(_)) => Ok(Changed::Refused(error)),
            other => other.map(|()| Changed::Done),
        }
    });
    match changed.await?.map_err(|error| Problem::service(&error, visitor.language))? {
        Changed::Done if right => return Ok(done(&visitor)),
        Changed::Done => {}
        Changed::NotGood(error) if judged => problems.push(wrong(Some("new"), error.text(visitor.language))),
        Changed::NotGood(_) => {}
        Changed::Refused(error) => {
            let name = if value("new") == value("current") { "new" } else { "current" };
            problems.push(wrong(Some(name), error.text(visitor.language)));
        }
    }
    frame::invalid(&visitor, problems, |problems| Ok(page(&app, &visitor, problems)))
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
