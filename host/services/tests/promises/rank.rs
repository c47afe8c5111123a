//! Nobody gets hold of an account that may do more than they may.

use dinh_access::{Grantee, Term};
use dinh_model::{AccountId, Actor, Label, Language, Localized};
use dinh_services::ServiceError;
use dinh_services::accounts::{
    AccountChange, AccountState, IdentityCheck, NewAccount, NewDelegation, NewPosition, Password, activate,
    approve, close, create_account, create_position, get_account, hold, lend, name_head, release_password,
    reset_second_factor, set_password, suspend, transfer, update_account,
};

use crate::council::Council;
use crate::house::{GOOD, House, account, at_once, denied, give, give_this, invalid, new_grant, refused};

const CHECK: IdentityCheck = IdentityCheck::StaffCard;

/// What somebody who wants to be another tries: each way in, and each way out.
fn attempts(
    house: &House,
    actor: &Actor,
    target: AccountId,
) -> Vec<(&'static str, Result<(), ServiceError>)> {
    let origin = house.platform.origin(actor.clone(), Language::Vi);
    let perform = |deed: &dyn Fn(&mut dinh_services::Call) -> Result<(), ServiceError>| {
        house.platform.perform(&origin, |call| deed(call))
    };
    let password = Password::new("thu đông nối nhau");
    vec![
        ("set", perform(&|call| set_password(call, target, &password, false))),
        ("release", perform(&|call| release_password(call, target, CHECK).map(drop))),
        ("reset", perform(&|call| reset_second_factor(call, target, CHECK).map(drop))),
        ("suspend", perform(&|call| suspend(call, target, ""))),
        ("close", perform(&|call| close(call, target, ""))),
    ]
}

fn all_refused(house: &House, actor: AccountId, target: AccountId, by: &[&str]) {
    let before = house.read(|call| get_account(call, target).unwrap());
    for (what, result) in attempts(house, &Actor::person(actor), target) {
        let rule = refused(result);
        assert!(by.contains(&rule), "{what}: {rule}");
    }
    assert_eq!(house.read(|call| get_account(call, target).unwrap()), before);
    house.sign_in(&before.login, GOOD).unwrap();
}

/// An account administrator of planning, where somebody who administers the province has their account.
fn local(house: &House) -> (AccountId, AccountId) {
    house.admin(|call| {
        let local = account(call, "tk-skhdt", "Tài Khoản Sở", house.planning)?;
        give(call, local, "dinh.account-administrator", house.planning)?;
        let high = account(call, "cao-skhdt", "Quản Trị Tỉnh", house.planning)?;
        give(call, high, "dinh.administrator", house.province)?;
        Ok((local, high))
    })
}

#[test]
fn an_account_administrator_of_one_unit_does_not_take_over_whoever_administers_the_province() {
    let house = House::new();
    let (local, high) = local(&house);
    all_refused(&house, local, high, &["outranked"]);
    let entry = house.evidence().into_iter().rev().find(|it| it.entry.action == "rule.refused").unwrap();
    assert_eq!(entry.entry.subject, format!("account:{high}"));
    // Who has as much does all of it.
    let (done, results) = (house.admin, attempts(&house, &Actor::person(house.admin), high));
    assert!(results.into_iter().all(|(_, result)| result.is_ok()), "{done}");
    // And for whoever administers nothing, the account administrator of their unit is enough.
    let results = attempts(&house, &Actor::person(local), house.officer);
    assert!(results.into_iter().all(|(_, result)| result.is_ok()));
}

#[test]
fn what_is_missing_and_where_is_said() {
    let house = House::new();
    let (local, high) = local(&house);
    let result = house.as_person(local, |call| release_password(call, high, CHECK));
    let Err(ServiceError::Refused(refusal)) = result else { panic!("{result:?}") };
    assert!(refusal.text.vi.contains("“Quản lý đơn vị” tại “Tỉnh Lào Cai”"), "{}", refusal.text.vi);
    assert!(refusal.text.en.contains("ask somebody who has it"), "{}", refusal.text.en);
}

#[test]
fn rights_that_come_by_position_by_delegation_later_or_while_suspended_count() {
    let house = House::new();
    let (local, high) = local(&house);
    let later = Term { from: "2026-05-01T00:00:00Z".parse().unwrap(), until: None };
    let (positioned, borrower, future, over) = house.admin(|call| {
        let people =
            ["chucvu", "muon", "sau", "truoc"].map(|login| account(call, login, "Một Người", house.planning));
        let [positioned, borrower, future, over] = people.map(Result::unwrap);
        let title = Localized::new("Chánh Văn phòng", "Chief of office");
        let position = create_position(call, NewPosition { unit: house.planning, title })?;
        let mut grant = new_grant(positioned, "dinh.administrator", house.province);
        grant.to = Grantee::Position(position);
        give_this(call, grant)?;
        at_once(call, |call| hold(call, positioned, position, Term::ALWAYS, ""))?;
        let mut grant = new_grant(future, "dinh.administrator", house.province);
        grant.term = later;
        give_this(call, grant)?;
        let mut grant = new_grant(over, "dinh.administrator", house.province);
        grant.term.until = Some("2026-03-02T01:00:01Z".parse().unwrap());
        give_this(call, grant)?;
        Ok((positioned, borrower, future, over))
    });
    let grant = house.admin(|call| give(call, high, "dinh.grant-administrator", house.province));
    let until = Some("2026-04-01T00:00:00Z".parse().unwrap());
    let term = Term { from: "2026-03-20T00:00:00Z".parse().unwrap(), until };
    let lent = house.as_person(high, |call| {
        let reason = "đi công tác".into();
        lend(call, NewDelegation { borrower, grants: vec![grant], term, reason })
    });
    let request = lent.unwrap().request.unwrap();
    house.admin(|call| at_once(call, |call| approve(call, request)));
    house.clock.advance(std::time::Duration::from_secs(2));
    for target in [positioned, borrower, future] {
        all_refused(&house, local, target, &["outranked"]);
    }
    house.admin(|call| suspend(call, high, ""));
    for (what, result) in attempts(&house, &Actor::person(local), high).into_iter().take(3) {
        assert_eq!(refused(result), "outranked", "{what}");
    }
    assert_eq!(refused(house.as_person(local, |call| activate(call, high))), "outranked");
    house.admin(|call| activate(call, high));
    // What is over protects nobody.
    house.as_person(local, |call| release_password(call, over, CHECK)).unwrap();
}

