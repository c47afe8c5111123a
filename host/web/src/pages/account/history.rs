//! `/account/history`: who was at one's record, and did what.

use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;
use dinh_model::{AccountId, Actor};
use dinh_services::ServiceError;
use dinh_services::accounts::{self, Directory};
use maud::html;
use serde_json::json;

use super::frame;
use crate::admin::deed_title;
use crate::app::App;
use crate::format;
use crate::messages::Texts;
use crate::pages::call;
use crate::place::{parse_query, query};
use crate::problem::{Kind, Problem};
use crate::respond;
use crate::visitor::{Visitor, Wants};

const PATH: &str = "/account/history";
/// Entries of a page.
const PAGE: usize = 50;

/// `GET /account/history`
pub async fn page(
    State(app): State<App>,
    visitor: Visitor,
    RawQuery(asked): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    visitor.signed_in()?;
    let asked = parse_query(asked.as_deref().unwrap_or_default());
    let before = asked.iter().find(|(name, _)| name == "before").map(|(_, text)| text.parse::<u64>());
    let before = before.transpose().map_err(|_| Kind::BadRequest)?;
    let words = visitor.texts();
    // A long evidence takes its time to be looked through.
    let found = call::read_long(&app, &visitor, move |call| {
        let found = accounts::looked_at(call, before, PAGE)?;
        let directory = Directory::new(call.transaction.snapshot());
        let full_name = |account: AccountId| {
            let name = directory.account(account)?.map(|account| account.full_name);
            Ok::<_, ServiceError>(name.unwrap_or_else(|| account.to_string()))
        };
        let name = |actor: &Actor| match *actor {
            Actor::Person { account, on_behalf_of: None } => Ok(Some(full_name(account)?)),
            // Both names, wherever somebody acted for another.
            Actor::Person { account, on_behalf_of: Some(lender) } => {
                let names = [("name", &*full_name(account)?), ("lender", &*full_name(lender)?)];
                Ok(Some(words.with("history-on-behalf", &names)))
            }
            Actor::Service(_) | Actor::Public => Ok(None),
        };
        let names = found.entries.iter().map(|recorded| name(&recorded.entry.actor));
        let names = names.collect::<Result<Vec<_>, ServiceError>>()?;
        Ok((found, names))
    });
    let (found, names) = found.await?;
    let texts = visitor.texts();
    let rows: Vec<_> = found.entries.iter().zip(names).collect();
    if visitor.wants == Wants::Json {
        let entries = rows.iter().map(|(recorded, name)| {
            let entry = &recorded.entry;
            json!({
                "index": recorded.index, "at": entry.at.to_string(), "action": entry.action,
                "outcome": entry.outcome, "by": name, "by_account": entry.actor.account().map(|account| account.0),
                "on_behalf_of": match entry.actor {
                    Actor::Person { on_behalf_of, .. } => on_behalf_of.map(|lender| lender.0),
                    Actor::Service(_) | Actor::Public => None,
                },
            })
        });
        return Ok(respond::json(&json!({ "entries": entries.collect::<Vec<_>>(), "next": found.next })));
    }
    let rows = html! {
        @for (recorded, name) in &rows {
            tr {
                td class="nowrap" { (format::instant(recorded.entry.at)) }
                td { (who(texts, &recorded.entry.actor, name.as_deref())) }
                td { (what(texts, &recorded.entry.action)) }
            }
        }
    };
    let content = html! {
        section class="section" {
            h2 { (texts.say("history-title")) }
            p class="muted" { (texts.say("history-help")) }
            @if found.entries.is_empty() { div class="empty" { p { (texts.say("history-none")) } } }
            @else {
                (frame::table(texts, "history-title", &["history-at", "history-who", "history-what"], None, &rows))
            }
            @if let Some(next) = found.next {
                a class="btn secondary" href={ (PATH) (query([("before", next.to_string().as_str())])) } { (texts.say("history-older")) }
            }
        }
    };
    Ok(frame::page(&app, &visitor, &headers, PATH, &content))
}

fn who(texts: Texts, actor: &Actor, name: Option<&str>) -> String {
    match (actor, name) {
        (_, Some(name)) => name.to_owned(),
        (Actor::Public, _) => texts.say("history-by-nobody"),
        _ => texts.say("history-by-operator"),
    }
}

/// What was done, in words: those of the evidence where the page has none of its own.
fn what(texts: Texts, action: &str) -> String {
    let key = match action {
        "account.created" => "history-account-created",
        "account.updated" => "history-account-updated",
        "account.suspended" => "history-account-suspended",
        "account.activated" => "history-account-activated",
        "account.released" => "history-account-released",
        "password.set" => "history-password-set",
        "password.released" => "history-password-released",
        "second-factor.reset" => "history-factor-reset",
        "session.ended" | "sessions.ended" => "history-sessions-ended",
        "session.refused" => "history-session-refused",
        "token.revoked" => "history-token-revoked",
        "grant.given" => "history-grant-given",
        "grant.withdrawn" => "history-grant-withdrawn",
        "position.held" => "history-position-held",
        "position.released" => "history-position-released",
        other => return deed_title(other, texts.language()).to_owned(),
    };
    texts.say(key)
}
