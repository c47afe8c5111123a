//! Sessions: opened by a token that is stored nowhere, ended by time, by people, by rights.

use std::time::Duration;

use dinh_model::Language;
use dinh_services::Options;
use dinh_services::accounts::{Password, SessionError, SignedIn, activate, close, set_password, suspend};
use dinh_store::Direction;

use crate::house::{GOOD, House};

const MINUTE: Duration = Duration::from_secs(60);

fn signed_in(house: &House) -> SignedIn {
    house.sign_in("an-skhdt", GOOD).unwrap()
}

fn state(house: &House, token: &str) -> &'static str {
    match house.platform.session(token) {
        Ok(_) => "open",
        Err(SessionError::Unknown) => "unknown",
        Err(SessionError::Expired) => "expired",
        Err(SessionError::Suspended) => "suspended",
        Err(SessionError::Service(error)) => panic!("{error}"),
    }
}

#[test]
fn a_session_ends_when_it_is_idle_and_lasts_while_it_is_used() {
    let house = House::new();
    let token = signed_in(&house).token;
    for _ in 0..4 {
        house.clock.advance(29 * MINUTE);
        assert_eq!(state(&house, &token), "open");
    }
    house.clock.advance(30 * MINUTE);
    assert_eq!(state(&house, &token), "expired");
}

#[test]
fn a_session_ends_after_its_day_however_much_it_is_used() {
    let house = House::new();
    let opened = signed_in(&house);
    assert_eq!(opened.session.expires.to_string(), "2026-03-02T13:00:00Z");
    for _ in 0..47 {
        house.clock.advance(15 * MINUTE);
        assert_eq!(state(&house, &opened.token), "open");
    }
    house.clock.advance(15 * MINUTE);
    assert_eq!(state(&house, &opened.token), "expired");
}

#[test]
fn a_clock_that_is_set_back_ends_no_session_and_prolongs_none() {
    let house = House::new();
    let token = signed_in(&house).token;
    house.clock.set("2026-03-02T00:00:00Z".parse().unwrap());
    assert_eq!(state(&house, &token), "open");
    house.clock.set("2026-03-02T13:00:00Z".parse().unwrap());
    assert_eq!(state(&house, &token), "expired");
}

#[test]
fn a_session_survives_a_restart_and_so_does_its_idle_time() {
    let mut house = House::new();
    let token = signed_in(&house).token;
    house.clock.advance(20 * MINUTE);
    assert_eq!(state(&house, &token), "open");
    house.reopen(Options::cheap());
    house.clock.advance(20 * MINUTE);
    assert_eq!(state(&house, &token), "open", "the request after 20 minutes was noted");
    house.reopen(Options::cheap());
    house.clock.advance(30 * MINUTE);
    assert_eq!(state(&house, &token), "expired");
}

#[test]
fn requests_do_not_write_each_time() {
    let house = House::new();
    let token = signed_in(&house).token;
    let seq = house.seq();
    for _ in 0..100 {
        assert_eq!(state(&house, &token), "open");
    }
    assert_eq!(house.seq(), seq);
}

#[test]
fn suspension_ends_sessions_at_once_and_activation_does_not_bring_them_back() {
    let house = House::new();
    let token = signed_in(&house).token;
    assert_eq!(state(&house, &token), "open");
    house.admin(|call| suspend(call, house.officer, ""));
    assert_eq!(state(&house, &token), "suspended");
    house.admin(|call| activate(call, house.officer));
    assert_eq!(state(&house, &token), "expired");
    assert_eq!(state(&house, &signed_in(&house).token), "open");
}

#[test]
fn a_password_set_by_somebody_else_ends_all_sessions() {
    let house = House::new();
    let tokens = [signed_in(&house).token, signed_in(&house).token];
    house.admin(|call| set_password(call, house.officer, &Password::new("mật khẩu tạm thời 7"), true));
    assert_eq!(tokens.map(|token| state(&house, &token)), ["expired"; 2]);
    let session = house.sign_in("an-skhdt", "mật khẩu tạm thời 7").unwrap().session;
    assert!(session.account.must_change_password);
    house.admin(|call| close(call, house.officer, ""));
    assert!(house.sign_in("an-skhdt", "mật khẩu tạm thời 7").is_err());
}

#[test]
fn signing_out_ends_this_session_and_no_other() {
    let house = House::new();
    let (first, second) = (signed_in(&house).token, signed_in(&house).token);
    assert_eq!(state(&house, &first), "open");
    house.platform.sign_out(&first).unwrap();
    assert_eq!((state(&house, &first), state(&house, &second)), ("unknown", "open"));
    assert_eq!(house.last().entry.action, "session.closed");
    let seq = house.seq();
    house.platform.sign_out(&first).unwrap();
    house.platform.sign_out("nonsense").unwrap();
    assert_eq!(house.seq(), seq);
}

#[test]
fn a_token_that_nobody_was_given_opens_nothing() {
    let house = House::new();
    let token = signed_in(&house).token;
    let other: String = token.chars().rev().collect();
    for wrong in ["", "x", &other, &format!("{token}x"), &"a".repeat(1 << 20)] {
        assert_eq!(state(&house, wrong), "unknown");
    }
    assert!(SessionError::Unknown.text(Language::Vi).contains("chưa đăng nhập"));
}

#[test]
fn tokens_are_stored_as_hashes_only() {
    let house = House::new();
    let opened = signed_in(&house);
    house.platform.session(&opened.token).unwrap();
    let raw = data_encoding::BASE64URL_NOPAD.decode(opened.token.as_bytes()).unwrap();
    let snapshot = house.platform.store().snapshot().unwrap();
    for item in snapshot.range(&[], None, Direction::Forward) {
        let (key, stored) = item.unwrap();
        for bytes in [&key, &stored.value] {
            assert!(!bytes.windows(43).any(|part| part == opened.token.as_bytes()));
            assert!(!bytes.windows(32).any(|part| part == raw || part == opened.session.csrf_key));
        }
    }
}

#[test]
fn the_csrf_key_belongs_to_the_session() {
    let mut house = House::new();
    let (first, second) = (signed_in(&house), signed_in(&house));
    assert_ne!(first.session.csrf_key, second.session.csrf_key);
    house.reopen(Options::cheap());
    assert_eq!(house.platform.session(&first.token).unwrap().csrf_key, first.session.csrf_key);
}

#[test]
fn one_session_too_many_ends_the_oldest() {
    let house = House::with(Options { sessions_per_account: 2, ..Options::cheap() });
    let mut tokens = Vec::new();
    for _ in 0..3 {
        house.clock.advance(MINUTE);
        tokens.push(signed_in(&house).token);
        tokens.iter().for_each(|token| drop(house.platform.session(token)));
    }
    let states: Vec<&str> = tokens.iter().map(|token| state(&house, token)).collect();
    assert_eq!(states, ["unknown", "open", "open"]);
    assert_eq!(house.last().entry.detail.get("oldest-ended").unwrap(), "true");
}

#[test]
fn sessions_that_are_over_are_tidied_away_at_the_next_sign_in() {
    let house = House::new();
    let sessions = || {
        let snapshot = house.platform.store().snapshot().unwrap();
        let kind = dinh_services::space::SESSION;
        snapshot.range(&[kind], Some(&[kind + 1]), Direction::Forward).count()
    };
    for _ in 0..3 {
        signed_in(&house);
    }
    assert_eq!(sessions(), 3);
    house.clock.advance(31 * MINUTE);
    signed_in(&house);
    assert_eq!(sessions(), 1);
}
