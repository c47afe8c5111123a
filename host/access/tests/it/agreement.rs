//! The engine and the oracle agree on random organisations, and the engine's answers with each other.

use std::collections::{BTreeSet, HashMap};

use dinh_access::{FailedCondition, Policy, Scopes};
use dinh_model::{AccountId, Actor, Label, Permission, Target, Timestamp, UnitId};

use crate::oracle::{Answer, Question, clearance, within};
use crate::organisation::{Organisation, Random, moment};

/// Random cases of a normal run: single questions to `check`, `check_many` and `explain`. A longer run:
/// `DINH_ACCESS_CASES=100000000 cargo test -p dinh-access`.
fn cases() -> usize {
    std::env::var("DINH_ACCESS_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(1_000_000)
}

const PER_ORGANISATION: usize = 100;

/// What happened how often, so that no case can be missing unnoticed.
#[derive(Default)]
struct Tally {
    allowed: usize,
    refused: HashMap<FailedCondition, usize>,
    scoped: usize,
}

#[test]
fn the_engine_says_what_the_sentences_say_in_every_random_case() {
    let mut tally = Tally::default();
    for seed in 0..(cases() / PER_ORGANISATION) as u64 {
        let mut random = Random(seed);
        let organisation = Organisation::new(&mut random);
        let policy =
            Policy::compile(&organisation.facts, seed).unwrap_or_else(|e| panic!("seed {seed}: {e}"));
        assert_eq!(policy.version(), seed);
        for _ in 0..PER_ORGANISATION / 10 {
            let actor = organisation.actor(&mut random);
            let permission = random.pick(&organisation.facts.permissions);
            let now = moment(&mut random);
            let targets: Vec<Target> = (0..10).map(|_| organisation.target(&mut random)).collect();
            let case = Case { seed, organisation: &organisation, policy: &policy, actor, permission, now };
            case.single(&targets, &mut tally);
            case.every_row(&mut tally);
        }
    }
    // The random organisations reach every outcome often enough to mean something.
    let total = cases();
    assert!(tally.allowed > total / 20, "{} allowed", tally.allowed);
    assert!(tally.scoped > total, "{} rows", tally.scoped);
    for failed in [
        FailedCondition::AccountNotActive,
        FailedCondition::NoRole,
        FailedCondition::OutsideUnits,
        FailedCondition::NotOwner,
        FailedCondition::LabelTooHigh,
        FailedCondition::OutsideTerm,
        FailedCondition::NotAdmitted,
    ] {
        let times = tally.refused.get(&failed).copied().unwrap_or(0);
        assert!(times > total / 500, "{failed:?} {times} times");
    }
}

struct Case<'a> {
    seed: u64,
    organisation: &'a Organisation,
    policy: &'a Policy,
    actor: Actor,
    permission: Permission,
    now: Timestamp,
}

