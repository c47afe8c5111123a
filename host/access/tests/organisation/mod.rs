//! Random organisations: small, so that grants meet targets often, and full of what can go wrong.
//!
//! On these the engine is held against the oracle (`it/`), and against Cedar (`benches/peers/tests`).

mod random;

use std::collections::HashSet;
use std::hash::Hash;

use dinh_access::{
    AccountFact, Delegation, Facts, Grant, Grantee, Holding, Policy, PublicGrant, RoleFact, Scope,
    ServiceGrant, Term, UnitFact,
};
use dinh_model::{AccountId, Actor, GrantId, Label, PluginId, PositionId, Target, Timestamp, UnitId};

pub use random::Random;

/// The first second of the days on which things happen.
const EPOCH: i64 = 1_767_200_400;

/// A moment on one of a few days, sometimes a microsecond off, so that ends of terms are hit exactly.
pub fn moment(random: &mut Random) -> Timestamp {
    let day = i64::try_from(random.below(6)).unwrap();
    let off = [0, 0, 0, 1, -1][random.below(5)];
    Timestamp::from_microsecond((EPOCH + day * 86_400) * 1_000_000 + off).unwrap()
}

fn term(random: &mut Random) -> Term {
    if random.percent(40) {
        return Term::ALWAYS;
    }
    let (one, other) = (moment(random), moment(random));
    let until = random.percent(80).then_some(one.max(other));
    Term { from: if until.is_some() { one.min(other) } else { one }, until }
}

pub fn label(random: &mut Random) -> Label {
    random.pick(&Label::ALL)
}

pub struct Organisation {
    pub facts: Facts,
    pub plugins: Vec<PluginId>,
}

impl Organisation {
    pub fn new(random: &mut Random) -> Self {
        let plugins: Vec<PluginId> = ["pci-index", "inspection"].map(|id| id.parse().unwrap()).to_vec();
        let mut facts = Facts::default();
        units(&mut facts, random);
        roles(&mut facts, random);
        people(&mut facts, random);
        grants(&mut facts, random);
        delegations(&mut facts, random);
        for _ in 0..random.below(6) {
            facts.services.push(service(&facts, &plugins, random));
        }
        for _ in 0..random.below(4) {
            facts.public.push(public(&facts, random));
        }
        once(&mut facts.services, |grant| (grant.plugin.clone(), grant.permission.clone(), grant.unit));
        once(&mut facts.public, |grant| (grant.permission.clone(), grant.unit));
        shuffle(&mut facts.units, random);
        shuffle(&mut facts.grants, random);
        shuffle(&mut facts.delegations, random);
        Self { facts, plugins }
    }

    /// Somebody who exists, or nearly: one in twenty accounts, lenders and plugins are made up.
    pub fn actor(&self, random: &mut Random) -> Actor {
        match random.below(10) {
            0 => Actor::Public,
            1 => Actor::Service(if random.percent(5) {
                "unheard-of".parse().unwrap()
            } else {
                random.pick(&self.plugins)
            }),
            2..4 if !self.facts.delegations.is_empty() => {
                let delegation = random.pick(&self.facts.delegations);
                Actor::Person { account: delegation.borrower, on_behalf_of: Some(delegation.lender) }
            }
            4 => Actor::Person { account: self.account(random), on_behalf_of: Some(self.account(random)) },
            _ => Actor::person(self.account(random)),
        }
    }

    fn account(&self, random: &mut Random) -> AccountId {
        if random.percent(5) { AccountId(9_999) } else { random.pick(&self.facts.accounts).id }
    }

    pub fn target(&self, random: &mut Random) -> Target {
        let unit = if random.percent(3) { UnitId(9_999) } else { random.pick(&self.facts.units).id };
        let owner = random.percent(60).then(|| self.account(random));
        Target { unit, label: label(random), owner }
    }
}

/// Keeps the first of each key.
fn once<T, K: Eq + Hash>(list: &mut Vec<T>, key: impl Fn(&T) -> K) {
    let mut seen = HashSet::new();
    list.retain(|item| seen.insert(key(item)));
}

pub fn service(facts: &Facts, plugins: &[PluginId], random: &mut Random) -> ServiceGrant {
    ServiceGrant {
        plugin: random.pick(plugins),
        permission: random.pick(&facts.permissions),
        unit: random.pick(&facts.units).id,
        label: label(random),
    }
}

