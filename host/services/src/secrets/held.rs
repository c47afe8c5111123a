//! Data keys that are held unwrapped, and how a call comes to one.

use std::collections::BTreeMap;
use std::sync::Arc;

use dinh_model::{Actor, Language, PluginId, time};
use dinh_store::{Snapshot, Transaction};
use parking_lot::Mutex;
use zeroize::Zeroizing;

use super::stored::{self, StoredKey};
use super::{About, DataKey, KeyError, KeyName, KeyProvider, SealError};
use crate::{Call, Platform, ServiceError, platform};

/// Whose data is sealed: a plugin's, or the platform's own, which has number 0.
#[derive(Clone, Copy, Debug)]
pub struct KeyOwner<'a> {
    /// The plugin's number.
    pub number: u32,
    /// Its id.
    pub id: &'a PluginId,
}

/// The keeper of keys, and the data keys unwrapped so far.
pub(crate) struct Secrets {
    pub(crate) provider: Arc<dyn KeyProvider>,
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    /// By number, beside the wrapped bytes it came from.
    keys: BTreeMap<u32, (Vec<u8>, Arc<DataKey>)>,
    /// Destroyed, by number: no key up to this serial number is held again, whatever an old snapshot says.
    gone: BTreeMap<u32, u32>,
}

/// Data keys that a call has made, by number: part of its change once it commits.
#[derive(Default)]
pub(crate) struct NewKeys(BTreeMap<u32, (StoredKey, Arc<DataKey>)>);

impl NewKeys {
    pub(crate) fn find(&self, number: u32) -> Option<Arc<DataKey>> {
        self.0.get(&number).map(|(_, key)| Arc::clone(key))
    }
}

impl Secrets {
    pub(crate) fn new(provider: Arc<dyn KeyProvider>) -> Self {
        Self { provider, held: Mutex::default() }
    }

    /// The data key of an owner, as a call sees it; none when nothing was sealed yet. The call relies on it: what it
    /// seals does not commit when the key was destroyed meanwhile.
    pub(crate) fn find(
        &self,
        transaction: &Transaction,
        number: u32,
    ) -> Result<Option<Arc<DataKey>>, ServiceError> {
        let stored = Self::stored(transaction, number)?;
        stored.map(|stored| self.unwrapped(number, stored)).transpose()
    }

    fn stored(transaction: &Transaction, number: u32) -> Result<Option<StoredKey>, ServiceError> {
        let key = stored::key(number);
        let found = transaction.get(&key)?;
        found.map(|found| StoredKey::decode(&key, &found.value)).transpose()
    }

    pub(super) fn unwrapped(&self, number: u32, stored: StoredKey) -> Result<Arc<DataKey>, ServiceError> {
        let name = stored.name(number)?;
        let StoredKey::Wrapped { owner, serial, wrapped, .. } = stored else {
            return Err(SealError::Destroyed { owner: stored.owner().to_owned() }.into());
        };
        if let Some((known, key)) = self.held.lock().keys.get(&number)
            && *known == wrapped
        {
            return Ok(Arc::clone(key));
        }
        let unavailable = |key| SealError::Key { owner: owner.clone(), key };
        let bytes = self.provider.unwrap(&name, &wrapped, &stored::about(number, &owner));
        let key = Arc::new(DataKey::new(&bytes.map_err(unavailable)?, serial));
        let mut held = self.held.lock();
        if held.gone.get(&number).is_none_or(|gone| serial > *gone) {
            held.keys.insert(number, (wrapped, Arc::clone(&key)));
        }
        Ok(key)
    }

    /// Lets a key go that was destroyed; its bytes are wiped when the last call that has it ends.
    pub(super) fn forget(&self, number: u32, serial: u32) {
        let mut held = self.held.lock();
        held.keys.remove(&number);
        held.gone.insert(number, serial);
    }

    /// Every stored data key.
    pub(super) fn all(snapshot: &Snapshot) -> Result<Vec<(u32, StoredKey)>, ServiceError> {
        let prefix = [crate::space::DATA_KEY];
        let end = dinh_model::key::after_prefix(&prefix);
        let rows = snapshot.range(&prefix, end.as_deref(), dinh_store::Direction::Forward);
        rows.map(|row| {
            let (key, stored) = row?;
            let number = crate::space::trailing_number(&key).ok_or_else(|| crate::call::damaged(&key))?;
            Ok((number, StoredKey::decode(&key, &stored.value)?))
        })
        .collect()
    }
}

