//! The names behind identifiers, and what pickers offer: what drawing and parsing ask of the services.

use dinh_model::{AccountId, Date, FileId, RecordId, UnitId};
use dinh_runtime::bindings::views::RecordPicker;
use dinh_services::files::FileInfo;

/// Something that can be picked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// What is submitted: an identifier or a code.
    pub value: String,
    /// What is shown.
    pub text: String,
    /// What tells it from others of the same name.
    pub detail: String,
}

/// A unit in the order of the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitEntry {
    /// The unit.
    pub id: UnitId,
    /// Its full name.
    pub name: String,
    /// Depth in the tree; 0 for the roots.
    pub depth: usize,
}

/// Candidates that fit some words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// At most as many as asked for.
    pub candidates: Vec<Candidate>,
    /// There are more.
    pub more: bool,
    /// Why nothing could be searched, to be told to the person.
    pub why: Option<String>,
}

/// Looks things up for one visitor, at one moment: shows what directories show, and of records only what the
/// visitor may see.
pub trait Directory {
    /// The full name of a unit.
    fn unit(&self, id: UnitId) -> Option<String>;
    /// All units of today, in the order of the tree.
    fn units(&self) -> Vec<UnitEntry>;
    /// The person who has an account.
    fn person(&self, id: AccountId) -> Option<Candidate>;
    /// People whose name contains every word.
    fn search_people(&self, words: &str, limit: usize) -> Found;
    /// The name of a code.
    fn code(&self, catalog: &str, code: &str, as_of: Date) -> Option<String>;
    /// The codes of a catalog on a day, at most `limit`; none when there is no such catalog.
    fn codes(&self, catalog: &str, as_of: Date, limit: usize) -> Option<Found>;
    /// A file; none that the visitor does not see.
    fn file(&self, id: FileId) -> Option<FileInfo>;
    /// A record that a picker can pick.
    fn record(&self, picker: &RecordPicker, id: RecordId) -> Option<Candidate>;
    /// Records that fit some words.
    fn search_records(&self, picker: &RecordPicker, words: &str, limit: usize) -> Found;
}
