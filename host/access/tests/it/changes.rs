//! A policy changed step by step is the policy compiled from the changed facts, whatever the steps.

use dinh_access::{
    AccountFact, CompileError, Fact, FactChange, FactKey, Facts, Grantee, Ledger, Policy, RoleFact, Term,
    UnitFact,
};
use dinh_model::{AccountId, GrantId, Label, PositionId, UnitId};

use crate::organisation::{self, Organisation, Random};
use crate::sentences::{LAN, MINH, at, facts, grant};

/// Random sequences of a normal run; a longer run: `DINH_ACCESS_SEQUENCES=1000000`.
fn sequences() -> u64 {
    std::env::var("DINH_ACCESS_SEQUENCES").ok().and_then(|count| count.parse().ok()).unwrap_or(2_000)
}

/// The facts in an order that does not depend on how they came to be.
fn sorted(facts: &Facts) -> Vec<Fact> {
    let mut all: Vec<Fact> = facts.clone().into_list().collect();
    all.sort_by_key(Fact::key);
    all
}

/// A change that mostly makes sense; one in ten may name what does not exist or is another's.
fn change(organisation: &Organisation, facts: &Facts, random: &mut Random) -> FactChange {
    let Organisation { plugins, .. } = organisation;
    let number = |random: &mut Random, below: usize| u32::try_from(random.below(below)).unwrap();
    match random.below(20) {
        0..3 => FactChange::Set(Fact::Account(AccountFact {
            id: AccountId(number(random, 20)),
            active: random.percent(70),
            clearance: organisation::label(random),
        })),
        3..7 => {
            let id = GrantId(number(random, 40));
            FactChange::Set(Fact::Grant(organisation::grant(id, facts, random)))
        }
        7..10 => FactChange::Remove(FactKey::Grant(GrantId(number(random, 40)))),
        10 => FactChange::Set(Fact::Holding(organisation::holding(facts, random))),
        11 => match facts.holdings.first() {
            Some(holding) => FactChange::Remove(FactKey::Holding(holding.account, holding.position)),
            None => FactChange::Set(Fact::Position(PositionId(number(random, 60)))),
        },
        12..14 => {
            FactChange::Set(Fact::Delegation(organisation::delegation(number(random, 6), facts, random)))
        }
        14 => FactChange::Remove(FactKey::Delegation(number(random, 6))),
        15 => FactChange::Set(Fact::Service(organisation::service(facts, plugins, random))),
        16 => FactChange::Set(Fact::Public(organisation::public(facts, random))),
        17 => match (facts.services.first(), facts.public.first()) {
            (Some(grant), _) => {
                let (plugin, permission) = (grant.plugin.clone(), grant.permission.clone());
                FactChange::Remove(FactKey::Service(plugin, permission, grant.unit))
            }
            (None, Some(grant)) => FactChange::Remove(FactKey::Public(grant.permission.clone(), grant.unit)),
            (None, None) => FactChange::Set(Fact::Position(PositionId(number(random, 60)))),
        },
        18 => match random.below(4) {
            0 => FactChange::Remove(FactKey::Account(AccountId(number(random, 20)))),
            1 => FactChange::Remove(FactKey::Position(PositionId(17))),
            2 => FactChange::Set(Fact::Unit(UnitFact {
                id: UnitId(number(random, 400)),
                parent: Some(random.pick(&facts.units).id),
            })),
            _ => FactChange::Set(Fact::Role(RoleFact {
                id: random.pick(&facts.roles).id,
                permissions: facts.permissions.iter().filter(|_| random.percent(50)).cloned().collect(),
            })),
        },
        // Wrong now and then: a term that ends before it begins, a unit or account that does not exist.
        _ => {
            let mut grant = organisation::grant(GrantId(number(random, 40)), facts, random);
            match random.below(4) {
                0 => {
                    grant.term =
                        Term { from: at("2026-02-01T00:00:00Z"), until: Some(at("2026-01-01T00:00:00Z")) }
                }
                1 => grant.scope.unit = UnitId(9_999),
                2 => grant.to = Grantee::Account(AccountId(9_999)),
                _ => grant.to = Grantee::Position(PositionId(9_999)),
            }
            FactChange::Set(Fact::Grant(grant))
        }
    }
}

