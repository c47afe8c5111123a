//! `dinh audit`: the evidence as a list, and as a log that can be proved. What needs no data folder, or writes
//! outside it, is in [`crate::evidence`].

mod leaves;
mod only;
mod prove;
mod seen;
mod verify;

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Subcommand;
use dinh_model::Actor;
use dinh_services::accounts::{self, EvidenceFilter, Proofs};
use dinh_services::permissions::AUDIT_READ;
use dinh_services::{Call, Platform, ServiceError};
use dinh_store::{Outcome, Recorded};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Authority, Input, Wanted, named};
use crate::day;
use crate::house::House;
use crate::reply::Reply;

pub use leaves::{Leaves, MOST as LEAVES_MOST};
pub use only::Only;
pub use prove::Head;
use seen::RecordPath;

/// Most bytes of a file of heads: those of every hour of three hundred years.
const HEADS_MOST: u64 = 512 << 20;

/// What can be done with the evidence.
#[derive(Subcommand, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AuditDeed {
    /// List entries, oldest first: all, or those that concern the units whose evidence whoever acts may read
    List {
        /// From this entry on [default: the last `--limit` entries]
        #[arg(long, value_name = "INDEX")]
        from: Option<u64>,
        /// At most so many entries
        #[arg(long, value_name = "NUMBER", default_value_t = 100)]
        limit: u32,
        /// Which.
        #[command(flatten)]
        only: Only,
        /// Write them with what proves them into one new file, which verifies on its own
        #[arg(long, value_name = "FILE", conflicts_with = "from")]
        proofs: Option<PathBuf>,
    },
    /// Tell who has seen a record, newest first: every read, export and change of it, complete
    Seen {
        /// Which
        #[arg(value_name = "PLUGIN/COLLECTION/RECORD")]
        record: RecordPath,
        /// Before this entry [default: from the newest]
        #[arg(long, value_name = "INDEX")]
        before: Option<u64>,
        /// At most so many entries
        #[arg(long, value_name = "NUMBER", default_value_t = 100)]
        limit: u32,
        /// Write them with what proves them into one new file, which verifies on its own
        #[arg(long, value_name = "FILE")]
        proofs: Option<PathBuf>,
    },
    /// Print the signed head (a C2SP checkpoint), for others to keep
    Head,
    /// Print the key that heads are checked with (a C2SP verifier key), for others to keep
    Key,
    /// Prove that an entry is in the log, or that the log continues an earlier one
    Prove {
        /// The entry: a C2SP tlog-proof that has the entry with it
        #[arg(value_name = "INDEX", required_unless_present = "from", conflicts_with = "from")]
        index: Option<u64>,
        /// Instead: that the log continues the one that had so many entries (lines as in C2SP tlog-witness)
        #[arg(long, value_name = "SIZE")]
        from: Option<u64>,
    },
    /// Read and hash every entry, and compare with a file of heads if one is given.
    #[command(skip)]
    Verify {
        /// The file.
        heads: Option<PathBuf>,
    },
    /// Hand out leaves, with the entries that whoever acts may read.
    #[command(skip)]
    Leaves {
        /// The first.
        from: u64,
        /// The first after them.
        to: u64,
    },
}

impl AuditDeed {
    /// What it needs beside its words.
    pub fn wanted(&self) -> Wanted {
        match self {
            Self::Verify { heads: Some(path) } => Wanted::File { path: path.clone(), most: HEADS_MOST },
            _ => Wanted::Nothing,
        }
    }

    /// The file that proofs are to be written into.
    pub fn proofs(&self) -> Option<&Path> {
        match self {
            Self::List { proofs, .. } | Self::Seen { proofs, .. } => proofs.as_deref(),
            _ => None,
        }
    }
}

