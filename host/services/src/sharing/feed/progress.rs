//! How far a subscriber was told: forward in the change of its own call, never back.

use std::time::Duration;

use dinh_model::{ContractId, PluginId, RecordId, Wanted, key, time};
use dinh_store::Direction;

use super::super::model::{Consumer, Standing};
use super::super::shelf;
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
            return match parked::to_retry(call, subscription.contract)? {
                // It is not in view and was not before: there is nothing to tell.
                Some(record) => {
                    parked::forget(call, subscription.contract, record);
                    Ok(())
                }
                // All of them were; what comes next is where it was.
                None => {
                    let done =
                        Subscription { retry: false, waits: None, given_up: 0, ..subscription.clone() };
                    call.save(subscription_key(subscription.contract), &done)
                }
            };
        }
        return Ok(());
    }
    let Some(stage) = batch.next else {
        return forget(call, subscription.contract);
    };
    for aside in &batch.aside {
        parked::set_aside(call, subscription.contract, aside)?;
    }
    let given_up = if batch.told().is_empty() { subscription.given_up } else { 0 };
    let (failures, due, waits) = (0, 0, None);
    let moved = Subscription { stage, failures, failure: None, due, waits, given_up, ..subscription.clone() };
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
    let given_up = subscription.given_up.saturating_add(u8::from(!batch.told().is_empty()));
    let moved = Subscription { stage, failures: 0, failure: None, due: 0, given_up, ..subscription };
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

/// A plugin has another version, which wants these: it is told no more of what that does not follow, told again of what
/// the one before did not, and tried anew where the one before failed.
pub(in crate::sharing) fn settle(
    call: &mut Call,
    plugin: &PluginId,
    wanted: &[Wanted],
) -> Result<(), ServiceError> {
    let wants = |name: &str, provider: &PluginId, dataset: &str| {
        let next = wanted.iter().find(|next| next.name == name && next.plugin == *provider);
        next.is_some_and(|next| next.changes && next.dataset == dataset)
    };
    for subscription in subscription::of_consumer(call, plugin)? {
        let key = subscription_key(subscription.contract);
        if !wants(&subscription.wanted, &subscription.provider, &subscription.dataset) {
            subscription::end(call, subscription.contract)?;
            forget(call, subscription.contract)?;
        } else if subscription.given_up > 0 {
            call.save(key, &Subscription { given_up: 0, ..subscription })?;
            call.tells = true;
        }
    }
    let today = call.today();
    for next in wanted.iter().filter(|next| next.changes) {
        let consumer = Consumer::Plugin { plugin: plugin.clone(), wanted: next.name.clone() };
        for contract in shelf::of_consumer(call, &consumer)? {
            let standing = contract.standing(today);
            if (standing.holds() || standing == Standing::Coming)
                && contract.changes
                && wants(&next.name, &contract.provider, &contract.dataset)
                && subscription::find_subscription(call, contract.id)?.is_none()
            {
                subscription::start(call, &contract)?;
            }
        }
    }
    Ok(())
}

fn forget(call: &mut Call, contract: ContractId) -> Result<(), ServiceError> {
    call.transaction.delete(subscription_key(contract));
    // Whoever comes after this one may begin.
    call.tells = true;
    let prefix = space::numbered(space::PARKED, contract.0);
    let end = key::after_prefix(&prefix);
    let parked = call.transaction.range(&prefix, end.as_deref(), Direction::Forward);
    let keys = parked.map(|row| row.map(|(key, _)| key)).collect::<Result<Vec<_>, _>>()?;
    let records: Vec<RecordId> =
        keys.iter().filter_map(|key| key.last_chunk().copied().map(RecordId)).collect();
    keys.into_iter().for_each(|key| call.transaction.delete(key));
    if !records.is_empty() {
        let detail = [("contract", contract.to_string()), ("reason", "ended".to_owned())];
        call.evidence_about("changes.dropped", subject(contract), detail, &records);
    }
    Ok(())
}

/// Removes entries that every subscriber is past, at most a thousand; how many.
pub fn trim(call: &mut Call) -> Result<usize, ServiceError> {
    let subscriptions = subscription::due(call.transaction.snapshot(), call.today())?;
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
