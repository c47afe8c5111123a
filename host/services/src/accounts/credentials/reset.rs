//! What an administrator does for somebody who stands before them and has lost their password or their phone.
//!
//! Sessions and access tokens end with a released password: somebody else may have known it. No mail is needed. The evidence says who did it, for whom, and how they made sure whom they had before them;
//! never the password.

use dinh_model::AccountId;

use crate::accounts::temporary::Temporary;
use crate::accounts::{
    Account, AccountState, IdentityCheck, Password, TemporaryTerm, failures, passwords, people, rank,
    readable, second_factor, stored_sessions, tokens,
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
    /// How many access tokens were revoked: programs that used them need new ones.
    pub tokens: usize,
}

impl std::fmt::Debug for Released {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Released").field("accepted", &self.accepted).finish_non_exhaustive()
    }
}

/// Releases a lost password: returns a temporary one, to be shown once and handed over, that must be changed at
/// its first use and is accepted for some days only. All sessions and access tokens end and a lock-out is released; a
/// second factor stays. Needs `dinh.account.manage` for the account's unit and every right of the platform that it has, and is done
/// for another, never for oneself; for somebody who approves, only by break-glass.
pub fn release_password(
    call: &mut Call,
    account: AccountId,
    identity: IdentityCheck,
) -> Result<Released, ServiceError> {
    let mut account = another(call, account)?;
    let temporary = readable::readable(call.random_bytes(), LETTERS);
    passwords::store(call, &account, &Password::new(&temporary), true)?;
    account.must_change_password = true;
    failures::forget(call, &account.login)?;
    stored_sessions::end_others(call, &mut account, None)?;
    let tokens = tokens::revoke_all(call, account.id)?;
    let detail = [("identity", identity.to_string()), ("tokens-revoked", tokens.to_string())];
    call.evidence("password.released", people::subject(account.id), detail);
    Ok(Released { password: temporary, accepted: Temporary::set(call).term(&account), tokens })
}

/// Removes the second factor of somebody who has lost it; whether there was one. All their sessions end. Needs
/// what releasing the password needs: with one of the two known already, the other is all that is missing.
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
    stored_sessions::end_others(call, &mut account, None)?;
    let detail = [("identity", identity.to_string())];
    call.evidence("second-factor.reset", people::subject(account.id), detail);
    Ok(true)
}

/// The account of somebody else, into which the actor could be let and which may sign in.
pub(in crate::accounts) fn another(call: &mut Call, id: AccountId) -> Result<Account, ServiceError> {
    let account = people::managed(call, id)?;
    if call.account() == Some(id) {
        return Err(ServiceError::invalid(
            "Không thể tự cấp lại cho chính mình. Hãy nhờ một quản trị viên khác.",
            "Nobody releases their own. Ask another administrator.",
        ));
    }
    rank::over_credentials(call, &account)?;
    if account.state == AccountState::Closed {
        return Err(ServiceError::invalid(
            format!(
                "Tài khoản “{}” đã đóng vĩnh viễn; nếu người này trở lại, hãy lập tài khoản mới.",
                account.login
            ),
            format!(
                "The account “{}” is closed for good; if that person is back, ask for a new one.",
                account.login
            ),
        ));
    }
    Ok(account)
}
