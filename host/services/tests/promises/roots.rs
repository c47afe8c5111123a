//! Another root is said on purpose, agreed to by two people, and locks nobody out.

use dinh_access::Term;
use dinh_model::{AccountId, Actor, Label, Language, RequestId, UnitId};
use dinh_services::ServiceError;
use dinh_services::accounts::{
    NewGrant, approve, create_root, create_unit, end_unit, find_unit, head_of, list_grants, name_head,
};
use dinh_services::permissions::{ACCOUNT_APPROVE, CATALOG_MANAGE, GRANT_APPROVE, GRANT_MANAGE, UNIT_MANAGE};

use crate::council::{Council, read_scores};
use crate::house::{House, account, at_once, denied, give, give_this, invalid, new_grant, new_unit, refused};

fn ask(house: &House, who: AccountId, code: &str) -> Result<RequestId, ServiceError> {
    let new = new_unit(code, "Tỉnh uỷ", None);
    Ok(house.as_person(who, |call| create_root(call, new.clone(), "có hệ thống riêng"))?.unwrap())
}

fn code(house: &House, code: &str) -> UnitId {
    house.read(|call| find_unit(call, code).unwrap().unwrap().id)
}

/// Whether somebody still may everything that is asked for everywhere.
fn everywhere(house: &House, who: AccountId) -> bool {
    let needed = |call: &mut dinh_services::Call| {
        call.require_everywhere(&UNIT_MANAGE)?;
        call.require_everywhere(&CATALOG_MANAGE)
    };
    house.as_person(who, needed).is_ok()
}

#[test]
fn a_unit_without_one_above_it_is_no_root_by_mistake() {
    let house = House::new();
    let create =
        || house.as_person(house.admin, |call| create_unit(call, new_unit("tinhuy", "Tỉnh uỷ", None)));
    assert!(invalid(create()).contains("--root"));
    let operator = house.platform.origin(Actor::Public, Language::Vi).as_operator();
    let by_glass =
        house.platform.perform(&operator, |call| create_unit(call, new_unit("tinhuy", "Tỉnh uỷ", None)));
    assert!(invalid(by_glass).contains("--root"));
    assert!(everywhere(&house, house.admin));
    let below = new_unit("phong", "Phòng", Some(house.planning));
    let below = house.as_person(house.admin, |call| create_root(call, below.clone(), "nhầm"));
    assert!(invalid(below).contains("no unit above it"));
}

#[test]
fn another_root_takes_two_people_and_whoever_had_rights_everywhere_has_them_there() {
    let council = Council::new();
    let house = &council.house;
    let (local, passing, reader) = house.admin(|call| {
        let local = account(call, "truong-skhdt", "Lê Thị Trưởng", house.planning)?;
        give(call, local, "dinh.administrator", house.planning)?;
        let passing = account(call, "tam", "Quản Trị Tạm", house.province)?;
        let until = Some("2026-06-01T00:00:00Z".parse().unwrap());
        let term = Term { until, ..Term::ALWAYS };
        give_this(call, NewGrant { term, ..new_grant(passing, "dinh.administrator", house.province) })?;
        let reader = account(call, "xem", "Người Xem", house.province)?;
        give(call, reader, "pci-index.reader", house.province)?;
        at_once(call, |call| name_head(call, house.province, house.admin, Label::Ordinary, ""))?;
        Ok((local, passing, reader))
    });
    denied(ask(house, local, "tinhuy").map(drop));
    let request = ask(house, house.admin, "tinhuy").unwrap();
    assert!(house.read(|call| find_unit(call, "tinhuy").unwrap()).is_none());
    denied(council.approve(council.planner, request));
    denied(council.approve(house.admin, request));
    council.approve(council.director, request).unwrap();
    let root = code(house, "tinhuy");
    assert!(everywhere(house, house.admin) && everywhere(house, passing));
    for permission in [&*ACCOUNT_APPROVE, &*GRANT_APPROVE] {
        assert!(house.may(council.director, permission, root));
    }
    assert!(house.may(house.admin, &GRANT_MANAGE, root));
    // Nobody gains what they did not have everywhere, nor longer, nor what is no permission of the platform.
    assert!(!house.may(local, &UNIT_MANAGE, root) && !house.may(reader, &read_scores(), root));
    let copied = house
        .admin(list_grants)
        .into_iter()
        .find(|grant| grant.scope.unit == root && grant.to == dinh_access::Grantee::Account(passing));
    assert_eq!(copied.unwrap().term.until, Some("2026-06-01T00:00:00Z".parse().unwrap()));
    // It has one head, as every unit has.
    assert_eq!(house.read(|call| head_of(call, root).unwrap().unwrap().account), house.admin);
    // So the two can go on: also to the third root.
    let again = ask(house, house.admin, "khac").unwrap();
    council.approve(council.director, again).unwrap();
    assert!(everywhere(house, house.admin));
}

#[test]
fn whoever_has_rights_at_one_of_two_roots_does_not_get_them_at_a_third() {
    let council = Council::new();
    let house = &council.house;
    council.approve(council.director, ask(house, house.admin, "tinhuy").unwrap()).unwrap();
    let second = code(house, "tinhuy");
    let one = house.admin(|call| {
        let one = account(call, "mot-goc", "Một Gốc", second)?;
        give(call, one, "dinh.administrator", second)?;
        Ok(one)
    });
    assert!(!everywhere(house, one));
    denied(ask(house, one, "ba").map(drop));
    council.approve(council.director, ask(house, house.admin, "ba").unwrap()).unwrap();
    assert!(!house.may(one, &UNIT_MANAGE, code(house, "ba")));
    assert!(house.may(house.admin, &UNIT_MANAGE, code(house, "ba")));
}

#[test]
fn a_root_whose_term_is_over_is_not_part_of_everywhere() {
    let council = Council::new();
    let house = &council.house;
    council.approve(council.director, ask(house, house.admin, "tinhuy").unwrap()).unwrap();
    let second = code(house, "tinhuy");
    let other = house.admin(|call| {
        let other = account(call, "khac", "Quản Trị Tỉnh", house.province)?;
        give(call, other, "dinh.administrator", house.province)?;
        Ok(other)
    });
    assert!(!everywhere(house, other));
    house.admin(|call| end_unit(call, second, "2026-03-02".parse().unwrap()));
    assert!(everywhere(house, other));
}

#[test]
fn a_root_whose_code_was_taken_meanwhile_is_refused() {
    let council = Council::new();
    let house = &council.house;
    let (one, other) =
        (ask(house, house.admin, "tinhuy").unwrap(), ask(house, house.admin, "tinhuy").unwrap());
    council.approve(council.director, one).unwrap();
    let late = council.approve(council.director, other);
    assert!(matches!(late, Err(ServiceError::Exists { .. })), "{late:?}");
    house.admin(|call| give(call, house.admin, "dinh.director", house.province));
    let third = ask(house, house.admin, "ba").unwrap();
    denied(house.as_person(house.admin, |call| approve(call, third)));
    let root = code(house, "tinhuy");
    house.admin(|call| give(call, house.admin, "dinh.director", root));
    assert_eq!(refused(house.as_person(house.admin, |call| approve(call, third))), "second-person");
}
