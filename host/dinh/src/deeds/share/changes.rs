//! What plugins are told of changes: the records that one could not digest.

use anyhow::Result;
use clap::Subcommand;
use dinh_model::{ContractId, RecordId, time};
use dinh_services::Platform;
use dinh_services::sharing::feed::{self, ParkedRecord};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::deeds::Authority;
use crate::reply::Reply;

/// Parked records that are listed or retried in one change.
const AT_ONCE: usize = 500;

/// What can be done about changes.
#[derive(Subcommand, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChangesDeed {
    /// List the records whose changes a plugin could not digest, with why
    Parked {
        /// The contract under which it is told
        contract: ContractId,
    },
    /// Let the plugin be told of parked records again, as they are now
    RetryParked {
        /// The contract
        contract: ContractId,
        /// The records; without one, all of them
        #[arg(value_name = "RECORD")]
        records: Vec<RecordId>,
    },
    /// Give a parked record up: the plugin is not told of what has happened to it
    DropParked {
        /// The contract
        contract: ContractId,
        /// The record
        #[arg(value_name = "RECORD")]
        record: RecordId,
        /// Why
        #[arg(long)]
        reason: String,
    },
}

/// Does it.
pub(super) fn perform(platform: &Platform, authority: &Authority, deed: ChangesDeed) -> Result<Reply> {
    match deed {
        ChangesDeed::Parked { contract } => {
            let found = all(platform, authority, "share parked", contract)?;
            let rows: Vec<_> = found
                .iter()
                .map(|it| {
                    let since = time::from_microseconds(it.parked.at).unwrap_or_default().to_string();
                    let writes = it.parked.writes.to_string();
                    [it.record.to_string(), it.parked.failure.clone(), since, writes]
                })
                .collect();
            Ok(Reply::table(found, ["record", "why", "since", "writes"], rows))
        }
        ChangesDeed::RetryParked { contract, records } => {
            let records = match records.is_empty() {
                false => records,
                true => {
                    let found = all(platform, authority, "share retry-parked", contract)?;
                    found.iter().map(|it| it.record).collect()
                }
            };
            for part in records.chunks(AT_ONCE) {
                authority.perform(platform, "share retry-parked", |call| {
                    part.iter().try_for_each(|record| feed::retry_parked(call, contract, *record))
                })?;
            }
            let sentence = format!("{} parked records of contract {contract} are told again", records.len());
            Ok(Reply::done(json!({ "contract": contract, "records": records }), sentence))
        }
        ChangesDeed::DropParked { contract, record, reason } => {
            authority.perform(platform, "share drop-parked", |call| {
                feed::drop_parked(call, contract, record, &reason)
            })?;
            let sentence = format!("record {record} is given up; its next change is told again");
            Ok(Reply::done(json!({ "contract": contract, "record": record }), sentence))
        }
    }
}

fn all(
    platform: &Platform,
    authority: &Authority,
    deed: &str,
    contract: ContractId,
) -> Result<Vec<ParkedRecord>> {
    let found = authority.perform(platform, deed, |call| {
        let mut all: Vec<ParkedRecord> = Vec::new();
        loop {
            let after = all.last().map(|last| last.record);
            let part = feed::parked(call, contract, after, AT_ONCE)?;
            if part.is_empty() {
                return Ok(all);
            }
            all.extend(part);
        }
    })?;
    Ok(found)
}
