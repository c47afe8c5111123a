//! Walking the evidence backwards by what it is found by: page by page, nothing left out.

use dinh_store::index::{Clause, Query, SEGMENT};
use dinh_store::{Entry, Recorded};

use super::history::History;
use crate::{Call, ServiceError};

/// What one call looks at: entries read, or as much work in the index; a longer search goes on where it stopped.
const LOOKED_AT: u64 = 100_000;
/// What looking for a term in a segment costs beside reading an entry.
const TERM: u64 = 8;
/// What looking through the parties of a segment costs.
const PARTIES: u64 = SEGMENT / 4;
/// Entries read in one go.
const SLICE: usize = 256;

/// Where a walk goes on. A page of it may be short, even empty, and still have a next one.
pub(super) struct Walk {
    end: u64,
    left: u64,
}

impl Walk {
    /// Before the entry `before`, or from the newest.
    pub(super) fn before(call: &Call, before: Option<u64>) -> Self {
        let length = call.transaction.snapshot().evidence_len();
        Self { end: before.unwrap_or(u64::MAX).min(length), left: LOOKED_AT }
    }

    /// Shows the entries that may fit, newest first, until `see` has enough; where to go on, none at the beginning of
    /// the log.
    pub(super) fn run(
        mut self,
        call: &Call,
        query: &mut Query<'_, ServiceError>,
        mut see: impl FnMut(Recorded) -> Result<bool, ServiceError>,
    ) -> Result<Option<u64>, ServiceError> {
        let snapshot = call.transaction.snapshot();
        let cost = query.clauses.iter().map(|clause| match clause {
            Clause::AnyOf(terms) => TERM * u64::try_from(terms.len()).unwrap_or(u64::MAX),
            Clause::Concerns(_) => PARTIES,
        });
        let cost: u64 = 1 + cost.sum::<u64>();
        while self.end > 0 {
            if self.left == 0 {
                return Ok(Some(self.end));
            }
            self.left = self.left.saturating_sub(cost);
            let segment = (self.end - 1) / SEGMENT;
            let mut found = snapshot.evidence_index().candidates(segment, query)?;
            found.retain(|index| *index < self.end);
            for slice in found.rchunks(SLICE) {
                if self.left == 0 {
                    return Ok(Some(self.end));
                }
                self.left = self.left.saturating_sub(u64::try_from(slice.len()).unwrap_or(u64::MAX));
                for recorded in snapshot.evidence_at(slice)?.into_iter().rev() {
                    let index = recorded.index;
                    if !see(recorded)? {
                        return Ok(Some(self.end));
                    }
                    self.end = index;
                }
            }
            self.end = segment * SEGMENT;
        }
        Ok(None)
    }
}

/// A page of the entries that fit, newest first, at most `limit`.
pub(super) fn page(
    call: &Call,
    query: &mut Query<'_, ServiceError>,
    before: Option<u64>,
    limit: usize,
    mut fits: impl FnMut(&Entry) -> Result<bool, ServiceError>,
) -> Result<History, ServiceError> {
    let mut entries = Vec::new();
    let next = Walk::before(call, before).run(call, query, |recorded| {
        if fits(&recorded.entry)? {
            if entries.len() >= limit {
                return Ok(false);
            }
            entries.push(recorded);
        }
        Ok(true)
    })?;
    Ok(History { entries, next })
}
