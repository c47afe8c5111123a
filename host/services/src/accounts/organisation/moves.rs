//! Moves of units: a unit, with all below it, comes under another.
//!
//! Whoever has rights over the unit it comes to has them over what comes there. So a move gives rights, like a grant,
//! and takes two people, who see who gains and who loses ([`effect_of`](crate::accounts::effect_of)): one who manages
//! the unit, the one it leaves and the one it comes to asks; one who approves grants in all three, up to the highest
//! label that somebody comes to reach, and gains nothing, approves.

use dinh_model::{AccountId, Actor, Label, Permission, Target, UnitId};

use super::units::{begun, below, get_unit, subject};
use crate::accounts::requests::{Agreed, Asked, Made, Needed, propose};
use crate::accounts::roots;
use crate::permissions::{GRANT_APPROVE, UNIT_MANAGE};
use crate::{Call, ServiceError, space};

/// Asks that a unit, with all below it, comes under another, whose term has begun and lasts as long: it does when a
/// second person approves, by break-glass at once. Needs `dinh.unit.manage` for it, for the unit it leaves (for a root,
/// everywhere) and for the unit it comes to.
pub fn move_unit(
    call: &mut Call,
    id: UnitId,
    parent: UnitId,
    reason: &str,
) -> Result<Made<UnitId>, ServiceError> {
    let unit = get_unit(call, id)?;
    let to = get_unit(call, parent)?.id;
    let request = propose(call, Asked::Move { unit: id, from: unit.parent, to }, reason)?;
    Ok(Made { id, request })
}

/// What whoever asks for a move must be allowed.
pub(in crate::accounts) fn of_asker(
    call: &Call,
    unit: UnitId,
    from: Option<UnitId>,
    to: UnitId,
) -> Result<Needed, ServiceError> {
    places(call, unit, from, to, &UNIT_MANAGE, Label::Ordinary)
}

/// What whoever approves it must be allowed.
pub(in crate::accounts) fn of_decider(
    call: &Call,
    unit: UnitId,
    from: Option<UnitId>,
    to: UnitId,
) -> Result<Needed, ServiceError> {
    let label = call.policy.highest_label_gained(unit, to).unwrap_or_default();
    places(call, unit, from, to, &GRANT_APPROVE, label)
}

fn places(
    call: &Call,
    unit: UnitId,
    from: Option<UnitId>,
    to: UnitId,
    permission: &Permission,
    label: Label,
) -> Result<Needed, ServiceError> {
    let left = match from {
        Some(from) => vec![from],
        None => roots(call)?,
    };
    let places = [unit, to].into_iter().chain(left);
    Ok(places.map(|unit| (permission.clone(), Target { unit, label, owner: None })).collect())
}

/// Whether whoever acts, or on whose behalf they do, would come to reach what they do not reach now.
pub(in crate::accounts) fn gains(call: &Call, unit: UnitId, to: UnitId) -> Vec<AccountId> {
    let Actor::Person { account, on_behalf_of } = *call.actor() else { return Vec::new() };
    let both = [Some(account), on_behalf_of].into_iter().flatten();
    both.filter(|account| call.policy.would_gain(*account, unit, to)).collect()
}

/// Goes on only if a unit can come under another: asked when it is asked for, and again when it is approved.
pub(in crate::accounts) fn check(
    call: &Call,
    id: UnitId,
    from: Option<UnitId>,
    to: UnitId,
) -> Result<(), ServiceError> {
    let unit = get_unit(call, id)?;
    if unit.parent != from {
        return Err(ServiceError::refused(
            "unit-changed",
            subject(id),
            "Đơn vị đã chuyển chỗ sau khi lập đề nghị: hãy từ chối và lập đề nghị mới.",
            "The unit came under another since this was asked for; refuse this and ask anew.",
        ));
    }
    let comes_to = get_unit(call, to)?;
    if from == Some(to) {
        return Err(ServiceError::invalid(
            format!("Đơn vị “{}” đang trực thuộc “{}”.", unit.name, comes_to.name),
            format!("The unit “{}” is under “{}” already.", unit.code, comes_to.code),
        ));
    }
    begun(&comes_to, unit.valid_from.max(call.today()))?;
    if comes_to.valid_until.is_some_and(|end| unit.valid_until.is_none_or(|own| own > end)) {
        return Err(ServiceError::refused(
            "unit-outlasts",
            subject(id),
            format!("Đơn vị cấp trên “{}” kết thúc trước đơn vị này.", comes_to.name),
            format!("The unit above, “{}”, ends before this one does; end this one first.", comes_to.code),
        ));
    }
    // Read, not asked of the policy: two moves at the same time then conflict instead of making a cycle.
    let mut above = Some(to);
    while let Some(ancestor) = above {
        if ancestor == id {
            return Err(ServiceError::refused(
                "unit-cycle",
                subject(id),
                "Không thể chuyển một đơn vị vào chính nó hoặc vào đơn vị trực thuộc của nó.",
                "A unit cannot be moved under itself or under a unit below it.",
            ));
        }
        above = get_unit(call, ancestor)?.parent;
    }
    Ok(())
}

/// Puts a unit under another.
pub(in crate::accounts) fn apply(
    call: &mut Call,
    id: UnitId,
    to: UnitId,
    agreed: &Agreed,
) -> Result<(), ServiceError> {
    let mut unit = get_unit(call, id)?;
    call.transaction.delete(below(unit.parent, &unit.code));
    call.save(below(Some(to), &unit.code), &id)?;
    unit.parent = Some(to);
    call.save(space::unit(id), &unit)?;
    let detail = [("parent", to.to_string())].into_iter().chain(agreed.detail());
    call.evidence("unit.moved", subject(id), detail);
    Ok(())
}
