//! A call is whole or nothing, remembers nothing, and is done once.

use dinh_model::AccountId;
use dinh_runtime::bindings::views::Target;
use dinh_runtime::{CallError, Submitted};
use dinh_services::{secrets, space};

use crate::house::{House, asked, component, submission, wait};
use crate::lines;

fn hostile_at(moment: &str) -> (House, AccountId) {
    let house = House::at(moment);
    house.install(&component("hostile")).unwrap();
    house.give(house.officer, "hostile.vandal", house.province);
    let officer = house.officer;
    (house, officer)
}

fn hostile() -> (House, AccountId) {
    hostile_at("2026-03-02T01:00:00Z")
}

fn counters(house: &House, who: AccountId) -> String {
    house.draw(who, "hostile", "/").unwrap().title
}

#[test]
fn a_submission_that_is_done_is_kept_with_its_evidence() {
    let (house, vandal) = hostile();
    let Submitted::Done(done) = house.submit(vandal, "hostile", "add", &[]).unwrap() else { panic!() };
    assert_eq!(done.target, Target::Page("/".into()));
    assert_eq!(counters(&house, vandal), "counters: all=1");
    let (action, detail) = house.last();
    assert_eq!(action, "form.submitted");
    assert!(detail.contains(&("form".into(), "add".into())));
    assert!(detail.contains(&("records".into(), "1".into())));
}

#[test]
fn whatever_else_becomes_of_a_submission_nothing_of_it_is_kept() {
    let (house, vandal) = hostile();
    let before = house.seq();
    assert!(matches!(house.submit(vandal, "hostile", "add-then-break", &[]), Err(CallError::Trapped)));
    let refused = house.submit(vandal, "hostile", "add-then-refuse", &[]);
    assert!(matches!(refused, Err(CallError::Denied(reason)) if reason == "no"));
    let Submitted::Invalid(problems) = house.submit(vandal, "hostile", "add-then-invalid", &[]).unwrap()
    else {
        panic!()
    };
    assert_eq!(problems[0].message, "wrong");
    assert!(matches!(house.submit(vandal, "hostile", "add-then-spin", &[]), Err(CallError::Limit(_))));
    assert!(matches!(house.submit(vandal, "hostile", "add-then-lie", &[]), Err(CallError::Failed)));
    assert_eq!(counters(&house, vandal), "counters: ");
    // The evidence of the trap, of the trip and of the failure.
    let actions: Vec<_> =
        house.evidence().into_iter().filter(|e| e.seq.0 > before).map(|e| e.entry.action).collect();
    assert_eq!(actions, ["call.trapped", "call.tripped", "call.failed"]);
}

#[test]
fn drawing_a_page_may_not_write() {
    let (house, vandal) = hostile();
    let before = house.seq();
    let title = house.draw(vandal, "hostile", "/write").unwrap().title;
    assert!(title.contains("ReadOnly"), "{title}");
    assert_eq!((counters(&house, vandal).as_str(), house.seq()), ("counters: ", before));
}

#[test]
fn nothing_lives_from_one_call_to_the_next() {
    let (house, vandal) = hostile();
    for _ in 0..3 {
        assert_eq!(house.draw(vandal, "hostile", "/remember").unwrap().title, "calls: 1");
    }
}

#[test]
fn a_call_that_does_with_the_heap_its_guest_is_born_with_grows_no_memory() {
    let (house, vandal) = hostile();
    assert_eq!(house.draw(vandal, "hostile", "/within").unwrap().title, "taken: 15, grown: 0");
}

#[test]
fn what_a_vendor_should_know_is_logged_and_not_shown() {
    let (house, vandal) = hostile_at("2026-03-02T02:00:00Z");
    let lines = lines::collect("the secret of the vendor");
    let error = house.draw(vandal, "hostile", "/fail").unwrap_err();
    assert!(matches!(error, CallError::Failed));
    assert!(!error.to_string().contains("secret"), "{error}");
    assert!(lines.lock().unwrap()[0].contains("plugin=hostile"), "{lines:?}");

    let lines = lines::collect("this plugin broke off");
    assert!(matches!(house.draw(vandal, "hostile", "/break"), Err(CallError::Trapped)));
    assert!(!lines.lock().unwrap().is_empty());
}

#[test]
fn a_plugin_cannot_write_lines_that_look_like_the_hosts() {
    let (house, vandal) = hostile();
    let lines = lines::collect("the host is on fire");
    house.draw(vandal, "hostile", "/forged-log").unwrap();
    let lines = lines.lock().unwrap();
    assert!(lines[0].starts_with("harmless 1970") && lines[0].contains("plugin=\"hostile\""), "{lines:?}");
    assert!(!lines[0].contains('\n'));
}

