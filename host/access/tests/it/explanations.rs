//! A refusal says what failed, what is missing and who could grant it, in both languages.

use dinh_access::{Explanation, Facts, FailedCondition, Grant, Grantee, Names, Policy, Scope, UnitFact};
use dinh_model::{AccountId, Actor, GrantId, Label, Language, Permission, Target, UnitId};

use crate::sentences::{BUDGET, HEALTH, LAN, MINH, PLANNING, PROVINCE, facts, grant, in_year, now, read};

fn explain(facts: &Facts, actor: &Actor, target: Target) -> Explanation {
    let policy = Policy::compile(facts, 1).unwrap();
    policy.explain(actor, policy.permission(&read()).unwrap(), &target, now())
}

/// The text in both languages.
fn texts(explanation: &Explanation) -> [String; 2] {
    [explanation.text(Language::Vi), explanation.text(Language::En)]
}

#[test]
fn without_a_role_the_permission_is_named() {
    let explanation = explain(&facts(), &Actor::person(LAN), Target::unit(PLANNING));
    assert_eq!(explanation.failed, Some(FailedCondition::NoRole));
    assert_eq!(
        texts(&explanation),
        [
            "Bạn chưa có vai trò nào có quyền `pci-index.score.read`.",
            "No role of yours holds the permission `pci-index.score.read`."
        ]
    );
}

#[test]
fn outside_its_units_the_unit_is_named() {
    let mut facts = facts();
    facts.grants = vec![grant(1, Grantee::Account(LAN))];
    let explanation = explain(&facts, &Actor::person(LAN), Target::unit(HEALTH));
    assert_eq!(explanation.failed, Some(FailedCondition::OutsideUnits));
    assert_eq!(
        texts(&explanation),
        [
            "Bạn có quyền `pci-index.score.read`, nhưng không phải tại đơn vị số 3.",
            "You hold the permission `pci-index.score.read`, but not for unit 3."
        ]
    );
}

#[test]
fn the_grant_that_comes_furthest_names_the_condition() {
    let mut facts = facts();
    let over = |id, unit| Grant {
        scope: Scope { unit, own: false },
        term: in_year(2025),
        ..grant(id, Grantee::Account(LAN))
    };
    facts.grants = vec![grant(1, Grantee::Account(LAN)), over(2, HEALTH)];
    let lan = Actor::person(LAN);
    let here = |facts: &Facts, target| explain(facts, &lan, target).failed;
    assert_eq!(here(&facts, Target::unit(HEALTH)), Some(FailedCondition::OutsideTerm));
    assert_eq!(here(&facts, Target::unit(PROVINCE)), Some(FailedCondition::OutsideUnits));
    let confidential = Target { label: Label::Confidential, ..Target::unit(HEALTH) };
    assert_eq!(here(&facts, confidential), Some(FailedCondition::LabelTooHigh));
    facts.grants[1].scope.own = true;
    assert_eq!(here(&facts, Target::unit(HEALTH)), Some(FailedCondition::NotOwner));
}

#[test]
fn a_clearance_that_is_too_low_is_told_apart_from_a_grant_that_is() {
    let mut facts = facts();
    facts.grants = vec![grant(1, Grantee::Account(LAN)), grant(2, Grantee::Account(MINH))];
    let confidential = Target { label: Label::Confidential, ..Target::unit(PLANNING) };
    let cleared = explain(&facts, &Actor::person(LAN), confidential);
    assert_eq!((cleared.failed, cleared.clearance), (Some(FailedCondition::LabelTooHigh), None));
    assert_eq!(
        cleared.text(Language::Vi),
        "Quyền `pci-index.score.read` của bạn tại đơn vị số 2 không bao gồm độ mật “Mật”."
    );
    let not_cleared = explain(&facts, &Actor::person(MINH), confidential);
    assert_eq!(not_cleared.clearance, Some(Label::Ordinary));
    assert_eq!(
        not_cleared.text(Language::En),
        "The label “Confidential” is above the account's clearance, which would have to be raised first."
    );
}

#[test]
fn an_allowed_answer_names_the_grants_that_allow_it() {
    let mut facts = facts();
    facts.grants = vec![
        grant(8, Grantee::Account(LAN)),
        grant(3, Grantee::Account(LAN)),
        Grant { term: in_year(2025), ..grant(5, Grantee::Account(LAN)) },
    ];
    let explanation = explain(&facts, &Actor::person(LAN), Target::unit(BUDGET));
    assert_eq!(explanation.by, [GrantId(3), GrantId(8)]);
    assert_eq!(
        texts(&explanation),
        [
            "Được phép: `pci-index.score.read` tại đơn vị số 20, theo phân quyền số 3, 8.",
            "Allowed: `pci-index.score.read` in unit 20, by grant 3, 8."
        ]
    );
}

fn administrator(id: u32, account: AccountId, unit: UnitId) -> Grant {
    Grant {
        role: "dinh.administrator".parse().unwrap(),
        scope: Scope { unit, own: false },
        ..grant(id, Grantee::Account(account))
    }
}

#[test]
fn who_could_grant_it_are_the_administrators_there_the_nearest_first() {
    let mut facts = facts();
    let (province, department, elsewhere) = (AccountId(10), AccountId(11), AccountId(12));
    for id in [province, department, elsewhere] {
        facts.accounts.push(dinh_access::AccountFact { id, ..facts.accounts[0] });
    }
    facts.grants = vec![
        administrator(1, province, PROVINCE),
        administrator(2, department, PLANNING),
        administrator(3, elsewhere, HEALTH),
        administrator(4, MINH, PROVINCE),
    ];
    let explanation = explain(&facts, &Actor::person(LAN), Target::unit(BUDGET));
    assert_eq!(explanation.could_grant, [department, MINH, province]);
    assert_eq!(
        explain(&facts, &Actor::person(MINH), Target::unit(BUDGET)).could_grant,
        [department, province],
        "nobody grants themselves anything"
    );
    let policy = Policy::compile(&facts, 1).unwrap();
    let manage = policy.permission(&Policy::MANAGE_GRANTS.parse().unwrap()).unwrap();
    assert_eq!(policy.who_can(manage, &Target::unit(BUDGET), now()), [MINH, province, department]);
}

