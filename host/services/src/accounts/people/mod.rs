//! Accounts: asked for, found, changed. What becomes of them afterwards is in `life`, who may deal with
//! whose in `rank`.

pub(super) mod closing;
pub(super) mod emails;
pub(super) mod life;
pub(super) mod list;
pub(super) mod rank;
pub(super) mod roll;
pub(super) mod search;
pub(super) mod transfers;

use dinh_model::{AccountId, Label, RequestId, Target, UnitId, key, text};

use super::import::login_by_rule;
use super::password::Password;
use super::requests::{Asked, Made, propose};
use super::{Account, AccountState, names, passwords, units};
use crate::permissions::ACCOUNT_MANAGE;
use crate::space::{self, Counter};
use crate::{Call, ServiceError, Thing};

/// An account to be created.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// The sign-in name; when it is empty, the one that the rule of the house gives (`hodemten-unit`, the next free one).
    pub login: String,
    /// The person's full name.
    pub full_name: String,
    /// The unit the person belongs to.
    pub unit: UnitId,
    /// The highest label the person is cleared for.
    pub clearance: Label,
    /// A first password; without one, nobody can sign in until one is set.
    pub password: Option<Password>,
    /// The password must be changed at first use, within the days of [`super::temporary_password`].
    pub must_change: bool,
}

/// Changes to an account; what is absent stays as it is. Its unit changes by [`super::transfer`].
#[derive(Clone, Debug, Default)]
pub struct AccountChange {
    /// Another full name.
    pub full_name: Option<String>,
    /// Another clearance.
    pub clearance: Option<Label>,
    /// Why; needed when the clearance is raised.
    pub reason: String,
}

/// Asks for an account: it becomes active when a second person approves it, by break-glass at once. Its address is the
/// login at the domain of its unit, when there is one and nobody has that address. Needs `dinh.account.manage` for its
/// unit, up to its clearance.
pub fn create_account(call: &mut Call, new: NewAccount) -> Result<Made<AccountId>, ServiceError> {
    let unit = units::get_unit(call, new.unit)?;
    call.require(&ACCOUNT_MANAGE, &Target { unit: unit.id, label: new.clearance, owner: None })?;
    let typed = match new.login.trim() {
        "" => None,
        login => Some(names::login(login)?),
    };
    let full_name = names::shown(names::Shown::FullName, &new.full_name)?;
    let login = match typed {
        Some(login) => login,
        None => login_by_rule(call, &full_name, &unit.code)?,
    };
    let login_key = login_key(&login);
    if let Some(other) = call.load::<AccountId>(&login_key)? {
        life::give_up_lapsed(call, other)?;
        if call.holds(&login_key)? {
            return Err(ServiceError::exists(Thing::Account, login));
        }
    }
    let email = emails::generated(call, &login, unit.id)?;
    let (clearance, must_change) = (new.clearance, new.must_change);
    let account =
        add_requested(call, Requested { login, full_name, email, unit: unit.id, clearance, must_change })?;
    if let Some(password) = &new.password {
        passwords::store(call, &account, password, must_change)?;
    }
    let request = propose(call, Asked::Account(account.id), "")?;
    Ok(Made { id: account.id, request })
}

/// An account that is asked for, checked: login and address are free.
pub(super) struct Requested {
    pub(super) login: String,
    pub(super) full_name: String,
    pub(super) email: Option<String>,
    pub(super) unit: UnitId,
    pub(super) clearance: Label,
    pub(super) must_change: bool,
}

/// Writes an account that waits for approval; login and address are its own from now on.
pub(super) fn add_requested(call: &mut Call, new: Requested) -> Result<Account, ServiceError> {
    let id = AccountId(call.next_number(Counter::Account)?);
    let account = Account {
        id,
        login: new.login,
        full_name: new.full_name,
        email: new.email,
        unit: new.unit,
        clearance: new.clearance,
        state: AccountState::Requested,
        must_change_password: new.must_change,
        generation: 0,
        created: call.now(),
    };
    call.save(login_key(&account.login), &id)?;
    if let Some(email) = &account.email {
        call.save(emails::key(email), &id)?;
    }
    call.save(space::account(id), &account)?;
    Ok(account)
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

/// Changes name or clearance: at once, but a raised clearance waits for a second person; the request is then
/// returned. Needs `dinh.account.manage` for its unit, up to both clearances; for another name or a lower clearance, what
/// suspending needs.
pub fn update_account(
    call: &mut Call,
    id: AccountId,
    change: AccountChange,
) -> Result<Option<RequestId>, ServiceError> {
    let mut account = managed(call, id)?;
    life::approved(&account)?;
    let before = account.clone();
    if let Some(name) = &change.full_name {
        account.full_name = names::shown(names::Shown::FullName, name)?;
    }
    let raised = change.clearance.filter(|clearance| *clearance > before.clearance);
    if let Some(clearance) = change.clearance.filter(|_| raised.is_none()) {
        account.clearance = clearance;
    }
    if account != before {
        // Whoever decides knows people by their names, too.
        rank::over_activity(call, &before)?;
        search::unlist(call, &before);
        search::list(call, &account)?;
        call.save(space::account(id), &account)?;
        call.people_changed();
        call.evidence(
            "account.updated",
            subject(id),
            [
                ("renamed", (account.full_name != before.full_name).to_string()),
                ("unit", account.unit.to_string()),
                ("clearance", account.clearance.to_string()),
            ],
        );
    }
    match raised {
        Some(clearance) => propose(call, Asked::Clearance { account: id, clearance }, &change.reason),
        None => Ok(None),
    }
}

/// The account, when the actor may manage it.
pub(super) fn managed(call: &mut Call, id: AccountId) -> Result<Account, ServiceError> {
    let account = get_account(call, id)?;
    call.require(&ACCOUNT_MANAGE, &target(&account))?;
    Ok(account)
}

/// An account as something that is acted on.
pub(super) fn target(account: &Account) -> Target {
    Target { unit: account.unit, label: account.clearance, owner: None }
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
