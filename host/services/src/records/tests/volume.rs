//! What a plugin keeps is counted exactly, whatever becomes of the calls that write.

use dinh_model::{RecordId, Value};
use proptest::prelude::*;

use super::super::{Bulk, Column, RecordError, Volume, delete, update};
use super::house::{House, paper, text, text_column, values};
use crate::{Limits, ServiceError, Trip};

/// What is done to the ledger, each in a call of its own.
#[derive(Clone, Debug)]
enum Deed {
    Add(usize),
    Change(usize, usize),
    Remove(usize),
    /// Adds and removes in one call, and writes one twice.
    Both(usize),
    /// Is given up.
    Forgotten,
    /// Two at once change the same record; one conflicts.
    Conflict(usize),
    /// Some are staged, and published or given up.
    Bulk(usize, bool),
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        4 => (0usize..300).prop_map(Deed::Add),
        3 => (any::<usize>(), 0usize..300).prop_map(|(at, long)| Deed::Change(at, long)),
        2 => any::<usize>().prop_map(Deed::Remove),
        1 => any::<usize>().prop_map(Deed::Both),
        1 => Just(Deed::Forgotten),
        1 => any::<usize>().prop_map(Deed::Conflict),
        1 => (1usize..10, any::<bool>()).prop_map(|(rows, done)| Deed::Bulk(rows, done)),
    ]
}

fn title(long: usize) -> Value {
    text(&"x".repeat(long + 1))
}

fn volume(house: &House) -> Volume {
    let snapshot = house.platform.store().snapshot().unwrap();
    let counted = Volume::of(&snapshot, house.data().number).unwrap();
    assert_eq!(counted, Volume::recount(&snapshot, house.data().number).unwrap());
    counted
}

fn perform(house: &House, there: &mut Vec<RecordId>, deed: &Deed) {
    let data = house.data();
    let pick = |at: &usize, there: &[RecordId]| there.get(at % there.len().max(1)).copied();
    match deed {
        Deed::Add(long) => there.push(house.clerk(|call| paper(call, &data, &[("title", title(*long))]))),
        Deed::Change(at, long) => {
            let Some(id) = pick(at, there) else { return };
            let new = || values(&[("title", title(*long))]);
            house.clerk(|call| update(call, &data, "papers", id, None, new()));
        }
        Deed::Remove(at) => {
            let Some(id) = pick(at, there) else { return };
            house.clerk(|call| delete(call, &data, "papers", id, None));
            there.retain(|known| *known != id);
        }
        Deed::Both(at) => {
            let Some(id) = pick(at, there) else { return };
            let new = house.clerk(|call| {
                let new = paper(call, &data, &[("title", title(5))])?;
                update(call, &data, "papers", new, None, values(&[("title", title(50))]))?;
                delete(call, &data, "papers", id, None)?;
                Ok(new)
            });
            there.retain(|known| *known != id);
            there.push(new);
        }
        Deed::Forgotten => {
            paper(&mut house.call(house.clerk), &data, &[("title", title(9))]).unwrap();
        }
        Deed::Conflict(at) => {
            let Some(id) = pick(at, there) else { return };
            let mut calls = [house.call(house.clerk), house.call(house.clerk)];
            for (long, call) in calls.iter_mut().enumerate() {
                update(call, &data, "papers", id, None, values(&[("title", title(400 + long))])).unwrap();
            }
            let ends = calls.map(|call| house.commit(call).is_ok());
            assert!(ends.contains(&true));
        }
        Deed::Bulk(rows, done) => {
            let origin = house.origin(house.clerk);
            let bulk = house.platform.open_bulk(&origin, &data, "papers").unwrap();
            for first in (0..*rows).step_by(super::super::BULK_STEP) {
                let rows = (*rows - first).min(super::super::BULK_STEP);
                stage(house, &bulk, rows);
            }
            if *done {
                house.platform.publish_bulk(&origin, &data, &bulk).unwrap();
            } else {
                house.platform.abandon_bulk(&origin, &data, &bulk).unwrap();
            }
        }
    }
}

