//! Long work in steps: each takes effect once, as whoever started it, and it ends.

use std::time::Duration;

use dinh_model::{AccountId, Actor, JobId, Language, Value};
use dinh_runtime::bindings::types::Value as Given;
use dinh_runtime::bindings::views::{Block, JobState, Page, Progress, Target};
use dinh_runtime::{CallError, InstallError, Submitted};
use dinh_services::accounts;
use dinh_services::jobs::{self, Ended, Job, State};
use dinh_services::records::{self, Selection};
use dinh_services::{Call, ServiceError};

use crate::house::{House, altered, component};

/// A house with somebody who may count in planning.
struct Office {
    house: House,
    counter: AccountId,
}

impl Office {
    fn new() -> Self {
        let house = House::new();
        house.install(&component("worker")).unwrap();
        let counter = house.person("dem", house.planning);
        house.give(counter, "worker.counter", house.planning);
        Self { house, counter }
    }

    fn try_start(&self, name: &str, key: &str, more: &[(&str, i64)]) -> Result<Submitted, CallError> {
        let unit = ("unit", Given::Unit(self.house.planning.0));
        let mut inputs = vec![("name", Given::Text(name.into())), ("key", Given::Text(key.into())), unit];
        inputs.extend(more.iter().map(|(name, number)| (*name, Given::Integer(*number))));
        for rest in ["to", "fails"] {
            if !inputs.iter().any(|(name, _)| *name == rest) {
                inputs.push((rest, Given::Empty));
            }
        }
        self.house.submit(self.counter, "worker", "start", &inputs)
    }

    /// Starts a job; its number, as the page of it says that the submission led to.
    fn start(&self, name: &str, key: &str, more: &[(&str, i64)]) -> JobId {
        let Submitted::Done(done) = self.try_start(name, key, more).unwrap() else { panic!("it starts") };
        let Target::Plugin(page) = done.target else { panic!("{:?}", done.target) };
        page.path.strip_prefix("/jobs/").unwrap().parse().unwrap()
    }

    fn work(&self) {
        self.house.runtime.work_now().unwrap();
    }

    /// Lets time go by until what failed is tried again, until nothing is due any more.
    fn work_on(&self) {
        for _ in 0..10 {
            self.work();
            self.house.clock.advance(Duration::from_secs(60));
        }
    }

    fn job(&self, id: JobId) -> Job {
        self.look(|call| Ok(jobs::find(call, id)?.unwrap()))
    }

    fn look<T>(&self, look: impl FnMut(&mut Call) -> Result<T, ServiceError>) -> T {
        self.house.platform.perform(&self.house.operator(), look).unwrap()
    }

    fn how(&self, id: JobId) -> Ended {
        match self.job(id).state {
            State::Ended { how, .. } => how,
            running @ State::Running { .. } => panic!("{running:?}"),
        }
    }

    fn failed(&self, id: JobId) -> String {
        match self.how(id) {
            Ended::Failed(why) => why,
            other => panic!("{other:?}"),
        }
    }

    /// What steps have written, sorted.
    fn tallies(&self) -> Vec<String> {
        let data = &self.house.runtime.plugin(&"worker".parse().unwrap()).unwrap().data;
        let origin = self.house.platform.origin(Actor::person(self.counter), Language::Vi);
        let mut call = self.house.platform.begin_reading(&origin).unwrap();
        let selection =
            Selection { collection: "tallies".into(), fields: vec!["what".into()], ..Selection::default() };
        let page = records::query(&mut call, data, &selection, None, 1_000).unwrap();
        let column = page.columns.first().unwrap();
        let text = |row| match column.value(row).unwrap() {
            Value::Text(text) => text,
            other => panic!("{other:?}"),
        };
        let mut all: Vec<_> = (0..page.ids.len()).map(text).collect();
        all.sort();
        all
    }

    fn page(&self, account: AccountId) -> Page {
        self.house.draw(account, "worker", "/").unwrap()
    }

    fn actions(&self) -> Vec<String> {
        let all = self.house.evidence().into_iter().map(|recorded| recorded.entry.action);
        all.filter(|action| action.starts_with("job.")).collect()
    }

    fn restart(self) -> Self {
        Self { house: self.house.restart("2026-03-02T02:00:00Z"), ..self }
    }
}

