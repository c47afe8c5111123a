//! Harm by calling the host: floods of cheap calls, of texts, lines, reads, writes and refusals.
//!
//! The texts `nothing`, `papers`, `notes` and `register` lie at 600, 616, 632 and 648.

use crate::guest::{CPU_MILLISECONDS, Guest, HOST_BYTES, LOG_LINES, ROWS_READ};
use crate::{Case, Ends, Source, text};

const ROWS: Ends = Ends::Trips("rows-read", ROWS_READ);
const NAMES: &str = r#"(data (i32.const 600) "nothing") (data (i32.const 616) "papers")
(data (i32.const 632) "notes") (data (i32.const 648) "register") (data (i32.const 664) "provinces")"#;
const COUNT: &str = "(param i32 i32 i32 i32 i32 i32 i32 i32 i32)";

/// A call of `records.count` on the collection whose name lies there; 0 at 4096 when it is counted, at 4104 how many.
pub(crate) fn count(guest: Guest) -> Guest {
    guest.with(NAMES).import("records", "count", COUNT)
}

pub(crate) fn cases() -> Vec<Case> {
    vec![
        text(
            "flood-calls",
            "asks the time for ever",
            Guest::page("(loop (drop (call $now)) (br 0)) (unreachable)").import("clock", "now", "(result i64)"),
            Ends::Trips("cpu-milliseconds", CPU_MILLISECONDS),
        ),
        text(
            "flood-random",
            "draws random numbers for ever",
            Guest::page("(loop (drop (call $next)) (br 0)) (unreachable)").import("random", "next", "(result i64)"),
            Ends::Trips("cpu-milliseconds", CPU_MILLISECONDS),
        ),
        Case {
            name: "flood-timers",
            harm: "sets timers for ever",
            guest: Source::Form("timers"),
            ends: Ends::Trips("timers", 200),
        },
        Case {
            name: "no-timers",
            harm: "sets what is no timer: of the year 9999, with keys and payloads that are none; then for ever",
            guest: Source::Form("no-timers"),
            ends: Ends::Trips("timers", 200),
        },
        text(
            "flood-log",
            "logs for ever",
            Guest::page("(loop (call $write (i32.const 3) (i32.const 512) (i32.const 2)) (br 0)) (unreachable)")
                .import("log", "write", "(param i32 i32 i32)"),
            Ends::Trips("log-lines", LOG_LINES),
        ),
        text(
            "flood-texts",
            "hands over long texts for ever",
            Guest::page(
                "(loop (call $get (i32.const 664) (i32.const 9) (i32.const 2048) (i32.const 50000) (i32.const 1200))
                   (br 0)) (unreachable)",
            )
            .with(NAMES)
            .import("catalog", "get", "(param i32 i32 i32 i32 i32)"),
            Ends::Trips("host-bytes", HOST_BYTES),
        ),
        text(
            "flood-refusals",
            "asks for ever for what its user may not do, so that each refusal becomes evidence",
            Guest::page(
                "(loop (global.set $free (i32.const 16384))
                   (local.set $i (i32.add (local.get $i) (i32.const 1)))
                   (call $require (i32.const 0) (i32.add (i32.const 5000) (local.get $i)) (i32.const 0)
                     (i32.const 0) (i32.const 0) (i32.const 4096)) (br 0)) (unreachable)",
            )
            .import("access", "require", "(param i32 i32 i32 i32 i32 i32)"),
            Ends::Trips("host-bytes", HOST_BYTES),
        ),
        text(
            "flood-units",
            "looks for units that are not there, for ever: the host notes each for its conflicts",
            Guest::form(
                "(loop (local.set $i (i32.add (local.get $i) (i32.const 1)))
                   (call $get-unit (local.get $i) (i32.const 4096)) (br 0)) (unreachable)",
            )
            .import("accounts", "get-unit", "(param i32 i32)"),
            ROWS,
        ),
        text(
            "flood-people",
            "looks for people who are not there, for ever",
            Guest::form(
                "(loop (local.set $i (i32.add (local.get $i) (i32.const 1)))
                   (call $get-person (i32.add (i32.const 1000) (local.get $i)) (i32.const 4096)) (br 0))
                 (unreachable)",
            )
            .import("accounts", "get-person", "(param i32 i32)"),
            ROWS,
        ),
        text(
            "flood-searches",
            "searches the directory for ever",
            Guest::page(
                "(loop (global.set $free (i32.const 16384))
                   (call $search-people (i32.const 632) (i32.const 5) (i32.const 0) (i32.const 0) (i32.const 1)
                   (i32.const 4096)) (br 0)) (unreachable)",
            )
            .with(NAMES)
            .import("accounts", "search-people", "(param i32 i32 i32 i32 i32 i32)"),
            ROWS,
        ),
        text(
            "search-endless",
            "searches every name of the house for 30,000 words at once",
            Guest::page(
                "(loop (i32.store16 offset=16384 (local.get $i) (i32.const 0x206e))
                   (local.set $i (i32.add (local.get $i) (i32.const 2)))
                   (br_if 0 (i32.lt_u (local.get $i) (i32.const 60000))))
                 (global.set $free (i32.const 100000))
                 (call $search-people (i32.const 16384) (i32.const 60000) (i32.const 0) (i32.const 0) (i32.const 1)
                   (i32.const 4096))
                 (call $say (i64.extend_i32_u (i32.load (i32.const 4100))))",
            )
            .import("accounts", "search-people", "(param i32 i32 i32 i32 i32 i32)"),
            Ends::Shows("0"),
        ),
        text(
            "flood-counts",
            "counts what is empty, for ever: the host notes each for its conflicts",
            count(Guest::form(
                "(loop (call $count (i32.const 600) (i32.const 7) (i32.const 0) (i32.const 0) (i32.const 0)
                   (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 4096)) (br 0)) (unreachable)",
            )),
            ROWS,
        ),
        text(
            "flood-catalogs",
            "looks for catalogs that are not there, for ever",
            Guest::form(
                "(loop (global.set $free (i32.const 16384))
                   (local.set $i (i32.add (local.get $i) (i32.const 1)))
                   (i32.store (i32.const 2048) (i32.add (i32.const 0x61616161) (i32.and (i32.const 0x0f0f0f)
                     (i32.mul (local.get $i) (i32.const 0x1011)))))
                   (call $get (i32.const 2048) (i32.const 4) (i32.const 512) (i32.const 2) (i32.const 4096)) (br 0))
                 (unreachable)",
            )
            .import("catalog", "get", "(param i32 i32 i32 i32 i32)"),
            ROWS,
        ),
        text(
            "flood-numbers",
            "draws numbers of a register for ever",
            Guest::form(
                "(loop (call $draw (i32.const 648) (i32.const 8) (i32.const 0) (i32.const 0) (i32.const 4096))
                   (global.set $free (i32.const 16384)) (br 0)) (unreachable)",
            )
            .with(NAMES)
            .import("records", "draw", "(param i32 i32 i32 i32 i32)"),
            Ends::Trips("host-bytes", HOST_BYTES),
        ),
        Case {
            name: "flood-rows",
            harm: "reads its records for ever",
            guest: Source::Page("/rows"),
            ends: Ends::Trips("rows-read", 2_000),
        },
        Case {
            name: "flood-records",
            harm: "adds records for ever",
            guest: Source::Form("records"),
            ends: Ends::Trips("records-written", 100),
        },
        Case {
            name: "conflict-for-ever",
            harm: "writes what others change each time that it has read it",
            guest: Source::Disturbed,
            ends: Ends::Conflicts,
        },
        Case {
            name: "targets-10001",
            harm: "asks about more targets at once than there may be",
            guest: Source::Page("/targets"),
            ends: Ends::Breaks,
        },
        Case {
            name: "write-then-break",
            harm: "writes, and breaks off: half a deed",
            guest: Source::Form("add-then-break"),
            ends: Ends::Breaks,
        },
        Case {
            name: "write-then-spin",
            harm: "writes, and never ends",
            guest: Source::Form("add-then-spin"),
            ends: Ends::Trips("cpu-milliseconds", 200),
        },
        Case {
            name: "write-then-lie",
            harm: "writes, and leads to what would run as a script",
            guest: Source::Form("add-then-lie"),
            ends: Ends::Fails,
        },
    ]
}
