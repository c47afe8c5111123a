//! Entries of the feed: written in the change of the call that wrote the records.

use std::collections::HashSet;
use std::sync::Arc;

use dinh_model::{Label, PluginId, RecordId, Target, UnitId, key};
use dinh_store::{Fill, Part, Snapshot};
use serde::{Deserialize, Serialize};

use super::watch::Watch;
use crate::call::encode;
use crate::{Call, ServiceError, space};

/// Records of one entry; a call that writes more leaves several.
const RECORDS: usize = 1_000;

/// What one call wrote to one collection.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Entry {
    /// When: microseconds since 1970.
    pub(super) at: i64,
    /// 0 for the deed of a person; one more than that of the entries it answers.
    pub(super) hops: u8,
    /// In the order in which they were written.
    pub(super) records: Vec<Written>,
}

/// A record that was written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Written {
    pub(super) id: RecordId,
    /// How it was before; none for one that is new.
    pub(super) was: Option<Was>,
}

/// A record as it was before a write, as far as it decides who saw it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Was {
    unit: UnitId,
    label: Label,
    /// The watched datasets that it was in.
    datasets: Vec<String>,
}

impl Was {
    pub(crate) fn new(target: &Target, datasets: Vec<String>) -> Self {
        Self { unit: target.unit, label: target.label, datasets }
    }

    /// What it was for the permission check, if it was in this dataset.
    pub(super) fn target_in(&self, dataset: &str) -> Option<Target> {
        let inside = self.datasets.iter().any(|known| known == dataset);
        inside.then_some(Target { unit: self.unit, label: self.label, owner: None })
    }
}

/// What a call in progress has written to watched collections.
#[derive(Default)]
pub(crate) struct Feeds(Vec<Feed>);

struct Feed {
    plugin: PluginId,
    collection: String,
    /// None when nobody watches it.
    watch: Option<Arc<Watch>>,
    written: Vec<Written>,
    known: HashSet<RecordId>,
}

impl Call {
    /// What is watched of a collection; looked up once in a call, which relies on it.
    pub(crate) fn watched(
        &mut self,
        plugin: &PluginId,
        collection: &str,
    ) -> Result<Option<Arc<Watch>>, ServiceError> {
        if let Some(feed) = self.feeds.find(plugin, collection) {
            return Ok(feed.watch.clone());
        }
        let watch = Watch::load(self, plugin, collection)?.map(Arc::new);
        let (plugin, collection) = (plugin.clone(), collection.to_owned());
        let (written, known) = (Vec::new(), HashSet::new());
        self.feeds.0.push(Feed { plugin, collection, watch: watch.clone(), written, known });
        Ok(watch)
    }

    /// Notes that a record of a watched collection is written.
    pub(crate) fn feed(&mut self, plugin: &PluginId, collection: &str, id: RecordId, was: Option<Was>) {
        let Some(feed) = self.feeds.find(plugin, collection) else { return };
        // Of several writes in one call, only how it was before the first counts.
        if feed.known.insert(id) {
            feed.written.push(Written { id, was });
        }
    }

    /// Puts what was noted into the call's change; whether there is anything.
    pub(crate) fn keep_feed(&mut self) -> Result<bool, ServiceError> {
        let (at, hops) = (dinh_model::time::microseconds(self.now()), self.hops);
        let mut any = false;
        for feed in std::mem::take(&mut self.feeds).0 {
            for records in feed.written.chunks(RECORDS) {
                any = true;
                let register = register_key(&feed.plugin, &feed.collection);
                let draw = self.transaction.draw(register);
                let mut key = entries_key(&feed.plugin, &feed.collection);
                let offset = u32::try_from(key.len()).unwrap_or(u32::MAX);
                key.extend([0; 8]);
                let value = encode(&key, &Entry { at, hops, records: records.to_vec() })?;
                self.transaction.put_filled(key, value, vec![Fill { draw, part: Part::Key, offset }]);
            }
        }
        Ok(any)
    }
}

impl Feeds {
    fn find(&mut self, plugin: &PluginId, collection: &str) -> Option<&mut Feed> {
        self.0.iter_mut().find(|feed| feed.plugin == *plugin && feed.collection == collection)
    }
}

/// The position of the last entry of a collection's feed; 0 before the first. Not relied on: those that come after
/// the snapshot have greater positions.
pub(super) fn last(call: &Call, plugin: &PluginId, collection: &str) -> Result<i64, ServiceError> {
    last_in(call.transaction.snapshot(), plugin, collection)
}

/// The same in a snapshot.
pub(super) fn last_in(snapshot: &Snapshot, plugin: &PluginId, collection: &str) -> Result<i64, ServiceError> {
    let stored = snapshot.get(&register_key(plugin, collection))?;
    let last =
        stored.and_then(|stored| stored.value.first_chunk::<8>().map(|bytes| i64::from_le_bytes(*bytes)));
    Ok(last.unwrap_or(0))
}

/// What the keys of a collection's entries begin with.
pub(super) fn entries_key(plugin: &PluginId, collection: &str) -> Vec<u8> {
    space::key(space::FEED, &[plugin.as_str().as_bytes(), &[0], collection.as_bytes(), &[0]])
}

/// The key of an entry.
pub(super) fn entry_key(plugin: &PluginId, collection: &str, position: i64) -> Vec<u8> {
    let mut key = entries_key(plugin, collection);
    key.extend(key::integer(position));
    key
}

/// The position that an entry's key ends with.
pub(super) fn position_of(key: &[u8]) -> Option<i64> {
    key.last_chunk::<8>().map(|bytes| (u64::from_be_bytes(*bytes) ^ (1 << 63)).cast_signed())
}

fn register_key(plugin: &PluginId, collection: &str) -> Vec<u8> {
    space::key(space::FEED_END, &[plugin.as_str().as_bytes(), &[0], collection.as_bytes()])
}