impl Case<'_> {
    fn question(&self, target: Target) -> Question<'_> {
        let Self { actor, permission, now, .. } = self;
        Question { facts: &self.organisation.facts, actor, permission, target, now: *now }
    }

    fn say(&self, target: &Target) -> String {
        format!(
            "seed {}: {:?} asks for {} of {target:?} at {} among {:#?}",
            self.seed, self.actor, self.permission, self.now, self.organisation.facts
        )
    }

    /// check, check_many, explain and who_can against the oracle.
    fn single(&self, targets: &[Target], tally: &mut Tally) {
        let index = self.policy.permission(&self.permission).unwrap();
        let many = self.policy.check_many(&self.actor, index, targets, self.now);
        let few = self.policy.check_many(&self.actor, index, &targets[..2], self.now);
        assert_eq!(many[..2], few);
        for (target, batched) in targets.iter().zip(many) {
            let answer = self.question(*target).answer();
            let allowed = matches!(answer, Answer::Allowed(_));
            assert_eq!(
                self.policy.check(&self.actor, index, target, self.now),
                allowed,
                "check: {}",
                self.say(target)
            );
            assert_eq!(batched, allowed, "check_many: {}", self.say(target));
            self.explained(target, answer, tally);
        }
        let target = &targets[0];
        let everybody = self.organisation.facts.accounts.iter().map(|fact| fact.id);
        let mut who: Vec<AccountId> = everybody
            .filter(|account| self.may(&Actor::person(*account), &self.permission, *target))
            .collect();
        who.sort();
        assert_eq!(self.policy.who_can(index, target, self.now), who, "who_can: {}", self.say(target));
        let lent = self.organisation.facts.delegations.iter().map(|lent| (lent.borrower, lent.lender));
        let may = |(account, lender): &(AccountId, AccountId)| {
            let actor = Actor::Person { account: *account, on_behalf_of: Some(*lender) };
            self.may(&actor, &self.permission, *target)
        };
        let on_behalf: BTreeSet<_> = lent.filter(may).collect();
        let found = self.policy.who_can_for_another(index, target, self.now);
        assert_eq!(found, Vec::from_iter(on_behalf), "who_can_for_another: {}", self.say(target));
    }

    fn explained(&self, target: &Target, answer: Answer, tally: &mut Tally) {
        let index = self.policy.permission(&self.permission).unwrap();
        let explanation = self.policy.explain(&self.actor, index, target, self.now);
        let mut could_grant = explanation.could_grant.clone();
        could_grant.sort();
        match answer {
            Answer::Allowed(by) => {
                tally.allowed += 1;
                assert!(explanation.allowed, "{}", self.say(target));
                assert_eq!(explanation.failed, None, "{}", self.say(target));
                assert_eq!(explanation.by, by, "{}", self.say(target));
                assert_eq!(could_grant, []);
            }
            Answer::Refused(failed) => {
                *tally.refused.entry(failed).or_default() += 1;
                assert!(!explanation.allowed, "{}", self.say(target));
                assert_eq!(explanation.failed, Some(failed), "{}", self.say(target));
                assert_eq!(explanation.by, []);
                assert_eq!(could_grant, self.could_grant(target, failed), "{}", self.say(target));
            }
        }
    }

    /// Whoever else may give it there up to the label (or admit plugins), when a grant is what is missing; one of the
    /// platform's permissions is given only by whoever has it.
    fn could_grant(&self, target: &Target, failed: FailedCondition) -> Vec<AccountId> {
        let facts = &self.organisation.facts;
        let target = &Target { owner: None, ..*target };
        let (by, target) = match &self.actor {
            Actor::Person { account, on_behalf_of } => {
                let lender = on_behalf_of.unwrap_or(*account);
                let cleared = [*account, lender].iter().all(|a| clearance(facts, *a) >= Some(target.label));
                if failed == FailedCondition::AccountNotActive
                    || failed == FailedCondition::LabelTooHigh && !cleared
                {
                    return Vec::new();
                }
                (Policy::MANAGE_GRANTS, *target)
            }
            Actor::Service(_) | Actor::Public => (Policy::MANAGE_PLUGINS, Target::unit(target.unit)),
        };
        let permission: Permission = by.parse().unwrap();
        let others =
            facts.accounts.iter().map(|fact| fact.id).filter(|other| Some(*other) != self.actor.account());
        let of_the_platform = self.actor.account().is_some() && self.permission.plugin() == "dinh";
        let gives = |other: &AccountId| {
            let other = Actor::person(*other);
            self.may(&other, &permission, target)
                && (!of_the_platform || self.may(&other, &self.permission, target))
        };
        let mut who: Vec<AccountId> = others.filter(gives).collect();
        who.sort();
        who
    }

    fn may(&self, actor: &Actor, permission: &Permission, target: Target) -> bool {
        let facts = &self.organisation.facts;
        Question { facts, actor, permission, target, now: self.now }.allowed()
    }

    /// The scopes agree with the oracle for every unit, label and owner, and are in normal form.
    fn every_row(&self, tally: &mut Tally) {
        let facts = &self.organisation.facts;
        let index = self.policy.permission(&self.permission).unwrap();
        let scopes = self.policy.scopes(&self.actor, index, self.now);
        assert_eq!(self.policy.holds(&self.actor, index, self.now), !scopes.is_empty());
        let mut any = false;
        let mut listed = Vec::new();
        let mut everything = Label::ALL.map(|_| true);
        for unit in &facts.units {
            for label in Label::ALL {
                let owners = facts.accounts.iter().map(|fact| Some(fact.id)).chain([None]);
                for owner in owners {
                    let row = Target { unit: unit.id, label, owner };
                    let allowed = self.question(row).allowed();
                    assert_eq!(scopes.allows(self.policy, &row), allowed, "scopes: {}", self.say(&row));
                    any |= allowed;
                    tally.scoped += 1;
                    if owner.is_none() {
                        everything[label as usize] &= allowed;
                        if label == Label::Ordinary && allowed {
                            listed.push(unit.id);
                        }
                    }
                }
            }
        }
        assert_eq!(any, !scopes.is_empty(), "seed {}: {scopes:?}", self.seed);
        self.narrowed(&scopes);
        let mut units = scopes.units(self.policy);
        units.sort();
        listed.sort();
        assert_eq!(units, listed, "seed {}", self.seed);
        for label in Label::ALL {
            let said = scopes.everything(self.policy, label);
            assert_eq!(said, everything[label as usize], "seed {}: {scopes:?}", self.seed);
        }
        normal(&scopes);
    }

    /// What a contract leaves of the scopes is what they allow within its units and up to its label.
    fn narrowed(&self, scopes: &Scopes) {
        let facts = &self.organisation.facts;
        let mut random = Random(self.seed ^ 0x5ea1);
        let of_contract: Vec<UnitId> =
            facts.units.iter().map(|unit| unit.id).filter(|_| random.below(3) == 0).collect();
        for label in Label::ALL {
            let left = scopes.within(self.policy, &of_contract, label);
            normal(&left);
            for unit in &facts.units {
                let inside =
                    of_contract.is_empty() || of_contract.iter().any(|above| within(facts, unit.id, *above));
                for of_row in Label::ALL {
                    for owner in [None, scopes.person()] {
                        let row = Target { unit: unit.id, label: of_row, owner };
                        let expected = inside && of_row <= label && scopes.allows(self.policy, &row);
                        assert_eq!(left.allows(self.policy, &row), expected, "{}: {left:?}", self.say(&row));
                    }
                }
            }
        }
    }
}

