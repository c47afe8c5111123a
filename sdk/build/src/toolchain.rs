//! Which compiler builds guests on this machine.
//!
//! What is installed is used before anything is downloaded, so that building works on machines that reach
//! no server, and on the others costs the network once:
//!
//! 1. the current rustc has the libraries of `wasm32-unknown-unknown`: use it;
//! 2. Debian's `rustc-web` with the library's source is installed: use it, and build the library;
//! 3. `rustup target add`, within a short time, then as 1;
//! 4. `apt-get install` when run as root, then as 2;
//! 5. else say what was tried and which command to run.
//!
//! Debian's compiler is used for guests only, by its path; what `cargo` and `rustc` mean for the rest of
//! the machine, and for the host's own build, does not change.

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::compile::without_host_settings;
use crate::{BuildError, process};

/// What guests are compiled for.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

/// Debian's packages: compiler, cargo, source of the library, linker.
const PACKAGES: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "lld-22"];

/// The oldest compiler that the SDK supports.
const OLDEST: (u32, u32) = (1, 95);

/// How long `rustup target add` may take: it downloads some 20 MB, or waits for a server that is not there.
const RUSTUP_LIMIT: Duration = Duration::from_secs(20);

/// Chooses a toolchain by name, for tests and for puzzled vendors: `rustup` or `debian`.
const CHOICE: &str = "DINH_GUEST_TOOLCHAIN";

/// A compiler that builds guests.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Toolchain {
    /// The current `cargo` and `rustc`, which have the target's libraries.
    Current {
        /// As the compiler names itself: `1.95.0`.
        version: String,
    },
    /// A compiler with the library's source, which is built for the target first.
    FromSource {
        /// As the compiler names itself.
        version: String,
        /// Its cargo.
        cargo: PathBuf,
        /// The compiler.
        rustc: PathBuf,
        /// The linker: LLVM's `wasm-ld`.
        linker: PathBuf,
    },
}

impl Toolchain {
    /// Finds a toolchain for a plugin in `plugin_dir`, or installs one.
    pub fn find(plugin_dir: &Path, progress: &mut dyn FnMut(&str)) -> Result<Self, BuildError> {
        let choice = std::env::var(CHOICE).unwrap_or_default();
        let rustup = choice != "debian";
        let debian = choice != "rustup";
        let mut tried = Vec::new();
        if rustup && let Some(found) = current(plugin_dir, &mut tried) {
            return Ok(found);
        }
        if debian && let Some(found) = debian_packages(&mut tried) {
            return Ok(found);
        }
        if rustup {
            progress(&format!("Adding the target {TARGET} with rustup"));
            tried.push(rustup_target_add(plugin_dir));
            if let Some(found) = current(plugin_dir, &mut Vec::new()) {
                return Ok(found);
            }
        }
        if debian {
            tried.push(apt_install(progress));
            if let Some(found) = debian_packages(&mut Vec::new()) {
                return Ok(found);
            }
        }
        Err(BuildError::NoToolchain { tried, remedy: remedy(is_root()) })
    }

    pub(crate) fn cargo(&self) -> &Path {
        match self {
            Self::Current { .. } => Path::new("cargo"),
            Self::FromSource { cargo, .. } => cargo,
        }
    }

    /// Makes `command`, a cargo, use this toolchain; `flags` are the compiler's.
    pub(crate) fn configure(&self, command: &mut Command, flags: &mut Vec<String>) {
        let Self::FromSource { rustc, linker, .. } = self else { return };
        command
            .env("RUSTC", rustc)
            .env_remove("RUSTUP_TOOLCHAIN")
            // `-Z build-std` is unstable; this compiler is used for nothing else.
            .env("RUSTC_BOOTSTRAP", "1")
            .args(["-Z", "build-std=std,panic_abort"]);
        // The name `wasm-ld-22` alone does not tell the compiler which flavour of linker it is.
        for flag in ["-Z", "unstable-options", "-C", "linker-flavor=wasm-lld", "-C"] {
            flags.push(flag.into());
        }
        flags.push(format!("linker={}", linker.display()));
    }
}

