//! What installed plugins offer and want, as their manifests declare it.

use dinh_model::{Collection, Dataset, PluginId, Target, UnitId, Wanted, key};
use dinh_store::Direction;
use std::sync::Arc;

use super::model::{Offer, OfferedField, Want, dataset_key, wanted_key};
use super::{feed, meanings, shelf};
use crate::call::decode;
use crate::permissions::PLUGIN_MANAGE;
use crate::{Call, ServiceError, Thing, space};

/// Makes known what a plugin offers and wants, in place of what it did before. Needs `dinh.plugin.manage` for its home
/// unit. Refused by a rule when a contract in force names what is no longer offered, and when the plugin declares a
/// meaning that another one owns and no waiver allows it.
pub fn declare(
    call: &mut Call,
    plugin: &PluginId,
    home_unit: UnitId,
    collections: &[Arc<Collection>],
    datasets: &[Dataset],
    wanted: &[Wanted],
) -> Result<(), ServiceError> {
    call.require(&PLUGIN_MANAGE, &Target::unit(home_unit))?;
    meanings::claim(call, plugin, collections, datasets)?;
    call.save(home_key(plugin), &home_unit)?;
    let offer = |dataset: &Dataset| Offer {
        plugin: plugin.clone(),
        home_unit,
        dataset: dataset.clone(),
        fields: offered_fields(collections, dataset),
    };
    let new: Vec<Offer> = datasets.iter().map(offer).collect();
    for old in offers_of(call, plugin)? {
        let next = new.iter().find(|next| next.dataset.name == old.dataset.name);
        keeps_its_contracts(call, &old, next)?;
        if next.is_none() {
            call.transaction.delete(dataset_key(plugin, &old.dataset.name));
        }
    }
    for offer in &new {
        let key = dataset_key(plugin, &offer.dataset.name);
        if call.load::<Offer>(&key)?.as_ref() != Some(offer) {
            call.save(key, offer)?;
            let detail =
                [("label", offer.dataset.label.to_string()), ("fields", offer.dataset.fields.join(" "))];
            let subject = format!("dataset:{plugin}/{}", offer.dataset.name);
            call.evidence("dataset.offered", subject, detail);
        }
    }
    for old in wants_of(call, plugin)? {
        if !wanted.iter().any(|next| next.name == old.wanted.name) {
            call.transaction.delete(wanted_key(plugin, &old.wanted.name));
        }
    }
    for wanted in wanted {
        let want = Want { plugin: plugin.clone(), home_unit, wanted: wanted.clone() };
        call.save(wanted_key(plugin, &wanted.name), &want)?;
    }
    feed::settle(call, plugin, wanted)
}

fn offered_fields(collections: &[Arc<Collection>], dataset: &Dataset) -> Vec<OfferedField> {
    let collection = collections.iter().find(|collection| collection.name == dataset.collection);
    let field = |name: &String| {
        let (_, field) = collection?.field(name)?;
        Some(OfferedField {
            name: field.name.clone(),
            title: field.title.clone(),
            kind: field.kind.name().to_owned(),
            label: field.label,
            meaning: field.meaning.clone(),
        })
    };
    dataset.fields.iter().filter_map(field).collect()
}

/// A dataset that others rely on by contract keeps its collection, its fields, its rows and its label.
fn keeps_its_contracts(call: &Call, old: &Offer, next: Option<&Offer>) -> Result<(), ServiceError> {
    let name = &old.dataset.name;
    let holding = shelf::of_dataset(call, &old.plugin, name)?;
    let today = call.today();
    for contract in holding.iter().filter(|contract| {
        let standing = contract.standing(today);
        standing.holds() || standing == super::Standing::Coming
    }) {
        let missing = |field: &&String| next.is_none_or(|next| next.field(field).is_none());
        let lost: Vec<&str> = contract.fields.iter().filter(missing).map(String::as_str).collect();
        let other = next.is_some_and(|next| {
            next.dataset.collection != old.dataset.collection
                || next.dataset.rows != old.dataset.rows
                || next.dataset.filled != old.dataset.filled
                || next.fields.iter().any(|field| {
                    contract.fields.contains(&field.name)
                        && (field.label > contract.label
                            || old.field(&field.name).is_some_and(|old| old.kind != field.kind))
                })
        });
        let (vi, en) = match (lost.is_empty(), other) {
            (true, false) => continue,
            (false, _) => (
                format!("không còn cung cấp {}", lost.join(", ")),
                format!("no longer offers {}", lost.join(", ")),
            ),
            (true, true) => (
                "đổi sổ, điều kiện chọn bản ghi, kiểu hoặc độ mật của trường".to_owned(),
                "changes its collection, its rows, or the type or label of a field".to_owned(),
            ),
        };
        return Err(ServiceError::refused(
            "contract-relies-on-it",
            contract.subject(),
            format!(
                "Bộ dữ liệu “{name}” {vi}, mà thoả thuận số {} đang dùng. Hãy chấm dứt thoả thuận đó trước, hoặc giữ nguyên bộ dữ liệu.",
                contract.id
            ),
            format!(
                "The dataset {name} {en}, which contract {} relies on. End that contract first, or keep the dataset as it is.",
                contract.id
            ),
        ));
    }
    Ok(())
}

fn home_key(plugin: &PluginId) -> Vec<u8> {
    space::key(space::SHARER, &[plugin.as_str().as_bytes()])
}

/// The unit that a plugin is installed for.
pub(super) fn home_of(call: &Call, plugin: &PluginId) -> Result<UnitId, ServiceError> {
    call.load(&home_key(plugin))?.ok_or_else(|| ServiceError::not_found(Thing::Plugin, plugin))
}

/// A dataset that is offered; none when there is none of that name.
pub fn find_offer(call: &Call, plugin: &PluginId, dataset: &str) -> Result<Option<Offer>, ServiceError> {
    call.load(&dataset_key(plugin, dataset))
}

/// The same, for reading from it.
pub(super) fn open_offer(
    call: &Call,
    plugin: &PluginId,
    dataset: &str,
) -> Result<Option<Arc<Offer>>, ServiceError> {
    call.decoded(&dataset_key(plugin, dataset))
}

/// All that is offered, by plugin and name: what there is to share is for everybody to know (BN16.1a).
pub fn offers(call: &Call) -> Result<Vec<Offer>, ServiceError> {
    below(call, &[space::DATASET])
}

fn offers_of(call: &Call, plugin: &PluginId) -> Result<Vec<Offer>, ServiceError> {
    below(call, &dataset_key(plugin, ""))
}

/// What a plugin wants of one name.
pub(super) fn find_want(call: &Call, plugin: &PluginId, name: &str) -> Result<Option<Want>, ServiceError> {
    call.load(&wanted_key(plugin, name))
}

/// All that is wanted, by plugin and name.
pub fn wants(call: &Call) -> Result<Vec<Want>, ServiceError> {
    below(call, &[space::WANTED])
}

/// What one plugin wants.
pub fn wants_of(call: &Call, plugin: &PluginId) -> Result<Vec<Want>, ServiceError> {
    below(call, &wanted_key(plugin, ""))
}

fn below<T: serde::de::DeserializeOwned>(call: &Call, prefix: &[u8]) -> Result<Vec<T>, ServiceError> {
    let end = key::after_prefix(prefix);
    let range = call.transaction.range(prefix, end.as_deref(), Direction::Forward);
    range
        .map(|item| {
            let (key, stored) = item?;
            decode(&key, &stored.value)
        })
        .collect()
}
