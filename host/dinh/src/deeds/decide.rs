//! What becomes of requests: the same three deeds for accounts, grants, positions, heads, delegations, units and
//! catalogs.

use anyhow::Result;
use clap::Subcommand;
use dinh_access::Grantee;
use dinh_model::{AccountId, Date, GrantId, Label, RequestId, RoleId, Timestamp};
use dinh_services::accounts::{
    self, Asked, Decision, Request, RequestState, Signature, approve, get_request, refuse, withdraw_request,
};
use dinh_services::{Call, Platform, ServiceError};
use serde::{Deserialize, Serialize};

use super::{Authority, named};
use crate::day;
use crate::reply::{Reply, count};

/// What can be done to a request.
#[derive(Subcommand, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DecideDeed {
    /// Approve a request of somebody else: what was asked for is in force
    #[command(visible_alias = "consent")]
    Approve {
        /// Its number, as `dinh inbox` shows it
        request: RequestId,
    },
    /// Refuse a request of somebody else
    Refuse {
        /// Its number, as `dinh inbox` shows it
        request: RequestId,
        /// Why; whoever asked reads it
        #[arg(long)]
        reason: String,
    },
    /// Withdraw a request of one's own
    WithdrawRequest {
        /// Its number, as `dinh inbox --mine` shows it
        request: RequestId,
    },
}

/// Does it to a request that is of `noun`; of any kind under `inbox`.
pub(super) fn perform(
    platform: &Platform,
    authority: &Authority,
    noun: &'static str,
    deed: &DecideDeed,
) -> Result<Reply> {
    let (verb, said, id) = match deed {
        DecideDeed::Approve { request } => ("approve", "is approved and in force", *request),
        DecideDeed::Refuse { request, .. } => ("refuse", "is refused", *request),
        DecideDeed::WithdrawRequest { request } => ("withdraw-request", "is withdrawn", *request),
    };
    let shown = authority.perform(platform, &format!("{noun} {verb}"), |call| {
        let of = noun_of(&get_request(call, id)?.asked);
        if noun != "inbox" && of != noun {
            return Err(ServiceError::invalid(
                format!("Đề nghị {id} thuộc lệnh `dinh {of}`: hãy dùng `dinh {of} {verb} {id}`."),
                format!("request {id} is another command's; use `dinh {of} {verb} {id}`"),
            ));
        }
        let request = match deed {
            DecideDeed::Approve { .. } => approve(call, id)?,
            DecideDeed::Refuse { reason, .. } => refuse(call, id, reason)?,
            DecideDeed::WithdrawRequest { .. } => withdraw_request(call, id)?,
        };
        Ok(ShownRequest::new(call, &request))
    })?;
    let sentence = format!("request {id}, {}, {said}", shown.what);
    Ok(Reply::done(shown, sentence))
}

/// The command whose requests these are.
fn noun_of(asked: &Asked) -> &'static str {
    match asked {
        Asked::Account(_) | Asked::Accounts { .. } | Asked::Clearance { .. } | Asked::Transfer { .. } => {
            "account"
        }
        Asked::Grant(_) => "grant",
        Asked::Holding { .. } => "position",
        Asked::Head { .. } => "head",
        Asked::Delegation { .. } => "delegation",
        Asked::Move { .. } | Asked::Root { .. } => "unit",
        Asked::Entries(_) => "catalog",
    }
}

/// A request as commands show one.
#[derive(Serialize)]
pub(super) struct ShownRequest {
    pub(super) request: RequestId,
    pub(super) kind: &'static str,
    /// What is asked for, in words.
    pub(super) what: String,
    to: Option<String>,
    unit: Option<String>,
    role: Option<RoleId>,
    pub(super) label: Option<Label>,
    /// Of a grant: only for records that the person owns.
    pub(super) own: bool,
    grants: Vec<GrantId>,
    /// First day.
    pub(super) from: Option<Date>,
    /// Last day.
    pub(super) until: Option<Date>,
    pub(super) reason: String,
    pub(super) by: String,
    pub(super) on_behalf_of: Option<String>,
    pub(super) at: Timestamp,
    pub(super) lapses: Timestamp,
    pub(super) state: &'static str,
    pub(super) decided_by: Option<String>,
    pub(super) decided: Option<Timestamp>,
    pub(super) decision: Option<String>,
}

