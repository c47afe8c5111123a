//! The policy and the questions it answers.

use std::ops::Range;

use dinh_model::{AccountId, Actor, GrantId, Label, Permission, Target, Timestamp, UnitId};

use crate::scopes::{Piece, normalise};
use crate::tree::Tree;
use crate::{CompileError, Explanation, Facts, FailedCondition, Grantee, Scopes, Term};

/// A permission resolved once, so that checks carry a small number. Good for the policy that gave it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PermissionIndex(u16);

/// Who may do what: immutable, shared by all threads.
#[derive(Debug)]
pub struct Policy {
    pub(crate) tree: Tree,
    facts: Facts,
    permissions: Vec<Permission>,
    version: u64,
}

/// One right a person has.
struct Right {
    grant: GrantId,
    label: Label,
    own: bool,
    unit: UnitId,
    terms: [Term; 3],
}

impl Policy {
    /// Compiles the facts; `version` is kept with the policy.
    pub fn compile(facts: &Facts, version: u64) -> Result<Self, CompileError> {
        let tree = Tree::compile(&facts.units)?;
        let mut permissions = facts.permissions.clone();
        permissions.sort();
        permissions.dedup();
        Ok(Self { tree, facts: facts.clone(), permissions, version })
    }

    /// The version given at compilation.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// The index of a permission; none when no manifest declares it.
    pub fn permission(&self, permission: &Permission) -> Option<PermissionIndex> {
        let index = self.permissions.binary_search(permission).ok()?;
        u16::try_from(index).ok().map(PermissionIndex)
    }

    /// The permission of an index.
    pub fn permission_name(&self, permission: PermissionIndex) -> Option<&Permission> {
        self.permissions.get(usize::from(permission.0))
    }

    /// Whether `unit` is `ancestor` or below it; false when either does not exist.
    pub fn is_within(&self, unit: UnitId, ancestor: UnitId) -> bool {
        match (self.tree.place(unit), self.tree.subtree(ancestor)) {
            (Some(place), Some((first, below))) => place.wrapping_sub(first) <= below,
            _ => false,
        }
    }

    /// How many units there are.
    pub fn unit_count(&self) -> usize {
        self.facts.units.len()
    }

    /// The units at some places in preorder.
    pub fn units_at(&self, places: Range<u32>) -> &[UnitId] {
        self.tree.units(places)
    }

    /// Whether the actor may.
    pub fn check(&self, actor: &Actor, permission: PermissionIndex, target: &Target, now: Timestamp) -> bool {
        self.scopes(actor, permission, now).allows(self, target)
    }

    /// One answer for each target, in order.
    pub fn check_many(
        &self,
        actor: &Actor,
        permission: PermissionIndex,
        targets: &[Target],
        now: Timestamp,
    ) -> Vec<bool> {
        let scopes = self.scopes(actor, permission, now);
        targets.iter().map(|target| scopes.allows(self, target)).collect()
    }

    /// Exactly what the actor may act on.
    pub fn scopes(&self, actor: &Actor, permission: PermissionIndex, now: Timestamp) -> Scopes {
        let mut pieces = Vec::new();
        let mut push = |unit, label, own| {
            if let Some((first, below)) = self.tree.subtree(unit) {
                pieces.push(Piece { first, below, label, own });
            }
        };
        let Some(name) = self.permission_name(permission) else { return Scopes::default() };
        let mut person = None;
        match actor {
            Actor::Person { account, on_behalf_of } => {
                person = Some(on_behalf_of.unwrap_or(*account));
                for right in self.rights(*account, *on_behalf_of, name) {
                    if right.terms.iter().all(|term| term.contains(now)) {
                        push(right.unit, right.label, right.own);
                    }
                }
            }
            Actor::Service(plugin) => {
                for grant in
                    self.facts.services.iter().filter(|g| g.plugin == *plugin && g.permission == *name)
                {
                    push(grant.unit, grant.label, false);
                }
            }
            Actor::Public => {
                for grant in self.facts.public.iter().filter(|g| g.permission == *name) {
                    push(grant.unit, Label::Ordinary, false);
                }
            }
        }
        Scopes { intervals: normalise(&pieces), person }
    }

    /// Why the actor may or may not.
    pub fn explain(
        &self,
        actor: &Actor,
        permission: PermissionIndex,
        target: &Target,
        now: Timestamp,
    ) -> Explanation {
        let allowed = self.check(actor, permission, target, now);
        let on_behalf_of = match actor {
            Actor::Person { on_behalf_of, .. } => *on_behalf_of,
            _ => None,
        };
        Explanation {
            allowed,
            failed: (!allowed).then_some(FailedCondition::NoRole),
            by: self.by(actor, permission, now),
            could_grant: Vec::new(),
            permission: self.permission_name(permission).cloned(),
            target: *target,
            on_behalf_of,
            clearance: None,
        }
    }

    fn by(&self, actor: &Actor, permission: PermissionIndex, now: Timestamp) -> Vec<GrantId> {
        let (Actor::Person { account, on_behalf_of }, Some(name)) = (actor, self.permission_name(permission))
        else {
            return Vec::new();
        };
        let rights = self.rights(*account, *on_behalf_of, name);
        let in_force = |right: &&Right| right.terms.iter().all(|term| term.contains(now));
        rights.iter().filter(in_force).map(|right| right.grant).collect()
    }

    fn clearance(&self, account: AccountId) -> Option<Label> {
        self.facts.accounts.iter().find(|fact| fact.id == account && fact.active).map(|fact| fact.clearance)
    }

    fn rights(&self, account: AccountId, lender: Option<AccountId>, permission: &Permission) -> Vec<Right> {
        let (Some(clearance), Some(also)) =
            (self.clearance(account), self.clearance(lender.unwrap_or(account)))
        else {
            return Vec::new();
        };
        let holder = lender.unwrap_or(account);
        let mut rights = Vec::new();
        for grant in &self.facts.grants {
            let role = self.facts.roles.iter().find(|role| role.id == grant.role);
            if !role.is_some_and(|role| role.permissions.contains(permission)) {
                continue;
            }
            let by: Vec<Term> = match grant.to {
                Grantee::Account(to) if to == holder => vec![Term::ALWAYS],
                Grantee::Account(_) => Vec::new(),
                Grantee::Position(position) => self
                    .facts
                    .holdings
                    .iter()
                    .filter(|holding| holding.account == holder && holding.position == position)
                    .map(|holding| holding.term)
                    .collect(),
            };
            let lent: Vec<Term> = match lender {
                None => vec![Term::ALWAYS],
                Some(lender) => self
                    .facts
                    .delegations
                    .iter()
                    .filter(|d| d.lender == lender && d.borrower == account && d.grants.contains(&grant.id))
                    .map(|d| d.term)
                    .collect(),
            };
            for held in &by {
                for term in &lent {
                    rights.push(Right {
                        grant: grant.id,
                        label: grant.label.min(clearance).min(also),
                        own: grant.scope.own,
                        unit: grant.scope.unit,
                        terms: [grant.term, *held, *term],
                    });
                }
            }
        }
        rights
    }
}
