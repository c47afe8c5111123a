//! Whom an entry concerns, and so who may read it.

use std::collections::HashMap;

use dinh_model::{AccountId, UnitId};
use dinh_store::{Entry, Party, Snapshot};

use crate::ServiceError;
use crate::accounts::Directory;

/// Which entries concern some units, such as those the actor may read the evidence of: what accounts did that are in
/// them **now**, and what was done to these units, to the accounts and positions in them.
pub(in crate::accounts) struct Sight<'a, U> {
    units: U,
    snapshot: &'a Snapshot,
    known: HashMap<Party, bool>,
}

impl<'a, U: Fn(UnitId) -> bool> Sight<'a, U> {
    pub(super) fn new(units: U, snapshot: &'a Snapshot) -> Self {
        Self { units, snapshot, known: HashMap::new() }
    }

    pub(super) fn sees(&mut self, entry: &Entry) -> Result<bool, ServiceError> {
        for party in entry.parties() {
            if self.has(party)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether somebody, or something, belongs to one of the units.
    pub(super) fn has(&mut self, party: Party) -> Result<bool, ServiceError> {
        if let Some(known) = self.known.get(&party) {
            return Ok(*known);
        }
        let directory = Directory::new(self.snapshot);
        let of_account =
            |id: AccountId| Ok::<_, ServiceError>(directory.account(id)?.map(|found| found.unit));
        let unit = match party {
            Party::Unit(unit) => Some(unit),
            Party::Actor(id) | Party::Account(id) => of_account(id)?,
            Party::Position(id) => directory.position(id)?.map(|found| found.unit),
        };
        let has = unit.is_some_and(|unit| (self.units)(unit));
        self.known.insert(party, has);
        Ok(has)
    }
}
