//! Records that a subscriber could not digest: kept aside with all that follows of them, until people decide.

use dinh_model::{ContractId, RecordId, Target, key, time};
use dinh_store::Direction;
use serde::{Deserialize, Serialize};

use super::super::model::Contract;
use super::super::shelf;
use super::super::waivers::reason_of;
use super::batch::{Aside, subject};
use super::{find_subscription, subscription_key};
use crate::call::decode;
use crate::permissions::SHARING_REQUEST;
use crate::{Call, ServiceError, Thing, space};

/// A parked record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parked {
    /// Since when: microseconds since 1970.
    pub at: i64,
    /// Why: `trapped`, `failed`, `refused`, `hops`, or the limit that was reached.
    pub failure: String,
    /// Writes of the record that wait, the first one included.
    pub writes: u32,
    /// Whether it was in view before one of them.
    pub(super) was: bool,
    /// Whether it is to be tried again.
    pub retry: bool,
}

/// A parked record of a contract.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ParkedRecord {
    /// Which.
    pub record: RecordId,
    /// Since when and why.
    #[serde(flatten)]
    pub parked: Parked,
}

/// Parks a record.
pub(super) fn park(
    call: &mut Call,
    contract: ContractId,
    record: RecordId,
    was: bool,
    failure: &str,
) -> Result<(), ServiceError> {
    let at = time::microseconds(call.now());
    let parked = Parked { at, failure: failure.to_owned(), writes: 1, was, retry: false };
    call.save(parked_key(contract, record), &parked)?;
    let detail = [("contract", contract.to_string()), ("reason", failure.to_owned())];
    call.evidence_about("changes.parked", subject(contract), detail, &[record]);
    Ok(())
}

/// Sets a write aside: one more of a record that is parked, or the first of one that has come too far.
pub(super) fn set_aside(call: &mut Call, contract: ContractId, aside: &Aside) -> Result<(), ServiceError> {
    let Some(mut parked) = load(call, contract, aside.record)? else {
        return park(call, contract, aside.record, aside.was, "hops");
    };
    parked.writes = parked.writes.saturating_add(1);
    parked.was |= aside.was;
    call.save(parked_key(contract, aside.record), &parked)
}

pub(super) fn load(
    call: &Call,
    contract: ContractId,
    record: RecordId,
) -> Result<Option<Parked>, ServiceError> {
    call.load(&parked_key(contract, record))
}

/// A record that people asked to be tried again.
pub(super) fn to_retry(call: &Call, contract: ContractId) -> Result<Option<RecordId>, ServiceError> {
    for item in all(call, contract, None) {
        let found = item?;
        if found.parked.retry {
            return Ok(Some(found.record));
        }
    }
    Ok(None)
}

/// It could not be digested this time either.
pub(super) fn failed_again(
    call: &mut Call,
    contract: ContractId,
    record: RecordId,
    failure: &str,
) -> Result<(), ServiceError> {
    let Some(mut parked) = load(call, contract, record)? else { return Ok(()) };
    (parked.retry, parked.failure) = (false, failure.to_owned());
    call.save(parked_key(contract, record), &parked)
}

/// Takes a record out of those that are parked.
pub(super) fn forget(call: &mut Call, contract: ContractId, record: RecordId) {
    call.transaction.delete(parked_key(contract, record));
}

/// The records of a contract that are parked, at most `limit`, after `after`. For whom the contract concerns.
pub fn parked(
    call: &mut Call,
    contract: ContractId,
    after: Option<RecordId>,
    limit: usize,
) -> Result<Vec<ParkedRecord>, ServiceError> {
    super::super::get_contract(call, contract)?;
    all(call, contract, after).take(limit).collect()
}

/// How many are, counted up to `most`.
pub fn parked_count(call: &Call, contract: ContractId, most: usize) -> Result<usize, ServiceError> {
    let mut count = 0;
    for item in all(call, contract, None).take(most) {
        item?;
        count += 1;
    }
    Ok(count)
}

