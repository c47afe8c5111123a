//! Notices of a plugin: to those whom they concern, and nothing that was read in confidence.

use dinh_model::{AccountId, Actor, Label, Language};
use dinh_runtime::bindings::pages::Done;
use dinh_runtime::bindings::types::Value;
use dinh_runtime::{CallError, Submitted};
use dinh_services::notices::{self, MOST_A_DAY, Shown};
use dinh_services::records::{FieldValue, insert};
use dinh_services::{Call, ServiceError, Trip};

use crate::house::{House, component};

/// A house with three people who may read lines: one in the province, one in planning, one who is cleared for Mật too.
struct Told {
    house: House,
    keeper: AccountId,
    planner: AccountId,
    cleared: AccountId,
}

impl Told {
    fn new() -> Self {
        let house = House::new();
        house.install(&component("punctual")).unwrap();
        let [planner, cleared] = ["quy-hoach", "mat"].map(|login| house.person(login, house.planning));
        house.give(house.officer, "punctual.keeper", house.province);
        house.give(planner, "punctual.keeper", house.planning);
        house.give_to(cleared, "punctual.keeper", house.province, false, Label::Confidential);
        Self { keeper: house.officer, house, planner, cleared }
    }

    /// Sends a notice to those who read lines in finance or planning; to how many people.
    fn tell(
        &self,
        by: AccountId,
        planning: bool,
        inputs: &[(&'static str, Value)],
    ) -> Result<Submitted, CallError> {
        let unit = if planning { self.house.planning } else { self.house.finance };
        let mut all = vec![("unit", Value::Unit(unit.0))];
        all.extend(inputs.iter().cloned());
        self.house.submit(by, "punctual", "tell", &all)
    }

    fn as_person<T>(&self, account: AccountId, deed: impl FnMut(&mut Call) -> Result<T, ServiceError>) -> T {
        let origin = self.house.platform.origin(Actor::person(account), Language::Vi);
        self.house.platform.perform(&origin, deed).unwrap()
    }

    fn inbox(&self, account: AccountId) -> Vec<Shown> {
        self.as_person(account, |call| notices::newest(call, &[], 100))
    }

    fn texts(&self, account: AccountId) -> Vec<String> {
        self.inbox(account).into_iter().map(|it| it.text).collect()
    }
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn people(told: Result<Submitted, CallError>) -> String {
    match told {
        Ok(Submitted::Done(Done { notice: Some(notice), .. })) => notice.title,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_notice_comes_to_those_who_hold_its_permission_in_its_unit_the_newest_first() {
    let it = Told::new();
    assert_eq!(people(it.tell(it.keeper, true, &[("payload", text("một"))])), "3");
    it.house.clock.advance(std::time::Duration::from_secs(60));
    assert_eq!(people(it.tell(it.keeper, false, &[("payload", text("hai"))])), "2");
    assert_eq!(
        people(it.tell(it.keeper, true, &[("only", Value::Account(it.planner.0)), ("payload", text("ba"))])),
        "1"
    );
    assert_eq!(it.texts(it.keeper), ["hai", "một"]);
    let mut planners = it.texts(it.planner);
    planners.sort();
    assert_eq!(planners, ["ba", "một"]);
    let shown = &it.inbox(it.keeper)[0];
    assert_eq!(
        (shown.title.vi.as_str(), shown.path.as_str(), shown.is_read),
        ("Có dòng đến hạn", "/", false)
    );
    // To somebody who has nothing to do with it, there is none.
    let other = it.house.person("nguoi-khac", it.house.planning);
    assert_eq!(people(it.tell(it.keeper, true, &[("only", Value::Account(other.0))])), "0");
    assert!(it.inbox(other).is_empty());
    let sent: Vec<_> =
        it.house.evidence().into_iter().filter(|it| it.entry.action == "notice.sent").collect();
    assert_eq!(sent.len(), 4);
    assert!(sent.iter().all(|it| !format!("{:?}", it.entry).contains("một")), "the evidence holds no text");
}

#[test]
fn its_reader_alone_marks_it_read_and_takes_it_away_and_it_ends_by_itself() {
    let it = Told::new();
    it.tell(it.keeper, true, &[("days", Value::Integer(2)), ("payload", text("một"))]).unwrap();
    let [id] = it.inbox(it.planner).into_iter().map(|it| it.id).collect::<Vec<_>>()[..] else { panic!() };
    assert_eq!(it.as_person(it.planner, |call| notices::unread(call, &[])), 1);
    // The same identifier names nothing of another person's.
    it.as_person(it.cleared, |call| notices::dismiss(call, id));
    it.as_person(it.planner, |call| notices::read(call, id));
    assert_eq!(it.as_person(it.planner, |call| notices::unread(call, &[])), 0);
    assert_eq!(it.texts(it.planner), ["một"]);
    it.as_person(it.planner, |call| notices::dismiss(call, id));
    assert!(it.inbox(it.planner).is_empty());
    assert_eq!(it.texts(it.cleared), ["một"]);
    assert_eq!(notices::sweep(&it.house.platform).unwrap(), 0);
    it.house.clock.advance(std::time::Duration::from_secs(2 * 86_400));
    assert!(it.inbox(it.cleared).is_empty());
    assert_eq!(notices::sweep(&it.house.platform).unwrap(), 2);
    assert_eq!(notices::sweep(&it.house.platform).unwrap(), 0);
}

#[test]
fn after_reading_what_is_confidential_it_has_no_text_and_comes_to_the_cleared() {
    let it = Told::new();
    let secret = it.as_person(it.cleared, |call| {
        let data = &it.house.runtime.plugin(&"punctual".parse().unwrap()).unwrap().data;
        let field = |field: &str, text: &str| FieldValue {
            field: field.into(),
            value: dinh_model::Value::Text(text.into()),
        };
        Ok(insert(call, data, "lines", vec![field("text", "tin Mật"), field("secrecy", "confidential")])?)
    });
    let secret = || text(&secret.to_string());
    let refused = it.tell(it.cleared, true, &[("read", secret()), ("payload", text("tin Mật"))]);
    assert!(matches!(refused, Err(CallError::Denied(_))), "{refused:?}");
    assert_eq!(people(it.tell(it.cleared, true, &[("read", secret()), ("key", secret())])), "1");
    assert!(it.inbox(it.planner).is_empty() && it.inbox(it.keeper).is_empty());
    let shown = it.inbox(it.cleared);
    let Value::Text(id) = secret() else { panic!() };
    assert_eq!((shown[0].label, &shown[0].path), (Label::Confidential, &format!("/{id}")));
}

#[test]
fn who_loses_the_right_is_told_no_more() {
    let it = Told::new();
    it.tell(it.keeper, true, &[("payload", text("một"))]).unwrap();
    assert_eq!(it.inbox(it.planner).len(), 1);
    it.house
        .platform
        .perform(&it.house.operator(), |call| dinh_services::accounts::suspend(call, it.planner, "nghỉ việc"))
        .unwrap();
    let origin = it.house.platform.origin(Actor::person(it.planner), Language::Vi);
    let mut call = it.house.platform.begin(&origin).unwrap();
    assert!(notices::newest(&mut call, &[], 10).unwrap().is_empty());
}

#[test]
fn what_is_no_notice_is_refused_and_floods_are_cut_exactly() {
    let it = Told::new();
    for wrong in
        [("payload", text(&"x".repeat(401))), ("days", Value::Integer(0)), ("days", Value::Integer(367))]
    {
        let refused = it.tell(it.keeper, true, &[wrong]);
        assert!(matches!(refused, Ok(Submitted::Invalid(_))), "{refused:?}");
    }
    // To three people each.
    let flood = |count: i64| it.tell(it.keeper, true, &[("count", Value::Integer(count))]);
    let over = flood(334);
    let Err(CallError::Limit(Trip { what, used, allowed })) = over else { panic!("{over:?}") };
    assert_eq!((what, used, allowed), ("notices", 1_002, 1_000));
    assert!(it.inbox(it.planner).is_empty());
    for _ in 0..20 {
        flood(333).unwrap();
    }
    // 19,980 of 20,000.
    flood(6).unwrap();
    let over = flood(1);
    let Err(CallError::Limit(Trip { what, used, allowed })) = over else { panic!("{over:?}") };
    assert_eq!((what, used, allowed), ("plugin-notices", MOST_A_DAY + 1, MOST_A_DAY));
    it.house.clock.advance(std::time::Duration::from_secs(86_400));
    flood(1).unwrap();
}
