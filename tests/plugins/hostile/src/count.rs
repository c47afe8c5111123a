//! A counter: what a call may do, for conflicts and for what must not be kept.

use dinh_sdk::bindings::dinh::platform::access;
use dinh_sdk::prelude::*;
use dinh_sdk::{log, random, time};

use crate::{compute, lie};

/// A counter.
#[derive(Clone, Record)]
#[record(collection = "counters")]
pub struct Counter {
    /// Which.
    pub name: String,
    /// How far it is.
    pub count: i64,
}

impl Counter {
    /// A counter that has not counted yet.
    pub fn named(name: &str) -> Self {
        Self { name: name.to_owned(), count: 0 }
    }
}

/// All counters, as `name=count`.
pub fn show(_: &Request) -> Result<Page> {
    let counters = Counter::all().order_by(Counter::NAME.ascending()).list()?;
    let shown: Vec<String> =
        counters.iter().map(|counter| format!("{}={}", counter.name, counter.count)).collect();
    Ok(Page::new(format!("counters: {}", shown.join(", "))))
}

/// Counts by one: reads, adds, writes. Others may come between.
fn count() -> Result<RecordId> {
    let found = Counter::all().filter(Counter::NAME.is("all")).first()?;
    log::info(&format!("counting at {} with {}", time::now(), random::next()));
    match found {
        Some(mut counter) => {
            counter.count += 1;
            let id = counter.id;
            counter.save()?;
            Ok(id)
        }
        None => {
            let id = Counter { name: "all".to_owned(), count: 1 }.insert()?;
            log::info(&format!("created {id}"));
            Ok(id)
        }
    }
}

/// Counts.
pub fn add(_: &Request, _: &Submission) -> Result<Outcome> {
    let id = count()?;
    Ok(Outcome::done("/").saying(format!("counted {id}")))
}

/// Counts, and breaks off.
pub fn add_then_break(_: &Request, _: &Submission) -> Result<Outcome> {
    count()?;
    panic!("after counting")
}

/// Counts, and refuses.
pub fn add_then_refuse(_: &Request, _: &Submission) -> Result<Outcome> {
    count()?;
    Err(Error::Denied("no".to_owned()))
}

/// Counts, and finds the form wrong.
pub fn add_then_invalid(_: &Request, _: &Submission) -> Result<Outcome> {
    count()?;
    Err(Error::form("wrong"))
}

/// Counts, and never ends.
pub fn add_then_spin(_: &Request, _: &Submission) -> Result<Outcome> {
    count()?;
    compute::endless()
}

/// Counts, and leads to nowhere.
pub fn add_then_lie(_: &Request, _: &Submission) -> Result<Outcome> {
    count()?;
    Ok(Outcome::done(lie::nowhere()))
}

/// Requires what the actor may not do.
pub fn require(_: &Request, submission: &Submission) -> Result<Outcome> {
    let unit: UnitId = submission.get("unit")?;
    let handle = access::resolve("hostile.harm.do").or_not_found("the permission")?;
    let target = access::Target { unit: unit.0, label: Label::Ordinary, owner: None };
    match access::require(handle, target) {
        Ok(()) => Ok(Outcome::done("/")),
        Err(explanation) => Err(Error::Denied(explanation.text)),
    }
}
