//! `dinh grant`.

use anyhow::Result;
use clap::Subcommand;
use dinh_access::Grantee;
use dinh_model::{Date, GrantId, Label, PositionId, RequestId, RoleId, Timestamp};
use dinh_services::accounts::{
    NewGrant, StoredGrant, get_grant, get_position, give, grants_to, list_grants, withdraw,
};
use dinh_services::{Call, Platform, ServiceError};
use serde::{Deserialize, Serialize};

use super::decide::{self, DecideDeed};
use super::{Authority, named};
use crate::day::{self, Day};
use crate::reply::Reply;

/// What can be done to grants.
#[derive(Subcommand, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GrantDeed {
    /// Ask that an account, or whoever holds a position, has a role for a unit and all below it; another person approves
    Give {
        /// The account's sign-in name
        #[arg(long, value_name = "LOGIN", required_unless_present = "position")]
        to: Option<String>,
        /// The position instead, by its number as `dinh position list` shows it
        #[arg(long, value_name = "NUMBER", conflicts_with = "to")]
        position: Option<PositionId>,
        /// The role, such as `pci-index.editor` or `dinh.administrator`
        #[arg(long)]
        role: RoleId,
        /// Code of the unit
        #[arg(long, value_name = "CODE")]
        unit: String,
        /// Only for records that the person owns
        #[arg(long)]
        own: bool,
        /// The highest label it reaches: ordinary or confidential
        #[arg(long, default_value_t = Label::Ordinary)]
        label: Label,
        /// First day [default: at once]
        #[arg(long, value_name = "DATE")]
        from: Option<Day>,
        /// Last day on which it holds, to its end [default: it does not end]
        #[arg(long, value_name = "DATE")]
        until: Option<Day>,
        /// Why; kept with the grant, and needed for a request
        #[arg(long, default_value = "")]
        reason: String,
    },
    /// Withdraw a grant: it holds for nothing any more, at once
    Withdraw {
        /// Its number, as `dinh grant list` shows it
        grant: GrantId,
        /// Why
        #[arg(long, default_value = "")]
        reason: String,
    },
    /// List the grants of the units in which whoever acts gives them
    List {
        /// Only those of this account
        #[arg(long, value_name = "LOGIN")]
        to: Option<String>,
        /// Only those of this position
        #[arg(long, value_name = "NUMBER", conflicts_with = "to")]
        position: Option<PositionId>,
        /// Also those that were withdrawn
        #[arg(long)]
        withdrawn: bool,
    },
    /// What becomes of such a request.
    #[command(flatten)]
    Decide(DecideDeed),
}

/// A grant as commands show one.
#[derive(Serialize)]
struct Shown {
    id: GrantId,
    to: String,
    role: RoleId,
    unit: String,
    own: bool,
    label: Label,
    /// First day.
    from: Option<Date>,
    /// Last day.
    until: Option<Date>,
    reason: String,
    /// None while it waits for another person.
    given: Option<Timestamp>,
    given_by: Option<String>,
    approved_by: Option<String>,
    withdrawn: Option<Timestamp>,
    /// The request that waits.
    request: Option<RequestId>,
}

impl Shown {
    fn new(call: &Call, grant: StoredGrant) -> Self {
        Self {
            id: grant.id,
            to: match grant.to {
                Grantee::Account(account) => named::login_of(call, account),
                Grantee::Position(position) => format!("position:{position}"),
            },
            role: grant.role,
            unit: named::code_of(call, grant.scope.unit),
            own: grant.scope.own,
            label: grant.label,
            from: day::first(&grant.term),
            until: day::last(&grant.term),
            reason: grant.reason,
            given: Some(grant.given),
            given_by: grant.given_by.map(|account| named::login_of(call, account)),
            approved_by: grant.approved_by.map(|account| named::login_of(call, account)),
            withdrawn: grant.withdrawn.map(|withdrawal| withdrawal.at),
            request: None,
        }
    }
}

