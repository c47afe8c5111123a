//! The next policy from the one before: only what the changed facts reach is compiled, the rest is copied.
//!
//! ```text
//! changes ─▶ Reached: people whose own rights, borrowers whose loans may differ
//! rights  │ …copied… │ person's, compiled │ …copied… ║ loans │ …copied… │ borrower's, compiled │
//! ```
//!
//! Whatever is rare or wrong is left to compiling everything: units, roles and permissions, which number the
//! tables, and facts that do not make a policy, so that both ways refuse them with the same words.

use std::collections::BTreeSet;
use std::sync::Arc;

use dinh_model::AccountId;

use crate::compile::MOST_RIGHTS;
use crate::people::{HIGHEST_ACCOUNT, Loan};
use crate::resolve::{Accounts as _, Held, Lent, Resolver, span};
use crate::rights::{Rights, offset};
use crate::span::Span;
use crate::{Fact, FactChange, FactKey, Grant, Grantee, Ledger, Policy, TermOf};

/// Whose rights may have changed.
#[derive(Debug, Default)]
pub(crate) struct Reached {
    people: BTreeSet<AccountId>,
    borrowers: BTreeSet<AccountId>,
    services: bool,
    public: bool,
    /// Everybody's, perhaps.
    all: bool,
}

impl Reached {
    /// Notes whom a fact reaches as the facts are now: asked both before and after it changes.
    pub fn note(&mut self, ledger: &Ledger, key: &FactKey) {
        match key {
            FactKey::Unit(_) | FactKey::Permission(_) | FactKey::Role(_) => self.all = true,
            FactKey::Position(_) => {}
            FactKey::Account(account) | FactKey::Holding(account, _) => {
                self.people.insert(*account);
                self.borrowers.insert(*account);
                self.borrowers.extend(ledger.lent_by(*account).map(|loan| loan.borrower));
            }
            FactKey::Grant(grant) => {
                match ledger.grant(*grant).map(|grant| grant.to) {
                    Some(Grantee::Account(account)) => drop(self.people.insert(account)),
                    Some(Grantee::Position(position)) => self.people.extend(ledger.holders_of(position)),
                    None => {}
                }
                self.borrowers.extend(ledger.naming(*grant).map(|loan| loan.borrower));
            }
            FactKey::Delegation(id) => {
                self.borrowers.extend(ledger.delegation(*id).map(|loan| loan.borrower));
            }
            FactKey::Service(..) => self.services = true,
            FactKey::Public(..) => self.public = true,
        }
    }
}

impl Policy {
    /// The policy of the ledger's facts, which are this one's but for `changes`; none when everything has to
    /// be compiled.
    pub(crate) fn spliced(&self, ledger: &Ledger, reached: &Reached, changes: &[FactChange]) -> Option<Self> {
        let resolver = Resolver { tree: &self.tree, roles: &self.roles, accounts: ledger };
        let splice = Splice { ledger, resolver };
        if reached.all || !changes.iter().all(|change| splice.is_sound(change)) {
            return None;
        }
        // Someone that a change named and a later one of the same list no longer does need not exist.
        let people = reached.people.iter().filter(|account| ledger.account(**account).is_some());
        let held: Vec<(AccountId, Vec<Held>)> =
            people.map(|account| Some((*account, splice.held(*account)?))).collect::<Option<_>>()?;
        let loans: Vec<(AccountId, Vec<Lent>)> = reached
            .borrowers
            .iter()
            .map(|account| Some((*account, splice.loans(*account)?)))
            .collect::<Option<_>>()?;
        let more = held.iter().map(|(_, held)| held.len()).sum::<usize>()
            + loans.iter().flat_map(|(_, loans)| loans).map(|loan| loan.rights.len()).sum::<usize>();
        if self.rights.len() + more > MOST_RIGHTS {
            return None;
        }
        let services = if reached.services {
            Arc::new(splice.resolver.services(&ledger.facts().services).ok()?)
        } else {
            Arc::clone(&self.services)
        };
        let public = if reached.public {
            Arc::new(splice.resolver.public(&ledger.facts().public).ok()?)
        } else {
            Arc::clone(&self.public)
        };
        let new_held = || held.iter().flat_map(|(_, held)| held);
        let managers = |old: &crate::policy::Managers, permission| {
            old.replaced(&reached.people, splice.resolver.managers(permission, new_held()))
        };
        let grant_managers = managers(&self.grant_managers, Self::MANAGE_GRANTS);
        let plugin_managers = managers(&self.plugin_managers, Self::MANAGE_PLUGINS);

        let mut rights = Rights::with_capacity(self.rights.len() + more);
        let replaced =
            held.iter().map(|(account, held)| (*account, splice.resolver.clearance(*account), held.len()));
        let (mut people, kept) = self.people.replacing(replaced);
        let mut held = held.iter();
        for kept in kept {
            rights.copy(&self.rights, kept);
            for held in held.next().map_or(&[][..], |(_, held)| held) {
                rights.push(held.right, held.span, held.grant);
            }
        }
        let mut fresh = loans.iter().peekable();
        for (borrower, old) in self.people.loans() {
            while let Some((_, loans)) = fresh.next_if(|(account, _)| *account < borrower) {
                loans.iter().for_each(|loan| people.push_loan(loan, &mut rights));
            }
            if let Some((_, loans)) = fresh.next_if(|(account, _)| *account == borrower) {
                loans.iter().for_each(|loan| people.push_loan(loan, &mut rights));
                continue;
            }
            for loan in old {
                let start = offset(rights.len());
                rights.copy(&self.rights, loan.rights.clone());
                people.keep_loan(borrower, Loan { lender: loan.lender, rights: start..offset(rights.len()) });
            }
        }
        fresh.flat_map(|(_, loans)| loans).for_each(|loan| people.push_loan(loan, &mut rights));
        people.end_loans();
        let (tree, roles) = (self.tree.clone(), self.roles.clone());
        let version = self.version;
        Some(Self { version, tree, roles, people, rights, services, public, grant_managers, plugin_managers })
    }
}

