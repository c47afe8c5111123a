//! What directories show of people and units: look-ups in a snapshot that bind nothing.

use dinh_access::Names;
use dinh_model::{AccountId, Language, Permission, UnitId};
use dinh_store::Snapshot;

use super::{Account, Position, Role, Unit};
use crate::call::decode;
use crate::{ServiceError, space};

/// Look-ups for showing, not for deciding: they leave no expectation in a call, so a page that shows a name
/// does not conflict with whoever changes it.
#[derive(Clone, Copy)]
pub struct Directory<'a> {
    snapshot: &'a Snapshot,
}

impl<'a> Directory<'a> {
    /// In a snapshot.
    pub fn new(snapshot: &'a Snapshot) -> Self {
        Self { snapshot }
    }

    /// A unit.
    pub fn unit(&self, id: UnitId) -> Result<Option<Unit>, ServiceError> {
        self.read(&space::unit(id))
    }

    /// An account.
    pub fn account(&self, id: AccountId) -> Result<Option<Account>, ServiceError> {
        self.read(&space::account(id))
    }

    /// A position.
    pub fn position(&self, id: dinh_model::PositionId) -> Result<Option<Position>, ServiceError> {
        self.read(&space::position(id))
    }

    /// A role as it is stored; the platform's own role is not.
    pub fn role(&self, id: &dinh_model::RoleId) -> Result<Option<Role>, ServiceError> {
        self.read(&space::key(space::ROLE, &[id.as_str().as_bytes()]))
    }

    fn read<T: serde::de::DeserializeOwned>(&self, key: &[u8]) -> Result<Option<T>, ServiceError> {
        match self.snapshot.get(key)? {
            Some(stored) => decode(key, &stored.value).map(Some),
            None => Ok(None),
        }
    }
}

impl Names for Directory<'_> {
    fn unit(&self, unit: UnitId, _: Language) -> Option<String> {
        Directory::unit(self, unit).ok().flatten().map(|unit| unit.name)
    }

    fn account(&self, account: AccountId, _: Language) -> Option<String> {
        let found = Directory::account(self, account).ok().flatten();
        // Names are not one person's alone; logins are.
        found.map(|account| format!("{} ({})", account.full_name, account.login))
    }

    fn permission(&self, permission: &Permission, language: Language) -> Option<String> {
        super::roles::title_in(self.snapshot, permission).map(|title| title.get(language).to_owned())
    }
}
