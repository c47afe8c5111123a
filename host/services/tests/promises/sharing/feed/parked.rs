//! What a subscriber cannot digest.

use std::time::Duration;

use dinh_model::{RecordId, Value};
use dinh_services::Call;
use dinh_services::records::update;
use dinh_services::sharing::feed::{
    self, Failed, Look, MOST_FAILURES, MOST_GIVEN_UP, MOST_HOPS, Stage, Totals, Waits, parked,
    parked_contracts,
};
use dinh_services::sharing::revoke;

use super::{Came, Following, Subscriber, salary, values};
use crate::house::{denied, invalid};

/// A subscriber that was told of what there was.
fn following() -> (Following, Subscriber) {
    let it = Following::new(|_, _| ());
    it.hear_all(&mut Subscriber::default());
    (it, Subscriber::default())
}

/// Lets one fail until it is parked.
fn fail(it: &Following, by: &mut Subscriber, record: RecordId) {
    for _ in 1..MOST_FAILURES {
        let came = it.hear(by, 1, &[record]);
        assert!(matches!(came, Came::Failed(Failed::Later(_))), "{came:?}");
    }
    assert_eq!(it.hear(by, 1, &[record]), Came::Failed(Failed::Parked));
}

/// What is parked: which, why, and how many writes wait.
fn aside(it: &Following) -> Vec<(String, String, u32)> {
    let found = it.it.house.as_person(it.it.asker, |call| parked(call, it.contract, None, 100)).unwrap();
    found
        .into_iter()
        .map(|it_is| (it.name(it_is.record), it_is.parked.failure, it_is.parked.writes))
        .collect()
}

#[test]
fn what_fails_is_tried_again_ever_later_then_parked_and_the_others_go_on() {
    let (it, mut by) = following();
    let an = it.it.members[1];
    it.change(1, "salary", Value::Integer(1));
    it.change(0, "salary", Value::Integer(1));
    let start = it.subscription().unwrap().due;
    let mut waits = Vec::new();
    for _ in 1..MOST_FAILURES {
        let Came::Failed(Failed::Later(due)) = it.hear(&mut by, 1, &[an]) else { panic!("not later") };
        let subscription = it.subscription().unwrap();
        assert_eq!((subscription.due, subscription.failure.as_deref()), (due, Some("failed")));
        waits.push(due);
    }
    assert!(start == 0 && waits.is_sorted() && waits[0] < waits[3], "{waits:?}");
    assert_eq!(it.hear(&mut by, 1, &[an]), Came::Failed(Failed::Parked));
    assert_eq!(it.heard(&mut by), ["+Bình"]);
    // What follows of it waits with it.
    it.change(1, "salary", Value::Integer(2));
    it.change(0, "salary", Value::Integer(2));
    assert_eq!(it.heard(&mut by), ["+Bình"]);
    assert_eq!(aside(&it), [("An".into(), "failed".into(), 2)]);
    let standing = it.it.house.read(|call| feed::following(call, it.contract)).unwrap().unwrap();
    assert_eq!((standing.stage, standing.behind, standing.failures, standing.parked), ("follow", 0, 0, 1));
}

#[test]
fn a_parked_record_is_told_as_it_is_when_it_is_retried() {
    let (it, mut by) = following();
    it.change(1, "salary", Value::Integer(1));
    let totals = || feed::totals(&it.it.house.platform.store().snapshot().unwrap(), it.it.today()).unwrap();
    let came = it.hear(&mut by, 1, &[it.it.members[1]]);
    assert!(matches!(came, Came::Failed(Failed::Later(_))));
    assert_eq!(totals(), Totals { behind: 1, failing: 1, parked: 0 });
    for _ in 1..MOST_FAILURES {
        it.hear(&mut by, 1, &[it.it.members[1]]);
    }
    assert_eq!(totals(), Totals { behind: 0, failing: 0, parked: 1 });
    let asker = it.it.asker;
    let retry =
        || it.it.house.as_person(asker, |call| feed::retry_parked(call, it.contract, it.it.members[1]));
    // It fails once more: it stays parked, and is not tried by itself.
    retry().unwrap();
    assert_eq!(it.hear(&mut by, 200, &[it.it.members[1]]), Came::Failed(Failed::Parked));
    assert_eq!(it.heard(&mut by), Vec::<String>::new());
    assert_eq!(aside(&it), [("An".into(), "failed".into(), 1)]);
    // Meanwhile it left the view, which it was in before it was parked.
    it.change(1, "active", Value::Boolean(false));
    assert!(it.heard(&mut by).is_empty());
    retry().unwrap();
    assert_eq!(it.heard(&mut by), ["-An"]);
    assert!(aside(&it).is_empty());
    it.change(1, "active", Value::Boolean(true));
    assert_eq!(it.heard(&mut by), ["+An"], "from then on it is told like any other");
}

