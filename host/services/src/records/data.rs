//! A plugin's collections, and where the keys of their rows begin.

use std::sync::Arc;

use dinh_model::{Collection, PluginId, Sequence, UnitId};

/// The typed data of one installed plugin.
#[derive(Clone, Debug)]
pub struct PluginData {
    /// Whose data it is.
    pub plugin: PluginId,
    /// Its number in keys; never given to another plugin.
    pub number: u32,
    /// Which generation of its collections is in use; a release migrates into a new one.
    pub generation: u32,
    /// The unit of records that name none.
    pub home_unit: UnitId,
    /// Its collections.
    pub collections: Vec<Arc<Collection>>,
    /// Its sequences.
    pub sequences: Vec<Sequence>,
}

impl PluginData {
    /// The collection of that name.
    pub fn collection(&self, name: &str) -> Option<&Arc<Collection>> {
        self.collections.iter().find(|collection| collection.name == name)
    }
}
