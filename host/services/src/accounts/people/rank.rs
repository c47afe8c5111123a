//! Rank: who may deal with whose account.
//!
//! Whoever sets the password of another can sign in as them. So it is not enough to manage the unit in which the
//! other's account happens to be:
//!
//! | deed | needed besides `dinh.account.manage` for the account's unit |
//! | --- | --- |
//! | set or release the password, reset the second factor | every permission of the platform that the account has, over the same units up to the same label; for whoever approves, break-glass |
//! | close | every permission of the platform that the account has, over the same units up to the same label |
//! | ask for a transfer | the same of what ends with it |
//! | suspend, activate, lower the clearance, rename, end sessions, revoke access tokens | `dinh.account.manage` over every unit in which the account has a permission of the platform, up to the same label |
//!
//! Suspending gives nobody a right and must be possible when something is wrong, so it takes reach only: whoever
//! manages the accounts of all units where somebody administers or approves can stop them, not their equal. Nobody
//! who acts on another's behalf does any of it to that other. Grants count from the day they are approved, by
//! position and by delegation too ([`had`]); break-glass is bound by none of it.

use dinh_model::{Actor, Label, Language, Permission, PluginId, Target, UnitId};

use crate::accounts::people::subject;
use crate::accounts::requests::Needed;
use crate::accounts::{Account, Directory, StoredGrant, had, roles};
use crate::permissions::ACCOUNT_MANAGE;
use crate::{Call, ServiceError};

/// Goes on only if the actor may change how an account signs in, or close it.
pub(in crate::accounts) fn over_credentials(call: &Call, account: &Account) -> Result<(), ServiceError> {
    if call.origin.operator {
        return Ok(());
    }
    approves_nothing(call, account)?;
    over_what_ends(call, account, &had::standing(call, account.id)?)
}

/// Goes on only if the actor may close an account: what it could, the actor can, too.
pub(in crate::accounts) fn over_closing(call: &Call, account: &Account) -> Result<(), ServiceError> {
    over_what_ends(call, account, &had::standing(call, account.id)?)
}

/// Goes on only if the actor may end these rights of an account by what is done to the account.
pub(in crate::accounts) fn over_what_ends(
    call: &Call,
    account: &Account,
    rights: &[StoredGrant],
) -> Result<(), ServiceError> {
    if call.origin.operator {
        return Ok(());
    }
    not_the_lender(call, account)?;
    for (permission, target) in of_the_platform(call, account, rights)? {
        needs(call, account, &permission, &target)?;
    }
    Ok(())
}

/// Goes on only if the actor may suspend an account, activate it again, lower its clearance, rename it or end its
/// sessions.
pub(in crate::accounts) fn over_activity(call: &Call, account: &Account) -> Result<(), ServiceError> {
    if call.origin.operator {
        return Ok(());
    }
    not_the_lender(call, account)?;
    for (_, target) in of_the_platform(call, account, &had::standing(call, account.id)?)? {
        needs(call, account, &ACCOUNT_MANAGE, &target)?;
    }
    Ok(())
}

fn not_the_lender(call: &Call, account: &Account) -> Result<(), ServiceError> {
    if !matches!(call.actor(), Actor::Person { on_behalf_of: Some(lender), .. } if *lender == account.id) {
        return Ok(());
    }
    Err(ServiceError::refused(
        "not-to-the-lender",
        subject(account.id),
        format!("Người làm thay không xử lý tài khoản của chính người đã uỷ quyền (“{}”).", account.login),
        format!("Whoever acts for “{}” does not deal with the account of that very person.", account.login),
    ))
}

/// Goes on only with an account that approves nothing, now or when a term comes, suspended or not: whoever can sign
/// in as an approver would be both people of a request.
fn approves_nothing(call: &Call, account: &Account) -> Result<(), ServiceError> {
    if !had::approves(call, &had::standing(call, account.id)?)? {
        return Ok(());
    }
    Err(ServiceError::refused(
        "approver-keeps-password",
        subject(account.id),
        format!(
            "“{}” có quyền phê duyệt nên chỉ tự đổi cách đăng nhập; nếu quên hoặc mất, chủ sở hữu máy chủ đặt lại.",
            account.login
        ),
        format!(
            "“{}” approves what others ask for, so nobody else changes how they sign in; the owner of the server can.",
            account.login
        ),
    ))
}

/// The permissions of the platform that an account has by some of its grants, each where and up to which label. A scope is the subtree of
/// its unit, and whoever holds a permission for a unit holds it for all below: so one check at the top says whether
/// the whole scope lies within the actor's.
pub(in crate::accounts) fn of_the_platform(
    call: &Call,
    account: &Account,
    rights: &[StoredGrant],
) -> Result<Needed, ServiceError> {
    let mut found = Vec::new();
    for grant in rights {
        let label: Label = grant.label.min(account.clearance);
        let target = Target { unit: grant.scope.unit, label, owner: None };
        let role = roles::find_role(call, &grant.role)?;
        let held = role.into_iter().flat_map(|role| role.permissions);
        let own = held.filter(|permission| permission.plugin() == PluginId::PLATFORM);
        found.extend(own.map(|permission| (permission, target)));
    }
    Ok(found)
}

/// Goes on only if the actor holds what is needed to deal with an account.
fn needs(
    call: &Call,
    account: &Account,
    permission: &Permission,
    target: &Target,
) -> Result<(), ServiceError> {
    if call.check(permission, target) {
        return Ok(());
    }
    // Taken away since the call began, perhaps.
    call.policy_in_force()?;
    let what = |language| {
        let title = roles::permission_title(call, permission);
        title.map_or_else(|| permission.to_string(), |title| title.get(language).to_owned())
    };
    let place = place(call, target.unit);
    let (login, label) = (&account.login, target.label);
    Err(ServiceError::refused(
        "outranked",
        subject(account.id),
        format!(
            "Để xử lý tài khoản “{login}” cần có quyền “{}” tại “{place}” đến độ mật {}: hãy nhờ người có quyền đó, hoặc chủ sở hữu máy chủ.",
            what(Language::Vi),
            label.name(Language::Vi)
        ),
        format!(
            "Whoever deals with the account “{login}” needs “{}” in “{place}” up to the label {}; ask somebody who has it, or the owner of the server.",
            what(Language::En),
            label.name(Language::En)
        ),
    ))
}

fn place(call: &Call, unit: UnitId) -> String {
    let found = Directory::new(call.transaction.snapshot()).unit(unit).ok().flatten();
    found.map_or_else(|| unit.to_string(), |unit| unit.name)
}
