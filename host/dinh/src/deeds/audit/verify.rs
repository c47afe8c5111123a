//! Holding the log of a data folder to itself and to heads that others kept.

use std::path::Path;

use anyhow::{Context as _, Result};
use dinh_services::Platform;
use dinh_store as store;

use super::{Authority, may_read};
use crate::deeds::Input;
use crate::evidence::{Finding, Heads, Verdict, cut_off, rewritten};
use crate::reply::Reply;

/// Reads and hashes every entry; the reply is a [`Verdict`].
pub(super) fn verify(
    platform: &Platform,
    authority: &Authority,
    heads: Option<&Path>,
    input: Input,
) -> Result<Reply> {
    let heads = match heads {
        None => Heads::default(),
        Some(path) => {
            let file = input.file.context("the command came without the file of heads")?;
            Heads::parse(&path.display().to_string(), file.0)?
        }
    };
    // Asked first, marked last: a log whose end is damaged takes no entry, and is looked at all the same.
    may_read(&mut platform.begin(&authority.origin(platform, "audit verify")?)?)
        .or_else(|_| authority.perform(platform, "audit verify", may_read))?;
    let snapshot = platform.store().snapshot()?;
    let log = snapshot.evidence_log();
    let verified = log.verify(&heads.notes())?;
    let length = snapshot.evidence_len();
    let mut findings = heads.malformed.clone();
    findings.extend(verified.findings.iter().map(|finding| told(finding, &heads, verified.entries, length)));
    let verdict = Verdict {
        entries: verified.entries,
        root: verified.root.to_string(),
        key: log.verifier_key()?,
        heads: heads.count(),
        readable: None,
        findings,
    };
    let marked = authority.perform(platform, "audit verify", may_read);
    match marked {
        Err(error) if verdict.findings.is_empty() => return Err(error.into()),
        Err(error) => tracing::warn!(%error, "that the evidence was verified could not be put into it"),
        Ok(()) => {}
    }
    Ok(verdict.into_reply("the evidence"))
}

/// A finding of the store, with the line of the file that a head stands in.
fn told(finding: &store::Finding, heads: &Heads, read: u64, length: u64) -> Finding {
    let whole = finding.to_string();
    match finding {
        store::Finding::Foreign { place, what } => Finding::new(heads.place(*place), what.clone()),
        store::Finding::Past { place, size } if *size > length => {
            Finding::new(heads.place(*place), cut_off(*size, length))
        }
        store::Finding::Past { place, size } if *size > read => Finding::new(
            heads.place(*place),
            format!("it speaks of {size} entries, and only the first {read} could be read"),
        ),
        store::Finding::Past { place, size } => Finding::new(heads.place(*place), rewritten(*size)),
        _ => match whole.split_once(": ") {
            Some((place, what)) => Finding::new(place, what),
            None => Finding::new("the log", whole),
        },
    }
}
