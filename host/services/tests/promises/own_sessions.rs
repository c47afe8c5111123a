//! Sessions listed and ended: by their owner, by whoever manages the account, one or all.

use dinh_services::accounts::{
    SessionCursor, SessionKind, end_session, end_sessions, list_sessions, set_password, suspend,
};

use crate::house::{GOOD, House, account, denied, give};

fn ids(house: &House, by: dinh_model::AccountId, of: dinh_model::AccountId) -> Vec<String> {
    let listed = house.as_person(by, |call| list_sessions(&house.platform, call, Some(of), None, 100));
    listed.unwrap().sessions.iter().map(|session| session.id.to_string()).collect()
}

#[test]
fn a_person_sees_their_sessions_and_ends_one_of_them() {
    let house = House::new();
    let here = house.sign_in("an-skhdt", GOOD).unwrap();
    house.clock.advance(std::time::Duration::from_secs(60));
    let there = house.sign_in_from("an-skhdt", GOOD, "10.0.0.9").unwrap();
    let listed = house
        .as_person(house.officer, |call| list_sessions(&house.platform, call, Some(house.officer), None, 10))
        .unwrap();
    assert_eq!(listed.next, None);
    let [first, second] = listed.sessions.as_slice() else { panic!("{listed:?}") };
    assert_eq!((first.id, second.id), (here.session.id, there.session.id));
    assert_eq!((second.address.to_string(), second.kind), ("10.0.0.9".to_owned(), SessionKind::Page));
    assert_eq!(second.opened.to_string(), "2026-03-02T01:01:00Z");

    let end = |id| house.as_person(house.officer, |call| end_session(call, house.officer, id)).unwrap();
    assert!(end(there.session.id));
    assert!(house.platform.session(&there.token).is_err());
    assert!(house.platform.session(&here.token).is_ok());
    assert_eq!(house.last().entry.detail["session"], format!("session:{}", there.session.id));
    assert!(!end(there.session.id), "it is over already");
}

#[test]
fn a_person_ends_all_their_other_sessions_at_once() {
    let house = House::new();
    let here = house.sign_in("an-skhdt", GOOD).unwrap();
    let others: Vec<_> = (0..4).map(|_| house.sign_in("an-skhdt", GOOD).unwrap().token).collect();
    house.as_person(house.officer, |call| end_sessions(call, house.officer, Some(&here.session))).unwrap();
    assert!(house.platform.session(&here.token).is_ok());
    assert!(others.iter().all(|token| house.platform.session(token).is_err()));
    assert_eq!(ids(&house, house.officer, house.officer), [here.session.id.to_string()]);
    assert_eq!(house.last().entry.action, "sessions.ended");
}

#[test]
fn an_administrator_sees_and_ends_the_sessions_of_their_units_and_nobody_else_does() {
    let house = House::new();
    let session = house.sign_in("an-skhdt", GOOD).unwrap();
    assert_eq!(ids(&house, house.admin, house.officer).len(), 1);
    let admin = house.sign_in("quantri", GOOD).unwrap().session;
    denied(
        house.as_person(house.officer, |call| {
            list_sessions(&house.platform, call, Some(house.admin), None, 10)
        }),
    );
    denied(house.as_person(house.officer, |call| list_sessions(&house.platform, call, None, None, 10)));
    denied(house.as_person(house.officer, |call| end_session(call, house.admin, admin.id)));
    denied(house.as_person(house.officer, |call| end_sessions(call, house.admin, None)));
    house.admin(|call| end_sessions(call, house.officer, None));
    assert!(house.platform.session(&session.token).is_err());
    assert!(ids(&house, house.admin, house.officer).is_empty());
}

#[test]
fn the_list_of_all_sessions_goes_on_where_a_page_ends_and_shows_only_those_that_open_something() {
    let house = House::new();
    let people: Vec<_> = house.admin(|call| {
        ["b-skhdt", "c-skhdt", "d-stc"]
            .into_iter()
            .map(|login| account(call, login, "Lê Thị Bình", house.planning))
            .collect::<Result<Vec<_>, _>>()
    });
    for login in ["an-skhdt", "b-skhdt", "c-skhdt", "d-stc"] {
        for _ in 0..3 {
            house.sign_in(login, GOOD).unwrap();
        }
    }
    house.admin(|call| suspend(call, people[0], ""));
    house.admin(|call| {
        set_password(call, people[1], &dinh_services::accounts::Password::new("thu đông nối tiếp"), true)
    });
    let mut after: Option<SessionCursor> = None;
    let mut all = Vec::new();
    loop {
        let page = house.admin(|call| list_sessions(&house.platform, call, None, after, 2));
        assert!(page.sessions.len() <= 2);
        all.extend(page.sessions);
        // As it travels in an address.
        after = page.next.map(|next| next.to_string().parse().unwrap());
        if after.is_none() {
            break;
        }
    }
    let of: Vec<_> = all.iter().map(|session| session.account).collect();
    assert_eq!(of, [[house.officer; 3], [people[2]; 3]].concat());
    assert!("12".parse::<SessionCursor>().is_err() && "x.y".parse::<SessionCursor>().is_err());
}

#[test]
fn a_page_of_sessions_looks_at_so_many_and_says_where_it_goes_on() {
    let house = House::new();
    let here = house.sign_in("an-skhdt", GOOD).unwrap().session;
    // Those of finance come first and are nothing to whoever manages planning.
    let others = house.admin(|call| {
        let named = (0..101).map(|number| account(call, &format!("b{number}"), "Lê Thị Bình", house.finance));
        let others = named.collect::<Result<Vec<_>, _>>()?;
        account(call, "z-skhdt", "Lê Thị Út", house.planning)?;
        Ok(others)
    });
    for number in 0..others.len() {
        for _ in 0..20 {
            house.sign_in(&format!("b{number}"), GOOD).unwrap();
        }
    }
    let last = house.sign_in("z-skhdt", GOOD).unwrap().session;
    give_planning(&house);
    let page = |after| {
        house.as_person(house.officer, |call| list_sessions(&house.platform, call, None, after, 50)).unwrap()
    };
    let first = page(None);
    assert_eq!(first.sessions.iter().map(|one| one.id).collect::<Vec<_>>(), [here.id]);
    let next = first.next.expect("two thousand were looked at, and there are more");
    let second = page(Some(next));
    assert_eq!(
        (second.sessions.iter().map(|one| one.id).collect::<Vec<_>>(), second.next),
        (vec![last.id], None)
    );
}

/// The officer manages accounts of planning.
fn give_planning(house: &House) {
    house.admin(|call| give(call, house.officer, "dinh.administrator", house.planning));
}