#[test]
fn a_right_up_to_a_higher_label_outranks_the_same_right_up_to_a_lower_one() {
    let house = House::new();
    let secret = house.admin(|call| {
        let new = crate::council::secret("mat", house.province);
        let id = at_once(call, |call| Ok(create_account(call, new)?.id))?;
        let mut grant = new_grant(id, "dinh.administrator", house.province);
        grant.label = Label::Confidential;
        give_this(call, grant)?;
        Ok(id)
    });
    // The account itself is above what the administrator manages.
    denied(house.as_person(house.admin, |call| release_password(call, secret, CHECK)));
    // Nor does whoever manages it where it lies take its label from it.
    let local = house.admin(|call| {
        let new = NewAccount { login: "tk-mat".into(), ..crate::council::secret("", house.planning) };
        let local = at_once(call, |call| Ok(create_account(call, new)?.id))?;
        let mut grant = new_grant(local, "dinh.account-administrator", house.planning);
        grant.label = Label::Confidential;
        give_this(call, grant)?;
        at_once(call, |call| transfer(call, secret, house.planning, ""))?;
        let mut grant = new_grant(secret, "dinh.administrator", house.province);
        grant.label = Label::Confidential;
        give_this(call, grant)?;
        Ok(local)
    });
    let lower = AccountChange { clearance: Some(Label::Ordinary), ..AccountChange::default() };
    let lowered = house.as_person(local, |call| update_account(call, secret, lower.clone()));
    assert_eq!(refused(lowered), "outranked");
}

#[test]
fn whoever_approves_is_stopped_by_who_manages_all_they_reach_and_let_back_in_by_break_glass_only() {
    let council = Council::new();
    let house = &council.house;
    let (local, _) = local(house);
    house.admin(|call| at_once(call, |call| transfer(call, council.director, house.planning, "")));
    // A director of the province is not for a department's account administrator.
    house.admin(|call| give(call, council.director, "dinh.director", house.province));
    all_refused(house, local, council.director, &["outranked", "approver-keeps-password"]);
    // The province's administrator stops the director at once, gets in by nothing, and does not end the account.
    for (what, result) in attempts(house, &Actor::person(house.admin), council.director) {
        match what {
            "suspend" => result.unwrap(),
            "close" => assert_eq!(refused(result), "outranked"),
            _ => assert_eq!(refused(result), "approver-keeps-password", "{what}"),
        }
    }
    let state = house.read(|call| get_account(call, council.director).unwrap().state);
    assert_eq!(state, AccountState::Suspended);
    let operator = house.platform.origin(Actor::Public, Language::Vi).as_operator();
    house.platform.perform(&operator, |call| activate(call, council.director)).unwrap();
    house
        .platform
        .perform(&operator, |call| release_password(call, council.director, CHECK).map(drop))
        .unwrap();
}

#[test]
fn a_head_is_not_taken_over_by_an_account_administrator_of_the_unit() {
    let council = Council::new();
    let house = &council.house;
    let (local, _) = local(house);
    house.admin(|call| {
        at_once(call, |call| name_head(call, house.planning, house.officer, Label::Ordinary, ""))
    });
    all_refused(house, local, house.officer, &["outranked", "head-hands-over-first"]);
}

#[test]
fn a_borrower_does_not_take_over_their_own_lender() {
    let council = Council::new();
    let house = &council.house;
    let grant = house.admin(|call| give(call, house.admin, "dinh.administrator", house.province));
    let lent = house.admin(|call| {
        let until = Some("2026-03-09T00:00:00Z".parse().unwrap());
        let term = Term { from: call.now(), until };
        let reason = "đi công tác".into();
        lend(call, NewDelegation { borrower: house.officer, grants: vec![grant], term, reason })
    });
    council.approve(council.director, lent.request.unwrap()).unwrap();
    let behalf = Actor::Person { account: house.officer, on_behalf_of: Some(house.admin) };
    for (what, result) in attempts(house, &behalf, house.admin) {
        assert_eq!(refused(result), "not-to-the-lender", "{what}");
    }
    // What was lent is used for everybody else.
    let other = house.admin(|call| account(call, "khac", "Người Khác", house.finance));
    assert!(attempts(house, &behalf, other).into_iter().all(|(_, result)| result.is_ok()));
}

#[test]
fn nobody_sets_their_own_password_without_knowing_it() {
    let house = House::new();
    let own = house.as_person(house.admin, |call| {
        set_password(call, house.admin, &Password::new("xuân hạ thu đông"), false)
    });
    assert!(invalid(own).contains("their own"));
    house.sign_in("quantri", GOOD).unwrap();
}
