//! What a fact names, as the tables number it: the same whether everything is compiled or only what changed.

use std::collections::HashMap;

use dinh_model::{AccountId, GrantId, Label, Permission, PluginId, UnitId};

use crate::policy::{Manager, Managers};
use crate::rights::Right;
use crate::roles::{Role, Roles};
use crate::span::Span;
use crate::standing::{Standing, Standings};
use crate::tree::{Place, Tree};
use crate::{AccountFact, CompileError, Delegation, Grant, PublicGrant, ServiceGrant, Term, TermOf};

/// Accounts by number.
pub(crate) trait Accounts {
    /// An account; none when it does not exist.
    fn account(&self, account: AccountId) -> Option<&AccountFact>;
}

/// Resolves names by the tables that people's rights do not change.
pub(crate) struct Resolver<'a, A> {
    pub tree: &'a Tree,
    pub roles: &'a Roles,
    pub accounts: &'a A,
}

/// A compiled grant and whose it is.
#[derive(Debug)]
pub(crate) struct Held {
    pub account: AccountId,
    pub right: Right,
    pub span: Span,
    pub grant: GrantId,
}

/// What one person lends another.
#[derive(Debug)]
pub(crate) struct Lent {
    pub borrower: AccountId,
    pub lender: AccountId,
    pub rights: Vec<(Right, Span, GrantId)>,
}

impl Lent {
    /// Brings the rights into the one order they are compiled in.
    pub fn sort(&mut self) {
        self.rights.sort_by_key(|(_, span, grant)| (*grant, *span));
    }
}

/// A grant's scope, role and term.
pub(crate) struct Resolved {
    scope: (Place, u16),
    role: Role,
    pub span: Span,
}

impl<A: Accounts> Resolver<'_, A> {
    pub fn grant(&self, grant: &Grant) -> Result<Resolved, CompileError> {
        let by = || format!("grant {}", grant.id);
        let scope = self.subtree(grant.scope.unit, by)?;
        let role = self
            .roles
            .number(&grant.role)
            .ok_or_else(|| CompileError::UnknownRole { by: by(), role: grant.role.clone() })?;
        Ok(Resolved { scope, role, span: span(TermOf::Grant(grant.id), grant.term)? })
    }

    /// What an account has by a grant while a span lasts; none when the account may not act.
    pub fn held(&self, account: AccountId, grant: &Grant, resolved: &Resolved, during: Span) -> Option<Held> {
        let label = grant.label.min(self.clearance(account)?);
        let span = resolved.span.and(during);
        let right = Right::new(resolved.scope, resolved.role, label, grant.scope.own, span);
        Some(Held { account, right, span, grant: grant.id })
    }

    /// What a borrower has by a lent grant while a span lasts; none when one of the two may not act.
    pub fn lent(
        &self,
        delegation: &Delegation,
        grant: &Grant,
        resolved: &Resolved,
        during: Span,
    ) -> Option<(Right, Span, GrantId)> {
        let lenders = self.clearance(delegation.lender)?;
        let label = grant.label.min(lenders).min(self.clearance(delegation.borrower)?);
        let span = resolved.span.and(during);
        let right = Right::new(resolved.scope, resolved.role, label, grant.scope.own, span);
        Some((right, span, grant.id))
    }

    pub fn services(&self, grants: &[ServiceGrant]) -> Result<HashMap<PluginId, Standings>, CompileError> {
        let mut by_plugin: HashMap<&PluginId, Vec<Standing>> = HashMap::new();
        for grant in grants {
            let by = || format!("the admission of plugin {}", grant.plugin);
            let standing = self.standing(&grant.permission, grant.unit, grant.label, by)?;
            by_plugin.entry(&grant.plugin).or_default().push(standing);
        }
        Ok(by_plugin.into_iter().map(|(plugin, held)| (plugin.clone(), Standings::new(held))).collect())
    }

    pub fn public(&self, grants: &[PublicGrant]) -> Result<Standings, CompileError> {
        let by = || "what is public".to_owned();
        let standing =
            |grant: &PublicGrant| self.standing(&grant.permission, grant.unit, Label::Ordinary, by);
        Ok(Standings::new(grants.iter().map(standing).collect::<Result<_, _>>()?))
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

    /// Which of these hold a permission of the platform in their own right, for more than their own records.
    pub fn managers<'h>(
        &self,
        permission: &str,
        held: impl Iterator<Item = &'h Held>,
    ) -> impl Iterator<Item = Manager> {
        let permission = permission.parse().ok().and_then(|name| self.roles.find(&name));
        let holders = permission.map(|permission| self.roles.holding(permission));
        let manages = move |held: &&Held| {
            holders.is_some_and(|holders| holders.contains(held.right.role) && !held.right.own())
        };
        let manager = |held: &Held| Manager { first: held.right.first, account: held.account };
        held.filter(manages).map(manager)
    }

    pub fn all_managers(&self, permission: &str, held: &[Held]) -> Managers {
        Managers::new(self.managers(permission, held.iter()).collect())
    }

    fn subtree(&self, unit: UnitId, by: impl Fn() -> String) -> Result<(Place, u16), CompileError> {
        self.tree.subtree(unit).ok_or_else(|| CompileError::UnknownUnit { by: by(), unit })
    }

    pub fn known(&self, account: AccountId, by: impl Fn() -> String) -> Result<(), CompileError> {
        match self.accounts.account(account) {
            Some(_) => Ok(()),
            None => Err(CompileError::UnknownAccount { by: by(), account }),
        }
    }

    /// What an active account is cleared for.
    pub fn clearance(&self, account: AccountId) -> Option<Label> {
        self.accounts.account(account).filter(|fact| fact.active).map(|fact| fact.clearance)
    }
}

/// A term that does not end before it begins.
pub(crate) fn span(of: TermOf, term: Term) -> Result<Span, CompileError> {
    match term.until {
        Some(until) if until < term.from => {
            Err(CompileError::EndsBeforeItBegins { of, from: term.from, until })
        }
        _ => Ok(Span::from(term)),
    }
}
