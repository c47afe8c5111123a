//! Who is told of what, and how often.

use dinh_model::{Keep, Label, Value, Wanted};
use dinh_services::ServiceError;
use dinh_services::records::{Column, ColumnValues, delete, insert};
use dinh_services::sharing::feed::{self, Look, Stage, Waits};
use dinh_services::sharing::{Terms, approve, get_contract, revoke};

use super::{Came, Following, Neighbours, Subscriber, grant, salary, values, wanted};

#[test]
fn a_subscription_begins_with_every_row_in_view_and_then_follows() {
    let it = Following::new(|_, _| ());
    let mut by = Subscriber::default();
    it.change(1, "salary", Value::Integer(8_500_000));
    let mut first = it.heard(&mut by);
    first[1..].sort();
    // What changed before it was told that it begins is told again: told twice is harmless, not told is not. Dũng is
    // not active, so not in the dataset.
    assert_eq!(first, ["begun", "+An", "+An", "+Bình", "+Chi"]);
    assert!(it.heard(&mut by).is_empty());
    it.change(0, "salary", Value::Integer(9_100_000));
    it.insert("Phan Thị Em");
    assert_eq!(it.heard(&mut by), ["+Bình", "+new"]);
}

#[test]
fn a_row_that_leaves_the_view_is_told_as_left_and_one_that_never_was_in_it_not_at_all() {
    let it = Following::new(|it, terms| {
        terms.units = vec![it.house.finance];
        terms.fields.retain(|field| field != "health");
        terms.label = Label::Ordinary;
    });
    let mut by = Subscriber::default();
    // Bình is of planning, Chi is Mật.
    assert_eq!(it.heard(&mut by), ["begun", "+An"]);
    it.change(0, "salary", Value::Integer(1_000_000));
    it.change(2, "salary", Value::Integer(1_000_000));
    it.change(3, "salary", Value::Integer(1_000_000));
    assert!(it.heard(&mut by).is_empty());
    // To another unit, to a higher label, out of the dataset by its condition and by an empty field.
    let finance = Value::Unit(it.it.house.finance);
    for (field, away, back) in [
        ("unit", Value::Unit(it.it.house.planning), finance),
        ("secrecy", Value::Text("confidential".into()), Value::Text("ordinary".into())),
        ("active", Value::Boolean(false), Value::Boolean(true)),
        ("salary", Value::Empty, Value::Integer(2_000_000)),
    ] {
        it.change(1, field, away);
        assert_eq!(it.heard(&mut by), ["-An"], "{field}");
        it.change(1, "joined", Value::Date("2020-01-01".parse().unwrap()));
        assert!(it.heard(&mut by).is_empty(), "{field}");
        it.change(1, field, back);
        assert_eq!(it.heard(&mut by), ["+An"], "{field}");
    }
    it.it
        .house
        .as_person(it.it.steward, |call| {
            Ok(delete(call, &it.it.personnel, "people", it.it.members[1], None)?)
        })
        .unwrap();
    assert_eq!(it.heard(&mut by), ["-An"]);
}

#[test]
fn that_a_record_left_binds_by_the_highest_label_of_what_could_have_been_shown() {
    for cleared in [Label::Ordinary, Label::Confidential] {
        let it = Following::ungranted();
        grant(&it.it, cleared);
        it.heard(&mut Subscriber::default());
        it.change(1, "active", Value::Boolean(false));
        let mut call = it.service();
        let Look::Batch(batch) = it.look(&mut call, 200) else { panic!("An left") };
        assert!(matches!(batch.told(), [told] if !told.present), "{batch:?}");
        assert_eq!(call.confinement.label(), cleared, "An was ordinary, which nobody can tell any more");
    }
}

#[test]
fn what_the_plugin_itself_may_not_see_it_is_not_told() {
    let it = Following::ungranted();
    let mut by = Subscriber::default();
    assert_eq!(it.hear(&mut by, 200, &[]), Came::Waits(Waits::NoRight));
    it.it.house.admin(|call| feed::waits(call, it.contract, Waits::NoRight));
    let standing = || it.it.house.read(|call| feed::following(call, it.contract)).unwrap().unwrap();
    assert_eq!((standing().stage, standing().waits), ("begin", Some(Waits::NoRight)));
    it.change(2, "salary", Value::Integer(1));
    grant(&it.it, Label::Ordinary);
    let mut heard = it.heard(&mut by);
    heard.sort();
    assert_eq!(heard, ["+An", "+Bình", "begun"], "Chi is Mật");
    assert_eq!(standing().waits, None);
}

