//! Temporary passwords: accepted for some days, and who is told that they are over.

use std::time::Duration;

use dinh_model::{AccountId, Language};
use dinh_services::Options;
use dinh_services::accounts::{
    self, IdentityCheck, NewAccount, Password, SignInError, TemporaryTerm, TotpSecret, change_password,
    enrol_second_factor, get_account, release_password, set_password, temporary_password,
};
use dinh_store::Outcome;

use crate::council::Council;
use crate::house::{GOOD, House, MORNING, invalid, new_account};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const TEMPORARY: &str = "mật khẩu tạm thời 7";
const INSTANT: Duration = Duration::from_micros(1);

fn set(house: &House, must_change: bool) {
    house.admin(|call| set_password(call, house.officer, &Password::new(TEMPORARY), must_change));
}

fn term(house: &House, account: AccountId) -> Option<TemporaryTerm> {
    house.read(|call| temporary_password(call, &get_account(call, account).unwrap()).unwrap())
}

fn after_morning(days: i64) -> dinh_model::Timestamp {
    let morning: dinh_model::Timestamp = MORNING.parse().unwrap();
    morning + jiff::SignedDuration::from_hours(24 * days)
}

#[test]
fn a_password_that_somebody_else_set_is_accepted_for_fourteen_days_and_not_a_moment_longer() {
    let house = House::new();
    set(&house, true);
    assert_eq!(term(&house, house.officer), Some(TemporaryTerm { days: 14, until: Some(after_morning(14)) }));
    house.clock.advance(14 * DAY - INSTANT);
    house.sign_in("an-skhdt", TEMPORARY).unwrap();
    house.clock.advance(INSTANT);
    let refused = house.sign_in("an-skhdt", TEMPORARY).unwrap_err();
    assert!(matches!(refused, SignInError::Expired));
    assert!(refused.text(Language::Vi).contains("đã hết hạn"));
    assert!(refused.text(Language::En).contains("Ask your administrator"));
    let entry = house.last().entry;
    assert_eq!((entry.action.as_str(), entry.outcome), ("session.refused", Outcome::Refused));
    assert_eq!(entry.subject, format!("account:{}", house.officer));
    assert_eq!(entry.detail["reason"], "password-expired");
    // Another one opens again.
    let released = house.admin(|call| release_password(call, house.officer, IdentityCheck::Vneid));
    assert_eq!(released.accepted, TemporaryTerm { days: 14, until: Some(after_morning(28)) });
    house.sign_in("an-skhdt", &released.password).unwrap();
}

#[test]
fn a_deployment_sets_the_days_and_what_was_said_stays_true() {
    let mut house = House::with(Options { temporary_days: 2, ..Options::cheap() });
    set(&house, true);
    house.reopen(Options { temporary_days: 30, ..Options::cheap() });
    house.clock.advance(2 * DAY);
    assert!(matches!(house.sign_in("an-skhdt", TEMPORARY), Err(SignInError::Expired)));
}

#[test]
fn whoever_does_not_know_an_expired_password_is_told_what_anybody_is_told() {
    let house = House::new();
    set(&house, true);
    house.clock.advance(15 * DAY);
    let mut stories = Vec::new();
    for name in ["an-skhdt", "khong-co-ai"] {
        let (seq, entries) = (house.seq(), house.evidence().len());
        let refused = house.sign_in(name, "sai mật khẩu rồi").unwrap_err();
        stories.push((refused.text(Language::Vi), house.seq() - seq, house.evidence().len() - entries));
        assert!(matches!(refused, SignInError::Refused));
    }
    assert_eq!(stories[0], stories[1]);
}

