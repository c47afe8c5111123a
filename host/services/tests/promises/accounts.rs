//! Accounts: given once, changed, suspended, closed, found.

use dinh_model::Label;
use dinh_services::ServiceError;
use dinh_services::accounts::{
    AccountChange, AccountState, activate, close, create_account, find_account, get_account, list_accounts,
    search_people, suspend, transfer, update_account,
};
use dinh_services::permissions::ACCOUNT_MANAGE;

use crate::house::{House, account, at_once, denied, give, invalid, new_account, new_grant, ruled};

#[test]
fn a_login_belongs_to_one_person_for_ever() {
    let house = House::new();
    let take =
        |login: &str| house.as_person(house.admin, |call| account(call, login, "Lê Văn Bình", house.finance));
    assert!(matches!(take("AN-SKHDT"), Err(ServiceError::Exists { .. })));
    house.admin(|call| close(call, house.officer, "nghỉ hưu"));
    assert!(matches!(take("an-skhdt"), Err(ServiceError::Exists { .. })), "a closed account keeps its login");
    let found = house.read(|call| find_account(call, " An-SKHDT ").unwrap().unwrap());
    assert_eq!((found.id, found.state), (house.officer, AccountState::Closed));
}

#[test]
fn an_account_is_managed_only_by_whoever_manages_its_unit() {
    let house = House::new();
    let head = house.admin(|call| {
        let head = account(call, "truong-skhdt", "Lê Thị Trưởng", house.planning)?;
        give(call, head, "dinh.administrator", house.planning)?;
        Ok(head)
    });
    let ask = |login: &str, unit| {
        house.as_person(head, |call| create_account(call, new_account(login, "Lê Văn Bình", unit)))
    };
    ask("binh-skhdt", house.planning).unwrap();
    denied(ask("binh-stc", house.finance));
    denied(house.as_person(head, |call| suspend(call, house.admin, "")));
    denied(house.as_person(head, |call| update_account(call, house.admin, AccountChange::default())));
    house.as_person(head, |call| suspend(call, house.officer, "")).unwrap();
}

#[test]
fn nobody_clears_others_for_more_than_their_own_right_reaches() {
    let house = House::new();
    let mut secret = new_account("mat", "Vũ Thị Mật", house.planning);
    secret.clearance = Label::Confidential;
    let text = denied(house.as_person(house.admin, |call| create_account(call, secret.clone())));
    assert!(text.contains("Mật"), "{text}");
    let raise = AccountChange { clearance: Some(Label::Confidential), ..AccountChange::default() };
    denied(house.as_person(house.admin, |call| update_account(call, house.officer, raise.clone())));
}

#[test]
fn an_account_needs_a_unit_of_today_a_proper_login_and_a_name() {
    let house = House::new();
    let create = |login: &str, name: &str| {
        house.as_person(house.admin, |call| account(call, login, name, house.planning))
    };
    assert!(invalid(create("nguyễn văn", "Nguyễn Văn")).contains("login"));
    assert!(invalid(create("nva", " ")).contains("name"));
    let nowhere = house.as_person(house.admin, |call| account(call, "nva", "Nguyễn", dinh_model::UnitId(99)));
    assert!(matches!(nowhere, Err(ServiceError::NotFound { .. })));
    house.admin(|call| dinh_services::accounts::end_unit(call, house.finance, "2026-03-01".parse().unwrap()));
    let late = house.as_person(house.admin, |call| account(call, "nva", "Nguyễn", house.finance));
    assert!(ruled(late).contains("not in its term"));
}

#[test]
fn a_suspended_account_has_no_rights_from_the_commit_on_and_has_them_again_when_activated() {
    let house = House::new();
    let head = house.admin(|call| {
        let head = account(call, "truong-skhdt", "Lê Thị Trưởng", house.planning)?;
        give(call, head, "dinh.administrator", house.planning)?;
        Ok(head)
    });
    assert!(house.may(head, &ACCOUNT_MANAGE, house.planning));
    house.admin(|call| suspend(call, head, "đang bị kiểm tra"));
    assert!(!house.may(head, &ACCOUNT_MANAGE, house.planning));
    let entry = house.last().entry;
    assert_eq!((entry.action.as_str(), entry.subject), ("account.suspended", format!("account:{head}")));
    assert!(!entry.detail.values().any(|value| value.contains("kiểm tra")), "free text stays out");
    house.admin(|call| activate(call, head));
    assert!(house.may(head, &ACCOUNT_MANAGE, house.planning));
}

#[test]
fn a_closed_account_stays_closed() {
    let house = House::new();
    house.admin(|call| close(call, house.officer, ""));
    assert!(ruled(house.as_person(house.admin, |call| activate(call, house.officer))).contains("for good"));
    assert!(
        ruled(house.as_person(house.admin, |call| suspend(call, house.officer, ""))).contains("for good")
    );
    let grant = house.as_person(house.admin, |call| {
        dinh_services::accounts::give(call, new_grant(house.officer, "dinh.administrator", house.planning))
    });
    assert!(ruled(grant).contains("closed"));
}

