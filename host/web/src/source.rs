//! What a picker picks from: a collection of the plugin's own, or a dataset that it has a contract for.
//!
//! Of a dataset the host reads what the contract names, for the person who picks, and under the checks of every shared
//! read: the plugin gets the identifier that was picked and no word of what was shown.

use std::sync::Arc;

use dinh_model::{PluginId, RecordId, Value};
use dinh_runtime::Plugin;
use dinh_services::records::{self, Comparison, Condition, Order, Page, PluginData, RecordError, Selection};
use dinh_services::sharing::{self, Consumer};
use dinh_services::{Call, ServiceError, Thing};

/// What the name of a source begins with that is a dataset of the manifest.
const WANTED: &str = "wanted:";

/// A source as a page names it.
pub enum Named {
    /// A collection of the plugin.
    Own(Arc<PluginData>, String),
    /// A dataset that its manifest wants.
    Dataset(Consumer),
}

/// A source at work in a call.
pub enum Source {
    /// A collection of the plugin.
    Own(Arc<PluginData>, String),
    /// A dataset under its contract, with the records of its provider.
    Dataset(sharing::Source, Arc<PluginData>),
}

impl Source {
    /// By the name that the plugin gives it: a collection, or `wanted:NAME`; none when it has no such collection and wants
    /// no such dataset.
    pub fn named(plugin: &Plugin, name: &str) -> Option<Named> {
        let Some(wanted) = name.strip_prefix(WANTED) else {
            plugin.data.collection(name)?;
            return Some(Named::Own(Arc::clone(&plugin.data), name.to_owned()));
        };
        plugin.manifest.wanted.iter().find(|known| known.name == wanted)?;
        let (plugin, wanted) = (plugin.manifest.id.clone(), wanted.to_owned());
        Some(Named::Dataset(Consumer::Plugin { plugin, wanted }))
    }

    /// One record; none when there is none that the reader may see.
    pub fn get(
        &self,
        call: &mut Call,
        id: RecordId,
        fields: &[String],
    ) -> Result<Option<Vec<Value>>, RecordError> {
        let found = match self {
            Self::Own(data, collection) => records::get(call, data, collection, id, fields)?,
            Self::Dataset(source, data) => sharing::get(call, source, data, id, fields)?,
        };
        Ok(found.map(|row| row.values))
    }

    /// Those whose first field fits some words, by that field. With an index of words every word counts; without one, the
    /// beginning.
    pub fn search(
        &self,
        call: &mut Call,
        fields: &[String],
        words: &str,
        limit: u32,
    ) -> Result<Page, RecordError> {
        let title = fields.first().cloned().unwrap_or_default();
        let selection = |comparison| Selection {
            collection: self.collection().to_owned(),
            fields: fields.to_vec(),
            any_of: vec![vec![Condition {
                field: title.clone(),
                comparison,
                value: Value::Text(words.to_owned()),
            }]],
            order_by: vec![Order { field: title.clone(), descending: false }],
        };
        match self.query(call, &selection(Comparison::Matches), limit) {
            Err(RecordError::BadRequest(_)) => self.query(call, &selection(Comparison::StartsWith), limit),
            other => other,
        }
    }

    fn collection(&self) -> &str {
        match self {
            Self::Own(_, collection) => collection,
            Self::Dataset(..) => "",
        }
    }

    fn query(&self, call: &mut Call, selection: &Selection, limit: u32) -> Result<Page, RecordError> {
        match self {
            Self::Own(data, _) => records::query(call, data, selection, None, limit),
            Self::Dataset(source, data) => sharing::query(call, source, data, selection, None, limit),
        }
    }
}

impl Named {
    /// Opens it in a call; `plugins` gives those that are installed. Refused where no contract is in force.
    pub fn open(
        &self,
        call: &mut Call,
        plugins: impl Fn(&PluginId) -> Option<Arc<Plugin>>,
    ) -> Result<Source, ServiceError> {
        match self {
            Self::Own(data, collection) => Ok(Source::Own(Arc::clone(data), collection.clone())),
            Self::Dataset(consumer) => {
                let source = sharing::Source::open(call, consumer)?;
                let provider = plugins(source.provider())
                    .ok_or_else(|| ServiceError::not_found(Thing::Dataset, source.provider()))?;
                Ok(Source::Dataset(source, Arc::clone(&provider.data)))
            }
        }
    }
}