struct Splice<'a> {
    ledger: &'a Ledger,
    resolver: Resolver<'a, Ledger>,
}

impl Splice<'_> {
    /// Whether a fact that was set names only what there is, and no fact names one that was removed.
    fn is_sound(&self, change: &FactChange) -> bool {
        let ledger = self.ledger;
        let known = |account: &AccountId| ledger.account(*account).is_some();
        match change {
            FactChange::Remove(FactKey::Account(_) | FactKey::Position(_)) => false,
            FactChange::Remove(_) | FactChange::Set(Fact::Position(_)) => true,
            // A later change of the same list may have changed or removed it again.
            FactChange::Set(fact) if ledger.get(&fact.key()).as_ref() != Some(fact) => true,
            FactChange::Set(Fact::Account(account)) => account.id.0 as usize <= HIGHEST_ACCOUNT,
            FactChange::Set(Fact::Holding(holding)) => {
                known(&holding.account)
                    && ledger.holds(&FactKey::Position(holding.position))
                    && span(TermOf::Holding(holding.account, holding.position), holding.term).is_ok()
            }
            FactChange::Set(Fact::Grant(grant)) => {
                let to = match grant.to {
                    Grantee::Account(account) => known(&account),
                    Grantee::Position(position) => ledger.holds(&FactKey::Position(position)),
                };
                let lenders = |grant: &Grant| ledger.naming(grant.id).all(|loan| lends(loan.lender, grant));
                to && self.resolver.grant(grant).is_ok() && lenders(grant)
            }
            FactChange::Set(Fact::Delegation(loan)) => {
                let grants = loan.grants.iter().filter_map(|grant| ledger.grant(*grant));
                known(&loan.lender)
                    && known(&loan.borrower)
                    && span(TermOf::Delegation(loan.id), loan.term).is_ok()
                    && grants.into_iter().all(|grant| lends(loan.lender, grant))
            }
            FactChange::Set(Fact::Service(_) | Fact::Public(_)) => true,
            FactChange::Set(Fact::Unit(_) | Fact::Permission(_) | Fact::Role(_)) => false,
        }
    }

    /// A person's own compiled grants, in order.
    fn held(&self, account: AccountId) -> Option<Vec<Held>> {
        let mut held = Vec::new();
        for grant in self.ledger.grants_to(Grantee::Account(account)) {
            let resolved = self.resolver.grant(grant).ok()?;
            held.extend(self.resolver.held(account, grant, &resolved, Span::ALWAYS));
        }
        for holding in self.ledger.held_by(account) {
            let during = Span::from(holding.term);
            for grant in self.ledger.grants_to(Grantee::Position(holding.position)) {
                let resolved = self.resolver.grant(grant).ok()?;
                held.extend(self.resolver.held(account, grant, &resolved, during));
            }
        }
        held.sort_by_key(|held| (held.grant, held.span));
        Some(held)
    }

    /// What a person has borrowed, by lender.
    fn loans(&self, borrower: AccountId) -> Option<Vec<Lent>> {
        let mut order: Vec<_> = self.ledger.borrowed_by(borrower).collect();
        order.sort_by_key(|loan| (loan.lender, loan.id));
        let mut loans: Vec<Lent> = Vec::new();
        for delegation in order {
            let lender = delegation.lender;
            if loans.last().is_none_or(|last| last.lender != lender) {
                loans.push(Lent { borrower, lender, rights: Vec::new() });
            }
            for grant in delegation.grants.iter().filter_map(|grant| self.ledger.grant(*grant)) {
                let resolved = self.resolver.grant(grant).ok()?;
                let had = match grant.to {
                    Grantee::Account(_) => Some(Span::ALWAYS),
                    Grantee::Position(position) => {
                        self.ledger.holding(lender, position).map(|holding| Span::from(holding.term))
                    }
                };
                let during = had.map(|had| had.and(Span::from(delegation.term)));
                let right = during.and_then(|span| self.resolver.lent(delegation, grant, &resolved, span));
                if let Some(last) = loans.last_mut() {
                    last.rights.extend(right);
                }
            }
        }
        loans.iter_mut().for_each(Lent::sort);
        Some(loans)
    }
}

/// Whether a grant is the lender's to lend.
fn lends(lender: AccountId, grant: &Grant) -> bool {
    match grant.to {
        Grantee::Account(owner) => owner == lender,
        Grantee::Position(_) => true,
    }
}
