//! The inbox shows each person what waits for them, no more and no less.

use dinh_access::Term;
use dinh_model::{AccountId, RequestId};
use dinh_services::accounts::{NewDelegation, get_request, inbox, lend, my_requests, requests_about};

use crate::council::Council;
use crate::house::{ask, denied, give};

fn waiting(council: &Council, who: AccountId) -> Vec<RequestId> {
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let page = council.house.as_person(who, |call| inbox(call, after, 2)).unwrap();
        assert!(page.requests.len() <= 2);
        found.extend(page.requests.into_iter().map(|request| request.id));
        after = page.next;
        if after.is_none() {
            return found;
        }
    }
}

#[test]
fn an_inbox_holds_exactly_what_its_owner_could_approve_oldest_first() {
    let council = Council::new();
    let house = &council.house;
    let (_, account) = council.ask_for("moi-skhdt", house.planning);
    let planning = council.ask();
    let finance = house.admin(|call| ask(call, house.officer, "pci-index.reader", house.finance));
    let own = house.admin(|call| ask(call, council.planner, "pci-index.reader", house.planning));
    let (_, other) = council.ask_for("moi-stc", house.finance);
    assert_eq!(waiting(&council, council.director), [account, planning, finance, own, other]);
    assert_eq!(waiting(&council, council.planner), [account, planning]);
    assert_eq!(waiting(&council, house.officer), []);
    assert_eq!(waiting(&council, house.admin), [], "whoever asked waits for others");
    house.admin(|call| give(call, house.admin, "dinh.director", house.province));
    assert_eq!(waiting(&council, house.admin), []);
    let operator = house.origin(house.officer).as_operator();
    let all = house.platform.perform(&operator, |call| inbox(call, None, 9)).unwrap();
    assert_eq!(all.requests.len(), 5, "break-glass sees whatever waits for anybody");
    council.approve(council.planner, account).unwrap();
    council.refuse(council.director, finance, "chưa cần").unwrap();
    council.withdraw(house.admin, other).unwrap();
    assert_eq!(waiting(&council, council.director), [planning, own]);
    house.clock.set("2026-04-01T01:00:00Z".parse().unwrap());
    assert_eq!(waiting(&council, council.director), [], "what lapsed waits for nobody");
}

#[test]
fn every_task_in_an_inbox_is_approved_and_nothing_else_is() {
    let council = Council::new();
    let house = &council.house;
    council.ask_for("moi-skhdt", house.planning);
    council.ask_for("moi-stc", house.finance);
    let grant = house.admin(|call| give(call, house.officer, "dinh.auditor", house.planning));
    let lent = house.as_person(house.officer, |call| {
        let until = Some("2026-04-01T00:00:00Z".parse().unwrap());
        let term = Term { from: call.now(), until };
        let reason = "đi công tác".into();
        lend(call, NewDelegation { borrower: council.planner, grants: vec![grant], term, reason })
    });
    lent.unwrap();
    council.ask();
    for who in [house.admin, house.officer, council.planner, council.director] {
        let waits = waiting(&council, who);
        for request in (1..=4).map(RequestId) {
            let mut call = house.platform.begin(&house.origin(who)).unwrap();
            let approved = dinh_services::accounts::approve(&mut call, request).is_ok();
            assert_eq!(waits.contains(&request), approved, "{who} {request}");
        }
    }
}

#[test]
fn one_sees_what_one_asked_for_and_what_was_asked_about_one() {
    let council = Council::new();
    let house = &council.house;
    let (first, second) = (council.ask(), council.ask());
    council.approve(council.director, first).unwrap();
    let page = house.admin(|call| my_requests(call, None, 1));
    assert_eq!((page.requests.first().unwrap().id, page.next), (second, Some(second)));
    let page = house.admin(|call| my_requests(call, page.next, 1));
    assert_eq!((page.requests.first().unwrap().id, page.next), (first, None));
    let about = |who| house.as_person(who, |call| requests_about(call, house.officer, None, 9));
    assert_eq!(about(house.officer).unwrap().requests.len(), 2);
    assert_eq!(about(house.admin).unwrap().requests.len(), 2);
    denied(about(council.planner));
    let look = |who| house.as_person(who, |call| get_request(call, second));
    for who in [house.admin, house.officer, council.planner, council.director] {
        assert_eq!(look(who).unwrap().id, second);
    }
    let stranger = house.admin(|call| crate::house::account(call, "la", "Người Lạ", house.finance));
    denied(look(stranger));
}
