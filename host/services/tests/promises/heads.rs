//! A unit has exactly one head administrator, always.

use dinh_access::Grantee;
use dinh_model::{AccountId, Label, RequestId, UnitId};
use dinh_services::ServiceError;
use dinh_services::accounts::{
    self, Head, approve, close, end_unit, grants_to, hand_over, head_of, headed_by, name_head, own_head,
    suspend, transfer, withdraw,
};
use dinh_services::permissions::ACCOUNT_MANAGE;

use crate::council::Council;
use crate::house::{account, ask, at_once, denied, give, invalid, new_grant, refused};

/// A council whose planning department has a head, and two more people there.
struct Planning {
    council: Council,
    head: AccountId,
    next: AccountId,
}

impl Planning {
    fn new() -> Self {
        let council = Council::new();
        let house = &council.house;
        let (head, next) = house.admin(|call| {
            Ok((
                account(call, "truong-skhdt", "Lê Thị Trưởng", house.planning)?,
                account(call, "pho-skhdt", "Đỗ Văn Phó", house.planning)?,
            ))
        });
        let made =
            house.admin(|call| name_head(call, house.planning, head, Label::Ordinary, "theo Quyết định 12"));
        council.approve(council.director, made.request.unwrap()).unwrap();
        Self { council, head, next }
    }

    fn hand_over(&self, who: AccountId, to: AccountId) -> Result<RequestId, ServiceError> {
        let house = &self.council.house;
        let made = house.as_person(who, |call| hand_over(call, house.planning, to, "nghỉ hưu"))?;
        Ok(made.request.unwrap())
    }

    fn present(&self, unit: UnitId) -> Option<AccountId> {
        self.council.house.read(|call| head_of(call, unit).unwrap().map(|head| head.account))
    }
}

#[test]
fn a_head_is_named_once_with_the_rights_of_a_head_and_no_more() {
    let Planning { council, head, next } = Planning::new();
    let house = &council.house;
    assert!(house.may(head, &ACCOUNT_MANAGE, house.planning));
    assert!(!house.may(head, &ACCOUNT_MANAGE, house.finance));
    let again = house.as_person(house.admin, |call| {
        name_head(call, house.planning, next, Label::Ordinary, "thêm một người")
    });
    assert_eq!(refused(again), "one-head");
    let beside = house.as_person(house.admin, |call| ask(call, next, "dinh.head", house.planning));
    assert_eq!(refused(beside), "one-head");
    let beside = house.as_person(house.admin, |call| {
        at_once(call, |call| accounts::give(call, new_grant(next, "dinh.head", house.planning)))
    });
    assert_eq!(refused(beside), "one-head", "not by break-glass either");
    let grants = house.as_person(head, |call| grants_to(call, Grantee::Account(head))).unwrap();
    let taken = house.as_person(house.admin, |call| withdraw(call, grants.first().unwrap().id, ""));
    assert_eq!(refused(taken), "one-head");
}

#[test]
fn a_hand_over_ends_one_head_and_begins_the_other_in_one_change() {
    let planning = Planning::new();
    let house = &planning.council.house;
    let (head, next) = (planning.head, planning.next);
    let request = planning.hand_over(head, next).unwrap();
    assert_eq!(planning.present(house.planning), Some(head), "until it is approved");
    denied(planning.council.approve(next, request));
    let seq = house.seq();
    planning.council.approve(planning.council.planner, request).unwrap();
    assert_eq!(house.seq(), seq + 1, "one change");
    assert_eq!(planning.present(house.planning), Some(next));
    assert!(house.may(next, &ACCOUNT_MANAGE, house.planning));
    assert!(!house.may(head, &ACCOUNT_MANAGE, house.planning));
    let entry = house.last().entry;
    assert_eq!((entry.action.as_str(), entry.subject), ("head.named", format!("unit:{}", house.planning)));
    assert_eq!(entry.detail["before"], head.to_string());
    assert_eq!(house.read(|call| headed_by(call, head).unwrap()), []);
    assert_eq!(house.read(|call| headed_by(call, next).unwrap()), [house.planning]);
    assert!(invalid(planning.hand_over(next, next)).contains("already"));
}

#[test]
fn nobody_takes_a_heads_place_by_their_own_approval() {
    let planning = Planning::new();
    let council = &planning.council;
    let request = planning.hand_over(planning.head, council.planner).unwrap();
    assert_eq!(refused(council.approve(council.planner, request)), "not-for-oneself");
    council.approve(council.director, request).unwrap();
    denied(
        council.house.as_person(planning.head, |call| {
            hand_over(call, council.house.planning, planning.next, "lấy lại")
        }),
    );
}

#[test]
fn of_two_hand_overs_the_second_no_longer_fits() {
    let planning = Planning::new();
    let council = &planning.council;
    let house = &council.house;
    let first = planning.hand_over(planning.head, planning.next).unwrap();
    let second = planning.hand_over(house.admin, house.officer).unwrap();
    let mut one = house.platform.begin(&house.origin(council.director)).unwrap();
    let mut other = house.platform.begin(&house.origin(council.planner)).unwrap();
    approve(&mut one, first).unwrap();
    approve(&mut other, second).unwrap();
    house.platform.commit(one).unwrap();
    assert!(matches!(house.platform.commit(other), Err(ServiceError::Conflict)));
    assert_eq!(refused(council.approve(council.planner, second)), "head-changed");
    assert_eq!(planning.present(house.planning), Some(planning.next));
}

