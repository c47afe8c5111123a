//! Positions (chức vụ) and who holds them, for a term.

use dinh_access::{Grantee, Term};
use dinh_model::{
    AccountId, GrantId, Label, Localized, Permission, PositionId, RequestId, Target, UnitId, key,
};
use dinh_store::Direction;

use crate::accounts::model::StoredTerm;
use crate::accounts::requests::{Agreed, Asked, propose};
use crate::accounts::{Position, grants, life, names, people, units};
use crate::call::decode;
use crate::permissions::{ACCOUNT_MANAGE, GRANT_APPROVE, GRANT_MANAGE};
use crate::space::{self, Counter};
use crate::{Call, ServiceError, Thing};

/// A position to be created.
#[derive(Clone, Debug)]
pub struct NewPosition {
    /// The unit it is in.
    pub unit: UnitId,
    /// Its title, such as Trưởng phòng / Head of division.
    pub title: Localized,
}

/// That somebody holds a position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// Who.
    pub account: AccountId,
    /// What.
    pub position: PositionId,
    /// When.
    pub term: Term,
}

/// Creates a position, in a unit that has no end. Needs `dinh.account.manage` for its unit.
pub fn create_position(call: &mut Call, new: NewPosition) -> Result<PositionId, ServiceError> {
    let unit = units::get_unit(call, new.unit)?.id;
    call.require(&ACCOUNT_MANAGE, &Target::unit(unit))?;
    units::takes_people(call, unit)?;
    let shown = |title: &str| names::shown(names::Shown::PositionTitle, title);
    let title = Localized { vi: shown(&new.title.vi)?, en: shown(&new.title.en)? };
    let id = PositionId(call.next_number(Counter::Position)?);
    call.save(space::position(id), &Position { id, unit, title })?;
    call.save(pair(space::POSITION_IN, unit.0, id.0), &())?;
    call.evidence("position.created", subject(id), [("unit", unit.to_string())]);
    Ok(id)
}

/// A position.
pub fn get_position(call: &Call, id: PositionId) -> Result<Position, ServiceError> {
    call.load(&space::position(id))?.ok_or_else(|| ServiceError::not_found(Thing::Position, id))
}

/// The positions in a unit, oldest first.
pub fn positions_in(call: &Call, unit: UnitId) -> Result<Vec<Position>, ServiceError> {
    numbers(call, space::POSITION_IN, unit.0)?
        .into_iter()
        .map(|id| get_position(call, PositionId(id)))
        .collect()
}

/// Asks that an account holds a position for a term; another term for the same two replaces the first. It brings
/// the position's grants, so it needs `dinh.grant.manage` for the position's unit and all that giving them
/// would need, and waits for a second person; a term within the one held before takes away only, and is in
/// force at once. The request that waits; none when it is in force.
pub fn hold(
    call: &mut Call,
    account: AccountId,
    position: PositionId,
    term: Term,
    reason: &str,
) -> Result<Option<RequestId>, ServiceError> {
    let grants = standing(call, position)?;
    if holding(call, account, position)?.is_some_and(|held| is_within(term, held.term)) {
        let unit = get_position(call, position)?.unit;
        call.require(&GRANT_MANAGE, &Target::unit(unit))?;
        check(call, account, position, term, &grants)?;
        begin(call, account, position, term, &Agreed::OPERATOR)?;
        return Ok(None);
    }
    propose(call, Asked::Holding { account, position, term, grants }, reason)
}

/// Goes on only if an account can hold a position that has these grants: asked when it is asked for, and again
/// when it is approved.
pub(in crate::accounts) fn check(
    call: &Call,
    account: AccountId,
    position: PositionId,
    term: Term,
    grants: &[GrantId],
) -> Result<(), ServiceError> {
    life::not_ended(&people::get_account(call, account)?)?;
    units::checked(term, people::subject(account))?;
    may_be_held(call, position, grants)
}

/// Goes on only if a position can be held: its unit has no end, and it still has the grants with which it was asked for.
pub(in crate::accounts) fn may_be_held(
    call: &Call,
    position: PositionId,
    grants: &[GrantId],
) -> Result<(), ServiceError> {
    units::takes_people(call, get_position(call, position)?.unit)?;
    if standing(call, position)? != grants {
        return Err(ServiceError::refused(
            "position-changed",
            subject(position),
            "Phân quyền của chức vụ đã thay đổi sau khi lập đề nghị: hãy từ chối và lập đề nghị mới.",
            "The position's grants are not what they were when it was asked for; refuse this and ask anew.",
        ));
    }
    Ok(())
}

