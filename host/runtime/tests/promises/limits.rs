//! Every limit, tripped by a plugin that tries: a typed reason, evidence, and a house as before.

use dinh_model::AccountId;
use dinh_runtime::bindings::types::Value;
use dinh_runtime::{CallError, Trip};

use crate::house::{House, altered, component};

fn vandalised() -> (House, AccountId) {
    with(&component("hostile"))
}

fn with(wasm: &[u8]) -> (House, AccountId) {
    let house = House::new();
    house.install(wasm).unwrap();
    house.give(house.officer, "hostile.vandal", house.province);
    let officer = house.officer;
    (house, officer)
}

fn trip<T: std::fmt::Debug>(result: Result<T, CallError>) -> Trip {
    match result {
        Err(CallError::Limit(trip)) => trip,
        other => panic!("{other:?}"),
    }
}

/// The path ends with this limit, which is evidenced; the next call is served as if nothing had happened.
fn trips(path: &str, limit: &str, allowed: u64) -> Trip {
    let (house, vandal) = vandalised();
    let trip = trip(house.draw(vandal, "hostile", path));
    assert_eq!((trip.what, trip.allowed), (limit, allowed));
    assert!(trip.used >= allowed, "{trip}");
    let (action, detail) = house.last();
    assert_eq!(action, "call.tripped");
    for (name, value) in [("limit", limit.to_owned()), ("used", trip.used.to_string()), ("route", "/".into())]
    {
        assert!(detail.contains(&(name.to_owned(), value)), "{detail:?}");
    }
    assert_eq!(house.draw(vandal, "hostile", "/").unwrap().title, "counters: ");
    trip
}

#[test]
fn an_endless_loop_ends_with_its_computing_time() {
    trips("/spin", "cpu-milliseconds", 200);
}

#[test]
fn an_endless_flood_of_cheap_host_calls_ends_with_its_computing_time() {
    trips("/calls", "cpu-milliseconds", 200);
}

#[test]
fn time_that_passes_counts_where_computing_does_not() {
    let wasm = altered(
        "hostile",
        &[
            ("wall-milliseconds = 9000", "wall-milliseconds = 20  "),
            ("cpu-milliseconds = 200", "cpu-milliseconds = 2e3"),
        ],
    );
    // TOML has no integers with exponents: the manifest says so.
    assert!(dinh_runtime::Package::read(&wasm).is_err());
    let wasm = altered(
        "hostile",
        &[
            ("wall-milliseconds = 9000", "wall-milliseconds = 20  "),
            ("cpu-milliseconds = 200", "cpu-milliseconds = 999"),
        ],
    );
    let (house, vandal) = with(&wasm);
    let trip = trip(house.draw(vandal, "hostile", "/spin"));
    assert_eq!((trip.what, trip.allowed), ("wall-milliseconds", 20));
}

#[test]
fn memory_is_given_up_to_its_limit() {
    let trip = trips("/grow", "memory-bytes", 8 << 20);
    // Refused before it was taken.
    assert!(trip.used <= (8 << 20) + (8 << 20), "{trip}");
}

#[test]
fn recursion_ends_and_leaves_the_thread_standing() {
    let (house, vandal) = vandalised();
    match house.draw(vandal, "hostile", "/recurse") {
        // The engine's stack, or the guest's own in its linear memory, whichever is full first.
        Err(CallError::Limit(trip)) => assert_eq!(trip.what, "stack-bytes"),
        Err(CallError::Trapped) => assert_eq!(house.last().0, "call.trapped"),
        other => panic!("{other:?}"),
    }
    assert!(house.draw(vandal, "hostile", "/").is_ok());
}

#[test]
fn log_lines_are_counted() {
    assert_eq!(trips("/lines", "log-lines", 50).used, 51);
}

#[test]
fn bytes_of_host_calls_are_counted() {
    trips("/bytes", "host-bytes", 1_000_000);
}

#[test]
fn a_page_larger_than_a_call_may_hand_over_is_not_even_copied() {
    trips("/larger", "host-bytes", 1_000_000);
}

#[test]
fn rows_read_are_counted_whatever_becomes_of_them() {
    let (house, vandal) = vandalised();
    house.submit(vandal, "hostile", "add", &[]).unwrap();
    let trip = trip(house.draw(vandal, "hostile", "/rows"));
    assert_eq!((trip.what, trip.allowed), ("rows-read", 2000));
}

#[test]
fn records_written_are_counted_and_none_is_kept() {
    let (house, vandal) = vandalised();
    let before = house.seq();
    let trip = trip(house.submit(vandal, "hostile", "records", &[]));
    assert_eq!((trip.what, trip.allowed), ("records-written", 100));
    assert_eq!(house.draw(vandal, "hostile", "/").unwrap().title, "counters: ");
    // Only the evidence of the trip was committed.
    assert_eq!(house.seq(), before + 1);
}

#[test]
fn more_targets_than_a_check_takes_break_the_call_off() {
    let (house, vandal) = vandalised();
    assert!(matches!(house.draw(vandal, "hostile", "/targets"), Err(CallError::Trapped)));
}

#[test]
fn a_refusal_that_a_plugin_requires_is_evidence() {
    let (house, vandal) = vandalised();
    let nowhere = house.finance.0 + 1000;
    let Err(CallError::Denied(reason)) =
        house.submit(vandal, "hostile", "require", &[("unit", Value::Unit(nowhere))])
    else {
        panic!()
    };
    assert!(!reason.is_empty());
    let (action, detail) = house.last();
    assert_eq!(action, "access.refused");
    assert!(detail.contains(&("permission".into(), "hostile.harm.do".into())));
}