fn shown(page: &Page) -> Vec<Progress> {
    let blocks = page.sections.iter().flat_map(|section| &section.blocks);
    let jobs = blocks.filter_map(|block| match block {
        Block::Progress(progress) => Some(progress.clone()),
        _ => None,
    });
    jobs.collect()
}

#[test]
fn a_job_of_a_plugin_that_is_out_goes_on_once_it_is_back() {
    let it = Office::new();
    let job = it.start("count", "2026", &[("to", 3)]);
    let (plugin, home) = ("worker".parse().unwrap(), it.house.province);
    let administrator = it.house.administrator();
    let operate = |deed: &dyn Fn(&mut Call) -> Result<(), ServiceError>| {
        it.house.platform.perform(&administrator, |call| deed(call)).unwrap();
        it.house.runtime.look_at_suspensions();
    };
    operate(&|call| dinh_runtime::suspend(call, &plugin, home, "kiểm tra").map(drop));
    it.work();
    assert_eq!((it.job(job).steps, it.tallies().len()), (0, 0));
    assert!(matches!(it.job(job).state, State::Running { waits: Some(jobs::Waits::Out), .. }));
    operate(&|call| dinh_runtime::release(call, &plugin, home).map(drop));
    it.work_on();
    assert!(matches!(it.how(job), Ended::Finished { .. }));
    assert_eq!(it.tallies().len(), 3);
}

#[test]
fn a_job_takes_its_steps_one_by_one_and_says_what_came_of_it() {
    let office = Office::new();
    let id = office.start("count", "tháng 3", &[("to", 3)]);
    assert!(office.tallies().is_empty(), "nothing is done in the call that starts it");
    office.work();
    assert_eq!(office.tallies(), ["count tháng 3 1", "count tháng 3 2", "count tháng 3 3"]);
    let job = office.job(id);
    assert_eq!((job.steps, job.done, job.of, job.records), (3, 3, Some(3), 3));
    let Ended::Finished { said: Some(said), path } = office.how(id) else { panic!("{job:?}") };
    assert_eq!((said.title.as_str(), path.as_deref()), ("Đã đếm xong", Some("/?counted=1")));
    assert_eq!(office.actions(), ["job.started", "job.finished"]);
    let actors: Vec<_> = office.house.evidence().into_iter().rev().take(1).collect();
    assert_eq!(actors[0].entry.actor, Actor::person(office.counter), "it acted as whoever started it");
}

#[test]
fn a_page_shows_how_far_ones_own_jobs_are_and_nobody_elses() {
    let office = Office::new();
    let other = office.house.person("khac", office.house.planning);
    office.house.give(other, "worker.counter", office.house.planning);
    office.start("count", "a", &[("to", 4), ("fails", 3)]);
    office.work();
    let own = shown(&office.page(office.counter));
    let [progress] = own.as_slice() else { panic!("{own:?}") };
    assert_eq!((progress.done, progress.of, progress.state), (2, Some(4), JobState::Waiting));
    assert_eq!((progress.title.as_str(), progress.counted.as_str()), ("Đếm hồ sơ", "hồ sơ"));
    let notice = progress.notice.as_ref().unwrap();
    assert_eq!(notice.text, "Ứng dụng báo lỗi.", "the vendor's words are for the vendor");
    assert!(shown(&office.page(other)).is_empty());
}

#[test]
fn each_step_takes_effect_once_though_the_host_stops_in_between() {
    let office = Office::new();
    let id = office.start("count", "a", &[("to", 5), ("fails", 3)]);
    office.work();
    assert_eq!(office.tallies(), ["count a 1", "count a 2"], "what the failing step wrote is undone");
    let office = office.restart();
    let mend = [("unit", Given::Unit(office.house.planning.0))];
    office.house.submit(office.counter, "worker", "mend", &mend).unwrap();
    office.work();
    let steps: Vec<_> = office.tallies().into_iter().filter(|what| what.starts_with("count")).collect();
    assert_eq!(steps, ["count a 1", "count a 2", "count a 3", "count a 4", "count a 5"]);
    assert!(matches!(office.how(id), Ended::Finished { .. }));
}

