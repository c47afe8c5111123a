//! Jobs of a manifest: long work that the plugin does in steps.

use std::time::Duration;

use dinh_model::{Localized, Permission};

use super::check::{Permissions, at_most, name, title};
use super::error::Wrong;
use super::raw::RawJob;

/// Most steps of a job.
pub const STEPS: u32 = 100_000;
/// Most hours that a job takes from when it is started, waits included.
pub const HOURS: u32 = 48;

/// A job that a plugin declares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeclaredJob {
    /// Its name.
    pub name: String,
    /// Its name on pages.
    pub title: Localized,
    /// What is counted.
    pub counted: Localized,
    /// What whoever starts it must hold, for some unit, and still hold at each step.
    pub permission: Permission,
    /// Most steps.
    pub steps: u32,
    /// Most time from when it is started.
    pub time: Duration,
}

pub(super) fn jobs(raw: Vec<RawJob>, permissions: &Permissions) -> Result<Vec<DeclaredJob>, Wrong> {
    at_most(raw, "jobs", |job| &job.name)?.into_iter().map(|raw| job(&raw, permissions)).collect()
}

fn job(raw: &RawJob, permissions: &Permissions) -> Result<DeclaredJob, Wrong> {
    let steps = bounded(raw.steps.as_ref(), STEPS, "steps")?;
    let hours = bounded(raw.hours.as_ref(), HOURS, "hours")?;
    Ok(DeclaredJob {
        name: name(&raw.name)?,
        title: title(&raw.title)?,
        counted: title(&raw.counted)?,
        permission: permissions.find(&raw.permission)?,
        steps,
        time: Duration::from_secs(u64::from(hours) * 3_600),
    })
}

fn bounded(raw: Option<&toml::Spanned<i64>>, most: u32, what: &str) -> Result<u32, Wrong> {
    let Some(asked) = raw else { return Ok(most) };
    let amount = u32::try_from(*asked.get_ref()).ok().filter(|amount| (1..=most).contains(amount));
    amount.ok_or_else(|| {
        let problem = format!("a job of {} {what}", asked.get_ref());
        Wrong::at(asked.span(), problem, format!("write 1 to {most}; without the key, it has {most}"))
    })
}
