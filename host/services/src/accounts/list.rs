//! The list of accounts, for those who manage them.

use dinh_model::{AccountId, Label, Target, UnitId};
use dinh_store::Direction;

use super::Account;
use crate::call::decode;
use crate::permissions::ACCOUNT_MANAGE;
use crate::{Call, ServiceError, space};

/// A page of accounts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Accounts {
    /// The accounts, by number.
    pub accounts: Vec<Account>,
    /// Pass as `after` to go on; none at the end.
    pub next: Option<AccountId>,
}

/// The accounts within the subtree of `unit`, by number, at most `limit`, after `after`. Needs
/// `dinh.account.manage` for the unit.
pub fn list_accounts(
    call: &mut Call,
    unit: UnitId,
    after: Option<AccountId>,
    limit: usize,
) -> Result<Accounts, ServiceError> {
    call.require(&ACCOUNT_MANAGE, &Target { unit, label: Label::Ordinary, owner: None })?;
    let start = match after {
        Some(after) => space::numbered(space::ACCOUNT, after.0.saturating_add(1)),
        None => vec![space::ACCOUNT],
    };
    let mut found = Accounts::default();
    // Shown, not decided upon: no expectations.
    let snapshot = call.transaction.snapshot();
    let mut range = snapshot.range(&start, Some(&[space::ACCOUNT + 1]), Direction::Forward);
    while let Some(item) = range.step()? {
        let account: Account = decode(item.key, item.value)?;
        if !call.policy.is_within(account.unit, unit) {
            continue;
        }
        if found.accounts.len() >= limit {
            found.next = found.accounts.last().map(|last| last.id);
            break;
        }
        found.accounts.push(account);
    }
    Ok(found)
}