/// Lets an account hold a position.
pub(in crate::accounts) fn begin(
    call: &mut Call,
    account: AccountId,
    position: PositionId,
    term: Term,
    agreed: &Agreed,
) -> Result<(), ServiceError> {
    call.save(pair(space::HOLDING, account.0, position.0), &StoredTerm::from(term))?;
    call.save(pair(space::HELD_BY, position.0, account.0), &())?;
    let detail = [("position", position.to_string())].into_iter().chain(agreed.detail());
    call.evidence("position.held", people::subject(account), detail);
    Ok(())
}

/// What whoever gives a position, with all its grants, must be allowed.
pub(in crate::accounts) fn needed(
    call: &Call,
    position: &Position,
) -> Result<Vec<(Permission, Target)>, ServiceError> {
    let mut needed = vec![(GRANT_MANAGE.clone(), Target::unit(position.unit))];
    for grant in grants::standing(call, Grantee::Position(position.id))? {
        needed.extend(grants::needed(call, &grant.role, grant.scope.unit, grant.label)?);
    }
    Ok(needed)
}

/// What whoever approves that must be allowed.
pub(in crate::accounts) fn needed_to_approve(
    call: &Call,
    position: &Position,
) -> Result<Vec<(Permission, Target)>, ServiceError> {
    let approve = |unit, label| (GRANT_APPROVE.clone(), Target { unit, label, owner: None });
    let mut needed = vec![approve(position.unit, Label::Ordinary)];
    for grant in grants::standing(call, Grantee::Position(position.id))? {
        needed.push(approve(grant.scope.unit, grant.label));
    }
    Ok(needed)
}

/// The numbers of a position's grants that were not withdrawn.
pub(in crate::accounts) fn standing(call: &Call, position: PositionId) -> Result<Vec<GrantId>, ServiceError> {
    let grants = grants::standing(call, Grantee::Position(position))?;
    Ok(grants.into_iter().map(|grant| grant.id).collect())
}

/// Whether a term lies within another.
fn is_within(term: Term, other: Term) -> bool {
    let ends = match (term.until, other.until) {
        (_, None) => true,
        (Some(until), Some(other)) => until <= other,
        (None, Some(_)) => false,
    };
    other.from <= term.from && ends
}

/// Ends that an account holds a position, at once. Needs `dinh.grant.manage` for the position's unit.
pub fn release(call: &mut Call, account: AccountId, position: PositionId) -> Result<(), ServiceError> {
    let position = get_position(call, position)?;
    call.require(&GRANT_MANAGE, &Target::unit(position.unit))?;
    if !call.holds(&pair(space::HOLDING, account.0, position.id.0))? {
        return Err(ServiceError::not_found(Thing::Position, position.id));
    }
    end(call, account, position.id);
    Ok(())
}

/// Ends that an account holds a position, when the actor may.
pub(in crate::accounts) fn end(call: &mut Call, account: AccountId, position: PositionId) {
    call.transaction.delete(pair(space::HOLDING, account.0, position.0));
    call.transaction.delete(pair(space::HELD_BY, position.0, account.0));
    call.evidence("position.released", people::subject(account), [("position", position.to_string())]);
}

/// What an account holds, whatever the terms.
pub fn held_by(call: &Call, account: AccountId) -> Result<Vec<Held>, ServiceError> {
    let mut held = Vec::new();
    for position in numbers(call, space::HOLDING, account.0)? {
        held.extend(holding(call, account, PositionId(position))?);
    }
    Ok(held)
}

/// Who holds a position, whatever the terms.
pub fn holders(call: &Call, position: PositionId) -> Result<Vec<Held>, ServiceError> {
    let mut held = Vec::new();
    for account in numbers(call, space::HELD_BY, position.0)? {
        held.extend(holding(call, AccountId(account), position)?);
    }
    Ok(held)
}

fn holding(call: &Call, account: AccountId, position: PositionId) -> Result<Option<Held>, ServiceError> {
    let key = pair(space::HOLDING, account.0, position.0);
    let stored = call.transaction.get(&key)?;
    stored
        .map(|stored| {
            let term: StoredTerm = decode(&key, &stored.value)?;
            Ok(Held { account, position, term: term.into() })
        })
        .transpose()
}

fn pair(kind: u8, first: u32, second: u32) -> Vec<u8> {
    space::key(kind, &[&first.to_be_bytes(), &second.to_be_bytes()])
}

/// The second numbers of the pairs that begin with `first`.
fn numbers(call: &Call, kind: u8, first: u32) -> Result<Vec<u32>, ServiceError> {
    let start = space::numbered(kind, first);
    let end = key::after_prefix(&start);
    let mut numbers = Vec::new();
    for item in call.transaction.range(&start, end.as_deref(), Direction::Forward) {
        numbers.extend(space::trailing_number(&item?.0));
    }
    Ok(numbers)
}

fn subject(id: PositionId) -> String {
    format!("position:{id}")
}
