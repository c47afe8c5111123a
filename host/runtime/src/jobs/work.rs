//! One step of a job: what it writes, its cursor and how far it is are one change.

use std::collections::HashSet;

use dinh_model::{JobId, Language, time};
use dinh_services::jobs::{self, Job, Next, Said, State as Standing, Stepped, Waits};
use dinh_services::{Call, ServiceError};
use wasmtime::Store;

use crate::answer::{Answer, Question};
use crate::bindings::jobs as contract;
use crate::bindings::{pages, types};
use crate::call::{Deed, Failure};
use crate::ending::fault;
use crate::events::Progress;
use crate::manifest::{DeclaredJob, OpensTo};
use crate::native::Refused;
use crate::prepared::Guest;
use crate::runtime::House;
use crate::state::State;
use crate::view::{self, ViewProblem};
use crate::{CallError, Native, Plugin, Runtime};

/// What came of one call.
enum Took {
    /// A step, with more to follow.
    Step,
    /// Nothing: it is over.
    Nothing,
    /// It failed, after so many steps.
    Failed { steps: u32, why: &'static str, last: bool },
}

impl Runtime {
    /// Takes the steps of jobs that are due now, and returns when none is: for whoever does not [`tell`](Self::tell) all
    /// the time. What has failed is tried again by the next call after it is due.
    pub fn work_now(&self) -> Result<(), CallError> {
        let mut waiting = HashSet::new();
        loop {
            let now = time::microseconds(self.house().platform.clock().now());
            let mut due = self.house().next_jobs()?;
            due.retain(|job| job.due <= now && !waiting.contains(&job.id));
            if due.is_empty() {
                return Ok(());
            }
            for job in due {
                if self.in_turn(&job.plugin, move |house| house.work(job.id))? == Progress::Waits {
                    waiting.insert(job.id);
                }
            }
        }
    }
}

impl House {
    /// Takes the next step of a job.
    pub(crate) fn work(&self, id: JobId) -> Progress {
        let worked = self.worked(id).or_else(|error| {
            // Nobody's fault that is known: it is tried again.
            tracing::warn!(job = %id, %error, "a job could not take its step yet");
            self.job_waits(id, Waits::Host)
        });
        worked.unwrap_or_else(|error| {
            tracing::warn!(job = %id, %error, "nor could that be noted");
            Progress::Waits
        })
    }

    fn worked(&self, id: JobId) -> Result<Progress, CallError> {
        let found = self.platform.store().snapshot().map_err(ServiceError::from)?;
        let Some(job) = jobs::due(&found)?.into_iter().find(|job| job.id == id) else {
            return Ok(Progress::Done);
        };
        let Some(plugin) = self.plugins.load().get(&job.plugin).cloned() else {
            return self.job_waits(id, Waits::NoPlugin);
        };
        // What is out takes no step, and nothing counts against its jobs.
        let Ok(pass) = self.enter(&plugin, Language::default()) else {
            return self.job_waits(id, Waits::Out);
        };
        let declared = plugin.manifest.jobs.iter().find(|declared| declared.name == job.name);
        let took = match declared {
            None => Took::Failed { steps: job.steps, why: "undeclared", last: true },
            Some(declared) => {
                let origin = self.platform.origin(job.actor.clone(), job.language);
                let deed = Deed { house: self, plugin: &plugin, origin: &origin, path: "", query: &[] };
                self.in_lane(&plugin, || deed.work(id, declared))?
            }
        };
        Ok(match took {
            Took::Step => Progress::More,
            Took::Nothing => Progress::Done,
            Took::Failed { last: false, .. } if pass.is_trial() => self.job_waits(id, Waits::Out)?,
            Took::Failed { steps, why, last } => {
                match self.host_deed(|call| jobs::failed(call, id, steps, why, last))? {
                    jobs::Failed::Later(due) => Progress::Later(due),
                    jobs::Failed::Ended => Progress::Done,
                }
            }
        })
    }

    fn job_waits(&self, id: JobId, why: Waits) -> Result<Progress, CallError> {
        self.host_deed(|call| jobs::waits(call, id, why))?;
        Ok(Progress::Waits)
    }

