//! Who could decide a request.

use dinh_model::{AccountId, Actor, RequestId};

use super::{Asked, get_request, kinds};
use crate::accounts::delegations;
use crate::{Call, ServiceError};

/// Who could approve a request now, in their own right, by number: for whoever may see it, so that they know whom
/// to turn to. Not who asked for it, nor whom it is for. Empty when there is nobody: then somebody has to be given
/// the right first.
pub fn deciders(call: &mut Call, id: RequestId) -> Result<Vec<AccountId>, ServiceError> {
    let request = get_request(call, id)?;
    let needed = kinds::of_decider(call, &request.asked)?;
    let mut found = Vec::new();
    if let Some((permission, target)) = needed.first()
        && let Some(index) = call.policy.permission(permission)
    {
        found = call.policy.who_can(index, target, call.now());
        found.retain(|account| {
            needed.iter().all(|needed| kinds::holds(call, &Actor::person(*account), needed))
        });
    }
    if let Asked::Delegation { lender, borrower, .. } = request.asked {
        found.extend(delegations::consenting(call, lender, borrower)?);
        found.sort_unstable();
        found.dedup();
    }
    let gain = kinds::gains(call, &request.asked)?;
    found.retain(|account| !request.by.names(*account) && !gain.contains(account));
    Ok(found)
}
