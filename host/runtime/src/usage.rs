//! Who uses a catalog: the fields of plugins that are bound to it, and how many records hold a code.

use std::sync::Arc;

use dinh_model::{Collection, Field, IndexKind, PluginId, Value};
use dinh_services::records::{self, Comparison, Condition, RecordError, Selection};
use dinh_services::{Call, ServiceError};

use crate::Plugin;

/// A field that is bound to a catalog.
#[derive(Clone)]
pub struct BoundField {
    plugin: Arc<Plugin>,
    collection: Arc<Collection>,
    place: usize,
}

/// How many records of a field hold a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    /// So many, of those that whoever asks may see.
    Seen(u64),
    /// No index begins with the field: every record would have to be read.
    NoIndex,
    /// Whoever asks may see no record of it.
    Hidden,
}

/// The fields of these plugins that are bound to a catalog.
pub fn bound_fields(plugins: &[Arc<Plugin>], catalog: &str) -> Vec<BoundField> {
    let mut found = Vec::new();
    for plugin in plugins {
        for collection in &plugin.data.collections {
            let bound = |field: &Field| matches!(&field.kind, dinh_model::FieldType::Code { catalog: of, .. } if of == catalog);
            let places = collection.fields.iter().enumerate().filter(|(_, field)| bound(field));
            found.extend(places.map(|(place, _)| BoundField {
                plugin: Arc::clone(plugin),
                collection: Arc::clone(collection),
                place,
            }));
        }
    }
    found
}

impl BoundField {
    /// Whose it is.
    pub fn plugin(&self) -> &PluginId {
        &self.plugin.manifest.id
    }

    /// The plugin's name, that of the collection, that of the field: as pages show them.
    pub fn titles(&self) -> [&dinh_model::Localized; 3] {
        let field = self.field().map_or(&self.collection.title, |field| &field.title);
        [&self.plugin.manifest.name, &self.collection.title, field]
    }

    /// `collection.field`, as the manifest spells them.
    pub fn path(&self) -> String {
        format!("{}.{}", self.collection.name, self.field().map_or("", |field| field.name.as_str()))
    }

    fn field(&self) -> Option<&Field> {
        self.collection.fields.get(self.place)
    }

    /// How many records that the actor may see hold a code. A count that would read more rows than the call may is
    /// an error of the call.
    pub fn count(&self, call: &mut Call, code: &str) -> Result<Counted, ServiceError> {
        let leads = |index: &dinh_model::Index| {
            index.kind != IndexKind::Search && index.fields.first() == Some(&self.place)
        };
        let Some(field) = self.field() else { return Ok(Counted::Hidden) };
        if !self.collection.indexes.iter().any(leads) {
            return Ok(Counted::NoIndex);
        }
        match call.require_somewhere(&self.collection.permissions.read, None) {
            Ok(_) => {}
            Err(ServiceError::Denied(_)) => return Ok(Counted::Hidden),
            Err(error) => return Err(error),
        }
        let holds = Condition {
            field: field.name.clone(),
            comparison: Comparison::Equal,
            value: Value::Text(code.to_owned()),
        };
        let selection = Selection {
            collection: self.collection.name.clone(),
            any_of: vec![vec![holds]],
            ..Selection::default()
        };
        match records::count(call, &self.plugin.data, &selection) {
            Ok(count) => Ok(Counted::Seen(count)),
            Err(RecordError::Denied(_) | RecordError::NotFound) => Ok(Counted::Hidden),
            Err(RecordError::Limit(trip)) => Err(trip.into()),
            Err(RecordError::Service(error)) => Err(error),
            Err(error) => Err(ServiceError::Damaged { what: error.to_string() }),
        }
    }
}
