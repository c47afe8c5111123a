//! Every sentence of the rule on one small organisation.

use dinh_access::{
    AccountFact, Delegation, Facts, Grant, Grantee, Holding, Policy, PublicGrant, RoleFact, Scope,
    ServiceGrant, Term, UnitFact,
};
use dinh_model::{AccountId, Actor, GrantId, Label, Permission, PositionId, Target, Timestamp, UnitId};

pub const PROVINCE: UnitId = UnitId(1);
pub const PLANNING: UnitId = UnitId(2);
pub const BUDGET: UnitId = UnitId(20);
pub const HEALTH: UnitId = UnitId(3);
pub const LAN: AccountId = AccountId(1);
pub const MINH: AccountId = AccountId(2);
pub const HEAD_OF_BUDGET: PositionId = PositionId(5);

pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub fn now() -> Timestamp {
    at("2026-03-10T02:00:00Z")
}

pub fn permission(text: &str) -> Permission {
    text.parse().unwrap()
}

pub fn read() -> Permission {
    permission("pci-index.score.read")
}

pub fn in_year(year: u16) -> Term {
    Term {
        from: at(&format!("{year}-01-01T00:00:00Z")),
        until: Some(at(&format!("{}-01-01T00:00:00Z", year + 1))),
    }
}

/// A grant of the reader's role over the planning department, ordinary, always.
pub fn grant(id: u32, to: Grantee) -> Grant {
    Grant {
        id: GrantId(id),
        to,
        role: "pci-index.reader".parse().unwrap(),
        scope: Scope { unit: PLANNING, own: false },
        label: Label::Ordinary,
        term: Term::ALWAYS,
    }
}

/// The province with two departments, one with a division; two people, one position, no grants yet.
pub fn facts() -> Facts {
    let unit = |id, parent| UnitFact { id, parent };
    let account = |id, clearance| AccountFact { id, active: true, clearance };
    Facts {
        units: vec![
            unit(PROVINCE, None),
            unit(PLANNING, Some(PROVINCE)),
            unit(BUDGET, Some(PLANNING)),
            unit(HEALTH, Some(PROVINCE)),
        ],
        accounts: vec![account(LAN, Label::Confidential), account(MINH, Label::Ordinary)],
        positions: vec![HEAD_OF_BUDGET],
        permissions: vec![read(), permission("pci-index.score.write"), permission(Policy::MANAGE_GRANTS)],
        roles: vec![
            RoleFact { id: "pci-index.reader".parse().unwrap(), permissions: vec![read()] },
            RoleFact {
                id: "dinh.administrator".parse().unwrap(),
                permissions: vec![permission(Policy::MANAGE_GRANTS)],
            },
        ],
        ..Facts::default()
    }
}

pub fn allows_at(facts: &Facts, actor: &Actor, target: Target, now: Timestamp) -> bool {
    let policy = Policy::compile(facts, 1).unwrap();
    let index = policy.permission(&read()).unwrap();
    let allowed = policy.check(actor, index, &target, now);
    assert_eq!(policy.check_many(actor, index, &[target], now), [allowed]);
    assert_eq!(policy.explain(actor, index, &target, now).allowed, allowed);
    assert_eq!(policy.scopes(actor, index, now).allows(&policy, &target), allowed);
    allowed
}

fn allows(facts: &Facts, actor: &Actor, target: Target) -> bool {
    allows_at(facts, actor, target, now())
}

#[test]
fn nobody_may_anything_without_a_grant() {
    let facts = facts();
    for actor in [Actor::person(LAN), Actor::Service("pci-index".parse().unwrap()), Actor::Public] {
        assert!(!allows(&facts, &actor, Target::unit(PLANNING)));
    }
}

#[test]
fn a_grant_reaches_its_unit_and_all_below_and_nothing_else() {
    let mut facts = facts();
    facts.grants = vec![grant(1, Grantee::Account(LAN))];
    let lan = Actor::person(LAN);
    assert!(allows(&facts, &lan, Target::unit(PLANNING)));
    assert!(allows(&facts, &lan, Target::unit(BUDGET)));
    assert!(!allows(&facts, &lan, Target::unit(PROVINCE)));
    assert!(!allows(&facts, &lan, Target::unit(HEALTH)));
    assert!(!allows(&facts, &lan, Target::unit(UnitId(77))), "a unit that does not exist");
    assert!(!allows(&facts, &Actor::person(MINH), Target::unit(PLANNING)));
}

