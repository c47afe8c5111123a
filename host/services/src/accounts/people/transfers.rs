//! Transfers: an account goes from one unit to another.
//!
//! The unit it leaves asks, by whoever manages accounts there; the unit it comes to agrees, by whoever approves accounts
//! there (`dinh.account.approve`): those nobody else lets in, so that nobody is both. Where a right of the platform ends
//! with it, whoever asks needs that right, too, as for closing (`people::rank`).
//! Rights belong to the unit's work (Thanh Hóa, Quyết định 4966/QĐ-SXD 2016, điều 8.3), so what the account has for the
//! branch it leaves ends with it:
//!
//! ```text
//!          tỉnh          from P1 to Q1: the branch is P with all below, the part of the way up that P1 and Q1
//!         ╱    ╲         do not share. From P1 to P2: P1. From P1 up to P: P1. From P down to P1: P without P1.
//!        P      Q        Grants whose scope begins in the branch end, and positions there.
//!       ╱ ╲     │
//!      P1 P2    Q1
//! ```
//! Grants that reach further, and those for quite other units, are left as they are; whoever approves is shown them
//! ([`kept_by`]) and withdraws what is not meant.

use dinh_access::{Grantee, Term};
use dinh_model::{AccountId, PositionId, UnitId};

use crate::accounts::requests::{Agreed, Asked, Made, Needed, Request, propose};
use crate::accounts::{Account, StoredGrant, grants, heads, life, people, positions, rank, search, units};
use crate::permissions::ACCOUNT_MANAGE;
use crate::{Call, ServiceError, space};

/// Asks that an account goes to another unit. It does when somebody else who approves accounts there does, by
/// break-glass at once. Needs `dinh.account.manage` for its present unit, and every right of the platform that ends with
/// it. A unit's head administrator hands over first.
pub fn transfer(
    call: &mut Call,
    account: AccountId,
    to: UnitId,
    reason: &str,
) -> Result<Made<AccountId>, ServiceError> {
    let found = people::get_account(call, account)?;
    let to = units::get_unit(call, to)?.id;
    if !call.origin.operator {
        call.require(&ACCOUNT_MANAGE, &people::target(&found))?;
        rank::over_what_ends(call, &found, &Ends::new(call, &found, found.unit, to)?.rights(call)?)?;
    }
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

/// What somebody keeps when they go to another unit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// Grants of their own whose terms are not over.
    pub grants: Vec<StoredGrant>,
    /// Positions whose terms are not over.
    pub positions: Vec<PositionId>,
}

/// What an account keeps when it goes to another unit, for whoever was shown the request; nothing for other requests.
pub fn kept_by(call: &Call, request: &Request) -> Result<Kept, ServiceError> {
    let Asked::Transfer { account, from, to } = request.asked else { return Ok(Kept::default()) };
    let lasts = |term: &Term| term.until.is_none_or(|until| call.now() < until);
    let left = Left::new(call, from, to)?;
    let mut kept = Kept::default();
    for grant in grants::standing(call, Grantee::Account(account))? {
        if lasts(&grant.term) && !left.holds(call, grant.scope.unit)? {
            kept.grants.push(grant);
        }
    }
    for held in positions::held_by(call, account)? {
        if lasts(&held.term) && !left.holds(call, positions::get_position(call, held.position)?.unit)? {
            kept.positions.push(held.position);
        }
    }
    Ok(kept)
}

/// The branch that somebody leaves who goes from one unit to another.
struct Left {
    /// Its top.
    top: UnitId,
    /// What of it they come to.
    but: Option<UnitId>,
}

impl Left {
    fn new(call: &Call, from: UnitId, to: UnitId) -> Result<Self, ServiceError> {
        if units::is_below(call, to, from)? {
            return Ok(Self { top: from, but: Some(to) });
        }
        // Up to the last unit that `to` is not below, too.
        let mut top = from;
        while let Some(parent) = units::get_unit(call, top)?.parent {
            if units::is_below(call, to, parent)? {
                break;
            }
            top = parent;
        }
        Ok(Self { top, but: None })
    }

    fn holds(&self, call: &Call, unit: UnitId) -> Result<bool, ServiceError> {
        let spared = match self.but {
            Some(but) => units::is_below(call, unit, but)?,
            None => false,
        };
        Ok(!spared && units::is_below(call, unit, self.top)?)
    }
}

/// What ends with a transfer.
struct Ends {
    grants: Vec<StoredGrant>,
    positions: Vec<PositionId>,
}

impl Ends {
    fn new(call: &Call, account: &Account, from: UnitId, to: UnitId) -> Result<Self, ServiceError> {
        let left = Left::new(call, from, to)?;
        let mut ends = Self { grants: Vec::new(), positions: Vec::new() };
        for grant in grants::standing(call, Grantee::Account(account.id))? {
            if left.holds(call, grant.scope.unit)? {
                ends.grants.push(grant);
            }
        }
        for held in positions::held_by(call, account.id)? {
            if left.holds(call, positions::get_position(call, held.position)?.unit)? {
                ends.positions.push(held.position);
            }
        }
        Ok(ends)
    }

    /// The grants whose rights end: their own and those of the positions.
    fn rights(&self, call: &Call) -> Result<Vec<StoredGrant>, ServiceError> {
        let mut rights = self.grants.clone();
        for position in &self.positions {
            rights.extend(grants::standing(call, Grantee::Position(*position))?);
        }
        Ok(rights)
    }
}

/// The rights of the platform that end with a transfer: whoever asks needs them all, still when it is approved.
pub(in crate::accounts) fn of_what_ends(
    call: &Call,
    account: &Account,
    from: UnitId,
    to: UnitId,
) -> Result<Needed, ServiceError> {
    rank::of_the_platform(call, account, &Ends::new(call, account, from, to)?.rights(call)?)
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
    let Ends { grants, positions } = Ends::new(call, &account, from, to)?;
    let (withdrawn, released) = (grants.len(), positions.len());
    for grant in grants {
        grants::end(call, grant, "")?;
    }
    for position in positions {
        positions::end(call, id, position);
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
