//! Grants, roles, and what plugins and the public may.

use dinh_access::{Grantee, PublicGrant, ServiceGrant, Term};
use dinh_model::{Actor, Label, Language, Localized, Permission, PluginId, RoleId, Target};
use dinh_services::ServiceError;
use dinh_services::accounts::{
    self, admit_service, declare_permission, define_role, dismiss_service, find_role, grants_of, grants_to,
    list_permissions, list_roles, publish, withdraw, withdraw_public,
};
use dinh_services::permissions::{GRANT_MANAGE, UNIT_MANAGE};

use crate::house::{House, account, ask, denied, give, give_this, invalid, new_grant, ruled};

fn read_scores() -> Permission {
    "pci-index.score.read".parse().unwrap()
}

/// Declares a permission and a role of a plugin.
fn install(house: &House) {
    house.admin(|call| {
        declare_permission(call, &read_scores(), &Localized::new("Xem điểm", "See scores"))?;
        let reader: RoleId = "pci-index.reader".parse().unwrap();
        define_role(call, &reader, &Localized::new("Người xem", "Reader"), &[read_scores()])
    });
}

#[test]
fn a_grant_is_in_force_when_it_is_acknowledged_and_gone_when_its_withdrawal_is() {
    let house = House::new();
    install(&house);
    assert!(!house.may(house.officer, &read_scores(), house.planning));
    let grant = house.admin(|call| give(call, house.officer, "pci-index.reader", house.planning));
    assert!(house.may(house.officer, &read_scores(), house.planning));
    assert!(!house.may(house.officer, &read_scores(), house.finance));
    assert_eq!(house.platform.policy().version(), house.seq(), "the policy is that of the commit");
    house.admin(|call| withdraw(call, grant, "chuyển công tác"));
    assert!(!house.may(house.officer, &read_scores(), house.planning));
    let actions = house.actions();
    assert!(actions.ends_with(&["grant.given".to_owned(), "grant.withdrawn".to_owned()]), "{actions:?}");
}

#[test]
fn a_withdrawn_grant_stays_as_history_and_is_withdrawn_once() {
    let house = House::new();
    install(&house);
    let grant = house.admin(|call| {
        let mut grant = new_grant(house.officer, "pci-index.reader", house.planning);
        grant.reason = "theo Quyết định 12".into();
        give_this(call, grant)
    });
    house.admin(|call| withdraw(call, grant, "hết nhiệm vụ"));
    let seq = house.seq();
    house.admin(|call| withdraw(call, grant, "lần nữa"));
    assert_eq!(house.seq(), seq);
    let all =
        house.as_person(house.officer, |call| grants_to(call, Grantee::Account(house.officer))).unwrap();
    let [only] = all.as_slice() else { panic!("{all:?}") };
    let withdrawn = only.withdrawn.as_ref().unwrap();
    assert_eq!((withdrawn.by, withdrawn.reason.as_str()), (Some(house.admin), "hết nhiệm vụ"));
    assert_eq!((only.given_by, only.reason.as_str()), (None, "theo Quyết định 12"));
    assert!(house.as_person(house.officer, |call| grants_of(call, house.officer)).unwrap().is_empty());
}

#[test]
fn one_sees_ones_own_grants_and_others_only_with_the_right() {
    let house = House::new();
    let own = house.as_person(house.admin, |call| grants_of(call, house.admin)).unwrap();
    assert_eq!(own.len(), 1);
    denied(house.as_person(house.officer, |call| grants_of(call, house.admin)));
}

#[test]
fn nobody_gives_a_right_of_the_platform_that_they_do_not_hold() {
    let house = House::new();
    install(&house);
    let giver: RoleId = "lao-cai.giver".parse().unwrap();
    house.admin(|call| {
        define_role(
            call,
            &giver,
            &Localized::new("Phân quyền", "Giver"),
            std::slice::from_ref(&GRANT_MANAGE),
        )?;
        give(call, house.officer, giver.as_str(), house.planning).map(drop)
    });
    house
        .as_person(house.officer, |call| ask(call, house.officer, "pci-index.reader", house.planning))
        .unwrap();
    let text = denied(
        house.as_person(house.officer, |call| ask(call, house.officer, "dinh.administrator", house.planning)),
    );
    assert!(text.contains("Quản lý"), "{text}");
    denied(
        house.as_person(house.officer, |call| ask(call, house.officer, "pci-index.reader", house.finance)),
    );
    let mut high = new_grant(house.officer, "pci-index.reader", house.planning);
    high.label = Label::Confidential;
    denied(house.as_person(house.officer, |call| accounts::give(call, high.clone())));
}

