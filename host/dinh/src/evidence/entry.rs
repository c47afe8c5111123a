//! An entry as an outsider checks it.

use std::fmt::Write as _;

use anyhow::{Context as _, Result, bail};
use dinh_merkle::{Hash, leaf_hash};
use dinh_store::{Entry, Opened};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::deeds::Bytes;

/// An entry with what opens its commitment; one line of `entries.jsonl`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// Its place in the log, from 0.
    pub index: u64,
    /// The commit that holds it.
    pub commit: u64,
    /// What it says.
    pub entry: Entry,
    /// The salt, then the entry as bytes, in base64: SHA-256 of both is the commitment.
    pub salted: Bytes,
}

impl Line {
    /// Bytes of a leaf.
    pub const LEAF: usize = 40;

    /// Of an entry of the store.
    pub fn of(opened: &Opened) -> Self {
        Self {
            index: opened.recorded.index,
            commit: opened.recorded.seq.0,
            entry: opened.recorded.entry.clone(),
            salted: Bytes(opened.salted.clone()),
        }
    }

    /// Commit, salt and entry as bytes: what a proof that stands alone has with it.
    pub fn extra(&self) -> Vec<u8> {
        [&self.commit.to_be_bytes(), self.salted.0.as_slice()].concat()
    }

    /// Reads [`Line::extra`].
    pub fn from_extra(index: u64, extra: &[u8]) -> Result<Self> {
        let (commit, salted) =
            extra.split_first_chunk().context("the proof has too little with it to be an entry")?;
        let entry = decode(salted)?;
        Ok(Self { index, commit: u64::from_be_bytes(*commit), entry, salted: Bytes(salted.to_vec()) })
    }

    /// The hash of its leaf.
    pub fn leaf_hash(&self) -> Hash {
        let commitment = Sha256::digest(&self.salted.0);
        leaf_hash(&[self.commit.to_be_bytes().as_slice(), &commitment].concat())
    }

    /// Whether what it says is what its bytes say.
    pub fn check(&self) -> Result<()> {
        if decode(&self.salted.0)? != self.entry {
            bail!("`entry` says something else than `salted`, which was committed to");
        }
        Ok(())
    }
}

/// The entry after the salt.
fn decode(salted: &[u8]) -> Result<Entry> {
    let entry = salted.get(Opened::SALT..).context("too short for a salt and an entry")?;
    let (entry, rest) = postcard::take_from_bytes(entry).context("the bytes are no entry")?;
    if !rest.is_empty() {
        bail!("there are bytes after the entry");
    }
    Ok(entry)
}

/// A proof that a log continues an earlier one, in the lines of a C2SP tlog-witness `add-checkpoint` request:
/// `old`, the size, the hashes, an empty line, the checkpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Continuation {
    /// How many entries the earlier one had.
    pub old: u64,
    /// The consistency proof.
    pub hashes: Vec<Hash>,
    /// The signed head of the later one.
    pub checkpoint: String,
}

impl Continuation {
    /// What its text begins with.
    pub const MARK: &str = "old ";

    /// As text.
    pub fn to_text(&self) -> String {
        let mut text = format!("{}{}\n", Self::MARK, self.old);
        for hash in &self.hashes {
            // Writing into a string does not fail.
            let _ = writeln!(text, "{hash}");
        }
        text.push('\n');
        text.push_str(&self.checkpoint);
        text
    }

    /// Reads it.
    pub fn parse(text: &str) -> Result<Self> {
        let (proof, checkpoint) =
            text.split_once("\n\n").context("the empty line before the checkpoint is missing")?;
        let mut lines = proof.split('\n');
        let old = lines.next().and_then(|line| line.strip_prefix(Self::MARK)?.parse().ok());
        let old = old.context("line 1: expected `old` and a size")?;
        let hashes = lines.enumerate().map(|(index, line)| {
            line.parse().with_context(|| format!("line {}: expected a hash in base64", index + 2))
        });
        Ok(Self { old, hashes: hashes.collect::<Result<_>>()?, checkpoint: checkpoint.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENT: &str = include_str!("../../../../docs/evidence.md");

    #[test]
    fn a_changed_letter_in_the_name_of_an_empty_field_is_no_entry() {
        let written = r#"{"at":"2026-01-01T00:00:00Z","actor":{"Person":{"account":3,"on_behalf_of":null}},"plugin":null,"action":"a.b","subject":"9","records":[],"outcome":"done","detail":{}}"#;
        assert!(serde_json::from_str::<Entry>(written).is_ok());
        for (name, changed) in [("on_behalf_of", "on_behalf_og"), ("plugin", "plugio")] {
            let changed = written.replace(name, changed);
            assert!(serde_json::from_str::<Entry>(&changed).is_err(), "{changed}");
        }
    }

    #[test]
    fn the_example_in_the_documentation_is_right_byte_by_byte() {
        let line = |name: &str| {
            let line = DOCUMENT.lines().rfind(|line| line.starts_with(name)).unwrap();
            line.split_whitespace().last().unwrap().to_owned()
        };
        let salted = data_encoding::HEXLOWER.decode(line("salted ").as_bytes()).unwrap();
        assert!(salted.starts_with(b"0123456789abcdef"));
        let line_of = Line::from_extra(0, &[&258_u64.to_be_bytes(), salted.as_slice()].concat()).unwrap();
        let said = serde_json::json!({
            "at": "1970-01-01T00:00:01Z",
            "actor": { "Person": { "account": 7, "on_behalf_of": 300 } },
            "plugin": "pci",
            "action": "a.b",
            "subject": "9",
            "records": ["01941f29-7c00-7aaa-8bbb-0123456789ab"],
            "outcome": "refused",
            "detail": { "n": "1" },
        });
        assert_eq!(serde_json::to_value(&line_of.entry).unwrap(), said);
        let leaf = line("leaf  ");
        assert!(leaf.ends_with(&line("commitment ")) && leaf.starts_with("0000000000000102"));
        let leaf = data_encoding::HEXLOWER.decode(leaf.as_bytes()).unwrap();
        assert_eq!(leaf_hash(&leaf), line_of.leaf_hash());
        assert_eq!(data_encoding::HEXLOWER.encode(line_of.leaf_hash().as_bytes()), line("leaf hash "));
    }
}