#[test]
fn changes_applied_one_after_another_give_exactly_the_policy_of_the_changed_facts() {
    let (mut applied_times, mut refused_times) = (0_u64, 0_u64);
    for seed in 0..sequences() {
        let mut random = Random(seed);
        let organisation = Organisation::new(&mut random);
        let (mut ledger, mut policy) = Ledger::compile(organisation.facts.clone(), 1).unwrap();
        for _ in 0..10 {
            let before = sorted(ledger.facts());
            let changes: Vec<FactChange> = (0..1 + random.below(3))
                .map(|_| change(&organisation, ledger.facts(), &mut random))
                .collect();
            // The same by hand, over a plain list.
            let mut plain = before.clone();
            for change in &changes {
                plain.retain(|fact| fact.key() != change.key());
                if let FactChange::Set(fact) = change {
                    plain.push(fact.clone());
                }
            }
            plain.sort_by_key(Fact::key);
            let mut expected = Facts::default();
            plain.iter().cloned().for_each(|fact| expected.add(fact));
            match (ledger.apply(&policy, changes.clone()), Policy::compile(&expected, 1)) {
                (Ok(applied), Ok(compiled)) => {
                    applied_times += 1;
                    assert!(applied.policy == compiled, "seed {seed}: {changes:#?} on {before:#?}");
                    assert_eq!(sorted(ledger.facts()), plain, "seed {seed}");
                    if random.percent(10) {
                        ledger.take_back(applied.undo);
                        assert_eq!(sorted(ledger.facts()), before, "seed {seed}");
                    } else {
                        policy = applied.policy;
                    }
                }
                (Err(_), Err(_)) => {
                    refused_times += 1;
                    assert_eq!(sorted(ledger.facts()), before, "seed {seed}: refused, yet changed");
                }
                (applied, compiled) => {
                    let (applied, compiled) = (applied.map(drop), compiled.map(drop));
                    panic!("seed {seed}: {applied:?} but {compiled:?} after {changes:#?} on {before:#?}")
                }
            }
        }
    }
    assert!(applied_times > sequences() * 5, "{applied_times} applied");
    assert!(refused_times > sequences() / 5, "{refused_times} refused");
}

#[test]
fn what_is_set_to_what_it_is_changes_nothing_and_revokes_nothing() {
    let mut facts = facts();
    facts.grants = vec![grant(1, Grantee::Account(LAN))];
    let (mut ledger, policy) = Ledger::compile(facts.clone(), 7).unwrap();
    let same = facts.into_list().map(FactChange::Set).collect();
    let applied = ledger.apply(&policy, same).unwrap();
    assert!(applied.changes.is_empty() && !applied.revokes);
    assert!(applied.policy == policy);
    assert_eq!(applied.policy.with_version(8).version(), 8);
}

#[test]
fn only_a_change_that_may_take_something_away_revokes() {
    let mut facts = facts();
    facts.grants = vec![grant(1, Grantee::Account(LAN))];
    let lan = facts.accounts[0];
    let reader = facts.roles[0].clone();
    let change = |change: FactChange| {
        let (mut ledger, policy) = Ledger::compile(facts.clone(), 1).unwrap();
        let applied = ledger.apply(&policy, vec![change]).unwrap();
        assert_eq!(applied.changes.len(), 1);
        applied.revokes
    };
    let set = |fact| change(FactChange::Set(fact));
    assert!(!set(Fact::Grant(grant(2, Grantee::Account(MINH)))), "one more grant");
    assert!(set(Fact::Grant(grant(1, Grantee::Account(MINH)))), "another's now");
    assert!(change(FactChange::Remove(FactKey::Grant(GrantId(1)))), "withdrawn");
    assert!(set(Fact::Account(AccountFact { active: false, ..lan })), "suspended");
    assert!(set(Fact::Account(AccountFact { clearance: Label::Ordinary, ..lan })), "cleared for less");
    assert!(!set(Fact::Account(AccountFact { id: AccountId(3), ..lan })), "one more account");
    let more = facts.permissions.clone();
    assert!(!set(Fact::Role(RoleFact { permissions: more, ..reader.clone() })), "a role holds more");
    assert!(set(Fact::Role(RoleFact { permissions: Vec::new(), ..reader })), "a role holds less");
}

#[test]
fn a_change_that_is_refused_says_why_as_compiling_does_and_leaves_the_facts_alone() {
    let (mut ledger, policy) = Ledger::compile(facts(), 1).unwrap();
    let wrong = grant(1, Grantee::Account(AccountId(99)));
    let good = grant(2, Grantee::Account(LAN));
    let error = ledger
        .apply(&policy, vec![FactChange::Set(Fact::Grant(good)), FactChange::Set(Fact::Grant(wrong))])
        .unwrap_err();
    assert_eq!(error, CompileError::UnknownAccount { by: "grant 1".into(), account: AccountId(99) });
    assert_eq!(*ledger.facts(), facts());
}
