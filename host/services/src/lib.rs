//! What the platform knows and does: one folder a service, one frame for all of them.
//!
//! Every deed runs in a [`Call`]: one actor, one moment, one seed, one pinned policy, one snapshot. The
//! call buffers what it writes together with the evidence of it, and becomes one atomic change when it
//! commits. The host's own deeds go through [`Platform::perform`], which runs a call again when it
//! conflicted and puts a refusal into the evidence; a plugin's call is begun and committed by the runtime
//! in the same way.
//!
//! ```text
//! Platform ── begin(Origin) ──▶ Call ── accounts, catalog, records ──▶ commit ──▶ store
//!     │                           │                                       │
//!     ├─ rights  (the policy; the next one after a commit that changed it) ◀─┤
//!     └─ sessions (cache over hashed tokens) ◀────────────────────────────┘
//! ```
//!
//! ```
//! use std::{path::Path, sync::Arc};
//! use dinh_model::{Actor, Language};
//! use dinh_services::accounts::{NewUnit, create_unit, get_unit};
//! use dinh_services::{Platform, SystemClock};
//! use dinh_store::{Options, Signer, Store, memory::Memory};
//!
//! let signer = Signer::from_seed("example", [7; 32])?;
//! let store = Store::with_backend(Box::new(Memory::new()), signer, Options::default())?;
//! let platform = Platform::open(Path::new("data"), store, Arc::new(SystemClock))?;
//! // In an empty house nobody has a right yet: its owner begins.
//! let owner = platform.origin(Actor::Public, Language::Vi).as_operator();
//! let province = platform.perform(&owner, |call| {
//!     let first = NewUnit {
//!         code: "lao-cai".into(),
//!         name: "Tỉnh Lào Cai".into(),
//!         kind: "tinh".into(),
//!         parent: None,
//!         valid_from: call.today(),
//!     };
//!     create_unit(call, first)
//! })?;
//! let stranger = platform.begin(&platform.origin(Actor::Public, Language::Vi))?;
//! assert_eq!(get_unit(&stranger, province)?.code, "lao-cai");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! - [`accounts`]: units, accounts, positions, roles, grants and who agrees to them, heads, delegations, passwords,
//!   sign-in and sessions.
//! - [`catalog`]: shared code lists, effective-dated, with predecessors and successors.
//! - [`files`]: what is attached to records.
//! - [`jobs`]: long work of plugins, in steps.
//! - [`notices`]: words of plugins to people.
//! - [`records`]: what plugins keep; every row passes the permission check.
//! - [`schedule`]: timers of plugins, and working days.
//! - [`secrets`]: what lies sealed at rest, and the keys.
//! - [`sharing`]: what plugins offer each other, contracts, and reads under them.
//! - [`sheets`]: files people bring, as tables of checked cells.

pub mod accounts;
mod bell;
mod call;
mod call_time;
pub mod catalog;
mod clock;
mod decoded;
mod denial;
mod error;
pub mod files;
pub mod jobs;
mod limits;
pub mod notices;
mod options;
mod origin;
pub mod permissions;
mod platform;
mod reach;
pub mod records;
mod refusal;
mod rights;
pub mod schedule;
pub mod secrets;
pub mod sharing;
pub mod sheets;
pub mod space;
mod steady_clock;
mod witnessed;

pub use bell::Bell;
pub use call::Call;
pub use call_time::CallTime;
pub use clock::{Clock, FixedClock, SystemClock};
pub use denial::Denial;
pub use error::{ServiceError, Thing};
pub use limits::{Limits, Resource, Trip, Usage};
pub use options::Options;
pub use origin::{Command, Origin};
pub use platform::Platform;
pub use reach::Reach;
pub use refusal::Refusal;
pub use witnessed::Witnessed;