impl Shown {
    /// A grant that waits for another person.
    fn waiting(call: &Call, id: GrantId, request: RequestId, new: NewGrant) -> Self {
        let to = match new.to {
            Grantee::Account(account) => named::login_of(call, account),
            Grantee::Position(position) => format!("position:{position}"),
        };
        Self {
            id,
            to,
            role: new.role,
            unit: named::code_of(call, new.unit),
            own: new.own,
            label: new.label,
            from: day::first(&new.term),
            until: day::last(&new.term),
            reason: new.reason,
            given: None,
            given_by: call.account().map(|account| named::login_of(call, account)),
            approved_by: None,
            withdrawn: None,
            request: Some(request),
        }
    }
}

/// Does it.
pub(super) fn perform(platform: &Platform, authority: &Authority, deed: GrantDeed) -> Result<Reply> {
    match deed {
        GrantDeed::Give { to, position, role, unit, own, label, from, until, reason } => {
            let grant = authority.perform(platform, "grant give", |call| {
                let new = NewGrant {
                    to: grantee(call, to.as_deref(), position)?,
                    role: role.clone(),
                    unit: named::unit(call, &unit)?.id,
                    own,
                    label,
                    term: day::term(from, until, call.now()),
                    reason: reason.clone(),
                };
                let made = give(call, new.clone())?;
                match made.request {
                    Some(request) => Ok(Shown::waiting(call, made.id, request, new)),
                    None => Ok(Shown::new(call, get_grant(call, made.id)?)),
                }
            })?;
            let what = format!("{} is {} for {} and below", grant.to, grant.role, grant.unit);
            let sentence = match grant.request {
                Some(request) => format!("request {request}: {what} when another person approves"),
                None => format!("grant {}: {what}", grant.id),
            };
            Ok(Reply::done(grant, sentence))
        }
        GrantDeed::Withdraw { grant, reason } => {
            let (grant, before) = authority.perform(platform, "grant withdraw", |call| {
                let before = get_grant(call, grant)?.withdrawn.is_some();
                withdraw(call, grant, &reason)?;
                Ok((Shown::new(call, get_grant(call, grant)?), before))
            })?;
            let sentence = match before {
                true => format!("grant {} was withdrawn already; nothing was changed", grant.id),
                false => format!("grant {} is withdrawn from {}", grant.id, grant.to),
            };
            Ok(Reply::done(grant, sentence))
        }
        GrantDeed::List { to, position, withdrawn } => {
            let mut grants = authority.perform(platform, "grant list", |call| {
                let of = (to.is_some() || position.is_some()).then(|| grantee(call, to.as_deref(), position));
                list(call, of.transpose()?)
            })?;
            grants.retain(|grant| withdrawn || grant.withdrawn.is_none());
            let rows: Vec<_> = grants
                .iter()
                .map(|it| {
                    let state = if it.withdrawn.is_some() { "withdrawn" } else { "" };
                    [
                        it.id.to_string(),
                        it.to.clone(),
                        it.role.to_string(),
                        it.unit.clone(),
                        it.label.to_string(),
                        if it.own { "own" } else { "" }.into(),
                        day::cell(it.until),
                        state.into(),
                    ]
                })
                .collect();
            Ok(Reply::table(grants, ["grant", "to", "role", "unit", "label", "records", "until", ""], rows))
        }
        GrantDeed::Decide(deed) => decide::perform(platform, authority, "grant", &deed),
    }
}

/// Whom a grant is for: an account by its login, or a position that there is.
fn grantee(call: &Call, to: Option<&str>, position: Option<PositionId>) -> Result<Grantee, ServiceError> {
    match position {
        Some(position) => Ok(Grantee::Position(get_position(call, position)?.id)),
        None => Ok(Grantee::Account(named::account(call, to.unwrap_or_default())?.id)),
    }
}

fn list(call: &mut Call, to: Option<Grantee>) -> Result<Vec<Shown>, ServiceError> {
    let grants = match to {
        Some(to) => grants_to(call, to)?,
        None => list_grants(call)?,
    };
    Ok(grants.into_iter().map(|grant| Shown::new(call, grant)).collect())
}
