//! A unit ends when nothing belongs to it any more, and then nothing comes to it.

use dinh_access::{Grantee, Term};
use dinh_model::{AccountId, DelegationId, Label, Language, Localized, UnitId};
use dinh_services::accounts::{
    self, AccountChange, NewDelegation, NewGrant, NewPosition, close, create_account, create_position,
    end_delegation, end_unit, hold, lend, name_head, release, suspend, transfer, update_account,
};
use dinh_services::{Call, ServiceError};

use crate::council::Council;
use crate::house::{
    House, account, ask, at_once, give, give_this, new_account, new_grant, refused, ruled, unit,
};

/// The end of finance, in which the council has nobody.
fn end(house: &House) -> Result<(), ServiceError> {
    house.as_person(house.admin, |call| end_unit(call, house.finance, "2026-07-01".parse().unwrap()))
}

/// Refused as not empty, in these words in English; and the refusal is evidence.
fn left(house: &House, words: &str) {
    let error = end(house).unwrap_err();
    let told = error.text(Language::En);
    assert!(told.contains(words), "{told}");
    assert!(error.text(Language::Vi).contains("Chưa kết thúc được đơn vị “Sở Tài chính”"));
    let entry = house.last().entry;
    let rule = entry.detail.get("rule").map(String::as_str);
    assert_eq!((entry.action.as_str(), rule), ("rule.refused", Some("unit-not-empty")));
    assert_eq!(refused::<()>(Err(error)), "unit-not-empty");
}

fn position(call: &mut Call, unit: UnitId) -> Result<dinh_model::PositionId, ServiceError> {
    create_position(call, NewPosition { unit, title: Localized::new("Trưởng phòng", "Head") })
}

#[test]
fn not_while_accounts_are_in_it_suspended_or_not() {
    let house = House::new();
    let people = house.admin(|call| {
        let mut people = Vec::new();
        for number in 0..7 {
            people.push(account(call, &format!("p{number}-stc"), "Lê Thị Người", house.finance)?);
        }
        Ok(people)
    });
    left(&house, "accounts: 7 (p0-stc, p1-stc, p2-stc, p3-stc, p4-stc, …); transfer or close them");
    let (last, others) = people.split_last().unwrap();
    for other in others {
        house.admin(|call| close(call, *other, "nghỉ hưu"));
    }
    house.admin(|call| suspend(call, *last, "nghỉ thai sản"));
    left(&house, "accounts: 1 (p6-stc)");
    house.admin(|call| at_once(call, |call| transfer(call, *last, house.planning, "").map(drop)));
    end(&house).unwrap();
}

#[test]
fn not_while_a_request_about_it_is_open() {
    let council = Council::new();
    let house = &council.house;
    let requests = house.admin(|call| {
        let made = create_account(call, new_account("mai-stc", "Hà Thị Mai", house.finance))?;
        let grant = ask(call, house.officer, "pci-index.reader", house.finance)?;
        at_once(call, |call| name_head(call, house.province, house.admin, Label::Ordinary, ""))?;
        let head = name_head(call, house.finance, house.admin, Label::Ordinary, "QĐ 12")?.request;
        let post = position(call, house.finance)?;
        let held = hold(call, house.officer, post, Term::ALWAYS, "QĐ 12")?;
        let to = Grantee::Position(post);
        // A grant elsewhere, to a position of the unit.
        let given = NewGrant {
            to,
            reason: "QĐ 12".into(),
            ..new_grant(AccountId(0), "pci-index.reader", house.planning)
        };
        let given = accounts::give(call, given)?.request;
        Ok([made.request, Some(grant), head, held, given].map(Option::unwrap))
    });
    let numbers = requests.map(|request| request.to_string()).join(", ");
    left(house, &format!("open requests: 5 ({numbers}); approve, refuse or withdraw them"));
    for request in requests {
        council.refuse(council.director, request, "sáp nhập").unwrap();
    }
    end(house).unwrap();
}

#[test]
fn a_request_that_lapsed_holds_nothing_up() {
    let council = Council::new();
    let house = &council.house;
    council.ask_for("mai-stc", house.finance);
    left(house, "open requests: 1");
    house.clock.advance(std::time::Duration::from_secs(31 * 24 * 60 * 60));
    end(house).unwrap();
}

#[test]
fn not_while_somebody_is_on_the_way_to_it() {
    let council = Council::new();
    let house = &council.house;
    let go = house.admin(|call| transfer(call, house.officer, house.finance, "điều động")).request.unwrap();
    left(house, &format!("transfers under way: 1 ({go}); approve, refuse or withdraw them"));
    council.refuse(council.director, go, "sáp nhập").unwrap();
    end(house).unwrap();
}

