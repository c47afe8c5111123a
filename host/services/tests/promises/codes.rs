//! Catalogs as tests read and write them.

use dinh_model::Date;
use dinh_services::catalog::{self, Entry, Imported, Shipped, open};
use dinh_services::{Call, ServiceError};

use crate::house::{House, at_once};

#[derive(Debug)]
pub struct Page {
    pub entries: Vec<Entry>,
    pub next: Option<String>,
}

pub fn lookup(call: &Call, catalog: &str, code: &str, as_of: Date) -> Result<Option<Entry>, ServiceError> {
    Ok(open(call, catalog)?.lookup(code, as_of).cloned())
}

pub fn get(call: &Call, catalog: &str, code: &str) -> Result<Option<Entry>, ServiceError> {
    Ok(open(call, catalog)?.get(code).cloned())
}

pub fn find(call: &Call, catalog: &str, name: &str, as_of: Date) -> Result<Option<Entry>, ServiceError> {
    Ok(open(call, catalog)?.find(name, as_of).cloned())
}

pub fn list(
    call: &Call,
    catalog: &str,
    as_of: Date,
    after: Option<&str>,
    limit: usize,
) -> Result<Page, ServiceError> {
    let compiled = open(call, catalog)?;
    let listed = compiled.list(as_of, after, limit)?;
    Ok(Page { entries: listed.entries.into_iter().cloned().collect(), next: listed.next })
}

pub fn successors(call: &Call, catalog: &str, code: &str) -> Result<Vec<Entry>, ServiceError> {
    Ok(open(call, catalog)?.successors(code).into_iter().cloned().collect())
}

pub fn predecessors(call: &Call, catalog: &str, code: &str) -> Result<Vec<Entry>, ServiceError> {
    Ok(open(call, catalog)?.predecessors(code).into_iter().cloned().collect())
}

/// Ships at once, as `dinh init` does.
pub fn ship(house: &House) -> Vec<Shipped> {
    house.admin(|call| at_once(call, catalog::ship))
}

/// Imports at once.
pub fn import_at_once(call: &mut Call, catalog: &str, csv: &str) -> Result<Imported, ServiceError> {
    at_once(call, |call| catalog::import_csv(call, catalog, csv, ""))
}

pub fn day(text: &str) -> Date {
    text.parse().unwrap()
}
