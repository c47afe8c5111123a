//! The second factor: a phone that shows codes, and ten recovery codes on paper for the day it is lost.
//!
//! ```text
//! enrol (password + a first code) ─▶ recovery codes, shown once ─▶ sign-in asks for a code each time
//!   ▲ asked for at sign-in, when a role needs it        │ lost both: an administrator, in person (`reset`)
//! ```
//!
//! A code is accepted once: the last step is remembered, in the change that the code was good for. The secret
//! lies sealed in the store, under the platform's own data key ([`secrets`](crate::secrets)); recovery codes have
//! 78 bits and are stored as SHA-256, so they serve also while that key is unavailable.

use dinh_model::{AccountId, PluginId, RoleId, Target, Timestamp, time};
use dinh_store::Outcome;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::accounts::passwords::Known;
use crate::accounts::totp::TotpSecret;
use crate::accounts::{
    Password, Session, failures, had, passwords, people, readable, stored_sessions, tokens,
};
use crate::call::entry;
use crate::permissions::GRANT_MANAGE;
use crate::secrets::SealError;
use crate::{Call, Origin, Platform, ServiceError, space};

/// Recovery codes given out at a time.
const RECOVERY_CODES: usize = 10;
/// Letters of one.
const RECOVERY_LETTERS: usize = 16;

/// A second factor as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::accounts) struct StoredFactor {
    /// The secret, sealed.
    secret: Vec<u8>,
    /// The last step whose code was accepted.
    last_step: u64,
    /// SHA-256 of the account and each recovery code that is left.
    recovery: Vec<[u8; 32]>,
    /// Microseconds.
    enrolled: i64,
}

/// What stood for the second factor at a sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::accounts) enum Shown {
    /// A code of the phone.
    Code,
    /// A recovery code, which is used up.
    Recovery,
}

impl Shown {
    pub(in crate::accounts) fn as_str(self) -> &'static str {
        match self {
            Self::Code => "totp",
            Self::Recovery => "recovery-code",
        }
    }
}

/// The second factor of an account, as it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SecondFactor {
    /// Since when.
    pub enrolled: Timestamp,
    /// Recovery codes left.
    pub recovery_left: usize,
}

/// The second factor of an account; none when it has none. Everybody may see their own; others' need
/// `dinh.account.manage` for the account's unit.
pub fn second_factor_of(call: &mut Call, account: AccountId) -> Result<Option<SecondFactor>, ServiceError> {
    tokens::own_or_managed(call, account)?;
    Ok(load(call, account)?.map(|factor| SecondFactor {
        enrolled: time::from_microseconds(factor.enrolled).unwrap_or_default(),
        recovery_left: factor.recovery.len(),
    }))
}

/// Whether an account has one of these roles by a grant in force, its own, a position's or one that it borrows, so that
/// it needs a second factor. For the account itself, or with `dinh.grant.manage` for its unit.
pub fn needs_second_factor(
    call: &mut Call,
    account: AccountId,
    roles: &[RoleId],
) -> Result<bool, ServiceError> {
    if roles.is_empty() {
        return Ok(false);
    }
    if call.account() != Some(account) {
        let unit = people::get_account(call, account)?.unit;
        call.require(&GRANT_MANAGE, &Target::unit(unit))?;
    }
    Ok(had::in_force(call, account)?.iter().any(|grant| roles.contains(&grant.role)))
}

/// Lets a person's phone be their second factor: they know their password, and the phone shows the code of
/// `secret` now. All their sessions end except `keep`, the one they are in. Returns the recovery codes, which are
/// shown once and never again.
///
/// A wrong password or code counts towards the lock-out of the name. Whoever has a second factor removes it
/// first.
pub fn enrol_second_factor(
    platform: &Platform,
    origin: &Origin,
    keep: Option<&Session>,
    password: &Password,
    secret: &TotpSecret,
    code: &str,
) -> Result<Vec<String>, ServiceError> {
    let known = passwords::own(platform, origin, password, "second-factor.enrol-failed")?;
    let Some(step) = secret.step_of(&readable::plain(code), origin.now) else {
        count(platform, &known, "second-factor.enrol-failed")?;
        return Err(wrong_code());
    };
    platform.perform(&known.origin, |call| {
        let mut account = known.still(call)?;
        if load(call, account.id)?.is_some() {
            return Err(ServiceError::invalid(
                "Bạn đã bật xác thực hai lớp. Hãy tắt lớp hiện tại trước khi đăng ký thiết bị khác.",
                "You have a second factor already. Remove it before you enrol another device.",
            ));
        }
        let codes: Vec<String> =
            (0..RECOVERY_CODES).map(|_| readable::readable(call.random_bytes(), RECOVERY_LETTERS)).collect();
        let factor = StoredFactor {
            secret: seal(call, account.id, secret)?,
            last_step: step,
            recovery: codes.iter().map(|code| recovery_hash(account.id, code)).collect(),
            enrolled: time::microseconds(call.now()),
        };
        call.save(key(account.id), &factor)?;
        stored_sessions::end_others(call, &mut account, keep)?;
        call.evidence("second-factor.enrolled", people::subject(account.id), []);
        Ok(codes)
    })
}

