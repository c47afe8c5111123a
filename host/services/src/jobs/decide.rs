//! Looking at jobs, cancelling and retrying them: for whoever started one, and for whoever manages its plugin.

use dinh_model::{JobId, PluginId, Target, key, time};
use dinh_store::Direction;

use super::model::{self, Ended, Job, State};
use super::progress::Pace;
use crate::permissions::PLUGIN_MANAGE;
use crate::{Call, Refusal, ServiceError, space};

/// Whether whoever acts has started it. A program with an access token has started none: its jobs are looked at with the
/// right to manage plugins.
fn is_own(call: &Call, job: &Job) -> bool {
    call.origin.scope.is_none()
        && match call.account() {
            Some(account) => job.actor.account() == Some(account),
            None => *call.actor() == job.actor,
        }
}

fn concerns(call: &Call, job: &Job) -> bool {
    is_own(call, job) || call.check(&PLUGIN_MANAGE, &Target::unit(job.home_unit))
}

fn require(call: &mut Call, id: JobId) -> Result<Job, ServiceError> {
    let job = model::load(call, id)?;
    if !is_own(call, &job) {
        call.require(&PLUGIN_MANAGE, &Target::unit(job.home_unit))?;
    }
    Ok(job)
}

/// A job. For whoever started it, and for whoever manages plugins of its plugin's unit.
pub fn get(call: &mut Call, id: JobId) -> Result<Job, ServiceError> {
    require(call, id)
}

/// The jobs that whoever acts may see, newest first, at most `limit`, before `before`.
pub fn list(call: &Call, before: Option<JobId>, limit: usize) -> Result<Vec<Job>, ServiceError> {
    list_those(call, before, limit, |job| concerns(call, job))
}

fn list_those(
    call: &Call,
    before: Option<JobId>,
    limit: usize,
    are: impl Fn(&Job) -> bool,
) -> Result<Vec<Job>, ServiceError> {
    let start = [space::JOB];
    let end = match before {
        Some(before) => Some(model::job_key(before)),
        None => key::after_prefix(&start),
    };
    let mut found = Vec::new();
    // Unchecked: how far they are changes all the time, and nothing is decided by it.
    for row in call.transaction.range_unchecked(&start, end.as_deref(), Direction::Backward) {
        let (key, stored) = row?;
        let job: Job = crate::call::decode(&key, &stored.value)?;
        if are(&job) {
            found.push(job);
        }
        if found.len() >= limit {
            break;
        }
    }
    Ok(found)
}

/// The jobs that a person has started, newest first, at most `limit`; none of a program with an access token.
pub fn of_person(call: &Call, limit: usize) -> Result<Vec<Job>, ServiceError> {
    list_those(call, None, limit, |job| call.account().is_some() && is_own(call, job))
}

/// The jobs of a plugin that whoever acts has started, of one name or all, newest first, at most `limit`. Each job that
/// was looked at counts as a row read.
pub fn of_starter(
    call: &mut Call,
    plugin: &PluginId,
    name: Option<&str>,
    limit: usize,
) -> Result<Vec<Job>, ServiceError> {
    let prefix = model::of_plugin(space::JOB_OF, plugin);
    let end = key::after_prefix(&prefix);
    let rows = call.transaction.range_unchecked(&prefix, end.as_deref(), Direction::Backward);
    let ids = rows.map(|row| row.map(|(key, _)| space::trailing_number(&key)));
    let ids = ids.collect::<Result<Vec<_>, _>>()?;
    let mut found = Vec::new();
    for id in ids.into_iter().flatten() {
        if found.len() >= limit {
            break;
        }
        call.spend(crate::Resource::RowsRead, 1)?;
        let Some(job) = model::find(call, JobId(id))? else { continue };
        if is_own(call, &job) && name.is_none_or(|name| job.name == name) {
            found.push(job);
        }
    }
    Ok(found)
}

/// Cancels a job: its steps so far stay, no other is taken. Whether it still ran.
pub fn cancel(call: &mut Call, id: JobId) -> Result<bool, ServiceError> {
    let job = require(call, id)?;
    cancelled(call, job)
}

/// A job of a plugin that whoever acts has started.
pub fn get_own(call: &Call, plugin: &PluginId, id: JobId) -> Result<Option<Job>, ServiceError> {
    Ok(model::find(call, id)?.filter(|job| job.plugin == *plugin && is_own(call, job)))
}

/// The same as [`cancel`] from the job's own plugin, for whoever started it; none when there is no such job of theirs.
pub fn cancel_own(call: &mut Call, plugin: &PluginId, id: JobId) -> Result<Option<bool>, ServiceError> {
    match get_own(call, plugin, id)? {
        Some(job) => cancelled(call, job).map(Some),
        None => Ok(None),
    }
}

fn cancelled(call: &mut Call, job: Job) -> Result<bool, ServiceError> {
    if !job.is_running() {
        return Ok(false);
    }
    job.end(call, Ended::Cancelled)?;
    Ok(true)
}

/// Lets a job that failed go on from where it was, as whoever started it. Refused while another of its name and key
/// runs.
pub fn retry(call: &mut Call, id: JobId) -> Result<(), ServiceError> {
    let mut job = require(call, id)?;
    let State::Ended { how: Ended::Failed(_), .. } = job.state else {
        return Err(refused(
            &job,
            "job-not-failed",
            "Chỉ chạy tiếp được việc đã dừng vì lỗi.",
            "Only a job that failed can be retried.",
        ));
    };
    let running = model::running_key(&job.plugin, &job.name, &job.key);
    if call.holds(&running)? {
        return Err(refused(
            &job,
            "job-runs-already",
            "Việc này đã được giao lại và đang chạy; hãy đợi xong hoặc huỷ việc đó trước.",
            "The same job was started again and is running; wait for it, or cancel it first.",
        ));
    }
    let now = time::microseconds(call.now());
    job.state = State::Running { failure: None, waits: None };
    (job.since, job.steps_since, job.standstills, job.failures, job.due) = (now, 0, 0, 0, 0);
    job.pace = Pace::begin(now, job.done);
    call.save(running, &job.id)?;
    call.evidence("job.retried", job.subject(), job.detail());
    call.tells = true;
    job.save(call)
}

fn refused(job: &Job, rule: &'static str, vi: &str, en: &str) -> ServiceError {
    let text = dinh_model::Localized::new(vi, en);
    ServiceError::Refused(Refusal { rule, subject: job.subject(), text })
}