#[test]
fn not_while_a_grant_for_it_is_lent_or_a_position_of_it_held() {
    let council = Council::new();
    let house = &council.house;
    let (post, grant, clerk) = house.admin(|call| {
        let post = position(call, house.finance)?;
        at_once(call, |call| hold(call, house.officer, post, Term::ALWAYS, "").map(drop))?;
        let grant = give(call, house.officer, "dinh.unit-administrator", house.finance)?;
        let clerk = account(call, "thuky-skhdt", "Thư Ký", house.planning)?;
        Ok((post, grant, clerk))
    });
    let term = Term {
        from: "2026-03-02T00:00:00Z".parse().unwrap(),
        until: Some("2026-03-12T00:00:00Z".parse().unwrap()),
    };
    let new = NewDelegation { borrower: clerk, grants: vec![grant], term, reason: "đi công tác".into() };
    let lent = house.as_person(house.officer, |call| lend(call, new.clone())).unwrap().request.unwrap();
    left(house, &format!("open requests: 1 ({lent})"));
    council.approve(council.director, lent).unwrap();
    left(house, &format!("delegations: 1 (1); end them; held positions: 1 ({post}); release their holders"));
    house.admin(|call| release(call, house.officer, post));
    left(house, "delegations: 1 (1)");
    house.as_person(house.officer, |call| end_delegation(call, DelegationId(1), "")).unwrap();
    end(house).unwrap();
    // The grant stays: the unit's records are still there.
    assert!(house.may(house.officer, &dinh_services::permissions::UNIT_MANAGE, house.finance));
}

#[test]
fn a_unit_with_an_end_takes_nobody_any_more() {
    let council = Council::new();
    let house = &council.house;
    let post = house.admin(|call| position(call, house.finance));
    end(house).unwrap();
    let takes_nobody = |told: String| assert!(told.contains("takes nobody any more"), "{told}");
    let asks = |deed: &dyn Fn(&mut Call) -> Result<(), ServiceError>| {
        takes_nobody(ruled(house.as_person(house.admin, deed)));
    };
    asks(&|call| create_account(call, new_account("mai-stc", "Hà Thị Mai", house.finance)).map(drop));
    asks(&|call| transfer(call, house.officer, house.finance, "điều động").map(drop));
    asks(&|call| position(call, house.finance).map(drop));
    asks(&|call| hold(call, house.officer, post, Term::ALWAYS, "bổ nhiệm").map(drop));
    asks(&|call| at_once(call, |call| account(call, "mai-stc", "Hà Thị Mai", house.finance).map(drop)));
}

#[test]
fn what_comes_while_the_end_is_worked_out_makes_it_run_again_and_be_refused() {
    let council = Council::new();
    let house = &council.house;
    let mut call = house.platform.begin(&house.origin(house.admin)).unwrap();
    end_unit(&mut call, house.finance, "2026-07-01".parse().unwrap()).unwrap();
    council.ask_for("mai-stc", house.finance);
    assert!(matches!(house.platform.commit(call), Err(ServiceError::Conflict)));
    left(house, "open requests: 1");

    // And the other way round.
    let empty = house.admin(|call| Ok(unit(call, "snv", "Sở Nội vụ", Some(house.province))));
    let mut call = house.platform.begin(&house.origin(house.admin)).unwrap();
    create_account(&mut call, new_account("lan-snv", "Vũ Thị Lan", empty)).unwrap();
    house.admin(|call| end_unit(call, empty, "2026-07-01".parse().unwrap()));
    assert!(matches!(house.platform.commit(call), Err(ServiceError::Conflict)));
}

#[test]
fn a_clearance_that_waits_is_of_the_unit_of_its_person() {
    let council = Council::new();
    let house = &council.house;
    let secret = AccountChange {
        clearance: Some(Label::Confidential),
        reason: "QĐ 12".into(),
        ..AccountChange::default()
    };
    let mai = house.admin(|call| {
        let grant = new_grant(house.admin, "dinh.administrator", house.province);
        give_this(call, NewGrant { label: Label::Confidential, ..grant })?;
        at_once(call, |call| update_account(call, house.admin, secret.clone()))?;
        account(call, "mai-stc", "Hà Thị Mai", house.finance)
    });
    house.admin(|call| update_account(call, mai, secret.clone()).map(drop));
    left(house, "accounts: 1 (mai-stc); transfer or close them; open requests: 1");
}
