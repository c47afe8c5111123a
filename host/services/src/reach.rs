//! Where an actor may do something: what a list is cut to, by the same check as a single thing.

use std::sync::Arc;

use dinh_access::{Policy, Scopes};
use dinh_model::{Label, Permission, Target, UnitId};

use crate::accounts::{self, Directory};
use crate::{Call, ServiceError};

/// The units in which the actor of a call may do something, ordinary and owned by nobody.
pub struct Reach {
    policy: Arc<Policy>,
    scopes: Scopes,
    /// Break-glass: everything, and the evidence says so.
    operator: bool,
}

impl Reach {
    /// Whether the actor may in this unit.
    pub fn has(&self, unit: UnitId) -> bool {
        self.operator || self.scopes.allows(&self.policy, &Target::unit(unit))
    }

    /// Whether the actor may in every unit there is.
    pub fn is_everything(&self) -> bool {
        self.operator || self.scopes.everything(&self.policy, Label::Ordinary)
    }

    /// Whether the actor may somewhere within the subtree of `top`, or anywhere at all.
    fn touches(&self, top: Option<UnitId>) -> bool {
        let units = self.scopes.units(&self.policy);
        self.operator || units.iter().any(|unit| top.is_none_or(|top| self.policy.is_within(*unit, top)))
    }
}

impl Call {
    /// Where the actor may, for a list of what belongs to units. Refused only if that is nowhere within the
    /// subtree of `top`, or nowhere at all: a list shows what the actor may see, and nobody is kept from their
    /// part of it by what is not theirs. Passing by break-glass is put into the call's own evidence.
    pub fn require_somewhere(
        &mut self,
        permission: &Permission,
        top: Option<UnitId>,
    ) -> Result<Reach, ServiceError> {
        let policy = if self.origin.operator { &self.policy } else { self.policy_in_force()? };
        let scopes = self
            .permission_index(permission)
            .map(|index| policy.scopes(self.actor(), index, self.now()))
            .unwrap_or_default();
        let reach = Reach { policy: Arc::clone(policy), scopes, operator: self.origin.operator };
        if self.origin.operator || !reach.touches(top) {
            let target = Target::unit(self.asked_about(top)?);
            if !self.origin.operator {
                return Err(ServiceError::Denied(self.denial(permission, &target)));
            }
            self.require(permission, &target)?;
        }
        Ok(reach)
    }

    /// The unit that a refusal is about: the one asked for, else the actor's own, else the first root.
    fn asked_about(&self, top: Option<UnitId>) -> Result<UnitId, ServiceError> {
        if let Some(top) = top {
            return Ok(top);
        }
        let own = match self.account() {
            Some(account) => Directory::new(self.transaction.snapshot()).account(account)?,
            None => None,
        };
        match own {
            Some(own) => Ok(own.unit),
            None => Ok(accounts::roots(self)?.first().copied().unwrap_or(UnitId(0))),
        }
    }
}
