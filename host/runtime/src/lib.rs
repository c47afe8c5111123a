//! Runs plugins: strangers' code, each call in a fresh sandbox, as one transaction, within limits.
//!
//! ```text
//! file ─ package ─ compile ─▶ install ─▶ registry, cache ─▶ Plugin
//!                                                              │
//! web ─ render, submit ─▶ pool ─▶ call ─ instance ─ imports ─▶ services
//!                                  │        └ limits: time, memory, rows, bytes, lines
//!                                  ├ or native: the platform's own pages, as views too
//!                                  └ view looked at, change committed, or nothing
//! ```
//!
//! What it promises:
//! - **A call is whole.** It reads one snapshot and becomes one change; when it traps, trips, refuses or is
//!   invalid, nothing it wrote is kept. On a conflict it is run again with the same moment, seed and input;
//!   after three conflicts it runs alone in its plugin.
//! - **Nothing is smuggled.** Every call has a fresh instance; nothing lives between calls but the store.
//! - **Every call has limits** ([`limits`]), none optional, and a typed reason when it reaches one.
//! - **Nobody sees a record they may not see**, whatever a plugin forgets: the services decide, for each row.
//! - **What a plugin returns is a page** ([`view`]), or the plugin has failed; whoever draws it can rely on it.
//! - **Only packages run**: components that import this platform and nothing else ([`package`]), compiled by this
//!   program itself, in a child with limits ([`compile`]); native code comes from nowhere else but this host's own
//!   authenticated cache.
//! - **The host starts** whatever a plugin does; one that cannot be loaded fails alone.
//! - **A plugin that keeps failing is taken out** for a time, and so is one that people suspend (`quarantine`).

mod accepted;
mod answer;
mod aside;
pub mod bindings;
pub mod boundary;
mod cache;
mod call;
pub mod compile;
mod ending;
mod endings;
pub mod engine;
mod error;
mod events;
mod files;
mod forms;
mod imports;
mod install;
mod jobs;
pub mod limits;
pub mod manifest;
mod native;
mod once;
pub mod package;
mod plugin;
pub mod pool;
pub mod prepared;
mod quarantine;
mod rate;
mod registry;
mod rights;
mod runtime;
mod schema;
mod shared_fields;
mod state;
pub mod usage;
pub mod view;

pub use accepted::AcceptedLimits;
pub use call::{Asked, AskedSheet, Submitted};
pub use compile::{CompileError, Compiler};
pub use endings::{Ended, Ending};
pub use error::{CallError, InstallError, RuntimeError};
pub use events::Teller;
pub use install::{Install, Installation};
pub use jobs::shown::{failure as job_failure, progress as job_progress};
pub use limits::{AskedLimit, Limits, Trip};
pub use manifest::{Manifest, ManifestError, Print};
pub use native::{Native, Refused};
pub use package::{Package, PackageError};
pub use plugin::Plugin;
pub use quarantine::{Quarantine, Standing, Suspension, release, suspend};
pub use registry::registered;
pub use rights::{RightsChange, RoleChange};
pub use runtime::{NotLoaded, Options, Runtime};
