//! The tables hold a whole province, and say so when something does not fit.

use dinh_access::{
    AccountFact, CompileError, Facts, Grant, Grantee, Policy, RoleFact, Scope, Term, UnitFact,
};
use dinh_model::{AccountId, Actor, GrantId, Label, Target, UnitId};

use crate::sentences::{LAN, at, facts, grant, in_year, now, read};

fn chain(length: u32) -> Vec<UnitFact> {
    (0..length).map(|id| UnitFact { id: UnitId(id), parent: id.checked_sub(1).map(UnitId) }).collect()
}

fn leaves(ids: std::ops::Range<u32>) -> impl Iterator<Item = UnitFact> {
    ids.map(|id| UnitFact { id: UnitId(id), parent: Some(UnitId(0)) })
}

#[test]
fn a_tree_of_the_greatest_size_and_depth_still_answers_exactly() {
    let units = chain(65_536);
    let to = |id, unit| Grant {
        scope: Scope { unit: UnitId(unit), own: false },
        ..grant(id, Grantee::Account(LAN))
    };
    let mut facts = Facts { units, ..facts() };
    facts.grants = vec![to(1, 65_535)];
    let policy = Policy::compile(&facts, 1).unwrap();
    let index = policy.permission(&read()).unwrap();
    let may =
        |policy: &Policy, unit| policy.check(&Actor::person(LAN), index, &Target::unit(UnitId(unit)), now());
    assert!(may(&policy, 65_535));
    assert!(!may(&policy, 65_534));
    facts.grants = vec![to(1, 0)];
    let policy = Policy::compile(&facts, 1).unwrap();
    assert!(may(&policy, 0) && may(&policy, 65_535));
    let scopes = policy.scopes(&Actor::person(LAN), index, now());
    assert_eq!(scopes.units(&policy).len(), 65_536);
    assert!(scopes.everything(&policy, Label::Ordinary));
}

#[test]
fn more_units_than_places_are_refused_with_the_number() {
    let facts = Facts { units: chain(65_537), ..Facts::default() };
    let error = Policy::compile(&facts, 1).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the policy is too large for its tables: number of units is 65537, at most 65536 fits"
    );
}

#[test]
fn numbers_that_would_make_the_tables_huge_are_refused_with_the_number() {
    let unit = UnitFact { id: UnitId(u32::MAX), parent: None };
    let facts = Facts { units: vec![unit], ..Facts::default() };
    assert_eq!(
        Policy::compile(&facts, 1).unwrap_err(),
        CompileError::TooLarge {
            what: "highest number of a unit",
            found: u32::MAX as usize,
            most: 4_194_303
        }
    );
    let account = AccountFact { id: AccountId(4_194_304), active: true, clearance: Label::Ordinary };
    let facts = Facts { accounts: vec![account], ..Facts::default() };
    assert_eq!(
        Policy::compile(&facts, 1).unwrap_err(),
        CompileError::TooLarge { what: "highest number of an account", found: 4_194_304, most: 4_194_303 }
    );
}

#[test]
fn more_roles_than_a_grant_can_name_are_refused_with_the_number() {
    let role = |n| RoleFact { id: format!("pci-index.r{n}").parse().unwrap(), permissions: Vec::new() };
    let facts = Facts { roles: (0..65_537).map(role).collect(), ..Facts::default() };
    assert_eq!(
        Policy::compile(&facts, 1).unwrap_err(),
        CompileError::TooLarge { what: "number of roles", found: 65_537, most: 65_536 }
    );
    let facts = Facts {
        roles: (0..65_536).map(role).collect(),
        permissions: (0..4_097).map(|n| format!("pci-index.p{n}.read").parse().unwrap()).collect(),
        ..Facts::default()
    };
    assert_eq!(
        Policy::compile(&facts, 1).unwrap_err(),
        CompileError::TooLarge { what: "roles times permissions", found: 65_536 * 4_097, most: 268_435_456 }
    );
}

#[test]
fn among_a_thousand_grants_of_one_person_each_one_counts() {
    let mut facts = Facts { units: chain(1).into_iter().chain(leaves(1..1_001)).collect(), ..facts() };
    // Every second one has a term, so that grants with and without stand side by side.
    let to = |id: u32| Grant {
        scope: Scope { unit: UnitId(id), own: false },
        term: if id.is_multiple_of(2) { in_year(2026) } else { Term::ALWAYS },
        ..grant(id, Grantee::Account(LAN))
    };
    facts.grants = (1..1_001).map(to).collect();
    let policy = Policy::compile(&facts, 1).unwrap();
    let index = policy.permission(&read()).unwrap();
    let lan = Actor::person(LAN);
    for unit in 1..1_001 {
        assert!(policy.check(&lan, index, &Target::unit(UnitId(unit)), now()), "{unit}");
        let later = at("2027-06-01T00:00:00Z");
        assert_eq!(policy.check(&lan, index, &Target::unit(UnitId(unit)), later), unit % 2 == 1, "{unit}");
    }
    assert!(!policy.check(&lan, index, &Target::unit(UnitId(0)), now()));
    assert_eq!(policy.scopes(&lan, index, now()).intervals().len(), 1, "neighbours are merged");
}

#[test]
fn an_empty_policy_refuses_everything_and_explains_it() {
    let policy = Policy::compile(&Facts::default(), 0).unwrap();
    assert_eq!(policy.permission(&read()), None);
    assert_eq!(policy.unit_count(), 0);
    assert_eq!(policy.clearance(LAN), None);
    assert!(!policy.is_within(UnitId(0), UnitId(0)));
}

#[test]
fn an_index_of_another_policy_never_allows_more_than_its_number_names_here() {
    let mut large = facts();
    large.permissions.push("zz.thing.read".parse().unwrap());
    large.grants = vec![Grant { id: GrantId(1), ..grant(1, Grantee::Account(LAN)) }];
    let beyond = Policy::compile(&large, 1).unwrap().permission(&"zz.thing.read".parse().unwrap()).unwrap();
    let mut small = facts();
    small.grants = large.grants;
    let policy = Policy::compile(&small, 2).unwrap();
    let lan = Actor::person(LAN);
    assert!(!policy.check(&lan, beyond, &Target::unit(UnitId(2)), now()));
    assert!(policy.scopes(&lan, beyond, now()).is_empty());
    assert!(!policy.explain(&lan, beyond, &Target::unit(UnitId(2)), now()).allowed);
}
