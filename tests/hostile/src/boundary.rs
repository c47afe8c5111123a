//! Harm where guest and host copy for each other: lying lengths and pointers, texts that are none, pages that are none.
//!
//! A page lies at 1024 (`guest`): its title's place and length at 1032 and 1036, its sections' at 1068 and 1072, the case
//! of its label at 1076; whether it is a page at all, at 1024.

use crate::guest::{Guest, HOST_BYTES};
use crate::{Case, Ends, Source, text};

const TOO_MANY_BYTES: Ends = Ends::Trips("host-bytes", HOST_BYTES);
const LOG: (&str, &str, &str) = ("log", "write", "(param i32 i32 i32)");

fn log(guest: Guest) -> Guest {
    guest.import(LOG.0, LOG.1, LOG.2)
}

fn rust(name: &'static str, harm: &'static str, path: &'static str, ends: Ends) -> Case {
    Case { name, harm, guest: Source::Page(path), ends }
}

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = lies();
    cases.extend(pages());
    cases
}

fn lies() -> Vec<Case> {
    vec![
        text(
            "title-outside",
            "hands over a text that lies outside its memory",
            Guest::page(
                "(drop (call $page)) (i32.store (i32.const 1032) (i32.const 0x7fffff00)) (i32.const 1024)",
            ),
            Ends::Breaks,
        ),
        text(
            "title-endless",
            "hands over a text of 4 GiB",
            Guest::page("(drop (call $page)) (i32.store (i32.const 1036) (i32.const -1)) (i32.const 1024)"),
            Ends::Breaks,
        ),
        text(
            "title-giant",
            "hands over all of its memory as a title",
            Guest::page(
                "(drop (call $page)) (i32.store (i32.const 1036) (i32.const 1900000)) (i32.const 1024)",
            )
            .memory("30"),
            TOO_MANY_BYTES,
        ),
        text(
            "title-of-bytes",
            "hands over a text that is not UTF-8",
            Guest::page(
                "(i32.store (i32.const 512) (i32.const 0xfffec328)) (drop (call $page)) (i32.const 1024)",
            ),
            Ends::Breaks,
        ),
        text(
            "sections-endless",
            "hands over a list of 4 G sections",
            Guest::page(
                "(drop (call $page)) (i32.store (i32.const 1068) (i32.const 2048))
                 (i32.store (i32.const 1072) (i32.const -1)) (i32.const 1024)",
            ),
            Ends::Breaks,
        ),
        text(
            "sections-many",
            "hands over 50,000 sections",
            Guest::page(
                "(drop (call $page)) (i32.store (i32.const 1068) (i32.const 2048))
                 (i32.store (i32.const 1072) (i32.const 50000)) (i32.const 1024)",
            )
            .memory("30"),
            TOO_MANY_BYTES,
        ),
        text(
            "sections-aliased",
            "hands over one text of 60 KB as the ids of 50 sections: 60 KB become 3 MB",
            Guest::page(
                "(drop (call $page)) (i32.store (i32.const 1068) (i32.const 2048))
                 (i32.store (i32.const 1072) (i32.const 50))
                 (loop
                   (i32.store offset=2048 (i32.mul (local.get $i) (i32.const 32)) (i32.const 8192))
                   (i32.store offset=2052 (i32.mul (local.get $i) (i32.const 32)) (i32.const 60000))
                   (local.set $i (i32.add (local.get $i) (i32.const 1)))
                   (br_if 0 (i32.lt_u (local.get $i) (i32.const 50))))
                 (i32.const 1024)",
            ),
            TOO_MANY_BYTES,
        ),
        text(
            "case-unknown",
            "returns what is neither a page nor a refusal",
            Guest::page("(i32.store8 (i32.const 1024) (i32.const 9)) (call $page)"),
            Ends::Breaks,
        ),
        text(
            "label-unknown",
            "returns a page with a label that is none",
            Guest::page("(drop (call $page)) (i32.store8 (i32.const 1076) (i32.const 77)) (i32.const 1024)"),
            Ends::Breaks,
        ),
        text(
            "page-outside",
            "returns a page that lies outside its memory",
            Guest::page("(i32.const 0x7ffffff8)"),
            Ends::Breaks,
        ),
        text("page-askew", "returns a page at an odd place", Guest::page("(i32.const 1025)"), Ends::Breaks),
        text(
            "realloc-outside",
            "lets the host write outside its memory",
            Guest::innocent().realloc("(i32.const 0x7ffffff0)"),
            Ends::Breaks,
        ),
        text(
            "log-outside",
            "logs what lies outside its memory",
            log(Guest::page("(call $write (i32.const 1) (i32.const 0) (i32.const 0x7fffffff)) (call $page)")),
            Ends::Breaks,
        ),
        text(
            "log-of-bytes",
            "logs a text that is not UTF-8",
            log(Guest::page(
                "(i32.store (i32.const 2048) (i32.const 0xfffec328))
                 (call $write (i32.const 1) (i32.const 2048) (i32.const 4)) (call $page)",
            )),
            Ends::Breaks,
        ),
        text(
            "log-level-unknown",
            "logs at a level that is none",
            log(Guest::page("(call $write (i32.const 77) (i32.const 512) (i32.const 2)) (call $page)")),
            Ends::Breaks,
        ),
        text(
            "answer-outside",
            "wants the host's answer outside its memory",
            Guest::page("(call $whoami (i32.const 0x7ffffff0)) (call $page)").import(
                "accounts",
                "whoami",
                "(param i32)",
            ),
            Ends::Breaks,
        ),
        text(
            "targets-endless",
            "asks about 4 G targets at once",
            Guest::page(
                "(call $check-many (i32.const 0) (i32.const 0) (i32.const -1) (i32.const 2048)) (call $page)",
            )
            .import("access", "check-many", "(param i32 i32 i32 i32)"),
            Ends::Breaks,
        ),
        text(
            "reentrance",
            "calls the host while the host hands it something",
            Guest::innocent()
                .import("clock", "now", "(result i64)")
                .realloc("(drop (call $now)) (call $allocate (local.get 2) (local.get 3))"),
            Ends::Breaks,
        ),
        text(
            "reentrance-after",
            "calls the host after the host has taken its page",
            Guest::innocent().import("clock", "now", "(result i64)").after("(drop (call $now))"),
            Ends::Breaks,
        ),
    ]
}

