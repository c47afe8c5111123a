//! The policy and the questions it answers.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;
use std::sync::Arc;

use dinh_model::{AccountId, Actor, Label, Permission, PluginId, Target, Timestamp, UnitId};

use crate::people::People;
use crate::rights::{Asked, Rights};
use crate::roles::{PermissionRow, Roles};
use crate::scopes::{Piece, normalise};
use crate::standing::Standings;
use crate::tree::{Place, Tree};
use crate::{CompileError, Facts, Scopes, compile};

/// A permission resolved once, so that checks carry a small number. It is good for the policy that gave
/// it: another policy may number permissions otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PermissionIndex(pub(crate) PermissionRow);

/// Who may do what: immutable, shared by all threads.
///
/// ```
/// use dinh_access::{AccountFact, Facts, Grant, Grantee, Policy, RoleFact, Scope, Term, UnitFact};
/// use dinh_model::{AccountId, Actor, GrantId, Label, Target, Timestamp, UnitId};
///
/// let (province, department) = (UnitId(1), UnitId(2));
/// let officer = AccountId(7);
/// let facts = Facts {
///     units: vec![
///         UnitFact { id: province, parent: None },
///         UnitFact { id: department, parent: Some(province) },
///     ],
///     accounts: vec![AccountFact { id: officer, active: true, clearance: Label::Ordinary }],
///     permissions: vec!["pci-index.score.read".parse()?],
///     roles: vec![RoleFact {
///         id: "pci-index.reader".parse()?,
///         permissions: vec!["pci-index.score.read".parse()?],
///     }],
///     grants: vec![Grant {
///         id: GrantId(1),
///         to: Grantee::Account(officer),
///         role: "pci-index.reader".parse()?,
///         scope: Scope { unit: department, own: false },
///         label: Label::Ordinary,
///         term: Term::ALWAYS,
///     }],
///     ..Facts::default()
/// };
/// let policy = Policy::compile(&facts, 1)?;
/// let read = policy.permission(&"pci-index.score.read".parse()?).ok_or("declared")?;
/// let now: Timestamp = "2026-11-21T02:00:00Z".parse()?;
/// assert!(policy.check(&Actor::person(officer), read, &Target::unit(department), now));
/// assert!(!policy.check(&Actor::person(officer), read, &Target::unit(province), now));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, PartialEq, Eq)]
pub struct Policy {
    pub(crate) version: u64,
    pub(crate) tree: Tree,
    pub(crate) roles: Roles,
    pub(crate) people: People,
    pub(crate) rights: Rights,
    pub(crate) services: Arc<HashMap<PluginId, Standings>>,
    pub(crate) public: Arc<Standings>,
    pub(crate) grant_managers: Managers,
    pub(crate) plugin_managers: Managers,
}

/// Who holds a permission of the platform, so that an explanation need not look at everybody.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Managers(Vec<Manager>);

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Manager {
    /// The unit with all below which they manage.
    pub first: Place,
    pub account: AccountId,
}

impl Managers {
    pub fn new(mut managers: Vec<Manager>) -> Self {
        managers.sort_unstable();
        Self(managers)
    }

    /// The same with other entries for some people.
    pub fn replaced(&self, people: &BTreeSet<AccountId>, by: impl Iterator<Item = Manager>) -> Self {
        let kept = self.0.iter().filter(|manager| !people.contains(&manager.account)).copied();
        Self::new(kept.chain(by).collect())
    }

    /// Who manages exactly the unit at a place with all below it, at any time.
    pub fn of(&self, place: Place) -> &[Manager] {
        let start = self.0.partition_point(|manager| manager.first < place);
        let rest = self.0.get(start..).unwrap_or_default();
        rest.get(..rest.partition_point(|manager| manager.first == place)).unwrap_or_default()
    }
}

impl Policy {
    /// Who holds it may give grants in the units it reaches.
    pub const MANAGE_GRANTS: &str = "dinh.grant.manage";
    /// Who holds it may admit plugins, and decides what is public.
    pub const MANAGE_PLUGINS: &str = "dinh.plugin.manage";

