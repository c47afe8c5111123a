//! Why a call on records was refused.

use dinh_model::RowError;
use dinh_store::StoreError;

use crate::{Denial, Refusal, ServiceError, Trip};

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
    /// The actor may not; its text is in the language of the call.
    #[error("{}", .0.text)]
    Denied(Denial),
    /// A rule of the house forbids it, whoever asks.
    #[error("{}", .0.text.en)]
    Refused(Refusal),
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
    /// Writing was attempted where only reading is allowed.
    #[error("a page that is being drawn may not write")]
    ReadOnly,
    /// The call reached one of its limits.
    #[error(transparent)]
    Limit(#[from] Trip),
    /// A stored row that cannot be read.
    #[error("a stored record cannot be read: {0}")]
    Damaged(#[from] RowError),
    /// A service below failed.
    #[error(transparent)]
    Service(ServiceError),
}

impl From<ServiceError> for RecordError {
    fn from(error: ServiceError) -> Self {
        match error {
            ServiceError::Denied(denial) => Self::Denied(denial),
            ServiceError::Refused(refusal) => Self::Refused(refusal),
            ServiceError::Limit(trip) => Self::Limit(trip),
            error => Self::Service(error),
        }
    }
}

impl From<StoreError> for RecordError {
    fn from(error: StoreError) -> Self {
        Self::Service(error.into())
    }
}

impl From<RecordError> for ServiceError {
    /// For the host's own deeds on records; what only a vendor can cause is damage there.
    fn from(error: RecordError) -> Self {
        match error {
            RecordError::Denied(denial) => Self::Denied(denial),
            RecordError::Refused(refusal) => Self::Refused(refusal),
            RecordError::Limit(trip) => Self::Limit(trip),
            RecordError::Service(error) => error,
            error => Self::Damaged { what: error.to_string() },
        }
    }
}

fn list_problems(problems: &[FieldProblem]) -> String {
    let each: Vec<_> =
        problems.iter().map(|problem| format!("{}: {}", problem.field, problem.message)).collect();
    each.join("; ")
}
