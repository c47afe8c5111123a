//! What an administrator does for somebody who stands before them and has lost their password or their phone.
//!
//! No mail is needed. The evidence says who did it, for whom, and how they made sure whom they had before them;
//! never the password.

use dinh_model::AccountId;

use crate::accounts::temporary::Temporary;
use crate::accounts::{
    Account, AccountState, IdentityCheck, Password, TemporaryTerm, failures, life, passwords, people,
    readable, second_factor, stored_sessions,
};
use crate::{Call, ServiceError};

/// Letters of a temporary password: 58 bits, which the lock-out lets nobody try.
const LETTERS: usize = 12;

/// A lost password that was released.
#[derive(Clone)]
pub struct Released {
    /// The temporary password: stored as a hash, shown this once.
    pub password: String,
    /// How long it is accepted.
    pub accepted: TemporaryTerm,
}

/// Releases a lost password: returns a temporary one, to be shown once and handed over, that must be changed at
/// its first use and is accepted for some days only. All sessions end and a lock-out is released; a second factor stays. Needs
/// `dinh.account.manage` for the account's unit, and is done for another, never for oneself; for somebody who
/// approves, only by break-glass.
pub fn release_password(
    call: &mut Call,
    account: AccountId,
    identity: IdentityCheck,
) -> Result<Released, ServiceError> {
    let mut account = another(call, account)?;
    life::approves_nothing(call, &account)?;
    let temporary = readable::readable(call.random_bytes(), LETTERS);
    passwords::store(call, &account, &Password::new(&temporary), true)?;
    account.must_change_password = true;
    failures::forget(call, &account.login)?;
    stored_sessions::end_others(call, &mut account, None, |_| {})?;
    let detail = [("identity", identity.to_string())];
    call.evidence("password.released", people::subject(account.id), detail);
    Ok(Released { password: temporary, accepted: Temporary::set(call).term(&account) })
}

/// Removes the second factor of somebody who has lost it; whether there was one. All their sessions end. Needs
/// `dinh.account.manage` for the account's unit, and is done for another, never for oneself.
pub fn reset_second_factor(
    call: &mut Call,
    account: AccountId,
    identity: IdentityCheck,
) -> Result<bool, ServiceError> {
    let mut account = another(call, account)?;
    if second_factor::load(call, account.id)?.is_none() {
        return Ok(false);
    }
    call.transaction.delete(second_factor::key(account.id));
    stored_sessions::end_others(call, &mut account, None, |_| {})?;
    let detail = [("identity", identity.to_string())];
    call.evidence("second-factor.reset", people::subject(account.id), detail);
    Ok(true)
}

/// The account of somebody else, which the actor manages and which may sign in.
fn another(call: &mut Call, id: AccountId) -> Result<Account, ServiceError> {
    let account = people::managed(call, id)?;
    if call.account() == Some(id) {
        return Err(ServiceError::invalid(
            "Không thể tự cấp lại cho chính mình. Hãy nhờ một quản trị viên khác.",
            "Nobody releases their own. Ask another administrator.",
        ));
    }
    if account.state == AccountState::Closed {
        return Err(ServiceError::invalid(
            format!("Tài khoản “{}” đã đóng vĩnh viễn.", account.login),
            format!("The account “{}” is closed for good.", account.login),
        ));
    }
    Ok(account)
}
