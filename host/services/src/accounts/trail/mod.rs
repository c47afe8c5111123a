//! The evidence as a list, for those who may read it: all of it, or what concerns their units.
//!
//! ```text
//! filter ─▶ query ─▶ index of the evidence ─▶ candidates, newest first ─▶ each entry looked at ─▶ page, next
//!                    trail_search, history, seen ask; walk goes; sight says whom an entry concerns
//! ```
//! A unit's entries are those of the accounts that are in it now, and of what was done to it and to the accounts and
//! positions in it: whoever moved takes their evidence along.

pub(super) mod history;
pub(super) mod proofs;
pub(super) mod seen;
mod sight;
pub(super) mod trail_search;
mod walk;

use dinh_store::{Recorded, Snapshot};

use sight::Sight;

use crate::permissions::AUDIT_READ;
use crate::{Call, ServiceError};

/// Entries read in one go.
const SLICE: u64 = 1_000;

/// Entries of the evidence, oldest first, at most `limit`: from the entry `from` on, or else the last ones.
/// Needs `dinh.audit.read` somewhere. Whoever does not hold it for every unit sees what accounts of their units
/// did, and what was done to their units and to the accounts and positions in them.
pub fn evidence(call: &mut Call, from: Option<u64>, limit: usize) -> Result<Vec<Recorded>, ServiceError> {
    let reach = call.require_somewhere(&AUDIT_READ, None)?;
    let snapshot = call.transaction.snapshot();
    let end = snapshot.evidence_len();
    let most = u64::try_from(limit).unwrap_or(u64::MAX);
    if reach.is_everything() {
        return Ok(snapshot.evidence(from.unwrap_or_else(|| end.saturating_sub(most)), limit)?);
    }
    let mut sight = Sight::new(|unit| reach.has(unit), snapshot);
    let mut found = Vec::new();
    match from {
        Some(mut next) => {
            while next < end && found.len() < limit {
                let until = end.min(next.saturating_add(SLICE));
                for recorded in slice(snapshot, next, until)? {
                    if found.len() < limit && sight.sees(&recorded.entry)? {
                        found.push(recorded);
                    }
                }
                next = until;
            }
        }
        None => {
            let mut last = end;
            while last > 0 && found.len() < limit {
                let start = last.saturating_sub(SLICE);
                for recorded in slice(snapshot, start, last)?.into_iter().rev() {
                    if found.len() < limit && sight.sees(&recorded.entry)? {
                        found.push(recorded);
                    }
                }
                last = start;
            }
            found.reverse();
        }
    }
    Ok(found)
}

/// Of the entries `from` to before `to`, those that [`evidence`] lists for whoever acts, oldest first. Long
/// readers ask so, slice by slice: what one costs does not depend on how much the actor may see.
pub fn evidence_between(call: &mut Call, from: u64, to: u64) -> Result<Vec<Recorded>, ServiceError> {
    let reach = call.require_somewhere(&AUDIT_READ, None)?;
    let snapshot = call.transaction.snapshot();
    let to = to.min(snapshot.evidence_len());
    let all = slice(snapshot, from.min(to), to)?;
    if reach.is_everything() {
        return Ok(all);
    }
    let mut sight = Sight::new(|unit| reach.has(unit), snapshot);
    let mut found = Vec::new();
    for recorded in all {
        if sight.sees(&recorded.entry)? {
            found.push(recorded);
        }
    }
    Ok(found)
}

fn slice(snapshot: &Snapshot, start: u64, end: u64) -> Result<Vec<Recorded>, ServiceError> {
    Ok(snapshot.evidence(start, usize::try_from(end - start).unwrap_or(usize::MAX))?)
}