impl ShownRequest {
    pub(super) fn new(call: &Call, request: &Request) -> Self {
        let login = |account: AccountId| named::login_of(call, account);
        let decision = match &request.state {
            RequestState::Approved(decision)
            | RequestState::Refused(decision)
            | RequestState::Withdrawn(decision) => Some(decision),
            RequestState::Open | RequestState::Lapsed => None,
        };
        let by = |decision: &Decision| decision.by.map(|Signature { account, .. }| login(account));
        let mut shown = Self {
            request: request.id,
            kind: request.asked.kind(),
            what: String::new(),
            to: None,
            unit: None,
            role: None,
            label: None,
            own: false,
            grants: Vec::new(),
            from: None,
            until: None,
            reason: request.reason.clone(),
            by: login(request.by.account),
            on_behalf_of: request.by.on_behalf_of.map(login),
            at: request.at,
            lapses: request.lapses(),
            state: request.standing(call.now()),
            decided_by: decision.and_then(by),
            decided: decision.map(|decision| decision.at),
            decision: decision.map(|decision| decision.reason.clone()),
        };
        shown.fill(call, &request.asked);
        shown
    }

    fn fill(&mut self, call: &Call, asked: &Asked) {
        let login = |account: AccountId| named::login_of(call, account);
        let code = |unit| named::code_of(call, unit);
        match asked {
            Asked::Account(account) => {
                let found = accounts::get_account(call, *account).ok();
                self.unit = found.as_ref().map(|account| code(account.unit));
                self.label = found.as_ref().map(|account| account.clearance);
                self.to = Some(login(*account));
                let unit = self.unit.clone().unwrap_or_default();
                self.what = format!("account {} in {unit}", login(*account));
                if found.is_some_and(|account| !account.must_change_password) {
                    self.what.push_str(", its password kept");
                }
            }
            Asked::Accounts { count: accounts, places, positions, .. } => {
                self.label = places.iter().map(|(_, label)| *label).max();
                let units: Vec<_> = places.iter().map(|(unit, _)| code(*unit)).collect();
                self.what = match units.as_slice() {
                    [unit] => format!("{} in {unit}", count(*accounts as usize, "account", "accounts")),
                    units => format!(
                        "{} in {} units",
                        count(*accounts as usize, "account", "accounts"),
                        units.len()
                    ),
                };
                if let [unit] = units.as_slice() {
                    self.unit = Some(unit.clone());
                }
                for held in positions {
                    let (position, holders) = (held.position, held.holders.len());
                    self.what.push_str(&format!(", {holders} to hold position:{position}"));
                    self.grants.extend(&held.grants);
                }
            }
            Asked::Clearance { account, clearance } => {
                self.to = Some(login(*account));
                self.label = Some(*clearance);
                self.what = format!("{} cleared for {clearance}", login(*account));
            }
            Asked::Transfer { account, from, to } => {
                self.to = Some(login(*account));
                self.unit = Some(code(*to));
                self.what = format!("{} from {} to {}", login(*account), code(*from), code(*to));
            }
            Asked::Grant(grant) => {
                let to = match grant.to {
                    Grantee::Account(account) => login(account),
                    Grantee::Position(position) => format!("position:{position}"),
                };
                let own = if grant.scope.own { ", own records" } else { "" };
                self.what = format!("{} for {to} in {}{own}", grant.role, code(grant.scope.unit));
                self.to = Some(to);
                self.unit = Some(code(grant.scope.unit));
                self.role = Some(grant.role.clone());
                self.label = Some(grant.label);
                self.own = grant.scope.own;
                (self.from, self.until) = (day::first(&grant.term), day::last(&grant.term));
            }
            Asked::Holding { account, position, term, grants } => {
                self.to = Some(login(*account));
                self.grants.clone_from(grants);
                (self.from, self.until) = (day::first(term), day::last(term));
                self.what = format!("{} holds position:{position}", login(*account));
            }
            Asked::Head { unit, account, label, .. } => {
                self.to = Some(login(*account));
                self.unit = Some(code(*unit));
                self.label = Some(*label);
                self.what = format!("{} as head of {}", login(*account), code(*unit));
            }
            Asked::Delegation { lender, borrower, grants, term } => {
                self.to = Some(login(*borrower));
                self.grants.clone_from(grants);
                (self.from, self.until) = (day::first(term), day::last(term));
                self.what = format!("{} acts for {}", login(*borrower), login(*lender));
            }
            Asked::Move { unit, from, to } => {
                self.unit = Some(code(*unit));
                let from = from.map_or_else(|| "the roots".to_owned(), code);
                self.what = format!("{} from under {from} to under {}", code(*unit), code(*to));
            }
            Asked::Entries(asked) => {
                self.unit = Some(code(asked.unit));
                let more = if asked.len() as usize > asked.codes.len() { ", …" } else { "" };
                self.what = format!(
                    "{}: {} added, {} changed ({}{more})",
                    asked.catalog,
                    asked.added,
                    asked.changed,
                    asked.codes.join(", ")
                );
            }
            Asked::Root { code, name, .. } => {
                self.unit = Some(code.clone());
                self.what = format!("{code} as another root: {name}");
            }
        }
    }
}
