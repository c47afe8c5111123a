//! A plugin is told of changes of what another offers: what it writes in answer takes effect once.

use dinh_model::{Actor, Label, Language, RecordId, Value};
use dinh_runtime::{Install, InstallError};
use dinh_services::records::{self, FieldValue, Selection};
use dinh_services::sharing::feed::{self, MOST_FAILURES, Subscription, parked};
use dinh_services::sharing::revoke;
use dinh_services::{Call, ServiceError};

use crate::house::{House, altered, component};
use crate::lines;
use crate::sharing::{Neighbours, agree};

/// Two neighbours, the one told of the other's notes.
struct Told {
    it: Neighbours,
    /// What the subscriber kept at the last look.
    seen: Vec<String>,
}

impl Told {
    fn new() -> Self {
        Self { it: Neighbours::new(), seen: Vec::new() }
    }

    /// What the subscriber has kept since the last look, sorted.
    fn news(&mut self) -> Vec<String> {
        self.it.house.runtime.tell_now().unwrap();
        let kept = copies(&self.it, "leaky");
        let mut news = kept.clone();
        for old in std::mem::replace(&mut self.seen, kept) {
            news.remove(news.iter().position(|new| *new == old).unwrap());
        }
        news.sort();
        news
    }

    fn note(&self, title: &str, weight: i64) -> RecordId {
        let it = &self.it;
        let values = [
            ("title", Value::Text(title.into())),
            ("weight", Value::Integer(weight)),
            ("unit", Value::Unit(it.house.planning)),
            ("secrecy", Value::Text("ordinary".into())),
        ];
        self.write(|call| {
            let data = &it.house.runtime.plugin(&"forgetful".parse().unwrap()).unwrap().data;
            Ok(records::insert(call, data, "notes", fields(&values))?)
        })
    }

    fn change(&self, note: RecordId, field: &str, value: Value) {
        let it = &self.it;
        self.write(|call| {
            let data = &it.house.runtime.plugin(&"forgetful".parse().unwrap()).unwrap().data;
            Ok(records::update(call, data, "notes", note, None, fields(&[(field, value.clone())]))?)
        });
    }

    fn write<T>(&self, deed: impl FnMut(&mut Call) -> Result<T, ServiceError>) -> T {
        let house = &self.it.house;
        let origin = house.platform.origin(Actor::person(self.it.writer), Language::Vi);
        house.platform.perform(&origin, deed).unwrap()
    }

    fn operate<T>(&self, deed: impl FnMut(&mut Call) -> Result<T, ServiceError>) -> T {
        self.it.house.platform.perform(&self.it.house.operator(), deed).unwrap()
    }

    fn subscription(&self) -> Option<Subscription> {
        self.operate(|call| feed::find_subscription(call, self.it.contract))
    }

    /// Lets time go by until what failed is tried again.
    fn wait(&self) {
        self.it.house.clock.advance(std::time::Duration::from_secs(60));
    }

    fn actions(&self) -> Vec<String> {
        self.it.house.evidence().into_iter().map(|recorded| recorded.entry.action).collect()
    }
}

fn fields(values: &[(&str, Value)]) -> Vec<FieldValue> {
    values.iter().map(|(field, value)| FieldValue { field: (*field).into(), value: value.clone() }).collect()
}

/// The notes that a plugin keeps.
fn copies(it: &Neighbours, plugin: &str) -> Vec<String> {
    let house = &it.house;
    let data = &house.runtime.plugin(&plugin.parse().unwrap()).unwrap().data;
    let origin = house.platform.origin(Actor::person(it.cleared), Language::Vi);
    let mut call = house.platform.begin_reading(&origin).unwrap();
    let selection =
        Selection { collection: "copies".into(), fields: vec!["note".into()], ..Selection::default() };
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let page = records::query(&mut call, data, &selection, after.as_deref(), 1_000).unwrap();
        let column = page.columns.first().unwrap();
        all.extend((0..page.ids.len()).map(|row| match column.value(row).unwrap() {
            Value::Text(text) => text,
            other => format!("{other:?}"),
        }));
        after = page.next;
        if after.is_none() {
            return all;
        }
    }
}

fn present(note: RecordId) -> String {
    format!("present {note}")
}

fn left(note: RecordId) -> String {
    format!("left {note}")
}

