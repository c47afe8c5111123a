//! What a plugin may use, in one call and all together. None of it is optional. A manifest may ask for less, and for more up
//! to a maximum, which the operator accepts when it is installed (`install`). Vendors read the same in `docs/vendors.md`; a
//! test holds that table to [`KEYS`].
//!
//! Beside them, fixed for every plugin: a call stack of 512 KiB ([`STACK`]), the bounds of a page
//! (`view`), and what compiling it may take ([`crate::compile::LIMITS`]). Tripping one ends the call with a [`Trip`] that
//! names it, what was used and what is allowed; the instance is discarded and nothing the call wrote is kept.

use std::fmt;
use std::time::Duration;

use serde::Serialize;

pub use dinh_services::Trip;

/// Bytes of the guest's call stack. The linker option `-z stack-size` of a Rust guest is not this one: it
/// sizes the part of the stack that lies in linear memory.
pub const STACK: usize = 512 << 10;

/// Most bytes of a log line; the rest is cut off.
pub const LOG_LINE: usize = 4 << 10;

/// A limit that a manifest may set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    /// As `[limits]` of a manifest spells it.
    pub name: &'static str,
    /// What holds when the manifest says nothing.
    pub default: u64,
    /// The most that it may ask for; above the default, with the operator's approval.
    pub most: u64,
}

impl Key {
    const fn amount(self, most: bool) -> u64 {
        if most { self.most } else { self.default }
    }
}

const fn key(name: &'static str, default: u64, most: u64) -> Key {
    Key { name, default, most }
}

/// Number of limits.
pub(crate) const COUNT: usize = 14;

/// All limits. A page never meets the defaults of a call; the maxima are what a report over a whole province may need,
/// and what the host still bears on every worker at once.
pub const KEYS: [Key; COUNT] = {
    let call = dinh_services::Limits::PLUGIN;
    [
        key("cpu-milliseconds", 2_000, 10_000),
        key("wall-milliseconds", 10_000, 30_000),
        key("memory-mebibytes", 64, 256),
        key("rows-read", call.rows_read, 10_000_000),
        key("records-written", call.records_written, 100_000),
        key("host-bytes", call.host_bytes, 256 << 20),
        key("log-lines", call.log_lines, 10_000),
        key("timers", call.timers, 10_000),
        key("notices", call.notices, 10_000),
        // Twenty thousand people with six pages a minute each.
        key("calls-per-minute", 120_000, 6_000_000),
        key("calls-running", 32, 32),
        key("calls-waiting", 256, 256),
        key("records", call.records, 100_000_000),
        key("storage-mebibytes", call.storage_bytes >> 20, 1 << 20),
    ]
};

/// What a plugin may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Time the call's thread computes.
    pub cpu: Duration,
    /// Time since the call began.
    pub wall: Duration,
    /// Bytes of all linear memories and tables.
    pub memory: usize,
    /// Rows, records, bytes across the boundary and log lines; records and bytes that the plugin keeps.
    pub call: dinh_services::Limits,
    /// Calls that people ask for in a minute.
    pub calls_per_minute: u32,
    /// Calls that run at once; never more than half of the host's workers.
    pub running: usize,
    /// Calls that wait.
    pub waiting: usize,
}

impl Limits {
    /// What a plugin may use when its manifest asks for nothing else.
    pub const DEFAULT: Self = Self::all(false);

    /// The most that a manifest may ask for.
    pub const MOST: Self = Self::all(true);

    /// Each limit at its default, or at its most.
    const fn all(most: bool) -> Self {
        let [
            cpu,
            wall,
            memory,
            rows,
            written,
            bytes,
            lines,
            timers,
            notices,
            minute,
            running,
            waiting,
            records,
            storage,
        ] = KEYS;
        Self::of([
            cpu.amount(most),
            wall.amount(most),
            memory.amount(most),
            rows.amount(most),
            written.amount(most),
            bytes.amount(most),
            lines.amount(most),
            timers.amount(most),
            notices.amount(most),
            minute.amount(most),
            running.amount(most),
            waiting.amount(most),
            records.amount(most),
            storage.amount(most),
        ])
    }

