//! Timers of a plugin: each takes effect once, in order, whatever happens in between.

use dinh_model::{AccountId, Actor, Label, Language};
use dinh_runtime::bindings::pages::Done;
use dinh_runtime::bindings::types::Value;
use dinh_runtime::{CallError, InstallError, Submitted};
use dinh_services::schedule::{self, KnownTimer, MOST_TIMERS, NewTimer, TimerId, When};
use dinh_services::{Call, ServiceError, Trip, catalog};

use crate::house::{House, altered, component, fact};

/// A house at eight in the morning of Monday 2 March 2026, with a plugin that writes down which of its timers fired.
struct Kept {
    house: House,
    keeper: AccountId,
    /// What was written down at the last look.
    seen: Vec<String>,
}

/// Keys that are records' identifiers, which the evidence names.
fn id(number: u8) -> String {
    format!("00000000-0000-7000-8000-0000000000{number:02}")
}

impl Kept {
    fn new() -> Self {
        let house = House::new();
        house.install(&component("punctual")).unwrap();
        house.give(house.officer, "punctual.keeper", house.province);
        let keeper = house.officer;
        Self { house, keeper, seen: Vec::new() }
    }

    fn try_set(&self, name: &str, key: &str, when: &str, payload: &str) -> Result<Submitted, CallError> {
        self.submit("set", &[("name", name), ("key", key), ("when", when), ("payload", payload)])
    }

    /// Sets a timer; when it is due.
    fn set(&self, name: &str, key: &str, when: &str, payload: &str) -> String {
        said(self.try_set(name, key, when, payload).unwrap())
    }

