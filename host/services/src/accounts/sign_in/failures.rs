//! Failed sign-ins under a name: counted in the store, so that a lock outlives a restart.

use dinh_model::{AccountId, Timestamp, time};
use dinh_store::{Direction, Entry};
use serde::{Deserialize, Serialize};

use super::attempts::{Attempt, NameHash, microseconds, name_hash};
use crate::accounts::people;
use crate::call::decode;
use crate::{Call, Options, Origin, Platform, ServiceError, space};

/// Stale counts looked at whenever a failure is counted, so that they cannot pile up.
const TIDIED: usize = 4;

/// Failures under a name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Failures {
    /// In a row.
    count: u32,
    /// The last one, in microseconds.
    last: i64,
    /// Locked until then, in microseconds.
    locked_until: Option<i64>,
}

/// What failed under a name.
fn under(platform: &Platform, login: &str) -> Result<Option<Failures>, ServiceError> {
    let key = key(&platform.sign_in.hash(login));
    match platform.store().snapshot()?.get(&key)? {
        Some(stored) => decode(&key, &stored.value).map(Some),
        None => Ok(None),
    }
}

/// Why an attempt is not made.
pub(in crate::accounts) enum NotNow {
    /// The name is locked until then.
    Locked(Timestamp),
    /// As many are going on already as may fail before the name is locked.
    TooMany,
}

/// Takes one of the attempts that are left under a name, to be held until it is counted if it fails: those that are going
/// on and those that failed are together never more than lock the name, however many come at once.
pub(in crate::accounts) fn attempt<'p>(
    platform: &'p Platform,
    login: &str,
    now: Timestamp,
) -> Result<Result<Attempt<'p>, NotNow>, ServiceError> {
    let options = platform.options();
    let Some(attempt) = platform.sign_in.begin_attempt(login, options.lock_after) else {
        return Ok(Err(NotNow::TooMany));
    };
    // After it was taken: one that fails meanwhile is counted twice rather than not at all.
    let failures = under(platform, login)?.unwrap_or_default();
    if let Some(until) = failures.locked(now) {
        return Ok(Err(NotNow::Locked(until)));
    }
    let failed = if failures.is_over(now, options) { 0 } else { failures.count };
    let fits = attempt.nth.saturating_add(failed) <= options.lock_after;
    Ok(if fits { Ok(attempt) } else { Err(NotNow::TooMany) })
}

/// Counts a failure under a name, together with its evidence, and locks the name when it is one too many.
/// Whether or not an account has the name, this is one change.
pub(in crate::accounts) fn count_failure(
    platform: &Platform,
    origin: &Origin,
    login: &str,
    failed: Entry,
) -> Result<Option<Timestamp>, ServiceError> {
    let options = platform.options();
    let name = platform.sign_in.hash(login);
    platform.perform(origin, |call| {
        let key = key(&name);
        let failures: Failures = call.load(&key)?.unwrap_or_default();
        let failures = failures.and_one_more(call.now(), options);
        call.save(key, &failures)?;
        let mut failed = failed.clone();
        let locked = failures.locked(call.now());
        if locked.is_some() {
            failed.detail.insert("locked".to_owned(), "true".to_owned());
        }
        call.transaction.evidence(failed);
        tidy(call, options)?;
        Ok(locked)
    })
}

/// Forgets the failures under a name.
pub(in crate::accounts) fn forget(call: &mut Call, login: &str) -> Result<bool, ServiceError> {
    let Some(key) = counted(call, login)? else { return Ok(false) };
    let held = call.holds(&key)?;
    if held {
        call.transaction.delete(key);
    }
    Ok(held)
}

/// Where the failures under a name are counted.
fn counted(call: &Call, login: &str) -> Result<Option<Vec<u8>>, ServiceError> {
    let secret: Option<[u8; 32]> = call.load(&space::attempt_secret())?;
    Ok(secret.map(|secret| key(&name_hash(&secret, login))))
}

/// Releases the lock-out of an account; whether it was locked. Needs `dinh.account.manage` for its unit.
pub fn release_lock(call: &mut Call, account: AccountId) -> Result<bool, ServiceError> {
    let account = people::managed(call, account)?;
    let Some(key) = counted(call, &account.login)? else { return Ok(false) };
    let locked = call.load::<Failures>(&key)?.is_some_and(|failures| failures.locked(call.now()).is_some());
    if locked {
        call.transaction.delete(key);
        call.evidence("account.released", people::subject(account.id), []);
    }
    Ok(locked)
}

impl Failures {
    fn locked(&self, now: Timestamp) -> Option<Timestamp> {
        self.locked_until.and_then(time::from_microseconds).filter(|until| now < *until)
    }

    /// Failures long ago, and those that an earlier lock answered, no longer count. What was under way
    /// when the name was locked counts, and does not open the lock.
    fn and_one_more(self, now: Timestamp, options: &Options) -> Self {
        let last = time::microseconds(now);
        if self.locked(now).is_some() {
            return Self { last, ..self };
        }
        let count = if self.is_over(now, options) { 1 } else { self.count.saturating_add(1) };
        let until = last.saturating_add(microseconds(options.lock_for));
        Self { count, last, locked_until: (count >= options.lock_after).then_some(until) }
    }

    /// Whether what failed counts no longer.
    fn is_over(&self, now: Timestamp, options: &Options) -> bool {
        self.is_stale(now, options) || (self.locked_until.is_some() && self.locked(now).is_none())
    }

    fn is_stale(&self, now: Timestamp, options: &Options) -> bool {
        let quiet = time::microseconds(now).saturating_sub(self.last);
        quiet > microseconds(options.lock_for) && self.locked(now).is_none()
    }
}

/// Removes a few stale counts from a random place on.
fn tidy(call: &mut Call, options: &Options) -> Result<(), ServiceError> {
    let start = key(&call.random_bytes());
    let end = [space::ATTEMPT + 1];
    let candidates: Vec<Vec<u8>> = call
        .transaction
        .range_unchecked(&start, Some(&end), Direction::Forward)
        .take(TIDIED)
        .map(|item| item.map(|(key, _)| key))
        .collect::<Result<_, _>>()?;
    for key in candidates {
        // Read again, relied upon: a failure counted meanwhile must not be forgotten.
        if call.load::<Failures>(&key)?.is_some_and(|failures| failures.is_stale(call.now(), options)) {
            call.transaction.delete(key);
        }
    }
    Ok(())
}

fn key(name: &NameHash) -> Vec<u8> {
    space::key(space::ATTEMPT, &[name])
}
