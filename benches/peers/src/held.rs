//! What everybody holds at the moment of the questions: terms, suspended accounts, loans and clearances settled.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use dinh_access::{Facts, Grant, Grantee, Term};
use dinh_model::{AccountId, GrantId, Label, RoleId, UnitId};

use crate::setting::{Principal, Setting};

/// A role somewhere.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Held {
    /// The role.
    pub role: RoleId,
    /// For this unit and all below it.
    pub unit: UnitId,
    /// Up to this label.
    pub label: Label,
    /// Only for records that the person owns.
    pub own: bool,
}

/// By principal; whoever holds nothing is not there.
pub type Holders = BTreeMap<Principal, BTreeSet<Held>>;

/// What everybody holds, in their own right and on behalf of others.
pub fn holders(setting: &Setting) -> Holders {
    let facts = &setting.facts;
    let active: HashMap<AccountId, Label> =
        facts.accounts.iter().filter(|fact| fact.active).map(|fact| (fact.id, fact.clearance)).collect();
    let in_force = |term: Term| term.contains(setting.now);
    let grants: HashMap<GrantId, &Grant> =
        facts.grants.iter().filter(|grant| in_force(grant.term)).map(|grant| (grant.id, grant)).collect();
    let mut holders = Holders::new();
    let mut give = |principal: Principal, grant: &Grant| {
        let cleared = (active.get(&principal.account), active.get(&principal.person()));
        let (Some(accounts), Some(persons)) = cleared else { return };
        let label = grant.label.min(*accounts).min(*persons);
        let held = Held { role: grant.role.clone(), unit: grant.scope.unit, label, own: grant.scope.own };
        holders.entry(principal).or_default().insert(held);
    };
    for grant in grants.values() {
        give(Principal { account: holder(grant), on_behalf_of: None }, grant);
    }
    for loan in facts.delegations.iter().filter(|loan| in_force(loan.term)) {
        for grant in loan.grants.iter().filter_map(|grant| grants.get(grant)) {
            if holder(grant) == loan.lender {
                give(Principal { account: loan.borrower, on_behalf_of: Some(loan.lender) }, grant);
            }
        }
    }
    holders
}

fn holder(grant: &Grant) -> AccountId {
    match grant.to {
        Grantee::Account(account) => account,
        Grantee::Position(_) => panic!("grants are given to accounts here"),
    }
}

/// The roles that hold each permission, by its place in the facts.
pub fn roles(facts: &Facts) -> Vec<Vec<&RoleId>> {
    let holding = |permission| {
        let roles = facts.roles.iter().filter(|role| role.permissions.contains(permission));
        roles.map(|role| &role.id).collect()
    };
    facts.permissions.iter().map(holding).collect()
}

/// Every unit, with itself and all above it.
pub fn above(facts: &Facts) -> BTreeMap<UnitId, Vec<UnitId>> {
    let parents: HashMap<UnitId, Option<UnitId>> =
        facts.units.iter().map(|unit| (unit.id, unit.parent)).collect();
    let line = |unit: UnitId| std::iter::successors(Some(unit), |unit| parents[unit]).collect();
    facts.units.iter().map(|unit| (unit.id, line(unit.id))).collect()
}
