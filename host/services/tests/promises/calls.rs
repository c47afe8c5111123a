//! Calls: one change or none, run again when they conflict, the same each time.

use std::cell::{Cell, RefCell};

use dinh_model::{Actor, Language, RecordId};
use dinh_services::accounts::{get_unit, rename_unit};
use dinh_services::{Command, Limits, Resource, ServiceError};

use crate::house::{House, unit};

#[test]
fn a_call_that_fails_leaves_nothing_behind() {
    let house = House::new();
    let seq = house.seq();
    let failed: Result<(), _> = house.as_person(house.admin, |call| {
        rename_unit(call, house.planning, "Tên khác")?;
        Err(ServiceError::Busy)
    });
    assert!(failed.is_err());
    assert_eq!(house.seq(), seq);
    assert_eq!(house.read(|call| get_unit(call, house.planning).unwrap().name), "Sở Kế hoạch và Đầu tư");
}

#[test]
fn a_call_that_only_reads_writes_nothing_and_one_with_only_evidence_writes_that() {
    let house = House::new();
    let seq = house.seq();
    house.as_person(house.officer, |call| get_unit(call, house.planning).map(drop)).unwrap();
    assert_eq!(house.seq(), seq);
    house
        .as_person(house.officer, |call| {
            call.evidence("report.read", "report:7", [("rows", "12".to_owned())]);
            Ok(())
        })
        .unwrap();
    assert_eq!(house.last().entry.action, "report.read");
}

#[test]
fn two_who_change_the_same_thing_both_succeed_one_after_the_other() {
    let house = House::new();
    let runs = Cell::new(0);
    let seeds = RefCell::new(Vec::new());
    house
        .as_person(house.admin, |call| {
            seeds.borrow_mut().push((call.random(), call.new_record_id(), call.now()));
            runs.set(runs.get() + 1);
            let name = get_unit(call, house.planning)?.name;
            if runs.get() == 1 {
                house.admin(|call| rename_unit(call, house.planning, "Sở Tài chính mới"));
            }
            rename_unit(call, house.planning, &format!("{name} và Đầu tư"))
        })
        .unwrap();
    assert_eq!(house.read(|call| get_unit(call, house.planning).unwrap().name), "Sở Tài chính mới và Đầu tư");
    let seeds = seeds.into_inner();
    assert_eq!(seeds.len(), 2);
    assert_eq!(seeds.first(), seeds.last(), "run again, a call draws the same and stands at the same moment");
}

#[test]
fn deeds_of_one_origin_draw_numbers_of_their_own() {
    let house = House::new();
    let origin = house.origin(house.admin);
    let draw = |origin| {
        house.platform.perform(origin, |call| Ok((call.random(), call.new_record_id(), call.now()))).unwrap()
    };
    let (first, second, copied) = (draw(&origin), draw(&origin), draw(&origin.clone()));
    assert_eq!((first.2, second.2), (second.2, copied.2), "at the same moment");
    assert!(first.0 != second.0 && second.0 != copied.0 && first.0 != copied.0);
    assert!(first.1 != second.1 && second.1 != copied.1 && first.1 != copied.1);
}

#[test]
fn a_deed_that_always_conflicts_gives_up_after_eight_times() {
    let house = House::new();
    let runs = Cell::new(0);
    let result = house.as_person(house.admin, |call| {
        runs.set(runs.get() + 1);
        get_unit(call, house.planning)?;
        house.admin(|call| rename_unit(call, house.planning, &format!("Sở {}", runs.get())));
        rename_unit(call, house.planning, "Sở")
    });
    assert!(matches!(result, Err(ServiceError::Conflict)));
    assert_eq!(runs.get(), 8);
    assert!(ServiceError::Conflict.text(Language::Vi).contains("Vui lòng thử lại"));
}

