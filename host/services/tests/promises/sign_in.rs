//! Sign-in: the same answer and the same work for every name, throttled, locked, recorded.

use std::time::Duration;

use dinh_model::{Actor, Language};
use dinh_services::Options;
use dinh_services::accounts::{SignInError, release_lock, suspend};
use dinh_store::{Direction, Outcome};

use crate::house::{GOOD, House, denied};

/// The kind of answer.
fn answer<T: std::fmt::Debug>(result: &Result<T, SignInError>) -> String {
    match result {
        Ok(_) => "signed in".into(),
        Err(SignInError::Refused) => "refused".into(),
        Err(SignInError::Expired) => "expired".into(),
        Err(SignInError::SecondFactor { .. } | SignInError::WrongCode | SignInError::TooLate) => {
            "code".into()
        }
        Err(SignInError::Locked { until }) => format!("locked until {until}"),
        Err(SignInError::Throttled { retry_after }) => format!("throttled for {} s", retry_after.as_secs()),
        Err(SignInError::Service(error)) => panic!("{error}"),
    }
}

#[test]
fn the_right_name_and_password_open_a_session_whatever_the_case_of_the_name() {
    let house = House::new();
    let signed_in = house.sign_in(" An-SKHDT ", GOOD).unwrap();
    assert_eq!(signed_in.session.account.id, house.officer);
    assert_eq!(signed_in.token.len(), 43, "256 bits in base64url");
    assert_eq!(house.platform.session(&signed_in.token).unwrap().id, signed_in.session.id);
    let entry = house.last().entry;
    assert_eq!((entry.action.as_str(), entry.outcome), ("session.opened", Outcome::Done));
    assert_eq!(entry.actor, Actor::person(house.officer));
    let decomposed = "bo\u{302}\u{301}n mu\u{300}a xua\u{302}n ha\u{323}";
    assert_ne!(decomposed, GOOD);
    house.sign_in("an-skhdt", decomposed).unwrap();
}

#[test]
fn a_wrong_password_and_an_unknown_name_are_told_apart_by_nothing() {
    let house = House::new();
    let mut stories = Vec::new();
    for name in ["an-skhdt", "khong-co-ai"] {
        let mut story = Vec::new();
        for _ in 0..7 {
            let (seq, entries) = (house.seq(), house.evidence().len());
            let result = house.sign_in(name, "sai mật khẩu rồi");
            let text = result.as_ref().unwrap_err().text(Language::Vi);
            story.push((answer(&result), text, house.seq() - seq, house.evidence().len() - entries));
        }
        stories.push(story);
    }
    assert_eq!(stories.first(), stories.last());
    let kinds: Vec<&str> = stories.first().unwrap().iter().map(|(answer, ..)| answer.as_str()).collect();
    let locked = "locked until 2026-03-02T01:15:00Z";
    assert_eq!(kinds, ["refused", "refused", "refused", "refused", locked, locked, locked]);
}

#[test]
fn failed_sign_ins_are_recorded_without_what_was_typed() {
    let house = House::new();
    house.sign_in("an-skhdt", "sai mật khẩu rồi").unwrap_err();
    let known = house.last().entry;
    house.sign_in("Mật Khẩu Của Tôi", "sai mật khẩu rồi").unwrap_err();
    let unknown = house.last().entry;
    assert_eq!(known.subject, format!("account:{}", house.officer));
    assert_eq!(known.detail.get("reason").unwrap(), "wrong-password");
    assert_eq!(unknown.subject, "account:unknown");
    assert_eq!(unknown.detail.get("reason").unwrap(), "unknown-account");
    assert!([&known, &unknown].iter().all(|entry| entry.outcome == Outcome::Failed));
    let snapshot = house.platform.store().snapshot().unwrap();
    let mut stored = format!("{:?}", house.evidence()).to_lowercase().into_bytes();
    for item in snapshot.range(&[], None, Direction::Forward) {
        let (key, value) = item.unwrap();
        stored.extend(key);
        stored.extend(value.value);
    }
    let typed = ["mật khẩu của tôi", "sai mật khẩu", GOOD];
    for secret in typed {
        assert!(!stored.windows(secret.len()).any(|part| part == secret.as_bytes()), "{secret} is stored");
    }
}

#[test]
fn a_locked_name_opens_by_itself_and_stays_shut_until_then_even_for_the_right_password() {
    let house = House::new();
    for _ in 0..5 {
        house.sign_in("an-skhdt", "sai mật khẩu rồi").unwrap_err();
    }
    assert_eq!(house.last().entry.detail.get("locked").unwrap(), "true");
    assert_eq!(answer(&house.sign_in("an-skhdt", GOOD)), "locked until 2026-03-02T01:15:00Z");
    assert_eq!(house.last().entry.detail.get("reason").unwrap(), "locked");
    house.clock.advance(Duration::from_secs(15 * 60) - Duration::from_micros(1));
    assert!(house.sign_in("an-skhdt", GOOD).is_err());
    house.clock.advance(Duration::from_micros(1));
    house.sign_in("an-skhdt", GOOD).unwrap();
}

#[test]
fn an_administrator_releases_a_lock_and_nobody_else_does() {
    let house = House::new();
    for _ in 0..5 {
        house.sign_in("an-skhdt", "sai mật khẩu rồi").unwrap_err();
    }
    denied(house.as_person(house.officer, |call| release_lock(call, house.officer)));
    assert!(house.admin(|call| release_lock(call, house.officer)), "it was locked");
    assert_eq!(house.last().entry.action, "account.released");
    let seq = house.seq();
    assert!(!house.admin(|call| release_lock(call, house.officer)), "it is no longer");
    assert_eq!(house.seq(), seq);
    house.sign_in("an-skhdt", GOOD).unwrap();
}

