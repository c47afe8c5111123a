//! Rolls: lists that are narrowed and paged hold what the plain lists hold, no more and no less.

use dinh_access::Grantee;
use dinh_model::{AccountId, UnitId};
use dinh_services::accounts::{
    AccountState, EvidenceFilter, GrantFilter, PeopleFilter, count_people, evidence, find_grants,
    list_accounts, list_grants, list_people, search_evidence, suspend, withdraw,
};

use crate::house::{House, account, denied, give};

/// Forty people in planning and finance, of whom `head` administers planning only.
fn crowd() -> (House, AccountId) {
    let house = House::new();
    let operator = house.origin(house.admin).as_operator();
    let head = house.platform.perform(&operator, |call| {
        for number in 0..20 {
            account(call, &format!("kh{number:02}"), &format!("Đỗ Văn {number:02}"), house.planning)?;
            account(call, &format!("tc{number:02}"), &format!("An Thị {number:02}"), house.finance)?;
        }
        let head = account(call, "truong-skhdt", "Lê Thị Trưởng", house.planning)?;
        give(call, head, "dinh.administrator", house.planning)?;
        Ok(head)
    });
    (house, head.unwrap())
}

fn roll(house: &House, who: AccountId, filter: &PeopleFilter, limit: usize) -> Vec<String> {
    let (mut logins, mut after) = (Vec::new(), None);
    loop {
        let page = house.as_person(who, |call| list_people(call, filter, after, limit)).unwrap();
        assert!(page.accounts.len() <= limit);
        logins.extend(page.accounts.into_iter().map(|account| account.login));
        after = page.next;
        if after.is_none() {
            return logins;
        }
    }
}

#[test]
fn the_roll_holds_everybody_one_manages_by_name_whatever_the_size_of_its_pages() {
    let (house, head) = crowd();
    for who in [house.admin, head] {
        let plain = house.as_person(who, |call| list_accounts(call, None, None, 1_000)).unwrap();
        let mut plain: Vec<_> = plain.accounts.into_iter().collect();
        plain.sort_by_key(|account| (dinh_model::text::sort_key(&account.full_name), account.id));
        let plain: Vec<_> = plain.into_iter().map(|account| account.login).collect();
        for limit in [1, 7, 1_000] {
            assert_eq!(roll(&house, who, &PeopleFilter::default(), limit), plain);
        }
    }
    denied(house.as_person(house.officer, |call| list_people(call, &PeopleFilter::default(), None, 10)));
}

#[test]
fn the_roll_is_narrowed_by_words_unit_and_state() {
    let (house, head) = crowd();
    let some = |words: &str, unit: Option<UnitId>, state| {
        let filter = PeopleFilter { words: words.to_owned(), unit, state };
        roll(&house, house.admin, &filter, 7)
    };
    assert_eq!(some("do 07", None, None), ["kh07"]);
    assert_eq!(some("TC1", None, None).len(), 10, "by login");
    assert_eq!(some("van", Some(house.finance), None), Vec::<String>::new());
    assert_eq!(some("", Some(house.finance), None).len(), 20);
    house.admin(|call| suspend(call, head, "Nghỉ dài ngày"));
    assert_eq!(some("", None, Some(AccountState::Suspended)), ["truong-skhdt"]);
    assert_eq!(house.admin(|call| count_people(call, AccountState::Suspended)), 1);
    let active = some("", None, Some(AccountState::Active)).len();
    assert_eq!(house.admin(|call| count_people(call, AccountState::Active)), active);
}

#[test]
fn the_roll_of_grants_is_the_list_turned_round() {
    let (house, head) = crowd();
    for who in [house.admin, head] {
        let mut plain: Vec<_> =
            house.as_person(who, list_grants).unwrap().into_iter().map(|grant| grant.id).collect();
        plain.reverse();
        let (mut found, mut before) = (Vec::new(), None);
        loop {
            let filter = GrantFilter::default();
            let page = house.as_person(who, |call| find_grants(call, &filter, before, 1)).unwrap();
            found.extend(page.grants.into_iter().map(|grant| grant.id));
            before = page.next;
            if before.is_none() {
                break;
            }
        }
        assert_eq!(found, plain);
    }
    denied(house.as_person(house.officer, |call| find_grants(call, &GrantFilter::default(), None, 9)));
}

