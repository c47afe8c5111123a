//! Who the second person is: not whoever asked, not whoever gains, and somebody with the right to approve.

use dinh_access::{Grantee, Term};
use dinh_model::{Actor, Label, Language, Localized, RoleId};
use dinh_services::accounts::{
    self, AccountChange, NewDelegation, NewGrant, NewPosition, Password, activate, approve, change_password,
    create_account, create_position, define_role, get_account, get_grant, give, hold, set_password, suspend,
    update_account, withdraw,
};
use dinh_services::permissions::GRANT_MANAGE;

use crate::council::{Council, read_scores, secret};
use crate::house::{House, ask, at_once, denied, give as give_now, give_this, new_grant, refused};

#[test]
fn whoever_asked_does_not_approve_even_with_the_right_to() {
    let council = Council::new();
    let house = &council.house;
    let request = council.ask();
    denied(council.approve(house.admin, request));
    house.admin(|call| give_now(call, house.admin, "dinh.director", house.province));
    assert_eq!(refused(council.approve(house.admin, request)), "second-person");
    assert!(!council.officer_reads());
    let last = house.last().entry;
    assert_eq!((last.action.as_str(), last.detail["rule"].as_str()), ("rule.refused", "second-person"));
    assert_eq!(last.subject, format!("account:{}", house.officer));
}

#[test]
fn nobody_approves_what_they_gain_by() {
    let council = Council::new();
    let house = &council.house;
    let request = house.admin(|call| ask(call, council.planner, "pci-index.reader", house.planning));
    assert_eq!(refused(council.approve(council.planner, request)), "not-for-oneself");
    // Nor through a position they hold.
    let position = house.admin(|call| {
        let title = Localized::new("Giám đốc Sở", "Director");
        let position = create_position(call, NewPosition { unit: house.planning, title })?;
        at_once(call, |call| hold(call, council.planner, position, Term::ALWAYS, ""))?;
        Ok(position)
    });
    let request = house.admin(|call| {
        let reason = "theo chức vụ".into();
        let to = Grantee::Position(position);
        let grant = new_grant(house.officer, "pci-index.reader", house.planning);
        Ok(give(call, NewGrant { to, reason, ..grant })?.request.unwrap())
    });
    assert_eq!(refused(council.approve(council.planner, request)), "not-for-oneself");
    council.approve(council.director, request).unwrap();
    assert!(house.may(council.planner, &read_scores(), house.planning));
}

#[test]
fn only_who_may_approve_there_does() {
    let council = Council::new();
    let house = &council.house;
    let request = house.admin(|call| ask(call, house.officer, "pci-index.reader", house.finance));
    denied(council.approve(house.officer, request));
    denied(council.approve(council.planner, request));
    denied(council.refuse(council.planner, request, "không phải việc của tôi"));
    let (_, account) = council.ask_for("moi-stc", house.finance);
    denied(council.approve(council.planner, account));
    let nobody = house.platform.origin(Actor::Public, Language::Vi);
    denied(house.platform.perform(&nobody, |call| approve(call, request)));
    council.approve(council.director, request).unwrap();
}

#[test]
fn an_approval_falls_when_whoever_asked_lost_the_right_to_ask() {
    let council = Council::new();
    let house = &council.house;
    let giver: RoleId = "lao-cai.giver".parse().unwrap();
    let grant = house.admin(|call| {
        let title = Localized::new("Phân quyền", "Giver");
        define_role(call, &giver, &title, std::slice::from_ref(&GRANT_MANAGE))?;
        give_now(call, council.planner, giver.as_str(), house.planning)
    });
    let asked = || ask_as(&council, council.planner);
    let (first, second) = (asked(), asked());
    council.approve(council.director, first).unwrap();
    house.admin(|call| withdraw(call, grant, ""));
    assert_eq!(refused(council.approve(council.director, second)), "asker-may-no-longer");
    // Whoever is suspended has no right left, either.
    let third = council.ask();
    house.admin(|call| at_once(call, |call| suspend(call, house.admin, "")));
    assert_eq!(refused(council.approve(council.director, third)), "asker-may-no-longer");
}

fn ask_as(council: &Council, who: dinh_model::AccountId) -> dinh_model::RequestId {
    let house = &council.house;
    house.as_person(who, |call| ask(call, house.officer, "pci-index.reader", house.planning)).unwrap()
}

#[test]
fn a_higher_clearance_takes_two_people_and_a_lower_one_takes_one() {
    let house = House::new();
    let (admin, director) = secret_pair(&house);
    let change = |clearance| AccountChange {
        clearance: Some(clearance),
        reason: "được giao việc mật".into(),
        ..AccountChange::default()
    };
    let clearance = || house.read(|call| get_account(call, house.officer).unwrap().clearance);
    let request = house
        .as_person(admin, |call| update_account(call, house.officer, change(Label::Confidential)))
        .unwrap()
        .unwrap();
    assert_eq!(clearance(), Label::Ordinary);
    assert_eq!(refused(house.as_person(admin, |call| approve(call, request))), "second-person");
    house.as_person(director, |call| approve(call, request)).unwrap();
    assert_eq!(clearance(), Label::Confidential);
    let at_once = house.as_person(admin, |call| update_account(call, house.officer, change(Label::Ordinary)));
    assert_eq!((at_once.unwrap(), clearance()), (None, Label::Ordinary));
    let new = house.as_person(admin, |call| create_account(call, secret("mat", house.planning))).unwrap();
    denied(house.as_person(house.admin, |call| approve(call, new.request.unwrap())));
    house.as_person(director, |call| approve(call, new.request.unwrap())).unwrap();
}

