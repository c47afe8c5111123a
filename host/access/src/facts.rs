//! What a policy is compiled from, as the accounts service reads it from the store.

use dinh_model::{
    AccountId, GrantId, Label, Permission, PluginId, PositionId, RoleId, Timestamp, UnitId, time,
};
use serde::{Deserialize, Serialize};

/// From a moment until before another. Moments count to the microsecond, as they are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Term {
    /// The first moment.
    pub from: Timestamp,
    /// The first moment that is no longer in it; none when it does not end.
    pub until: Option<Timestamp>,
}

impl Term {
    /// Every moment.
    pub const ALWAYS: Self = Self { from: Timestamp::MIN, until: None };

    /// Whether `now` is in it.
    ///
    /// ```
    /// # use dinh_access::Term;
    /// let term = Term { from: "2026-01-01T00:00:00Z".parse()?, until: Some("2026-07-01T00:00:00Z".parse()?) };
    /// assert!(term.contains("2026-01-01T00:00:00Z".parse()?));
    /// assert!(!term.contains("2026-07-01T00:00:00Z".parse()?));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn contains(&self, now: Timestamp) -> bool {
        let now = time::microseconds(now);
        time::microseconds(self.from) <= now && self.until.is_none_or(|until| now < time::microseconds(until))
    }
}

/// A unit of the organisation tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitFact {
    /// Its number.
    pub id: UnitId,
    /// The unit it belongs to; none for a root. There may be several roots.
    pub parent: Option<UnitId>,
}

/// An account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountFact {
    /// Its number.
    pub id: AccountId,
    /// Whether it may act: neither waiting for approval, nor suspended, nor closed.
    pub active: bool,
    /// The highest label the person is cleared for, whatever grants say.
    pub clearance: Label,
}

/// That a person holds a position for a term.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holding {
    /// The person.
    pub account: AccountId,
    /// The position.
    pub position: PositionId,
    /// While they hold it.
    pub term: Term,
}

/// A role: a named set of permissions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleFact {
    /// Its name.
    pub id: RoleId,
    /// What it holds.
    pub permissions: Vec<Permission>,
}

/// Whom a grant is given to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Grantee {
    /// One person.
    Account(AccountId),
    /// Whoever holds the position, while they hold it.
    Position(PositionId),
}

/// What a grant reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Scope {
    /// This unit and all below it.
    pub unit: UnitId,
    /// Only records that the person owns.
    pub own: bool,
}

/// A grant: role × scope × highest label × term, given to an account or a position.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// Its number.
    pub id: GrantId,
    /// Whom it is given to.
    pub to: Grantee,
    /// Which permissions it gives.
    pub role: RoleId,
    /// What it reaches.
    pub scope: Scope,
    /// The highest label it reaches.
    pub label: Label,
    /// When it is in force.
    pub term: Term,
}

/// A loan of part of one's grants.
///
/// It gives the intersection of what was lent and what the lender has at the moment of the check: while
/// both accounts are active, inside the terms of the delegation, of the grant and, for a grant by
/// position, of the lender's holding, up to both clearances. A lent own-record grant reaches the
/// *lender's* own records, because those are what the lender has. A grant that is no longer among the
/// facts was withdrawn, and a position the lender does not hold gives the lender nothing to lend: both
/// lend nothing, and neither is an error.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delegation {
    /// Its number.
    pub id: u32,
    /// Who lends.
    pub lender: AccountId,
    /// Who acts on the lender's behalf.
    pub borrower: AccountId,
    /// The lender's own grants that are lent.
    pub grants: Vec<GrantId>,
    /// When.
    pub term: Term,
}

/// What a plugin's service principal holds, given by the operator at admission. This is also how a plugin may read
/// beyond the person who asks, for a statistic over all units, say: a permission of its own is given to it, and the
/// host asks with the service principal as the actor. No person has more by it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceGrant {
    /// The plugin.
    pub plugin: PluginId,
    /// What it may do.
    pub permission: Permission,
    /// In this unit and all below it.
    pub unit: UnitId,
    /// Up to this label.
    pub label: Label,
}

/// What everybody may do without signing in, for ordinary targets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicGrant {
    /// What.
    pub permission: Permission,
    /// In this unit and all below it.
    pub unit: UnitId,
}

/// All that a policy is compiled from. The order of the lists does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// The organisation tree.
    pub units: Vec<UnitFact>,
    /// Every account that others name, also those that are not active.
    pub accounts: Vec<AccountFact>,
    /// Every position that others name, also vacant ones.
    pub positions: Vec<PositionId>,
    /// Who holds which position.
    pub holdings: Vec<Holding>,
    /// Every permission that a manifest declares.
    pub permissions: Vec<Permission>,
    /// The roles.
    pub roles: Vec<RoleFact>,
    /// The grants.
    pub grants: Vec<Grant>,
    /// The loans.
    pub delegations: Vec<Delegation>,
    /// What plugins may do by themselves.
    pub services: Vec<ServiceGrant>,
    /// What everybody may.
    pub public: Vec<PublicGrant>,
}
