//! Who is told of what, and how far.

use dinh_model::{ContractId, Date, PluginId, RecordId, key};
use dinh_store::{Direction, Snapshot};
use serde::{Deserialize, Serialize};

use super::super::declared::find_offer;
use super::super::model::{Consumer, Contract, contract_key};
use super::{Waits, entry, watch};
use crate::call::decode;
use crate::{Call, ServiceError, space};

/// A contract under which a plugin is told of changes, and how far it was told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subscription {
    /// The contract.
    pub contract: ContractId,
    /// Who is told.
    pub consumer: PluginId,
    /// What the consumer calls the dataset.
    pub wanted: String,
    /// Whose records.
    pub provider: PluginId,
    /// Of which collection.
    pub collection: String,
    /// Through which dataset.
    pub dataset: String,
    /// How far it was told.
    pub stage: Stage,
    /// How often what comes next has failed.
    pub failures: u8,
    /// Why, the last time.
    pub failure: Option<String>,
    /// Not before: microseconds since 1970.
    pub due: i64,
    /// Whether some of what was parked is to be tried again.
    pub retry: bool,
    /// Why it is told nothing at present.
    pub waits: Option<Waits>,
    /// Records parked one after another, none told in between.
    pub given_up: u8,
}

/// How far a subscriber was told. It changes in the change of the subscriber's own call only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stage {
    /// It is told next that the subscription begins; what was in the feed up to `then` is in the rows that follow.
    Begin {
        /// Last position before it began.
        then: i64,
    },
    /// It is told of the rows in view, in the order of their identifiers.
    Fill {
        /// The last one.
        after: RecordId,
        /// Last position before it began.
        then: i64,
    },
    /// It is told of what is new.
    Follow {
        /// The last entry that it was told of as a whole.
        position: i64,
        /// Records of the next entry that it was told of.
        within: u32,
    },
    /// It is told next that the contract has ended; then it is forgotten.
    End,
}

/// A contract came into force. Nothing happens for one without `changes`, or for a system outside.
pub(in crate::sharing) fn start(call: &mut Call, contract: &Contract) -> Result<(), ServiceError> {
    let Consumer::Plugin { plugin, wanted } = &contract.consumer else { return Ok(()) };
    if !contract.changes {
        return Ok(());
    }
    let Some(offer) = find_offer(call, &contract.provider, &contract.dataset)? else { return Ok(()) };
    let collection = offer.dataset.collection.clone();
    let then = entry::last(call, &contract.provider, &collection)?;
    watch::follow(call, &offer)?;
    let subscription = Subscription {
        contract: contract.id,
        consumer: plugin.clone(),
        wanted: wanted.clone(),
        provider: contract.provider.clone(),
        collection,
        dataset: contract.dataset.clone(),
        stage: Stage::Begin { then },
        failures: 0,
        failure: None,
        due: 0,
        retry: false,
        waits: None,
        given_up: 0,
    };
    call.save(subscription_key(contract.id), &subscription)?;
    call.tells = true;
    Ok(())
}

/// A contract is over: its subscriber is told so, and of nothing else any more.
pub(in crate::sharing) fn end(call: &mut Call, contract: ContractId) -> Result<(), ServiceError> {
    let Some(mut subscription) = find_subscription(call, contract)? else { return Ok(()) };
    if subscription.stage == Stage::End {
        return Ok(());
    }
    watch::leave(call, &subscription.provider, &subscription.collection, &subscription.dataset)?;
    subscription.stage = Stage::End;
    (subscription.failures, subscription.failure) = (0, None);
    (subscription.due, subscription.retry, subscription.waits) = (0, false, None);
    call.save(subscription_key(contract), &subscription)?;
    call.tells = true;
    Ok(())
}

/// The subscription of a contract.
pub fn find_subscription(call: &Call, contract: ContractId) -> Result<Option<Subscription>, ServiceError> {
    call.load(&subscription_key(contract))
}

/// Whether an earlier contract for the same name has not been forgotten yet.
pub(super) fn has_earlier(call: &mut Call, subscription: &Subscription) -> Result<bool, ServiceError> {
    let of_consumer = of_consumer(call, &subscription.consumer)?;
    let mut same = of_consumer.iter().filter(|other| other.wanted == subscription.wanted);
    Ok(same.any(|other| other.contract < subscription.contract))
}

/// The subscriptions of a plugin.
pub(super) fn of_consumer(call: &mut Call, plugin: &PluginId) -> Result<Vec<Subscription>, ServiceError> {
    let prefix = [space::SUBSCRIPTION];
    let end = key::after_prefix(&prefix);
    let mut own = Vec::new();
    for row in call.transaction.range(&prefix, end.as_deref(), Direction::Forward) {
        let (key, stored) = row?;
        let subscription: Subscription = decode(&key, &stored.value)?;
        if subscription.consumer == *plugin {
            own.push(subscription);
        }
    }
    Ok(own)
}

/// The subscriptions by contract, with how many entries each is behind on a day; one whose contract is over, or that
/// begins, has at least one thing to be told.
pub fn due(snapshot: &Snapshot, today: Date) -> Result<Vec<(Subscription, u64)>, ServiceError> {
    let prefix = [space::SUBSCRIPTION];
    let end = key::after_prefix(&prefix);
    let rows = snapshot.range(&prefix, end.as_deref(), Direction::Forward);
    let mut all = Vec::new();
    for row in rows {
        let (key, stored) = row?;
        let subscription: Subscription = decode(&key, &stored.value)?;
        let behind = match subscription.stage {
            Stage::Follow { position, .. } => {
                let last = entry::last_in(snapshot, &subscription.provider, &subscription.collection)?;
                u64::try_from(last.saturating_sub(position)).unwrap_or(0)
            }
            Stage::Begin { .. } | Stage::Fill { .. } | Stage::End => 1,
        };
        let over = || -> Result<bool, ServiceError> {
            let key = contract_key(subscription.contract);
            let contract =
                snapshot.get(&key)?.map(|stored| decode::<Contract>(&key, &stored.value)).transpose()?;
            Ok(contract.is_none_or(|contract| contract.until <= today))
        };
        let something = subscription.retry || (behind == 0 && over()?);
        let behind = if something { behind.max(1) } else { behind };
        all.push((subscription, behind));
    }
    Ok(all)
}

/// The key of a contract's subscription.
pub fn subscription_key(contract: ContractId) -> Vec<u8> {
    space::numbered(space::SUBSCRIPTION, contract.0)
}