impl fmt::Display for Toolchain {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Current { version } => write!(formatter, "rustc {version}"),
            Self::FromSource { version, rustc, .. } => {
                write!(formatter, "rustc {version} ({}) and its library's source", rustc.display())
            }
        }
    }
}

/// The current rustc, when it has the target's libraries.
fn current(plugin_dir: &Path, tried: &mut Vec<String>) -> Option<Toolchain> {
    let rustc = || {
        let mut command = Command::new("rustc");
        without_host_settings(&mut command);
        command.current_dir(plugin_dir);
        command
    };
    let Some(version) = process::ask(rustc().arg("--version")) else {
        tried.push("- rustc is not installed, or not in PATH".into());
        return None;
    };
    let version = version.split(' ').nth(1).unwrap_or(&version).to_owned();
    if older(&version) {
        tried.push(format!("- rustc {version} is older than {}.{}", OLDEST.0, OLDEST.1));
        return None;
    }
    let libraries = process::ask(rustc().args(["--print", "target-libdir", "--target", TARGET]));
    if libraries.is_some_and(|folder| has_library(Path::new(&folder))) {
        return Some(Toolchain::Current { version });
    }
    tried.push(format!("- rustc {version} has no libraries for {TARGET}"));
    None
}

fn has_library(folder: &Path) -> bool {
    let Ok(entries) = folder.read_dir() else { return false };
    entries.flatten().any(|entry| {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        name.starts_with("libstd-") && name.ends_with(".rlib")
    })
}

/// Debian's compiler, when it is installed with all it takes.
fn debian_packages(tried: &mut Vec<String>) -> Option<Toolchain> {
    let (rustc, cargo) = (PathBuf::from("/usr/bin/rustc"), PathBuf::from("/usr/bin/cargo"));
    let ask = |argument: &[&str]| {
        let mut command = Command::new(&rustc);
        without_host_settings(&mut command);
        process::ask(command.args(argument))
    };
    let missing = |what: &str| format!("- Debian's packages: {what}");
    let Some(version) = ask(&["--version"]) else {
        tried.push(missing("no /usr/bin/rustc"));
        return None;
    };
    let version = version.split(' ').nth(1).unwrap_or(&version).to_owned();
    let source = ask(&["--print", "sysroot"])
        .map(|sysroot| Path::new(&sysroot).join("lib/rustlib/src/rust/library/Cargo.lock"));
    let problem = if older(&version) {
        Some(format!("/usr/bin/rustc is {version}, older than {}.{}", OLDEST.0, OLDEST.1))
    } else if !cargo.is_file() {
        Some("no /usr/bin/cargo".into())
    } else if !source.is_some_and(|lock| lock.is_file()) {
        Some("no source of the library (rust-web-src)".into())
    } else {
        None
    };
    if let Some(problem) = problem {
        tried.push(missing(&problem));
        return None;
    }
    let Some(linker) = linker(Path::new("/usr/bin")) else {
        tried.push(missing("no linker wasm-ld (lld-22)"));
        return None;
    };
    Some(Toolchain::FromSource { version, cargo, rustc, linker })
}

/// The newest `wasm-ld` in a folder: Debian adds LLVM's version to its name.
fn linker(folder: &Path) -> Option<PathBuf> {
    let mut found: Vec<(u32, PathBuf)> = folder
        .read_dir()
        .ok()?
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name();
            let version = name.to_str()?.strip_prefix("wasm-ld")?;
            let version = match version.strip_prefix('-') {
                Some(number) => number.parse().ok()?,
                None if version.is_empty() => 0,
                None => return None,
            };
            Some((version, entry.path()))
        })
        .collect();
    found.sort();
    found.pop().map(|(_, path)| path)
}

fn older(version: &str) -> bool {
    let mut parts = version.split('.').map_while(|part| part.parse::<u32>().ok());
    (parts.next().unwrap_or(0), parts.next().unwrap_or(0)) < OLDEST
}

