//! The facts beside their policy, indexed, so that a change of one need not look at all.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::mem;

use dinh_model::{AccountId, GrantId, PositionId};

use crate::links::Links;
use crate::resolve::Accounts;
use crate::{
    AccountFact, CompileError, Delegation, Fact, FactChange, FactKey, Facts, Grant, Grantee, Holding, Policy,
};

/// The facts that a policy was compiled from, kept so that the next one can be made from it and a few
/// changes ([`Ledger::apply`]).
///
/// ```
/// use dinh_access::{AccountFact, Fact, FactChange, Facts, Ledger};
/// use dinh_model::{AccountId, Label};
///
/// let (mut ledger, empty) = Ledger::compile(Facts::default(), 1)?;
/// let account = AccountFact { id: AccountId(7), active: true, clearance: Label::Ordinary };
/// let applied = ledger.apply(&empty, vec![FactChange::Set(Fact::Account(account))])?;
/// assert_eq!(applied.policy.clearance(AccountId(7)), Some(Label::Ordinary));
/// assert!(!applied.revokes);
/// // It was not stored after all.
/// ledger.take_back(applied.undo);
/// assert_eq!(*ledger.facts(), Facts::default());
/// # Ok::<(), dinh_access::CompileError>(())
/// ```
#[derive(Debug, Default)]
pub struct Ledger {
    facts: Facts,
    /// Where each fact lies in its list.
    at: HashMap<FactKey, usize>,
    links: Links,
}

/// The policy after some changes.
#[derive(Debug)]
pub struct Applied {
    /// The policy. Its version is still that of the one before: [`Policy::with_version`] sets its own.
    pub policy: Policy,
    /// The changes that changed something.
    pub changes: Vec<FactChange>,
    /// Whether somebody may have less than before.
    pub revokes: bool,
    /// What takes the changes back ([`Ledger::take_back`]).
    pub undo: Vec<FactChange>,
}

impl Ledger {
    /// The facts with the policy compiled from them.
    pub fn compile(facts: Facts, version: u64) -> Result<(Self, Policy), CompileError> {
        // First, because that is where facts that contradict themselves are refused.
        let policy = Policy::compile(&facts, version)?;
        let mut ledger = Self::default();
        ledger.at.reserve(facts.grants.len() + facts.accounts.len() + facts.holdings.len());
        for fact in facts.into_list() {
            ledger.set(fact);
        }
        Ok((ledger, policy))
    }

    /// The facts as they are now.
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// Changes the facts, and makes of `policy`, which was that of the facts before, the policy of the facts
    /// now: exactly the one that compiling them would give. When they do not make a policy, nothing was
    /// changed.
    pub fn apply(&mut self, policy: &Policy, changes: Vec<FactChange>) -> Result<Applied, CompileError> {
        let mut done = Done::default();
        for change in changes {
            if !self.differs(&change) {
                continue;
            }
            let before = self.get(&change.key());
            done.revokes |= change.narrows(before.as_ref());
            done.reached.note(self, &change.key());
            done.undo.push(match change.clone() {
                FactChange::Set(fact) => self.set(fact),
                FactChange::Remove(key) => self.remove(key),
            });
            done.reached.note(self, &change.key());
            done.changes.push(change);
        }
        let next = match policy.spliced(self, &done.reached, &done.changes) {
            Some(next) => Ok(next),
            None => Policy::compile(&self.facts, policy.version()),
        };
        match next {
            Ok(policy) => {
                let Done { changes, revokes, undo, .. } = done;
                Ok(Applied { policy, changes, revokes, undo })
            }
            Err(error) => {
                self.take_back(done.undo);
                Err(error)
            }
        }
    }

    /// Takes changes back: the last that were applied, first the last ones.
    pub fn take_back(&mut self, undo: Vec<FactChange>) {
        for change in undo.into_iter().rev() {
            match change {
                FactChange::Set(fact) => self.set(fact),
                FactChange::Remove(key) => self.remove(key),
            };
        }
    }

    /// Whether a change would change anything.
    pub fn differs(&self, change: &FactChange) -> bool {
        match change {
            FactChange::Set(fact) => self.get(&fact.key()).as_ref() != Some(fact),
            FactChange::Remove(key) => self.at.contains_key(key),
        }
    }

    /// The fact with a key.
    pub fn get(&self, key: &FactKey) -> Option<Fact> {
        let at = *self.at.get(key)?;
        let Facts {
            units,
            accounts,
            positions,
            holdings,
            permissions,
            roles,
            grants,
            delegations,
            services,
            public,
        } = &self.facts;
        match key {
            FactKey::Unit(_) => units.get(at).copied().map(Fact::Unit),
            FactKey::Account(_) => accounts.get(at).copied().map(Fact::Account),
            FactKey::Position(_) => positions.get(at).copied().map(Fact::Position),
            FactKey::Holding(..) => holdings.get(at).copied().map(Fact::Holding),
            FactKey::Permission(_) => permissions.get(at).cloned().map(Fact::Permission),
            FactKey::Role(_) => roles.get(at).cloned().map(Fact::Role),
            FactKey::Grant(_) => grants.get(at).cloned().map(Fact::Grant),
            FactKey::Delegation(_) => delegations.get(at).cloned().map(Fact::Delegation),
            FactKey::Service(..) => services.get(at).cloned().map(Fact::Service),
            FactKey::Public(..) => public.get(at).cloned().map(Fact::Public),
        }
    }

