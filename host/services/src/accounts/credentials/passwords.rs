//! Setting and changing passwords. What is stored is the hash, apart from the account.

use std::time::Duration;

use dinh_model::AccountId;
use dinh_store::Outcome;
use serde::{Deserialize, Serialize};

use crate::accounts::attempts::Attempt;
use crate::accounts::failures::{self, NotNow};
use crate::accounts::password::Password;
use crate::accounts::policy::check_password;
use crate::accounts::sign_in::at_least_a_second;
use crate::accounts::stored_sessions::end_others;
use crate::accounts::temporary::{self, Temporary};
use crate::accounts::{Account, people, reset, tokens};
use crate::call::entry;
use crate::{Call, Origin, Platform, ServiceError, space};

/// An account's secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::accounts) struct Secret {
    /// PHC string: algorithm, parameters, salt, hash.
    pub(in crate::accounts) hash: String,
    /// It was set by somebody else, to be changed at its first use.
    pub(in crate::accounts) temporary: Option<Temporary>,
    /// Its person chose it, and nobody else knows it: see [`is_own`].
    pub(in crate::accounts) own: bool,
}

pub(in crate::accounts) fn key(account: AccountId) -> Vec<u8> {
    space::numbered(space::SECRET, account.0)
}

/// Whether an account has a password that its person chose: whoever chose it for them could sign in as them.
pub(in crate::accounts) fn is_own(call: &Call, account: &Account) -> Result<bool, ServiceError> {
    let secret: Option<Secret> = call.load(&key(account.id))?;
    Ok(!account.must_change_password && secret.is_some_and(|secret| secret.own))
}

/// Stores a password that is good enough; as a temporary one when it `must_change` at its first use. Else it is its
/// person's own when the person sets it, or when the owner of the data folder does, who vouches for it by not having it
/// changed, as for the first two people of a house.
pub(in crate::accounts) fn store(
    call: &mut Call,
    account: &Account,
    password: &Password,
    must_change: bool,
) -> Result<(), ServiceError> {
    check_password(call, account, password)?;
    let salt = call.random_bytes();
    let hash = call.common.hasher.hash(password, salt)?;
    let temporary = must_change.then(|| Temporary::set(call));
    let own = !must_change && (call.origin.operator || call.account() == Some(account.id));
    call.save(key(account.id), &Secret { hash, temporary, own })
}

/// Stores a secret that chance made, of 78 bits or more, as a temporary password: it needs neither a check for what
/// people choose nor a hash that is slow to guess. At its first use it is hashed like any other.
pub(in crate::accounts) fn store_random(
    call: &mut Call,
    account: AccountId,
    password: &Password,
) -> Result<(), ServiceError> {
    let salt = call.random_bytes();
    let hash = call.common.hasher.hash_random(password, salt)?;
    let temporary = Some(Temporary::set(call));
    call.save(key(account), &Secret { hash, temporary, own: false })
}

/// Sets somebody's password, which they must change at their next sign-in, within the days of
/// [`temporary_password`](super::temporary_password), when `must_change`. All their sessions and access tokens end and a
/// lock-out is released. Needs `dinh.account.manage` for their unit and every right of the platform that they have; refused for
/// whoever approves what others ask for, and for oneself: one changes one's own.
pub fn set_password(
    call: &mut Call,
    account: AccountId,
    password: &Password,
    must_change: bool,
) -> Result<(), ServiceError> {
    let mut account = reset::another(call, account)?;
    store(call, &account, password, must_change)?;
    account.must_change_password = must_change;
    failures::forget(call, &account.login)?;
    end_others(call, &mut account, None)?;
    let revoked = tokens::revoke_all(call, account.id)?;
    let detail = [("must-change", must_change.to_string()), ("tokens-revoked", revoked.to_string())];
    call.evidence("password.set", people::subject(account.id), detail);
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
    platform.perform(&known.origin, |call| {
        let mut account = known.still(call)?;
        store(call, &account, new, false)?;
        account.must_change_password = false;
        end_others(call, &mut account, keep)?;
        call.evidence("password.changed", people::subject(account.id), []);
        Ok(())
    })
}