#[test]
fn people_are_found_without_case_and_diacritics_within_a_unit_by_name() {
    let house = House::new();
    house.admin(|call| {
        account(call, "anh-stc", "Đặng Thị Ánh", house.finance)?;
        account(call, "an-stc", "Nguyễn Thị An", house.finance)?;
        account(call, "zzz", "Ăn Uống", house.planning)?;
        Ok(())
    });
    let find = |words: &str, unit, limit| {
        let people = house.read(|call| search_people(call, words, unit, limit).unwrap());
        (people.accounts.into_iter().map(|account| account.full_name).collect::<Vec<_>>(), people.more)
    };
    let own = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<String>>();
    assert_eq!(find("NGUYEN an", None, 10), (own(&["Nguyễn Thị An", "Nguyễn Văn An"]), false));
    assert_eq!(find("nguyễn", Some(house.finance), 10), (own(&["Nguyễn Thị An"]), false));
    assert_eq!(find("dang", Some(house.province), 10), (own(&["Đặng Thị Ánh"]), false));
    assert_eq!(find("stc", None, 1), (own(&["Đặng Thị Ánh"]), true), "logins count; đ comes before n");
    assert_eq!(find("không có ai", None, 10), (own(&[]), false));
    assert_eq!(find("", Some(house.planning), 10).0, ["Ăn Uống", "Nguyễn Văn An"]);
}

#[test]
fn a_person_who_was_renamed_or_moved_is_found_by_the_new_name_only() {
    let house = House::new();
    let change = AccountChange { full_name: Some("Trần Bách".into()), ..AccountChange::default() };
    house.admin(|call| update_account(call, house.officer, change.clone()));
    house.admin(|call| at_once(call, |call| transfer(call, house.officer, house.finance, "")));
    let names = |words: &str| house.read(|call| search_people(call, words, None, 10).unwrap().accounts.len());
    assert_eq!((names("tran bach"), names("nguyen")), (1, 0));
    assert_eq!(house.read(|call| get_account(call, house.officer).unwrap().unit), house.finance);
    let seq = house.seq();
    house.admin(|call| update_account(call, house.officer, change.clone()));
    assert_eq!(house.seq(), seq, "what changes nothing writes nothing");
    house.admin(|call| close(call, house.officer, ""));
    assert_eq!(names("tran bach"), 0, "closed accounts are not shown");
}

#[test]
fn the_list_of_accounts_is_for_those_who_manage_them_and_has_no_gap() {
    let house = House::new();
    house.admin(|call| {
        for number in 0..7 {
            account(call, &format!("nv{number}"), "Nhân Viên", house.planning)?;
        }
        Ok(())
    });
    let mut seen = Vec::new();
    let mut after = None;
    loop {
        let page = house.admin(|call| list_accounts(call, Some(house.planning), after, 3));
        assert!(page.accounts.len() <= 3);
        seen.extend(page.accounts.into_iter().map(|account| account.login));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(seen, ["an-skhdt", "nv0", "nv1", "nv2", "nv3", "nv4", "nv5", "nv6"]);
    denied(house.as_person(house.officer, |call| list_accounts(call, Some(house.planning), None, 3)));
}

#[test]
fn evidence_of_an_account_holds_numbers_and_no_personal_value() {
    let house = House::new();
    let all = house.evidence();
    let created = all.iter().filter(|recorded| recorded.entry.action == "account.created").count();
    assert_eq!(created, 2);
    let text = format!("{all:?}");
    for personal in ["Nguyễn", "an-skhdt", "bốn mùa", "Trần", "argon2"] {
        assert!(!text.contains(personal), "{personal} is in the evidence");
    }
}

#[test]
fn an_account_is_suspended_once() {
    let house = House::new();
    house.admin(|call| suspend(call, house.officer, ""));
    let (seq, entries) = (house.seq(), house.evidence().len());
    house.admin(|call| suspend(call, house.officer, "lần nữa"));
    assert_eq!((house.seq(), house.evidence().len()), (seq, entries));
}

#[test]
fn without_a_login_the_next_free_one_by_the_rule_is_made() {
    let house = House::new();
    let made = |name: &str| {
        house.as_person(house.admin, |call| {
            let id = create_account(call, new_account("", name, house.planning))?.id;
            Ok(get_account(call, id)?.login)
        })
    };
    assert_eq!(made("Nguyễn Văn An").unwrap(), "nvan-skhdt");
    assert_eq!(made("Ngô Vũ Ân").unwrap(), "nvan2-skhdt");
    assert_eq!(made("NGUYỄN VĂN AN").unwrap(), "nvan3-skhdt");
    assert!(invalid(made("Иван")).contains("give one"));
}
