//! The second factor: enrolled with the password and a first code, asked for at each sign-in, each code once.

use std::sync::Arc;
use std::time::Duration;

use dinh_services::accounts::{
    NewDelegation, NewPosition, Password, SignInError, SignedIn, TotpSecret, act_for, approve,
    create_position, enrol_second_factor, hold, lend, needs_second_factor, remove_second_factor,
    second_factor_of, set_password,
};
use dinh_services::secrets::MemoryKeys;
use dinh_services::{Options, ServiceError};
use dinh_store::Outcome;

use crate::house::{GOOD, House, at_once, give, invalid, refused};

const STEP: Duration = Duration::from_secs(30);

struct Phone(TotpSecret);

impl Phone {
    fn code(&self, house: &House) -> String {
        self.0.code(house.platform.clock().now())
    }
}

fn enrol(
    house: &House,
    session: Option<&SignedIn>,
    password: &str,
    code: &str,
    phone: &Phone,
) -> Result<Vec<String>, ServiceError> {
    let origin = house.origin(house.officer);
    let keep = session.map(|signed_in| &signed_in.session);
    enrol_second_factor(&house.platform, &origin, keep, &Password::new(password), &phone.0, code)
}

/// The officer with a phone; the code of the present moment is used up.
fn enrolled(house: &House) -> (Phone, Vec<String>) {
    let phone = Phone(TotpSecret::draw().unwrap());
    let codes = enrol(house, None, GOOD, &phone.code(house), &phone).unwrap();
    (phone, codes)
}

fn ticket(house: &House) -> String {
    match house.sign_in("an-skhdt", GOOD) {
        Err(SignInError::SecondFactor { ticket }) => ticket,
        other => panic!("{other:?}"),
    }
}

fn second(house: &House, ticket: &str, code: &str) -> Result<SignedIn, SignInError> {
    house.platform.sign_in_second(ticket, code, "10.0.0.1".parse().unwrap())
}

#[test]
fn whoever_has_a_second_factor_gets_in_with_password_and_code_and_with_neither_alone() {
    let house = House::new();
    let (phone, _) = enrolled(&house);
    house.clock.advance(STEP);
    let ticket = ticket(&house);
    assert!(house.platform.session(&ticket).is_err(), "a ticket opens nothing");
    assert!(matches!(second(&house, &ticket, "000000"), Err(SignInError::WrongCode)));
    let signed_in = second(&house, &ticket, &phone.code(&house)).unwrap();
    assert!(house.platform.session(&signed_in.token).is_ok());
    assert_eq!(house.last().entry.detail["factor"], "totp");
    // Without the password, no code helps.
    house.clock.advance(STEP);
    let sign_in = dinh_services::accounts::SignIn {
        login: "an-skhdt".into(),
        password: Password::new("sai mật khẩu rồi"),
        address: [10, 0, 0, 1].into(),
        kind: dinh_services::accounts::SessionKind::Token,
        otp: Some(phone.code(&house)),
    };
    assert!(matches!(house.platform.sign_in(&sign_in), Err(SignInError::Refused)));
    let with_both = dinh_services::accounts::SignIn { password: Password::new(GOOD), ..sign_in };
    house.platform.sign_in(&with_both).unwrap();
}

#[test]
fn a_code_is_never_accepted_twice_nor_one_that_is_older_than_the_last() {
    let house = House::new();
    let (phone, _) = enrolled(&house);
    let first = phone.code(&house);
    assert!(matches!(second(&house, &ticket(&house), &first), Err(SignInError::WrongCode)), "used to enrol");
    house.clock.advance(STEP);
    let before = phone.code(&house);
    house.clock.advance(STEP);
    let now = phone.code(&house);
    second(&house, &ticket(&house), &now).unwrap();
    assert!(matches!(second(&house, &ticket(&house), &now), Err(SignInError::WrongCode)));
    assert!(
        matches!(second(&house, &ticket(&house), &before), Err(SignInError::WrongCode)),
        "drift allows it, order does not"
    );
}

