//! A job as it is kept.

use dinh_model::{Actor, JobId, Language, Localized, Permission, PluginId, UnitId, time};
use serde::{Deserialize, Serialize};

use super::progress::Pace;
use crate::sharing::Clings;
use crate::{Call, ServiceError, Thing, space};

/// What a job is started with: names and values, in order.
pub type Arguments = Vec<(String, String)>;

/// A job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// Its number.
    pub id: JobId,
    /// Whose it is.
    pub plugin: PluginId,
    /// The unit that the plugin is installed for: whoever manages plugins there may cancel and retry it.
    pub home_unit: UnitId,
    /// Its name in the manifest.
    pub name: String,
    /// Its name on pages.
    pub title: Localized,
    /// What is counted.
    pub counted: Localized,
    /// What whoever started it must hold at each step.
    pub permission: Permission,
    /// What it was started for.
    pub key: String,
    /// What it was started with.
    pub arguments: Arguments,
    /// Who started it, and whom its steps act for.
    pub actor: Actor,
    /// The language of whoever started it.
    pub language: Language,
    /// How many answers lie between the deed of a person and it.
    pub hops: u8,
    /// When it was started: microseconds since 1970.
    pub started: i64,
    /// Since when its time runs: when it was started, or retried.
    pub since: i64,
    /// How it stands.
    pub state: State,
    /// What the last step gave back.
    pub cursor: Vec<u8>,
    /// The version of the plugin that gave it, or that started the job.
    pub version: String,
    /// What clings to the cursor.
    pub clings: Clings,
    /// Steps taken.
    pub steps: u32,
    /// Steps taken since it was started, or retried.
    pub steps_since: u32,
    /// When the last one was: microseconds since 1970.
    pub stepped: i64,
    /// Records that its steps wrote.
    pub records: u64,
    /// How many are done, of what is counted.
    pub done: u64,
    /// How many there are, when it is known.
    pub of: Option<u64>,
    /// How fast it goes.
    pub pace: Pace,
    /// Steps in a row that gave back the same cursor.
    pub standstills: u8,
    /// How often the next step has failed.
    pub failures: u8,
    /// Not before: microseconds since 1970.
    pub due: i64,
}

/// How a job stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// It takes its steps.
    Running {
        /// Why the last attempt at a step failed: `trapped`, `failed`, `refused`, or the limit that was reached.
        failure: Option<String>,
        /// Why it takes no step at present, where that is nobody's fault.
        waits: Option<Waits>,
    },
    /// It is over.
    Ended {
        /// When: microseconds since 1970.
        at: i64,
        /// How.
        how: Ended,
    },
}

/// How a job ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ended {
    /// It is done.
    Finished {
        /// What is said.
        said: Option<Said>,
        /// The page of its plugin that shows what came of it.
        path: Option<String>,
    },
    /// It needs people. Why: as a failure; or `no-right`, `undeclared`, `standstill`, `steps`, `time`, `hops`.
    Failed(String),
    /// People have cancelled it.
    Cancelled,
}

/// What is said when a job is done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// `neutral`, `info`, `good`, `warning` or `bad`.
    pub tone: String,
    /// In a few words.
    pub title: String,
    /// More.
    pub text: String,
}

/// Why a job takes no step at present, where that is nobody's fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Waits {
    /// Its plugin cannot be loaded.
    NoPlugin,
    /// Its plugin is taken out for a time, or suspended.
    Out,
    /// The host itself failed, or others changed the same data again and again.
    Host,
}

impl Job {
    /// Whether it takes steps.
    pub fn is_running(&self) -> bool {
        matches!(self.state, State::Running { .. })
    }

    /// Why it ended, if it ended failing.
    pub fn failure(&self) -> Option<&str> {
        match &self.state {
            State::Ended { how: Ended::Failed(why), .. } => Some(why),
            State::Running { failure, .. } => failure.as_deref(),
            State::Ended { .. } => None,
        }
    }

    /// `running`, `waiting`, `finished`, `failed` or `cancelled`.
    pub fn standing(&self) -> &'static str {
        match &self.state {
            State::Running { failure: None, waits: None } => "running",
            State::Running { .. } => "waiting",
            State::Ended { how: Ended::Finished { .. }, .. } => "finished",
            State::Ended { how: Ended::Failed(_), .. } => "failed",
            State::Ended { how: Ended::Cancelled, .. } => "cancelled",
        }
    }

    /// When it ended: microseconds since 1970.
    pub fn ended(&self) -> Option<i64> {
        match self.state {
            State::Ended { at, .. } => Some(at),
            State::Running { .. } => None,
        }
    }

    /// As the evidence names it.
    pub fn subject(&self) -> String {
        format!("job:{}", self.id)
    }

    /// Ends it, and keeps that in the evidence.
    pub(super) fn end(mut self, call: &mut Call, how: Ended) -> Result<(), ServiceError> {
        let action = match &how {
            Ended::Finished { .. } => "job.finished",
            Ended::Failed(_) => "job.failed",
            Ended::Cancelled => "job.cancelled",
        };
        let why = match &how {
            Ended::Failed(why) => Some(("reason", why.clone())),
            Ended::Finished { .. } | Ended::Cancelled => None,
        };
        call.evidence(action, self.subject(), self.detail().into_iter().chain(why));
        self.state = State::Ended { at: time::microseconds(call.now()), how };
        call.transaction.delete(running_key(&self.plugin, &self.name, &self.key));
        // Whatever waited for it may go on.
        call.tells = true;
        self.save(call)
    }

    /// What the evidence says of it. Key and arguments are the plugin's words and may name people.
    pub(super) fn detail(&self) -> [(&'static str, String); 4] {
        [
            ("job", self.name.clone()),
            ("of", self.plugin.to_string()),
            ("steps", self.steps.to_string()),
            ("records", self.records.to_string()),
        ]
    }

    pub(super) fn save(&self, call: &mut Call) -> Result<(), ServiceError> {
        call.save(job_key(self.id), self)
    }
}

/// A job.
pub fn find(call: &Call, id: JobId) -> Result<Option<Job>, ServiceError> {
    call.load(&job_key(id))
}

pub(super) fn load(call: &Call, id: JobId) -> Result<Job, ServiceError> {
    find(call, id)?.ok_or_else(|| ServiceError::not_found(Thing::Job, id))
}

pub(super) fn job_key(id: JobId) -> Vec<u8> {
    space::numbered(space::JOB, id.0)
}

/// The start of the keys of a plugin in a kind of row.
pub(super) fn of_plugin(kind: u8, plugin: &PluginId) -> Vec<u8> {
    space::key(kind, &[plugin.as_str().as_bytes(), &[0]])
}

pub(super) fn kept_key(plugin: &PluginId, id: JobId) -> Vec<u8> {
    [of_plugin(space::JOB_OF, plugin).as_slice(), &id.0.to_be_bytes()].concat()
}

pub(super) fn running_key(plugin: &PluginId, name: &str, key: &str) -> Vec<u8> {
    let plugin = of_plugin(space::JOB_RUNNING, plugin);
    [plugin.as_slice(), name.as_bytes(), &[0], key.as_bytes()].concat()
}