#[test]
fn a_grant_needs_things_that_exist_and_a_term_to_come() {
    let house = House::new();
    install(&house);
    let give = |change: &dyn Fn(&mut accounts::NewGrant)| {
        let mut grant = new_grant(house.officer, "pci-index.reader", house.planning);
        change(&mut grant);
        house.as_person(house.admin, |call| accounts::give(call, grant.clone()))
    };
    let moment = |text: &str| text.parse().unwrap();
    let backwards = give(&|grant| {
        grant.term =
            Term { from: moment("2026-05-01T00:00:00Z"), until: Some(moment("2026-04-01T00:00:00Z")) };
    });
    assert!(ruled(backwards).contains("before it begins"));
    let over = give(&|grant| {
        grant.term =
            Term { from: moment("2026-01-01T00:00:00Z"), until: Some(moment("2026-03-01T00:00:00Z")) };
    });
    assert!(ruled(over).contains("already over"));
    let missing = [
        give(&|grant| grant.role = "pci-index.nobody".parse().unwrap()),
        give(&|grant| grant.unit = dinh_model::UnitId(99)),
        give(&|grant| grant.to = Grantee::Account(dinh_model::AccountId(99))),
        give(&|grant| grant.to = Grantee::Position(dinh_model::PositionId(99))),
    ];
    for result in missing {
        assert!(matches!(result, Err(ServiceError::NotFound { .. })), "{result:?}");
    }
}

#[test]
fn a_term_begins_and_ends_by_the_clock_alone() {
    let house = House::new();
    install(&house);
    let mut grant = new_grant(house.officer, "pci-index.reader", house.planning);
    grant.term = Term {
        from: "2026-03-03T00:00:00Z".parse().unwrap(),
        until: Some("2026-03-04T00:00:00Z".parse().unwrap()),
    };
    house.admin(|call| give_this(call, grant.clone()));
    for (moment, allowed) in [
        ("2026-03-02T23:59:59Z", false),
        ("2026-03-03T00:00:00Z", true),
        ("2026-03-03T23:59:59Z", true),
        ("2026-03-04T00:00:00Z", false),
    ] {
        house.clock.set(moment.parse().unwrap());
        assert_eq!(house.may(house.officer, &read_scores(), house.planning), allowed, "{moment}");
    }
}

#[test]
fn a_role_that_loses_a_permission_takes_it_from_everybody_who_has_the_role() {
    let house = House::new();
    install(&house);
    let write: Permission = "pci-index.score.write".parse().unwrap();
    let reader: RoleId = "pci-index.reader".parse().unwrap();
    let title = Localized::new("Người nhập", "Writer");
    house.admin(|call| {
        declare_permission(call, &write, &Localized::new("Nhập điểm", "Enter scores"))?;
        define_role(call, &reader, &title, &[read_scores(), write.clone()])?;
        give(call, house.officer, "pci-index.reader", house.planning)
    });
    assert!(house.may(house.officer, &read_scores(), house.planning));
    house.admin(|call| define_role(call, &reader, &title, &[write.clone(), write.clone()]));
    assert!(house.may(house.officer, &write, house.planning));
    assert!(!house.may(house.officer, &read_scores(), house.planning));
    assert_eq!(house.read(|call| find_role(call, &reader).unwrap().unwrap().permissions), [write]);
}