pub fn public(facts: &Facts, random: &mut Random) -> PublicGrant {
    PublicGrant { permission: random.pick(&facts.permissions), unit: random.pick(&facts.units).id }
}

fn shuffle<T>(list: &mut [T], random: &mut Random) {
    for index in (1..list.len()).rev() {
        list.swap(index, random.below(index + 1));
    }
}

fn units(facts: &mut Facts, random: &mut Random) {
    let count = 1 + random.below(12);
    let step = 1 + random.below(7);
    for index in 0..count {
        let parent = (index > 0 && random.percent(90)).then(|| random.pick(&facts.units).id);
        // Numbers with gaps, and not in the order of the tree.
        let id = UnitId(u32::try_from((index * 5 % count.max(6)) * step + index / 6 * 100).unwrap());
        if facts.units.iter().all(|unit| unit.id != id) {
            facts.units.push(UnitFact { id, parent });
        }
    }
}

fn roles(facts: &mut Facts, random: &mut Random) {
    facts.permissions = (0..1 + random.below(4))
        .map(|n| format!("pci-index.score-{}.read", "x".repeat(n + 1)).parse().unwrap())
        .collect();
    facts.permissions.push(Policy::MANAGE_GRANTS.parse().unwrap());
    facts.permissions.push(Policy::MANAGE_PLUGINS.parse().unwrap());
    shuffle(&mut facts.permissions, random);
    // Now and then more roles than one word of the matrix holds.
    let count = if random.percent(20) { 60 + random.below(80) } else { 1 + random.below(4) };
    for n in 0..count {
        let permissions = facts.permissions.iter().filter(|_| random.percent(35)).cloned().collect();
        facts.roles.push(RoleFact { id: format!("pci-index.role-{n}").parse().unwrap(), permissions });
    }
}

fn people(facts: &mut Facts, random: &mut Random) {
    let step = 1 + u32::try_from(random.below(3)).unwrap();
    for n in 0..1 + u32::try_from(random.below(6)).unwrap() {
        facts.accounts.push(AccountFact {
            id: AccountId(n * step),
            active: random.percent(85),
            clearance: label(random),
        });
    }
    facts.positions = (0..1 + u32::try_from(random.below(3)).unwrap()).map(|n| PositionId(n * 17)).collect();
    for _ in 0..random.below(6) {
        facts.holdings.push(holding(facts, random));
    }
    once(&mut facts.holdings, |holding| (holding.account, holding.position));
}

pub fn holding(facts: &Facts, random: &mut Random) -> Holding {
    Holding {
        account: random.pick(&facts.accounts).id,
        position: random.pick(&facts.positions),
        term: term(random),
    }
}

fn grants(facts: &mut Facts, random: &mut Random) {
    for n in 0..u32::try_from(random.below(14)).unwrap() {
        facts.grants.push(grant(GrantId(n * 3), facts, random));
    }
}

pub fn grant(id: GrantId, facts: &Facts, random: &mut Random) -> Grant {
    let to = if random.percent(70) {
        Grantee::Account(random.pick(&facts.accounts).id)
    } else {
        Grantee::Position(random.pick(&facts.positions))
    };
    Grant {
        id,
        to,
        role: random.pick(&facts.roles).id,
        scope: Scope { unit: random.pick(&facts.units).id, own: random.percent(30) },
        label: label(random),
        term: term(random),
    }
}

fn delegations(facts: &mut Facts, random: &mut Random) {
    for id in 0..u32::try_from(random.below(5)).unwrap() {
        facts.delegations.push(delegation(id, facts, random));
    }
}

/// A loan of what a lender has, with some grants that were withdrawn and some positions not held.
pub fn delegation(id: u32, facts: &Facts, random: &mut Random) -> Delegation {
    let lender = random.pick(&facts.accounts).id;
    let lendable = facts.grants.iter().filter(|grant| match grant.to {
        Grantee::Account(account) => account == lender,
        Grantee::Position(_) => true,
    });
    let mut grants: Vec<GrantId> = lendable.filter(|_| random.percent(70)).map(|grant| grant.id).collect();
    if random.percent(20) {
        grants.push(GrantId(1_000_000));
    }
    let borrower = random.pick(&facts.accounts).id;
    Delegation { id, lender, borrower, grants, term: term(random) }
}
