//! A request to have one's own record corrected.

use dinh_sdk::prelude::*;

/// How far a request is.
pub(crate) mod state {
    /// Sent by the officer; the unit's clerk looks at it.
    pub(crate) const REQUESTED: &str = "requested";
    /// The clerk found it right; the head decides.
    pub(crate) const CHECKED: &str = "checked";
    /// Written into the record.
    pub(crate) const APPROVED: &str = "approved";
    /// Refused, by the clerk or the head.
    pub(crate) const REFUSED: &str = "refused";
}

/// A request.
#[derive(Clone, Debug, PartialEq, Record)]
#[record(collection = "corrections")]
pub(crate) struct Correction {
    pub(crate) person: RecordId,
    pub(crate) unit: UnitId,
    pub(crate) account: Option<AccountId>,
    pub(crate) state: String,
    pub(crate) subject: String,
    /// The field of the record.
    pub(crate) field: String,
    pub(crate) before: Option<String>,
    /// The value asked for, written as in the form.
    pub(crate) after: String,
    pub(crate) reason: String,
    pub(crate) proof: Option<FileId>,
    pub(crate) requested_at: Timestamp,
    pub(crate) checked_by: Option<AccountId>,
    pub(crate) checked_at: Option<Timestamp>,
    pub(crate) check_note: Option<String>,
    pub(crate) decided_by: Option<AccountId>,
    pub(crate) decided_at: Option<Timestamp>,
    pub(crate) decision_note: Option<String>,
}
