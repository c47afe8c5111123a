//! What each kind of request asks of whom: the right to ask, the right to decide, the conditions, the deed.

use dinh_access::{Grantee, Term};
use dinh_model::{AccountId, Actor, Label, Permission, Target, UnitId};

use super::super::{delegations, grants, heads, life, moves, people, positions, roots, transfers, units};
use super::{Agreed, Asked, approvers, shelf};
use crate::permissions::{ACCOUNT_APPROVE, ACCOUNT_MANAGE, CATALOG_PROPOSE, GRANT_APPROVE};
use crate::{Call, ServiceError, catalog};

/// Rights that somebody needs, all of them.
pub(in crate::accounts) type Needed = Vec<(Permission, Target)>;

/// Whether `actor` holds a permission by the rules, break-glass apart.
pub(super) fn holds(call: &Call, actor: &Actor, (permission, target): &(Permission, Target)) -> bool {
    let index = call.policy.permission(permission);
    index.is_some_and(|index| call.policy.check(actor, index, target, call.now()))
}

/// What whoever asks must be allowed, when they ask and still when it is approved. Nothing for a delegation:
/// its conditions say whose rights are lent.
pub(super) fn of_asker(call: &Call, asked: &Asked) -> Result<Needed, ServiceError> {
    Ok(match asked {
        Asked::Account(account) => {
            vec![(ACCOUNT_MANAGE.clone(), people::target(&people::get_account(call, *account)?))]
        }
        Asked::Accounts { places, positions: held, .. } => {
            let mut needed = of_places(&ACCOUNT_MANAGE, places);
            for asked in held {
                needed.extend(positions::needed(call, &positions::get_position(call, asked.position)?)?);
            }
            needed
        }
        Asked::Clearance { account, clearance } => {
            let account = people::get_account(call, *account)?;
            let label = account.clearance.max(*clearance);
            vec![(ACCOUNT_MANAGE.clone(), Target { label, ..people::target(&account) })]
        }
        Asked::Transfer { account, from, to } => {
            let account = people::get_account(call, *account)?;
            let mut needed =
                vec![(ACCOUNT_MANAGE.clone(), Target { unit: *from, ..people::target(&account) })];
            needed.extend(transfers::of_what_ends(call, &account, *from, *to)?);
            needed
        }
        Asked::Grant(grant) => grants::needed(call, &grant.role, grant.scope.unit, grant.label)?,
        Asked::Holding { position, .. } => {
            positions::needed(call, &positions::get_position(call, *position)?)?
        }
        Asked::Head { unit, label, .. } => grants::needed(call, &crate::permissions::HEAD, *unit, *label)?,
        Asked::Delegation { .. } => Vec::new(),
        Asked::Move { unit, from, to } => moves::of_asker(call, *unit, *from, *to)?,
        Asked::Root { .. } => roots::of_asker(call)?,
        Asked::Entries(asked) => vec![(CATALOG_PROPOSE.clone(), Target::unit(asked.unit))],
    })
}

/// A permission for each place of an import.
fn of_places(permission: &Permission, places: &[(UnitId, Label)]) -> Needed {
    let target = |(unit, label): &(_, _)| Target { unit: *unit, label: *label, owner: None };
    places.iter().map(|place| (permission.clone(), target(place))).collect()
}

/// What whoever decides must be allowed. For a delegation see [`may_decide`].
pub(super) fn of_decider(call: &Call, asked: &Asked) -> Result<Needed, ServiceError> {
    let approve = |unit, label| (GRANT_APPROVE.clone(), Target { unit, label, owner: None });
    Ok(match asked {
        Asked::Accounts { places, positions: held, .. } => {
            let mut needed = of_places(&ACCOUNT_APPROVE, places);
            for asked in held {
                let position = positions::get_position(call, asked.position)?;
                needed.extend(positions::needed_to_approve(call, &position)?);
            }
            needed
        }
        Asked::Account(_) | Asked::Clearance { .. } => {
            let needed = of_asker(call, asked)?.into_iter();
            needed.map(|(_, target)| (ACCOUNT_APPROVE.clone(), target)).collect()
        }
        // The unit that the person comes to decides, by whoever approves accounts there; the one they leave asked. Not by
        // whoever manages accounts there: of those, whoever asks may have set the password of one.
        Asked::Transfer { account, to, .. } => {
            let account = people::get_account(call, *account)?;
            vec![(ACCOUNT_APPROVE.clone(), Target { unit: *to, ..people::target(&account) })]
        }
        Asked::Grant(grant) => vec![approve(grant.scope.unit, grant.label)],
        Asked::Holding { position, .. } => {
            positions::needed_to_approve(call, &positions::get_position(call, *position)?)?
        }
        Asked::Head { unit, label, .. } => vec![approve(*unit, *label)],
        Asked::Delegation { lender, .. } => {
            let lender = people::get_account(call, *lender)?;
            vec![approve(lender.unit, Label::Ordinary)]
        }
        Asked::Move { unit, from, to } => moves::of_decider(call, *unit, *from, *to)?,
        Asked::Root { .. } => roots::of_decider(call)?,
        Asked::Entries(asked) => {
            let owner = catalog::open(call, &asked.catalog)?.catalog().definition.owner;
            catalog::of_steward(call, owner)?
        }
    })
}

/// Goes on only if the actor has the right to decide.
pub(super) fn require_decider(call: &mut Call, asked: &Asked) -> Result<(), ServiceError> {
    if consents(call, asked)? {
        return Ok(());
    }
    for (permission, target) in of_decider(call, asked)? {
        call.require(&permission, &target)?;
    }
    Ok(())
}

