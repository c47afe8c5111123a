//! Plugins that mean harm, each named for what it attempts; and what becomes of each.
//!
//! ```text
//! cases (compute, memory, boundary, host, state) ─ guest ─▶ a component of its own
//!                                                              ├ host/runtime: its end, the evidence, the pool, a neighbour
//!                                                              └ host/web: the page, the metrics, the list of the evidence
//! ```
//!
//! A guest is a core module in the text format, made a component of the platform's world; a few are paths of
//! `tests/plugins/hostile`, which is written in Rust. The one list of cases drives the test and the table that it
//! prints: `cargo test -p dinh-runtime --test promises hostile -- --nocapture`.
#![allow(clippy::unwrap_used, clippy::panic, reason = "what tests share may fail loudly")]

mod boundary;
mod compute;
mod guest;
mod host;
mod memory;
mod state;

pub use guest::Guest;

/// A guest that means harm.
pub struct Case {
    /// The plugin's id: what it attempts.
    pub name: &'static str,
    /// The same as a sentence, for the table.
    pub harm: &'static str,
    /// What it is made of.
    pub guest: Source,
    /// What becomes of it.
    pub ends: Ends,
}

/// Where the guest comes from, and how it is called.
pub enum Source {
    /// Written in text.
    Text(Guest),
    /// A page of `tests/plugins/hostile`.
    Page(&'static str),
    /// A form of `tests/plugins/hostile`.
    Form(&'static str),
    /// Its form `add`, while others change what it reads each time that it has read it.
    Disturbed,
}

/// What becomes of it.
#[derive(Clone, Copy, Debug)]
pub enum Ends {
    /// It is not even installed; the refusal says this.
    Refused(&'static str),
    /// Its call reaches this limit.
    Trips(&'static str, u64),
    /// Its call breaks off.
    Breaks,
    /// What it returns is no page.
    Fails,
    /// It conflicts with others until the host gives up: three times beside others, three times alone.
    Conflicts,
    /// It does no harm: its page has this title.
    Shows(&'static str),
}

/// All of them.
pub fn cases() -> Vec<Case> {
    [compute::cases(), memory::cases(), boundary::cases(), host::cases(), state::cases()]
        .into_iter()
        .flatten()
        .collect()
}

fn text(name: &'static str, harm: &'static str, guest: Guest, ends: Ends) -> Case {
    Case { name, harm, guest: Source::Text(guest), ends }
}