#[test]
fn nobody_is_told_before_the_contract_begins_or_while_the_provider_is_away() {
    let it = Following::new(|_, terms| terms.from = "2026-03-10".parse().unwrap());
    let mut by = Subscriber::default();
    assert_eq!(it.hear(&mut by, 200, &[]), Came::Waits(Waits::Coming));
    it.it.house.clock.advance(std::time::Duration::from_secs(9 * 86_400));
    let mut call = it.service();
    let subscription = it.subscription().unwrap();
    let look = feed::look(&mut call, &subscription, None, 200).unwrap();
    assert!(matches!(look, Look::Waits(Waits::NoProvider)), "{look:?}");
    assert_eq!(it.heard(&mut by).len(), 4);
}

#[test]
fn the_end_of_a_contract_is_told_once_and_then_nothing_is_kept_of_it() {
    let it = Following::new(|_, _| ());
    let mut by = Subscriber::default();
    it.hear_all(&mut by);
    it.change(1, "salary", Value::Integer(1));
    it.it.house.as_person(it.it.asker, |call| revoke(call, it.contract, "Không cần nữa")).unwrap();
    it.change(1, "salary", Value::Integer(2));
    by.heard.clear();
    assert_eq!(it.heard(&mut by), ["ended"], "nothing else is told any more");
    assert_eq!(it.subscription(), None);
    assert_eq!(it.entries(), 1, "nobody watched the second change");
    assert_eq!(it.it.house.admin(feed::trim), 1);
    assert_eq!(it.entries(), 0);
}

#[test]
fn an_expired_contract_is_handed_over_to_its_end() {
    let it = Following::new(|_, terms| terms.until = "2026-03-05".parse().unwrap());
    let mut by = Subscriber::default();
    assert_eq!(it.heard(&mut by).len(), 4);
    it.it.house.clock.advance(std::time::Duration::from_secs(3 * 86_400));
    assert_eq!(it.hear(&mut by, 200, &[]), Came::Over);
    it.it.house.admin(|call| feed::hand_over(call, it.contract));
    assert_eq!(it.heard(&mut by), ["ended"]);
}

#[test]
fn what_was_told_is_told_by_one_of_two_calls_only() {
    let it = Following::new(|_, _| ());
    it.hear_all(&mut Subscriber::default());
    it.change(1, "salary", Value::Integer(1));
    let subscription = it.subscription().unwrap();
    let [mut one, mut other] = [it.service(), it.service()];
    for call in [&mut one, &mut other] {
        let Look::Batch(batch) = it.look(call, 200) else { panic!("there is a change") };
        assert_eq!(batch.told().len(), 1);
        feed::moved(call, &subscription, &batch).unwrap();
    }
    it.it.house.platform.commit(one).unwrap();
    assert!(matches!(it.it.house.platform.commit(other), Err(ServiceError::Conflict)));
    assert!(it.heard(&mut Subscriber::default()).is_empty());
}

#[test]
fn what_was_looked_at_under_a_contract_that_ends_is_not_kept() {
    let it = Following::new(|_, _| ());
    it.hear_all(&mut Subscriber::default());
    it.change(1, "salary", Value::Integer(1));
    let subscription = it.subscription().unwrap();
    let mut call = it.service();
    let Look::Batch(batch) = it.look(&mut call, 200) else { panic!("there is a change") };
    it.it.house.as_person(it.it.asker, |call| revoke(call, it.contract, "Không cần nữa")).unwrap();
    feed::moved(&mut call, &subscription, &batch).unwrap();
    it.it.house.platform.commit(call).unwrap_err();
    assert_eq!(it.subscription().unwrap().stage, Stage::End);
}