impl Call {
    /// The data key of an owner; none when nothing of theirs was sealed yet.
    ///
    /// # Errors
    /// [`ServiceError::Sealed`] when it was destroyed or cannot be used now.
    pub fn data_key(&self, owner: KeyOwner<'_>) -> Result<Option<Arc<DataKey>>, ServiceError> {
        match self.new_keys.find(owner.number) {
            Some(made) => Ok(Some(made)),
            None => self.common.secrets.find(&self.transaction, owner.number),
        }
    }

    /// The same; none also when what there was is destroyed.
    pub(crate) fn data_key_left(&self, owner: KeyOwner<'_>) -> Result<Option<Arc<DataKey>>, ServiceError> {
        match self.data_key(owner) {
            Err(ServiceError::Sealed(SealError::Destroyed { .. })) => Ok(None),
            known => known,
        }
    }

    /// The data key of an owner, to seal something with. The first one, and the next after one was destroyed, is made
    /// here, and is there once the call commits, with its evidence; if it writes nothing, there is none.
    ///
    /// # Errors
    /// As [`data_key`](Self::data_key).
    pub fn data_key_to_seal(&mut self, owner: KeyOwner<'_>) -> Result<Arc<DataKey>, ServiceError> {
        if let Some(key) = self.data_key_left(owner)? {
            return Ok(key);
        }
        let before = Secrets::stored(&self.transaction, owner.number)?;
        let (serial, version) = before.map_or((0, 0), |before| before.numbers());
        let (serial, version) = (serial + 1, version + 1);
        let name = KeyName::new(owner.number, owner.id, version);
        let bytes = Zeroizing::new(platform::random()?);
        let unavailable = |key: KeyError| SealError::Key { owner: owner.id.to_string(), key };
        self.common.secrets.provider.create(&name).map_err(unavailable)?;
        let about = stored::about(owner.number, owner.id.as_str());
        let stored = StoredKey::Wrapped {
            owner: owner.id.to_string(),
            version,
            serial,
            wrapped: self.common.secrets.provider.wrap(&name, &bytes, &about).map_err(unavailable)?,
            made: time::microseconds(self.now()),
        };
        let key = Arc::new(DataKey::new(&bytes, serial));
        self.new_keys.0.insert(owner.number, (stored, Arc::clone(&key)));
        Ok(key)
    }

    /// Seals something of the platform's own, as what `about` says.
    ///
    /// # Errors
    /// As [`data_key`](Self::data_key), when the platform's key cannot be used now.
    pub fn seal_own(&mut self, about: About<'_>, secret: &[u8]) -> Result<Vec<u8>, ServiceError> {
        let platform = PluginId::platform();
        self.data_key_to_seal(KeyOwner { number: 0, id: &platform })?.seal(about, secret)
    }

    /// Opens something of the platform's own that was sealed as what `about` says.
    ///
    /// # Errors
    /// As [`data_key`](Self::data_key); when it was sealed as something else, or changed since.
    pub fn open_own(&self, about: About<'_>, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, ServiceError> {
        let platform = PluginId::platform();
        let altered = || ServiceError::from(SealError::Altered { owner: platform.to_string() });
        let key = self.data_key(KeyOwner { number: 0, id: &platform })?.ok_or_else(altered)?;
        Ok(key.open(about, sealed, platform.as_str())?)
    }

    /// Writes down the keys that this call made, when it writes anything.
    pub(crate) fn keep_new_keys(&mut self) -> Result<(), ServiceError> {
        if !self.transaction.writes() {
            return Ok(());
        }
        self.write_new_keys()
    }

    fn write_new_keys(&mut self) -> Result<(), ServiceError> {
        for (number, (stored, _)) in std::mem::take(&mut self.new_keys.0) {
            self.save(stored::key(number), &stored)?;
            let detail = [("wrapped-by", stored.name(number)?.to_string())];
            self.evidence("key.created", format!("key:{}", stored.owner()), detail);
        }
        Ok(())
    }
}

/// The platform's own data key, for what lies beside the store; made when there is none yet.
///
/// # Errors
/// [`ServiceError::Sealed`] when it cannot be used now.
pub fn own_data_key(platform: &Platform) -> Result<Arc<DataKey>, ServiceError> {
    let id = PluginId::platform();
    let (owner, origin) =
        (KeyOwner { number: 0, id: &id }, platform.origin(Actor::Service(id.clone()), Language::En));
    if let Some(key) = platform.look(&origin, |call| call.data_key_left(owner))? {
        return Ok(key);
    }
    platform.perform(&origin, |call| {
        let key = call.data_key_to_seal(owner)?;
        call.write_new_keys()?;
        Ok(key)
    })
}
