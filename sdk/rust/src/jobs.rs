//! Long work in steps (`[[jobs]]` in the manifest): a month assessed for every organisation, a list worked off.
//!
//! A call may take two seconds of computing; what takes longer is a job. A page or an event [`start`]s it; the host then
//! calls its function step by step. Each step is one change together with the cursor that it gives back, so that it
//! takes effect once whatever breaks off in between, and what was done stays done. A step acts as whoever started the
//! job, with the rights they have then. One that fails is tried again, later each time; after five times people decide.
//!
//! ```
//! use dinh_sdk::prelude::*;
//! use dinh_sdk::jobs::{Job, Step};
//!
//! /// A card that somebody fills in.
//! #[derive(Clone, Record)]
//! #[record(collection = "cards")]
//! struct Card {
//!     year: i64,
//!     settled: bool,
//! }
//!
//! /// Settles the next hundred cards.
//! fn settle(job: &Job) -> Result<Step> {
//!     let year: i64 = job.required("year")?;
//!     let open = Card::all().filter(Card::YEAR.is(year)).filter(Card::SETTLED.is(false));
//!     let (left, mut settled) = (open.count()?, 0);
//!     for mut card in open.page(None, 100)?.rows {
//!         card.settled = true;
//!         card.save()?;
//!         settled += 1;
//!     }
//!     let done = job.done + settled;
//!     if settled == left {
//!         let words = job.say("Đã chốt xong", "All settled");
//!         return Ok(Step::finished(done).saying(Notice::info(words)).at("/cards"));
//!     }
//!     // The next step finds those that are left; the cursor only has to differ.
//!     Ok(Step::next(done, left).of(job.done + left))
//! }
//!
//! fn close(request: &Request, submission: &Submission) -> Result<Outcome> {
//!     let year: i64 = submission.get("year")?;
//!     match jobs::start("settle", year, &[("year", &year)])? {
//!         Some(job) => Ok(Outcome::done(jobs::page(job))),
//!         None => Err(Error::form(request.say("Việc này đang chạy", "This is running already"))),
//!     }
//! }
//!
//! fn jobs() -> Jobs {
//!     Jobs::new().on("settle", settle)
//! }
//!
//! fn routes() -> Router {
//!     Router::new().form("close", close)
//! }
//!
//! dinh_sdk::plugin!(routes, jobs: jobs);
//! # let _ = (routes, jobs);
//! ```

use crate::bindings::dinh::platform::job_control as control;
use crate::bindings::dinh::platform::types::Language;
use crate::bindings::dinh::platform::views::{Notice, PluginPage, Progress, Target};
use crate::bindings::jobs::exports::dinh::platform::jobs as host;
use crate::error::{Error, Result};
use crate::request::Parameter;

/// The plugin id of the platform's own pages.
pub(crate) const PLATFORM: &str = "dinh";

/// A job as its next step finds it.
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    /// Its number.
    pub id: u32,
    /// The name in the manifest.
    pub name: String,
    /// What it was started for.
    pub key: String,
    /// 1 for the first step.
    pub step: u32,
    /// The version of the plugin that gave the cursor.
    pub version: String,
    /// What the step before said is done.
    pub done: u64,
    /// What the step before said there are.
    pub of: Option<u64>,
    /// What the step before gave back; empty at first.
    pub cursor: Vec<u8>,
    arguments: Vec<(String, String)>,
    language: Language,
}

impl Job {
    /// What it was started with under a name.
    pub fn optional<T: Parameter>(&self, name: &str) -> Result<Option<T>> {
        let Some((_, text)) = self.arguments.iter().find(|(known, _)| known == name) else { return Ok(None) };
        let wrong = || Error::Failed(format!("job {}: the argument {name} cannot be read", self.name));
        T::parse(text).map(Some).ok_or_else(wrong)
    }

    /// What it has to be started with under a name.
    pub fn required<T: Parameter>(&self, name: &str) -> Result<T> {
        let missing = || Error::Failed(format!("job {}: the argument {name} is missing", self.name));
        self.optional(name)?.ok_or_else(missing)
    }

    /// Where the step before left off; none at first.
    pub fn resume<T: Parameter>(&self) -> Result<Option<T>> {
        if self.cursor.is_empty() {
            return Ok(None);
        }
        let text = std::str::from_utf8(&self.cursor).ok();
        let wrong = || Error::Failed(format!("job {}: its cursor cannot be read", self.name));
        text.and_then(T::parse).map(Some).ok_or_else(wrong)
    }

    /// The text in the language of whoever started it.
    pub fn say<'a>(&self, vi: &'a str, en: &'a str) -> &'a str {
        self.language.of(vi, en)
    }
}

/// What a step came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Step(host::Progress);

impl Step {
    /// So many are done, and another step follows, which finds where to go on by [`Job::resume`].
    pub fn next(done: u64, cursor: impl Parameter) -> Self {
        Self::with_cursor(done, cursor.to_text().into_bytes())
    }

    /// The same with a cursor of any form, of at most 4,096 bytes.
    pub fn with_cursor(done: u64, cursor: Vec<u8>) -> Self {
        Self(host::Progress { done, of: None, next: host::Next::Cursor(cursor) })
    }

