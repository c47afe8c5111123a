//! The evidence outside its data folder: exports, proofs, files of heads. An outsider checks them with this
//! program and nothing else, or with any tool that knows the formats (`docs/evidence.md`).
//!
//! ```text
//! entry    an entry with what opens its commitment; a proof that the log continues an earlier one
//! heads    a file in which somebody keeps heads
//! export   writes a log as C2SP tlog-tiles, slice by slice
//! tiles    the hashes of a log that grows, as files
//! folder   verifies an export, from its key alone
//! lines    its entries, beside the leaves
//! proof    verifies one proof
//! proofs   keeps entries with their proofs in one file, and verifies it
//! ```

mod entry;
mod export;
mod folder;
mod heads;
mod lines;
mod proof;
mod proofs;
mod tiles;

#[cfg(test)]
mod tests;

use std::fmt;

use anyhow::{Result, anyhow};
use serde::{Deserialize, Serialize};

use crate::reply::Reply;

pub use entry::{Continuation, Line};
pub use export::export;
pub use folder::verify as verify_export;
pub use heads::{Heads, cut_off, rewritten};
pub use proof::verify as verify_proof;
pub use proofs::{keep as keep_proofs, verify as verify_proofs};

/// A store that is new has no head yet.
pub const NO_HEAD: &str = "the log has no entry yet, and so no head";

/// The file of an export with the key its head is checked with.
const KEY: &str = "evidence.vkey";

/// The file of an export with the entries.
const LINES: &str = "entries.jsonl";

/// Something that is not as it was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Where: an entry, or a file and a line in it.
    pub place: String,
    /// What.
    pub what: String,
}

impl Finding {
    /// A finding at a place.
    pub fn new(place: impl Into<String>, what: impl Into<String>) -> Self {
        Self { place: place.into(), what: what.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.what)
    }
}

/// What verifying found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// How many entries were hashed.
    pub entries: u64,
    /// The root of their tree, in base64.
    pub root: String,
    /// The key that the heads were checked with.
    pub key: String,
    /// How many heads that somebody kept were compared.
    pub heads: usize,
    /// How many entries could be read and were compared with their commitments, in an export.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub readable: Option<u64>,
    /// What is not as it was written; empty when all is well.
    pub findings: Vec<Finding>,
}

impl Verdict {
    /// For programs, and for people: one finding a line, or that there is none.
    pub fn into_reply(self, what: &str) -> Reply {
        let text = if self.findings.is_empty() {
            let read = self.readable.map(|read| format!(", {read} of them to be read")).unwrap_or_default();
            let kept = match self.heads {
                0 => "no head that somebody kept was compared".to_owned(),
                1 => "the one kept head is of its past".to_owned(),
                heads => format!("all {heads} kept heads are of its past"),
            };
            format!(
                "{what} is as it was written: {} entries{read}, root {}; {kept}\nchecked with the key {}",
                self.entries, self.root, self.key
            )
        } else {
            self.findings.iter().map(Finding::to_string).collect::<Vec<_>>().join("\n")
        };
        Reply::lines(self, text)
    }

    /// The line for stderr when a reply has findings. A proof that is one has none.
    pub fn judge(reply: &Reply) -> Result<()> {
        let Some(findings) = reply.value.get("findings") else { return Ok(()) };
        let findings: Vec<Finding> = serde_json::from_value(findings.clone())?;
        let Some(first) = findings.first() else { return Ok(()) };
        let more = match findings.len() {
            1 => String::new(),
            2 => " (and one more finding)".to_owned(),
            count => format!(" (and {} more findings)", count - 1),
        };
        Err(anyhow!("not as it was written: {first}{more}"))
    }
}
