//! From facts to tables.
//!
//! ```text
//! units ─▶ Tree            roles ─▶ Roles            accounts ─▶ Roll
//! grants × holders ─┬─▶ what each person holds ─┐
//!                   └─× delegations ─▶ loans ───┴─▶ Rights, grouped by person
//! ```
//!
//! The tables depend on the facts, never on the order in which they are listed: roles are numbered by name,
//! a person's rights come by grant and term.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use dinh_model::{AccountId, PositionId};

use crate::people::{People, Roll};
use crate::resolve::{Held, Lent, Resolver, span};
use crate::rights::{Rights, offset};
use crate::roles::Roles;
use crate::span::Span;
use crate::tree::{Tree, too_large};
use crate::{CompileError, Delegation, Facts, Grant, Grantee, Policy, TermOf};

/// Most compiled grants: a person's are found by 32-bit offsets.
pub(crate) const MOST_RIGHTS: usize = u32::MAX as usize;

pub(crate) fn compile(facts: &Facts, version: u64) -> Result<Policy, CompileError> {
    let tree = Tree::compile(&facts.units)?;
    let roles = Roles::compile(&facts.permissions, &facts.roles)?;
    let roll = Roll::new(&facts.accounts)?;
    let resolver = Resolver { tree: &tree, roles: &roles, accounts: &roll };
    let compiler = Compiler { facts, resolver };
    let holders = compiler.holders()?;
    let held = compiler.held(&holders)?;
    let loans = compiler.loans(&holders)?;
    compiler.standings_once()?;
    let services = Arc::new(compiler.resolver.services(&facts.services)?);
    let public = Arc::new(compiler.resolver.public(&facts.public)?);
    let grant_managers = compiler.resolver.all_managers(Policy::MANAGE_GRANTS, &held);
    let plugin_managers = compiler.resolver.all_managers(Policy::MANAGE_PLUGINS, &held);
    let (people, rights) = lay_out(&roll, held, loans)?;
    Ok(Policy { version, tree, roles, people, rights, services, public, grant_managers, plugin_managers })
}

struct Compiler<'a> {
    facts: &'a Facts,
    resolver: Resolver<'a, Roll>,
}

/// Who holds each position, and when.
type Holders = HashMap<PositionId, Vec<(AccountId, Span)>>;

