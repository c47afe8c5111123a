//! What ends with an account that is closed: whoever closes it sees it before, and all of it ends in the same change, so
//! that nobody who has left stands anywhere as if they were there.

use dinh_access::Grantee;
use dinh_model::{AccountId, DelegationId, GrantId, PositionId, RequestId};

use crate::accounts::people::{self, rank};
use crate::accounts::{delegations, grants, names, positions, requests, second_factor, tokens};
use crate::{Call, ServiceError};

/// What ends with an account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Closing {
    /// Grants of its own that were not withdrawn.
    pub grants: Vec<GrantId>,
    /// Positions it holds.
    pub positions: Vec<PositionId>,
    /// Delegations that it lends or borrows.
    pub delegations: Vec<DelegationId>,
    /// Undecided requests that it made or that are about it.
    pub requests: Vec<RequestId>,
    /// How many access tokens it has.
    pub tokens: usize,
}

/// What would end if an account were closed now. Needs what closing it needs.
pub fn closing(call: &mut Call, id: AccountId) -> Result<Closing, ServiceError> {
    let account = people::managed(call, id)?;
    rank::over_closing(call, &account)?;
    of(call, id)
}

fn of(call: &Call, id: AccountId) -> Result<Closing, ServiceError> {
    Ok(Closing {
        grants: grants::standing(call, Grantee::Account(id))?.into_iter().map(|grant| grant.id).collect(),
        positions: positions::held_by(call, id)?.into_iter().map(|held| held.position).collect(),
        delegations: delegations::standing(call, id)?,
        requests: requests::open_of(call, id)?,
        tokens: tokens::count(call, id)?,
    })
}

/// Ends it all, when the actor may close the account; the counts, for the evidence.
pub(in crate::accounts) fn end(
    call: &mut Call,
    id: AccountId,
    reason: &str,
) -> Result<[(&'static str, String); 5], ServiceError> {
    let Closing { grants, positions, delegations, requests, .. } = of(call, id)?;
    let reason = names::reason(reason)?;
    let counts = [grants.len(), positions.len(), delegations.len(), requests.len()];
    // First what only asks, while what it asks about is still as it was.
    for request in requests {
        requests::withdraw_for(call, request, &reason)?;
    }
    for delegation in delegations {
        delegations::end(call, delegation, &reason)?;
    }
    for position in positions {
        positions::end(call, id, position);
    }
    for grant in grants {
        let grant = grants::get_grant(call, grant)?;
        grants::end(call, grant, &reason)?;
    }
    let tokens = tokens::revoke_all(call, id)?;
    call.transaction.delete(second_factor::key(id));
    let [grants, positions, delegations, requests] = counts.map(|count| count.to_string());
    Ok([
        ("grants-ended", grants),
        ("positions-ended", positions),
        ("delegations-ended", delegations),
        ("requests-withdrawn", requests),
        ("tokens-revoked", tokens.to_string()),
    ])
}
