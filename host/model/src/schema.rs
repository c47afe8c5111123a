//! What a collection's records are made of, as declared in a plugin's manifest.

use serde::{Deserialize, Serialize};

use crate::{Label, Localized, MediaType, Permission};

/// The type of a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FieldType {
    /// A whole number of 64 bits.
    Integer,
    /// Whole đồng.
    Money,
    /// An exact decimal number with this many places (0 to 18) and at most 18 digits in all.
    Decimal {
        /// Places after the comma.
        scale: u8,
    },
    /// A text in NFC, at most 1 MiB.
    Text,
    /// A code of a shared catalog.
    Code {
        /// The catalog.
        catalog: String,
        /// The day on which it has to be in its term.
        valid: CodeTerm,
    },
    /// A day.
    Date,
    /// A moment, to the microsecond.
    Instant,
    /// Yes or no.
    Boolean,
    /// A record of another collection of the same plugin.
    Reference {
        /// The collection.
        collection: String,
    },
    /// A unit of the organisation.
    Unit,
    /// An account.
    Account,
    /// An attachment.
    Attachment(AttachmentRule),
    /// Several texts.
    Texts,
    /// A record of another plugin's dataset: what is kept of it is its identifier, and it is read by that under a
    /// contract. Nobody looks whether it is there: the one who keeps it may not be allowed to know.
    SharedReference {
        /// The dataset, by the name under which the plugin wants it.
        wanted: String,
    },
}

/// Which files a field of type attachment takes; the platform's own bounds hold as well.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttachmentRule {
    /// Most bytes; none for as many as the platform takes.
    pub most_bytes: Option<u64>,
    /// Their types; all that the platform takes when empty.
    pub media: Vec<MediaType>,
}

/// The day on which a code that is written has to be in its term.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CodeTerm {
    /// The day on which it is written.
    #[default]
    Today,
    /// The day that this date field of the same record says; the day of writing while that is empty.
    On(String),
    /// Any: the record speaks of a time that no field of it says as a day.
    Any,
}

impl FieldType {
    /// Whether a value of one is a value of the other: what may be written later may differ.
    pub fn holds_the_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Code { catalog, .. }, Self::Code { catalog: other, .. }) => catalog == other,
            (Self::Attachment(_), Self::Attachment(_)) => true,
            (one, other) => one == other,
        }
    }

    /// The word as manifests spell it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Integer => "integer",
            Self::Money => "money",
            Self::Decimal { .. } => "decimal",
            Self::Text => "text",
            Self::Code { .. } => "code",
            Self::Date => "date",
            Self::Instant => "instant",
            Self::Boolean => "boolean",
            Self::Reference { .. } | Self::SharedReference { .. } => "reference",
            Self::Unit => "unit",
            Self::Account => "account",
            Self::Attachment(_) => "attachment",
            Self::Texts => "texts",
        }
    }
}

/// A field of a collection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// Its name: `a`–`z`, `0`–`9`, `-`; unique in its collection. Its place in the list is its place in
    /// stored rows, so later releases only add fields at the end.
    pub name: String,
    /// Its type.
    pub kind: FieldType,
    /// May not be empty.
    pub required: bool,
    /// What it means across plugins, such as `person.full-name`.
    pub meaning: Option<String>,
    /// How confidential the field itself is.
    pub label: Label,
    /// It holds what is known about a person (Nghị định 13/2023/NĐ-CP, điều 2): sealed at rest.
    pub personal: bool,
    /// It takes numbers of a sequence, which are drawn when a call commits, after its records were sealed: it stands
    /// in the clear in every record.
    pub drawn: bool,
    /// Its name on pages.
    pub title: Localized,
}

/// What an index serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum IndexKind {
    /// Equality, ranges and order over its fields.
    Ordered,
    /// The same, and no two records may have the same filled-in values.
    Unique,
    /// Equality over its fields, and nothing more: what an index of sealed fields can serve.
    Equal,
    /// Words of one text field, without case or diacritics.
    Search,
}

