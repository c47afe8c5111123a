//! What an entry is found by.

use dinh_model::text::fold;
use dinh_model::{AccountId, Actor, PositionId, RecordId, UnitId};
use twox_hash::XxHash3_64;

use super::{Code, code};
use crate::Entry;

/// Whom an entry concerns, by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Party {
    /// This account acted, or lent the right.
    Actor(AccountId),
    /// Its subject is this account.
    Account(AccountId),
    /// Its subject is this position.
    Position(PositionId),
    /// Its subject is this unit, or a detail names it.
    Unit(UnitId),
}

/// What entries are looked for by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Term<'a> {
    /// Whom it concerns.
    Party(Party),
    /// Its subject, letter by letter.
    Subject(&'a str),
    /// A record it is about or that was shown.
    Record(RecordId),
    /// The contract that its detail `contract` names.
    Contract(&'a str),
    /// A word of its detail `purpose`, as [`fold`] writes words.
    Purpose(&'a str),
}

impl Entry {
    /// The detail that names the contract it was done under.
    pub const CONTRACT: &'static str = "contract";
    /// The detail that says what for.
    pub const PURPOSE: &'static str = "purpose";

    /// The purpose as words to search for.
    pub fn purpose(&self) -> String {
        self.detail.get(Self::PURPOSE).map(|purpose| fold(purpose)).unwrap_or_default()
    }
}

/// Details that hold a unit's number.
const UNITS: [&str; 3] = ["unit", "home", "parent"];

/// Records of an entry that have a row each; of an entry with more of them, one row has them all.
pub(super) const FEW: usize = 16;

impl Entry {
    /// Whom it concerns: who acted, who lent the right, the account, position or unit that is its subject, and the
    /// units that its details name.
    pub fn parties(&self) -> impl Iterator<Item = Party> {
        let (actor, lender) = match self.actor {
            Actor::Person { account, on_behalf_of } => (Some(account), on_behalf_of),
            Actor::Service(_) | Actor::Public => (None, None),
        };
        let actors = actor.into_iter().chain(lender).map(Party::Actor);
        let details = UNITS.iter().filter_map(|name| self.detail.get(*name)?.parse().ok());
        actors.chain(Party::subject(&self.subject)).chain(details.map(UnitId).map(Party::Unit))
    }
}

impl Party {
    /// The account, position or unit that a subject is.
    pub fn subject(subject: &str) -> Option<Self> {
        let (kind, number) = subject.split_once(':')?;
        let number = number.parse().ok()?;
        match kind {
            "account" => Some(Self::Account(AccountId(number))),
            "position" => Some(Self::Position(PositionId(number))),
            "unit" => Some(Self::Unit(UnitId(number))),
            _ => None,
        }
    }

    /// The kinds of the rows of parties: from the first to before the second.
    pub(super) const KINDS: [u8; 2] = [1, 5];

    fn code(self) -> Code {
        match self {
            Self::Actor(id) => code(1, id.0),
            Self::Account(id) => code(2, id.0),
            Self::Position(id) => code(3, id.0),
            Self::Unit(id) => code(4, id.0),
        }
    }

    pub(super) fn of_code([kind, number @ ..]: Code) -> Option<Self> {
        let number = u32::from_be_bytes(number);
        match kind {
            1 => Some(Self::Actor(AccountId(number))),
            2 => Some(Self::Account(AccountId(number))),
            3 => Some(Self::Position(PositionId(number))),
            4 => Some(Self::Unit(UnitId(number))),
            _ => None,
        }
    }
}

impl Term<'_> {
    pub(super) fn code(&self) -> Code {
        match *self {
            Self::Party(party) => party.code(),
            Self::Record(record) => code(5, hash(&record.0)),
            Self::Subject(subject) => match (Party::subject(subject), record_of(subject)) {
                (Some(party), _) => party.code(),
                (None, Some(record)) => Term::Record(record).code(),
                (None, None) => code(6, hash(subject.as_bytes())),
            },
            Self::Contract(contract) => code(7, hash(contract.as_bytes())),
            Self::Purpose(word) => code(8, hash(word.as_bytes())),
        }
    }
}

/// The record that a subject ends with: `plugin/collection/record`.
fn record_of(subject: &str) -> Option<RecordId> {
    subject.rsplit_once('/')?.1.parse().ok()
}

/// The lower half of XXH3.
pub(super) fn hash(bytes: &[u8]) -> u32 {
    let [a, b, c, d, ..] = XxHash3_64::oneshot(bytes).to_le_bytes();
    u32::from_le_bytes([a, b, c, d])
}

/// The rows of an entry, as far as they do not depend on its place.
pub(crate) struct Postings {
    /// In order, none twice.
    pub(super) codes: Vec<Code>,
    /// The hashes of its records in order, big-endian, when there are more than a few.
    pub(super) many: Vec<u8>,
    pub(super) at: i64,
    pub(super) marks: [u32; 4],
}

impl Postings {
    pub(crate) fn of(entry: &Entry) -> Self {
        let parties = entry.parties().map(Term::Party);
        let contract = entry.detail.get(Entry::CONTRACT).map(|contract| Term::Contract(contract));
        let purpose = entry.purpose();
        let purpose = purpose.split_whitespace().map(Term::Purpose);
        let few = entry.records.len() <= FEW;
        let records = entry.records.iter().filter(|_| few).map(|record| Term::Record(*record));
        let terms =
            parties.chain([Term::Subject(&entry.subject)]).chain(contract).chain(purpose).chain(records);
        let mut codes: Vec<Code> = terms.map(|term| term.code()).collect();
        codes.sort_unstable();
        codes.dedup();
        let mut many: Vec<[u8; 4]> = Vec::new();
        if !few {
            many.extend(entry.records.iter().map(|record| hash(&record.0).to_be_bytes()));
            many.sort_unstable();
            many.dedup();
        }
        Self { codes, many: many.concat(), at: entry.at.as_second(), marks: super::summary::marks(entry) }
    }
}