#[test]
fn a_writer_who_began_before_anybody_followed_is_not_missed() {
    let it = Neighbours::new();
    it.want(&[Wanted { changes: true, ..wanted(Keep::References) }]);
    grant(&it, Label::Confidential);
    let contract = it.ask();
    let mut writer = it.house.platform.begin(&it.house.origin(it.steward)).unwrap();
    insert(&mut writer, &it.personnel, "people", values(&[("active", Value::Boolean(true))])).unwrap();
    it.house
        .as_person(it.steward, |call| {
            let terms = Terms::asked(&get_contract(call, contract)?);
            approve(call, contract, terms)
        })
        .unwrap();
    assert!(matches!(it.house.platform.commit(writer), Err(ServiceError::Conflict)));
}

#[test]
fn one_change_of_many_records_is_told_in_parts_and_each_record_once() {
    let it = Following::new(|_, _| ());
    let mut by = Subscriber::default();
    it.hear_all(&mut by);
    by.heard.clear();
    let steward = it.it.steward;
    let [binh, an, chi, _] = it.it.members;
    it.it
        .house
        .as_person(steward, |call| {
            for (record, amount) in [(binh, 1), (an, 2), (binh, 3), (chi, 4)] {
                let data = &it.it.personnel;
                dinh_services::records::update(call, data, "people", record, None, values(&salary(amount)))?;
            }
            Ok(())
        })
        .unwrap();
    assert_eq!(it.entries(), 1);
    assert_eq!(it.hear(&mut by, 2, &[]), Came::Told);
    let standing = it.it.house.read(|call| feed::following(call, it.contract)).unwrap().unwrap();
    assert_eq!((standing.stage, standing.behind), ("follow", 1));
    assert_eq!(by.heard, ["+Bình", "+An"]);
    it.change(1, "salary", Value::Integer(5));
    assert_eq!(it.hear(&mut by, 2, &[]), Came::Told);
    assert_eq!(by.heard[2..], ["+Chi", "+An"]);
    assert_eq!(it.hear(&mut by, 2, &[]), Came::Nothing);
}

#[test]
fn an_entry_is_kept_until_every_subscriber_is_past_it() {
    let it = Following::new(|_, _| ());
    let mut by = Subscriber::default();
    it.hear_all(&mut by);
    it.change(0, "salary", Value::Integer(1));
    it.change(1, "salary", Value::Integer(1));
    assert_eq!(it.hear(&mut by, 1, &[]), Came::Told);
    assert_eq!(it.it.house.admin(feed::trim), 1);
    assert_eq!(it.entries(), 1);
    assert_eq!(it.hear(&mut by, 1, &[]), Came::Told);
    assert_eq!(it.it.house.admin(feed::trim), 1);
    assert_eq!(it.entries(), 0);
    // Positions go on where they were.
    it.change(0, "salary", Value::Integer(2));
    by.heard.clear();
    assert_eq!(it.heard(&mut by), ["+Bình"]);
}

#[test]
fn what_a_plugin_was_told_of_is_evidence_of_a_read_by_itself() {
    let it = Following::new(|_, _| ());
    it.hear_all(&mut Subscriber::default());
    it.change(1, "salary", Value::Integer(1));
    it.hear_all(&mut Subscriber::default());
    let last = it.it.house.last().entry;
    assert_eq!(
        (last.action.as_str(), &last.actor),
        ("dataset.read", &dinh_model::Actor::Service(super::id("dues")))
    );
    assert_eq!(last.detail.iter().find(|(name, _)| *name == "how").unwrap().1, "changes");
    assert_eq!(last.records, [it.it.members[1]]);
}

#[test]
fn a_version_that_wants_changes_no_more_is_told_no_more_until_one_does_again() {
    let it = Following::new(|_, _| ());
    it.hear_all(&mut Subscriber::default());
    it.it.want(&[Wanted { changes: true, ..wanted(Keep::References) }]);
    assert!(it.subscription().is_some(), "the same again changes nothing");
    it.it.want(&[wanted(Keep::References)]);
    assert_eq!(it.subscription(), None);
    it.change(1, "salary", Value::Integer(1));
    assert_eq!(it.entries(), 0, "nobody watches");
    assert_eq!(it.it.names(it.it.collector).unwrap().len(), 3, "the contract still holds");
    it.it.want(&[Wanted { changes: true, ..wanted(Keep::References) }]);
    assert_eq!(it.heard(&mut Subscriber::default()).len(), 4, "a version that does again begins anew");
}

