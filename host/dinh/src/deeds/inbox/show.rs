//! `dinh inbox show`: all that a request asks for, and what an approval would change.

use anyhow::Result;
use dinh_access::{Difference, Grantee};
use dinh_model::{AccountId, GrantId, Label, PositionId, RequestId};
use dinh_services::accounts::{
    Account, Asked, Request, effect_of, find_role, get_account, get_grant, get_position, get_request,
    requested_accounts,
};
use dinh_services::{Call, Platform, ServiceError, catalog};
use serde::Serialize;
use serde_json::{Value, json};

use super::super::access::{Change, changes_table, listed};
use super::super::decide::ShownRequest;
use super::super::{Authority, named};
use crate::day;
use crate::reply::{Reply, count as counted, facts_of, table};

/// Accounts of an import that are shown; `dinh account list --request` lists all.
const ACCOUNTS: usize = 100;

/// Entries of a proposal that are shown.
const ENTRIES: usize = 50;

/// What is told of a request, by name.
type Facts = Vec<(&'static str, String)>;

/// An account of an import.
#[derive(Serialize)]
struct Person {
    login: String,
    full_name: String,
    email: Option<String>,
    unit: String,
    clearance: Label,
    /// The position that the account is to hold.
    position: Option<String>,
}

impl Person {
    fn new(call: &Call, account: Account, asked: &Asked) -> Self {
        let held = match asked {
            Asked::Accounts { positions, .. } => positions.iter().find(|it| it.holders.contains(&account.id)),
            _ => None,
        };
        Self {
            position: held.map(|asked| title(call, asked.position)),
            unit: named::code_of(call, account.unit),
            login: account.login,
            full_name: account.full_name,
            email: account.email,
            clearance: account.clearance,
        }
    }
}

/// What an approval would do, as far as whoever asks may approve.
enum Effect {
    /// The request is decided.
    Over,
    /// They may not approve it, and why not.
    Barred(String),
    /// This.
    Changes(String, Vec<Change>),
}

/// Shows a request.
pub(super) fn show(platform: &Platform, authority: &Authority, id: RequestId) -> Result<Reply> {
    let origin = authority.origin(platform, "inbox show")?;
    let difference = effect_of(platform, &origin, id);
    let (shown, facts, people, effect) = authority.perform(platform, "inbox show", |call| {
        let request = get_request(call, id)?;
        let shown = ShownRequest::new(call, &request);
        let mut facts = asked(call, &request.asked)?;
        facts.extend(course(&shown));
        let people = match &request.asked {
            Asked::Accounts { .. } => requested_accounts(call, id, None, ACCOUNTS)?.accounts,
            _ => Vec::new(),
        };
        let people: Vec<_> =
            people.into_iter().map(|account| Person::new(call, account, &request.asked)).collect();
        Ok((shown, facts, people, effect(call, &request, &difference)))
    })?;
    let mut text = facts_of(&[&[("request", id.to_string())], facts.as_slice()].concat());
    if !people.is_empty() {
        text.push_str(&format!("\n\n{}", people_table(&people)));
        text.push_str(&format!("\nall of them: dinh account list --request {id}"));
    }
    text.push_str(&said(&effect));
    let details: serde_json::Map<String, Value> =
        facts.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
    let (sentence, changes, barred) = match effect {
        Effect::Over => (None, None, None),
        Effect::Barred(why) => (None, None, Some(why)),
        Effect::Changes(sentence, changes) => (Some(sentence), Some(changes), None),
    };
    let value = json!({
        "request": shown,
        "details": details,
        "accounts": people,
        "effect": sentence,
        "changes": changes,
        "may_not_approve": barred,
    });
    Ok(Reply { value, text })
}

/// All that is asked for.
fn asked(call: &Call, asked: &Asked) -> Result<Facts, ServiceError> {
    let person = |account| person(call, account);
    let place = |unit| named::place(call, unit);
    let term = |term: &dinh_access::Term| {
        let until = day::last(term).map_or_else(|| "it does not end".to_owned(), |day| day.to_string());
        [("from", day::cell(day::first(term))), ("until", until)]
    };
    Ok(match asked {
        Asked::Account(account) => {
            let found = get_account(call, *account)?;
            let password = match found.must_change_password {
                true => "to be changed at the first sign-in",
                false => "kept: whoever asked set it and it need not be changed",
            };
            vec![
                ("asks for", "an account".to_owned()),
                ("login", found.login),
                ("full name", found.full_name),
                ("e-mail", found.email.unwrap_or_else(|| "–".to_owned())),
                ("unit", place(found.unit)),
                ("clearance", found.clearance.to_string()),
                ("password", password.to_owned()),
            ]
        }
        Asked::Accounts { count, places, positions, .. } => {
            let places = places.iter().map(|(unit, label)| format!("{} up to {label}", place(*unit)));
            let mut facts = vec![
                ("asks for", format!("{} of an import", counted(*count as usize, "account", "accounts"))),
                ("units", places.collect::<Vec<_>>().join("; ")),
            ];
            for asked in positions {
                let holders = counted(asked.holders.len(), "person", "people");
                let title = grantee(call, Grantee::Position(asked.position));
                facts.push(("position", format!("{title}: {holders}, with {}", lent(call, &asked.grants))));
            }
            facts
        }
        Asked::Move { unit, from, to } => vec![
            ("asks for", "that a unit, with all below it, comes under another".to_owned()),
            ("unit", place(*unit)),
            ("from", from.map_or_else(|| "–".to_owned(), place)),
            ("to", place(*to)),
        ],
        Asked::Entries(entries) => {
            let mut facts = vec![
                ("asks for", "entries of a catalog".to_owned()),
                ("catalog", entries.catalog.clone()),
                ("proposed in", place(entries.unit)),
                ("new entries", entries.added.to_string()),
                ("changed entries", entries.changed.to_string()),
            ];
            let all = catalog::proposed(call, entries)?;
            facts.extend(all.iter().take(ENTRIES).map(|proposed| {
                let sign = if proposed.was.is_none() { "new" } else { "changed" };
                (sign, super::super::catalog::in_words(&proposed.entry))
            }));
            facts
        }
        Asked::Root { code, name, kind, valid_from } => vec![
            ("asks for", "another root".to_owned()),
            ("code", code.clone()),
            ("name", name.clone()),
            ("kind", kind.clone()),
            ("since", valid_from.to_string()),
        ],
        Asked::Clearance { account, clearance } => vec![
            ("asks for", "a higher clearance".to_owned()),
            ("person", person(*account)),
            ("cleared for", get_account(call, *account)?.clearance.to_string()),
            ("to be cleared for", clearance.to_string()),
        ],
        Asked::Transfer { account, from, to } => vec![
            ("asks for", "a transfer".to_owned()),
            ("person", person(*account)),
            ("from the unit", place(*from)),
            ("to the unit", place(*to)),
        ],
        Asked::Grant(grant) => {
            let reach = match grant.scope.own {
                true => "own records only",
                false => "all records",
            };
            let mut facts = vec![
                ("asks for", "a grant".to_owned()),
                ("to", grantee(call, grant.to)),
                ("role", role(call, &grant.role)?),
                ("permissions", listed(&grant.permissions)),
                ("unit and all below", place(grant.scope.unit)),
                ("reaches", reach.to_owned()),
                ("up to the label", grant.label.to_string()),
            ];
            facts.extend(term(&grant.term));
            facts
        }
        Asked::Holding { account, position, term: held, grants } => {
            let mut facts = vec![
                ("asks for", "that a person holds a position".to_owned()),
                ("person", person(*account)),
                ("position", grantee(call, Grantee::Position(*position))),
                ("its grants", lent(call, grants)),
            ];
            facts.extend(term(held));
            facts
        }
        Asked::Head { unit, account, label, replaces } => vec![
            ("asks for", "a head administrator".to_owned()),
            ("person", person(*account)),
            ("unit and all below", place(*unit)),
            ("up to the label", label.to_string()),
            ("in the place of", replaces.map_or_else(|| "–".to_owned(), person)),
        ],
        Asked::Delegation { lender, borrower, grants, term: lasts } => {
            let mut facts = vec![
                ("asks for", "a delegation".to_owned()),
                ("lender", person(*lender)),
                ("who may act for them", person(*borrower)),
                ("what is lent", lent(call, grants)),
            ];
            facts.extend(term(lasts));
            facts
        }
    })
}

/// Who asked, when and why, and what became of it.
fn course(shown: &ShownRequest) -> Facts {
    let mut by = shown.by.clone();
    if let Some(lender) = &shown.on_behalf_of {
        by.push_str(&format!(" for {lender}"));
    }
    let reason = if shown.reason.is_empty() { "–" } else { shown.reason.as_str() };
    let mut facts = vec![
        ("asked by", by),
        ("at", day::moment(shown.at)),
        ("why", reason.to_owned()),
        ("state", shown.state.to_owned()),
    ];
    if shown.state == "open" {
        facts.push(("lapses", day::moment(shown.lapses)));
    }
    if let Some(decided) = shown.decided {
        facts.push(("decided by", shown.decided_by.clone().unwrap_or_else(|| "the operator".to_owned())));
        facts.push(("decided at", day::moment(decided)));
    }
    if let Some(decision) = shown.decision.as_ref().filter(|decision| !decision.is_empty()) {
        facts.push(("decision", decision.clone()));
    }
    facts
}

/// Whom it is about: names are not unique, so with login and unit.
fn person(call: &Call, id: AccountId) -> String {
    let unit = get_account(call, id).map(|account| format!(" of {}", named::code_of(call, account.unit)));
    named::person(call, id) + &unit.unwrap_or_default()
}

/// A position in short.
fn title(call: &Call, id: PositionId) -> String {
    get_position(call, id).map_or_else(|_| id.to_string(), |it| it.title.vi)
}

fn grantee(call: &Call, to: Grantee) -> String {
    match to {
        Grantee::Account(account) => person(call, account),
        Grantee::Position(position) => get_position(call, position)
            .map(|it| format!("position:{position} ({}, {})", it.title.vi, named::place(call, it.unit)))
            .unwrap_or_else(|_| format!("position:{position}")),
    }
}

fn role(call: &Call, id: &dinh_model::RoleId) -> Result<String, ServiceError> {
    Ok(find_role(call, id)?.map_or_else(|| id.to_string(), |role| format!("{id} ({})", role.title.en)))
}

/// Grants in words: role, unit, label, own, end.
fn lent(call: &Call, grants: &[GrantId]) -> String {
    if grants.is_empty() {
        return "no grants".to_owned();
    }
    let words = |id: &GrantId| {
        let Ok(grant) = get_grant(call, *id) else { return format!("grant {id}") };
        let own = if grant.scope.own { ", own records only" } else { "" };
        let until = day::last(&grant.term).map(|day| format!(", until {day}")).unwrap_or_default();
        let unit = named::place(call, grant.scope.unit);
        format!("grant {id}: {} for {unit} and below, up to {}{own}{until}", grant.role, grant.label)
    };
    grants.iter().map(words).collect::<Vec<_>>().join("; ")
}

fn effect(call: &Call, request: &Request, found: &Result<Difference, ServiceError>) -> Effect {
    if request.standing(call.now()) != "open" {
        return Effect::Over;
    }
    match found {
        Err(why) => Effect::Barred(why.to_string()),
        Ok(difference) => {
            let changes = difference.changes.iter().map(|change| Change::new(call, change)).collect();
            Effect::Changes(difference.text(call.language()), changes)
        }
    }
}

fn people_table(people: &[Person]) -> String {
    let rows = people.iter().map(|it| {
        let email = it.email.clone().unwrap_or_else(|| "–".to_owned());
        let position = it.position.clone().unwrap_or_else(|| "–".to_owned());
        [it.login.clone(), it.full_name.clone(), email, it.unit.clone(), it.clearance.to_string(), position]
    });
    table(["login", "full name", "e-mail", "unit", "clearance", "to hold"], rows)
}

/// The effect in words, after an empty line.
fn said(effect: &Effect) -> String {
    match effect {
        Effect::Over => String::new(),
        Effect::Barred(why) => format!("\n\nwhoever acts cannot approve it: {why}"),
        Effect::Changes(sentence, changes) => {
            let mut text = format!("\n\nif it is approved: {sentence}");
            if !changes.is_empty() {
                text.push_str(&format!("\n{}", changes_table(changes)));
            }
            text
        }
    }
}
