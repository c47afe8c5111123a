//! What gives anybody a right takes two different people.

use dinh_access::Grantee;
use dinh_model::{Actor, Localized, RoleId};
use dinh_services::ServiceError;
use dinh_services::accounts::{
    self, AccountChange, AccountState, RequestState, activate, approve, close, create_account, define_role,
    find_account, get_account, give, search_people, suspend, update_account, withdraw,
};
use dinh_services::permissions::{ACCOUNT_MANAGE, GRANT_MANAGE, UNIT_MANAGE};

use crate::council::{Council, read_scores};
use crate::house::{GOOD, ask, give as give_now, invalid, new_account, new_grant, refused, ruled};

#[test]
fn an_account_does_nothing_until_a_second_person_approves_it() {
    let council = Council::new();
    let house = &council.house;
    let (id, request) = council.ask_for("moi-skhdt", house.planning);
    let state = || house.read(|call| get_account(call, id).unwrap().state);
    let found = || house.read(|call| search_people(call, "moi-skhdt", None, 9).unwrap().accounts.len());
    assert_eq!((state(), found()), (AccountState::Requested, 0));
    house.sign_in("moi-skhdt", GOOD).unwrap_err();
    let waits = [
        house.as_person(house.admin, |call| activate(call, id)),
        house.as_person(house.admin, |call| suspend(call, id, "")),
        house.as_person(house.admin, |call| close(call, id, "")),
        house.as_person(house.admin, |call| update_account(call, id, AccountChange::default()).map(drop)),
    ];
    for result in waits {
        assert!(invalid(result).contains("waits for approval"));
    }
    let approved = council.approve(council.director, request).unwrap();
    assert!(matches!(approved.state, RequestState::Approved(_)));
    assert_eq!((state(), found()), (AccountState::Active, 1));
    house.sign_in("moi-skhdt", GOOD).unwrap();
    let entry = house.evidence().into_iter().rev().find(|it| it.entry.action == "account.created").unwrap();
    assert_eq!(entry.entry.actor, Actor::person(council.director));
    assert_eq!(entry.entry.detail["requested-by"], house.admin.to_string(), "both names are in the evidence");
}

#[test]
fn a_grant_gives_nothing_until_a_second_person_approves_it() {
    let council = Council::new();
    let house = &council.house;
    let request = council.ask();
    assert!(!council.officer_reads());
    council.approve(council.director, request).unwrap();
    assert!(council.officer_reads());
    let grants = house.admin(|call| accounts::grants_to(call, Grantee::Account(house.officer)));
    let [grant] = grants.as_slice() else { panic!("{grants:?}") };
    assert_eq!((grant.given_by, grant.approved_by), (Some(house.admin), Some(council.director)));
    // Taking away takes one.
    house.admin(|call| withdraw(call, grant.id, "hết nhiệm vụ"));
    assert!(!council.officer_reads());
}

#[test]
fn what_is_approved_is_what_was_asked_for() {
    let council = Council::new();
    let house = &council.house;
    let mine: RoleId = "lao-cai.mine".parse().unwrap();
    let title = Localized::new("Quản trị", "Mine");
    house.admin(|call| define_role(call, &mine, &title, std::slice::from_ref(&UNIT_MANAGE)));
    let request = house.admin(|call| ask(call, house.officer, mine.as_str(), house.planning));
    house.admin(|call| define_role(call, &mine, &title, &[UNIT_MANAGE.clone(), ACCOUNT_MANAGE.clone()]));
    assert_eq!(refused(council.approve(council.director, request)), "role-changed");
    assert!(!house.may(house.officer, &ACCOUNT_MANAGE, house.planning));
    // A closed account takes nothing, however long ago it was asked for: what waits for it is withdrawn with it.
    let request = council.ask();
    house.admin(|call| close(call, house.officer, ""));
    assert!(ruled(council.approve(council.director, request)).contains("withdrawn"));
}

#[test]
fn a_role_that_is_granted_gains_nothing_by_one_person() {
    let council = Council::new();
    let house = &council.house;
    let mine: RoleId = "lao-cai.mine".parse().unwrap();
    let define = |held: &[dinh_model::Permission]| {
        let title = Localized::new("Quản trị", "Mine");
        house.as_person(house.admin, |call| define_role(call, &mine, &title, held))
    };
    define(&[UNIT_MANAGE.clone(), ACCOUNT_MANAGE.clone()]).unwrap();
    let grant = house.admin(|call| give_now(call, house.officer, mine.as_str(), house.planning));
    define(std::slice::from_ref(&UNIT_MANAGE)).unwrap();
    assert_eq!(refused(define(&[UNIT_MANAGE.clone(), GRANT_MANAGE.clone()])), "role-is-granted");
    house.admin(|call| withdraw(call, grant, ""));
    define(&[UNIT_MANAGE.clone(), GRANT_MANAGE.clone()]).unwrap();
}

