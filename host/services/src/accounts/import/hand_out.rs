//! The temporary passwords of an import, handed out to whoever asked for the accounts.
//!
//! They are made when they are handed out and are nowhere else: what is stored is a hash. So nothing has to keep them
//! between the asking and the handing out, and a list that was lost on its way is made void by the next one.

use dinh_model::{AccountId, RequestId};

use super::numbers;
use crate::accounts::requests::{RequestState, get_request, require_of_asker};
use crate::accounts::{Account, AccountState, Password, passwords, people, rank, readable};
use crate::{Call, ServiceError};

/// Letters of a temporary password: 78 bits. They lie in a list on paper or in a file for days, so there are more than
/// of one that is handed over at once.
const LETTERS: usize = 16;

/// An account with its temporary password.
#[derive(Clone)]
pub struct HandedOut {
    /// The account.
    pub account: Account,
    /// Stored as a hash, shown this once.
    pub password: String,
}

impl std::fmt::Debug for HandedOut {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HandedOut").field("account", &self.account.id).finish_non_exhaustive()
    }
}

/// Gives each account of an import a temporary password and returns them, in the order of the file, to whoever asked
/// for the accounts, who still needs the right to. While the request waits this may be done again: those handed out
/// before are void. Once it is approved only accounts that never had a password get one; the others are released one
/// by one ([`release_password`](crate::accounts::release_password)).
pub fn hand_out_passwords(call: &mut Call, request: RequestId) -> Result<Vec<HandedOut>, ServiceError> {
    let request = get_request(call, request)?;
    let numbers = numbers(&request)?;
    let subject = people::subject(AccountId(numbers.start));
    require_of_asker(call, &request.asked)?;
    if call.account() != Some(request.by.account) {
        return Err(ServiceError::refused(
            "import-passwords-for-the-asker",
            subject,
            "Chỉ người đã lập đề nghị mới nhận được mật khẩu tạm của đợt nhập.",
            "Only whoever asked for the accounts gets their temporary passwords.",
        ));
    }
    let waits = request.state == RequestState::Open && !request.has_lapsed(call.now());
    let mut handed_out = Vec::new();
    for id in numbers.map(AccountId) {
        let account = people::get_account(call, id)?;
        if waits || first_password(call, &account)? {
            let password = give_random(call, id)?;
            handed_out.push(HandedOut { account, password });
        }
    }
    if handed_out.is_empty() {
        return Err(ServiceError::refused(
            "import-passwords-once",
            subject,
            "Mật khẩu tạm của đợt nhập này đã được giao hoặc không còn tài khoản nào cần; hãy cấp lại cho từng người trên trang tài khoản.",
            "The passwords of this import were handed out, or no account needs one; release them one by one on the pages of the accounts.",
        ));
    }
    let detail = [("request", request.id.to_string()), ("accounts", handed_out.len().to_string())];
    call.evidence("passwords.handed-out", subject, detail);
    Ok(handed_out)
}

/// Whether an account that is there gets its first password so. Whoever by now may do more than
/// the actor, or approves what others ask for, gets none in this way.
fn first_password(call: &Call, account: &Account) -> Result<bool, ServiceError> {
    let there = matches!(account.state, AccountState::Active | AccountState::Suspended);
    Ok(there && !call.holds(&passwords::key(account.id))? && rank::over_credentials(call, account).is_ok())
}

/// Gives an account a temporary password that chance made.
pub(super) fn give_random(call: &mut Call, account: AccountId) -> Result<String, ServiceError> {
    let password = readable::readable(call.random_bytes(), LETTERS);
    passwords::store_random(call, account, &Password::new(&password))?;
    Ok(password)
}
