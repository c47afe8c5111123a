//! A slice of the log, for an export: every leaf, and the entries that whoever acts may read.

use std::collections::HashSet;

use anyhow::{Result, bail};
use dinh_services::{Platform, accounts};
use serde::{Deserialize, Serialize};

use super::Authority;
use crate::deeds::Bytes;
use crate::evidence::Line;
use crate::reply::Reply;

/// Most leaves in one slice: usually some ten megabytes, and no long hold of a snapshot.
pub const MOST: u64 = 16_384;

/// Bytes of entries after which a slice ends early: it has to fit into an answer, in JSON.
const ENOUGH: usize = 16 << 20;

/// Leaves read in one go.
const STEP: u64 = 256;

/// Leaves one after another, forty bytes each, and the entries of some of them.
#[derive(Debug, Serialize, Deserialize)]
pub struct Leaves {
    /// All leaves of the slice.
    pub leaves: Bytes,
    /// The entries that may be read.
    pub lines: Vec<Line>,
}

/// The leaves from `from` on, up to `to` or somewhat fewer. Taking them out is in the evidence, whoever does it.
pub(super) fn leaves(platform: &Platform, authority: &Authority, from: u64, to: u64) -> Result<Reply> {
    if from > to || to - from > MOST {
        bail!("a slice has at most {MOST} entries; ask for less");
    }
    let slice = authority.perform(platform, "audit export", |call| {
        let mut slice = Leaves { leaves: Bytes(Vec::new()), lines: Vec::new() };
        let (mut next, mut bytes) = (from, 0);
        while next < to && bytes < ENOUGH {
            let until = to.min(next + STEP);
            let readable = accounts::evidence_between(call, next, until)?;
            let readable: HashSet<u64> = readable.into_iter().map(|recorded| recorded.index).collect();
            let limit = usize::try_from(until - next).unwrap_or(usize::MAX);
            for opened in call.transaction.snapshot().evidence_log().opened(next, limit)? {
                slice.leaves.0.extend(opened.leaf);
                if readable.contains(&opened.recorded.index) {
                    bytes += opened.salted.len();
                    slice.lines.push(Line::of(&opened));
                }
            }
            next = until;
        }
        if !authority.is_operator() {
            call.evidence("evidence.exported", "evidence:log", [("from", from.to_string())]);
        }
        Ok(slice)
    })?;
    Ok(Reply::done(slice, ""))
}
