//! The facts that the policy is compiled from, read from the store.

use dinh_access::{AccountFact, Facts, Grant, Holding, PublicGrant, RoleFact, ServiceGrant, UnitFact};
use dinh_model::{AccountId, PositionId};
use dinh_store::{Direction, Snapshot, Transaction};
use serde::de::DeserializeOwned;

use super::model::StoredTerm;
use super::{Account, AccountState, Position, Role, StoredDelegation, StoredGrant, Unit};
use crate::call::decode;
use crate::{ServiceError, permissions, space};

/// Takes a key and its value.
type Take<'a> = &'a mut dyn FnMut(&[u8], &[u8]) -> Result<(), ServiceError>;

/// Something whose keys can be read one kind at a time, without expectations.
pub(crate) trait Kinds {
    /// Gives every key of a kind with its value, in order.
    fn each(&self, kind: u8, take: Take<'_>) -> Result<(), ServiceError>;
}

impl Kinds for Snapshot {
    fn each(&self, kind: u8, take: Take<'_>) -> Result<(), ServiceError> {
        for found in self.range(&[kind], Some(&[kind + 1]), Direction::Forward) {
            let (key, stored) = found?;
            take(&key, &stored.value)?;
        }
        Ok(())
    }
}

impl Kinds for Transaction {
    fn each(&self, kind: u8, take: Take<'_>) -> Result<(), ServiceError> {
        for found in self.range_unchecked(&[kind], Some(&[kind + 1]), Direction::Forward) {
            let (key, stored) = found?;
            take(&key, &stored.value)?;
        }
        Ok(())
    }
}

/// All facts. The platform's own permissions and roles come from the code, everything else from the store.
pub(crate) fn facts(from: &impl Kinds) -> Result<Facts, ServiceError> {
    let mut facts = Facts::default();
    for (permission, _) in permissions::all() {
        facts.permissions.push(permission);
    }
    let own = permissions::roles().into_iter();
    facts.roles.extend(own.map(|role| RoleFact { id: role.id, permissions: role.permissions }));
    all(from, space::UNIT, |_, unit: Unit| {
        facts.units.push(UnitFact { id: unit.id, parent: unit.parent });
    })?;
    all(from, space::ACCOUNT, |_, account: Account| {
        let active = account.state == AccountState::Active;
        facts.accounts.push(AccountFact { id: account.id, active, clearance: account.clearance });
    })?;
    all(from, space::POSITION, |_, position: Position| facts.positions.push(position.id))?;
    all(from, space::HOLDING, |key, term: StoredTerm| {
        if let Some((account, position)) = pair(key) {
            facts.holdings.push(Holding {
                account: AccountId(account),
                position: PositionId(position),
                term: term.into(),
            });
        }
    })?;
    from.each(space::PERMISSION, &mut |key, _| {
        let name = key.get(1..).and_then(|name| std::str::from_utf8(name).ok());
        facts.permissions.extend(name.and_then(|name| name.parse().ok()));
        Ok(())
    })?;
    all(from, space::ROLE, |_, role: Role| {
        facts.roles.push(RoleFact { id: role.id, permissions: role.permissions });
    })?;
    all(from, space::GRANT, |_, grant: StoredGrant| {
        if grant.withdrawn.is_none() {
            facts.grants.push(Grant {
                id: grant.id,
                to: grant.to,
                role: grant.role,
                scope: grant.scope,
                label: grant.label,
                term: grant.term,
            });
        }
    })?;
    all(from, space::DELEGATION, |_, delegation: StoredDelegation| {
        facts.delegations.extend(delegation.fact());
    })?;
    all(from, space::SERVICE_GRANT, |_, grant: ServiceGrant| facts.services.push(grant))?;
    all(from, space::PUBLIC_GRANT, |_, grant: PublicGrant| facts.public.push(grant))?;
    Ok(facts)
}

fn all<T: DeserializeOwned>(
    from: &impl Kinds,
    kind: u8,
    mut take: impl FnMut(&[u8], T),
) -> Result<(), ServiceError> {
    from.each(kind, &mut |key, value| {
        take(key, decode(key, value)?);
        Ok(())
    })
}

/// The two numbers after the kind.
fn pair(key: &[u8]) -> Option<(u32, u32)> {
    let first = key.get(1..5)?.try_into().ok()?;
    let second = key.get(5..9)?.try_into().ok()?;
    Some((u32::from_be_bytes(first), u32::from_be_bytes(second)))
}
