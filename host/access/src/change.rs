//! One fact at a time: what is set or removed when rights change.

use dinh_model::{AccountId, GrantId, Permission, PluginId, PositionId, RoleId, UnitId};
use serde::{Deserialize, Serialize};

use crate::{AccountFact, Delegation, Facts, Grant, Holding, PublicGrant, RoleFact, ServiceGrant, UnitFact};

/// One of the [`Facts`]. It may be kept for good (a journal of rights): variants are only ever added at the
/// end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fact {
    /// A unit.
    Unit(UnitFact),
    /// An account.
    Account(AccountFact),
    /// A position.
    Position(PositionId),
    /// That a person holds a position.
    Holding(Holding),
    /// A permission.
    Permission(Permission),
    /// A role.
    Role(RoleFact),
    /// A grant.
    Grant(Grant),
    /// A loan.
    Delegation(Delegation),
    /// What a plugin may do by itself.
    Service(ServiceGrant),
    /// What everybody may.
    Public(PublicGrant),
}

/// What makes a fact that one and no other. Variants are only ever added at the end, as those of [`Fact`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum FactKey {
    /// A unit.
    Unit(UnitId),
    /// An account.
    Account(AccountId),
    /// A position.
    Position(PositionId),
    /// Who holds which position.
    Holding(AccountId, PositionId),
    /// A permission.
    Permission(Permission),
    /// A role.
    Role(RoleId),
    /// A grant.
    Grant(GrantId),
    /// A loan.
    Delegation(u32),
    /// What a plugin may do by itself, and where.
    Service(PluginId, Permission, UnitId),
    /// What everybody may, and where.
    Public(Permission, UnitId),
}

/// A change of one fact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FactChange {
    /// The fact is there from now on, in the place of one with the same key.
    Set(Fact),
    /// The fact with that key is no longer there.
    Remove(FactKey),
}

impl Fact {
    /// What makes it that one.
    pub fn key(&self) -> FactKey {
        match self {
            Self::Unit(unit) => FactKey::Unit(unit.id),
            Self::Account(account) => FactKey::Account(account.id),
            Self::Position(position) => FactKey::Position(*position),
            Self::Holding(holding) => FactKey::Holding(holding.account, holding.position),
            Self::Permission(permission) => FactKey::Permission(permission.clone()),
            Self::Role(role) => FactKey::Role(role.id.clone()),
            Self::Grant(grant) => FactKey::Grant(grant.id),
            Self::Delegation(delegation) => FactKey::Delegation(delegation.id),
            Self::Service(grant) => {
                FactKey::Service(grant.plugin.clone(), grant.permission.clone(), grant.unit)
            }
            Self::Public(grant) => FactKey::Public(grant.permission.clone(), grant.unit),
        }
    }
}

impl FactChange {
    /// Which fact it changes.
    pub fn key(&self) -> FactKey {
        match self {
            Self::Set(fact) => fact.key(),
            Self::Remove(key) => key.clone(),
        }
    }

    /// Whether somebody may have less after it, given what was there before. What is not plainly more counts
    /// as less.
    pub fn narrows(&self, before: Option<&Fact>) -> bool {
        match (before, self) {
            (None, _) => false,
            (Some(_), Self::Remove(_)) => true,
            (Some(Fact::Account(old)), Self::Set(Fact::Account(new))) => {
                old.active && (!new.active || new.clearance < old.clearance)
            }
            (Some(Fact::Role(old)), Self::Set(Fact::Role(new))) => {
                old.permissions.iter().any(|held| !new.permissions.contains(held))
            }
            (Some(Fact::Service(old)), Self::Set(Fact::Service(new))) => new.label < old.label,
            (Some(old), Self::Set(new)) => old != new,
        }
    }
}

impl Facts {
    /// Adds a fact.
    pub fn add(&mut self, fact: Fact) {
        match fact {
            Fact::Unit(unit) => self.units.push(unit),
            Fact::Account(account) => self.accounts.push(account),
            Fact::Position(position) => self.positions.push(position),
            Fact::Holding(holding) => self.holdings.push(holding),
            Fact::Permission(permission) => self.permissions.push(permission),
            Fact::Role(role) => self.roles.push(role),
            Fact::Grant(grant) => self.grants.push(grant),
            Fact::Delegation(delegation) => self.delegations.push(delegation),
            Fact::Service(grant) => self.services.push(grant),
            Fact::Public(grant) => self.public.push(grant),
        }
    }

    /// All of them, one kind after the other.
    pub fn into_list(self) -> impl Iterator<Item = Fact> {
        let all = self.units.into_iter().map(Fact::Unit);
        let all = all.chain(self.accounts.into_iter().map(Fact::Account));
        let all = all.chain(self.positions.into_iter().map(Fact::Position));
        let all = all.chain(self.holdings.into_iter().map(Fact::Holding));
        let all = all.chain(self.permissions.into_iter().map(Fact::Permission));
        let all = all.chain(self.roles.into_iter().map(Fact::Role));
        let all = all.chain(self.grants.into_iter().map(Fact::Grant));
        let all = all.chain(self.delegations.into_iter().map(Fact::Delegation));
        let all = all.chain(self.services.into_iter().map(Fact::Service));
        all.chain(self.public.into_iter().map(Fact::Public))
    }
}
