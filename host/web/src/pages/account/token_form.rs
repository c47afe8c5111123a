//! The form that makes an access token: what it may be for, how long it holds.

use dinh_model::{Permission, PluginId, Timestamp, time};
use dinh_services::accounts::NewToken;
use dinh_services::permissions::{self, DATASET_READ, LABEL_EXPORT};
use maud::{Markup, html};

use super::frame::{self, Field, wrong};
use super::sent::Sent;
use super::tokens::{PATH, PURPOSE};
use crate::app::App;
use crate::form::Problem as Wrong;
use crate::format;
use crate::visitor::Visitor;

/// Days until a token ends, unless another day is chosen.
const USUAL_DAYS: i64 = 90;

/// What a token can be made for: an application that the person may use, or the datasets that they may read.
struct Choice {
    /// None for datasets, which are not of one application.
    plugin: Option<String>,
    name: String,
    /// Name and title.
    permissions: Vec<(String, String)>,
}

/// Draws it, as it was filled in when it came back.
pub fn draw(app: &App, visitor: &Visitor, sent: Option<&Sent>, problems: &[Wrong]) -> Markup {
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
                            @if let Some(plugin) = &choice.plugin {
                                label class="choice-box" {
                                    input type="checkbox" name="scope" value=(plugin) checked[chosen(plugin)];
                                    span { (texts.with("tokens-whole", &[("name", &choice.name)])) }
                                }
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
                    (Field::password(texts, Some("tokens-password-help")).draw(problems))
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
                plugin: Some(plugin.manifest.id.to_string()),
                name: plugin.manifest.name.get(visitor.language).to_owned(),
                permissions,
            });
        }
    }
    let programs = [&*DATASET_READ, &*LABEL_EXPORT];
    let held = programs.into_iter().filter(|permission| {
        policy.permission(permission).is_some_and(|index| policy.holds(&actor, index, now))
    });
    let title = |permission: &Permission| {
        let known = permissions::all().into_iter().find(|(known, _)| known == permission);
        known.map_or_else(|| permission.to_string(), |(_, title)| title.get(visitor.language).to_owned())
    };
    let held: Vec<_> = held.map(|permission| (permission.to_string(), title(permission))).collect();
    if !held.is_empty() {
        let name = visitor.texts().say("tokens-datasets");
        choices.push(Choice { plugin: None, name, permissions: held });
    }
    choices
}

/// The token as it was filled in.
pub fn read(visitor: &Visitor, sent: &Sent) -> Result<NewToken, Vec<Wrong>> {
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
