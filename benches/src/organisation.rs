//! A province: 20,000 accounts with three grants each, 100 units in a tree of depth 4, 20 roles over 400
//! permissions, 2 % of the accounts lending what they have, 1 % suspended; terms, labels and own-record
//! grants in use.

use dinh_access::{AccountFact, Delegation, Facts, Grant, Grantee, Policy, RoleFact, Scope, Term, UnitFact};
use dinh_model::{AccountId, Actor, GrantId, Label, Permission, Target, Timestamp, UnitId};

use crate::random::Random;

/// Accounts.
pub const ACCOUNTS: u32 = 20_000;
/// Units.
pub const UNITS: u32 = 100;
/// Roles.
pub const ROLES: u32 = 20;
/// Permissions.
pub const PERMISSIONS: u32 = 400;
/// Grants of each account.
pub const GRANTS_EACH: u32 = 3;

/// The moment of all checks: a call has one.
pub fn now() -> Timestamp {
    "2026-03-10T02:00:00Z".parse().unwrap()
}

/// The province.
pub fn province(random: &mut Random) -> Facts {
    let permissions: Vec<Permission> = (0..PERMISSIONS)
        .map(|n| match n {
            0 => Policy::MANAGE_GRANTS.parse().unwrap(),
            n => format!("plugin-{}.thing-{n}.read", n / 20).parse().unwrap(),
        })
        .collect();
    let mut facts = Facts { units: units(random), permissions, ..Facts::default() };
    for n in 0..ROLES {
        // Each role holds a tenth of all permissions; the first one gives grants.
        let held = |permission: &u32, random: &mut Random| match permission {
            0 => n == 0,
            _ => random.percent(10),
        };
        let permissions = (0..PERMISSIONS)
            .filter(|permission| held(permission, random))
            .map(|permission| facts.permissions[permission as usize].clone())
            .collect();
        facts.roles.push(RoleFact { id: format!("plugin-{n}.role").parse().unwrap(), permissions });
    }
    for id in 0..ACCOUNTS {
        let clearance = if random.percent(30) { Label::Confidential } else { Label::Ordinary };
        facts.accounts.push(AccountFact { id: AccountId(id), active: !random.percent(1), clearance });
        for n in 0..GRANTS_EACH {
            facts.grants.push(grant(id * GRANTS_EACH + n, id, random));
        }
    }
    for id in 0..ACCOUNTS * 2 / 100 {
        let lender = random.below(ACCOUNTS);
        let grants = (0..2).map(|n| GrantId(lender * GRANTS_EACH + n)).collect();
        facts.delegations.push(Delegation {
            id,
            lender: AccountId(lender),
            borrower: AccountId(random.below(ACCOUNTS)),
            grants,
            term: term(random),
        });
    }
    facts
}

/// Four levels: 1, 9, 30 and 60 units.
fn units(random: &mut Random) -> Vec<UnitFact> {
    let level = |id| match id {
        0 => 0..0,
        1..10 => 0..1,
        10..40 => 1..10,
        _ => 10..40,
    };
    (0..UNITS)
        .map(|id| {
            let above = level(id);
            let parent =
                (!above.is_empty()).then(|| UnitId(above.start + random.below(above.end - above.start)));
            UnitFact { id: UnitId(id), parent }
        })
        .collect()
}

fn term(random: &mut Random) -> Term {
    let day = |offset: i64| Timestamp::from_second(now().as_second() + offset * 86_400).unwrap();
    // Two in three terms of a year or so are in force.
    let from = i64::from(random.below(550)) - 500;
    Term { from: day(from), until: Some(day(from + 400)) }
}

fn grant(id: u32, account: u32, random: &mut Random) -> Grant {
    // One in two hundred grants lets its holder give grants: three for each unit.
    let role = if random.below(200) == 0 { 0 } else { 1 + random.below(ROLES - 1) };
    Grant {
        id: GrantId(id),
        to: Grantee::Account(AccountId(account)),
        role: format!("plugin-{role}.role").parse().unwrap(),
        scope: Scope { unit: UnitId(random.below(UNITS)), own: random.percent(20) },
        label: if random.percent(30) { Label::Confidential } else { Label::Ordinary },
        term: if random.percent(30) { term(random) } else { Term::ALWAYS },
    }
}

/// One question.
#[derive(Clone, Debug)]
pub struct Question {
    /// Who asks.
    pub actor: Actor,
    /// For what.
    pub permission: u16,
    /// On what.
    pub target: Target,
}

/// Random questions, half of them aimed at one of the asker's grants, so that answers are hard to guess;
/// 2 % ask on another's behalf.
pub fn questions(facts: &Facts, count: usize, random: &mut Random) -> Vec<Question> {
    let below = subtrees(facts);
    let index_of = |permission: &Permission| {
        facts.permissions.iter().position(|other| other == permission).unwrap() as u16
    };
    let role_permissions: Vec<Vec<u16>> =
        facts.roles.iter().map(|role| role.permissions.iter().map(index_of).collect()).collect();
    let role_of = |grant: &Grant| facts.roles.iter().position(|role| role.id == grant.role).unwrap();
    let grant_roles: Vec<usize> = facts.grants.iter().map(role_of).collect();
    (0..count)
        .map(|_| {
            let (actor, holder) = if random.percent(2) {
                let delegation = random.pick(&facts.delegations);
                let (account, lender) = (delegation.borrower, delegation.lender);
                (Actor::Person { account, on_behalf_of: Some(lender) }, lender)
            } else {
                let account = AccountId(random.below(ACCOUNTS));
                (Actor::person(account), account)
            };
            let label = if random.percent(10) { Label::Confidential } else { Label::Ordinary };
            let owner = match random.below(4) {
                0 => Some(holder),
                1 => Some(AccountId(random.below(ACCOUNTS))),
                _ => None,
            };
            let (permission, unit) = if random.percent(50) {
                let grant = (holder.0 * GRANTS_EACH + random.below(GRANTS_EACH)) as usize;
                let unit = facts.grants[grant].scope.unit;
                (*random.pick(&role_permissions[grant_roles[grant]]), *random.pick(&below[unit.0 as usize]))
            } else {
                (random.below(PERMISSIONS) as u16, UnitId(random.below(UNITS)))
            };
            Question { actor, permission, target: Target { unit, label, owner } }
        })
        .collect()
}

/// By unit: it and all below it.
pub fn subtrees(facts: &Facts) -> Vec<Vec<UnitId>> {
    let mut below: Vec<Vec<UnitId>> = facts.units.iter().map(|unit| vec![unit.id]).collect();
    for unit in &facts.units {
        let mut at = unit.parent;
        while let Some(above) = at {
            below[above.0 as usize].push(unit.id);
            at = facts.units[above.0 as usize].parent;
        }
    }
    below
}
