//! Entries with what proves them, in one file: written by who asks, verified from the key of the log.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result};
use data_encoding::BASE64;
use dinh_merkle::{Checkpoint, Hash, Verifier, verify_inclusion};
use dinh_services::accounts::{Proofs, Proved};

use super::folder::read;
use super::heads::{Heads, rewritten};
use super::{Finding, Line, NO_HEAD, Verdict};
use crate::deeds::Bytes;
use crate::reply::Reply;

/// Most bytes of a file of proofs: [`Proofs::MOST`] entries of the largest kind, twice over.
const MOST: usize = 256 << 20;

/// Writes what `ask` proves to a new file; the reply says what it would have said without.
pub fn keep(path: &Path, ask: impl FnOnce() -> Result<Reply>) -> Result<Reply> {
    // Before anything is taken out of the evidence.
    let mut file = File::create_new(path).with_context(|| format!("cannot make {}", path.display()))?;
    let kept = ask().and_then(|mut reply| {
        let proofs = reply.value.get_mut("proofs").map(serde_json::Value::take).context(NO_HEAD)?;
        let entries = proofs.get("entries").and_then(|entries| entries.as_array()).map_or(0, Vec::len);
        serde_json::to_writer(&mut file, &proofs)?;
        file.write_all(b"\n").and_then(|()| file.sync_all())?;
        if let Some(said) = reply.value.get_mut("said") {
            reply.value = said.take();
        }
        reply.text.push_str(&format!("\n{}: {} with what proves them", path.display(), counted(entries)));
        Ok(reply)
    });
    if kept.is_err() {
        // Ours, and not what was asked for.
        let _ = std::fs::remove_file(path);
    }
    kept.with_context(|| format!("cannot write {}", path.display()))
}

/// Verifies a file of proofs: with the key, and against the heads that somebody kept of the size it speaks of.
pub fn verify(path: &Path, key: &str, heads: &Heads) -> Result<Reply> {
    let key = Verifier::parse(key.trim())?;
    let proofs: Proofs = serde_json::from_slice(&read(path, MOST)?)
        .with_context(|| format!("{} is no file of proofs", path.display()))?;
    if proofs.format != Proofs::FORMAT {
        anyhow::bail!(
            "{} has the format {:?}; this version knows {:?}",
            path.display(),
            proofs.format,
            Proofs::FORMAT
        );
    }
    let mut findings = Vec::new();
    let head = match Checkpoint::open(&proofs.checkpoint, std::slice::from_ref(&key)) {
        Ok((head, _)) => head,
        Err(error) => {
            findings.push(Finding::new("checkpoint", error.to_string()));
            Checkpoint::open_unverified(&proofs.checkpoint).context("the checkpoint cannot be read")?
        }
    };
    if head.origin != key.name() {
        let what = format!("it is of the log {}, and the key of {}", head.origin, key.name());
        findings.push(Finding::new("checkpoint", what));
    }
    let compared = compare(heads, &key, &head, &mut findings);
    for (at, proved) in proofs.entries.iter().enumerate() {
        if let Err(error) = check(proved, &head) {
            findings
                .push(Finding::new(format!("entries[{at}]"), format!("entry {}: {error:#}", proved.index)));
        }
    }
    let count = u64::try_from(proofs.entries.len()).unwrap_or(u64::MAX);
    let verdict = Verdict {
        entries: head.size,
        root: head.root.to_string(),
        key: key.to_string(),
        heads: compared,
        readable: Some(count),
        findings,
    };
    let said = verdict.findings.is_empty().then(|| {
        format!(
            "{}: {}, as written, in the log of {} entries with the root {}; {}\nchecked with the key {}",
            path.display(),
            counted(proofs.entries.len()),
            verdict.entries,
            verdict.root,
            match compared {
                0 => "no head that somebody kept is of that size".to_owned(),
                1 => "the one kept head of that size says the same".to_owned(),
                compared => format!("{compared} kept heads say the same"),
            },
            verdict.key
        )
    });
    let reply = verdict.into_reply(&path.display().to_string());
    Ok(Reply { text: said.unwrap_or_else(|| reply.text.clone()), ..reply })
}

/// Compares the heads of the size of `head`, which are all that these proofs can be held to; how many there are.
fn compare(heads: &Heads, key: &Verifier, head: &Checkpoint, findings: &mut Vec<Finding>) -> usize {
    findings.extend(heads.malformed.iter().cloned());
    let mut compared = 0;
    for (place, note) in heads.notes().iter().enumerate() {
        match Checkpoint::open(note, std::slice::from_ref(key)) {
            Ok((kept, _)) if kept.size != head.size || kept.origin != head.origin => {}
            Ok((kept, _)) => {
                compared += 1;
                if kept.root != head.root {
                    findings.push(Finding::new(heads.place(place), rewritten(head.size)));
                }
            }
            Err(error) => findings.push(Finding::new(heads.place(place), error.to_string())),
        }
    }
    compared
}

fn counted(entries: usize) -> String {
    if entries == 1 { "1 entry".to_owned() } else { format!("{entries} entries") }
}

fn check(proved: &Proved, head: &Checkpoint) -> Result<()> {
    let salted = BASE64.decode(proved.salted.as_bytes()).context("`salted` is no base64")?;
    let line = Line {
        index: proved.index,
        commit: proved.commit,
        entry: proved.entry.clone(),
        salted: Bytes(salted),
    };
    let hashes = proved.hashes.iter().map(|hash| hash.parse::<Hash>());
    let hashes = hashes
        .collect::<Result<Vec<_>, _>>()
        .map_err(|_| anyhow::anyhow!("its proof is no list of hashes"))?;
    verify_inclusion(&line.leaf_hash(), proved.index, head.size, &hashes, &head.root)?;
    line.check()
}
