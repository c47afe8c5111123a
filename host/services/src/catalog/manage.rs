//! Defining catalogs, and writing their entries.

use dinh_model::{PluginId, text};

use super::model::{after_key, catalog_key, entry_key, name_key, order_key};
use super::{Catalog, Entry, names};
use crate::permissions::CATALOG_MANAGE;
use crate::{Call, Resource, ServiceError};

/// Defines a catalog, or gives it another title or source. Needs `dinh.catalog.manage` everywhere.
pub fn define(call: &mut Call, catalog: &Catalog) -> Result<(), ServiceError> {
    call.require_everywhere(&CATALOG_MANAGE)?;
    // The same form as the id of a plugin.
    if catalog.name.parse::<PluginId>().is_err() {
        return Err(ServiceError::invalid(
            "Tên danh mục gồm 2 đến 40 ký tự a–z, 0–9, “-”, bắt đầu bằng chữ.",
            "A catalog's name is 2 to 40 of a–z, 0–9 and single hyphens, a letter first.",
        ));
    }
    let key = catalog_key(&catalog.name);
    if call.load::<Catalog>(&key)?.as_ref() == Some(catalog) {
        return Ok(());
    }
    let catalog = Catalog { source: text::nfc(&catalog.source), ..catalog.clone() };
    call.save(key, &catalog)?;
    call.evidence("catalog.defined", format!("catalog:{}", catalog.name), []);
    Ok(())
}

/// Writes an entry in the place of `before`, with everything by which it is found.
pub(super) fn write(
    call: &mut Call,
    catalog: &str,
    before: Option<&Entry>,
    entry: &Entry,
) -> Result<(), ServiceError> {
    call.spend(Resource::RecordsWritten, 1)?;
    for key in before.iter().flat_map(|before| index_keys(catalog, before)) {
        call.transaction.delete(key);
    }
    for key in index_keys(catalog, entry) {
        call.transaction.put(key, Vec::new());
    }
    call.save(entry_key(catalog, &entry.code), entry)
}

/// The keys by which an entry is found: its names, its place, its predecessors.
fn index_keys(catalog: &str, entry: &Entry) -> Vec<Vec<u8>> {
    let known_as = [&entry.name.vi, &entry.name.en].into_iter().chain(&entry.aliases);
    let mut keys: Vec<Vec<u8>> = known_as
        .flat_map(|name| names::forms(name))
        .map(|form| name_key(catalog, &form, &entry.code))
        .collect();
    keys.push(order_key(catalog, entry));
    keys.extend(entry.predecessors.iter().map(|before| after_key(catalog, before, &entry.code)));
    keys
}