#[test]
fn a_form_submitted_twice_is_done_once_and_gives_its_first_result() {
    let (house, vandal) = hostile();
    let once = Some([7; 32]);
    let Submitted::Done(first) = house.submit_once(vandal, "hostile", "add", &[], once).unwrap() else {
        panic!()
    };
    let again = house.submit_once(vandal, "hostile", "add", &[], once).unwrap();
    assert_eq!(again, Submitted::Repeated(first.clone()));
    assert!(first.notice.unwrap().title.starts_with("counted "));
    assert_eq!(counters(&house, vandal), "counters: all=1");
    let other = house.submit_once(vandal, "hostile", "add", &[], Some([8; 32])).unwrap();
    assert!(matches!(other, Submitted::Done(_)));
    assert_eq!(counters(&house, vandal), "counters: all=2");
}

#[test]
fn what_a_form_said_lies_sealed_and_a_repeated_one_is_known_even_when_its_key_is_gone() {
    let (house, vandal) = hostile();
    let once = Some([7; 32]);
    let Submitted::Done(first) = house.submit_once(vandal, "hostile", "add", &[], once).unwrap() else {
        panic!()
    };
    let said = first.notice.unwrap().title;
    let snapshot = house.platform.store().snapshot().unwrap();
    let kept: Vec<_> = snapshot
        .range(&[space::ONCE], Some(&[space::ONCE + 1]), dinh_store::Direction::Forward)
        .map(|row| row.unwrap().1.value)
        .collect();
    assert_eq!(kept.len(), 1);
    for row in kept {
        assert!(!row.windows(said.len()).any(|bytes| bytes == said.as_bytes()), "{said:?} lies open");
    }
    let operator = house.platform.origin(dinh_model::Actor::Public, dinh_model::Language::Vi).as_operator();
    house.platform.perform(&operator, |call| secrets::destroy_key(call, "dinh")).unwrap();
    secrets::settle_keys(&house.platform).unwrap();
    let Submitted::Repeated(again) = house.submit_once(vandal, "hostile", "add", &[], once).unwrap() else {
        panic!()
    };
    assert!(again.notice.is_none());
    assert_eq!(counters(&house, vandal), "counters: all=1");
}

#[test]
fn a_double_click_is_done_once_even_when_both_arrive_together() {
    let (house, vandal) = hostile();
    let plugin = "hostile".parse().unwrap();
    let click = || {
        let asked = asked(dinh_model::Actor::person(vandal), "/");
        house.runtime.submit(&plugin, asked, submission("add", &[]), Some([7; 32]))
    };
    let (first, second) = wait(async { tokio::join!(click(), click()) });
    let done = [first.unwrap(), second.unwrap()];
    assert_eq!(done.iter().filter(|done| matches!(done, Submitted::Done(_))).count(), 1, "{done:?}");
    assert_eq!(done.iter().filter(|done| matches!(done, Submitted::Repeated(_))).count(), 1);
    assert_eq!(counters(&house, vandal), "counters: all=1");
}

#[test]
fn a_form_that_was_not_done_may_be_submitted_again() {
    let (house, vandal) = hostile();
    let once = Some([9; 32]);
    let invalid = house.submit_once(vandal, "hostile", "add-then-invalid", &[], once).unwrap();
    assert!(matches!(invalid, Submitted::Invalid(_)));
    assert!(matches!(house.submit_once(vandal, "hostile", "add", &[], once).unwrap(), Submitted::Done(_)));
}

#[test]
fn results_of_forms_are_forgotten_after_two_days_and_not_before() {
    let (house, vandal) = hostile_at("2026-03-02T03:00:00Z");
    let once = Some([7; 32]);
    house.submit_once(vandal, "hostile", "add", &[], once).unwrap();
    let house = house.restart("2026-03-04T02:59:59Z");
    house.runtime.forget_results();
    let again = house.submit_once(vandal, "hostile", "add", &[], once).unwrap();
    assert!(matches!(again, Submitted::Repeated(_)));
    let house = house.restart("2026-03-04T03:00:01Z");
    house.runtime.forget_results();
    let again = house.submit_once(vandal, "hostile", "add", &[], once).unwrap();
    assert!(matches!(again, Submitted::Done(_)));
}

#[test]
fn a_path_that_no_route_has_or_that_climbs_is_not_found() {
    let (house, vandal) = hostile();
    for path in ["/nothing", "", "spin", "/a/../spin", "/./"] {
        assert!(matches!(house.draw(vandal, "hostile", path), Err(CallError::NotFound(_))), "{path}");
    }
    assert!(matches!(house.draw(vandal, "absent", "/"), Err(CallError::NoSuchPlugin)));
}
