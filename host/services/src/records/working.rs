//! What a call in progress remembers about its records.

use std::collections::HashMap;
use std::sync::Arc;

use dinh_model::{Permission, RecordId};

use super::sight::Sight;
use super::volume::Growth;
use crate::Call;

/// What a call remembers about its records, beside what it reads and writes.
#[derive(Default)]
pub struct Working {
    /// Writes are refused: a page is being drawn.
    pub read_only: bool,
    /// What the actor may see with each permission, computed once.
    pub(super) sights: Vec<(Permission, Arc<Sight>)>,
    /// Numbers drawn so far.
    pub(super) drawn: u32,
    /// Fields of rows written by this call whose numbers are not drawn yet: key of the row → (field, draw).
    pub(super) pending: HashMap<Vec<u8>, Vec<(usize, u32)>>,
    /// What the keys of rows of a collection begin with → whether it holds copies, looked up once.
    pub(super) copied: Vec<(Vec<u8>, bool)>,
    /// How much the plugins that it writes for keep, and what it changes of that.
    pub(super) growth: Vec<Growth>,
    /// The last cursor that was none of its query: of an old address, or somebody's invention.
    pub refused_cursor: Option<String>,
    last_id: Option<RecordId>,
}

/// The identifier of a new record. Within one call, later ones are greater, so that their order is the
/// order of creation; between calls the moment decides.
pub(super) fn fresh_id(call: &mut Call) -> RecordId {
    let random = call.new_record_id();
    let id = match call.records.last_id {
        Some(last) if last >= random => after(last, 1 + (call.random() >> 32)),
        _ => random,
    };
    call.records.last_id = Some(id);
    id
}

/// The identifier `step` after `last` in its 62 random low bits; when they overflow, in the next millisecond.
fn after(last: RecordId, step: u64) -> RecordId {
    const RANDOM: u64 = (1 << 62) - 1;
    let (high, low) = last.halves();
    let next = (low & RANDOM) + step;
    if next <= RANDOM {
        return RecordId::from_halves(high, (low & !RANDOM) | next);
    }
    let milliseconds = (high >> 16) + 1;
    RecordId::from_halves(milliseconds << 16 | 0x7000, (low & !RANDOM) | (next & RANDOM))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_keep_their_form_and_grow_even_at_the_end_of_a_millisecond() {
        let last = RecordId::new(1_000, [255; 10]);
        let next = after(last, 7);
        assert!(next > last);
        let text = next.to_string();
        assert_eq!(&text[14..15], "7", "{text}");
        assert!("89ab".contains(&text[19..20]), "{text}");
        let first = RecordId::new(1_000, [0; 10]);
        assert!(after(first, 1) > first && after(first, 1) < last);
    }
}
