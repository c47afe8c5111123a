//! Lists show what the actor may see: never refused for what is not theirs, never wider than the check.

use dinh_access::Grantee;
use dinh_model::{AccountId, UnitId};
use dinh_services::accounts::{self, evidence, list_accounts, list_grants};

use crate::house::{House, account, denied, give};

/// A second root with an account of its own, and a head who administers planning only.
fn with_another_root() -> (House, UnitId, AccountId, AccountId) {
    let house = House::new();
    let other = house.another_root("nl", "Tỉnh khác");
    let operator = house.origin(house.admin).as_operator();
    let built = house.platform.perform(&operator, |call| {
        let theirs = account(call, "binh-nl", "Lê Văn Bình", other)?;
        give(call, theirs, "dinh.administrator", other)?;
        let head = account(call, "truong-skhdt", "Lê Thị Trưởng", house.planning)?;
        give(call, head, "dinh.administrator", house.planning)?;
        Ok((theirs, head))
    });
    let (theirs, head) = built.unwrap();
    (house, other, theirs, head)
}

fn logins(house: &House, who: AccountId, unit: Option<UnitId>) -> Vec<String> {
    let page = house.as_person(who, |call| list_accounts(call, unit, None, 100)).unwrap();
    page.accounts.into_iter().map(|account| account.login).collect()
}

#[test]
fn another_root_takes_nothing_away_from_who_administers_one() {
    let (house, other, theirs, head) = with_another_root();
    assert_eq!(logins(&house, house.admin, None), ["quantri", "an-skhdt", "truong-skhdt"]);
    assert_eq!(logins(&house, theirs, None), ["binh-nl"]);
    assert_eq!(logins(&house, head, None), ["an-skhdt", "truong-skhdt"]);
    // A unit above one's own: one's own part of it. A unit with nothing of one's own: the reason.
    assert_eq!(logins(&house, head, Some(house.province)), ["an-skhdt", "truong-skhdt"]);
    denied(house.as_person(head, |call| list_accounts(call, Some(other), None, 100)));
    denied(house.as_person(house.officer, |call| list_accounts(call, None, None, 100)));
    denied(house.as_person(house.officer, list_grants));
    denied(house.as_person(house.officer, |call| evidence(call, None, 10)));
}

#[test]
fn grants_are_listed_by_whom_and_where_they_reach() {
    let (house, _, theirs, head) = with_another_root();
    let holders = |who| {
        let grants = house.as_person(who, list_grants).unwrap();
        let standing = grants.into_iter().filter(|grant| grant.withdrawn.is_none());
        standing.map(|grant| grant.to).collect::<Vec<_>>()
    };
    let of = Grantee::Account;
    assert_eq!(holders(house.admin), [of(house.admin), of(head)]);
    assert_eq!(holders(head), [of(head)]);
    assert_eq!(holders(theirs), [of(theirs)]);
    // Given to somebody of planning by the other root: both may see it.
    let operator = house.origin(house.admin).as_operator();
    let away = house.platform.perform(&operator, |call| {
        let root = accounts::find_unit(call, "nl")?.unwrap().id;
        give(call, house.officer, "dinh.administrator", root)
    });
    away.unwrap();
    assert_eq!(holders(head), [of(head), of(house.officer)]);
    assert_eq!(holders(theirs), [of(theirs), of(house.officer)]);
}

#[test]
fn evidence_is_listed_by_the_units_it_concerns_from_either_end() {
    let (house, other, theirs, head) = with_another_root();
    house.as_person(theirs, |call| accounts::rename_unit(call, other, "Tên khác")).unwrap();
    house.as_person(head, |call| accounts::suspend(call, house.officer, "")).unwrap();
    let actions = |who, from, limit| {
        let entries = house.as_person(who, |call| evidence(call, from, limit)).unwrap();
        entries.into_iter().map(|it| it.entry.action).collect::<Vec<_>>()
    };
    assert_eq!(actions(theirs, None, 1), ["unit.renamed"]);
    assert!(!actions(theirs, None, 100).contains(&"account.suspended".to_owned()));
    let planning = actions(head, None, 100);
    assert!(!planning.contains(&"unit.renamed".to_owned()), "{planning:?}");
    assert_eq!(actions(head, Some(0), 100), planning);
    assert_eq!(planning.last().unwrap(), "account.suspended");
    assert_eq!(actions(head, Some(0), 1), planning.get(..1).unwrap());
    // The owner of the folder sees everything, in as many entries as were asked for.
    let operator = house.origin(house.admin).as_operator();
    let all = house.platform.perform(&operator, |call| evidence(call, Some(2), 3)).unwrap();
    assert_eq!(all.iter().map(|it| it.index).collect::<Vec<_>>(), [2, 3, 4]);
}