#[test]
fn each_recovery_code_opens_once_however_it_is_typed() {
    let house = House::new();
    let (_, codes) = enrolled(&house);
    assert_eq!(codes.len(), 10);
    let typed = codes[3].to_uppercase().replace('-', " ");
    second(&house, &ticket(&house), &typed).unwrap();
    assert_eq!(house.last().entry.detail["factor"], "recovery-code");
    assert!(matches!(second(&house, &ticket(&house), &codes[3]), Err(SignInError::WrongCode)));
    second(&house, &ticket(&house), &codes[4]).unwrap();
    let left = house.as_person(house.officer, |call| second_factor_of(call, house.officer)).unwrap().unwrap();
    assert_eq!(left.recovery_left, 8);
    // Neither the secret nor the codes are in the evidence, nor the codes in the store.
    let evidence = format!("{:?}", house.evidence());
    assert!(codes.iter().all(|code| !evidence.contains(code)));
}

#[test]
fn wrong_codes_lock_the_name_as_wrong_passwords_do() {
    let house = House::new();
    let (phone, codes) = enrolled(&house);
    house.clock.advance(STEP);
    let ticket = ticket(&house);
    for _ in 0..4 {
        assert!(matches!(second(&house, &ticket, "000000"), Err(SignInError::WrongCode)));
    }
    assert!(matches!(second(&house, &ticket, "000000"), Err(SignInError::Locked { .. })));
    assert_eq!(house.last().entry.outcome, Outcome::Failed);
    assert!(matches!(second(&house, &ticket, &phone.code(&house)), Err(SignInError::Locked { .. })));
    assert!(matches!(second(&house, &ticket, &codes[0]), Err(SignInError::Locked { .. })));
    assert!(matches!(house.sign_in("an-skhdt", GOOD), Err(SignInError::Locked { .. })));
}

#[test]
fn a_right_password_without_a_code_does_not_forget_wrong_codes() {
    let house = House::new();
    enrolled(&house);
    for _ in 0..4 {
        let ticket = ticket(&house);
        assert!(matches!(second(&house, &ticket, "000000"), Err(SignInError::WrongCode)));
    }
    let ticket = ticket(&house);
    assert!(matches!(second(&house, &ticket, "000000"), Err(SignInError::Locked { .. })));
}

#[test]
fn a_ticket_is_worth_nothing_after_five_minutes_a_new_password_or_a_restart() {
    let mut house = House::new();
    let (phone, _) = enrolled(&house);
    let old = ticket(&house);
    house.clock.advance(Duration::from_secs(300));
    assert!(matches!(second(&house, &old, &phone.code(&house)), Err(SignInError::TooLate)));
    let before = ticket(&house);
    house.admin(|call| set_password(call, house.officer, &Password::new(GOOD), false));
    assert!(matches!(second(&house, &before, &phone.code(&house)), Err(SignInError::TooLate)));
    let before = ticket(&house);
    house.reopen(Options::cheap());
    assert!(matches!(second(&house, &before, &phone.code(&house)), Err(SignInError::TooLate)));
}

#[test]
fn enrolling_needs_the_password_and_a_code_and_ends_other_sessions() {
    let house = House::new();
    let here = house.sign_in("an-skhdt", GOOD).unwrap();
    let there = house.sign_in("an-skhdt", GOOD).unwrap();
    let phone = Phone(TotpSecret::draw().unwrap());
    let code = phone.code(&house);
    assert!(invalid(enrol(&house, None, "sai mật khẩu rồi", &code, &phone)).contains("current password"));
    assert!(invalid(enrol(&house, None, GOOD, "000000", &phone)).contains("code"));
    enrol(&house, Some(&here), GOOD, &code, &phone).unwrap();
    assert!(house.platform.session(&here.token).is_ok());
    assert!(house.platform.session(&there.token).is_err());
    let other = Phone(TotpSecret::draw().unwrap());
    house.clock.advance(STEP);
    assert!(invalid(enrol(&house, Some(&here), GOOD, &other.code(&house), &other)).contains("already"));
    assert!(house.actions().contains(&"second-factor.enrolled".to_owned()));
}

#[test]
fn removing_it_needs_the_password_and_a_code() {
    let house = House::new();
    let (phone, _) = enrolled(&house);
    let remove = |password: &str, code: &str| {
        let origin = house.origin(house.officer);
        remove_second_factor(&house.platform, &origin, None, &Password::new(password), code)
    };
    house.clock.advance(STEP);
    assert!(invalid(remove("sai mật khẩu rồi", &phone.code(&house))).contains("current password"));
    assert!(invalid(remove(GOOD, "000000")).contains("code"));
    remove(GOOD, &phone.code(&house)).unwrap();
    house.sign_in("an-skhdt", GOOD).unwrap();
}

