//! A slice of the log, for an export: every leaf, and the entries that whoever acts may read.

use std::collections::HashSet;

use anyhow::{Result, bail};
use dinh_services::{Platform, accounts};
use serde::{Deserialize, Serialize};

use super::Authority;
use crate::deeds::Bytes;
use crate::evidence::Line;
use crate::reply::Reply;

/// Most leaves in one slice: some ten megabytes, and no long hold of a snapshot.
pub const MOST: u64 = 16_384;

/// Leaves one after another, forty bytes each, and the entries of some of them.
#[derive(Debug, Serialize, Deserialize)]
pub struct Leaves {
    /// All leaves of the slice.
    pub leaves: Bytes,
    /// The entries that may be read.
    pub lines: Vec<Line>,
}

/// The leaves `from` to before `to`. Taking them out is in the evidence, whoever does it.
pub(super) fn leaves(platform: &Platform, authority: &Authority, from: u64, to: u64) -> Result<Reply> {
    if from > to || to - from > MOST {
        bail!("a slice has at most {MOST} entries; ask for less");
    }
    let slice = authority.perform(platform, "audit export", |call| {
        let readable = accounts::evidence_between(call, from, to)?;
        let readable: HashSet<u64> = readable.into_iter().map(|recorded| recorded.index).collect();
        let limit = usize::try_from(to - from).unwrap_or(usize::MAX);
        let mut slice = Leaves { leaves: Bytes(Vec::new()), lines: Vec::new() };
        for opened in call.transaction.snapshot().evidence_log().opened(from, limit)? {
            slice.leaves.0.extend(opened.leaf);
            if readable.contains(&opened.recorded.index) {
                slice.lines.push(Line::of(&opened));
            }
        }
        if !authority.is_operator() {
            authority.mark(call, "audit export");
        }
        Ok(slice)
    })?;
    Ok(Reply::done(slice, ""))
}
