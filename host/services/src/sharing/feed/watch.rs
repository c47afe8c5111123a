//! Which collections are watched, and by the rows of which datasets.

use dinh_model::{PluginId, Value};
use serde::{Deserialize, Serialize};

use super::super::model::Offer;
use crate::{Call, ServiceError, space};

/// What is watched of a collection. While there is none, writing to it costs one look-up for each call.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Watch {
    /// The datasets that somebody follows.
    pub(crate) datasets: Vec<WatchedDataset>,
}

/// A dataset that somebody follows: which rows are in it. It does not change while a contract relies on it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct WatchedDataset {
    pub(crate) name: String,
    pub(crate) rows: Vec<(String, Value)>,
    pub(crate) filled: Vec<String>,
    /// How many subscriptions it has.
    followers: u32,
}

impl Watch {
    pub(crate) fn load(
        call: &Call,
        plugin: &PluginId,
        collection: &str,
    ) -> Result<Option<Self>, ServiceError> {
        call.load(&watch_key(plugin, collection))
    }
}

/// One more follows a dataset.
pub(super) fn follow(call: &mut Call, offer: &Offer) -> Result<(), ServiceError> {
    let key = watch_key(&offer.plugin, &offer.dataset.collection);
    let mut watch: Watch = call.load(&key)?.unwrap_or_default();
    match watch.datasets.iter_mut().find(|known| known.name == offer.dataset.name) {
        Some(known) => known.followers += 1,
        None => watch.datasets.push(WatchedDataset {
            name: offer.dataset.name.clone(),
            rows: offer.dataset.rows.clone(),
            filled: offer.dataset.filled.clone(),
            followers: 1,
        }),
    }
    call.save(key, &watch)
}

/// One fewer does.
pub(super) fn leave(
    call: &mut Call,
    plugin: &PluginId,
    collection: &str,
    dataset: &str,
) -> Result<(), ServiceError> {
    let key = watch_key(plugin, collection);
    let Some(mut watch) = call.load::<Watch>(&key)? else { return Ok(()) };
    for known in watch.datasets.iter_mut().filter(|known| known.name == dataset) {
        known.followers = known.followers.saturating_sub(1);
    }
    watch.datasets.retain(|known| known.followers > 0);
    if watch.datasets.is_empty() {
        call.transaction.delete(key);
        return Ok(());
    }
    call.save(key, &watch)
}

fn watch_key(plugin: &PluginId, collection: &str) -> Vec<u8> {
    space::key(space::WATCH, &[plugin.as_str().as_bytes(), &[0], collection.as_bytes()])
}