#[test]
fn a_lock_survives_a_restart() {
    let mut house = House::new();
    for _ in 0..5 {
        house.sign_in("an-skhdt", "sai mật khẩu rồi").unwrap_err();
    }
    house.reopen(Options::cheap());
    assert!(answer(&house.sign_in("an-skhdt", GOOD)).starts_with("locked"));
}

#[test]
fn failures_count_in_a_row_only_and_not_for_ever() {
    let house = House::new();
    let fail = |times: u32| {
        for _ in 0..times {
            assert_eq!(answer(&house.sign_in("an-skhdt", "sai mật khẩu rồi")), "refused");
        }
    };
    fail(4);
    house.sign_in("an-skhdt", GOOD).unwrap();
    fail(4);
    house.clock.advance(Duration::from_secs(15 * 60 + 1));
    fail(4);
}

#[test]
fn one_address_that_tries_many_names_has_to_wait_and_others_have_not() {
    let house = House::with(Options { address_failures: 3, ..Options::cheap() });
    for name in ["a1", "a2", "a3"] {
        assert_eq!(answer(&house.sign_in_from(name, "sai mật khẩu rồi", "10.0.0.9")), "refused");
    }
    house.clock.advance(Duration::from_secs(60));
    let (seq, entries) = (house.seq(), house.evidence().len());
    assert_eq!(answer(&house.sign_in_from("an-skhdt", GOOD, "10.0.0.9")), "throttled for 540 s");
    assert_eq!((house.seq(), house.evidence().len()), (seq, entries), "who is throttled costs no write");
    house.sign_in_from("an-skhdt", GOOD, "10.0.0.8").unwrap();
    house.clock.advance(Duration::from_secs(540));
    house.sign_in_from("an-skhdt", GOOD, "10.0.0.9").unwrap();
}

#[test]
fn successes_use_up_nothing_of_an_address() {
    let house = House::with(Options { address_failures: 2, ..Options::cheap() });
    for _ in 0..10 {
        house.sign_in("an-skhdt", GOOD).unwrap();
    }
}

#[test]
fn the_addresses_of_one_ipv6_host_count_as_one() {
    let house = House::with(Options { address_failures: 2, ..Options::cheap() });
    for host in ["2001:db8::1", "2001:db8::ffff:2"] {
        house.sign_in_from("a1", "sai mật khẩu rồi", host).unwrap_err();
    }
    assert!(answer(&house.sign_in_from("an-skhdt", GOOD, "2001:db8::3")).starts_with("throttled"));
    house.sign_in_from("an-skhdt", GOOD, "2001:db8:0:1::3").unwrap();
    house.sign_in_from("a1", "sai mật khẩu rồi", "::ffff:10.0.0.7").unwrap_err();
    house.sign_in_from("a1", "sai mật khẩu rồi", "10.0.0.7").unwrap_err();
    assert!(answer(&house.sign_in_from("an-skhdt", GOOD, "10.0.0.7")).starts_with("throttled"));
}

#[test]
fn a_suspended_account_is_refused_like_a_wrong_password() {
    let house = House::new();
    house.admin(|call| suspend(call, house.officer, ""));
    assert_eq!(answer(&house.sign_in("an-skhdt", GOOD)), "refused");
    assert_eq!(house.last().entry.detail.get("reason").unwrap(), "not-active");
}

#[test]
fn an_old_hash_is_renewed_at_sign_in_and_the_password_stays() {
    let mut house = House::new();
    let stronger = || Options { hash_passes: 2, ..Options::cheap() };
    house.reopen(stronger());
    let renewed = |house: &House| house.last().entry.detail.get("hash-renewed").unwrap() == "true";
    house.sign_in("an-skhdt", GOOD).unwrap();
    assert!(renewed(&house));
    house.sign_in("an-skhdt", GOOD).unwrap();
    assert!(!renewed(&house));
    house.sign_in("an-skhdt", "sai mật khẩu rồi").unwrap_err();
}

#[test]
fn refusals_are_told_in_both_languages_and_say_when_to_come_back() {
    let locked = SignInError::Locked { until: "2026-03-02T01:15:00Z".parse().unwrap() };
    assert!(locked.text(Language::Vi).contains("08:15"), "in the time of Vietnam");
    assert!(locked.text(Language::En).contains("until 08:15"));
    let throttled = SignInError::Throttled { retry_after: Duration::from_secs(7) };
    assert!(throttled.text(Language::Vi).contains("7 giây"));
    assert_eq!(SignInError::Refused.text(Language::Vi), "Tên đăng nhập hoặc mật khẩu không đúng.");
}

#[test]
fn guesses_made_at_the_same_time_are_counted_one_by_one() {
    let house = House::with(Options { address_failures: 1_000, hashes_waiting: 1_000, ..Options::cheap() });
    let answers: Vec<String> = std::thread::scope(|scope| {
        let guesses: Vec<_> =
            (0..40).map(|_| scope.spawn(|| answer(&house.sign_in("an-skhdt", "sai mật khẩu rồi")))).collect();
        guesses.into_iter().map(|guess| guess.join().unwrap()).collect()
    });
    let wrong = || {
        let wrong =
            |it: &dinh_store::Recorded| it.entry.detail.get("reason").is_some_and(|r| r == "wrong-password");
        house.evidence().iter().filter(|recorded| wrong(recorded)).count()
    };
    // What is under way and what failed are together never more than five.
    assert!((1..=5).contains(&wrong()), "{answers:?}");
    while wrong() < 5 {
        house.sign_in("an-skhdt", "sai mật khẩu rồi").unwrap_err();
    }
    assert!(answer(&house.sign_in("an-skhdt", GOOD)).starts_with("locked"));
}