#[test]
fn a_parked_record_that_came_and_went_unseen_is_forgotten_when_it_is_retried() {
    let (it, mut by) = following();
    let new = it.insert("Phan Thị Em");
    fail(&it, &mut by, new);
    it.write(new, 0, &[("active", Value::Boolean(false))]);
    it.hear_all(&mut by);
    // In view when it was parked, so it may have been kept: it is told as left.
    it.it.house.as_person(it.it.asker, |call| feed::retry_parked(call, it.contract, new)).unwrap();
    assert_eq!(it.heard(&mut by), ["-new"]);
    assert!(aside(&it).is_empty());
}

#[test]
fn only_people_of_the_consumer_retry_and_drop_and_a_drop_has_a_reason() {
    let (it, mut by) = following();
    it.change(1, "salary", Value::Integer(1));
    let an = it.it.members[1];
    fail(&it, &mut by, an);
    let (contract, house) = (it.contract, &it.it.house);
    let waiting = |who| house.as_person(who, |call| parked_contracts(call)).unwrap().len();
    assert_eq!((waiting(it.it.asker), waiting(it.it.collector)), (1, 0));
    denied(house.as_person(it.it.collector, |call| feed::retry_parked(call, contract, an)));
    denied(house.as_person(it.it.collector, |call| feed::drop_parked(call, contract, an, "Không cần")));
    invalid(house.as_person(it.it.asker, |call| feed::drop_parked(call, contract, an, " ")));
    let other = it.it.members[0];
    let missing = house.as_person(it.it.asker, |call| feed::retry_parked(call, contract, other));
    assert!(matches!(missing, Err(dinh_services::ServiceError::NotFound { .. })), "{missing:?}");
    house.as_person(it.it.asker, |call| feed::drop_parked(call, contract, an, "Không cần")).unwrap();
    assert_eq!(
        (house.last().entry.action.as_str(), house.last().entry.records),
        ("changes.dropped", vec![an])
    );
    assert_eq!(waiting(it.it.asker), 0);
    assert!(aside(&it).is_empty() && it.heard(&mut by).is_empty());
    it.change(1, "salary", Value::Integer(2));
    assert_eq!(it.heard(&mut by), ["+An"], "later writes are told again");
}

#[test]
fn answers_to_answers_end() {
    let (it, mut by) = following();
    let [binh, an, ..] = it.it.members;
    it.write(an, MOST_HOPS - 1, &salary(1));
    let Look::Batch(batch) = it.look(&mut it.service(), 200) else { panic!("it is told") };
    assert_eq!(batch.hops, MOST_HOPS, "what is written in answer has come one further");
    assert_eq!(it.heard(&mut by), ["+An"]);
    it.write(an, MOST_HOPS, &salary(2));
    it.write(binh, 0, &salary(2));
    assert_eq!(it.heard(&mut by), ["+Bình"]);
    assert_eq!(aside(&it), [("An".into(), "hops".into(), 1)]);
    it.it.house.as_person(it.it.asker, |call| feed::retry_parked(call, it.contract, an)).unwrap();
    let Look::Batch(batch) = it.look(&mut it.service(), 200) else { panic!("it is told") };
    assert_eq!(batch.hops, 1, "a retry is the deed of a person");
    assert_eq!(it.heard(&mut by), ["+An"]);
}

#[test]
fn parts_of_one_change_are_as_far_as_the_change_and_a_deed_of_a_person_is_no_answer() {
    let (it, mut by) = following();
    let [binh, an, chi, _] = it.it.members;
    let steward = it.it.steward;
    let together = it.it.house.as_person(steward, |call| {
        call.hops = 5;
        for record in [binh, an, chi] {
            update(call, &it.it.personnel, "people", record, None, values(&salary(1)))?;
        }
        Ok(())
    });
    together.unwrap();
    it.write(an, 0, &salary(2));
    for told in [binh, an, chi] {
        let Look::Batch(batch) = it.look(&mut it.service(), 1) else { panic!("it is told") };
        assert_eq!((batch.told()[0].id, batch.hops), (told, 6));
        assert_eq!(it.hear(&mut by, 1, &[]), Came::Told);
    }
    let Look::Batch(batch) = it.look(&mut it.service(), 200) else { panic!("it is told") };
    assert_eq!(batch.hops, 1);
}

