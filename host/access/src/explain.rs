//! Why a check came out as it did.

use dinh_model::{AccountId, Actor, GrantId, Label, Language, Permission, Target, UnitId};

use crate::text;

/// The condition of the rule that did not hold. Their order is the order in which they are looked at: of
/// all the grants an actor has, the one that comes furthest decides which condition is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FailedCondition {
    /// The account, or the lender's, is not active or not known.
    AccountNotActive,
    /// No role of the actor holds the permission.
    NoRole,
    /// A role holds it, but for units that do not include this one.
    OutsideUnits,
    /// A grant reaches only the actor's own records, and this is somebody else's.
    NotOwner,
    /// The target's label is above the grant's, or above the account's clearance.
    LabelTooHigh,
    /// A grant would allow it, but its term has not begun or is over.
    OutsideTerm,
    /// The plugin was not admitted with this permission.
    NotAdmitted,
}

/// The answer to *why*, or *why not*.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// What [`check`](crate::Policy::check) says.
    pub allowed: bool,
    /// The condition that failed; none when allowed.
    pub failed: Option<FailedCondition>,
    /// The grants that allow it, by number; empty when refused, and for what needs no grant.
    pub by: Vec<GrantId>,
    /// Who could grant what is missing, nearest to the target's unit first; empty when allowed, or when no
    /// grant would help.
    pub could_grant: Vec<AccountId>,
    /// What was asked for; none when the policy does not know it.
    pub permission: Option<Permission>,
    /// Who asks.
    pub actor: Actor,
    /// What it was asked about.
    pub target: Target,
    /// The clearance, the lower one of borrower and lender, when it is that which lies below the target's
    /// label: then no grant would help.
    pub clearance: Option<Label>,
}

impl Explanation {
    /// One or two sentences for a person: what failed, what is missing, who could grant it. Units and
    /// accounts appear by number; where names are known, use [`text_with`](Self::text_with).
    pub fn text(&self, language: Language) -> String {
        self.text_with(language, &Numbers)
    }

    /// The same with the names that `names` knows.
    pub fn text_with(&self, language: Language, names: &dyn Names) -> String {
        text::sentences(self, language, names)
    }
}

/// Names of what an explanation mentions, as the reader may see them.
pub trait Names {
    /// A unit's name.
    fn unit(&self, unit: UnitId, language: Language) -> Option<String>;
    /// A person's name.
    fn account(&self, account: AccountId, language: Language) -> Option<String>;
    /// A permission's title.
    fn permission(&self, permission: &Permission, language: Language) -> Option<String>;
}

/// No names: everything is called by its number.
#[derive(Clone, Copy, Debug)]
pub struct Numbers;

impl Names for Numbers {
    fn unit(&self, _: UnitId, _: Language) -> Option<String> {
        None
    }
    fn account(&self, _: AccountId, _: Language) -> Option<String> {
        None
    }
    fn permission(&self, _: &Permission, _: Language) -> Option<String> {
        None
    }
}