#[test]
fn a_role_gives_its_permissions_and_no_other() {
    let mut facts = facts();
    facts.grants = vec![grant(1, Grantee::Account(LAN))];
    let policy = Policy::compile(&facts, 1).unwrap();
    let write = policy.permission(&permission("pci-index.score.write")).unwrap();
    assert!(!policy.check(&Actor::person(LAN), write, &Target::unit(PLANNING), now()));
    assert_eq!(policy.permission_name(write), Some(&permission("pci-index.score.write")));
    assert_eq!(policy.permission(&permission("pci-index.score.burn")), None);
}

#[test]
fn an_account_that_is_not_active_may_nothing_at_once() {
    let mut facts = facts();
    facts.grants = vec![grant(1, Grantee::Account(LAN))];
    facts.accounts[0].active = false;
    assert!(!allows(&facts, &Actor::person(LAN), Target::unit(PLANNING)));
}

#[test]
fn a_label_needs_both_the_grant_and_the_clearance() {
    let confidential = Target { label: Label::Confidential, ..Target::unit(PLANNING) };
    for (granted, cleared, allowed) in [
        (Label::Ordinary, Label::Ordinary, false),
        (Label::Ordinary, Label::Confidential, false),
        (Label::Confidential, Label::Ordinary, false),
        (Label::Confidential, Label::Confidential, true),
    ] {
        let mut facts = facts();
        facts.accounts[0].clearance = cleared;
        facts.grants = vec![Grant { label: granted, ..grant(1, Grantee::Account(LAN)) }];
        assert_eq!(allows(&facts, &Actor::person(LAN), confidential), allowed, "{granted} {cleared}");
        assert!(allows(&facts, &Actor::person(LAN), Target::unit(PLANNING)));
    }
}

#[test]
fn a_term_begins_with_its_first_moment_and_ends_before_its_last() {
    let mut facts = facts();
    facts.grants = vec![Grant { term: in_year(2026), ..grant(1, Grantee::Account(LAN)) }];
    for (moment, allowed) in [
        ("2025-12-31T23:59:59.999999Z", false),
        ("2026-01-01T00:00:00Z", true),
        ("2026-12-31T23:59:59.999999Z", true),
        ("2027-01-01T00:00:00Z", false),
    ] {
        let said = allows_at(&facts, &Actor::person(LAN), Target::unit(PLANNING), at(moment));
        assert_eq!(said, allowed, "{moment}");
    }
}

#[test]
fn a_term_without_end_does_not_end_and_always_is_always() {
    let mut facts = facts();
    let open = Term { from: at("2026-01-01T00:00:00Z"), until: None };
    for (term, first) in [(open, false), (Term::ALWAYS, true)] {
        facts.grants = vec![Grant { term, ..grant(1, Grantee::Account(LAN)) }];
        let lan = Actor::person(LAN);
        assert!(allows_at(&facts, &lan, Target::unit(PLANNING), Timestamp::MAX));
        assert_eq!(allows_at(&facts, &lan, Target::unit(PLANNING), Timestamp::MIN), first);
    }
}

#[test]
fn an_own_record_grant_reaches_only_what_the_person_owns() {
    let mut facts = facts();
    facts.grants =
        vec![Grant { scope: Scope { unit: PLANNING, own: true }, ..grant(1, Grantee::Account(LAN)) }];
    let owned_by = |owner| Target { owner, ..Target::unit(BUDGET) };
    assert!(allows(&facts, &Actor::person(LAN), owned_by(Some(LAN))));
    assert!(!allows(&facts, &Actor::person(LAN), owned_by(Some(MINH))));
    assert!(!allows(&facts, &Actor::person(LAN), owned_by(None)));
    assert!(!allows(&facts, &Actor::person(LAN), Target { owner: Some(LAN), ..Target::unit(HEALTH) }));
}