#[test]
fn whoever_comes_to_hold_a_role_that_needs_it_enrols_at_the_next_request() {
    let options =
        Options { second_factor_roles: vec!["pci-index.reader".parse().unwrap()], ..Options::cheap() };
    let house = House::with(options);
    house.admin(|call| {
        let title = dinh_model::Localized::new("Xem", "Read");
        let read = "pci-index.score.read".parse().unwrap();
        dinh_services::accounts::declare_permission(call, &read, &title)?;
        dinh_services::accounts::define_role(call, &"pci-index.reader".parse().unwrap(), &title, &[read])
    });
    let before = house.sign_in("an-skhdt", GOOD).unwrap();
    assert!(!before.session.must_enrol);
    // Through a position.
    house.admin(|call| {
        let title = dinh_model::Localized::new("Chuyên viên", "Officer");
        let position = create_position(call, NewPosition { unit: house.planning, title })?;
        let grant = dinh_services::accounts::NewGrant {
            to: dinh_access::Grantee::Position(position),
            ..crate::house::new_grant(house.officer, "pci-index.reader", house.planning)
        };
        at_once(call, |call| {
            dinh_services::accounts::give(call, grant)?;
            hold(call, house.officer, position, dinh_access::Term::ALWAYS, "bổ nhiệm")
        })
    });
    assert!(house.platform.session(&before.token).unwrap().must_enrol, "at the next request");
    let session = house.sign_in("an-skhdt", GOOD).unwrap();
    assert!(session.session.must_enrol && house.platform.session(&session.token).unwrap().must_enrol);
    let phone = Phone(TotpSecret::draw().unwrap());
    enrol(&house, Some(&session), GOOD, &phone.code(&house), &phone).unwrap();
    assert!(!house.platform.session(&session.token).unwrap().must_enrol);
    // Taken off again, it has to be enrolled anew, at once.
    house.clock.advance(STEP);
    let origin = house.origin(house.officer);
    remove_second_factor(
        &house.platform,
        &origin,
        Some(&session.session),
        &Password::new(GOOD),
        &phone.code(&house),
    )
    .unwrap();
    assert!(house.platform.session(&session.token).unwrap().must_enrol);
}

/// The officer, without a second factor, who was lent what needs one; and for whom they could act.
fn lent_to_the_officer() -> House {
    let roles = vec!["dinh.unit-administrator".parse().unwrap()];
    let house = House::with(Options { second_factor_roles: roles, ..Options::cheap() });
    house.admin(|call| {
        let grant = give(call, house.admin, "dinh.unit-administrator", house.province)?;
        let until = Some("2026-03-09T00:00:00Z".parse().unwrap());
        let term = dinh_access::Term { from: call.now(), until };
        let (borrower, grants, reason) = (house.officer, vec![grant], "đi công tác".into());
        let made = lend(call, NewDelegation { borrower, grants, term, reason })?;
        at_once(call, |call| approve(call, made.request.unwrap()).map(drop))
    });
    house
}

#[test]
fn whoever_borrows_a_role_that_needs_it_enrols_at_the_next_sign_in() {
    let house = lent_to_the_officer();
    assert!(house.sign_in("an-skhdt", GOOD).unwrap().session.must_enrol);
    house.clock.advance(Duration::from_secs(30 * 86_400));
    assert!(!house.sign_in("an-skhdt", GOOD).unwrap().session.must_enrol, "the loan is over");
}

#[test]
fn nobody_acts_with_a_lent_role_that_needs_it_before_enrolling_it() {
    let house = lent_to_the_officer();
    let roles = house.platform.options().second_factor_roles.clone();
    // A session from before the delegation, as if it were.
    let signed_in = house.sign_in("an-skhdt", GOOD).unwrap();
    let act = || {
        house.as_person(house.officer, |call| act_for(call, &signed_in.session, Some(house.admin), &roles))
    };
    assert_eq!(refused(act()), "second-factor-first");
    assert_eq!(house.platform.session(&signed_in.token).unwrap().on_behalf_of, None);
    let phone = Phone(TotpSecret::draw().unwrap());
    enrol(&house, Some(&signed_in), GOOD, &phone.code(&house), &phone).unwrap();
    act().unwrap();
    assert_eq!(house.platform.session(&signed_in.token).unwrap().on_behalf_of, Some(house.admin));
}