/// Two who are administrator and director of the house up to Mật.
fn secret_pair(house: &House) -> (dinh_model::AccountId, dinh_model::AccountId) {
    house.admin(|call| {
        let one = at_once(call, |call| Ok(create_account(call, secret("mot", house.province))?.id))?;
        let other = at_once(call, |call| Ok(create_account(call, secret("hai", house.province))?.id))?;
        for person in [one, other] {
            for role in ["dinh.administrator", "dinh.director"] {
                let label = Label::Confidential;
                give_this(call, NewGrant { label, ..new_grant(person, role, house.province) })?;
            }
        }
        Ok((one, other))
    })
}

#[test]
fn a_position_is_held_when_a_second_person_agrees_and_only_with_the_grants_it_had() {
    let council = Council::new();
    let house = &council.house;
    let position = house.admin(|call| {
        let title = Localized::new("Trưởng phòng", "Head of division");
        let position = create_position(call, NewPosition { unit: house.planning, title })?;
        let mut grant = new_grant(house.officer, "pci-index.reader", house.planning);
        grant.to = Grantee::Position(position);
        give_this(call, grant)?;
        Ok(position)
    });
    let ask_to_hold =
        || house.admin(|call| hold(call, house.officer, position, Term::ALWAYS, "bổ nhiệm")).unwrap();
    let (first, second) = (ask_to_hold(), ask_to_hold());
    assert!(!council.officer_reads());
    denied(council.approve(house.officer, first));
    council.approve(council.planner, first).unwrap();
    assert!(council.officer_reads());
    house.admin(|call| {
        let mut grant = new_grant(house.officer, "dinh.auditor", house.planning);
        grant.to = Grantee::Position(position);
        give_this(call, grant)
    });
    assert_eq!(refused(council.approve(council.director, second)), "position-changed");
    // A shorter term takes away only: at once.
    let over = Term { from: Term::ALWAYS.from, until: Some("2026-03-01T00:00:00Z".parse().unwrap()) };
    assert_eq!(house.admin(|call| hold(call, house.officer, position, over, "")), None);
    assert!(!council.officer_reads());
}

#[test]
fn nobody_becomes_the_second_person_by_setting_their_password() {
    let council = Council::new();
    let house = &council.house;
    let set = |who, whose| {
        let password = Password::new("thu đông nối nhau");
        house.as_person(who, |call| set_password(call, whose, &password, true))
    };
    assert_eq!(refused(set(house.admin, council.director)), "approver-keeps-password");
    set(house.admin, house.officer).unwrap();
    // Nor in the time for which they are suspended, to activate them after it.
    house.admin(|call| suspend(call, council.director, ""));
    assert_eq!(refused(set(house.admin, council.director)), "approver-keeps-password");
    house.admin(|call| activate(call, council.director));
    // Nor that of whoever borrows the right to approve.
    let (given, own) = (Password::new("thu đông nối nhau"), Password::new("xuân hạ nối nhau"));
    change_password(&house.platform, &house.origin(house.officer), None, &given, &own).unwrap();
    let grant = house.admin(|call| give_now(call, house.admin, "dinh.director", house.province));
    let lent = house.admin(|call| {
        let until = Some("2026-04-01T00:00:00Z".parse().unwrap());
        let term = Term { from: "2026-03-20T00:00:00Z".parse().unwrap(), until };
        let (borrower, reason) = (house.officer, "đi công tác".into());
        accounts::lend(call, NewDelegation { borrower, grants: vec![grant], term, reason })
    });
    council.approve(council.director, lent.request.unwrap()).unwrap();
    assert_eq!(refused(set(house.admin, house.officer)), "approver-keeps-password");
    let operator = house.platform.origin(Actor::Public, Language::Vi).as_operator();
    let password = Password::new("xuân hạ thu đông");
    house.platform.perform(&operator, |call| set_password(call, council.director, &password, true)).unwrap();
}

#[test]
fn break_glass_needs_no_second_person_and_says_so() {
    let council = Council::new();
    let house = &council.house;
    let operator = house.platform.origin(Actor::Public, Language::Vi).as_operator();
    let made = house
        .platform
        .perform(&operator, |call| give(call, new_grant(house.officer, "pci-index.reader", house.planning)));
    assert_eq!(made.unwrap().request, None);
    assert!(council.officer_reads());
    let request = council.ask();
    house.platform.perform(&operator, |call| approve(call, request)).unwrap();
    assert!(house.actions().iter().filter(|action| *action == "operator.break-glass").count() >= 3);
    let id = house.read(|call| get_grant(call, dinh_model::GrantId(5)).map(|grant| grant.approved_by));
    assert_eq!(id.unwrap(), None);
}