impl Compiler<'_> {
    /// Checks positions and who holds them.
    fn holders(&self) -> Result<Holders, CompileError> {
        let mut holders = Holders::with_capacity(self.facts.positions.len());
        for position in &self.facts.positions {
            if holders.insert(*position, Vec::new()).is_some() {
                return Err(CompileError::Twice { what: "position", id: position.to_string() });
            }
        }
        let mut once = HashSet::with_capacity(self.facts.holdings.len());
        for holding in &self.facts.holdings {
            let of = TermOf::Holding(holding.account, holding.position);
            let by = || format!("the holding of {of}");
            self.resolver.known(holding.account, by)?;
            let span = span(of, holding.term)?;
            holders
                .get_mut(&holding.position)
                .ok_or_else(|| CompileError::UnknownPosition { by: by(), position: holding.position })?
                .push((holding.account, span));
            if !once.insert((holding.account, holding.position)) {
                return Err(CompileError::Twice { what: "the holding of", id: of.to_string() });
            }
        }
        Ok(holders)
    }

    /// What active accounts hold, directly and by position; checks every grant.
    fn held(&self, holders: &Holders) -> Result<Vec<Held>, CompileError> {
        let mut held = Vec::with_capacity(self.facts.grants.len());
        for grant in &self.facts.grants {
            let resolved = self.resolver.grant(grant)?;
            let by = || format!("grant {}", grant.id);
            match grant.to {
                Grantee::Account(account) => {
                    self.resolver.known(account, by)?;
                    held.extend(self.resolver.held(account, grant, &resolved, Span::ALWAYS));
                }
                Grantee::Position(position) => {
                    let holders = holders.get(&position);
                    let unknown = || CompileError::UnknownPosition { by: by(), position };
                    for (account, during) in holders.ok_or_else(unknown)? {
                        held.extend(self.resolver.held(*account, grant, &resolved, *during));
                    }
                }
            }
        }
        Ok(held)
    }

    /// What is lent, by borrower and lender; checks every delegation.
    fn loans(&self, holders: &Holders) -> Result<Vec<Lent>, CompileError> {
        let grants = self.grants_by_number()?;
        let mut numbers = HashSet::with_capacity(self.facts.delegations.len());
        let mut order: Vec<&Delegation> = self.facts.delegations.iter().collect();
        order.sort_by_key(|delegation| (delegation.borrower, delegation.lender, delegation.id));
        let mut loans: Vec<Lent> = Vec::new();
        for delegation in order {
            let &Delegation { id, lender, borrower, grants: ref lent, term } = delegation;
            let by = || format!("delegation {id}");
            if !numbers.insert(id) {
                return Err(CompileError::Twice { what: "delegation", id: id.to_string() });
            }
            self.resolver.known(lender, by)?;
            self.resolver.known(borrower, by)?;
            let lent_for = span(TermOf::Delegation(id), term)?;
            if loans.last().is_none_or(|last| (last.borrower, last.lender) != (borrower, lender)) {
                loans.push(Lent { borrower, lender, rights: Vec::new() });
            }
            for number in lent {
                // A grant that was withdrawn lends nothing.
                let Ok(found) = grants.binary_search_by_key(number, |grant| grant.id) else { continue };
                let Some(grant) = grants.get(found) else { continue };
                let had = self.had(grant, delegation, holders)?;
                let resolved = self.resolver.grant(grant)?;
                for while_had in had {
                    let right = self.resolver.lent(delegation, grant, &resolved, while_had.and(lent_for));
                    if let Some(last) = loans.last_mut() {
                        last.rights.extend(right);
                    }
                }
            }
        }
        loans.iter_mut().for_each(Lent::sort);
        Ok(loans)
    }

    /// When the lender has a grant they lend; an error when it is another person's.
    fn had(
        &self,
        grant: &Grant,
        delegation: &Delegation,
        holders: &Holders,
    ) -> Result<Vec<Span>, CompileError> {
        let lender = delegation.lender;
        match grant.to {
            Grantee::Account(owner) if owner == lender => Ok(vec![Span::ALWAYS]),
            Grantee::Account(_) => {
                let borrowed =
                    |other: &Delegation| other.borrower == lender && other.grants.contains(&grant.id);
                let (delegation, grant_id) = (delegation.id, grant.id);
                Err(if self.facts.delegations.iter().any(borrowed) {
                    CompileError::DelegationOfDelegation { delegation, lender, grant: grant_id }
                } else {
                    CompileError::NotTheLenders { delegation, lender, grant: grant_id }
                })
            }
            Grantee::Position(position) => {
                let held = holders.get(&position).into_iter().flatten();
                Ok(held.filter(|(holder, _)| *holder == lender).map(|(_, span)| *span).collect())
            }
        }
    }

    fn grants_by_number(&self) -> Result<Vec<&Grant>, CompileError> {
        let mut grants: Vec<&Grant> = self.facts.grants.iter().collect();
        grants.sort_by_key(|grant| grant.id);
        for pair in grants.windows(2) {
            if let [one, other] = pair
                && one.id == other.id
            {
                return Err(CompileError::Twice { what: "grant", id: one.id.to_string() });
            }
        }
        Ok(grants)
    }

    /// Checks that nothing is given to a plugin, or to everybody, twice.
    fn standings_once(&self) -> Result<(), CompileError> {
        let mut once = HashSet::new();
        for grant in &self.facts.services {
            if !once.insert((Some(&grant.plugin), &grant.permission, grant.unit)) {
                let id = format!("{} to {} for unit {}", grant.permission, grant.plugin, grant.unit);
                return Err(CompileError::Twice { what: "the admission of", id });
            }
        }
        for grant in &self.facts.public {
            if !once.insert((None, &grant.permission, grant.unit)) {
                let id = format!("{} for unit {}", grant.permission, grant.unit);
                return Err(CompileError::Twice { what: "the public grant of", id });
            }
        }
        Ok(())
    }
}

/// Puts each person's grants side by side, and behind them what is lent.
fn lay_out(roll: &Roll, held: Vec<Held>, loans: Vec<Lent>) -> Result<(People, Rights), CompileError> {
    let lent: usize = loans.iter().map(|loan| loan.rights.len()).sum();
    too_large("number of grants, one for each holder and borrower", held.len() + lent, MOST_RIGHTS)?;
    // Sorted by counting: the accounts are small numbers.
    let mut starts = vec![0_u32; roll.len() + 1];
    for held in &held {
        if let Some(count) = starts.get_mut(held.account.0 as usize + 1) {
            *count += 1;
        }
    }
    let mut sum = 0;
    for start in &mut starts {
        sum += *start;
        *start = sum;
    }
    let mut next = starts.clone();
    let mut order = vec![0_u32; held.len()];
    for (index, held) in held.iter().enumerate() {
        if let Some(place) = next.get_mut(held.account.0 as usize) {
            if let Some(slot) = order.get_mut(*place as usize) {
                *slot = offset(index);
            }
            *place += 1;
        }
    }
    let mut rights = Rights::with_capacity(held.len() + lent);
    for pair in starts.windows(2) {
        let &[start, end] = pair else { continue };
        let Some(order) = order.get_mut(start as usize..end as usize) else { continue };
        if order.len() > 1 {
            order.sort_by_key(|index| held.get(*index as usize).map(|held| (held.grant, held.span)));
        }
        for held in order.iter().filter_map(|index| held.get(*index as usize)) {
            rights.push(held.right, held.span, held.grant);
        }
    }
    let mut people = People::new(roll.clearances(), starts);
    for loan in loans {
        people.push_loan(&loan, &mut rights);
    }
    people.end_loans();
    Ok((people, rights))
}
