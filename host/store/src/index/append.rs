//! The growing end of the index, in the writer's hands.

use super::summary::Summary;
use super::{MANY, Postings, TABLE, code, key, place_of, summary_key};
use crate::backend::Batch;
use crate::{Seq, Snapshot, format};

/// Adds entries to the index.
pub(crate) struct Indexer {
    segment: u64,
    /// What is said of the segment in hand; none when not all of its entries are indexed: then the rest of it is
    /// not either.
    summary: Option<Summary>,
    /// Whether that is still to be written.
    changed: bool,
}

impl Indexer {
    /// Takes up the index where `snapshot` left it.
    pub(crate) fn open(snapshot: &Snapshot) -> Self {
        let (segment, place) = place_of(snapshot.evidence_len());
        let known = snapshot.evidence_index().summary(segment).ok().flatten();
        let summary = known.or_else(|| (place == 0).then(Summary::default));
        Self { segment, summary: summary.filter(|known| known.count == u64::from(place)), changed: false }
    }

    /// Adds the entry `index`, the one that follows.
    pub(crate) fn add(&mut self, index: u64, postings: &Postings, seq: Seq, batch: &mut Batch) {
        let (segment, place) = place_of(index);
        if segment != self.segment {
            self.end(seq, batch);
            (self.segment, self.summary) = (segment, Some(Summary::default()));
        }
        if let Some(summary) = &mut self.summary {
            summary.note(postings);
            self.changed = true;
            put(segment, place, postings, seq, batch);
        }
    }

    /// Ends a group: what is said of the segment goes with it.
    pub(crate) fn end(&mut self, seq: Seq, batch: &mut Batch) {
        if let Some(summary) = self.summary.as_ref().filter(|_| self.changed) {
            put_summary(self.segment, summary, seq, batch);
        }
        self.changed = false;
    }
}

/// The rows of an entry.
pub(super) fn put(segment: u64, place: u16, postings: &Postings, seq: Seq, batch: &mut Batch) {
    for code in &postings.codes {
        batch.put(TABLE, key(segment, *code, place), Vec::new());
    }
    if !postings.many.is_empty() {
        put_sealed(key(segment, code(MANY, 0), place), &postings.many, seq, batch);
    }
}

pub(super) fn put_summary(segment: u64, summary: &Summary, seq: Seq, batch: &mut Batch) {
    put_sealed(summary_key(segment), &summary.to_bytes(), seq, batch);
}

fn put_sealed(key: Vec<u8>, value: &[u8], seq: Seq, batch: &mut Batch) {
    let mut stored = format::with_room(value, None);
    format::seal(&key, &mut stored, seq);
    batch.put(TABLE, key, stored);
}