    /// Compiles the facts; `version` says which they are (the number of the commit that last touched them).
    pub fn compile(facts: &Facts, version: u64) -> Result<Self, CompileError> {
        compile::compile(facts, version)
    }

    /// The version given at compilation.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// The same policy under another version: that of the commit by which it came into force.
    pub fn with_version(self, version: u64) -> Self {
        Self { version, ..self }
    }

    /// The index of a permission; none when no manifest declares it.
    pub fn permission(&self, permission: &Permission) -> Option<PermissionIndex> {
        self.roles.find(permission).map(PermissionIndex)
    }

    /// The permission of an index.
    pub fn permission_name(&self, permission: PermissionIndex) -> Option<&Permission> {
        self.roles.name(permission.0)
    }

    /// Whether `unit` is `ancestor` or below it; false when either does not exist.
    pub fn is_within(&self, unit: UnitId, ancestor: UnitId) -> bool {
        match (self.tree.place(unit), self.tree.subtree(ancestor)) {
            (Some(place), Some((first, below))) => place.wrapping_sub(first) <= below,
            _ => false,
        }
    }

    /// How many units there are; their places in preorder are below that.
    pub fn unit_count(&self) -> usize {
        self.tree.len()
    }

    /// The units at some places in preorder; none when the places do not exist.
    pub fn units_at(&self, places: Range<u32>) -> &[UnitId] {
        self.tree.units(places)
    }

    /// Whether the actor may. Allocates nothing, takes no lock.
    #[inline]
    pub fn check(&self, actor: &Actor, permission: PermissionIndex, target: &Target, now: Timestamp) -> bool {
        let Some(place) = self.tree.place(target.unit) else { return false };
        match actor {
            Actor::Person { account, on_behalf_of: None } => {
                let rights = self.people.own(*account);
                let asked = self.asked(*account, permission, place, target, now);
                match self.rights.allow_quickly(rights, &asked) {
                    Some(answer) => answer,
                    None => self.check_slowly(*account, permission, place, target, now),
                }
            }
            Actor::Person { account, on_behalf_of: Some(lender) } => {
                self.check_on_behalf(*account, *lender, permission, place, target, now)
            }
            Actor::Service(_) | Actor::Public => self.check_standings(actor, permission, place, target),
        }
    }

