//! What a catalog was: its versions, what an entry was in each, the whole catalog at one of them.

use std::collections::BTreeMap;

use dinh_store::Direction;

use super::library::open;
use super::model::{all_entry_versions, end_of, entry_versions, version_key};
use super::{Catalog, Compiled, Entry, Version};
use crate::call::decode;
use crate::{Call, ServiceError, space};

/// Versions of a catalog before `before`, newest first, at most `limit`.
pub fn versions(
    call: &Call,
    catalog: &str,
    before: Option<u32>,
    limit: usize,
) -> Result<Vec<Version>, ServiceError> {
    open(call, catalog)?;
    let start = version_key(catalog, 0);
    let end = version_key(catalog, before.unwrap_or(u32::MAX));
    let range = call.transaction.range(&start, Some(&end), Direction::Backward);
    range
        .take(limit)
        .map(|item| {
            let (key, stored) = item?;
            decode(&key, &stored.value)
        })
        .collect()
}

/// What an entry was, newest first, each with the version that made it so.
pub fn history_of(call: &Call, catalog: &str, code: &str) -> Result<Vec<(Version, Entry)>, ServiceError> {
    open(call, catalog)?;
    let prefix = entry_versions(catalog, code);
    let mut found = Vec::new();
    for item in call.transaction.range(&prefix, end_of(&prefix).as_deref(), Direction::Backward) {
        let (key, stored) = item?;
        let number = space::trailing_number(&key).unwrap_or_default();
        let Some(version) = call.load::<Version>(&version_key(catalog, number))? else { continue };
        found.push((version, decode(&key, &stored.value)?));
    }
    Ok(found)
}

/// The catalog as it was at a version: every correction made since is left out. None when it has no such version.
pub fn at_version(call: &Call, catalog: &str, version: u32) -> Result<Option<Compiled>, ServiceError> {
    let now = open(call, catalog)?;
    if call.load::<Version>(&version_key(catalog, version))?.is_none() {
        return Ok(None);
    }
    let prefix = all_entry_versions(catalog);
    let mut entries: BTreeMap<String, Entry> = BTreeMap::new();
    for item in call.transaction.range(&prefix, end_of(&prefix).as_deref(), Direction::Forward) {
        let (key, stored) = item?;
        // Those of one code follow each other, older ones first.
        if space::trailing_number(&key).is_some_and(|number| number <= version) {
            let entry: Entry = decode(&key, &stored.value)?;
            entries.insert(entry.code.clone(), entry);
        }
    }
    let definition = now.catalog().definition.clone();
    Ok(Some(Compiled::of(Catalog { definition, version }, entries.into_values().collect())))
}