    /// Sets a fact; what takes that back.
    fn set(&mut self, fact: Fact) -> FactChange {
        let key = fact.key();
        self.links.link(&fact, true);
        let (facts, at) = (&mut self.facts, &mut self.at);
        let before = match fact {
            Fact::Unit(unit) => put(&mut facts.units, at, &key, unit).map(Fact::Unit),
            Fact::Account(account) => put(&mut facts.accounts, at, &key, account).map(Fact::Account),
            Fact::Position(position) => put(&mut facts.positions, at, &key, position).map(Fact::Position),
            Fact::Holding(holding) => put(&mut facts.holdings, at, &key, holding).map(Fact::Holding),
            Fact::Permission(name) => put(&mut facts.permissions, at, &key, name).map(Fact::Permission),
            Fact::Role(role) => put(&mut facts.roles, at, &key, role).map(Fact::Role),
            Fact::Grant(grant) => put(&mut facts.grants, at, &key, grant).map(Fact::Grant),
            Fact::Delegation(loan) => put(&mut facts.delegations, at, &key, loan).map(Fact::Delegation),
            Fact::Service(grant) => put(&mut facts.services, at, &key, grant).map(Fact::Service),
            Fact::Public(grant) => put(&mut facts.public, at, &key, grant).map(Fact::Public),
        };
        match before {
            Some(before) => {
                // What the new fact also names was linked once more, and is unlinked once.
                self.links.link(&before, false);
                FactChange::Set(before)
            }
            None => FactChange::Remove(key),
        }
    }

    /// Removes a fact; what takes that back.
    fn remove(&mut self, key: FactKey) -> FactChange {
        let (facts, at) = (&mut self.facts, &mut self.at);
        let before = match key {
            FactKey::Unit(_) => take(&mut facts.units, at, &key, Fact::Unit),
            FactKey::Account(_) => take(&mut facts.accounts, at, &key, Fact::Account),
            FactKey::Position(_) => take(&mut facts.positions, at, &key, Fact::Position),
            FactKey::Holding(..) => take(&mut facts.holdings, at, &key, Fact::Holding),
            FactKey::Permission(_) => take(&mut facts.permissions, at, &key, Fact::Permission),
            FactKey::Role(_) => take(&mut facts.roles, at, &key, Fact::Role),
            FactKey::Grant(_) => take(&mut facts.grants, at, &key, Fact::Grant),
            FactKey::Delegation(_) => take(&mut facts.delegations, at, &key, Fact::Delegation),
            FactKey::Service(..) => take(&mut facts.services, at, &key, Fact::Service),
            FactKey::Public(..) => take(&mut facts.public, at, &key, Fact::Public),
        };
        match before {
            Some(before) => {
                self.links.link(&before, false);
                FactChange::Set(before)
            }
            None => FactChange::Remove(key),
        }
    }

    pub(crate) fn grant(&self, id: GrantId) -> Option<&Grant> {
        self.facts.grants.get(*self.at.get(&FactKey::Grant(id))?)
    }

    pub(crate) fn holding(&self, account: AccountId, position: PositionId) -> Option<&Holding> {
        self.facts.holdings.get(*self.at.get(&FactKey::Holding(account, position))?)
    }

    pub(crate) fn holds(&self, key: &FactKey) -> bool {
        self.at.contains_key(key)
    }

    pub(crate) fn grants_to(&self, to: Grantee) -> impl Iterator<Item = &Grant> {
        self.links.grants_to.of(to).iter().filter_map(|id| self.grant(*id))
    }

    pub(crate) fn held_by(&self, account: AccountId) -> impl Iterator<Item = &Holding> {
        self.links.held.of(account).iter().filter_map(move |position| self.holding(account, *position))
    }

    pub(crate) fn holders_of(&self, position: PositionId) -> impl Iterator<Item = AccountId> {
        self.links.holders.of(position).iter().copied()
    }

    pub(crate) fn lent_by(&self, lender: AccountId) -> impl Iterator<Item = &Delegation> {
        self.links.lent.of(lender).iter().filter_map(|id| self.delegation(*id))
    }

    pub(crate) fn borrowed_by(&self, borrower: AccountId) -> impl Iterator<Item = &Delegation> {
        self.links.borrowed.of(borrower).iter().filter_map(|id| self.delegation(*id))
    }

    pub(crate) fn naming(&self, grant: GrantId) -> impl Iterator<Item = &Delegation> {
        self.links.naming.of(grant).iter().filter_map(|id| self.delegation(*id))
    }

    pub(crate) fn delegation(&self, id: u32) -> Option<&Delegation> {
        self.facts.delegations.get(*self.at.get(&FactKey::Delegation(id))?)
    }
}

impl Accounts for Ledger {
    fn account(&self, account: AccountId) -> Option<&AccountFact> {
        self.facts.accounts.get(*self.at.get(&FactKey::Account(account))?)
    }
}

/// What was done so far.
#[derive(Default)]
struct Done {
    changes: Vec<FactChange>,
    undo: Vec<FactChange>,
    revokes: bool,
    reached: crate::apply::Reached,
}

/// Puts an item into its list, in the place of the one with its key.
fn put<T>(list: &mut Vec<T>, at: &mut HashMap<FactKey, usize>, key: &FactKey, item: T) -> Option<T> {
    match at.entry(key.clone()) {
        Entry::Occupied(place) => list.get_mut(*place.get()).map(|slot| mem::replace(slot, item)),
        Entry::Vacant(place) => {
            place.insert(list.len());
            list.push(item);
            None
        }
    }
}

/// Takes an item out of its list; the last one takes its place.
fn take<T: Clone>(
    list: &mut Vec<T>,
    at: &mut HashMap<FactKey, usize>,
    key: &FactKey,
    fact: fn(T) -> Fact,
) -> Option<Fact> {
    let place = at.remove(key).filter(|place| *place < list.len())?;
    let item = list.swap_remove(place);
    if let Some(moved) = list.get(place) {
        at.insert(fact(moved.clone()).key(), place);
    }
    Some(fact(item))
}
