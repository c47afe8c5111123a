//! `dinh account release-password`, `reset-second-factor`, `sessions`, `end-sessions`, `tokens`, `revoke-token`: what
//! an administrator does about how somebody signs in.

use anyhow::{Result, anyhow};
use clap::Subcommand;
use dinh_model::RecordId;
use dinh_services::Platform;
use dinh_services::accounts::{self, AccessToken, IdentityCheck, OpenSession, SessionCursor};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Authority, account, named};
use crate::day;
use crate::reply::{Reply, count};

/// What can be done about how somebody signs in.
#[derive(Subcommand, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SignInDeed {
    /// Release a lost password to somebody who stands before you: prints a temporary one, this once
    ReleasePassword {
        /// The sign-in name
        login: String,
        /// How you made sure who it is: citizen-card, vneid, staff-card or known-in-person
        #[arg(long, value_name = "HOW")]
        identity: IdentityCheck,
    },
    /// Take the second factor off the account of somebody who lost it and stands before you
    ResetSecondFactor {
        /// The sign-in name
        login: String,
        /// How you made sure who it is: citizen-card, vneid, staff-card or known-in-person
        #[arg(long, value_name = "HOW")]
        identity: IdentityCheck,
    },
    /// List open sessions, of one account or of all that whoever acts manages
    Sessions {
        /// The sign-in name
        login: Option<String>,
        /// Go on after this place
        #[arg(long, value_name = "PLACE")]
        after: Option<String>,
        /// At most so many
        #[arg(long, value_name = "NUMBER", default_value_t = 100)]
        limit: usize,
    },
    /// End all sessions of an account, or one of them
    EndSessions {
        /// The sign-in name
        login: String,
        /// Only this one
        #[arg(long, value_name = "ID")]
        session: Option<RecordId>,
    },
    /// List the access tokens of an account
    Tokens {
        /// The sign-in name
        login: String,
    },
    /// Revoke an access token of an account
    RevokeToken {
        /// The sign-in name
        login: String,
        /// Its id, as `tokens` lists it
        id: RecordId,
    },
}

/// Does it.
pub(super) fn perform(platform: &Platform, authority: &Authority, deed: SignInDeed) -> Result<Reply> {
    match deed {
        SignInDeed::ReleasePassword { login, identity } => {
            let released = authority.perform(platform, "account release-password", |call| {
                let account = named::account(call, &login)?;
                accounts::release_password(call, account.id, identity)
            })?;
            let (temporary, accepted, tokens) = (released.password, released.accepted, released.tokens);
            let text = format!(
                "{login} has the temporary password {temporary}, to be changed at the first sign-in; it is shown this once{}",
                account::accepted(Some(accepted)) + &revoked(tokens)
            );
            let value = json!({
                "login": login, "temporary_password": temporary, "accepted": accepted, "tokens_revoked": tokens,
            });
            Ok(Reply::done(value, text))
        }
        SignInDeed::ResetSecondFactor { login, identity } => {
            let done = authority.perform(platform, "account reset-second-factor", |call| {
                let account = named::account(call, &login)?;
                accounts::reset_second_factor(call, account.id, identity)
            })?;
            let text = match done {
                true => "has no second factor any more; all its sessions are over",
                false => "had no second factor; nothing was changed",
            };
            Ok(Reply::done(json!({ "login": login, "removed": done }), format!("{login} {text}")))
        }
        SignInDeed::Sessions { login, after, limit } => {
            sessions(platform, authority, login.as_deref(), after.as_deref(), limit)
        }
        SignInDeed::EndSessions { login, session } => {
            let ended = authority.perform(platform, "account end-sessions", |call| {
                let account = named::account(call, &login)?;
                match session {
                    Some(session) => accounts::end_session(call, account.id, session),
                    None => accounts::end_sessions(call, account.id, None).map(|()| true),
                }
            })?;
            let text = match (ended, session) {
                (true, None) => format!("all sessions of {login} are over"),
                (true, Some(session)) => format!("session {session} of {login} is over"),
                (false, _) => format!("{login} has no such session; nothing was changed"),
            };
            Ok(Reply::done(json!({ "login": login, "ended": ended }), text))
        }
        SignInDeed::Tokens { login } => {
            let tokens = authority.perform(platform, "account tokens", |call| {
                let account = named::account(call, &login)?;
                accounts::list_tokens(call, account.id)
            })?;
            let value: Vec<Value> = tokens.iter().map(token).collect();
            let rows = tokens.iter().map(|token| {
                [
                    token.id.to_string(),
                    token.name.clone(),
                    scope(token).join(" "),
                    if token.scope.read_only { "reads only" } else { "reads and writes" }.to_owned(),
                    day::moment(token.expires),
                    token.used.map_or_else(|| "never".to_owned(), day::moment),
                ]
            });
            Ok(Reply::table(value, ["id", "name", "scope", "kind", "ends", "last used"], rows))
        }
        SignInDeed::RevokeToken { login, id } => {
            let revoked = authority.perform(platform, "account revoke-token", |call| {
                let account = named::account(call, &login)?;
                accounts::revoke_token(call, account.id, id)
            })?;
            let text = match revoked {
                true => format!("the access token {id} of {login} opens nothing any more"),
                false => format!("{login} has no such access token; nothing was changed"),
            };
            Ok(Reply::done(json!({ "login": login, "revoked": revoked }), text))
        }
    }
}

