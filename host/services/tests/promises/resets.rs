//! Lost passwords and lost phones: released by an administrator, in person.

use dinh_services::accounts::{
    IdentityCheck, Password, TotpSecret, enrol_second_factor, get_account, release_password,
    reset_second_factor, second_factor_of,
};

use crate::house::{GOOD, House, denied, invalid};

#[test]
fn a_released_password_lets_its_person_in_once_and_must_be_changed_and_the_evidence_does_not_know_it() {
    let house = House::new();
    let before = house.sign_in("an-skhdt", GOOD).unwrap();
    for _ in 0..5 {
        house.sign_in("an-skhdt", "sai mật khẩu rồi").unwrap_err();
    }
    let temporary =
        house.admin(|call| release_password(call, house.officer, IdentityCheck::CitizenCard)).password;
    assert!(house.platform.session(&before.token).is_err(), "sessions end");
    house.sign_in("an-skhdt", GOOD).unwrap_err();
    let session = house.sign_in("an-skhdt", &temporary).unwrap().session;
    assert!(session.account.must_change_password);
    assert!(temporary.chars().all(|c| !"01oliu".contains(c)), "{temporary} is easily misread");
    assert_eq!(temporary.len(), 14);

    let entries = house.evidence();
    let released = entries.iter().find(|it| it.entry.action == "password.released").unwrap();
    assert_eq!(released.entry.subject, format!("account:{}", house.officer));
    assert_eq!(released.entry.actor.account(), Some(house.admin));
    assert_eq!(released.entry.detail["identity"], "citizen-card");
    assert!(!format!("{entries:?}").contains(&temporary));
    let again =
        house.admin(|call| release_password(call, house.officer, IdentityCheck::KnownInPerson)).password;
    assert_ne!(again, temporary);
}

#[test]
fn nobody_releases_their_own_and_nobody_without_the_right_anybodys() {
    let house = House::new();
    let check = IdentityCheck::StaffCard;
    let own = house.as_person(house.admin, |call| Ok(release_password(call, house.admin, check)?.accepted));
    assert!(invalid(own).contains("another administrator"));
    denied(house.as_person(house.officer, |call| Ok(release_password(call, house.admin, check)?.accepted)));
    denied(house.as_person(house.officer, |call| reset_second_factor(call, house.admin, check)));
    assert!(!house.read(|call| get_account(call, house.admin).unwrap().must_change_password));
}

#[test]
fn a_lost_phone_is_taken_off_the_account_and_sessions_end() {
    let house = House::new();
    let secret = TotpSecret::draw().unwrap();
    let code = secret.code(house.platform.clock().now());
    let origin = house.origin(house.officer);
    enrol_second_factor(&house.platform, &origin, None, &Password::new(GOOD), &secret, &code).unwrap();
    house.clock.advance(std::time::Duration::from_secs(60));
    let reset = || house.admin(|call| reset_second_factor(call, house.officer, IdentityCheck::Vneid));
    assert!(reset());
    assert_eq!(house.last().entry.detail["identity"], "vneid");
    assert_eq!(house.as_person(house.officer, |call| second_factor_of(call, house.officer)).unwrap(), None);
    house.sign_in("an-skhdt", GOOD).unwrap();
    assert!(!reset(), "there is none any more");
}

#[test]
fn how_identity_was_checked_is_one_of_a_closed_set() {
    for check in IdentityCheck::ALL {
        assert_eq!(check.as_str().parse(), Ok(check));
    }
    assert!("by telephone".parse::<IdentityCheck>().unwrap_err().contains("vneid"));
}
