//! What one call may use. None of it is optional; a manifest may ask for less, never for more.
//!
//! | what | default | counts |
//! | --- | --- | --- |
//! | `cpu-milliseconds` | 2,000 | time the call's thread computes, in the guest and for it |
//! | `wall-milliseconds` | 10,000 | time since the call began, waits for the host included |
//! | `memory-mebibytes` | 64 | all linear memories and tables of the instance, summed |
//! | `rows-read` | 1,000,000 | stored rows the host read for it, shown or not |
//! | `records-written` | 20,000 | records inserted, updated and deleted |
//! | `host-bytes` | 64 MiB | what crosses in host calls, both ways, and the page returned |
//! | `log-lines` | 1,000 | lines written to the log, each of at most 4 KiB |
//!
//! Beside them, fixed for every plugin: a call stack of 512 KiB ([`STACK`]) and the bounds of a page
//! (`view`). Tripping one ends the call with a [`Trip`] that names it, what was used and what is allowed;
//! the instance is discarded and nothing the call wrote is kept.

use std::time::Duration;

pub use dinh_services::Trip;

/// Bytes of the guest's call stack. The linker option `-z stack-size` of a Rust guest is not this one: it
/// sizes the part of the stack that lies in linear memory.
pub const STACK: usize = 512 << 10;

/// Most bytes of a log line; the rest is cut off.
pub const LOG_LINE: usize = 4 << 10;

/// What one call may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Time the call's thread computes.
    pub cpu: Duration,
    /// Time since the call began.
    pub wall: Duration,
    /// Bytes of all linear memories and tables.
    pub memory: usize,
    /// Rows, records, bytes across the boundary and log lines.
    pub call: dinh_services::Limits,
}

impl Limits {
    /// What a call may use when its manifest asks for nothing less; also the most it may ask for.
    pub const DEFAULT: Self = Self {
        cpu: Duration::from_secs(2),
        wall: Duration::from_secs(10),
        memory: 64 << 20,
        call: dinh_services::Limits::PLUGIN,
    };
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// `cpu-milliseconds` tripped.
pub(crate) fn cpu(used: Duration, allowed: Duration) -> Trip {
    Trip { what: "cpu-milliseconds", used: milliseconds(used), allowed: milliseconds(allowed) }
}

/// `wall-milliseconds` tripped.
pub(crate) fn wall(used: Duration, allowed: Duration) -> Trip {
    Trip { what: "wall-milliseconds", used: milliseconds(used), allowed: milliseconds(allowed) }
}

/// Linear memories and tables have outgrown `memory-mebibytes`.
pub(crate) fn memory(used: usize, allowed: usize) -> Trip {
    Trip { what: "memory-bytes", used: used as u64, allowed: allowed as u64 }
}

/// The guest's call stack is full.
pub(crate) fn stack() -> Trip {
    Trip { what: "stack-bytes", used: STACK as u64, allowed: STACK as u64 }
}

/// One host call, or the page returned, carried more bytes than a whole call may.
pub(crate) fn host_bytes(allowed: u64) -> Trip {
    Trip { what: "host-bytes", used: allowed.saturating_add(1), allowed }
}

pub(crate) fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
