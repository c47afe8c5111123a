//! How far a subscriber is, as people see it.

use dinh_model::{ContractId, Date, key};
use dinh_store::{Direction, Snapshot};
use serde::Serialize;

use super::{Stage, Waits, due, entry, find_subscription, parked_count};
use crate::{Call, ServiceError, space};

/// Parked records are counted so far.
const COUNTED: usize = 1_000;

/// How far the subscriber of a contract is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Following {
    /// `begin`: it has not been told yet that it begins; `fill`: it is being told of the rows in view; `follow`: of what
    /// is new; `end`: it has not been told yet that it has ended.
    pub stage: &'static str,
    /// Changes of the collection that it was not told of yet; one may be of several records.
    pub behind: u64,
    /// Why it is told nothing at present.
    pub waits: Option<Waits>,
    /// How often what comes next has failed.
    pub failures: u8,
    /// Why, the last time: `trapped`, `failed`, `refused`, or the limit that was reached.
    pub failure: Option<String>,
    /// Records that are parked, counted up to 1,000.
    pub parked: usize,
}

/// How far the subscriber of a contract is; none when nobody is told of changes under it.
pub fn following(call: &Call, contract: ContractId) -> Result<Option<Following>, ServiceError> {
    let Some(subscription) = find_subscription(call, contract)? else { return Ok(None) };
    let (stage, position) = match subscription.stage {
        // How busy the provider is before that is nobody's affair.
        Stage::Begin { .. } => ("begin", None),
        Stage::Fill { then, .. } => ("fill", Some(then)),
        Stage::Follow { position, .. } => ("follow", Some(position)),
        Stage::End => ("end", None),
    };
    let behind = match position {
        None => 0,
        Some(position) => {
            let last = entry::last(call, &subscription.provider, &subscription.collection)?;
            u64::try_from(last.saturating_sub(position)).unwrap_or(0)
        }
    };
    Ok(Some(Following {
        stage,
        behind,
        waits: subscription.waits,
        failures: subscription.failures,
        failure: subscription.failure,
        parked: parked_count(call, contract, COUNTED)?,
    }))
}

/// How all subscribers are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Changes that the one farthest behind was not told of yet.
    pub behind: usize,
    /// How many fail to digest what comes next.
    pub failing: usize,
    /// Records that are parked, counted up to 1,000.
    pub parked: usize,
}

/// How all subscribers are.
pub fn totals(snapshot: &Snapshot, today: Date) -> Result<Totals, ServiceError> {
    let mut totals = Totals::default();
    for (subscription, behind) in due(snapshot, today)? {
        totals.behind = totals.behind.max(usize::try_from(behind).unwrap_or(usize::MAX));
        totals.failing += usize::from(subscription.failures > 0);
    }
    let prefix = [space::PARKED];
    let end = key::after_prefix(&prefix);
    for parked in snapshot.range(&prefix, end.as_deref(), Direction::Forward).take(COUNTED) {
        parked?;
        totals.parked += 1;
    }
    Ok(totals)
}
