//! A step of a job: what it moves, in the step's own call; what its failure leads to, in a call of the host.

use std::time::Duration;

use dinh_model::{JobId, time};

use super::model::{self, Ended, Job, Said, State, Waits};
use super::{CURSOR, MOST_FAILURES, MOST_STANDSTILLS};
use crate::sharing::feed::MOST_HOPS;
use crate::{Call, ServiceError};

/// How long what has failed waits, after the first failure, the second, and so on.
const WAITS: [Duration; MOST_FAILURES as usize - 1] =
    [Duration::from_millis(100), Duration::from_secs(1), Duration::from_secs(5), Duration::from_secs(30)];

/// What a step gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stepped {
    /// How many are done.
    pub done: u64,
    /// How many there are.
    pub of: Option<u64>,
    /// What comes next.
    pub next: Next,
    /// The version of the plugin that gave it.
    pub version: String,
}

/// What comes next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// Another step.
    Cursor(Vec<u8>),
    /// Nothing.
    Finished {
        /// What is said.
        said: Option<Said>,
        /// The page that shows what came of it.
        path: Option<String>,
    },
}

/// What a failure led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failed {
    /// The same step again, after this moment: microseconds since 1970.
    Later(i64),
    /// The job has ended.
    Ended,
}

/// The job whose next step a call is, with what clings to it put upon the call, and its arguments as texts of whoever
/// started it; none when it takes none.
pub fn enter(call: &mut Call, id: JobId) -> Result<Option<Job>, ServiceError> {
    let Some(job) = model::find(call, id)?.filter(Job::is_running) else { return Ok(None) };
    call.job = Some(id);
    call.hops = job.hops;
    call.confinement.inherit(&job.clings);
    // What it was started with was said before anything was read that binds, or held to what may be kept.
    job.arguments.iter().for_each(|(_, argument)| call.confinement.submitted(argument));
    Ok(Some(job))
}

/// Why a job may take no further step, for good: it was answered too often, took too many steps or too long.
pub fn fails(call: &Call, job: &Job, steps: u32, time: Duration) -> Option<&'static str> {
    let most = i64::try_from(time.as_micros()).unwrap_or(i64::MAX);
    if job.hops > MOST_HOPS {
        Some("hops")
    } else if job.steps_since >= steps {
        Some("steps")
    } else if time::microseconds(call.now()).saturating_sub(job.since) >= most {
        Some("time")
    } else {
        None
    }
}

/// Notes in the step's own call what it gave: the job moves with what the call wrote, or not at all. What it gave may
/// be refused: then nothing was noted, and the step has failed.
pub fn stepped(call: &mut Call, mut job: Job, stepped: Stepped) -> Result<Result<(), String>, ServiceError> {
    let now = time::microseconds(call.now());
    let Stepped { done, of, next, version } = stepped;
    job.steps = job.steps.saturating_add(1);
    job.steps_since = job.steps_since.saturating_add(1);
    job.stepped = now;
    job.records = job.records.saturating_add(call.usage.records_written);
    (job.done, job.of) = (done, of);
    job.pace.note(now, done);
    (job.failures, job.due) = (0, 0);
    match next {
        Next::Finished { said, path } => {
            // What clings to the call is kept nowhere.
            let free = call.confinement.is_free();
            let path = path.filter(|path| call.confinement.lets_keep(path.as_bytes()));
            job.cursor.clear();
            job.end(call, Ended::Finished { said: said.filter(|_| free), path })?;
        }
        Next::Cursor(cursor) => {
            if cursor.len() > CURSOR {
                return Ok(Err(format!("a cursor of {} bytes; at most {CURSOR}", cursor.len())));
            }
            if !call.confinement.lets_keep(&cursor) {
                return Ok(Err(
                    "a cursor that may not be kept after what the step has read: under *nothing* \
                     none may, else numbers, days and identifiers"
                        .to_owned(),
                ));
            }
            let stands = job.steps > 1 && job.cursor == cursor;
            job.standstills = if stands { job.standstills.saturating_add(1) } else { 0 };
            (job.cursor, job.version, job.clings) = (cursor, version, call.confinement.clings());
            if job.standstills + 1 >= MOST_STANDSTILLS {
                job.end(call, Ended::Failed("standstill".to_owned()))?;
            } else {
                job.state = State::Running { failure: None, waits: None };
                job.save(call)?;
            }
        }
    }
    Ok(Ok(()))
}

/// Notes in a call of the host's own that a step has failed; `step`: how many steps were taken before it. `last`: it is
/// not tried again.
pub fn failed(call: &mut Call, id: JobId, step: u32, why: &str, last: bool) -> Result<Failed, ServiceError> {
    let Some(mut job) = model::find(call, id)?.filter(|job| job.is_running() && job.steps == step) else {
        // Cancelled meanwhile.
        return Ok(Failed::Ended);
    };
    job.failures = job.failures.saturating_add(1);
    let wait = WAITS.get(usize::from(job.failures) - 1).filter(|_| !last);
    let Some(wait) = wait else {
        job.end(call, Ended::Failed(why.to_owned()))?;
        return Ok(Failed::Ended);
    };
    let wait = i64::try_from(wait.as_micros()).unwrap_or(i64::MAX);
    job.due = time::microseconds(call.now()).saturating_add(wait);
    job.state = State::Running { failure: Some(why.to_owned()), waits: None };
    job.save(call)?;
    Ok(Failed::Later(job.due))
}

/// Notes in a call of the host's own why a job takes no step at present, for people to see.
pub fn waits(call: &mut Call, id: JobId, why: Waits) -> Result<(), ServiceError> {
    let Some(mut job) = model::find(call, id)? else { return Ok(()) };
    match &mut job.state {
        State::Running { waits, .. } if *waits != Some(why) => *waits = Some(why),
        State::Running { .. } | State::Ended { .. } => return Ok(()),
    }
    job.save(call)
}