#[test]
fn a_step_that_fails_comes_again_later_then_stands_as_failed_until_people_retry_it() {
    let office = Office::new();
    let id = office.start("count", "a", &[("to", 3), ("fails", 2)]);
    let mut tries = 0;
    while office.job(id).is_running() {
        office.work();
        tries += 1;
        assert_eq!(office.job(id).failures, tries.min(5));
        office.work();
        assert_eq!(office.job(id).failures, tries.min(5), "not before it is due");
        office.house.clock.advance(Duration::from_secs(60));
    }
    assert_eq!((tries, office.failed(id).as_str()), (jobs::MOST_FAILURES, "failed"));
    assert_eq!(office.tallies(), ["count a 1"]);
    let mend = [("unit", Given::Unit(office.house.planning.0))];
    office.house.submit(office.counter, "worker", "mend", &mend).unwrap();
    let origin = office.house.platform.origin(Actor::person(office.counter), Language::Vi);
    office.house.platform.perform(&origin, |call| jobs::retry(call, id)).unwrap();
    office.work();
    assert_eq!(office.tallies(), ["count a 1", "count a 2", "count a 3", "mended"]);
    assert_eq!(office.actions(), ["job.started", "job.failed", "job.retried", "job.finished"]);
    let again = office.house.platform.perform(&origin, |call| jobs::retry(call, id));
    assert!(matches!(again, Err(ServiceError::Refused(refusal)) if refusal.rule == "job-not-failed"));
}

#[test]
fn a_cancelled_job_takes_no_further_step_and_keeps_what_it_has_done() {
    let office = Office::new();
    let id = office.start("count", "a", &[("to", 9), ("fails", 3)]);
    office.work();
    let cancel = |account| {
        let job = [("job", Given::Integer(id.0.into()))];
        office.house.submit(account, "worker", "cancel", &job)
    };
    let other = office.house.person("khac", office.house.planning);
    office.house.give(other, "worker.counter", office.house.planning);
    assert!(matches!(cancel(other), Err(CallError::Failed)), "it is not theirs");
    assert!(office.job(id).is_running());
    let Submitted::Done(done) = cancel(office.counter).unwrap() else { panic!("it is cancelled") };
    assert_eq!(done.notice.unwrap().title, "cancelled");
    office.work_on();
    assert_eq!(office.how(id), Ended::Cancelled);
    assert_eq!(office.tallies(), ["count a 1", "count a 2"]);
    let Submitted::Done(done) = cancel(office.counter).unwrap() else { panic!("it is over") };
    assert_eq!(done.notice.unwrap().title, "over");
    office.start("count", "a", &[("to", 1)]);
}

#[test]
fn rights_that_are_taken_away_end_the_job_and_nobody_elses_are_used() {
    let office = Office::new();
    let id = office.start("count", "a", &[("to", 9), ("fails", 3)]);
    office.work();
    let (house, counter) = (&office.house, office.counter);
    let grants = office.look(|call| accounts::grants_of(call, counter));
    house
        .platform
        .perform(&house.operator(), |call| {
            grants.iter().try_for_each(|grant| accounts::withdraw(call, grant.id, "đổi việc").map(drop))
        })
        .unwrap();
    house.give(counter, "worker.reader", house.planning);
    house.clock.advance(Duration::from_secs(60));
    office.work();
    assert_eq!(office.failed(id), "no-right");
    // Who manages the plugin may retry it: as whoever started it all the same.
    house.platform.perform(&house.administrator(), |call| jobs::retry(call, id)).unwrap();
    office.work();
    assert_eq!(office.failed(id), "no-right");
    assert_eq!(office.tallies(), ["count a 1", "count a 2"]);
}

#[test]
fn only_who_holds_its_permission_starts_a_job_and_only_in_a_submission() {
    let office = Office::new();
    let reader = office.house.person("xem", office.house.planning);
    office.house.give(reader, "worker.reader", office.house.planning);
    let office = Office { counter: reader, ..office };
    assert!(matches!(office.try_start("count", "a", &[("to", 1)]), Err(CallError::Denied(_))));
    let drawn = office.house.draw(reader, "worker", "/?starts=true");
    assert!(matches!(drawn, Err(CallError::Failed)), "drawing a page starts nothing");
    assert!(office.actions().is_empty());
}

#[test]
fn what_a_call_that_comes_to_nothing_has_started_does_not_run() {
    let office = Office::new();
    let unit = [("unit", Given::Unit(office.house.planning.0))];
    let broken = office.house.submit(office.counter, "worker", "broken", &unit).unwrap();
    assert!(matches!(broken, Submitted::Invalid(_)));
    office.work();
    assert!(office.tallies().is_empty() && office.actions().is_empty());
}

