//! What outlives a call however it ends: what it was refused, and what it read that leaves evidence.

use dinh_model::{ContractId, Date};
use dinh_store::Entry;

/// What outlives a call however it ends, for [`Platform::witness`](crate::Platform::witness).
#[derive(Debug, Default)]
#[must_use = "what was read or refused is evidence"]
pub struct Witnessed {
    /// The entries.
    pub(crate) entries: Vec<Entry>,
    /// Contracts with a quota that were read under, and the day.
    pub(crate) used: Vec<(ContractId, Date)>,
}
