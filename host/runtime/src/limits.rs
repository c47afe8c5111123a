//! What one call may use. None of it is optional; a manifest may ask for less, never for more. Vendors read the same in
//! `docs/vendors.md`; a test holds that table to these numbers.
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
    use super::*;
    use crate::{Manifest, engine, imports, view};

    const DOCUMENT: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/vendors.md"));
    const GOOD: &str = include_str!("../tests/manifests/good.toml");

    /// The first two cells of each row of the table with this head.
    fn table(head: &str) -> Vec<(String, u64)> {
        let rows = DOCUMENT.lines().skip_while(|line| !line.starts_with(head)).skip(2);
        let rows = rows.take_while(|line| line.starts_with('|')).map(|row| {
            let cells: Vec<&str> = row.split('|').map(str::trim).collect();
            (cells[1].replace('`', ""), cells[2].replace(',', "").parse().unwrap())
        });
        rows.collect()
    }

    fn named(rows: &[(&str, u64)]) -> Vec<(String, u64)> {
        rows.iter().map(|(name, most)| ((*name).to_owned(), *most)).collect()
    }

    fn keys() -> [(&'static str, u64); 7] {
        let Limits { cpu, wall, memory, call } = Limits::DEFAULT;
        [
            ("cpu-milliseconds", milliseconds(cpu)),
            ("wall-milliseconds", milliseconds(wall)),
            ("memory-mebibytes", memory as u64 >> 20),
            ("rows-read", call.rows_read),
            ("records-written", call.records_written),
            ("host-bytes", call.host_bytes),
            ("log-lines", call.log_lines),
        ]
    }

    #[test]
    fn vendors_read_the_limits_that_hold() {
        assert_eq!(table("| key in `[limits]`"), named(&keys()));
        let bounds = [
            ("bytes of the call stack", STACK as u64),
            ("bytes of one log line", LOG_LINE as u64),
            ("rows of one page of a query", dinh_services::records::MOST_ROWS.into()),
            ("fields of one query", dinh_services::records::MOST_FIELDS as u64),
            ("conditions of one query, in all its lists", dinh_services::records::MOST_CONDITIONS as u64),
            ("bytes of a search for people", dinh_services::accounts::LONGEST_SEARCH as u64),
            ("targets of one `check-many`", imports::access::MOST_TARGETS as u64),
            ("bytes of what one call writes", dinh_store::Options::default().change_bytes as u64),
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
        ]
        .map(|(name, most)| (name.replace('`', ""), most));
        assert_eq!(table("| bound | most |"), bounds);
    }

    #[test]
    fn a_manifest_may_ask_for_all_of_a_limit_and_not_for_one_more() {
        let others = GOOD.split("[limits]").next().unwrap();
        for (key, most) in keys() {
            let asking = |amount: u64| Manifest::parse(&format!("{others}[limits]\n{key} = {amount}\n"));
            assert_eq!(asking(most).unwrap().limits, Limits::DEFAULT, "{key}");
            for wrong in [0, most + 1] {
                let refused = asking(wrong).unwrap_err().to_string();
                assert!(refused.contains(&format!("ask for 1 to {most}")), "{refused}");
            }
            assert_ne!(asking(1).unwrap().limits, Limits::DEFAULT, "{key}");
        }
    }
}