    #[inline]
    fn asked(
        &self,
        person: AccountId,
        permission: PermissionIndex,
        place: Place,
        target: &Target,
        now: Timestamp,
    ) -> Asked<'_> {
        Asked::new(place, self.roles.holding(permission.0), target, Some(person), now.into())
    }

    // The rarer ways are kept out of `check`, so that the common one stays in registers.
    #[inline(never)]
    fn check_slowly(
        &self,
        account: AccountId,
        permission: PermissionIndex,
        place: Place,
        target: &Target,
        now: Timestamp,
    ) -> bool {
        let asked = self.asked(account, permission, place, target, now);
        self.rights.allow(self.people.own(account), &asked)
    }

    #[inline(never)]
    fn check_on_behalf(
        &self,
        account: AccountId,
        lender: AccountId,
        permission: PermissionIndex,
        place: Place,
        target: &Target,
        now: Timestamp,
    ) -> bool {
        let rights = self.people.lent(account, lender);
        let asked = self.asked(lender, permission, place, target, now);
        let quickly = self.rights.allow_quickly(rights.clone(), &asked);
        quickly.unwrap_or_else(|| self.rights.allow(rights, &asked))
    }

    #[inline(never)]
    fn check_standings(
        &self,
        actor: &Actor,
        permission: PermissionIndex,
        place: Place,
        target: &Target,
    ) -> bool {
        self.standings(actor).is_some_and(|held| held.allow(permission.0, place, target.label))
    }

    /// What a plugin, or everybody, holds.
    pub(crate) fn standings(&self, actor: &Actor) -> Option<&Standings> {
        match actor {
            Actor::Person { .. } => None,
            Actor::Service(plugin) => self.services.get(plugin),
            Actor::Public => Some(&self.public),
        }
    }

    /// One answer for each target, in order.
    pub fn check_many(
        &self,
        actor: &Actor,
        permission: PermissionIndex,
        targets: &[Target],
        now: Timestamp,
    ) -> Vec<bool> {
        // Resolving actor, permission and terms costs about as much as a few checks.
        if targets.len() <= 4 {
            return targets.iter().map(|target| self.check(actor, permission, target, now)).collect();
        }
        self.scopes(actor, permission, now).allow_many(self, targets)
    }

    /// Exactly what the actor may act on.
    pub fn scopes(&self, actor: &Actor, permission: PermissionIndex, now: Timestamp) -> Scopes {
        match actor {
            Actor::Person { account, on_behalf_of } => {
                let rights = self.people.rights(*account, *on_behalf_of);
                let held = self.rights.in_force(rights, self.roles.holding(permission.0), now.into());
                let pieces = held.map(|right| Piece {
                    first: right.first,
                    below: right.below,
                    label: right.label(),
                    own: right.own(),
                });
                Scopes { intervals: normalise(pieces), person: Some(on_behalf_of.unwrap_or(*account)) }
            }
            Actor::Service(_) | Actor::Public => {
                let held = self.standings(actor).map_or(&[][..], |held| held.of(permission.0));
                let pieces = held.iter().map(|standing| Piece {
                    first: standing.first,
                    below: standing.below,
                    label: standing.label,
                    own: false,
                });
                Scopes { intervals: normalise(pieces), person: None }
            }
        }
    }

    /// Whether an actor holds a permission for any unit at all, whatever the label: whether there are any
    /// [`scopes`](Self::scopes).
    pub fn holds(&self, actor: &Actor, permission: PermissionIndex, now: Timestamp) -> bool {
        match actor {
            Actor::Person { account, on_behalf_of } => {
                let rights = self.people.rights(*account, *on_behalf_of);
                let mut held = self.rights.in_force(rights, self.roles.holding(permission.0), now.into());
                held.next().is_some()
            }
            Actor::Service(_) | Actor::Public => {
                self.standings(actor).is_some_and(|held| !held.of(permission.0).is_empty())
            }
        }
    }

    /// Everybody who may, in their own right, by number.
    pub fn who_can(&self, permission: PermissionIndex, target: &Target, now: Timestamp) -> Vec<AccountId> {
        let Some(place) = self.tree.place(target.unit) else { return Vec::new() };
        // One pass over all grants, as if everybody owned the target; whoever is found is checked.
        let asked = Asked::new(place, self.roles.holding(permission.0), target, target.owner, now.into());
        let found =
            self.rights.meeting(self.people.end_of_own(), &asked).map(|index| self.people.holder(index));
        let mut who: Vec<AccountId> = Vec::new();
        for account in found {
            if who.last() != Some(&account) && self.check(&Actor::person(account), permission, target, now) {
                who.push(account);
            }
        }
        who
    }

    /// Everybody who may on another person's behalf, with that person, by number. To the target they stand as the
    /// lender does: what is the lender's own is theirs.
    pub fn who_can_for_another(
        &self,
        permission: PermissionIndex,
        target: &Target,
        now: Timestamp,
    ) -> Vec<(AccountId, AccountId)> {
        let lent = self
            .people
            .loans()
            .flat_map(|(borrower, loans)| loans.iter().map(move |loan| (borrower, loan.lender)));
        let may = |(account, lender): &(AccountId, AccountId)| {
            let actor = Actor::Person { account: *account, on_behalf_of: Some(*lender) };
            self.check(&actor, permission, target, now)
        };
        lent.filter(may).collect()
    }

    /// What a person is cleared for; none when the account is not known or not active.
    pub fn clearance(&self, account: AccountId) -> Option<Label> {
        self.people.clearance(account)
    }
}