#[test]
fn one_job_of_a_name_and_key_runs_at_a_time() {
    let office = Office::new();
    office.start("count", "a", &[("to", 2)]);
    assert!(matches!(office.try_start("count", "a", &[("to", 2)]).unwrap(), Submitted::Invalid(_)));
    office.work();
    office.start("count", "a", &[("to", 1)]);
}

#[test]
fn the_jobs_of_a_plugin_take_their_steps_in_turn() {
    let office = Office::new();
    let [long, short] = [4, 1].map(|to| office.start("count", &to.to_string(), &[("to", to)]));
    office.work();
    let finished = office.house.evidence().into_iter().filter(|it| it.entry.action == "job.finished");
    let finished: Vec<_> = finished.map(|it| it.entry.subject).collect();
    assert_eq!(finished, [format!("job:{short}"), format!("job:{long}")], "the short one did not wait");
}

#[test]
fn a_job_without_end_ends() {
    let office = Office::new();
    let endless = office.start("endless", "", &[]);
    let still = office.start("still", "x", &[]);
    office.work();
    assert_eq!(office.failed(endless), "steps");
    assert_eq!(office.tallies().len(), 20, "as many as its manifest says");
    assert_eq!((office.failed(still).as_str(), office.job(still).steps), ("standstill", 3));
    let slow = office.start("endless", "slow", &[]);
    office.house.clock.advance(Duration::from_secs(3_600));
    office.work();
    assert_eq!(office.failed(slow), "time");
}

#[test]
fn steps_that_spin_or_give_too_much_or_start_others_fail_and_leave_nothing() {
    let office = Office::new();
    let [spins, giant, starts] = ["spins", "giant", "starts"].map(|name| office.start(name, "", &[]));
    office.work_on();
    assert_eq!(office.failed(spins), "cpu-milliseconds");
    assert_eq!(office.failed(giant), "failed");
    assert_eq!(office.failed(starts), "failed");
    assert!(office.tallies().is_empty());
    let started = office.actions().into_iter().filter(|action| action == "job.started").count();
    assert_eq!(started, 3, "jobs start no jobs");
}

#[test]
fn as_many_jobs_of_a_plugin_run_as_may_and_no_more() {
    let office = Office::new();
    let unit = [("unit", Given::Unit(office.house.planning.0))];
    let flood = office.house.submit(office.counter, "worker", "flood", &unit).unwrap();
    assert!(matches!(flood, Submitted::Invalid(_)), "a thousand at once are too many");
    for number in 0..jobs::MOST_RUNNING {
        office.start("count", &number.to_string(), &[("to", 1)]);
    }
    assert!(matches!(office.try_start("count", "x", &[("to", 1)]).unwrap(), Submitted::Invalid(_)));
    office.work();
    office.start("count", "x", &[("to", 1)]);
}

#[test]
fn of_jobs_that_ended_the_last_are_kept() {
    let office = Office::new();
    let first = office.start("count", "0", &[("to", 1)]);
    for number in 1..=jobs::MOST_KEPT {
        office.work();
        office.start("count", &number.to_string(), &[("to", 1)]);
    }
    assert_eq!(office.look(|call| jobs::find(call, first)), None);
    assert_eq!(office.look(|call| jobs::list(call, None, 1_000)).len(), jobs::MOST_KEPT);
}

#[test]
fn a_new_version_goes_on_where_the_one_before_left_off() {
    let office = Office::new();
    let id = office.start("count", "a", &[("to", 4), ("fails", 3)]);
    office.work();
    let next = altered("worker", &[("version = \"0.1.0\"", "version = \"0.2.0\"")]);
    office.house.install(&next).unwrap();
    let mend = [("unit", Given::Unit(office.house.planning.0))];
    office.house.submit(office.counter, "worker", "mend", &mend).unwrap();
    office.house.clock.advance(Duration::from_secs(60));
    assert_eq!(office.job(id).version, "0.1.0");
    office.work();
    assert!(matches!(office.how(id), Ended::Finished { .. }));
    assert_eq!(office.job(id).version, "0.2.0");
}

#[test]
fn jobs_that_nobody_does_are_not_installed() {
    let house = House::new();
    let nobody = altered("worker", &[("dinh:platform/jobs@0.1.0", "dinh:platform/jobz@0.1.0")]);
    let installed = house.install(&nobody);
    assert!(matches!(installed, Err(InstallError::NoJobs { job }) if job == "count"));
}