/// Removes a person's own second factor: they know their password and have a code, of the phone or of the paper.
/// All their sessions end except `keep`; where a role needs a second factor, that one has to enrol anew before
/// anything else. A wrong password or code counts towards the lock-out of the name.
pub fn remove_second_factor(
    platform: &Platform,
    origin: &Origin,
    keep: Option<&Session>,
    password: &Password,
    code: &str,
) -> Result<(), ServiceError> {
    let known = passwords::own(platform, origin, password, "second-factor.remove-failed")?;
    let removed = platform.perform(&known.origin, |call| {
        let mut account = known.still(call)?;
        let Some(shown) = accept(call, account.id, code)? else { return Ok(false) };
        call.transaction.delete(key(account.id));
        stored_sessions::end_others(call, &mut account, keep)?;
        let detail = [("factor", shown.as_str().to_owned())];
        call.evidence("second-factor.removed", people::subject(account.id), detail);
        Ok(true)
    })?;
    if !removed {
        count(platform, &known, "second-factor.remove-failed")?;
        return Err(wrong_code());
    }
    Ok(())
}

pub(in crate::accounts) fn key(account: AccountId) -> Vec<u8> {
    space::numbered(space::SECOND_FACTOR, account.0)
}

pub(in crate::accounts) fn load(
    call: &Call,
    account: AccountId,
) -> Result<Option<StoredFactor>, ServiceError> {
    call.load(&key(account))
}

/// Accepts a code of the phone or a recovery code, and remembers that it was; none when it is neither, or was
/// accepted before.
pub(in crate::accounts) fn accept(
    call: &mut Call,
    account: AccountId,
    typed: &str,
) -> Result<Option<Shown>, ServiceError> {
    let Some(mut factor) = load(call, account)? else { return Ok(None) };
    let plain = readable::plain(typed);
    let hash = recovery_hash(account, &plain);
    let before = factor.recovery.len();
    factor.recovery.retain(|left| *left != hash);
    let shown = if factor.recovery.len() < before {
        Shown::Recovery
    } else {
        match open(call, account, &factor)?.step_of(&plain, call.now()) {
            Some(step) if step > factor.last_step => factor.last_step = step,
            _ => return Ok(None),
        }
        Shown::Code
    };
    call.save(key(account), &factor)?;
    Ok(Some(shown))
}

/// What a secret is sealed as.
fn about(account: AccountId) -> [Vec<u8>; 2] {
    [b"second-factor".to_vec(), account.0.to_be_bytes().to_vec()]
}

fn seal(call: &mut Call, account: AccountId, secret: &TotpSecret) -> Result<Vec<u8>, ServiceError> {
    call.seal_own(&about(account).each_ref().map(Vec::as_slice), secret.as_bytes())
}

fn open(call: &Call, account: AccountId, factor: &StoredFactor) -> Result<TotpSecret, ServiceError> {
    let opened = call.open_own(&about(account).each_ref().map(Vec::as_slice), &factor.secret)?;
    let altered = || SealError::Altered { owner: PluginId::platform().to_string() }.into();
    TotpSecret::from_bytes(&opened).ok_or_else(altered)
}

/// Counts a wrong code as a failed sign-in.
fn count(platform: &Platform, known: &Known<'_>, action: &str) -> Result<(), ServiceError> {
    let Known { account, origin, .. } = known;
    // The address has one attempt less; whether that was the last is said at the next one.
    let _ = passwords::from_address(platform, origin);
    let detail = [("reason", "wrong-code".to_owned())];
    let failed = entry(origin, None, action, people::subject(account.id), Outcome::Failed, detail);
    failures::count_failure(platform, origin, &account.login, failed).map(drop)
}

fn wrong_code() -> ServiceError {
    ServiceError::invalid(
        "Mã xác thực không đúng hoặc đã dùng rồi. Hãy chờ mã mới trên điện thoại và kiểm tra giờ của điện thoại.",
        "The code is wrong or was used already. Wait for the next one, and check the clock of your phone.",
    )
}

fn recovery_hash(account: AccountId, code: &str) -> [u8; 32] {
    let code = readable::plain(code);
    Sha256::new().chain_update(account.0.to_be_bytes()).chain_update(code.as_bytes()).finalize().into()
}