#[test]
fn when_record_after_record_fails_the_subscription_waits_for_people() {
    let (it, mut by) = following();
    let new: Vec<_> = (0..=MOST_GIVEN_UP).map(|number| it.insert(&format!("Người {number}"))).collect();
    for _ in 0..MOST_GIVEN_UP {
        for _ in 0..MOST_FAILURES {
            assert!(matches!(it.hear(&mut by, 1, &new), Came::Failed(_)));
        }
    }
    assert_eq!(it.hear(&mut by, 1, &new), Came::Waits(Waits::Failing));
    it.it.house.admin(|call| feed::waits(call, it.contract, Waits::Failing));
    // The one that waits, which is no part of what is retried, goes away.
    it.write(new[usize::from(MOST_GIVEN_UP)], 0, &[("active", Value::Boolean(false))]);
    let first = it.it.house.as_person(it.it.asker, |call| parked(call, it.contract, None, 1)).unwrap();
    let retry = |call: &mut Call| feed::retry_parked(call, it.contract, first[0].record);
    it.it.house.as_person(it.it.asker, retry).unwrap();
    assert_eq!(it.heard(&mut by), ["+new", "-new"], "the one that was retried, and the one that waited");
    let standing = it.it.house.read(|call| feed::following(call, it.contract)).unwrap().unwrap();
    assert_eq!((standing.waits, standing.behind), (None, 0));
}

#[test]
fn what_was_set_aside_beside_a_record_that_fails_is_not_forgotten() {
    let (it, mut by) = following();
    let [binh, an, ..] = it.it.members;
    it.write(binh, MOST_HOPS, &salary(1));
    it.hear_all(&mut by);
    it.write(binh, 0, &salary(2));
    it.write(an, 0, &salary(1));
    fail(&it, &mut by, an);
    let mut found = aside(&it);
    found.sort();
    assert_eq!(found, [("An".into(), "failed".into(), 1), ("Bình".into(), "hops".into(), 2)]);
}

#[test]
fn a_contract_that_ends_while_its_subscriber_fails_ends() {
    let (it, mut by) = following();
    it.change(1, "salary", Value::Integer(1));
    fail(&it, &mut by, it.it.members[1]);
    it.change(0, "salary", Value::Integer(1));
    let Look::Batch(batch) = it.look(&mut it.service(), 1) else { panic!("it is told") };
    it.it.house.as_person(it.it.asker, |call| revoke(call, it.contract, "Không cần nữa")).unwrap();
    assert!(matches!(it.fail(&batch), Failed::Later(_)));
    assert_eq!(it.subscription().unwrap().stage, Stage::End);
    assert_eq!(it.heard(&mut by), ["ended"]);
    assert!(aside(&it).is_empty(), "nothing is kept of it");
}

#[test]
fn a_subscriber_that_cannot_hear_the_end_is_forgotten_and_one_that_cannot_hear_the_beginning_goes_on() {
    let it = Following::new(|_, _| ());
    for times in 1..=MOST_FAILURES {
        let Look::Batch(batch) = it.look(&mut it.service(), 1) else { panic!("it begins") };
        assert_eq!(it.fail(&batch) == Failed::Parked, times == MOST_FAILURES);
    }
    let mut by = Subscriber::default();
    assert_eq!(it.heard(&mut by).len(), 3, "the rows follow");
    it.it.house.as_person(it.it.asker, |call| revoke(call, it.contract, "Không cần nữa")).unwrap();
    for times in 1..=MOST_FAILURES {
        let Look::Batch(batch) = it.look(&mut it.service(), 1) else { panic!("it ends") };
        assert_eq!(it.fail(&batch) == Failed::Forgotten, times == MOST_FAILURES);
    }
    assert_eq!(it.subscription(), None);
    assert!(it.it.house.actions().contains(&"changes.end-not-heard".to_owned()));
}

#[test]
fn what_failed_is_due_again_when_its_time_has_come() {
    let (it, mut by) = following();
    it.change(1, "salary", Value::Integer(1));
    let Came::Failed(Failed::Later(due)) = it.hear(&mut by, 1, &[it.it.members[1]]) else {
        panic!("not later")
    };
    let now = dinh_model::time::microseconds(it.service().now());
    assert_eq!(u64::try_from(due - now).map(Duration::from_micros), Ok(Duration::from_millis(100)));
}