#[test]
fn a_grant_to_a_position_reaches_whoever_holds_it_while_they_do() {
    let mut facts = facts();
    facts.grants = vec![grant(1, Grantee::Position(HEAD_OF_BUDGET))];
    facts.holdings = vec![
        Holding { account: LAN, position: HEAD_OF_BUDGET, term: in_year(2025) },
        Holding { account: MINH, position: HEAD_OF_BUDGET, term: in_year(2026) },
    ];
    let target = Target::unit(PLANNING);
    assert!(!allows(&facts, &Actor::person(LAN), target));
    assert!(allows(&facts, &Actor::person(MINH), target));
    assert!(allows_at(&facts, &Actor::person(LAN), target, at("2025-06-01T00:00:00Z")));
    assert!(!allows_at(&facts, &Actor::person(MINH), target, at("2025-06-01T00:00:00Z")));
}

fn lent(grants: Vec<Grant>) -> Facts {
    let lent = grants.iter().map(|grant| grant.id).collect();
    let delegation = Delegation { id: 1, lender: LAN, borrower: MINH, grants: lent, term: in_year(2026) };
    Facts { grants, delegations: vec![delegation], ..facts() }
}

const MINH_FOR_LAN: Actor = Actor::Person { account: MINH, on_behalf_of: Some(LAN) };

#[test]
fn a_borrower_may_what_was_lent_only_on_the_lenders_behalf_and_only_inside_the_term() {
    let facts = lent(vec![grant(1, Grantee::Account(LAN))]);
    let target = Target::unit(PLANNING);
    assert!(allows(&facts, &MINH_FOR_LAN, target));
    assert!(!allows(&facts, &Actor::person(MINH), target), "without naming the lender");
    assert!(!allows_at(&facts, &MINH_FOR_LAN, target, at("2027-01-01T00:00:00Z")));
    assert!(!allows(&facts, &Actor::Person { account: LAN, on_behalf_of: Some(MINH) }, target));
}

#[test]
fn on_anothers_behalf_ones_own_rights_do_not_count() {
    let mut facts =
        lent(vec![Grant { scope: Scope { unit: HEALTH, own: false }, ..grant(1, Grantee::Account(LAN)) }]);
    facts.grants.push(grant(2, Grantee::Account(MINH)));
    assert!(allows(&facts, &Actor::person(MINH), Target::unit(PLANNING)));
    assert!(!allows(&facts, &MINH_FOR_LAN, Target::unit(PLANNING)));
    assert!(allows(&facts, &MINH_FOR_LAN, Target::unit(HEALTH)));
}

#[test]
fn only_what_was_lent_is_borrowed() {
    let mut facts = lent(vec![grant(1, Grantee::Account(LAN))]);
    facts.grants.push(Grant { scope: Scope { unit: HEALTH, own: false }, ..grant(2, Grantee::Account(LAN)) });
    assert!(!allows(&facts, &MINH_FOR_LAN, Target::unit(HEALTH)));
}

#[test]
fn a_loan_ends_when_the_lender_no_longer_has_what_was_lent() {
    let target = Target::unit(PLANNING);
    let mut suspended = lent(vec![grant(1, Grantee::Account(LAN))]);
    suspended.accounts[0].active = false;
    assert!(!allows(&suspended, &MINH_FOR_LAN, target), "the lender is suspended");

    let mut withdrawn = lent(vec![grant(1, Grantee::Account(LAN))]);
    withdrawn.grants.clear();
    assert!(!allows(&withdrawn, &MINH_FOR_LAN, target), "the grant was withdrawn");

    let over = lent(vec![Grant { term: in_year(2025), ..grant(1, Grantee::Account(LAN)) }]);
    assert!(!allows(&over, &MINH_FOR_LAN, target), "the grant is over");

    let mut released = lent(vec![grant(1, Grantee::Position(HEAD_OF_BUDGET))]);
    assert!(!allows(&released, &MINH_FOR_LAN, target), "the lender does not hold the position");
    released.holdings = vec![Holding { account: LAN, position: HEAD_OF_BUDGET, term: in_year(2025) }];
    assert!(!allows(&released, &MINH_FOR_LAN, target), "no longer");
    released.holdings[0].term = Term::ALWAYS;
    assert!(allows(&released, &MINH_FOR_LAN, target), "now they do");
}

#[test]
fn a_suspended_borrower_may_nothing_on_anothers_behalf() {
    let mut facts = lent(vec![grant(1, Grantee::Account(LAN))]);
    facts.accounts[1].active = false;
    assert!(!allows(&facts, &MINH_FOR_LAN, Target::unit(PLANNING)));
}

