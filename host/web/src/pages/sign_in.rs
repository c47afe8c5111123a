//! Signing in and out. Nothing here tells which names exist: the same words, and the same time, whether a
//! name is unknown, the password wrong or the account closed.

use axum::extract::{RawQuery, Request, State};
use axum::http::{StatusCode, header};
use axum::response::Response;
use dinh_services::accounts::{Password, SessionKind, SignIn, SignInError, SignedIn};
use maud::{Markup, html};

use crate::app::App;
use crate::body;
use crate::place::{local, parse_query, query};
use crate::plugin::resume;
use crate::problem::{Kind, Problem};
use crate::respond::{self, SIGN_OUT, see_other};
use crate::visitor::{Visitor, Wants, cookie_name, set_cookie};

/// Most bytes of what somebody filled in that is carried through a sign-in.
pub const RESUME_BYTES: usize = 256 << 10;

/// What the page shows besides its fields.
#[derive(Clone, Copy, Default)]
pub struct Shown<'a> {
    /// Where to go afterwards.
    pub next: Option<&'a str>,
    /// Why somebody who was signed in sees the page.
    pub why: Option<&'static str>,
    /// Why signing in failed.
    pub wrong: Option<&'a str>,
    /// The name that was typed.
    pub account: &'a str,
    /// What was filled in when the session was over: a urlencoded body.
    pub resume: Option<&'a str>,
    /// The password was right: a code is asked for, and this comes back with it.
    pub ticket: Option<&'a str>,
}

/// What came of a name and a password.
pub enum Opened {
    /// A session.
    Session(Box<SignedIn>),
    /// A code of the second factor is needed; the ticket comes back with it.
    NeedsCode(String),
}

/// `GET /sign-in`
pub async fn form(State(app): State<App>, visitor: Visitor, RawQuery(query): RawQuery) -> Response {
    let query = parse_query(query.as_deref().unwrap_or_default());
    let value = |name: &str| query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    let next = value("next").and_then(local);
    if visitor.session.is_some() {
        return see_other(&crate::place::ascii(next.unwrap_or("/")));
    }
    let why = match value("why") {
        Some("ended") => Some("sign-in-ended"),
        Some("needed") => Some("sign-in-needed"),
        Some("out") => Some("sign-in-signed-out"),
        _ => None,
    };
    page(&app, &visitor, &Shown { next, why, ..Shown::default() })
}

/// The page.
pub fn page(app: &App, visitor: &Visitor, shown: &Shown<'_>) -> Response {
    let texts = visitor.texts();
    let content = html! {
        div class="signin" {
            @if let Some(why) = shown.why {
                div class="notice info page-notice" role="status" {
                    span class="sign" aria-hidden="true" { "i" }
                    div { p { (texts.say(why)) } @if shown.resume.is_some() { p { (texts.say("sign-in-resume")) } } }
                }
            }
            @if let Some(wrong) = shown.wrong {
                div class="error-summary" role="alert" tabindex="-1" autofocus { h2 { (wrong) } }
            }
            div class="card" {
                h1 { (texts.say("sign-in-title")) }
                @match shown.ticket {
                    Some(ticket) => (code_fields(visitor, shown, ticket)),
                    None => (fields(visitor, shown)),
                }
            }
            p class="muted small" { (texts.say("sign-in-help")) }
        }
    };
    respond::page(app, visitor, &texts.say("sign-in-title"), None, &content)
}

fn fields(visitor: &Visitor, shown: &Shown<'_>) -> Markup {
    let texts = visitor.texts();
    html! {
        form method="post" action="/sign-in" data-form {
            (carried_on(shown))
            div class="fields" {
                div class="field" {
                    label for="account" { (texts.say("sign-in-account")) }
                    input type="text" id="account" name="account" value=(shown.account) autocomplete="username"
                        autocapitalize="none" spellcheck="false" required maxlength="100" autofocus[shown.wrong.is_none()];
                }
                div class="field" {
                    label for="password" { (texts.say("sign-in-password")) }
                    input type="password" id="password" name="password" autocomplete="current-password" required maxlength="1000";
                }
            }
            div class="buttons" { button class="btn primary" { (texts.say("sign-in-submit")) } }
        }
    }
}

