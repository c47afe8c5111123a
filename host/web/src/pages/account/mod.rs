//! The person's own account: who they are to the platform, what they may do and why, how they sign in, and who was
//! at their record.
//!
//! ```text
//! /account            who I am, my rights and where they come from, what I lend and borrow
//! /account/sessions   where I am signed in                       ends them
//! /account/tokens     what programs use in my name               makes and revokes them
//! /account/second-factor   my phone                              enrols and removes it
//! /account/acting    who lends me rights                       acts for them, and stops
//! /account/history    who was at my record
//! /account/password   changes it
//! ```
//!
//! Each is HTML and JSON; what is sent is a form or the same as JSON. They are for the person: an access token
//! does not get here.

pub mod acting;
pub(super) mod frame;
pub mod history;
mod loans;
pub mod password;
pub mod qr;
pub mod second_factor;
pub(super) mod sent;
pub mod sessions;
mod token_form;
pub mod tokens;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use dinh_access::Grantee;
use dinh_model::{Language, time};
use dinh_services::accounts::{self, Account, StoredGrant};
use dinh_services::{Call, ServiceError};
use maud::{Markup, html};
use serde_json::json;

use loans::Loan;

use crate::app::App;
use crate::format;
use crate::messages::Texts;
use crate::pages::call;
use crate::problem::Problem;
use crate::respond;
use crate::visitor::{Visitor, Wants};

/// A grant, in the words of the page.
struct Right {
    role: String,
    role_id: String,
    unit: String,
    own: bool,
    label: &'static str,
    until: Option<String>,
    /// The title of the position it comes by; none when it was given to the person.
    by: Option<String>,
}

/// What the page is made of.
struct Own {
    unit: String,
    positions: Vec<String>,
    rights: Vec<Right>,
    loans: Vec<Loan>,
}

/// `GET /account`
pub async fn page(State(app): State<App>, visitor: Visitor, headers: HeaderMap) -> Result<Response, Problem> {
    let session = visitor.signed_in()?;
    let account = &session.account;
    let own = call::read(&app, &visitor, |call| own(call, account, visitor.language))?;
    let texts = visitor.texts();
    if visitor.wants == Wants::Json {
        let rights = own.rights.iter().map(|right| {
            json!({ "role": right.role_id, "title": right.role, "unit": right.unit, "own": right.own, "label": right.label, "until": right.until, "position": right.by })
        });
        return Ok(respond::json(&json!({
            "id": account.id.0, "account": account.login, "full_name": account.full_name, "unit": own.unit,
            "positions": own.positions, "clearance": account.clearance.as_str(), "rights": rights.collect::<Vec<_>>(),
            "delegations": own.loans.iter().map(Loan::json).collect::<Vec<_>>(),
        })));
    }
    let expires = format::instant(session.expires);
    let content = html! {
        section class="section" {
            h2 { (texts.say("account-details")) }
            div class="card" { (details(texts, account, &own, &expires)) }
        }
        section class="section" {
            h2 { (texts.say("account-rights")) }
            p class="muted" { (texts.say("account-rights-help")) }
            (rights(texts, &own.rights))
        }
        (loans::list(texts, &own.loans))
    };
    Ok(frame::page(&app, &visitor, &headers, "/account", &content))
}

fn details(texts: Texts, account: &Account, own: &Own, expires: &str) -> Markup {
    let facts = [
        ("account-name", account.full_name.clone()),
        ("account-login", account.login.clone()),
        ("account-unit", own.unit.clone()),
        ("account-positions", own.positions.join("; ")),
        ("account-clearance", account.clearance.name(texts.language()).to_owned()),
        ("account-session", expires.to_owned()),
    ];
    html! {
        dl class="facts" {
            @for (key, value) in facts.iter().filter(|(_, value)| !value.is_empty()) {
                div { dt { (texts.say(key)) } dd { (value) } }
            }
        }
    }
}

fn rights(texts: Texts, rights: &[Right]) -> Markup {
    if rights.is_empty() {
        return html! { div class="empty" { p { (texts.say("account-no-rights")) } } };
    }
    let rows = html! {
        @for right in rights {
            tr {
                th scope="row" { (right.role) }
                td { (right.unit) @if right.own { small class="cell-note muted" { (texts.say("account-scope-own")) } } }
                td { (right.label) }
                td class="nowrap" { (right.until.clone().unwrap_or_else(|| texts.say("account-until-none"))) }
                td {
                    @match &right.by {
                        Some(title) => { (texts.say("account-by-position")) ": " (title) }
                        None => { (texts.say("account-by-person")) }
                    }
                }
            }
        }
    };
    frame::table(
        texts,
        "account-rights",
        &["account-role", "account-scope", "account-label", "account-until", "account-by"],
        None,
        &rows,
    )
}

fn own(call: &mut Call, account: &Account, language: Language) -> Result<Own, ServiceError> {
    let mut positions = Vec::new();
    let now = call.now();
    for held in accounts::held_by(call, account.id)?.iter().filter(|held| held.term.contains(now)) {
        positions.push(accounts::get_position(call, held.position)?.title.get(language).to_owned());
    }
    let grants = accounts::grants_of(call, account.id)?;
    let rights = grants.iter().map(|grant| right(call, grant, language)).collect::<Result<_, _>>()?;
    let loans = loans::of(call, account.id)?;
    Ok(Own { unit: unit_name(call, account.unit), positions, rights, loans })
}

fn right(call: &Call, grant: &StoredGrant, language: Language) -> Result<Right, ServiceError> {
    let role = accounts::find_role(call, &grant.role)?;
    let by = match grant.to {
        Grantee::Account(_) => None,
        Grantee::Position(position) => {
            Some(accounts::get_position(call, position)?.title.get(language).to_owned())
        }
    };
    Ok(Right {
        role: role.map_or_else(|| grant.role.to_string(), |role| role.title.get(language).to_owned()),
        role_id: grant.role.to_string(),
        unit: unit_name(call, grant.scope.unit),
        own: grant.scope.own,
        label: grant.label.name(language),
        // The last day on which it holds: terms end with the first moment that is no longer in them.
        until: grant.term.until.map(|until| {
            let last = until.checked_sub(jiff::SignedDuration::from_micros(1)).unwrap_or(until);
            format::date(time::day_in_vietnam(last))
        }),
        by,
    })
}

fn unit_name(call: &Call, unit: dinh_model::UnitId) -> String {
    accounts::get_unit(call, unit).map(|unit| unit.name).unwrap_or_default()
}
