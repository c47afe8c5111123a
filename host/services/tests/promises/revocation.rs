//! Revocation under load: on every thread, in calls that run already as in new ones, and for what is being written.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use dinh_access::Term;
use dinh_model::{AccountId, Localized, PositionId, Target};
use dinh_services::accounts::{
    NewPosition, activate, create_position, hold, release, rename_unit, suspend, withdraw,
};
use dinh_services::permissions::UNIT_MANAGE;
use dinh_services::{Call, ServiceError};

use crate::house::{House, account, at_once, give, new_grant};

/// Checks of a normal run. A longer one: `DINH_ACCESS_CHECKS=10000000000`.
fn checks() -> u64 {
    std::env::var("DINH_ACCESS_CHECKS").ok().and_then(|count| count.parse().ok()).unwrap_or(10_000_000)
}

const PEOPLE: u64 = 16;
/// Revocations of a run, at least: checks are many times faster.
const REVOCATIONS: u64 = 100;
/// Checks of one call, which may outlive many revocations.
const CALL: u64 = 4_096;

/// Where a person's right stands, modulo four. What is told apart is what was acknowledged.
const GRANTED: u64 = 1;
const REVOKED: u64 = 3;

struct Person {
    account: AccountId,
    position: PositionId,
    /// Goes up with every step: 0 being given, 1 given, 2 being taken away, 3 taken away.
    stands: AtomicU64,
}

/// Random numbers (SplitMix64).
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % end
    }
}

#[derive(Default)]
struct Seen {
    checks: u64,
    allowed: u64,
    /// Checks whose whole time was inside one acknowledged revocation.
    revoked: u64,
    stale: u64,
    /// New calls that were denied what had been acknowledged as given.
    forgotten: u64,
    ended: u64,
}

/// Asks for people at random until enough was asked.
fn ask(house: &House, people: &[Person], asked: &AtomicU64, taken: &AtomicU64, seed: u64) -> Seen {
    let (mut random, mut seen) = (Random(seed), Seen::default());
    let target = Target::unit(house.planning);
    while asked.fetch_add(CALL, Ordering::Relaxed) < checks() || taken.load(Ordering::Relaxed) < REVOCATIONS {
        let person = people.get(random.below(PEOPLE) as usize).unwrap();
        let stands = || person.stands.load(Ordering::SeqCst);
        let before = stands();
        let mut call = house.platform.begin(&house.origin(person.account)).unwrap();
        let allowed = call.check(&UNIT_MANAGE, &target);
        // Another's revocation may have ended it at once: that is no answer.
        let answered = call.policy_in_force().is_ok();
        if before % 4 == GRANTED && before == stands() && answered {
            seen.forgotten += u64::from(!allowed);
        }
        for check in 0..CALL {
            let before = stands();
            let allowed = call.check(&UNIT_MANAGE, &target);
            let within = before % 4 == REVOKED && before == stands();
            seen.checks += 1;
            seen.allowed += u64::from(allowed);
            seen.revoked += u64::from(within);
            seen.stale += u64::from(within && allowed);
            if check % 64 == 63 && call.policy_in_force().is_err() {
                // As a running call does at its next host call: it ends, and is begun again.
                seen.ended += 1;
                let result = call.require(&UNIT_MANAGE, &target);
                assert!(matches!(result, Err(ServiceError::Conflict)), "{result:?}");
                call = house.platform.begin(&house.origin(person.account)).unwrap();
            }
        }
        // What it writes under the right commits only while it has it.
        if rename_unit(&mut call, house.planning, &format!("Sở {}", random.below(1_000_000))).is_ok() {
            let before = stands();
            let committed = house.platform.commit(call).is_ok();
            seen.stale += u64::from(committed && before % 4 == REVOKED && before == stands());
        }
    }
    seen
}

/// Takes rights away and gives them back, in each of the ways there are, until it is told to stop.
fn give_and_take(house: &House, mine: &[Person], over: &AtomicBool, taken: &AtomicU64, seed: u64) {
    let mut random = Random(seed);
    let wait = |random: &mut Random| {
        for _ in 0..random.below(200) {
            std::thread::yield_now();
        }
    };
    while !over.load(Ordering::SeqCst) {
        let person = mine.get(random.below(mine.len() as u64) as usize).unwrap();
        let (account, position) = (person.account, person.position);
        let step = || person.stands.fetch_add(1, Ordering::SeqCst);
        let way = random.below(3);
        let grant = (way != 0)
            .then(|| patient(house, |call| give(call, account, "dinh.administrator", house.planning)));
        if way == 0 {
            patient(house, |call| at_once(call, |call| hold(call, account, position, Term::ALWAYS, "thử")));
        }
        step();
        wait(&mut random);
        step();
        match (way, grant) {
            (1, Some(grant)) => patient(house, |call| withdraw(call, grant, "")),
            (_, Some(_)) => patient(house, |call| suspend(call, account, "")),
            (_, None) => patient(house, |call| release(call, account, position)),
        }
        step();
        taken.fetch_add(1, Ordering::Relaxed);
        wait(&mut random);
        step();
        if let (2, Some(grant)) = (way, grant) {
            patient(house, |call| withdraw(call, grant, ""));
            patient(house, |call| activate(call, account));
        }
    }
}

