//! A unit comes under another when two people agree, who saw whose rights that changes.

use dinh_model::{AccountId, Actor, Label, Language, RequestId, UnitId};
use dinh_services::ServiceError;
use dinh_services::accounts::{
    approve, create_account, effect_of, end_unit, get_unit, inbox, list_units, move_unit, name_head,
};
use dinh_services::permissions::{ACCOUNT_MANAGE, UNIT_MANAGE};

use crate::council::{Council, read_scores, secret};
use crate::house::{account, at_once, denied, give, give_this, invalid, new_grant, refused, ruled, unit};

/// A division of planning, the head of planning, and who reads the scores of finance.
struct Move {
    council: Council,
    division: UnitId,
    head: AccountId,
    reader: AccountId,
}

impl Move {
    fn new() -> Self {
        let council = Council::new();
        let house = &council.house;
        let (division, head, reader) = house.admin(|call| {
            let division = unit(call, "phong", "Phòng Tổng hợp", Some(house.planning));
            let head = account(call, "truong-skhdt", "Lê Thị Trưởng", house.planning)?;
            at_once(call, |call| name_head(call, house.planning, head, Label::Ordinary, ""))?;
            let reader = account(call, "xem-stc", "Người Xem", house.finance)?;
            give(call, reader, "pci-index.reader", house.finance)?;
            Ok((division, head, reader))
        });
        Self { council, division, head, reader }
    }

    fn ask(&self, who: AccountId, to: UnitId) -> Result<RequestId, ServiceError> {
        let house = &self.council.house;
        let made = house.as_person(who, |call| move_unit(call, self.division, to, "sắp xếp lại"))?;
        Ok(made.request.unwrap())
    }

    fn above(&self) -> Option<UnitId> {
        self.council.house.read(|call| get_unit(call, self.division).unwrap().parent)
    }
}

#[test]
fn nobody_gives_rights_by_moving_a_unit_alone() {
    let it = Move::new();
    let (council, house) = (&it.council, &it.council.house);
    denied(it.ask(it.head, house.finance).map(drop));
    let request = it.ask(house.admin, house.finance).unwrap();
    assert_eq!(it.above(), Some(house.planning), "nothing happens yet");
    assert!(!house.may(it.reader, &read_scores(), it.division));
    // Not by whoever asked, nor by whoever approves in one of the three places only.
    house.admin(|call| give(call, house.admin, "dinh.director", house.province));
    assert_eq!(refused(council.approve(house.admin, request)), "second-person");
    denied(council.approve(council.planner, request));
    // The director sees who gains and who loses before it is so.
    let effect = effect_of(&house.platform, &house.origin(council.director), request).unwrap();
    let of = |account| effect.changes.iter().find(|change| change.actor == Actor::person(account)).unwrap();
    assert_eq!(of(it.reader).gains, [read_scores()]);
    assert!(of(it.head).loses.contains(&UNIT_MANAGE) && of(it.head).loses.contains(&ACCOUNT_MANAGE));
    let inbox = house.as_person(council.director, |call| inbox(call, None, 10)).unwrap();
    assert_eq!(inbox.requests.len(), 1);
    council.approve(council.director, request).unwrap();
    assert_eq!(it.above(), Some(house.finance));
    assert!(house.may(it.reader, &read_scores(), it.division));
    assert!(
        !house.may(it.head, &UNIT_MANAGE, it.division) && house.may(it.head, &UNIT_MANAGE, house.planning)
    );
    let entry = house.last().entry;
    assert_eq!((entry.action.as_str(), entry.subject), ("unit.moved", format!("unit:{}", it.division)));
    assert_eq!(entry.detail["requested-by"], house.admin.to_string());
    assert!(house.read(|call| list_units(call, Some(house.planning)).unwrap()).is_empty());
}

#[test]
fn whoever_would_gain_by_a_move_does_not_approve_it() {
    let it = Move::new();
    let (council, house) = (&it.council, &it.council.house);
    house.admin(|call| give(call, council.director, "pci-index.reader", house.finance));
    let request = it.ask(house.admin, house.finance).unwrap();
    assert_eq!(refused(council.approve(council.director, request)), "not-for-oneself");
    assert!(house.as_person(council.director, |call| inbox(call, None, 10)).unwrap().requests.is_empty());
}

#[test]
fn a_move_by_which_somebody_reaches_a_higher_label_is_approved_up_to_that_label() {
    let it = Move::new();
    let (council, house) = (&it.council, &it.council.house);
    let director = house.admin(|call| {
        let reader = at_once(call, |call| Ok(create_account(call, secret("mat", house.finance))?.id))?;
        let mut grant = new_grant(reader, "pci-index.reader", house.finance);
        grant.label = Label::Confidential;
        give_this(call, grant)?;
        let director = at_once(call, |call| Ok(create_account(call, secret("gd-mat", house.province))?.id))?;
        let mut grant = new_grant(director, "dinh.director", house.province);
        grant.label = Label::Confidential;
        give_this(call, grant)?;
        Ok(director)
    });
    let request = it.ask(house.admin, house.finance).unwrap();
    denied(council.approve(council.director, request));
    council.approve(director, request).unwrap();
}

#[test]
fn a_move_that_has_become_wrong_is_refused_when_it_is_approved() {
    let it = Move::new();
    let (council, house) = (&it.council, &it.council.house);
    let (first, second) =
        (it.ask(house.admin, house.finance).unwrap(), it.ask(house.admin, house.province).unwrap());
    council.approve(council.director, first).unwrap();
    assert_eq!(refused(council.approve(council.director, second)), "unit-changed");
    // Two moves that make a cycle together, each right when it was asked for.
    let other = house.admin(|call| Ok(unit(call, "phong2", "Phòng Hai", Some(house.planning))));
    let third = it.ask(house.admin, other).unwrap();
    let fourth = house.admin(|call| move_unit(call, other, it.division, "ngược lại")).request.unwrap();
    council.approve(council.director, third).unwrap();
    assert!(ruled(council.approve(council.director, fourth)).contains("under itself"));
    // One to a unit that ends meanwhile.
    let closing = house.admin(|call| Ok(unit(call, "het", "Sở Sắp Hết", Some(house.province))));
    let fifth = it.ask(house.admin, closing).unwrap();
    let end = || house.as_person(house.admin, |call| end_unit(call, closing, "2027-01-01".parse().unwrap()));
    assert_eq!(refused(end()), "unit-not-empty", "somebody may be on the way to it");
    council.refuse(council.director, fifth, "sắp kết thúc").unwrap();
    end().unwrap();
    assert!(ruled(it.ask(house.admin, closing).map(drop)).contains("ends before this one"));
    assert!(invalid(it.ask(house.admin, other).map(drop)).contains("already"));
}

#[test]
fn break_glass_moves_a_unit_at_once() {
    let it = Move::new();
    let house = &it.council.house;
    let operator = house.platform.origin(Actor::Public, Language::Vi).as_operator();
    let made = house.platform.perform(&operator, |call| move_unit(call, it.division, house.finance, ""));
    assert_eq!(made.unwrap().request, None);
    assert_eq!(it.above(), Some(house.finance));
    let none = house.as_person(house.admin, |call| approve(call, RequestId(1)));
    assert!(matches!(none, Err(ServiceError::NotFound { .. })));
}
