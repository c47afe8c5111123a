//! `dinh delegation`.

use anyhow::Result;
use clap::Subcommand;
use dinh_model::{Date, DelegationId, GrantId};
use dinh_services::accounts::{
    NewDelegation, StoredDelegation, delegations_of, end_delegation, get_delegation, lend, lenders,
};
use dinh_services::{Call, Platform};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::decide::{self, DecideDeed};
use super::{Authority, named};
use crate::day::{self, Day};
use crate::reply::Reply;

/// What can be done to delegations.
#[derive(Subcommand, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DelegationDeed {
    /// Ask to lend some of one's own grants; the head of one's unit consents
    Lend {
        /// Who may act on one's behalf
        #[arg(long, value_name = "LOGIN")]
        to: String,
        /// A grant of one's own, as `dinh grant list` shows it; may be given several times
        #[arg(long = "grant", value_name = "NUMBER", required = true)]
        grants: Vec<GrantId>,
        /// First day [default: at once]
        #[arg(long, value_name = "DATE")]
        from: Option<Day>,
        /// Last day on which it holds, to its end; at most 366 days away
        #[arg(long, value_name = "DATE")]
        until: Day,
        /// Why
        #[arg(long)]
        reason: String,
    },
    /// End a delegation before its time, at once
    End {
        /// Its number, as `dinh delegation list` shows it
        delegation: DelegationId,
        /// Why
        #[arg(long, default_value = "")]
        reason: String,
    },
    /// List what an account lends and borrows
    List {
        /// The account [default: whoever acts]
        #[arg(long, value_name = "LOGIN")]
        of: Option<String>,
    },
    /// List on whose behalf whoever acts may act now
    Lenders,
    /// What becomes of such a request.
    #[command(flatten)]
    Decide(DecideDeed),
}

/// A delegation as commands show one.
#[derive(Serialize)]
struct Shown {
    id: DelegationId,
    lender: String,
    borrower: String,
    grants: Vec<GrantId>,
    /// First day.
    from: Option<Date>,
    /// Last day.
    until: Option<Date>,
    reason: String,
    consented_by: Option<String>,
    state: &'static str,
}

impl Shown {
    fn new(call: &Call, delegation: StoredDelegation) -> Self {
        let now = call.now();
        let state = match &delegation {
            it if it.ended.is_some() => "ended",
            it if it.is_in_force(now) => "in-force",
            it if it.term.until.is_some_and(|until| until <= now) => "over",
            _ => "to-come",
        };
        Self {
            id: delegation.id,
            lender: named::login_of(call, delegation.lender),
            borrower: named::login_of(call, delegation.borrower),
            grants: delegation.grants,
            from: day::first(&delegation.term),
            until: day::last(&delegation.term),
            reason: delegation.reason,
            consented_by: delegation.consented_by.map(|account| named::login_of(call, account)),
            state,
        }
    }
}

/// Does it.
pub(super) fn perform(platform: &Platform, authority: &Authority, deed: DelegationDeed) -> Result<Reply> {
    match deed {
        DelegationDeed::Lend { to, grants, from, until, reason } => {
            let request = authority.perform(platform, "delegation lend", |call| {
                let term = day::term(from, Some(until), call.now());
                let borrower = named::account(call, &to)?.id;
                let new = NewDelegation { borrower, grants: grants.clone(), term, reason: reason.clone() };
                Ok(lend(call, new)?.request)
            })?;
            let number = request.map(|request| request.to_string()).unwrap_or_default();
            let sentence = format!("request {number}: {to} may act when the head consents");
            Ok(Reply::done(json!({ "request": request }), sentence))
        }
        DelegationDeed::End { delegation, reason } => {
            let shown = authority.perform(platform, "delegation end", |call| {
                end_delegation(call, delegation, &reason)?;
                let ended = get_delegation(call, delegation)?;
                Ok(Shown::new(call, ended))
            })?;
            let sentence = format!(
                "delegation {delegation} is ended: {} no longer acts for {}",
                shown.borrower, shown.lender
            );
            Ok(Reply::done(shown, sentence))
        }
        DelegationDeed::List { of } => {
            let shown = authority.perform(platform, "delegation list", |call| {
                let of = match &of {
                    Some(login) => Some(named::account(call, login)?.id),
                    None => call.account(),
                };
                let found = of.map(|of| delegations_of(call, of)).transpose()?.unwrap_or_default();
                Ok(found.into_iter().map(|it| Shown::new(call, it)).collect::<Vec<_>>())
            })?;
            let rows: Vec<_> = shown
                .iter()
                .map(|it| {
                    let grants: Vec<String> = it.grants.iter().map(GrantId::to_string).collect();
                    let (lender, borrower) = (it.lender.clone(), it.borrower.clone());
                    [
                        it.id.to_string(),
                        lender,
                        borrower,
                        grants.join(", "),
                        day::cell(it.until),
                        it.state.to_owned(),
                    ]
                })
                .collect();
            let heads = ["delegation", "lender", "acts for them", "grants", "until", "state"];
            Ok(Reply::table(shown, heads, rows))
        }
        DelegationDeed::Lenders => {
            let found = authority.perform(platform, "delegation lenders", |call| {
                let found = lenders(call)?.into_iter();
                Ok(found
                    .map(|it| (named::login_of(call, it.account), it.until.map(day::before)))
                    .collect::<Vec<_>>())
            })?;
            let value: Vec<_> =
                found.iter().map(|(lender, until)| json!({ "lender": lender, "until": until })).collect();
            let rows = found.into_iter().map(|(lender, until)| [lender, day::cell(until)]);
            Ok(Reply::table(value, ["lender", "until"], rows))
        }
        DelegationDeed::Decide(deed) => decide::perform(platform, authority, "delegation", &deed),
    }
}
