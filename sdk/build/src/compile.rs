//! Cargo, for guests: its own target, profile and folder, and none of the host's settings.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;

use crate::{BuildError, Toolchain, process, target_folder, toolchain::TARGET};

/// How guests are compiled, whatever profiles the package itself has: fast code, one unit, no unwinding (a
/// panic ends the call), no names or debug information.
const PROFILE: [&str; 7] = [
    "profile.guest.inherits=\"release\"",
    "profile.guest.opt-level=3",
    "profile.guest.lto=true",
    "profile.guest.codegen-units=1",
    "profile.guest.panic=\"abort\"",
    "profile.guest.strip=true",
    "profile.guest.overflow-checks=true",
];

/// Bytes of the guest's stack. The default of 1 MiB lies at the bottom of memory and has to be cleared or
/// mapped for every fresh instance; 64 KiB makes that 3–5 µs. It grows down to address 0, so an overflow
/// traps and overwrites nothing.
const STACK: u32 = 64 * 1024;

/// Bytes of heap that a guest is born with. Most pages do with it, and their memory never grows: each time it does, and
/// once more when it is taken back, the system changes what is accessible and interrupts the other processors, under a lock
/// that all calls share. A fresh call costs a third less so, and two workers do 1.8 times the pages of one instead of
/// 1.4 times. Untouched, it costs nothing but the look at its page table, 1 µs.
const HEAP: u32 = 1 << 20;

/// Variables of the surrounding cargo, rustc and rustup that would change what is compiled, and how.
const HOST_SETTINGS: [&str; 13] = [
    "RUSTFLAGS",
    "CARGO_ENCODED_RUSTFLAGS",
    "CARGO_BUILD_RUSTFLAGS",
    "CARGO_BUILD_TARGET",
    "CARGO_BUILD_TARGET_DIR",
    "CARGO_TARGET_DIR",
    "CARGO_BUILD_RUSTC",
    "CARGO_BUILD_RUSTC_WRAPPER",
    "RUSTC_WORKSPACE_WRAPPER",
    "RUSTC",
    "RUSTDOC",
    "LD_LIBRARY_PATH",
    "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER",
];

/// Compiles the package of `plugin_dir` and returns its core module.
pub(crate) fn compile(
    plugin_dir: &Path,
    toolchain: &Toolchain,
    progress: &mut dyn FnMut(&str),
) -> Result<PathBuf, BuildError> {
    let cargo_toml = plugin_dir.join("Cargo.toml");
    let cargo_toml =
        cargo_toml.canonicalize().map_err(|source| BuildError::io("read", &cargo_toml, source))?;
    let mut command = Command::new(toolchain.cargo());
    without_host_settings(&mut command);
    command.current_dir(plugin_dir).args(["build", "--lib", "--profile", "guest", "--target", TARGET]);
    command.arg("--manifest-path").arg(&cargo_toml);
    command.arg("--target-dir").arg(target_folder()?.join("guest"));
    command.arg("--message-format=json-render-diagnostics");
    for setting in PROFILE {
        command.args(["--config", setting]);
    }
    let mut flags = Vec::new();
    for argument in [format!("-zstack-size={STACK}"), format!("--initial-heap={HEAP}")] {
        flags.extend(["-C".to_owned(), format!("link-arg={argument}")]);
    }
    toolchain.configure(&mut command, &mut flags);
    command.env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"));
    let ended = process::run(&mut command, progress)
        .map_err(|source| BuildError::io("run", toolchain.cargo(), source))?;
    if !ended.success {
        return Err(BuildError::Compile(ended.errors));
    }
    module(&ended.output, &cargo_toml).ok_or(BuildError::NoLibrary(cargo_toml))
}

/// Removes what the surrounding build would pass on.
pub(crate) fn without_host_settings(command: &mut Command) {
    for name in HOST_SETTINGS {
        command.env_remove(name);
    }
    // Empty means none, even where a configuration file names one.
    command.env("RUSTC_WRAPPER", "");
}

#[derive(Deserialize)]
struct Message {
    reason: String,
    #[serde(default)]
    manifest_path: PathBuf,
    #[serde(default)]
    filenames: Vec<PathBuf>,
}

/// The module in cargo's messages: what the package itself, not a dependency, was linked into.
fn module(messages: &str, cargo_toml: &Path) -> Option<PathBuf> {
    messages
        .lines()
        .filter_map(|line| serde_json::from_str::<Message>(line).ok())
        .filter(|message| message.reason == "compiler-artifact" && message.manifest_path == cargo_toml)
        .flat_map(|message| message.filenames)
        .find(|file| file.extension().is_some_and(|extension| extension == "wasm"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_module_is_the_packages_own() {
        let messages = r#"
            {"reason":"compiler-artifact","manifest_path":"/d/Cargo.toml","filenames":["/t/d.wasm"]}
            not json
            {"reason":"compiler-artifact","manifest_path":"/p/Cargo.toml","filenames":["/t/p.rlib","/t/p.wasm"]}
            {"reason":"build-finished","success":true}"#;
        assert_eq!(module(messages, Path::new("/p/Cargo.toml")), Some("/t/p.wasm".into()));
        assert_eq!(module(messages, Path::new("/q/Cargo.toml")), None);
    }
}
