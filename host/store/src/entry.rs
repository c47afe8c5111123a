//! Evidence: what was done, refused or failed, by whom and when. Ids, counts and reasons; never personal
//! values.

use std::collections::BTreeMap;

use dinh_model::{Actor, PluginId, RecordId, Timestamp};
use serde::{Deserialize, Serialize};

use crate::Seq;

/// One line of evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
// A name that is none is no entry: else a changed letter in the name of an empty field would go unnoticed.
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// When.
    #[serde(with = "instant")]
    pub at: Timestamp,
    /// Who, and on whose behalf.
    pub actor: Actor,
    /// Through which plugin.
    pub plugin: Option<PluginId>,
    /// What, as `thing.done`: `account.created`, `grant.given`, `record.read`.
    pub action: String,
    /// On what: ids only.
    pub subject: String,
    /// The records that it is about, or that were shown: what *who has seen this?* finds. At most
    /// [`Entry::RECORDS`].
    #[serde(with = "packed")]
    pub records: Vec<RecordId>,
    /// How it ended.
    pub outcome: Outcome,
    /// Ids, counts, reasons; never personal values.
    pub detail: BTreeMap<String, String>,
}

impl Entry {
    /// Most records of one entry; whoever shows more leaves several entries.
    pub const RECORDS: usize = 1_000;
}

/// How a deed ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It was done.
    Done,
    /// It was not allowed.
    Refused,
    /// It was allowed and did not succeed.
    Failed,
}

/// An entry in the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Recorded {
    /// Its place in the log, from 0, without gaps.
    pub index: u64,
    /// The commit that holds it.
    pub seq: Seq,
    /// What it says.
    pub entry: Entry,
}

/// Moments as text where people read them and as nanoseconds at rest.
mod instant {
    use dinh_model::Timestamp;
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<S: Serializer>(at: &Timestamp, to: S) -> Result<S::Ok, S::Error> {
        if to.is_human_readable() { at.serialize(to) } else { at.as_nanosecond().serialize(to) }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Timestamp, D::Error> {
        if from.is_human_readable() {
            Timestamp::deserialize(from)
        } else {
            Timestamp::from_nanosecond(i128::deserialize(from)?).map_err(D::Error::custom)
        }
    }
}

/// Records as text where people read them, and at rest as their bytes one after another.
mod packed {
    use std::fmt;

    use dinh_model::RecordId;
    use serde::de::{Error, Visitor};
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<S: Serializer>(records: &[RecordId], to: S) -> Result<S::Ok, S::Error> {
        if to.is_human_readable() {
            return records.serialize(to);
        }
        let mut bytes = Vec::with_capacity(records.len() * RecordId::SIZE);
        for record in records {
            bytes.extend(record.0);
        }
        to.serialize_bytes(&bytes)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<RecordId>, D::Error> {
        if from.is_human_readable() { Vec::deserialize(from) } else { from.deserialize_bytes(Packed) }
    }

    struct Packed;

    impl Visitor<'_> for Packed {
        type Value = Vec<RecordId>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("identifiers of records, 16 bytes each")
        }

        fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Self::Value, E> {
            match bytes.as_chunks() {
                (records, []) => Ok(records.iter().copied().map(RecordId).collect()),
                _ => Err(E::invalid_length(bytes.len(), &self)),
            }
        }
    }
}
