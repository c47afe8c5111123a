//! Access tokens: for programs, within a scope, for a term, apart from sessions.

use std::time::Duration;

use dinh_model::{Localized, Target};
use dinh_services::accounts::{
    AccessToken, MadeToken, NewToken, Password, SessionError, SessionKind, activate, change_password,
    create_unit, declare_permission, define_role, list_sessions, list_tokens, make_token, revoke_token,
    suspend, withdraw,
};
use dinh_services::{Options, Origin, ServiceError, permissions};

use crate::house::{GOOD, House, denied, give, invalid, new_unit};

const DAY: Duration = Duration::from_secs(24 * 3600);

/// A house in which the officer may read and write scores, and read cases.
fn house_with(options: Options) -> House {
    let house = House::with(options);
    house.admin(|call| {
        let title = Localized::new("Quyền", "Right");
        for name in ["pci-index.score.read", "pci-index.score.write", "inspection.case.read"] {
            declare_permission(call, &name.parse().unwrap(), &title)?;
        }
        for (role, held) in [
            ("pci-index.writer", vec!["pci-index.score.read", "pci-index.score.write"]),
            ("inspection.reader", vec!["inspection.case.read"]),
        ] {
            let held: Vec<_> = held.into_iter().map(|name| name.parse().unwrap()).collect();
            define_role(call, &role.parse().unwrap(), &title, &held)?;
            give(call, house.officer, role, house.planning)?;
        }
        Ok(())
    });
    house
}

fn new(house: &House, plugins: &[&str], permissions: &[&str], days: u32) -> NewToken {
    NewToken {
        name: "Báo cáo tháng".into(),
        plugins: plugins.iter().map(|text| text.parse().unwrap()).collect(),
        permissions: permissions.iter().map(|text| text.parse().unwrap()).collect(),
        read_only: false,
        expires: house.platform.clock().now() + days * DAY,
    }
}

fn make(house: &House, new: &NewToken) -> Result<MadeToken, ServiceError> {
    make_token(&house.platform, &house.origin(house.officer), &Password::new(GOOD), new)
}

/// Where a call with a token comes from.
fn origin(house: &House, token: &str) -> Origin {
    let session = house.platform.session(token).unwrap();
    assert_eq!(session.kind, SessionKind::Access);
    house.origin(session.account.id).within(session.scope.clone())
}

fn may(house: &House, token: &str, permission: &str) -> bool {
    let call = house.platform.begin(&origin(house, token)).unwrap();
    call.check(&permission.parse().unwrap(), &Target::unit(house.planning))
}

fn listed(house: &House) -> Vec<AccessToken> {
    house.as_person(house.officer, |call| list_tokens(call, house.officer)).unwrap()
}

#[test]
fn a_token_may_what_its_scope_and_its_person_both_may() {
    let house = house_with(Options::cheap());
    let one = make(&house, &new(&house, &[], &["pci-index.score.read"], 30)).unwrap().token;
    assert!(may(&house, &one, "pci-index.score.read"));
    assert!(!may(&house, &one, "pci-index.score.write"), "beyond the scope");
    let plugin = make(&house, &new(&house, &["inspection"], &[], 30)).unwrap().token;
    assert!(may(&house, &plugin, "inspection.case.read"));
    assert!(!may(&house, &plugin, "pci-index.score.read"));
    // What the person loses, the token loses.
    let grants =
        house.as_person(house.officer, |call| dinh_services::accounts::grants_of(call, house.officer));
    house.admin(|call| grants.as_ref().unwrap().iter().try_for_each(|grant| withdraw(call, grant.id, "")));
    assert!(!may(&house, &one, "pci-index.score.read"));
}