/// Sorted, apart, none empty, neighbours that say the same in one.
fn normal(scopes: &Scopes) {
    for pair in scopes.intervals().windows(2) {
        let (one, next) = (&pair[0], &pair[1]);
        assert!(one.places.end <= next.places.start, "{scopes:?}");
        let same = (one.anyone, one.own) == (next.anyone, next.own);
        assert!(!(same && one.places.end == next.places.start), "{scopes:?}");
    }
    for interval in scopes.intervals() {
        assert!(interval.places.start < interval.places.end, "{scopes:?}");
        assert!(interval.own >= interval.anyone && interval.own.is_some(), "{scopes:?}");
    }
}

#[test]
fn a_unit_is_within_another_exactly_when_a_walk_to_the_root_meets_it() {
    for seed in 0..500 {
        let organisation = Organisation::new(&mut Random(seed));
        let facts = &organisation.facts;
        let policy = Policy::compile(facts, 0).unwrap();
        assert_eq!(policy.unit_count(), facts.units.len());
        let all = policy.units_at(0..u32::try_from(policy.unit_count()).unwrap());
        assert_eq!(all.len(), facts.units.len());
        for unit in all {
            for ancestor in all {
                let expected = within(facts, *unit, *ancestor);
                assert_eq!(policy.is_within(*unit, *ancestor), expected, "seed {seed}: {unit} in {ancestor}");
            }
        }
    }
}
