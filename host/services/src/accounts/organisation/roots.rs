//! Roots: units with none above them. Most houses have one; a second one, such as the Party committee beside the
//! province, is asked for as what it is.
//!
//! Many deeds need a right *everywhere*: for each root whose term is not over. A new root in which nobody has any right would lock
//! the house: nobody could do them any more, or give the right to. So whoever has a role of the platform by grants that
//! reach all roots there are gets it for the new one in the same change, and its head is one of theirs: nobody gains
//! anything over what was there, and everything that could be done everywhere still can.

use dinh_access::{Grantee, Scope, Term};
use dinh_model::{Date, GrantId, Label, PluginId, RoleId, Target, UnitId};
use dinh_store::Direction;

use super::units::{self, NewUnit};
use crate::accounts::requests::{Agreed, Asked, AskedGrant, Needed, propose};
use crate::accounts::{StoredGrant, grants, heads, life, people, roles};
use crate::call::decode;
use crate::permissions::{self, GRANT_APPROVE, UNIT_MANAGE};
use crate::space::{self, Counter};
use crate::{Call, ServiceError};

/// The roots of the tree whose terms are not over. One that has not begun counts: who has a right everywhere has had it
/// there since it was created.
pub(crate) fn roots(call: &Call) -> Result<Vec<UnitId>, ServiceError> {
    let today = call.today();
    let all = units::list_all_units(call, None)?.into_iter();
    let lasting = all.filter(|unit| unit.valid_until.is_none_or(|until| today < until));
    Ok(lasting.map(|unit| unit.id).collect())
}

/// Asks for another root beside those there are: it stands when a second person approves, by break-glass at once.
/// Needs `dinh.unit.manage` everywhere; approved by whoever holds `dinh.grant.approve` everywhere, up to the highest
/// label of a right that reaches a root. `new` has no unit above. The request that waits; none when it stands.
pub fn create_root(
    call: &mut Call,
    new: NewUnit,
    reason: &str,
) -> Result<Option<dinh_model::RequestId>, ServiceError> {
    if new.parent.is_some() {
        return Err(ServiceError::invalid(
            "Đơn vị gốc không có đơn vị cấp trên.",
            "A root has no unit above it; leave that out.",
        ));
    }
    let NewUnit { code, name, kind, parent: _, valid_from } = new;
    propose(call, Asked::Root { code, name, kind, valid_from }, reason)
}

/// What whoever asks for a root must be allowed.
pub(in crate::accounts) fn of_asker(call: &Call) -> Result<Needed, ServiceError> {
    let needed = or_none(roots(call)?).into_iter();
    Ok(needed.map(|root| (UNIT_MANAGE.clone(), Target::unit(root))).collect())
}

/// What whoever approves it must be allowed.
pub(in crate::accounts) fn of_decider(call: &Call) -> Result<Needed, ServiceError> {
    let roots = or_none(roots(call)?);
    let label = roots.iter().filter_map(|root| call.policy.highest_label_at(*root)).max().unwrap_or_default();
    let needed = roots.into_iter();
    Ok(needed.map(|unit| (GRANT_APPROVE.clone(), Target { unit, label, owner: None })).collect())
}

/// Without any root only break-glass passes: no unit has that number.
fn or_none(roots: Vec<UnitId>) -> Vec<UnitId> {
    if roots.is_empty() { vec![UnitId(0)] } else { roots }
}

/// Puts a root into the tree, with the rights and the head that it needs.
pub(in crate::accounts) fn apply(
    call: &mut Call,
    (code, name, kind, valid_from): (&str, &str, &str, Date),
    reason: &str,
    agreed: &Agreed,
) -> Result<(), ServiceError> {
    let before = roots(call)?;
    let everywhere = everywhere(call, &before)?;
    let mut head = None;
    for root in &before {
        head = head.or(heads::own_head(call, *root)?);
    }
    let new = NewUnit { code: code.into(), name: name.into(), kind: kind.into(), parent: None, valid_from };
    let root = units::add(call, new, None, agreed)?;
    for Everywhere { to, role, label, term } in everywhere {
        let id = GrantId(call.next_number(Counter::Grant)?);
        let scope = Scope { unit: root, own: false };
        let grant = AskedGrant { id, to, role, permissions: Vec::new(), scope, label, term };
        grants::begin(call, &grant, reason, agreed)?;
    }
    if let Some(head) = head {
        heads::begin(call, root, head.account, head.label, reason, agreed)?;
    }
    Ok(())
}

/// A role of the platform that somebody has for every root.
struct Everywhere {
    to: Grantee,
    role: RoleId,
    label: Label,
    term: Term,
}

/// Who has which role with permissions of the platform by grants that reach each of these roots: of each, as much as
/// holds for all. A head's grant is not among them: a root has its own.
fn everywhere(call: &Call, roots: &[UnitId]) -> Result<Vec<Everywhere>, ServiceError> {
    let mut at_roots = Vec::new();
    for item in call.transaction.range(&[space::GRANT], Some(&[space::GRANT + 1]), Direction::Forward) {
        let (key, stored) = item?;
        let grant: StoredGrant = decode(&key, &stored.value)?;
        if roots.contains(&grant.scope.unit) && counts(call, &grant)? {
            at_roots.push(grant);
        }
    }
    let Some((first, others)) = roots.split_first() else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    for grant in at_roots.iter().filter(|grant| grant.scope.unit == *first) {
        let mut one = Some((grant.label, grant.term));
        for root in others {
            let same = at_roots.iter().filter(|other| {
                other.scope.unit == *root && other.to == grant.to && other.role == grant.role
            });
            let most = same.max_by_key(|other| other.label);
            one = one
                .zip(most)
                .and_then(|((label, term), most)| Some((label.min(most.label), common(term, most.term)?)));
        }
        let (to, role) = (grant.to, grant.role.clone());
        found.extend(one.map(|(label, term)| Everywhere { to, role, label, term }));
    }
    Ok(found)
}

/// Whether a grant stands that gives something of the platform to whoever may yet act.
fn counts(call: &Call, grant: &StoredGrant) -> Result<bool, ServiceError> {
    let over = grant.term.until.is_some_and(|until| until <= call.now());
    if grant.withdrawn.is_some() || over || grant.scope.own || grant.role == *permissions::HEAD {
        return Ok(false);
    }
    if let Grantee::Account(account) = grant.to
        && life::not_ended(&people::get_account(call, account)?).is_err()
    {
        return Ok(false);
    }
    let role = roles::find_role(call, &grant.role)?;
    let mut held = role.iter().flat_map(|role| &role.permissions);
    Ok(held.any(|permission| permission.plugin() == PluginId::PLATFORM))
}

/// What two terms have in common; none when that is nothing.
fn common(one: Term, other: Term) -> Option<Term> {
    let until = match (one.until, other.until) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    };
    let from = one.from.max(other.from);
    until.is_none_or(|until| from < until).then_some(Term { from, until })
}