#[test]
fn a_refusal_for_want_of_scope_says_so_and_the_evidence_names_the_token() {
    let house = house_with(Options::cheap());
    let made = make(&house, &new(&house, &["inspection"], &[], 30)).unwrap();
    let write = "pci-index.score.write".parse().unwrap();
    let origin = origin(&house, &made.token);
    let refused = house.platform.perform(&origin, |call| call.require(&write, &Target::unit(house.planning)));
    assert!(denied(refused).contains("Mã truy cập này không có quyền pci-index.score.write"));
    let last = house.last().entry;
    assert_eq!(
        (last.detail["condition"].as_str(), &last.detail["token"]),
        ("outside-token", &made.id.to_string())
    );
}

#[test]
fn a_token_made_for_datasets_reads_them_and_administers_nothing() {
    let house = house_with(Options::cheap());
    for role in [permissions::ADMINISTRATOR.as_str(), "dinh.data-reader"] {
        house.admin(|call| give(call, house.officer, role, house.province));
    }
    let reading = make(&house, &new(&house, &[], &["dinh.dataset.read"], 30)).unwrap().token;
    assert!(may(&house, &reading, "dinh.dataset.read"));
    for beyond in ["dinh.account.manage", "dinh.label.export", "pci-index.score.read"] {
        assert!(!may(&house, &reading, beyond), "{beyond}");
    }
    let plugin = make(&house, &new(&house, &["pci-index"], &[], 30)).unwrap().token;
    assert!(!may(&house, &plugin, "dinh.dataset.read"), "only where it is named");
}

#[test]
fn no_token_reaches_the_platform_its_owners_account_or_another_token() {
    let house = house_with(Options::cheap());
    house.admin(|call| give(call, house.officer, permissions::ADMINISTRATOR.as_str(), house.province));
    for own in [new(&house, &["dinh"], &[], 30), new(&house, &[], &["dinh.account.manage"], 30)] {
        assert!(invalid(make(&house, &own)).contains("administration"));
    }
    let made = make(&house, &new(&house, &["pci-index", "inspection"], &[], 30)).unwrap();
    let origin = origin(&house, &made.token);
    let platform = &house.platform;
    denied(platform.perform(&origin, |call| suspend(call, house.admin, "")));
    denied(platform.perform(&origin, |call| create_unit(call, new_unit("x", "Sở X", Some(house.province)))));
    denied(platform.perform(&origin, |call| list_tokens(call, house.officer)));
    denied(platform.perform(&origin, |call| revoke_token(call, house.officer, made.id)));
    denied(platform.perform(&origin, |call| list_sessions(platform, call, Some(house.officer), None, 10)));
    let good = Password::new(GOOD);
    let another = make_token(platform, &origin, &good, &new(&house, &["inspection"], &[], 30));
    assert!(invalid(another).contains("signed-in person"));
    let password = change_password(platform, &origin, None, &good, &Password::new("thu đông nối tiếp"));
    assert!(invalid(password).contains("signed-in person"));
}

#[test]
fn a_token_that_may_only_read_writes_nothing() {
    let house = house_with(Options::cheap());
    let made = make(&house, &NewToken { read_only: true, ..new(&house, &["pci-index"], &[], 30) }).unwrap();
    let origin = origin(&house, &made.token);
    let mut call = house.platform.begin(&origin).unwrap();
    assert!(call.records.read_only);
    call.next_number(dinh_services::space::Counter::Unit).unwrap();
    let seq = house.seq();
    assert!(invalid(house.platform.commit(call)).contains("not write"));
    assert_eq!(house.seq(), seq);
}

#[test]
fn a_token_is_shown_once_and_stored_as_a_hash_and_lists_when_it_was_used() {
    let house = house_with(Options::cheap());
    let made = make(&house, &new(&house, &["pci-index"], &[], 30)).unwrap();
    assert!(made.token.starts_with("dinh_") && made.token.len() == 48);
    assert_eq!(listed(&house)[0].used, None);
    house.clock.advance(DAY);
    house.platform.session(&made.token).unwrap();
    let tokens = listed(&house);
    let [token] = tokens.as_slice() else { panic!("{tokens:?}") };
    assert_eq!((token.id, token.name.as_str()), (made.id, "Báo cáo tháng"));
    assert_eq!(token.used, Some(house.platform.clock().now()));
    assert!(!format!("{:?}{:?}", tokens, house.evidence()).contains(&made.token[5..]));
    let snapshot = house.platform.store().snapshot().unwrap();
    for item in snapshot.range(&[0], None, dinh_store::Direction::Forward) {
        let (key, stored) = item.unwrap();
        for bytes in [key.as_slice(), &stored.value] {
            assert!(!bytes.windows(43).any(|window| window == &made.token.as_bytes()[5..]));
        }
    }
}

