//! Setting and changing passwords. What is stored is the hash, apart from the account.

use dinh_model::AccountId;
use dinh_store::Outcome;
use serde::{Deserialize, Serialize};

use crate::accounts::password::Password;
use crate::accounts::policy::check_password;
use crate::accounts::stored_sessions::end_others;
use crate::accounts::temporary::{self, Temporary};
use crate::accounts::{Account, life, people};
use crate::call::entry;
use crate::{Call, Origin, Platform, ServiceError, space};

/// An account's secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::accounts) struct Secret {
    /// PHC string: algorithm, parameters, salt, hash.
    pub(in crate::accounts) hash: String,
    /// It was set by somebody else, to be changed at its first use.
    pub(in crate::accounts) temporary: Option<Temporary>,
}

pub(in crate::accounts) fn key(account: AccountId) -> Vec<u8> {
    space::numbered(space::SECRET, account.0)
}

/// Stores a password that is good enough; as a temporary one when it `must_change` at its first use.
pub(in crate::accounts) fn store(
    call: &mut Call,
    account: &Account,
    password: &Password,
    must_change: bool,
) -> Result<(), ServiceError> {
    check_password(call, account, password)?;
    let salt = call.random_bytes();
    let hash = call.hasher.hash(password, salt)?;
    let temporary = must_change.then(|| Temporary::set(call));
    call.save(key(account.id), &Secret { hash, temporary })
}

/// Stores a secret that chance made, of 78 bits or more, as a temporary password: it needs neither a check for what
/// people choose nor a hash that is slow to guess. At its first use it is hashed like any other.
pub(in crate::accounts) fn store_random(
    call: &mut Call,
    account: AccountId,
    password: &Password,
) -> Result<(), ServiceError> {
    let salt = call.random_bytes();
    let hash = call.hasher.hash_random(password, salt)?;
    let temporary = Some(Temporary::set(call));
    call.save(key(account), &Secret { hash, temporary })
}

/// Sets somebody's password, which they must change at their next sign-in, within the days of
/// [`temporary_password`](super::temporary_password), when `must_change`. All their sessions end and a lock-out is
/// released. Needs `dinh.account.manage` for their unit; refused for whoever approves what
/// others ask for.
pub fn set_password(
    call: &mut Call,
    account: AccountId,
    password: &Password,
    must_change: bool,
) -> Result<(), ServiceError> {
    let mut account = people::managed(call, account)?;
    life::approves_nothing(call, &account)?;
    store(call, &account, password, must_change)?;
    account.must_change_password = must_change;
    crate::accounts::failures::forget(call, &account.login)?;
    end_others(call, &mut account, None, |_| {})?;
    call.evidence("password.set", people::subject(account.id), [("must-change", must_change.to_string())]);
    Ok(())
}

/// Changes a person's own password. All their sessions end except `keep`, the one they are in. A wrong
/// current password is a failed sign-in: it counts towards the lock-out of the name and is in the
/// evidence.
pub fn change_password(
    platform: &Platform,
    origin: &Origin,
    keep: Option<&crate::accounts::Session>,
    current: &Password,
    new: &Password,
) -> Result<(), ServiceError> {
    // Before anything is compared: a new password that is refused costs no attempt.
    let call = platform.begin(origin)?;
    if let Some(id) = origin.actor.account() {
        check_password(&call, &people::get_account(&call, id)?, new)?;
    }
    let known = own(platform, origin, current, "password.change-failed")?;
    if new.bytes() == current.bytes() {
        return Err(ServiceError::invalid(
            "Mật khẩu mới phải khác mật khẩu hiện tại.",
            "The new password must differ from the current one.",
        ));
    }
    platform.perform(origin, |call| {
        let mut account = known.still(call)?;
        store(call, &account, new, false)?;
        account.must_change_password = false;
        end_others(call, &mut account, keep, |_| {})?;
        call.evidence("password.changed", people::subject(account.id), []);
        Ok(())
    })
}

/// The person who acts, and knows their password.
pub(in crate::accounts) struct Known {
    pub(in crate::accounts) account: Account,
    secret: Option<Secret>,
}

impl Known {
    /// The account as it is in a call, if the password is still the same one.
    pub(in crate::accounts) fn still(&self, call: &Call) -> Result<Account, ServiceError> {
        if call.load::<Secret>(&key(self.account.id))? != self.secret {
            // Set anew by somebody else since it was compared.
            return Err(wrong());
        }
        people::get_account(call, self.account.id)
    }
}

/// The person who acts, signed in themselves, if this is their password: asked for before they change how they
/// sign in, so that a session left open changes nothing. A wrong one is a failed sign-in; `action` is what the
/// evidence calls it.
pub(in crate::accounts) fn own(
    platform: &Platform,
    origin: &Origin,
    password: &Password,
    action: &str,
) -> Result<Known, ServiceError> {
    let Some(id) = origin.actor.account().filter(|_| origin.scope.is_none()) else {
        return Err(ServiceError::invalid(
            "Chỉ người đã tự đăng nhập mới thay đổi được cách đăng nhập của mình.",
            "Only a signed-in person can change how they sign in.",
        ));
    };
    let call = platform.begin(origin)?;
    let account = people::get_account(&call, id)?;
    if crate::accounts::failures::locked_until(platform, &account.login, origin.now)?.is_some() {
        return Err(wrong());
    }
    let secret: Option<Secret> = call.load(&key(id))?;
    let hash = secret.as_ref().map(|secret| secret.hash.as_str());
    if password.is_absurd() || !platform.hasher().verify(password, hash)?.good {
        let detail = [("reason", "wrong-password".to_owned())];
        let failed = entry(origin, None, action, people::subject(id), Outcome::Failed, detail);
        crate::accounts::failures::count_failure(platform, origin, &account.login, failed)?;
        return Err(wrong());
    }
    if secret.as_ref().is_some_and(|secret| secret.has_expired(&account, origin.now)) {
        let detail = [("reason", "password-expired".to_owned())];
        platform.store().witness(vec![entry(
            origin,
            None,
            action,
            people::subject(id),
            Outcome::Refused,
            detail,
        )])?;
        return Err(ServiceError::Invalid(temporary::expired()));
    }
    Ok(Known { account, secret })
}

fn wrong() -> ServiceError {
    ServiceError::invalid(
        "Mật khẩu hiện tại không đúng, hoặc tài khoản đang tạm khoá do nhập sai nhiều lần.",
        "The current password is wrong, or the account is locked for a while after too many attempts.",
    )
}
