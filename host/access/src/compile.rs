//! From facts to tables.
//!
//! ```text
//! units ─▶ Tree            roles ─▶ Roles            accounts ─▶ Roll
//! grants × holders ─┬─▶ what each person holds ─┐
//!                   └─× delegations ─▶ loans ───┴─▶ Rights, grouped by person
//! ```

use std::collections::{HashMap, HashSet};

use dinh_model::{AccountId, GrantId, Label, Permission, PluginId, PositionId, RoleId, UnitId};

use crate::people::{Loan, People, Roll};
use crate::policy::{Manager, Managers};
use crate::rights::{Right, Rights};
use crate::roles::{Role, Roles};
use crate::span::Span;
use crate::standing::{Standing, Standings};
use crate::tree::{Place, Tree, too_large};
use crate::{CompileError, Delegation, Facts, Grant, Grantee, Policy, Term, TermOf};

/// Most compiled grants: a person's are found by 32-bit offsets.
const MOST_RIGHTS: usize = u32::MAX as usize;

pub(crate) fn compile(facts: &Facts, version: u64) -> Result<Policy, CompileError> {
    let tree = Tree::compile(&facts.units)?;
    let (roles, numbers) = Roles::compile(&facts.permissions, &facts.roles)?;
    let roll = Roll::new(&facts.accounts)?;
    let compiler = Compiler { facts, tree, roles, numbers, roll };
    let holders = compiler.holders()?;
    let held = compiler.held(&holders)?;
    let loans = compiler.loans(&holders)?;
    let services = compiler.services()?;
    let public = compiler.public()?;
    let grant_managers = compiler.managers(Policy::MANAGE_GRANTS, &held);
    let plugin_managers = compiler.managers(Policy::MANAGE_PLUGINS, &held);
    let Compiler { tree, roles, roll, .. } = compiler;
    let mut people = People::new(&roll);
    let rights = lay_out(&mut people, held, loans)?;
    Ok(Policy { version, tree, roles, people, rights, services, public, grant_managers, plugin_managers })
}

struct Compiler<'a> {
    facts: &'a Facts,
    tree: Tree,
    roles: Roles,
    numbers: HashMap<&'a RoleId, Role>,
    roll: Roll,
}

/// Who holds each position, and when.
type Holders = HashMap<PositionId, Vec<(AccountId, Span)>>;

/// A compiled grant and whose it is.
struct Held {
    account: AccountId,
    right: Right,
    span: Span,
    grant: GrantId,
}

/// What one person lends another.
struct Lent {
    borrower: AccountId,
    lender: AccountId,
    rights: Vec<(Right, Span, GrantId)>,
}

