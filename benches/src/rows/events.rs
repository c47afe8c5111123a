//! Changes: how long a subscriber waits after the commit of what it follows.

use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use dinh_model::{Actor, Language, RecordId, Value};
use dinh_runtime::{Compiler, Install, Options, Plugin, Runtime, Teller};
use dinh_services::records::{self, FieldValue};
use dinh_services::sharing::{self, Terms, feed};
use dinh_services::{Origin, Platform};

use super::house::{House, component, give};
use crate::{Goal, Row, Side};

/// Changes of which the slowest hundredth is looked at.
const CHANGES: usize = 300;

/// The rows. What is timed ends when the subscriber's own change is durable, so that it holds one durable change more
/// than the time until the subscriber is called.
pub fn rows() -> Vec<Row> {
    let pair = Rc::new(Pair::new());
    let (told, alone) = (pair.clone(), pair);
    vec![Row {
        name: "commit → subscriber called and its answer durable, 99th percentile".to_owned(),
        operations: 1,
        subject: percentile("told", move || told.told()),
        beside: Some(percentile("a durable change", move || alone.written())),
        goal: Goal::Within(Duration::from_millis(10)),
    }]
}

fn percentile(name: &str, once: impl Fn() -> Duration + 'static) -> Side {
    let slowest_hundredth = move || {
        let mut times: Vec<Duration> = (0..CHANGES).map(|_| once()).collect();
        times.sort_unstable();
        times[CHANGES * 99 / 100]
    };
    Side::timed(name, move |times| (0..times.max(1)).map(|_| slowest_hundredth()).sum())
}

/// Two plugins, the one told of each change of the other's notes.
struct Pair {
    _teller: Teller,
    _runtime: Arc<Runtime>,
    platform: Arc<Platform>,
    writer: Origin,
    notes: Arc<Plugin>,
    followed: RecordId,
    _house: House,
}

impl Pair {
    fn new() -> Self {
        let house = House::new(Options::new(Compiler::Here), 100);
        let (platform, runtime) = (Arc::clone(&house.platform), Arc::clone(&house.runtime));
        let writer = platform.origin(Actor::person(house.person), Language::Vi);
        let home = runtime.plugin(&house.plugin).unwrap().data.home_unit;
        let install =
            |name: &str| runtime.install(&component(name), Install::at(home), &writer).unwrap().plugin;
        let notes = install("forgetful");
        let follower = install("leaky").manifest.id.clone();
        let operator = platform.origin(Actor::Public, Language::Vi).as_operator();
        platform.perform(&operator, |call| give(call, house.person, "forgetful.writer", home)).unwrap();
        let values = [
            ("title", Value::Text("Ghi chép".into())),
            ("weight", Value::Integer(1)),
            ("unit", Value::Unit(home)),
            ("secrecy", Value::Text("ordinary".into())),
        ];
        let values = values.map(|(field, value)| FieldValue { field: field.into(), value }).to_vec();
        let followed = platform
            .perform(&writer, |call| Ok(records::insert(call, &notes.data, "notes", values.clone())?))
            .unwrap();
        let contract =
            platform.perform(&operator, |call| sharing::request(call, &follower, "notes")).unwrap();
        let agreed = platform.perform(&operator, |call| {
            let terms = Terms::asked(&sharing::get_contract(call, contract)?);
            sharing::approve(call, contract, terms)
        });
        agreed.unwrap();
        let teller = runtime.tell().unwrap();
        let this =
            Self { _teller: teller, _runtime: runtime, platform, writer, notes, followed, _house: house };
        this.hear();
        this
    }

    /// How long a change takes to be durable.
    fn written(&self) -> Duration {
        let start = Instant::now();
        self.write();
        let took = start.elapsed();
        self.hear();
        took
    }

    /// How long after a change the subscriber's answer is durable.
    fn told(&self) -> Duration {
        self.write();
        let start = Instant::now();
        self.hear();
        start.elapsed()
    }

    fn write(&self) {
        let changed = self.platform.perform(&self.writer, |call| {
            let weight = Value::Integer(i64::try_from(call.seq().0).unwrap_or(0) % 7);
            let values = vec![FieldValue { field: "weight".to_owned(), value: weight }];
            Ok(records::update(call, &self.notes.data, "notes", self.followed, None, values)?)
        });
        changed.unwrap();
    }

    fn hear(&self) {
        let today = dinh_model::time::day_in_vietnam(self.platform.clock().now());
        let behind = || feed::due(&self.platform.store().snapshot().unwrap(), today).unwrap();
        while behind().iter().any(|(_, behind)| *behind > 0) {
            std::thread::yield_now();
        }
    }
}
