//! Setting and changing passwords. What is stored is the hash, apart from the account.

use dinh_model::AccountId;
use dinh_store::Outcome;
use serde::{Deserialize, Serialize};

use super::password::Password;
use super::stored_sessions::{self, StoredSession};
use super::{Account, life, people};
use crate::call::entry;
use crate::{Call, Origin, Platform, ServiceError, space};

/// An account's secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Secret {
    /// PHC string: algorithm, parameters, salt, hash.
    pub(super) hash: String,
}

pub(super) fn key(account: AccountId) -> Vec<u8> {
    space::numbered(space::SECRET, account.0)
}

/// Stores a password that is good enough.
pub(super) fn store(call: &mut Call, account: &Account, password: &Password) -> Result<(), ServiceError> {
    password.check(&account.login, &account.full_name)?;
    let salt = call.random_bytes();
    let hash = call.hasher.hash(password, salt)?;
    call.save(key(account.id), &Secret { hash })
}

/// Sets somebody's password, which they must change at their next sign-in when `must_change`. All their
/// sessions end and a lock-out is released. Needs `dinh.account.manage` for their unit; refused for whoever approves what
/// others ask for.
pub fn set_password(
    call: &mut Call,
    account: AccountId,
    password: &Password,
    must_change: bool,
) -> Result<(), ServiceError> {
    let mut account = people::managed(call, account)?;
    life::approves_nothing(call, &account)?;
    store(call, &account, password)?;
    account.must_change_password = must_change;
    account.generation = account.generation.wrapping_add(1);
    call.save(space::account(account.id), &account)?;
    super::attempts::forget(call, &account.login)?;
    call.people_changed();
    call.evidence("password.set", people::subject(account.id), [("must-change", must_change.to_string())]);
    Ok(())
}

/// Changes a person's own password. All their sessions end except `keep`, the one they are in. A wrong
/// current password is a failed sign-in: it counts towards the lock-out of the name and is in the
/// evidence.
pub fn change_password(
    platform: &Platform,
    origin: &Origin,
    keep: Option<&super::Session>,
    current: &Password,
    new: &Password,
) -> Result<(), ServiceError> {
    let Some(id) = origin.actor.account() else {
        return Err(ServiceError::invalid(
            "Chỉ người đã đăng nhập mới đổi được mật khẩu của mình.",
            "Only a signed-in person can change their own password.",
        ));
    };
    let call = platform.begin(origin)?;
    let account = people::get_account(&call, id)?;
    if super::attempts::locked_until(platform, &account.login, origin.now)?.is_some() {
        return Err(wrong());
    }
    // Before anything is written or compared: a new password that is refused costs no attempt.
    new.check(&account.login, &account.full_name)?;
    let secret: Option<Secret> = call.load(&key(id))?;
    let hash = secret.as_ref().map(|secret| secret.hash.as_str());
    if current.is_absurd() || !platform.hasher().verify(current, hash)?.good {
        let failed = entry(
            origin,
            None,
            "password.change-failed",
            people::subject(id),
            Outcome::Failed,
            [("reason", "wrong-password".to_owned())],
        );
        super::attempts::count_failure(platform, origin, &account.login, failed)?;
        return Err(wrong());
    }
    if new.bytes() == current.bytes() {
        return Err(ServiceError::invalid(
            "Mật khẩu mới phải khác mật khẩu hiện tại.",
            "The new password must differ from the current one.",
        ));
    }
    platform.perform(origin, |call| {
        let mut account = people::get_account(call, id)?;
        if call.load::<Secret>(&key(id))? != secret {
            // Set anew by somebody else since it was compared.
            return Err(wrong());
        }
        store(call, &account, new)?;
        account.must_change_password = false;
        account.generation = account.generation.wrapping_add(1);
        if let Some(session) = keep.filter(|session| session.account.id == id) {
            keep_session(call, session, account.generation)?;
        }
        call.save(space::account(id), &account)?;
        call.people_changed();
        call.evidence("password.changed", people::subject(id), []);
        Ok(())
    })
}

fn keep_session(call: &mut Call, session: &super::Session, generation: u32) -> Result<(), ServiceError> {
    let key = stored_sessions::key(&session.hash);
    if let Some(mut stored) = call.load::<StoredSession>(&key)? {
        stored.generation = generation;
        call.save(key, &stored)?;
    }
    Ok(())
}

fn wrong() -> ServiceError {
    ServiceError::invalid(
        "Mật khẩu hiện tại không đúng, hoặc tài khoản đang tạm khoá do nhập sai nhiều lần.",
        "The current password is wrong, or the account is locked for a while after too many attempts.",
    )
}
