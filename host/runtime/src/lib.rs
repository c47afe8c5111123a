//! Runs plugins: strangers' code, each call in a fresh sandbox, as one transaction, within limits.
//!
//! ```text
//! file ─ package ─ manifest ─▶ install ─▶ registry, cache ─▶ Plugin
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
//! - **Only packages run**: components that import this platform and nothing else, compiled here
//!   ([`package`]); native code comes from nowhere but this host's own authenticated cache.
//! - **The host starts** whatever a plugin does; one that cannot be loaded fails alone.

mod answer;
pub mod bindings;
pub mod boundary;
mod cache;
mod call;
mod ending;
mod endings;
pub mod engine;
mod error;
mod events;
mod files;
mod forms;
mod imports;
mod install;
pub mod limits;
pub mod manifest;
mod native;
mod once;
pub mod package;
mod plugin;
pub mod pool;
pub mod prepared;
mod registry;
mod rights;
mod runtime;
mod schema;
mod shared_fields;
mod state;
pub mod usage;
pub mod view;

pub use call::{Asked, AskedSheet, Submitted};
pub use endings::Ending;
pub use error::{CallError, InstallError, RuntimeError};
pub use events::Teller;
pub use install::{Install, Installation};
pub use limits::{Limits, Trip};
pub use manifest::{Manifest, ManifestError, Print};
pub use native::{Native, Refused};
pub use package::{Package, PackageError};
pub use plugin::Plugin;
pub use rights::{RightsChange, RoleChange};
pub use runtime::{NotLoaded, Options, Runtime};
