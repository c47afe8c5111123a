//! How the account of a session stands with the second factor that its roles need.

use dinh_model::{AccountId, Actor, Language};

use crate::accounts::{StoredGrant, had, second_factor};
use crate::{Platform, ServiceError};

/// How an account stands with the second factor that its roles need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Factor {
    /// It has one, or needs none.
    Settled,
    /// It has none, and will need one when a term begins.
    ToCome,
    /// It has none and needs one.
    Missing,
}

impl Platform {
    /// How an account stands with the second factor that its roles need: asked whenever a session is read, so that a
    /// role that comes, or comes to need one, reaches the sessions that are open.
    pub(super) fn factor_of(&self, account: AccountId) -> Result<Factor, ServiceError> {
        let roles = &self.options().second_factor_roles;
        if roles.is_empty() {
            return Ok(Factor::Settled);
        }
        let call = self.begin_reading(&self.origin(Actor::person(account), Language::Vi))?;
        let needing = |granted: Vec<StoredGrant>| granted.iter().any(|grant| roles.contains(&grant.role));
        if second_factor::load(&call, account)?.is_some() || !needing(had::standing(&call, account)?) {
            return Ok(Factor::Settled);
        }
        Ok(if needing(had::in_force(&call, account)?) { Factor::Missing } else { Factor::ToCome })
    }
}