/// The contracts with parked records that whoever acts may decide about, oldest first.
pub fn parked_contracts(call: &Call) -> Result<Vec<Contract>, ServiceError> {
    let prefix = [space::PARKED];
    let end = key::after_prefix(&prefix);
    let (mut found, mut start) = (Vec::new(), prefix.to_vec());
    loop {
        // The first of each contract; unchecked: what is parked meanwhile comes in the next look.
        let mut range = call.transaction.range_unchecked(&start, end.as_deref(), Direction::Forward);
        let Some(first) = range.next().transpose()? else { return Ok(found) };
        let number = first.0.get(1..5).and_then(|number| number.first_chunk().copied());
        let id = ContractId(u32::from_be_bytes(number.ok_or_else(damaged)?));
        let contract = shelf::load(call, id)?;
        if call.check(&SHARING_REQUEST, &Target::unit(contract.consumer_unit)) {
            found.push(contract);
        }
        start = match key::after_prefix(&space::numbered(space::PARKED, id.0)) {
            Some(next) => next,
            None => return Ok(found),
        };
    }
}

fn damaged() -> ServiceError {
    ServiceError::Damaged { what: "a parked record".to_owned() }
}

/// Lets a parked record be tried again. Needs `dinh.sharing.request` for the consumer's unit.
pub fn retry_parked(call: &mut Call, contract: ContractId, record: RecordId) -> Result<(), ServiceError> {
    let mut parked = decided(call, contract, record)?;
    parked.retry = true;
    call.save(parked_key(contract, record), &parked)?;
    let detail = [("contract", contract.to_string())];
    call.evidence_about("changes.retried", subject(contract), detail, &[record]);
    if let Some(mut subscription) = find_subscription(call, contract)? {
        subscription.retry = true;
        call.save(subscription_key(contract), &subscription)?;
    }
    call.tells = true;
    Ok(())
}

/// Gives a parked record up: its subscriber is not told of these writes, and of later ones again. Needs
/// `dinh.sharing.request` for the consumer's unit, and a reason.
pub fn drop_parked(
    call: &mut Call,
    contract: ContractId,
    record: RecordId,
    reason: &str,
) -> Result<(), ServiceError> {
    decided(call, contract, record)?;
    let reason = reason_of(reason)?;
    forget(call, contract, record);
    let detail = [("contract", contract.to_string()), ("reason", reason)];
    call.evidence_about("changes.dropped", subject(contract), detail, &[record]);
    Ok(())
}

fn decided(call: &mut Call, contract: ContractId, record: RecordId) -> Result<Parked, ServiceError> {
    let of = shelf::load(call, contract)?;
    call.require(&SHARING_REQUEST, &Target::unit(of.consumer_unit))?;
    load(call, contract, record)?.ok_or_else(|| ServiceError::not_found(Thing::Parked, record))
}

fn all(
    call: &Call,
    contract: ContractId,
    after: Option<RecordId>,
) -> impl Iterator<Item = Result<ParkedRecord, ServiceError>> {
    let prefix = space::numbered(space::PARKED, contract.0);
    let end = key::after_prefix(&prefix);
    let start = match after {
        Some(after) => [parked_key(contract, after).as_slice(), &[0]].concat(),
        None => prefix,
    };
    // Unchecked: what is parked meanwhile comes in the next look.
    let range = call.transaction.range_unchecked(&start, end.as_deref(), Direction::Forward);
    range.map(|item| {
        let (key, stored) = item?;
        let record = key.last_chunk().copied().map(RecordId);
        let record = record.ok_or_else(damaged)?;
        Ok(ParkedRecord { record, parked: decode(&key, &stored.value)? })
    })
}

fn parked_key(contract: ContractId, record: RecordId) -> Vec<u8> {
    space::key(space::PARKED, &[&contract.0.to_be_bytes(), &record.0])
}
