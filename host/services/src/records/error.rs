//! Why a call on records was refused.

use dinh_model::RowError;

/// A field that a write was refused for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldProblem {
    /// Name of the field.
    pub field: String,
    /// What is wrong and what to do about it, in the language of the call.
    pub message: String,
}

/// Why a call on records was refused. Nothing of it happened.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// The actor may not; the reason, in the language of the call.
    #[error("{0}")]
    Denied(String),
    /// There is no such record, or the actor may not know of it.
    #[error("there is no such record")]
    NotFound,
    /// The record changed since the version given.
    #[error("the record changed since it was read")]
    Stale,
    /// Values that the schema does not allow.
    #[error("{}", list_problems(.0))]
    Invalid(Vec<FieldProblem>),
    /// A record with the same values of a unique key exists: the fields of the key.
    #[error("a record with the same {} exists", .0.join(", "))]
    Duplicate(Vec<String>),
    /// The collection, field, index or cursor asked for does not exist or does not fit; for the vendor.
    #[error("{0}")]
    BadRequest(String),
    /// Stored bytes that contradict themselves.
    #[error("a stored record cannot be read: {0}")]
    Damaged(#[from] RowError),
}

fn list_problems(problems: &[FieldProblem]) -> String {
    let each: Vec<_> =
        problems.iter().map(|problem| format!("{}: {}", problem.field, problem.message)).collect();
    each.join("; ")
}
