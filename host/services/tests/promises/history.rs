//! The history of an account: what it did, what was done to it, what it was refused.

use dinh_services::accounts::{activate, history, looked_at, rename_unit, suspend};

use crate::house::{GOOD, House, denied};

#[test]
fn a_history_tells_what_a_person_did_what_was_done_to_them_and_what_they_were_refused() {
    let house = House::new();
    house.sign_in("an-skhdt", "sai mật khẩu rồi").unwrap_err();
    house.sign_in("an-skhdt", GOOD).unwrap();
    denied(house.as_person(house.officer, |call| rename_unit(call, house.planning, "Khác")));
    house.admin(|call| rename_unit(call, house.finance, "Khác"));
    house.admin(|call| suspend(call, house.officer, ""));
    let page = house.admin(|call| history(call, house.officer, None, 100));
    let actions: Vec<&str> = page.entries.iter().map(|recorded| recorded.entry.action.as_str()).collect();
    assert_eq!(
        actions,
        ["account.suspended", "access.refused", "session.opened", "session.refused", "account.created"]
    );
    assert_eq!(page.next, None);
}

#[test]
fn pages_of_a_history_have_no_gap_and_no_double() {
    let house = House::new();
    for _ in 0..7 {
        house.sign_in("an-skhdt", GOOD).unwrap();
        house.sign_in("quantri", GOOD).unwrap();
    }
    let (mut seen, mut before) = (Vec::new(), None);
    loop {
        let page = house.as_person(house.officer, |call| history(call, house.officer, before, 3)).unwrap();
        seen.extend(page.entries.iter().map(|recorded| recorded.index));
        before = page.next;
        if before.is_none() {
            break;
        }
    }
    assert_eq!(seen.len(), 8);
    assert!(seen.windows(2).all(|pair| pair.first() > pair.last()));
}

#[test]
fn ones_own_history_is_open_and_anothers_needs_the_right() {
    let house = House::new();
    house.as_person(house.officer, |call| history(call, house.officer, None, 10)).unwrap();
    denied(house.as_person(house.officer, |call| history(call, house.admin, None, 10)));
}

#[test]
fn a_person_sees_who_was_at_their_record_and_not_what_they_did_themselves() {
    let house = House::new();
    house.sign_in("an-skhdt", GOOD).unwrap();
    house.sign_in("an-skhdt", "sai mật khẩu rồi").unwrap_err();
    house.admin(|call| suspend(call, house.officer, ""));
    house.admin(|call| activate(call, house.officer));
    house.admin(|call| suspend(call, house.admin, ""));
    let page = house.as_person(house.officer, |call| looked_at(call, None, 100)).unwrap();
    let actions: Vec<&str> = page.entries.iter().map(|recorded| recorded.entry.action.as_str()).collect();
    assert_eq!(actions, ["account.activated", "account.suspended", "session.refused", "account.created"]);
}
