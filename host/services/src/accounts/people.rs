//! Accounts: created, changed, suspended, activated, closed.

use dinh_model::{AccountId, Label, Target, UnitId, key, text};

use super::password::Password;
use super::{Account, AccountState, names, passwords, search, units};
use crate::permissions::ACCOUNT_MANAGE;
use crate::space::{self, Counter};
use crate::{Call, ServiceError, Thing};

/// An account to be created.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// The sign-in name.
    pub login: String,
    /// The person's full name.
    pub full_name: String,
    /// The unit the person belongs to.
    pub unit: UnitId,
    /// The highest label the person is cleared for.
    pub clearance: Label,
    /// A first password; without one, nobody can sign in until one is set.
    pub password: Option<Password>,
    /// The password must be changed at first use.
    pub must_change: bool,
}

/// Changes to an account; what is absent stays as it is.
#[derive(Clone, Debug, Default)]
pub struct AccountChange {
    /// Another full name.
    pub full_name: Option<String>,
    /// Another unit.
    pub unit: Option<UnitId>,
    /// Another clearance.
    pub clearance: Option<Label>,
}

/// Creates an account, active at once. Needs `dinh.account.manage` for its unit, up to its clearance.
pub fn create_account(call: &mut Call, new: NewAccount) -> Result<AccountId, ServiceError> {
    let unit = units::get_unit(call, new.unit)?;
    call.require(&ACCOUNT_MANAGE, &Target { unit: unit.id, label: new.clearance, owner: None })?;
    if !unit.is_valid_on(call.today()) {
        return Err(ServiceError::invalid(
            format!("Đơn vị “{}” không còn hoặc chưa hoạt động.", unit.name),
            format!("The unit “{}” is not in its term today.", unit.code),
        ));
    }
    let login = names::login(&new.login)?;
    let full_name = names::shown(&new.full_name)?;
    let login_key = login_key(&login);
    if call.holds(&login_key)? {
        return Err(ServiceError::exists(Thing::Account, login));
    }
    let id = AccountId(call.next_number(Counter::Account)?);
    let account = Account {
        id,
        login,
        full_name,
        unit: unit.id,
        clearance: new.clearance,
        state: AccountState::Active,
        must_change_password: new.must_change,
        generation: 0,
        created: call.now(),
    };
    if let Some(password) = &new.password {
        passwords::store(call, &account, password)?;
    }
    call.save(login_key, &id)?;
    search::list(call, &account)?;
    call.save(space::account(id), &account)?;
    call.access_changed(false);
    call.evidence(
        "account.created",
        subject(id),
        [("unit", unit.id.to_string()), ("clearance", account.clearance.to_string())],
    );
    Ok(id)
}

/// An account by its number.
pub fn get_account(call: &Call, id: AccountId) -> Result<Account, ServiceError> {
    call.load(&space::account(id))?.ok_or_else(|| ServiceError::not_found(Thing::Account, id))
}

/// An account by its login; none when there is no such account.
pub fn find_account(call: &Call, login: &str) -> Result<Option<Account>, ServiceError> {
    match call.load::<AccountId>(&login_key(&names::plain_login(login)))? {
        Some(id) => get_account(call, id).map(Some),
        None => Ok(None),
    }
}

/// Changes name, unit or clearance. Needs `dinh.account.manage` for the old and the new unit, up to both
/// clearances.
pub fn update_account(call: &mut Call, id: AccountId, change: AccountChange) -> Result<(), ServiceError> {
    let mut account = managed(call, id)?;
    let before = account.clone();
    if let Some(name) = &change.full_name {
        account.full_name = names::shown(name)?;
    }
    if let Some(unit) = change.unit {
        account.unit = units::get_unit(call, unit)?.id;
    }
    if let Some(clearance) = change.clearance {
        account.clearance = clearance;
    }
    let target = Target { unit: account.unit, label: account.clearance, owner: None };
    call.require(&ACCOUNT_MANAGE, &target)?;
    if account == before {
        return Ok(());
    }
    search::unlist(call, &before);
    search::list(call, &account)?;
    call.save(space::account(id), &account)?;
    call.people_changed();
    if account.clearance != before.clearance {
        call.access_changed(account.clearance < before.clearance);
    }
    call.evidence(
        "account.updated",
        subject(id),
        [
            ("renamed", (account.full_name != before.full_name).to_string()),
            ("unit", account.unit.to_string()),
            ("clearance", account.clearance.to_string()),
        ],
    );
    Ok(())
}

/// Suspends an account: from the commit on, no session and no right of it works, and nothing computed under
/// its rights commits. One that is suspended already stays as it is. Needs `dinh.account.manage` for its unit.
pub fn suspend(call: &mut Call, id: AccountId, reason: &str) -> Result<(), ServiceError> {
    end_activity(call, id, AccountState::Suspended, "account.suspended", reason)
}

/// Closes an account for good. Needs `dinh.account.manage` for its unit.
pub fn close(call: &mut Call, id: AccountId, reason: &str) -> Result<(), ServiceError> {
    end_activity(call, id, AccountState::Closed, "account.closed", reason)?;
    call.transaction.delete(passwords::key(id));
    Ok(())
}

/// Activates a suspended account. Its old sessions stay over. Needs `dinh.account.manage` for its unit.
pub fn activate(call: &mut Call, id: AccountId) -> Result<(), ServiceError> {
    let mut account = managed(call, id)?;
    match account.state {
        AccountState::Active => return Ok(()),
        AccountState::Closed => return Err(closed(&account)),
        AccountState::Suspended => {}
    }
    account.state = AccountState::Active;
    call.save(space::account(id), &account)?;
    call.people_changed();
    call.access_changed(false);
    call.evidence("account.activated", subject(id), []);
    Ok(())
}

fn end_activity(
    call: &mut Call,
    id: AccountId,
    state: AccountState,
    action: &str,
    reason: &str,
) -> Result<(), ServiceError> {
    let mut account = managed(call, id)?;
    let reason = names::reason(reason)?;
    if account.state == AccountState::Closed {
        return Err(closed(&account));
    }
    if account.state == state {
        return Ok(());
    }
    account.state = state;
    account.generation = account.generation.wrapping_add(1);
    call.save(space::account(id), &account)?;
    call.people_changed();
    call.access_changed(true);
    // The reason is free text and may name people: the evidence only says that there was one.
    call.evidence(action, subject(id), [("reason-given", (!reason.is_empty()).to_string())]);
    Ok(())
}

/// The account, when the actor may manage it.
pub(super) fn managed(call: &mut Call, id: AccountId) -> Result<Account, ServiceError> {
    let account = get_account(call, id)?;
    let target = Target { unit: account.unit, label: account.clearance, owner: None };
    call.require(&ACCOUNT_MANAGE, &target)?;
    Ok(account)
}

fn closed(account: &Account) -> ServiceError {
    ServiceError::invalid(
        format!("Tài khoản “{}” đã đóng vĩnh viễn.", account.login),
        format!("The account “{}” is closed for good.", account.login),
    )
}

pub(super) fn login_key(login: &str) -> Vec<u8> {
    space::key(space::LOGIN, &[login.as_bytes()])
}

pub(super) fn subject(id: AccountId) -> String {
    format!("account:{id}")
}

/// The place of a person in the order of the alphabet.
pub(super) fn person_key(account: &Account) -> Vec<u8> {
    let mut listed = vec![space::PERSON];
    key::push_bytes(&mut listed, &text::sort_key(&account.full_name));
    listed.extend(account.id.0.to_be_bytes());
    listed
}