#[test]
fn a_subscriber_is_told_of_what_is_there_what_changes_what_leaves_and_the_end() {
    let mut it = Told::new();
    let first = it.news();
    assert_eq!(first.first().map(String::as_str), Some("begun"));
    // The plugin itself is cleared for what is ordinary: of three notes it is told of two.
    assert_eq!(first.len(), 3, "{first:?}");
    let note = it.note("Ghi chép mới", 5);
    assert_eq!(it.news(), [present(note)]);
    it.change(note, "title", Value::Text("Ghi chép đã sửa".into()));
    assert_eq!(it.news(), [present(note)]);
    it.change(note, "secrecy", Value::Text("confidential".into()));
    assert_eq!(it.news(), [left(note)]);
    it.change(note, "weight", Value::Integer(6));
    assert!(it.news().is_empty(), "what is out of view is not told");
    it.operate(|call| revoke(call, it.it.contract, "hết nhu cầu"));
    assert_eq!(it.news(), ["ended"]);
    assert_eq!(it.subscription(), None);
    it.note("Sau khi kết thúc", 7);
    assert!(it.news().is_empty());
    let told = it.actions().into_iter().filter(|action| action == "changes.told").count();
    assert_eq!(told, 4, "each call that was told of records is evidence");
}

#[test]
fn a_record_that_a_subscriber_cannot_digest_is_parked_and_the_others_are_told_once() {
    for indigestible in [13, 14] {
        let mut it = Told::new();
        it.news();
        let before = it.note("Trước", 1);
        let bad = it.note("Hỏng", indigestible);
        let after = it.note("Sau", 2);
        // The three come together; what fails takes everything of that call back, and they come one by one.
        assert_eq!(it.news(), [present(before)]);
        for _ in 2..MOST_FAILURES {
            it.wait();
            assert!(it.news().is_empty(), "nothing passes before it is parked");
        }
        assert_eq!(it.subscription().unwrap().failures, MOST_FAILURES - 1);
        it.wait();
        assert_eq!(it.news(), [present(after)]);
        let found = it.operate(|call| parked(call, it.it.contract, None, 10));
        let [found] = found.as_slice() else { panic!("{found:?}") };
        let why = if indigestible == 13 { "failed" } else { "trapped" };
        assert_eq!((found.record, found.parked.failure.as_str()), (bad, why));
        assert!(it.actions().contains(&"changes.parked".to_owned()));
        // Mended by people, it is told when they ask for it.
        it.change(bad, "weight", Value::Integer(3));
        assert!(it.news().is_empty());
        it.operate(|call| feed::retry_parked(call, it.it.contract, bad));
        assert_eq!(it.news(), [present(bad)]);
        assert!(it.operate(|call| parked(call, it.it.contract, None, 10)).is_empty());
    }
}

#[test]
fn a_subscriber_that_does_harm_while_it_is_told_is_stopped_and_what_it_was_told_parked() {
    for (harm, limit) in [
        (15, "cpu-milliseconds"),
        // Its own part of the stack, in linear memory, is full before the engine's.
        (16, "trapped"),
        (17, "memory-bytes"),
        (18, "log-lines"),
        (19, "records-written"),
    ] {
        let mut it = Told::new();
        it.news();
        let bad = it.note("Độc", harm);
        let after = it.note("Sau", 2);
        it.it.house.runtime.tell_now().unwrap();
        for _ in 1..MOST_FAILURES {
            it.wait();
            it.it.house.runtime.tell_now().unwrap();
            assert_eq!(it.it.house.runtime.in_use(), dinh_runtime::engine::InUse::default(), "{limit}");
        }
        assert_eq!(
            it.news(),
            [present(after)],
            "{limit}: nothing of the bad calls is kept, the next is told"
        );
        let found = it.operate(|call| parked(call, it.it.contract, None, 10));
        let [found] = found.as_slice() else { panic!("{limit}: {found:?}") };
        assert_eq!((found.record, found.parked.failure.as_str()), (bad, limit));
        let ends = it.it.house.evidence().into_iter().filter_map(|it| match it.entry.action.as_str() {
            "call.tripped" => it.entry.detail.get("limit").cloned(),
            "call.trapped" => Some("trapped".to_owned()),
            _ => None,
        });
        let ends: Vec<_> = ends.collect();
        assert!(
            ends.len() >= MOST_FAILURES as usize && ends.iter().all(|it| it == limit),
            "{limit}: {ends:?}"
        );
        // Whoever offers the data goes on.
        let (house, writer) = (&it.it.house, it.it.writer);
        assert!(house.draw(writer, "forgetful", "/").is_ok(), "{limit}");
    }
}

#[test]
fn what_was_told_is_not_told_again_after_a_restart_and_what_was_not_is() {
    let mut it = Told::new();
    it.news();
    let note = it.note("Trước khi dừng", 5);
    let Told { it: neighbours, seen } = it;
    let Neighbours { house, writer, cleared, planner, contract } = neighbours;
    let house = house.restart("2026-03-02T01:01:00Z");
    let mut it = Told { it: Neighbours { house, writer, cleared, planner, contract }, seen };
    assert_eq!(it.news(), [present(note)]);
    assert!(it.news().is_empty());
}

