//! Who is asking; what directories show of people and units.

use crate::bindings::dinh::platform::accounts as host;
use crate::value::{AccountId, UnitId};
pub use host::{Actor, Delegate, Person, Unit};

/// Who this call acts for.
pub fn whoami() -> Actor {
    host::whoami()
}

/// The person this call acts for; none for the plugin itself and the public.
pub fn person() -> Option<Person> {
    match host::whoami() {
        Actor::Person(person) => Some(person),
        Actor::Delegate(delegate) => Some(delegate.person),
        Actor::Service | Actor::Public => None,
    }
}

/// A unit by its id, whatever its term.
pub fn unit(id: UnitId) -> Option<Unit> {
    host::get_unit(id.0)
}

/// A unit by its code.
pub fn find_unit(code: &str) -> Option<Unit> {
    host::find_unit(code)
}

/// The units directly below `parent` on the call's day; the roots when `parent` is none.
pub fn units_below(parent: Option<UnitId>) -> Vec<Unit> {
    host::list_units(parent.map(|unit| unit.0))
}

/// A person by account.
pub fn get_person(account: AccountId) -> Option<Person> {
    host::get_person(account.0)
}

/// Somebody who is found by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The account.
    pub account: AccountId,
    /// The full name.
    pub full_name: String,
    /// The unit the person belongs to today.
    pub unit: UnitId,
}

/// People whose name or sign-in name contains every word, without regard to case or diacritics, within the
/// subtree of `unit`; at most `limit` (1 to 100).
pub fn search(words: &str, unit: Option<UnitId>, limit: u32) -> Vec<Found> {
    let people = host::search_people(words, unit.map(|unit| unit.0), limit);
    let found = people.accounts.iter().zip(&people.units).enumerate();
    found
        .map(|(row, (account, unit))| Found {
            account: AccountId(*account),
            full_name: people.full_names.text(row).unwrap_or_default().to_owned(),
            unit: UnitId(*unit),
        })
        .collect()
}
