//! People of one name in one unit: who is there already, and who stands further up in the file.

use std::collections::HashMap;

use dinh_model::{Localized, UnitId};
use dinh_store::Direction;

use super::super::{Account, AccountState};
use crate::call::decode;
use crate::{Call, ServiceError, space};

/// A person as two rows are compared: name without regard to case, with diacritics, and unit.
pub(super) type Person = (String, UnitId);

/// Where somebody is who has a name in a unit.
pub(super) enum Namesake {
    /// There already, under this login.
    Login(String),
    /// In the file, on this line.
    Line(u32),
}

impl Namesake {
    /// The same in words.
    pub(super) fn text(&self) -> Localized {
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

/// Who is there, or waits to be. Closed accounts apart: whoever comes back gets a new one.
pub(super) fn people_there(call: &Call) -> Result<HashMap<Person, Namesake>, ServiceError> {
    let mut there = HashMap::new();
    let snapshot = call.transaction.snapshot();
    let mut range = snapshot.range(&[space::ACCOUNT], Some(&[space::ACCOUNT + 1]), Direction::Forward);
    while let Some(item) = range.step()? {
        let account: Account = decode(item.key, item.value)?;
        if !matches!(account.state, AccountState::Closed | AccountState::Refused) {
            there.insert((account.full_name.to_lowercase(), account.unit), Namesake::Login(account.login));
        }
    }
    Ok(there)
}
