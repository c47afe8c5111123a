//! The commands of the README, and all the set-up they need: `cargo xtask demo`, `test` and `bench`.
//!
//! Only the standard library, so that a fresh clone reaches the first line of progress in seconds. What
//! these commands promise: everything built lands in one target folder outside the checkout, a second
//! start repeats nothing whose inputs are unchanged, and a failure names its step and the remedy.
//!
//! ```text
//! place    where the checkout, the target folder and the demo's data are
//! step     one named step: says what it does, how long it took, and which one failed
//! guests   plugins → components, skipped while their inputs are unchanged
//! browser  the Chromium that the smoke test drives
//! fuzz     what comes from strangers, tried with anything
//! peers    the other permission engines, a workspace of their own
//! demo, test, bench    the commands
//! ```
#![allow(clippy::print_stdout, reason = "this program talks to the person who started it")]

mod bench;
mod browser;
mod demo;
mod fingerprint;
mod fuzz;
mod guests;
mod peers;
mod place;
mod step;
mod test;

use std::process::ExitCode;

use place::Place;
use step::Failure;

const USAGE: &str = "\
cargo xtask demo [--fresh] [--listen ADDRESS]
    Build, fill a data folder with the demo when there is none, and serve it.
    --fresh            throw the demo's data away and begin again
    --listen ADDRESS   where to serve; 127.0.0.1:8080 unless told

cargo xtask test
    Check formatting and lints, build the guests, run every test, ask Cedar for a second opinion.

cargo xtask bench [FILTER] [--strict] [--criterion]
    Measure every hot path beside its limit or its peers; print one table of ratios.
    --strict           fail when a goal is missed
    --criterion        each side by itself, with criterion's statistics

cargo xtask fuzz [TARGET] [--minutes N]
    Try what comes from strangers with anything, each target for N minutes (10 unless told). Takes a C++ compiler.";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if fuzz::is_compiling() {
        return fuzz::compile(&arguments);
    }
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["demo", options @ ..] => {
            demo::Options::parse(options).and_then(|it| demo::run(&Place::find()?, &it))
        }
        ["test"] => Place::find().and_then(|place| test::run(&place)),
        ["fuzz", options @ ..] => {
            fuzz::Options::parse(options).and_then(|it| fuzz::run_targets(&Place::find()?, &it))
        }
        ["bench", words @ ..] => Place::find().and_then(|place| bench::run(&place, words)),
        [] | ["help" | "--help" | "-h"] => {
            println!("{USAGE}");
            Ok(())
        }
        _ => Err(Failure::usage(format!("`{}` is not a command\n\n{USAGE}", words.join(" ")))),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            println!("\n✗ {failure}");
            failure.exit_code()
        }
    }
}
