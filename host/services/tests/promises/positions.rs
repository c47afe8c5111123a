//! Positions: rights reach whoever holds them, while they do.

use dinh_access::{Grantee, Term};
use dinh_model::{AccountId, Localized, PositionId};
use dinh_services::accounts::{
    self, NewPosition, create_position, define_role, get_position, grants_of, held_by, hold, holders,
    positions_in, release, suspend,
};
use dinh_services::permissions::{ACCOUNT_MANAGE, GRANT_MANAGE};
use dinh_services::{Call, ServiceError};

use crate::house::{House, at_once, denied, give, give_this, new_grant, ruled};

/// Without a second person.
fn hold_now(
    call: &mut Call,
    account: AccountId,
    position: PositionId,
    term: Term,
) -> Result<(), ServiceError> {
    at_once(call, |call| hold(call, account, position, term, "").map(drop))
}

/// The head of planning, with the administration of planning.
fn head_of_planning(house: &House) -> PositionId {
    house.admin(|call| {
        let title = Localized::new("Giám đốc Sở", "Director");
        let head = create_position(call, NewPosition { unit: house.planning, title })?;
        let mut grant = new_grant(house.officer, "dinh.administrator", house.planning);
        grant.to = Grantee::Position(head);
        give_this(call, grant)?;
        Ok(head)
    })
}

#[test]
fn whoever_holds_a_position_has_its_rights_for_the_term_and_no_longer() {
    let house = House::new();
    let head = head_of_planning(&house);
    assert!(!house.may(house.officer, &ACCOUNT_MANAGE, house.planning));
    let term = Term {
        from: "2026-01-01T00:00:00Z".parse().unwrap(),
        until: Some("2026-04-01T00:00:00Z".parse().unwrap()),
    };
    house.admin(|call| hold_now(call, house.officer, head, term));
    assert!(house.may(house.officer, &ACCOUNT_MANAGE, house.planning));
    let grants = house.as_person(house.officer, |call| grants_of(call, house.officer)).unwrap();
    assert_eq!(grants.len(), 1);
    house.clock.set("2026-04-01T00:00:00Z".parse().unwrap());
    assert!(!house.may(house.officer, &ACCOUNT_MANAGE, house.planning));
    assert!(house.as_person(house.officer, |call| grants_of(call, house.officer)).unwrap().is_empty());
}

#[test]
fn a_released_position_gives_nothing_from_the_commit_on() {
    let house = House::new();
    let head = head_of_planning(&house);
    house.admin(|call| hold_now(call, house.officer, head, Term::ALWAYS));
    assert_eq!(house.read(|call| holders(call, head).unwrap().len()), 1);
    house.admin(|call| release(call, house.officer, head));
    assert!(!house.may(house.officer, &ACCOUNT_MANAGE, house.planning));
    assert!(house.read(|call| held_by(call, house.officer).unwrap().is_empty()));
    let again = house.as_person(house.admin, |call| release(call, house.officer, head));
    assert!(matches!(again, Err(ServiceError::NotFound { .. })));
}

#[test]
fn a_shorter_term_takes_effect_at_once() {
    let house = House::new();
    let head = head_of_planning(&house);
    house.admin(|call| hold_now(call, house.officer, head, Term::ALWAYS));
    let over = Term { from: Term::ALWAYS.from, until: Some("2026-03-01T00:00:00Z".parse().unwrap()) };
    house.admin(|call| hold_now(call, house.officer, head, over));
    assert!(!house.may(house.officer, &ACCOUNT_MANAGE, house.planning));
    assert_eq!(house.read(|call| held_by(call, house.officer).unwrap()).first().unwrap().term, over);
}

#[test]
fn nobody_puts_themselves_into_a_position_with_rights_they_could_not_give() {
    let house = House::new();
    let head = head_of_planning(&house);
    house.admin(|call| {
        let giver = "lao-cai.giver".parse().unwrap();
        define_role(
            call,
            &giver,
            &Localized::new("Phân quyền", "Giver"),
            std::slice::from_ref(&GRANT_MANAGE),
        )?;
        give(call, house.officer, "lao-cai.giver", house.planning)
    });
    denied(house.as_person(house.officer, |call| hold(call, house.officer, head, Term::ALWAYS, "bổ nhiệm")));
    denied(house.as_person(house.officer, |call| {
        create_position(call, NewPosition { unit: house.planning, title: Localized::new("a", "a") })
    }));
}

#[test]
fn positions_are_listed_and_hold_only_terms_that_begin_before_they_end() {
    let house = House::new();
    let head = head_of_planning(&house);
    let listed = house.read(|call| positions_in(call, house.planning).unwrap());
    assert_eq!(listed.iter().map(|position| position.title.vi.as_str()).collect::<Vec<_>>(), ["Giám đốc Sở"]);
    assert_eq!(house.read(|call| get_position(call, head).unwrap()), *listed.first().unwrap());
    let now = "2026-03-01T00:00:00Z".parse().unwrap();
    let empty = Term { from: now, until: Some(now) };
    ruled(house.as_person(house.admin, |call| hold(call, house.officer, head, empty, "")));
    house.admin(|call| suspend(call, house.officer, ""));
    house.admin(|call| hold_now(call, house.officer, head, Term::ALWAYS));
    assert!(!house.may(house.officer, &ACCOUNT_MANAGE, house.planning), "the suspended do not act");
    house.admin(|call| accounts::close(call, house.officer, ""));
    ruled(house.as_person(house.admin, |call| hold(call, house.officer, head, Term::ALWAYS, "bổ nhiệm")));
}
