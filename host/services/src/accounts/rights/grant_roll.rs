//! The roll of grants: those in the actor's units, newest first, as a list to page through.

use dinh_access::Grantee;
use dinh_model::{AccountId, GrantId, RoleId, Timestamp, UnitId};
use dinh_store::Direction;

use crate::accounts::{Directory, StoredGrant};
use crate::call::decode;
use crate::permissions::GRANT_MANAGE;
use crate::{Call, ServiceError, space};

/// What the roll is narrowed to; what is empty narrows nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GrantFilter {
    /// Its scope begins within the subtree of this unit.
    pub unit: Option<UnitId>,
    /// It reaches this unit: its scope begins there or above.
    pub reaching: Option<UnitId>,
    /// It gives this role.
    pub role: Option<RoleId>,
    /// It is given to one of these: an account, its positions.
    pub to: Option<Vec<Grantee>>,
    /// Whether it is in force at the call's moment.
    pub in_force: Option<bool>,
    /// Its term ends before this moment.
    pub ends_before: Option<Timestamp>,
}

impl GrantFilter {
    /// Those given to an account itself.
    pub fn to_account(account: AccountId) -> Self {
        Self { to: Some(vec![Grantee::Account(account)]), ..Self::default() }
    }

    fn takes(&self, call: &Call, grant: &StoredGrant) -> bool {
        let within = |unit: UnitId, top: UnitId| call.policy.is_within(unit, top);
        let stands = || grant.withdrawn.is_none() && grant.term.contains(call.now());
        self.unit.is_none_or(|unit| within(grant.scope.unit, unit))
            && self.reaching.is_none_or(|unit| within(unit, grant.scope.unit))
            && self.role.as_ref().is_none_or(|role| grant.role == *role)
            && self.to.as_ref().is_none_or(|to| to.contains(&grant.to))
            && self.in_force.is_none_or(|in_force| stands() == in_force)
            && self.ends_before.is_none_or(|before| grant.term.until.is_some_and(|until| until < before))
    }
}

/// A page of grants.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grants {
    /// The grants, newest first.
    pub grants: Vec<StoredGrant>,
    /// Pass as `before` to go on; none at the end.
    pub next: Option<GrantId>,
}

/// The grants that [`list_grants`](crate::accounts::list_grants) shows the actor and the filter takes, newest first, at
/// most `limit`, before `before`. Needs `dinh.grant.manage` somewhere.
pub fn find_grants(
    call: &mut Call,
    filter: &GrantFilter,
    before: Option<GrantId>,
    limit: usize,
) -> Result<Grants, ServiceError> {
    let reach = call.require_somewhere(&GRANT_MANAGE, None)?;
    let end = before.map_or(vec![space::GRANT + 1], space::grant);
    let mut found = Grants::default();
    // Shown, not decided upon: no expectations.
    let snapshot = call.transaction.snapshot();
    let directory = Directory::new(snapshot);
    let mut range = snapshot.range(&[space::GRANT], Some(&end), Direction::Backward);
    while let Some(item) = range.step()? {
        let grant: StoredGrant = decode(item.key, item.value)?;
        if !filter.takes(call, &grant) {
            continue;
        }
        let of = match grant.to {
            Grantee::Account(account) => directory.account(account)?.map(|account| account.unit),
            Grantee::Position(position) => directory.position(position)?.map(|position| position.unit),
        };
        if !reach.has(grant.scope.unit) && !of.is_some_and(|unit| reach.has(unit)) {
            continue;
        }
        if found.grants.len() >= limit {
            found.next = found.grants.last().map(|last| last.id);
            break;
        }
        found.grants.push(grant);
    }
    Ok(found)
}