/// The second step: one field, and what it takes to go on where the first step began.
fn code_fields(visitor: &Visitor, shown: &Shown<'_>, ticket: &str) -> Markup {
    let texts = visitor.texts();
    html! {
        form method="post" action="/sign-in/code" data-form {
            (carried_on(shown))
            input type="hidden" name="ticket" value=(ticket);
            div class="fields" {
                div class="field" {
                    label for="code" { (texts.say("sign-in-code")) }
                    input type="text" id="code" name="code" autocomplete="one-time-code" autocapitalize="none"
                        spellcheck="false" required maxlength="100" aria-describedby="code-help" autofocus[shown.wrong.is_none()];
                    span class="hint" id="code-help" { (texts.say("sign-in-code-help")) }
                }
            }
            div class="buttons" {
                button class="btn primary" { (texts.say("sign-in-submit")) }
                a class="btn link" href="/sign-in" { (texts.say("form-cancel")) }
            }
        }
    }
}

fn carried_on(shown: &Shown<'_>) -> Markup {
    html! {
        @if let Some(next) = shown.next { input type="hidden" name="next" value=(next); }
        @if let Some(resume) = shown.resume { input type="hidden" name="resume" value=(resume); }
    }
}

/// Checks name and password, off the threads that answer requests: a password hash takes its time.
pub async fn open(app: &App, visitor: &Visitor, sign_in: SignIn) -> Result<Opened, Problem> {
    let platform = app.platform.clone();
    let opened = tokio::task::spawn_blocking(move || platform.sign_in(&sign_in)).await;
    match opened.map_err(|error| Problem::internal(&error))? {
        Ok(signed_in) => Ok(Opened::Session(Box::new(signed_in))),
        Err(SignInError::SecondFactor { ticket }) => Ok(Opened::NeedsCode(ticket)),
        Err(error) => Err(refused(error, visitor)),
    }
}

fn refused(error: SignInError, visitor: &Visitor) -> Problem {
    let text = error.text(visitor.language);
    match error {
        SignInError::Refused | SignInError::Expired | SignInError::WrongCode | SignInError::TooLate => {
            Problem::with(Kind::Refused, text)
        }
        SignInError::SecondFactor { .. } => Kind::SecondFactor.into(),
        SignInError::Locked { .. } => Problem::with(Kind::Locked, text),
        SignInError::Throttled { retry_after } => {
            Problem { retry_after: Some(retry_after.as_secs()), ..Problem::with(Kind::Throttled, text) }
        }
        SignInError::Service(error) => Problem::service(&error, visitor.language),
    }
}

/// The fields of a sign-in form.
async fn sent(app: &App, visitor: &Visitor, request: Request) -> Result<Vec<(String, String)>, Problem> {
    // There is no session yet whose token could be asked for; what the browser says must do.
    if !visitor.same_origin {
        return Err(Kind::Forged.into());
    }
    if body::kind(request.headers()) != "application/x-www-form-urlencoded" {
        return Err(Kind::Media.into());
    }
    let bytes = body::read(request.into_body(), RESUME_BYTES * 4, app.options.form_time).await?;
    body::fields(&bytes, &app.options)
}

fn value<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

/// Where a sign-in form came from and goes on to.
fn onward(pairs: &[(String, String)]) -> Shown<'_> {
    Shown {
        next: value(pairs, "next").and_then(local),
        resume: value(pairs, "resume").filter(|text| text.len() <= RESUME_BYTES),
        account: value(pairs, "account").unwrap_or_default(),
        ..Shown::default()
    }
}

