//! The facts that the policy is compiled from, as the store keeps them: the one place that knows which keys say
//! who may do what, so that no deed has to tell.

use dinh_access::{
    AccountFact, Fact, FactChange, FactKey, Facts, Grant, Holding, PublicGrant, RoleFact, ServiceGrant,
    UnitFact,
};
use dinh_model::{AccountId, GrantId, PositionId, UnitId};
use dinh_store::{Direction, Snapshot, Transaction};

use crate::accounts::model::StoredTerm;
use crate::accounts::{Account, AccountState, Position, Role, StoredDelegation, StoredGrant, Unit};
use crate::call::{damaged, decode};
use crate::{ServiceError, permissions, space};

/// The kinds of keys that say who may do what.
const KINDS: &[u8] = &[
    space::UNIT,
    space::ACCOUNT,
    space::POSITION,
    space::HOLDING,
    space::PERMISSION,
    space::ROLE,
    space::GRANT,
    space::DELEGATION,
    space::SERVICE_GRANT,
    space::PUBLIC_GRANT,
];

/// All facts of a snapshot. The platform's own permissions and roles come from the code, everything else from the
/// store.
pub(crate) fn facts(snapshot: &Snapshot) -> Result<Facts, ServiceError> {
    let mut facts = platforms_own();
    for kind in KINDS {
        let mut range = snapshot.range(&[*kind], Some(&[kind + 1]), Direction::Forward);
        while let Some(item) = range.step()? {
            if let Some(FactChange::Set(fact)) = change(item.key, Some(item.value))? {
                facts.add(fact);
            }
        }
    }
    Ok(facts)
}

/// The platform's own permissions and roles.
pub(crate) fn platforms_own() -> Facts {
    let permissions = permissions::all().into_iter().map(|(permission, _)| permission).collect();
    let roles = permissions::roles().into_iter();
    let roles = roles.map(|Role { id, permissions, .. }| RoleFact { id, permissions }).collect();
    Facts { permissions, roles, ..Facts::default() }
}

/// What a transaction has written about who may do what, whether or not it differs from what was there.
pub(crate) fn changes(transaction: &Transaction) -> Result<Vec<FactChange>, ServiceError> {
    transaction.written().filter_map(|(key, value)| change(key, value).transpose()).collect()
}

/// What a stored value, or its absence, says of who may do what; none when it says nothing of it.
fn change(key: &[u8], value: Option<&[u8]>) -> Result<Option<FactChange>, ServiceError> {
    let Some(kind) = key.first().copied().filter(|kind| KINDS.contains(kind)) else { return Ok(None) };
    let Some(value) = value else {
        return absent(kind, key).map(FactChange::Remove).map(Some).ok_or_else(|| damaged(key));
    };
    let fact = match kind {
        space::UNIT => {
            let unit: Unit = decode(key, value)?;
            Fact::Unit(UnitFact { id: unit.id, parent: unit.parent })
        }
        space::ACCOUNT => {
            let Account { id, state, clearance, .. } = decode(key, value)?;
            Fact::Account(AccountFact { id, active: state == AccountState::Active, clearance })
        }
        space::POSITION => Fact::Position(decode::<Position>(key, value)?.id),
        space::HOLDING => {
            let Some(FactKey::Holding(account, position)) = absent(kind, key) else {
                return Err(damaged(key));
            };
            let term: StoredTerm = decode(key, value)?;
            Fact::Holding(Holding { account, position, term: term.into() })
        }
        space::PERMISSION => {
            let Some(FactKey::Permission(permission)) = absent(kind, key) else { return Err(damaged(key)) };
            Fact::Permission(permission)
        }
        space::ROLE => {
            let Role { id, permissions, .. } = decode(key, value)?;
            Fact::Role(RoleFact { id, permissions })
        }
        space::GRANT => {
            let grant: StoredGrant = decode(key, value)?;
            if grant.withdrawn.is_some() {
                return Ok(Some(FactChange::Remove(FactKey::Grant(grant.id))));
            }
            let StoredGrant { id, to, role, scope, label, term, .. } = grant;
            Fact::Grant(Grant { id, to, role, scope, label, term })
        }
        space::DELEGATION => {
            let delegation: StoredDelegation = decode(key, value)?;
            let id = FactKey::Delegation(delegation.id.0);
            return Ok(Some(
                delegation
                    .fact()
                    .map_or(FactChange::Remove(id), |fact| FactChange::Set(Fact::Delegation(fact))),
            ));
        }
        space::SERVICE_GRANT => Fact::Service(decode::<ServiceGrant>(key, value)?),
        space::PUBLIC_GRANT => Fact::Public(decode::<PublicGrant>(key, value)?),
        // A kind of the list that is not above.
        _ => return Err(damaged(key)),
    };
    Ok(Some(FactChange::Set(fact)))
}

/// Which fact is stored under a key, by the key alone.
fn absent(kind: u8, key: &[u8]) -> Option<FactKey> {
    let rest = key.get(1..)?;
    let text = |bytes: &[u8]| std::str::from_utf8(bytes).ok().map(str::to_owned);
    Some(match kind {
        space::UNIT => FactKey::Unit(UnitId(space::trailing_number(rest)?)),
        space::ACCOUNT => FactKey::Account(AccountId(space::trailing_number(rest)?)),
        space::POSITION => FactKey::Position(PositionId(space::trailing_number(rest)?)),
        space::GRANT => FactKey::Grant(GrantId(space::trailing_number(rest)?)),
        space::DELEGATION => FactKey::Delegation(space::trailing_number(rest)?),
        space::HOLDING => {
            let (account, position) = rest.split_first_chunk::<4>()?;
            FactKey::Holding(
                AccountId(u32::from_be_bytes(*account)),
                PositionId(space::trailing_number(position)?),
            )
        }
        space::PERMISSION => FactKey::Permission(text(rest)?.parse().ok()?),
        space::ROLE => FactKey::Role(text(rest)?.parse().ok()?),
        space::SERVICE_GRANT => {
            let end = rest.iter().position(|byte| *byte == 0)?;
            let (unit, permission) = rest.get(end + 1..)?.split_first_chunk::<4>()?;
            FactKey::Service(
                text(rest.get(..end)?)?.parse().ok()?,
                text(permission)?.parse().ok()?,
                UnitId(u32::from_be_bytes(*unit)),
            )
        }
        space::PUBLIC_GRANT => {
            let (unit, permission) = rest.split_first_chunk::<4>()?;
            FactKey::Public(text(permission)?.parse().ok()?, UnitId(u32::from_be_bytes(*unit)))
        }
        _ => return None,
    })
}
