//! Transfers: an account goes from one unit to another.
//!
//! The unit it leaves asks, the unit it comes to agrees: two people, each with `dinh.account.manage` for their side.
//! Rights belong to the unit's work (Thanh Hóa, Quyết định 4966/QĐ-SXD 2016, điều 8.3), so what the account was
//! granted for the unit it leaves and for those below, and the positions it holds there, end with it, unless they lie
//! in the unit it comes to. Grants that reach further are left as they are.

use dinh_access::Grantee;
use dinh_model::{AccountId, UnitId};

use crate::accounts::requests::{Agreed, Asked, Made, propose};
use crate::accounts::{grants, heads, life, people, positions, search, units};
use crate::{Call, ServiceError, space};

/// Asks that an account goes to another unit. It does when somebody else who manages accounts there approves, by
/// break-glass at once. Needs `dinh.account.manage` for its present unit. A unit's head administrator hands over
/// first.
pub fn transfer(
    call: &mut Call,
    account: AccountId,
    to: UnitId,
    reason: &str,
) -> Result<Made<AccountId>, ServiceError> {
    let found = people::get_account(call, account)?;
    let to = units::get_unit(call, to)?.id;
    let request = propose(call, Asked::Transfer { account, from: found.unit, to }, reason)?;
    Ok(Made { id: account, request })
}

/// Goes on only if an account can go: asked when it is asked for, and again when it is approved.
pub(in crate::accounts) fn check(
    call: &Call,
    account: AccountId,
    from: UnitId,
    to: UnitId,
) -> Result<(), ServiceError> {
    let account = people::get_account(call, account)?;
    life::approved(&account)?;
    let to = units::takes_people(call, to)?;
    if account.unit == to.id {
        return Err(ServiceError::invalid(
            format!("Tài khoản “{}” đang thuộc đơn vị “{}”.", account.login, to.name),
            format!("The account “{}” is of the unit “{}” already.", account.login, to.code),
        ));
    }
    if account.unit != from {
        return Err(ServiceError::refused(
            "unit-changed",
            people::subject(account.id),
            "Tài khoản đã chuyển đơn vị sau khi lập đề nghị: hãy từ chối và lập đề nghị mới.",
            "The account went to another unit since this was asked for; refuse this and ask anew.",
        ));
    }
    heads::may_leave(call, account.id)
}

/// Puts an account into another unit and ends what it had for the old one.
pub(in crate::accounts) fn apply(
    call: &mut Call,
    id: AccountId,
    to: UnitId,
    agreed: &Agreed,
) -> Result<(), ServiceError> {
    heads::leave(call, id)?;
    let mut account = people::get_account(call, id)?;
    let from = account.unit;
    let ends = |call: &Call, unit| -> Result<bool, ServiceError> {
        Ok(units::is_below(call, unit, from)? && !units::is_below(call, unit, to)?)
    };
    let (mut withdrawn, mut released) = (0, 0);
    for grant in grants::standing(call, Grantee::Account(id))? {
        if ends(call, grant.scope.unit)? {
            grants::end(call, grant, "")?;
            withdrawn += 1;
        }
    }
    for held in positions::held_by(call, id)? {
        if ends(call, positions::get_position(call, held.position)?.unit)? {
            positions::end(call, id, held.position);
            released += 1;
        }
    }
    search::unlist(call, &account);
    account.unit = to;
    search::list(call, &account)?;
    call.save(space::account(id), &account)?;
    call.people_changed();
    let detail = [
        ("unit", to.to_string()),
        ("from", from.to_string()),
        ("grants-ended", withdrawn.to_string()),
        ("positions-ended", released.to_string()),
    ];
    call.evidence("account.transferred", people::subject(id), detail.into_iter().chain(agreed.detail()));
    Ok(())
}
