//! How far a subscriber was told: forward in the change of its own call, never back.

use std::time::Duration;

use dinh_model::{ContractId, PluginId, Wanted, key, time};
use dinh_store::Direction;

use super::batch::subject;
use super::{
    Batch, MOST_FAILURES, Stage, Subscription, Waits, What, entry, parked, subscription, subscription_key,
};
use crate::{Call, ServiceError, space};

/// How long what has failed waits, after the first failure, the second, and so on.
const WAITS: [Duration; MOST_FAILURES as usize - 1] =
    [Duration::from_millis(100), Duration::from_secs(1), Duration::from_secs(5), Duration::from_secs(30)];
/// Entries removed in one change.
const TRIMMED_AT_ONCE: usize = 1_000;

/// What a failure led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failed {
    /// The same again, after this moment: microseconds since 1970.
    Later(i64),
    /// It was parked; what follows goes on.
    Parked,
    /// The subscriber has failed to hear that its contract ended, and is forgotten.
    Forgotten,
}

/// Notes in the subscriber's own call that it was told: the cursor moves with what the call wrote, or not at all.
pub fn moved(call: &mut Call, subscription: &Subscription, batch: &Batch) -> Result<(), ServiceError> {
    if batch.retried {
        batch.told().iter().for_each(|told| parked::forget(call, subscription.contract, told.id));
        if batch.told().is_empty() {
            // It is not in view and was not before: there is nothing to tell.
            forget_retried(call, subscription.contract)?;
        }
        return Ok(());
    }
    let Some(stage) = batch.next else {
        return forget(call, subscription.contract);
    };
    for aside in &batch.aside {
        parked::set_aside(call, subscription.contract, aside)?;
    }
    let moved = Subscription {
        stage,
        failures: 0,
        failure: None,
        due: 0,
        retry: false,
        waits: None,
        ..subscription.clone()
    };
    call.save(subscription_key(subscription.contract), &moved)
}

/// Notes in a call of the host's own that the subscriber failed to digest a batch of at most one record.
pub fn failed(
    call: &mut Call,
    contract: ContractId,
    batch: &Batch,
    failure: &str,
) -> Result<Failed, ServiceError> {
    let Some(mut subscription) = subscription::find_subscription(call, contract)? else {
        return Ok(Failed::Forgotten);
    };
    if subscription.stage != batch.from {
        // Its contract ended meanwhile.
        return Ok(Failed::Later(subscription.due));
    }
    if batch.retried {
        for told in batch.told() {
            parked::failed_again(call, contract, told.id, failure)?;
        }
        return Ok(Failed::Parked);
    }
    subscription.failures = subscription.failures.saturating_add(1);
    subscription.failure = Some(failure.to_owned());
    subscription.waits = None;
    if let Some(wait) = WAITS.get(usize::from(subscription.failures) - 1) {
        let wait = i64::try_from(wait.as_micros()).unwrap_or(i64::MAX);
        subscription.due = time::microseconds(call.now()).saturating_add(wait);
        call.save(subscription_key(contract), &subscription)?;
        return Ok(Failed::Later(subscription.due));
    }
    let Some(stage) = batch.next else {
        call.evidence("changes.end-not-heard", subject(contract), [("reason", failure.to_owned())]);
        forget(call, contract)?;
        return Ok(Failed::Forgotten);
    };
    for aside in &batch.aside {
        parked::set_aside(call, contract, aside)?;
    }
    match &batch.what {
        What::Changed(told) => {
            for told in told {
                parked::park(call, contract, told.id, told.was, failure)?;
            }
        }
        // That it begins is no record: it goes on with the rows in view.
        What::Begun | What::Ended => {
            call.evidence("changes.begin-not-heard", subject(contract), [("reason", failure.to_owned())]);
        }
    }
    let moved = Subscription { stage, failures: 0, failure: None, due: 0, ..subscription };
    call.save(subscription_key(contract), &moved)?;
    Ok(Failed::Parked)
}

