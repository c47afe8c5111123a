//! What is stored of units, accounts, positions and roles.

use dinh_model::{AccountId, Date, Label, Localized, Permission, PositionId, RoleId, Timestamp, UnitId};
use jiff::fmt::serde::timestamp::microsecond;
use serde::{Deserialize, Serialize};

/// A unit (đơn vị) of the organisation tree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unit {
    /// Its number.
    pub id: UnitId,
    /// Short stable code, such as `skhdt`; unique over all time.
    pub code: String,
    /// Full official name, NFC.
    pub name: String,
    /// What it is, in the deployment's own words: `tinh`, `so`, `phong`, `xa`.
    pub kind: String,
    /// The unit above; none for a root.
    pub parent: Option<UnitId>,
    /// First day of its term.
    pub valid_from: Date,
    /// First day after its term; none while it lasts.
    pub valid_until: Option<Date>,
}

impl Unit {
    /// Whether `day` is in its term.
    pub fn is_valid_on(&self, day: Date) -> bool {
        self.valid_from <= day && self.valid_until.is_none_or(|until| day < until)
    }
}

/// How an account stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AccountState {
    /// It was asked for and waits for a second person's approval: it may do nothing yet.
    Requested,
    /// It may sign in and act.
    Active,
    /// It may not, until it is activated again.
    Suspended,
    /// It may not, ever again. Its number and login are never given to another person.
    Closed,
    /// It never became active: it was refused, withdrawn, or nobody approved it in time. Its number is never
    /// given to another person; its login, which nobody ever used, may be. Name and address are deleted.
    Refused,
}

impl AccountState {
    /// The word as commands and JSON spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Closed => "closed",
            Self::Refused => "refused",
        }
    }
}

/// An account (tài khoản): one person's login.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Its number, never given to another person.
    pub id: AccountId,
    /// The sign-in name, in lower case; unique over all time.
    pub login: String,
    /// The person's full name, NFC.
    pub full_name: String,
    /// The address of the person's mailbox, in lower case; unique among all accounts. None when neither the unit nor
    /// one above it has a domain name.
    pub email: Option<String>,
    /// The unit the person belongs to.
    pub unit: UnitId,
    /// The highest label the person is cleared for.
    pub clearance: Label,
    /// How it stands.
    pub state: AccountState,
    /// The password was set by somebody else and must be changed first.
    pub must_change_password: bool,
    /// Sessions of another generation are over: raised whenever all sessions must end.
    pub generation: u32,
    /// When it became active; until then, when it was asked for.
    #[serde(with = "microsecond::required")]
    pub created: Timestamp,
}

/// A position (chức vụ) in a unit, through which rights reach whoever holds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// Its number.
    pub id: PositionId,
    /// The unit it is in.
    pub unit: UnitId,
    /// Its title.
    pub title: Localized,
}

/// A role (vai trò): a named set of permissions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Role {
    /// Its name.
    pub id: RoleId,
    /// Its title.
    pub title: Localized,
    /// What it holds.
    pub permissions: Vec<Permission>,
}

/// A term at rest: microseconds, because moments count to the microsecond.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StoredTerm {
    #[serde(with = "microsecond::required")]
    from: Timestamp,
    #[serde(with = "microsecond::optional")]
    until: Option<Timestamp>,
}

impl From<dinh_access::Term> for StoredTerm {
    fn from(term: dinh_access::Term) -> Self {
        Self { from: term.from, until: term.until }
    }
}

impl From<StoredTerm> for dinh_access::Term {
    fn from(term: StoredTerm) -> Self {
        Self { from: term.from, until: term.until }
    }
}

/// A term inside a stored value.
pub(crate) mod term {
    use super::StoredTerm;
    use dinh_access::Term;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(crate) fn serialize<S: Serializer>(term: &Term, to: S) -> Result<S::Ok, S::Error> {
        StoredTerm::from(*term).serialize(to)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Term, D::Error> {
        StoredTerm::deserialize(from).map(Into::into)
    }
}
