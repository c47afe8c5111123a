//! `cargo xtask fuzz`: each target for some minutes, guided by which of our code its inputs reach.
//!
//! What `cargo fuzz` does on a nightly toolchain, on the stable one: LLVM's counters of edges and comparisons are put
//! into our own crates alone, by this program, which cargo runs in front of the compiler for members of the workspace.
//! What others wrote stays as it is compiled for everything else, and is not compiled again.

use std::ffi::OsString;
use std::fs;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use crate::guests::{cargo, unusable};
use crate::place::Place;
use crate::step::{Failure, run, step};

/// Set for the cargo that builds the fuzzer: the library of the engine.
const ENGINE: &str = "DINH_FUZZ_ENGINE";
/// The crates that are counted: all that a target reaches.
const CRATES: [&str; 9] = [
    "dinh_model",
    "dinh_access",
    "dinh_merkle",
    "dinh_store",
    "dinh_services",
    "dinh_print",
    "dinh_runtime",
    "dinh_web",
    "dinh_fuzz",
];
/// The fuzzer itself.
const FUZZER: &str = "fuzz";
/// The test that is built beside it, for the same reason as the host is built so (`guests::host`).
const BESIDE: &str = "e2e";
/// What counts them.
const COUNTERS: [&str; 5] = [
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
];
/// Most time of one input, in seconds, and most memory of the process, in MiB.
const BOUNDS: [&str; 3] = ["-timeout=10", "-rss_limit_mb=4096", "-print_final_stats=1"];

/// What to run.
pub struct Options {
    target: Option<String>,
    minutes: u32,
}

impl Options {
    /// From the words of the command.
    pub fn parse(words: &[&str]) -> Result<Self, Failure> {
        let mut options = Self { target: None, minutes: 10 };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            match *word {
                "--minutes" => {
                    let minutes = words.next().and_then(|minutes| minutes.parse().ok());
                    options.minutes =
                        minutes.ok_or_else(|| Failure::usage("--minutes takes a number".to_owned()))?;
                }
                word if word.starts_with('-') || options.target.is_some() => {
                    return Err(Failure::usage(format!("`{word}` is not an option of fuzz")));
                }
                word => options.target = Some(word.to_owned()),
            }
        }
        Ok(options)
    }
}

/// Whether cargo runs us in front of the compiler.
pub fn is_compiling() -> bool {
    std::env::var_os(ENGINE).is_some_and(|it| !it.is_empty())
}

/// Runs the compiler that `words` name, with counters when the crate is one of ours.
pub fn compile(words: &[String]) -> ExitCode {
    let Some((rustc, arguments)) = words.split_first() else { return ExitCode::FAILURE };
    let name = arguments.iter().position(|word| word == "--crate-name").and_then(|at| arguments.get(at + 1));
    let name = name.map_or("", String::as_str);
    let mut command = Command::new(rustc);
    command.args(arguments);
    if name == FUZZER || CRATES.contains(&name) {
        command.args(COUNTERS);
    }
    // The counters are the engine's, in whatever program counted crates come to lie.
    if let Some(engine) = std::env::var_os(ENGINE).filter(|_| [FUZZER, BESIDE].contains(&name)) {
        let mut argument = OsString::from("-Clink-arg=");
        argument.push(engine);
        command.arg(argument).arg("-Clink-arg=-lstdc++");
    }
    let failed = command.exec();
    println!("{rustc}: {failed}");
    ExitCode::FAILURE
}

/// Builds the fuzzer and runs it.
pub fn run_targets(place: &Place, options: &Options) -> Result<(), Failure> {
    let engine = step("Build the fuzzer's engine", || engine(place))?;
    step("Build the fuzzer", || {
        let ourselves =
            std::env::current_exe().map_err(|error| Failure::new(format!("no program: {error}")))?;
        let mut build = cargo(place);
        build.env("RUSTC_WORKSPACE_WRAPPER", ourselves).env(ENGINE, &engine);
        build.args(["build", "--workspace", "--bin", FUZZER, "--test", BESIDE]);
        build.args(["--features", "dinh-fuzz/coverage"]);
        run(&mut build)
    })?;
    let folder = place.checkout.join("fuzz");
    let mut targets = names(&folder.join("seeds"))?;
    if let Some(wanted) = &options.target {
        targets.retain(|name| name == wanted);
        if targets.is_empty() {
            return Err(Failure::usage(format!("`{wanted}` is not a target; see fuzz/src/targets/mod.rs")));
        }
    }
    for target in targets {
        step(&format!("Fuzz {target} for {} minutes", options.minutes), || {
            run_target(place, &folder, &target, options.minutes)
        })?;
    }
    Ok(())
}

/// Builds libFuzzer, in a workspace of its own (decision 31); where its library is.
fn engine(place: &Place) -> Result<PathBuf, Failure> {
    let target = place.target.join("fuzz-engine");
    let manifest = place.checkout.join("fuzz/engine/Cargo.toml");
    let mut build = cargo(place);
    build.env("CARGO_TARGET_DIR", &target).args(["build", "--locked", "--manifest-path"]).arg(manifest);
    run(&mut build)?;
    let built = target.join("debug/build");
    let folders = fs::read_dir(&built).map_err(|error| unusable(&built, &error))?.flatten();
    let libraries = folders.map(|folder| folder.path().join("out/libfuzzer.a"));
    let newest =
        libraries.filter(|it| it.is_file()).max_by_key(|it| it.metadata().and_then(|it| it.modified()).ok());
    newest.ok_or_else(|| Failure::new(format!("no libfuzzer.a below {}", built.display())))
}

/// The corpus grows outside the checkout; what broke a promise comes into `findings`, to be committed with what mends it.
fn run_target(place: &Place, folder: &Path, target: &str, minutes: u32) -> Result<(), Failure> {
    let corpus = place.target.join("fuzz").join(target);
    let findings = folder.join("findings").join(target);
    for made in [&corpus, &findings] {
        fs::create_dir_all(made).map_err(|error| unusable(made, &error))?;
    }
    let mut fuzzer = Command::new(place.target.join("debug/fuzz"));
    fuzzer.env("DINH_FUZZ", target).args(BOUNDS).arg(format!("-max_total_time={}", u64::from(minutes) * 60));
    fuzzer.arg(format!("-artifact_prefix={}/", findings.display()));
    fuzzer.arg(corpus).arg(folder.join("seeds").join(target)).arg(findings);
    run(&mut fuzzer)
}

fn names(seeds: &Path) -> Result<Vec<String>, Failure> {
    let entries = fs::read_dir(seeds).map_err(|error| unusable(seeds, &error))?;
    let folders: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    let mut names: Vec<String> = folders
        .iter()
        .filter_map(|folder| Some(folder.file_name()?.to_string_lossy().into_owned()))
        .collect();
    names.sort();
    Ok(names)
}