/// The person who acts, and knows their password.
pub(in crate::accounts) struct Known<'p> {
    pub(in crate::accounts) account: Account,
    /// Where what they do now comes from: from themselves, whoever else's rights their session uses.
    pub(in crate::accounts) origin: Origin,
    secret: Option<Secret>,
    /// Until a code that is asked for besides is counted, too.
    _attempt: Attempt<'p>,
}

impl Known<'_> {
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
/// sign in, so that a session left open changes nothing. It is an attempt as a sign-in is: counted under the name and
/// the address before anything is compared, and one too many is not compared at all. A wrong one is a failed sign-in;
/// `action` is what the evidence calls it.
pub(in crate::accounts) fn own<'p>(
    platform: &'p Platform,
    origin: &Origin,
    password: &Password,
    action: &str,
) -> Result<Known<'p>, ServiceError> {
    let Some(id) = origin.actor.account().filter(|_| origin.scope.is_none()) else {
        return Err(ServiceError::invalid(
            "Chỉ người đã tự đăng nhập mới thay đổi được cách đăng nhập của mình.",
            "Only a signed-in person can change how they sign in.",
        ));
    };
    let origin = origin.clone().oneself();
    let call = platform.begin(&origin)?;
    let account = people::get_account(&call, id)?;
    from_address(platform, &origin)?;
    let attempt = match failures::attempt(platform, &account.login, origin.now)? {
        Ok(attempt) => attempt,
        Err(NotNow::Locked(_)) => return Err(wrong()),
        Err(NotNow::TooMany) => return Err(throttled(Duration::from_secs(1))),
    };
    let secret: Option<Secret> = call.load(&key(id))?;
    let hash = secret.as_ref().map(|secret| secret.hash.as_str());
    let good = !password.is_absurd()
        && match platform.hasher().verify(password, hash) {
            Err(ServiceError::Busy) => {
                forgive(platform, &origin);
                return Err(ServiceError::Busy);
            }
            verified => verified?.good,
        };
    if !good {
        let detail = [("reason", "wrong-password".to_owned())];
        let failed = entry(&origin, None, action, people::subject(id), Outcome::Failed, detail);
        failures::count_failure(platform, &origin, &account.login, failed)?;
        return Err(wrong());
    }
    forgive(platform, &origin);
    if secret.as_ref().is_some_and(|secret| secret.has_expired(&account, origin.now)) {
        let detail = [("reason", "password-expired".to_owned())];
        platform.store().witness(vec![entry(
            &origin,
            None,
            action,
            people::subject(id),
            Outcome::Refused,
            detail,
        )])?;
        return Err(ServiceError::Invalid(temporary::expired()));
    }
    Ok(Known { account, origin, secret, _attempt: attempt })
}

/// Counts an attempt from an address before it is made, so that attempts at the same time count too.
pub(in crate::accounts) fn from_address(platform: &Platform, origin: &Origin) -> Result<(), ServiceError> {
    let Some(address) = origin.address else { return Ok(()) };
    platform.sign_in.begin_from(address, origin.now, platform.options()).map_err(|wait| {
        tracing::warn!(%address, "attempts of one's own password throttled");
        throttled(at_least_a_second(wait))
    })
}

fn forgive(platform: &Platform, origin: &Origin) {
    if let Some(address) = origin.address {
        platform.sign_in.forgive(address);
    }
}

fn throttled(wait: Duration) -> ServiceError {
    let seconds = wait.as_secs();
    ServiceError::invalid(
        format!("Có quá nhiều lần thử nên lần này chưa được kiểm tra. Hãy thử lại sau {seconds} giây."),
        format!("Too many attempts, so that this one was not looked at. Try again in {seconds} seconds."),
    )
}

fn wrong() -> ServiceError {
    ServiceError::invalid(
        "Mật khẩu hiện tại không đúng, hoặc tài khoản đang tạm khoá do nhập sai nhiều lần.",
        "The current password is wrong, or the account is locked for a while after too many attempts.",
    )
}
