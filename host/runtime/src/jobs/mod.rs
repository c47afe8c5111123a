//! Jobs: long work of plugins, in steps, each a call of its own.
//!
//! ```text
//! start ─ commit ─ bell ─▶ Teller ─ due? ─▶ pool, the plugin's lane ─▶ work: right? ─ step ─ one change with the cursor
//!                            ▲                                          └ failed: later ─ five times: stands as failed
//!                            └──────────── bell: the next step ─────────────┘
//! ```
//!
//! The thread that tells of events ([`Teller`](crate::Teller)) decides about jobs as well: both are what runs with
//! nobody waiting for it. A plugin takes one step at a time, of its jobs in turn, and each step stands in line behind
//! the calls that wait already, so that people's pages come first. Nothing is kept here
//! (`dinh_services::jobs`).

pub mod shown;
mod work;
