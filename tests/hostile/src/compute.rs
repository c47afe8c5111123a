//! Harm by computing: loops, recursion, breaking off, in every place where a guest's code runs.

use crate::guest::{CPU_MILLISECONDS, Guest};
use crate::{Case, Ends, text};

const CPU: Ends = Ends::Trips("cpu-milliseconds", CPU_MILLISECONDS);
const STACK: Ends = Ends::Trips("stack-bytes", 512 << 10);

const RECURSION: &str = "(func $deep (param i64) (result i64)
  (i64.add (i64.const 1) (call $deep (i64.add (local.get 0) (i64.const 1)))))";
const MUTUAL: &str = "(type $turn (func (param i64) (result i64)))
(table 2 funcref) (elem (i32.const 0) $left $right)
(func $left (type $turn) (i64.add (i64.const 1) (call_indirect (type $turn) (local.get 0) (i32.const 1))))
(func $right (type $turn) (i64.add (i64.const 1) (call_indirect (type $turn) (local.get 0) (i32.const 0))))";
const WORKER: &str =
    "(type $work (func)) (table 1 funcref) (elem (i32.const 0) $work) (func $work (type $work))";
/// Day 20,515 is the day after the guests are installed.
const SLEEPER: &str = "(func $wake (if (i32.ge_s (call $today) (i32.const 20515)) (then (loop (br 0)))))
(start $wake)";

pub(crate) fn cases() -> Vec<Case> {
    vec![
        text("loop-flat", "computes for ever", Guest::page("(loop (br 0)) (unreachable)"), CPU),
        text(
            "loop-nested",
            "computes for ever, in loops that each end",
            Guest::page(
                "(loop (local.set $i (i32.const 1000))
                   (loop (local.set $i (i32.sub (local.get $i) (i32.const 1))) (br_if 0 (local.get $i)))
                   (br 0)) (unreachable)",
            ),
            CPU,
        ),
        text(
            "loop-indirect",
            "calls through a table for ever",
            Guest::page("(loop (call_indirect (type $work) (i32.const 0)) (br 0)) (unreachable)").with(WORKER),
            CPU,
        ),
        text(
            "loop-fill",
            "fills its memory for ever, in bulk",
            Guest::page(
                "(loop (memory.fill (i32.const 0) (i32.const 0xaa) (i32.const 1900544)) (br 0)) (unreachable)",
            )
            .memory("29"),
            CPU,
        ),
        text(
            "loop-copy",
            "copies its memory onto itself for ever, in bulk",
            Guest::page(
                "(loop (memory.copy (i32.const 8) (i32.const 0) (i32.const 1900000)) (br 0)) (unreachable)",
            )
            .memory("29"),
            CPU,
        ),
        text(
            "loop-in-start",
            "never finishes starting",
            Guest::innocent().with("(func $start (loop (br 0))) (start $start)"),
            Ends::Refused("cpu-milliseconds"),
        ),
        text(
            "loop-in-start-later",
            "starts well when it is installed, and never again",
            Guest::innocent().import("clock", "today", "(result i32)").with(SLEEPER),
            CPU,
        ),
        text(
            "loop-in-realloc",
            "never finishes taking what the host hands over",
            Guest::innocent().realloc("(loop (br 0)) (unreachable)"),
            CPU,
        ),
        text(
            "loop-after",
            "never lets go of the page that the host has taken",
            Guest::innocent().after("(loop (br 0))"),
            CPU,
        ),
        text("loop-in-submit", "computes for ever on a form", Guest::form("(loop (br 0)) (unreachable)"), CPU),
        text(
            "recursion",
            "calls itself for ever",
            Guest::page("(drop (call $deep (i64.const 0))) (unreachable)").with(RECURSION),
            STACK,
        ),
        text(
            "recursion-mutual",
            "two functions call each other through a table for ever",
            Guest::page("(drop (call_indirect (type $turn) (i64.const 0) (i32.const 0))) (unreachable)")
                .with(MUTUAL),
            STACK,
        ),
        text(
            "recursion-in-realloc",
            "calls itself for ever while the host hands something over",
            Guest::innocent().realloc("(drop (call $deep (i64.const 0))) (unreachable)").with(RECURSION),
            STACK,
        ),
        text(
            "recursion-in-start",
            "calls itself for ever while it starts",
            Guest::innocent()
                .with(RECURSION)
                .with("(func $start (drop (call $deep (i64.const 0)))) (start $start)"),
            Ends::Refused("call stack exhausted"),
        ),
        text("trap-in-render", "breaks off while it draws", Guest::page("(unreachable)"), Ends::Breaks),
        text("trap-in-submit", "breaks off on a form", Guest::form("(unreachable)"), Ends::Breaks),
        text(
            "trap-in-realloc",
            "breaks off while the host hands something over",
            Guest::innocent().realloc("(unreachable)"),
            Ends::Breaks,
        ),
        text(
            "trap-after",
            "breaks off after the host has taken its page",
            Guest::innocent().after("(unreachable)"),
            Ends::Breaks,
        ),
        text(
            "trap-in-start",
            "breaks off while it starts",
            Guest::innocent().with("(func $start (unreachable)) (start $start)"),
            Ends::Refused("unreachable"),
        ),
        text(
            "divide-by-zero",
            "divides by zero",
            Guest::page("(i32.div_u (i32.const 1) (local.get $i))"),
            Ends::Breaks,
        ),
        text(
            "wild-pointer",
            "reads far beyond its memory",
            Guest::page("(i32.load offset=0xfffffff0 (i32.const 0x7fffffff))"),
            Ends::Breaks,
        ),
        text(
            "wild-call",
            "calls through a table what is not there",
            Guest::page("(call_indirect (type $work) (i32.const 99)) (unreachable)").with(WORKER),
            Ends::Breaks,
        ),
    ]
}