    /// So many are done, and that is all.
    pub fn finished(done: u64) -> Self {
        let finished = host::Finished { notice: None, path: None };
        Self(host::Progress { done, of: Some(done), next: host::Next::Finished(finished) })
    }

    /// How many there are.
    pub fn of(mut self, all: u64) -> Self {
        self.0.of = Some(all);
        self
    }

    /// What is said when it is done.
    pub fn saying(mut self, notice: Notice) -> Self {
        if let host::Next::Finished(finished) = &mut self.0.next {
            finished.notice = Some(notice);
        }
        self
    }

    /// The page that shows what came of it.
    pub fn at(mut self, path: impl Into<String>) -> Self {
        if let host::Next::Finished(finished) = &mut self.0.next {
            finished.path = Some(path.into());
        }
        self
    }
}

/// Does a step.
pub type Work = fn(&Job) -> Result<Step>;

/// Which function does the steps of which job.
#[derive(Default)]
pub struct Jobs {
    workers: Vec<(&'static str, Work)>,
}

impl Jobs {
    /// Nobody works yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// What does the steps of a job of the manifest.
    pub fn on(mut self, name: &'static str, work: Work) -> Self {
        self.workers.push((name, work));
        self
    }

    /// Does a step.
    pub fn step(&self, job: &Job) -> Result<Step> {
        let worker = self.workers.iter().find(|(known, _)| *known == job.name);
        let (_, work) = worker.ok_or_else(|| Error::Failed(format!("nobody does the job {}", job.name)))?;
        work(job)
    }
}

/// Starts a job once the call is done, with arguments that [`Job::required`] reads. `key` tells jobs of one name apart;
/// none when one of this name and key runs already.
pub fn start(name: &str, key: impl Parameter, arguments: &[(&str, &dyn Argument)]) -> Result<Option<u32>> {
    let arguments: Vec<_> =
        arguments.iter().map(|(name, value)| ((*name).to_owned(), value.text())).collect();
    match control::start(name, &key.to_text(), &arguments) {
        Ok(job) => Ok(Some(job)),
        Err(control::Problem::Running) => Ok(None),
        Err(problem) => Err(refused(problem)),
    }
}

/// Cancels a job; whether it still ran. What its steps did stays.
pub fn cancel(job: u32) -> Result<bool> {
    control::cancel(job).map_err(refused)
}

/// How far a job is that the actor started: a block of a page.
pub fn get(job: u32) -> Option<Progress> {
    control::get(job)
}

/// The jobs of a name that the actor started, newest first, at most 20.
pub fn of(name: &str) -> Vec<Progress> {
    control::list(Some(name))
}

/// The platform's page of a job, which shows how far it is and where it can be cancelled.
pub fn page(job: u32) -> Target {
    Target::Plugin(PluginPage { plugin: PLATFORM.to_owned(), path: format!("/jobs/{job}") })
}

/// Something that a job is started with.
pub trait Argument {
    /// As [`Job::required`] reads it.
    fn text(&self) -> String;
}

impl<T: Parameter> Argument for T {
    fn text(&self) -> String {
        self.to_text()
    }
}

fn refused(problem: control::Problem) -> Error {
    match problem {
        control::Problem::BadRequest(remedy) => Error::Failed(format!("job-control: {remedy}")),
        control::Problem::Denied(reason) => Error::Denied(reason),
        control::Problem::Running => Error::Failed("job-control: it runs already".to_owned()),
        control::Problem::TooMany(remedy) => Error::form(remedy),
    }
}

/// From the component's export to the workers.
#[doc(hidden)]
pub fn step(jobs: &Jobs, job: host::Job) -> std::result::Result<host::Progress, String> {
    crate::export::report_panics();
    let host::Job { id, name, key, arguments, language, cursor, step, version, done, of } = job;
    let job = Job { id, name, key, step, version, done, of, cursor, arguments, language };
    jobs.step(&job).map(|step| step.0).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job() -> Job {
        Job {
            id: 1,
            name: "settle".into(),
            key: "2026".into(),
            step: 1,
            version: "0.1.0".into(),
            done: 0,
            of: None,
            cursor: Vec::new(),
            arguments: vec![("year".into(), "2026".into())],
            language: Language::Vi,
        }
    }

    #[test]
    fn a_step_finds_what_the_job_was_started_with_and_where_the_one_before_left_off() {
        let mut job = job();
        assert_eq!(job.required::<i64>("year"), Ok(2026));
        assert_eq!(job.optional::<i64>("month"), Ok(None));
        assert!(job.required::<i64>("month").is_err());
        assert_eq!(job.resume::<u64>(), Ok(None));
        let Step(host::Progress { next: host::Next::Cursor(cursor), .. }) = Step::next(5, 40_u64) else {
            panic!("another step follows")
        };
        job.cursor = cursor;
        assert_eq!(job.resume(), Ok(Some(40_u64)));
        job.cursor = vec![0xff];
        assert!(job.resume::<u64>().is_err());
    }

    #[test]
    fn each_job_has_its_own_function_and_one_without_fails() {
        let jobs = Jobs::new().on("settle", |job| Ok(Step::finished(job.done + 1)));
        assert_eq!(jobs.step(&job()), Ok(Step::finished(1)));
        let other = Job { name: "count".into(), ..job() };
        assert_eq!(jobs.step(&other), Err(Error::Failed("nobody does the job count".into())));
    }
}
