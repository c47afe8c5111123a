//! The journal of rights: every change of a fact with its moment, so that the policy of any earlier moment can be
//! made again.
//!
//! A row is written by the same change that changes the facts, at the one place that derives them
//! ([`Platform::commit`](crate::Platform::commit)): no deed can change a right and leave it out. It holds numbers,
//! names of roles and terms, never personal values. The platform's own permissions and role come from the code
//! and are those of the version that asks.

use std::collections::BTreeMap;

use dinh_access::{Fact, FactChange, FactKey, Facts};
use dinh_model::{Timestamp, time};
use dinh_store::{Direction, Snapshot, Transaction};
use serde::{Deserialize, Serialize};

use crate::accounts::facts::platforms_own;
use crate::call::{decode, encode};
use crate::{ServiceError, space};

/// Changes in one row: a whole department that is imported at once takes several.
const ROW: usize = 256;

/// A row.
#[derive(Serialize, Deserialize)]
struct Recorded {
    /// When the changes came into force, microseconds since 1970; never before that of an earlier row.
    at: i64,
    changes: Vec<FactChange>,
}

/// Where the journal goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tail {
    rows: u64,
    at: i64,
}

impl Tail {
    /// Behind the last row of a snapshot.
    pub(crate) fn of(snapshot: &Snapshot) -> Result<Self, ServiceError> {
        let mut range = snapshot.range(&[space::JOURNAL], Some(&[space::JOURNAL + 1]), Direction::Backward);
        let Some(item) = range.step()? else { return Ok(Self { rows: 0, at: i64::MIN }) };
        let row: Recorded = decode(item.key, item.value)?;
        let number = item.key.last_chunk().map_or(0, |number| u64::from_be_bytes(*number));
        Ok(Self { rows: number + 1, at: row.at })
    }

    /// Writes changes that come into force at `now`, or with the last ones when the clock was set back. Where the
    /// journal goes on, should they be committed.
    pub(crate) fn record(
        mut self,
        transaction: &mut Transaction,
        now: Timestamp,
        changes: &[FactChange],
    ) -> Result<Self, ServiceError> {
        self.at = self.at.max(time::microseconds(now));
        for changes in changes.chunks(ROW) {
            let key = space::key(space::JOURNAL, &[&self.rows.to_be_bytes()]);
            let row = encode(&key, &Recorded { at: self.at, changes: changes.to_vec() })?;
            transaction.put(key, row);
            self.rows += 1;
        }
        Ok(self)
    }
}

/// The facts as they were at `moment`, what came into force at that very moment included, and the number of the
/// commit that last changed them, 0 before the first.
pub(crate) fn facts_at(snapshot: &Snapshot, moment: Timestamp) -> Result<(Facts, u64), ServiceError> {
    let moment = time::microseconds(moment);
    let mut there: BTreeMap<FactKey, Fact> = BTreeMap::new();
    let mut version = 0;
    let mut range = snapshot.range(&[space::JOURNAL], Some(&[space::JOURNAL + 1]), Direction::Forward);
    while let Some(item) = range.step()? {
        let row: Recorded = decode(item.key, item.value)?;
        if row.at > moment {
            break;
        }
        version = item.version.0;
        for change in row.changes {
            match change {
                FactChange::Set(fact) => drop(there.insert(fact.key(), fact)),
                FactChange::Remove(key) => drop(there.remove(&key)),
            }
        }
    }
    let mut facts = platforms_own();
    there.into_values().for_each(|fact| facts.add(fact));
    Ok((facts, version))
}