#[test]
fn nobody_is_named_who_could_not_give_it() {
    let mut facts = facts();
    let (giver, ordinary, admin) = (AccountId(10), AccountId(11), AccountId(12));
    for id in [giver, ordinary, admin] {
        let clearance = Label::Confidential;
        facts.accounts.push(dinh_access::AccountFact { id, clearance, ..facts.accounts[0] });
    }
    let gives = dinh_access::RoleFact {
        id: "province.giver".parse().unwrap(),
        permissions: vec![Policy::MANAGE_GRANTS.parse().unwrap()],
    };
    let secret = |grant: Grant| Grant { label: Label::Confidential, ..grant };
    facts.grants = vec![
        Grant { role: gives.id.clone(), ..secret(administrator(1, giver, PROVINCE)) },
        administrator(2, ordinary, PROVINCE),
        secret(administrator(3, admin, PLANNING)),
    ];
    facts.roles.push(gives);
    let plugins: Permission = Policy::MANAGE_PLUGINS.parse().unwrap();
    facts.permissions.push(plugins.clone());
    facts.roles[1].permissions.push(plugins.clone());
    let policy = Policy::compile(&facts, 1).unwrap();
    let who = |permission: &Permission, target: Target| {
        let index = policy.permission(permission).unwrap();
        policy.explain(&Actor::person(LAN), index, &target, now()).could_grant
    };
    let here = Target::unit(BUDGET);
    assert_eq!(who(&read(), here), [admin, giver, ordinary]);
    let above = Target { label: Label::Confidential, ..here };
    assert_eq!(who(&read(), above), [admin, giver], "not above the label up to which they give");
    // A permission of the platform comes from whoever has it there.
    assert_eq!(who(&plugins, here), [admin, ordinary]);
    assert_eq!(who(&plugins, above), [admin]);
    assert_eq!(who(&plugins, Target::unit(HEALTH)), [ordinary]);
}

struct Directory;

impl Names for Directory {
    fn unit(&self, unit: UnitId, _: Language) -> Option<String> {
        (unit == PLANNING).then(|| "Sở Kế hoạch và Đầu tư".to_owned())
    }
    fn account(&self, account: AccountId, _: Language) -> Option<String> {
        (account == AccountId(10)).then(|| "Trần Thị Mai".to_owned())
    }
    fn permission(&self, _: &Permission, language: Language) -> Option<String> {
        Some(if language == Language::Vi { "Xem điểm" } else { "See scores" }.to_owned())
    }
}

#[test]
fn names_take_the_place_of_numbers_where_they_are_known_and_many_people_are_counted() {
    let mut facts = facts();
    for id in 10..15 {
        facts.accounts.push(dinh_access::AccountFact { id: AccountId(id), ..facts.accounts[0] });
        facts.grants.push(administrator(id, AccountId(id), PROVINCE));
    }
    let explanation = explain(&facts, &Actor::person(LAN), Target::unit(PLANNING));
    assert_eq!(
        explanation.text_with(Language::Vi, &Directory),
        "Bạn chưa có vai trò nào có quyền “Xem điểm”. \
         Người có thể cấp quyền: Trần Thị Mai, tài khoản số 11, tài khoản số 12 và 2 người khác."
    );
    assert_eq!(
        explanation.text_with(Language::En, &Directory),
        "No role of yours holds the permission “See scores”. \
         Who could grant it: Trần Thị Mai, account 11, account 12 and 2 more."
    );
}

#[test]
fn plugins_and_visitors_are_told_in_their_own_words() {
    let service = explain(&facts(), &Actor::Service("pci-index".parse().unwrap()), Target::unit(PLANNING));
    assert_eq!(service.failed, Some(FailedCondition::NotAdmitted));
    assert_eq!(
        service.text(Language::En),
        "The plugin was not admitted with the permission `pci-index.score.read`."
    );
    let visitor = explain(&facts(), &Actor::Public, Target::unit(PLANNING));
    assert_eq!(visitor.text(Language::Vi), "Quyền `pci-index.score.read` không công khai; hãy đăng nhập.");
}

/// Every way to be refused has words of its own in both languages, for every kind of actor.
#[test]
fn every_refusal_has_different_words_in_both_languages() {
    let unit = UnitFact { id: UnitId(1), parent: None };
    let base = explain(&Facts { units: vec![unit], ..facts() }, &Actor::Public, Target::unit(UnitId(1)));
    let actors = [
        Actor::person(LAN),
        Actor::Person { account: LAN, on_behalf_of: Some(MINH) },
        Actor::Service("pci-index".parse().unwrap()),
        Actor::Public,
    ];
    for actor in actors {
        for failed in [
            FailedCondition::AccountNotActive,
            FailedCondition::NoRole,
            FailedCondition::OutsideUnits,
            FailedCondition::NotOwner,
            FailedCondition::LabelTooHigh,
            FailedCondition::OutsideTerm,
            FailedCondition::NotAdmitted,
        ] {
            let explanation = Explanation { failed: Some(failed), actor: actor.clone(), ..base.clone() };
            let [vi, en] = texts(&explanation);
            assert_ne!(vi, en);
            assert!(vi.ends_with('.') && en.ends_with('.'), "{vi} {en}");
        }
    }
}
