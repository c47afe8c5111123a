//! The launcher: the applications that the person may enter, and behind a lock those that they may not.
//!
//! Which applications a province runs is no secret among its staff: who needs one that is closed to them has to
//! know that it is there, and whom to ask. What is inside stays inside.

use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use dinh_runtime::manifest::OpensTo;
use dinh_runtime::{Plugin, Standing};
use dinh_services::sharing::feed::parked_contracts;
use dinh_services::sharing::{due_copies, open_contracts, open_waivers};
use dinh_services::{Call, ServiceError, notices, schedule};
use maud::html;
use serde_json::json;

use crate::admin::{count_out, count_tasks};
use crate::app::App;
use crate::problem::Problem;
use crate::respond;
use crate::shell::INBOX;
use crate::visitor::{Visitor, Wants};

/// `GET /`
pub async fn launcher(
    State(app): State<App>,
    visitor: Visitor,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let session = visitor.signed_in()?;
    let texts = visitor.texts();
    // A plugin is entered by its menu: one that has none is not, and one that has no entry for the person is
    // closed to them.
    let shown = |plugin: Arc<Plugin>| (respond::application(&app, &visitor, &plugin, &[]), plugin);
    let plugins = app.runtime.plugins().into_iter().filter(|plugin| !plugin.manifest.menu.is_empty());
    let (mut plugins, locked): (Vec<_>, Vec<_>) =
        plugins.map(shown).partition(|(application, _)| !application.menu.is_empty());
    // What is built in comes last, and only for those whom it is for: that there is an administration is no news.
    // What is everybody's own there is in the header of every page.
    let reserved = |plugin: &Arc<Plugin>| {
        let (policy, now, actor) = (app.platform.policy(), app.platform.clock().now(), visitor.actor());
        let entries = plugin.manifest.menu.iter().filter(|entry| entry.opens_to != OpensTo::Everybody);
        entries.into_iter().any(|entry| plugin.admits(&policy, &actor, &entry.opens_to, now))
    };
    let built_in = app.runtime.built_in().into_iter().filter(reserved).map(shown);
    plugins.extend(built_in);
    let (waiting, more) = waiting(&app, &visitor)?;
    if visitor.wants == Wants::Json {
        let list = plugins.iter().map(|(application, plugin)| {
            json!({
                "plugin": plugin.manifest.id.as_str(),
                "name": application.name,
                "summary": plugin.manifest.summary.get(visitor.language),
                "href": application.href,
                "standing": plugin.standing().as_str(),
                "menu": application.menu.iter().map(|entry| json!({ "text": entry.text, "href": entry.href })).collect::<Vec<_>>(),
            })
        });
        let locked = locked.iter().map(|(application, plugin)| {
            json!({
                "plugin": plugin.manifest.id.as_str(),
                "name": application.name,
                "summary": plugin.manifest.summary.get(visitor.language),
                "why": entry(plugin),
            })
        });
        return Ok(respond::json(&json!({
            "plugins": list.collect::<Vec<_>>(), "locked": locked.collect::<Vec<_>>(),
            "waiting": { "count": waiting, "more": more },
        })));
    }
    let notice = respond::carried(&visitor, &headers);
    let content = html! {
        (respond::notice(notice.as_ref()))
        div class="page-head hello" {
            div {
                h1 { (texts.say("launcher-title")) }
                p class="subtitle" { (texts.with("launcher-hello", &[("name", &session.account.full_name)])) }
            }
        }
        @if waiting > 0 {
            p class="waiting" {
                a class="btn primary" href=(INBOX) {
                    (texts.with("launcher-waiting", &[("count", &format!("{waiting}{}", if more { "+" } else { "" }))]))
                }
            }
        }
        @if plugins.is_empty() {
            div class="empty" { p { (texts.say(if locked.is_empty() { "launcher-none" } else { "launcher-empty" })) } }
        }
        @if !plugins.is_empty() || !locked.is_empty() {
            ul class="apps" {
                @for (application, plugin) in &plugins {
                    li {
                        div class="app" {
                            span class="monogram" aria-hidden="true" { (monogram(&application.name)) }
                            h2 { a href=(application.href) { (application.name) } }
                            p { (plugin.manifest.summary.get(visitor.language)) }
                            @if plugin.standing() != Standing::Serving {
                                p { strong { (texts.say("launcher-out")) } }
                            }
                            @if application.menu.iter().any(|entry| entry.text != application.name) {
                                ul { @for entry in &application.menu { li { a href=(entry.href) { (entry.text) } } } }
                            }
                        }
                    }
                }
                @for (application, plugin) in &locked {
                    li {
                        div class="app locked" {
                            span class="monogram" aria-hidden="true" { (monogram(&application.name)) }
                            h2 { (application.name) }
                            p { (plugin.manifest.summary.get(visitor.language)) }
                            ul {
                                li { strong { (texts.say("launcher-locked")) } }
                                li { a href=(entry(plugin)) { (texts.say("launcher-why")) span class="sr" { ": " (application.name) } } }
                            }
                        }
                    }
                }
            }
        }
    };
    let mut response = respond::page(&app, &visitor, &texts.say("launcher-title"), None, &content);
    if notice.is_some() {
        respond::said(&mut response, &visitor);
    }
    Ok(response)
}

/// How much waits for the person, and whether there may be more. Nothing waits for a program.
fn waiting(app: &App, visitor: &Visitor) -> Result<(usize, bool), Problem> {
    if visitor.scope().is_some() {
        return Ok((0, false));
    }
    let count = || {
        let mut call = app.platform.begin_reading(&visitor.origin(app))?;
        let (requests, more) = dinh_services::accounts::waiting(&call)?;
        let plugins = app.runtime.plugins();
        let data: Vec<_> = plugins.iter().map(|plugin| Arc::clone(&plugin.data)).collect();
        let (tasks, further) = count_tasks(&mut call, &plugins)?;
        let shared = open_contracts(&call)?.len() + open_waivers(&call)?.len() + due_copies(&call)?.len();
        let shared = shared + parked_contracts(&call)?.len();
        let out = count_out(&mut call, &app.runtime)?;
        let unread = notices::unread(&call, &data)?;
        let timers = count_parked(&call, &plugins)?;
        Ok((requests + tasks + shared + out + timers + unread, more || further))
    };
    count().map_err(|error| Problem::service(&error, visitor.language))
}

/// The plugins with timers that wait for the person.
fn count_parked(call: &Call, plugins: &[Arc<Plugin>]) -> Result<usize, ServiceError> {
    let mut count = 0;
    for plugin in plugins {
        let standing = schedule::standing(call, &plugin.data)?;
        count += usize::from(standing.is_some_and(|standing| standing.parked > 0));
    }
    Ok(count)
}

/// The first page of a plugin's menu, whoever may enter it: for whom it is closed, it says why.
fn entry(plugin: &Plugin) -> String {
    let path = plugin.manifest.menu.first().map_or("/", |entry| &entry.path);
    respond::address(&plugin.manifest.id, path)
}

/// An abbreviation in the name, or the first letters of its first two words: `Chỉ số PCI` is `PCI`, `Thanh
/// tra` is `TT`.
fn monogram(name: &str) -> String {
    let capitals =
        |word: &&str| (2..=4).contains(&word.chars().count()) && word.chars().all(char::is_uppercase);
    if let Some(known) = name.split_whitespace().find(capitals) {
        return known.to_owned();
    }
    let first = name.split_whitespace().take(2);
    first.filter_map(|word| word.chars().next()).flat_map(char::to_uppercase).collect()
}
