//! `/account/tokens`: access tokens for programs, made, listed and revoked.

use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::response::Response;
use dinh_model::{Permission, PluginId, Timestamp, time};
use dinh_services::ServiceError;
use dinh_services::accounts::{self, AccessToken, MadeToken, NewToken, Password};
use maud::{Markup, html};
use serde_json::json;

use super::frame::{self, Field, wrong};
use super::sent::Sent;
use crate::app::App;
use crate::form::Problem as Wrong;
use crate::format;
use crate::problem::{Kind, Problem};
use crate::respond;
use crate::visitor::{Visitor, Wants};

const PATH: &str = "/account/tokens";
const PURPOSE: &str = "account/tokens";
/// Days until a token ends, unless another day is chosen.
const USUAL_DAYS: i64 = 90;

/// What a token can be made for: an application that the person may use.
struct Choice {
    plugin: String,
    name: String,
    /// Name and title.
    permissions: Vec<(String, String)>,
}

/// `GET /account/tokens`
pub async fn page(State(app): State<App>, visitor: Visitor, headers: HeaderMap) -> Result<Response, Problem> {
    let tokens = listed(&app, &visitor)?;
    if visitor.wants == Wants::Json {
        let tokens: Vec<_> = tokens.iter().map(shown).collect();
        return Ok(respond::json(&json!({ "tokens": tokens })));
    }
    let content = html! { (list(&app, &visitor, &tokens)) (form(&app, &visitor, None, &[])) };
    Ok(frame::page(&app, &visitor, &headers, PATH, &content))
}

fn listed(app: &App, visitor: &Visitor) -> Result<Vec<AccessToken>, Problem> {
    let account = visitor.signed_in()?.account.id;
    app.platform
        .begin_reading(&visitor.origin(app))
        .and_then(|mut call| accounts::list_tokens(&mut call, account))
        .map_err(|error| Problem::service(&error, visitor.language))
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
    html! {
        section class="section" {
            h2 { (texts.say("tokens-title")) }
            p class="muted" { (texts.say("tokens-help")) }
            @if tokens.is_empty() { div class="empty" { p { (texts.say("tokens-none")) } } }
            @else {
                div class="table-block" {
                    div class="scroll" role="region" tabindex="0" aria-label=(texts.say("tokens-title")) {
                        table {
                            thead { tr {
                                @for key in ["tokens-name", "tokens-scope", "tokens-expires", "tokens-used"] { th scope="col" { (texts.say(key)) } }
                                th scope="col" { span class="sr" { (texts.say("tokens-revoke")) } }
                            } }
                            tbody {
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
                            }
                        }
                    }
                }
            }
        }
    }
}

fn form(app: &App, visitor: &Visitor, sent: Option<&Sent>, problems: &[Wrong]) -> Markup {
    let texts = visitor.texts();
    let value = |name: &str| sent.map_or("", |sent| sent.value(name));
    let chosen = |choice: &str| sent.is_some_and(|sent| sent.all("scope").any(|sent| sent == choice));
    let today = time::day_in_vietnam(app.platform.clock().now());
    let day = |days: i64| today.checked_add(jiff::SignedDuration::from_hours(24 * days)).unwrap_or(today);
    let usual = day(USUAL_DAYS).to_string();
    let expires = Some(value("expires")).filter(|typed| !typed.is_empty()).unwrap_or(&usual);
    let field = |name, kind, label, help: Option<&str>, complete, value| Field {
        name,
        kind,
        label: texts.say(label),
        help: help.map(|key| texts.say(key)),
        complete,
        value,
    };
    html! {
        section class="section" {
            h2 { (texts.say("tokens-make-title")) }
            (frame::problems(texts, problems))
            form class="form-card" method="post" action=(PATH) novalidate data-form {
                (frame::token(visitor, PURPOSE))
                input type="hidden" name="action" value="make";
                div class="fields" {
                    (field("name", "text", "tokens-name", Some("tokens-name-help"), "off", value("name")).draw(problems))
                    fieldset class="field" id="scope" {
                        legend { (texts.say("tokens-scope")) }
                        @for choice in choices(app, visitor) {
                            label class="choice-box" {
                                input type="checkbox" name="scope" value=(choice.plugin) checked[chosen(&choice.plugin)];
                                span { (texts.with("tokens-whole", &[("name", &choice.name)])) }
                            }
                            details {
                                summary { (texts.with("tokens-some", &[("name", &choice.name)])) }
                                @for (permission, title) in &choice.permissions {
                                    label class="choice-box" {
                                        input type="checkbox" name="scope" value=(permission) checked[chosen(permission)];
                                        span { (title) " " code { (permission) } }
                                    }
                                }
                            }
                        }
                    }
                    div class="field" {
                        label class="choice-box" {
                            input type="checkbox" name="read_only" value="true" checked[value("read_only") == "true"];
                            span { (texts.say("tokens-read-only-choice")) }
                        }
                    }
                    (field("expires", "date", "tokens-expires", Some("tokens-expires-help"), "off", expires).draw(problems))
                    (field("password", "password", "password-current", Some("tokens-password-help"), "current-password", "").draw(problems))
                }
                div class="buttons" { button class="btn primary" { (texts.say("tokens-make")) } }
            }
        }
    }
}

