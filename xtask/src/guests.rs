//! Plugins become components, by the same command that vendors use: `dinh plugin build`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::fingerprint;
use crate::place::Place;
use crate::step::{Failure, run, step};

/// Builds the command that operators run; every other step needs it.
///
/// Cargo chooses the features of shared dependencies by what is built together. Built alone, the host would
/// have wasmtime with fewer of them than `cargo test --workspace`, and it would be compiled twice. With a
/// test of the workspace beside it, all commands of ours see the same features.
pub fn host(place: &Place) -> Result<(), Failure> {
    step("Build the host (the first time this takes several minutes)", || {
        run(cargo(place).args(["build", "--workspace", "--bin", "dinh", "--test", "e2e"]))
    })
}

/// Cargo with our target folder.
pub fn cargo(place: &Place) -> Command {
    let mut command = Command::new(&place.cargo);
    command.current_dir(&place.checkout).env("CARGO_TARGET_DIR", &place.target);
    command
}

/// Builds the plugins in `folder` of the checkout whose inputs have changed.
pub fn build_all(place: &Place, folder: &str) -> Result<(), Failure> {
    for source in packages(&place.checkout.join(folder))? {
        build(place, &source)?;
    }
    Ok(())
}

/// Folders of `folder` that hold a plugin, by name.
fn packages(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let entries = fs::read_dir(folder).map_err(|e| unusable(folder, &e))?;
    let mut found: Vec<PathBuf> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.join("plugin.toml").is_file())
        .collect();
    found.sort();
    Ok(found)
}

/// Builds one plugin, and lays what its demo imports beside it.
pub fn build(place: &Place, source: &Path) -> Result<(), Failure> {
    let name = source.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let component = place.plugins.join(format!("{name}.wasm"));
    let stamp = place.plugins.join(format!("{name}.inputs"));
    let inputs = fingerprint::of(&inputs(place, source))?;
    if component.is_file() && fs::read_to_string(&stamp).is_ok_and(|last| last == inputs) {
        return Ok(());
    }
    step(&format!("Build the plugin {name}"), || {
        fs::create_dir_all(&place.plugins).map_err(|e| unusable(&place.plugins, &e))?;
        run(Command::new(place.dinh())
            .current_dir(&place.checkout)
            .env("CARGO_TARGET_DIR", &place.target)
            .args(["plugin", "build"])
            .arg(source)
            .arg("--out")
            .arg(&component))?;
        copy_tables(&source.join("data"), &place.plugins.join(&name))?;
        fs::write(&stamp, inputs).map_err(|e| unusable(&stamp, &e))
    })
}

/// All that a component is made from: its own folder, the SDK, the contract, the versions, the builder.
fn inputs(place: &Place, source: &Path) -> Vec<PathBuf> {
    let mut inputs = vec![source.to_owned()];
    inputs.extend(["Cargo.toml", "Cargo.lock", "wit", "sdk"].map(|part| place.checkout.join(part)));
    inputs
}

/// Copies the files of `from` to `to`: tables that `dinh init --demo` imports through the plugin's pages.
fn copy_tables(from: &Path, to: &Path) -> Result<(), Failure> {
    if !from.is_dir() {
        return Ok(());
    }
    fs::create_dir_all(to).map_err(|e| unusable(to, &e))?;
    for entry in fs::read_dir(from).map_err(|e| unusable(from, &e))?.flatten() {
        let copy = to.join(entry.file_name());
        fs::copy(entry.path(), &copy).map_err(|e| unusable(&copy, &e))?;
    }
    Ok(())
}

/// A folder or file that cannot be read or written.
pub fn unusable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(format!("cannot use {}: {error}", path.display()))
}
