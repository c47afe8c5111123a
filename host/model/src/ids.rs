//! Identifiers. Units, accounts, positions and grants are small integers, so that a check is a few array
//! reads; records are UUIDs, so that a call can name what it creates before it commits.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::ParseError;

macro_rules! small_id {
    ($(#[$doc:meta])* $name:ident, $what:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub u32);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = ParseError;
            fn from_str(text: &str) -> Result<Self, ParseError> {
                text.parse().map(Self).map_err(|_| ParseError::new($what, text))
            }
        }
    };
}

small_id!(
    /// A unit (đơn vị) of the organisation tree.
    UnitId,
    "the number of a unit"
);
small_id!(
    /// An account (tài khoản): one person's login, never given to another.
    AccountId,
    "the number of an account"
);
small_id!(
    /// A position (chức vụ) in a unit.
    PositionId,
    "the number of a position"
);
small_id!(
    /// A grant (phân quyền).
    GrantId,
    "the number of a grant"
);

small_id!(
    /// A request (đề nghị): what waits for another person's approval.
    RequestId,
    "the number of a request"
);
small_id!(
    /// A delegation (uỷ quyền).
    DelegationId,
    "the number of a delegation"
);

small_id!(
    /// A contract (thoả thuận chia sẻ): the right of one plugin, or of one outside system, to read a dataset.
    ContractId,
    "the number of a contract"
);

small_id!(
    /// A job (việc chạy nền): long work of a plugin in steps.
    JobId,
    "the number of a job"
);

/// A record of a collection: a UUID version 7 (RFC 9562). Its order is the order of creation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct RecordId(pub [u8; 16]);

/// An attachment.
pub type FileId = RecordId;

impl RecordId {
    /// Length in bytes.
    pub const SIZE: usize = 16;

    /// A version 7 identifier of the moment `milliseconds` after 1970, made unique by `random`.
    pub fn new(milliseconds: u64, random: [u8; 10]) -> Self {
        Self(*uuid::Builder::from_unix_timestamp_millis(milliseconds, &random).into_uuid().as_bytes())
    }

    /// The two halves, most significant first, as they cross to plugins.
    pub fn halves(self) -> (u64, u64) {
        uuid::Uuid::from_bytes(self.0).as_u64_pair()
    }

    /// From the two halves.
    pub fn from_halves(high: u64, low: u64) -> Self {
        Self(*uuid::Uuid::from_u64_pair(high, low).as_bytes())
    }
}

impl fmt::Display for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        uuid::Uuid::from_bytes(self.0).hyphenated().fmt(f)
    }
}

impl FromStr for RecordId {
    type Err = ParseError;
    fn from_str(text: &str) -> Result<Self, ParseError> {
        uuid::Uuid::try_parse(text)
            .map(|id| Self(*id.as_bytes()))
            .map_err(|_| ParseError::new("the identifier of a record (a UUID)", text))
    }
}

impl From<RecordId> for String {
    fn from(id: RecordId) -> String {
        id.to_string()
    }
}

impl TryFrom<String> for RecordId {
    type Error = ParseError;
    fn try_from(text: String) -> Result<Self, ParseError> {
        text.parse()
    }
}

/// A plugin: 2 to 40 of `a`–`z`, `0`–`9` and single inner hyphens, beginning with a letter. `dinh` is the
/// platform itself.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct PluginId(Box<str>);

impl PluginId {
    /// The platform itself, as the owner of its own permissions.
    pub const PLATFORM: &'static str = "dinh";

    /// The platform itself.
    pub fn platform() -> Self {
        Self(Self::PLATFORM.into())
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether `text` is a name as manifests spell them: `a`–`z`, `0`–`9`, single inner hyphens, a letter first.
pub fn is_name(text: &str, longest: usize) -> bool {
    (1..=longest).contains(&text.len())
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && !text.ends_with('-')
        && !text.contains("--")
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

impl FromStr for PluginId {
    type Err = ParseError;
    fn from_str(text: &str) -> Result<Self, ParseError> {
        if text.len() >= 2 && is_name(text, 40) {
            Ok(Self(text.into()))
        } else {
            Err(ParseError::new(
                "the id of a plugin: 2 to 40 of a–z, 0–9 and single hyphens, a letter first",
                text,
            ))
        }
    }
}

impl fmt::Display for PluginId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<PluginId> for String {
    fn from(id: PluginId) -> String {
        id.0.into()
    }
}

impl TryFrom<String> for PluginId {
    type Error = ParseError;
    fn try_from(text: String) -> Result<Self, ParseError> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn record_ids_keep_the_order_of_creation_and_survive_text_and_halves() {
        let early = RecordId::new(1, [255; 10]);
        let late = RecordId::new(2, [0; 10]);
        assert!(early < late);
        assert_eq!(early.to_string().parse(), Ok(early));
        let (high, low) = late.halves();
        assert_eq!(RecordId::from_halves(high, low), late);
    }

    #[test]
    fn plugin_ids_are_refused_by_name() {
        for bad in
            ["", "a", "Pci", "pci_index", "-pci", "pci-", "pci--index", "1pci", "chỉ-số", &"a".repeat(41)]
        {
            assert!(bad.parse::<PluginId>().is_err(), "{bad}");
        }
        assert_eq!("pci-index".parse::<PluginId>().unwrap().as_str(), "pci-index");
    }
}
