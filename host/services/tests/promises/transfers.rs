//! An account goes to another unit when whoever manages accounts where it is asks and whoever approves accounts where it
//! comes to agrees, and leaves its old unit's rights behind.

use dinh_access::Term;
use dinh_model::{AccountId, Localized};
use dinh_services::accounts::{
    NewPosition, close, create_position, end_unit, get_account, get_request, grants_of, held_by, hold,
    kept_by, transfer,
};
use dinh_services::permissions::AUDIT_READ;
use dinh_services::{Call, ServiceError};

use crate::council::{Council, read_scores};
use crate::house::{account, at_once, denied, give, invalid, refused, ruled, unit};

/// Who manages accounts in planning, and who both does and approves in finance.
fn managers(council: &Council) -> (AccountId, AccountId) {
    let house = &council.house;
    house.admin(|call| {
        let old = account(call, "tk-skhdt", "Tài Khoản Cũ", house.planning)?;
        let new = account(call, "tk-stc", "Tài Khoản Mới", house.finance)?;
        give(call, old, "dinh.account-administrator", house.planning)?;
        give(call, new, "dinh.account-administrator", house.finance)?;
        give(call, new, "dinh.director", house.finance)?;
        Ok((old, new))
    })
}

#[test]
fn the_old_unit_asks_and_the_new_unit_agrees() {
    let council = Council::new();
    let house = &council.house;
    let (old, new) = managers(&council);
    let go = |who| house.as_person(who, |call| transfer(call, house.officer, house.finance, "điều động"));
    denied(go(new));
    denied(go(house.officer));
    let request = go(old).unwrap().request.unwrap();
    denied(council.approve(old, request));
    denied(council.approve(council.planner, request));
    let unit = || house.read(|call| get_account(call, house.officer).unwrap().unit);
    assert_eq!(unit(), house.planning);
    council.approve(new, request).unwrap();
    assert_eq!(unit(), house.finance);
    let entry = house.last().entry;
    assert_eq!(
        (entry.action.as_str(), &entry.detail["requested-by"]),
        ("account.transferred", &old.to_string())
    );
}

#[test]
fn one_who_manages_both_units_still_needs_another() {
    let council = Council::new();
    let house = &council.house;
    let request =
        house.admin(|call| transfer(call, house.officer, house.finance, "điều động")).request.unwrap();
    house.admin(|call| give(call, house.admin, "dinh.director", house.province));
    assert_eq!(refused(council.approve(house.admin, request)), "second-person");
    let (_, new) = managers(&council);
    council.approve(new, request).unwrap();
}

#[test]
fn what_was_had_for_the_old_unit_ends_and_what_reaches_further_stays() {
    let council = Council::new();
    let house = &council.house;
    let (old, new) = managers(&council);
    let position = house.admin(|call| {
        give(call, house.officer, "pci-index.reader", house.planning)?;
        give(call, house.officer, "dinh.auditor", house.province)?;
        let title = Localized::new("Chuyên viên", "Officer");
        let position = create_position(call, NewPosition { unit: house.planning, title })?;
        at_once(call, |call| hold(call, house.officer, position, Term::ALWAYS, ""))?;
        Ok(position)
    });
    assert_eq!(house.read(|call| held_by(call, house.officer).unwrap().first().unwrap().position), position);
    let request = house
        .as_person(old, |call| transfer(call, house.officer, house.finance, "điều động"))
        .unwrap()
        .request
        .unwrap();
    council.approve(new, request).unwrap();
    assert!(!house.may(house.officer, &read_scores(), house.planning));
    assert!(house.may(house.officer, &AUDIT_READ, house.planning));
    assert_eq!(house.read(|call| held_by(call, house.officer).unwrap()), []);
    assert_eq!(house.as_person(house.officer, |call| grants_of(call, house.officer)).unwrap().len(), 1);
    let detail = house.last().entry.detail;
    assert_eq!((detail["grants-ended"].as_str(), detail["positions-ended"].as_str()), ("1", "1"));
}

