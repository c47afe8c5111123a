//! A clock that is set back makes nothing live again, and is said.

use std::time::Duration;

use dinh_services::accounts::{RequestState, get_request};
use dinh_services::{Options, ServiceError};
use dinh_store::Outcome;

use crate::council::{Council, read_scores};
use crate::house::{GOOD, House, MORNING, account, ask, give_this, invalid, new_grant, refused};

const DAY: Duration = Duration::from_secs(86_400);

fn back_to(house: &House, moment: &str) {
    house.clock.set(moment.parse().unwrap());
}

/// A deed that anybody who administers does every day.
fn deed(house: &House, login: &str) -> Result<(), ServiceError> {
    house.as_person(house.admin, |call| account(call, login, "Một Người", house.planning).map(drop))
}

fn said(house: &House) -> usize {
    house.actions().iter().filter(|action| *action == "clock.set-back").count()
}

#[test]
fn nothing_is_written_under_a_clock_that_was_set_back_and_it_is_said_once() {
    let mut house = House::new();
    house.clock.advance(10 * DAY);
    deed(&house, "mot").unwrap();
    back_to(&house, MORNING);
    let (seq, before) = (house.seq(), house.evidence().len());
    for _ in 0..3 {
        let Err(ServiceError::Refused(refusal)) = deed(&house, "hai") else { panic!() };
        assert_eq!(refusal.rule, "clock-set-back");
        assert!(
            refusal.text.en.contains("14400 minutes") && refusal.text.en.contains("--accept-clock"),
            "{refusal:?}"
        );
        assert!(refusal.text.vi.contains("Đồng hồ máy chủ chậm hơn"), "{refusal:?}");
    }
    assert!(house.sign_in("an-skhdt", GOOD).unwrap_err().to_string().contains("clock"));
    assert_eq!((said(&house), house.evidence().len()), (1, before + 1));
    assert_eq!(house.seq(), seq + 1, "the entry, and nothing else");
    let entry = house.last().entry;
    assert_eq!((entry.outcome, entry.detail["behind-seconds"].as_str()), (Outcome::Refused, "864000"));
    assert_eq!(house.platform.clock_behind(), Some(10 * DAY));
    // Nor after a restart, which does not say it again.
    house.reopen(Options::cheap());
    assert_eq!(house.platform.clock_behind(), Some(10 * DAY));
    assert_eq!(refused(deed(&house, "hai")), "clock-set-back");
    assert_eq!(said(&house), 1);
    // Right again, all goes on; set back again, it is said again.
    house.clock.advance(10 * DAY);
    deed(&house, "hai").unwrap();
    assert_eq!(house.platform.clock_behind(), None);
    back_to(&house, MORNING);
    assert_eq!(refused(deed(&house, "ba")), "clock-set-back");
    assert_eq!(said(&house), 2);
}

#[test]
fn what_has_ended_does_not_live_again_for_what_only_reads() {
    let council = Council::new();
    let house = &council.house;
    let mut grant = new_grant(house.officer, "pci-index.reader", house.planning);
    grant.term.until = Some("2026-03-05T00:00:00Z".parse().unwrap());
    house.admin(|call| give_this(call, grant.clone()));
    assert!(house.may(house.officer, &read_scores(), house.planning));
    house.clock.advance(10 * DAY);
    deed(house, "mot").unwrap();
    back_to(house, MORNING);
    assert!(!house.may(house.officer, &read_scores(), house.planning));
}

#[test]
fn a_request_that_has_lapsed_is_not_approved_by_setting_the_clock_back() {
    let council = Council::new();
    let house = &council.house;
    let request = house.admin(|call| ask(call, house.officer, "pci-index.reader", house.planning));
    house.clock.advance(40 * DAY);
    deed(house, "mot").unwrap();
    back_to(house, MORNING);
    assert!(["lapsed", "clock-set-back"].contains(&refused(council.approve(council.director, request))));
    let found = house.as_person(council.director, |call| get_request(call, request)).unwrap();
    assert_eq!(found.state, RequestState::Open);
    assert!(found.has_lapsed(house.platform.clock().now()));
    assert!(!council.officer_reads());
}

#[test]
fn small_steps_back_are_waited_out_and_the_evidence_never_goes_backwards() {
    let house = House::new();
    house.clock.advance(Duration::from_secs(600));
    deed(&house, "mot").unwrap();
    back_to(&house, "2026-03-02T01:05:00Z");
    deed(&house, "hai").unwrap();
    assert_eq!(house.platform.clock_behind(), None);
    back_to(&house, "2026-03-02T01:04:59.999999Z");
    assert_eq!(refused(deed(&house, "ba")), "clock-set-back");
    let moments: Vec<_> = house.evidence().into_iter().map(|it| it.entry.at).collect();
    assert!(moments.is_sorted(), "{moments:?}");
    assert_eq!(house.platform.clock().now(), "2026-03-02T01:10:00Z".parse().unwrap());
}

#[test]
fn the_owner_of_the_folder_accepts_a_clock_that_had_been_ahead_and_nobody_else() {
    let mut house = House::new();
    let origin = house.origin(house.admin);
    invalid(house.platform.accept_clock(&origin.clone().as_operator()).map(drop));
    house.clock.advance(365 * DAY);
    deed(&house, "mot").unwrap();
    back_to(&house, MORNING);
    assert_eq!(refused(house.platform.accept_clock(&origin).map(drop)), "operator-accepts-the-clock");
    assert_eq!(refused(deed(&house, "hai")), "clock-set-back");
    let accepted = house.platform.accept_clock(&origin.as_operator()).unwrap();
    assert_eq!(accepted, 365 * DAY);
    let entry = house.last().entry;
    assert_eq!((entry.action.as_str(), entry.at), ("clock.accepted", MORNING.parse().unwrap()));
    assert_eq!(entry.detail["behind-seconds"], "31536000");
    assert!(house.actions().contains(&"operator.break-glass".to_owned()));
    deed(&house, "hai").unwrap();
    house.sign_in("an-skhdt", GOOD).unwrap();
    house.reopen(Options::cheap());
    assert_eq!(house.platform.clock_behind(), None);
    deed(&house, "ba").unwrap();
}