#[test]
fn an_expired_password_locks_nobody_out_and_costs_the_address_an_attempt() {
    let house = House::with(Options { address_failures: 8, ..Options::cheap() });
    set(&house, true);
    house.clock.advance(15 * DAY);
    for _ in 0..8 {
        assert!(matches!(house.sign_in("an-skhdt", TEMPORARY), Err(SignInError::Expired)));
    }
    assert!(matches!(house.sign_in("an-skhdt", TEMPORARY), Err(SignInError::Throttled { .. })));
    house.sign_in_from("quantri", GOOD, "10.0.0.2").unwrap();
}

#[test]
fn passwords_that_their_owners_chose_or_need_not_change_do_not_expire() {
    let house = House::new();
    set(&house, false);
    assert_eq!(term(&house, house.officer), None);
    house.clock.advance(400 * DAY);
    house.sign_in("an-skhdt", TEMPORARY).unwrap();
    // Temporary, then changed in time.
    set(&house, true);
    let new = Password::new("thu đông nối tiếp");
    let origin = house.origin(house.officer);
    change_password(&house.platform, &origin, None, &Password::new(TEMPORARY), &new).unwrap();
    assert_eq!(term(&house, house.officer), None);
    house.clock.advance(400 * DAY);
    house.sign_in("an-skhdt", "thu đông nối tiếp").unwrap();
}

#[test]
fn an_expired_password_changes_nothing_in_a_session_that_is_still_open() {
    let house = House::new();
    set(&house, true);
    house.clock.advance(14 * DAY - INSTANT);
    house.sign_in("an-skhdt", TEMPORARY).unwrap();
    house.clock.advance(INSTANT);
    let origin = house.origin(house.officer);
    let new = Password::new("thu đông nối tiếp");
    let late = change_password(&house.platform, &origin, None, &Password::new(TEMPORARY), &new);
    assert!(invalid(late).contains("expired"));
    assert_eq!(house.last().entry.detail["reason"], "password-expired");
}

#[test]
fn a_ticket_of_the_last_minute_opens_nothing_after_it() {
    let house = House::new();
    let secret = TotpSecret::draw().unwrap();
    let code = secret.code(house.platform.clock().now());
    let origin = house.origin(house.officer);
    enrol_second_factor(&house.platform, &origin, None, &Password::new(GOOD), &secret, &code).unwrap();
    set(&house, true);
    house.clock.advance(14 * DAY - Duration::from_secs(60));
    let Err(SignInError::SecondFactor { ticket }) = house.sign_in("an-skhdt", TEMPORARY) else {
        panic!("no ticket")
    };
    house.clock.advance(Duration::from_secs(60));
    let code = secret.code(house.platform.clock().now());
    let second = house.platform.sign_in_second(&ticket, &code, "10.0.0.1".parse().unwrap());
    assert!(matches!(second, Err(SignInError::Expired)));
}

#[test]
fn the_days_of_an_account_that_waits_begin_with_its_approval() {
    let council = Council::new();
    let house = &council.house;
    let made = house.admin(|call| {
        let new = new_account("mai-stc", "Hà Thị Mai", house.finance);
        accounts::create_account(call, NewAccount { must_change: true, ..new })
    });
    assert_eq!(term(house, made.id), Some(TemporaryTerm { days: 14, until: None }));
    house.clock.advance(20 * DAY);
    council.approve(council.director, made.request.unwrap()).unwrap();
    assert_eq!(term(house, made.id).unwrap().until, Some(after_morning(34)));
    house.clock.advance(14 * DAY - INSTANT);
    house.sign_in("mai-stc", GOOD).unwrap();
    house.clock.advance(INSTANT);
    assert!(matches!(house.sign_in("mai-stc", GOOD), Err(SignInError::Expired)));
}

#[test]
fn a_renewed_hash_stays_temporary() {
    let mut house = House::new();
    set(&house, true);
    house.reopen(Options { hash_passes: 2, ..Options::cheap() });
    house.sign_in("an-skhdt", TEMPORARY).unwrap();
    house.clock.advance(14 * DAY);
    assert!(matches!(house.sign_in("an-skhdt", TEMPORARY), Err(SignInError::Expired)));
}
