//! People by name, without case or diacritics.

use dinh_model::{AccountId, UnitId, key, text};
use dinh_store::Direction;
use serde::{Deserialize, Serialize};

use crate::accounts::people::person_key;
use crate::accounts::{Account, Directory};
use crate::call::decode;
use crate::{Call, ServiceError, space};

/// What a search looks at, so that it does not decode whole accounts.
#[derive(Serialize, Deserialize)]
pub(in crate::accounts) struct Listed {
    /// Full name and login, folded.
    words: String,
    pub(in crate::accounts) unit: UnitId,
}

impl Listed {
    /// Whether a word begins with what was typed: “an” finds An and Anh, not every Vân and Lan.
    pub(in crate::accounts) fn has(&self, typed: &str) -> bool {
        self.words.split(' ').any(|word| word.starts_with(typed))
    }
}

/// People found, in the order of the alphabet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct People {
    /// Who.
    pub accounts: Vec<Account>,
    /// There are more than were asked for.
    pub more: bool,
}

/// Lists an account under its name.
pub(in crate::accounts) fn list(call: &mut Call, account: &Account) -> Result<(), ServiceError> {
    let words = text::fold(&format!("{} {}", account.full_name, account.login));
    call.save(person_key(account), &Listed { words, unit: account.unit })
}

/// Takes it off the list.
pub(in crate::accounts) fn unlist(call: &mut Call, account: &Account) {
    call.transaction.delete(person_key(account));
}

/// Most bytes of what is searched for: no name is longer. Each word is looked for in every name of the house.
pub const LONGEST_SEARCH: usize = 1_000;

/// People whose name or login has, for every word of `words`, a word that begins with it, within the subtree of `unit`, by name; at
/// most `limit`. Closed accounts are not shown, and nobody is found by more than [`LONGEST_SEARCH`] bytes.
pub fn search_people(
    call: &Call,
    words: &str,
    unit: Option<UnitId>,
    limit: usize,
) -> Result<People, ServiceError> {
    if words.len() > LONGEST_SEARCH {
        return Ok(People::default());
    }
    let folded = text::fold(words);
    let words: Vec<&str> = folded.split(' ').filter(|word| !word.is_empty()).collect();
    let mut people = People::default();
    let snapshot = call.transaction.snapshot();
    let directory = Directory::new(snapshot);
    // In the snapshot, without expectations: what a picker shows does not bind what the call writes, and
    // expecting the whole list unchanged would make every new account a conflict.
    let end = key::after_prefix(&[space::PERSON]);
    let mut range = snapshot.range(&[space::PERSON], end.as_deref(), Direction::Forward);
    while let Some(item) = range.step()? {
        let listed: Listed = decode(item.key, item.value)?;
        let within = unit.is_none_or(|unit| call.policy.is_within(listed.unit, unit));
        if !within || !words.iter().all(|word| listed.has(word)) {
            continue;
        }
        let Some(account) = space::trailing_number(item.key).map(AccountId) else { continue };
        let Some(account) = directory.account(account)? else { continue };
        if account.state == crate::accounts::AccountState::Closed {
            continue;
        }
        if people.accounts.len() >= limit {
            people.more = true;
            break;
        }
        people.accounts.push(account);
    }
    Ok(people)
}
