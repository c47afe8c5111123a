//! Making up for what is not indexed, and holding what is to the entries.

use super::append::{put, put_summary};
use super::summary::Summary;
use super::{Postings, SEGMENT, from, place_of};
use crate::backend::{Backend, Batch, Cursor};
use crate::{Seq, Snapshot, StoreError};

/// Segments made up for in one opening: a quarter of a million entries, which takes a few seconds. Older ones wait for
/// the next one; until then they are searched entry by entry.
const MOST: usize = 128;

/// Indexes the newest segments that are not, or not whole; whether any was. What cannot be done is left: a search reads
/// the entries themselves.
pub(crate) fn make_up(backend: &dyn Backend, snapshot: &Snapshot) -> bool {
    let mut made_up = 0;
    for segment in (0..snapshot.evidence_index().segments()).rev() {
        let length = (snapshot.evidence_len() - segment * SEGMENT).min(SEGMENT);
        let known = snapshot.evidence_index().summary(segment);
        match known {
            Ok(Some(summary)) if summary.count == length => continue,
            Ok(_) if made_up < MOST => {}
            Ok(_) | Err(_) => break,
        }
        let done =
            rows(snapshot, segment, length).and_then(|rows| backend.apply(&anew(snapshot, segment, rows)?));
        match done {
            Ok(()) => made_up += 1,
            Err(error) => tracing::warn!(segment, %error, "a part of the evidence could not be indexed"),
        }
    }
    if made_up > 0 {
        tracing::info!(segments = made_up, "the evidence was indexed where it was not");
    }
    made_up > 0
}

/// Whether the index of a segment is the one that follows from its entries, as far as it says that it is there.
pub(crate) fn as_written(snapshot: &Snapshot, segment: u64) -> Result<bool, StoreError> {
    let Some(summary) = snapshot.evidence_index().summary(segment)? else { return Ok(true) };
    if summary.count > (snapshot.evidence_len() - segment * SEGMENT).min(SEGMENT) {
        return Ok(false);
    }
    let expected = rows(snapshot, segment, summary.count)?;
    let mut expected: Vec<_> = expected.writes().map(|write| (&write.key, write.value.as_ref())).collect();
    expected.sort_unstable();
    let mut found = all(snapshot, segment)?;
    for (key, value) in expected {
        let value = value.map_or(&[][..], Vec::as_slice);
        // Versions are not compared: a segment that was made up for has another.
        let same =
            |stored: &[u8]| stored.get(12..).unwrap_or_default() == value.get(12..).unwrap_or_default();
        if !found.advance()? || found.key() != key.as_slice() || !same(found.value()) {
            return Ok(false);
        }
    }
    Ok(!found.advance()?)
}

/// The rows of a segment as they follow from its first `count` entries.
fn rows(snapshot: &Snapshot, segment: u64, count: u64) -> Result<Batch, StoreError> {
    let (mut batch, mut summary, mut last) = (Batch::default(), Summary::default(), Seq(0));
    let begin = segment.saturating_mul(SEGMENT);
    for recorded in snapshot.evidence(begin, usize::try_from(count).unwrap_or(usize::MAX))? {
        let postings = Postings::of(&recorded.entry);
        summary.note(&postings);
        last = recorded.seq;
        put(segment, place_of(recorded.index).1, &postings, last, &mut batch);
    }
    put_summary(segment, &summary, last, &mut batch);
    Ok(batch)
}

/// What there is of a segment gives way to these rows.
fn anew(snapshot: &Snapshot, segment: u64, rows: Batch) -> Result<Batch, StoreError> {
    let mut batch = Batch::default();
    let mut old = all(snapshot, segment)?;
    while old.advance()? {
        batch.delete(super::TABLE, old.key().to_vec());
    }
    for write in rows.writes() {
        batch.put(write.table, write.key.clone(), write.value.clone().unwrap_or_default());
    }
    Ok(batch)
}

fn all(snapshot: &Snapshot, segment: u64) -> Result<Box<dyn Cursor>, StoreError> {
    snapshot.evidence_index().rows(from(segment, &[]), from(segment.saturating_add(1), &[]))
}
