//! `dinh account`.

mod ends;
mod import;
mod rights;
mod words;

use std::collections::HashMap;

use anyhow::{Context, Result};
use dinh_model::{AccountId, Label, PositionId, RequestId, Timestamp};
use dinh_services::accounts::{
    self, Account, AccountChange, AccountState, Asked, NewAccount, Password, TemporaryTerm, create_account,
    list_accounts, release_lock, temporary_password,
};
use dinh_services::{Call, Platform, ServiceError};
use serde::Serialize;
use serde_json::json;

use super::input::Input;
use super::{Authority, audit, begin, decide, named, sign_in};
use crate::day;
use crate::reply::Reply;

use ends::Ends;
pub use words::AccountDeed;

/// An account as commands show one.
#[derive(Serialize)]
struct Shown {
    id: AccountId,
    login: String,
    full_name: String,
    email: Option<String>,
    unit: String,
    clearance: Label,
    state: &'static str,
    must_change_password: bool,
    created: Timestamp,
    /// How long a password is accepted that somebody else set.
    #[serde(skip_serializing_if = "Option::is_none")]
    temporary_password: Option<TemporaryTerm>,
    /// The position that the account is to hold, in the list of an import that waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    position: Option<PositionId>,
    /// The request that waits for another person.
    #[serde(skip_serializing_if = "Option::is_none")]
    request: Option<RequestId>,
}

impl Shown {
    fn new(call: &Call, account: Account) -> Self {
        Self {
            id: account.id,
            unit: named::code_of(call, account.unit),
            login: account.login,
            full_name: account.full_name,
            email: account.email,
            clearance: account.clearance,
            state: account.state.as_str(),
            must_change_password: account.must_change_password,
            created: account.created,
            temporary_password: None,
            position: None,
            request: None,
        }
    }

    /// The same, with how long its password is accepted.
    fn whole(call: &Call, id: AccountId) -> Result<Self, ServiceError> {
        let account = accounts::get_account(call, id)?;
        let temporary_password = temporary_password(call, &account)?;
        Ok(Self { temporary_password, ..Self::new(call, account) })
    }
}

