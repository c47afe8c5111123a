//! Harm by taking memory: one that grows, many of them, tables, and what the engine does not offer.

use crate::guest::{Guest, MEMORY};
use crate::{Case, Ends, text};

const OUT_OF_MEMORY: Ends = Ends::Trips("memory-bytes", MEMORY);

pub(crate) fn cases() -> Vec<Case> {
    vec![
        text(
            "grow-slowly",
            "takes memory, page by page, until there is none",
            Guest::page("(loop (drop (memory.grow (i32.const 1))) (br 0)) (unreachable)"),
            OUT_OF_MEMORY,
        ),
        text(
            "grow-at-once",
            "asks for all memory there can be",
            Guest::page("(drop (memory.grow (i32.const 65000))) (unreachable)"),
            OUT_OF_MEMORY,
        ),
        text(
            "grow-in-vain",
            "asks again and again for more than its own memory may have",
            Guest::page(
                "(local.set $i (i32.const 1000))
                 (loop (drop (memory.grow (i32.const 20)))
                   (local.set $i (i32.sub (local.get $i) (i32.const 1))) (br_if 0 (local.get $i)))
                 (call $say (i64.extend_i32_u (memory.size)))",
            )
            .memory("2 4"),
            Ends::Shows("2"),
        ),
        text(
            "born-large",
            "begins with more memory than it may",
            Guest::innocent().memory("33"),
            Ends::Refused("memory-bytes"),
        ),
        text(
            "born-huge",
            "begins with more memory than anybody may",
            Guest::innocent().memory("5000"),
            Ends::Refused("memory does not fit in pool"),
        ),
        text(
            "table-grow",
            "takes tables until there is no room",
            Guest::page(
                "(loop (br_if 0 (i32.ne (i32.const -1) (table.grow $t (ref.null func) (i32.const 1000)))))
                 (call $say (i64.extend_i32_u (i32.gt_u (table.size $t) (i32.const 20000))))",
            )
            .with("(table $t 0 funcref)"),
            Ends::Shows("0"),
        ),
        text(
            "table-born-huge",
            "begins with a table of millions",
            Guest::innocent().with("(table 5000000 funcref)"),
            Ends::Refused("table does not fit in pool"),
        ),
        text(
            "many-memories",
            "has many modules, each with a memory",
            Guest::innocent().beside("(module (memory 1))", 8),
            Ends::Refused("memories"),
        ),
        text(
            "many-memories-in-one",
            "has many memories in one module",
            Guest::innocent().beside("(module (memory 1) (memory 1))", 1),
            Ends::Refused("memor"),
        ),
        text(
            "many-tables",
            "has many tables",
            Guest::innocent().beside(
                "(module (table 1 funcref) (table 1 funcref) (table 1 funcref) (table 1 funcref)
                   (table 1 funcref))",
                1,
            ),
            Ends::Refused("tables"),
        ),
        text(
            "many-instances",
            "has more instances in it than a call may make",
            Guest::innocent().beside("(module)", 100),
            Ends::Refused("instances"),
        ),
        text(
            "memory-of-64-bits",
            "has a memory of 64 bits",
            Guest::innocent().beside("(module (memory i64 1))", 1),
            Ends::Refused("memory64"),
        ),
        text(
            "memory-shared",
            "has a memory that threads share",
            Guest::innocent().beside("(module (memory 1 1 shared))", 1),
            Ends::Refused("threads"),
        ),
    ]
}