fn pages() -> Vec<Case> {
    vec![
        text(
            "sections-51",
            "draws more sections than a page may have",
            Guest::page(
                "(drop (call $page)) (i32.store (i32.const 1068) (i32.const 2048))
                 (i32.store (i32.const 1072) (i32.const 51)) (i32.const 1024)",
            ),
            Ends::Fails,
        ),
        text(
            "title-empty",
            "draws a page without a title",
            Guest::page("(drop (call $page)) (i32.store (i32.const 1036) (i32.const 0)) (i32.const 1024)"),
            Ends::Fails,
        ),
        text(
            "title-of-control",
            "draws a title that steers a terminal",
            Guest::page("(i32.store16 (i32.const 512) (i32.const 0x5b1b)) (call $page)"),
            Ends::Fails,
        ),
        rust("column-short", "a column with too short a validity list", "/short", Ends::Fails),
        rust("column-ends", "a column whose texts end beyond their bytes", "/ends", Ends::Fails),
        rust("column-utf8", "a column of texts that are not UTF-8", "/utf8", Ends::Fails),
        rust("ids-twice", "two sections of one id", "/twice", Ends::Fails),
        rust("text-long", "one text of 100 KB", "/large", Ends::Fails),
        rust("link-script", "a link that would run as a script", "/script", Ends::Fails),
        rust("label-top", "a page labelled Tuyệt mật", "/secret", Ends::Fails),
    ]
}
