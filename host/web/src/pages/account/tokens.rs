//! `/account/tokens`: access tokens for programs, made, listed and revoked.

use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::response::Response;
use dinh_model::{Permission, PluginId};
use dinh_services::ServiceError;
use dinh_services::accounts::{self, AccessToken, MadeToken, Password};
use maud::{Markup, html};
use serde_json::json;

use super::frame::{self, wrong};
use super::sent::Sent;
use super::token_form;
use crate::app::App;
use crate::format;
use crate::pages::call;
use crate::problem::{Kind, Problem};
use crate::respond;
use crate::visitor::{Visitor, Wants};

pub(super) const PATH: &str = "/account/tokens";
pub(super) const PURPOSE: &str = "account/tokens";
/// `GET /account/tokens`
pub async fn page(State(app): State<App>, visitor: Visitor, headers: HeaderMap) -> Result<Response, Problem> {
    let tokens = listed(&app, &visitor)?;
    if visitor.wants == Wants::Json {
        let tokens: Vec<_> = tokens.iter().map(shown).collect();
        return Ok(respond::json(&json!({ "tokens": tokens })));
    }
    let content = html! { (list(&app, &visitor, &tokens)) (token_form::draw(&app, &visitor, None, &[])) };
    Ok(frame::page(&app, &visitor, &headers, PATH, &content))
}

fn listed(app: &App, visitor: &Visitor) -> Result<Vec<AccessToken>, Problem> {
    let account = visitor.signed_in()?.account.id;
    call::read(app, visitor, |call| accounts::list_tokens(call, account))
}

fn shown(token: &AccessToken) -> serde_json::Value {
    json!({
        "id": token.id.to_string(), "name": token.name, "scope": scope(token), "read_only": token.scope.read_only,
        "made": token.made.to_string(), "expires": token.expires.to_string(),
        "used": token.used.map(|used| used.to_string()),
    })
}

fn scope(token: &AccessToken) -> Vec<&str> {
    let plugins = token.scope.plugins.iter().map(PluginId::as_str);
    plugins.chain(token.scope.permissions.iter().map(Permission::as_str)).collect()
}

fn list(app: &App, visitor: &Visitor, tokens: &[AccessToken]) -> Markup {
    let texts = visitor.texts();
    let now = app.platform.clock().now();
    let rows = html! {
        @for token in tokens {
            tr {
                th scope="row" { (token.name) }
                td {
                    (scope(token).join(", "))
                    @if token.scope.read_only { small class="cell-note muted" { (texts.say("tokens-read-only")) } }
                }
                td class="nowrap" {
                    (format::instant(token.expires))
                    @if token.expires <= now { small class="cell-note muted" { (texts.say("tokens-over")) } }
                }
                td class="nowrap" {
                    (token.used.map_or_else(|| texts.say("tokens-never"), format::instant))
                }
                td {
                    form method="post" action=(PATH) {
                        (frame::token(visitor, PURPOSE))
                        input type="hidden" name="action" value="revoke";
                        input type="hidden" name="token" value=(token.id);
                        button class="btn secondary" {
                            (texts.say("tokens-revoke")) span class="sr" { " " (token.name) }
                        }
                    }
                }
            }
        }
    };
    html! {
        section class="section" {
            h2 { (texts.say("tokens-title")) }
            p class="muted" { (texts.say("tokens-help")) }
            @if tokens.is_empty() { div class="empty" { p { (texts.say("tokens-none")) } } }
            @else {
                (frame::table(texts, "tokens-title", &["tokens-name", "tokens-scope", "tokens-expires", "tokens-used"], Some("tokens-revoke"), &rows))
            }
        }
    }
}

/// `POST /account/tokens`, with `action` `make` or `revoke`.
pub async fn submit(
    State(app): State<App>,
    visitor: Visitor,
    headers: HeaderMap,
    request: Request,
) -> Result<Response, Problem> {
    visitor.signed_in()?;
    let sent = Sent::read(&app, &visitor, PURPOSE, request).await?;
    match sent.value("action") {
        "make" => make(&app, &visitor, &headers, &sent).await,
        "revoke" => revoke(&app, &visitor, &sent).await,
        _ => Err(Kind::BadRequest.into()),
    }
}

async fn make(app: &App, visitor: &Visitor, headers: &HeaderMap, sent: &Sent) -> Result<Response, Problem> {
    let problems = match token_form::read(visitor, sent) {
        Ok(new) => {
            let (platform, origin) = (app.platform.clone(), visitor.origin(app));
            let password = Password::new(sent.value("password"));
            let expires = new.expires;
            let made =
                call::blocking(move || accounts::make_token(&platform, &origin, &password, &new)).await?;
            match made {
                Ok(made) if visitor.wants == Wants::Json => {
                    return Ok(respond::json(&json!({
                        "token": made.token, "id": made.id.to_string(), "expires": expires.to_string(),
                    })));
                }
                Ok(made) => {
                    let content =
                        html! { (fresh(visitor, &made)) (list(app, visitor, &listed(app, visitor)?)) };
                    return Ok(frame::page(app, visitor, headers, PATH, &content));
                }
                Err(error @ ServiceError::NotFound { .. }) => {
                    vec![wrong(Some("scope"), error.text(visitor.language))]
                }
                Err(error) => vec![frame::refused(visitor, &error)?],
            }
        }
        Err(problems) => problems,
    };
    let tokens = listed(app, visitor)?;
    frame::invalid(visitor, problems, |problems| {
        let content =
            html! { (token_form::draw(app, visitor, Some(sent), problems)) (list(app, visitor, &tokens)) };
        Ok(frame::page(app, visitor, headers, PATH, &content))
    })
}

/// The token, this once.
fn fresh(visitor: &Visitor, made: &MadeToken) -> Markup {
    let texts = visitor.texts();
    html! {
        section class="section" {
            div class="notice good page-notice" role="status" {
                span class="sign" aria-hidden="true" { "✓" }
                div {
                    p { b { (texts.say("tokens-made")) } }
                    p { (texts.say("tokens-made-text")) }
                    p { code class="secret" { (made.token) } }
                }
            }
        }
    }
}

async fn revoke(app: &App, visitor: &Visitor, sent: &Sent) -> Result<Response, Problem> {
    let id = sent.value("token").parse().map_err(|_| Kind::BadRequest)?;
    let account = visitor.signed_in()?.account.id;
    let revoked =
        call::perform_oneself(app, visitor, move |call| accounts::revoke_token(call, account, id)).await?;
    if visitor.wants == Wants::Json {
        return Ok(respond::json(&json!({ "revoked": revoked })));
    }
    Ok(frame::done(visitor, PATH, "tokens-revoked"))
}
