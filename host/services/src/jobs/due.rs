//! Which jobs take their steps now, and how all of them are.

use dinh_model::{JobId, key};
use dinh_store::{Direction, Snapshot};

use super::model::{Job, State, job_key};
use crate::call::decode;
use crate::{ServiceError, space};

/// The jobs that run, whether or not they have to wait.
pub fn due(snapshot: &Snapshot) -> Result<Vec<Job>, ServiceError> {
    let prefix = [space::JOB_RUNNING];
    let end = key::after_prefix(&prefix);
    let mut running = Vec::new();
    for row in snapshot.range(&prefix, end.as_deref(), Direction::Forward) {
        let (key, stored) = row?;
        let job = job_key(decode::<JobId>(&key, &stored.value)?);
        if let Some(stored) = snapshot.get(&job)? {
            running.push(decode(&job, &stored.value)?);
        }
    }
    Ok(running)
}

/// How all jobs are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Those that run.
    pub running: usize,
    /// Of these, those whose next step has failed.
    pub failing: usize,
    /// Those that wait for their plugin or for the host.
    pub waiting: usize,
}

/// How all jobs are.
pub fn totals(snapshot: &Snapshot) -> Result<Totals, ServiceError> {
    let mut totals = Totals::default();
    for job in due(snapshot)? {
        totals.running += 1;
        totals.failing += usize::from(job.failures > 0);
        totals.waiting += usize::from(matches!(job.state, State::Running { waits: Some(_), .. }));
    }
    Ok(totals)
}