#[test]
fn whoever_approves_sees_what_is_kept_and_what_is_left_of_the_branch_ends() {
    let council = Council::new();
    let house = &council.house;
    let (_, new) = managers(&council);
    let place = |call: &mut Call, unit| {
        let title = Localized::new("Chuyên viên", "Officer");
        at_once(call, |call| {
            let position = create_position(call, NewPosition { unit, title })?;
            hold(call, house.officer, position, Term::ALWAYS, "")?;
            Ok::<_, ServiceError>(position)
        })
    };
    // The officer goes from a division of planning to finance: all of planning is left behind.
    let (kept, held) = house.admin(|call| {
        let division = unit(call, "phong", "Phòng Tổng hợp", Some(house.planning));
        at_once(call, |call| transfer(call, house.officer, division, ""))?;
        give(call, house.officer, "pci-index.reader", house.planning)?;
        give(call, house.officer, "pci-index.reader", division)?;
        place(call, division)?;
        place(call, house.planning)?;
        let reaching = give(call, house.officer, "dinh.auditor", house.province)?;
        let there = give(call, house.officer, "pci-index.reader", house.finance)?;
        Ok(([reaching, there], place(call, house.finance)?))
    });
    let made = house.admin(|call| transfer(call, house.officer, house.finance, "điều động"));
    let id = made.request.unwrap();
    let shown = house.as_person(new, |call| {
        let request = get_request(call, id)?;
        kept_by(call, &request)
    });
    let shown = shown.unwrap();
    assert_eq!(shown.grants.iter().map(|grant| grant.id).collect::<Vec<_>>(), kept);
    assert_eq!(shown.positions, [held]);
    council.approve(new, id).unwrap();
    let left = house.as_person(house.officer, |call| grants_of(call, house.officer)).unwrap();
    assert_eq!(left.iter().map(|grant| grant.id).collect::<Vec<_>>(), kept);
    let positions: Vec<_> =
        house.read(|call| held_by(call, house.officer).unwrap()).iter().map(|held| held.position).collect();
    assert_eq!(positions, [held]);
    let detail = house.last().entry.detail;
    assert_eq!((detail["grants-ended"].as_str(), detail["positions-ended"].as_str()), ("2", "2"));
}

#[test]
fn whoever_goes_up_or_down_within_a_department_leaves_what_they_no_longer_belong_to() {
    let council = Council::new();
    let house = &council.house;
    let (division, other) = house.admin(|call| {
        let division = unit(call, "phong", "Phòng Tổng hợp", Some(house.planning));
        let other = unit(call, "phong2", "Phòng Đăng ký", Some(house.planning));
        Ok((division, other))
    });
    let go = |to| house.admin(|call| at_once(call, |call| transfer(call, house.officer, to, "")).map(drop));
    let give_at = |unit| house.admin(|call| give(call, house.officer, "pci-index.reader", unit));
    let reads = |unit| house.may(house.officer, &read_scores(), unit);
    // Down: what reached all of the department ends, what is of the division stays.
    give_at(house.planning);
    give_at(division);
    go(division);
    assert!(reads(division) && !reads(house.planning) && !reads(other));
    // Beside: only the division is left.
    give_at(house.planning);
    go(other);
    assert!(reads(house.planning), "the department is common to both");
    assert!(reads(division), "which it still reaches");
    // Up: the division is left, not the department.
    give_at(other);
    go(house.planning);
    let scopes = house.as_person(house.officer, |call| grants_of(call, house.officer)).unwrap();
    assert_eq!(scopes.iter().map(|grant| grant.scope.unit).collect::<Vec<_>>(), [house.planning]);
}

#[test]
fn a_transfer_goes_where_there_is_a_unit_and_from_where_the_account_still_is() {
    let council = Council::new();
    let house = &council.house;
    let (old, new) = managers(&council);
    let go = |to| house.as_person(old, |call| transfer(call, house.officer, to, "điều động"));
    assert!(invalid(go(house.planning)).contains("already"));
    let (first, second) = (go(house.finance).unwrap(), go(house.finance).unwrap());
    council.approve(new, first.request.unwrap()).unwrap();
    let late = council.approve(new, second.request.unwrap());
    assert!(invalid(late).contains("already"));
    let back =
        house.as_person(new, |call| transfer(call, house.officer, house.planning, "điều động")).unwrap();
    // Decided upon in one of two orders: the unit does not end while somebody is on the way to it.
    let end =
        || house.as_person(house.admin, |call| end_unit(call, house.planning, "2026-03-02".parse().unwrap()));
    house.admin(|call| close(call, old, "nghỉ hưu"));
    house.admin(|call| at_once(call, |call| close(call, council.planner, "nghỉ hưu")));
    assert_eq!(refused(end()), "unit-not-empty");
    // The one that came too late was withdrawn when its asker left.
    assert!(ruled(council.approve(council.director, second.request.unwrap())).contains("was withdrawn"));
    council.refuse(council.director, back.request.unwrap(), "sáp nhập").unwrap();
    end().unwrap();
    let ended = house.as_person(new, |call| transfer(call, house.officer, house.planning, "điều động"));
    assert!(ruled(ended).contains("not in its term"));
}
