//! Heads, keys and proofs of the evidence.

use anyhow::{Context as _, Result, bail};
use data_encoding::HEXLOWER;
use dinh_merkle::{Checkpoint, Hash, Proof, consistency, inclusion, leaf_hash};
use dinh_services::{Platform, accounts};
use dinh_store::{EvidenceLog, Opened};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Authority, may_read};
use crate::evidence::{Continuation, Line, NO_HEAD};
use crate::reply::Reply;

/// The head of the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Which log: the name of its key.
    pub origin: String,
    /// How many entries it has.
    pub size: u64,
    /// The root of their tree, in base64.
    pub root: String,
    /// The signed note that says so.
    pub checkpoint: String,
    /// The key it is checked with.
    pub key: String,
}

impl Head {
    fn of(log: EvidenceLog<'_>) -> Result<Self> {
        let checkpoint = log.head()?.context(NO_HEAD)?;
        let said = Checkpoint::open_unverified(&checkpoint).context("the head of the log is damaged")?;
        let root = said.root.to_string();
        Ok(Self { origin: said.origin, size: said.size, root, checkpoint, key: log.verifier_key()? })
    }
}

/// The head. That it was handed out is the last thing in it.
pub(super) fn head(platform: &Platform, authority: &Authority) -> Result<Reply> {
    authority.perform(platform, "audit head", may_read)?;
    let head = Head::of(platform.store().snapshot()?.evidence_log())?;
    let text = head.checkpoint.trim_end().to_owned();
    Ok(Reply::lines(head, text))
}

/// The key.
pub(super) fn key(platform: &Platform, authority: &Authority) -> Result<Reply> {
    authority.perform(platform, "audit key", may_read)?;
    let key = platform.store().snapshot()?.evidence_log().verifier_key()?;
    Ok(Reply::done(json!({ "key": key }), key))
}

/// The proof of an entry, with the entry.
pub(super) fn entry(platform: &Platform, authority: &Authority, index: u64) -> Result<Reply> {
    let next = index.saturating_add(1);
    let readable = authority.perform(platform, "audit prove", |call| {
        let size = call.transaction.snapshot().evidence_len();
        Ok((size, !accounts::evidence_between(call, index, next)?.is_empty()))
    })?;
    match readable {
        (_, true) => {}
        (size, false) if index >= size => bail!("there is no entry {index}: the log has {size}, from 0 on"),
        _ => bail!("entry {index} concerns no unit whose evidence this account may read"),
    }
    let snapshot = platform.store().snapshot()?;
    let log = snapshot.evidence_log();
    let head = Head::of(log)?;
    let opened = log.opened(index, 1)?.pop().context("the entry is gone: run `dinh audit verify`")?;
    let hashes = inclusion(&log, index, head.size)?;
    let line = Line::of(&opened);
    let leaf = leaf_hash(&opened.leaf);
    let proof = Proof { index, hashes, extra: Some(line.extra()), checkpoint: head.checkpoint.clone() };
    let text = proof.to_text();
    let value = json!({
        "index": index,
        "commit": line.commit,
        "entry": line.entry,
        "salted": line.salted,
        "salt_bytes": Opened::SALT,
        "leaf": HEXLOWER.encode(&opened.leaf),
        "leaf_hash": HEXLOWER.encode(leaf.as_bytes()),
        "hashes": texts(&proof.hashes),
        "head": head,
        "proof": text,
    });
    Ok(Reply { value, text: text.trim_end().to_owned() })
}

/// The proof that the log continues the one that had `old` entries.
pub(super) fn continuation(platform: &Platform, authority: &Authority, old: u64) -> Result<Reply> {
    authority.perform(platform, "audit prove", may_read)?;
    let snapshot = platform.store().snapshot()?;
    let log = snapshot.evidence_log();
    let head = Head::of(log)?;
    if old > head.size {
        bail!("the log has {} entries and never had {old}", head.size);
    }
    let hashes = consistency(&log, old, head.size)?;
    let text = Continuation { old, hashes: hashes.clone(), checkpoint: head.checkpoint.clone() }.to_text();
    let value = json!({ "old": old, "hashes": texts(&hashes), "head": head, "proof": text });
    Ok(Reply { value, text: text.trim_end().to_owned() })
}

fn texts(hashes: &[Hash]) -> Vec<String> {
    hashes.iter().map(Hash::to_string).collect()
}
