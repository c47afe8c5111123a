//! `dinh audit`.

use anyhow::Result;
use clap::Subcommand;
use dinh_model::Actor;
use dinh_services::accounts;
use dinh_services::{Call, Platform};
use dinh_store::{Outcome, Recorded};
use serde::{Deserialize, Serialize};

use super::{Authority, named};
use crate::reply::Reply;

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
    },
}

/// Does it.
pub(super) fn perform(platform: &Platform, authority: &Authority, deed: AuditDeed) -> Result<Reply> {
    let AuditDeed::List { from, limit } = deed;
    let (entries, rows) = authority.perform(platform, "audit list", |call| {
        let entries = accounts::evidence(call, from, usize::try_from(limit).unwrap_or(usize::MAX))?;
        let rows = rows(call, &entries);
        Ok((entries, rows))
    })?;
    Ok(reply(&entries, rows))
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
                format!("{:.0}", entry.at),
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
