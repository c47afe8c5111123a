//! What is stored of a catalog.

use dinh_model::{Date, Localized, key};
use serde::{Deserialize, Serialize};

use crate::space;

/// A catalog.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Catalog {
    /// Its name: `a`–`z`, `0`–`9`, `-`.
    pub name: String,
    /// Its title.
    pub title: Localized,
    /// Where its entries come from: a decision, an office.
    pub source: String,
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
}

impl Entry {
    /// Whether the code may be used on `day`.
    pub fn is_valid_on(&self, day: Date) -> bool {
        self.valid_from <= day && self.valid_until.is_none_or(|until| day < until)
    }
}

/// Key of a catalog.
pub(super) fn catalog_key(catalog: &str) -> Vec<u8> {
    space::key(space::CATALOG, &[catalog.as_bytes()])
}

/// Key of an entry.
pub(super) fn entry_key(catalog: &str, code: &str) -> Vec<u8> {
    space::key(space::ENTRY, &[catalog.as_bytes(), &[0], code.as_bytes()])
}

/// Where an entry stands in the catalog's order.
pub(super) fn order_key(catalog: &str, entry: &Entry) -> Vec<u8> {
    let order = key::integer(entry.order);
    space::key(space::ENTRY_ORDER, &[catalog.as_bytes(), &[0], &order, entry.code.as_bytes()])
}

/// The keys of a catalog in the order's space begin with this; the order's own 8 bytes follow.
pub(super) fn order_prefix(catalog: &str) -> Vec<u8> {
    space::key(space::ENTRY_ORDER, &[catalog.as_bytes(), &[0]])
}

/// A form of an entry's name; without a code, the beginning of all that have the form.
pub(super) fn name_key(catalog: &str, form: &str, code: &str) -> Vec<u8> {
    let (catalog, form) = (catalog.as_bytes(), form.as_bytes());
    space::key(space::ENTRY_NAME, &[catalog, &[0], form, &[0], code.as_bytes()])
}

/// That `after` follows `code`; without `after`, the beginning of all that do.
pub(super) fn after_key(catalog: &str, code: &str, after: &str) -> Vec<u8> {
    let (catalog, code) = (catalog.as_bytes(), code.as_bytes());
    space::key(space::ENTRY_AFTER, &[catalog, &[0], code, &[0], after.as_bytes()])
}

/// The code at the end of a key of names, order or successors, of which `before` bytes come first.
pub(super) fn code_at(key: &[u8], before: usize) -> Option<String> {
    key.get(before..).and_then(|code| std::str::from_utf8(code).ok()).map(str::to_owned)
}
