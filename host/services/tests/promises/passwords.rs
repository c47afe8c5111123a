//! Passwords: changed by their owner, set by an administrator.

use dinh_model::{Actor, Language};
use dinh_services::accounts::{
    NewAccount, Password, Session, SignInError, change_password, create_account, get_account, set_password,
};
use dinh_services::{Options, ServiceError};

use crate::house::{GOOD, House, denied, invalid, new_account};

const NEW: &str = "thu đông nối tiếp";

fn change(house: &House, keep: Option<&Session>, current: &str, new: &str) -> Result<(), ServiceError> {
    let origin = house.origin(house.officer);
    change_password(&house.platform, &origin, keep, &Password::new(current), &Password::new(new))
}

#[test]
fn whoever_changes_their_password_stays_where_they_are_and_leaves_everywhere_else() {
    let house = House::new();
    let here = house.sign_in("an-skhdt", GOOD).unwrap();
    let elsewhere = house.sign_in("an-skhdt", GOOD).unwrap();
    change(&house, Some(&here.session), GOOD, NEW).unwrap();
    assert!(house.platform.session(&here.token).is_ok());
    assert!(house.platform.session(&elsewhere.token).is_err());
    assert!(matches!(house.sign_in("an-skhdt", GOOD), Err(SignInError::Refused)));
    house.sign_in("an-skhdt", NEW).unwrap();
    assert!(house.actions().contains(&"password.changed".to_owned()));
}

#[test]
fn a_changed_password_need_not_be_changed_again() {
    let house = House::new();
    house.admin(|call| set_password(call, house.officer, &Password::new("mật khẩu tạm thời 7"), true));
    assert!(house.read(|call| get_account(call, house.officer).unwrap().must_change_password));
    change(&house, None, "mật khẩu tạm thời 7", NEW).unwrap();
    assert!(!house.read(|call| get_account(call, house.officer).unwrap().must_change_password));
}

#[test]
fn a_wrong_current_password_counts_as_a_failed_sign_in() {
    let house = House::new();
    for _ in 0..5 {
        assert!(invalid(change(&house, None, "sai mật khẩu rồi", NEW)).contains("wrong"));
    }
    assert_eq!(house.last().entry.action, "password.change-failed");
    assert!(matches!(house.sign_in("an-skhdt", GOOD), Err(SignInError::Locked { .. })));
    assert!(invalid(change(&house, None, GOOD, NEW)).contains("locked"), "the lock holds here too");
}

#[test]
fn a_new_password_that_is_not_good_enough_costs_no_attempt() {
    let house = House::new();
    let seq = house.seq();
    for (new, why) in
        [("ngắn quá", "at least 10"), ("matkhau123", "first that anybody"), ("Nguyễn Văn An", "your name")]
    {
        let text = invalid(change(&house, None, GOOD, new));
        assert!(text.contains(why), "{text}");
    }
    assert!(invalid(change(&house, None, GOOD, GOOD)).contains("differ"));
    assert_eq!(house.seq(), seq);
    house.sign_in("an-skhdt", GOOD).unwrap();
}

#[test]
fn only_whoever_manages_the_unit_sets_anothers_password_and_it_releases_the_lock() {
    let house = House::new();
    for _ in 0..5 {
        house.sign_in("an-skhdt", "sai mật khẩu rồi").unwrap_err();
    }
    denied(
        house.as_person(house.officer, |call| set_password(call, house.admin, &Password::new(NEW), false)),
    );
    invalid(
        house.as_person(house.admin, |call| set_password(call, house.officer, &Password::new("ngắn"), true)),
    );
    house.admin(|call| set_password(call, house.officer, &Password::new(NEW), false));
    house.sign_in("an-skhdt", NEW).unwrap();
}

#[test]
fn an_account_without_a_password_lets_nobody_in() {
    let house = House::new();
    house.admin(|call| {
        let account =
            NewAccount { password: None, ..new_account("trong", "Không Mật Khẩu", house.planning) };
        create_account(call, account)
    });
    for password in ["", GOOD] {
        assert!(matches!(house.sign_in("trong", password), Err(SignInError::Refused)));
    }
}

#[test]
fn nobody_but_a_person_has_a_password_to_change() {
    let house = House::new();
    let origin = house.platform.origin(Actor::Public, Language::Vi);
    let result = change_password(&house.platform, &origin, None, &Password::new(GOOD), &Password::new(NEW));
    assert!(invalid(result).contains("signed-in person"));
}

/// How many passwords were compared and found wrong.
fn compared(house: &House) -> usize {
    let wrong =
        |it: &dinh_store::Recorded| it.entry.detail.get("reason").is_some_and(|r| r == "wrong-password");
    house.evidence().iter().filter(|it| wrong(it)).count()
}

#[test]
fn guesses_of_ones_own_password_at_the_same_time_are_never_more_than_lock_the_name() {
    let options = Options { address_failures: 1_000, hashes_waiting: 1_000, ..Options::cheap() };
    let house = House::with(options);
    let seq = house.seq();
    let answers: Vec<String> = std::thread::scope(|scope| {
        let guesses: Vec<_> =
            (0..60).map(|_| scope.spawn(|| invalid(change(&house, None, "sai mật khẩu rồi", NEW)))).collect();
        guesses.into_iter().map(|guess| guess.join().unwrap()).collect()
    });
    assert!((1..=5).contains(&compared(&house)), "{answers:?}");
    assert_eq!(house.seq() - seq, compared(&house) as u64, "those beyond are not even counted");
    while compared(&house) < 5 {
        invalid(change(&house, None, "sai mật khẩu rồi", NEW));
    }
    assert!(invalid(change(&house, None, GOOD, NEW)).contains("locked"), "nor does the right one help then");
    assert!(matches!(house.sign_in("an-skhdt", GOOD), Err(SignInError::Locked { .. })));
}

#[test]
fn guesses_of_ones_own_password_count_for_the_address_as_sign_ins_do() {
    let house = House::with(Options { address_failures: 3, lock_after: 100, ..Options::cheap() });
    let address = "10.0.0.7";
    let change = |current: &str, from: &str| {
        let origin = house.origin(house.officer).from_address(from.parse().unwrap());
        change_password(&house.platform, &origin, None, &Password::new(current), &Password::new(NEW))
    };
    for _ in 0..3 {
        assert!(invalid(change("sai mật khẩu rồi", address)).contains("wrong"));
    }
    let told = invalid(change(GOOD, address));
    assert!(told.contains("not looked at") && told.contains("600 seconds"), "{told}");
    assert!(matches!(house.sign_in_from("quantri", GOOD, address), Err(SignInError::Throttled { .. })));
    let token = crate::leaving::token_of(&house, house.officer);
    assert!(house.platform.session(&token.token).is_ok(), "another way in is not closed");
    change(GOOD, "10.0.0.8").unwrap();
    assert_eq!(compared(&house), 3);
}

#[test]
fn what_people_do_to_their_own_account_bears_one_name_whoever_they_act_for() {
    let house = House::new();
    let actor = Actor::Person { account: house.officer, on_behalf_of: Some(house.admin) };
    let origin = house.platform.origin(actor, Language::Vi);
    change_password(&house.platform, &origin, None, &Password::new(GOOD), &Password::new(NEW)).unwrap();
    let entry = house.last().entry;
    assert_eq!((entry.action.as_str(), entry.actor), ("password.changed", Actor::person(house.officer)));
    let wrong =
        change_password(&house.platform, &origin, None, &Password::new(GOOD), &Password::new("thu đông"));
    wrong.unwrap_err();
    assert_eq!(house.last().entry.actor, Actor::person(house.officer));
}
