//! The evidence as a list, for those who may read it: all of it, or what concerns their units.

pub(super) mod history;
pub(super) mod trail_search;

use std::collections::HashMap;

use dinh_model::{AccountId, Actor, PositionId, UnitId};
use dinh_store::{Entry, Recorded, Snapshot};

use super::Directory;
use crate::permissions::AUDIT_READ;
use crate::{Call, ServiceError};

/// Entries read in one go.
pub(super) const SLICE: u64 = 1_000;

/// Names of details that hold a unit's number.
const UNIT_DETAILS: [&str; 3] = ["unit", "home", "parent"];

/// Entries of the evidence, oldest first, at most `limit`: from the entry `from` on, or else the last ones.
/// Needs `dinh.audit.read` somewhere. Whoever does not hold it for every unit sees what accounts of their units
/// did, and what was done to their units and to the accounts and positions in them.
pub fn evidence(call: &mut Call, from: Option<u64>, limit: usize) -> Result<Vec<Recorded>, ServiceError> {
    let reach = call.require_somewhere(&AUDIT_READ, None)?;
    let snapshot = call.transaction.snapshot();
    let end = snapshot.evidence_len();
    let most = u64::try_from(limit).unwrap_or(u64::MAX);
    if reach.is_everything() {
        return Ok(snapshot.evidence(from.unwrap_or_else(|| end.saturating_sub(most)), limit)?);
    }
    let mut sight = Sight::new(|unit| reach.has(unit), snapshot);
    let mut found = Vec::new();
    match from {
        Some(mut next) => {
            while next < end && found.len() < limit {
                let until = end.min(next.saturating_add(SLICE));
                for recorded in slice(snapshot, next, until)? {
                    if found.len() < limit && sight.sees(&recorded.entry)? {
                        found.push(recorded);
                    }
                }
                next = until;
            }
        }
        None => {
            let mut last = end;
            while last > 0 && found.len() < limit {
                let start = last.saturating_sub(SLICE);
                for recorded in slice(snapshot, start, last)?.into_iter().rev() {
                    if found.len() < limit && sight.sees(&recorded.entry)? {
                        found.push(recorded);
                    }
                }
                last = start;
            }
            found.reverse();
        }
    }
    Ok(found)
}

/// Of the entries `from` to before `to`, those that [`evidence`] lists for whoever acts, oldest first. Long
/// readers ask so, slice by slice: what one costs does not depend on how much the actor may see.
pub fn evidence_between(call: &mut Call, from: u64, to: u64) -> Result<Vec<Recorded>, ServiceError> {
    let reach = call.require_somewhere(&AUDIT_READ, None)?;
    let snapshot = call.transaction.snapshot();
    let to = to.min(snapshot.evidence_len());
    let all = slice(snapshot, from.min(to), to)?;
    if reach.is_everything() {
        return Ok(all);
    }
    let mut sight = Sight::new(|unit| reach.has(unit), snapshot);
    let mut found = Vec::new();
    for recorded in all {
        if sight.sees(&recorded.entry)? {
            found.push(recorded);
        }
    }
    Ok(found)
}

pub(super) fn slice(snapshot: &Snapshot, start: u64, end: u64) -> Result<Vec<Recorded>, ServiceError> {
    Ok(snapshot.evidence(start, usize::try_from(end - start).unwrap_or(usize::MAX))?)
}

/// Which entries concern some units, such as those the actor may read the evidence of.
pub(super) struct Sight<'a, U> {
    units: U,
    snapshot: &'a Snapshot,
    known: HashMap<AccountId, bool>,
}

impl<'a, U: Fn(UnitId) -> bool> Sight<'a, U> {
    pub(super) fn new(units: U, snapshot: &'a Snapshot) -> Self {
        Self { units, snapshot, known: HashMap::new() }
    }

    pub(super) fn sees(&mut self, entry: &Entry) -> Result<bool, ServiceError> {
        if let Actor::Person { account, on_behalf_of } = entry.actor {
            for person in std::iter::once(account).chain(on_behalf_of) {
                if self.has(person)? {
                    return Ok(true);
                }
            }
        }
        let named = UNIT_DETAILS.iter().filter_map(|name| entry.detail.get(*name)?.parse().ok());
        if named.map(UnitId).any(|unit| (self.units)(unit)) {
            return Ok(true);
        }
        let Some((kind, number)) = entry.subject.split_once(':') else { return Ok(false) };
        let Ok(number) = number.parse() else { return Ok(false) };
        match kind {
            "unit" => Ok((self.units)(UnitId(number))),
            "account" => self.has(AccountId(number)),
            "position" => {
                let position = Directory::new(self.snapshot).position(PositionId(number))?;
                Ok(position.is_some_and(|position| (self.units)(position.unit)))
            }
            _ => Ok(false),
        }
    }

    /// Whether an account is in one of the units.
    fn has(&mut self, account: AccountId) -> Result<bool, ServiceError> {
        if let Some(known) = self.known.get(&account) {
            return Ok(*known);
        }
        let found = Directory::new(self.snapshot).account(account)?;
        let has = found.is_some_and(|found| (self.units)(found.unit));
        self.known.insert(account, has);
        Ok(has)
    }
}