#[test]
fn the_platforms_own_names_cannot_be_taken_and_unknown_permissions_not_held() {
    let house = House::new();
    let title = Localized::new("x", "x");
    let administrator: RoleId = "dinh.administrator".parse().unwrap();
    let mine: RoleId = "lao-cai.mine".parse().unwrap();
    let unknown = read_scores();
    invalid(house.as_person(house.admin, |call| define_role(call, &administrator, &title, &[])));
    invalid(house.as_person(house.admin, |call| declare_permission(call, &UNIT_MANAGE, &title)));
    let result =
        house.as_person(house.admin, |call| define_role(call, &mine, &title, std::slice::from_ref(&unknown)));
    assert!(matches!(result, Err(ServiceError::NotFound { .. })));
    denied(house.as_person(house.officer, |call| define_role(call, &mine, &title, &[])));
    denied(house.as_person(house.officer, |call| declare_permission(call, &unknown, &title)));
    install(&house);
    let roles = house.read(|call| list_roles(call).unwrap());
    let names: Vec<_> = roles.iter().map(|role| role.id.as_str()).collect();
    assert_eq!((names.first(), names.last()), (Some(&"dinh.administrator"), Some(&"pci-index.reader")));
    assert!(names.contains(&"dinh.director") && names.contains(&"dinh.head"), "{names:?}");
    let known = house.read(|call| list_permissions(call).unwrap());
    assert_eq!(known.last().unwrap().1.vi, "Xem điểm");
    let seq = house.seq();
    install(&house);
    assert_eq!(house.seq(), seq, "declaring the same again writes nothing");
}

#[test]
fn a_plugin_by_itself_and_the_public_hold_only_what_they_were_admitted_with() {
    let house = House::new();
    install(&house);
    let plugin: PluginId = "pci-index".parse().unwrap();
    let service = ServiceGrant {
        plugin: plugin.clone(),
        permission: read_scores(),
        unit: house.province,
        label: Label::Ordinary,
    };
    let public = PublicGrant { permission: read_scores(), unit: house.planning };
    let may = |actor: Actor, unit| {
        let origin = house.platform.origin(actor, Language::Vi);
        house.platform.begin(&origin).unwrap().check(&read_scores(), &Target::unit(unit))
    };
    assert!(!may(Actor::Service(plugin.clone()), house.finance) && !may(Actor::Public, house.planning));
    house.admin(|call| {
        admit_service(call, &service)?;
        publish(call, &public)
    });
    assert!(may(Actor::Service(plugin.clone()), house.finance));
    assert!(may(Actor::Public, house.planning) && !may(Actor::Public, house.finance));
    house.admin(|call| {
        dismiss_service(call, &service)?;
        withdraw_public(call, &public)
    });
    assert!(!may(Actor::Service(plugin), house.finance) && !may(Actor::Public, house.planning));
    let unknown = PublicGrant { permission: "pci-index.score.sell".parse().unwrap(), unit: house.planning };
    let result = house.as_person(house.admin, |call| publish(call, &unknown));
    assert!(matches!(result, Err(ServiceError::NotFound { .. })));
    denied(house.as_person(house.officer, |call| publish(call, &public)));
}

#[test]
fn rights_survive_a_restart() {
    let mut house = House::new();
    install(&house);
    house.admin(|call| give(call, house.officer, "pci-index.reader", house.planning));
    let version = house.platform.policy().version();
    house.reopen(dinh_services::Options::cheap());
    assert_eq!(house.platform.policy().version(), version);
    assert!(house.may(house.officer, &read_scores(), house.planning));
    house.admin(|call| account(call, "moi", "Người Mới", house.planning));
}

#[test]
fn a_plugin_brings_permissions_and_roles_of_its_own_to_the_tree_of_its_home() {
    let house = House::new();
    let other = house.another_root("nl", "Tỉnh khác");
    let plugin = "pci-index".parse().unwrap();
    let title = Localized::new("Xem điểm", "See scores");
    let role = |id: &str, held: &Permission| accounts::Role {
        id: id.parse().unwrap(),
        title: title.clone(),
        permissions: vec![held.clone()],
    };
    let bring = |home, role: accounts::Role| {
        let permissions = [(read_scores(), title.clone())];
        let roles = [role];
        house.as_person(house.admin, |call| {
            accounts::declare_plugin(call, &plugin, home, &permissions, &roles)
        })
    };
    let reader = role("pci-index.reader", &read_scores());
    denied(bring(other, reader.clone()));
    for foreign in [role("payroll.reader", &read_scores()), role("pci-index.admin", &UNIT_MANAGE)] {
        invalid(bring(house.planning, foreign));
    }
    // Another root is not this plugin's affair.
    bring(house.planning, reader).unwrap();
    assert!(house.read(|call| find_role(call, &"pci-index.reader".parse().unwrap()).unwrap()).is_some());
}
