//! What reads leave behind: the call carries the highest label it has read, and a read of what is labelled is evidence.

use dinh_model::{Label, RecordId};

use super::place::Place;
use super::selection::{Comparison, Condition};
use crate::Call;
use crate::sharing::Read;

/// Notes a read of a plugin's own records that showed or counted something of `label`; `records` are those of which it
/// did.
pub(super) fn read(
    call: &mut Call,
    place: &Place<'_>,
    label: Label,
    how: &'static str,
    fields: &[String],
    any_of: &[Vec<Condition>],
    records: &[RecordId],
) {
    if label > Label::Ordinary {
        call.confinement.read(label);
        let read = Read { how, fields, filters: &filters(any_of), rows: records.len() as u64, records };
        call.read_labelled(&place.path(), label, &read);
    }
}

/// What rows were chosen by: fields and how they were compared, never with what.
pub(super) fn filters(any_of: &[Vec<Condition>]) -> Vec<String> {
    let word = |condition: &Condition| format!("{}:{}", condition.field, condition.comparison.as_str());
    any_of.iter().flatten().map(word).collect()
}

impl Comparison {
    /// The word as evidence and addresses spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Equal => "equal",
            Self::Less => "less",
            Self::LessOrEqual => "less-or-equal",
            Self::Greater => "greater",
            Self::GreaterOrEqual => "greater-or-equal",
            Self::StartsWith => "starts-with",
            Self::Matches => "matches",
            Self::IsEmpty => "is-empty",
            Self::IsFilled => "is-filled",
        }
    }
}