#[test]
fn a_token_ends_with_its_term_which_is_at_most_a_year() {
    let house = house_with(Options::cheap());
    for days in [0, 367] {
        assert!(invalid(make(&house, &new(&house, &["pci-index"], &[], days))).contains("366 days"));
    }
    let token = make(&house, &new(&house, &["pci-index"], &[], 366)).unwrap().token;
    house.clock.advance(366 * DAY - Duration::from_secs(1));
    assert!(house.platform.session(&token).is_ok(), "it is not idle like a session");
    house.clock.advance(Duration::from_secs(1));
    assert!(matches!(house.platform.session(&token), Err(SessionError::Expired)));
}

#[test]
fn its_owner_and_their_administrator_revoke_a_token_and_nobody_else() {
    let house = house_with(Options::cheap());
    let one = make(&house, &new(&house, &["pci-index"], &[], 30)).unwrap();
    let two = make(&house, &new(&house, &["pci-index"], &[], 30)).unwrap();
    assert!(house.platform.session(&one.token).is_ok());
    assert!(house.as_person(house.officer, |call| revoke_token(call, house.officer, one.id)).unwrap());
    assert!(matches!(house.platform.session(&one.token), Err(SessionError::Unknown)));
    assert_eq!(house.admin(|call| list_tokens(call, house.officer)).len(), 1);
    assert!(house.admin(|call| revoke_token(call, house.officer, two.id)));
    assert!(house.platform.session(&two.token).is_err());
    assert!(!house.admin(|call| revoke_token(call, house.officer, two.id)));
    assert_eq!(house.last().entry.action, "token.revoked");
    denied(house.as_person(house.officer, |call| list_tokens(call, house.admin)));
    denied(house.as_person(house.officer, |call| revoke_token(call, house.admin, two.id)));
}

#[test]
fn a_suspended_person_has_no_token_that_works_nor_after_they_are_activated() {
    let house = house_with(Options::cheap());
    let token = make(&house, &new(&house, &["pci-index"], &[], 30)).unwrap().token;
    assert!(house.platform.session(&token).is_ok());
    house.admin(|call| suspend(call, house.officer, ""));
    assert!(matches!(house.platform.session(&token), Err(SessionError::Unknown)));
    house.admin(|call| activate(call, house.officer));
    assert!(matches!(house.platform.session(&token), Err(SessionError::Unknown)), "a new one has to be made");
}

#[test]
fn making_one_needs_the_password_a_scope_and_room() {
    let house = house_with(Options { tokens_per_account: 2, ..Options::cheap() });
    let good = new(&house, &["pci-index"], &[], 30);
    let origin = house.origin(house.officer);
    let wrong = make_token(&house.platform, &origin, &Password::new("sai mật khẩu rồi"), &good);
    assert!(invalid(wrong).contains("current password"));
    assert_eq!(house.last().entry.action, "token.make-failed");
    assert!(invalid(make(&house, &new(&house, &[], &[], 30))).contains("Choose 1 to 100"));
    assert!(matches!(
        make(&house, &new(&house, &[], &["pci-index.no.such"], 30)),
        Err(ServiceError::NotFound { .. })
    ));
    make(&house, &NewToken { expires: house.platform.clock().now() + DAY, ..good.clone() }).unwrap();
    make(&house, &good).unwrap();
    assert!(invalid(make(&house, &good)).contains("at most 2"));
    // What is over makes room.
    house.clock.advance(DAY);
    make(&house, &good).unwrap();
    assert_eq!(listed(&house).len(), 2);
}
