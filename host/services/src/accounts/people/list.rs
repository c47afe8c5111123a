//! The list of accounts, for those who manage them.

use dinh_model::{AccountId, UnitId};
use dinh_store::Direction;

use crate::accounts::{Account, AccountState};
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

/// The accounts within the subtree of `unit`, or everywhere, that the actor manages, by number, at most `limit`,
/// after `after`; those that were never approved are left out. Needs `dinh.account.manage` somewhere there.
pub fn list_accounts(
    call: &mut Call,
    unit: Option<UnitId>,
    after: Option<AccountId>,
    limit: usize,
) -> Result<Accounts, ServiceError> {
    let reach = call.require_somewhere(&ACCOUNT_MANAGE, unit)?;
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
        let within = unit.is_none_or(|unit| call.policy.is_within(account.unit, unit));
        if !within || !reach.has(account.unit) || account.state == AccountState::Refused {
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