#[test]
fn the_roll_of_grants_is_narrowed_by_whom_where_and_whether_they_stand() {
    let (house, head) = crowd();
    let some = |filter: GrantFilter| {
        let page = house.admin(|call| find_grants(call, &filter, None, 100));
        page.grants.into_iter().map(|grant| grant.to).collect::<Vec<_>>()
    };
    let any = GrantFilter::default;
    let (admin, head_grant) = (Grantee::Account(house.admin), Grantee::Account(head));
    assert_eq!(some(GrantFilter::to_account(head)), [head_grant]);
    assert_eq!(some(GrantFilter { unit: Some(house.planning), ..any() }), [head_grant]);
    assert_eq!(some(GrantFilter { reaching: Some(house.finance), ..any() }), [admin]);
    assert_eq!(some(GrantFilter { reaching: Some(house.planning), ..any() }), [head_grant, admin]);
    assert_eq!(some(GrantFilter { role: Some("dinh.nobody".parse().unwrap()), ..any() }), []);
    let grant =
        house.admin(|call| find_grants(call, &GrantFilter::to_account(head), None, 1)).grants.remove(0);
    house.admin(|call| withdraw(call, grant.id, "Rà soát"));
    assert_eq!(some(GrantFilter { in_force: Some(true), ..any() }), [admin]);
    assert_eq!(some(GrantFilter { in_force: Some(false), ..any() }), [head_grant]);
}

#[test]
fn a_search_of_the_evidence_without_a_filter_is_the_evidence_turned_round() {
    let (house, head) = crowd();
    for who in [house.admin, head] {
        let plain = house.as_person(who, |call| evidence(call, Some(0), 10_000)).unwrap();
        let mut plain: Vec<_> = plain.into_iter().map(|recorded| recorded.index).collect();
        plain.reverse();
        let (mut found, mut before) = (Vec::new(), None);
        loop {
            let filter = EvidenceFilter::default();
            let page = house.as_person(who, |call| search_evidence(call, &filter, before, 7)).unwrap();
            found.extend(page.entries.into_iter().map(|recorded| recorded.index));
            before = page.next;
            if before.is_none() {
                break;
            }
        }
        assert_eq!(found, plain);
    }
    let filter = EvidenceFilter::default();
    denied(house.as_person(house.officer, |call| search_evidence(call, &filter, None, 9)));
}

#[test]
fn a_search_of_the_evidence_is_narrowed_by_person_deed_and_day() {
    let (house, head) = crowd();
    house.admin(|call| suspend(call, head, "Nghỉ dài ngày"));
    let today = house.read(|call| call.today());
    let some = |filter: EvidenceFilter| {
        let page = house.admin(|call| search_evidence(call, &filter, None, 100));
        page.entries.into_iter().map(|recorded| recorded.entry.action).collect::<Vec<_>>()
    };
    let of_head = EvidenceFilter { account: Some(head), ..EvidenceFilter::default() };
    assert_eq!(some(of_head.clone()), ["account.suspended", "grant.given", "account.created"]);
    assert_eq!(some(EvidenceFilter { action: "grant.".into(), ..of_head.clone() }), ["grant.given"]);
    let yesterday = today.yesterday().unwrap();
    assert_eq!(some(EvidenceFilter { until: Some(yesterday), ..of_head.clone() }), Vec::<String>::new());
    assert_eq!(some(EvidenceFilter { from: Some(today), ..of_head.clone() }).len(), 3);
    let through = Some("pci-index".parse().unwrap());
    assert_eq!(some(EvidenceFilter { plugin: through, ..of_head }), Vec::<String>::new());
}
