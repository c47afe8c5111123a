//! `dinh job`: long work of plugins.

use anyhow::Result;
use clap::Subcommand;
use dinh_model::{JobId, time};
use dinh_services::jobs::{self, Job};
use dinh_services::{Platform, permissions::PLUGIN_MANAGE};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Authority;
use crate::reply::{self, Reply};

/// Jobs that are listed.
const LISTED: usize = 200;

/// What can be done about jobs.
#[derive(Subcommand, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum JobDeed {
    /// List the jobs that whoever acts started, and those of the plugins that they manage, newest first
    List {
        /// Only those that run
        #[arg(long)]
        running: bool,
        /// Only those with a smaller number: where the list before ended
        #[arg(long, value_name = "JOB")]
        before: Option<JobId>,
    },
    /// Show how far a job is
    Show {
        /// The job
        job: JobId,
    },
    /// Cancel a job; what its steps did stays
    Cancel {
        /// The job
        job: JobId,
    },
    /// Let a job that failed go on from where it was, as whoever started it
    Retry {
        /// The job
        job: JobId,
    },
}

/// Does it.
pub(super) fn perform(platform: &Platform, authority: &Authority, deed: JobDeed) -> Result<Reply> {
    match deed {
        JobDeed::List { running, before } => {
            let found = authority.perform(platform, "job list", |call| {
                if call.account().is_none() {
                    // Nobody's own: the owner of the folder looks at all of them, beside the rules.
                    call.require_everywhere(&PLUGIN_MANAGE)?;
                }
                jobs::list(call, before, LISTED)
            })?;
            let next = found.last().filter(|_| found.len() == LISTED).map(|last| last.id);
            let found: Vec<_> = found.into_iter().filter(|job| !running || job.is_running()).collect();
            let rows = found.iter().map(|job| {
                let id = job.id.to_string();
                [id, job.plugin.to_string(), job.name.clone(), job.key.clone(), standing(job), figures(job)]
            });
            let mut text = reply::table(["job", "plugin", "name", "for", "standing", "done"], rows);
            if let Some(next) = next {
                text.push_str(&format!("\nthere are older ones: --before {next}"));
            }
            let jobs: Vec<_> = found.iter().map(shown).collect();
            Ok(Reply { value: json!({ "jobs": jobs, "next": next }), text })
        }
        JobDeed::Show { job } => {
            let found = authority.perform(platform, "job show", |call| jobs::get(call, job))?;
            let mut lines = vec![
                format!("job {} of {}: {} ({})", found.id, found.plugin, found.name, found.title.en),
                format!("{}: {}", standing(&found), figures(&found)),
                format!("{} steps, {} records written", found.steps, found.records),
                format!("started {}", moment(found.started)),
            ];
            lines.extend(found.ended().map(|ended| format!("ended {}", moment(ended))));
            Ok(Reply { value: shown(&found), text: lines.join("\n") })
        }
        JobDeed::Cancel { job } => {
            let ran = authority.perform(platform, "job cancel", |call| jobs::cancel(call, job))?;
            let sentence = match ran {
                true => format!("job {job} is cancelled; what it has done stays"),
                false => format!("job {job} was over already"),
            };
            Ok(Reply::done(json!({ "job": job, "cancelled": ran }), sentence))
        }
        JobDeed::Retry { job } => {
            authority.perform(platform, "job retry", |call| jobs::retry(call, job))?;
            Ok(Reply::done(json!({ "job": job }), format!("job {job} goes on from where it was")))
        }
    }
}

/// A job as commands show one: without its arguments, which are the plugin's.
fn shown(job: &Job) -> Value {
    let left = job.of.filter(|_| job.is_running()).and_then(|of| job.pace.seconds_left(job.done, of));
    json!({
        "job": job.id,
        "plugin": job.plugin,
        "name": job.name,
        "key": job.key,
        "title": job.title,
        "standing": job.standing(),
        "why": job.failure(),
        "account": job.actor.account(),
        "done": job.done,
        "of": job.of,
        "counted": job.counted,
        "per_hour": job.pace.per_hour().filter(|_| job.is_running()),
        "seconds_left": left,
        "steps": job.steps,
        "records": job.records,
        "failures": job.failures,
        "started": moment(job.started),
        "ended": job.ended().map(moment),
    })
}

fn standing(job: &Job) -> String {
    match job.failure() {
        Some(why) => format!("{} ({why})", job.standing()),
        None => job.standing().to_owned(),
    }
}

fn figures(job: &Job) -> String {
    let counted = &job.counted.en;
    match job.of {
        Some(of) => format!("{} of {of} {counted}", job.done),
        None => format!("{} {counted}", job.done),
    }
}

fn moment(at: i64) -> String {
    time::from_microseconds(at).unwrap_or_default().to_string()
}
