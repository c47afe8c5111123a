//! Starting a job, in a call of its plugin.

use dinh_model::{JobId, Language, Localized, Permission, UnitId, key, time};
use dinh_store::Direction;

use super::model::{self, Arguments, Job, State};
use super::progress::Pace;
use super::{ARGUMENTS, KEY, MOST_ARGUMENTS, MOST_KEPT, MOST_RUNNING};
use crate::space::{self, Counter};
use crate::{Call, ServiceError};

/// What a job is to be.
#[derive(Clone, Debug)]
pub struct NewJob {
    /// The unit that the plugin is installed for.
    pub home_unit: UnitId,
    /// Its name in the manifest.
    pub name: String,
    /// Its name on pages.
    pub title: Localized,
    /// What is counted.
    pub counted: Localized,
    /// What whoever starts it must hold.
    pub permission: Permission,
    /// What it is started for.
    pub key: String,
    /// What it is started with.
    pub arguments: Arguments,
    /// The plugin's version.
    pub version: String,
}

/// Why a job was not started, where the host did not fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotStarted {
    /// One of this name and key runs already.
    Running,
    /// As many jobs of the plugin run as may.
    TooMany,
    /// Its key or arguments hold what may not be kept, after what the call has read.
    Confined,
}

/// Whether key and arguments are within bounds; what is wrong with them, for the vendor.
pub fn check_arguments(key: &str, arguments: &Arguments) -> Result<(), String> {
    if key.len() > KEY || key.chars().any(char::is_control) {
        return Err(format!("a key has at most {KEY} bytes and no control character"));
    }
    if arguments.len() > MOST_ARGUMENTS {
        return Err(format!("{} arguments; at most {MOST_ARGUMENTS}", arguments.len()));
    }
    let bytes: usize = arguments.iter().map(|(name, value)| name.len() + value.len()).sum();
    if bytes > ARGUMENTS {
        return Err(format!("{bytes} bytes of arguments; at most {ARGUMENTS}"));
    }
    Ok(())
}

/// Starts a job of the plugin that runs, as whoever the call acts for. The runtime has looked at their right to it.
pub fn start(call: &mut Call, new: NewJob) -> Result<Result<JobId, NotStarted>, ServiceError> {
    let Some(plugin) = call.plugin.clone() else {
        return Err(ServiceError::Damaged { what: "a job without a plugin".to_owned() });
    };
    let NewJob { home_unit, name, title, counted, permission, key, arguments, version } = new;
    let texts = arguments.iter().map(|(_, value)| value).chain([&key]);
    if !texts.into_iter().all(|text| call.confinement.lets_keep(text.as_bytes())) {
        return Ok(Err(NotStarted::Confined));
    }
    let running = model::running_key(&plugin, &name, &key);
    if call.holds(&running)? {
        return Ok(Err(NotStarted::Running));
    }
    if count(call, &model::of_plugin(space::JOB_RUNNING, &plugin), MOST_RUNNING)? >= MOST_RUNNING {
        return Ok(Err(NotStarted::TooMany));
    }
    make_room(call, &plugin)?;
    let id = JobId(call.next_number(Counter::Job)?);
    let now = time::microseconds(call.now());
    let job = Job {
        id,
        home_unit,
        name,
        title,
        counted,
        permission,
        key,
        arguments,
        actor: call.actor().clone(),
        language: call.language(),
        hops: call.hops,
        started: now,
        since: now,
        state: State::Running { failure: None, waits: None },
        cursor: Vec::new(),
        version,
        clings: call.confinement.clings(),
        steps: 0,
        steps_since: 0,
        stepped: now,
        records: 0,
        done: 0,
        of: None,
        pace: Pace::begin(now, 0),
        standstills: 0,
        failures: 0,
        due: 0,
        plugin,
    };
    call.save(running, &id)?;
    call.transaction.put(model::kept_key(&job.plugin, id), Vec::new());
    call.evidence("job.started", job.subject(), job.detail());
    call.tells = true;
    job.save(call)?;
    Ok(Ok(id))
}

/// Removes the oldest jobs that ended, so that there is room for one more.
fn make_room(call: &mut Call, plugin: &dinh_model::PluginId) -> Result<(), ServiceError> {
    let prefix = model::of_plugin(space::JOB_OF, plugin);
    let kept = count(call, &prefix, MOST_KEPT + MOST_RUNNING)?;
    let mut over = (kept + 1).saturating_sub(MOST_KEPT);
    if over == 0 {
        return Ok(());
    }
    let end = key::after_prefix(&prefix);
    let rows = call.transaction.range(&prefix, end.as_deref(), Direction::Forward);
    let keys = rows.map(|row| row.map(|(key, _)| key)).collect::<Result<Vec<_>, _>>()?;
    for kept in keys {
        let Some(id) = space::trailing_number(&kept).map(JobId) else { continue };
        if over > 0 && model::find(call, id)?.is_none_or(|job| !job.is_running()) {
            call.transaction.delete(kept);
            call.transaction.delete(model::job_key(id));
            over -= 1;
        }
    }
    Ok(())
}

/// How many keys begin so, counted up to `most`.
fn count(call: &mut Call, prefix: &[u8], most: usize) -> Result<usize, ServiceError> {
    let end = key::after_prefix(prefix);
    let mut count = 0;
    for row in call.transaction.range(prefix, end.as_deref(), Direction::Forward).take(most) {
        row?;
        count += 1;
    }
    Ok(count)
}

impl NotStarted {
    /// In words.
    pub fn text(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Running, Language::Vi) => "Việc này đang chạy.",
            (Self::Running, Language::En) => "This job is running already.",
            (Self::TooMany, Language::Vi) => {
                "Ứng dụng đang chạy quá nhiều việc. Vui lòng đợi một việc xong rồi thử lại."
            }
            (Self::TooMany, Language::En) => {
                "Too many jobs of this plugin are running. Wait until one is done, and try again."
            }
            (Self::Confined, Language::Vi) => {
                "Sau khi đọc dữ liệu chia sẻ hoặc dữ liệu Mật, chỉ giao được cho việc chạy nền các số, ngày và mã định danh."
            }
            (Self::Confined, Language::En) => {
                "After reading shared or labelled data, a job may be given numbers, days and identifiers only."
            }
        }
    }
}
