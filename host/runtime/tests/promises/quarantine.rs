//! A plugin that keeps failing is taken out and comes back; one that people take out stays out.

use std::time::Duration;

use dinh_model::{AccountId, PluginId};
use dinh_runtime::{CallError, Standing, release, suspend};
use dinh_services::ServiceError;

use crate::house::{House, component};

fn hostile() -> PluginId {
    "hostile".parse().unwrap()
}

fn vandalised() -> (House, AccountId) {
    let house = House::new();
    house.install(&component("hostile")).unwrap();
    house.give(house.officer, "hostile.vandal", house.province);
    let officer = house.officer;
    (house, officer)
}

fn standing(house: &House) -> Standing {
    house.runtime.plugin(&hostile()).unwrap().standing()
}

/// What is said, and after how many seconds to come again, when nothing of the plugin runs.
fn out(house: &House, person: AccountId) -> (String, u32) {
    match house.draw(person, "hostile", "/") {
        Err(CallError::Out { text, retry_after }) => (text, retry_after),
        other => panic!("{other:?}"),
    }
}

fn actions(house: &House) -> Vec<String> {
    house.evidence().into_iter().map(|recorded| recorded.entry.action).collect()
}

fn break_ten_times(house: &House, person: AccountId) {
    for _ in 0..10 {
        let broken = house.draw(person, "hostile", "/break").unwrap_err();
        assert!(matches!(broken, CallError::Trapped), "{broken}");
    }
}

#[test]
fn ten_failures_in_a_row_take_a_plugin_out_and_one_good_call_brings_it_back() {
    let (house, vandal) = vandalised();
    break_ten_times(&house, vandal);
    let Standing::Quarantined(quarantine) = standing(&house) else { panic!("{:?}", standing(&house)) };
    assert_eq!((quarantine.failures, quarantine.of, quarantine.why), (10, 10, "trapped"));
    let (action, detail) = house.last();
    assert_eq!(action, "plugin.quarantined");
    assert!(detail.contains(&("why".into(), "trapped".into())), "{detail:?}");

    // Nothing of it runs: not even the evidence grows.
    let before = house.evidence().len();
    let (text, seconds) = out(&house, vandal);
    assert!(text.contains("Phá phách") && text.contains("Tỉnh Lào Cai"), "{text}");
    assert!((30..=34).contains(&seconds), "{seconds}");
    assert!(matches!(house.draw(vandal, "hostile", "/break"), Err(CallError::Out { .. })));
    assert!(matches!(house.submit(vandal, "hostile", "add", &[]), Err(CallError::Out { .. })));
    assert_eq!(house.evidence().len(), before);

    // The first call after that fails again: twice as long.
    house.clock.advance(Duration::from_secs(34));
    assert!(matches!(house.draw(vandal, "hostile", "/break"), Err(CallError::Trapped)));
    let (_, seconds) = out(&house, vandal);
    assert!((60..=67).contains(&seconds), "{seconds}");

    house.clock.advance(Duration::from_secs(67));
    house.draw(vandal, "hostile", "/").unwrap();
    assert_eq!(standing(&house), Standing::Serving);
    assert_eq!(house.last().0, "plugin.recovered");
    house.draw(vandal, "hostile", "/").unwrap();
}

#[test]
fn refusals_and_inputs_that_do_not_fit_take_nothing_out() {
    let (house, vandal) = vandalised();
    let stranger = house.person("khach", house.finance);
    for _ in 0..50 {
        assert!(matches!(house.draw(stranger, "hostile", "/"), Err(CallError::Denied(_))));
        house.draw(vandal, "hostile", "/there-is-no-such-page").unwrap_err();
        house.submit(vandal, "hostile", "add-then-refuse", &[]).unwrap_err();
        house.submit(vandal, "hostile", "add-then-invalid", &[]).unwrap();
    }
    assert_eq!(standing(&house), Standing::Serving);
}

#[test]
fn a_refusal_before_code_runs_is_no_trial() {
    let (house, vandal) = vandalised();
    let stranger = house.person("khach", house.finance);
    break_ten_times(&house, vandal);
    house.clock.advance(Duration::from_secs(34));
    assert!(matches!(house.draw(stranger, "hostile", "/"), Err(CallError::Denied(_))));
    assert!(matches!(standing(&house), Standing::Quarantined(_)));
    house.draw(vandal, "hostile", "/").unwrap();
    assert_eq!(standing(&house), Standing::Serving);
}

