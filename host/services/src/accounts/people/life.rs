//! The life of an account.
//!
//! ```text
//! requested ──approved by a second person──▶ active ◀──▶ suspended
//!     │                                        └──── closed ◀─┘
//!     └──refused, withdrawn, lapsed──▶ refused
//! ```

use dinh_model::{AccountId, Label};

use crate::accounts::people::{self, closing, subject};
use crate::accounts::requests::{self, Agreed};
use crate::accounts::{Account, AccountState, emails, heads, names, passwords, rank, search, tokens, units};
use crate::{Call, ServiceError, space};

/// Whether an account that waits can become active: asked when it is asked for, and again when it is approved.
pub(in crate::accounts) fn may_become_active(call: &Call, id: AccountId) -> Result<(), ServiceError> {
    let account = people::get_account(call, id)?;
    units::takes_people(call, account.unit)?;
    match account.state {
        AccountState::Requested => Ok(()),
        _ => Err(ended(&account)),
    }
}

/// Makes an account active that a second person approved.
pub(in crate::accounts) fn begin(
    call: &mut Call,
    id: AccountId,
    agreed: &Agreed,
) -> Result<(), ServiceError> {
    let mut account = people::get_account(call, id)?;
    account.state = AccountState::Active;
    account.created = call.now();
    search::list(call, &account)?;
    call.save(space::account(id), &account)?;
    call.people_changed();
    let detail = [
        ("unit", account.unit.to_string()),
        ("clearance", account.clearance.to_string()),
        ("must-change-password", account.must_change_password.to_string()),
    ];
    call.evidence("account.created", subject(id), detail.into_iter().chain(agreed.detail()));
    Ok(())
}

/// What is left of an account that was not approved: its number, which evidence names and nobody else ever gets. Its
/// login, address and password are free or gone, and nothing says any more who it would have been.
pub(in crate::accounts) fn discard(call: &mut Call, id: AccountId) -> Result<(), ServiceError> {
    let mut account = people::get_account(call, id)?;
    if account.state == AccountState::Requested {
        account.state = AccountState::Refused;
        call.transaction.delete(people::login_key(&account.login));
        if let Some(email) = &account.email {
            call.transaction.delete(emails::key(email));
        }
        call.transaction.delete(passwords::key(id));
        // No login has this form.
        account.login = format!("#{id}");
        account.full_name.clone_from(&account.login);
        account.email = None;
        call.save(space::account(id), &account)?;
    }
    Ok(())
}

/// Frees the login of an account that nobody approved in time.
pub(in crate::accounts) fn give_up_lapsed(call: &mut Call, id: AccountId) -> Result<(), ServiceError> {
    if people::get_account(call, id)?.state == AccountState::Requested {
        requests::lapse_about(call, id)?;
    }
    Ok(())
}

/// Clears an account for a higher label, as a second person approved.
pub(in crate::accounts) fn clear(
    call: &mut Call,
    id: AccountId,
    clearance: Label,
    agreed: &Agreed,
) -> Result<(), ServiceError> {
    let mut account = people::get_account(call, id)?;
    account.clearance = clearance;
    call.save(space::account(id), &account)?;
    call.people_changed();
    let detail = [("unit", account.unit.to_string()), ("clearance", clearance.to_string())];
    call.evidence("account.cleared", subject(id), detail.into_iter().chain(agreed.detail()));
    Ok(())
}

/// Suspends an account: from the commit on, no session and no right of it works, and nothing computed under
/// its rights commits; its access tokens are revoked for good. One that is suspended already stays as it is. A unit's head administrator hands over first.
/// Needs `dinh.account.manage` for its unit, and over every unit in which it has a right of the platform.
pub fn suspend(call: &mut Call, id: AccountId, reason: &str) -> Result<(), ServiceError> {
    let account = people::managed(call, id)?;
    rank::over_activity(call, &account)?;
    end_activity(call, account, AccountState::Suspended, "account.suspended", reason)
}

/// Closes an account for good: its grants, positions, delegations, undecided requests and access tokens end with it
/// ([`super::closing`]). A unit's head administrator hands over first. Needs `dinh.account.manage` for its
/// unit, and every right of the platform that it has.
pub fn close(call: &mut Call, id: AccountId, reason: &str) -> Result<(), ServiceError> {
    let account = people::managed(call, id)?;
    rank::over_closing(call, &account)?;
    end_activity(call, account, AccountState::Closed, "account.closed", reason)?;
    call.transaction.delete(passwords::key(id));
    Ok(())
}

/// Activates a suspended account. Its old sessions stay over. Needs what suspending it needs.
pub fn activate(call: &mut Call, id: AccountId) -> Result<(), ServiceError> {
    let mut account = people::managed(call, id)?;
    rank::over_activity(call, &account)?;
    approved(&account)?;
    if account.state == AccountState::Active {
        return Ok(());
    }
    account.state = AccountState::Active;
    call.save(space::account(id), &account)?;
    call.people_changed();
    call.evidence("account.activated", subject(id), []);
    Ok(())
}

fn end_activity(
    call: &mut Call,
    mut account: Account,
    state: AccountState,
    action: &str,
    reason: &str,
) -> Result<(), ServiceError> {
    let id = account.id;
    let reason = names::reason(reason)?;
    approved(&account)?;
    if account.state == state {
        return Ok(());
    }
    heads::leave(call, id)?;
    let ended = match state {
        AccountState::Closed => closing::end(call, id, &reason)?.to_vec(),
        _ => vec![("tokens-revoked", tokens::revoke_all(call, id)?.to_string())],
    };
    account.state = state;
    account.generation = account.generation.wrapping_add(1);
    call.save(space::account(id), &account)?;
    call.people_changed();
    // The reason is free text and may name people: the evidence only says that there was one.
    let given = [("reason-given", (!reason.is_empty()).to_string())];
    call.evidence(action, subject(id), given.into_iter().chain(ended));
    Ok(())
}

/// Goes on only with an account that was approved and is not closed.
pub(in crate::accounts) fn approved(account: &Account) -> Result<(), ServiceError> {
    match account.state {
        AccountState::Active | AccountState::Suspended => Ok(()),
        AccountState::Requested => Err(ServiceError::invalid(
            format!(
                "Tài khoản “{}” đang chờ phê duyệt: hãy phê duyệt hoặc từ chối đề nghị trước.",
                account.login
            ),
            format!(
                "The account “{}” waits for approval; let somebody approve or refuse that request first.",
                account.login
            ),
        )),
        AccountState::Closed | AccountState::Refused => Err(ended(account)),
    }
}

/// Goes on only with an account that may yet act.
pub(in crate::accounts) fn not_ended(account: &Account) -> Result<(), ServiceError> {
    match account.state {
        AccountState::Closed | AccountState::Refused => Err(ended(account)),
        _ => Ok(()),
    }
}

fn ended(account: &Account) -> ServiceError {
    let login = &account.login;
    let (vi, en) = match account.state {
        AccountState::Refused => ("không được phê duyệt", "was not approved; ask for another"),
        AccountState::Requested => ("đang chờ phê duyệt", "waits for approval"),
        AccountState::Closed => (
            "đã đóng vĩnh viễn; nếu người này trở lại, hãy lập tài khoản mới",
            "is closed for good; if that person is back, ask for a new one",
        ),
        AccountState::Active | AccountState::Suspended => ("đã được phê duyệt", "was approved already"),
    };
    ServiceError::refused(
        "account-state",
        subject(account.id),
        format!("Tài khoản “{login}” {vi}."),
        format!("The account “{login}” {en}."),
    )
}
