//! Why a plugin was not built.

use std::path::{Path, PathBuf};

/// Why a plugin was not built: what is wrong, where, and what to do about it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// The folder has no readable manifest.
    #[error("{place}: {what}")]
    Manifest {
        /// The manifest, and where in it: `FILE` or `FILE:LINE:COLUMN`.
        place: String,
        /// What is wrong and what to do about it.
        what: String,
    },
    /// There is no folder to build in.
    #[error("no folder to build in: set CARGO_TARGET_DIR, XDG_CACHE_HOME or HOME")]
    NoTargetFolder,
    /// No compiler on this machine builds guests, and none could be installed.
    #[error("no compiler for wasm32-unknown-unknown on this machine:\n{}\n{remedy}", .tried.join("\n"))]
    NoToolchain {
        /// What was tried and how it ended, a line each.
        tried: Vec<String>,
        /// The command to run.
        remedy: String,
    },
    /// The source does not compile; the compiler's own words.
    #[error("the plugin does not compile:\n{0}")]
    Compile(String),
    /// The package compiled, but gave no WebAssembly module.
    #[error("{} gives no WebAssembly library: add `[lib] crate-type = [\"cdylib\", \"rlib\"]` to its Cargo.toml", .0.display())]
    NoLibrary(PathBuf),
    /// The module imports something that the platform does not offer.
    #[error("the plugin imports {what}, which the platform does not offer: {remedy}")]
    ForeignImport {
        /// Module and name of the import.
        what: String,
        /// What to do about it.
        remedy: &'static str,
    },
    /// The module exports no pages.
    #[error("the plugin exports no pages: add `dinh_sdk::plugin!(routes);` to its lib.rs")]
    NoPages,
    /// The module is not one that `dinh-sdk` makes.
    #[error("the module cannot become a component: {0}")]
    Component(String),
    /// A file could not be read or written.
    #[error("cannot {deed} {}: {source}", .path.display())]
    Io {
        /// read, write, run …
        deed: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
}

impl BuildError {
    pub(crate) fn io(deed: &'static str, path: &Path, source: std::io::Error) -> Self {
        Self::Io { deed, path: path.to_path_buf(), source }
    }
}
