//! `dinh account rights`: what somebody may, and why: their grants, those of their positions, what was lent to them.

use anyhow::Result;
use dinh_access::Grantee;
use dinh_model::{AccountId, Date, GrantId, Label, Permission, RoleId};
use dinh_services::accounts::{
    Account, StoredGrant, delegations_of, find_role, get_grant, get_position, grants_of,
};
use dinh_services::{Call, Platform, ServiceError};
use serde::Serialize;
use serde_json::json;

use super::super::{Authority, named};
use crate::day;
use crate::reply::{Reply, facts_of, table};

/// A grant that somebody has the use of.
#[derive(Serialize)]
struct Right {
    grant: GrantId,
    /// Why they have it.
    because: String,
    role: RoleId,
    permissions: Vec<Permission>,
    unit: String,
    own: bool,
    /// The highest label it reaches, the clearance considered.
    label: Label,
    /// Last day.
    until: Option<Date>,
    given_by: Option<String>,
    approved_by: Option<String>,
    reason: String,
}

impl Right {
    fn new(call: &Call, grant: StoredGrant, because: String, most: Label) -> Result<Self, ServiceError> {
        let login = |account: AccountId| named::login_of(call, account);
        let role = find_role(call, &grant.role)?;
        Ok(Self {
            grant: grant.id,
            because,
            permissions: role.map(|role| role.permissions).unwrap_or_default(),
            role: grant.role,
            unit: named::code_of(call, grant.scope.unit),
            own: grant.scope.own,
            label: grant.label.min(most),
            until: day::last(&grant.term),
            given_by: grant.given_by.map(login),
            approved_by: grant.approved_by.map(login),
            reason: grant.reason,
        })
    }
}

/// Tells it.
pub(super) fn rights(platform: &Platform, authority: &Authority, login: &str) -> Result<Reply> {
    let (account, rights) = authority.perform(platform, "account rights", |call| {
        let account = named::account(call, login)?;
        let rights = found(call, &account)?;
        Ok((account, rights))
    })?;
    let rows = rights.iter().map(|it| {
        [
            it.grant.to_string(),
            it.because.clone(),
            it.role.to_string(),
            it.unit.clone(),
            if it.own { "own" } else { "all" }.to_owned(),
            it.label.to_string(),
            day::cell(it.until),
            it.given_by.clone().unwrap_or_else(|| "the operator".to_owned()),
            it.approved_by.clone().unwrap_or_else(|| "–".to_owned()),
        ]
    });
    let heads = [
        "grant",
        "because",
        "role",
        "unit and below",
        "records",
        "label",
        "until",
        "given by",
        "approved by",
    ];
    let facts = [
        ("login", account.login.clone()),
        ("state", account.state.as_str().to_owned()),
        ("cleared for", account.clearance.to_string()),
    ];
    let text = format!("{}\n\n{}", facts_of(&facts), table(heads, rows));
    let value = json!({
        "login": account.login,
        "state": account.state.as_str(),
        "clearance": account.clearance,
        "rights": rights,
    });
    Ok(Reply::lines(value, text))
}

/// Grants in force today, then what is lent and in force.
fn found(call: &mut Call, account: &Account) -> Result<Vec<Right>, ServiceError> {
    let mut rights = Vec::new();
    for grant in grants_of(call, account.id)? {
        let because = match grant.to {
            Grantee::Account(_) => "granted".to_owned(),
            Grantee::Position(position) => {
                format!("holds position:{position} ({})", get_position(call, position)?.title.vi)
            }
        };
        rights.push(Right::new(call, grant, because, account.clearance)?);
    }
    let now = call.now();
    let borrowed = match delegations_of(call, account.id) {
        Ok(found) => found,
        // Whoever gives grants there and is neither head nor director sees what was granted.
        Err(ServiceError::Denied(_)) => Vec::new(),
        Err(error) => return Err(error),
    };
    for delegation in borrowed.into_iter().filter(|it| it.borrower == account.id && it.is_in_force(now)) {
        let lender = named::login_of(call, delegation.lender);
        for grant in &delegation.grants {
            let because = format!("lent by {lender} (delegation {})", delegation.id);
            let mut right = Right::new(call, get_grant(call, *grant)?, because, account.clearance)?;
            let end = day::last(&delegation.term);
            right.until = [right.until, end].into_iter().flatten().min();
            rights.push(right);
        }
    }
    Ok(rights)
}
