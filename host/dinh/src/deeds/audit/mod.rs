//! `dinh audit`: the evidence as a list, and as a log that can be proved. What needs no data folder, or writes
//! outside it, is in [`crate::evidence`].

mod leaves;
mod prove;
mod verify;

use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, Subcommand};
use dinh_model::{Actor, PluginId};
use dinh_services::accounts::{self, EvidenceFilter};
use dinh_services::permissions::AUDIT_READ;
use dinh_services::{Call, Platform, ServiceError};
use dinh_store::{Outcome, Recorded};
use serde::{Deserialize, Serialize};

use super::{Authority, Input, Wanted, named};
use crate::day::{self, Day};
use crate::reply::Reply;

pub use leaves::{Leaves, MOST as LEAVES_MOST};
pub use prove::Head;

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

/// What a list of the evidence is narrowed to: the last entries that fit all that is said.
#[derive(Args, Debug, Default, Serialize, Deserialize)]
#[group(id = "narrowed", multiple = true, conflicts_with = "from")]
pub struct Only {
    /// By, on behalf of, or about this account
    #[arg(long, value_name = "LOGIN")]
    account: Option<String>,
    /// Deeds that begin so: `account.suspended`, or `account.` for all on accounts
    #[arg(long, value_name = "ACTION")]
    action: Option<String>,
    /// What concerns this unit or one below it
    #[arg(long, value_name = "CODE")]
    unit: Option<String>,
    /// Through this plugin
    #[arg(long, value_name = "ID")]
    plugin: Option<PluginId>,
    /// On this day or later
    #[arg(long, value_name = "DATE")]
    since: Option<Day>,
    /// On this day or earlier
    #[arg(long, value_name = "DATE")]
    until: Option<Day>,
    /// Before this entry
    #[arg(long, value_name = "INDEX")]
    before: Option<u64>,
}

impl Only {
    /// What was said; none when nothing was.
    fn filter(&self, call: &Call) -> Result<Option<EvidenceFilter>, ServiceError> {
        let filter = EvidenceFilter {
            account: self
                .account
                .as_deref()
                .map(|login| named::account(call, login))
                .transpose()?
                .map(|it| it.id),
            unit: self.unit.as_deref().map(|code| named::unit(call, code)).transpose()?.map(|it| it.id),
            plugin: self.plugin.clone(),
            action: self.action.clone().unwrap_or_default(),
            from: self.since.map(Day::date),
            until: self.until.map(Day::date),
        };
        Ok((self.before.is_some() || filter != EvidenceFilter::default()).then_some(filter))
    }
}

impl AuditDeed {
    /// What it needs beside its words.
    pub fn wanted(&self) -> Wanted {
        match self {
            Self::Verify { heads: Some(path) } => Wanted::File { path: path.clone(), most: HEADS_MOST },
            _ => Wanted::Nothing,
        }
    }
}

/// Does it.
pub(super) fn perform(
    platform: &Platform,
    authority: &Authority,
    deed: AuditDeed,
    input: Input,
) -> Result<Reply> {
    match deed {
        AuditDeed::List { from, limit, only } => list(platform, authority, from, limit, &only),
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
) -> Result<Reply> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let (entries, rows) = authority.perform(platform, "audit list", |call| {
        let entries = match only.filter(call)? {
            Some(filter) => search(call, &filter, only.before, limit)?,
            None => accounts::evidence(call, from, limit)?,
        };
        let rows = rows(call, &entries);
        Ok((entries, rows))
    })?;
    let mut reply = reply(&entries, rows);
    if let (Some(first), None, true) = (entries.first(), from, entries.len() >= limit) {
        reply.text.push_str(&format!("\nolder entries: --before {}", first.index));
    }
    Ok(reply)
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
