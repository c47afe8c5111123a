//! What a request is, and how it stands.

use dinh_access::{Grantee, Scope, Term};
use dinh_model::{
    AccountId, Actor, Date, GrantId, Label, Permission, PositionId, RequestId, RoleId, Timestamp, UnitId,
};
use jiff::fmt::serde::timestamp::microsecond;
use serde::{Deserialize, Serialize};

use super::super::model::term;
use crate::Call;
use crate::catalog::AskedEntries;

/// Days after which a request that nobody decided lapses: whoever approves should know why it was made.
pub const LAPSES_AFTER_DAYS: i64 = 30;

/// Who acted: the person, and whose rights they used if those were lent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Signature {
    /// Who acted.
    pub account: AccountId,
    /// Who lent the rights used.
    pub on_behalf_of: Option<AccountId>,
}

impl Signature {
    /// Of whoever acts; none for what is no person.
    pub(crate) fn of(call: &Call) -> Option<Self> {
        match *call.actor() {
            Actor::Person { account, on_behalf_of } => Some(Self { account, on_behalf_of }),
            Actor::Service(_) | Actor::Public => None,
        }
    }

    /// The same as an actor.
    pub(super) fn actor(self) -> Actor {
        Actor::Person { account: self.account, on_behalf_of: self.on_behalf_of }
    }

    /// Whether this person acted or lent the rights.
    pub(super) fn names(self, account: AccountId) -> bool {
        self.account == account || self.on_behalf_of == Some(account)
    }

    /// Whether the same person stands in both.
    pub(crate) fn shares(self, other: Self) -> bool {
        other.names(self.account) || self.on_behalf_of.is_some_and(|lender| other.names(lender))
    }
}

/// What is asked for, whole: nothing is looked up at approval but whether it still holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Asked {
    /// That an account becomes active.
    Account(AccountId),
    /// That all accounts of an import become active, or none. They lie there as they were shown: nobody changes an
    /// account that waits.
    Accounts {
        /// The first; the others have the numbers after it.
        first: AccountId,
        /// How many.
        count: u32,
        /// The units they are in, each with the highest clearance.
        places: Vec<(UnitId, Label)>,
        /// The positions that some of them are to hold from the approval on.
        positions: Vec<AskedPosition>,
    },
    /// That an account is cleared for a higher label.
    Clearance {
        /// Whose.
        account: AccountId,
        /// For what.
        clearance: Label,
    },
    /// That an account goes to another unit.
    Transfer {
        /// Whose.
        account: AccountId,
        /// The unit it leaves.
        from: UnitId,
        /// The unit it comes to.
        to: UnitId,
    },
    /// A grant.
    Grant(AskedGrant),
    /// That an account holds a position.
    Holding {
        /// Who.
        account: AccountId,
        /// Which.
        position: PositionId,
        /// When.
        #[serde(with = "term")]
        term: Term,
        /// The position's grants when it was asked.
        grants: Vec<GrantId>,
    },
    /// That an account becomes a unit's head administrator.
    Head {
        /// The unit.
        unit: UnitId,
        /// Who.
        account: AccountId,
        /// Up to which label.
        label: Label,
        /// The head whose place it takes; none for a unit's first one.
        replaces: Option<AccountId>,
    },
    /// That somebody may use rights of another.
    Delegation {
        /// Who lends.
        lender: AccountId,
        /// Who may act on their behalf.
        borrower: AccountId,
        /// The lender's grants that are lent.
        grants: Vec<GrantId>,
        /// When; it has an end.
        #[serde(with = "term")]
        term: Term,
    },
    /// That a unit, with all below it, comes under another.
    Move {
        /// The unit.
        unit: UnitId,
        /// The unit above it when it was asked; none for a root.
        from: Option<UnitId>,
        /// The unit it comes under.
        to: UnitId,
    },
    /// Another root beside those there are.
    Root {
        /// Its code.
        code: String,
        /// Its full official name.
        name: String,
        /// What it is, in the deployment's own words.
        kind: String,
        /// First day of its term.
        valid_from: Date,
    },
    /// New or other entries of a shared catalog.
    Entries(AskedEntries),
}

impl Asked {
    /// Its kind as evidence and JSON spell it.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Account(_) => "account",
            Self::Accounts { .. } => "accounts",
            Self::Clearance { .. } => "clearance",
            Self::Transfer { .. } => "transfer",
            Self::Grant(_) => "grant",
            Self::Holding { .. } => "holding",
            Self::Head { .. } => "head",
            Self::Delegation { .. } => "delegation",
            Self::Move { .. } => "unit-move",
            Self::Root { .. } => "root",
            Self::Entries(_) => "catalog",
        }
    }
}