#[test]
fn many_threads_that_create_units_give_each_its_own_number() {
    let house = House::new();
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let house = &house;
            scope.spawn(move || {
                for number in 0..5 {
                    let code = format!("u{thread}-{number}");
                    while house
                        .as_person(house.admin, |call| Ok(unit(call, &code, "Phòng", Some(house.planning))))
                        .is_err()
                    {}
                }
            });
        }
    });
    let mut ids = house.read(|call| {
        let units = dinh_services::accounts::list_units(call, Some(house.planning)).unwrap();
        units.into_iter().map(|unit| unit.id.0).collect::<Vec<_>>()
    });
    ids.sort_unstable();
    assert_eq!(ids, (4..24).collect::<Vec<_>>());
}

#[test]
fn every_call_has_limits_and_a_trip_says_used_and_allowed() {
    let house = House::new();
    let result = house.as_person(house.officer, |call| {
        call.limits = Limits { rows_read: 3, ..Limits::PLUGIN };
        call.spend(Resource::RowsRead, 3)?;
        call.spend(Resource::RowsRead, 1)?;
        Ok(())
    });
    let Err(ServiceError::Limit(trip)) = result else { panic!("{result:?}") };
    assert_eq!((trip.what, trip.used, trip.allowed), ("rows-read", 4, 3));
}

#[test]
fn a_call_stands_in_the_day_of_vietnam() {
    let house = House::new();
    house.clock.set("2026-06-30T17:00:00Z".parse().unwrap());
    let today = house.platform.begin(&house.platform.origin(Actor::Public, Language::Vi)).unwrap().today();
    assert_eq!(today.to_string(), "2026-07-01");
}

#[test]
fn every_entry_of_a_command_says_so_refusals_too_and_that_of_a_person_does_not() {
    let house = House::new();
    let command =
        |reason: &str| Command { name: "unit rename".into(), system_user: 1001, reason: reason.into() };
    let entries = |from: usize| house.evidence().split_off(from);
    let rename = |origin: &dinh_services::Origin| {
        house.platform.perform(origin, |call| {
            call.acts_beside_the_rules();
            rename_unit(call, house.planning, "Sở Tài chính")
        })
    };
    let begun = house.evidence().len();
    rename(&house.origin(house.officer).by_command(command(""))).unwrap_err();
    rename(&house.origin(house.admin).by_command(command(""))).unwrap();
    rename(&house.origin(house.admin).as_operator().by_command(command("nhầm tên"))).unwrap();
    let found = entries(begun);
    let actions: Vec<_> = found.iter().map(|it| it.entry.action.as_str()).collect();
    assert_eq!(actions, ["access.refused", "unit.renamed", "operator.break-glass", "unit.renamed"]);
    for recorded in &found {
        let detail = &recorded.entry.detail;
        assert_eq!((detail["channel"].as_str(), detail["command"].as_str()), ("command", "unit rename"));
        assert_eq!(detail["system-user"], "1001");
    }
    assert_eq!(found[2].entry.detail["reason"], "nhầm tên");
    rename(&house.origin(house.admin)).unwrap();
    assert!(!entries(begun + 4)[0].entry.detail.contains_key("channel"));
}

#[test]
fn a_deed_about_more_records_than_an_entry_holds_leaves_as_many_entries_as_it_takes() {
    let house = House::new();
    let records: Vec<_> =
        (0..2_500_u32).map(|number| RecordId::new(1, [number.to_le_bytes()[0]; 10])).collect();
    let before = house.platform.store().snapshot().unwrap().evidence_len();
    house.admin(|call| {
        call.evidence_about("list.shown", "papers/papers", [("rows", "2500".into())], &records);
        call.evidence_about("list.shown", "papers/papers", [], &records[..1_000]);
        Ok(())
    });
    let left = house.platform.store().snapshot().unwrap().evidence(before, 10).unwrap();
    let sizes: Vec<_> = left.iter().map(|it| (it.entry.records.len(), it.entry.detail.get("part"))).collect();
    let parts = ["1/3", "2/3", "3/3"].map(String::from);
    let [one, two, three] = parts.each_ref();
    assert_eq!(sizes, [(1_000, Some(one)), (1_000, Some(two)), (500, Some(three)), (1_000, None)]);
    let whole: Vec<_> = left.iter().take(3).flat_map(|it| it.entry.records.clone()).collect();
    assert_eq!(whole, records);
    assert!(left.iter().take(3).all(|it| it.entry.detail["rows"] == "2500"));
}
