//! A plugin's collections, as its manifest declares them.

use std::sync::Arc;

use dinh_model::{Collection, FieldType, IndexKind, PluginId, Sequence, UnitId};

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
    /// Most fields of an index.
    pub const MOST_INDEX_FIELDS: usize = 8;

    /// The collection of that name.
    pub fn collection(&self, name: &str) -> Option<&Arc<Collection>> {
        self.collections.iter().find(|collection| collection.name == name)
    }

    /// Whether the collections fit together: fields that say what a record is have the types they need,
    /// indexes and references lead somewhere. Everything else in this module relies on it, so a manifest
    /// is not admitted before it was asked. The error says what is wrong, for the vendor.
    pub fn check(&self) -> Result<(), String> {
        self.collections.iter().try_for_each(|collection| self.check_collection(collection))
    }

    /// Whether a field of that type says from whom a record is withheld: an account, or the record that it is a part of and
    /// that names one.
    fn says_from_whom(&self, kind: Option<&FieldType>) -> bool {
        let Some(FieldType::Reference { collection }) = kind else {
            return kind == Some(&FieldType::Account);
        };
        self.collection(collection).is_some_and(|whole| {
            let field = whole.withheld_field.and_then(|field| whole.fields.get(field));
            field.is_some_and(|field| field.kind == FieldType::Account)
        })
    }

    fn check_collection(&self, collection: &Collection) -> Result<(), String> {
        let name = &collection.name;
        let kind = |field: usize| collection.fields.get(field).map(|field| &field.kind);
        for (what, field, needed) in [
            ("unit", collection.unit_field, FieldType::Unit),
            ("owner", collection.owner_field, FieldType::Account),
            ("label", collection.label_field, FieldType::Text),
        ] {
            if let Some(field) = field
                && kind(field) != Some(&needed)
            {
                return Err(format!(
                    "the {what} field of {name} has to be a field of type {}",
                    needed.name()
                ));
            }
        }
        if let Some(field) = collection.withheld_field
            && !self.says_from_whom(kind(field))
        {
            return Err(format!(
                "the withheld-from field of {name} has to be a field of type account, or refer to a collection whose \
                 withheld-from is one"
            ));
        }
        for field in &collection.fields {
            if let FieldType::Reference { collection: target } = &field.kind
                && self.collection(target).is_none()
            {
                return Err(format!("{name}.{} refers to {target:?}, which is no collection", field.name));
            }
        }
        for (at, field) in collection.fields.iter().enumerate() {
            let hidden = field.personal || field.label > dinh_model::Label::Ordinary;
            let roles = [collection.unit_field, collection.owner_field, collection.label_field];
            if hidden && (field.drawn || roles.contains(&Some(at))) {
                return Err(format!(
                    "{name}.{} stays in the clear, so it can be neither confidential nor personal",
                    field.name
                ));
            }
            if field.drawn && field.kind != FieldType::Integer {
                return Err(format!("{name}.{} takes drawn numbers, so it has to be an integer", field.name));
            }
        }
        for index in &collection.indexes {
            let sealed = index.fields.iter().find(|field| collection.always_seals(**field));
            if let (Some(field), IndexKind::Ordered | IndexKind::Search) = (sealed, index.kind) {
                let field = collection.fields.get(*field).map_or("", |field| &field.name);
                return Err(format!(
                    "an index of {name} would hold {field:?} in order or word by word, and it is sealed: use `unique` \
                     or `equal`"
                ));
            }
            let most = if index.kind == IndexKind::Search { 1 } else { Self::MOST_INDEX_FIELDS };
            let distinct = index
                .fields
                .iter()
                .enumerate()
                .all(|(at, field)| !index.fields.iter().take(at).any(|earlier| earlier == field));
            if index.fields.is_empty() || index.fields.len() > most || !distinct {
                return Err(format!("an index of {name} needs 1 to {most} different fields"));
            }
            for field in &index.fields {
                match (kind(*field), index.kind) {
                    (None, _) => return Err(format!("an index of {name} names a field that is not there")),
                    (Some(FieldType::Text), _) => {}
                    (Some(_), IndexKind::Search) => {
                        return Err(format!("a search index of {name} needs a field of type text"));
                    }
                    (Some(FieldType::Texts | FieldType::Attachment(_)), _) => {
                        return Err(format!(
                            "an index of {name} cannot hold a field of type texts or attachment"
                        ));
                    }
                    (Some(_), _) => {}
                }
            }
        }
        Ok(())
    }
}
