//! How each member stands: derived from all entries, kept so that it can be offered to others.

use std::collections::{BTreeSet, HashMap};

use dinh_sdk::prelude::*;

use crate::account;
use crate::model::Status;
use crate::roll::{Key, key};

/// Brings the state of these members of a unit up to date with what this call wrote.
pub(crate) fn refresh(unit: UnitId, members: &BTreeSet<Key>) -> Result<()> {
    let stored = Status::all().filter(Status::UNIT.is(unit)).list()?;
    let mut stored: HashMap<Key, Stored<Status>> =
        stored.into_iter().map(|status| (key(status.member), status)).collect();
    let mut added = Vec::new();
    for account in account::of_unit(unit, None)? {
        let Some(as_of) = account.latest().filter(|_| members.contains(&key(account.member))) else {
            continue;
        };
        let status = Status {
            member: account.member,
            unit,
            months_unpaid: i64::try_from(account.unpaid_months(as_of).len()).unwrap_or(i64::MAX),
            unpaid: account.row(as_of).unpaid(),
            as_of,
        };
        match stored.remove(&key(account.member)) {
            Some(known) if known.record == status => {}
            Some(mut known) => {
                known.record = status;
                known.save()?;
            }
            None => added.push(status),
        }
    }
    Status::insert_many(added)?;
    Ok(())
}
