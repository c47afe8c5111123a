//! The policy in force is that of what is stored, and that of every earlier moment can be made again.

use std::sync::Arc;

use dinh_access::{Policy, ServiceGrant, Term};
use dinh_model::{AccountId, Actor, Label, Localized, Target, Timestamp};
use dinh_services::accounts::{
    self, AccountChange, NewPosition, activate, admit_service, close, create_position, define_role, hold,
    move_unit, publish, release, suspend, update_account, withdraw,
};
use dinh_services::permissions::{GRANT_MANAGE, UNIT_MANAGE};
use dinh_services::{Options, ServiceError};

use crate::house::{House, MORNING, account, at_once, give, new_grant, unit};

/// The policy in force, after it was held against the one read anew from the store and against the journal's.
fn policy(house: &mut House) -> Arc<Policy> {
    let before = house.platform.policy();
    assert!(house.platform.policy_at(Timestamp::MAX).unwrap() == *before, "the journal says the same");
    house.reopen(Options::cheap());
    assert!(*house.platform.policy() == *before, "the store says the same");
    before
}

#[test]
fn whatever_is_done_the_policy_in_force_is_that_of_the_store_and_of_the_journal() {
    let mut house = House::new();
    let (admin, officer, planning, finance) = (house.admin, house.officer, house.planning, house.finance);
    policy(&mut house);
    let division = house.admin(|call| Ok(unit(call, "phong-kh", "Phòng Kế hoạch", Some(planning))));
    policy(&mut house);
    let head = house.admin(|call| {
        let title = Localized::new("Trưởng phòng", "Head");
        let head = create_position(call, NewPosition { unit: planning, title })?;
        let to = dinh_access::Grantee::Position(head);
        let grant = accounts::NewGrant { to, ..new_grant(officer, "dinh.administrator", planning) };
        at_once(call, |call| {
            accounts::give(call, grant)?;
            hold(call, officer, head, Term::ALWAYS, "bổ nhiệm")
        })?;
        Ok(head)
    });
    policy(&mut house);
    let grant = house.admin(|call| give(call, officer, "dinh.administrator", finance));
    policy(&mut house);
    house.admin(|call| release(call, officer, head));
    policy(&mut house);
    house.admin(|call| withdraw(call, grant, "hết nhiệm vụ"));
    policy(&mut house);
    house.admin(|call| suspend(call, officer, ""));
    policy(&mut house);
    house.admin(|call| activate(call, officer));
    let renamed = AccountChange { full_name: Some("Nguyễn Văn Bình".into()), ..AccountChange::default() };
    let version = house.platform.policy().version();
    house.admin(|call| update_account(call, officer, renamed.clone()));
    assert_eq!(policy(&mut house).version(), version, "a name is no right");
    house.admin(|call| at_once(call, |call| move_unit(call, division, finance, "")));
    policy(&mut house);
    house.admin(|call| {
        let score = "pci-index.score.read".parse().unwrap();
        accounts::declare_permission(call, &score, &Localized::new("Xem điểm", "Read scores"))?;
        let title = Localized::new("Người xem", "Reader");
        define_role(call, &"pci-index.reader".parse().unwrap(), &title, std::slice::from_ref(&score))?;
        let plugin = "pci-index".parse().unwrap();
        admit_service(
            call,
            &ServiceGrant { plugin, permission: score.clone(), unit: planning, label: Label::Ordinary },
        )?;
        publish(call, &dinh_access::PublicGrant { permission: score, unit: planning })
    });
    policy(&mut house);
    house.admin(|call| close(call, officer, ""));
    policy(&mut house);
    assert!(policy(&mut house).clearance(officer).is_none());
    assert!(policy(&mut house).clearance(admin).is_some());
}

#[test]
fn who_could_do_what_on_an_earlier_day_is_answered_from_the_journal() {
    let house = House::new();
    let at = |hour: &str| -> Timestamp { format!("2026-03-0{hour}:00:00Z").parse().unwrap() };
    let may_at = |moment: Timestamp, account: AccountId| {
        let policy = house.platform.policy_at(moment).unwrap();
        let index = policy.permission(&UNIT_MANAGE).unwrap();
        policy.check(&Actor::person(account), index, &Target::unit(house.planning), moment)
    };
    house.clock.set(at("3T02"));
    let grant = house.admin(|call| give(call, house.officer, "dinh.administrator", house.planning));
    house.clock.set(at("4T02"));
    house.admin(|call| withdraw(call, grant, "nhầm"));
    house.clock.set(at("5T02"));
    house.admin(|call| give(call, house.officer, "dinh.administrator", house.province));
    house.clock.set(at("6T02"));
    house.admin(|call| suspend(call, house.officer, ""));
    house.clock.set(at("7T02"));
    for (moment, may) in [
        (at("3T01"), false),
        (at("3T02"), true),
        (at("4T01"), true),
        (at("4T02"), false),
        (at("5T01"), false),
        (at("5T03"), true),
        (at("6T02"), false),
        (at("7T00"), false),
    ] {
        assert_eq!(may_at(moment, house.officer), may, "{moment}");
    }
    assert!(may_at(at("3T01"), house.admin));
    let before: Timestamp = MORNING.parse().unwrap();
    let empty = house.platform.policy_at(before - jiff::SignedDuration::from_secs(1)).unwrap();
    assert_eq!((empty.version(), empty.unit_count()), (0, 0), "before the house was set up there was nobody");
}