/// How `rustup target add` ended, as a line for the report.
fn rustup_target_add(plugin_dir: &Path) -> String {
    let mut command = Command::new("rustup");
    without_host_settings(&mut command);
    command.current_dir(plugin_dir).args(["target", "add", TARGET]).env("RUSTUP_MAX_RETRIES", "1");
    let ended = match process::run_within(&mut command, RUSTUP_LIMIT) {
        Ok(Some(status)) if status.success() => "done".to_owned(),
        Ok(Some(_)) => "failed".to_owned(),
        Ok(None) => format!("no answer within {} s", RUSTUP_LIMIT.as_secs()),
        Err(error) => error.to_string(),
    };
    format!("- rustup target add {TARGET}: {ended}")
}

/// How installing Debian's packages ended, as a line for the report.
fn apt_install(progress: &mut dyn FnMut(&str)) -> String {
    let command = format!("apt-get install {}", PACKAGES.join(" "));
    if !Path::new("/usr/bin/apt-get").is_file() {
        return format!("- {command}: there is no apt-get here");
    }
    if !is_root() {
        return format!("- {command}: needs root");
    }
    progress(&format!("Installing {} with apt-get", PACKAGES.join(", ")));
    for arguments in [&["update"][..], &["install", "--yes", "--no-install-recommends"]] {
        let mut apt = Command::new("/usr/bin/apt-get");
        apt.args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
        if arguments.len() > 1 {
            apt.args(PACKAGES);
        }
        match process::run(&mut apt, progress) {
            Ok(ended) if ended.success => {}
            Ok(ended) => return format!("- {command}: {}", ended.errors.lines().last().unwrap_or("failed")),
            Err(error) => return format!("- {command}: {error}"),
        }
    }
    format!("- {command}: done")
}

/// Whether this process may install packages: /proc/self belongs to the user it runs as.
fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}

fn remedy(root: bool) -> String {
    let apt = format!("apt-get update && apt-get install {}", PACKAGES.join(" "));
    let apt = if root { apt } else { format!("sudo sh -c '{apt}'") };
    format!("Run `rustup target add {TARGET}`, or on Debian: {apt}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_as_numbers() {
        assert!(older("1.63.0") && older("1.9.0") && older("0.99.1") && older("nonsense"));
        assert!(!older("1.95.0") && !older("1.100.0-nightly") && !older("2.0.0"));
    }

    #[test]
    fn the_newest_linker_is_taken() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(linker(folder.path()), None);
        for name in ["wasm-ld-9", "wasm-ld-22", "wasm-ld", "wasm-ld-old", "lld-23"] {
            std::fs::write(folder.path().join(name), b"").unwrap();
        }
        assert_eq!(linker(folder.path()), Some(folder.path().join("wasm-ld-22")));
    }

    #[test]
    fn libraries_count_only_when_the_standard_library_is_among_them() {
        let folder = tempfile::tempdir().unwrap();
        assert!(!has_library(&folder.path().join("missing")));
        std::fs::write(folder.path().join("libcore-1.rlib"), b"").unwrap();
        assert!(!has_library(folder.path()));
        std::fs::write(folder.path().join("libstd-1.rlib"), b"").unwrap();
        assert!(has_library(folder.path()));
    }

    #[test]
    fn a_report_of_failure_lists_what_was_tried_and_the_command_to_run() {
        let error = BuildError::NoToolchain { tried: vec!["- rustup: failed".into()], remedy: remedy(false) };
        let text = error.to_string();
        assert!(text.contains("- rustup: failed"), "{text}");
        assert!(text.contains("sudo sh -c 'apt-get update && apt-get install rustc-web cargo-web"), "{text}");
    }

    #[test]
    fn the_current_compiler_is_told_nothing_and_debians_everything() {
        let (mut command, mut flags) = (Command::new("cargo"), Vec::new());
        Toolchain::Current { version: "1.95.0".into() }.configure(&mut command, &mut flags);
        assert_eq!((command.get_args().count(), flags.len()), (0, 0));
        let debian = Toolchain::FromSource {
            version: "1.96.0".into(),
            cargo: "/usr/bin/cargo".into(),
            rustc: "/usr/bin/rustc".into(),
            linker: "/usr/bin/wasm-ld-22".into(),
        };
        debian.configure(&mut command, &mut flags);
        assert!(command.get_args().any(|argument| argument == "build-std=std,panic_abort"));
        assert!(flags.contains(&"linker=/usr/bin/wasm-ld-22".to_owned()));
    }
}
