//! What ends with a suspension, a released password and a closed account.

use dinh_access::{Grantee, Term};
use dinh_model::{AccountId, GrantId, Localized};
use dinh_services::accounts::{
    Closing, IdentityCheck, MadeToken, NewDelegation, NewPosition, NewToken, Password, RequestState,
    activate, close, closing, create_position, delegations_of, end_unit, get_grant, get_request, grants_to,
    held_by, hold, lend, lenders, list_tokens, make_token, release_password, set_password, suspend,
};

use crate::council::Council;
use crate::house::{GOOD, House, account, ask, at_once, give, refused};

/// An access token of somebody who has the usual password.
pub fn token_of(house: &House, of: AccountId) -> MadeToken {
    let new = NewToken {
        name: "báo cáo tuần".into(),
        plugins: vec!["pci-index".parse().unwrap()],
        permissions: Vec::new(),
        read_only: true,
        expires: "2026-06-01T00:00:00Z".parse().unwrap(),
    };
    make_token(&house.platform, &house.origin(of), &Password::new(GOOD), &new).unwrap()
}

#[test]
fn access_tokens_end_with_a_password_set_by_another_and_with_a_suspension_and_stay_so() {
    let house = House::new();
    type Deed = fn(&mut dinh_services::Call, AccountId) -> Result<(), dinh_services::ServiceError>;
    let deeds: [(&str, Deed); 3] = [
        ("account.suspended", |call, id| suspend(call, id, "nghỉ")),
        ("password.released", |call, id| release_password(call, id, IdentityCheck::StaffCard).map(drop)),
        ("password.set", |call, id| set_password(call, id, &Password::new(GOOD), false)),
    ];
    for (action, deed) in deeds {
        let token = token_of(&house, house.officer);
        house.platform.session(&token.token).unwrap();
        house.admin(|call| deed(call, house.officer));
        let entry = house.last().entry;
        assert_eq!((entry.action.as_str(), entry.detail["tokens-revoked"].as_str()), (action, "1"));
        house.admin(|call| activate(call, house.officer));
        assert!(house.platform.session(&token.token).is_err(), "{action}");
        assert_eq!(house.admin(|call| list_tokens(call, house.officer)), []);
        house.admin(|call| set_password(call, house.officer, &Password::new(GOOD), false));
    }
    assert_eq!(house.actions().iter().filter(|action| *action == "token.revoked").count(), 3);
}

/// The officer with all that somebody can have.
fn with_everything(council: &Council) -> (Closing, GrantId) {
    let house = &council.house;
    let until = Some("2026-05-01T00:00:00Z".parse().unwrap());
    let (own, position, lent) = house.admin(|call| {
        let own = give(call, house.officer, "pci-index.reader", house.planning)?;
        give(call, house.officer, "dinh.grant-administrator", house.planning)?;
        let title = Localized::new("Chuyên viên", "Officer");
        let position = create_position(call, NewPosition { unit: house.planning, title })?;
        at_once(call, |call| hold(call, house.officer, position, Term::ALWAYS, ""))?;
        let other = account(call, "ba-skhdt", "Lê Thị Ba", house.planning)?;
        let lent = give(call, other, "pci-index.reader", house.planning)?;
        Ok((own, position, (other, lent)))
    });
    let loan = |from: AccountId, to: AccountId, grant| {
        let term = Term { from: "2026-03-02T01:00:00Z".parse().unwrap(), until };
        let new = NewDelegation { borrower: to, grants: vec![grant], term, reason: "đi công tác".into() };
        let request = house.as_person(from, |call| lend(call, new.clone())).unwrap().request.unwrap();
        council.approve(council.director, request).unwrap();
    };
    loan(house.officer, council.planner, own);
    loan(lent.0, house.officer, lent.1);
    // What they asked for, and what was asked for about them.
    let made = house.as_person(house.officer, |call| ask(call, lent.0, "pci-index.reader", house.planning));
    let about = house.admin(|call| ask(call, house.officer, "pci-index.reader", house.finance));
    token_of(house, house.officer);
    let shown = house.admin(|call| closing(call, house.officer));
    assert_eq!(shown.positions, [position]);
    assert_eq!(shown.requests.len(), 2);
    assert!(shown.requests.contains(&made.unwrap()) && shown.requests.contains(&about));
    assert_eq!((shown.grants.len(), shown.delegations.len(), shown.tokens), (2, 2, 1));
    (shown, own)
}

#[test]
fn with_a_closed_account_ends_all_that_it_had_in_one_change_as_was_shown_before() {
    let council = Council::new();
    let house = &council.house;
    let (shown, own) = with_everything(&council);
    assert!(!house.as_person(council.planner, |call| lenders(call)).unwrap().is_empty());
    let before = house.seq();
    house.admin(|call| close(call, house.officer, "nghỉ hưu"));
    assert_eq!(house.seq(), before + 1, "one change");
    let detail = house.last().entry.detail;
    let counts =
        ["grants-ended", "positions-ended", "delegations-ended", "requests-withdrawn", "tokens-revoked"]
            .map(|name| detail[name].as_str());
    assert_eq!(counts, ["2", "1", "2", "2", "1"]);
    let granted = house.admin(|call| grants_to(call, Grantee::Account(house.officer)));
    assert!(granted.iter().all(|grant| grant.withdrawn.is_some()));
    let ended = house.read(|call| get_grant(call, own).unwrap().withdrawn.unwrap());
    assert_eq!((ended.by, ended.reason.as_str()), (Some(house.admin), "nghỉ hưu"));
    assert_eq!(house.read(|call| held_by(call, house.officer).unwrap()), []);
    let loans = house.as_person(council.director, |call| delegations_of(call, house.officer)).unwrap();
    assert!(loans.iter().all(|loan| loan.ended.is_some()));
    assert!(house.as_person(council.planner, |call| lenders(call)).unwrap().is_empty());
    for request in shown.requests {
        let state = house.as_person(council.director, |call| get_request(call, request)).unwrap().state;
        assert!(matches!(state, RequestState::Withdrawn(_)), "{state:?}");
    }
    // Nothing of theirs holds the unit up any more.
    house.admin(|call| {
        let other = dinh_services::accounts::find_account(call, "ba-skhdt")?.unwrap().id;
        for leaver in [other, council.planner] {
            at_once(call, |call| close(call, leaver, "sáp nhập"))?;
        }
        Ok(())
    });
    house.admin(|call| end_unit(call, house.planning, "2026-03-03".parse().unwrap()));
}

#[test]
fn nobody_is_shown_what_would_end_who_could_not_close_it() {
    let council = Council::new();
    let house = &council.house;
    let local = house.admin(|call| {
        let local = account(call, "tk-skhdt", "Tài Khoản Sở", house.planning)?;
        give(call, local, "dinh.account-administrator", house.planning)?;
        Ok(local)
    });
    assert_eq!(refused(house.as_person(local, |call| closing(call, council.planner))), "outranked");
    house.as_person(local, |call| closing(call, house.officer)).unwrap();
}