#[test]
fn a_clock_that_is_set_back_does_not_reorder_the_journal() {
    let house = House::new();
    let late: Timestamp = "2026-03-05T02:00:00Z".parse().unwrap();
    house.clock.set(late);
    let grant = house.admin(|call| give(call, house.officer, "dinh.administrator", house.planning));
    house.clock.set(MORNING.parse().unwrap());
    house.platform.accept_clock(&house.origin(house.admin).as_operator()).unwrap();
    house.admin(|call| withdraw(call, grant, ""));
    let who = |moment| {
        let policy = house.platform.policy_at(moment).unwrap();
        policy.who_can(policy.permission(&GRANT_MANAGE).unwrap(), &Target::unit(house.planning), moment)
    };
    assert_eq!(who(late), [house.admin], "given and withdrawn at the same moment");
}

#[test]
fn rights_that_do_not_compile_are_refused_and_leave_everything_as_it_was() {
    let mut house = House::new();
    let version = house.platform.policy().version();
    let seq = house.seq();
    let refused = house.as_person(house.admin, |call| {
        // No deed does this: a grant to nobody, written past them all.
        let stored = accounts::grants_to(call, dinh_access::Grantee::Account(house.admin))?;
        let mut grant = stored.into_iter().next().unwrap();
        grant.to = dinh_access::Grantee::Account(AccountId(77));
        let bytes = postcard::to_allocvec(&grant).unwrap();
        call.transaction.put(dinh_services::space::grant(grant.id), bytes);
        Ok(())
    });
    let Err(ServiceError::Rights(error)) = refused else { panic!("{refused:?}") };
    assert_eq!(error.to_string(), "grant 1 names account 77, which does not exist");
    assert_eq!((house.seq(), house.platform.policy().version()), (seq, version));
    assert_eq!(policy(&mut house).version(), version);
}

#[test]
fn whoever_approves_sees_who_gains_and_who_loses_before_anything_is_changed() {
    let mut house = House::new();
    let other = house.admin(|call| account(call, "binh", "Trần Văn Bình", house.finance));
    let grant = house.admin(|call| give(call, other, "dinh.administrator", house.finance));
    let before = house.platform.policy();
    let mut call = house.platform.begin(&house.origin(house.admin)).unwrap();
    give(&mut call, house.officer, "dinh.administrator", house.planning).unwrap();
    withdraw(&mut call, grant, "").unwrap();
    let difference = house.platform.preview(&call).unwrap();
    assert_eq!((difference.gaining(), difference.losing()), (vec![house.officer], vec![other]));
    assert_eq!(difference.text(dinh_model::Language::Vi), "1 người được thêm quyền; 1 người bị bớt quyền.");
    assert!(*policy(&mut house) == *before, "nothing was changed");
    let mut call = house.platform.begin(&house.origin(house.admin)).unwrap();
    accounts::rename_unit(&mut call, house.planning, "Tên khác").unwrap();
    assert_eq!(house.platform.preview(&call).unwrap().changes, []);
}

#[test]
fn many_who_give_and_take_rights_at_the_same_time_leave_the_policy_of_the_store() {
    let mut house = House::new();
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let house = &house;
            scope.spawn(move || {
                for number in 0..20 {
                    let login = format!("cb-{thread}-{number}");
                    let create = |call: &mut _| account(call, &login, "Cán bộ", house.planning);
                    let new = patient(house, create);
                    let grant = patient(house, |call| give(call, new, "dinh.administrator", house.planning));
                    if number % 2 == 0 {
                        patient(house, |call| withdraw(call, grant, ""));
                    }
                }
            });
        }
    });
    let policy = policy(&mut house);
    let index = policy.permission(&UNIT_MANAGE).unwrap();
    let who = policy.who_can(index, &Target::unit(house.planning), MORNING.parse().unwrap());
    assert_eq!(who.len(), 1 + 4 * 10);
}

fn patient<T>(house: &House, mut deed: impl FnMut(&mut dinh_services::Call) -> Result<T, ServiceError>) -> T {
    loop {
        match house.as_person(house.admin, &mut deed) {
            Ok(done) => return done,
            Err(ServiceError::Conflict) => {}
            Err(error) => panic!("{error}"),
        }
    }
}