/// Does it.
pub(super) fn perform(
    platform: &Platform,
    authority: &Authority,
    deed: AccountDeed,
    input: Input,
) -> Result<Reply> {
    // `act` says in a few words what became of the account as it was.
    let to = |command: &str,
              login: &str,
              act: &dyn Fn(&mut Call, &Account) -> Result<&'static str, ServiceError>| {
        let (account, sentence) = authority.perform(platform, command, |call| {
            let account = named::account(call, login)?;
            let sentence = act(call, &account)?;
            Ok((Shown::whole(call, account.id)?, sentence))
        })?;
        let sentence = format!("{} {sentence}", account.login);
        Ok(Reply::done(account, sentence))
    };
    match deed {
        AccountDeed::SignIn(deed) => sign_in::perform(platform, authority, deed),
        AccountDeed::Create { login, full_name, unit, clearance, keep_password, .. } => {
            let password = new_password(input)?;
            let account = authority.perform(platform, "account create", |call| {
                let made = create_account(
                    call,
                    NewAccount {
                        login: login.clone().unwrap_or_default(),
                        full_name: full_name.clone(),
                        unit: named::unit(call, &unit)?.id,
                        clearance,
                        password: Some(password.clone()),
                        must_change: !keep_password,
                    },
                )?;
                asked(call, made.id, made.request)
            })?;
            let sentence = match account.request {
                Some(request) => {
                    format!(
                        "request {request}: {} in {} when another person approves",
                        account.login, account.unit
                    )
                }
                None => format!("{} created in {}", account.login, account.unit),
            } + &accepted(account.temporary_password);
            Ok(Reply::done(account, sentence))
        }
        AccountDeed::Begin(beginning) => begin::perform(platform, authority, &beginning, input),
        AccountDeed::Transfer { login, to, reason } => {
            let account = authority.perform(platform, "account transfer", |call| {
                let (id, unit) = (named::account(call, &login)?.id, named::unit(call, &to)?.id);
                let made = accounts::transfer(call, id, unit, &reason)?;
                asked(call, made.id, made.request)
            })?;
            let sentence = match account.request {
                Some(request) => {
                    format!("request {request}: {login} goes to {to} when somebody there approves")
                }
                None => format!("{login} is in {to}"),
            };
            Ok(Reply::done(account, sentence))
        }
        AccountDeed::Update { login, full_name } => to("account update", &login, &|call, before| {
            let change = AccountChange { full_name: Some(full_name.clone()), ..AccountChange::default() };
            accounts::update_account(call, before.id, change)?;
            let after = accounts::get_account(call, before.id)?;
            Ok(match after.full_name == before.full_name {
                true => "was called so already; nothing was changed",
                false => "has another full name",
            })
        }),
        AccountDeed::Rights { login } => rights::rights(platform, authority, &login),
        AccountDeed::Clear { login, clearance, reason } => {
            let account = authority.perform(platform, "account clear", |call| {
                let id = named::account(call, &login)?.id;
                let change =
                    AccountChange { full_name: None, clearance: Some(clearance), reason: reason.clone() };
                let request = accounts::update_account(call, id, change)?;
                asked(call, id, request)
            })?;
            let sentence = match account.request {
                Some(request) => {
                    format!(
                        "request {request}: {login} is cleared for {clearance} when another person approves"
                    )
                }
                None => format!("{login} is cleared for {clearance}"),
            };
            Ok(Reply::done(account, sentence))
        }
        AccountDeed::Decide(deed) => decide::perform(platform, authority, "account", &deed),
        AccountDeed::Import(deed) => import::perform(platform, authority, &deed, input),
        AccountDeed::List { unit, request, limit, after } => {
            let (found, next) = authority.perform(platform, "account list", |call| {
                list(call, unit.as_deref(), request, limit, after.as_deref())
            })?;
            let rows: Vec<_> = found
                .iter()
                .map(|it| {
                    [
                        it.login.clone(),
                        it.full_name.clone(),
                        it.email.clone().unwrap_or_default(),
                        it.unit.clone(),
                        it.state.into(),
                        it.clearance.to_string(),
                        it.position
                            .map(|position| format!("to hold position {position}"))
                            .unwrap_or_default(),
                    ]
                })
                .collect();
            let heads = ["login", "full name", "e-mail", "unit", "state", "clearance", ""];
            let mut reply = Reply::table(json!({ "accounts": found, "next": next }), heads, rows);
            if let Some(next) = next {
                reply.text.push_str(&format!("\nmore: --after {next}"));
            }
            Ok(reply)
        }
        AccountDeed::Show { login } => {
            let account = authority.perform(platform, "account show", |call| show(call, &login))?;
            let temporary = account.temporary_password.map(|term| {
                term.until.map_or_else(|| format!("{} days from the approval", term.days), day::moment)
            });
            let facts = [
                ("login", account.login.clone()),
                ("full name", account.full_name.clone()),
                ("e-mail", account.email.clone().unwrap_or_default()),
                ("unit", account.unit.clone()),
                ("clearance", account.clearance.to_string()),
                ("state", account.state.to_owned()),
                ("must change password", if account.must_change_password { "yes" } else { "no" }.to_owned()),
                ("password accepted until", temporary.unwrap_or_else(|| "–".to_owned())),
                ("created", day::moment(account.created)),
            ];
            Ok(Reply::facts(account, &facts))
        }
        AccountDeed::Suspend { login, reason } => to("account suspend", &login, &|call, before| {
            accounts::suspend(call, before.id, &reason)?;
            Ok(match before.state {
                AccountState::Suspended => "was suspended already; nothing was changed",
                _ => "is suspended",
            })
        }),
        AccountDeed::Activate { login } => to("account activate", &login, &|call, before| {
            accounts::activate(call, before.id)?;
            Ok(match before.state {
                AccountState::Active => "was active already; nothing was changed",
                _ => "is active",
            })
        }),
        AccountDeed::Close { login, reason, dry_run } => {
            let (account, ends) = authority.perform(platform, "account close", |call| {
                let id = named::account(call, &login)?.id;
                let ends = accounts::closing(call, id)?;
                if !dry_run {
                    accounts::close(call, id, &reason)?;
                }
                Ok((Shown::whole(call, id)?, Ends::new(call, &ends)))
            })?;
            let sentence = match dry_run {
                true => format!("{login} would be closed for good, and with it would end: {}", ends.words()),
                false => format!("{login} is closed for good; with it ended: {}", ends.words()),
            };
            Ok(Reply::done(json!({ "account": account, "closed": !dry_run, "ended": ends }), sentence))
        }
        AccountDeed::Unlock { login } => to("account unlock", &login, &|call, before| {
            Ok(match release_lock(call, before.id)? {
                true => "is unlocked and can sign in again",
                false => "was not locked; nothing was changed",
            })
        }),
        AccountDeed::SetPassword { login, keep_password, .. } => {
            let password = new_password(input)?;
            let account = authority.perform(platform, "account set-password", |call| {
                let account = named::account(call, &login)?;
                accounts::set_password(call, account.id, &password, !keep_password)?;
                Shown::whole(call, account.id)
            })?;
            let sentence = format!(
                "{} has a new password; all its sessions are over{}",
                account.login,
                accepted(account.temporary_password)
            );
            Ok(Reply::done(account, sentence))
        }
        AccountDeed::History { login, before, limit } => {
            let (history, lines) = authority.perform(platform, "account history", |call| {
                let account = named::account(call, &login)?;
                let history = accounts::history(call, account.id, before, limit)?;
                let lines = audit::rows(call, &history.entries);
                Ok((history, lines))
            })?;
            let mut reply = audit::reply(&history.entries, lines);
            reply.value = json!({ "entries": reply.value, "next": history.next });
            if let Some(next) = history.next {
                reply.text.push_str(&format!("\nolder entries: --before {next}"));
            }
            Ok(reply)
        }
    }
}