/// That access tokens ended with a password, to go on a sentence.
fn revoked(tokens: usize) -> String {
    match tokens {
        0 => String::new(),
        _ => format!("; {} revoked, programs need new ones", count(tokens, "access token", "access tokens")),
    }
}

fn sessions(
    platform: &Platform,
    authority: &Authority,
    login: Option<&str>,
    after: Option<&str>,
    limit: usize,
) -> Result<Reply> {
    let after = after.map(|text| {
        let wrong = || anyhow!("{text:?} is no place in the list; give the one that the list ended with");
        text.parse::<SessionCursor>().map_err(|()| wrong())
    });
    let after = after.transpose()?;
    let (found, logins) = authority.perform(platform, "account sessions", |call| {
        let of = login.map(|login| named::account(call, login)).transpose()?.map(|account| account.id);
        let found = accounts::list_sessions(platform, call, of, after, limit)?;
        let logins: Vec<_> =
            found.sessions.iter().map(|session| named::login_of(call, session.account)).collect();
        Ok((found, logins))
    })?;
    let row = |session: &OpenSession, login: &String| {
        [
            session.id.to_string(),
            login.clone(),
            session.kind.as_str().to_owned(),
            day::moment(session.opened),
            day::moment(session.seen),
            session.address.to_string(),
        ]
    };
    let heads = ["id", "login", "kind", "opened", "last used", "address"];
    let rows: Vec<_> =
        found.sessions.iter().zip(&logins).map(|(session, login)| row(session, login)).collect();
    let listed = found.sessions.iter().zip(&logins).map(|(session, login)| {
        json!({
            "id": session.id, "login": login, "kind": session.kind.as_str(),
            "opened": session.opened, "seen": session.seen, "address": session.address,
        })
    });
    let listed: Vec<Value> = listed.collect();
    let next = found.next.map(|next| next.to_string());
    let mut reply = Reply::table(json!({ "sessions": listed, "next": next }), heads, rows);
    if let Some(next) = next {
        reply.text.push_str(&format!("\nmore: --after {next}"));
    }
    Ok(reply)
}

fn scope(token: &AccessToken) -> Vec<String> {
    let plugins = token.scope.plugins.iter().map(ToString::to_string);
    plugins.chain(token.scope.permissions.iter().map(ToString::to_string)).collect()
}

fn token(token: &AccessToken) -> Value {
    json!({
        "id": token.id, "name": token.name, "scope": scope(token), "read_only": token.scope.read_only,
        "made": token.made.to_string(), "expires": token.expires.to_string(),
        "used": token.used.map(|used| used.to_string()),
    })
}
