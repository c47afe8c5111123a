//! What is stored of a catalog.

use dinh_model::{Date, FieldType, Localized, RequestId, Timestamp, UnitId, Value, key};
use jiff::fmt::serde::timestamp::microsecond;
use serde::{Deserialize, Serialize};

use crate::accounts::Signature;
use crate::space;

/// What a catalog is, apart from its entries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Definition {
    /// Its name: `a`–`z`, `0`–`9`, `-`.
    pub name: String,
    /// Its title.
    pub title: Localized,
    /// Where its entries come from: a decision, an office.
    pub source: String,
    /// The unit whose stewards approve what others propose; none when it belongs to the whole house.
    pub owner: Option<UnitId>,
    /// What its entries say besides their names. Grows at the end only: entries hold their values by place.
    pub attributes: Vec<Attribute>,
}

/// What each entry of a catalog may say besides its names, such as the coefficient of a grade.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attribute {
    /// Its name: `a`–`z`, `0`–`9`, `-`; the head of its column in files.
    pub name: String,
    /// Its name on pages.
    pub title: Localized,
    /// Its type.
    pub kind: AttributeKind,
}

/// The type of an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AttributeKind {
    /// A whole number; also đồng.
    Integer,
    /// An exact number with this many places (0 to 18).
    Decimal {
        /// Places after the comma.
        scale: u8,
    },
    /// A text of at most 500 characters.
    Text,
}

impl AttributeKind {
    /// The same as the type of a field.
    pub fn field_type(self) -> FieldType {
        match self {
            Self::Integer => FieldType::Integer,
            Self::Decimal { scale } => FieldType::Decimal { scale },
            Self::Text => FieldType::Text,
        }
    }
}

/// A catalog as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Catalog {
    /// What it is.
    pub definition: Definition,
    /// Its version: each accepted change of it has the next number, from 1.
    pub version: u32,
}

/// An entry of a catalog.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The code, unique in its catalog over all time.
    pub code: String,
    /// The name; the English one is the Vietnamese one where there is no other.
    pub name: Localized,
    /// The code above, in a hierarchical catalog.
    pub parent: Option<String>,
    /// First day on which the code may be used.
    pub valid_from: Date,
    /// First day on which it may no longer be used; none while it lasts.
    pub valid_until: Option<Date>,
    /// Its place in the catalog's order, before the code.
    pub order: i64,
    /// Other names by which `find` knows it.
    pub aliases: Vec<String>,
    /// The codes it directly follows.
    pub predecessors: Vec<String>,
    /// The values of the catalog's attributes, by their places; those that are empty at the end are left out.
    pub attributes: Vec<Value>,
}

impl Entry {
    /// Whether the code may be used on `day`.
    pub fn is_valid_on(&self, day: Date) -> bool {
        self.valid_from <= day && self.valid_until.is_none_or(|until| day < until)
    }

    /// The value of the attribute at a place of the definition.
    pub fn attribute(&self, place: usize) -> &Value {
        self.attributes.get(place).unwrap_or(&Value::Empty)
    }

    /// Without empty values at the end, so that equal entries are equal.
    pub(super) fn trimmed(mut self) -> Self {
        while self.attributes.last().is_some_and(Value::is_empty) {
            self.attributes.pop();
        }
        self
    }

    /// Where it stands among others.
    pub(super) fn rank(&self) -> (i64, &str) {
        (self.order, &self.code)
    }
}

/// An entry with the version that made it what it is.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Kept {
    pub(super) entry: Entry,
    pub(super) version: u32,
}

/// What an accepted change of a catalog was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// Its number.
    pub number: u32,
    /// When it was accepted.
    #[serde(with = "microsecond::required")]
    pub at: Timestamp,
    /// Who asked for it; none for the owner of the data folder.
    pub by: Option<Signature>,
    /// Who approved it; none where nobody had to.
    pub approved: Option<Signature>,
    /// The request it came from; none where it needed none.
    pub request: Option<RequestId>,
    /// Why. Free text: kept here, not in the evidence.
    pub reason: String,
    /// What it changed.
    pub what: Changed,
}

/// What a version changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Changed {
    /// The definition.
    Definition,
    /// Entries.
    Entries {
        /// How many are new.
        added: u32,
        /// How many were there before.
        changed: u32,
        /// They came with the platform.
        shipped: bool,
    },
}

/// Key of a catalog. Every change of it writes here: the store's version of this key names its state.
pub(super) fn catalog_key(catalog: &str) -> Vec<u8> {
    space::key(space::CATALOG, &[catalog.as_bytes()])
}

/// Key of an entry; without a code, the beginning of all of the catalog.
pub(super) fn entry_key(catalog: &str, code: &str) -> Vec<u8> {
    space::key(space::ENTRY, &[catalog.as_bytes(), &[0], code.as_bytes()])
}

/// Key of a version.
pub(super) fn version_key(catalog: &str, version: u32) -> Vec<u8> {
    space::key(space::CATALOG_VERSION, &[catalog.as_bytes(), &[0], &version.to_be_bytes()])
}

/// What an entry became in a version.
pub(super) fn entry_version_key(catalog: &str, code: &str, version: u32) -> Vec<u8> {
    let mut key = entry_versions(catalog, code);
    key.extend_from_slice(&version.to_be_bytes());
    key
}

/// The beginning of all that an entry ever was.
pub(super) fn entry_versions(catalog: &str, code: &str) -> Vec<u8> {
    space::key(space::ENTRY_VERSION, &[catalog.as_bytes(), &[0], code.as_bytes(), &[0]])
}

/// The beginning of all that the entries of a catalog ever were.
pub(super) fn all_entry_versions(catalog: &str) -> Vec<u8> {
    space::key(space::ENTRY_VERSION, &[catalog.as_bytes(), &[0]])
}

/// The part of a proposal at a place.
pub(super) fn proposal_key(proposal: u32, part: u32) -> Vec<u8> {
    space::key(space::PROPOSAL, &[&proposal.to_be_bytes(), &part.to_be_bytes()])
}

/// The keys that begin with `prefix`, from it to before this.
pub(super) fn end_of(prefix: &[u8]) -> Option<Vec<u8>> {
    key::after_prefix(prefix)
}