/// An index of a collection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Index {
    /// Positions of its fields in `Collection::fields`; 1 to 8, one for a search index.
    pub fields: Vec<usize>,
    /// What it serves.
    pub kind: IndexKind,
}

/// What can be done with a record; each has its own permission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verb {
    /// See it: get, query, count, sum, export.
    Read,
    /// Add it.
    Create,
    /// Change it.
    Update,
    /// Remove it.
    Delete,
}

/// The permission of each verb.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerbPermissions {
    /// To see records.
    pub read: Permission,
    /// To add records.
    pub create: Permission,
    /// To change records.
    pub update: Permission,
    /// To remove records.
    pub delete: Permission,
}

impl VerbPermissions {
    /// The permission of `verb`.
    pub fn get(&self, verb: Verb) -> &Permission {
        match verb {
            Verb::Read => &self.read,
            Verb::Create => &self.create,
            Verb::Update => &self.update,
            Verb::Delete => &self.delete,
        }
    }
}

/// A collection (sổ, bảng) of records.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Collection {
    /// Its name: `a`–`z`, `0`–`9`, `-`; unique in its plugin.
    pub name: String,
    /// Its name on pages.
    pub title: Localized,
    /// Its fields, in the order of stored rows.
    pub fields: Vec<Field>,
    /// The field of type unit that a record belongs to; without one, records belong to the plugin's home
    /// unit, which the operator names at installation.
    pub unit_field: Option<usize>,
    /// The field of type account that owns a record.
    pub owner_field: Option<usize>,
    /// The field of type account that names whom a record is withheld from, whatever that person is granted: the one
    /// whom an open case is about. Or a reference: the record is a part of that one, and withheld as it is.
    pub withheld_field: Option<usize>,
    /// The text field that holds a record's label; without one, records have the collection's label.
    pub label_field: Option<usize>,
    /// Label of records without a label field.
    pub label: Label,
    /// What each verb requires.
    pub permissions: VerbPermissions,
    /// Whoever holds it for a record, in its unit and up to its label, may know who has seen that record.
    pub seen: Option<Permission>,
    /// Its indexes.
    pub indexes: Vec<Index>,
}

impl Collection {
    /// The position of a field.
    pub fn position(&self, field: &str) -> Option<usize> {
        self.fields.iter().position(|known| known.name == field)
    }

    /// Whether a record of that label keeps a field sealed at rest: what is confidential or personal, and of a
    /// record that is itself confidential everything but what says whose it is and what a register numbers it.
    #[inline]
    pub fn seals(&self, field: usize, label: Label) -> bool {
        let at = Some(field);
        if at == self.unit_field || at == self.owner_field || at == self.label_field {
            return false;
        }
        self.fields.get(field).is_some_and(|field| {
            !field.drawn && (field.personal || field.label.max(label) == Label::Confidential)
        })
    }

    /// Whether every record keeps a field sealed at rest.
    pub fn always_seals(&self, field: usize) -> bool {
        self.seals(field, self.label)
    }

    /// Whether any of its records may keep anything sealed.
    pub fn may_seal(&self) -> bool {
        self.labels().iter().any(|label| (0..self.fields.len()).any(|field| self.seals(field, *label)))
    }

    /// The labels that its records can have.
    pub fn labels(&self) -> &'static [Label] {
        match (self.label_field, self.label) {
            (Some(_), _) => &Label::ALL,
            (None, Label::Ordinary) => &[Label::Ordinary],
            (None, Label::Confidential) => &[Label::Confidential],
        }
    }

    /// A field and its position.
    pub fn field(&self, field: &str) -> Option<(usize, &Field)> {
        self.fields.iter().enumerate().find(|(_, known)| known.name == field)
    }
}

/// A sequence of numbers without gaps: document registers, vouchers. Counts from 1 in each period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sequence {
    /// Its name, unique in its plugin.
    pub name: String,
    /// Its name on pages.
    pub title: Localized,
}
