//! A house begins with two people.

use std::path::Path;
use std::sync::Arc;

use dinh_model::{Actor, Label, Language, Target};
use dinh_services::accounts::{
    Begun, Ceremony, FirstPerson, Password, approve, begin_house, change_password, create_account,
    create_unit, head_of,
};
use dinh_services::permissions::{ACCOUNT_APPROVE, ACCOUNT_MANAGE, GRANT_APPROVE};
use dinh_services::{FixedClock, Options, Platform, ServiceError};
use dinh_store::memory::Memory;
use dinh_store::{Signer, Store};

use crate::council::secret;
use crate::house::{GOOD, MORNING, ask, denied, invalid, new_unit, refused};

fn empty() -> Arc<Platform> {
    let signer = Signer::from_seed("tests", [7; 32]).unwrap();
    let store = Store::with_backend(Box::new(Memory::new()), signer, dinh_store::Options::default()).unwrap();
    let clock = Arc::new(FixedClock::new(MORNING.parse().unwrap()));
    Platform::open_with(Path::new("/nowhere"), store, clock, Options::cheap()).unwrap()
}

fn ceremony(first: &str, second: &str) -> Ceremony {
    let person = |login: &str, password: &str| FirstPerson {
        login: login.to_owned(),
        full_name: format!("Người {login}"),
        password: Password::new(password),
    };
    Ceremony {
        unit: new_unit("tinh", "Tỉnh Lào Cai", None),
        people: [person("mot", first), person("hai", second)],
    }
}

fn begin(platform: &Platform, ceremony: &Ceremony) -> Result<Begun, ServiceError> {
    let operator = platform.origin(Actor::Public, Language::Vi).as_operator();
    platform.perform(&operator, |call| begin_house(call, ceremony.clone()))
}

const ONE: &str = "bốn mùa xuân hạ";
const OTHER: &str = "thu đông nối nhau";

#[test]
fn two_people_begin_and_each_can_approve_what_the_other_asks_for() {
    let platform = empty();
    let begun = begin(&platform, &ceremony(ONE, OTHER)).unwrap();
    let [first, second] = begun.people;
    let everything = Target { unit: begun.unit, label: Label::Confidential, owner: None };
    for (asks, approves) in [(first, second), (second, first)] {
        let origin = |account| platform.origin(Actor::person(account), Language::Vi);
        let call = platform.begin(&origin(asks)).unwrap();
        for permission in [&*ACCOUNT_MANAGE, &*ACCOUNT_APPROVE, &*GRANT_APPROVE] {
            assert!(call.check(permission, &everything), "{permission}");
        }
        let login = format!("mat-{asks}");
        let made =
            platform.perform(&origin(asks), |call| create_account(call, secret(&login, begun.unit))).unwrap();
        let request = made.request.unwrap();
        assert_eq!(refused(platform.perform(&origin(asks), |call| approve(call, request))), "second-person");
        platform.perform(&origin(approves), |call| approve(call, request)).unwrap();
        let (given, own) = (Password::new(GOOD), Password::new("thu đông nối tiếp"));
        change_password(&platform, &origin(made.id), None, &given, &own).unwrap();
        let request =
            platform.perform(&origin(asks), |call| ask(call, made.id, "dinh.director", begun.unit)).unwrap();
        platform.perform(&origin(approves), |call| approve(call, request)).unwrap();
    }
    let call = platform.begin(&platform.origin(Actor::Public, Language::Vi)).unwrap();
    assert_eq!(head_of(&call, begun.unit).unwrap().unwrap().account, first);
    let evidence = platform.store().snapshot().unwrap().evidence(0, 100).unwrap();
    let entry = evidence.iter().find(|it| it.entry.action == "house.begun").unwrap();
    assert_eq!(entry.entry.detail["first"], first.to_string());
    assert_eq!(entry.entry.detail["second"], second.to_string());
}

#[test]
fn a_house_begins_once_with_two_different_people_by_its_owner() {
    let platform = empty();
    let stranger = platform.origin(Actor::Public, Language::Vi);
    denied(platform.perform(&stranger, |call| begin_house(call, ceremony(ONE, OTHER))));
    assert!(invalid(begin(&platform, &ceremony(ONE, ONE))).contains("different passwords"));
    assert!(invalid(begin(&platform, &ceremony(ONE, "ngắn"))).contains("at least 10"));
    let mut twice = ceremony(ONE, OTHER);
    twice.people[1].login = " MOT ".into();
    assert!(invalid(begin(&platform, &twice)).contains("both are “mot”"));
    twice.people[1].login = "hai người".into();
    assert!(invalid(begin(&platform, &twice)).contains("“hai người” is no login"));
    begin(&platform, &ceremony(ONE, OTHER)).unwrap();
    assert_eq!(refused(begin(&platform, &ceremony(ONE, OTHER))), "begins-once");
}

#[test]
fn a_root_that_is_there_already_is_taken() {
    let platform = empty();
    let operator = platform.origin(Actor::Public, Language::Vi).as_operator();
    let root = platform.perform(&operator, |call| {
        let root = create_unit(call, new_unit("tinh", "Tỉnh Lào Cai", None))?;
        create_unit(call, new_unit("skhdt", "Sở", Some(root)))?;
        Ok(root)
    });
    let mut below = ceremony(ONE, OTHER);
    below.unit = new_unit("skhdt", "Sở", None);
    assert!(invalid(begin(&platform, &below)).contains("not a root"));
    assert_eq!(begin(&platform, &ceremony(ONE, OTHER)).unwrap().unit, root.unwrap());
}
