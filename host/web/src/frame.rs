//! What surrounds every request: who asks, what may be sent, how problems look, headers, figures.

use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::header::{self, HeaderName};
use axum::http::{HeaderValue, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::app::{App, Options};
use crate::place::query;
use crate::problem::{Kind, Problem};
use crate::respond;
use crate::visitor::{Visitor, Wants, is_unsafe};

/// Pages that somebody may see before they have changed a password that another person set.
const BEFORE_PASSWORD: [&str; 4] = ["/account/password", "/sign-out", "/language", "/sign-in"];
/// Pages that somebody may see before they have enrolled a second factor that their role needs.
const BEFORE_FACTOR: [&str; 4] = ["/account/second-factor", "/sign-out", "/language", "/sign-in"];

/// The platform's own pages.
const ADMINISTRATION: &str = "/apps/dinh";

/// Runs a request in its frame.
pub async fn frame(State(app): State<App>, request: Request, next: Next) -> Response {
    let asked = Asked::of(&request);
    let mut response = answer(&app, request, next).await;
    // The same address is a page for one and JSON for another.
    response.headers_mut().append(header::VARY, HeaderValue::from_static("accept, cookie, authorization"));
    asked.answered(&app, response)
}

/// Runs a request for what is the same for everybody. Nobody's session is looked up, so that nothing about it
/// can stand between a page and its looks, and nothing kept for one is kept from another.
pub async fn for_everybody(State(app): State<App>, request: Request, next: Next) -> Response {
    let asked = Asked::of(&request);
    let response = next.run(request).await;
    asked.answered(&app, response)
}

/// A request as the figures know it.
struct Asked {
    began: Instant,
    method: &'static str,
    route: String,
}

impl Asked {
    fn of(request: &Request) -> Self {
        let route = request.extensions().get::<MatchedPath>();
        Self {
            began: Instant::now(),
            method: method_name(request.method()),
            route: route.map_or_else(|| "none".to_owned(), |path| path.as_str().to_owned()),
        }
    }

    fn answered(self, app: &App, mut response: Response) -> Response {
        secure(&app.options, &mut response);
        let status = response.status().as_u16();
        app.metrics.answered(&self.route, self.method, status, self.began.elapsed().as_secs_f64());
        response
    }
}

async fn answer(app: &App, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let (visitor, refused) = match Visitor::of(app, &parts) {
        Ok(visitor) => {
            let refused = refuse(app, &visitor, &parts.method, parts.uri.path(), &parts.headers).err();
            (visitor, refused)
        }
        Err(refused) => {
            let (visitor, problem) = *refused;
            (visitor, Some(problem))
        }
    };
    let unsafe_method = is_unsafe(&parts.method);
    let mut response = match refused {
        Some(problem) => problem.into_response(),
        None => {
            parts.extensions.insert(visitor.clone());
            next.run(Request::from_parts(parts, body)).await
        }
    };
    let Some(problem) = response.extensions_mut().remove::<Problem>() else { return response };
    let mut drawn = match (visitor.wants, problem.kind) {
        // A person who is not signed in is asked to; a program is told.
        (Wants::Html, Kind::SignIn) => sign_in(&visitor, unsafe_method),
        (Wants::Html, Kind::Password) => respond::see_other("/account/password"),
        (Wants::Html, Kind::Enrol) => respond::see_other("/account/second-factor"),
        _ => respond::problem(app, &visitor, &problem),
    };
    for name in [header::RETRY_AFTER, header::WWW_AUTHENTICATE, header::ALLOW] {
        // Nobody is asked for credentials who is led to the page that asks.
        if let Some(value) = response.headers().get(&name).filter(|_| !drawn.status().is_redirection()) {
            drawn.headers_mut().insert(name, value.clone());
        }
    }
    if matches!(problem.kind, Kind::TooLarge | Kind::TooMany) {
        // The rest of the body is not read.
        drawn.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    drawn
}

fn sign_in(visitor: &Visitor, unsafe_method: bool) -> Response {
    let next = if unsafe_method { visitor.here.split('?').next().unwrap_or("/") } else { &visitor.here };
    let why = if visitor.ended { "ended" } else { "needed" };
    let pairs = if next == "/" { vec![("why", why)] } else { vec![("next", next), ("why", why)] };
    respond::see_other(&format!("/sign-in{}", query(pairs)))
}

/// What is refused before anything is read.
fn refuse(
    app: &App,
    visitor: &Visitor,
    method: &Method,
    path: &str,
    headers: &header::HeaderMap,
) -> Result<(), Problem> {
    let length = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.parse::<u64>().ok());
    if length.is_some_and(|length| length > app.body_bytes() as u64) {
        return Err(Problem::too_large(app.body_bytes()));
    }
    if is_unsafe(method) && !matches!(*method, Method::POST | Method::DELETE) {
        return Err(Kind::Method.into());
    }
    if let Some(session) = &visitor.session
        && session.account.must_change_password
        && !BEFORE_PASSWORD.contains(&path)
        && path != "/api/v1/session"
    {
        return Err(Kind::Password.into());
    }
    // The password first: whoever has to change it and to enrol does the one, then the other.
    if let Some(session) = &visitor.session
        && session.must_enrol
        && !session.account.must_change_password
        && !BEFORE_FACTOR.contains(&path)
        && path != "/api/v1/session"
    {
        return Err(Kind::Enrol.into());
    }
    // Access tokens are for applications and datasets. What they may there, every check asks; how their person signs in
    // and whom they administer is beyond them, whatever a page forgets to ask.
    let administers = path == ADMINISTRATION || path.starts_with("/apps/dinh/");
    let is_for_programs = path == "/" || path.starts_with("/apps/") || path.starts_with("/api/v1/datasets/");
    if visitor.scope().is_some() && (administers || !is_for_programs) {
        return Err(Problem::with(Kind::Denied, visitor.texts().say("token-beyond")));
    }
    Ok(())
}

fn method_name(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "DELETE" => "DELETE",
        _ => "other",
    }
}

/// Nothing of another place, nothing inline, no frame around us; what people see is theirs alone and kept
/// nowhere.
const POLICY: &str = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
                      font-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// For what people brought: should a browser open it after all, it runs nothing, loads nothing, and is no page of ours.
const SANDBOX: &str = "sandbox; default-src 'none'";

fn secure(options: &Options, response: &mut Response) {
    let policy = match response.extensions_mut().remove::<respond::Sandboxed>() {
        Some(respond::Sandboxed) => SANDBOX,
        None => POLICY,
    };
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (
            HeaderName::from_static("permissions-policy"),
            "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
        ),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    if options.tls {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
}

/// There is no such page.
pub async fn not_found() -> Problem {
    Kind::NotFound.into()
}

/// The page is there, and not for this method.
pub async fn method_not_allowed() -> Problem {
    Kind::Method.into()
}