    fn submit(&self, form: &str, inputs: &[(&str, &str)]) -> Result<Submitted, CallError> {
        let input = |(name, text): &(&'static str, &str)| (*name, Value::Text((*text).to_owned()));
        // The names of inputs are the tests' own.
        let names = ["name", "key", "when", "payload", "read", "then"];
        let own = |(given, text): &(&str, &'_ str)| {
            let name = names.into_iter().find(|name| name == given).unwrap();
            (name, (*text).to_owned())
        };
        let inputs: Vec<(&'static str, String)> = inputs.iter().map(own).collect();
        let inputs: Vec<_> = inputs.iter().map(|(name, text)| input(&(*name, text.as_str()))).collect();
        self.house.submit(self.keeper, "punctual", form, &inputs)
    }

    fn many(&self, count: i64, from: i64) -> Result<Submitted, CallError> {
        let inputs = [("count", Value::Integer(count)), ("from", Value::Integer(from))];
        self.house.submit(self.keeper, "punctual", "many", &inputs)
    }

    fn cancel(&self, name: &str, key: &str) -> String {
        said(self.submit("cancel", &[("name", name), ("key", key)]).unwrap())
    }

    /// Lets what is due fire; the lines written down since the last look, sorted.
    fn news(&mut self) -> Vec<String> {
        self.house.runtime.tell_now().unwrap();
        let lines = self.shown("lines");
        let mut news = lines.clone();
        for old in std::mem::replace(&mut self.seen, lines) {
            news.remove(news.iter().position(|new| *new == old).unwrap());
        }
        news.sort();
        news
    }

    /// The timers that are set, as the plugin sees them, without the nightly one.
    fn timers(&self) -> Vec<String> {
        let mut timers = self.shown("timers");
        timers.retain(|timer| !timer.starts_with("nightly"));
        timers
    }

    fn nightly(&self) -> Vec<String> {
        let mut timers = self.shown("timers");
        timers.retain(|timer| timer.starts_with("nightly"));
        timers
    }

    fn shown(&self, what: &str) -> Vec<String> {
        let page = self.house.draw(self.keeper, "punctual", "/").unwrap();
        let Value::Text(text) = fact(&page, what) else { panic!("{page:?}") };
        text.split("; ").filter(|line| !line.is_empty()).map(str::to_owned).collect()
    }

    fn at(&self, moment: &str) {
        self.house.clock.set(moment.parse().unwrap());
    }

    fn restart(self, moment: &str) -> Self {
        let Self { house, keeper, seen } = self;
        Self { house: house.restart(moment), keeper, seen }
    }

    /// The records that timers fired for, in their order.
    fn fired(&self) -> Vec<String> {
        let fired = self.house.evidence().into_iter().filter(|it| it.entry.action == "timer.fired");
        fired.flat_map(|it| it.entry.records).map(|record| record.to_string()).collect()
    }

    fn count(&self, action: &str) -> usize {
        self.house.evidence().iter().filter(|it| it.entry.action == action).count()
    }

    fn known(&self, parked: bool) -> Vec<KnownTimer> {
        let operator = self.house.operator();
        let known = |call: &mut Call| schedule::known(call, &self.data(), parked, None, 1_000);
        self.house.platform.perform(&operator, known).unwrap()
    }

    fn data(&self) -> std::sync::Arc<dinh_services::records::PluginData> {
        std::sync::Arc::clone(&self.house.runtime.plugin(&"punctual".parse().unwrap()).unwrap().data)
    }

    fn manage<T>(&self, deed: impl FnMut(&mut Call) -> Result<T, ServiceError>) -> Result<T, ServiceError> {
        self.house.platform.perform(&self.house.administrator(), deed)
    }
}

fn said(submitted: Submitted) -> String {
    match submitted {
        Submitted::Done(Done { notice: Some(notice), .. }) => notice.title,
        other => panic!("{other:?}"),
    }
}

fn timer(name: &str, key: &str) -> TimerId {
    TimerId { name: name.to_owned(), key: key.to_owned() }
}

fn none() -> [String; 0] {
    []
}

#[test]
fn timers_of_a_plugin_that_is_out_fire_once_it_is_back() {
    let mut it = Kept::new();
    it.set("deadline", "a", "on 2026-03-02 10", "");
    let (plugin, home) = ("punctual".parse().unwrap(), it.house.province);
    let operate = |it: &Kept, deed: &dyn Fn(&mut Call) -> Result<(), ServiceError>| {
        it.house.platform.perform(&it.house.administrator(), |call| deed(call)).unwrap();
        it.house.runtime.look_at_suspensions();
    };
    operate(&it, &|call| dinh_runtime::suspend(call, &plugin, home, "kiểm tra").map(drop));
    it.house.clock.advance(std::time::Duration::from_secs(2 * 3600));
    it.house.runtime.tell_now().unwrap();
    operate(&it, &|call| dinh_runtime::release(call, &plugin, home).map(drop));
    assert_eq!(it.shown("lines"), Vec::<String>::new(), "while it was out");
    assert_eq!(it.news().len(), 1, "and once now");
    assert_eq!(it.news().len(), 0);
}

#[test]
fn a_timer_fires_once_when_it_is_due_and_not_before() {
    let mut it = Kept::new();
    let due = it.set("deadline", "ho-so-7", "on 2026-03-05 7", "trả lời công văn");
    assert_eq!(due, "2026-03-05T00:00:00Z", "seven o'clock in Vietnam");
    assert_eq!(it.timers(), ["deadline ho-so-7 2026-03-05T00:00:00Z"]);
    it.at("2026-03-02T18:00:00Z");
    assert_eq!(it.news(), none());
    it.at("2026-03-04T23:59:59Z");
    // The nightly one, which the manifest sets, was missed twice and fires once.
    assert_eq!(it.news(), ["nightly  2026-03-02T19:00:00Z"]);
    it.at("2026-03-05T00:00:00Z");
    assert_eq!(it.news(), ["deadline ho-so-7 2026-03-05T00:00:00Z", "trả lời công văn"]);
    assert_eq!(it.timers(), none());
    it.at("2026-03-05T18:00:00Z");
    assert_eq!(it.news(), none());
    let fired = it.house.evidence().into_iter().filter(|it| it.entry.action == "timer.fired");
    let fired: Vec<_> = fired.map(|it| (it.entry.actor, it.entry.detail["timer"].clone())).collect();
    let itself = || Actor::Service("punctual".parse().unwrap());
    assert_eq!(fired, [(itself(), "nightly".to_owned()), (itself(), "deadline".to_owned())]);
}

#[test]
fn what_came_due_while_the_host_was_off_fires_once_and_in_order_after_its_start() {
    let it = Kept::new();
    for (number, hour) in [(3, 11), (1, 9), (4, 12), (2, 10)] {
        it.set("deadline", &id(number), &format!("on 2026-03-04 {hour}"), "");
    }
    it.set("deadline", &id(5), "on 2026-04-01 7", "");
    let mut it = it.restart("2026-03-10T01:00:00Z");
    let news = it.news();
    assert_eq!(news.len(), 5, "{news:?}");
    assert_eq!(it.fired(), [id(1), id(2), id(3), id(4)]);
    let mut it = it.restart("2026-03-10T02:00:00Z");
    assert_eq!(it.news(), none());
    assert_eq!(it.fired().len(), 4);
    assert_eq!(it.timers().len(), 1);
}

#[test]
fn setting_the_same_again_replaces_it_and_what_is_cancelled_does_not_fire() {
    let mut it = Kept::new();
    it.set("deadline", "a", "on 2026-03-02 10", "sớm");
    it.set("deadline", "a", "on 2026-03-02 12", "muộn");
    it.set("other", "a", "on 2026-03-02 11", "");
    it.set("deadline", "b", "on 2026-03-02 11", "");
    assert_eq!(it.cancel("deadline", "b"), "true");
    assert_eq!(it.cancel("deadline", "b"), "false");
    it.at("2026-03-02T06:00:00Z");
    let fired = ["deadline a 2026-03-02T05:00:00Z", "muộn", "other a 2026-03-02T04:00:00Z"];
    assert_eq!(it.news(), fired);
    assert_eq!(it.manage(|call| schedule::standing(call, &it.data())).unwrap().unwrap().timers, 1);
}

#[test]
fn a_timer_is_part_of_its_calls_one_change() {
    let mut it = Kept::new();
    let refused =
        it.submit("set", &[("name", "deadline"), ("when", "at 2026-03-02T00:00:00Z"), ("then", "fail")]);
    assert!(matches!(refused, Err(CallError::Denied(_))), "{refused:?}");
    assert_eq!((it.timers(), it.news()), (vec![], vec![]));
    // What is over is due at once.
    it.set("deadline", "", "at 2026-03-01T00:00:00Z", "");
    assert_eq!(it.news(), ["deadline  2026-03-01T00:00:00Z"]);
    let page = it.house.draw(it.keeper, "punctual", "/sly").unwrap();
    assert!(page.title.contains("while a page is drawn"), "{}", page.title);
}

#[test]
fn a_term_in_working_days_leaves_out_tet() {
    let it = Kept::new();
    it.house.platform.perform(&it.house.operator(), catalog::ship).unwrap();
    // Friday 13 February 2026; Tết is 16 to 20 February.
    assert_eq!(it.set("deadline", "", "work 2026-02-13 2 17", ""), "2026-02-24T10:00:00Z");
    assert_eq!(it.set("deadline", "", "days 2026-02-13 2 17", ""), "2026-02-15T10:00:00Z");
    let days = |query: &str| it.house.draw(it.keeper, "punctual", &format!("/days?{query}")).unwrap().title;
    assert_eq!(days("from=2026-02-13&days=2"), "2026-02-24 2");
    assert_eq!(days("from=2026-02-24&days=-2"), "2026-02-13 -2");
    assert_eq!(days("from=2026-02-14&days=0"), "2026-02-14 0");
}

#[test]
fn what_recurs_fires_at_each_occurrence_and_once_for_all_that_were_missed() {
    let mut it = Kept::new();
    // Monday at seven is over this week.
    assert_eq!(it.set("deadline", "tuan", "week 1 7", "").len(), 20);
    for (moment, due) in [("2026-03-09T00:00:00Z", "2026-03-09"), ("2026-03-17T03:00:00Z", "2026-03-16")] {
        it.at(moment);
        let news = it.news();
        assert!(news.contains(&format!("deadline tuan {due}T00:00:00Z")), "{news:?}");
    }
    assert_eq!(it.timers(), ["deadline tuan 2026-03-23T00:00:00Z"]);
    let mut it = it.restart("2026-05-20T03:00:00Z");
    let news = it.news();
    let expected = ["deadline tuan 2026-03-23T00:00:00Z", "nightly  2026-03-17T19:00:00Z"];
    assert_eq!(news, expected);
    assert_eq!(it.timers(), ["deadline tuan 2026-05-25T00:00:00Z"]);
    assert_eq!(it.nightly(), ["nightly  2026-05-20T19:00:00Z"]);
}

#[test]
fn what_a_manifest_declares_goes_with_its_version() {
    let mut it = Kept::new();
    assert_eq!(it.nightly(), ["nightly  2026-03-02T19:00:00Z"]);
    for form in ["set", "cancel"] {
        let refused = it.submit(form, &[("name", "nightly"), ("when", "day 5")]);
        assert!(matches!(refused, Ok(Submitted::Invalid(_))), "{refused:?}");
    }
    it.set("other", "", "on 2026-03-04 7", "");
    it.set("deadline", "", "on 2026-03-04 7", "");
    let changes = [
        ("version = \"0.1.0\"", "version = \"0.2.0\""),
        ("hour = 2", "hour = 5"),
        ("name = \"other\"", "name = \"othar\""),
    ];
    it.house.install(&altered("punctual", &changes)).unwrap();
    assert_eq!(it.known(false).into_iter().map(|it| it.name).collect::<Vec<_>>(), ["deadline", "nightly"]);
    it.at("2026-03-02T21:00:00Z");
    assert_eq!(it.news(), none());
    it.at("2026-03-02T22:00:00Z");
    assert_eq!(it.known(false)[1].due.to_string(), "2026-03-02T22:00:00Z");
    let counted = it.manage(|call| schedule::standing(call, &it.data())).unwrap().unwrap();
    assert_eq!((counted.timers, counted.failing, counted.parked), (2, 0, 0));
}

#[test]
fn a_timer_that_fails_is_tried_five_times_then_parked_and_the_others_go_on() {
    for (payload, why) in [("fail", "failed"), ("break", "trapped"), ("spin", "log-lines")] {
        let mut it = Kept::new();
        it.set("deadline", &id(1), "on 2026-03-02 9", payload);
        it.set("deadline", &id(2), "on 2026-03-02 10", "");
        it.at("2026-03-02T04:00:00Z");
        assert_eq!(it.news(), [format!("deadline {} 2026-03-02T03:00:00Z", id(2))]);
        for (minutes, failures) in [(1, 2), (5, 3), (30, 4)] {
            let failing = it.known(false).into_iter().find(|it| it.failures > 0).unwrap();
            assert_eq!((failing.failures, failing.failure.as_deref()), (failures - 1, Some(why)));
            it.house.clock.advance(std::time::Duration::from_secs(minutes * 60 - 1));
            assert_eq!((it.news(), it.known(false)), (vec![], it.known(false)));
            assert_eq!(it.known(false)[0].failures, failures - 1);
            it.house.clock.advance(std::time::Duration::from_secs(1));
            assert_eq!(it.news(), none(), "half of what failed was kept");
            assert_eq!(it.known(false)[0].failures, failures);
        }
        it.house.clock.advance(std::time::Duration::from_secs(7_200));
        it.news();
        let parked = it.known(true);
        let [parked] = parked.as_slice() else { panic!("{parked:?}") };
        assert_eq!((parked.key.as_str(), parked.failure.as_deref(), parked.next), (&*id(1), Some(why), None));
        assert_eq!(it.count("timer.parked"), 1);
        it.house.clock.advance(std::time::Duration::from_secs(86_400));
        it.news();
        assert_eq!(it.count("timer.parked"), 1, "it waits for people");
        // Those who manage the plugin decide; nobody else.
        let timer = timer("deadline", &id(1));
        let others = it.house.platform.origin(Actor::person(it.keeper), Language::Vi);
        let refused = it.house.platform.perform(&others, |call| schedule::retry(call, &it.data(), &timer));
        assert!(matches!(refused, Err(ServiceError::Denied(_))), "{refused:?}");
        it.manage(|call| schedule::retry(call, &it.data(), &timer)).unwrap();
        it.news();
        assert_eq!(it.known(true).len(), 1, "once more in vain");
        it.manage(|call| schedule::drop_timer(call, &it.data(), &timer, "đã xử lý bằng tay")).unwrap();
        assert_eq!((it.known(true), it.timers()), (vec![], vec![]));
        assert_eq!((it.count("timer.retried"), it.count("timer.dropped")), (1, 1));
        let again = it.manage(|call| schedule::retry(call, &it.data(), &timer));
        assert!(matches!(again, Err(ServiceError::NotFound { .. })), "{again:?}");
    }
}

#[test]
fn a_parked_timer_that_people_retry_fires_once_it_can() {
    let mut it = Kept::new();
    it.set("deadline", "a", "on 2026-03-02 9", "fail");
    for _ in 0..6 {
        it.house.clock.advance(std::time::Duration::from_secs(7_300));
        it.news();
    }
    assert_eq!(it.known(true).len(), 1);
    // Set again by the plugin, it is another one.
    it.set("deadline", "a", "on 2026-03-02 9", "");
    assert_eq!((it.known(true).len(), it.news().len()), (0, 1));
}

#[test]
fn a_timer_that_sets_itself_for_now_fires_once_a_minute() {
    let mut it = Kept::new();
    it.set("deadline", "x", "at 2026-03-02T01:00:00Z", "again");
    assert_eq!(it.news(), ["deadline x 2026-03-02T01:00:00Z"]);
    for minute in 1..5 {
        it.house.clock.advance(std::time::Duration::from_secs(59));
        assert_eq!(it.news(), none());
        it.house.clock.advance(std::time::Duration::from_secs(1));
        assert_eq!(it.news(), [format!("deadline x 2026-03-02T01:0{minute}:00Z")]);
    }
    // Under other keys it is no faster.
    it.set("deadline", "y", "at 2026-03-02T01:00:00Z", "breed");
    it.cancel("deadline", "x");
    for bred in [1, 2, 4, 8] {
        assert_eq!(it.news().len(), bred);
        it.house.clock.advance(std::time::Duration::from_secs(60));
    }
}

#[test]
fn a_call_sets_so_many_timers_and_a_plugin_has_so_many_both_counted_exactly() {
    let it = Kept::new();
    let over = it.many(1_001, 0);
    let Err(CallError::Limit(Trip { what, used, allowed })) = over else { panic!("{over:?}") };
    assert_eq!((what, used, allowed), ("timers", 1_001, 1_000));
    assert_eq!(it.timers(), none());
    // All but a hundred, by the host; the nightly one is there.
    let declared = it.house.runtime.plugin(&"punctual".parse().unwrap()).unwrap().manifest.timers.clone();
    let all = i64::try_from(MOST_TIMERS).unwrap() - 1;
    let mut numbers = 100..all;
    while !numbers.is_empty() {
        let part: Vec<i64> = numbers.by_ref().take(10_000).collect();
        let set = it.manage(|call| {
            for number in &part {
                let when = When::On("2026-05-01".parse().unwrap(), 7);
                let new = NewTimer { id: timer("other", &number.to_string()), when, payload: String::new() };
                schedule::set(call, &it.data(), &declared, &new)?;
            }
            Ok(())
        });
        set.unwrap();
    }
    it.many(100, 0).unwrap();
    // In the place of others is not one more.
    it.many(1_000, 0).unwrap();
    let over = it.many(1, all);
    let Err(CallError::Limit(Trip { what, used, allowed })) = over else { panic!("{over:?}") };
    assert_eq!((what, used, allowed), ("plugin-timers", MOST_TIMERS + 1, MOST_TIMERS));
    assert_eq!(it.house.last().0, "call.tripped");
    assert_eq!(it.cancel("other", "7"), "true");
    it.many(1, all).unwrap();
}

#[test]
fn a_call_that_has_read_what_is_confidential_sets_no_text_and_only_the_cleared_see_when() {
    let mut it = Kept::new();
    let cleared = it.house.person("mat", it.house.planning);
    it.house.give_to(cleared, "punctual.keeper", it.house.province, false, Label::Confidential);
    let origin = it.house.platform.origin(Actor::person(cleared), Language::Vi);
    let secret = it.house.platform.perform(&origin, |call| {
        use dinh_services::records::{FieldValue, insert};
        let field = |field: &str, text: &str| FieldValue {
            field: field.into(),
            value: dinh_model::Value::Text(text.into()),
        };
        Ok(insert(
            call,
            &it.data(),
            "lines",
            vec![field("text", "tin Mật"), field("secrecy", "confidential")],
        )?)
    });
    let secret = secret.unwrap().to_string();
    it.keeper = cleared;
    let set = |key: &str, payload: &str| {
        let inputs =
            [("name", "deadline"), ("key", key), ("when", "day 9"), ("payload", payload), ("read", &secret)];
        it.submit("set", &inputs)
    };
    for (key, payload) in [("tin-mat", ""), ("", "tin Mật"), (&secret, "tin Mật")] {
        let refused = set(key, payload);
        assert!(matches!(refused, Err(CallError::Denied(_))), "{refused:?}");
    }
    assert_eq!(it.count("rule.refused"), 3);
    assert!(matches!(set(&secret, &secret), Ok(Submitted::Done(_))));
    assert_eq!(it.timers(), [format!("deadline {secret} 2026-03-02T02:00:00Z")]);
    // Cleared as a person, but granted this plugin's ordinary records only.
    let officer = Kept { keeper: it.house.officer, ..it };
    assert_eq!(officer.timers(), none());
    assert!(officer.nightly().len() == 1);
    assert_eq!(officer.cancel("deadline", &secret), "false");
    // What its handler then knows is bound by it: the line it would write is ordinary.
    officer.at("2026-03-02T02:00:00Z");
    officer.house.runtime.tell_now().unwrap();
    let failing = officer.known(false).into_iter().find(|it| it.failures > 0).unwrap();
    let managed = officer.manage(|call| schedule::known(call, &officer.data(), false, None, 10)).unwrap();
    assert!(managed.iter().all(|it| it.name == "nightly"), "{managed:?}");
    assert_eq!((failing.key, failing.failure.as_deref()), (secret, Some("failed")));
}

#[test]
fn a_plugin_that_has_timers_and_handles_none_is_not_installed() {
    let elsewhere = altered("punctual", &[("dinh:platform/events@", "dinh:platform/eventz@")]);
    let refused = House::new().install(&elsewhere).map(drop);
    assert!(matches!(&refused, Err(InstallError::NoTimers { timer }) if timer == "deadline"), "{refused:?}");
}

#[test]
fn after_a_clock_that_was_ahead_what_recurs_comes_at_its_time_again() {
    let mut it = Kept::new();
    it.at("2027-03-01T00:00:00Z");
    assert_eq!(it.news(), ["nightly  2026-03-02T19:00:00Z"]);
    assert_eq!(it.nightly(), ["nightly  2027-03-01T19:00:00Z"]);
    it.at("2026-03-04T01:00:00Z");
    it.house.runtime.tell_now().unwrap();
    it.house.platform.accept_clock(&it.house.operator()).unwrap();
    assert_eq!(it.nightly(), ["nightly  2026-03-04T19:00:00Z"]);
    it.at("2026-03-04T19:00:00Z");
    assert_eq!(it.news(), ["nightly  2026-03-04T19:00:00Z"]);
}

#[test]
fn a_thread_fires_what_comes_due_while_the_house_serves() {
    let it = Kept::new();
    let telling = it.house.runtime.tell().unwrap();
    it.set("deadline", &id(1), "at 2026-03-02T01:00:00Z", "");
    // Its end waits for calls that run; what it has not begun, it need not.
    while it.fired().is_empty() {
        std::thread::yield_now();
    }
    drop(telling);
    assert_eq!(it.fired(), [id(1)]);
}