    /// From amounts in the order of [`KEYS`], each at most the maximum there.
    pub(crate) const fn of(amounts: [u64; COUNT]) -> Self {
        let [
            cpu,
            wall,
            memory,
            rows_read,
            records_written,
            host_bytes,
            log_lines,
            timers,
            notices,
            minute,
            running,
            waiting,
            records,
            storage,
        ] = amounts;
        Self {
            cpu: Duration::from_millis(cpu),
            wall: Duration::from_millis(wall),
            memory: (memory << 20) as usize,
            call: dinh_services::Limits {
                rows_read,
                records_written,
                host_bytes,
                log_lines,
                timers,
                notices,
                records,
                storage_bytes: storage << 20,
            },
            calls_per_minute: minute as u32,
            running: running as usize,
            waiting: waiting as usize,
        }
    }

    /// The amounts in the order of [`KEYS`].
    pub fn amounts(&self) -> [u64; COUNT] {
        let Self { cpu, wall, memory, call, calls_per_minute, running, waiting } = *self;
        [
            milliseconds(cpu),
            milliseconds(wall),
            (memory >> 20) as u64,
            call.rows_read,
            call.records_written,
            call.host_bytes,
            call.log_lines,
            call.timers,
            call.notices,
            calls_per_minute.into(),
            running as u64,
            waiting as u64,
            call.records,
            call.storage_bytes >> 20,
        ]
    }

    /// What these ask for above the default, and above what was accepted before.
    pub fn more_than(&self, accepted: &Self) -> Vec<AskedLimit> {
        let amounts = self.amounts().into_iter().zip(accepted.amounts());
        let asked = KEYS
            .into_iter()
            .zip(amounts)
            .filter(|(key, (asked, accepted))| *asked > key.default.max(*accepted));
        asked.map(|(key, (amount, _))| AskedLimit { limit: key.name, amount, default: key.default }).collect()
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// A limit above the default that a manifest asks for. Written `rows-read=5000000`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct AskedLimit {
    /// Which.
    pub limit: &'static str,
    /// How much.
    pub amount: u64,
    /// What holds for a plugin that does not ask.
    pub default: u64,
}

impl fmt::Display for AskedLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.limit, self.amount)
    }
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

#[cfg(test)]
mod tests {
    use dinh_services::{notices, schedule};

    use super::*;
    use crate::{Manifest, compile, engine, imports, manifest, view};
    use dinh_services::jobs;

    const DOCUMENT: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/vendors.md"));
    const GOOD: &str = include_str!("../tests/manifests/good.toml");

    /// The name, and the numbers of the next `columns`, of each row of the table with this head.
    fn table<const N: usize>(head: &str) -> Vec<(String, [u64; N])> {
        let rows = DOCUMENT.lines().skip_while(|line| !line.starts_with(head)).skip(2);
        let rows = rows.take_while(|line| line.starts_with('|')).map(|row| {
            let cells: Vec<&str> = row.split('|').map(str::trim).collect();
            let numbers = std::array::from_fn(|at| cells[at + 2].replace(',', "").parse().unwrap());
            (cells[1].replace('`', ""), numbers)
        });
        rows.collect()
    }

