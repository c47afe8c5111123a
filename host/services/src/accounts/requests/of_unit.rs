//! Which requests are about a unit: what has to be decided before it ends.

use dinh_access::Grantee;
use dinh_model::{AccountId, PositionId, UnitId};

use super::{Asked, Request, shelf};
use crate::accounts::{grants, people, positions};
use crate::{Call, ServiceError};

/// Requests that wait and touch a unit itself: of people in it or on their way to it, of grants for it, of its
/// positions, of its head. Oldest first; relied upon.
pub(in crate::accounts) fn open_in_unit(call: &Call, unit: UnitId) -> Result<Vec<Request>, ServiceError> {
    let mut found = Vec::new();
    for id in shelf::all_open(call)? {
        let request = shelf::load(call, id)?;
        if !request.has_lapsed(call.now()) && concerns(call, &request.asked, unit)? {
            found.push(request);
        }
    }
    Ok(found)
}

fn concerns(call: &Call, asked: &Asked, unit: UnitId) -> Result<bool, ServiceError> {
    let home = |account: AccountId| Ok(people::get_account(call, account)?.unit == unit);
    let place = |position: PositionId| Ok(positions::get_position(call, position)?.unit == unit);
    match asked {
        Asked::Account(account) | Asked::Clearance { account, .. } => home(*account),
        Asked::Accounts { places, positions: held, .. } => {
            let mut about = places.iter().any(|(of, _)| *of == unit);
            for asked in held {
                about |= place(asked.position)?;
            }
            Ok(about)
        }
        Asked::Transfer { from, to, .. } => Ok([*from, *to].contains(&unit)),
        Asked::Grant(grant) => match grant.to {
            _ if grant.scope.unit == unit => Ok(true),
            Grantee::Account(_) => Ok(false),
            Grantee::Position(position) => place(position),
        },
        Asked::Holding { position, .. } => place(*position),
        Asked::Head { unit: of, .. } => Ok(*of == unit),
        Asked::Move { unit: of, from, to } => Ok([Some(*of), *from, Some(*to)].contains(&Some(unit))),
        Asked::Root { .. } => Ok(false),
        Asked::Entries(asked) => Ok(asked.unit == unit),
        Asked::Delegation { grants: lent, lender, .. } => {
            let mut about = home(*lender)?;
            for grant in lent {
                about |= grants::get_grant(call, *grant)?.scope.unit == unit;
            }
            Ok(about)
        }
    }
}
