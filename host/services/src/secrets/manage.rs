//! What is done to keys: looked at, rotated, destroyed. By the owner of the data folder alone, who holds the key
//! files anyway.

use dinh_model::time;

use super::SealError;
use super::held::Secrets;
use super::stored::{self, StoredKey};
use crate::{Call, Platform, ServiceError};

/// A data key, as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyState {
    /// Whose data it seals: a plugin's id, or `dinh` for the platform's own.
    pub owner: String,
    /// The key-encryption key that wraps it.
    pub wrapped_by: String,
    /// Why it cannot be used; none when it can.
    pub problem: Option<SealError>,
}

/// Every data key, and whether it can be used now.
pub fn key_states(platform: &Platform) -> Result<Vec<KeyState>, ServiceError> {
    let secrets = platform.secrets();
    let all = Secrets::all(&platform.store().snapshot()?)?;
    let state = |(number, stored): (u32, StoredKey)| {
        let (owner, name) = (stored.owner().to_owned(), stored.name(number)?);
        // Asked of the provider itself: what is held since the start says nothing about the file.
        let problem = match &stored {
            StoredKey::Destroyed { .. } => Some(SealError::Destroyed { owner: owner.clone() }),
            StoredKey::Wrapped { wrapped, .. } => {
                let unwrapped = secrets.provider.unwrap(&name, wrapped, &stored::about(number, &owner));
                unwrapped.err().map(|key| SealError::Key { owner: owner.clone(), key })
            }
        };
        Ok(KeyState { owner, wrapped_by: name.to_string(), problem })
    };
    all.into_iter().map(state).collect()
}

/// Destroys the data key of `owner` (a plugin's id) in the store, and with it all that was sealed under it, for good;
/// what is sealed later gets a new one.
/// Once it is committed, [`settle_keys`] destroys what wrapped it.
///
/// # Errors
/// Unless the owner of the data folder acts; when nothing of that owner is sealed; when it was destroyed before.
pub fn destroy_key(call: &mut Call, owner: &str) -> Result<(), ServiceError> {
    only_the_owner(call, owner)?;
    let keys = Secrets::all(call.transaction.snapshot())?.into_iter();
    let newest = keys.filter(|(_, stored)| stored.owner() == owner).max_by_key(|(number, _)| *number);
    let Some((number, stored)) = newest else { return Err(nothing_sealed(owner)) };
    let name = stored.name(number)?;
    let StoredKey::Wrapped { version, serial, .. } = stored else {
        return Err(SealError::Destroyed { owner: owner.to_owned() }.into());
    };
    // Relied on: of this and a rotation at the same moment, one is run again.
    call.holds(&stored::key(number))?;
    let at = time::microseconds(call.now());
    let destroyed = StoredKey::Destroyed { owner: owner.to_owned(), version, serial, at };
    call.save(stored::key(number), &destroyed)?;
    call.evidence("key.destroyed", format!("key:{owner}"), [("wrapped-by", name.to_string())]);
    Ok(())
}

/// Wraps every data key with a new key-encryption key; how many there are. What is sealed stays as it is. Once it is
/// committed, [`settle_keys`] destroys the old ones.
///
/// # Errors
/// Unless the owner of the data folder acts; when a key cannot be used: then nothing has changed.
pub fn rotate_keys(call: &mut Call) -> Result<usize, ServiceError> {
    only_the_owner(call, "all")?;
    let mut count = 0;
    for (number, stored) in Secrets::all(call.transaction.snapshot())? {
        let name = stored.name(number)?;
        let StoredKey::Wrapped { owner, version, serial, wrapped, made } = stored else { continue };
        call.holds(&stored::key(number))?;
        let failed = |key| SealError::Key { owner: owner.clone(), key };
        let (provider, about) = (&call.common.secrets.provider, stored::about(number, &owner));
        let new = stored::name(number, &owner, version + 1)?;
        let bytes = provider.unwrap(&name, &wrapped, &about).map_err(failed)?;
        provider.create(&new).map_err(failed)?;
        let wrapped = provider.wrap(&new, &bytes, &about).map_err(failed)?;
        let rewrapped =
            StoredKey::Wrapped { owner: owner.clone(), version: version + 1, serial, wrapped, made };
        call.save(stored::key(number), &rewrapped)?;
        let detail = [("from", name.to_string()), ("to", new.to_string())];
        call.evidence("key.rotated", format!("key:{owner}"), detail);
        count += 1;
    }
    Ok(count)
}

/// Destroys with their provider the keys that the store does not need any more: those of destroyed data, those before
/// a rotation. Done after each of these deeds, and at every start for what a crash in between has left.
pub fn settle_keys(platform: &Platform) -> Result<(), ServiceError> {
    let secrets = platform.secrets();
    for (number, stored) in Secrets::all(&platform.store().snapshot()?)? {
        let owner = stored.owner().to_owned();
        let last = match stored {
            StoredKey::Wrapped { version, .. } => version.saturating_sub(1),
            StoredKey::Destroyed { version, serial, .. } => {
                secrets.forget(number, serial);
                version
            }
        };
        for version in 1..=last {
            let name = stored::name(number, &owner, version)?;
            let failed = |key| SealError::Key { owner: owner.clone(), key };
            secrets.provider.destroy(&name).map_err(failed)?;
        }
    }
    Ok(())
}

/// Keys are the business of whoever holds the key files.
fn only_the_owner(call: &Call, owner: &str) -> Result<(), ServiceError> {
    if call.origin.operator {
        return Ok(());
    }
    Err(ServiceError::refused(
        "keys-by-owner",
        format!("key:{owner}"),
        "Chỉ chủ sở hữu thư mục dữ liệu được huỷ hoặc thay khoá: dùng --as-operator --reason \"…\".",
        "only the owner of the data folder destroys or rotates keys: use --as-operator --reason \"…\"",
    ))
}

fn nothing_sealed(owner: &str) -> ServiceError {
    ServiceError::invalid(
        format!("“{owner}” không có dữ liệu niêm phong nào, nên không có khoá."),
        format!("nothing of {owner:?} is sealed, so it has no key; `dinh key list` shows those there are"),
    )
}
