//! Who a call acts for, and what it acts on.

use serde::{Deserialize, Serialize};

use crate::{AccountId, Label, PluginId, UnitId};

/// Who a call acts for (chủ thể).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
// A name that is none is no actor: else a changed letter in the name of an empty field would go unnoticed in evidence.
#[serde(deny_unknown_fields)]
pub enum Actor {
    /// A signed-in person, perhaps with rights that another lent by delegation.
    Person {
        /// Who sits there.
        account: AccountId,
        /// Who lent the rights used; both names stay on the evidence.
        on_behalf_of: Option<AccountId>,
    },
    /// A plugin's own service principal: timers, events, jobs. Never a person's rights.
    Service(PluginId),
    /// Nobody in particular: what is marked public and labelled ordinary.
    Public,
}

impl Actor {
    /// A person acting with their own rights.
    pub fn person(account: AccountId) -> Self {
        Self::Person { account, on_behalf_of: None }
    }

    /// The account of the person, if it is one.
    pub fn account(&self) -> Option<AccountId> {
        match self {
            Self::Person { account, .. } => Some(*account),
            Self::Service(_) | Self::Public => None,
        }
    }
}

/// What is acted on, as far as the permission check is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Target {
    /// The unit it belongs to.
    pub unit: UnitId,
    /// How confidential it is.
    pub label: Label,
    /// The account that owns it, if any.
    pub owner: Option<AccountId>,
}

impl Target {
    /// Something ordinary of `unit` that nobody owns.
    pub fn unit(unit: UnitId) -> Self {
        Self { unit, label: Label::Ordinary, owner: None }
    }
}