/// As the administrator, however often others come between.
fn patient<T>(house: &House, mut deed: impl FnMut(&mut Call) -> Result<T, ServiceError>) -> T {
    loop {
        match house.as_person(house.admin, &mut deed) {
            Ok(done) => return done,
            Err(ServiceError::Conflict) => {}
            Err(error) => panic!("{error}"),
        }
    }
}

#[test]
fn among_ten_million_checks_against_random_grants_and_revocations_none_allows_what_was_taken_away() {
    let house = House::new();
    let people: Vec<Person> = (0..PEOPLE)
        .map(|number| {
            house.admin(|call| {
                let account = account(call, &format!("can-bo-{number}"), "Cán bộ", house.planning)?;
                let title = Localized::new("Trưởng phòng", "Head of division");
                let position = create_position(call, NewPosition { unit: house.planning, title })?;
                let to = dinh_access::Grantee::Position(position);
                let grant = new_grant(account, "dinh.administrator", house.planning);
                let grant = dinh_services::accounts::NewGrant { to, ..grant };
                at_once(call, |call| dinh_services::accounts::give(call, grant))?;
                Ok(Person { account, position, stands: AtomicU64::new(0) })
            })
        })
        .collect();
    let (asked, taken, over) = (AtomicU64::new(0), AtomicU64::new(0), AtomicBool::new(false));
    let threads = std::thread::available_parallelism().map_or(4, |count| count.get().max(4)) as u64;
    let seen = std::thread::scope(|scope| {
        let askers: Vec<_> = (0..threads)
            .map(|seed| {
                let (house, people, asked, taken) = (&house, &people, &asked, &taken);
                scope.spawn(move || ask(house, people, asked, taken, seed))
            })
            .collect();
        // Two who administer at the same time, each their own people.
        let takers: Vec<_> = people
            .chunks(people.len() / 2)
            .enumerate()
            .map(|(seed, mine)| {
                let (house, over, taken) = (&house, &over, &taken);
                scope.spawn(move || give_and_take(house, mine, over, taken, 1_000 + seed as u64))
            })
            .collect();
        let seen: Vec<Seen> = askers.into_iter().map(|thread| thread.join().unwrap()).collect();
        over.store(true, Ordering::SeqCst);
        takers.into_iter().for_each(|thread| thread.join().unwrap());
        seen
    });
    let sum = |count: fn(&Seen) -> u64| seen.iter().map(count).sum::<u64>();
    assert_eq!(sum(|seen| seen.stale), 0, "allowed after a revocation was acknowledged");
    assert_eq!(sum(|seen| seen.forgotten), 0, "denied after a grant was acknowledged");
    assert!(sum(|seen| seen.checks) >= checks());
    // Otherwise nothing was tried.
    assert!(sum(|seen| seen.allowed) > checks() / 100);
    assert!(sum(|seen| seen.revoked) > checks() / 100);
    assert!(sum(|seen| seen.ended) > 20);
}

#[test]
fn a_call_that_runs_already_ends_at_its_next_check_after_a_revocation() {
    let house = House::new();
    let target = Target::unit(house.planning);
    let grant = house.admin(|call| give(call, house.officer, "dinh.administrator", house.planning));
    let mut call = house.platform.begin(&house.origin(house.officer)).unwrap();
    let mut page = house.platform.begin_reading(&house.origin(house.officer)).unwrap();
    for call in [&mut call, &mut page] {
        call.require(&UNIT_MANAGE, &target).unwrap();
    }
    house.admin(|call| withdraw(call, grant, ""));
    for call in [&mut call, &mut page] {
        assert!(!call.check(&UNIT_MANAGE, &target));
        assert!(matches!(call.require(&UNIT_MANAGE, &target), Err(ServiceError::Conflict)));
        let listed = call.require_somewhere(&UNIT_MANAGE, None).map(drop);
        assert!(matches!(listed, Err(ServiceError::Conflict)));
    }
    // A page that was drawn before is not shown after.
    assert!(matches!(house.platform.commit(page), Err(ServiceError::Conflict)));
}

#[test]
fn a_call_goes_on_when_others_are_given_rights() {
    let house = House::new();
    let mut call = house.platform.begin_reading(&house.origin(house.admin)).unwrap();
    house.admin(|call| give(call, house.officer, "dinh.administrator", house.planning));
    call.require(&UNIT_MANAGE, &Target::unit(house.planning)).unwrap();
    house.platform.commit(call).unwrap();
}
