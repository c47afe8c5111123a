//! The words every floor shares: identifiers, labels, values, schemas, rows, keys, texts.
//!
//! Nothing here touches a disk, a clock or a network; every type is a parsed one, so that a wrong value
//! cannot be written down further in. Text becomes a type at the edge, once, by `FromStr` or a `parse`
//! function whose error names the text and what was expected.
//!
//! ```text
//! ids, permission, label, actor     who and what
//! value ── schema ── row            what a record is, and its bytes at rest
//!            ├── media              which files may be attached
//!            └── sharing            what a plugin offers of it, and asks of others
//! forms                             the files of a package's printed forms
//! text ── key                       how texts compare, and how values sort as bytes
//! ```

pub mod actor;
mod forms;
pub mod ids;
pub mod key;
pub mod label;
pub mod language;
pub mod media;
pub mod permission;
pub mod row;
pub mod schema;
pub mod sharing;
pub mod text;
pub mod time;
pub mod value;

pub use actor::{Actor, Target};
pub use forms::{FormFileError, FormFiles, MOST_FILE_BYTES, MOST_FILES};
pub use ids::{
    AccountId, ContractId, DelegationId, FileId, GrantId, JobId, PluginId, PositionId, RecordId, RequestId,
    UnitId,
};
pub use jiff::Timestamp;
pub use jiff::civil::Date;
pub use label::Label;
pub use language::{Language, Localized};
pub use media::MediaType;
pub use permission::{Permission, RoleId};
pub use row::{Row, RowError};
pub use rust_decimal::Decimal;
pub use schema::{AttachmentRule, CodeTerm, Collection, Field, FieldType, Index, IndexKind, Sequence, Verb};
pub use sharing::{Dataset, Frequency, Keep, Purpose, Wanted};
pub use value::{Value, ValueError};

/// A text that is not what it should be: what was expected, and the text itself.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not {expected}")]
pub struct ParseError {
    /// What would have been right, in words: "a permission `plugin.thing.verb`".
    pub expected: &'static str,
    /// What was given, cut to 100 characters.
    pub text: String,
}

impl ParseError {
    /// For `text`, where `expected` was expected.
    pub fn new(expected: &'static str, text: &str) -> Self {
        Self { expected, text: text.chars().take(100).collect() }
    }
}