impl Compiler<'_> {
    /// Checks positions and who holds them.
    fn holders(&self) -> Result<Holders, CompileError> {
        let mut holders = Holders::with_capacity(self.facts.positions.len());
        for position in &self.facts.positions {
            if holders.insert(*position, Vec::new()).is_some() {
                return Err(CompileError::Twice { what: "position", id: position.to_string() });
            }
        }
        for holding in &self.facts.holdings {
            let of = TermOf::Holding(holding.account, holding.position);
            let by = || format!("the holding of {of}");
            self.known(holding.account, by)?;
            let span = span(of, holding.term)?;
            holders
                .get_mut(&holding.position)
                .ok_or_else(|| CompileError::UnknownPosition { by: by(), position: holding.position })?
                .push((holding.account, span));
        }
        Ok(holders)
    }

    /// What active accounts hold, directly and by position; checks every grant.
    fn held(&self, holders: &Holders) -> Result<Vec<Held>, CompileError> {
        let mut held = Vec::with_capacity(self.facts.grants.len());
        for grant in &self.facts.grants {
            let (scope, role, span) = self.grant(grant)?;
            let by = || format!("grant {}", grant.id);
            let mut give = |account, span| {
                if let Some(clearance) = self.clearance(account) {
                    let label = grant.label.min(clearance);
                    let right = Right::new(scope, role, label, grant.scope.own, span);
                    held.push(Held { account, right, span, grant: grant.id });
                }
            };
            match grant.to {
                Grantee::Account(account) => {
                    self.known(account, by)?;
                    give(account, span);
                }
                Grantee::Position(position) => {
                    let holders = holders.get(&position);
                    let unknown = || CompileError::UnknownPosition { by: by(), position };
                    for (account, while_held) in holders.ok_or_else(unknown)? {
                        give(*account, span.and(*while_held));
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
            self.known(lender, by)?;
            self.known(borrower, by)?;
            let lent_for = span(TermOf::Delegation(id), term)?;
            if loans.last().is_none_or(|last| (last.borrower, last.lender) != (borrower, lender)) {
                loans.push(Lent { borrower, lender, rights: Vec::new() });
            }
            for number in lent {
                // A grant that was withdrawn lends nothing.
                let Ok(found) = grants.binary_search_by_key(number, |grant| grant.id) else { continue };
                let Some(grant) = grants.get(found) else { continue };
                let had = self.had(grant, delegation, holders)?;
                let (Some(lenders), Some(borrowers)) = (self.clearance(lender), self.clearance(borrower))
                else {
                    continue;
                };
                let (scope, role, span) = self.grant(grant)?;
                let label = grant.label.min(lenders).min(borrowers);
                for while_had in had {
                    let span = span.and(while_had).and(lent_for);
                    let right = Right::new(scope, role, label, grant.scope.own, span);
                    if let Some(last) = loans.last_mut() {
                        last.rights.push((right, span, grant.id));
                    }
                }
            }
        }
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

    /// A grant's scope, role and term.
    fn grant(&self, grant: &Grant) -> Result<((Place, u16), Role, Span), CompileError> {
        let by = || format!("grant {}", grant.id);
        let scope = self.subtree(grant.scope.unit, by)?;
        let role = *self
            .numbers
            .get(&grant.role)
            .ok_or_else(|| CompileError::UnknownRole { by: by(), role: grant.role.clone() })?;
        Ok((scope, role, span(TermOf::Grant(grant.id), grant.term)?))
    }

    fn services(&self) -> Result<HashMap<PluginId, Standings>, CompileError> {
        let mut by_plugin: HashMap<&PluginId, Vec<Standing>> = HashMap::new();
        for grant in &self.facts.services {
            let by = || format!("the admission of plugin {}", grant.plugin);
            let standing = self.standing(&grant.permission, grant.unit, grant.label, by)?;
            by_plugin.entry(&grant.plugin).or_default().push(standing);
        }
        Ok(by_plugin.into_iter().map(|(plugin, held)| (plugin.clone(), Standings::new(held))).collect())
    }

    fn public(&self) -> Result<Standings, CompileError> {
        let by = || "what is public".to_owned();
        let standing =
            |grant: &crate::PublicGrant| self.standing(&grant.permission, grant.unit, Label::Ordinary, by);
        Ok(Standings::new(self.facts.public.iter().map(standing).collect::<Result<_, _>>()?))
    }

    fn standing(
        &self,
        name: &Permission,
        unit: UnitId,
        label: Label,
        by: impl Fn() -> String,
    ) -> Result<Standing, CompileError> {
        let (first, below) = self.subtree(unit, &by)?;
        let unknown = || CompileError::UnknownPermission { by: by(), permission: name.clone() };
        let permission = self.roles.find(name).ok_or_else(unknown)?;
        Ok(Standing { permission, first, below, label })
    }

    /// Who holds a permission of the platform in their own right, for more than their own records.
    fn managers(&self, permission: &str, held: &[Held]) -> Managers {
        let Some(permission) = permission.parse().ok().and_then(|name| self.roles.find(&name)) else {
            return Managers::default();
        };
        let holders = self.roles.holding(permission);
        let manage = held.iter().filter(|held| holders.contains(held.right.role) && !held.right.own());
        let manager =
            |held: &Held| Manager { first: held.right.first, account: held.account, span: held.span };
        Managers::new(manage.map(manager).collect())
    }

    fn subtree(&self, unit: UnitId, by: impl Fn() -> String) -> Result<(Place, u16), CompileError> {
        self.tree.subtree(unit).ok_or_else(|| CompileError::UnknownUnit { by: by(), unit })
    }

    fn known(&self, account: AccountId, by: impl Fn() -> String) -> Result<(), CompileError> {
        match self.roll.get(account) {
            Some(_) => Ok(()),
            None => Err(CompileError::UnknownAccount { by: by(), account }),
        }
    }

    /// What an active account is cleared for.
    fn clearance(&self, account: AccountId) -> Option<Label> {
        self.roll.get(account).filter(|fact| fact.active).map(|fact| fact.clearance)
    }
}

fn span(of: TermOf, term: Term) -> Result<Span, CompileError> {
    match term.until {
        Some(until) if until < term.from => {
            Err(CompileError::EndsBeforeItBegins { of, from: term.from, until })
        }
        _ => Ok(Span::from(term)),
    }
}

/// Puts each person's grants side by side, and behind them what is lent.
fn lay_out(people: &mut People, held: Vec<Held>, loans: Vec<Lent>) -> Result<Rights, CompileError> {
    let lent: usize = loans.iter().map(|loan| loan.rights.len()).sum();
    too_large("number of grants, one for each holder and borrower", held.len() + lent, MOST_RIGHTS)?;
    let offset = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);

    let mut order: Vec<(AccountId, u32)> = Vec::with_capacity(held.len());
    order.extend(held.iter().enumerate().map(|(index, held)| (held.account, offset(index))));
    order.sort_unstable();
    let mut rights = Rights::with_capacity(held.len() + lent);
    for (account, index) in order {
        let Some(held) = held.get(index as usize) else { continue };
        people.begin_rights(account, offset(rights.len()));
        rights.push(held.right, held.span, held.grant);
    }
    people.end_rights(offset(rights.len()));

    for loan in loans {
        let start = offset(rights.len());
        for (right, span, grant) in loan.rights {
            rights.push(right, span, grant);
        }
        people.push_loan(loan.borrower, Loan { lender: loan.lender, rights: start..offset(rights.len()) });
    }
    people.end_loans();
    Ok(rights)
}
