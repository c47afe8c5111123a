//! What an account has: its own grants, those of the positions it holds, those that it borrows. The one place that
//! adds the three up, so that no rule forgets one.

use dinh_access::{Grantee, Term};
use dinh_model::AccountId;

use crate::accounts::{StoredGrant, delegations, grants, positions, roles};
use crate::{Call, ServiceError};

/// The grants by which an account has rights, or will when their terms begin, also while it is suspended: a rule
/// that looked at today only could be waited out.
pub(in crate::accounts) fn standing(
    call: &Call,
    account: AccountId,
) -> Result<Vec<StoredGrant>, ServiceError> {
    through(call, account, &|term| term.until.is_none_or(|until| call.now() < until))
}

/// Those in force now.
pub(in crate::accounts) fn in_force(
    call: &Call,
    account: AccountId,
) -> Result<Vec<StoredGrant>, ServiceError> {
    through(call, account, &|term| term.contains(call.now()))
}

/// Whether one of these grants lets somebody approve what others ask for.
pub(in crate::accounts) fn approves(call: &Call, had: &[StoredGrant]) -> Result<bool, ServiceError> {
    for grant in had {
        if roles::approves(call, &grant.role)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The grants that come to an account by terms that count. What a lender no longer has counts until the delegation
/// ends: they may have it again.
fn through(
    call: &Call,
    account: AccountId,
    counts: &dyn Fn(&Term) -> bool,
) -> Result<Vec<StoredGrant>, ServiceError> {
    let mut had = grants::standing(call, Grantee::Account(account))?;
    for held in positions::held_by(call, account)?.iter().filter(|held| counts(&held.term)) {
        had.extend(grants::standing(call, Grantee::Position(held.position))?);
    }
    had.extend(delegations::borrowed(call, account, counts)?);
    had.retain(|grant| counts(&grant.term));
    Ok(had)
}
