//! What the table of benches asks.

use dinh_access::Facts;
use dinh_model::{AccountId, Actor, Label, Permission, Timestamp, UnitId};
use serde::Deserialize;

/// An organisation, a moment and questions, as `benches/src/rows/peers.rs` writes them.
#[derive(Deserialize)]
pub struct Setting {
    /// The organisation; its grants are given to accounts.
    pub facts: Facts,
    /// The moment of all questions.
    pub now: Timestamp,
    /// The questions.
    pub questions: Vec<Question>,
}

/// Whether somebody may.
#[derive(Deserialize)]
pub struct Question {
    /// Who asks: a person.
    pub actor: Actor,
    /// For what, by its place in the facts.
    pub permission: u16,
    /// On what: whose it is,
    pub unit: UnitId,
    /// how it is labelled,
    pub label: Label,
    /// and who owns it.
    pub owner: Option<AccountId>,
}

/// Who acts: somebody in their own right, or with what a lender lent them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Principal {
    /// Who acts.
    pub account: AccountId,
    /// The lender.
    pub on_behalf_of: Option<AccountId>,
}

impl Principal {
    /// Whose rights are used, and whose records are meant by their own.
    pub fn person(self) -> AccountId {
        self.on_behalf_of.unwrap_or(self.account)
    }

    /// A name, other than that of every other principal.
    pub fn name(self) -> String {
        match self.on_behalf_of {
            Some(lender) => format!("{}/{lender}", self.account),
            None => self.account.to_string(),
        }
    }
}

impl Question {
    /// Who asks.
    pub fn principal(&self) -> Principal {
        match self.actor {
            Actor::Person { account, on_behalf_of } => Principal { account, on_behalf_of },
            Actor::Service(_) | Actor::Public => panic!("only people ask here"),
        }
    }

    /// For what.
    pub fn permission<'a>(&self, facts: &'a Facts) -> &'a Permission {
        &facts.permissions[usize::from(self.permission)]
    }

    /// Whether whoever asks owns it.
    pub fn own(&self) -> bool {
        self.owner == Some(self.principal().person())
    }
}
