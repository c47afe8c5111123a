//! Entries with what proves them: one file that stands alone, checked with the key of the log and nothing else.

use dinh_merkle::{Checkpoint, Hash, inclusion};
use dinh_store::{Entry, Recorded};
use serde::{Deserialize, Serialize};

use crate::{Call, ServiceError};

/// Entries, and what proves that they are in the log of a signed head.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proofs {
    /// What this is: [`Proofs::FORMAT`].
    pub format: String,
    /// The signed head (a C2SP checkpoint).
    pub checkpoint: String,
    /// The key it is checked with; who checks takes it from elsewhere.
    pub key: String,
    /// The entries, in the order they were found.
    pub entries: Vec<Proved>,
    /// More entries were found that are older: those before this one. None when these are all.
    pub older: Option<u64>,
}

/// An entry with what proves it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proved {
    /// Its place in the log, from 0.
    pub index: u64,
    /// The commit that holds it.
    pub commit: u64,
    /// What it says, for reading.
    pub entry: Entry,
    /// The salt, then the entry as bytes, in base64: SHA-256 of both is the commitment.
    pub salted: String,
    /// From the leaf's sibling to the root's child.
    pub hashes: Vec<String>,
}

impl Proofs {
    /// What the file says it is.
    pub const FORMAT: &'static str = "dinh-evidence-proofs-1";
    /// Most entries of one file.
    pub const MOST: usize = 1_000;
}

/// Proves entries that were found in the same call, by the head of the log that the call sees; none while the log is
/// empty. `older` says where those begin that are not among them. Taking entries out is itself in the evidence.
///
/// # Errors
/// [`ServiceError::Invalid`] for more than [`Proofs::MOST`] entries; when the log is damaged.
pub fn prove_evidence(
    call: &mut Call,
    found: &[Recorded],
    older: Option<u64>,
) -> Result<Option<Proofs>, ServiceError> {
    if found.len() > Proofs::MOST {
        return Err(ServiceError::invalid(
            format!("Mỗi tệp chứng cứ có nhiều nhất {} mục; hãy thu hẹp bộ lọc.", Proofs::MOST),
            format!("A file of proofs has at most {} entries; narrow the search.", Proofs::MOST),
        ));
    }
    let snapshot = call.transaction.snapshot();
    let log = snapshot.evidence_log();
    let Some(checkpoint) = log.head()? else { return Ok(None) };
    let damaged = |what: String| ServiceError::Damaged { what };
    let head = Checkpoint::open_unverified(&checkpoint).map_err(|error| damaged(error.to_string()))?;
    let mut entries = Vec::with_capacity(found.len());
    for recorded in found {
        let index = recorded.index;
        let gone = || damaged(format!("evidence {index}"));
        let opened = log.opened(index, 1)?.pop().ok_or_else(gone)?;
        let hashes = inclusion(&log, index, head.size).map_err(|error| damaged(error.to_string()))?;
        entries.push(Proved {
            index,
            commit: opened.recorded.seq.0,
            entry: opened.recorded.entry,
            salted: data_encoding::BASE64.encode(&opened.salted),
            hashes: hashes.iter().map(Hash::to_string).collect(),
        });
    }
    let key = log.verifier_key()?;
    call.evidence("evidence.exported", "evidence:log", [("rows", entries.len().to_string())]);
    Ok(Some(Proofs { format: Proofs::FORMAT.to_owned(), checkpoint, key, entries, older }))
}