/// Notes in a call of the host's own why a subscriber is told nothing, for people to see.
pub fn waits(call: &mut Call, contract: ContractId, why: Waits) -> Result<(), ServiceError> {
    let Some(subscription) = subscription::find_subscription(call, contract)? else { return Ok(()) };
    if subscription.waits == Some(why) {
        return Ok(());
    }
    call.save(subscription_key(contract), &Subscription { waits: Some(why), ..subscription })
}

/// Ends the subscription of a contract whose term is over.
pub fn hand_over(call: &mut Call, contract: ContractId) -> Result<(), ServiceError> {
    subscription::end(call, contract)
}

/// A plugin has another version, which wants these: it is told no more of what that does not follow.
pub(in crate::sharing) fn keep_only(
    call: &mut Call,
    plugin: &PluginId,
    wanted: &[Wanted],
) -> Result<(), ServiceError> {
    let follows = |it: &Subscription| {
        let same = |next: &&Wanted| next.name == it.wanted && next.plugin == it.provider;
        wanted.iter().find(same).is_some_and(|next| next.changes && next.dataset == it.dataset)
    };
    for subscription in subscription::of_consumer(call, plugin)? {
        if !follows(&subscription) {
            subscription::end(call, subscription.contract)?;
            forget(call, subscription.contract)?;
        }
    }
    Ok(())
}

fn forget(call: &mut Call, contract: ContractId) -> Result<(), ServiceError> {
    call.transaction.delete(subscription_key(contract));
    let prefix = space::numbered(space::PARKED, contract.0);
    let end = key::after_prefix(&prefix);
    let parked = call.transaction.range(&prefix, end.as_deref(), Direction::Forward);
    let keys = parked.map(|row| row.map(|(key, _)| key)).collect::<Result<Vec<_>, _>>()?;
    keys.into_iter().for_each(|key| call.transaction.delete(key));
    Ok(())
}

fn forget_retried(call: &mut Call, contract: ContractId) -> Result<(), ServiceError> {
    if let Some(record) = parked::to_retry(call, contract)? {
        parked::forget(call, contract, record);
    }
    Ok(())
}

/// Removes entries that every subscriber is past, at most a thousand; how many.
pub fn trim(call: &mut Call) -> Result<usize, ServiceError> {
    let subscriptions = subscription::due(call.transaction.snapshot())?;
    let prefix = [space::FEED_END];
    let end = key::after_prefix(&prefix);
    let registers = call.transaction.range_unchecked(&prefix, end.as_deref(), Direction::Forward);
    let mut old = Vec::new();
    for register in registers {
        let (register, _) = register?;
        let Some((plugin, collection)) = named(&register) else { continue };
        let followers = subscriptions.iter().map(|(subscription, _)| subscription);
        let followers = followers.filter(|it| it.provider == plugin && it.collection == collection);
        let done = followers.filter_map(|it| match it.stage {
            Stage::Begin { then } | Stage::Fill { then, .. } => Some(then),
            Stage::Follow { position, .. } => Some(position),
            Stage::End => None,
        });
        let start = entry::entries_key(&plugin, &collection);
        let end = match done.min() {
            Some(done) => Some(entry::entry_key(&plugin, &collection, done.saturating_add(1))),
            None => key::after_prefix(&start),
        };
        // Entries are never changed; those that come are behind every cursor.
        let entries = call.transaction.range_unchecked(&start, end.as_deref(), Direction::Forward);
        for entry in entries.take(TRIMMED_AT_ONCE - old.len()) {
            old.push(entry?.0);
        }
    }
    let trimmed = old.len();
    old.into_iter().for_each(|key| call.transaction.delete(key));
    Ok(trimmed)
}

/// The collection that a register's key names.
fn named(register: &[u8]) -> Option<(PluginId, String)> {
    let (plugin, collection) = std::str::from_utf8(register.get(1..)?).ok()?.split_once('\0')?;
    Some((plugin.parse().ok()?, collection.to_owned()))
}
