//! A plugin that keeps time: its forms set and cancel timers, and each that fires writes down a line.

#![allow(clippy::panic, reason = "breaking off is what one of these timers is for")]

use dinh_sdk::log;
use dinh_sdk::notices::Notice;
use dinh_sdk::prelude::*;
use dinh_sdk::schedule::{self, Days, Fired, Timer};

/// What was written down.
#[derive(Clone, Default, Record)]
#[record(collection = "lines")]
pub struct Line {
    /// What happened.
    pub text: String,
    /// Its label.
    pub secrecy: Option<String>,
}

fn write(text: String) -> Result<()> {
    Line { text, secrecy: None }.insert().map(drop)
}

/// What was written down, and what is set.
fn show(_: &Request) -> Result<Page> {
    let lines: Vec<String> = Line::all().list()?.into_iter().map(|line| line.text.clone()).collect();
    let mut set = Vec::new();
    for name in ["deadline", "nightly", "other"] {
        for timer in schedule::list(name, None, 1_000)? {
            let parked = if timer.parked { " parked" } else { "" };
            set.push(format!("{} {} {}{parked}", timer.name, timer.key, timer.due));
        }
    }
    let facts = vec![Fact::new("lines", lines.join("; ")), Fact::new("timers", set.join("; "))];
    Ok(Page::new("Punctual").block(Facts::new(facts)))
}

/// Working days, from the query.
fn days(request: &Request) -> Result<Page> {
    let (from, days): (Date, i32) = (request.required("from")?, request.required("days")?);
    let added = schedule::add_working_days(from, days)?;
    Ok(Page::new(format!("{added} {}", schedule::working_days_between(from, added)?)))
}

/// Sets a timer where nothing may be written.
fn sly(_: &Request) -> Result<Page> {
    let set = Timer::at("deadline", dinh_sdk::time::now()).set();
    Ok(Page::new(format!("{:?}", set.err())))
}

/// A timer as the form describes it: `at MOMENT`, `on DAY HOUR`, `days DAY N HOUR`, `work DAY N HOUR`, `week N HOUR` or
/// `day HOUR`.
fn timer(name: &str, when: &str) -> Result<Timer> {
    let parts: Vec<&str> = when.split(' ').collect();
    fn parsed<T: std::str::FromStr>(part: &str) -> Result<T> {
        part.parse().map_err(|_| Error::form(format!("{part:?} cannot be read")))
    }
    Ok(match parts.as_slice() {
        ["at", moment] => Timer::at(name, parsed(moment)?),
        ["on", day, hour] => Timer::on(name, parsed(day)?, parsed(hour)?),
        ["days", day, days, hour] => Timer::days_after(name, parsed(day)?, parsed(days)?, parsed(hour)?),
        ["work", day, days, hour] => {
            Timer::working_days_after(name, parsed(day)?, parsed(days)?, parsed(hour)?)
        }
        ["week", day, hour] => Timer::every(name, Days::Weekly(parsed(day)?), parsed(hour)?),
        ["day", hour] => Timer::every(name, Days::Daily, parsed(hour)?),
        _ => return Err(Error::form(format!("{when:?} is no moment"))),
    })
}

fn set(_: &Request, submission: &Submission) -> Result<Outcome> {
    let (name, when): (String, String) = (submission.get("name")?, submission.get("when")?);
    let key: Option<String> = submission.get("key")?;
    let payload: Option<String> = submission.get("payload")?;
    if let Some(read) = submission.get::<Option<String>>("read")? {
        // What is read first clings to what is set then.
        Line::get(read.parse().or_failed("no identifier")?)?;
    }
    let due = timer(&name, &when)?.keyed(key.unwrap_or_default()).with(payload.unwrap_or_default()).set()?;
    if submission.get::<Option<String>>("then")?.as_deref() == Some("fail") {
        return Err(Error::Denied("after setting".to_owned()));
    }
    Ok(Outcome::done("/").saying(due.to_string()))
}

/// Sets so many timers.
fn many(_: &Request, submission: &Submission) -> Result<Outcome> {
    let (count, from): (i64, i64) = (submission.get("count")?, submission.get("from")?);
    for number in from..from + count {
        let moment = dinh_sdk::time::now() + dinh_sdk::jiff::SignedDuration::from_secs(3_600 + number);
        Timer::at("other", moment).keyed(number).set()?;
    }
    Ok(Outcome::done("/"))
}

fn cancel(_: &Request, submission: &Submission) -> Result<Outcome> {
    let (name, key): (String, Option<String>) = (submission.get("name")?, submission.get("key")?);
    let was = schedule::cancel(&name, key.unwrap_or_default())?;
    Ok(Outcome::done("/").saying(was.to_string()))
}

/// Sends a notice.
fn tell(_: &Request, submission: &Submission) -> Result<Outcome> {
    let unit: UnitId = submission.get("unit")?;
    if let Some(read) = submission.get::<Option<String>>("read")? {
        Line::get(read.parse().or_failed("no identifier")?)?;
    }
    let mut notice = Notice::new("line-due", "punctual.line.read", unit);
    if let Some(text) = submission.get::<Option<String>>("payload")? {
        notice = notice.saying(text);
    }
    if let Some(record) = submission.get::<Option<String>>("key")? {
        notice = notice.about("/", record.parse().or_failed("no identifier")?);
    }
    if let Some(account) = submission.get::<Option<AccountId>>("only")? {
        notice = notice.only(account);
    }
    if let Some(days) = submission.get::<Option<i64>>("days")? {
        notice = notice.for_days(u32::try_from(days).unwrap_or(u32::MAX));
    }
    let times: Option<i64> = submission.get("count")?;
    let mut people = 0;
    for _ in 0..times.unwrap_or(1) {
        people += notice.clone().send()?;
    }
    Ok(Outcome::done("/").saying(people.to_string()))
}

/// Writes down that it fired, and does what its payload says.
fn fired(fired: &Fired) -> Result<()> {
    write(format!("{} {} {}", fired.name, fired.key, fired.due))?;
    match fired.payload.as_str() {
        "fail" => Err(Error::Failed("told to".to_owned())),
        "break" => panic!("told to"),
        "spin" => loop {
            log::debug("spinning");
        },
        // As often as it may.
        "again" => {
            Timer::at("deadline", dinh_sdk::time::now()).keyed(&fired.key).with("again").set().map(drop)
        }
        // Two for each.
        "breed" => ["a", "b"].into_iter().try_for_each(|child| {
            let key = format!("{}{child}", fired.key);
            Timer::at("deadline", fired.due).keyed(key).with("breed").set().map(drop)
        }),
        "cancel-nightly" => schedule::cancel("nightly", "").map(drop),
        "" => Ok(()),
        payload => write(payload.to_owned()),
    }
}

fn events() -> Events {
    Events::new().on_timer("deadline", fired).on_timer("other", fired).on_timer("nightly", fired)
}

fn routes() -> Router {
    Router::new()
        .page("/", show)
        .form("set", set)
        .form("many", many)
        .form("cancel", cancel)
        .form("tell", tell)
        .page("/days", days)
        .page("/sly", sly)
}

dinh_sdk::plugin!(routes, events);
