//! Deadlines of dossiers: whoever leads one and the heads are reminded of it, once, and nobody else learns of it.

use std::sync::Arc;
use std::time::Duration;

use dinh_model::{AccountId, Actor, Date, Label, Language, RecordId, Value};
use dinh_services::notices::{self, Shown};
use dinh_services::records::{FieldValue, insert, update};
use dinh_services::{Call, ServiceError};

use crate::house::{House, component};

const SOON: &str = "Hồ sơ kiểm tra, giám sát sắp đến hạn";
const OVERDUE: &str = "Hồ sơ kiểm tra, giám sát quá hạn";

/// An inspection committee at six in the morning of Friday 6 March 2026.
struct Committee {
    house: House,
    head: AccountId,
    deputy: AccountId,
    lead: AccountId,
    officer: AccountId,
    /// Holds what the head does, but is not cleared.
    uncleared: AccountId,
}

impl Committee {
    fn new() -> Self {
        let house = House::at("2026-03-05T23:00:00Z");
        house.install(&component("inspection")).unwrap();
        let member = |login: &str, role: &str, label| {
            let account = house.person(login, house.planning);
            house.give_to(account, &format!("inspection.{role}"), house.planning, false, label);
            account
        };
        let head = member("chu-nhiem", "head", Label::Confidential);
        let deputy = member("pho-chu-nhiem", "head", Label::Confidential);
        let lead = member("to-truong", "officer", Label::Confidential);
        let officer = member("can-bo", "officer", Label::Confidential);
        let uncleared = member("chua-mat", "head", Label::Ordinary);
        Self { house, head, deputy, lead, officer, uncleared }
    }

    fn deed<T>(&self, account: AccountId, deed: impl FnMut(&mut Call) -> Result<T, ServiceError>) -> T {
        let origin = self.house.platform.origin(Actor::person(account), Language::Vi);
        self.house.platform.perform(&origin, deed).unwrap()
    }

    /// A dossier that is due on a day, about somebody.
    fn dossier(&self, due: &str, about: Option<AccountId>) -> RecordId {
        let data = self.house.runtime.plugin(&"inspection".parse().unwrap()).unwrap().data.clone();
        let unit = self.house.planning;
        let day = |day: &str| Value::Date(day.parse::<Date>().unwrap());
        let text = |text: &str| Value::Text(text.to_owned());
        let mut values = vec![
            ("unit", Value::Unit(unit)),
            ("year", Value::Integer(2026)),
            ("kind", text("thematic")),
            ("title", text("Kiểm tra việc thu, nộp đảng phí")),
            ("level", text("base")),
            ("content", text("law")),
            ("subject", text("organisation")),
            ("organisation", Value::Unit(unit)),
            ("state", text("open")),
            ("due", day(due)),
            ("lead", Value::Account(self.lead)),
            ("opened-on", day("2026-02-02")),
            ("opened-by", Value::Account(self.head)),
        ];
        values.extend(about.map(|about| ("subject-account", Value::Account(about))));
        let opener = if about == Some(self.head) { self.deputy } else { self.head };
        self.deed(opener, |call| {
            let fields = values
                .iter()
                .map(|(field, value)| FieldValue { field: (*field).into(), value: value.clone() });
            Ok(insert(call, &data, "dossiers", fields.collect())?)
        })
    }

    /// Another morning.
    fn days_later(&self, days: u64) {
        self.house.clock.advance(Duration::from_secs(days * 86_400));
        self.morning();
    }

    /// What is due by now fires.
    fn morning(&self) {
        self.house.runtime.tell_now().unwrap();
    }

    fn inbox(&self, account: AccountId) -> Vec<Shown> {
        let plugins = self.house.runtime.plugins();
        let data: Vec<_> = plugins.iter().map(|plugin| Arc::clone(&plugin.data)).collect();
        self.deed(account, |call| notices::newest(call, &data, 500))
    }

    /// The titles in an inbox, the oldest first.
    fn told(&self, account: AccountId) -> Vec<String> {
        self.inbox(account).into_iter().rev().map(|shown| shown.title.vi).collect()
    }
}

