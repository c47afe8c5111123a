//! Verifies one proof, from the log's key and nothing else.

use std::path::Path;

use anyhow::{Context as _, Result, bail};
use dinh_merkle::{Checkpoint, MAX_NOTE_BYTES, Proof, Verifier, verify_consistency};
use serde_json::json;

use super::folder::read;
use super::heads::Heads;
use super::{Continuation, Line};
use crate::reply::Reply;

/// Verifies the proof in `file`: that an entry is in the log of `key`, or that the log continues one of the
/// heads that somebody kept.
pub fn verify(file: &Path, key: &str, heads: &Heads) -> Result<Reply> {
    let key = Verifier::parse(key.trim())?;
    let text = String::from_utf8(read(file, 2 * MAX_NOTE_BYTES)?);
    let text = text.with_context(|| format!("{} is no text", file.display()))?;
    let checked =
        if text.starts_with(Continuation::MARK) { continued(&text, &key, heads) } else { entry(&text, &key) };
    checked.with_context(|| format!("{} proves nothing", file.display()))
}

fn entry(text: &str, key: &Verifier) -> Result<Reply> {
    let proof = Proof::parse(text)?;
    let extra = proof.extra.as_deref().context("it has no entry with it")?;
    let line = Line::from_extra(proof.index, extra)?;
    let head = proof.verify(&line.leaf_hash(), key.name(), std::slice::from_ref(key))?;
    let said = serde_json::to_string(&line.entry)?;
    let text = format!(
        "entry {} of the {} entries of {} (root {}):\n{said}",
        line.index, head.size, head.origin, head.root
    );
    let value = json!({
        "index": line.index, "commit": line.commit, "entry": line.entry, "origin": head.origin,
        "size": head.size, "root": head.root.to_string(),
    });
    Ok(Reply { value, text })
}

fn continued(text: &str, key: &Verifier, heads: &Heads) -> Result<Reply> {
    let proof = Continuation::parse(text)?;
    let (head, _) = Checkpoint::open(&proof.checkpoint, std::slice::from_ref(key))?;
    let mut known = 0;
    for (place, note) in heads.notes().iter().enumerate() {
        let (kept, _) = Checkpoint::open(note, std::slice::from_ref(key))
            .with_context(|| format!("the head at {}", heads.place(place)))?;
        if kept.size != proof.old {
            continue;
        }
        verify_consistency(kept.size, head.size, &kept.root, &head.root, &proof.hashes)
            .with_context(|| format!("the head at {}", heads.place(place)))?;
        known += 1;
    }
    if known == 0 {
        bail!("it continues a log of {} entries; give a head of that size with --heads FILE", proof.old);
    }
    let text = format!("the log of {} entries continues the one of {}", head.size, proof.old);
    let value = json!({
        "old": proof.old, "origin": head.origin, "size": head.size, "root": head.root.to_string(),
    });
    Ok(Reply { value, text })
}
