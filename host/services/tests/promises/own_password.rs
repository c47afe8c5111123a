//! Nobody is two people: whoever comes to approve has a password that they chose themselves.

use dinh_access::{Grantee, Term};
use dinh_model::{AccountId, Label, Localized, RequestId};
use dinh_services::accounts::{
    IdentityCheck, NewAccount, NewDelegation, NewGrant, NewPosition, Password, change_password,
    create_account, create_position, give, hand_over, hold, lend, name_head, release_password, set_password,
};

use crate::council::Council;
use crate::house::{GOOD, ask, at_once, give as give_now, give_this, new_account, new_grant, refused};

const TEMPORARY: &str = "mật khẩu tạm thời 7";
const OWN: &str = "thu đông nối tiếp";

/// An administrator who may ask for directors, too, and another director.
fn council() -> Council {
    let council = Council::new();
    let house = &council.house;
    house.admin(|call| give_now(call, house.admin, "dinh.director", house.province));
    council
}

/// An account that the administrator asked for with a password they know, and the director approved.
fn planted(council: &Council) -> AccountId {
    let new = NewAccount {
        must_change: true,
        ..new_account("nguoi-thu-hai", "Người Thứ Hai", council.house.province)
    };
    let made = council.house.admin(|call| create_account(call, new.clone()));
    council.approve(council.director, made.request.unwrap()).unwrap();
    made.id
}

/// The person signs in and chooses a password.
fn choose(council: &Council, account: AccountId, current: &str) {
    let origin = council.house.origin(account);
    change_password(&council.house.platform, &origin, None, &Password::new(current), &Password::new(OWN))
        .unwrap();
}

/// Refused until the person has chosen their own password, then approved.
fn only_after_choosing(council: &Council, account: AccountId, current: &str, ask: &dyn Fn() -> RequestId) {
    let request = ask();
    assert_eq!(refused(council.approve(council.director, request)), "own-password-first");
    choose(council, account, current);
    council.approve(council.director, request).unwrap();
}

#[test]
fn whoever_knows_a_temporary_password_does_not_become_the_second_person_with_it() {
    let council = council();
    let house = &council.house;
    let planted = planted(&council);
    // Signed in as somebody who must change the password: still the administrator.
    assert!(house.sign_in("nguoi-thu-hai", GOOD).unwrap().session.account.must_change_password);
    let ask = || house.admin(|call| ask(call, planted, "dinh.director", house.province));
    only_after_choosing(&council, planted, GOOD, &ask);
    // And from now on nobody sets it again.
    let set = house.as_person(house.admin, |call| set_password(call, planted, &Password::new(GOOD), true));
    assert_eq!(refused(set), "approver-keeps-password");
}

#[test]
fn a_password_that_need_not_be_changed_was_still_chosen_by_somebody_else() {
    let council = council();
    let house = &council.house;
    house.admin(|call| set_password(call, house.officer, &Password::new(TEMPORARY), false));
    let request = house.admin(|call| ask(call, house.officer, "dinh.director", house.planning));
    assert_eq!(refused(council.approve(council.director, request)), "own-password-first");
    // Released while the request waits: the same.
    choose(&council, house.officer, TEMPORARY);
    let temporary = house.admin(|call| release_password(call, house.officer, IdentityCheck::KnownInPerson));
    assert_eq!(refused(council.approve(council.director, request)), "own-password-first");
    let last = house.last().entry;
    assert_eq!((last.action.as_str(), last.detail["rule"].as_str()), ("rule.refused", "own-password-first"));
    choose(&council, house.officer, &temporary.password);
    council.approve(council.director, request).unwrap();
}

#[test]
fn an_account_that_never_had_a_password_does_not_approve() {
    let council = council();
    let house = &council.house;
    let (without, other) = house.admin(|call| {
        let new =
            NewAccount { password: None, ..new_account("trong", "Không Mật Khẩu", house.planning) };
        let without = at_once(call, |call| Ok(create_account(call, new)?.id))?;
        Ok((without, ask(call, without, "dinh.director", house.planning)?))
    });
    assert_eq!(refused(council.approve(council.director, other)), "own-password-first");
    // What approves nothing needs no such care.
    let request = house.admin(|call| ask(call, without, "pci-index.reader", house.planning));
    council.approve(council.director, request).unwrap();
}

#[test]
fn a_position_that_approves_is_held_with_a_password_of_ones_own_only() {
    let council = council();
    let house = &council.house;
    let position = house.admin(|call| {
        let title = Localized::new("Giám đốc Sở", "Director");
        let position = create_position(call, NewPosition { unit: house.planning, title })?;
        let to = Grantee::Position(position);
        give_this(call, NewGrant { to, ..new_grant(house.officer, "dinh.director", house.planning) })?;
        Ok(position)
    });
    let first = planted(&council);
    let ask = || house.admin(|call| hold(call, first, position, Term::ALWAYS, "bổ nhiệm")).unwrap();
    only_after_choosing(&council, first, GOOD, &ask);
}

#[test]
fn a_position_comes_to_approve_only_when_all_who_hold_it_have_their_own_passwords() {
    let council = council();
    let house = &council.house;
    let planted = planted(&council);
    let position = house.admin(|call| {
        let title = Localized::new("Phó Giám đốc", "Deputy director");
        let position = create_position(call, NewPosition { unit: house.planning, title })?;
        at_once(call, |call| hold(call, planted, position, Term::ALWAYS, ""))?;
        Ok(position)
    });
    let ask = || {
        house.admin(|call| {
            let (to, reason) = (Grantee::Position(position), "phân công".into());
            let grant = new_grant(planted, "dinh.director", house.planning);
            Ok(give(call, NewGrant { to, reason, ..grant })?.request.unwrap())
        })
    };
    only_after_choosing(&council, planted, GOOD, &ask);
}

#[test]
fn a_right_to_approve_is_lent_to_whoever_chose_their_own_password() {
    let council = council();
    let house = &council.house;
    let planted = planted(&council);
    let grant = house.admin(|call| give_now(call, council.planner, "dinh.director", house.planning));
    let ask = || {
        let lent = house.as_person(council.planner, |call| {
            let until = Some("2026-03-12T00:00:00Z".parse().unwrap());
            let term = Term { from: call.now(), until };
            let reason = "đi công tác".into();
            lend(call, NewDelegation { borrower: planted, grants: vec![grant], term, reason })
        });
        lent.unwrap().request.unwrap()
    };
    only_after_choosing(&council, planted, GOOD, &ask);
}

#[test]
fn a_head_who_consents_to_delegations_has_their_own_password() {
    let council = council();
    let house = &council.house;
    let first = planted(&council);
    let ask = || {
        house.admin(|call| {
            let made = name_head(call, house.province, first, Label::Ordinary, "bổ nhiệm")?;
            Ok(made.request.unwrap())
        })
    };
    only_after_choosing(&council, first, GOOD, &ask);
    // By a hand-over, too.
    let second = house.admin(|call| {
        let new = NewAccount {
            must_change: true,
            ..new_account("ke-nhiem", "Người Kế Nhiệm", house.province)
        };
        at_once(call, |call| Ok(create_account(call, new)?.id))
    });
    let ask =
        || house.admin(|call| Ok(hand_over(call, house.province, second, "bàn giao")?.request.unwrap()));
    only_after_choosing(&council, second, GOOD, &ask);
}
