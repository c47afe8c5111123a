//! Which contracts there are, for whoever they concern.

use dinh_model::{ContractId, PluginId, Target, UnitId};

use super::model::{Contract, Standing};
use super::shelf;
use crate::accounts::Signature;
use crate::permissions::{AUDIT_READ, SHARING_DECIDE, SHARING_REQUEST};
use crate::{Call, ServiceError};

/// Contracts read in one go, and looked at for one page.
const SLICE: usize = 200;
const LOOKED_AT: usize = 5_000;

/// What a list of contracts is narrowed to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContractFilter {
    /// A plugin on either side.
    pub plugin: Option<PluginId>,
    /// A dataset of that plugin as provider.
    pub dataset: Option<String>,
    /// How it stands today.
    pub standing: Option<Standing>,
}

/// A page of contracts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contracts {
    /// Newest first.
    pub contracts: Vec<Contract>,
    /// Pass as `before` to go on; none at the end. A page may be short and still have a next one.
    pub next: Option<ContractId>,
}

/// The contracts that concern the actor, newest first, before `before`, at most `limit`: those of the units in which
/// they may ask, decide, or read the evidence.
pub fn contracts(
    call: &mut Call,
    filter: &ContractFilter,
    before: Option<ContractId>,
    limit: usize,
) -> Result<Contracts, ServiceError> {
    let today = call.today();
    call.acts_beside_the_rules();
    let mut page = Contracts::default();
    let (mut last, mut looked) = (before, 0);
    loop {
        let slice = shelf::newest(call, last, SLICE)?;
        let ended = slice.len() < SLICE;
        for contract in slice {
            if page.contracts.len() >= limit || looked >= LOOKED_AT {
                page.next = last;
                return Ok(page);
            }
            looked += 1;
            last = Some(contract.id);
            let means = filter.standing.is_none_or(|standing| contract.standing(today) == standing)
                && filter.dataset.as_ref().is_none_or(|dataset| contract.dataset == *dataset)
                && filter.plugin.as_ref().is_none_or(|plugin| {
                    contract.provider == *plugin
                        || (filter.dataset.is_none() && contract.plugin() == Some(plugin))
                });
            if means && concerns(call, &contract) {
                page.contracts.push(contract);
            }
        }
        if ended {
            return Ok(page);
        }
    }
}

/// A contract, for whom it concerns.
pub fn get_contract(call: &mut Call, id: ContractId) -> Result<Contract, ServiceError> {
    let contract = shelf::load(call, id)?;
    call.acts_beside_the_rules();
    if !concerns(call, &contract) {
        call.require(&SHARING_DECIDE, &Target::unit(contract.provider_unit))?;
    }
    Ok(contract)
}

/// The contracts that wait for the actor's decision, oldest first.
pub fn open_contracts(call: &Call) -> Result<Vec<Contract>, ServiceError> {
    let mut open = shelf::open(call)?;
    let actor = Signature::of(call);
    open.retain(|contract| {
        let asked = contract.requested.by;
        may(call, &SHARING_DECIDE, contract.provider_unit)
            && !actor.zip(asked).is_some_and(|(actor, asked)| actor.shares(asked))
    });
    Ok(open)
}

fn concerns(call: &Call, contract: &Contract) -> bool {
    let sides = [contract.provider_unit, contract.consumer_unit];
    sides.iter().any(|side| may(call, &AUDIT_READ, *side))
        || may(call, &SHARING_DECIDE, contract.provider_unit)
        || may(call, &SHARING_REQUEST, contract.consumer_unit)
}

fn may(call: &Call, permission: &dinh_model::Permission, unit: UnitId) -> bool {
    call.check(permission, &Target::unit(unit))
}