#[test]
fn who_leads_a_dossier_and_the_heads_are_reminded_once_before_it_is_due_and_once_after() {
    let it = Committee::new();
    // Three working days after Friday the 6th it is Wednesday the 11th.
    let dossier = it.dossier("2026-03-12", None);
    it.morning();
    assert!(it.inbox(it.lead).is_empty(), "before seven nothing is sent");
    it.house.clock.advance(Duration::from_secs(2 * 3_600));
    it.morning();
    assert!(it.inbox(it.lead).is_empty(), "four working days are left");
    it.days_later(3);
    for account in [it.lead, it.head, it.deputy] {
        assert_eq!(it.told(account), [SOON]);
    }
    for account in [it.officer, it.uncleared] {
        assert!(it.inbox(account).is_empty(), "it is none of theirs, or they are not cleared");
    }
    it.days_later(1);
    it.days_later(2);
    assert_eq!(it.told(it.lead), [SOON], "once, and on its day it is not late");
    it.days_later(1);
    it.days_later(1);
    assert_eq!(it.told(it.lead), [SOON, OVERDUE]);
    assert_eq!(it.told(it.head), [SOON, OVERDUE]);
    // It leads to the page, and says nothing else.
    let shown = it.inbox(it.lead);
    assert!(shown.iter().all(|shown| shown.text.is_empty() && shown.label == Label::Confidential));
    assert!(shown.iter().all(|shown| shown.path == format!("/dossiers/{dossier}")), "{shown:?}");
    let told = it.house.evidence();
    assert!(told.iter().all(|told| !format!("{:?}", told.entry).contains("đảng phí")));
}

#[test]
fn whom_a_dossier_is_withheld_from_since_the_reminder_came_is_not_shown_it_any_more() {
    let it = Committee::new();
    let dossier = it.dossier("2026-03-05", None);
    it.house.clock.advance(Duration::from_secs(2 * 3_600));
    it.morning();
    assert_eq!((it.told(it.lead), it.told(it.head)), (vec![OVERDUE.to_owned()], vec![OVERDUE.to_owned()]));
    let data = it.house.runtime.plugin(&"inspection".parse().unwrap()).unwrap().data.clone();
    it.deed(it.head, |call| {
        let about = FieldValue { field: "subject-account".into(), value: Value::Account(it.lead) };
        Ok(update(call, &data, "dossiers", dossier, None, vec![about])?)
    });
    let unread = |who| it.deed(who, |call| notices::unread(call, std::slice::from_ref(&data)));
    assert_eq!((it.told(it.lead), unread(it.lead)), (Vec::new(), 0));
    assert_eq!((it.told(it.head), unread(it.head)), (vec![OVERDUE.to_owned()], 1));
}

#[test]
fn another_deadline_of_the_same_dossier_is_another_reminder_and_a_suspended_one_is_none() {
    let it = Committee::new();
    let dossier = it.dossier("2026-03-05", None);
    let suspended = it.dossier("2026-03-05", None);
    let change = |id: RecordId, field: &'static str, value: Value| {
        let data = it.house.runtime.plugin(&"inspection".parse().unwrap()).unwrap().data.clone();
        it.deed(it.head, |call| {
            let fields = vec![FieldValue { field: field.into(), value: value.clone() }];
            Ok(update(call, &data, "dossiers", id, None, fields)?)
        });
    };
    change(suspended, "state", Value::Text("suspended".to_owned()));
    it.days_later(1);
    assert_eq!(it.told(it.lead), [OVERDUE]);
    change(dossier, "due", Value::Date("2026-03-09".parse().unwrap()));
    it.days_later(1);
    assert_eq!(it.told(it.lead), [OVERDUE, SOON]);
}

#[test]
fn a_head_who_leads_a_dossier_is_told_once() {
    let mut it = Committee::new();
    it.lead = it.head;
    it.dossier("2026-03-05", None);
    it.days_later(1);
    assert_eq!(it.told(it.head), [OVERDUE]);
    assert_eq!(it.told(it.deputy), [OVERDUE], "the other heads too");
}

#[test]
fn whom_a_dossier_is_about_is_told_nothing_of_it_though_they_are_a_head() {
    let it = Committee::new();
    it.dossier("2026-03-05", Some(it.head));
    it.days_later(1);
    assert!(it.inbox(it.head).is_empty());
    assert_eq!(it.told(it.deputy), [OVERDUE]);
    assert_eq!(it.told(it.lead), [OVERDUE]);
}

#[test]
fn more_than_a_call_may_send_is_sent_a_minute_later() {
    let it = Committee::new();
    for _ in 0..60 {
        it.dossier("2026-03-05", None);
    }
    it.days_later(1);
    assert_eq!(it.told(it.lead).len(), 50);
    it.house.clock.advance(Duration::from_secs(61));
    it.morning();
    assert_eq!(it.told(it.lead).len(), 60);
    it.house.clock.advance(Duration::from_secs(61));
    it.morning();
    assert_eq!(it.told(it.lead).len(), 60, "each once");
}
