//! What may be written in a manifest: every key, and nothing else.
//!
//! Values that can be wrong in themselves keep their place in the text, so that an error can name it.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use super::ManifestError;
use crate::limits::COUNT;
use dinh_model::Localized;

/// Most bytes of a manifest.
const LARGEST: usize = 1 << 20;

pub(super) fn parse(text: &str) -> Result<RawManifest, ManifestError> {
    if text.len() > LARGEST {
        let problem = format!("a manifest of {} bytes", text.len());
        return Err(ManifestError::at(text, 0, problem, format!("at most {LARGEST} bytes are read")));
    }
    toml::from_str(text).map_err(|error| ManifestError::parse(text, &error))
}

pub(super) type Text = Spanned<String>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawManifest {
    pub(super) id: Text,
    pub(super) version: Text,
    pub(super) platform: Text,
    pub(super) name: Spanned<Localized>,
    pub(super) summary: Spanned<Localized>,
    pub(super) publisher: Text,
    pub(super) licence: Text,
    #[serde(default)]
    pub(super) permissions: Vec<RawPermission>,
    #[serde(default)]
    pub(super) roles: Vec<RawRole>,
    #[serde(default)]
    pub(super) collections: Vec<RawCollection>,
    #[serde(default)]
    pub(super) sequences: Vec<RawSequence>,
    #[serde(default)]
    pub(super) routes: Vec<RawRoute>,
    #[serde(default)]
    pub(super) menu: Vec<RawMenuEntry>,
    #[serde(default)]
    pub(super) tasks: Vec<RawTask>,
    #[serde(default)]
    pub(super) timers: Vec<RawTimer>,
    #[serde(default)]
    pub(super) notices: Vec<RawNotice>,
    #[serde(default)]
    pub(super) prints: Vec<RawPrint>,
    #[serde(default)]
    pub(super) datasets: Vec<RawDataset>,
    #[serde(default)]
    pub(super) wanted: Vec<RawWanted>,
    #[serde(default)]
    pub(super) jobs: Vec<RawJob>,
    #[serde(default)]
    pub(super) service: RawService,
    #[serde(default)]
    pub(super) limits: RawLimits,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawJob {
    pub(super) name: Text,
    pub(super) title: Spanned<Localized>,
    /// What is counted.
    pub(super) counted: Spanned<Localized>,
    pub(super) permission: Text,
    /// Most steps.
    pub(super) steps: Option<Spanned<i64>>,
    /// Most hours.
    pub(super) hours: Option<Spanned<i64>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawService {
    #[serde(default)]
    pub(super) permissions: Vec<Text>,
    pub(super) label: Option<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawPermission {
    pub(super) name: Text,
    pub(super) title: Spanned<Localized>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawRole {
    pub(super) name: Text,
    pub(super) title: Spanned<Localized>,
    pub(super) permissions: Vec<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct RawCollection {
    pub(super) name: Text,
    pub(super) title: Spanned<Localized>,
    pub(super) unit: Option<Text>,
    pub(super) owner: Option<Text>,
    /// A field that names whom each record is withheld from, or the record that it is a part of.
    pub(super) withheld_from: Option<Text>,
    /// A field that holds each record's label, or a label for all of them.
    pub(super) label: Option<Text>,
    pub(super) permissions: RawVerbs,
    pub(super) fields: Vec<RawField>,
    #[serde(default)]
    pub(super) indexes: Vec<RawIndex>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawVerbs {
    pub(super) read: Text,
    pub(super) create: Text,
    pub(super) update: Text,
    pub(super) delete: Text,
    /// To know who has seen a record.
    pub(super) seen: Option<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct RawField {
    pub(super) name: Text,
    #[serde(rename = "type")]
    pub(super) kind: Text,
    pub(super) title: Spanned<Localized>,
    #[serde(default)]
    pub(super) required: bool,
    pub(super) meaning: Option<Text>,
    pub(super) label: Option<Text>,
    #[serde(default)]
    pub(super) personal: bool,
    #[serde(default)]
    pub(super) drawn: bool,
    pub(super) scale: Option<Spanned<i64>>,
    pub(super) catalog: Option<Text>,
    /// The date field on whose day a code is in its term.
    pub(super) on: Option<Text>,
    /// A code may be of any term.
    pub(super) any_term: Option<Spanned<bool>>,
    pub(super) collection: Option<Text>,
    pub(super) wanted: Option<Text>,
    /// Most bytes of an attached file.
    pub(super) max_size: Option<Spanned<i64>>,
    /// The types of files that may be attached.
    pub(super) media_types: Option<Spanned<Vec<Text>>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawIndex {
    pub(super) fields: Spanned<Vec<Text>>,
    pub(super) kind: Text,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawSequence {
    pub(super) name: Text,
    pub(super) title: Spanned<Localized>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawRoute {
    pub(super) path: Text,
    pub(super) permission: Text,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawMenuEntry {
    pub(super) path: Text,
    pub(super) title: Spanned<Localized>,
    pub(super) permission: Text,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawTask {
    pub(super) name: Text,
    pub(super) title: Spanned<Localized>,
    pub(super) collection: Text,
    pub(super) when: Spanned<BTreeMap<String, RawValue>>,
    #[serde(rename = "for")]
    pub(super) assignee: Option<Text>,
    #[serde(default)]
    pub(super) except: Vec<Text>,
    pub(super) permission: Text,
    pub(super) unit: Option<Text>,
    pub(super) subject: Text,
    pub(super) path: Text,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawTimer {
    pub(super) name: Text,
    pub(super) title: Spanned<Localized>,
    pub(super) every: Option<Text>,
    pub(super) month: Option<Spanned<i64>>,
    pub(super) day: Option<Spanned<i64>>,
    pub(super) hour: Option<Spanned<i64>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawNotice {
    pub(super) name: Text,
    pub(super) title: Spanned<Localized>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawPrint {
    pub(super) name: Text,
    pub(super) title: Spanned<Localized>,
    pub(super) path: Text,
    pub(super) template: Text,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawDataset {
    pub(super) name: Text,
    pub(super) title: Spanned<Localized>,
    pub(super) summary: Spanned<Localized>,
    pub(super) collection: Text,
    pub(super) fields: Vec<Text>,
    pub(super) rows: Option<Spanned<BTreeMap<String, RawValue>>>,
    #[serde(default)]
    pub(super) filled: Vec<Text>,
    pub(super) label: Option<Text>,
    #[serde(default)]
    pub(super) purposes: Vec<RawPurpose>,
    #[serde(default)]
    pub(super) consumers: Vec<Text>,
    pub(super) updated: Text,
    #[serde(default)]
    pub(super) public: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawPurpose {
    pub(super) name: Text,
    pub(super) title: Spanned<Localized>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct RawWanted {
    pub(super) name: Text,
    pub(super) plugin: Text,
    pub(super) dataset: Text,
    pub(super) fields: Vec<Text>,
    pub(super) purpose: Text,
    pub(super) legal_basis: Text,
    pub(super) permission: Text,
    pub(super) keep: Text,
    pub(super) changes: Option<Spanned<bool>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum RawValue {
    Boolean(bool),
    Integer(i64),
    Text(String),
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct RawLimits {
    pub(super) cpu_milliseconds: Option<Spanned<i64>>,
    pub(super) wall_milliseconds: Option<Spanned<i64>>,
    pub(super) memory_mebibytes: Option<Spanned<i64>>,
    pub(super) rows_read: Option<Spanned<i64>>,
    pub(super) records_written: Option<Spanned<i64>>,
    pub(super) host_bytes: Option<Spanned<i64>>,
    pub(super) log_lines: Option<Spanned<i64>>,
    pub(super) timers: Option<Spanned<i64>>,
    pub(super) notices: Option<Spanned<i64>>,
    pub(super) calls_per_minute: Option<Spanned<i64>>,
    pub(super) calls_running: Option<Spanned<i64>>,
    pub(super) calls_waiting: Option<Spanned<i64>>,
    pub(super) records: Option<Spanned<i64>>,
    pub(super) storage_mebibytes: Option<Spanned<i64>>,
}

impl RawLimits {
    /// In the order of [`KEYS`](crate::limits::KEYS).
    pub(super) fn in_order(&self) -> [&Option<Spanned<i64>>; COUNT] {
        [
            &self.cpu_milliseconds,
            &self.wall_milliseconds,
            &self.memory_mebibytes,
            &self.rows_read,
            &self.records_written,
            &self.host_bytes,
            &self.log_lines,
            &self.timers,
            &self.notices,
            &self.calls_per_minute,
            &self.calls_running,
            &self.calls_waiting,
            &self.records,
            &self.storage_mebibytes,
        ]
    }
}
