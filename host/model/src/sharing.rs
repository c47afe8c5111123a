//! What plugins offer each other: datasets, and who wants which of them for what.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{Label, Localized, ParseError, Permission, PluginId, Value};

/// A dataset (bộ dữ liệu): some fields and some rows of a collection, under a name that others may ask for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dataset {
    /// Its name: `a`–`z`, `0`–`9`, `-`; unique in its plugin.
    pub name: String,
    /// Its name on pages.
    pub title: Localized,
    /// One sentence on what it holds.
    pub summary: Localized,
    /// The collection.
    pub collection: String,
    /// The fields that may be asked for, in order.
    pub fields: Vec<String>,
    /// The rows it holds: those whose fields have these values; all when empty.
    pub rows: Vec<(String, Value)>,
    /// Fields that each of its rows has filled in.
    pub filled: Vec<String>,
    /// The highest label of what it shows: rows and fields above it are not in it.
    pub label: Label,
    /// What it may be asked for.
    pub purposes: Vec<Purpose>,
    /// The plugins that may ask for it; when empty, any plugin and any account.
    pub consumers: Vec<PluginId>,
    /// How often its owner brings it up to date. What is read is always what is stored now.
    pub updated: Frequency,
    /// Whether everybody may read it without a contract and without signing in. Only what is Thường.
    pub public: bool,
}

/// A purpose (mục đích) for which a dataset may be asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Purpose {
    /// Its name: `a`–`z`, `0`–`9`, `-`.
    pub name: String,
    /// Its name on pages.
    pub title: Localized,
}

/// A dataset of another plugin that a plugin asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wanted {
    /// The name under which the plugin reads it; unique in the plugin.
    pub name: String,
    /// Whose it is.
    pub plugin: PluginId,
    /// Which of theirs.
    pub dataset: String,
    /// The fields.
    pub fields: Vec<String>,
    /// What for: one of the dataset's purposes.
    pub purpose: String,
    /// The law, decree or decision that entitles to it.
    pub legal_basis: String,
    /// The plugin's own permission that a reader needs, for each row in its unit and up to its label.
    pub permission: Permission,
    /// What the plugin would keep.
    pub keep: Keep,
    /// Whether it wants to be told of changes.
    pub changes: bool,
}

/// What a consumer may keep of what it reads under a contract, least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Keep {
    /// Nothing: a call that has read may write no record.
    Nothing,
    /// References to the records and values derived from them, but no text that was read.
    References,
    /// Copies, until the day that the contract names.
    Copies,
}

impl Keep {
    /// All, least first.
    pub const ALL: [Self; 3] = [Self::Nothing, Self::References, Self::Copies];

    /// The word as manifests, commands and JSON spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::References => "references",
            Self::Copies => "copies",
        }
    }
}

/// How often something is brought up to date, in the words of the European Union's frequency vocabulary, which DCAT-AP
/// asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Frequency {
    /// As things happen.
    Continuous,
    /// Each day.
    Daily,
    /// Each week.
    Weekly,
    /// Each month.
    Monthly,
    /// Each quarter.
    Quarterly,
    /// Each year.
    Annual,
    /// Now and then.
    Irregular,
}

impl Frequency {
    /// All, shortest first.
    pub const ALL: [Self; 7] = [
        Self::Continuous,
        Self::Daily,
        Self::Weekly,
        Self::Monthly,
        Self::Quarterly,
        Self::Annual,
        Self::Irregular,
    ];

    /// The word as manifests and JSON spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Continuous => "continuous",
            Self::Daily => "daily",
            Self::Weekly => "weekly",
            Self::Monthly => "monthly",
            Self::Quarterly => "quarterly",
            Self::Annual => "annual",
            Self::Irregular => "irregular",
        }
    }
}

impl fmt::Display for Keep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for Frequency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Keep {
    type Err = ParseError;
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let found = Self::ALL.into_iter().find(|known| known.as_str() == text);
        found.ok_or_else(|| ParseError::new("what may be kept: `nothing`, `references` or `copies`", text))
    }
}

impl FromStr for Frequency {
    type Err = ParseError;
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let found = Self::ALL.into_iter().find(|known| known.as_str() == text);
        found.ok_or_else(|| {
            ParseError::new(
                "how often: `continuous`, `daily`, `weekly`, `monthly`, `quarterly`, `annual` or `irregular`",
                text,
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_read_as_it_is_spelled() {
        assert!(Keep::ALL.into_iter().all(|keep| keep.to_string().parse() == Ok(keep)));
        assert!(Frequency::ALL.into_iter().all(|often| often.to_string().parse() == Ok(often)));
        assert!("all".parse::<Keep>().is_err() && "hourly".parse::<Frequency>().is_err());
        assert!(Keep::Nothing < Keep::References && Keep::References < Keep::Copies);
    }
}