#[test]
fn a_plugin_that_is_out_leaves_the_others_alone() {
    let (house, vandal) = vandalised();
    house.install(&component("forgetful")).unwrap();
    house.give(house.officer, "forgetful.visitor", house.province);
    break_ten_times(&house, vandal);
    out(&house, vandal);
    house.draw(vandal, "forgetful", "/").unwrap();
}

#[test]
fn whoever_manages_it_suspends_and_releases_it_and_nobody_else() {
    let (house, vandal) = vandalised();
    let (id, home) = (hostile(), house.province);
    let stranger = house.platform.origin(dinh_model::Actor::person(vandal), Default::default());
    let refused = house.platform.perform(&stranger, |call| suspend(call, &id, home, "nghịch"));
    assert!(matches!(refused, Err(ServiceError::Denied(_))), "{refused:?}");
    let silent = house.platform.perform(&house.administrator(), |call| suspend(call, &id, home, "  "));
    assert!(matches!(silent, Err(ServiceError::Invalid(_))), "{silent:?}");

    let why = "chờ bản vá của nhà cung cấp";
    house.platform.perform(&house.administrator(), |call| suspend(call, &id, home, why)).unwrap();
    house.runtime.look_at_suspensions();
    let (text, _) = out(&house, vandal);
    assert!(text.contains("tạm ngừng") && !text.contains(why), "{text}");
    let (action, detail) = house.last();
    assert_eq!((action.as_str(), detail), ("plugin.suspended", vec![("reason".into(), why.into())]));

    // After a restart, and in another version, too.
    let house = house.restart("2026-03-03T01:00:00Z");
    let Standing::Suspended(suspension) = standing(&house) else { panic!("{:?}", standing(&house)) };
    assert_eq!((suspension.reason.as_str(), suspension.by.account()), (why, Some(house.admin)));
    let newer = crate::house::altered("hostile", &[("version = \"0.1.0\"", "version = \"0.2.0\"")]);
    house.install(&newer).unwrap();
    out(&house, vandal);

    house.platform.perform(&house.administrator(), |call| release(call, &id, home)).unwrap();
    house.runtime.look_at_suspensions();
    house.draw(vandal, "hostile", "/").unwrap();
    assert!(actions(&house).contains(&"plugin.released".to_owned()));
}

#[test]
fn one_that_keeps_failing_can_be_let_back_at_once() {
    let (house, vandal) = vandalised();
    let (id, home) = (hostile(), house.province);
    break_ten_times(&house, vandal);
    house.platform.perform(&house.administrator(), |call| release(call, &id, home)).unwrap();
    house.runtime.look_at_suspensions();
    house.draw(vandal, "hostile", "/").unwrap();
    break_ten_times(&house, vandal);
    // What people decided before does not let it back again.
    house.clock.advance(Duration::from_secs(1));
    house.runtime.look_at_suspensions();
    assert!(matches!(standing(&house), Standing::Quarantined(_)));
}

#[test]
fn a_plugin_that_ended_the_host_while_it_was_loaded_is_left_out_of_the_next_start() {
    let (house, vandal) = vandalised();
    let note = house.data.path().join("plugins").join("loading");
    assert!(!note.exists());
    // As three starts left it that came no further.
    std::fs::write(&note, "1772413200000000 hostile 3\n").unwrap();
    let house = house.restart("2026-03-03T01:00:00Z");
    let [failed] = &house.runtime.not_loaded()[..] else { panic!() };
    assert!(failed.reason.contains("dinh plugin release hostile"), "{failed:?}");
    assert!(matches!(house.draw(vandal, "hostile", "/"), Err(CallError::NoSuchPlugin)));
    let (id, home) = (hostile(), house.province);
    house.platform.perform(&house.administrator(), |call| release(call, &id, home)).unwrap();
    let house = house.restart("2026-03-04T01:00:00Z");
    house.draw(vandal, "hostile", "/").unwrap();
}
