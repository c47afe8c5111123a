//! `dinh audit seen`: who has seen a record.

use std::fmt;
use std::str::FromStr;

use anyhow::Result;
use dinh_model::{ParseError, PluginId, RecordId};
use dinh_services::accounts::{self, Seen, SeenBy};
use dinh_services::{Call, ServiceError};
use dinh_store::Entry;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Authority, rows, with_proofs};
use crate::house::House;
use crate::reply::Reply;

/// A record as the evidence names it: `plugin/collection/record`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct RecordPath {
    plugin: PluginId,
    collection: String,
    record: RecordId,
}

impl FromStr for RecordPath {
    type Err = ParseError;
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let parts = || {
            let (plugin, rest) = text.split_once('/')?;
            let (collection, record) = rest.split_once('/')?;
            let (plugin, record) = (plugin.parse().ok()?, record.parse().ok()?);
            Some(Self { plugin, collection: collection.to_owned(), record })
        };
        parts().ok_or_else(|| ParseError::new("a record as PLUGIN/COLLECTION/RECORD", text))
    }
}

impl fmt::Display for RecordPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.plugin, self.collection, self.record)
    }
}

impl From<RecordPath> for String {
    fn from(path: RecordPath) -> Self {
        path.to_string()
    }
}

impl TryFrom<String> for RecordPath {
    type Error = ParseError;
    fn try_from(text: String) -> Result<Self, ParseError> {
        text.parse()
    }
}

/// Who has seen it, newest first.
pub(super) fn seen(
    house: &House,
    authority: &Authority,
    path: &RecordPath,
    before: Option<u64>,
    limit: u32,
    proved: bool,
) -> Result<Reply> {
    let plugin = house.runtime()?.plugin(&path.plugin);
    let data = plugin.as_ref().map(|plugin| &*plugin.data);
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let (found, rows, proofs) = authority.perform(house.platform(), "audit seen", |call| {
        let mut found = SeenBy { next: before, ..SeenBy::default() };
        loop {
            let left = limit - found.entries.len();
            let page = accounts::seen_by(call, data, &path.collection, path.record, found.next, left)?;
            found.entries.extend(page.entries);
            found.next = page.next;
            if found.next.is_none() || found.entries.len() >= limit {
                break;
            }
        }
        let lines = lines(call, &found.entries)?;
        let entries: Vec<_> = found.entries.iter().map(|seen| seen.recorded.clone()).collect();
        let proofs = if proved { accounts::prove_evidence(call, &entries, found.next)? } else { None };
        Ok((found, lines, proofs))
    })?;
    let entries: Vec<_> = found
        .entries
        .iter()
        .map(|seen| json!({ "how": seen.how.word(), "index": seen.recorded.index, "entry": seen.recorded.entry }))
        .collect();
    let heads = ["index", "at", "who", "how", "purpose", "contract", "outcome"];
    let mut reply = Reply::table(&entries, heads, rows);
    reply.value = json!({ "record": path, "entries": reply.value, "next": found.next });
    if let Some(next) = found.next {
        reply.text.push_str(&format!("\nolder entries: --before {next}"));
    }
    Ok(with_proofs(reply, proofs))
}

/// Rows of a table: number, moment, who and for whom, how, what for, under which contract, how it ended.
fn lines(call: &Call, entries: &[Seen]) -> Result<Vec<[String; 7]>, ServiceError> {
    let recorded: Vec<_> = entries.iter().map(|seen| seen.recorded.clone()).collect();
    let said = rows(call, &recorded).into_iter().zip(entries);
    let of = |name: &str, seen: &Seen| seen.recorded.entry.detail.get(name).cloned().unwrap_or_default();
    let line = |([index, at, who, _, _, outcome, _], seen): ([String; 7], &Seen)| {
        let [purpose, contract] = [Entry::PURPOSE, Entry::CONTRACT].map(|name| of(name, seen));
        [index, at, who, seen.how.word().to_owned(), purpose, contract, outcome]
    };
    Ok(said.map(line).collect())
}