/// Does it.
pub(super) fn perform(house: &House, authority: &Authority, deed: AuditDeed, input: Input) -> Result<Reply> {
    let platform = house.platform();
    match deed {
        AuditDeed::List { from, limit, only, proofs } => {
            list(platform, authority, from, limit, &only, proofs.is_some())
        }
        AuditDeed::Seen { record, before, limit, proofs } => {
            seen::seen(house, authority, &record, before, limit, proofs.is_some())
        }
        AuditDeed::Head => prove::head(platform, authority),
        AuditDeed::Key => prove::key(platform, authority),
        AuditDeed::Prove { index: Some(index), .. } => prove::entry(platform, authority, index),
        AuditDeed::Prove { index: None, from } => {
            prove::continuation(platform, authority, from.unwrap_or_default())
        }
        AuditDeed::Verify { heads } => verify::verify(platform, authority, heads.as_deref(), input),
        AuditDeed::Leaves { from, to } => leaves::leaves(platform, authority, from, to),
    }
}

/// Goes on only if whoever acts may read evidence of some unit; what is proved without an entry says nothing
/// about any.
fn may_read(call: &mut Call) -> Result<(), ServiceError> {
    call.require_somewhere(&AUDIT_READ, None).map(drop)
}

fn list(
    platform: &Platform,
    authority: &Authority,
    from: Option<u64>,
    limit: u32,
    only: &Only,
    proved: bool,
) -> Result<Reply> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let (entries, rows, proofs) = authority.perform(platform, "audit list", |call| {
        let entries = match only.filter(call)? {
            Some(filter) => search(call, &filter, only.before(), limit)?,
            None => accounts::evidence(call, from, limit)?,
        };
        let rows = rows(call, &entries);
        let older = entries.first().map(|first| first.index).filter(|_| entries.len() >= limit);
        let proofs = if proved { accounts::prove_evidence(call, &entries, older)? } else { None };
        Ok((entries, rows, proofs))
    })?;
    let mut reply = with_proofs(reply(&entries, rows), proofs);
    if let (Some(first), None, true) = (entries.first(), from, entries.len() >= limit) {
        reply.text.push_str(&format!("\nolder entries: --before {}", first.index));
    }
    Ok(reply)
}

/// A reply that has proofs beside what it says, on their way to a file.
fn with_proofs(reply: Reply, proofs: Option<Proofs>) -> Reply {
    match proofs {
        Some(proofs) => Reply { value: json!({ "said": reply.value, "proofs": proofs }), ..reply },
        None => reply,
    }
}

/// The last entries that the filter takes, oldest first: as many as wanted, or all down to the first of the log.
fn search(
    call: &mut Call,
    filter: &EvidenceFilter,
    mut before: Option<u64>,
    limit: usize,
) -> Result<Vec<Recorded>, ServiceError> {
    let mut found = Vec::new();
    loop {
        let page = accounts::search_evidence(call, filter, before, limit - found.len())?;
        found.extend(page.entries);
        before = page.next;
        if before.is_none() || found.len() >= limit {
            found.reverse();
            return Ok(found);
        }
    }
}

/// Entries as rows of a table: number, moment, who, what, on what, how it ended, detail.
pub(super) fn rows(call: &Call, entries: &[Recorded]) -> Vec<[String; 7]> {
    entries
        .iter()
        .map(|recorded| {
            let entry = &recorded.entry;
            let who = match &entry.actor {
                Actor::Person { account, on_behalf_of: None } => named::login_of(call, *account),
                Actor::Person { account, on_behalf_of: Some(lender) } => {
                    format!("{} for {}", named::login_of(call, *account), named::login_of(call, *lender))
                }
                Actor::Service(plugin) => format!("({plugin})"),
                Actor::Public => "(public)".to_owned(),
            };
            let outcome = match entry.outcome {
                Outcome::Done => "done",
                Outcome::Refused => "refused",
                Outcome::Failed => "failed",
            };
            let detail: Vec<_> = entry.detail.iter().map(|(name, value)| format!("{name}={value}")).collect();
            [
                recorded.index.to_string(),
                day::moment(entry.at),
                who,
                entry.action.clone(),
                entry.subject.clone(),
                outcome.to_owned(),
                detail.join(" "),
            ]
        })
        .collect()
}

/// The entries, and their table.
pub(super) fn reply(entries: &[Recorded], rows: Vec<[String; 7]>) -> Reply {
    Reply::table(entries, ["index", "at", "who", "action", "subject", "outcome", "detail"], rows)
}
