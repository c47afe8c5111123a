//! Where contracts lie.

use std::sync::Arc;

use dinh_model::{ContractId, PluginId, key};
use dinh_store::Direction;

use super::model::{Consumer, Contract, consumer_key, contract_key, provider_key};
use crate::call::decode;
use crate::space;
use crate::{Call, ServiceError, Thing};

/// A contract.
pub(super) fn load(call: &Call, id: ContractId) -> Result<Contract, ServiceError> {
    call.load(&contract_key(id))?.ok_or_else(|| ServiceError::not_found(Thing::Contract, id))
}

/// Writes a contract, new or changed.
pub(super) fn save(call: &mut Call, contract: &Contract) -> Result<(), ServiceError> {
    let id = Some(contract.id);
    call.save(contract_key(contract.id), contract)?;
    call.transaction.put(consumer_key(&contract.consumer, id), Vec::new());
    call.transaction.put(provider_key(&contract.provider, &contract.dataset, id), Vec::new());
    let open = space::numbered(space::CONTRACT_OPEN, contract.id.0);
    if contract.standing(call.today()).is_open() {
        call.transaction.put(open, Vec::new());
    } else {
        call.transaction.delete(open);
    }
    Ok(())
}

/// The contracts of a consumer, oldest first.
pub(super) fn of_consumer(call: &Call, consumer: &Consumer) -> Result<Vec<Arc<Contract>>, ServiceError> {
    let prefix = consumer_key(consumer, None);
    let end = key::after_prefix(&prefix);
    let mut found = Vec::new();
    let mut range = call.transaction.range(&prefix, end.as_deref(), Direction::Forward);
    while let Some(item) = range.step()? {
        if let Some(id) = space::trailing_number(item.key).map(ContractId) {
            let contract = call.decoded(&contract_key(id))?;
            found.push(contract.ok_or_else(|| ServiceError::not_found(Thing::Contract, id))?);
        }
    }
    Ok(found)
}

/// The contracts of a dataset, oldest first.
pub(super) fn of_dataset(
    call: &Call,
    plugin: &PluginId,
    dataset: &str,
) -> Result<Vec<Contract>, ServiceError> {
    below(call, &provider_key(plugin, dataset, None))
}

/// Those nobody has decided yet, oldest first.
pub(super) fn open(call: &Call) -> Result<Vec<Contract>, ServiceError> {
    below(call, &[space::CONTRACT_OPEN])
}

fn below(call: &Call, prefix: &[u8]) -> Result<Vec<Contract>, ServiceError> {
    let end = key::after_prefix(prefix);
    let mut found = Vec::new();
    for item in call.transaction.range(prefix, end.as_deref(), Direction::Forward) {
        let (key, _) = item?;
        if let Some(id) = space::trailing_number(&key) {
            found.push(load(call, ContractId(id))?);
        }
    }
    Ok(found)
}

/// At most `limit` contracts, newest first, before `before`.
pub(super) fn newest(
    call: &Call,
    before: Option<ContractId>,
    limit: usize,
) -> Result<Vec<Contract>, ServiceError> {
    let end = contract_key(before.unwrap_or(ContractId(u32::MAX)));
    let mut range = call.transaction.range(&[space::CONTRACT], Some(&end), Direction::Backward);
    let mut found = Vec::new();
    while found.len() < limit {
        let Some(item) = range.next() else { break };
        let (key, stored) = item?;
        found.push(decode(&key, &stored.value)?);
    }
    Ok(found)
}