#[test]
fn what_an_import_publishes_is_told() {
    let it = Following::new(|_, _| ());
    let mut by = Subscriber::default();
    it.hear_all(&mut by);
    by.heard.clear();
    let data = &it.it.personnel;
    let platform = &it.it.house.platform;
    let origin = it.it.house.origin(it.it.steward);
    let bulk = platform.open_bulk(&origin, data, "people").unwrap();
    let fields = ["unit", "salary", "active"].map(str::to_owned);
    let whole = |values| Column { values, validity: None };
    let columns = [
        whole(ColumnValues::Units(vec![it.it.house.finance; 3])),
        whole(ColumnValues::Integers(vec![1; 3])),
        // The second of three is not active, so not in the dataset.
        whole(ColumnValues::Booleans(vec![true, false, true])),
    ];
    platform.stage_bulk(&origin, data, &bulk, &fields, &columns).unwrap();
    assert!(it.heard(&mut by).is_empty(), "nothing is told before it is seen");
    platform.publish_bulk(&origin, data, &bulk).unwrap();
    assert_eq!(it.heard(&mut by), ["+new", "+new"]);
}

#[test]
fn what_is_told_under_a_contract_is_what_that_contract_names() {
    let it = Following::new(|_, _| ());
    it.hear_all(&mut Subscriber::default());
    // Another contract takes its place: first the end of the one is told, then the beginning of the other.
    let second = it.it.agreed(|terms| terms.units = vec![it.it.house.finance]);
    let next = it.of(second);
    let mut by = Subscriber::default();
    assert_eq!(next.hear(&mut by, 200, &[]), Came::Waits(Waits::Earlier));
    assert_eq!(it.heard(&mut by), ["ended"]);
    let mut heard = next.heard(&mut by);
    heard.sort();
    assert_eq!(heard, ["+An", "+Chi", "begun"], "Bình is of planning");
    let last = next.it.house.last().entry;
    assert_eq!(last.subject, format!("contract:{second}"));
}

#[test]
fn a_contract_that_begins_later_lets_the_one_before_hold_until_then() {
    let it = Following::new(|_, _| ());
    it.hear_all(&mut Subscriber::default());
    let second = it.it.agreed(|terms| terms.from = "2026-03-10".parse().unwrap());
    let next = it.of(second);
    let mut by = Subscriber::default();
    it.change(1, "salary", Value::Integer(1));
    assert_eq!(it.heard(&mut by), ["+An"]);
    assert_eq!(it.it.names(it.it.collector).unwrap().len(), 3);
    it.it.house.clock.advance(std::time::Duration::from_secs(9 * 86_400));
    let due = feed::due(&it.it.house.platform.store().snapshot().unwrap(), "2026-03-11".parse().unwrap());
    let due: Vec<_> = due.unwrap().into_iter().filter(|(_, behind)| *behind > 0).collect();
    assert_eq!(due.len(), 2, "the end of the one is due, though nobody wrote anything");
    assert_eq!(it.hear(&mut by, 200, &[]), Came::Over);
    it.it.house.admin(|call| feed::hand_over(call, it.contract));
    assert_eq!(it.heard(&mut by), ["ended"]);
    // It begins with three rows; An changed since it was agreed to, and is told again.
    assert_eq!(next.heard(&mut by).len(), 5);
    assert_eq!(it.it.names(it.it.collector).unwrap().len(), 3);
}

#[test]
fn a_day_of_rows_that_is_used_up_waits_for_the_next_and_parks_nothing() {
    let it = Following::new(|_, terms| terms.rows_a_day = Some(2));
    let mut by = Subscriber::default();
    it.hear_all(&mut by);
    assert_eq!(by.heard.len(), 4, "what is told is not given yet");
    // A person reads what there is to read.
    assert!(it.it.names(it.it.cashier).is_ok());
    assert!(it.it.names(it.it.cashier).is_ok());
    it.change(1, "salary", Value::Integer(1));
    assert_eq!(it.hear(&mut by, 200, &[]), Came::Waits(Waits::Quota));
    it.it.house.clock.advance(std::time::Duration::from_secs(86_400));
    by.heard.clear();
    assert_eq!(it.heard(&mut by), ["+An"]);
}

#[test]
fn a_steward_may_agree_without_changes() {
    let it = Following::new(|_, terms| terms.changes = false);
    assert_eq!(it.subscription(), None);
    assert_eq!(it.it.names(it.it.collector).unwrap().len(), 3);
}
