//! Facts that contradict themselves are refused by name.

use dinh_access::{
    CompileError, Delegation, Facts, Grant, Grantee, Holding, Policy, PublicGrant, RoleFact, Scope, Term,
    UnitFact,
};
use dinh_model::{AccountId, GrantId, PositionId, UnitId};

use crate::sentences::{
    BUDGET, HEAD_OF_BUDGET, LAN, MINH, PLANNING, PROVINCE, at, facts, grant, in_year, permission, read,
};

fn refused(facts: &Facts) -> String {
    Policy::compile(facts, 1).unwrap_err().to_string()
}

#[test]
fn a_cycle_in_the_unit_tree_names_the_units_on_it() {
    let mut facts = facts();
    facts.units[1].parent = Some(BUDGET);
    assert_eq!(
        refused(&facts),
        "the unit tree has a cycle: 2 is under 20 is under 2; give one of them another parent"
    );
    facts.units[1].parent = Some(PLANNING);
    assert_eq!(Policy::compile(&facts, 1).unwrap_err(), CompileError::Cycle(vec![PLANNING]));
}

#[test]
fn a_unit_that_only_hangs_on_a_cycle_is_not_blamed() {
    let unit = |id, parent| UnitFact { id: UnitId(id), parent: Some(UnitId(parent)) };
    let facts = Facts { units: vec![unit(1, 2), unit(2, 3), unit(3, 2)], ..Facts::default() };
    assert_eq!(Policy::compile(&facts, 1).unwrap_err(), CompileError::Cycle(vec![UnitId(2), UnitId(3)]));
}

#[test]
fn unknown_units_are_named_with_what_names_them() {
    let mut in_grant = facts();
    in_grant.grants =
        vec![Grant { scope: Scope { unit: UnitId(9), own: false }, ..grant(4, Grantee::Account(LAN)) }];
    assert_eq!(refused(&in_grant), "grant 4 names unit 9, which does not exist");
    let mut as_parent = facts();
    as_parent.units.push(UnitFact { id: UnitId(8), parent: Some(UnitId(9)) });
    assert_eq!(refused(&as_parent), "unit 8 names unit 9, which does not exist");
    let mut public = facts();
    public.public = vec![PublicGrant { permission: read(), unit: UnitId(9) }];
    assert_eq!(refused(&public), "what is public names unit 9, which does not exist");
}

#[test]
fn unknown_accounts_roles_positions_and_permissions_are_named() {
    let mut account = facts();
    account.grants = vec![grant(4, Grantee::Account(AccountId(9)))];
    assert_eq!(refused(&account), "grant 4 names account 9, which does not exist");

    let mut role = facts();
    role.grants =
        vec![Grant { role: "pci-index.writer".parse().unwrap(), ..grant(4, Grantee::Account(LAN)) }];
    assert_eq!(refused(&role), "grant 4 names role pci-index.writer, which is not defined");

    let mut position = facts();
    position.grants = vec![grant(4, Grantee::Position(PositionId(9)))];
    assert_eq!(refused(&position), "grant 4 names position 9, which does not exist");
    let mut held = facts();
    held.holdings = vec![Holding { account: LAN, position: PositionId(9), term: Term::ALWAYS }];
    assert_eq!(
        refused(&held),
        "the holding of account 1 in position 9 names position 9, which does not exist"
    );

    let mut unknown = facts();
    unknown.roles[0].permissions.push(permission("pci-index.score.burn"));
    assert_eq!(
        refused(&unknown),
        "role pci-index.reader names permission pci-index.score.burn, which no manifest declares"
    );
}

#[test]
fn a_term_that_ends_before_it_begins_is_refused_wherever_it_is() {
    let wrong = Term { from: at("2026-07-01T00:00:00Z"), until: Some(at("2026-06-30T00:00:00Z")) };
    let says = |of: &str| {
        format!("the term of {of} ends at 2026-06-30T00:00:00Z, before it begins at 2026-07-01T00:00:00Z")
    };
    let mut in_grant = facts();
    in_grant.grants = vec![Grant { term: wrong, ..grant(4, Grantee::Account(LAN)) }];
    assert_eq!(refused(&in_grant), says("grant 4"));
    let mut held = facts();
    held.holdings = vec![Holding { account: LAN, position: HEAD_OF_BUDGET, term: wrong }];
    assert_eq!(refused(&held), says("account 1 in position 5"));
    let mut lent = facts();
    lent.delegations =
        vec![Delegation { id: 6, lender: LAN, borrower: MINH, grants: Vec::new(), term: wrong }];
    assert_eq!(refused(&lent), says("delegation 6"));
}

#[test]
fn a_borrowed_grant_cannot_be_lent_on() {
    let mut facts = facts();
    facts.grants = vec![grant(4, Grantee::Account(LAN))];
    let lend = |id, lender, borrower| Delegation {
        id,
        lender,
        borrower,
        grants: vec![GrantId(4)],
        term: in_year(2026),
    };
    facts.delegations = vec![lend(1, LAN, MINH), lend(2, MINH, LAN)];
    assert_eq!(
        refused(&facts),
        "delegation 2 lends grant 4, which account 2 has only by delegation; a person lends only their own grants"
    );
    facts.delegations = vec![lend(2, MINH, LAN)];
    assert_eq!(
        refused(&facts),
        "delegation 2 lends grant 4, which is not account 2's; a person lends only their own grants"
    );
}

#[test]
fn two_facts_with_one_number_are_refused() {
    let mut units = facts();
    units.units.push(UnitFact { id: PLANNING, parent: Some(PROVINCE) });
    assert_eq!(refused(&units), "unit 2 is there twice; keep one");
    let mut grants = facts();
    grants.grants = vec![grant(4, Grantee::Account(LAN)), grant(4, Grantee::Account(MINH))];
    assert_eq!(refused(&grants), "grant 4 is there twice; keep one");
    let mut accounts = facts();
    accounts.accounts.push(accounts.accounts[0]);
    assert_eq!(refused(&accounts), "account 1 is there twice; keep one");
    let mut positions = facts();
    positions.positions.push(HEAD_OF_BUDGET);
    assert_eq!(refused(&positions), "position 5 is there twice; keep one");
    let mut permissions = facts();
    permissions.permissions.push(read());
    assert_eq!(refused(&permissions), "permission pci-index.score.read is there twice; keep one");
    let mut roles = facts();
    roles.roles.push(RoleFact { id: "pci-index.reader".parse().unwrap(), permissions: Vec::new() });
    assert_eq!(refused(&roles), "role pci-index.reader is there twice; keep one");
    let mut delegations = facts();
    let lend = Delegation { id: 1, lender: LAN, borrower: MINH, grants: Vec::new(), term: in_year(2026) };
    delegations.delegations = vec![lend.clone(), lend];
    assert_eq!(refused(&delegations), "delegation 1 is there twice; keep one");
}
