//! Once only: what a field means has one owner, and nobody collects again what another unit already provides (BN4.4).

use std::collections::HashSet;
use std::sync::Arc;

use dinh_model::{Collection, Dataset, PluginId, key};
use dinh_store::{Direction, StoreError, Stored};
use serde::{Deserialize, Serialize};

use super::waivers;
use crate::call::decode;
use crate::{Call, ServiceError, space};

/// Which plugin owns a meaning.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeaningOwner {
    /// The plugin that declared it first.
    pub plugin: PluginId,
    /// Its collection and field.
    pub field: String,
    /// The dataset of its that shows it, if one does.
    pub dataset: Option<String>,
}

fn meaning_key(meaning: &str) -> Vec<u8> {
    space::key(space::MEANING, &[meaning.as_bytes()])
}

/// The owner of a meaning; none while nobody declares it.
pub fn owner_of(call: &Call, meaning: &str) -> Result<Option<MeaningOwner>, ServiceError> {
    call.load(&meaning_key(meaning))
}

/// All meanings that are owned, in order, each with its owner.
pub fn owned_meanings(call: &Call) -> Result<Vec<(String, MeaningOwner)>, ServiceError> {
    let end = key::after_prefix(&[space::MEANING]);
    let range = call.transaction.range(&[space::MEANING], end.as_deref(), Direction::Forward);
    let named = |item: Result<(Vec<u8>, Stored), StoreError>| {
        let (key, stored) = item?;
        let name = key.get(1..).and_then(|name| std::str::from_utf8(name).ok());
        let name = name.ok_or_else(|| crate::call::damaged(&key))?.to_owned();
        Ok((name, decode(&key, &stored.value)?))
    };
    range.map(named).collect()
}

/// Claims the meanings of a plugin's fields. A meaning that another plugin owns is refused with the name of the dataset
/// to ask for, unless a waiver allows the plugin to hold it too.
pub(super) fn claim(
    call: &mut Call,
    plugin: &PluginId,
    collections: &[Arc<Collection>],
    datasets: &[Dataset],
) -> Result<(), ServiceError> {
    let mut claimed = HashSet::new();
    for collection in collections {
        for field in &collection.fields {
            let Some(meaning) = &field.meaning else { continue };
            match owner_of(call, meaning)? {
                Some(owner) if owner.plugin != *plugin => {
                    if !waivers::allows(call, plugin, meaning)? {
                        let field = format!("{}.{}", collection.name, field.name);
                        return Err(owned(plugin, &field, meaning, &owner));
                    }
                }
                _ => {
                    if !claimed.insert(meaning.clone()) {
                        continue;
                    }
                    let shows = |dataset: &&Dataset| {
                        dataset.collection == collection.name && dataset.fields.contains(&field.name)
                    };
                    let owner = MeaningOwner {
                        plugin: plugin.clone(),
                        field: format!("{}.{}", collection.name, field.name),
                        dataset: datasets.iter().find(shows).map(|dataset| dataset.name.clone()),
                    };
                    call.save(meaning_key(meaning), &owner)?;
                }
            }
        }
    }
    Ok(())
}

fn owned(plugin: &PluginId, field: &str, meaning: &str, owner: &MeaningOwner) -> ServiceError {
    let (vi, en) = match &owner.dataset {
        Some(dataset) => (
            format!("hãy đề nghị bộ dữ liệu “{}/{dataset}” và giữ tham chiếu", owner.plugin),
            format!("ask for the dataset {}/{dataset} and keep references", owner.plugin),
        ),
        None => (
            format!("hãy đề nghị ứng dụng “{}” cung cấp bộ dữ liệu có trường này", owner.plugin),
            format!("ask the plugin {} to offer a dataset with it", owner.plugin),
        ),
    };
    ServiceError::refused(
        "once-only",
        format!("plugin:{plugin}"),
        format!(
            "Trường “{field}” thu thập lại “{meaning}”, đã do ứng dụng “{}” ({}) quản lý: {vi}; nếu thật cần thiết, hãy đề nghị miễn trừ có lý do.",
            owner.plugin, owner.field
        ),
        format!(
            "The field {field} collects `{meaning}` again, which the plugin {} ({}) owns: {en}; if that cannot be, ask for a waiver with a reason.",
            owner.plugin, owner.field
        ),
    )
}
