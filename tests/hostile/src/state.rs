//! Harm by looking: for what an earlier call left, for time and chance, and for what is not this plugin's or person's.

use crate::guest::Guest;
use crate::host::count;
use crate::{Case, Ends, text};

pub(crate) fn cases() -> Vec<Case> {
    vec![
        text(
            "smuggle-in-memory",
            "leaves a mark in all of its memory for the next call",
            Guest::page(
                "(drop (memory.grow (i32.const 20))) (local.set $i (i32.const 16384))
                 (loop (local.set $n (i64.or (local.get $n) (i64.load (local.get $i))))
                   (i64.store (local.get $i) (i64.const -1))
                   (local.set $i (i32.add (local.get $i) (i32.const 8)))
                   (br_if 0 (i32.lt_u (local.get $i) (i32.const 1441792))))
                 (call $say (i64.extend_i32_u (i64.ne (local.get $n) (i64.const 0))))",
            )
            // What the request brings would lie where it looks.
            .realloc("(i32.const 8192)"),
            Ends::Shows("0"),
        ),
        text(
            "smuggle-in-a-global",
            "counts its calls in a global",
            Guest::page(
                "(global.set $calls (i64.add (global.get $calls) (i64.const 1))) (call $say (global.get $calls))",
            )
            .with("(global $calls (mut i64) (i64.const 0))"),
            Ends::Shows("1"),
        ),
        text(
            "smuggle-in-a-table",
            "counts its calls by a table that grows",
            Guest::page(
                "(drop (table.grow $t (ref.func $page) (i32.const 1))) (call $say (i64.extend_i32_u (table.size $t)))",
            )
            .with("(table $t 0 funcref) (elem declare func $page)"),
            Ends::Shows("1"),
        ),
        text(
            "clock-probe",
            "measures how long it computes",
            Guest::page(
                "(local.set $n (call $now)) (local.set $i (i32.const 1000000))
                 (loop (local.set $i (i32.sub (local.get $i) (i32.const 1))) (br_if 0 (local.get $i)))
                 (call $say (i64.sub (call $now) (local.get $n)))",
            )
            .import("clock", "now", "(result i64)"),
            Ends::Shows("0"),
        ),
        text(
            "random-probe",
            "looks for a random number that comes twice in a thousand",
            Guest::page(
                "(local.set $n (call $next)) (local.set $i (i32.const 1000))
                 (loop (if (i64.eq (local.get $n) (call $next)) (then (return (call $say (i64.const 1)))))
                   (local.set $i (i32.sub (local.get $i) (i32.const 1))) (br_if 0 (local.get $i)))
                 (call $say (i64.const 0))",
            )
            .import("random", "next", "(result i64)"),
            Ends::Shows("0"),
        ),
        text(
            "others-units-and-labels",
            "counts papers of all units and labels: one of three is its user's to see",
            count(Guest::page(
                "(call $count (i32.const 616) (i32.const 6) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0)
                   (i32.const 0) (i32.const 0) (i32.const 4096))
                 (call $say (i64.add (i64.load (i32.const 4104)) (i64.mul (i64.const 3) (i64.load8_u (i32.const 4096)))))",
            )),
            Ends::Shows("1"),
        ),
        text(
            "others-collection",
            "reads a collection of another plugin by its name",
            count(Guest::page(
                "(call $count (i32.const 632) (i32.const 5) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0)
                   (i32.const 0) (i32.const 0) (i32.const 4096))
                 (call $say (i64.load8_u (i32.const 4096)))",
            )),
            Ends::Shows("1"),
        ),
        text(
            "others-dataset",
            "asks for a dataset of another plugin that nobody agreed to",
            Guest::page(
                "(call $agreed (i32.const 512) (i32.const 2) (i32.const 4096))
                 (call $say (i64.add (i64.load8_u (i32.const 4096)) (i64.load8_u (i32.const 4100))))",
            )
            .import("sharing", "agreed", "(param i32 i32 i32)"),
            Ends::Shows("0"),
        ),
        text(
            "others-file",
            "reads a file whose identifier it guesses",
            Guest::page(
                "(call $read (i64.const 1) (i64.const 2) (i64.const 0) (i32.const 100) (i32.const 4096))
                 (call $say (i64.add (i64.load8_u (i32.const 4096)) (i64.load8_u (i32.const 4100))))",
            )
            .import("files", "read", "(param i64 i64 i64 i32 i32)"),
            Ends::Shows("0"),
        ),
        text(
            "forged-permission",
            "checks permissions whose handles it guesses",
            Guest::page(
                "(local.set $i (i32.const 10000))
                 (loop (local.set $n (i64.add (local.get $n) (i64.extend_i32_u
                     (call $check (local.get $i) (i32.const 1)))))
                   (local.set $i (i32.sub (local.get $i) (i32.const 1))) (br_if 0 (local.get $i)))
                 (call $say (local.get $n))",
            )
            .import("access", "check", "(param i32 i32) (result i32)"),
            Ends::Shows("0"),
        ),
        text(
            "write-while-drawing",
            "draws a number of a register while it draws a page",
            Guest::page(
                "(call $draw (i32.const 648) (i32.const 8) (i32.const 0) (i32.const 0) (i32.const 4096))
                 (call $say (i64.load8_u (i32.const 4096)))",
            )
            .with("(data (i32.const 648) \"register\")")
            .import("records", "draw", "(param i32 i32 i32 i32 i32)"),
            Ends::Shows("1"),
        ),
    ]
}