/// `POST /sign-in`
pub async fn submit(State(app): State<App>, visitor: Visitor, request: Request) -> Result<Response, Problem> {
    let pairs = sent(&app, &visitor, request).await?;
    let shown = onward(&pairs);
    let sign_in = SignIn {
        login: shown.account.to_owned(),
        password: Password::new(value(&pairs, "password").unwrap_or_default()),
        address: visitor.address,
        kind: SessionKind::Page,
        otp: None,
    };
    match open(&app, &visitor, sign_in).await {
        Ok(Opened::Session(signed_in)) => enter(&app, &visitor, &shown, &signed_in).await,
        Ok(Opened::NeedsCode(ticket)) if visitor.wants == Wants::Html => {
            Ok(page(&app, &visitor, &Shown { ticket: Some(&ticket), ..shown }))
        }
        Ok(Opened::NeedsCode(_)) => Err(Kind::SecondFactor.into()),
        Err(problem) => again(&app, &visitor, shown, problem),
    }
}

/// `POST /sign-in/code`: the second step.
pub async fn submit_code(
    State(app): State<App>,
    visitor: Visitor,
    request: Request,
) -> Result<Response, Problem> {
    let pairs = sent(&app, &visitor, request).await?;
    let shown = onward(&pairs);
    let platform = app.platform.clone();
    let (ticket, address) = (value(&pairs, "ticket").unwrap_or_default().to_owned(), visitor.address);
    let (asked, code) = (ticket.clone(), value(&pairs, "code").unwrap_or_default().to_owned());
    let opened = tokio::task::spawn_blocking(move || platform.sign_in_second(&asked, &code, address)).await;
    match opened.map_err(|error| Problem::internal(&error))? {
        Ok(signed_in) => enter(&app, &visitor, &shown, &signed_in).await,
        Err(error) => {
            // After a wrong code another may be tried; otherwise the sign-in begins again.
            let ticket = matches!(error, SignInError::WrongCode).then_some(ticket.as_str());
            again(&app, &visitor, Shown { ticket, ..shown }, refused(error, &visitor))
        }
    }
}

/// The page again, with what went wrong.
fn again(app: &App, visitor: &Visitor, shown: Shown<'_>, problem: Problem) -> Result<Response, Problem> {
    if visitor.wants != Wants::Html || problem.kind == Kind::Internal {
        return Err(problem);
    }
    let text = problem.text(visitor.texts());
    let mut response = page(app, visitor, &Shown { wrong: Some(&text), ..shown });
    *response.status_mut() = problem.kind.status();
    if let Some(seconds) = problem.retry_after {
        response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    Ok(response)
}

/// Goes on where the sign-in began, with a session.
async fn enter(
    app: &App,
    visitor: &Visitor,
    shown: &Shown<'_>,
    signed_in: &SignedIn,
) -> Result<Response, Problem> {
    // A session that was shown with the request is over: one browser, one session.
    if let Some(token) = visitor.token.as_ref().filter(|_| visitor.session.is_some()) {
        app.platform.sign_out(token).map_err(|error| Problem::service(&error, visitor.language))?;
    }
    let mut response = match (shown.resume, shown.next) {
        (Some(resume), Some(next)) => {
            let session = Some(std::sync::Arc::new(signed_in.session.clone()));
            let visitor = Visitor { session, here: next.to_owned(), ..visitor.clone() };
            resume::resume(app, &visitor, next, resume).await
        }
        (_, next) => see_other(&crate::place::ascii(next.unwrap_or("/"))),
    };
    if let Some(cookie) = set_cookie(cookie_name(visitor.secure), &signed_in.token, visitor.secure, None) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// `POST /sign-out`
pub async fn sign_out(
    State(app): State<App>,
    visitor: Visitor,
    request: Request,
) -> Result<Response, Problem> {
    let bytes = body::read(request.into_body(), 16 << 10, app.options.form_time).await?;
    let pairs = body::fields(&bytes, &app.options)?;
    if visitor.session.is_some() {
        let token = pairs.iter().find(|(name, _)| name == "csrf").map(|(_, token)| token.as_str());
        visitor.require_token(SIGN_OUT, token)?;
        if let Some(token) = &visitor.token {
            app.platform.sign_out(token).map_err(|error| Problem::service(&error, visitor.language))?;
        }
    }
    let mut response = see_other(&format!("/sign-in{}", query([("why", "out")])));
    if let Some(cookie) = set_cookie(cookie_name(visitor.secure), "", visitor.secure, Some(0)) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    debug_assert_eq!(response.status(), StatusCode::SEE_OTHER);
    Ok(response)
}
