//! On whose behalf somebody may act.

use dinh_access::Term;
use dinh_model::{AccountId, GrantId, Timestamp};

use super::rules::has;
use super::{BORROWED, under};
use crate::accounts::{AccountState, StoredGrant, grants, people};
use crate::{Call, ServiceError};

/// Somebody on whose behalf the actor may act now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lender {
    /// Who.
    pub account: AccountId,
    /// What of their grants, in force now.
    pub grants: Vec<GrantId>,
    /// Until when at the latest.
    pub until: Option<Timestamp>,
}

/// On whose behalf the actor may act now, by number: what a person chooses from. Whoever is listed is an
/// `on_behalf_of` under which the actor has some right.
pub fn lenders(call: &Call) -> Result<Vec<Lender>, ServiceError> {
    let Some(borrower) = call.account() else { return Ok(Vec::new()) };
    let now = call.now();
    let mut found: Vec<Lender> = Vec::new();
    for delegation in under(call, BORROWED, borrower)? {
        let lender = people::get_account(call, delegation.lender)?;
        if !delegation.is_in_force(now) || lender.state != AccountState::Active {
            continue;
        }
        let mut in_force = Vec::new();
        for id in &delegation.grants {
            let grant = grants::get_grant(call, *id)?;
            if grant.term.contains(now) && has(call, lender.id, &grant)? {
                in_force.push(*id);
            }
        }
        if in_force.is_empty() {
            continue;
        }
        match found.iter_mut().find(|known| known.account == lender.id) {
            Some(known) => {
                known.grants.extend(in_force);
                known.grants.sort_unstable();
                known.grants.dedup();
                known.until = known.until.max(delegation.term.until);
            }
            None => found.push(Lender { account: lender.id, grants: in_force, until: delegation.term.until }),
        }
    }
    found.sort_unstable_by_key(|lender| lender.account);
    Ok(found)
}

/// The grants that an account may use on another's behalf during terms that count, whether or not the lender has them
/// now.
pub(in crate::accounts) fn borrowed(
    call: &Call,
    borrower: AccountId,
    counts: &dyn Fn(&Term) -> bool,
) -> Result<Vec<StoredGrant>, ServiceError> {
    let mut found = Vec::new();
    for delegation in under(call, BORROWED, borrower)? {
        if delegation.ended.is_none() && counts(&delegation.term) {
            for id in delegation.grants {
                found.push(grants::get_grant(call, id)?);
            }
        }
    }
    found.retain(|grant| grant.withdrawn.is_none());
    Ok(found)
}
