//! Every seed and every finding goes through its target in the ordinary tests, and so do some mutations of each, the
//! same every time: a target that no longer fits what it tries, and a finding that comes back, are seen at once.
//!
//! `DINH_FUZZ_MUTATIONS` sets how many mutations of each (40 when it is not set).

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what tests share may fail as loudly as they do"
)]

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

use dinh_fuzz::{TARGETS, Target, named};

/// A small generator (SplitMix64), so that a run can be repeated.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % bound.max(1) as u64) as usize
    }

    fn byte(&mut self) -> u8 {
        const TELLING: &[u8] = b"\0\x01\x7f\x80\xff \"'<>&;=:,.%/\\-{[\n\r09aA";
        if self.below(2) == 0 { TELLING[self.below(TELLING.len())] } else { self.below(256) as u8 }
    }

    /// Some bytes changed, put in, taken out or taken from another input.
    fn mutate(&mut self, input: &[u8], other: &[u8]) -> Vec<u8> {
        let mut bytes = input.to_vec();
        for _ in 0..=self.below(4) {
            let at = self.below(bytes.len() + 1);
            match self.below(5) {
                0 => bytes.truncate(at),
                1 => bytes.insert(at, self.byte()),
                2 if at < bytes.len() => bytes[at] = self.byte(),
                3 if at < bytes.len() => bytes[at] ^= 1 << self.below(8),
                _ => {
                    let from = self.below(other.len());
                    let length = self.below(24).min(other.len() - from);
                    bytes.splice(at..at, other[from..from + length].iter().copied());
                }
            }
        }
        bytes
    }
}

fn folder(kind: &str, target: &str) -> PathBuf {
    PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap()).join(kind).join(target)
}

fn inputs(kind: &str, target: &str) -> Vec<(String, Vec<u8>)> {
    let mut inputs = Vec::new();
    for entry in fs::read_dir(folder(kind, target)).into_iter().flatten() {
        let path = entry.unwrap().path();
        inputs.push((path.display().to_string(), fs::read(&path).unwrap()));
    }
    inputs.sort();
    inputs
}

fn run(target: &Target, what: &str, input: &[u8]) {
    let done = catch_unwind(AssertUnwindSafe(|| (target.run)(input)));
    assert!(done.is_ok(), "{}: {what}: {}", target.name, input.escape_ascii());
}

fn replay(name: &str) {
    let target = named(name).unwrap();
    let (seeds, findings) = (inputs("seeds", name), inputs("findings", name));
    assert!(!seeds.is_empty(), "{name} has seeds");
    for (file, input) in seeds.iter().chain(&findings) {
        assert!(input.len() <= target.most_bytes, "{file} is small");
        run(target, file, input);
    }
    let mutations = std::env::var("DINH_FUZZ_MUTATIONS").map_or(40, |it| it.parse().unwrap());
    let mut random = Random(7);
    for (file, input) in seeds.iter().chain(&findings) {
        for number in 0..mutations {
            let (_, other) = &seeds[random.below(seeds.len())];
            run(target, &format!("{file}, mutation {number}"), &random.mutate(input, other));
        }
    }
    run(target, "nothing", b"");
}

macro_rules! replayed {
    ($($test:ident $target:literal,)*) => {
        $(#[test]
        fn $test() {
            replay($target);
        })*

        #[test]
        fn every_target_is_replayed() {
            let replayed = [$($target),*];
            assert_eq!(TARGETS.map(|target| target.name), replayed);
        }
    };
}

replayed! {
    any_text_is_a_manifest_or_refused "manifest",
    any_bytes_are_a_package_or_refused "package",
    whatever_a_guest_says_of_its_records_is_done_or_refused "records",
    whatever_lies_in_a_row_is_read_or_named "rows",
    any_page_is_refused_or_drawn_without_harm "views",
    any_body_is_a_submission_or_refused "forms",
    any_file_is_a_sheet_or_refused "sheets",
    any_query_asks_for_rows_or_is_refused "queries",
    any_file_of_codes_is_taken_or_refused "catalogs",
    any_text_is_a_note_or_refused "notes",
}