    /// The job of each plugin whose turn it is, with the moment before which it takes no step: in turn, those that wait
    /// for the host last.
    pub(crate) fn next_jobs(&self) -> Result<Vec<Job>, ServiceError> {
        let now = time::microseconds(self.platform.clock().now());
        let mut running = jobs::due(&self.platform.store().snapshot()?)?;
        let waits = |job: &Job| matches!(job.state, Standing::Running { waits: Some(_), .. });
        running.sort_by_cached_key(|job| {
            (job.plugin.clone(), job.due.max(now), waits(job), job.stepped, job.steps, job.id)
        });
        running.dedup_by(|job, kept| job.plugin == kept.plugin);
        Ok(running)
    }
}

impl Deed<'_> {
    fn work(&self, id: JobId, declared: &DeclaredJob) -> Result<Took, Failure> {
        let mut call = Box::new(self.house.platform.begin(self.origin)?);
        self.bound(&mut call);
        let Some(job) = jobs::enter(&mut call, id)? else { return Ok(Took::Nothing) };
        let steps = job.steps;
        if let Some(why) = jobs::fails(&call, &job, declared.steps, declared.time) {
            return Ok(Took::Failed { steps, why, last: true });
        }
        if !self.admits(&call, &OpensTo::Holders(vec![declared.permission.clone()])) {
            call.policy_in_force()?;
            return Ok(Took::Failed { steps, why: "no-right", last: true });
        }
        let asked = asked(&job);
        let answer = self.answer(call, None, question(&asked))?;
        answer.call.policy_in_force()?;
        let Answer { mut call, given } = answer;
        let given = match given {
            Ok(progress) => jobs::stepped(&mut call, job, stepped(self.plugin, progress))?
                .map_err(|why| Failure::Final(self.failed(&why))),
            Err(failed) => Err(failed),
        };
        match given {
            Ok(()) => {}
            Err(Failure::Conflict) => return Err(Failure::Conflict),
            Err(Failure::Final(error)) => {
                self.house.platform.witness(call.take_witnessed())?;
                let Some(why) = fault(&error) else { return Err(Failure::Final(error)) };
                return Ok(Took::Failed { steps, why, last: false });
            }
        }
        let refused = call.take_refused();
        self.house.platform.commit(*call)?;
        self.house.platform.witness(refused)?;
        Ok(Took::Step)
    }
}

/// The job as the guest has it.
fn asked(job: &Job) -> contract::Job {
    contract::Job {
        id: job.id.0,
        name: job.name.clone(),
        key: job.key.clone(),
        arguments: job.arguments.clone(),
        language: match job.language {
            Language::Vi => types::Language::Vi,
            Language::En => types::Language::En,
        },
        cursor: job.cursor.clone(),
        step: job.steps.saturating_add(1),
        version: job.version.clone(),
        done: job.done,
        of: job.of,
    }
}

/// What the guest gave, as it is kept.
fn stepped(plugin: &Plugin, progress: contract::Progress) -> Stepped {
    let next = match progress.next {
        contract::Next::Cursor(cursor) => Next::Cursor(cursor),
        contract::Next::Finished(finished) => Next::Finished {
            said: finished.notice.map(|notice| Said {
                tone: super::shown::tone_name(notice.tone).to_owned(),
                title: notice.title,
                text: notice.text,
            }),
            path: finished.path,
        },
    };
    Stepped { done: progress.done, of: progress.of, next, version: plugin.manifest.version.to_string() }
}

/// What is asked of a guest; nothing built in has jobs.
fn question<'q>(
    job: &'q contract::Job,
) -> Question<impl FnOnce(&Guest<'_, State>, &mut Store<State>) -> Given + 'q, Built, Look> {
    let guest = |guest: &Guest<'_, State>, store: &mut Store<State>| {
        Ok(guest.step(store, job)?.map_err(pages::Refusal::Failed))
    };
    let native: Built =
        |_, _| Err(Refused::Refusal(pages::Refusal::Failed("nothing built in has jobs".into())));
    Question { guest, native, look: view::check_progress }
}

type Given = wasmtime::Result<Result<contract::Progress, pages::Refusal>>;
type Built = fn(&dyn Native, &mut Call) -> Result<contract::Progress, Refused>;
type Look = fn(&contract::Progress) -> Result<u64, ViewProblem>;
