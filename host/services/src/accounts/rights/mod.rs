//! Rights (quyền): roles given to people, positions, plugins and everybody, and what the engine is told of them.
//!
//! ```text
//! roles ─ grants ─ grant_roll (found again)
//!           │      admissions (of plugins and of everybody)
//!           ▼
//!         had ─▶ what an account has by all ways at once
//!         facts ─▶ Policy, journal (as it was on an earlier day)
//! ```

pub(super) mod admissions;
pub(super) mod facts;
pub(super) mod grant_roll;
pub(super) mod grants;
pub(super) mod had;
pub(super) mod journal;
pub(super) mod roles;