fn stage(house: &House, bulk: &Bulk, rows: usize) {
    let titles = vec!["Tờ"; rows];
    let columns: [Column; 1] = [text_column(&titles)];
    let fields = ["title".to_owned()];
    house.platform.stage_bulk(&house.origin(house.clerk), &house.data(), bulk, &fields, &columns).unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
    #[test]
    fn the_counters_are_what_a_recount_finds(deeds in prop::collection::vec(deed(), 1..40)) {
        let house = House::new();
        let mut there = Vec::new();
        for deed in &deeds {
            perform(&house, &mut there, deed);
            volume(&house);
        }
    }
}

fn limited(house: &House, records: u64, storage_bytes: u64) -> crate::Call {
    let mut call = house.call(house.clerk);
    call.limits = Limits { records, storage_bytes, ..Limits::PLUGIN };
    call
}

#[test]
fn a_plugin_keeps_as_many_records_as_it_may_and_not_one_more() {
    let house = House::new();
    let data = house.data();
    let mut call = limited(&house, 2, u64::MAX);
    let first = paper(&mut call, &data, &[("title", title(1))]).unwrap();
    paper(&mut call, &data, &[("title", title(1))]).unwrap();
    house.commit(call).unwrap();
    let mut call = limited(&house, 2, u64::MAX);
    let trip = paper(&mut call, &data, &[("title", title(1))]).unwrap_err();
    let RecordError::Limit(trip) = trip else { panic!("{trip}") };
    assert_eq!(trip, Trip { what: "records", used: 3, allowed: 2 });
    // What is full can be changed and emptied, and then there is room again.
    let mut call = limited(&house, 1, u64::MAX);
    update(&mut call, &data, "papers", first, None, values(&[("title", title(200))])).unwrap();
    delete(&mut call, &data, "papers", first, None).unwrap();
    house.commit(call).unwrap();
    let mut call = limited(&house, 2, u64::MAX);
    paper(&mut call, &data, &[("title", title(1))]).unwrap();
    house.commit(call).unwrap();
    assert_eq!(volume(&house).records, 2);
}

#[test]
fn a_plugin_keeps_as_many_bytes_as_it_may_and_not_one_more() {
    let house = House::new();
    let data = house.data();
    let id = house.clerk(|call| paper(call, &data, &[("title", title(100))]));
    let full = volume(&house).bytes();
    let mut call = limited(&house, u64::MAX, full);
    let trip = update(&mut call, &data, "papers", id, None, values(&[("title", title(101))])).unwrap_err();
    let RecordError::Limit(trip) = trip else { panic!("{trip}") };
    assert_eq!(trip, Trip { what: "storage-bytes", used: full + 1, allowed: full });
    let mut call = limited(&house, u64::MAX, full);
    update(&mut call, &data, "papers", id, None, values(&[("title", title(99))])).unwrap();
    house.commit(call).unwrap();
    assert_eq!(volume(&house).bytes(), full - 1);
}

#[test]
fn calls_that_write_at_once_do_not_exceed_a_limit_together() {
    let house = House::new();
    let data = house.data();
    // The first makes the data key, which the others would conflict over.
    house.clerk(|call| paper(call, &data, &[("title", title(1))]));
    let mut calls = [(); 3].map(|()| limited(&house, 3, u64::MAX));
    for call in &mut calls {
        paper(call, &data, &[("title", title(1))]).unwrap();
    }
    let mut ends = calls.map(|call| house.commit(call)).into_iter();
    assert!(ends.next().unwrap().is_ok() && ends.next().unwrap().is_ok());
    // It is run again, and is told.
    assert!(matches!(ends.next().unwrap(), Err(ServiceError::Conflict)));
    let told = paper(&mut limited(&house, 3, u64::MAX), &data, &[("title", title(1))]).unwrap_err();
    assert!(matches!(told, RecordError::Limit(Trip { what: "records", used: 4, allowed: 3 })), "{told}");
}

#[test]
fn calls_that_only_count_do_not_conflict() {
    let house = House::new();
    let data = house.data();
    house.clerk(|call| paper(call, &data, &[("title", title(1))]));
    let mut calls: Vec<_> = (0..64).map(|_| limited(&house, 100, u64::MAX)).collect();
    for call in &mut calls {
        paper(call, &data, &[("title", title(1))]).unwrap();
    }
    for call in calls {
        house.commit(call).unwrap();
    }
    assert_eq!(volume(&house).records, 65);
}
