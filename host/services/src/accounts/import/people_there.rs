//! Who is there already: two people of one name in one unit may be one, twice.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use dinh_model::{Localized, UnitId};
use dinh_store::Direction;

use super::super::{Account, AccountState};
use crate::call::decode;
use crate::{Call, ServiceError, space};

/// A person as two rows are compared: name without regard to case, with diacritics, and unit.
pub(super) type Person = (String, UnitId);

/// Where somebody is who has a name in a unit.
enum Other {
    /// There already, under this login.
    Login(String),
    /// In the file, on this line.
    Line(u32),
}

/// Who has a name in a unit, or waits to have it. Closed accounts apart: whoever comes back gets a new one.
pub(super) struct PeopleThere(HashMap<Person, Other>);

impl PeopleThere {
    /// All accounts.
    pub(super) fn read(call: &Call) -> Result<Self, ServiceError> {
        let mut there = HashMap::new();
        let snapshot = call.transaction.snapshot();
        let mut range = snapshot.range(&[space::ACCOUNT], Some(&[space::ACCOUNT + 1]), Direction::Forward);
        while let Some(item) = range.step()? {
            let account: Account = decode(item.key, item.value)?;
            if !matches!(account.state, AccountState::Closed | AccountState::Refused) {
                there.insert((account.full_name.to_lowercase(), account.unit), Other::Login(account.login));
            }
        }
        Ok(Self(there))
    }

    /// Adds the person on a line; or says who has that name.
    pub(super) fn add(&mut self, person: Person, line: u32) -> Option<Localized> {
        match self.0.entry(person) {
            Entry::Occupied(other) => Some(other.get().text()),
            Entry::Vacant(nobody) => {
                nobody.insert(Other::Line(line));
                None
            }
        }
    }
}

impl Other {
    fn text(&self) -> Localized {
        match self {
            Self::Login(login) => Localized::new(
                &format!("đơn vị này đã có tài khoản “{login}” của người cùng họ tên"),
                &format!("“{login}” of this unit is an account of a person of this name"),
            ),
            Self::Line(line) => Localized::new(
                &format!("trùng họ tên và đơn vị với dòng {line}"),
                &format!("the same name and unit as on line {line}"),
            ),
        }
    }
}