#[test]
fn a_grant_that_is_over_asks_for_nothing() {
    let house = House::new();
    let roles = ["dinh.administrator".parse().unwrap()];
    let needs =
        |account| house.as_person(account, |call| needs_second_factor(call, account, &roles)).unwrap();
    assert!(needs(house.admin) && !needs(house.officer));
    let grant = house.admin(|call| give(call, house.officer, "dinh.administrator", house.planning));
    assert!(needs(house.officer));
    house.admin(|call| dinh_services::accounts::withdraw(call, grant, ""));
    assert!(!needs(house.officer));
}

#[test]
fn the_secret_lies_sealed_and_recovery_codes_serve_also_without_its_key() {
    let keys = MemoryKeys::default();
    let options = |keys: &MemoryKeys| Options { keys: Some(Arc::new(keys.clone())), ..Options::cheap() };
    let mut house = House::with(options(&keys));
    let (phone, codes) = enrolled(&house);
    house.clock.advance(STEP);
    house.reopen(options(&keys));
    second(&house, &ticket(&house), &phone.code(&house)).unwrap();
    let secret = data_encoding::BASE32_NOPAD.decode(phone.0.base32().as_bytes()).unwrap();
    let snapshot = house.platform.store().snapshot().unwrap();
    let rows = snapshot.range(b"", None, dinh_store::Direction::Forward).map(Result::unwrap);
    let mut count = 0;
    for (key, stored) in rows {
        count += 1;
        let lies_in = |bytes: &[u8]| bytes.windows(secret.len()).any(|window| window == secret);
        assert!(!lies_in(&key) && !lies_in(&stored.value), "{key:02x?}");
    }
    assert!(count > 10, "there is something to look at");

    house.reopen(options(&MemoryKeys::default()));
    house.clock.advance(STEP);
    let Err(SignInError::Service(ServiceError::Sealed(error))) =
        second(&house, &ticket(&house), &phone.code(&house))
    else {
        panic!("the key is gone")
    };
    assert!(error.to_string().contains("0-dinh.1"), "{error}");
    second(&house, &ticket(&house), &codes[0]).unwrap();
}

/// The officer's open session and access token, in a house in which no role needs a second factor yet.
fn open_before() -> (House, String, String, Options) {
    let house = House::new();
    house.admin(|call| {
        let title = dinh_model::Localized::new("Xem", "Read");
        let read = "pci-index.score.read".parse().unwrap();
        dinh_services::accounts::declare_permission(call, &read, &title)?;
        dinh_services::accounts::define_role(call, &"pci-index.reader".parse().unwrap(), &title, &[read])
    });
    let session = house.sign_in("an-skhdt", GOOD).unwrap().token;
    let token = crate::leaving::token_of(&house, house.officer).token;
    let roles = vec!["pci-index.reader".parse().unwrap()];
    (house, session, token, Options { second_factor_roles: roles, ..Options::cheap() })
}

#[test]
fn a_role_that_comes_to_need_it_reaches_sessions_and_access_tokens_from_before_the_restart() {
    let (mut house, session, token, options) = open_before();
    house.admin(|call| give(call, house.officer, "pci-index.reader", house.planning));
    house.reopen(options);
    let must = |which: &str| house.platform.session(which).unwrap().must_enrol;
    assert!(must(&session) && must(&token));
    let phone = Phone(TotpSecret::draw().unwrap());
    let signed_in = house.sign_in("an-skhdt", GOOD).unwrap();
    enrol(&house, Some(&signed_in), GOOD, &phone.code(&house), &phone).unwrap();
    assert!(!must(&token) && !must(&signed_in.token), "once there is one, they work");
}

#[test]
fn a_role_that_begins_to_hold_by_the_clock_alone_reaches_them_at_that_moment_and_leaves_them_so() {
    let (mut house, session, token, options) = open_before();
    house.reopen(options);
    let must = |house: &House, which: &str| house.platform.session(which).unwrap().must_enrol;
    assert!(!must(&house, &session) && !must(&house, &token));
    let mut grant = crate::house::new_grant(house.officer, "pci-index.reader", house.planning);
    grant.term.from = "2026-03-02T01:10:00Z".parse().unwrap();
    grant.term.until = Some("2026-03-02T01:20:00Z".parse().unwrap());
    house.admin(|call| crate::house::give_this(call, grant.clone()));
    assert!(!must(&house, &session));
    house.clock.advance(Duration::from_secs(600));
    assert!(must(&house, &session) && must(&house, &token));
    house.clock.advance(Duration::from_secs(600));
    assert!(!must(&house, &session) && !must(&house, &token));
}