    #[test]
    fn vendors_read_the_limits_that_hold() {
        let keys = KEYS.map(|key| (key.name.to_owned(), [key.default, key.most]));
        assert_eq!(table("| key in `[limits]`"), keys);
        let bounds = [
            ("bytes of the call stack", STACK as u64),
            ("bytes of one log line", LOG_LINE as u64),
            ("rows of one page of a query", dinh_services::records::MOST_ROWS.into()),
            ("fields of one query", dinh_services::records::MOST_FIELDS as u64),
            ("conditions of one query, in all its lists", dinh_services::records::MOST_CONDITIONS as u64),
            ("bytes of a search for people", dinh_services::accounts::LONGEST_SEARCH as u64),
            ("targets of one `check-many`", imports::access::MOST_TARGETS as u64),
            ("bytes of what one call writes", dinh_store::Options::default().change_bytes as u64),
            ("timers of one plugin", schedule::MOST_TIMERS),
            ("bytes of a timer's payload", schedule::LONGEST_PAYLOAD as u64),
            ("bytes of a timer's key", schedule::LONGEST_KEY as u64),
            ("days a timer is ahead", u64::from(schedule::FURTHEST_DAYS.unsigned_abs())),
            ("timers of one `list`", schedule::LISTED.into()),
            ("notices of one plugin in a day", notices::MOST_A_DAY),
            ("bytes of a notice's text", notices::LONGEST_TEXT as u64),
            ("days a notice is shown", notices::MOST_DAYS.into()),
            ("sections of a page", view::SECTIONS as u64),
            ("blocks of a section", view::BLOCKS as u64),
            ("rows of a table", view::ROWS as u64),
            ("columns of a table", view::COLUMNS as u64),
            ("items of any other list", view::ITEMS as u64),
            ("bytes of one text", view::TEXT as u64),
            ("bytes of a whole page", view::BYTES),
            ("rows of a sheet that is imported", view::SHEET_ROWS.into()),
            ("linear memories of a component", engine::MEMORIES.into()),
            ("tables of a component", engine::TABLES.into()),
            ("core instances of a component", engine::CORE_INSTANCES.into()),
            ("elements of one table", engine::TABLE_ELEMENTS as u64),
            ("jobs of a plugin that run", jobs::MOST_RUNNING as u64),
            ("jobs of a plugin that are kept", jobs::MOST_KEPT as u64),
            ("arguments of a job", jobs::MOST_ARGUMENTS as u64),
            ("bytes of the arguments of a job", jobs::ARGUMENTS as u64),
            ("bytes of the key of a job", jobs::KEY as u64),
            ("bytes of a cursor", jobs::CURSOR as u64),
            ("failures of a step", jobs::MOST_FAILURES.into()),
            ("steps of a job", manifest::STEPS.into()),
            ("hours of a job", manifest::HOURS.into()),
            ("bytes of memory to compile a component", compile::LIMITS.memory as u64),
            ("milliseconds of processor time to compile it", milliseconds(compile::LIMITS.cpu)),
            ("milliseconds to compile it", milliseconds(compile::LIMITS.wall)),
            ("bytes of its native code", compile::LIMITS.bytes as u64),
        ]
        .map(|(name, most)| (name.replace('`', ""), [most]));
        assert_eq!(table("| bound | most |"), bounds);
    }

    #[test]
    fn a_manifest_may_ask_for_all_of_a_limit_and_not_for_one_more() {
        let others = GOOD.split("[limits]").next().unwrap();
        for Key { name: key, default, most } in KEYS {
            let asking = |amount: u64| Manifest::parse(&format!("{others}[limits]\n{key} = {amount}\n"));
            assert_eq!(asking(default).unwrap().limits, Limits::DEFAULT, "{key}");
            for wrong in [0, most + 1] {
                let refused = asking(wrong).unwrap_err().to_string();
                assert!(refused.contains(&format!("ask for 1 to {most}")), "{refused}");
            }
            assert_ne!(asking(1).unwrap().limits, Limits::DEFAULT, "{key}");
            let all = asking(most).unwrap().limits;
            let asked: Vec<_> = all.more_than(&Limits::DEFAULT).iter().map(ToString::to_string).collect();
            assert_eq!(asked.is_empty(), most == default, "{key}");
            assert!(asked.iter().all(|asked| *asked == format!("{key}={most}")), "{asked:?}");
            assert!(all.more_than(&all).is_empty(), "what was accepted is not asked for again");
            assert_eq!(Limits::of(all.amounts()), all);
        }
        assert_eq!(Limits::MOST.amounts(), KEYS.map(|key| key.most));
    }
}