#[test]
fn a_loan_reaches_only_labels_that_both_are_cleared_for() {
    let mut facts = lent(vec![Grant { label: Label::Confidential, ..grant(1, Grantee::Account(LAN)) }]);
    let confidential = Target { label: Label::Confidential, ..Target::unit(PLANNING) };
    assert!(allows(&facts, &Actor::person(LAN), confidential));
    assert!(!allows(&facts, &MINH_FOR_LAN, confidential), "the borrower is cleared for ordinary only");
    facts.accounts[1].clearance = Label::Confidential;
    assert!(allows(&facts, &MINH_FOR_LAN, confidential));
    facts.accounts[0].clearance = Label::Ordinary;
    assert!(!allows(&facts, &MINH_FOR_LAN, confidential), "the lender is");
}

#[test]
fn a_lent_own_record_grant_reaches_the_lenders_records_not_the_borrowers() {
    let facts =
        lent(vec![Grant { scope: Scope { unit: PLANNING, own: true }, ..grant(1, Grantee::Account(LAN)) }]);
    let owned_by = |owner| Target { owner: Some(owner), ..Target::unit(PLANNING) };
    assert!(allows(&facts, &MINH_FOR_LAN, owned_by(LAN)));
    assert!(!allows(&facts, &MINH_FOR_LAN, owned_by(MINH)));
}

#[test]
fn two_loans_between_the_same_people_add_up() {
    let mut facts = lent(vec![grant(1, Grantee::Account(LAN))]);
    facts.grants.push(Grant { scope: Scope { unit: HEALTH, own: false }, ..grant(2, Grantee::Account(LAN)) });
    facts.delegations.push(Delegation { id: 2, grants: vec![GrantId(2)], ..facts.delegations[0].clone() });
    assert!(allows(&facts, &MINH_FOR_LAN, Target::unit(HEALTH)));
    assert!(allows(&facts, &MINH_FOR_LAN, Target::unit(PLANNING)));
}

#[test]
fn a_service_principal_holds_what_its_plugin_was_admitted_with_and_no_persons_rights() {
    let mut facts = facts();
    facts.grants = vec![grant(1, Grantee::Account(LAN))];
    facts.services = vec![ServiceGrant {
        plugin: "pci-index".parse().unwrap(),
        permission: read(),
        unit: PLANNING,
        label: Label::Ordinary,
    }];
    let pci = Actor::Service("pci-index".parse().unwrap());
    assert!(allows(&facts, &pci, Target::unit(BUDGET)));
    assert!(!allows(&facts, &pci, Target::unit(HEALTH)));
    assert!(!allows(&facts, &pci, Target { label: Label::Confidential, ..Target::unit(BUDGET) }));
    assert!(!allows(&facts, &Actor::Service("inspection".parse().unwrap()), Target::unit(BUDGET)));
}

#[test]
fn the_public_may_what_is_public_and_ordinary() {
    let mut facts = facts();
    facts.public = vec![PublicGrant { permission: read(), unit: PROVINCE }];
    assert!(allows(&facts, &Actor::Public, Target::unit(HEALTH)));
    assert!(!allows(&facts, &Actor::Public, Target { label: Label::Confidential, ..Target::unit(HEALTH) }));
    assert!(
        !allows(&facts, &Actor::person(LAN), Target::unit(HEALTH)),
        "a person needs a grant of their own"
    );
}

#[test]
fn reading_beyond_the_person_who_asks_is_the_plugins_own_right_and_gives_the_person_nothing() {
    let mut facts = facts();
    let beyond = ServiceGrant {
        plugin: "pci-index".parse().unwrap(),
        permission: read(),
        unit: PROVINCE,
        label: Label::Ordinary,
    };
    facts.services = vec![beyond];
    let plugin = Actor::Service("pci-index".parse().unwrap());
    assert!(allows(&facts, &plugin, Target { owner: Some(MINH), ..Target::unit(HEALTH) }), "whoever owns it");
    assert!(!allows(&facts, &Actor::person(LAN), Target::unit(HEALTH)));
    let policy = Policy::compile(&facts, 1).unwrap();
    let scopes = policy.scopes(&plugin, policy.permission(&read()).unwrap(), now());
    assert!(scopes.everything(&policy, Label::Ordinary) && !scopes.everything(&policy, Label::Confidential));
    facts.services.clear();
    assert!(!allows(&facts, &plugin, Target::unit(HEALTH)), "taken back");
}
