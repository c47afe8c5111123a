//! Builds a plugin: from a folder with Rust source and a `plugin.toml` to one `.wasm` file that an
//! operator installs.
//!
//! The file is a WebAssembly component that imports the interfaces of `dinh:platform` and nothing else (no
//! WASI: no files, no network, no clock but the call's), with the manifest in its custom section
//! [`MANIFEST_SECTION`]. A vendor needs nothing but Rust; `dinh plugin build DIR` calls this crate.
//!
//! ```text
//! toolchain   which compiler builds guests on this machine
//! compile     cargo, for wasm32-unknown-unknown, in its own part of the target folder
//! forms       the files of its printed forms
//! component   core module → component; imports checked; files and manifest embedded
//! ```
//!
//! What it promises: the machine's own `cargo` and `rustc` keep their meaning, output appears whole or not
//! at all, and whatever is missing is said in one sentence with its remedy.
//!
//! ```no_run
//! let file = dinh_plugin_build::build("plugins/pci-index".as_ref(), "out/".as_ref(), &mut |line| {
//!     eprintln!("{line}")
//! })?;
//! # Ok::<(), dinh_plugin_build::BuildError>(())
//! ```

mod compile;
mod component;
mod error;
mod forms;
mod manifest;
mod process;
mod toolchain;

use std::path::{Path, PathBuf};

pub use component::{FILE_SECTION, MANIFEST_SECTION, componentise, embed_files, embed_manifest, manifest_of};
pub use error::BuildError;
pub use forms::forms;
pub use toolchain::Toolchain;

/// Builds the plugin in `plugin_dir` and returns the finished file.
///
/// `out` is the file to write; or a folder (one that exists, or a path that ends with `/`), in which the
/// file is named after the plugin's id. `progress` is told what happens, line by line.
///
/// Guests are compiled in `<target>/guest`, where `<target>` is `CARGO_TARGET_DIR` or else `dinh/target` in
/// the user's cache folder.
pub fn build(plugin_dir: &Path, out: &Path, progress: &mut dyn FnMut(&str)) -> Result<PathBuf, BuildError> {
    let manifest = manifest::read(plugin_dir)?;
    let toolchain = Toolchain::find(plugin_dir, progress)?;
    progress(&format!("Compiling {} {} with {toolchain}", manifest.id, manifest.version));
    let module = compile::compile(plugin_dir, &toolchain, progress)?;
    let module = std::fs::read(&module).map_err(|source| BuildError::io("read", &module, source))?;
    let component = embed_files(&componentise(&module)?, &forms(plugin_dir)?);
    let component = embed_manifest(&component, &manifest.text);
    let file = destination(out, &manifest.id);
    write_atomically(&file, &component)?;
    progress(&format!("Built {} ({} KiB)", file.display(), component.len().div_ceil(1024)));
    Ok(file)
}

/// The folder builds happen in: `CARGO_TARGET_DIR`, else `dinh/target` in the user's cache folder.
pub fn target_folder() -> Result<PathBuf, BuildError> {
    let variable = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let folder = variable("CARGO_TARGET_DIR")
        .or_else(|| variable("XDG_CACHE_HOME").map(|cache| cache.join("dinh/target")))
        .or_else(|| variable("HOME").map(|home| home.join(".cache/dinh/target")))
        .ok_or(BuildError::NoTargetFolder)?;
    std::path::absolute(&folder).map_err(|source| BuildError::io("resolve", &folder, source))
}

fn destination(out: &Path, id: &str) -> PathBuf {
    let folder = out.is_dir() || out.as_os_str().to_string_lossy().ends_with(['/', '\\']);
    if folder { out.join(format!("{id}.wasm")) } else { out.to_path_buf() }
}

/// Beside the destination first, then renamed over it: readers see the old file or the new one.
fn write_atomically(file: &Path, bytes: &[u8]) -> Result<(), BuildError> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).map_err(|source| BuildError::io("create", folder, source))?;
    let mut name = file.file_name().unwrap_or_default().to_os_string();
    name.push(format!(".{}.part", std::process::id()));
    let part = folder.join(name);
    let written = std::fs::write(&part, bytes)
        .map_err(|source| BuildError::io("write", &part, source))
        .and_then(|()| std::fs::rename(&part, file).map_err(|source| BuildError::io("write", file, source)));
    if written.is_err() {
        let _ = std::fs::remove_file(&part);
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_as_destination_names_the_file_after_the_plugin() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(destination(folder.path(), "pci-index"), folder.path().join("pci-index.wasm"));
        assert_eq!(destination("new/".as_ref(), "pci-index"), Path::new("new/pci-index.wasm"));
        assert_eq!(destination("a/b.wasm".as_ref(), "pci-index"), Path::new("a/b.wasm"));
    }

    #[test]
    fn output_replaces_the_old_file_and_leaves_nothing_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("deeper/plugin.wasm");
        write_atomically(&file, b"old").unwrap();
        write_atomically(&file, b"new").unwrap();
        assert_eq!(std::fs::read(&file).unwrap(), b"new");
        assert_eq!(std::fs::read_dir(file.parent().unwrap()).unwrap().count(), 1);
    }

    #[test]
    fn a_destination_that_cannot_be_written_is_named() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("taken"), b"").unwrap();
        let error = write_atomically(&folder.path().join("taken/plugin.wasm"), b"x").unwrap_err();
        assert!(error.to_string().contains("taken"), "{error}");
    }
}