/// A position that accounts of an import are to hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedPosition {
    /// Which.
    pub position: PositionId,
    /// Its grants when it was asked: the import falls when it has others at approval.
    pub grants: Vec<GrantId>,
    /// Who.
    pub holders: Vec<AccountId>,
}

/// A grant that is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedGrant {
    /// The number it will have.
    pub id: GrantId,
    /// Whom it is given to.
    pub to: Grantee,
    /// Which permissions it gives.
    pub role: RoleId,
    /// What the role held when it was asked for: it is refused when it holds something else at approval.
    pub permissions: Vec<Permission>,
    /// What it reaches.
    pub scope: Scope,
    /// The highest label it reaches.
    pub label: Label,
    /// When it is in force.
    #[serde(with = "term")]
    pub term: Term,
}

/// A request. It stays after it was decided: who agreed to what is history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// Its number.
    pub id: RequestId,
    /// What is asked for.
    pub asked: Asked,
    /// Why. Free text: kept here, not in the evidence.
    pub reason: String,
    /// Who asks.
    pub by: Signature,
    /// When it was made.
    #[serde(with = "microsecond::required")]
    pub at: Timestamp,
    /// How it stands.
    pub state: RequestState,
}

impl Request {
    /// The first moment at which it can no longer be approved.
    pub fn lapses(&self) -> Timestamp {
        let days = jiff::SignedDuration::from_hours(24 * LAPSES_AFTER_DAYS);
        self.at.saturating_add(days).unwrap_or(Timestamp::MAX)
    }

    /// Whether it lies undecided past its time.
    pub fn has_lapsed(&self, now: Timestamp) -> bool {
        self.state == RequestState::Open && self.lapses() <= now
    }

    /// How it stands at a moment, as commands and JSON spell it.
    pub fn standing(&self, now: Timestamp) -> &'static str {
        match &self.state {
            RequestState::Open if self.has_lapsed(now) => "lapsed",
            RequestState::Open => "open",
            RequestState::Approved(_) => "approved",
            RequestState::Refused(_) => "refused",
            RequestState::Withdrawn(_) => "withdrawn",
            RequestState::Lapsed => "lapsed",
        }
    }
}

/// How a request stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RequestState {
    /// Nobody has decided it.
    Open,
    /// What was asked for is in force since.
    Approved(Decision),
    /// It is not to be.
    Refused(Decision),
    /// Whoever asked no longer asks.
    Withdrawn(Decision),
    /// Nobody decided it in time.
    Lapsed,
}

/// How a request was decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// By whom; none for the owner of the data folder.
    pub by: Option<Signature>,
    /// When.
    #[serde(with = "microsecond::required")]
    pub at: Timestamp,
    /// Why; may be empty for an approval.
    pub reason: String,
}

/// What was made, and whether it waits for a second person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Made<T> {
    /// Its number, whether or not it is in force.
    pub id: T,
    /// The request that waits for approval; none when it is in force.
    pub request: Option<RequestId>,
}

/// Who agreed to what is put in force.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Agreed {
    /// Who asked; none for the owner of the data folder.
    pub by: Option<Signature>,
    /// Which request it was; none when it needed none.
    pub request: Option<RequestId>,
    /// Who approved; none when nobody had to.
    pub approved: Option<Signature>,
}

impl Agreed {
    /// Beside the rules: nobody but the owner of the data folder.
    pub const OPERATOR: Self = Self { by: None, request: None, approved: None };

    /// Which request it was and whose, for the evidence of what it put in force.
    pub fn detail(&self) -> Vec<(&'static str, String)> {
        let mut detail = Vec::new();
        detail.extend(self.request.map(|request| ("request", request.to_string())));
        detail.extend(self.by.map(|by| ("requested-by", by.account.to_string())));
        let lender = self.by.and_then(|by| by.on_behalf_of);
        detail.extend(lender.map(|lender| ("requested-on-behalf-of", lender.to_string())));
        detail
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_shares_a_person_also_when_one_of_them_only_lent_rights() {
        let by = |account: u32, lender: Option<u32>| Signature {
            account: AccountId(account),
            on_behalf_of: lender.map(AccountId),
        };
        assert!(by(1, None).shares(by(1, None)));
        assert!(by(1, None).shares(by(2, Some(1))));
        assert!(by(2, Some(1)).shares(by(1, None)));
        assert!(by(2, Some(1)).shares(by(3, Some(1))));
        assert!(!by(2, Some(1)).shares(by(3, Some(4))));
        assert!(!by(1, None).shares(by(2, None)));
    }
}