/// The applications that the person may use, with what they may do in them.
fn choices(app: &App, visitor: &Visitor) -> Vec<Choice> {
    let (policy, now, actor) = (app.platform.policy(), app.platform.clock().now(), visitor.actor());
    let mut choices = Vec::new();
    for plugin in app.runtime.plugins() {
        let held = plugin.manifest.permissions.iter();
        let held = held.filter(|declared| plugin.holds(&policy, &actor, &declared.permission, now));
        let permissions: Vec<_> = held
            .map(|declared| {
                (declared.permission.to_string(), declared.title.get(visitor.language).to_owned())
            })
            .collect();
        if !permissions.is_empty() {
            choices.push(Choice {
                plugin: plugin.manifest.id.to_string(),
                name: plugin.manifest.name.get(visitor.language).to_owned(),
                permissions,
            });
        }
    }
    choices
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
    let problems = match read(visitor, sent) {
        Ok(new) => {
            let (platform, origin) = (app.platform.clone(), visitor.origin(app));
            let password = Password::new(sent.value("password"));
            let expires = new.expires;
            let made =
                frame::blocking(move || accounts::make_token(&platform, &origin, &password, &new)).await?;
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
        let content = html! { (form(app, visitor, Some(sent), problems)) (list(app, visitor, &tokens)) };
        frame::page(app, visitor, headers, PATH, &content)
    })
}

/// The token as it was filled in.
fn read(visitor: &Visitor, sent: &Sent) -> Result<NewToken, Vec<Wrong>> {
    let texts = visitor.texts();
    let mut problems = Vec::new();
    let (mut plugins, mut permissions) = (Vec::new(), Vec::new());
    for chosen in sent.all("scope") {
        match (chosen.parse::<PluginId>(), chosen.parse::<Permission>()) {
            (Ok(plugin), _) => plugins.push(plugin),
            (_, Ok(permission)) => permissions.push(permission),
            _ => problems.push(wrong(Some("scope"), texts.with("tokens-scope-unknown", &[("name", chosen)]))),
        }
    }
    if sent.value("name").trim().is_empty() {
        problems.push(wrong(Some("name"), texts.say("tokens-name-missing")));
    }
    if plugins.is_empty() && permissions.is_empty() && problems.is_empty() {
        problems.push(wrong(Some("scope"), texts.say("tokens-scope-missing")));
    }
    let expires = end_of_day(sent.value("expires"));
    if expires.is_none() {
        problems.push(wrong(Some("expires"), texts.say("tokens-expires-wrong")));
    }
    let read_only = sent.value("read_only") == "true";
    match expires {
        Some(expires) if problems.is_empty() => {
            Ok(NewToken { name: sent.value("name").to_owned(), plugins, permissions, read_only, expires })
        }
        _ => Err(problems),
    }
}

/// The end of a day in Vietnam, which is written as browsers send it or as people type it.
fn end_of_day(text: &str) -> Option<Timestamp> {
    let day = text.trim().parse().ok().or_else(|| format::parse_date(text))?;
    time::start_in_vietnam(dinh_model::Date::tomorrow(day).ok()?)
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
    let (platform, origin) = (app.platform.clone(), visitor.origin(app));
    let revoked =
        frame::blocking(move || platform.perform(&origin, |call| accounts::revoke_token(call, account, id)));
    let revoked = revoked.await?.map_err(|error| Problem::service(&error, visitor.language))?;
    if visitor.wants == Wants::Json {
        return Ok(respond::json(&json!({ "revoked": revoked })));
    }
    Ok(frame::done(visitor, PATH, "tokens-revoked"))
}