#[test]
fn a_head_hands_over_before_leaving() {
    let planning = Planning::new();
    let council = &planning.council;
    let house = &council.house;
    let head = planning.head;
    for result in [
        house.as_person(house.admin, |call| suspend(call, head, "")),
        house.as_person(house.admin, |call| close(call, head, "")),
        house.as_person(house.admin, |call| transfer(call, head, house.finance, "điều động").map(drop)),
        house.as_person(house.admin, |call| at_once(call, |call| suspend(call, head, ""))),
    ] {
        assert_eq!(refused(result), "head-hands-over-first");
    }
    assert_eq!(planning.present(house.planning), Some(head));
    let request = planning.hand_over(head, planning.next).unwrap();
    council.approve(council.director, request).unwrap();
    house.admin(|call| close(call, head, "nghỉ hưu"));
}

#[test]
fn a_unit_without_a_head_of_its_own_has_that_of_the_unit_above() {
    let planning = Planning::new();
    let council = &planning.council;
    let house = &council.house;
    assert_eq!(planning.present(house.finance), None, "a house whose root has none yet");
    house.admin(|call| {
        at_once(call, |call| name_head(call, house.province, house.admin, Label::Ordinary, ""))
    });
    assert_eq!(planning.present(house.finance), Some(house.admin));
    assert_eq!(planning.present(house.planning), Some(planning.head));
    assert_eq!(house.read(|call| own_head(call, house.finance).unwrap()), None);
    assert!(
        invalid(house.as_person(house.admin, |call| hand_over(call, house.finance, planning.next, "x")))
            .contains("no head of its own")
    );
    // Somebody of another unit is not the head; whoever answers from above may be.
    let of = |account| {
        house.as_person(house.admin, |call| name_head(call, house.finance, account, Label::Ordinary, "x"))
    };
    assert_eq!(refused(of(planning.next)), "head-of-the-unit");
    let made = of(house.admin).unwrap();
    council.approve(council.director, made.request.unwrap()).unwrap();
    assert_eq!(house.read(|call| headed_by(call, house.admin).unwrap()), [house.province, house.finance]);
}

#[test]
fn only_who_holds_what_a_head_holds_names_one() {
    let Planning { council, head, next } = Planning::new();
    let house = &council.house;
    denied(house.as_person(next, |call| name_head(call, house.finance, next, Label::Ordinary, "x")));
    denied(house.as_person(head, |call| name_head(call, house.finance, next, Label::Ordinary, "x")));
    denied(house.as_person(head, |call| name_head(call, house.planning, next, Label::Confidential, "x")));
    let suspended = house.admin(|call| {
        let account = account(call, "khoa-stc", "Người Khoá", house.finance)?;
        suspend(call, account, "")?;
        Ok(account)
    });
    let named =
        house.as_person(house.admin, |call| name_head(call, house.finance, suspended, Label::Ordinary, "x"));
    assert!(invalid(named).contains("suspended"));
}

#[test]
fn a_head_gives_lesser_administrators_parts_of_the_own_rights() {
    let Planning { council, head, next } = Planning::new();
    let house = &council.house;
    let request =
        house.as_person(head, |call| ask(call, next, "dinh.account-administrator", house.planning)).unwrap();
    council.approve(council.planner, request).unwrap();
    assert!(house.may(next, &ACCOUNT_MANAGE, house.planning));
    denied(house.as_person(head, |call| ask(call, next, "dinh.administrator", house.planning)));
    denied(house.as_person(head, |call| ask(call, next, "dinh.director", house.planning)));
    denied(house.as_person(next, |call| ask(call, house.officer, "dinh.auditor", house.planning)));
}

#[test]
fn the_head_of_a_unit_that_ended_leaves_with_the_account() {
    let Planning { council, head, next } = Planning::new();
    let house = &council.house;
    let end =
        || house.as_person(house.admin, |call| end_unit(call, house.planning, "2026-03-10".parse().unwrap()));
    for other in [house.officer, council.planner, next] {
        assert_eq!(refused(end()), "unit-not-empty");
        house.admin(|call| at_once(call, |call| close(call, other, "sáp nhập")));
    }
    // Nobody above could take over, so the head sees it to its end.
    end().unwrap();
    let go = || house.as_person(house.admin, |call| transfer(call, head, house.finance, "sáp nhập"));
    assert_eq!(refused(go()), "head-hands-over-first");
    house.clock.set("2026-03-10T01:00:00Z".parse().unwrap());
    let request = go().unwrap().request.unwrap();
    let receiver = house.admin(|call| {
        let receiver = account(call, "nhan-stc", "Người Nhận", house.finance)?;
        give(call, receiver, "dinh.director", house.finance)?;
        Ok(receiver)
    });
    council.approve(receiver, request).unwrap();
    assert_eq!(house.read(|call| own_head(call, house.planning).unwrap()), None::<Head>);
    assert!(!house.may(head, &ACCOUNT_MANAGE, house.planning));
}

#[test]
fn a_head_hands_over_to_the_one_above_before_the_unit_ends() {
    let planning = Planning::new();
    let Planning { council, head, next } = &planning;
    let house = &council.house;
    house.admin(|call| {
        at_once(call, |call| name_head(call, house.province, house.admin, Label::Ordinary, "").map(drop))
    });
    for other in [house.officer, council.planner, *next] {
        house.admin(|call| at_once(call, |call| close(call, other, "sáp nhập")));
    }
    let end =
        || house.as_person(house.admin, |call| end_unit(call, house.planning, "2026-03-10".parse().unwrap()));
    assert_eq!(refused(end()), "unit-not-empty");
    let request = planning.hand_over(*head, house.admin).unwrap();
    council.approve(council.director, request).unwrap();
    house.admin(|call| at_once(call, |call| close(call, *head, "nghỉ hưu")));
    end().unwrap();
}
