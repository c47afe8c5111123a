//! Rights and commits: what was computed under old rights does not happen.

use std::sync::atomic::{AtomicU32, Ordering};

use dinh_model::Target;
use dinh_services::ServiceError;
use dinh_services::accounts::{activate, rename_unit, suspend, withdraw};
use dinh_services::permissions::UNIT_MANAGE;

use crate::house::{House, account, give};

#[test]
fn a_change_computed_before_a_withdrawal_does_not_commit_after_it() {
    let house = House::new();
    let grant = house.admin(|call| give(call, house.officer, "dinh.administrator", house.planning));
    let mut call = house.platform.begin(&house.origin(house.officer)).unwrap();
    rename_unit(&mut call, house.planning, "Tên khác").unwrap();
    house.admin(|call| withdraw(call, grant, ""));
    assert!(matches!(house.platform.commit(call), Err(ServiceError::Conflict)));
    let again = house.as_person(house.officer, |call| rename_unit(call, house.planning, "Tên khác"));
    assert!(matches!(again, Err(ServiceError::Denied(_))));
}

#[test]
fn a_change_computed_before_a_suspension_does_not_commit_after_it() {
    let house = House::new();
    house.admin(|call| give(call, house.officer, "dinh.administrator", house.planning));
    let mut call = house.platform.begin(&house.origin(house.officer)).unwrap();
    rename_unit(&mut call, house.planning, "Tên khác").unwrap();
    house.admin(|call| suspend(call, house.officer, ""));
    assert!(matches!(house.platform.commit(call), Err(ServiceError::Conflict)));
}

#[test]
fn giving_rights_to_others_disturbs_nobodys_call() {
    let house = House::new();
    let mut call = house.platform.begin(&house.origin(house.admin)).unwrap();
    rename_unit(&mut call, house.planning, "Tên khác").unwrap();
    house.admin(|call| give(call, house.officer, "dinh.administrator", house.finance));
    house.platform.commit(call).unwrap();
}

#[test]
fn a_deed_that_meets_a_revocation_is_run_again_under_the_new_policy() {
    let house = House::new();
    let runs = AtomicU32::new(0);
    house
        .as_person(house.admin, |call| {
            let run = runs.fetch_add(1, Ordering::SeqCst);
            if run == 0 {
                house.admin(|call| suspend(call, house.officer, ""));
            }
            rename_unit(call, house.planning, "Tên khác")
        })
        .unwrap();
    assert_eq!(runs.load(Ordering::SeqCst), 2);
}

#[test]
fn no_check_that_begins_after_a_suspension_allows_on_any_thread() {
    let house = House::new();
    let head = house.admin(|call| {
        let head = account(call, "truong", "Lê Thị Trưởng", house.planning)?;
        give(call, head, "dinh.administrator", house.planning)?;
        Ok(head)
    });
    // Odd: suspended and acknowledged. Even: about to change.
    let phase = AtomicU32::new(0);
    std::thread::scope(|scope| {
        let checks: Vec<_> = (0..4)
            .map(|_| {
                scope.spawn(|| {
                    let (mut checked, mut stale) = (0_u32, 0_u32);
                    while phase.load(Ordering::SeqCst) < 200 {
                        let before = phase.load(Ordering::SeqCst);
                        let call = house.platform.begin(&house.origin(head)).unwrap();
                        let allowed = call.check(&UNIT_MANAGE, &Target::unit(house.planning));
                        let after = phase.load(Ordering::SeqCst);
                        if before % 2 == 1 && before == after {
                            checked += 1;
                            stale += u32::from(allowed);
                        }
                    }
                    (checked, stale)
                })
            })
            .collect();
        for _ in 0..100 {
            house.admin(|call| suspend(call, head, ""));
            phase.fetch_add(1, Ordering::SeqCst);
            for _ in 0..50 {
                assert!(!house.may(head, &UNIT_MANAGE, house.planning));
            }
            phase.fetch_add(1, Ordering::SeqCst);
            house.admin(|call| activate(call, head));
        }
        let results: Vec<(u32, u32)> = checks.into_iter().map(|thread| thread.join().unwrap()).collect();
        assert_eq!(results.iter().map(|(_, stale)| stale).sum::<u32>(), 0);
    });
}