#[test]
fn changes_wait_for_a_subscriber_that_is_out_and_count_as_no_failure() {
    let mut it = Told::new();
    it.news();
    let (plugin, home) = ("leaky".parse().unwrap(), it.it.house.province);
    let operate = |it: &Told, deed: &dyn Fn(&mut Call) -> Result<(), ServiceError>| {
        it.it.house.platform.perform(&it.it.house.administrator(), |call| deed(call)).unwrap();
        it.it.house.runtime.look_at_suspensions();
    };
    operate(&it, &|call| dinh_runtime::suspend(call, &plugin, home, "kiểm tra").map(drop));
    let note = it.note("Trong khi tạm ngừng", 5);
    assert!(it.news().is_empty(), "nothing is told while it is out");
    assert_eq!(it.subscription().unwrap().failures, 0);
    operate(&it, &|call| dinh_runtime::release(call, &plugin, home).map(drop));
    assert_eq!(it.news(), [present(note)]);
    assert!(it.news().is_empty());
}

#[test]
fn two_plugins_that_answer_each_other_come_to_an_end() {
    let house = Neighbours::new();
    let padded = |ours: &str, others: &str| {
        let wanted = "plugin = \"forgetful\"\ndataset = \"notes\"\nfields = [\"title\", \"weight\"]";
        let theirs = format!("plugin = \"{others}\"\ndataset = \"copies\"\nfields = [\"text\", \"number\"]");
        let theirs = format!("{theirs}{}", " ".repeat(wanted.len() - theirs.len()));
        altered("leaky", &[("id = \"leaky\"", &format!("id = \"{ours}\"")), (wanted, &theirs)])
    };
    for (ours, others) in [("leakA", "leakB"), ("leakB", "leakA")] {
        let (ours, others) = (ours.to_lowercase(), others.to_lowercase());
        house.house.install(&padded(&ours, &others)).unwrap();
    }
    for consumer in ["leaka", "leakb"] {
        house.house.give_to(
            house.cleared,
            &format!("{consumer}.reader"),
            house.house.province,
            false,
            Label::Confidential,
        );
        agree(&house.house, consumer, |_| ());
    }
    house.house.runtime.tell_now().unwrap();
    let [a, b] = ["leaka", "leakb"].map(|plugin| copies(&house, plugin).len());
    assert!(a > 1 && b > 1 && a + b < 100, "they answer each other, and come to an end: {a} and {b}");
    let parked = house.house.evidence().into_iter().filter(|it| it.entry.action == "changes.parked");
    assert!(parked.map(|it| it.entry.detail["reason"].clone()).any(|reason| reason == "hops"));
    house.house.runtime.tell_now().unwrap();
    assert_eq!(
        [a, b],
        ["leaka", "leakb"].map(|plugin| copies(&house, plugin).len()),
        "nothing is left to tell"
    );
}

#[test]
fn what_a_subscriber_says_of_its_failure_is_withheld_after_it_has_read() {
    let lines = lines::collect("thirteen");
    let mut it = Told::new();
    it.news();
    it.note("Hỏng", 13);
    it.news();
    assert_eq!(it.subscription().unwrap().failures, 1);
    let said = lines.lock().unwrap().clone();
    assert!(said.is_empty(), "{said:?}");
}

#[test]
fn a_plugin_that_wants_changes_and_handles_none_is_not_installed() {
    let house = House::new();
    house.install(&component("forgetful")).unwrap();
    let elsewhere = altered("leaky", &[("dinh:platform/events@", "dinh:platform/eventz@")]);
    let refused = house.install(&elsewhere).map(drop);
    assert!(matches!(&refused, Err(InstallError::NoEvents { wanted }) if wanted == "notes"), "{refused:?}");
}

#[test]
fn what_a_plugin_may_by_itself_grows_only_when_that_is_accepted() {
    let house = House::new();
    house.install(&component("forgetful")).unwrap();
    let both = "permissions = [\"copy.read\", \"copy.write\"]\n\n[[routes]]";
    let one = "permissions = [\"copy.read\"]";
    let one = format!("{one}{}\n\n[[routes]]", " ".repeat(both.len() - one.len() - "\n\n[[routes]]".len()));
    let version = |version: &str| ("version = \"0.1.0\"", format!("version = \"{version}\""));
    house.install(&altered("leaky", &[(both, &one)])).unwrap();
    let (old, new) = version("0.2.0");
    let wider = altered("leaky", &[(old, &new)]);
    let refused = house.install(&wider).map(drop).unwrap_err().to_string();
    assert!(refused.contains("--accept-rights") && refused.contains("+leaky.copy.write"), "{refused}");
    let accepted = Install { accept_rights: true, ..Install::at(house.province) };
    let done = house.runtime.install(&wider, accepted, &house.administrator()).unwrap();
    assert_eq!(done.rights.service.gained.len(), 1);
    let (old, new) = version("0.3.0");
    let narrower = altered("leaky", &[(old, &new), (both, &one)]);
    let done = house.runtime.install(&narrower, Install::at(house.province), &house.administrator()).unwrap();
    assert_eq!((done.rights.service.gained.len(), done.rights.service.lost.len()), (0, 1));
}
