//! The roll of people: those whom the actor manages, by name, as a list to page through.

use dinh_model::{AccountId, UnitId, key, text};
use dinh_store::Direction;

use crate::accounts::list::Accounts;
use crate::accounts::people::{self, person_key};
use crate::accounts::search::Listed;
use crate::accounts::{Account, AccountState, Directory};
use crate::call::decode;
use crate::permissions::{ACCOUNT_MANAGE, GRANT_MANAGE};
use crate::reach::Reach;
use crate::{Call, ServiceError, space};

/// What the roll is narrowed to; what is empty narrows nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PeopleFilter {
    /// For each of these words, name or login has a word that begins with it; without case or diacritics.
    pub words: String,
    /// Within the subtree of this unit.
    pub unit: Option<UnitId>,
    /// How the account stands.
    pub state: Option<AccountState>,
}

/// The people whom the actor manages or grants rights to, by name, at most `limit`, after `after`. Needs
/// `dinh.account.manage` or `dinh.grant.manage` somewhere within the subtree of the filter's unit. Somebody
/// whose name changes while others page is found where the name is then.
pub fn list_people(
    call: &mut Call,
    filter: &PeopleFilter,
    after: Option<AccountId>,
    limit: usize,
) -> Result<Accounts, ServiceError> {
    let reach = Managed::of(call, filter.unit)?;
    let folded = text::fold(&filter.words);
    let words: Vec<&str> = folded.split(' ').filter(|word| !word.is_empty()).collect();
    let start = match after {
        // The least key after this one.
        Some(after) => [person_key(&people::get_account(call, after)?).as_slice(), &[0]].concat(),
        None => vec![space::PERSON],
    };
    let end = key::after_prefix(&[space::PERSON]);
    let mut found = Accounts::default();
    // Shown, not decided upon: no expectations.
    let snapshot = call.transaction.snapshot();
    let directory = Directory::new(snapshot);
    let mut range = snapshot.range(&start, end.as_deref(), Direction::Forward);
    while let Some(item) = range.step()? {
        let listed: Listed = decode(item.key, item.value)?;
        let within = filter.unit.is_none_or(|unit| call.policy.is_within(listed.unit, unit));
        if !within || !reach.has(listed.unit) || !words.iter().all(|word| listed.has(word)) {
            continue;
        }
        let Some(id) = space::trailing_number(item.key).map(AccountId) else { continue };
        let Some(account) = directory.account(id)? else { continue };
        if filter.state.is_some_and(|state| account.state != state) {
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

/// How many of the people on the actor's roll stand so.
pub fn count_people(call: &mut Call, state: AccountState) -> Result<usize, ServiceError> {
    let reach = Managed::of(call, None)?;
    let snapshot = call.transaction.snapshot();
    let mut count = 0;
    let mut range = snapshot.range(&[space::ACCOUNT], Some(&[space::ACCOUNT + 1]), Direction::Forward);
    while let Some(item) = range.step()? {
        let account: Account = decode(item.key, item.value)?;
        count += usize::from(account.state == state && reach.has(account.unit));
    }
    Ok(count)
}

/// The units whose people the actor manages or grants rights to.
struct Managed(Vec<Reach>);

impl Managed {
    fn of(call: &mut Call, unit: Option<UnitId>) -> Result<Self, ServiceError> {
        let accounts = call.require_somewhere(&ACCOUNT_MANAGE, unit);
        let grants = call.require_somewhere(&GRANT_MANAGE, unit);
        match (accounts, grants) {
            (Err(refused), Err(_)) => Err(refused),
            (accounts, grants) => Ok(Self(accounts.into_iter().chain(grants).collect())),
        }
    }

    fn has(&self, unit: UnitId) -> bool {
        self.0.iter().any(|reach| reach.has(unit))
    }
}