/// How long a temporary password is accepted, to go on a sentence.
pub(super) fn accepted(term: Option<TemporaryTerm>) -> String {
    match term {
        None => String::new(),
        Some(TemporaryTerm { until: Some(until), .. }) => {
            format!("; its password is accepted until {}", day::moment(until))
        }
        Some(TemporaryTerm { days, until: None }) => {
            format!("; its password is accepted for {days} days from the approval")
        }
    }
}

/// The account, with the request about it that waits.
fn asked(call: &Call, id: AccountId, request: Option<RequestId>) -> Result<Shown, ServiceError> {
    Ok(Shown { request, ..Shown::whole(call, id)? })
}

/// The account, for those who manage it, and for its owner.
fn show(call: &mut Call, login: &str) -> Result<Shown, ServiceError> {
    let account = named::account(call, login)?;
    if call.account() != Some(account.id) {
        let target = dinh_model::Target { unit: account.unit, label: account.clearance, owner: None };
        call.require(&dinh_services::permissions::ACCOUNT_MANAGE, &target)?;
    }
    Shown::whole(call, account.id)
}

/// The accounts that the actor manages, within the subtree of `unit` if one is named, or those of a request; at most
/// `limit`, and after which one to go on if there are more.
fn list(
    call: &mut Call,
    unit: Option<&str>,
    request: Option<RequestId>,
    limit: usize,
    after: Option<&str>,
) -> Result<(Vec<Shown>, Option<String>), ServiceError> {
    let top = unit.map(|code| named::unit(call, code)).transpose()?.map(|unit| unit.id);
    let after = after.map(|login| named::account(call, login)).transpose()?.map(|account| account.id);
    let (page, positions) = match request {
        Some(request) => {
            let positions = match accounts::get_request(call, request)?.asked {
                Asked::Accounts { positions, .. } => positions,
                _ => Vec::new(),
            };
            (accounts::requested_accounts(call, request, after, limit)?, positions)
        }
        None => (list_accounts(call, top, after, limit)?, Vec::new()),
    };
    let held: HashMap<_, _> =
        positions.iter().flat_map(|asked| asked.holders.iter().map(|it| (*it, asked.position))).collect();
    let next = page.next.map(|last| named::login_of(call, last));
    let shown = |account: Account| {
        let position = held.get(&account.id).copied();
        Shown { position, ..Shown::new(call, account) }
    };
    Ok((page.accounts.into_iter().map(shown).collect(), next))
}

fn new_password(input: Input) -> Result<Password> {
    Ok(Password::new(&input.password.context("the command came without the password it sets")?.0))
}
