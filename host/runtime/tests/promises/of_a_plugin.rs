//! Limits of a plugin as a whole: how often it is called, how much it keeps; and what more an operator accepts.

use std::time::Duration;

use dinh_model::AccountId;
use dinh_runtime::{CallError, Install, InstallError, Plugin, Trip};
use dinh_services::ServiceError;
use dinh_services::records::Volume;

use crate::house::{House, altered};

/// The manifest asks for twice as many rows as any plugin gets.
const MORE_ROWS: (&str, &str) =
    ("rows-read = 2000\nrecords-written = 100", "rows-read=2000000\nrecords-written = 99");

fn with(replace: (&str, &str)) -> (House, AccountId) {
    let house = House::new();
    house.install(&altered("hostile", &[replace])).unwrap();
    house.give(house.officer, "hostile.vandal", house.province);
    let officer = house.officer;
    (house, officer)
}

#[test]
fn a_minute_has_so_many_calls_and_the_evidence_says_once_that_they_were_used_up() {
    let (house, vandal) = with(("wall-milliseconds = 9000", "calls-per-minute = 3    "));
    (0..3).for_each(|_| drop(house.draw(vandal, "hostile", "/").unwrap()));
    let before = house.evidence().len();
    for _ in 0..5 {
        let error = house.draw(vandal, "hostile", "/").unwrap_err();
        let CallError::Often { trip, retry_after } = error else { panic!("{error}") };
        assert_eq!(trip, Trip { what: "calls-per-minute", used: 4, allowed: 3 });
        assert_eq!(retry_after, 21);
    }
    assert_eq!(house.evidence().len(), before + 1);
    let (action, detail) = house.last();
    assert_eq!(action, "call.tripped");
    assert!(detail.contains(&("limit".into(), "calls-per-minute".into())), "{detail:?}");
    let endings = house.runtime.endings();
    let [(ending, 5)] = &endings[..] else { panic!("{endings:?}") };
    assert_eq!(ending.limit, "calls-per-minute");
    house.clock.advance(Duration::from_secs(21));
    house.draw(vandal, "hostile", "/").unwrap();
    assert!(house.draw(vandal, "hostile", "/").is_err());
}

#[test]
fn a_plugin_that_keeps_as_much_as_it_may_trips_and_keeps_nothing_of_the_call() {
    let (house, vandal) = with(("log-lines = 50", "records = 1   "));
    house.submit(vandal, "hostile", "add", &[]).unwrap();
    let error = house.submit(vandal, "hostile", "records", &[]).unwrap_err();
    let CallError::Limit(trip) = error else { panic!("{error}") };
    assert_eq!(trip, Trip { what: "records", used: 2, allowed: 1 });
    let id = "hostile".parse().unwrap();
    let keeps = |house: &House| house.runtime.volume(&house.runtime.plugin(&id).unwrap()).unwrap();
    assert_eq!(keeps(&house).records, 1);
    let last = house.runtime.last_endings(&id);
    assert_eq!((last[0].action, last[0].trip), ("call.tripped", Some(trip)));

    let before = keeps(&house);
    let house = house.restart("2026-03-03T01:00:00Z");
    assert_eq!(keeps(&house), before);
    let number = house.runtime.plugin(&id).unwrap().data.number;
    assert_eq!(Volume::recount(&house.platform.store().snapshot().unwrap(), number).unwrap(), before);
    // What is there can be changed.
    house.submit(vandal, "hostile", "add", &[]).unwrap();
}

fn offer(house: &House, wasm: &[u8], accept: &str) -> Result<std::sync::Arc<Plugin>, InstallError> {
    let accept_limits = if accept.is_empty() { Default::default() } else { accept.parse().unwrap() };
    let install = Install { accept_limits, ..Install::at(house.province) };
    house.runtime.install(wasm, install, &house.administrator()).map(|done| done.plugin)
}

fn refusal(refused: Result<std::sync::Arc<Plugin>, InstallError>) -> String {
    match refused.map(|_| ()) {
        Err(InstallError::Service(ServiceError::Refused(refusal))) => {
            assert_eq!(refusal.rule, "limits-not-accepted");
            refusal.text.en
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn more_than_the_default_is_had_by_whoever_accepts_exactly_that() {
    let house = House::new();
    let more = altered("hostile", &[MORE_ROWS]);
    let said = refusal(offer(&house, &more, ""));
    assert!(said.contains("rows-read 2000000 (default 1000000)"), "{said}");
    assert!(said.contains("--accept-limits rows-read=2000000"), "{said}");
    refusal(offer(&house, &more, "rows-read=1999999"));
    assert!(house.runtime.plugins().is_empty());
    let plugin = offer(&house, &more, "rows-read=2000000").unwrap();
    assert_eq!(plugin.manifest.limits.call.rows_read, 2_000_000);
    let accepted =
        house.evidence().into_iter().find_map(|it| it.entry.detail.get("limits-accepted").cloned());
    assert_eq!(accepted.as_deref(), Some("rows-read=2000000"));

    // The next version asks for no more, and nobody is asked; the one after that does.
    let version = |to| ("version = \"0.1.0\"", to);
    offer(&house, &altered("hostile", &[MORE_ROWS, version("version = \"0.2.0\"")]), "").unwrap();
    let still_more = (MORE_ROWS.0, "rows-read=3000000\nrecords-written = 99");
    let next = altered("hostile", &[still_more, version("version = \"0.3.0\"")]);
    assert!(refusal(offer(&house, &next, "rows-read=2000000")).contains("rows-read=3000000"));
    offer(&house, &next, "rows-read=3000000").unwrap();
}