/// Whether the actor has the right to decide, break-glass apart.
pub(super) fn may_decide(call: &Call, asked: &Asked) -> Result<bool, ServiceError> {
    if consents(call, asked)? {
        return Ok(true);
    }
    Ok(of_decider(call, asked)?.iter().all(|needed| holds(call, call.actor(), needed)))
}

/// Whether the actor is the head whose consent a delegation needs.
fn consents(call: &Call, asked: &Asked) -> Result<bool, ServiceError> {
    match asked {
        Asked::Delegation { lender, borrower, .. } => delegations::is_consent(call, *lender, *borrower),
        _ => Ok(false),
    }
}

/// Who gains by it: they do not approve it. Of a move, by which many may, only whoever acts is looked at.
pub(super) fn gains(call: &Call, asked: &Asked) -> Result<Vec<AccountId>, ServiceError> {
    Ok(match asked {
        Asked::Grant(grant) => match grant.to {
            Grantee::Account(account) => vec![account],
            Grantee::Position(position) => {
                positions::holders(call, position)?.into_iter().map(|held| held.account).collect()
            }
        },
        Asked::Move { unit, to, .. } => moves::gains(call, *unit, *to),
        other => shelf::about(other),
    })
}

/// Goes on only if what is asked for can be: asked when it is asked, and again when it is approved.
pub(super) fn check(call: &Call, asked: &Asked) -> Result<(), ServiceError> {
    match asked {
        Asked::Account(account) => life::may_become_active(call, *account),
        Asked::Accounts { positions: held, .. } => {
            for account in shelf::about(asked) {
                life::may_become_active(call, account)?;
            }
            // Nobody who is imported has chosen a password, so this can never come to be: said when it is asked for.
            approvers::have_their_own_passwords(call, asked)?;
            held.iter().try_for_each(|asked| positions::may_be_held(call, asked.position, &asked.grants))
        }
        Asked::Clearance { account, .. } => life::not_ended(&people::get_account(call, *account)?),
        Asked::Transfer { account, from, to } => transfers::check(call, *account, *from, *to),
        Asked::Grant(grant) => grants::check(call, grant),
        Asked::Holding { account, position, term, grants } => {
            units::in_term(call, positions::get_position(call, *position)?.unit)?;
            positions::check(call, *account, *position, *term, grants)
        }
        Asked::Head { unit, account, replaces, .. } => heads::check(call, *unit, *account, *replaces),
        Asked::Delegation { lender, borrower, grants, term } => {
            delegations::check(call, *lender, *borrower, grants, *term)
        }
        Asked::Move { unit, from, to } => moves::check(call, *unit, *from, *to),
        Asked::Root { code, name, kind, .. } => units::named(call, code, name, kind).map(drop),
        Asked::Entries(asked) => catalog::check(call, asked),
    }
}

/// Conditions of an approval that need not hold yet when it is asked for.
pub(super) fn check_ripe(call: &Call, asked: &Asked) -> Result<(), ServiceError> {
    match asked {
        // Rights can be asked for together with the account; the account comes first.
        Asked::Grant(_) | Asked::Holding { .. } | Asked::Clearance { .. } => {
            for account in shelf::about(asked) {
                life::approved(&people::get_account(call, account)?)?;
            }
        }
        _ => {}
    }
    approvers::have_their_own_passwords(call, asked)
}

/// Puts it in force.
pub(super) fn apply(
    call: &mut Call,
    asked: &Asked,
    reason: &str,
    agreed: &Agreed,
) -> Result<(), ServiceError> {
    match asked {
        Asked::Account(account) => life::begin(call, *account, agreed),
        Asked::Accounts { positions: held, .. } => {
            for account in shelf::about(asked) {
                life::begin(call, account, agreed)?;
            }
            let term = Term { from: call.now(), until: None };
            for asked in held {
                for account in &asked.holders {
                    positions::begin(call, *account, asked.position, term, agreed)?;
                }
            }
            Ok(())
        }
        Asked::Clearance { account, clearance } => life::clear(call, *account, *clearance, agreed),
        Asked::Transfer { account, to, .. } => transfers::apply(call, *account, *to, agreed),
        Asked::Grant(grant) => grants::begin(call, grant, reason, agreed),
        Asked::Holding { account, position, term, .. } => {
            positions::begin(call, *account, *position, *term, agreed)
        }
        Asked::Head { unit, account, label, .. } => {
            heads::begin(call, *unit, *account, *label, reason, agreed)
        }
        Asked::Delegation { lender, borrower, grants, term } => {
            delegations::begin(call, (*lender, *borrower), grants, *term, reason, agreed)
        }
        Asked::Move { unit, to, .. } => moves::apply(call, *unit, *to, agreed),
        Asked::Root { code, name, kind, valid_from } => {
            roots::apply(call, (code, name, kind, *valid_from), reason, agreed)
        }
        Asked::Entries(asked) => catalog::apply(call, asked, reason, agreed),
    }
}

/// What is left to do when it is not put in force.
pub(super) fn discard(call: &mut Call, asked: &Asked) -> Result<(), ServiceError> {
    match asked {
        Asked::Account(_) | Asked::Accounts { .. } => {
            shelf::about(asked).into_iter().try_for_each(|account| life::discard(call, account))
        }
        _ => Ok(()),
    }
}
