//! Reading catalogs: by code, by name, in order, along the succession; as of a day.

use dinh_model::{Date, key};
use dinh_store::Direction;

use super::model::{after_key, catalog_key, code_at, entry_key, name_key, order_key, order_prefix};
use super::{Catalog, Entry, names};
use crate::call::decode;
use crate::{Call, ServiceError, Thing, space};

/// Most entries of one page.
const LONGEST_PAGE: usize = 1_000;

/// A page of entries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listed {
    /// The entries, in the catalog's order.
    pub entries: Vec<Entry>,
    /// Pass as `after` to go on; none at the end.
    pub next: Option<String>,
}

/// All catalogs, by name.
pub fn catalogs(call: &Call) -> Result<Vec<Catalog>, ServiceError> {
    let mut all = Vec::new();
    for item in call.transaction.range(&[space::CATALOG], Some(&[space::CATALOG + 1]), Direction::Forward) {
        let (key, stored) = item?;
        all.push(decode(&key, &stored.value)?);
    }
    Ok(all)
}

/// A catalog by its name.
pub fn get_catalog(call: &Call, catalog: &str) -> Result<Catalog, ServiceError> {
    call.load(&catalog_key(catalog))?.ok_or_else(|| ServiceError::not_found(Thing::Catalog, catalog))
}

/// An entry as of a day; none when the code is unknown or not in its term on that day.
pub fn lookup(call: &Call, catalog: &str, code: &str, as_of: Date) -> Result<Option<Entry>, ServiceError> {
    Ok(get(call, catalog, code)?.filter(|entry| entry.is_valid_on(as_of)))
}

/// An entry whatever its term; none when there is no such code.
pub fn get(call: &Call, catalog: &str, code: &str) -> Result<Option<Entry>, ServiceError> {
    match entry(call, catalog, code)? {
        Some(entry) => Ok(Some(entry)),
        None => get_catalog(call, catalog).map(|_| None),
    }
}

/// The entry with this name, in either language or as an alias, in its term on the day: without regard to
/// case, diacritics, punctuation, spaces and the words *tỉnh*, *thành phố* and their abbreviations. None
/// when there is none, or when several have the name and nothing tells them apart.
pub fn find(call: &Call, catalog: &str, name: &str, as_of: Date) -> Result<Option<Entry>, ServiceError> {
    get_catalog(call, catalog)?;
    for form in names::forms(name) {
        let start = name_key(catalog, &form, "");
        let mut found = Vec::new();
        for code in codes(call, &start)? {
            found.extend(entry(call, catalog, &code)?.filter(|entry| entry.is_valid_on(as_of)));
        }
        match found.len() {
            0 => {}
            1 => return Ok(found.pop()),
            _ => return Ok(None),
        }
    }
    Ok(None)
}

/// Entries in their term on a day, in the catalog's order, at most `limit` (1 to 1,000), after the code
/// that a page before gave as `next`.
pub fn list(
    call: &Call,
    catalog: &str,
    as_of: Date,
    after: Option<&str>,
    limit: usize,
) -> Result<Listed, ServiceError> {
    get_catalog(call, catalog)?;
    if !(1..=LONGEST_PAGE).contains(&limit) {
        return Err(ServiceError::invalid(
            format!("Mỗi lần lấy từ 1 đến {LONGEST_PAGE} mã."),
            format!("A page holds 1 to {LONGEST_PAGE} entries, not {limit}."),
        ));
    }
    let prefix = order_prefix(catalog);
    let start = match after {
        None => prefix.clone(),
        Some(code) => {
            let last = entry(call, catalog, code)?.ok_or_else(|| {
                ServiceError::invalid(
                    format!("“{code}” không phải là vị trí mà danh mục đã trả về."),
                    format!("{code:?} was not given out as a place in the catalog."),
                )
            })?;
            let mut place = order_key(catalog, &last);
            place.push(0);
            place
        }
    };
    let end = key::after_prefix(&prefix);
    let mut listed = Listed::default();
    for item in call.transaction.range(&start, end.as_deref(), Direction::Forward) {
        let (key, _) = item?;
        let Some(code) = code_at(&key, prefix.len() + 8) else { continue };
        let Some(entry) = entry(call, catalog, &code)?.filter(|entry| entry.is_valid_on(as_of)) else {
            continue;
        };
        if listed.entries.len() == limit {
            listed.next = listed.entries.last().map(|last| last.code.clone());
            break;
        }
        listed.entries.push(entry);
    }
    Ok(listed)
}

/// What became of a code: the entries that directly follow it. A merger has one, a split several.
pub fn successors(call: &Call, catalog: &str, code: &str) -> Result<Vec<Entry>, ServiceError> {
    get_catalog(call, catalog)?;
    entries(call, catalog, codes(call, &after_key(catalog, code, ""))?)
}

/// What a code came from: the entries that it directly follows.
pub fn predecessors(call: &Call, catalog: &str, code: &str) -> Result<Vec<Entry>, ServiceError> {
    let before = get(call, catalog, code)?.map(|entry| entry.predecessors).unwrap_or_default();
    entries(call, catalog, before)
}

pub(super) fn entry(call: &Call, catalog: &str, code: &str) -> Result<Option<Entry>, ServiceError> {
    call.load(&entry_key(catalog, code))
}

fn entries(call: &Call, catalog: &str, codes: Vec<String>) -> Result<Vec<Entry>, ServiceError> {
    let mut found = Vec::new();
    for code in codes {
        found.extend(entry(call, catalog, &code)?);
    }
    Ok(found)
}

/// The codes at the end of the keys that begin with `start`.
fn codes(call: &Call, start: &[u8]) -> Result<Vec<String>, ServiceError> {
    let end = key::after_prefix(start);
    let mut codes = Vec::new();
    for item in call.transaction.range(start, end.as_deref(), Direction::Forward) {
        codes.extend(code_at(&item?.0, start.len()));
    }
    Ok(codes)
}