#[test]
fn a_request_is_decided_once_and_needs_reasons() {
    let council = Council::new();
    let house = &council.house;
    let no_reason = house.as_person(house.admin, |call| {
        give(call, new_grant(house.officer, "pci-index.reader", house.planning))
    });
    assert!(invalid(no_reason).contains("needs a reason"));
    let request = council.ask();
    assert!(invalid(council.refuse(council.director, request, " ")).contains("needs a reason"));
    let after = council.refuse(council.director, request, "chưa cần").unwrap();
    assert!(matches!(after.state, RequestState::Refused(decision) if decision.reason == "chưa cần"));
    assert!(ruled(council.approve(council.director, request)).contains("was refused"));
    let request = council.ask();
    assert_eq!(refused(council.withdraw(council.director, request)), "asker-withdraws");
    council.withdraw(house.admin, request).unwrap();
    assert!(ruled(council.approve(council.director, request)).contains("withdrawn"));
    let request = council.ask();
    council.approve(council.director, request).unwrap();
    assert!(ruled(council.approve(council.director, request)).contains("approved already"));
    assert!(matches!(
        council.approve(council.director, dinh_model::RequestId(99)),
        Err(ServiceError::NotFound { .. })
    ));
    let text = format!("{:?}", house.evidence());
    assert!(!text.contains("chưa cần"), "reasons stay out of the evidence");
}

#[test]
fn an_account_that_was_not_approved_frees_its_login() {
    let council = Council::new();
    let house = &council.house;
    let (first, request) = council.ask_for("moi-skhdt", house.planning);
    let taken = house.as_person(house.admin, |call| {
        create_account(call, new_account("moi-skhdt", "Vũ Văn Hai", house.planning))
    });
    assert!(matches!(taken, Err(ServiceError::Exists { .. })));
    council.refuse(council.director, request, "sai họ tên").unwrap();
    assert_eq!(house.read(|call| get_account(call, first).unwrap().state), AccountState::Refused);
    assert_eq!(house.read(|call| find_account(call, "moi-skhdt").unwrap()), None);
    let (second, request) = council.ask_for("moi-skhdt", house.planning);
    assert_ne!(first, second, "a number is never given again");
    // Nobody decides it for thirty days; then the login is free again.
    house.clock.set("2026-04-01T00:59:59Z".parse().unwrap());
    assert!(matches!(
        house.as_person(house.admin, |call| create_account(
            call,
            new_account("moi-skhdt", "Vũ Văn Ba", house.planning)
        )),
        Err(ServiceError::Exists { .. })
    ));
    house.clock.set("2026-04-01T01:00:00Z".parse().unwrap());
    assert_eq!(refused(council.approve(council.director, request)), "lapsed");
    let (third, request) = council.ask_for("moi-skhdt", house.planning);
    council.approve(council.director, request).unwrap();
    assert_eq!(house.read(|call| find_account(call, "moi-skhdt").unwrap().unwrap().id), third);
    assert_eq!(house.read(|call| get_account(call, second).unwrap().state), AccountState::Refused);
}

#[test]
fn a_clock_that_was_set_back_approves_nothing_from_its_future() {
    let council = Council::new();
    let now = council.house.platform.clock().now();
    council.house.clock.advance(std::time::Duration::from_secs(86_400));
    let request = council.ask();
    council.house.clock.set(now);
    let operator = council.house.origin(council.director).as_operator();
    council.house.platform.accept_clock(&operator).unwrap();
    assert_eq!(refused(council.approve(council.director, request)), "clock");
    assert!(!council.officer_reads());
    council.house.clock.advance(std::time::Duration::from_secs(86_400));
    council.approve(council.director, request).unwrap();
}

#[test]
fn a_term_that_ended_while_nobody_approved_is_refused() {
    let council = Council::new();
    let house = &council.house;
    let request = house.admin(|call| {
        let mut grant = new_grant(house.officer, "pci-index.reader", house.planning);
        grant.reason = "đợt kiểm tra".into();
        grant.term.until = Some("2026-03-10T00:00:00Z".parse().unwrap());
        Ok(give(call, grant)?.request.unwrap())
    });
    house.clock.set("2026-03-10T00:00:00Z".parse().unwrap());
    assert!(ruled(council.approve(council.director, request)).contains("already over"));
}

#[test]
fn of_two_approvals_at_the_same_time_one_counts() {
    let council = Council::new();
    let house = &council.house;
    let request = council.ask();
    let mut one = house.platform.begin(&house.origin(council.director)).unwrap();
    let mut other = house.platform.begin(&house.origin(council.planner)).unwrap();
    approve(&mut one, request).unwrap();
    approve(&mut other, request).unwrap();
    house.platform.commit(one).unwrap();
    assert!(matches!(house.platform.commit(other), Err(ServiceError::Conflict)));
    let given = house.actions().iter().filter(|action| *action == "grant.given").count();
    assert_eq!(given, 4, "three to set up, one by approval");
}

#[test]
fn rights_wait_for_the_account_that_they_are_for() {
    let council = Council::new();
    let house = &council.house;
    let (id, account) = council.ask_for("moi-skhdt", house.planning);
    let grant = house.admin(|call| ask(call, id, "pci-index.reader", house.planning));
    assert!(invalid(council.approve(council.director, grant)).contains("waits for approval"));
    council.approve(council.director, account).unwrap();
    council.approve(council.director, grant).unwrap();
    assert!(house.may(id, &read_scores(), house.planning));
}

#[test]
fn a_person_has_so_many_open_requests_and_no_more() {
    let council = Council::new();
    let house = &council.house;
    house.admin(|call| {
        for _ in 0..500 {
            ask(call, house.officer, "pci-index.reader", house.planning)?;
        }
        Ok(())
    });
    let more =
        || house.as_person(house.admin, |call| ask(call, house.officer, "pci-index.reader", house.planning));
    assert_eq!(refused(more()), "open-requests");
    // When they lapsed they no longer count, and those after them are tidied away.
    house.clock.set("2026-04-01T01:00:00Z".parse().unwrap());
    more().unwrap();
    assert_eq!(house.actions().iter().filter(|action| *action == "grant.request-lapsed").count(), 4);
}
