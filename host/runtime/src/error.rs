//! What can go wrong, by what the caller can do about it.

use std::io;
use std::path::PathBuf;

use dinh_services::{ServiceError, Trip};

use crate::compile::CompileError;
use crate::manifest::Version;
use crate::package::PackageError;

/// The runtime cannot start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RuntimeError {
    /// The engine refused its configuration, or the machine cannot give it the address space it asks for.
    #[error("the WebAssembly engine cannot start: {0}; on x86-64 Linux, check `ulimit -v`")]
    Engine(String),
    /// The operating system refused.
    #[error("{doing} {} failed: {error}", path.display())]
    Io {
        /// What was being done.
        doing: &'static str,
        /// With which file.
        path: PathBuf,
        /// Why it failed.
        error: io::Error,
    },
    /// An installed package cannot be read any more.
    #[error(transparent)]
    Package(#[from] PackageError),
    /// The registry of plugins cannot be read.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

impl RuntimeError {
    pub(crate) fn io(doing: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |error| Self::Io { doing, path, error }
    }
}

/// A package was not installed; what was installed before goes on serving.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InstallError {
    /// The file is not a package that this host could run.
    #[error(transparent)]
    Package(#[from] PackageError),
    /// The code is not valid, or takes more to compile than it may.
    #[error(transparent)]
    Compile(#[from] CompileError),
    /// Its interfaces have the right names and other types.
    #[error(
        "the component does not fit this platform: {0}; build it with the SDK of this version of the platform"
    )]
    Link(String),
    /// It cannot even begin: it needs more than its limits, or breaks off at once.
    #[error("the component cannot be started: {0}; ask for more in [limits] of plugin.toml, or mend it")]
    Start(String),
    /// It asks to be told of changes and has nobody to tell.
    #[error(
        "the manifest wants changes of `{wanted}`, and the component does not export \
         `dinh:platform/events`: name a function for them in dinh_sdk::plugin!, or remove `changes = true`"
    )]
    NoEvents {
        /// Name of the wanted dataset.
        wanted: String,
    },
    /// It declares a job and has nobody to do it.
    #[error(
        "the manifest declares the job `{job}`, and the component does not export `dinh:platform/jobs`: \
         name a function for them in dinh_sdk::plugin! (`jobs: …`), or remove [[jobs]]"
    )]
    NoJobs {
        /// Name of the job.
        job: String,
    },
    /// It has timers and nobody to fire them for.
    #[error(
        "the manifest declares the timer `{timer}`, and the component does not export \
         `dinh:platform/events`: name a function for it in dinh_sdk::plugin!, or remove the timer"
    )]
    NoTimers {
        /// Name of the timer.
        timer: String,
    },
    /// The installed version is the same or newer.
    #[error("version {installed} is installed; raise `version` in plugin.toml above it (it is {offered})")]
    NotNewer {
        /// What is installed.
        installed: Version,
        /// What was offered.
        offered: Version,
    },
    /// Data of the installed version could not be read by this one.
    #[error(
        "the collections do not continue those of the installed version: {0}; \
         fields may be added at the end, nothing else may change"
    )]
    Schema(String),
    /// A plugin stays in the unit it was installed for.
    #[error(
        "it is installed for the unit {installed}; its records belong there, so it cannot move to the unit {asked}"
    )]
    OtherHome {
        /// Code of its home.
        installed: String,
        /// Code of the home asked for.
        asked: String,
    },
    /// The host failed.
    #[error(transparent)]
    Runtime(#[from] RuntimeError),
    /// The actor may not, or the store refused.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

/// A call did not give what was asked for. Nothing that it wrote is kept.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CallError {
    /// No such plugin is installed, or it could not be loaded.
    #[error("there is no such plugin")]
    NoSuchPlugin,
    /// Nothing at this path; what was looked for, in the language of the call.
    #[error("{0}")]
    NotFound(String),
    /// The actor may not; the reason, in the language of the call.
    #[error("{0}")]
    Denied(String),
    /// The request does not fit; what to do about it, in the language of the call.
    #[error("{0}")]
    BadRequest(String),
    /// The call used more than it may.
    #[error(transparent)]
    Limit(Trip),
    /// The plugin was called more often than it may be.
    #[error("{trip}; come back in {retry_after} s")]
    Often {
        /// How often, and how often it may be.
        trip: Trip,
        /// Seconds after which there is a call to be had.
        retry_after: u32,
    },
    /// The plugin's code broke off.
    #[error("the plugin broke off; its vendor finds the reason in the log")]
    Trapped,
    /// Too many calls are waiting.
    #[error("too many calls are waiting; come back in {retry_after} s")]
    Busy {
        /// Seconds after which it may be different.
        retry_after: u32,
    },
    /// The plugin is out, because it kept failing or because people suspended it.
    #[error("{text}")]
    Out {
        /// How things stand and whom to turn to, in the language of the call.
        text: String,
        /// Seconds after which it may be different.
        retry_after: u32,
    },
    /// Others changed the same data again and again.
    #[error("others changed the same data at the same time; try again")]
    Conflict,
    /// The plugin says that it failed, or what it returned is no page; the reason is in the log.
    #[error("the plugin failed; its vendor finds the reason in the log")]
    Failed,
    /// The host failed.
    #[error(transparent)]
    Service(ServiceError),
}

impl From<ServiceError> for CallError {
    fn from(error: ServiceError) -> Self {
        match error {
            ServiceError::Limit(trip) => Self::Limit(trip),
            ServiceError::Conflict | ServiceError::Importing => Self::Conflict,
            ServiceError::Busy => Self::Busy { retry_after: crate::pool::RETRY_AFTER },
            ServiceError::Denied(denial) => Self::Denied(denial.text),
            other => Self::Service(other),
        }
    }
}
